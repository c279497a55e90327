"""A recording in, 16 kHz mono out, block by block: the whole file is never in memory.

The mono signal is the mean of the channels that have carried any sound so far, so that a dead
channel doesn't halve the level. Where the channels cancel each other (one wired the wrong way
round) the louder one is used for that moment, and a warning says so.

What comes out doesn't depend on how the decoder cuts its blocks: everything is done on blocks of
a quarter of a second of the recording, counted from its start. :class:`Intake` is that chain; the
microphone goes through it, too, so that a recording sounds the same live and from its file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from os import PathLike, fspath
from pathlib import Path
from types import TracebackType

import numpy as np
import soxr
from numpy.typing import NDArray

from ..units import SAMPLE_RATE
from .decoders import open_source
from .source import Block, Source, block_frames, no_samples

Samples = NDArray[np.float32]

LIMIT = np.float32(4.0)
"""Float samples beyond 12 dB over full scale are limited to it: one broken value of 1e30 would
ring through the resampler. Ordinary overshoot beyond 1.0 is kept as it is."""

_BLOCKS_PER_S = 4
"""Short enough for a live label to be in time, long enough to tell whether channels cancel out."""

_CANCELS = 0.02
"""Channels cancel each other where their sum has less than this part of the power it would have if
they had nothing in common."""


@dataclass(frozen=True)
class AudioInfo:
    """What is known of a recording once it is open.

    Parameters
    ----------
    path
        The file.
    sample_rate, channels
        As stored: Hz, and the count of channels.
    duration
        Length in 16 kHz samples as the header tells it, None if it doesn't.
    format
        Container and codec, such as ``WAV PCM_16``.
    """

    path: Path
    sample_rate: int
    channels: int
    duration: int | None
    format: str


class AudioReader:
    """Reads one recording once, from start to end, as 16 kHz mono float32.

    Raises :class:`~core.errors.InputError` on opening where there is nothing to read. A recording
    that is damaged or cut off is read as far as it goes, with a line in :attr:`warnings` for each
    problem.

    >>> with AudioReader("talk.m4a") as reader:  # doctest: +SKIP
    ...     for samples in reader:
    ...         diarizer.push(samples)
    """

    def __init__(self, path: str | PathLike[str]) -> None:
        self._path = Path(fspath(path))
        self._source: Source = open_source(self._path)
        source = self._source
        self.info = AudioInfo(
            path=self._path,
            sample_rate=source.sample_rate,
            channels=source.channels,
            duration=_resampled(source.frames, source.sample_rate) if source.frames else None,
            format=source.format,
        )
        self.warnings: list[str] = []
        """One line each; complete after the last block."""
        self._done = 0
        self._position: float | None = 0.0

    @property
    def position(self) -> float | None:
        """How much has been read, 0..1; None if that can't be told."""
        return self._position

    def close(self) -> None:
        self._source.close()

    def __enter__(self) -> AudioReader:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __iter__(self) -> Iterator[Samples]:
        return self.blocks()

    def blocks(self) -> Iterator[Samples]:
        """Float32 ``(n,)``, 0 < n <= 16000, all finite; as long in all as the recording."""
        source = self._source
        intake = Intake(source.sample_rate, source.channels)
        for block in source.blocks():
            self._done += len(block)
            self._position = self._fraction()
            yield from _seconds(intake.push(block))
        if not self._done:
            raise no_samples(self._path)
        yield from _seconds(intake.flush())
        self._position = 1.0
        self.warnings += self._shortfall() + source.warnings + intake.warnings

    def _fraction(self) -> float | None:
        frames = self._source.frames
        return min(1.0, self._done / frames) if frames else self._source.fraction()

    def _shortfall(self) -> list[str]:
        source = self._source
        frames, rate = source.frames, source.sample_rate
        if not source.promised or not frames or frames - self._done <= rate // 5:
            return []
        return [
            f"the recording ends early: its header promises {frames / rate:.1f} s,"
            f" {self._done / rate:.1f} s are there"
        ]


def read_audio(path: str | PathLike[str]) -> Samples:
    """A whole short recording as 16 kHz mono float32 ``(n,)``; see :class:`AudioReader`."""
    with AudioReader(path) as reader:
        blocks = list(reader)
    return np.concatenate(blocks) if blocks else np.zeros(0, np.float32)


def _resampled(frames: int, rate: int) -> int:
    return round(frames * SAMPLE_RATE / rate)


