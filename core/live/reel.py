"""What a live recording has on the disk: the file, its waveform, and what is missing in it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from core.audio.microphone import Frames
from core.audio.mono import Intake
from core.audio.peaks import Peaks
from core.audio.recorder import WARN_S, Recorder
from core.audio.wav import Layout, as_floats
from core.live.board import Board, Tape
from core.live.events import Gap


class Reel:
    """Takes sound to the disk before all else, from the first sound on.

    Parameters
    ----------
    path
        The file to make.
    board, tape
        Where to tell what is there.
    free
        Bytes that the disk of a folder has room for; None asks the system.
    """

    def __init__(
        self, path: Path, board: Board, tape: Tape, free: Callable[[Path], int] | None = None
    ) -> None:
        self.peaks = Peaks()
        self.gaps: list[Gap] = []
        self._path, self._board, self._tape, self._free = path, board, tape, free
        self._recorder: Recorder | None = None
        self._outline: Intake | None = None

    @property
    def begun(self) -> bool:
        """Whether there is a file."""
        return self._recorder is not None

    @property
    def layout(self) -> Layout:
        """Of the file that was begun."""
        assert self._recorder is not None
        return self._recorder.layout

    @property
    def frames(self) -> int:
        """So many are on the disk."""
        return self._recorder.frames if self._recorder else 0

    @property
    def position(self) -> int:
        """The same in samples at 16 kHz."""
        return self._board.status.position

    def begin(self, layout: Layout, **about: Any) -> None:
        """Make the file; raises an OutputError if that can't be."""
        self._recorder = Recorder(self._path, layout, about, free=self._free)
        self._outline = Intake(layout.rate, layout.channels)
        self._tape.begin(layout)
        self.watch()
        self._board.set(state="recording", rate=layout.rate, channels=layout.channels)

    def note(self, **what: Any) -> None:
        """Remember something beside the sound, for after a crash."""
        recorder = self._recorder
        if recorder is not None:
            recorder.note(**what)

    def write(self, frames: Frames, at: float) -> None:
        """Append (n, channels) whose last came at ``at``; raises as the recorder does."""
        recorder = self._recorder
        assert recorder is not None
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

    def silence(self, frames: int) -> None:
        """Append so many frames of silence, for what was lost: time stays true."""
        layout, now = self.layout, time.monotonic()
        while frames > 0:
            part = min(frames, layout.rate)
            self.write(np.zeros((part, layout.channels), np.int16), now)
            frames -= part

    def tell_gap(self, gap: Gap) -> None:
        """Say that sound is missing there."""
        if gap.end > gap.start:
            self.gaps.append(gap)
            self._board.set(lost=self._board.status.lost + gap.end - gap.start)
            self.note(gap=[gap.start, gap.end, gap.why, *([gap.side] if gap.side else [])])
            self._board.emit(gap)

    def watch(self) -> None:
        """Tell how long the disk lasts."""
        if self._recorder is None:
            return
        left = self._recorder.seconds_left
        self._board.set(free_s=left)
        if left is not None and left < WARN_S:
            folder = self._path.parent
            self._board.trouble("disk low", f"the disk of {folder} is nearly full: make room")
        else:
            self._board.over("disk low")

    def close(self) -> None:
        """Complete the file; raises an OutputError if the disk fails even that."""
        if self._outline is not None:
            self.peaks.push(self._outline.flush())
        if self._recorder is not None:
            self._recorder.close()
