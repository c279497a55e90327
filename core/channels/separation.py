"""Which channels are different people's, and where one only carries what another one says.

Everything is told from the power of the voices in frames of 20 ms (:mod:`core.channels.levels`).

*Leaks.* What leaks from one channel into another comes with each of its frames, a while later and
so many dB lower; whatever else the other one carries only adds to it. So the lowest ratios of
the two at a lag, where the first is loud, are the gain of the leak at that lag, and nearly nothing
where there is none: crosstalk of a cable is at no lag, the echo of the other side of a call some
200 ms later. Nothing is supposed of the way it took: codecs and loudspeakers may have bent it.

*Apart.* Two channels are as far apart as the leaks between them, both ways, are low. That holds for
whatever levels they were recorded at. A copy, the sides of a stereo picture and two microphones at
one table are near each other; callers, and microphones that each belong to a mouth, are far apart.

*Explained.* Where a channel is hardly louder than what leaks into it, nobody speaks on it. Where
two sound alike for a second and neither is explained, as for somebody who sits between two
microphones, the louder one has it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, permutations
from typing import Literal, get_args

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from core.arrays import Array, Doubles
from core.channels.levels import FRAMES_PER_S

Channels = Literal["auto", "mix", "speakers"]
"""What channels are: found out, one sound, or one lane at least each."""
CHANNELS: tuple[Channels, ...] = get_args(Channels)
MOST = 16
"""Recordings with more channels are mixed: every one is held against every other."""

Mask = NDArray[np.bool_]

APART = 8.0
"""dB: channels that are nearer to each other are one sound."""
ALIKE = 0.2
"""Channels that sound alike for more than this part of what is said are one sound, too."""
_OWN = 2 * FRAMES_PER_S
"""Frames (2 s) that a channel has to have for itself to be somebody's by what is found out; ..."""
_ANY = FRAMES_PER_S // 4
"""... beside such channels this much is somebody, who says little."""

_EARLIEST, _LATEST = -5, 30
"""Lags (frames) at which leaks are looked for: 0.6 s after, and 0.1 s before in case that the
channels are a little out of step."""
_LOWEST = 0.05
"""This part of the ratios at a lag is taken to be lower than the gain of the leak."""
_LOUD, _NEAR_TOP = 100.0, 0.03
"""Frames are loud that have 20 dB over the background, and no less than 15 dB under the loudest."""
_LEAST_LOUD = FRAMES_PER_S
"""With fewer loud frames (1 s) nothing is known of a leak."""
_HALF = 0.5
_PEAK = 4.0
"""A leak has its lag: what is at every lag within 6 dB is just as much talk there as here."""
_PART = 60 * FRAMES_PER_S
"""Leaks are looked for minute by minute: somebody turns the loudspeaker up."""
_MARGIN = 6.3
"""A channel with less than this (8 dB) times what leaks into it has nothing else."""
_AROUND = 3
"""Frames before and after that are weighed with each (60 ms)."""
_ACTIVE, _SILENCE = 30.0, 1e-7
"""A channel is active 15 dB over its background and over -70 dB of full scale ..."""
_DEEP = 1e-4
"""... and where it isn't 40 dB below what is loud on it."""
_NOTHING = 1e-12
_LATER = 0.05
"""Leaks after as many seconds are told to be late."""

_FIRST, _STRETCH = 5 * FRAMES_PER_S, FRAMES_PER_S // 2
"""While a call is recorded the first 5 s are told at once, then half a second each time ..."""
_AHEAD, _PAST = 2 * FRAMES_PER_S, 60 * FRAMES_PER_S
"""... from two seconds that were heard after it (a new echo is known then), and the last minute."""

_SECOND, _SIMILAR = FRAMES_PER_S, 0.85
"""Two channels sound alike where their levels go together as closely as this for a second."""


@dataclass(frozen=True)
class Leak:
    """What of one share of the channels is heard on another: ``gain`` in dB against the other's
    own voices, ``lag`` in seconds."""

    source: int
    target: int
    gain: float
    lag: float


