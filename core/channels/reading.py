"""A recording read channel by channel, twice: to find out whose they are, and for what they say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from os import PathLike

import numpy as np

from core.arrays import Array
from core.audio.read import AudioReader, Intake
from core.audio.source import Block
from core.channels.levels import Levels, frame_length, heard
from core.channels.separation import MOST, Channels, ChannelSplit, Mask, separate

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
    with AudioReader(path, track) as reader:
        count, rate = reader.info.channels, reader.info.sample_rate
        if channels == "mix" or not 2 <= count <= MOST:
            return None
        levels = Levels(count, rate)
        for block in reader.frames():
            levels.push(block)
            on_frames(reader)
    return separate(levels.finish(), channels)


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


class _Gate:
    """Lets a share through where it is open, block after block."""

    def __init__(self, open_: Mask, rate: int) -> None:
        self._frame = frame_length(rate)
        edges = np.flatnonzero(np.diff(open_.astype(np.int8)))
        # Each edge as a slope around it: the gain at any sample is a line between these points.
        half = min(round(_FADE_S * rate), self._frame // 2)
        places = ((edges + 1) * self._frame)[:, np.newaxis] + (-half, half)
        values = np.stack([open_[edges], open_[edges + 1]], axis=1)
        first = float(open_[0]) if len(open_) else 1.0
        self._places = np.concatenate([[-1.0], places.ravel()])
        self._values = np.concatenate([[first], values.ravel()]).astype(np.float64)
        self._done = 0

    def __call__(self, block: Block) -> Block:
        at = np.arange(self._done, self._done + len(block))
        self._done += len(block)
        gains = np.interp(at, self._places, self._values).astype(np.float32)
        return np.asarray(block * gains[:, np.newaxis])
