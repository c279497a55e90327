"""An encoder outside of any set of models: from its arrays, as ONNX, or the one to compare with."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.errors import ModelError
from core.training.files import encoder_file, export
from core.training.files.encoder_file import WheelEncoder, load_encoder
from core.training.files.onnx_graph import build_onnx
from core.training.files.teacher import mel_spectrogram
from tests.core.training.small import random_arrays, small_config

pytest.importorskip("onnx", reason="needs the [train] extra")

CONFIG = small_config()
ARRAYS = random_arrays(CONFIG)


@pytest.fixture(autouse=True)
def _sizes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(export.CONFIGS, "small", small_config)


def test_arrays_and_onnx_are_the_same_encoder(tmp_path: Path) -> None:
    arrays, onnx = tmp_path / "encoder.npz", tmp_path / "encoder.onnx"
    arrays.write_bytes(export.npz_bytes(ARRAYS))
    onnx.write_bytes(build_onnx(CONFIG, ARRAYS))
    one, other = load_encoder(arrays, 16000, 8000), load_encoder(onnx, 16000, 8000)
    assert (one.size, other.size) == ("small", "")
    assert one.identity == other.identity
    assert one.identity != load_encoder(arrays, 16000, 4000).identity
    assert (one.encoder.window, one.encoder.hop, one.encoder.dim) == (16000, 8000, 7)
    windows = np.random.default_rng(0).normal(0, 0.1, (3, 16000)).astype(np.float32)
    embeddings = one.encoder.embed(windows)
    np.testing.assert_array_equal(embeddings, other.encoder.embed(windows))
    np.testing.assert_allclose(np.linalg.norm(embeddings, axis=1), 1, rtol=1e-5)


def test_files_that_hold_no_encoder(tmp_path: Path) -> None:
    other = tmp_path / "other.npz"
    other.write_bytes(export.npz_bytes({"a": np.zeros(3, np.float32)}))
    damaged = tmp_path / "damaged.onnx"
    damaged.write_bytes(b"no network")
    for path, problem in (
        (other, "holds no network"),
        (damaged, "can't load the model"),
        (tmp_path / "gone.npz", "is missing"),
        (tmp_path / "gone.onnx", "can't read"),
    ):
        with pytest.raises(ModelError, match=problem):
            load_encoder(path, 16000, 8000)


def test_a_teacher_as_an_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []

    class Loud:
        """In place of a teacher: how loud, in two numbers."""

        name, dim = "loud", 2

        def features(self, samples: np.ndarray) -> np.ndarray:
            return mel_spectrogram(samples)

        def embed(self, mels: np.ndarray) -> np.ndarray:
            calls.append(len(mels))
            return np.stack([mels.mean(axis=(1, 2)), mels.max(axis=(1, 2))], axis=1)

    def opened(source: Path) -> Loud:
        assert source == Path("some.whl")
        return Loud()

    monkeypatch.setattr(encoder_file, "open_teacher", opened)
    loose = load_encoder(Path("some.whl"), 25600, 12800)
    assert isinstance(loose.encoder, WheelEncoder)
    assert loose.identity == "loud 25600 12800"
    windows = np.random.default_rng(0).normal(0, 0.1, (130, 4000)).astype(np.float32)
    embeddings = loose.encoder.embed(windows)
    assert embeddings.shape == (130, 2)
    assert sum(calls) == 130
    assert max(calls) <= 64
    # Rows are those of their windows, in order.
    np.testing.assert_allclose(loose.encoder.embed(windows[100:101])[0], embeddings[100])
    assert loose.encoder.embed(windows[:0]).shape == (0, 2)