@dataclass(frozen=True, eq=False)
class ChannelSplit:
    """Channels that are different people's.

    Parameters
    ----------
    shares
        The channels, counted from 0, of each of those people or groups of people.
    open
        (shares, frames): where a share has something of its own.
    names
        Of the shares: Left and Right, or Channel 1 and so on.
    leaks
        Those that are worth telling.
    """

    shares: tuple[tuple[int, ...], ...]
    open: Mask
    names: tuple[str, ...]
    leaks: tuple[Leak, ...] = ()

    def called(self, channels: Sequence[str]) -> ChannelSplit:
        """The same with shares named after what their channels are called."""
        shares = [[channels[n] for n in share] for share in self.shares]
        return replace(self, names=tuple(" and ".join(share) for share in shares))

    @property
    def said(self) -> str:
        """In words, on one line."""
        *names, last = self.names
        line = f"{', '.join(names)} and {last} are channels of different people, each heard alone"
        leaks = [
            f"what is said on {self.names[leak.source]} is heard on {self.names[leak.target]}, too,"
            f" {abs(leak.gain):.0f} dB {'below' if leak.gain < 0 else 'above'} the voices there"
            + (f" and {1000 * leak.lag:.0f} ms later" if leak.lag > _LATER else "")
            + ", and makes no turns there"
            for leak in self.leaks
        ]
        return "; ".join([line, *leaks])


def separate(powers: Array, channels: Channels = "auto") -> ChannelSplit | None:
    """Whose channels they are; None where they are one sound.

    Parameters
    ----------
    powers
        (frames, channels), as :class:`core.channels.levels.Levels` gives them.
    channels
        ``speakers`` where every channel with any sound is somebody's, whatever is heard.
    """
    count = powers.shape[1]
    if channels == "mix" or not 2 <= count <= MOST:
        return None
    sounding: list[tuple[int, ...]] = [
        (n,) for n in range(count) if float(powers[:, n].max(initial=0)) > _SILENCE
    ]
    if len(sounding) < 2:
        return None
    shares = _Shares(_levels(powers, sounding))
    if channels == "auto":
        grouped, mixtures = _grouped(shares, sounding)
        if len(grouped) < 2:
            return None
        if mixtures or grouped != sounding:
            shares, sounding = _Shares(_levels(powers, grouped), mixtures), grouped
    open_ = shares.open()
    own = (open_ & shares.active).sum(axis=1)
    if channels == "auto" and int((own >= _OWN).sum()) < 2:
        return None
    kept = np.flatnonzero(own >= _ANY)
    if len(kept) < 2:
        return None
    place = {int(n): i for i, n in enumerate(kept)}
    chosen = tuple(sounding[n] for n in kept)
    leaks = tuple(
        Leak(place[a], place[b], gain, lag)
        for (a, b), (gain, lag) in shares.leaks().items()
        if a in place and b in place
    )
    names = tuple(_name(share, count) for share in chosen)
    return ChannelSplit(chosen, open_[kept], names, leaks)


class CallGate:
    """Where each side of a call has something of its own, told while it is recorded.

    As :func:`separate` would tell with the channels known to be different people's, but each
    stretch from the minute before it and two seconds after it alone: so a recording and its file
    are told the same. What leaks is known once there was a second of it: before that some of an
    echo passes.
    """

    def __init__(self, channels: int) -> None:
        self._known: Array = np.zeros((0, channels), np.float32)
        self._from = 0
        self._done = 0

    def push(self, powers: Array) -> Mask:
        """More of what :class:`core.channels.levels.Levels` gives, ``(frames, channels)``; of
        those frames the mask ``(channels, n)`` that are decided, the next ones each time."""
        self._known = np.concatenate([self._known, powers])
        masks: list[Mask] = [np.zeros((self._known.shape[1], 0), np.bool_)]
        while self._from + len(self._known) >= self._next + _AHEAD:
            masks.append(self._decided(self._next, self._next + _AHEAD))
            self._done = self._next
            first = max(self._from, self._done + _STRETCH + _AHEAD - _PAST)
            self._known, self._from = self._known[first - self._from :], first
        return np.concatenate(masks, axis=1)

    def finish(self) -> Mask:
        """The rest."""
        end = self._from + len(self._known)
        if end == self._done:
            return np.zeros((self._known.shape[1], 0), np.bool_)
        return self._decided(end, end)

    @property
    def _next(self) -> int:
        return self._done + _STRETCH if self._done else _FIRST

    def _decided(self, until: int, known: int) -> Mask:
        start = max(self._from, known - _PAST)
        powers = self._known[start - self._from : known - self._from]
        shares = _Shares(np.ascontiguousarray(powers.T))
        return shares.open()[:, self._done - start : until - start]


