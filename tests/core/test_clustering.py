"""Telling voices apart within one recording."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from core.clustering import LANDMARKS, Voices, cluster

Array = NDArray[np.float32]


def conversation(
    voices: int, turns: int = 20, length: int = 12, *, noise: float = 0.25, seed: int = 0
) -> tuple[Array, NDArray[np.int64]]:
    """Non-negative embeddings of windows in turns of one voice each, as the encoder makes them."""
    rng = np.random.default_rng(seed)
    means = np.maximum(rng.normal(0, 1, (voices, 64)), 0) + 0.3
    labels = np.repeat(np.arange(turns) % voices, length)
    vary = rng.normal(0, noise, (len(labels), 64))
    drift = np.repeat(rng.normal(0, noise / 2, (turns, 64)), length, axis=0)
    found = np.maximum(means[labels] + vary + drift, 0)
    return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32), labels


def follows(count: int) -> NDArray[np.bool_]:
    return np.arange(count) > 0


def agreement(voices: Voices, labels: NDArray[np.int64]) -> float:
    """Part of the windows in the majority group of their true voice."""
    hits = sum(np.bincount(voices.labels[labels == label]).max() for label in np.unique(labels))
    return float(hits / len(labels))


@pytest.mark.parametrize("voices", [2, 3, 5])
@pytest.mark.parametrize("seed", [0, 1])
def test_the_number_of_voices_is_found(voices: int, seed: int) -> None:
    embeddings, labels = conversation(voices, seed=seed)
    found = cluster(embeddings, follows(len(labels)))
    assert found.count == voices
    assert agreement(found, labels) > 0.98


@pytest.mark.parametrize("asked", [1, 2, 3, 4, 7])
def test_an_exact_number_is_kept(asked: int) -> None:
    embeddings, labels = conversation(3)
    found = cluster(embeddings, follows(len(labels)), asked, asked)
    assert found.count == asked
    assert set(found.labels.tolist()) == set(range(asked))


@pytest.mark.parametrize(("low", "high"), [(4, 6), (1, 2), (2, None), (5, None)])
def test_a_range_is_kept(low: int, high: int | None) -> None:
    embeddings, labels = conversation(3)
    assert low <= cluster(embeddings, follows(len(labels)), low, high).count <= (high or 99)


@pytest.mark.parametrize("count", [1, 2, 3, 5, 30])
@pytest.mark.parametrize("asked", [1, 2, 4])
def test_few_windows(count: int, asked: int) -> None:
    embeddings, _ = conversation(2, turns=4, length=10)
    found = cluster(embeddings[:count], follows(count), asked, asked)
    assert found.count == min(asked, count)
    assert cluster(embeddings[:count], follows(count)).count <= 2


def test_few_windows_of_two_very_different_voices_are_two() -> None:
    embeddings, labels = conversation(2, turns=4, length=10, noise=0.1)
    found = cluster(embeddings, follows(len(labels)))
    assert found.count == 2
    assert agreement(found, labels) == 1


def test_identical_windows_are_one_voice() -> None:
    embeddings = np.tile(conversation(1, 1, 1)[0], (100, 1))
    assert cluster(embeddings, follows(100)).count == 1


def test_long_recordings_are_decided_on_landmarks_and_labelled_whole() -> None:
    embeddings, labels = conversation(4, turns=400)
    assert len(labels) > 5 * LANDMARKS
    found = cluster(embeddings, follows(len(labels)))
    assert found.count == 4
    assert agreement(found, labels) > 0.98


def test_the_same_input_gives_the_same_result() -> None:
    embeddings, labels = conversation(3, noise=0.6)
    one, other = (cluster(embeddings, follows(len(labels))) for _ in range(2))
    np.testing.assert_array_equal(one.labels, other.labels)


def test_pulls_are_smallest_to_the_own_voice() -> None:
    embeddings, labels = conversation(3)
    found = cluster(embeddings, follows(len(labels)))
    assert (found.pulls.argmin(axis=1) == found.labels).mean() > 0.98
