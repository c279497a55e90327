"""A recording read channel by channel, twice: to find out whose they are, and for what they say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from os import PathLike
from pathlib import Path

import numpy as np

from core.arrays import Array, Doubles
from core.audio.mono import Intake
from core.audio.read import AudioReader
from core.audio.source import Block
from core.audio.together.listing import is_together, read_together
from core.audio.wav import is_call
from core.channels.levels import Levels, frame_length, heard
from core.channels.separation import (
    MOST,
    CallGate,
    Channels,
    ChannelSplit,
    Mask,
    separate,
    separate_call,
)

SIDES = ("Microphone", "Computer")
"""Of a call that this program recorded, in the order of the channels."""

_FADE_S = 0.005
"""A share is faded in and out where it opens and closes: a jump would click."""


def split_of(
    path: str | PathLike[str],
    channels: Channels = "auto",
    track: int | None = None,
    on_frames: Callable[[AudioReader], None] = lambda reader: None,
) -> ChannelSplit | None:
    """Whose channels a recording has; None where they are to be mixed.

    It is read once from start to end, if there is more than one channel.

    Parameters
    ----------
    channels, track
        As for :func:`core.pipeline.diarize_file`.
    on_frames
        Called every second of the recording, or so, with what reads it.

    Raises
    ------
    InputError
        If the recording can't be read.
    """
    call = channels != "mix" and track is None and is_call(Path(path))
    with AudioReader(path, track) as reader:
        count, rate = reader.info.channels, reader.info.sample_rate
        if channels == "mix" or not 2 <= count <= MOST:
            return None
        levels = Levels(count, rate)
        for block in reader.frames():
            levels.push(block)
            on_frames(reader)
    if call:
        return separate_call(levels.finish(), SIDES)
    split = separate(levels.finish(), channels)
    if split and is_together(Path(path)):
        return split.called([part.name for part in read_together(Path(path))])
    return split


class ShareReader:
    """Reads the shares of the channels of a recording side by side, as 16 kHz mono float32.

    What a share only has of others is silence.
    """

    def __init__(self, reader: AudioReader, split: ChannelSplit) -> None:
        self._reader = reader
        self._split = split
        self._rate = reader.info.sample_rate
        self._gates = [_Gate(row, self._rate) for row in split.open]

    def blocks(self) -> Iterator[tuple[Array, ...]]:
        """For each share the samples (n,) that are complete, and last of all channels together.

        The last parts are as :meth:`core.audio.read.AudioReader.blocks` gives them; all are as long
        in all as the recording.
        """
        rate, shares = self._rate, self._split.shares
        whole = Intake(rate, self._reader.info.channels)
        intakes = [Intake(rate, len(share)) for share in shares]
        for block in self._reader.frames():
            parts = [
                intake.push(gate(heard(block[:, list(share)])))
                for intake, gate, share in zip(intakes, self._gates, shares, strict=True)
            ]
            yield (*parts, whole.push(block))
        yield tuple(intake.flush() for intake in (*intakes, whole))
        found = (line for intake in (*intakes, whole) for line in intake.warnings)
        self._reader.warnings += dict.fromkeys(found)


class CallShares:
    """The sides of a call while it is recorded: frames in, of each side 16 kHz mono out.

    However the frames are cut into blocks, the samples are those of :class:`ShareReader` from the
    file.
    """

    def __init__(self, rate: int) -> None:
        count = len(SIDES)
        self._levels = Levels(count, rate)
        self._open = CallGate(count)
        self._gates = [_Gate(np.zeros(0, np.bool_), rate) for _ in SIDES]
        self._intakes = [Intake(rate, 1) for _ in SIDES]
        self._waiting: Block = np.zeros((0, count), np.float32)

    def push(self, block: Block) -> Array:
        """Frames ``(n, 2)``; the samples ``(2, m)`` of the sides that are complete."""
        self._levels.push(block)
        self._waiting = np.concatenate([self._waiting, heard(block)])
        self._widen(self._open.push(self._levels.take()))
        known = min(self._gates[0].known, len(self._waiting))
        block, self._waiting = self._waiting[:known], self._waiting[known:]
        return self._given(block)

    def flush(self) -> Array:
        """The end of the recording."""
        self._widen(self._open.push(self._levels.finish()))
        self._widen(self._open.finish())
        rest = self._given(self._waiting)
        ends = np.stack([intake.flush() for intake in self._intakes])
        return np.concatenate([rest, ends], axis=1)

    def _widen(self, open_: Mask) -> None:
        for gate, row in zip(self._gates, open_, strict=True):
            gate.extend(row)

    def _given(self, block: Block) -> Array:
        if not len(block):
            return np.zeros((len(SIDES), 0), np.float32)
        sides = enumerate(zip(self._intakes, self._gates, strict=True))
        return np.stack([intake.push(gate(block[:, [n]])) for n, (intake, gate) in sides])


class _Gate:
    """Lets a share through where it is open, block after block."""

    def __init__(self, open_: Mask, rate: int) -> None:
        self._frame = frame_length(rate)
        self._half = min(round(_FADE_S * rate), self._frame // 2)
        # Each edge as a slope around it: the gain at any sample is a line between these points.
        self._places: Doubles = np.zeros(0)
        self._values: Doubles = np.zeros(0)
        self._frames = self._done = 0
        self._last: Mask = np.zeros(0, np.bool_)
        self.extend(open_)

    @property
    def known(self) -> int:
        """So many samples more have a gain that what comes won't change."""
        return max(0, self._frames * self._frame - self._half - self._done)

    def extend(self, open_: Mask) -> None:
        """More frames."""
        if not len(open_):
            return
        if not self._frames:
            self._places, self._values = np.array([-1.0]), np.array([float(open_[0])])
        row = np.concatenate([self._last, open_])
        edges = np.flatnonzero(np.diff(row.astype(np.int8)))
        first = self._frames - len(self._last)
        around = ((first + edges + 1) * self._frame)[:, np.newaxis] + (-self._half, self._half)
        values = np.stack([row[edges], row[edges + 1]], axis=1)
        self._places = np.concatenate([self._places, around.ravel()])
        self._values = np.concatenate([self._values, values.ravel()])
        self._frames += len(open_)
        self._last = open_[-1:]

    def __call__(self, block: Block) -> Block:
        if not len(self._places):
            return block
        passed = max(0, int(np.searchsorted(self._places, self._done)) - 1)
        self._places, self._values = self._places[passed:], self._values[passed:]
        at = np.arange(self._done, self._done + len(block))
        self._done += len(block)
        gains = np.interp(at, self._places, self._values).astype(np.float32)
        return np.asarray(block * gains[:, np.newaxis])
