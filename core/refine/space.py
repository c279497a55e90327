"""Embeddings of one recording in the directions that tell its voices apart."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.arrays import Array, Doubles

DIMENSIONS = 12
"""Directions in which the voices of a recording are compared."""
FEW = 2000
"""With this many windows half of a voice's variation is taken from them; with fewer, less: it is
spread evenly over all directions."""
TRIMMED = 0.6
"""Part of the steps from window to window, the smallest, that are taken to stay in one voice."""
_NOTHING = 1e-9
"""Variation of directions that is only rounding."""


def whitened(unit: Array, follows: NDArray[np.bool_]) -> Array:
    """Embeddings in the directions that tell voices apart, (n, dim) to (n, DIMENSIONS).

    In the result a voice varies by about 1 in every direction. That variation is estimated from
    the steps between windows that follow each other; the largest of them may be changes of
    speaker and are left out. The directions are those in which all windows together vary most.
    """
    from scipy.linalg import eigh

    dim = unit.shape[1]
    after = np.flatnonzero(follows[1:]) + 1
    within: Doubles = np.zeros((dim, dim))
    if len(after):
        steps = unit[after] - unit[after - 1]
        lengths = np.einsum("ij,ij->i", steps, steps)
        steps = steps[lengths <= np.quantile(lengths, TRIMMED)]
        within = (steps.T @ steps).astype(np.float64) / (2 * len(steps))
    even = float(np.trace(within)) / dim or 1.0
    evenly = FEW / (FEW + len(unit))
    within = (1 - evenly) * within + evenly * even * np.eye(dim)
    centred = unit - unit.mean(axis=0)
    total = (centred.T @ centred).astype(np.float64) / len(unit)
    kept = min(DIMENSIONS, dim, len(unit) - 1)
    if np.trace(total) < _NOTHING:
        return np.zeros((len(unit), kept), np.float32)
    _, directions = eigh(total, within, subset_by_index=(dim - kept, dim - 1))
    return np.asarray(centred @ directions.astype(np.float32))


def unit_length(points: Array) -> Array:
    """Each point (n, d) over its length; what is nearly nothing stays so."""
    lengths = np.maximum(np.linalg.norm(points, axis=1, keepdims=True), np.float32(1e-9))
    return np.asarray(points / lengths)