def separate_call(powers: Array, names: Sequence[str]) -> ChannelSplit:
    """The sides of a call that was recorded as one, with their names; as :class:`CallGate`."""
    gate = CallGate(powers.shape[1])
    open_ = np.concatenate([gate.push(powers), gate.finish()], axis=1)
    return ChannelSplit(tuple((n,) for n in range(len(names))), open_, tuple(names))


def _name(share: Sequence[int], count: int) -> str:
    if count == 2:
        return ("Left", "Right")[share[0]]
    numbers = [str(n + 1) for n in share]
    if len(numbers) == 1:
        return f"Channel {numbers[0]}"
    return f"Channels {', '.join(numbers[:-1])} and {numbers[-1]}"


def _levels(powers: Array, shares: Iterable[Sequence[int]]) -> Array:
    """(shares, frames): the loudest of each share's channels."""
    return np.stack([powers[:, list(share)].max(axis=1) for share in shares])


def _grouped(
    held: _Shares, single: Sequence[tuple[int, ...]]
) -> tuple[list[tuple[int, ...]], frozenset[int]]:
    """Channels that aren't far enough from each other, together; and which of these shares are
    mixtures: near to others that are far from each other, as the sum that a recorder keeps."""
    count = len(single)
    near = np.eye(count, dtype=np.bool_)
    for a, b in combinations(range(count), 2):
        near[a, b] = near[b, a] = held.distance(a, b) < APART or held.alike(a, b) > ALIKE
    mixtures = [n for n in range(count) if not near[near[n]][:, near[n]].all()]
    group = list(range(count))
    for a, b in combinations([n for n in range(count) if n not in mixtures], 2):
        if near[a, b]:
            group = [group[a] if g == group[b] else g for g in group]
    shares = [
        tuple(single[n][0] for n in range(count) if group[n] == g) for g in dict.fromkeys(group)
    ]
    mixed = frozenset(shares.index(single[n]) for n in mixtures)
    return shares, mixed


