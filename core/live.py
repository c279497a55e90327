"""A recording from the microphone, in turns while it happens.

Two threads beside the sound card's own. The *recorder* takes the sound out of the microphone's
ring and writes it to the disk before anything else. The *listener* reads it back from that very
file and feeds the diarizer: so a live recording goes through the same chain as a file, what comes
out is the same, and a slow machine only falls behind: no sound is ever dropped, and nothing
piles up in memory.

Nobody is called back. Whoever shows a recording asks for :attr:`LiveRecording.status` and
:meth:`LiveRecording.events` a few times per second, from any thread.
"""

from __future__ import annotations

import threading
import time
from bisect import bisect_left
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from core.annotation import Annotation, Marker
from core.audio.devices import InputDevice, permission_hint
from core.audio.levels import Level, Meter
from core.audio.microphone import Frames, Microphone, Piece
from core.audio.peaks import Peaks
from core.audio.portaudio import Backend, portaudio
from core.audio.read import Intake
from core.audio.recorder import WARN_S, DiskFull, Recorder
from core.audio.switching import Adapter
from core.audio.wav import Layout
from core.errors import InputError, OutputError, VoicelanesError
from core.units import SAMPLE_RATE
from core.window_store import WindowStore

if TYPE_CHECKING:
    from core.diarizer import Changes, Diarizer, Window
    from core.refine import SpeakerCount
    from core.speech import Speech

State = Literal["starting", "recording", "paused", "interrupted", "finishing", "finished"]
"""``interrupted``: the device is gone and another may be chosen. ``finishing``: stopped, the file
is complete, the last labels are on their way."""

Kind = Literal["device", "no sound", "disk low", "disk full", "writing", "models", "steering"]

_QUIET = Level()
LOOK_S = 0.05
"""The recorder empties the ring so often."""
NO_SOUND_S = 3.0
"""Exact zeros for so long are no silence: muted, or not permitted."""
_READ_S = 4.0
"""The listener reads at most so much at a time: it stays responsive when far behind."""
_ARRIVALS = 12_000


@dataclass(frozen=True)
class Gap:
    """Silence in the file that nobody made: sound was lost there. Samples at 16 kHz."""

    start: int
    end: int
    why: Literal["overflow", "device"]


@dataclass(frozen=True)
class Pause:
    """Here the recording was paused; the time of the pause isn't in the file."""

    at: int
    seconds: float


@dataclass(frozen=True)
class Turns:
    """The diarizer heard more.

    Parameters
    ----------
    changes
        What it changed, as from a file.
    lags
        Seconds from the end of each new window to now.
    """

    changes: Changes
    lags: tuple[float, ...] = ()


@dataclass(frozen=True)
class Trouble:
    """Something the person should know.

    Parameters
    ----------
    kind
        ``device``: it can't be opened or gives nothing any more; the recording is kept and
        :meth:`LiveRecording.switch_device` goes on. ``no sound``: only zeros arrive.
        ``disk low``, ``disk full``, ``writing``: the last two end the recording, saved.
        ``models``: no turns, the recording goes on. ``steering``: a merge was not possible.
    text
        One line with what to do.
    """

    kind: Kind
    text: str


@dataclass(frozen=True)
class TroubleOver:
    """This trouble is gone."""

    kind: Kind


@dataclass(frozen=True)
class Finished:
    """The last event: everything is on the disk and labelled."""

    result: LiveResult


Event = Turns | Gap | Pause | Trouble | TroubleOver | Finished


@dataclass(frozen=True)
class LiveResult:
    """What a recording left.

    Parameters
    ----------
    path
        The file; None if there was never a sound to make one for.
    annotation
        The turns of the first pass, with the merges, names and markers that were said.
    windows, speech
        All that a second pass needs (:func:`core.refine.refine`); empty without models.
    gaps, pauses
        Where sound is missing, and where the recording was paused.
    diarized
        Whether the whole recording has turns: False without models.
    warnings
        A line each.
    """

    path: Path | None
    annotation: Annotation
    windows: tuple[Window, ...]
    speech: Speech | None
    gaps: tuple[Gap, ...]
    pauses: tuple[Pause, ...]
    diarized: bool
    warnings: tuple[str, ...]

    def second_pass(self, speakers: SpeakerCount | None = None) -> Annotation:
        """The turns after hearing everything; names and markers are carried over."""
        from core.edits import carried_over
        from core.refine import refine
        from core.speech import Speech

        refined = refine(
            self.windows,
            self.speech or Speech(),
            self.annotation.duration,
            speakers,
            len(self.annotation.speakers),
        )
        return carried_over(self.annotation, refined)


