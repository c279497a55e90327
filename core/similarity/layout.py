"""A map of voices: windows laid on a plane so that those which sound alike lie together.

The map is t-SNE (van der Maaten and Hinton 2008) over the directions in which
:mod:`core.refine.grouping` tells voices apart. Who is said to speak has no part in it: an edit
changes colours, never places, and a window among those of another voice is seen as such.

Compared on the eight conversations of ``shared/eval/simulated``, 2-6 speakers: of the ten windows
that lie nearest to a window, so many are of the same speaker by the reference: 92.6 % in all twelve
directions; on the plane by t-SNE 91.9 %, by metric scaling (SMACOF) 91.3 % (with six speakers
90.5 and 86.3 %), by principal components 88.2 %, by those of the embeddings themselves 79.1 %. A
plane by discriminants of the speakers was not considered: it would show every mistake as right.

Only nearness means something: how far apart two groups lie does not, that is what
:meth:`core.similarity.meeting.Similarity.distances` tells. There is no chance in it; the same
windows have the same places every time.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from core.arrays import Array, Doubles
from core.runtime import single_blas_thread

LANDMARKS = 700
"""So many points, spread over all of them, are laid out; the others go to those nearest to them."""
NEAREST = 5
"""To so many."""
NEIGHBOURS = 30.0
"""How many neighbours a point heeds (the perplexity)."""
FEW = 8
"""Fewer points than this are laid out by their principal components."""
STEPS = 400
EARLY = 100
"""In these first steps neighbours pull harder, so that groups find together."""
_PULL = 12.0
_CHUNK = 1024
_NOTHING = 1e-9


def laid_out(points: Array, go_on: Callable[[], None] = lambda: None) -> Array:
    """Places for points: (n, dim) to (n, 2), within -1..1.

    Takes time and memory for :data:`LANDMARKS`² plus a little per point. ``go_on`` is called
    between the steps; what it raises ends the work.
    """
    single_blas_thread()
    points = np.asarray(points, np.float32)
    count = len(points)
    chosen = np.linspace(0, count - 1, min(count, LANDMARKS)).round().astype(np.int64)
    landmarks = points[chosen]
    places = _principal(landmarks)
    if count >= FEW and np.abs(places).max() > _NOTHING:
        places = _neighbourly(landmarks, places, go_on)
    return _boxed(_beside(points, landmarks, places, go_on) if count > len(chosen) else places)


def inside(places: Array, outline: Array) -> NDArray[np.bool_]:
    """Which places (n, 2) a closed outline (m, 2) goes around; where it crosses itself, those that
    it goes around an odd number of times."""
    x, y = np.asarray(places, np.float64).reshape(-1, 2).T
    found = np.zeros(len(x), bool)
    for (x1, y1), (x2, y2) in zip(outline, np.roll(outline, -1, axis=0), strict=True):
        if y1 != y2:
            crossed = (y1 <= y) != (y2 <= y)
            found ^= crossed & (x < x1 + (y - y1) * ((x2 - x1) / (y2 - y1)))
    return found


def _principal(points: Array) -> Doubles:
    """The two directions of most variation, each turned so that its farthest point is positive."""
    places: Doubles = np.zeros((len(points), 2))
    if len(points) > 1:
        centred = points - points.mean(axis=0, dtype=np.float64)
        left, sizes, _ = np.linalg.svd(centred, full_matrices=False)
        known = min(2, len(sizes))
        places[:, :known] = left[:, :known] * sizes[:known]
        farthest = places[np.abs(places).argmax(axis=0), [0, 1]]
        places *= np.where(farthest < 0, -1, 1)
    return places


def _neighbourly(points: Array, places: Doubles, go_on: Callable[[], None]) -> Doubles:
    """Gradient descent with momentum and gains from given places, as in the paper's section 3.4."""
    wanted = _closeness(points) * np.float32(_PULL)
    count = len(points)
    y = (places * (1e-4 / places[:, 0].std())).astype(np.float32)
    speed, gains = np.zeros_like(y), np.ones_like(y)
    rate = max(count / _PULL / 4, 50.0)
    for step in range(STEPS):
        go_on()
        if step == EARLY:
            wanted /= _PULL
        near = _squares(y, y)
        near += 1
        np.reciprocal(near, out=near)
        np.fill_diagonal(near, 0)
        pull = near * np.float32(-1 / near.sum())
        pull += wanted
        pull *= near
        slope = 4 * (pull.sum(axis=1)[:, np.newaxis] * y - pull @ y)
        gains = np.where(slope * speed < 0, gains + 0.2, gains * 0.8).clip(0.01)
        speed = (0.5 if step < EARLY else 0.8) * speed - rate * gains * slope
        y = y + speed
        y -= y.mean(axis=0)
    return np.asarray(y, np.float64)


def _closeness(points: Array) -> Array:
    """How much each pair of points is to be neighbours, (n, n), 1 in all: for each point a bell
    curve as wide as gives it :data:`NEIGHBOURS`."""
    count = len(points)
    squares = _squares(points, points).astype(np.float64)
    np.fill_diagonal(squares, np.inf)
    squares -= squares.min(axis=1, keepdims=True)
    np.fill_diagonal(squares, 0)
    itself = np.eye(count, dtype=bool)
    entropy = np.log(min(NEIGHBOURS, (count - 1) / 3))
    low: Doubles = np.zeros(count)
    high: Doubles = np.full(count, np.inf)
    narrow: Doubles = np.full(count, 1 / (float(np.median(squares)) or 1.0))
    for _ in range(40):  # halving: far more exact than anybody sees
        close = np.exp(-squares * narrow[:, np.newaxis])
        close[itself] = 0
        sums = close.sum(axis=1)
        wide = np.log(sums) + narrow * (squares * close).sum(axis=1) / sums > entropy
        low, high = np.where(wide, narrow, low), np.where(wide, high, narrow)
        narrow = np.where(np.isinf(high), narrow * 2, (low + high) / 2)
    close /= sums[:, np.newaxis]
    return np.asarray((close + close.T) / (2 * count), np.float32)


def _beside(points: Array, landmarks: Array, places: Doubles, go_on: Callable[[], None]) -> Doubles:
    """Each point between the landmarks that it is nearest to; a landmark at its own place."""
    found: Doubles = np.empty((len(points), 2))
    for start in range(0, len(points), _CHUNK):
        go_on()
        squares = _squares(points[start : start + _CHUNK], landmarks)
        nearest = np.argpartition(squares, NEAREST, axis=1)[:, :NEAREST]
        weights = 1 / (np.take_along_axis(squares, nearest, axis=1) + 1e-6)
        weights /= weights.sum(axis=1, keepdims=True)
        found[start : start + _CHUNK] = np.einsum("nk,nkd->nd", weights, places[nearest])
    return found


def _squares(a: Array, b: Array) -> Array:
    """Squared distances (n, m)."""
    squares = (-2 * a) @ b.T
    squares += np.einsum("ij,ij->i", a, a)[:, np.newaxis]
    squares += np.einsum("ij,ij->i", b, b)
    return np.asarray(np.maximum(squares, 0, out=squares))


def _boxed(places: Doubles) -> Array:
    if not len(places):
        return np.asarray(places, np.float32)
    low, high = places.min(axis=0), places.max(axis=0)
    half = float((high - low).max()) / 2 or 1.0
    return np.asarray((places - (low + high) / 2) / half, np.float32)
