"""Chained Ogg: several recordings one after the other in one file, as radio stations send them.

FFmpeg doesn't go on where the next one has another rate, number of channels or codec, so each is
opened by itself and brought to the rate and the channels of the first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import soxr

from ..errors import InputError
from .libav import AvSource
from .source import Block


class ChainedSource:
    """All parts of a chained Ogg file; see :class:`~core.audio.source.Source`.

    Parameters
    ----------
    path
        The file.
    parts
        Bytes from and to of each, at least one.
    track
        As for :class:`~core.audio.libav.AvSource`, in each.
    """

    def __init__(
        self, path: Path, parts: Sequence[tuple[int, int]], track: int | None = None
    ) -> None:
        self.warnings: list[str] = []
        self._path, self._track = path, track
        self._size = parts[-1][1]
        self._at = 0
        self._first, self._rest = self._open(parts[0]), parts[1:]
        source = self._first
        self.sample_rate, self.channels = source.sample_rate, source.channels
        self.format, self.slack = source.format, source.slack
        self.tracks, self.track = source.tracks, source.track
        self.promised = False
        self.frames: int | None = None  # it would take opening all of them

    def _open(self, part: tuple[int, int]) -> AvSource:
        return AvSource(self._path, self._size, self._track, part=part)

    def blocks(self) -> Iterator[Block]:
        yield from self._first.blocks()
        self.warnings += self._first.warnings
        for number, part in enumerate(self._rest, 2):
            self._at = part[0]
            self._first.close()
            try:
                source = self._first = self._open(part)
            except InputError:
                self.warnings.append(f"part {number} of the recording can't be read; left out")
                continue
            yield from self._adapted(source)
            self.warnings += [w for w in source.warnings if w not in self.warnings]

    def _adapted(self, source: AvSource) -> Iterator[Block]:
        blocks = (_with_channels(block, self.channels) for block in source.blocks())
        if source.sample_rate == self.sample_rate:
            yield from blocks
            return
        stream = soxr.ResampleStream(
            source.sample_rate, self.sample_rate, self.channels, quality="HQ"
        )
        for block in blocks:
            yield from filter(len, [stream.resample_chunk(block)])
        end = np.zeros((0, self.channels), np.float32)
        yield from filter(len, [stream.resample_chunk(end, last=True)])

    def fraction(self) -> float | None:
        within = self._first.fraction()
        return None if within is None else min(1.0, (self._at + within) / max(1, self._size))

    def close(self) -> None:
        self._first.close()


def _with_channels(block: Block, channels: int) -> Block:
    """The same sound in another number of channels: what they have in common in each."""
    if block.shape[1] != channels:
        block = np.repeat(block.mean(axis=1, keepdims=True), channels, axis=1)
    return np.ascontiguousarray(block)
