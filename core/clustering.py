"""Telling apart the voices of one recording from the embeddings of its windows.

How alike two embeddings of one voice are depends on room, microphone and language more than on
the voices: on clean speech two strangers are less alike than two moments of one person are in a
noisy room. So nothing here compares a similarity with a fixed number. The recording itself shows
how much a voice varies: windows that follow each other mostly belong to one voice
(:func:`whitened`). Groups are found by spectral clustering that chooses both its own neighbourhood
and the number of groups (Park et al. 2020, "Auto-tuning spectral clustering for speaker
diarization using normalized maximum eigengap", arXiv 2003.02405).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Doubles = NDArray[np.float64]
Labels = NDArray[np.int64]

DIMENSIONS = 12
"""Directions in which the voices of a recording are compared."""
SHRINKAGE = 0.3
"""Part of the estimated variation of a voice that is spread evenly: few windows say little."""
TRIMMED = 0.6
"""Part of the steps from window to window, the smallest, that are taken to stay in one voice."""
CLOSE = 2.7
"""Groups nearer to each other than this many deviations of a voice are one voice."""
FEW = 60
"""With fewer windows (30 s of speech) a recording says too little about itself."""
ALIKE = 0.35
"""Cosine distance up to which few windows are taken for one voice (mean of all pairs)."""
SMALLEST = 0.03
"""A voice with less than this part of the windows is taken for a fluke."""
MOST = 10
"""No more voices than this are looked for unless asked for."""
LANDMARKS = 600
"""Of longer recordings, this many windows spread over all of it decide what voices there are."""
_ROUNDS = 20
_NEIGHBOURHOODS = np.linspace(0.03, 0.3, 8)


@dataclass(frozen=True)
class Voices:
    """What was found.

    Parameters
    ----------
    labels
        (n,) voice of each window, 0 .. count - 1.
    pulls
        (n, count): squared distance of each window to the mean of each voice, in units in which
        windows of one voice are about as far from their mean as there are dimensions.
    """

    labels: Labels
    pulls: Doubles

    @property
    def count(self) -> int:
        """Number of voices."""
        return self.pulls.shape[1]


def cluster(
    embeddings: Array, follows: NDArray[np.bool_], minimum: int = 1, maximum: int | None = None
) -> Voices:
    """Group windows by voice.

    Parameters
    ----------
    embeddings
        (n, dim), in time order, none of them zero.
    follows
        (n,): True where a window comes right after the one before it.
    minimum, maximum
        Of the number of voices. With fewer windows than ``minimum`` each is a voice.
    """
    count = len(embeddings)
    minimum = min(minimum, count)
    maximum = max(minimum, min(maximum or MOST, count))
    unit = _unit(embeddings.astype(np.float64))
    labels: Labels
    if minimum == count or count < 3:
        points = unit
        labels = np.arange(count) if minimum == count else np.zeros(count, np.int64)
    elif count < FEW:
        points = unit
        labels = _agglomerate(unit, minimum, maximum)
    else:
        points = whitened(unit, follows)
        chosen = np.linspace(0, count - 1, min(count, LANDMARKS)).round().astype(np.int64)
        found = _spectral(_unit(points[chosen]), minimum, maximum)
        found = _merge_close(points[chosen], found, minimum)
        labels = _nearest(points, _means(points[chosen], found))
    labels = _fold_small(points, labels, minimum)
    if len(np.unique(labels)) > minimum or minimum == maximum:
        again = _nearest(points, _means(points, labels))
        labels = again if len(np.unique(again)) == len(np.unique(labels)) else labels
    return Voices(labels, _distances(points, labels))


def whitened(unit: Doubles, follows: NDArray[np.bool_]) -> Doubles:
    """Embeddings in the directions that tell voices apart, (n, dim) to (n, DIMENSIONS).

    In the result a voice varies by about 1 in every direction. That variation is estimated from
    the steps between windows that follow each other; the largest of them may be changes of
    speaker and are left out. The directions are those in which all windows together vary most.
    """
    from scipy.linalg import eigh

    steps = (unit[1:] - unit[:-1])[follows[1:]]
    lengths = np.einsum("ij,ij->i", steps, steps)
    if len(steps):
        steps = steps[lengths <= np.quantile(lengths, TRIMMED)]
    dim = unit.shape[1]
    within = steps.T @ steps / (2 * max(1, len(steps)))
    even = np.trace(within) / dim or 1.0
    within = (1 - SHRINKAGE) * within + SHRINKAGE * even * np.eye(dim)
    centred = unit - unit.mean(axis=0)
    total = centred.T @ centred / len(unit)
    _, directions = eigh(total, within, subset_by_index=(max(0, dim - DIMENSIONS), dim - 1))
    return np.asarray(centred @ directions)


def _spectral(unit: Doubles, minimum: int, maximum: int) -> Labels:
    """Normalised-maximum-eigengap spectral clustering of unit vectors (n, d), n >= 3."""
    from scipy.linalg import eigh
    from scipy.sparse.linalg import eigsh

    count = len(unit)
    maximum = min(maximum, count - 1)
    minimum = min(minimum, maximum)
    order = np.argsort(-(unit @ unit.T), axis=1, kind="stable")
    best_ratio, best_groups, best_vectors = np.inf, minimum, np.zeros((count, 0))
    for size in np.unique(np.clip(np.round(_NEIGHBOURHOODS * count), 2, count).astype(int)):
        graph: Doubles = np.zeros((count, count))
        np.put_along_axis(graph, order[:, :size], 1.0, axis=1)
        graph = (graph + graph.T) / 2
        np.fill_diagonal(graph, 0.0)
        degrees = graph.sum(axis=1)
        laplacian = np.diag(degrees) - graph
        values, vectors = eigh(laplacian, subset_by_index=(0, maximum))
        (largest,) = eigsh(laplacian, 1, which="LA", v0=degrees, return_eigenvectors=False)
        gaps = np.diff(values)[minimum - 1 :] / max(float(largest), 1e-9)
        ratio = (size / count) / max(float(gaps.max()), 1e-9)
        if ratio < best_ratio:
            best_ratio, best_groups = ratio, minimum + int(gaps.argmax())
            best_vectors = vectors[:, :best_groups]
    if best_groups == 1:
        return np.zeros(count, np.int64)
    return _k_means(best_vectors, best_groups)


def _k_means(points: Doubles, groups: int) -> Labels:
    """k-means that starts from Ward's clusters: no seeds, the same result every time."""
    from scipy.cluster.hierarchy import fcluster, linkage

    labels = _renumbered(fcluster(linkage(points, "ward"), groups, "maxclust"))
    for _ in range(_ROUNDS):
        nearest = _nearest(points, _means(points, labels))
        if np.array_equal(nearest, labels) or len(np.unique(nearest)) <= labels.max():
            break
        labels = nearest
    return labels