class _Shares:
    """Levels (shares, frames), held against each other; ``mixtures`` of others explain nothing."""

    def __init__(self, levels: Array, mixtures: Collection[int] = ()) -> None:
        self._levels = levels
        self._floor = np.quantile(levels, 0.1, axis=1, keepdims=True) + _NOTHING
        self._smooth = _mean(levels, 1)
        self._top = np.array([*map(_top, levels, self._floor)])
        pairs = [p for p in permutations(range(len(levels)), 2) if p[0] not in mixtures]
        # What leaks in one way mustn't be taken for a source of the other: at first a source is
        # what is about as loud as all that was just before on the other, then what is no leak.
        self._sources = {(a, b): self._ahead(a, b) for a, b in pairs}
        self._whole = {pair: self._gains(*pair) for pair in pairs}
        own = np.where(self._leakless(), self._smooth, np.float32(0))
        self._sources.update({p: own[p[0]] for p in pairs if self._tells(p[0], own[p[0]])})
        self._whole = {pair: self._gains(*pair) for pair in pairs}
        self._clear = self._leakless()
        self.active: Mask = (
            (levels > _ACTIVE * self._floor)
            & (levels > _SILENCE)
            & (levels > _DEEP * self._top[:, np.newaxis])
        )
        """(shares, frames)"""

    def distance(self, a: int, b: int) -> float:
        """How far apart two are, in dB."""
        if (a, b) not in self._whole or (b, a) not in self._whole:
            return np.inf
        there, back = self._whole[a, b].max(), self._whole[b, a].max()
        return float(-5 * np.log10(max(there, _NOTHING) * max(back, _NOTHING)))

    def alike(self, a: int, b: int) -> float:
        """The part of what is said on two for which they sound alike, and nothing explains it."""
        said = self.active[a] | self.active[b]
        both = self._similar(a, b) & said & self._clear[a] & self._clear[b]
        return float(both.sum() / max(1, said.sum()))

    def leaks(self) -> dict[tuple[int, int], tuple[float, float]]:
        """By source and target the gain and lag of a :class:`Leak` that can be heard."""
        found = {}
        for (a, b), gains in self._whole.items():
            gain = float(gains.max())
            audible = gain * self._top[a] > _ACTIVE * self._floor[b, 0]
            if audible and gain * self._top[a] > _SILENCE:
                lag = int(gains.argmax()) + _EARLIEST
                heard = gain * self._top[a] / self._top[b]
                found[a, b] = 10 * float(np.log10(heard)), lag / FRAMES_PER_S
        return found

    def open(self) -> Mask:
        """(shares, frames): where each has something of its own."""
        open_ = self._clear.copy()
        for a, b in self._whole:
            if a < b and (b, a) in self._whole:
                both = self._similar(a, b) & open_[a] & open_[b]
                louder = self._louder(a, b, _mean(self._levels, _SECOND // 2))
                open_[b] &= ~(both & louder)
                open_[a] &= ~(both & ~louder)
        return open_

    def _leakless(self) -> Mask:
        """(shares, frames): where what each has leaks from nowhere."""
        open_ = np.ones(self._levels.shape, np.bool_)
        for a, b in self._whole:
            open_[b] &= ~self._explained(a, b)
        return open_

    def _explained(self, a: int, b: int) -> Mask:
        """Where what is on ``b`` leaks from ``a``, and not the other way round."""
        frames = self._levels.shape[1]
        leaking: Array = np.zeros(frames, np.float32)
        for start in range(0, frames, _PART):
            end = min(start + _PART, frames)
            gains = self._gains(a, b, start, end)
            for lag, gain in zip(range(_EARLIEST, _LATEST + 1), gains.tolist(), strict=True):
                if gain > _NOTHING:
                    came = gain * _shifted(self._smooth[a], lag, start, end)
                    np.maximum(leaking[start:end], came, out=leaking[start:end])
        heard, leaking = _mean(self._levels[b], _AROUND), _mean(leaking, _AROUND)
        explained: Mask = heard < _MARGIN * leaking
        if self.distance(a, b) < APART:
            explained &= self._louder(a, b, _mean(self._levels, _AROUND))  # either could be it
        return explained

    def _louder(self, a: int, b: int, levels: Array) -> Mask:
        """Where ``a`` is louder than ``b``, both taken to have been recorded at one level."""
        there, back = (max(float(self._whole[p].max()), _NOTHING) for p in ((a, b), (b, a)))
        scale = np.sqrt(there / back) if min(there, back) > 1e-5 else self._top[b] / self._top[a]
        other = levels[a] * np.float32(scale)
        return np.asarray(other > levels[b] if a > b else other >= levels[b])

    def _ahead(self, a: int, b: int) -> Array:
        """``a`` where it isn't less loud than ``b`` was just before, by the levels of both."""
        other = self._smooth[b] * np.float32(_HALF * self._top[a] / self._top[b])
        padded = np.pad(other, (_LATEST, -_EARLIEST))
        before = sliding_window_view(padded, _LATEST - _EARLIEST + 1).max(axis=1)
        return np.where(self._smooth[a] > before, self._smooth[a], np.float32(0))

    def _loud(self, a: int, source: Array) -> Mask:
        """Where a source on ``a`` is loud."""
        least = max(_LOUD * float(self._floor[a, 0]), _NEAR_TOP * float(self._top[a]), _SILENCE)
        return np.asarray(source > least)

    def _tells(self, a: int, source: Array) -> bool:
        """Whether there is enough of a source on ``a`` to look for leaks."""
        return int(self._loud(a, source).sum()) >= _LEAST_LOUD

    def _gains(self, a: int, b: int, start: int = 0, end: int | None = None) -> Doubles:
        """(lags,): how much of ``a`` is on ``b``, in a part of the recording if that says it."""
        whole = end is None
        end = self._levels.shape[1] if end is None else end
        over = np.maximum(self._smooth[b, start:end] - self._floor[b], 0)
        there = self._levels[b, start:end] > 0  # a file that hasn't begun yet tells nothing
        gains = np.zeros(_LATEST + 1 - _EARLIEST)
        for n, lag in enumerate(range(_EARLIEST, _LATEST + 1)):
            source = _shifted(self._sources[a, b], lag, start, end)
            loud = self._loud(a, source) & there
            if loud.sum() >= (1 if whole else 5) * _LEAST_LOUD:
                ratios = over[loud] / source[loud]
                low = int(_LOWEST * len(ratios))
                gains[n] = np.partition(ratios, low)[low]
            elif not whole:
                return self._whole[a, b]
        return np.where(gains > _PEAK * np.median(gains), gains, 0.0)

    def _similar(self, a: int, b: int) -> Mask:
        """Where two sound alike for a second, both of them loud enough to tell."""
        rows = [
            10 * np.log10(np.maximum(self._smooth[n], self._floor[n] + _SILENCE)) for n in (a, b)
        ]
        best = np.full(len(rows[0]), -1.0)
        for lag in range(-2, 3):
            np.maximum(best, _together(np.roll(rows[0], lag), rows[1]), out=best)
        both = _mean((self.active[a] & self.active[b]).astype(np.float32), _SECOND // 2) > 0.3
        return _widened((best > _SIMILAR) & both, _SECOND // 2)


def _top(row: Array, floor: Array) -> float:
    loud = row[row > np.maximum(_ACTIVE * floor, _SILENCE)]
    return float(np.quantile(loud, 0.9)) if len(loud) else _NOTHING


def _mean(levels: Array, around: int) -> Array:
    """Each frame with so many before and after it; there is nothing beyond the ends."""
    return np.asarray(np.maximum(_running(levels, around), 0), np.float32)


def _running(rows: Array | Doubles, around: int) -> Doubles:
    pad = [(0, 0)] * (rows.ndim - 1) + [(around + 1, around)]
    sums = np.pad(rows.astype(np.float64), pad).cumsum(axis=-1)
    width = 2 * around + 1
    return np.asarray((sums[..., width:] - sums[..., :-width]) / width)


def _shifted(row: Array, lag: int, start: int, end: int) -> Array:
    """Frames from start to end as they were ``lag`` frames before; 0 where there were none."""
    first, last = start - lag, end - lag
    inside = row[max(0, first) : max(0, last)]
    before = min(max(0, -first), end - start)
    return np.pad(inside, (before, max(0, end - start - before - len(inside))))


def _together(one: Doubles, other: Doubles) -> Doubles:
    """The correlation of two rows around each frame, over a second."""

    def mean(row: Doubles) -> Doubles:
        return _running(row, _SECOND // 2)

    middle, centre = mean(one), mean(other)
    spread = (mean(one**2) - middle**2) * (mean(other**2) - centre**2)
    common = mean(one * other) - middle * centre
    return np.asarray(common / np.sqrt(np.maximum(spread, 1.0)))


def _widened(mask: Mask, around: int) -> Mask:
    return np.asarray(_mean(mask.astype(np.float32), around) > 0)
