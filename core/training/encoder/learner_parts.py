"""What the learners of both engines share: parts of the loss, and what is asked of a learner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from core.training.config import Arrays

MEMORY = 8192
"""Embeddings of the teacher that are remembered."""
SHARPNESS = 15.0
"""Of the cosines with what is remembered."""
EMPTY = -2
"""The label of a place in the memory that nothing was put in yet."""
SCALE = 30.0
"""Of the cosines of AM-softmax, as the published network was trained."""
CLIP = 5.0
"""Length of the gradient at most."""
PARTS = ("speaker", "teacher", "relations", "posterior", "others", "voice", "accuracy")
"""What is logged beside the loss."""


@dataclass(frozen=True)
class LossWeights:
    """The loss is the sum of these, each times its part.

    Parameters
    ----------
    speaker
        Cross-entropy of the speaker classes.
    teacher
        Mean of 1 - cosine between the student's and the teacher's embedding.
    relations
        Mean squared difference of the two similarity matrices of the batch.
    posterior
        How far the student is from the teacher in saying which of the embeddings in
        memory it is (mean Kullback-Leibler divergence).
    others
        The same among the embeddings of other voices alone. Of a voice that is in memory the
        posterior says little else; this says whom it sounds like besides.
    voice
        Cross-entropy of the embeddings in memory that are of the same voice. These three are
        thousands of voices to be told from at every step, that never go out of date, as it
        is the teacher's embeddings that are remembered; and what all embeddings have in
        common, most of the cosine, counts for nothing.
    """

    speaker: float = 1.0
    teacher: float = 0.0
    relations: float = 0.0
    posterior: float = 0.0
    voice: float = 0.0
    others: float = 0.0

    @property
    def taught(self) -> bool:
        """Whether any part needs a teacher."""
        return bool(self.teacher or self.relations or self.remembering)

    @property
    def remembering(self) -> bool:
        """Whether any part needs the memory."""
        return bool(self.posterior or self.others or self.voice)


def places_of(step: int, count: int) -> NDArray[np.int64]:
    """Where in the memory the ``count`` embeddings of a step go: all batches are of one size."""
    return np.asarray((step * count + np.arange(count)) % MEMORY, np.int64)


class AnyLearner(Protocol):
    """Learns step by step: :class:`core.training.encoder.learner.Learner` on Keras, or the one in
    torch."""

    @property
    def done(self) -> int:
        """Steps since the run began, whoever interrupted the last."""

    @property
    def rate(self) -> float:
        """Learning rate."""

    def prepare(
        self, *, rate: float, steps: int, warmup: int, weight_decay: float, compiled: bool = False
    ) -> None: ...

    def step(
        self, spectrograms: NDArray[np.float32], targets: Mapping[str, NDArray[Any]], margin: float
    ) -> dict[str, float]: ...

    def embed(self, spectrograms: NDArray[np.float32]) -> NDArray[np.float32]: ...

    def load_arrays(self, arrays: Mapping[str, NDArray[Any]]) -> None: ...

    def arrays(self) -> Arrays: ...

    def save_state(self, path: Path, about: Mapping[str, Any]) -> None: ...

    def load_state(self, path: Path) -> None: ...


class LearnerEncoder:
    """:class:`core.stream.encoder.Encoder` by the network as it stands, for evaluation.

    Parameters
    ----------
    window
        Samples of its windows.
    """

    def __init__(self, learner: AnyLearner, window: int, dim: int) -> None:
        self.window, self.hop, self.dim = window, window, dim
        self._learner = learner

    def embed(self, windows: NDArray[np.float32], batch: int = 64) -> NDArray[np.float32]:
        """See :meth:`core.stream.encoder.Encoder.embed`; rows may differ by rounding between
        batches."""
        from core.stream.features import normalise, spectrogram

        embeddings = np.empty((len(windows), self.dim), np.float32)
        for start in range(0, len(windows), batch):
            part = windows[start : start + batch]
            spectrograms = np.stack([normalise(spectrogram(window)) for window in part])
            # Filled up to a power of two: every other size would be compiled.
            rows = 1 << (len(part) - 1).bit_length()
            filled = np.zeros((rows, *spectrograms.shape[1:]), np.float32)
            filled[: len(part)] = spectrograms
            embeddings[start : start + batch] = self._learner.embed(filled)[: len(part)]
        return embeddings
