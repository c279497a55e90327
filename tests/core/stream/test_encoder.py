"""The encoder that ships: the card's reference embeddings, and one result per window, always."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from core.errors import ModelError
from core.models.manifest import shipped_models
from core.stream.encoder import OnnxEncoder, for_recognition
from core.stream.features import normalise, spectrogram


@pytest.fixture(scope="module")
def encoder() -> OnnxEncoder:
    return OnnxEncoder(shipped_models())


@pytest.fixture(scope="module")
def windows(encoder: OnnxEncoder) -> np.ndarray:
    """Noise with a different colour and beat in each window."""
    rng = np.random.default_rng(1)
    time = np.arange(encoder.window) / 16000
    return np.stack(
        [
            np.cumsum(rng.standard_normal(encoder.window)) * 0.01 * np.sin(pitch * time)
            for pitch in (3, 40, 700, 1500, 2500)
        ]
    ).astype(np.float32)


@pytest.mark.parametrize("name", ["a_1", "x_2"])
def test_starting_weights_give_the_reference_embeddings(shared: Path, name: str) -> None:
    """The graph and the features are those that the first weights were trained with."""
    pytest.importorskip("onnx")
    from core.training.files.encoder_file import load_encoder

    weights, shipped = shared / "models" / "ghostvlad-fast-v0.npz", shipped_models().encoder
    encoder = load_encoder(weights, shipped.window, shipped.hop).encoder
    path = shared / "eval" / "4persons" / f"{name}.wav"
    samples, rate = soundfile.read(path, frames=encoder.window, dtype="float32")
    assert rate == 16000
    with np.load(shared / "models" / "reference-v0.npz") as reference:
        np.testing.assert_allclose(
            normalise(spectrogram(samples)), reference[f"{name}/spectrogram"], atol=1e-3
        )
        np.testing.assert_allclose(
            encoder.embed(samples[np.newaxis])[0], reference[f"{name}/embedding"], atol=1e-4
        )


def test_embeddings_are_unit_length_and_tell_windows_apart(
    encoder: OnnxEncoder, windows: np.ndarray
) -> None:
    rows = encoder.embed(windows)
    assert rows.shape == (len(windows), encoder.dim + 256)
    assert rows.dtype == np.float32
    for embeddings in (rows[:, : encoder.dim], for_recognition(rows, encoder.dim)):
        np.testing.assert_allclose(np.linalg.norm(embeddings, axis=1), 1, rtol=1e-5)
        assert (embeddings @ embeddings.T)[~np.eye(len(windows), dtype=bool)].max() < 0.999


def test_decoders_print_follows_from_that_for_recognition(
    encoder: OnnxEncoder, windows: np.ndarray
) -> None:
    """By the last layer of the file: one network, one run."""
    onnx_graph = pytest.importorskip("core.training.files.onnx_graph")
    lda = pytest.importorskip("core.training.files.lda")
    models = shipped_models()
    _, arrays = onnx_graph.read_onnx(models.verified(models.encoder))
    rows = encoder.embed(windows)
    turned = lda.turned(for_recognition(rows, encoder.dim), arrays)
    np.testing.assert_allclose(rows[:, : encoder.dim], turned, atol=1e-5)


def test_rows_without_a_second_print_are_for_both() -> None:
    rows = np.arange(6, dtype=np.float32).reshape(2, 3)
    assert for_recognition(rows, 3) is rows
    np.testing.assert_array_equal(for_recognition(rows, 1), rows[:, 1:])


def test_row_is_the_same_to_the_last_bit_in_any_company(
    encoder: OnnxEncoder, windows: np.ndarray
) -> None:
    together = encoder.embed(windows)
    alone = np.concatenate([encoder.embed(window[np.newaxis]) for window in windows])
    np.testing.assert_array_equal(together, alone)
    np.testing.assert_array_equal(encoder.embed(windows[[3, 1]]), together[[3, 1]])


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_threads_do_not_change_a_bit(
    encoder: OnnxEncoder, windows: np.ndarray, threads: int
) -> None:
    other = OnnxEncoder(shipped_models(), threads=threads)
    np.testing.assert_array_equal(other.embed(windows), encoder.embed(windows))


def test_no_windows_give_no_rows(encoder: OnnxEncoder) -> None:
    embeddings = encoder.embed(np.empty((0, encoder.window), np.float32))
    assert embeddings.shape == (0, encoder.dim + 256)


def test_window_that_is_not_finite_spoils_its_own_row_only(
    encoder: OnnxEncoder, windows: np.ndarray
) -> None:
    spoiled = windows.copy()
    spoiled[1, 9000] = np.nan
    spoiled[3, 100] = np.inf
    embeddings = encoder.embed(spoiled)
    assert not np.isfinite(embeddings[[1, 3]]).all(axis=1).any()
    np.testing.assert_array_equal(embeddings[[0, 2, 4]], encoder.embed(windows)[[0, 2, 4]])


def test_silence_gives_a_finite_embedding(encoder: OnnxEncoder) -> None:
    assert np.isfinite(encoder.embed(np.zeros((1, encoder.window), np.float32))).all()


def test_manifest_that_names_another_size_is_an_error() -> None:
    models = shipped_models()
    made = rf"ghostvlad\.onnx makes embeddings of {models.encoder.dim} instead"
    with pytest.raises(ModelError, match=made):
        OnnxEncoder(replace(models, encoder=replace(models.encoder, dim=512)))
