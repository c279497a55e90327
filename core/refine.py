"""The second pass: the voices of a finished recording, told apart with all of it in view.

It works on the embeddings kept from the first pass and never touches the audio.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.annotation import Annotation
from core.diarizer import Window
from core.turns import lay_turns, midpoint

Array = NDArray[np.float32]

THRESHOLD = 0.33
"""Cosine distance between the means of two groups of windows that are taken for one voice."""
SMALLEST = 0.03
"""A voice that has less than this share of the windows is folded into the nearest one."""


@dataclass(frozen=True)
class SpeakerCount:
    """How many speakers there are: at least ``minimum``, at most ``maximum`` (None: unknown)."""

    minimum: int = 1
    maximum: int | None = None

    def __post_init__(self) -> None:
        if self.minimum < 1 or (self.maximum is not None and self.maximum < self.minimum):
            raise ValueError(f"not a number of speakers: {self.minimum}-{self.maximum}")

    @classmethod
    def parse(cls, text: str) -> SpeakerCount:
        """``"3"`` or ``"2-4"``; ``ValueError`` with a line for the person otherwise."""
        match = re.fullmatch(r"\s*(\d{1,3})\s*(?:-\s*(\d{1,3})\s*)?", text)
        if match:
            low = int(match[1])
            high = int(match[2]) if match[2] else low
            if 1 <= low <= high:
                return cls(low, high)
        raise ValueError(f"{text!r} is no number of speakers; write 3, or 2-4 for a range")


def refine(
    windows: Sequence[Window],
    stretches: Sequence[tuple[int, int]],
    duration: int,
    speakers: SpeakerCount | None = None,
) -> Annotation:
    """The annotation of a recording from its windows and its speech.

    Parameters
    ----------
    windows, stretches
        As the first pass kept them, in time order.
    duration
        Samples of the recording.
    speakers
        How many voices there may be.

    Returns
    -------
    Speakers are numbered in the order in which they first speak.
    """
    speakers = speakers or SpeakerCount()
    labels = cluster(np.array([w.embedding for w in windows]), speakers) if windows else []
    centres = [w.centre for w in windows]
    turns = lay_turns(stretches, [int(label) for label in labels], midpoint(centres))
    return Annotation.build(turns, duration).numbered_by_appearance()


def cluster(embeddings: Array, speakers: SpeakerCount) -> NDArray[np.int64]:
    """Agglomerative clustering (average linkage, cosine)."""
    from scipy.cluster.hierarchy import fcluster, linkage

    if len(embeddings) < 2:
        return np.zeros(len(embeddings), np.int64)
    tree = linkage(embeddings, "average", "cosine")
    labels = fcluster(tree, THRESHOLD, "distance")
    labels = _fold(embeddings, labels)
    count = len(np.unique(labels))
    wanted = max(speakers.minimum, min(count, speakers.maximum or count))
    if wanted != count:
        labels = fcluster(tree, wanted, "maxclust")
    return np.asarray(np.unique(labels, return_inverse=True)[1], np.int64)


def _fold(embeddings: Array, labels: NDArray[np.int64]) -> NDArray[np.int64]:
    unit = embeddings / np.linalg.norm(embeddings, axis=1, keepdims=True)
    found, counts = np.unique(labels, return_counts=True)
    large = found[counts >= max(2, SMALLEST * len(labels))]
    if not len(large):
        large = found[[counts.argmax()]]
    means = np.array([unit[labels == label].mean(axis=0) for label in large])
    small = ~np.isin(labels, large)
    labels = labels.copy()
    labels[small] = large[(unit[small] @ means.T).argmax(axis=1)]
    return labels