def _agglomerate(unit: Doubles, minimum: int, maximum: int) -> Labels:
    """Average linkage on cosine distances."""
    from scipy.cluster.hierarchy import fcluster, linkage

    tree = linkage(unit, "average", "cosine")
    labels = fcluster(tree, ALIKE, "distance")
    if minimum < maximum:
        labels = _fold_small(unit, labels, minimum)
    groups = int(np.clip(len(np.unique(labels)), minimum, maximum))
    if groups != len(np.unique(labels)):
        labels = fcluster(tree, groups, "maxclust")
    return _renumbered(labels)


def _merge_close(points: Doubles, labels: Labels, minimum: int) -> Labels:
    """Merge the two nearest groups until they are :data:`CLOSE` deviations apart."""
    labels = _renumbered(labels)
    while (count := int(labels.max()) + 1) > max(1, minimum):
        means = _means(points, labels)
        spread = _spread(points, labels, means)
        apart = np.sqrt(((means[:, None] - means[None]) ** 2).sum(axis=2) / spread)
        apart[np.diag_indices(count)] = np.inf
        if apart.min() > CLOSE:
            break
        one, other = np.unravel_index(int(apart.argmin()), apart.shape)
        labels = _renumbered(np.where(labels == other, one, labels))
    return labels


def _fold_small(points: Doubles, labels: Labels, minimum: int) -> Labels:
    """Give the windows of the smallest groups to the nearest of the others."""
    labels = _renumbered(labels)
    sizes = np.bincount(labels)
    limit = max(2.0, SMALLEST * len(labels))
    by_size = np.argsort(-sizes, kind="stable")
    kept = [int(g) for n, g in enumerate(by_size) if sizes[g] >= limit or n < max(1, minimum)]
    means = _means(points, labels)[kept]
    small = ~np.isin(labels, kept)
    labels = labels.copy()
    if small.any():
        labels[small] = np.asarray(kept)[_nearest(points[small], means)]
    return _renumbered(labels)


def _distances(points: Doubles, labels: Labels) -> Doubles:
    means = _means(points, labels)
    squares: Doubles = ((points[:, None] - means[None]) ** 2).sum(axis=2)
    return squares / _spread(points, labels, means)


def _spread(points: Doubles, labels: Labels, means: Doubles) -> float:
    """Variance of a voice about its mean, per dimension."""
    return float(((points - means[labels]) ** 2).mean()) or 1.0


def _means(points: Doubles, labels: Labels) -> Doubles:
    return np.array([points[labels == group].mean(axis=0) for group in range(labels.max() + 1)])


def _nearest(points: Doubles, means: Doubles) -> Labels:
    return np.asarray(((points[:, None] - means[None]) ** 2).sum(axis=2).argmin(axis=1), np.int64)


def _renumbered(labels: NDArray[np.integer]) -> Labels:
    return np.asarray(np.unique(labels, return_inverse=True)[1], np.int64).reshape(-1)


def _unit(points: Doubles) -> Doubles:
    unit: Doubles = points / np.maximum(np.linalg.norm(points, axis=1, keepdims=True), 1e-9)
    return unit
