"""Where a dragged edge snaps to: the edges of other turns and of speech, and the playhead."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from core.annotation.values import Annotation, Turn
from core.stream.speech import Interval

SampleTimes = NDArray[np.int64]


def targets(
    annotation: Annotation, speech: Iterable[Interval], leave: Iterable[Turn], *more: int
) -> SampleTimes:
    """All samples to snap to, sorted.

    Parameters
    ----------
    speech
        Stretches of speech, or pauses in it.
    leave
        Turns whose own edges don't count: those that are being dragged.
    more
        Single samples, such as that of the playhead.
    """
    left = set(leave)
    edges = [(t.start, t.end) for t in annotation.turns if t not in left]
    edges.extend(speech)
    flat = np.array(edges, np.int64).ravel()
    return np.unique(np.concatenate([flat, np.array(more, np.int64)]))


def snapped(at: int, to: SampleTimes, within: float) -> int | None:
    """The nearest of these samples, if it is at most so many samples away."""
    index = int(np.searchsorted(to, at))
    near = to[max(index - 1, 0) : index + 1]
    if not len(near):
        return None
    best = int(near[np.argmin(np.abs(near - at))])
    return best if abs(best - at) <= within else None
