"""The Keras network against the ONNX graph and the paper's formula, on two backends."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from core import runtime
from core.errors import ModelError
from core.training.config import NetworkConfig, published_config
from tests.core.training.small import random_arrays, small_config

pytestmark = [pytest.mark.train, pytest.mark.usefixtures("tensorflow")]


def onnx_embeddings(config: NetworkConfig, seed: int, spectrograms: np.ndarray) -> np.ndarray:
    from core.training.files.onnx_graph import build_onnx

    session = runtime.session(build_onnx(config, random_arrays(config, seed)))
    outputs = session.run(None, {"spectrogram": spectrograms})
    assert len(outputs) == (2 if config.lda else 1)
    return np.concatenate(outputs, axis=1)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"stem_stride": 1, "pool_height": 3, "epsilon": 1e-3},
        {"activation": "linear", "clusters": 3, "ghosts": 1},
        {"lda": 4},
    ],
    ids=["fast-like", "published-like", "linear", "lda"],
)
@pytest.mark.parametrize("frames", [64, 159])
def test_keras_and_onnx_agree(changes: dict[str, object], frames: int) -> None:
    from core.training.encoder.network import build_network, load_arrays

    config = small_config(**changes)
    network = build_network(config)
    load_arrays(network, config, random_arrays(config, seed=5))
    rng = np.random.default_rng(2)
    spectrograms = rng.standard_normal((2, 257, frames)).astype(np.float32)
    said = network(spectrograms, training=False)
    keras = np.concatenate([np.asarray(of) for of in (said if config.lda else [said])], axis=1)
    assert np.ptp(keras) > 0.01
    np.testing.assert_allclose(keras, onnx_embeddings(config, 5, spectrograms), atol=1e-5)


def test_published_network_is_built_from_the_same_definition() -> None:
    from core.training.encoder.network import build_network

    network = build_network(published_config())
    trained = sum(int(np.prod(variable.shape)) for variable in network.trainable_variables)
    assert round(trained / 1e6, 2) == 7.66
    assert network.input_shape == (None, 257, None)
    assert network.output_shape == (None, 512)


def test_ghostvlad_is_the_formula_of_the_paper() -> None:
    from core.training.encoder.network import GhostVLAD

    rng = np.random.default_rng(4)
    features = rng.standard_normal((2, 11, 6)).astype(np.float32)
    shares = rng.random((2, 11, 5)).astype(np.float32)
    layer = GhostVLAD(clusters=3, ghosts=2)
    found = np.asarray(layer([features, shares]))
    centers = np.asarray(layer.centers)
    for row in range(2):
        clusters = []
        for k in range(3):
            residual = sum(shares[row, t, k] * (features[row, t] - centers[k]) for t in range(11))
            clusters.append(residual / np.linalg.norm(residual))
        np.testing.assert_allclose(found[row], np.concatenate(clusters), atol=1e-5)


def test_arrays_survive_the_model() -> None:
    from core.training.encoder.network import build_network, load_arrays, to_arrays

    config = small_config()
    arrays = random_arrays(config)
    network = build_network(config)
    load_arrays(network, config, arrays)
    back = to_arrays(network, config)
    assert list(back) == list(arrays)
    for name, array in arrays.items():
        np.testing.assert_array_equal(back[name], array)


def test_arrays_of_another_shape_change_nothing() -> None:
    from core.training.encoder.network import build_network, load_arrays, to_arrays

    config = small_config()
    network = build_network(config)
    before = to_arrays(network, config)
    wrong = random_arrays(config)
    wrong["embedding/bias"] = np.zeros(3, np.float32)
    with pytest.raises(ModelError, match=r"embedding/bias is \(3,\)"):
        load_arrays(network, config, wrong)
    for name, array in to_arrays(network, config).items():
        np.testing.assert_array_equal(array, before[name])


ON_TORCH = """
import sys
import numpy as np
from core.errors import ModelError
from core.training.encoder.network import build_network, load_arrays, to_arrays
from core.training.reference.keras_encoder import start_tensorflow
from tests.core.training.small import random_arrays, small_config

config = small_config()
network = build_network(config)
load_arrays(network, config, random_arrays(config))
spectrograms = np.random.default_rng(2).standard_normal((2, 257, 64)).astype(np.float32)
embedding = network(spectrograms, training=False)
np.save(sys.argv[1], embedding.detach().cpu().numpy())
try:
    start_tensorflow()
except ModelError as error:
    print(error)
"""


@pytest.mark.skipif(find_spec("torch") is None, reason="needs torch")
def test_other_backend_gives_the_same_but_is_not_the_reference(tmp_path: Path) -> None:
    """Any Keras backend trains the network; the reference refuses to run on another."""
    root = Path(__file__).parents[4]
    environment = {**os.environ, "KERAS_BACKEND": "torch", "PYTHONPATH": str(root)}
    run = subprocess.run(
        [sys.executable, "-c", ON_TORCH, str(tmp_path / "torch.npy")],
        env=environment,
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "already runs it on torch" in run.stdout
    config = small_config()
    spectrograms = np.random.default_rng(2).standard_normal((2, 257, 64)).astype(np.float32)
    np.testing.assert_allclose(
        np.load(tmp_path / "torch.npy"), onnx_embeddings(config, 0, spectrograms), atol=1e-5
    )
