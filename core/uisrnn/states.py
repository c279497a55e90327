"""What the beams of a search know of single speakers, each state once.

A state is a mean, a hidden state of the GRU and the number of embeddings heard. Beams name states
by slot and share them, so a state is never changed: an embedding makes a new one, in a slot that
no beam names any more. All means lie in one matrix, and scoring an embedding is one product.
"""

from __future__ import annotations

import copy

import numpy as np
import numpy.typing as npt

from core.arrays import Array, Doubles
from core.uisrnn.model import UISRNNModel

Ints = npt.NDArray[np.intp]

_ARRAYS = ("_means", "_hidden", "_counts")


class SpeakerStates:
    """A pool of states by slot number; slot 0 is the speaker nobody has heard."""

    def __init__(self, model: UISRNNModel) -> None:
        self._model = model
        self._size = np.float32(model.dim)
        self._used = 1  # slots from here on are free
        self._means = np.empty((16, model.dim), np.float32)
        self._hidden = np.empty((16, model.hidden_size), np.float32)
        self._counts = np.zeros(16, np.float32)  # of embeddings fed
        self._means[0], self._hidden[0] = model.newcomer

    def fork(self) -> SpeakerStates:
        """The same states, to go on with by themselves."""
        other = copy.copy(self)
        for name in _ARRAYS:
            setattr(other, name, getattr(self, name).copy())
        return other

    def losses(self, x: Array) -> Doubles:
        """Weighted squared distance of `x` to the mean in every slot, (slots,), float32 values.

        As the package computes it: the mean over the elements times their number, over the
        number of vectors whose *first* element differs. A first element that agrees makes it inf.
        """
        squares = self._means[: self._used] - x
        squares *= squares
        sums: Array = np.dot(squares, self._model.precision)
        sums /= self._size
        sums *= self._size
        agreeing = squares[:, 0] == 0
        if agreeing.any():
            sums[agreeing] = np.inf
        return sums.astype(np.float64)

    def apart(self, slots: Ints, groups: npt.NDArray[np.bool_]) -> tuple[Doubles, Doubles]:
        """How much was heard of groups of states, and how far apart they are.

        Parameters
        ----------
        slots
            (S,), of states that were fed.
        groups
            (G, S), which of them belong together; no group is empty.

        Returns
        -------
        tuple[Doubles, Doubles]
            Sizes (G,), the numbers of embeddings, and weighted squared distances (G, G) between
            the means.
        """
        weights = groups * self._counts[slots].astype(np.float64)
        sizes = weights.sum(axis=1)
        means = weights @ self._means[slots] / sizes[:, None]
        differences = means[:, None] - means
        return sizes, np.square(differences) @ self._model.precision.astype(np.float64)

    def feed(self, x: Array, slots: Ints, *, in_use: Ints) -> Ints:
        """Give `x` to the states in `slots` (repeats welcome); the slots of the states after it.

        Slots that are not named in `in_use` are free to be written, once `slots` are read.
        """
        fed = slots.tolist()
        sources = list(dict.fromkeys(fed))
        outputs, hidden = self._model.step(x, self._hidden[sources])
        # Incremental mean with the count before this embedding, as the package has it.
        # The first embedding's output replaces the mean that nobody's state predicted.
        counts = self._counts[sources]
        before = np.maximum(counts, np.float32(1.0))[:, None]
        means = self._means[sources]
        means *= before - np.float32(1.0)
        means += outputs
        means /= before

        free = np.ones(self._used + len(sources), np.bool_)
        free[0] = False
        free[in_use] = False
        targets = free.nonzero()[0][: len(sources)]
        free[targets] = False
        self._used = len(free) - int(free[::-1].argmin())
        if self._used > len(self._counts):
            self._grow()
        self._means[targets] = means
        self._hidden[targets] = hidden
        self._counts[targets] = counts + np.float32(1.0)
        target = dict(zip(sources, targets.tolist(), strict=True))
        return np.array([target[slot] for slot in fed], np.intp)

    def _grow(self) -> None:
        for name in _ARRAYS:
            old = getattr(self, name)
            new = np.empty((2 * self._used, *old.shape[1:]), old.dtype)
            new[: len(old)] = old
            setattr(self, name, new)
