"""Several files on one timeline: where each starts, as a person, their times or their sound say.

Two files that hear the same room are laid by the loudness of what they hear, 100 times a second:
where it goes together far better than anywhere else, they belong. Where they hear nothing of each
other, the times in the files count (the time reference of broadcast WAV, the creation time of MP4
and others), and where one has none, it begins together with the first, which is said.
"""

from __future__ import annotations

import filecmp
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.signal import correlate

from core.arrays import Array, Doubles
from core.audio.decoders import open_source
from core.audio.libav import time_in
from core.audio.read import AudioReader
from core.audio.together.listing import LATEST, MOST_FILES, Found, MeetingFile, is_together
from core.audio.together.names import names_of
from core.errors import InputError
from core.units import SAMPLE_RATE

_HZ = 100
_FLOOR = 1e-7
"""Power below which all is silence."""
_AROUND = 2 * _HZ
"""Loudness is taken about its mean over these frames: two rooms may be loud in different parts."""
_OVERLAP = 20 * _HZ
"""Frames that two files share at least, unless one is shorter."""
_SURE, _ALIKE = 9.0, 0.25
"""Their loudness goes together that many standard deviations better than elsewhere, and that well
(1 is the same)."""
_PEAK = _HZ // 2


@dataclass(frozen=True, slots=True)
class Laid:
    """A file on the timeline, and how sure that is: 0 (nothing says so) to 1."""

    part: MeetingFile
    confidence: float

    @property
    def said(self) -> str:
        """In words, on one line."""
        part = self.part
        how: dict[Found, str] = {
            "first": "the others are held against it",
            "given": "as given",
            "metadata": "by the times in the files",
            "sound": f"by what both hear, {100 * self.confidence:.0f}% sure",
            "": "nothing tells, so with the first; --offset FILE=SECONDS moves it",
        }
        file = f"{part.path.name}, track {part.track}" if part.track else part.path.name
        return f"{part.name} ({file}) starts at {part.start:.2f} s: {how[part.found]}"


def laid(
    paths: Sequence[Path],
    offsets: Mapping[Path, float] | None = None,
    on_file: Callable[[int], None] = lambda number: None,
) -> tuple[Laid, ...]:
    """Lay files on one timeline; one alone with several sound tracks is laid track by track.

    Parameters
    ----------
    paths
        1 to :data:`~core.audio.together.listing.MOST_FILES`.
    offsets
        Seconds by which some start after the first (before it, if below 0).
    on_file
        Called before each is heard, with its number from 0 on.

    Raises
    ------
    InputError
        If one can't be read, is there twice, or is laid outside the day of the meeting.
    """
    offsets = offsets or {}
    for path in offsets:
        if path not in paths:
            raise InputError(f"{path}: an offset is given for it, but it is none of the files")
    parts = _parts(paths)
    if parts[0].track is not None:  # of one file, which has one clock
        return tuple(Laid(replace(part, found="metadata"), 1.0) for part in parts)
    starts: list[_Start | None] = [None for _ in parts]
    for number, path in enumerate(paths):
        if path in offsets:
            starts[number] = _Start(offsets[path], "given", 1.0)
    first = starts[0] = starts[0] or _Start(0.0, "first", 1.0)
    if None in starts:
        _found_out(parts, starts, on_file)
    placed = [start or _Start(first.at, "", 0.0) for start in starts]
    begin = min(start.at for start in placed)
    if max(start.at for start in placed) - begin > LATEST:
        raise InputError("the files start more than a day apart: that is no meeting")
    return tuple(
        Laid(replace(part, start=round(start.at - begin, 4), found=start.found), start.sure)
        for part, start in zip(parts, placed, strict=True)
    )


class _Start(NamedTuple):
    at: float
    found: Found
    sure: float


