"""The ONNX file: the same bytes every time, and every array comes back out of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core import runtime
from core.errors import ModelError
from core.models.manifest import shipped_models
from core.training.config import fast_config
from core.training.files.lda import DIRECTIONS
from tests.core.training.small import random_arrays, small_config

pytest.importorskip("onnx")
from core.training.files.onnx_graph import build_onnx, read_onnx


def test_same_arrays_give_the_same_bytes() -> None:
    config = small_config()
    assert build_onnx(config, random_arrays(config)) == build_onnx(config, random_arrays(config))


def test_arrays_and_configuration_come_back() -> None:
    config = small_config(activation="linear", epsilon=1e-3)
    arrays = random_arrays(config)
    found, read = read_onnx(build_onnx(config, arrays))
    assert found == config
    assert list(read) == list(arrays)
    for name, array in arrays.items():
        np.testing.assert_array_equal(read[name], array)


def test_shipped_encoder_is_readable_and_fast() -> None:
    models = shipped_models()
    config, _ = read_onnx(models.verified(models.encoder))
    assert config == replace(fast_config(), lda=DIRECTIONS)


def test_any_batch_and_any_length() -> None:
    config = small_config()
    session = runtime.session(build_onnx(config, random_arrays(config)))
    rng = np.random.default_rng(0)
    for batch, frames in ((1, 60), (3, 60), (2, 159)):
        spectrogram = rng.standard_normal((batch, 257, frames)).astype(np.float32)
        (embedding,) = session.run(None, {"spectrogram": spectrogram})
        assert embedding.shape == (batch, config.embedding)
        np.testing.assert_allclose(np.linalg.norm(embedding, axis=1), 1, rtol=1e-5)


def test_dead_embedding_is_zeros_instead_of_nan() -> None:
    config = small_config()
    arrays = random_arrays(config)
    arrays["embedding/bias"][:] = -1000
    session = runtime.session(build_onnx(config, arrays))
    (embedding,) = session.run(None, {"spectrogram": np.zeros((1, 257, 60), np.float32)})
    np.testing.assert_array_equal(embedding, 0)


def test_file_from_elsewhere_is_refused() -> None:
    models = shipped_models()
    with pytest.raises(ModelError, match="configuration"):
        read_onnx(models.verified(models.speech))