def _seconds(samples: Samples) -> Iterator[Samples]:
    for start in range(0, len(samples), SAMPLE_RATE):
        yield samples[start : start + SAMPLE_RATE]


class Intake:
    """Frames of any rate and number of channels in, 16 kHz mono out.

    However the frames are cut into blocks, the samples are the same.
    """

    def __init__(self, rate: int, channels: int) -> None:
        self._rate = rate
        self._size = max(1, block_frames(rate, channels) // _BLOCKS_PER_S)
        self._mono = _Mono(channels)
        self._resample = _Resampler(rate)
        self._kept: list[Block] = []
        self._count = 0

    @property
    def warnings(self) -> list[str]:
        """What had to be mended so far, a line each."""
        return self._mono.warnings(self._rate)

    def push(self, block: Block) -> Samples:
        """Float32 ``(n, channels)`` in; the samples ``(m,)`` that are complete, all finite."""
        self._kept.append(block)
        self._count += len(block)
        if self._count < self._size:
            return np.zeros(0, np.float32)
        joined = self._kept[0] if len(self._kept) == 1 else np.concatenate(self._kept)
        end = self._count - self._count % self._size
        self._count -= end
        self._kept = [joined[end:].copy()] if self._count else []
        starts = range(0, end, self._size)
        mono = [self._mono(joined[start : start + self._size]) for start in starts]
        return self._resample.push(np.concatenate(mono) if len(mono) > 1 else mono[0])

    def flush(self) -> Samples:
        """The end of the recording: the rest."""
        last = [self._resample.push(self._mono(np.concatenate(self._kept)))] if self._count else []
        return np.concatenate([*last, self._resample.flush()])


class _Mono:
    """``(n, channels)`` blocks to finite mono ``(n,)``; counts what it had to mend."""

    def __init__(self, channels: int) -> None:
        self._heard = np.zeros(channels, dtype=bool)
        self._not_finite = self._beyond = self._cancelled = 0

    def __call__(self, block: Block) -> Samples:
        if not (block.min() >= -LIMIT and block.max() <= LIMIT):  # also where there is a NaN
            block = self._mend(block)
        planes: Block = np.ascontiguousarray(block.T)
        mono: Samples = planes[0]
        if len(planes) == 1:
            return mono
        powers = np.einsum("ij,ij->i", planes, planes)
        self._heard |= powers > 0
        count = int(self._heard.sum())
        if count:
            mono = planes[self._heard].mean(axis=0)
            if np.einsum("i,i", mono, mono) < _CANCELS * powers.sum() / count**2:
                self._cancelled += len(block)
                mono = planes[powers.argmax()]
        return mono

    def _mend(self, block: Block) -> Block:
        finite = np.isfinite(block)
        self._not_finite += int(block.size - np.count_nonzero(finite))
        block = np.where(finite, block, np.float32(0))
        self._beyond += int(np.count_nonzero(np.abs(block) > LIMIT))
        return np.clip(block, -LIMIT, LIMIT)

    def warnings(self, rate: int) -> list[str]:
        lines = []
        if self._not_finite:
            lines.append(f"{self._not_finite} values were not numbers (NaN or infinite); read as 0")
        if self._beyond:
            lines.append(
                f"{self._beyond} values are far beyond full scale and were limited;"
                " export the recording at a normal level"
            )
        if self._cancelled:
            lines.append(
                f"the channels cancel each other for {self._cancelled / rate:.0f} s (one has its"
                " polarity reversed); the louder one was used there"
            )
        return lines


class _Resampler:
    """Any rate to 16 kHz, ``round(n * 16000 / rate)`` samples in all; 16 kHz passes untouched."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._taken = self._given = 0
        self._stream = None
        if rate != SAMPLE_RATE:
            self._stream = soxr.ResampleStream(rate, SAMPLE_RATE, 1, quality="HQ")

    def push(self, samples: Samples) -> Samples:
        if self._stream is None:
            return samples
        self._taken += len(samples)
        out: Samples = self._stream.resample_chunk(np.ascontiguousarray(samples))
        self._given += len(out)
        return out

    def flush(self) -> Samples:
        if self._stream is None:
            return np.zeros(0, np.float32)
        rest: Samples = self._stream.resample_chunk(np.zeros(0, np.float32), last=True)
        due = max(0, _resampled(self._taken, self._rate) - self._given)
        return np.pad(rest[:due], (0, max(0, due - len(rest))))
