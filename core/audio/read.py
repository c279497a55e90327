"""A recording in, 16 kHz mono out, block by block: the whole file is never in memory.

How channels become one is told in :mod:`core.audio.mono`. What comes out doesn't depend on how the
decoder cuts its blocks: everything is done on blocks of a quarter of a second of the recording,
counted from its start. :class:`~core.audio.mono.Intake` is that chain; the microphone goes through
it, too, so that a recording sounds the same live and from its file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from os import PathLike, fspath
from pathlib import Path
from types import TracebackType

import numpy as np

from core.audio.decoders import open_source
from core.audio.mono import Intake, Samples
from core.audio.source import Block, Source, Track, no_samples, shortfall
from core.units import SAMPLE_RATE


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
        self.warnings += shortfall(source, self._done) + source.warnings

    def _fraction(self) -> float | None:
        frames = self._source.frames
        return min(1.0, self._done / frames) if frames else self._source.fraction()


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
