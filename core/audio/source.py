"""What every decoder is to the reader: an open recording that gives its samples as stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError

Block: TypeAlias = NDArray[np.float32]
"""Frames as stored, float32 ``(n, channels)``; integer formats are scaled to -1..1."""

MIN_RATE, MAX_RATE = 2_000, 768_000
"""Hz. A rate outside is a damaged header; resampling it would cost unbounded time."""

MAX_CHANNELS = 1024

MAX_TRACKS = 1000
"""No file has more sound tracks."""

CAN_CHOOSE = "another one can be chosen"
"""How the warning ends that tells of several sound tracks where none was asked for."""

_BLOCK_VALUES = 1 << 20


@dataclass(frozen=True)
class Track:
    """One of the sound tracks of a file: a film may have a language or a commentator in each.

    Parameters
    ----------
    number
        Counted from 1, in the file's order.
    channels
        As stored; 0 if the file doesn't say.
    language, title
        As the file names them; mostly empty.
    default
        Whether the file asks that this one is played.
    """

    number: int
    channels: int = 0
    language: str = ""
    title: str = ""
    default: bool = False

    def __str__(self) -> str:
        channels = {0: "", 1: "mono", 2: "stereo"}.get(self.channels, f"{self.channels} channels")
        known = (self.language, self.title, channels, "the default" if self.default else "")
        said = ", ".join(filter(None, known))
        return f"{self.number} ({said})" if said else str(self.number)


class Source(Protocol):
    """An open recording, read once from start to end."""

    format: str
    sample_rate: int
    channels: int
    frames: int | None
    """How many frames there are, as the file says or the decoder estimates."""
    promised: bool
    """Whether ``frames`` is the file's own word, so that fewer frames mean a cut off file."""
    slack: int
    """By how many frames ``frames`` may be too high: some files count whole blocks of a codec."""
    tracks: tuple[Track, ...]
    """All sound tracks where there are several to choose from."""
    track: int
    """The number of the one that is read."""
    warnings: list[str]
    """Complete after the last block."""

    def blocks(self) -> Iterator[Block]:
        """The frames in blocks of any length above 0. A file damaged inside raises nothing."""

    def fraction(self) -> float | None:
        """How far reading has come, 0..1, for where ``frames`` isn't known."""

    def close(self) -> None:
        """Close the file; twice does no harm."""


def shortfall(source: Source, done: int) -> list[str]:
    """A line where fewer frames than the file promises are there, ``done``; else none."""
    frames, rate = source.frames, source.sample_rate
    if not source.promised or not frames or frames - done <= rate // 5 + source.slack:
        return []
    return [
        f"the recording ends early: its header promises {frames / rate:.1f} s,"
        f" {done / rate:.1f} s are there"
    ]


def block_frames(sample_rate: int, channels: int) -> int:
    """Frames of one block: a second, or less where so many channels would take over 4 MiB."""
    return min(sample_rate, _BLOCK_VALUES // channels)


def check_layout(path: Path, sample_rate: int, channels: int) -> None:
    """Raise an InputError where rate or channel count can only be a damaged header."""
    if not MIN_RATE <= sample_rate <= MAX_RATE:
        raise InputError(
            f"{path.name}: its header says {sample_rate} Hz, which can't be right;"
            " export it again, at 16000 to 48000 Hz."
        )
    if not 1 <= channels <= MAX_CHANNELS:
        raise InputError(
            f"{path.name}: its header says {channels} channels, which can't be right;"
            " export it again, in mono or stereo."
        )


def no_samples(path: Path) -> InputError:
    """The error for a recording of length zero."""
    return InputError(f"{path.name}: there are no samples in it; record or export it again.")


def no_track(path: Path, track: int | None, tracks: tuple[Track, ...] = ()) -> InputError:
    """The error for a sound track that isn't there."""
    there = f"the tracks are {', '.join(map(str, tracks))}" if tracks else "there is only one"
    return InputError(f"{path.name}: there is no sound track {track}; {there}.")
