"""A recording in, 16 kHz mono out, block by block: the whole file is never in memory.

How channels become one is told in :mod:`core.audio.mono`. What comes out doesn't depend on how the
decoder cuts its blocks: everything is done on blocks of a quarter of a second of the recording,
counted from its start. :class:`Intake` is that chain; the microphone goes through it, too, so that
a recording sounds the same live and from its file.
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

from core.audio.decoders import open_source
from core.audio.mono import Mono
from core.audio.source import Block, Source, Track, block_frames, no_samples
from core.units import SAMPLE_RATE

Samples = NDArray[np.float32]

_BLOCKS_PER_S = 4
"""Short enough for a live label to be in time, long enough to tell whether channels cancel out."""


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
    tracks, track
        The sound tracks where there are several, and the number of the one that is read.
    """

    path: Path
    sample_rate: int
    channels: int
    duration: int | None
    format: str
    tracks: tuple[Track, ...] = ()
    track: int = 1


class AudioReader:
    """Reads one recording once, from start to end, as 16 kHz mono float32.

    Raises :class:`~core.errors.InputError` on opening where there is nothing to read. A recording
    that is damaged or cut off is read as far as it goes, with a line in :attr:`warnings` for each
    problem.

    Parameters
    ----------
    path
        The file.
    track
        Number of the sound track to read, from 1 on, where there are several (a film with several
        languages); without it the one that the file asks for, or the first.

    >>> with AudioReader("talk.m4a") as reader:  # doctest: +SKIP
    ...     for samples in reader:
    ...         diarizer.push(samples)
    """

    def __init__(self, path: str | PathLike[str], track: int | None = None) -> None:
        self._path = Path(fspath(path))
        self._source: Source = open_source(self._path, track)
        source = self._source
        self.info = AudioInfo(
            path=self._path,
            sample_rate=source.sample_rate,
            channels=source.channels,
            duration=_resampled(source.frames, source.sample_rate) if source.frames else None,
            format=source.format,
            tracks=source.tracks,
            track=source.track,
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
        intake = Intake(self.info.sample_rate, self.info.channels)
        for block in self.frames():
            yield from _seconds(intake.push(block))
        yield from _seconds(intake.flush())
        self.warnings += intake.warnings

    def frames(self) -> Iterator[Block]:
        """The recording as stored, ``(n, channels)`` at its own rate, instead of :meth:`blocks`."""
        source = self._source
        for block in source.blocks():
            self._done += len(block)
            self._position = self._fraction()
            yield block
        if not self._done:
            raise no_samples(self._path)
        self._position = 1.0
        self.warnings += self._shortfall() + source.warnings

    def _fraction(self) -> float | None:
        frames = self._source.frames
        return min(1.0, self._done / frames) if frames else self._source.fraction()

    def _shortfall(self) -> list[str]:
        source = self._source
        frames, rate = source.frames, source.sample_rate
        if not source.promised or not frames:
            return []
        if frames - self._done <= rate // 5 + source.slack:
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
        self._size = max(1, block_frames(rate, channels) // _BLOCKS_PER_S)
        self._mono = Mono(channels, rate)
        self._resample = _Resampler(rate)
        self._kept: list[Block] = []
        self._count = 0

    @property
    def warnings(self) -> list[str]:
        """What had to be mended so far, a line each."""
        return self._mono.warnings

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
