"""Points in groups: means, distances, k-means. Labels are 0 .. count - 1, each of them taken."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.arrays import Array, Doubles, Labels

_ROUNDS = 20


def means(points: Array, labels: Labels) -> Array:
    """(n, dim) and labels (n,) to (groups, dim)."""
    sums = np.zeros((int(labels.max()) + 1, points.shape[1]))
    for column, values in enumerate(points.T):
        sums[:, column] = np.bincount(labels, values, len(sums))
    return np.asarray(sums / np.bincount(labels)[:, np.newaxis], np.float32)


def squares(points: Array, centers: Array) -> Array:
    """Squared distances (n, groups)."""
    found = [np.einsum("ij,ij->i", points - mean, points - mean) for mean in centers]
    return np.stack(found, axis=1)


def distances(points: Array, labels: Labels) -> Doubles:
    """Squared distances (n, groups), in units of the mean variance of a group per dimension."""
    found = squares(points, means(points, labels)).astype(np.float64)
    own = found[np.arange(len(points)), labels]
    return found / (float(own.mean()) / points.shape[1] or 1.0)


def nearest(points: Array, centers: Array) -> Labels:
    """Which center (groups, dim) is nearest to each point (n,)."""
    return np.asarray(squares(points, centers).argmin(axis=1), np.int64)


def k_means(points: Array, labels: Labels) -> Labels:
    """k-means from given groups, none of which is lost: no seeds, the same every time."""
    for _ in range(_ROUNDS):
        moved = nearest(points, means(points, labels))
        if np.array_equal(moved, labels) or len(np.unique(moved)) <= labels.max():
            break
        labels = moved
    return labels


def ward(points: Array) -> NDArray[np.int64]:
    """Which two clusters each step of Ward's method joins, (n - 1, 2)."""
    from scipy.cluster.hierarchy import linkage

    if len(points) < 2:
        return np.zeros((0, 2), np.int64)
    return np.asarray(linkage(points.astype(np.float64), "ward")[:, :2], np.int64)


def cut(merges: NDArray[np.int64], count: int, groups: int) -> Labels:
    """The clusters when exactly so many are left, even where several are equally near."""
    cluster = np.arange(count + len(merges))
    # From the last step that is done backwards, each part takes the name of its whole.
    for step in range(count - groups - 1, -1, -1):
        cluster[merges[step]] = cluster[count + step]
    return renumbered(cluster[:count])


def renumbered(labels: NDArray[np.integer]) -> Labels:
    """The same groups, numbered without gaps."""
    return np.asarray(np.unique(labels, return_inverse=True)[1], np.int64).reshape(-1)