@dataclass(frozen=True)
class Status:
    """A moment of a recording. Times in samples at 16 kHz unless they end in ``_s``.

    Parameters
    ----------
    state
        See :data:`State`.
    device
        The input in use.
    rate, channels
        Of the file; 0 before the device is open.
    position
        Recorded so far.
    labelled
        The diarizer has heard so much.
    level
        The meter; it also moves while paused.
    free_s
        Seconds until the disk is full, None if that can't be told.
    lost
        Samples lost so far, in all gaps.
    overflows
        How often the sound card or the ring lost some.
    lag_s
        How old the oldest sound without a label is, or the last label was when it came.
    trouble
        What is wrong at this moment, newest last.
    """

    state: State
    device: InputDevice
    rate: int = 0
    channels: int = 0
    position: int = 0
    labelled: int = 0
    level: Level = _QUIET
    free_s: float | None = None
    lost: int = 0
    overflows: int = 0
    lag_s: float = 0.0
    trouble: tuple[Trouble, ...] = ()


class Preview:
    """The level of an input before anything is recorded. ``close()`` it before recording."""

    def __init__(self, device: InputDevice, backend: Callable[[], Backend] = portaudio) -> None:
        self.device = device
        self._microphone = Microphone(device, backend)
        self._meter: Meter | None = None

    @property
    def error(self) -> InputError | None:
        """Why the device gives nothing, if it doesn't."""
        if self._microphone.error is None and self._microphone.gone:
            return InputError(f"{self.device.name} gives no sound: choose another input")
        return self._microphone.error

    def level(self) -> Level:
        """The level now; ask some times per second."""
        for piece in self._microphone.read():
            self._meter = self._meter or Meter(self._microphone.rate)
            self._meter.push(piece.frames)
        return self._meter.level if self._meter else Level()

    def close(self) -> None:
        self._microphone.close()


def _new_diarizer() -> Diarizer:
    from core.pipeline import new_diarizer

    return new_diarizer()


