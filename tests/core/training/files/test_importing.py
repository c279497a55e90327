"""Files of the seed's structure become a set that runs and gives what the seed's network gives."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core import runtime
from core.errors import InputError, ModelError
from core.models import folders
from core.models.fetching import PUBLISHED, PublishedFile, blob_id
from core.models.manifest import ModelSet
from core.stream.encoder import OnnxEncoder
from core.stream.features import normalise, spectrogram
from core.training.config import NetworkConfig, published_config
from core.training.files import importing
from core.training.files.importing import import_models, read_keras, read_uisrnn
from core.training.files.onnx_graph import build_onnx
from core.uisrnn.model import UISRNNModel
from tests.core.training.seed_files import (
    Layers,
    seed_embedding,
    seed_layers,
    uisrnn_contents,
    write_h5,
    write_uisrnn,
)
from tests.core.training.small import small_config

for module in ("h5py", "torch", "onnx"):
    pytest.importorskip(module, reason="needs the [train] extra")

SMALL = small_config(stem_stride=1, pool_height=3, epsilon=1e-3)


def imported(tmp_path: Path, config: NetworkConfig = SMALL, **options: Any) -> ModelSet:
    encoder = write_h5(tmp_path / "weights.h5", seed_layers(config))
    decoder = write_uisrnn(tmp_path / "saved", uisrnn_contents(config.embedding), old=True)
    return import_models(encoder, decoder, "vgg", config=config, **options)


@pytest.mark.train
@pytest.mark.usefixtures("tensorflow")
def test_published_network_gives_what_the_seeds_network_gives(tmp_path: Path) -> None:
    from core.training.encoder.network import build_network, load_arrays

    config = published_config()
    layers = seed_layers(config)
    arrays = read_keras(write_h5(tmp_path / "weights.h5", layers), config)
    rng = np.random.default_rng(3)
    spectrograms = rng.standard_normal((1, 257, 159)).astype(np.float32)
    expected = seed_embedding(layers, config, spectrograms)
    assert np.ptp(expected) > 0.01
    session = runtime.session(build_onnx(config, arrays))
    found = np.asarray(session.run(None, {"spectrogram": spectrograms})[0])
    np.testing.assert_allclose(found, expected, atol=1e-4)
    network = build_network(config, 159)
    load_arrays(network, config, arrays)
    keras = np.asarray(network(spectrograms, training=False))
    np.testing.assert_allclose(keras, expected, atol=1e-4)


@pytest.mark.train
@pytest.mark.usefixtures("tensorflow")
def test_imported_set_is_intact_and_runs(tmp_path: Path) -> None:
    models = imported(tmp_path)
    assert models == folders.load("vgg")
    assert [problem for _, problem in models.verify_all()] == [None, None, None]
    assert (models.encoder.window, models.encoder.hop, models.encoder.dim) == (25840, 8000, 7)
    assert "Permission is hereby granted" in (models.folder / "silero_vad.LICENSE").read_text()
    window = 0.1 * np.random.default_rng(1).standard_normal((1, 25840)).astype(np.float32)
    expected = seed_embedding(seed_layers(SMALL), SMALL, normalise(spectrogram(window[0]))[None])
    np.testing.assert_allclose(OnnxEncoder(models).embed(window), expected, atol=1e-4)
    model = UISRNNModel.from_npz(models.verified(models.decoder))
    contents = uisrnn_contents(7)
    assert (model.transition_bias, model.crp_alpha) == (0.125, 1.0)
    np.testing.assert_array_equal(model.sigma2, contents["sigma2"])
    np.testing.assert_array_equal(model.w2, contents["rnn_state_dict"]["linear_mean2.weight"])
    np.testing.assert_array_equal(model.h0, contents["rnn_init_hidden"].ravel())


def test_whole_model_of_keras_is_read_too(tmp_path: Path) -> None:
    layers = seed_layers(SMALL)
    alone = read_keras(write_h5(tmp_path / "a.h5", layers), SMALL)
    whole = read_keras(write_h5(tmp_path / "b.h5", layers, "model_weights"), SMALL)
    assert alone.keys() == whole.keys()
    for name in alone:
        np.testing.assert_array_equal(alone[name], whole[name])


def drop(layers: Layers) -> None:
    del layers["conv3_b_3x3"]


def add(layers: Layers) -> None:
    layers["conv9_a_3x3"] = {"kernel": np.zeros((1, 1), np.float32)}


def reshape(layers: Layers) -> None:
    layers["fc6"]["kernel"] = layers["fc6"]["kernel"].T


def fewer(layers: Layers) -> None:
    del layers["x_fc"]["bias"]


def swap(layers: Layers) -> None:
    bn = layers["conv1_1/3x3_s1/bn"]
    layers["conv1_1/3x3_s1/bn"] = {name: bn[name] for name in reversed(bn)}


def spoil(layers: Layers) -> None:
    layers["gvlad_pool"]["centers"][0, 0] = np.nan


def retype(layers: Layers) -> None:
    layers["fc6"]["bias"] = layers["fc6"]["bias"].astype(np.int32)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (drop, "lacks the layer conv3_b_3x3"),
        (add, "unknown layer conv9_a_3x3"),
        (reshape, r"kernel of the layer fc6 is float32 \(7, 40\) instead of float32 \(40, 7\)"),
        (fewer, "layer x_fc has 1 weights instead of 2"),
        (swap, "has moving_variance where gamma belongs"),
        (spoil, "centers of the layer gvlad_pool has impossible values"),
        (retype, "bias of the layer fc6 is int32"),
    ],
)
def test_other_network_is_named_and_refused(tmp_path: Path, change, words: str) -> None:
    layers = seed_layers(SMALL)
    change(layers)
    path = write_h5(tmp_path / "weights.h5", layers)
    with pytest.raises(ModelError, match=words) as caught:
        read_keras(path, SMALL)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"hello", b"\x89HDF\r\n\x1a\n" + bytes(500)])
def test_file_that_is_no_hdf5(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "weights.h5").write_bytes(content)
    with pytest.raises(ModelError, match=r"weights\.h5 is no weight file of Keras 2"):
        read_keras(tmp_path / "weights.h5", SMALL)
    with pytest.raises(InputError, match="can't read"):
        read_keras(tmp_path / "absent.h5", SMALL)


def test_hdf5_of_something_else(tmp_path: Path) -> None:
    import h5py

    with h5py.File(tmp_path / "other.h5", "w") as file:
        file["x"] = 1
    with pytest.raises(ModelError, match="no weight file of Keras 2"):
        read_keras(tmp_path / "other.h5", SMALL)


@pytest.mark.parametrize("old", [False, True])
def test_uisrnn_of_old_and_new_torch(tmp_path: Path, old: bool) -> None:
    path = write_uisrnn(tmp_path / "saved", uisrnn_contents(7), old=old)
    assert (b"numpy.core.multiarray" in path.read_bytes()) == old
    arrays = read_uisrnn(path)
    np.testing.assert_array_equal(arrays["sigma2"], uisrnn_contents(7)["sigma2"])
    assert float(arrays["transition_bias"]) == 0.125


def test_what_the_package_saves_is_read(tmp_path: Path) -> None:
    pytest.importorskip("uisrnn", reason="needs the [train] extra")
    from core.training.reference.uisrnn_decoder import package_model

    arrays = read_uisrnn(write_uisrnn(tmp_path / "first", uisrnn_contents(7)))
    model = UISRNNModel(
        *(arrays[f"gru.{part}_l0"] for part in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")),
        *(arrays[f"linear_mean{n}.{part}"] for n in (1, 2) for part in ("weight", "bias")),
        arrays["h0"],
        arrays["sigma2"],
        float(arrays["transition_bias"]),
        float(arrays["crp_alpha"]),
    )
    package_model(model).save(str(tmp_path / "second"))
    again = read_uisrnn(tmp_path / "second")
    assert again.keys() == arrays.keys()
    for name in arrays:
        np.testing.assert_array_equal(again[name], arrays[name])


class Bomb:
    def __init__(self, folder: Path) -> None:
        self.folder = str(folder)

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (self.folder,)


@pytest.mark.parametrize("old", [False, True])
def test_pickle_that_runs_something_never_does(tmp_path: Path, old: bool) -> None:
    contents = uisrnn_contents(7) | {"crp_alpha": Bomb(tmp_path / "made")}
    path = write_uisrnn(tmp_path / "saved", contents, old=old)
    with pytest.raises(ModelError, match="read safely") as caught:
        read_uisrnn(path)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"sigma2": np.full(7, np.nan, np.float32)}, "sigma2 that are not finite"),
        ({"sigma2": np.ones(6, np.float32)}, "has shape"),
        ({"transition_bias": 0.0}, "transition_bias is 0"),
        ({"transition_bias": None}, "another kind"),
        ({"rnn_state_dict": {}}, r"has no gru\."),
        ({"rnn_state_dict": 5}, "holds no UIS-RNN"),
    ],
)
def test_unusable_uisrnn(tmp_path: Path, changes: dict[str, Any], words: str) -> None:
    path = write_uisrnn(tmp_path / "saved", uisrnn_contents(7) | changes)
    with pytest.raises(ModelError, match=words):
        read_uisrnn(path)


def test_nothing_is_left_of_an_import_that_fails(tmp_path: Path) -> None:
    encoder = write_h5(tmp_path / "weights.h5", seed_layers(SMALL))
    decoder = write_uisrnn(tmp_path / "saved", uisrnn_contents(6))
    with pytest.raises(ModelError, match="embeddings of 6"):
        import_models(encoder, decoder, "vgg", config=SMALL)
    (tmp_path / "saved").write_bytes(b"no")
    with pytest.raises(ModelError, match="saved"):
        import_models(encoder, decoder, "vgg", config=SMALL)
    assert not folders.models_folder().exists()


def test_licence_is_known_for_the_published_files_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert PUBLISHED["vgg"].encoder.licence.startswith("CC BY 4.0")
    models = imported(tmp_path)
    assert "not stated" in models.encoder.licence
    known = PublishedFile("weights.h5", blob_id(tmp_path / "weights.h5"), "CC 1", 'a "b"', "c\\d")
    published = type(PUBLISHED["vgg"])("", known, PUBLISHED["vgg"].decoder)
    monkeypatch.setitem(importing.PUBLISHED, "vgg", published)
    with pytest.raises(ModelError, match="already"):
        imported(tmp_path)
    models = imported(tmp_path, replace=True)
    entry = models.encoder
    assert (entry.licence, entry.source, entry.trained_on) == ("CC 1", 'a "b"', "c\\d")
    assert "not stated" in models.decoder.licence
