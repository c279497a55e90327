"""The reference engine beside the one that ships."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from core.errors import MissingExtraError
from core.models.manifest import shipped_models
from core.stream.encoder import OnnxEncoder
from core.training import require


@pytest.mark.train
@pytest.mark.usefixtures("tensorflow")
def test_keras_gives_the_embeddings_of_the_onnx_file() -> None:
    from core.training.reference.keras_encoder import KerasEncoder

    models = shipped_models()
    reference, shipped = KerasEncoder(models), OnnxEncoder(models)
    assert (reference.window, reference.hop, reference.dim) == (25840, 8000, shipped.dim)
    rng = np.random.default_rng(6)
    time = np.arange(shipped.window) / 16000
    windows = np.stack(
        [np.sin(pitch * time * 2 * np.pi) ** 9 for pitch in (90, 140, 230)]
        + [rng.standard_normal(shipped.window) * 0.1, np.zeros(shipped.window)]
    ).astype(np.float32)
    embeddings = reference.embed(windows)
    assert embeddings.shape == (5, 128 + 256)
    np.testing.assert_allclose(embeddings, shipped.embed(windows), atol=1e-4)
    np.testing.assert_array_equal(reference.embed(windows[2:3])[0], embeddings[2])


def test_missing_extra_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    require("numpy", "scipy")
    with pytest.raises(MissingExtraError, match=r"no_such_module: .*install -e '.*\[train\]"):
        require("numpy", "no_such_module")
    monkeypatch.setitem(sys.modules, "onnx", None)
    from core.training.files.onnx_graph import read_onnx

    with pytest.raises(MissingExtraError, match="onnx"):
        read_onnx(b"")
