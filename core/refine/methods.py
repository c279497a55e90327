"""Ways to group the windows of a recording into so many voices.

Each is a :data:`Method`: a function of the :class:`Material` and the numbers of voices to the
labels for each number. Which number it is, is another question: :mod:`core.refine.grouping` asks it
of all methods alike. :func:`in_turns` is what the app uses; the card in ``models/`` has the figures
of all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from core.arrays import Array, Doubles, Labels
from core.errors import InputError
from core.refine.links import WindowPlaces
from core.refine.points import cut, distances, k_means, means, nearest, renumbered, ward
from core.refine.space import unit_length, whitened
from core.uisrnn.model import UISRNNModel

MethodName = Literal["in-turns", "spectral", "vbx", "uis-rnn"]
METHODS: tuple[MethodName, ...] = get_args(MethodName)

LANDMARKS = 1000
"""Of longer recordings, this many windows spread over all of it decide what voices there are."""
INDEPENDENT = 0.35
"""Windows overlap: so many of them are as good as one that stands alone."""
_PASSES = 4
_HEAT = (2.0, 1.0, 0.5)
"""How sure the windows are of their voices, from little to much, ..."""
_MEAN_FIELD = 8
"""... and how often each hears its links meanwhile."""

_NEIGHBOURS = (0.1, 0.15, 0.2, 0.25, 0.3, 0.4)
"""Parts of the windows that spectral clustering may take as the neighbours of one. Windows overlap:
with fewer, the neighbours would be those next in time, and the groups stretches of time."""
_STAYS = 0.8
"""Probability that the voice of a window is that of the one before (vbx) ..."""
_PRIOR = 4.0
"""... and how much a voice has to explain before it counts (Fb of VBx)."""
_BEAM, _HEARD = 20, 2
"""UIS-RNN has time here: a beam twice as wide as live, and it hears everything twice."""


@dataclass(frozen=True)
class Material:
    """The windows of one recording.

    Parameters
    ----------
    embeddings
        (n, dim), in time order, of length 1.
    places
        Where the windows are, and their local voices.
    check
        Called between the steps; raises :class:`core.errors.Cancelled` to end the work.
    """

    embeddings: Array
    places: WindowPlaces
    check: Callable[[], None] = lambda: None

    @cached_property
    def points(self) -> Array:
        """(n, few): a voice varies by about 1 in every direction."""
        if len(self.embeddings) < 3:
            return self.embeddings
        return whitened(self.embeddings, self.places.follows)

    @cached_property
    def directions(self) -> Array:
        """The points at unit length."""
        return unit_length(self.points)

    @cached_property
    def landmarks(self) -> Labels:
        """Which windows decide what voices there are; the others go to the nearest."""
        count = len(self.embeddings)
        return np.linspace(0, count - 1, min(count, LANDMARKS)).round().astype(np.int64)

    @cached_property
    def merges(self) -> NDArray[np.int64]:
        """See :func:`core.refine.points.ward`, on the landmarks."""
        return ward(self.directions[self.landmarks])


Method: TypeAlias = Callable[[Material, Sequence[int]], list[Labels]]
"""Gives labels (n,) from 0 for each number, which is at least 1 and at most that of the landmarks;
every label up to the number is there."""


def method_named(name: MethodName, decoder: Callable[[], UISRNNModel]) -> Method:
    """The method of that name; ``decoder`` is asked for the model if it needs one."""
    if name == "uis-rnn":
        return uis_rnn(decoder())
    return {"in-turns": in_turns, "spectral": spectral, "vbx": vbx}[name]


# In turns ----------------------------------------------------------------------------------------


def in_turns(material: Material, numbers: Sequence[int]) -> list[Labels]:
    """Ward's method and k-means, then a random field: windows are of the voice that they sound
    like and of that of the windows they are linked to (:mod:`core.refine.links`)."""
    found = [_by_k_means(material, groups) for groups in numbers]

    def step(moving: Sequence[int]) -> list[Labels]:
        costs = [0.5 * INDEPENDENT * distances(material.points, found[i]) for i in moving]
        return [_linked(cost, material.places.links) for cost in costs]

    return _settled(material, found, step)


def _settled(
    material: Material, found: list[Labels], step: Callable[[Sequence[int]], list[Labels]]
) -> list[Labels]:
    """Groupings after a few steps of those that still change; none of their groups is lost."""
    moving = [i for i, labels in enumerate(found) if labels.max() > 0]
    for _ in range(_PASSES):
        material.check()
        if not moving:
            break
        still = []
        for i, labels in zip(moving, step(moving), strict=True):
            whole = len(np.unique(labels)) > found[i].max()
            if whole and not np.array_equal(labels, found[i]):
                found[i] = labels
                still.append(i)
        moving = still
    return found


def _by_k_means(material: Material, groups: int) -> Labels:
    material.check()
    points = material.directions[material.landmarks]
    return _of_all(material, k_means(points, cut(material.merges, len(points), groups)))


def _of_all(material: Material, found: Labels) -> Labels:
    """From the labels of the landmarks to those of all windows: the nearest mean."""
    landmarks = material.landmarks
    labels = nearest(material.directions, means(material.directions[landmarks], found))
    labels[landmarks] = found
    return labels


def _linked(costs: Doubles, links: Any) -> Labels:
    """The labels with about the lowest sum of costs (n, groups) less the links within groups:
    mean field, cooled down."""
    beliefs = _softmax(-costs / _HEAT[0])
    for heat in _HEAT:
        for _ in range(_MEAN_FIELD):
            beliefs = (beliefs + _softmax((links @ beliefs - costs) / heat)) / 2
    return np.asarray(beliefs.argmax(axis=1), np.int64)


def _softmax(scores: Doubles) -> Doubles:
    found = np.exp(scores - scores.max(axis=1, keepdims=True))
    found /= found.sum(axis=1, keepdims=True)
    return np.asarray(found)


# Spectral clustering -----------------------------------------------------------------------------


def spectral(material: Material, numbers: Sequence[int]) -> list[Labels]:
    """Spectral clustering that tunes itself by the eigengap (Park et al. 2020, arXiv 2003.02405).

    Here with the normalised Laplacian and rows of unit length (Ng et al. 2001). Of longer
    recordings the landmarks are clustered: the eigenvectors are of all their pairs.
    """
    points = material.embeddings[material.landmarks]
    count = len(points)
    if count < 3:
        return in_turns(material, numbers)
    alike = points @ points.T
    order = np.argsort(-alike, axis=1)
    best: tuple[float, Doubles] | None = None
    for part in _NEIGHBOURS:
        material.check()
        neighbours = min(count, max(3, round(part * count)))
        ratio, vectors = _eigengap(order, neighbours, min(count, max(*numbers, 10) + 1))
        if best is None or ratio < best[0]:
            best = ratio, vectors
    assert best is not None
    found = []
    for groups in numbers:
        rows = unit_length(np.asarray(best[1][:, :groups], np.float32))
        found.append(_of_all(material, k_means(rows, cut(ward(rows), count, groups))))
    return found


def _eigengap(order: Labels, neighbours: int, most: int) -> tuple[float, Doubles]:
    """How far the neighbours are from falling into groups, and the eigenvectors that say which."""
    from scipy.linalg import eigh

    count = len(order)
    linked: Doubles = np.zeros((count, count))
    np.put_along_axis(linked, order[:, :neighbours], 1.0, axis=1)
    linked = (linked + linked.T) / 2
    degree = np.sqrt(linked.sum(axis=1))
    laplacian = np.eye(count) - linked / degree / degree[:, np.newaxis]
    values, vectors = eigh(laplacian, subset_by_index=(0, most - 1))
    gap = float(np.diff(values).max(initial=0.0)) / (float(values[-1]) or 1.0)
    return neighbours / count / max(gap, 1e-9), vectors


# A variational hidden Markov model ---------------------------------------------------------------


def vbx(material: Material, numbers: Sequence[int]) -> list[Labels]:
    """Agglomerative clusters, then VBx (Landini et al. 2020, arXiv 2012.14952).

    Its PLDA is of the recording itself: in :attr:`Material.points` voices vary by 1 in every
    direction, and by what is left of the variance between each other.
    """
    points = material.points.astype(np.float64)
    found = [_by_k_means(material, groups) for groups in numbers]
    between = np.maximum(points.var(axis=0) - 1.0, 1e-3)
    posteriors = [np.eye(labels.max() + 1)[labels] for labels in found]

    def step(moving: Sequence[int]) -> list[Labels]:
        scores = [_explained(points, posteriors[i], between) for i in moving]
        for i, posterior in zip(moving, _smoothed(scores, material.places.follows), strict=True):
            posteriors[i] = posterior
        return [posteriors[i].argmax(axis=1) for i in moving]

    return _settled(material, found, step)


def _explained(points: Doubles, posterior: Doubles, between: Doubles) -> Doubles:
    """Expected log likelihood (n, voices) of each window by each voice, but for a constant."""
    ratio = INDEPENDENT / _PRIOR
    precision = 1.0 / (1.0 + ratio * posterior.sum(axis=0)[:, np.newaxis] * between)
    scaled = points * np.sqrt(between)
    voices = ratio * precision * (posterior.T @ scaled)
    costs = 0.5 * (precision + voices**2) @ between
    return np.asarray(INDEPENDENT * (scaled @ voices.T - costs))


def _smoothed(models: Sequence[Doubles], follows: NDArray[np.bool_]) -> list[Doubles]:
    """Forward and backward through all models at once: log scores to posteriors (n, voices)."""
    count, widest = len(follows), max(scores.shape[1] for scores in models)
    likely = np.zeros((count, len(models), widest))
    share = np.zeros((len(models), widest))
    for number, scores in enumerate(models):
        voices = scores.shape[1]
        likely[:, number, :voices] = np.exp(scores - scores.max(axis=1, keepdims=True))
        share[number, :voices] = 1.0 / voices
    stays = np.where(follows, _STAYS, _STAYS / 2).tolist()
    forward = np.empty_like(likely)
    sums = np.empty((count, len(models), 1))
    now = share
    for n in range(count):
        if n:
            now = stays[n] * now + (1 - stays[n]) * share
        now = now * likely[n]
        sums[n] = now.sum(axis=1, keepdims=True)
        now = forward[n] = now / sums[n]
    backward = np.ones_like(share)
    for n in range(count - 1, 0, -1):
        forward[n] *= backward
        later = likely[n] * backward
        changed = (share * later).sum(axis=1, keepdims=True)
        backward = (stays[n] * later + (1 - stays[n]) * changed) / sums[n]
    forward[0] *= backward
    return [forward[:, i, : scores.shape[1]] for i, scores in enumerate(models)]


# UIS-RNN -----------------------------------------------------------------------------------------


def uis_rnn(model: UISRNNModel) -> Method:
    """The decoder of the first pass with time to think: a wider beam, and everything heard twice.

    It says itself how many voices there are. For fewer, those that are nearest are joined, for
    more, the one that varies most is parted.

    The method raises :class:`core.errors.InputError` for embeddings of another encoder's size.
    """

    def grouped(material: Material, numbers: Sequence[int]) -> list[Labels]:
        from core.uisrnn.decoder import decode

        dim = material.embeddings.shape[1]
        if dim != model.dim:
            raise InputError(
                f"the voices kept are {dim} numbers each, the UIS-RNN in use takes {model.dim}: "
                "another encoder heard them; take another method, or open the recording again"
            )
        heard = decode(model, material.embeddings, beam_size=_BEAM, passes=_HEARD)
        unknown = heard < 0
        if unknown.all():
            return in_turns(material, numbers)
        labels = np.zeros(len(heard), np.int64)
        labels[~unknown] = renumbered(heard[~unknown])
        centers = means(material.directions[~unknown], labels[~unknown])
        labels[unknown] = nearest(material.directions[unknown], centers)
        return [_with(material, labels, groups) for groups in numbers]

    return grouped


def _with(material: Material, labels: Labels, groups: int) -> Labels:
    """So many groups made of these."""
    points = material.directions
    while labels.max() + 1 > groups:
        material.check()
        labels = _joined(points, labels)
    while labels.max() + 1 < groups:
        material.check()
        labels = _parted(points, labels)
    return labels


def _joined(points: Array, labels: Labels) -> Labels:
    """The two groups that are most like one (Ward's criterion) are one."""
    centers, sizes = means(points, labels).astype(np.float64), np.bincount(labels)
    apart = ((centers[:, np.newaxis] - centers) ** 2).sum(axis=2)
    cost = apart * sizes * sizes[:, np.newaxis] / (sizes + sizes[:, np.newaxis])
    np.fill_diagonal(cost, np.inf)
    kept, gone = sorted(divmod(int(cost.argmin()), len(sizes)))
    return renumbered(np.where(labels == gone, kept, labels))


def _parted(points: Array, labels: Labels) -> Labels:
    """The group that varies most is two."""
    spread = np.bincount(labels, ((points - means(points, labels)[labels]) ** 2).sum(axis=1))
    spread[np.bincount(labels) < 2] = -1.0
    own = np.flatnonzero(labels == spread.argmax())
    # Along the direction in which it varies most, at its mean.
    centred = points[own] - points[own].mean(axis=0)
    along = centred @ np.linalg.svd(centred, full_matrices=False)[2][0]
    halves = (along > np.median(along)).astype(np.int64)
    if not halves.any():
        halves[-1] = 1
    labels = labels.copy()
    labels[own] = np.where(k_means(points[own], halves) == 1, labels.max() + 1, labels[own])
    return labels