def _parts(paths: Sequence[Path]) -> list[MeetingFile]:
    if len(paths) > MOST_FILES:
        raise InputError(f"{len(paths)} files are too many for one meeting: up to {MOST_FILES}")
    sizes = []
    tracks: list[int] = []
    for path in paths:
        if is_together(path):
            raise InputError(f"{path.name}: give the files themselves, not a list of them")
        source = open_source(path)
        source.close()
        tracks = [track.number for track in source.tracks]
        sizes.append(path.stat().st_size)
    for a, b in combinations(range(len(paths)), 2):
        if sizes[a] == sizes[b] and filecmp.cmp(paths[a], paths[b], shallow=False):
            twice = f"{paths[b]} is the same as {paths[a]}"
            raise InputError(f"{twice}: give every file of the meeting once")
    if len(paths) > 1:
        named = zip(paths, names_of(paths), sizes, strict=True)
        return [MeetingFile(path, name, size=size) for path, name, size in named]
    if not 2 <= len(tracks) <= MOST_FILES:
        raise InputError(
            f"{paths[0]}: a meeting of several files needs two, or one with several sound tracks"
        )
    return [
        MeetingFile(
            paths[0], track.title or f"Track {track.number}", 0.0, track.number, size=sizes[0]
        )
        for track in source.tracks
    ]


def _found_out(
    parts: Sequence[MeetingFile],
    starts: list[_Start | None],
    on_file: Callable[[int], None],
) -> None:
    """Fill in what isn't given, as far as anything tells."""
    heard: list[Doubles] = []
    for number, part in enumerate(parts):
        on_file(number)
        heard.append(_loudness(part.path))
    known = [n for n, start in enumerate(starts) if start is not None]
    waiting = [n for n, start in enumerate(starts) if start is None]
    while waiting:
        pairs = [(*lag_between(heard[a], heard[b]), a, b) for a in known for b in waiting]
        lag, sure, a, b = max(pairs, key=lambda pair: pair[1])
        if not sure:
            break
        starts[b] = _Start(_at(starts[a]) + lag, "sound", sure)
        known.append(b)
        waiting.remove(b)
    times = {n: time_in(parts[n].path) for n in range(len(parts))}
    for b in waiting:
        for a in known:
            there, here = times[a], times[b]
            if there is not None and here is not None:
                starts[b] = _Start(_at(starts[a]) + here - there, "metadata", 1.0)
                break


def _at(start: _Start | None) -> float:
    return start.at if start else 0.0


def _loudness(path: Path) -> Doubles:
    """(frames,): decibels of a file about their mean around, 100 a second."""
    step = SAMPLE_RATE // _HZ
    rest: Array = np.zeros(0, np.float32)
    powers = []
    with AudioReader(path) as reader:
        for samples in reader:
            rest = np.concatenate([rest, samples])
            whole = len(rest) - len(rest) % step
            powers.append(np.square(rest[:whole]).reshape(-1, step).mean(axis=1))
            rest = rest[whole:]
    found: Doubles = np.log10(np.concatenate(powers).astype(np.float64) + _FLOOR)
    sums = np.cumsum(np.pad(found, (_AROUND // 2 + 1, _AROUND // 2), "edge"))
    return np.asarray(found - (sums[_AROUND:][: len(found)] - sums[: len(found)]) / _AROUND)


def lag_between(one: Doubles, other: Doubles) -> tuple[float, float]:
    """How much later than one another starts that hears the same: seconds, and how sure (0 for
    not at all, up to 1).

    Parameters
    ----------
    one, other
        (frames,): their loudness about its mean, 100 a second.
    """
    if min(len(one), len(other)) < _HZ:
        return 0.0, 0.0

    def slid(a: Doubles, b: Doubles) -> Doubles:
        return np.asarray(correlate(a, b, "full", "fft"))

    least = min(_OVERLAP, len(one) // 2, len(other) // 2)
    shared = slid(np.ones(len(one)), np.ones(len(other)))
    norm = slid(one**2, np.ones(len(other))) * slid(np.ones(len(one)), other**2)
    known = (shared > least) & (norm > 1e-6)
    likeness = np.where(known, slid(one, other) / np.sqrt(np.where(known, norm, 1)), 0)
    # Chance makes short stretches alike: each counts as much as its length lets it.
    weighed = likeness * np.sqrt(shared)
    best = int(weighed.argmax())
    apart = known.copy()
    apart[max(0, best - _PEAK) : best + _PEAK] = False
    if not apart.any():
        return 0.0, 0.0
    height = float(weighed[best] - weighed[apart].mean()) / max(float(weighed[apart].std()), 1e-9)
    if height < _SURE or likeness[best] < _ALIKE:
        return 0.0, 0.0
    return (best - len(other) + 1) / _HZ, min(1.0, float(likeness[best]) + 0.1)
