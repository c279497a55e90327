"""Sequences for the decoder, and its labels as a consumer puts them together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from core.bench.sequences import Case, conversation, following_model
from core.uisrnn.decoder import Decoder, UISRNNModel


def generated(seed: int, length: int = 40, dim: int = 12, **options: float) -> Case:
    """A conversation of six in which the beams disagree for a while."""
    rng = np.random.default_rng(seed)
    model = following_model(rng, dim, spread=0.6)
    return Case(model, conversation(rng, length, dim, 6, **options), 10, 1)


def labels_of(decoder: Decoder, embeddings: Iterable[object]) -> list[int]:
    """All labels, put together as a consumer would."""
    labels: list[int] = []
    for embedding in embeddings:
        decoded = decoder.push(embedding)
        if decoded is not None:
            labels[decoded.first :] = decoded.labels
    return labels


def voices_of(decoder: Decoder) -> list[int]:
    """How many voices each beam has."""
    merged = decoder._merged
    return [int(count) - len(merged) for count in decoder._speakers]


def apart(seed: int, true: list[int], noise: float = 0.02) -> tuple[UISRNNModel, np.ndarray]:
    """Voices that anybody tells apart."""
    rng = np.random.default_rng(seed)
    model = replace(following_model(rng, 8, spread=0.3), crp_alpha=0.1)
    rows = np.eye(8, dtype=np.float32)[true]
    return model, rows + rng.normal(0, noise, rows.shape).astype(np.float32)
