"""Several files read in step, a channel each, at the highest rate of theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from core.audio.mono import Intake
from core.audio.source import Block, Source, Track, block_frames, shortfall
from core.audio.together.listing import MeetingFile, is_together, read_together
from core.errors import InputError

_MOST_HZ = 48_000
"""More than that no voice needs."""

Opener = Callable[[Path, int | None], Source]


class TogetherSource:
    """The files of a list; see :class:`~core.audio.source.Source`.

    Before a file starts and after its end its channel is silent. One with several channels is
    mixed as :class:`~core.audio.mono.Mono` does it.

    Parameters
    ----------
    path
        The list.
    opener
        Opens one file of it, by path and track.

    Raises
    ------
    InputError
        If the list or one of its files can't be read.
    """

    def __init__(self, path: Path, opener: Opener) -> None:
        self.warnings: list[str] = []
        self._path = path
        self._parts = read_together(path)
        self._sources: list[Source] = []
        try:
            for part in self._parts:
                self._sources.append(self._open(part, opener))
        except BaseException:
            self.close()
            raise
        self.sample_rate = min(_MOST_HZ, max(s.sample_rate for s in self._sources))
        self.channels = len(self._parts)
        self.format = f"{self.channels} files"
        self.tracks: tuple[Track, ...] = ()
        self.track = 1
        self.slack, self.promised = 0, False
        lengths = [self._length(n) for n in range(self.channels)]
        self.frames = None if None in lengths else max(filter(None, lengths), default=None)

    def _open(self, part: MeetingFile, opener: Opener) -> Source:
        if is_together(part.path):
            raise InputError(f"{self._path.name}: {part.path.name} is a list of files itself")
        if not part.path.is_file():
            raise InputError(
                f"{self._path.name}: {part.path.name} of this meeting is missing; put it back"
                f" into {part.path.parent}, or lay the files together anew"
            )
        source = opener(part.path, part.track)
        if part.size is not None and part.path.stat().st_size != part.size:
            self.warnings.append(f"{part.path.name} is another file than when it was laid")
        return source

    def _length(self, number: int) -> int | None:
        source = self._sources[number]
        if source.frames is None:
            return None
        there = round(source.frames * self.sample_rate / source.sample_rate)
        return self._start(number) + there

    def _start(self, number: int) -> int:
        return round(self._parts[number].start * self.sample_rate)

    def blocks(self) -> Iterator[Block]:
        size = block_frames(self.sample_rate, self.channels)
        rows = [_Row(self._mono(n), self._start(n)) for n in range(self.channels)]
        while longest := max(row.fill(size) for row in rows):
            yield np.stack([row.take(longest) for row in rows], axis=1)

    def _mono(self, number: int) -> Iterator[Block]:
        """One file from its start to its end, (n,)."""
        source, name = self._sources[number], self._parts[number].path.name
        intake = Intake(source.sample_rate, source.channels, self.sample_rate)
        done = 0
        for block in source.blocks():
            done += len(block)
            yield intake.push(block)
        yield intake.flush()
        lines = (*shortfall(source, done), *source.warnings, *intake.warnings)
        self.warnings += [f"{name}: {line}" for line in lines]

    def fraction(self) -> float | None:
        return None

    def close(self) -> None:
        for source in self._sources:
            source.close()


class _Row:
    """A channel: silence up to where its file starts, the file, and silence again."""

    def __init__(self, blocks: Iterator[Block], start: int) -> None:
        self._blocks, self._silent = blocks, start
        self._kept: Block = np.zeros(0, np.float32)
        self._ended = False

    def fill(self, size: int) -> int:
        """Read until ``size`` frames are there or the file ends; how many of those there are."""
        while len(self._kept) < size and not self._ended:
            if self._silent:
                more: Block = np.zeros(min(size, self._silent), np.float32)
                self._silent -= len(more)
            else:
                found = next(self._blocks, None)
                self._ended = found is None
                more = self._kept[:0] if found is None else found
            self._kept = np.concatenate([self._kept, more])
        return min(size, len(self._kept))

    def take(self, count: int) -> Block:
        """The next ones."""
        taken, self._kept = self._kept[:count], self._kept[count:]
        return np.pad(taken, (0, count - len(taken)))
