"""Linear discriminant analysis: the directions of an embedding in which voices differ most.

What all embeddings have in common tells nothing, and in some directions one voice varies as much
as different voices do. So the mean of all is taken off, and the embedding is turned into the
directions in which the voices of a conversation vary most for what each of them varies, stretched
until a voice varies about alike in all of them. Its length is made 1 again: the middle of speech
that nobody knows is the zero vector then, from which a decoder can learn a voice step by step
(:func:`core.training.speakers.fitting.start`). It becomes the last layer of the encoder.

Estimated from the windows of conversations, mixed ones included. Fisher 1936; before length
normalisation as in Garcia-Romero, Espy-Wilson: Analysis of i-vector length normalization in
speaker recognition systems, Interspeech 2011.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.arrays import Array, Doubles, Labels
from core.errors import InputError, ModelError
from core.refine.space import unit_length
from core.training.config import Arrays, NetworkConfig

DIRECTIONS = 128
"""As many as the encoder that ships has."""
LEAST = 5
"""Windows without which a voice of a conversation isn't known well enough to count."""
EVENLY = 1.0
"""So much of the mean variance of a voice is added in every direction. The speakers that one learns
from sound more alike to an encoder that was trained on them than others will. Without, equal error
rates of children rise by a quarter; from 1 to 10 turns are as good, and known voices are the better
recognised the more it is."""


@dataclass(frozen=True)
class Spread:
    """How voices vary in conversations.

    Parameters
    ----------
    residuals
        (n, dim): windows about the mean of their speaker in their conversation.
    means
        (speakers, dim): these means.
    """

    residuals: Doubles
    means: Doubles

    @classmethod
    def of(cls, pairs: Sequence[tuple[Array, Labels]]) -> Spread:
        """Of conversations: embeddings (n, dim) and speakers (n,) of each.

        Raises
        ------
        InputError
            If not even two speakers say enough.
        """
        residuals: list[Doubles] = []
        means: list[Doubles] = []
        for embeddings, labels in pairs:
            for speaker in np.unique(labels):
                own = embeddings[labels == speaker].astype(np.float64)
                if len(own) >= LEAST:
                    means.append(own.mean(axis=0))
                    residuals.append(own - means[-1])
        if len(means) < 2:
            raise InputError("fewer than two speakers say enough to learn from: give more speech")
        return cls(np.concatenate(residuals), np.array(means))


def estimate(pairs: Sequence[tuple[Array, Labels]], directions: int) -> Arrays:
    """``lda/kernel`` (dim, directions) and ``lda/bias``; there are no more of them than ``dim``.

    Raises
    ------
    InputError
        If not even two speakers say enough.
    """
    from scipy.linalg import eigh

    spread = Spread.of(pairs)
    dim = spread.means.shape[1]
    within = np.cov(spread.residuals.T).reshape(dim, dim)
    within += EVENLY * np.trace(within) / dim * np.eye(dim)
    between = np.cov(spread.means.T).reshape(dim, dim)
    kept = min(directions, dim)
    _, found = eigh(between, within, subset_by_index=(dim - kept, dim - 1))
    found = found[:, ::-1]
    # Which of two opposite directions it is means nothing, but the next estimate shouldn't differ.
    found *= np.sign(found[np.abs(found).argmax(axis=0), np.arange(kept)])
    return {
        "lda/kernel": found.astype(np.float32),
        "lda/bias": (-spread.means.mean(axis=0) @ found).astype(np.float32),
    }


def turned(embeddings: Array, arrays: Arrays) -> Array:
    """Embeddings (n, dim) of length 1, or zero, as the encoder with this last layer makes them."""
    lengths = np.linalg.norm(embeddings, axis=1, keepdims=True)
    return unit_length(embeddings @ arrays["lda/kernel"] + lengths * arrays["lda/bias"])


def with_lda(config: NetworkConfig, arrays: Arrays, lda: Arrays) -> tuple[NetworkConfig, Arrays]:
    """An encoder with this last layer.

    Raises
    ------
    ModelError
        If it has one, or these are no such arrays for it.
    """
    if config.lda:
        raise ModelError("this encoder has an LDA already: give the one that it was trained as")
    bias = lda.get("lda/bias")
    larger = replace(config, lda=0 if bias is None else len(bias))
    together = {**arrays, **lda}
    larger.check(together)
    return larger, together
