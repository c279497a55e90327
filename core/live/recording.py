"""A recording from the microphone, in turns while it happens.

Two threads beside the sound card's own. The *recorder* (:mod:`core.live.capture`) takes the sound
out of the microphone's ring and writes it to the disk before anything else. The *listener*
(:mod:`core.live.listener`) reads it back from that very file and feeds the diarizer: so a live
recording goes through the same chain as a file, what comes out is the same, and a slow machine
only falls behind: no sound is ever dropped, and nothing piles up in memory.

Nobody is called back. Whoever shows a recording asks for :attr:`LiveRecording.status` and
:meth:`LiveRecording.events` a few times per second, from any thread.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from core.annotation.edits import laid_over
from core.annotation.values import Annotation, Marker, Stretch, Turn, union
from core.audio.devices import InputDevice
from core.audio.levels import Level, Meter
from core.audio.microphone import Microphone
from core.audio.peaks import Peaks
from core.audio.portaudio import Streams, portaudio
from core.errors import InputError, OutputError
from core.live.board import Board, Tape
from core.live.call import CallCapture
from core.live.capture import Capture, Capturer
from core.live.events import (
    Event,
    Finished,
    Folded,
    Gap,
    LiveResult,
    Moved,
    Pause,
    RecognisedVoices,
    State,
    Status,
    Trouble,
    TroubleKind,
    TroubleOver,
    Turns,
)
from core.live.listener import Listener, LiveStream, Steer
from core.live.reel import Reel

if TYPE_CHECKING:
    from core.live.voices import LiveVoices
    from core.stream.changes import Changes
    from core.stream.diarizer import Diarizer

__all__ = [
    "Event",
    "Finished",
    "Folded",
    "Gap",
    "LevelPreview",
    "LiveRecording",
    "LiveResult",
    "Moved",
    "Pause",
    "RecognisedVoices",
    "State",
    "Status",
    "Trouble",
    "TroubleKind",
    "TroubleOver",
    "Turns",
]


class LevelPreview:
    """The level of an input before anything is recorded. ``close()`` it before recording."""

    def __init__(self, device: InputDevice, backend: Callable[[], Streams] = portaudio) -> None:
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

    return new_diarizer(live=True)


class LiveRecording:
    """Records from the moment it is made until :meth:`stop`.

    Parameters
    ----------
    path
        The WAV file to make; it must not be there yet.
    device
        The input, from :func:`core.audio.devices.list_inputs`.
    computer
        What gives the computer's sound, for both sides of a call: the file is stereo then, the
        first channel the input's, the second one this one's, in step. Each may be missing, fail
        or come back (:mod:`core.live.call`).
    diarizer
        Makes the stream, with models; called in the listener's thread, so it may take its time.
        None records without turns.
    backend
        Makes something like ``pyaudio.PyAudio()``.
    free
        Bytes that the disk of a folder has room for; None asks the system.
    voices
        Recognises those that are known (:func:`core.live.voices.live_voices`); None for nobody.

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
        computer: InputDevice | None = None,
        diarizer: Callable[[], Diarizer] | None = _new_diarizer,
        backend: Callable[[], Streams] = portaudio,
        free: Callable[[Path], int] | None = None,
        voices: LiveVoices | None = None,
    ) -> None:
        from core.atomic import writable_folder

        self.path = path
        writable_folder(path.parent)
        if path.exists():
            raise OutputError(f"{path} is there already; choose another name")
        self._names: dict[int, str] = {}
        self._markers: list[Marker] = []
        self._merged: dict[int, int] = {}  # written by the listener's thread
        self._folded: dict[int, int] = {}  # likewise
        self._given: dict[int, Sequence[Turn]] = {}
        self._numbers = itertools.count()
        self._board = Board(Status("starting", device))
        self._tape = Tape()
        self._reel = reel = Reel(path, self._board, self._tape, free)
        self._capture: Capturer = (
            Capture(device, backend, reel, self._board, self._tape)
            if computer is None
            else CallCapture(device, computer, backend, reel, self._board, self._tape)
        )
        self._voices = voices
        self._listener = Listener(path, diarizer, self._board, self._tape, self._finish, voices)

    # what whoever shows it asks for

    @property
    def peaks(self) -> Peaks:
        """The waveform as far as it is recorded, whether or not it has labels yet."""
        return self._reel.peaks

    @property
    def status(self) -> Status:
        """How things are now."""
        return replace(self._board.status, lag_s=self._listener.lag_s)

    @property
    def running(self) -> bool:
        """Whether an event is still to come or to be taken."""
        return self._board.status.state != "finished" or not self._board.empty

    def events(self) -> list[Event]:
        """What has happened since the last call, in order. :class:`Finished` is the last."""
        return self._board.events()

    def join(self, timeout_s: float | None = None) -> bool:
        """Wait for the end after :meth:`stop`; whether it has come."""
        end = None if timeout_s is None else time.monotonic() + timeout_s
        threads = (self._capture.thread, self._listener.thread)
        for thread in threads:
            thread.join(None if end is None else max(0.0, end - time.monotonic()))
        return not any(thread.is_alive() for thread in threads)

    # what the person does

    def pause(self) -> None:
        """Leave out what comes until :meth:`resume`; the meter goes on."""
        self._capture.pause()

    def resume(self) -> None:
        self._capture.resume()

    def stop(self) -> None:
        """End the recording. The file is complete soon, the last labels come a little later."""
        self._capture.stop()

    def switch_device(self, device: InputDevice) -> None:
        """Go on with another input, or the same one again, in the same file. What is missing in
        between is silence and a :class:`Gap`. Of a call one that gives the computer's sound is
        that side's, and every other one the microphone's."""
        self._capture.switch(device)

    def add_marker(self, text: str = "") -> Marker:
        """Mark this moment."""
        return self.mark(Marker(self._board.status.position, text))

    def mark(self, marker: Marker) -> Marker:
        """Keep this marker with the result, and for after a crash."""
        self._markers.append(marker)
        self._reel.note(marker=[marker.at, marker.text])
        return marker

    def rename(self, speaker: int, name: str) -> None:
        """Give a speaker a name; from then on the decoder doesn't give this voice up again."""
        self._names[speaker] = name
        self._reel.note(name=[speaker, name])
        self._listener.steer(lambda diarizer: diarizer.pin(speaker))

    def merge(self, keep: int, gone: int) -> None:
        """Two lanes are one person: from now on no turn is labelled ``gone``.

        Turns that were settled keep their label in :class:`Turns`; in the result they don't. If
        it isn't possible, a :class:`Trouble` of kind ``steering`` says why.
        """

        def merge(diarizer: LiveStream) -> Changes:
            from core.stream.diarizer import TooEarlyError

            try:
                changes = diarizer.merge(keep, gone)
            except TooEarlyError:
                self._merged[gone] = keep  # in the result at least, if the recording ends before
                raise
            self._merged[gone] = keep
            if self._voices is not None:
                self._voices.merge(keep, gone)
            return changes

        self._reel.note(merge=[keep, gone])
        self._steer(merge)

    def unmerge(self, gone: int) -> None:
        """Take a :meth:`merge` back, for what comes."""

        def unmerge(diarizer: LiveStream) -> Changes:
            from core.stream.diarizer import TooEarlyError

            try:
                changes = diarizer.unmerge(gone)
            except TooEarlyError:
                self._merged.pop(gone, None)
                raise
            self._merged.pop(gone, None)
            if self._voices is not None:
                self._voices.unmerge(gone)
            return changes

        self._steer(unmerge)

    def limit(self, most: int | None) -> None:
        """No more speakers than this from now on, None for any number. Where there are more
        already, a :class:`Folded` says for whom they are taken: in the result too."""
        self._reel.note(limit=most)
        self._steer(lambda diarizer: diarizer.limit(most))

    def give(self, stretches: Sequence[Stretch], speaker: int) -> int:
        """In these stretches this speaker was heard, whatever :class:`Turns` says about them.

        So it is in the result, and the decoder learns by it how the two voices sound. Returns a
        number by which :meth:`take_back` undoes it. If nothing can be learnt, a :class:`Trouble`
        of kind ``steering`` says why.
        """
        number = next(self._numbers)
        turns = [Turn(start, end, speaker) for start, end in union(stretches)]
        self._reel.note(given=[[turn.start, turn.end, speaker] for turn in turns])
        self._relearn({**self._given, number: turns}, turns)
        return number

    def take_back(self, number: int) -> None:
        """Undo a :meth:`give`."""
        given = {n: turns for n, turns in self._given.items() if n != number}
        self._relearn(given, self._given[number])

    def _relearn(self, given: dict[int, Sequence[Turn]], touched: Sequence[Turn]) -> None:
        """Who was, is or seems to be in these turns is known by what is theirs now."""
        before, self._given = self._given, given
        self._steer(self._relearning(before, given, touched))

    def _relearning(
        self,
        before: dict[int, Sequence[Turn]],
        given: dict[int, Sequence[Turn]],
        touched: Sequence[Turn],
    ) -> Steer:
        def relearn(diarizer: LiveStream) -> Changes:
            heard = diarizer.heard
            was, said = laid_over(heard, before), laid_over(heard, given)
            speakers = {
                turn.speaker
                for turn in (*was.turns, *said.turns)
                if any(turn.overlap(other) for other in touched)
            }
            windows_in = self._listener.windows_in
            changes = diarizer.relearn({i: windows_in(said.turns_of(i)) for i in sorted(speakers)})
            end = max(turn.end for turn in touched)
            if end > diarizer.decided:  # windows in these turns are still to come
                self._listener.steer_again(end, again)
            return changes

        def again(diarizer: LiveStream) -> Changes:
            return self._relearning(self._given, self._given, touched)(diarizer)

        return relearn

    def _steer(self, how: Steer) -> None:
        def steer(diarizer: LiveStream) -> Changes:
            changes = how(diarizer)
            if diarizer.folded != self._folded:
                self._folded = diarizer.folded
                self._board.emit(Folded(self._folded))
            return changes

        self._listener.steer(steer)

    def know_voices(self) -> None:
        """The voices that are remembered have changed: whoever speaks is compared with them."""
        if self._voices is not None:
            self._voices.forget()

    # In the listener's thread

    def _finish(self, listener: Listener) -> None:
        recorded = self._tape.layout is not None
        result = LiveResult(
            self.path if recorded else None,
            self._with_what_was_said(listener.annotation),
            listener.windows,
            listener.speech,
            tuple(self._reel.gaps),
            tuple(self._capture.pauses),
            listener.diarized,
            tuple(listener.warnings),
            listener.sides,
        )
        self._board.emit(Finished(result))
        self._board.set(state="finished")

    def _with_what_was_said(self, annotation: Annotation) -> Annotation:
        merged = dict(self._merged)

        def kept(speaker: int) -> int:
            while speaker in merged:
                speaker = merged[speaker]
            return self._folded.get(speaker, speaker)

        annotation = laid_over(annotation, self._given)
        if merged or self._folded:
            edited = annotation.edited
            annotation = replace(annotation.relabelled(kept), edited=edited)
        names = {kept(i): name for i, name in self._names.items() if i not in self._folded}
        annotation = annotation.with_names(names)
        duration = max(annotation.duration, self._board.status.position)
        markers = (replace(m, at=min(m.at, duration)) for m in self._markers)
        return replace(annotation, duration=duration, markers=tuple(sorted(markers)))
