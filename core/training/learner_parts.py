"""What the learners of both engines share: parts of the loss, and what is asked of a learner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from core.training.config import Arrays

SCALE = 30.0
"""Of the cosines of AM-softmax, as the published network was trained."""
CLIP = 5.0
"""Length of the gradient at most."""
PARTS = ("speaker", "teacher", "relations", "accuracy")
"""What is logged beside the loss."""


@dataclass(frozen=True)
class LossWeights:
    """The loss is the sum of these, each times its part.

    Attributes:
        speaker: cross-entropy of the speaker classes.
        teacher: mean of 1 - cosine between the student's and the teacher's embedding.
        relations: mean squared difference of the two similarity matrices of the batch.
    """

    speaker: float = 1.0
    teacher: float = 0.0
    relations: float = 0.0


class AnyLearner(Protocol):
    """Learns step by step: :class:`core.training.learner.Learner` on Keras, or the one in torch."""

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
    """:class:`core.encoder.Encoder` by the network as it stands, for evaluation.

    Args:
        window: samples of its windows.
    """

    def __init__(self, learner: AnyLearner, window: int, dim: int) -> None:
        self.window, self.hop, self.dim = window, window, dim
        self._learner = learner

    def embed(self, windows: NDArray[np.float32], batch: int = 64) -> NDArray[np.float32]:
        """See :meth:`core.encoder.Encoder.embed`; rows may differ by rounding between batches."""
        from core.features import normalise, spectrogram

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
