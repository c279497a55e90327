"""Which turns of an annotation are worth a second look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from core.annotation.values import Annotation, Turn
from core.arrays import Array
from core.units import SAMPLE_RATE

if TYPE_CHECKING:
    from core.stream.changes import Window


SHORT = SAMPLE_RATE
"""Turns of less than a second are often fragments, or a cough."""


class Review:
    """Finds the doubtful turns of annotations of one recording.

    Parameters
    ----------
    windows
        What the first pass kept, in time order; without them only length counts.
    """

    def __init__(self, windows: Sequence[Window] = ()) -> None:
        self._centres = np.array([w.centre for w in windows], np.int64)
        # the row of zeros at the end is what the windows of a turn without any add up to
        voices = np.array([w.embedding for w in windows], np.float32) if windows else np.zeros(0)
        self._voices = np.zeros((len(windows) + 1, voices.shape[-1]), np.float32)
        if windows:
            lengths = np.linalg.norm(voices, axis=1, keepdims=True)
            np.divide(voices, np.maximum(lengths, 1e-9), out=self._voices[:-1])

    def doubtful(self, annotation: Annotation) -> list[Turn]:
        """Turns that are short, provisional, or sound more like another speaker than like their
        own, in time order. Turns that a person edited are never among them."""
        unclear = self._unclear(annotation)
        return [
            turn
            for n, turn in enumerate(annotation.turns)
            if (turn.duration < SHORT or not turn.settled or n in unclear)
            and not annotation.is_edited(turn)
        ]

    def _unclear(self, annotation: Annotation) -> set[int]:
        """Which turns' windows are together nearer to the mean of another speaker than to that of
        the other turns of their own: a turn must not vouch for itself."""
        turns = annotation.turns
        if len(self._voices) == 1 or not turns:
            return set()
        said = self._sums(turns)
        rows = {s.id: n for n, s in enumerate(annotation.speakers)}
        who = np.array([rows[t.speaker] for t in turns])
        voices = np.zeros((len(rows), said.shape[1]), np.float32)
        np.add.at(voices, who, said)
        rest = voices[who] - said
        own = _nearness(np.einsum("td,td->t", said, rest), rest)
        nearest = _nearness(said @ voices.T, voices)
        nearest[np.arange(len(turns)), who] = -np.inf
        doubt = np.isfinite(own) & (nearest.max(axis=1) > own)
        return set(np.flatnonzero(doubt).tolist())

    def _sums(self, turns: Sequence[Turn]) -> Array:
        """The windows of each turn, added up: (turns, dim)."""
        first = np.searchsorted(self._centres, [t.start for t in turns])
        last = np.searchsorted(self._centres, [t.end for t in turns])
        bounds = np.column_stack([first, last]).ravel()
        sums: Array = np.add.reduceat(self._voices, bounds, axis=0)[::2]
        sums[first == last] = 0
        return sums


def _nearness(products: Array, means: Array) -> Array:
    """Products with means as if those had length 1; minus infinity where there is no mean."""
    lengths = np.linalg.norm(means, axis=1)
    near: Array = np.where(lengths > 1e-4, products / np.maximum(lengths, 1e-4), -np.inf)
    return near