class LiveRecording:
    """Records from the moment it is made until :meth:`stop`.

    Parameters
    ----------
    path
        The WAV file to make; its folder must exist, and the file must not.
    device
        The input, from :func:`core.audio.devices.list_inputs`.
    diarizer
        Makes the stream, with models; called in the listener's thread, so it may take its time.
        None records without turns.
    backend
        Makes something like ``pyaudio.PyAudio()``.
    free
        Bytes that the disk of a folder has room for.

    Raises
    ------
    OutputError
        If the file is there already or its folder can't be written.

    >>> live = LiveRecording(Path("talk.wav"), find_input(None))  # doctest: +SKIP
    >>> while live.running:  # doctest: +SKIP
    ...     for event in live.events(): show(event)
    ...     show(live.status); time.sleep(0.1)
    """

    def __init__(
        self,
        path: Path,
        device: InputDevice,
        *,
        diarizer: Callable[[], Diarizer] | None = _new_diarizer,
        backend: Callable[[], Backend] = portaudio,
        free: Callable[[Path], int] | None = None,
    ) -> None:
        from core.formats.atomic import writable_folder

        self.path = path
        self.peaks = Peaks()
        """The waveform, as far as it is recorded, whether or not it has labels yet."""
        writable_folder(path.parent)
        if path.exists():
            raise OutputError(f"{path} is there already; choose another name")
        self._backend = backend
        self._make = diarizer
        self._free = free
        self._status = Status("starting", device)
        self._events: deque[Event] = deque()
        self._troubles: dict[Kind, Trouble] = {}
        self._wishes: deque[Callable[[], None]] = deque()  # for the recorder's thread
        self._steering: deque[Callable[[Diarizer], None]] = deque()  # for the listener's
        self._lock = threading.Condition()

        # the recorder's
        self._recorder: Recorder | None = None
        self._microphone: Microphone | None = Microphone(device, backend)
        self._adapter: Adapter | None = None
        self._meter: Meter | None = None
        self._outline: Intake | None = None
        self._quiet_since: float | None = None  # the device is gone or being changed since then
        self._paused_since: float | None = None
        self._stopping = False
        self._overflows_before = 0  # of earlier microphones
        self._gaps: list[Gap] = []
        self._pauses: list[Pause] = []

        # the listener's
        self._written = 0  # frames that are on the disk
        self._arrivals: deque[tuple[int, float]] = deque(maxlen=_ARRIVALS)  # (frames, when)
        self._complete = False
        self._taken = 0
        self._last_lag = 0.0
        self._names: dict[int, str] = {}
        self._markers: list[Marker] = []
        self._merged: dict[int, int] = {}

        self._recording = threading.Thread(target=self._record, name="recorder", daemon=True)
        self._listening = threading.Thread(target=self._listen, name="listener", daemon=True)
        self._recording.start()
        self._listening.start()

    # what whoever shows it asks for

    @property
    def status(self) -> Status:
        """How things are now."""
        with self._lock:
            now = time.monotonic()
            lag = self._last_lag
            if self._taken < self._written and self._arrivals:
                lag = max(lag, now - self._arrival(self._taken + 1))
            return replace(self._status, lag_s=lag, trouble=tuple(self._troubles.values()))

    @property
    def running(self) -> bool:
        """Whether an event is still to come or to be taken."""
        return self._status.state != "finished" or bool(self._events)

    def events(self) -> list[Event]:
        """What has happened since the last call, in order. :class:`Finished` is the last."""
        found: list[Event] = []
        while self._events:
            found.append(self._events.popleft())
        return found

    def join(self, timeout_s: float | None = None) -> bool:
        """Wait for the end after :meth:`stop`; whether it has come."""
        end = None if timeout_s is None else time.monotonic() + timeout_s
        for thread in (self._recording, self._listening):
            thread.join(None if end is None else max(0.0, end - time.monotonic()))
        return not (self._recording.is_alive() or self._listening.is_alive())

    # what the person does

    def pause(self) -> None:
        """Leave out what comes until :meth:`resume`; the meter goes on."""
        self._wishes.append(self._pause)

    def resume(self) -> None:
        self._wishes.append(self._resume)

    def stop(self) -> None:
        """End the recording. The file is complete soon, the last labels come a little later."""
        self._wishes.append(self._stop)

    def switch_device(self, device: InputDevice) -> None:
        """Go on with another input, or the same one again, in the same file. What is missing in
        between is silence and a :class:`Gap`."""
        self._wishes.append(lambda: self._switch(device))

    def add_marker(self, text: str = "") -> Marker:
        """Mark this moment."""
        return self.mark(Marker(self._status.position, text))

    def mark(self, marker: Marker) -> Marker:
        """Keep this marker with the result, and for after a crash."""
        with self._lock:
            self._markers.append(marker)
        self._note(marker=[marker.at, marker.text])
        return marker

    def rename(self, speaker: int, name: str) -> None:
        """Give a speaker a name; from then on the decoder never gives this voice up."""
        self._names[speaker] = name
        self._note(name=[speaker, name])
        self._steer(lambda diarizer: self._emit(Turns(diarizer.pin(speaker))))

    def merge(self, keep: int, gone: int) -> None:
        """Two lanes are one person: from now on no turn is labelled ``gone``.

        Settled turns in earlier :class:`Turns` keep their label; ``result.annotation`` doesn't.
        """
        self._note(merge=[keep, gone])

        def merge(diarizer: Diarizer) -> None:
            self._emit(Turns(diarizer.merge(keep, gone)))
            self._merged[gone] = keep

        self._steer(merge)

    def unmerge(self, gone: int) -> None:
        """Take a :meth:`merge` back, for what comes."""

        def unmerge(diarizer: Diarizer) -> None:
            self._emit(Turns(diarizer.unmerge(gone)))
            self._merged.pop(gone, None)

        self._steer(unmerge)

    def _steer(self, how: Callable[[Diarizer], None]) -> None:
        with self._lock:
            self._steering.append(how)
            self._lock.notify_all()

    def _note(self, **what: Any) -> None:
        recorder = self._recorder
        if recorder is not None:
            recorder.note(**what)

    def _emit(self, event: Event) -> None:
        self._events.append(event)

    def _trouble(self, kind: Kind, text: str) -> None:
        with self._lock:
            if self._troubles.get(kind) != Trouble(kind, text):
                self._troubles.pop(kind, None)
                self._troubles[kind] = Trouble(kind, text)
                self._emit(self._troubles[kind])

    def _over(self, kind: Kind) -> None:
        with self._lock:
            if self._troubles.pop(kind, None):
                self._emit(TroubleOver(kind))

    def _set(self, **what: Any) -> None:
        with self._lock:
            self._status = replace(self._status, **what)

    # the recorder's thread: sound to the disk

    def _record(self) -> None:
        try:
            while not self._stopping:
                time.sleep(LOOK_S)
                while self._wishes:
                    self._wishes.popleft()()
                self._take()
                self._watch()
        except OutputError as error:
            self._trouble("disk full" if isinstance(error, DiskFull) else "writing", str(error))
        finally:
            self._end_recording()

    def _take(self) -> None:
        """Everything that the microphone has, to the disk."""
        microphone = self._microphone
        if microphone is None:
            return
        if microphone.error is not None:
            self._trouble("device", str(microphone.error))
            self._let_go()
            return
        for piece in microphone.read():
            self._take_piece(microphone, piece)

    def _take_piece(self, microphone: Microphone, piece: Piece) -> None:
        if self._recorder is None:
            self._begin(microphone)
        recorder, meter = self._recorder, self._meter
        assert recorder is not None
        if meter is None or self._adapter is None:
            self._meter = meter = Meter(microphone.rate)
            self._adapter = Adapter(microphone.rate, microphone.channels, recorder.layout)
        self._over("device")
        self._check_sound(meter.push(piece.frames))
        if self._paused_since is not None:
            return
        if self._quiet_since is not None:
            began = piece.at - len(piece.frames) / microphone.rate
            self._fill(round((began - self._quiet_since) * recorder.layout.rate), "device")
            self._quiet_since = None
            self._set(state="recording")
        if piece.lost:
            self._fill(round(piece.lost * recorder.layout.rate / microphone.rate), "overflow")
        self._write(self._adapter.push(piece.frames), piece.at)

    def _begin(self, microphone: Microphone) -> None:
        layout = Layout(microphone.rate, microphone.channels)
        self._outline = Intake(layout.rate, layout.channels)
        recorder = Recorder(self.path, layout, {"device": microphone.device.key}, free=self._free)
        with self._lock:
            self._recorder = recorder
            self._lock.notify_all()
        self._set(state="recording", rate=layout.rate, channels=layout.channels)

    def _write(self, frames: Frames, at: float) -> None:
        recorder, outline = self._recorder, self._outline
        assert recorder is not None
        assert outline is not None
        if not len(frames):
            return
        before = recorder.frames
        try:
            recorder.write(frames)
        finally:  # a full disk takes a part
            written = recorder.frames - before
            self.peaks.push(outline.push(as_floats(frames[:written])))
            with self._lock:
                self._written += written
                self._arrivals.append((self._written, at))
                self._status = replace(self._status, position=self._samples(self._written))
                self._lock.notify_all()

    def _fill(self, frames: int, why: Literal["overflow", "device"]) -> None:
        """Silence for what was lost, so that time stays true."""
        recorder = self._recorder
        assert recorder is not None
        start = self._samples(self._written)
        now = time.monotonic()
        while frames > 0:
            part = min(frames, recorder.layout.rate)
            self._write(np.zeros((part, recorder.layout.channels), np.int16), now)
            frames -= part
        gap = Gap(start, self._samples(self._written), why)
        if gap.end > gap.start:
            self._gaps.append(gap)
            self._set(lost=self._status.lost + gap.end - gap.start)
            recorder.note(gap=[gap.start, gap.end, why])
            self._emit(gap)

    def _watch(self) -> None:
        """Tell what the person should know."""
        microphone, recorder, meter = self._microphone, self._recorder, self._meter
        if microphone is not None:
            self._set(overflows=self._overflows_before + microphone.overflows)
            if microphone.opened.is_set() and microphone.gone:
                text = f"{microphone.device.name} gives no sound any more: the recording is kept"
                if recorder is None:
                    text = f"{microphone.device.name} gives no sound"
                self._trouble("device", f"{text}; choose another input to go on, or stop")
                self._let_go()
        if meter is not None:
            self._set(level=meter.level)
        if recorder is not None:
            left = recorder.seconds_left
            self._set(free_s=left)
            if left is not None and left < WARN_S:
                self._trouble("disk low", _DISK_LOW.format(path=self.path.parent))
            else:
                self._over("disk low")

    def _check_sound(self, level: Level) -> None:
        if level.zeros_s >= NO_SOUND_S:
            name = self._status.device.name
            self._trouble("no sound", f"no sound arrives from {name}: {permission_hint()}")
        else:
            self._over("no sound")

    def _let_go(self) -> None:
        """The microphone is gone or to be changed; take what it still gave."""
        microphone, self._microphone = self._microphone, None
        if microphone is None:
            return
        microphone.close()
        last = time.monotonic() - microphone.age
        for piece in microphone.read():
            self._take_piece(microphone, piece)
        self._overflows_before += microphone.overflows
        self._meter = None
        if self._adapter is not None:
            rest = self._adapter.flush()
            self._adapter = None
            if self._paused_since is None:
                self._write(rest, last)
        if self._quiet_since is None and self._recorder is not None:
            self._quiet_since = last
        if self._paused_since is None:
            self._set(state="interrupted" if self._recorder else "starting", level=Level())

    def _switch(self, device: InputDevice) -> None:
        self._let_go()
        self._microphone = Microphone(device, self._backend)
        self._set(device=device)

    def _pause(self) -> None:
        if self._paused_since is None and self._recorder is not None:
            self._take()  # what was said before the button was pressed
            self._paused_since = time.monotonic()
            self._set(state="paused")

    def _resume(self) -> None:
        if self._paused_since is None:
            return
        self._take()
        pause = Pause(self._status.position, time.monotonic() - self._paused_since)
        self._pauses.append(pause)
        self._note(pause=[pause.at, pause.seconds])
        self._paused_since = None
        if self._quiet_since is not None:  # the device went away in the pause
            self._quiet_since = time.monotonic()
        self._emit(pause)
        self._set(state="recording" if self._microphone else "interrupted")

    def _stop(self) -> None:
        self._stopping = True

    def _end_recording(self) -> None:
        try:
            self._set(state="finishing")
            if self._stopping:
                self._let_go()
            elif self._microphone is not None:  # the disk takes no more
                self._microphone.close()
            if self._outline is not None:
                self.peaks.push(self._outline.flush())
            if self._recorder is not None:
                self._recorder.close()
        except OutputError as error:
            self._trouble("disk full" if isinstance(error, DiskFull) else "writing", str(error))
        finally:
            with self._lock:
                self._complete = True
                self._lock.notify_all()

    # the listener's thread: sound to turns

    def _listen(self) -> None:
        windows = WindowStore()
        diarizer: Diarizer | None = None
        annotation, warnings = Annotation(), []
        try:
            if self._make is not None:
                diarizer = self._make()
        except VoicelanesError as error:
            text = f"no turns are shown, the recording goes on: {error}"
            self._trouble("models", text)
            warnings.append(text)
        try:
            if diarizer is not None:
                annotation = self._hear_all(diarizer, windows)
        finally:
            with self._lock:
                self._lock.wait_for(lambda: self._complete)
            self._finish(diarizer, annotation, windows, warnings)

    def _hear_all(self, diarizer: Diarizer, windows: WindowStore) -> Annotation:
        with self._lock:
            self._lock.wait_for(lambda: self._recorder or self._complete)
        recorder = self._recorder
        if recorder is None:
            return Annotation()
        layout = recorder.layout
        intake = Intake(layout.rate, layout.channels)
        with self.path.open("rb", buffering=0) as file:
            file.seek(layout.data_start)
            while True:
                with self._lock:
                    self._lock.wait_for(
                        lambda: self._written > self._taken or self._complete or self._steering
                    )
                    frames = min(self._written - self._taken, round(_READ_S * layout.rate))
                    ended = self._complete and not frames
                while self._steering:
                    try:
                        self._steering.popleft()(diarizer)
                    except VoicelanesError as error:
                        self._trouble("steering", str(error))
                if ended:
                    break
                data = _exactly(file, frames * layout.frame_bytes)
                samples = intake.push(as_floats(np.frombuffer(data, "<i2").reshape(frames, -1)))
                self._hear(diarizer, windows, samples)
                with self._lock:
                    self._taken += frames
        self._hear(diarizer, windows, intake.flush())
        return diarizer.finish()

    def _hear(self, diarizer: Diarizer, windows: WindowStore, samples: Any) -> None:
        if not len(samples):
            return
        changes = diarizer.push(samples)
        windows.add(changes.windows)
        now = time.monotonic()
        with self._lock:
            arrived = [self._arrival(self._frames(window.end)) for window in changes.windows]
            lags = tuple(now - at for at in arrived)
            self._last_lag = (
                lags[-1] if lags else now - self._arrival(self._frames(changes.position))
            )
            self._status = replace(self._status, labelled=changes.position)
        self._emit(Turns(changes, lags))

    def _finish(
        self,
        diarizer: Diarizer | None,
        annotation: Annotation,
        windows: WindowStore,
        warnings: list[str],
    ) -> None:
        from core.edits import add_marker

        merged = dict(self._merged)

        def kept(speaker: int) -> int:
            while speaker in merged:
                speaker = merged[speaker]
            return speaker

        position = self._samples(self._written)
        if merged:
            annotation = annotation.relabelled(kept)
        annotation = annotation.with_names({kept(i): name for i, name in self._names.items()})
        annotation = replace(annotation, duration=max(annotation.duration, position))
        for marker in self._markers:
            annotation = add_marker(annotation, min(marker.at, annotation.duration), marker.text)
        result = LiveResult(
            self.path if self._recorder is not None else None,
            annotation,
            windows.all(),
            diarizer.speech if diarizer else None,
            tuple(self._gaps),
            tuple(self._pauses),
            diarizer is not None,
            tuple(warnings),
        )
        self._emit(Finished(result))
        self._set(state="finished")

    # frames of the file, samples at 16 kHz, and when they came

    def _samples(self, frames: int) -> int:
        rate = self._recorder.layout.rate if self._recorder else SAMPLE_RATE
        return round(frames * SAMPLE_RATE / rate)

    def _frames(self, samples: int) -> int:
        rate = self._recorder.layout.rate if self._recorder else SAMPLE_RATE
        return round(samples * rate / SAMPLE_RATE)

    def _arrival(self, frame: int) -> float:
        """When this frame came; the caller holds the lock."""
        place = bisect_left(self._arrivals, (frame, 0.0))
        return self._arrivals[min(place, len(self._arrivals) - 1)][1]


_DISK_LOW = "the disk of {path} is nearly full: make room, or stop; what is recorded is saved"


def as_floats(frames: Frames) -> Any:
    """(n, channels) int16 as a file's reader gives them: float32, -1..1."""
    return frames.astype(np.float32) / np.float32(32768)


def _exactly(file: Any, size: int) -> bytes:
    parts: list[bytes] = []
    while size > 0:
        part = file.read(size)
        if not part:
            raise OutputError("the recording's file was cut off while it was written")
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
