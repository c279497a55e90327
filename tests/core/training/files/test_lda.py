"""Linear discriminant analysis: which directions it finds, and that the encoder ends in them."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from core import runtime
from core.errors import InputError, ModelError
from core.training.config import Arrays
from core.training.files.lda import EVENLY, Spread, estimate, turned, with_lda
from tests.core.training.small import random_arrays, small_config

DIM = 6
Pair = tuple[NDArray[np.float32], NDArray[np.int64]]


def conversations(count: int = 30, speakers: int = 4, windows: int = 50) -> list[Pair]:
    """Voices differ in dimension 0 and a little in 1; dimension 2 is loud and tells nothing."""
    rng = np.random.default_rng(1)
    between = np.array([1.0, 0.4, 0.05, 0.05, 0.05, 0.05])
    within = np.array([0.2, 0.2, 2.0, 0.2, 0.2, 0.2])
    pairs = []
    for _ in range(count):
        labels = np.repeat(np.arange(speakers), windows)
        voices = 3 + between * rng.normal(size=(speakers, DIM))
        noise = within * rng.normal(size=(len(labels), DIM))
        pairs.append(((voices[labels] + noise).astype(np.float32), labels))
    return pairs


def test_directions_are_those_in_which_voices_differ() -> None:
    pairs = conversations()
    lda = estimate(pairs, 2)
    assert {name: array.shape for name, array in lda.items()} == {
        "lda/kernel": (DIM, 2),
        "lda/bias": (2,),
    }
    strongest = np.abs(lda["lda/kernel"]).argmax(axis=0)
    assert strongest.tolist() == [0, 1]
    for x, y in zip(estimate(pairs, 2).values(), lda.values(), strict=True):
        np.testing.assert_array_equal(x, y)
    # The middle of all voices is zero, and a voice varies by 1 together with what is added evenly.
    spread = Spread.of(pairs)
    middle = spread.means.mean(axis=0) @ lda["lda/kernel"] + lda["lda/bias"]
    np.testing.assert_allclose(middle, 0, atol=1e-4)
    even = EVENLY * np.trace(np.cov(spread.residuals.T)) / DIM
    covariance = lda["lda/kernel"].T @ np.cov(spread.residuals.T) @ lda["lda/kernel"]
    covariance += even * lda["lda/kernel"].T @ lda["lda/kernel"]
    np.testing.assert_allclose(covariance, np.eye(2), atol=1e-3)
    assert estimate(pairs, 99)["lda/kernel"].shape == (DIM, DIM)


def test_voices_lie_farther_apart_where_they_were_turned() -> None:
    pairs = conversations()
    lda = estimate(pairs, 2)

    def told(points: NDArray[np.float32], labels: NDArray[np.int64]) -> float:
        cosines = points @ points.T
        same = labels[:, None] == labels
        return float((cosines[same].mean() - cosines[~same].mean()) / cosines.std())

    x, y = pairs[0]
    x = x / np.linalg.norm(x, axis=1, keepdims=True)
    found = turned(x, lda)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, rtol=1e-5)
    assert told(found, y) > told(x, y) + 0.3
    np.testing.assert_array_equal(turned(np.zeros((1, DIM), np.float32), lda), 0)


def test_too_little_speech_is_told() -> None:
    x, y = conversations(1, speakers=2, windows=4)[0]
    with pytest.raises(InputError, match="fewer than two speakers"):
        estimate([(x, y)], 2)


def lda_of(dim: int, directions: int = 3) -> Arrays:
    rng = np.random.default_rng(2)
    return {
        "lda/kernel": rng.normal(size=(dim, directions)).astype(np.float32),
        "lda/bias": rng.normal(size=directions).astype(np.float32),
    }


def test_encoder_ends_in_the_directions() -> None:
    """And what goes into them comes out as well: known voices are compared by that."""
    pytest.importorskip("onnx")
    from core.training.files.onnx_graph import build_onnx, read_onnx

    config = small_config()
    arrays, lda = random_arrays(config), lda_of(7)
    larger, together = with_lda(config, arrays, lda)
    assert (config.dim, larger.dim, larger.embedding) == (7, 3, 7)
    spectrograms = np.random.default_rng(0).standard_normal((3, 257, 60)).astype(np.float32)

    def run(content: bytes) -> NDArray[np.float32]:
        return np.asarray(runtime.session(content).run(None, {"spectrogram": spectrograms})[0])

    content = build_onnx(larger, together)
    found = run(content)
    np.testing.assert_allclose(found, turned(run(build_onnx(config, arrays)), lda), atol=1e-5)
    back, read = read_onnx(content)
    assert back == larger
    np.testing.assert_array_equal(read["lda/bias"], lda["lda/bias"])
    inside = runtime.session(content).run(["recognition"], {"spectrogram": spectrograms})[0]
    np.testing.assert_array_equal(inside, run(build_onnx(config, arrays)))
    dead = {**together, "embedding/bias": np.full(7, -1000, np.float32)}
    np.testing.assert_array_equal(run(build_onnx(larger, dead)), 0)


def test_layer_of_another_encoder_is_refused() -> None:
    config = small_config()
    arrays = random_arrays(config)
    with pytest.raises(ModelError, match=r"lda/kernel is \(8, 3\) instead of \(7, 3\)"):
        with_lda(config, arrays, lda_of(8))
    larger, together = with_lda(config, arrays, lda_of(7))
    with pytest.raises(ModelError, match="has an LDA already"):
        with_lda(larger, together, lda_of(3))
