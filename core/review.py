"""Which turns of an annotation are worth a second look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.annotation import Annotation, Turn
from core.units import SAMPLE_RATE

if TYPE_CHECKING:
    from core.diarizer import Window

SHORT = SAMPLE_RATE
"""Turns of less than a second are often fragments, or a cough."""


def doubtful(annotation: Annotation, windows: Sequence[Window] = ()) -> list[Turn]:
    """Turns that are short, provisional, or sound more like another speaker than like their own.

    Parameters
    ----------
    windows
        What the first pass kept, in time order; without them only length counts.

    Returns
    -------
    In time order. Turns that a person edited are never among them.
    """
    unclear = _unclear(annotation, windows)
    return [
        turn
        for turn in annotation.turns
        if (turn.duration < SHORT or not turn.settled or turn in unclear)
        and not annotation.is_edited(turn)
    ]


def _unclear(annotation: Annotation, windows: Sequence[Window]) -> set[Turn]:
    """Turns whose windows are together nearer to another speaker's mean than to their own's."""
    turns = annotation.turns
    if not windows or not turns:
        return set()
    embeddings = np.array([w.embedding for w in windows], np.float64)
    embeddings /= np.maximum(np.linalg.norm(embeddings, axis=1, keepdims=True), 1e-9)
    sums = np.vstack([np.zeros(embeddings.shape[1]), np.cumsum(embeddings, axis=0)])
    centres = np.array([w.centre for w in windows])
    first = np.searchsorted(centres, [t.start for t in turns])
    last = np.searchsorted(centres, [t.end for t in turns])
    said = sums[last] - sums[first]  # of each turn
    rows = {s.id: n for n, s in enumerate(annotation.speakers)}
    who = np.array([rows[t.speaker] for t in turns])
    voices = np.zeros((len(rows), said.shape[1]))
    np.add.at(voices, who, said)
    # A turn must not vouch for itself: its own speaker is judged by the other turns.
    rest = voices[who] - said
    own = _nearness(np.einsum("td,td->t", said, rest), rest)
    nearest = _nearness(said @ voices.T, voices)
    nearest[np.arange(len(turns)), who] = -np.inf
    doubt = np.isfinite(own) & (nearest.max(axis=1) > own)
    return {turns[i] for i in np.flatnonzero(doubt)}


def _nearness(products: NDArray[np.float64], means: NDArray[np.float64]) -> NDArray[np.float64]:
    """Products with means as if those had length 1; minus infinity where there is no mean."""
    lengths = np.linalg.norm(means, axis=1)
    return np.where(lengths > 1e-9, products / np.maximum(lengths, 1e-9), -np.inf)
