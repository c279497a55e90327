"""What the windows of a recording say of each other before their voices are compared.

Segmentation gives the windows of one stretch of speech one local voice. Windows of one local voice
near each other are most likely one speaker's, those of two local voices side by side are not: both
are *links*, with a weight in units of log likelihood. They are no certainties: a local voice may be
two people, where the network takes them for one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.arrays import Doubles, Labels
from core.units import SAMPLE_RATE

SAME = 0.5
"""For one speaker, where two windows have one local voice; ..."""
OTHER = 0.3
"""... against one speaker, where they have different ones; ..."""
NEAR = 0.5
"""... and for one speaker where no local voice is known and they follow each other."""
SPAN = 5 * SAMPLE_RATE // 2
"""Links reach so far, and are weaker the farther (2.5 s) ..."""
_FADE = SAMPLE_RATE // 2
"""... as if they reached so much farther."""
_NEXT = 4 * SAMPLE_RATE // 5
"""Windows that follow each other are at most so far apart (0.8 s)."""
_NOBODY = -1


@dataclass(frozen=True, eq=False)
class WindowPlaces:
    """Windows in time order, without what was heard in them.

    Parameters
    ----------
    centres
        (n,) samples.
    voices
        (n,) local voices; -1 for none.
    """

    centres: Labels
    voices: Labels

    @classmethod
    def of(cls, windows: Any) -> WindowPlaces:
        """Of a sequence of windows."""
        return cls(
            np.array([w.centre for w in windows], np.int64),
            np.array([w.voice for w in windows], np.int64),
        )

    def those(self, numbers: Labels) -> WindowPlaces:
        """Some of them, by number, in order."""
        return WindowPlaces(self.centres[numbers], self.voices[numbers])

    @cached_property
    def follows(self) -> NDArray[np.bool_]:
        """(n,): True where a window goes on with what the one before it heard."""
        steps = np.diff(self.centres, prepend=self.centres[:1] - 2 * _NEXT)
        before = np.concatenate([[_NOBODY], self.voices[:-1]])
        same = (self.voices == before) | (self.voices == _NOBODY) | (before == _NOBODY)
        return np.asarray((steps > 0) & (steps <= _NEXT) & same)

    @cached_property
    def links(self) -> Any:
        """Weights between windows, a sparse symmetric matrix (n, n) of scipy."""
        from scipy import sparse

        count = len(self.centres)
        rows: list[NDArray[np.int64]] = []
        columns: list[NDArray[np.int64]] = []
        weights: list[Doubles] = []
        for step in range(1, count):
            here = np.arange(count - step)
            apart = (self.centres[step:] - self.centres[:-step]).astype(np.float64)
            if not len(here) or apart.min() > SPAN:
                break
            first, second = self.voices[:-step], self.voices[step:]
            known = (first != _NOBODY) & (second != _NOBODY)
            fade = 1 - apart / (SPAN + _FADE)
            weight = np.where(
                known,
                np.where(first == second, SAME, -OTHER) * fade,
                np.where(apart <= _NEXT, NEAR, 0.0),
            )
            kept = np.flatnonzero((apart <= SPAN) & (weight != 0))
            rows.append(here[kept])
            columns.append(here[kept] + step)
            weights.append(weight[kept])
        if not rows:
            return sparse.csr_matrix((count, count))
        i, j, w = (np.concatenate(parts) for parts in (rows, columns, weights))
        half = sparse.coo_matrix((w, (i, j)), shape=(count, count))
        return (half + half.T).tocsr()
