"""Files of exactly the structure that the seed's two have, with random weights.

Layer names, order and shapes are written down here from the seed's network, not taken from the
importer; ``seed_embedding`` is that network in plain TensorFlow calls, by those names.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from core.training.config import NetworkConfig

Layers = dict[str, dict[str, np.ndarray]]


def seed_layers(config: NetworkConfig, seed: int = 0) -> Layers:
    """Layer -> weight -> array, in the order in which Keras 2 saves them."""
    rng = np.random.default_rng(seed)
    layers: Layers = {}

    def array(*shape: int, scale: float = 1.0) -> np.ndarray:
        return (scale * rng.standard_normal(shape)).astype(np.float32)

    def convolution(name: str, *shape: int, bias: bool = False) -> None:
        kernel = array(*shape, scale=float(np.sqrt(2 / np.prod(shape[:-1]))))
        layers[name] = {"kernel": kernel} | ({"bias": array(shape[-1], scale=0.1)} if bias else {})

    def normalised(name: str, *shape: int) -> None:
        convolution(name, *shape)
        width = shape[-1]
        layers[f"{name}/bn"] = {
            "gamma": 0.5 + abs(array(width, scale=0.3)),
            "beta": array(width, scale=0.2),
            "moving_mean": array(width, scale=0.2),
            "moving_variance": 0.5 + abs(array(width)),
        }

    normalised("conv1_1/3x3_s1", 7, 7, 1, config.stem_filters)
    channels = config.stem_filters
    for number, (inner, outer, count) in enumerate(config.stages, start=2):
        for letter in "abc"[:count]:
            name = f"conv{number}_{letter}"
            normalised(f"{name}_1x1_reduce", 1, 1, channels, inner)
            normalised(f"{name}_3x3", 3, 3, inner, inner)
            normalised(f"{name}_1x1_increase", 1, 1, inner, outer)
            if letter == "a":
                normalised(f"{name}_1x1_proj", 1, 1, channels, outer)
            channels = outer
    rows, size = config.rows, config.features
    convolution("x_fc", rows, 1, channels, size, bias=True)
    convolution("gvlad_center_assignment", rows, 1, channels, 10, bias=True)
    layers["gvlad_pool"] = {"centers": array(10, size, scale=0.1)}
    convolution("fc6", 8 * size, config.embedding, bias=True)
    layers["prediction"] = {"kernel": array(config.embedding, 11)}
    return layers


def write_h5(path: Path, layers: Layers, group: str = "/") -> Path:
    """As ``save_weights`` of Keras 2 does; with ``group`` "model_weights" as ``save`` does."""
    import h5py

    with h5py.File(path, "w") as file:
        root = file.require_group(group)
        names = ["input", *layers]  # layers without weights are in the list too
        root.attrs["layer_names"] = [name.encode() for name in names]
        root.attrs["backend"] = b"tensorflow"
        root.attrs["keras_version"] = b"2.2.4"
        for layer in names:
            weights = {f"{layer}/{name}:0": data for name, data in layers.get(layer, {}).items()}
            stored = root.require_group(layer)
            stored.attrs["weight_names"] = [name.encode() for name in weights]
            for name, data in weights.items():
                stored.create_dataset(name, data=data)
    return path


def uisrnn_contents(dim: int, hidden: int = 5, seed: int = 0) -> dict[str, Any]:
    """What ``UISRNN.save`` hands to torch."""
    import torch

    rng = np.random.default_rng(seed)

    def tensor(*shape: int) -> torch.Tensor:
        return torch.from_numpy(0.3 * rng.standard_normal(shape).astype(np.float32))

    return {
        "rnn_state_dict": {
            "gru.weight_ih_l0": tensor(3 * hidden, dim),
            "gru.weight_hh_l0": tensor(3 * hidden, hidden),
            "gru.bias_ih_l0": tensor(3 * hidden),
            "gru.bias_hh_l0": tensor(3 * hidden),
            "linear_mean1.weight": tensor(hidden, hidden),
            "linear_mean1.bias": tensor(hidden),
            "linear_mean2.weight": tensor(dim, hidden),
            "linear_mean2.bias": tensor(dim),
        },
        "rnn_init_hidden": tensor(1, 1, hidden).numpy(),
        "transition_bias": np.float64(0.125),
        "transition_bias_denominator": 40.0,
        "crp_alpha": 1.0,
        "sigma2": 0.1 + abs(tensor(dim).numpy()),
    }


def write_uisrnn(path: Path, contents: object, *, old: bool = False) -> Path:
    """By torch; ``old`` as torch 1 and numpy 1 wrote it, which is how the seed's file was made."""
    import torch

    torch.save(contents, path, _use_new_zipfile_serialization=not old)
    if old:
        path.write_bytes(path.read_bytes().replace(b"cnumpy._core.", b"cnumpy.core."))
    return path


def seed_embedding(layers: Layers, config: NetworkConfig, spectrogram: np.ndarray) -> np.ndarray:
    """Spectrograms (batch, 257, frames) through the seed's network, mode "eval"."""
    import tensorflow as tf

    def normalised(x: Any, name: str, stride: int = 1) -> Any:
        x = tf.nn.conv2d(x, layers[name]["kernel"], stride, "SAME")
        bn = layers[f"{name}/bn"]
        return tf.nn.batch_normalization(
            x, bn["moving_mean"], bn["moving_variance"], bn["beta"], bn["gamma"], 1e-3
        )

    def convolution(x: Any, name: str) -> Any:
        return tf.nn.conv2d(x, layers[name]["kernel"], 1, "VALID") + layers[name]["bias"]

    x = tf.nn.relu(normalised(spectrogram[..., np.newaxis], "conv1_1/3x3_s1"))
    x = tf.nn.max_pool2d(x, 2, 2, "VALID")
    for number, (_, _, count) in enumerate(config.stages, start=2):
        for letter in "abc"[:count]:
            name = f"conv{number}_{letter}"
            stride = 2 if letter == "a" and number > 2 else 1
            y = tf.nn.relu(normalised(x, f"{name}_1x1_reduce", stride))
            y = tf.nn.relu(normalised(y, f"{name}_3x3"))
            y = normalised(y, f"{name}_1x1_increase")
            x = tf.nn.relu(y + (normalised(x, f"{name}_1x1_proj", stride) if letter == "a" else x))
    x = tf.nn.max_pool2d(x, (3, 1), (2, 1), "VALID")
    features = tf.nn.relu(convolution(x, "x_fc"))
    shares = tf.nn.softmax(convolution(x, "gvlad_center_assignment"))
    residuals = features[..., None, :] - layers["gvlad_pool"]["centers"]
    pooled = tf.reduce_sum(shares[..., None] * residuals, [1, 2])[:, :8]
    pooled = tf.reshape(tf.math.l2_normalize(pooled, -1), (len(spectrogram), -1))
    x = tf.nn.relu(pooled @ layers["fc6"]["kernel"] + layers["fc6"]["bias"])
    return np.asarray(tf.math.l2_normalize(x, 1))
