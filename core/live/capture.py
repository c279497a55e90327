"""The recorder's thread of a live recording: from the microphone to the disk, before all else."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from core.audio.devices import InputDevice, permission_hint
from core.audio.levels import Level, Meter
from core.audio.microphone import Frames, Microphone, Piece
from core.audio.peaks import Peaks
from core.audio.portaudio import Streams
from core.audio.read import Intake
from core.audio.recorder import WARN_S, DiskFull, Recorder
from core.audio.switching import Adapter
from core.audio.wav import Layout, as_floats
from core.errors import OutputError
from core.live.board import Board, Tape
from core.live.events import Gap, Moved, Pause, Why
from core.live.whereabouts import Whereabouts

LOOK_S = 0.05
"""The ring is emptied so often."""
NO_SOUND_S = 3.0
"""Exact zeros for so long are no silence: muted, or not permitted."""


class Capture:
    """Records from the moment it is made; wishes are heeded within :data:`LOOK_S`.

    Parameters
    ----------
    path
        The file to make.
    device, backend
        The input and what opens it.
    board, tape
        Where to tell what happens.
    free
        Bytes that the disk of a folder has room for; None asks the system.
    """

    def __init__(
        self,
        path: Path,
        device: InputDevice,
        backend: Callable[[], Streams],
        board: Board,
        tape: Tape,
        free: Callable[[Path], int] | None = None,
    ) -> None:
        self.peaks = Peaks()
        self.gaps: list[Gap] = []
        self.pauses: list[Pause] = []
        self._path, self._backend, self._board, self._tape = path, backend, board, tape
        self._free = free
        self._wishes: deque[Callable[[], None]] = deque()
        self._stopping = False
        self._microphone: Microphone | None = Microphone(device, backend)
        self._recorder: Recorder | None = None  # from the first sound on
        self._outline: Intake | None = None
        self._adapter: Adapter | None = None  # these two belong to the present microphone
        self._meter: Meter | None = None
        self._whereabouts: Whereabouts | None = None
        self._missing_since: float | None = None  # no sound since then, and not by intention
        self._paused_since: float | None = None
        self._overflows = 0  # of earlier microphones
        self.thread = threading.Thread(target=self._run, name="recorder", daemon=True)
        self.thread.start()

    def pause(self) -> None:
        self._wishes.append(self._pause)

    def resume(self) -> None:
        self._wishes.append(self._resume)

    def stop(self) -> None:
        self._wishes.append(self._stop)

    def switch(self, device: InputDevice) -> None:
        self._wishes.append(lambda: self._switch(device))

    def note(self, **what: Any) -> None:
        """Remember something beside the sound, for after a crash."""
        recorder = self._recorder
        if recorder is not None:
            recorder.note(**what)

    # In the recorder's thread

    def _run(self) -> None:
        try:
            while not self._stopping:
                time.sleep(LOOK_S)
                while self._wishes:
                    self._wishes.popleft()()
                self._take()
                self._watch()
        except OutputError as error:
            self._tell(error)
        finally:
            self._end()

    def _take(self) -> None:
        """Everything that the microphone has, to the disk."""
        microphone = self._microphone
        if microphone is None:
            return
        if microphone.error is not None:
            self._let_go()
            self._board.trouble("device", str(microphone.error))
            return
        for piece in microphone.read():
            self._take_piece(microphone, piece)

    def _take_piece(self, microphone: Microphone, piece: Piece) -> None:
        recorder = self._recorder or self._begin(microphone)
        if self._meter is None or self._adapter is None:  # the first of this microphone
            self._meter = Meter(microphone.rate)
            self._whereabouts = Whereabouts(microphone.device)
            self._adapter = Adapter(microphone.rate, microphone.channels, recorder.layout)
            self._board.over("device")
        self._check_sound(self._meter.push(piece.frames))
        if self._paused_since is not None:
            return
        if self._missing_since is not None:
            began = piece.at - len(piece.frames) / microphone.rate
            self._fill(recorder, began - self._missing_since, "device")
            self._missing_since = None
            self._board.set(state="recording")
        if piece.lost:
            self._fill(recorder, piece.lost / microphone.rate, "overflow")
        self._write(recorder, self._adapter.push(piece.frames), piece.at)

    def _begin(self, microphone: Microphone) -> Recorder:
        layout = Layout(microphone.rate, microphone.channels)
        about = {"device": microphone.device.key}
        self._recorder = Recorder(self._path, layout, about, free=self._free)
        self._outline = Intake(layout.rate, layout.channels)
        self._tape.begin(layout)
        self._board.set(state="recording", rate=layout.rate, channels=layout.channels)
        return self._recorder

    def _write(self, recorder: Recorder, frames: Frames, at: float) -> None:
        before = recorder.frames
        try:
            recorder.write(frames)
        finally:  # a full disk takes a part
            written = recorder.frames - before
            if written:
                self._tape.add(written, at)
                self._board.set(position=self._tape.samples(self._tape.frames))
                assert self._outline is not None
                self.peaks.push(self._outline.push(as_floats(frames[:written])))

    def _fill(self, recorder: Recorder, seconds: float, why: Why) -> None:
        """Silence for what was lost, so that time stays true."""
        layout, start = recorder.layout, self._board.status.position
        frames = round(seconds * layout.rate)
        now = time.monotonic()
        while frames > 0:
            part = min(frames, layout.rate)
            self._write(recorder, np.zeros((part, layout.channels), np.int16), now)
            frames -= part
        gap = Gap(start, self._board.status.position, why)
        if gap.end > gap.start:
            self.gaps.append(gap)
            self._board.set(lost=self._board.status.lost + gap.end - gap.start)
            recorder.note(gap=[gap.start, gap.end, why])
            self._board.emit(gap)

    def _watch(self) -> None:
        """Tell what the person should know."""
        microphone, recorder = self._microphone, self._recorder
        if microphone is not None:
            self._board.set(overflows=self._overflows + microphone.overflows)
            if self._whereabouts is not None:
                self._follow(microphone, self._whereabouts.device)
            if microphone.opened.is_set() and microphone.gone:
                kept = " any more: the recording is kept" if recorder else ""
                name = self._board.status.device.name
                self._let_go()  # first, so that whoever hears of it sees how things are
                self._board.trouble(
                    "device",
                    f"{name} gives no sound{kept}; choose another input to go on, or stop",
                )
        if self._meter is not None:
            self._board.set(level=self._meter.level)
        if recorder is not None:
            left = recorder.seconds_left
            self._board.set(free_s=left)
            if left is not None and left < WARN_S:
                folder = self._path.parent
                self._board.trouble("disk low", f"the disk of {folder} is nearly full: make room")
            else:
                self._board.over("disk low")

    def _follow(self, microphone: Microphone, now: InputDevice) -> None:
        """Tell if the sound comes from another input than it did."""
        before, at = self._board.status.device, self._board.status.position
        if now.source != before.source:
            microphone.wait_for_another()
            self._board.set(device=now)
            self.note(moved=[at, now.key])
            self._board.emit(Moved(at, before, now))

    def _check_sound(self, level: Level) -> None:
        if level.zeros_s >= NO_SOUND_S:
            name = self._board.status.device.name
            self._board.trouble("no sound", f"no sound arrives from {name}: {permission_hint()}")
        else:
            self._board.over("no sound")

    def _let_go(self) -> None:
        """The microphone is gone or no longer wanted; take what it still gave."""
        microphone, self._microphone = self._microphone, None
        if microphone is None:
            return
        microphone.close()
        last = time.monotonic() - microphone.age
        for piece in microphone.read():
            self._take_piece(microphone, piece)
        self._overflows += microphone.overflows
        recorder, adapter = self._recorder, self._adapter
        self._meter = self._adapter = None
        if self._whereabouts is not None:
            self._whereabouts.close()
            self._whereabouts = None
        if recorder is not None:
            if adapter is not None and self._paused_since is None:
                self._write(recorder, adapter.flush(), last)
            if self._missing_since is None:
                self._missing_since = last
        if self._paused_since is None:
            self._board.set(state="interrupted" if recorder else "starting")
        self._board.set(level=Level())

    def _switch(self, device: InputDevice) -> None:
        self._let_go()
        self._microphone = Microphone(device, self._backend)
        self._board.set(device=device)

    def _pause(self) -> None:
        if self._paused_since is None and self._recorder is not None:
            self._take()  # what was said before the button was pressed
            self._paused_since = now = time.monotonic()
            if self._missing_since is not None:
                self._fill(self._recorder, now - self._missing_since, "device")
            self._board.set(state="paused")

    def _resume(self) -> None:
        if self._paused_since is None:
            return
        self._take()  # not wanted yet
        now = time.monotonic()
        pause = Pause(self._board.status.position, now - self._paused_since)
        self._paused_since = None
        if self._missing_since is not None:
            self._missing_since = now
        self.pauses.append(pause)
        self.note(pause=[pause.at, pause.seconds])
        self._board.emit(pause)
        self._board.set(state="interrupted" if self._missing_since else "recording")

    def _stop(self) -> None:
        self._stopping = True

    def _end(self) -> None:
        try:
            if self._stopping:
                self._let_go()
            elif self._microphone is not None:  # the disk takes no more
                self._microphone.close()
            if self._whereabouts is not None:
                self._whereabouts.close()
            if self._outline is not None:
                self.peaks.push(self._outline.flush())
            if self._recorder is not None:
                self._recorder.close()
        except OutputError as error:
            self._tell(error)
        finally:
            self._board.set(state="finishing")
            self._tape.end()

    def _tell(self, error: OutputError) -> None:
        self._board.trouble("disk full" if isinstance(error, DiskFull) else "writing", str(error))
