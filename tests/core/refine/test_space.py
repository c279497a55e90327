"""The directions in which the voices of one recording are compared."""

from __future__ import annotations

import numpy as np
import pytest

from core.refine.space import DIMENSIONS, unit_length, whitened
from tests.core.refine.test_grouping import conversation, in_a_row


def test_rows_are_of_unit_length_and_zeros_stay_finite() -> None:
    rows = unit_length(np.array([[3.0, 4.0], [0.0, 0.0]], np.float32))
    np.testing.assert_allclose(rows, [[0.6, 0.8], [0.0, 0.0]], atol=1e-6)


def test_a_voice_varies_by_one_and_voices_lie_further_apart() -> None:
    embeddings, labels = conversation(3, turns=200, noise=0.25)
    points = whitened(embeddings, in_a_row(len(labels)).follows)
    assert points.shape == (len(labels), DIMENSIONS)
    means = np.array([points[labels == voice].mean(axis=0) for voice in range(3)])
    within = (points - means[labels]).var(axis=0)
    assert 0.3 < within.mean() < 3
    assert np.linalg.norm(means[0] - means[1]) > 4 * np.sqrt(within.mean())


@pytest.mark.parametrize("loudest", [1.0, 5.0])
def test_what_only_noise_does_counts_for_less(loudest: float) -> None:
    """A direction in which all windows vary at random is scaled down, however much they do."""
    embeddings, labels = conversation(2, turns=200, noise=0.1)
    noise = np.random.default_rng(0).normal(0, loudest, len(labels))
    noisy = np.concatenate([embeddings, noise[:, np.newaxis]], axis=1).astype(np.float32)
    points = whitened(noisy, in_a_row(len(labels)).follows)
    means = [points[labels == voice].mean(axis=0) for voice in range(2)]
    assert np.linalg.norm(means[0] - means[1]) > 3 * np.median(points.std(axis=0))


def test_silence_between_identical_windows_is_no_direction() -> None:
    same = np.tile(conversation(1, 1, 1)[0], (20, 1))
    assert not whitened(same, in_a_row(20).follows).any()
