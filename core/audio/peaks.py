"""The picture of a waveform: a pyramid of minima and maxima, so that drawing never sees a sample.

Level 0 holds the lowest and highest value of every 80 samples (5 ms), each further level joins
eight bins of the one below. A query reads the level whose bins are a quarter of a column wide or
less, so it costs the same for a second as for eight hours. Values are 16-bit integers at 1/8192 of
full scale: eight hours take 27 MB. How loud it is comes from the energy so far at every 320 samples
(20 ms), another 12 MB.
"""

from __future__ import annotations

from threading import Lock
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

BIN = 80
"""Samples of the finest bin; closer up than that the waveform is drawn in steps of 5 ms."""

ENERGY_BIN = 320
"""Samples between two known energies; between them it grows evenly."""

_FACTOR = 8
_LEVELS = 5
_SCALE = 8192  # full scale is +-1, the reader lets +-4 through: 15 bits
_SEGMENT = 1 << 15

_Bins: TypeAlias = NDArray[np.int16]  # (2, n): minima, maxima
_Real: TypeAlias = NDArray[Any]


class Peaks:
    """Lowest and highest sample of any stretch of a recording, while it grows or afterwards.

    One thread may push while another queries.

    >>> peaks = Peaks()
    >>> peaks.push(np.array([0.0, 0.5, -0.25], np.float32))
    >>> peaks.query(0, 3, 1)
    (array([-0.25], dtype=float32), array([0.5], dtype=float32))
    """

    def __init__(self) -> None:
        self._levels = [_Level() for _ in range(_LEVELS)]
        self._energy = _Energy()
        self._duration = 0
        self._lock = Lock()

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_lock": None}  # a lock can't go to another process

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__ |= {**state, "_lock": Lock()}

    @property
    def duration(self) -> int:
        """Samples pushed so far."""
        return self._duration

    def push(self, samples: NDArray[np.float32]) -> None:
        """Append 16 kHz samples, float32 ``(n,)``, finite. Values beyond -4..4 are limited."""
        if not len(samples):
            return
        with self._lock:
            first, filled = divmod(self._duration, BIN)
            bins = _grouped(samples, samples, BIN - filled, BIN) * _SCALE
            bins[0], bins[1] = np.floor(bins[0]), np.ceil(bins[1])
            new = np.clip(bins, -32768, 32767).astype(np.int16)
            if filled:
                old = self._levels[0].read(first, first + 1)
                new[0, 0], new[1, 0] = min(old[0, 0], new[0, 0]), max(old[1, 0], new[1, 0])
            for level in self._levels:
                level.write(first, new)
                above = first // _FACTOR
                low, high = level.read(above * _FACTOR, level.count)
                first, new = above, _grouped(low, high, _FACTOR, _FACTOR)
            self._energy.push(samples)
            self._duration += len(samples)

    def rms(self, start: int, end: int, columns: int) -> NDArray[np.float32]:
        """Root mean square of equal parts of ``start..end``, float32 ``(columns,)``; what isn't
        there counts as silence. Parts shorter than :data:`ENERGY_BIN` share theirs.

        Raises
        ------
        ValueError
            Unless ``start < end`` and ``columns > 0``.
        """
        edges = _edges(start, end, columns)
        with self._lock:
            energies = self._energy.at(edges)
        mean = np.maximum(np.diff(energies), 0) / np.maximum(np.diff(edges), 1)
        return np.asarray(np.sqrt(mean), np.float32)

    def query(
        self, start: int, end: int, columns: int
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Minima and maxima of equal parts of ``start..end``, each float32 ``(columns,)``.

        Every sample of a column lies within its minimum and maximum. These may be wider by what
        lies next to the column, within a quarter of its width or :data:`BIN` samples, whichever is
        more, and by 1/8192 for rounding. Where there is no sample, before 0 or beyond the
        duration, both are 0.

        Raises
        ------
        ValueError
            Unless ``start < end`` and ``columns > 0``.
        """
        edges = _edges(start, end, columns)
        lefts, rights = edges[:-1], np.maximum(edges[1:], edges[:-1] + 1)
        index = 0
        while index + 1 < _LEVELS and 4 * BIN * _FACTOR ** (index + 1) * columns <= end - start:
            index += 1
        size = BIN * _FACTOR**index
        result = np.zeros((2, columns), np.float32)
        with self._lock:
            heard = np.maximum(lefts, 0) < np.minimum(rights, self._duration)
            if heard.any():
                level = self._levels[index]
                firsts = np.maximum(lefts[heard] // size, 0)
                lasts = np.minimum(-(-rights[heard] // size), level.count)
                bins = level.read(firsts[0], lasts[-1])
                result[:, heard] = _spans(bins, firsts - firsts[0], lasts - firsts[0])
        result /= _SCALE
        return result[0], result[1]


def _edges(start: int, end: int, columns: int) -> NDArray[np.int64]:
    if not (start < end and columns > 0):
        raise ValueError(f"a query needs start < end and columns, got {start}..{end}, {columns}")
    return start + (end - start) * np.arange(columns + 1, dtype=np.int64) // columns


class _Energy:
    """The sum of the squares of all samples before every :data:`ENERGY_BIN`-th one."""

    def __init__(self) -> None:
        self._sums: NDArray[np.float64] = np.zeros(1 << 12)
        self._count = 1  # known sums, the first is 0
        self._rest = 0.0  # of the samples behind the last one
        self._filled = 0  # how many they are

    def push(self, samples: NDArray[np.float32]) -> None:
        squares = np.square(samples, dtype=np.float64)
        first = ENERGY_BIN - self._filled
        parts = np.add.reduceat(squares, [0, *range(first, len(squares), ENERGY_BIN)])
        parts[0] += self._rest
        whole, self._filled = divmod(self._filled + len(squares), ENERGY_BIN)
        self._rest = float(parts[whole]) if self._filled else 0.0
        while self._count + whole > len(self._sums):
            self._sums = np.concatenate([self._sums, np.zeros_like(self._sums)])
        sums = self._sums[self._count - 1] + np.cumsum(parts[:whole])
        self._sums[self._count : self._count + whole] = sums
        self._count += whole

    def at(self, edges: NDArray[np.int64]) -> NDArray[np.float64]:
        """The energy before each of these samples."""
        places = edges / ENERGY_BIN
        below = np.clip(np.floor(places), 0, self._count - 1).astype(np.int64)
        above = np.minimum(below + 1, self._count - 1)
        low, high = self._sums[below], self._sums[above]
        last = self._sums[self._count - 1] + self._rest
        high = np.where(above == below, last, high)
        return low + (high - low) * np.clip(places - below, 0, 1)


class _Level:
    """Bins of one size in segments, so that growing never copies what is there."""

    def __init__(self) -> None:
        self.count = 0
        self._segments: list[_Bins] = []

    def write(self, first: int, bins: _Bins) -> None:
        """Replace everything from bin ``first`` on, at most ``count``."""
        self.count = first + bins.shape[1]
        while self.count > len(self._segments) * _SEGMENT:
            self._segments.append(np.zeros((2, _SEGMENT), np.int16))
        done = 0
        while done < bins.shape[1]:
            index, offset = divmod(first + done, _SEGMENT)
            part = bins[:, done : done + _SEGMENT - offset]
            self._segments[index][:, offset : offset + part.shape[1]] = part
            done += part.shape[1]

    def read(self, first: int, last: int) -> _Bins:
        """Bins ``first`` to ``last`` (not included), shape ``(2, last - first)``."""
        parts = []
        while first < last:
            index, offset = divmod(first, _SEGMENT)
            parts.append(self._segments[index][:, offset : offset + last - first])
            first += parts[-1].shape[1]
        return parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)


def _grouped(low: _Real, high: _Real, first: int, size: int) -> _Real:
    """Minimum of ``low``, maximum of ``high`` over groups of ``size``; the first has ``first``."""
    starts = np.concatenate([[0], np.arange(first, len(low), size)])
    return np.stack([np.minimum.reduceat(low, starts), np.maximum.reduceat(high, starts)])


def _spans(bins: _Bins, firsts: NDArray[np.int64], lasts: NDArray[np.int64]) -> _Bins:
    """Minimum and maximum of each span ``firsts..lasts``; spans may share bins."""
    bounds = np.stack([firsts, lasts], axis=1).ravel()  # every other group is a span
    bins = np.pad(bins, ((0, 0), (0, 1)))  # a bound may be the end, which reduceat doesn't allow
    low = np.minimum.reduceat(bins[0], bounds)[::2]
    high = np.maximum.reduceat(bins[1], bounds)[::2]
    return np.stack([low, high])
