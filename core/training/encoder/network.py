"""The speaker encoder in Keras 3: thin ResNet-34 with GhostVLAD, one definition for every size.

Xie, Nagrani, Chung, Zisserman: Utterance-level aggregation for speaker recognition in the wild,
ICASSP 2019 (arXiv 1902.10107), section 3: a residual trunk that keeps time, a convolution as high
as what is left of the frequencies, NetVLAD pooling over time with ghost clusters that take up the
frames nobody should be recognised by, and a dense layer. Runs on any Keras backend.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import keras
import numpy as np
from keras import layers, ops
from numpy.typing import NDArray

from core.stream.features import BINS
from core.training.config import STEM, Arrays, Bottleneck, NetworkConfig
from core.training.encoder.losses import unit

INITIALISER = "orthogonal"


@keras.saving.register_keras_serializable("voicelanes")
class GhostVLAD(layers.Layer):  # type: ignore[misc]
    """Section 3.2: features (batch, frames, D) and shares (batch, frames, K + G) to (batch, K D).

    Per cluster the sum over time of share x (feature - center), at unit length. The shares are
    already a softmax over all clusters; the last ``ghosts`` clusters are dropped.
    """

    def __init__(self, clusters: int, ghosts: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.clusters, self.ghosts = clusters, ghosts

    def build(self, shapes: list[tuple[int | None, ...]]) -> None:
        shape = (self.clusters + self.ghosts, shapes[0][-1])
        self.centers = self.add_weight(shape=shape, initializer=INITIALISER, name="centers")

    def call(self, inputs: list[Any]) -> Any:
        features, shares = inputs
        shares = ops.transpose(shares[..., : self.clusters], (0, 2, 1))
        pushed = ops.sum(shares, axis=-1, keepdims=True) * self.centers[: self.clusters]
        residuals = unit(ops.matmul(shares, features) - pushed)
        return ops.reshape(residuals, (-1, self.clusters * features.shape[-1]))

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "clusters": self.clusters, "ghosts": self.ghosts}


@keras.saving.register_keras_serializable("voicelanes")
class UnitLength(layers.Layer):  # type: ignore[misc]
    """Every vector at unit length; a zero vector stays zero."""

    def call(self, x: Any) -> Any:
        return unit(x)


@keras.saving.register_keras_serializable("voicelanes")
class Discriminant(layers.Layer):  # type: ignore[misc]
    """Vectors (batch, D) of length 1 in the directions of an LDA, (batch, directions); see
    :mod:`core.training.files.lda`. A zero vector stays zero."""

    def __init__(self, directions: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.directions = directions

    def build(self, shape: tuple[int | None, ...]) -> None:
        self.kernel = self.add_weight(
            shape=(shape[-1], self.directions), initializer=INITIALISER, name="kernel"
        )
        self.bias = self.add_weight(shape=(self.directions,), initializer="zeros", name="bias")

    def call(self, x: Any) -> Any:
        length = ops.norm(x, axis=-1, keepdims=True)  # 1, or 0
        return ops.matmul(x, self.kernel) + length * self.bias

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "directions": self.directions}


def build_network(config: NetworkConfig, frames: int | None = None) -> keras.Model:
    """The network: normalised spectrograms (batch, 257, frames) to embeddings (batch, dim).

    With ``frames`` None any length from about a second on is taken. With an LDA there are two
    outputs, as in :func:`core.training.files.onnx_graph.build_onnx`.
    """
    spectrogram = keras.Input((BINS, frames), name="spectrogram")
    x = layers.Reshape((BINS, -1 if frames is None else frames, 1), name="image")(spectrogram)
    x = layers.ZeroPadding2D(STEM // 2, name="stem_padding")(x)
    x = _normalised(config, x, "stem", config.stem_filters, STEM, config.stem_stride, "valid")
    x = layers.MaxPooling2D(2, 2, name="stem_pool")(layers.ReLU(name="stem_relu")(x))
    for block in config.blocks():
        x = _bottleneck(config, x, block)
    x = layers.MaxPooling2D((config.pool_height, 1), (2, 1), name="pool")(x)
    height = (config.rows, 1)
    features = _convolution(x, "features", config.features, height, activation="relu")
    shares = _convolution(
        x, "assignment", config.clusters + config.ghosts, height, activation="softmax"
    )
    features = layers.Reshape((-1, config.features), name="features_frames")(features)
    shares = layers.Reshape((-1, config.clusters + config.ghosts), name="shares")(shares)
    x = GhostVLAD(config.clusters, config.ghosts, name="vlad")([features, shares])
    x = layers.Dense(
        config.embedding,
        activation=config.activation,
        kernel_initializer=INITIALISER,
        name="embedding",
    )(x)
    said = x = UnitLength(name="unit")(x)
    if config.lda:
        said = [UnitLength(name="lda_unit")(Discriminant(config.lda, name="lda")(x)), x]
    return keras.Model(spectrogram, said, name="ghostvlad")


def _convolution(
    x: Any, name: str, filters: int, kernel: int | tuple[int, int], **options: Any
) -> Any:
    return layers.Conv2D(filters, kernel, kernel_initializer=INITIALISER, name=name, **options)(x)


def _normalised(
    config: NetworkConfig,
    x: Any,
    name: str,
    filters: int,
    kernel: int,
    stride: int = 1,
    padding: str = "same",
) -> Any:
    """Convolution without bias and batch normalisation."""
    x = _convolution(x, name, filters, kernel, strides=stride, padding=padding, use_bias=False)
    return layers.BatchNormalization(epsilon=config.epsilon, name=f"{name}_bn")(x)


def _bottleneck(config: NetworkConfig, x: Any, block: Bottleneck) -> Any:
    name = block.name
    y = _normalised(config, x, f"{name}_conv1", block.inner, 1, block.stride)
    y = layers.ReLU(name=f"{name}_conv1_relu")(y)
    y = _normalised(config, y, f"{name}_conv2", block.inner, 3)
    y = layers.ReLU(name=f"{name}_conv2_relu")(y)
    y = _normalised(config, y, f"{name}_conv3", block.outer, 1)
    if block.projected:
        x = _normalised(config, x, f"{name}_shortcut", block.outer, 1, block.stride)
    return layers.ReLU(name=f"{name}_relu")(layers.Add(name=f"{name}_sum")([y, x]))


def _variables(model: keras.Model, config: NetworkConfig) -> Iterator[tuple[str, Any]]:
    """Each array's name with the variable of ``model`` that holds it."""
    attributes = {"mean": "moving_mean", "variance": "moving_variance"}
    for name in config.shapes():
        # Keras takes no slash in a layer's name.
        *path, attribute = name.split("/")
        layer = model.get_layer("_".join(path))
        yield name, getattr(layer, attributes.get(attribute, attribute))


def load_arrays(
    model: keras.Model, config: NetworkConfig, arrays: Mapping[str, NDArray[Any]]
) -> None:
    """Put ``arrays`` into a model of that ``config``.

    Raises
    ------
    ModelError
        An array is missing, unknown or of another shape; nothing was changed.
    """
    config.check(arrays)
    for name, variable in _variables(model, config):
        variable.assign(arrays[name])


def to_arrays(model: keras.Model, config: NetworkConfig) -> Arrays:
    """The arrays of a model, for :func:`core.training.files.onnx_graph.build_onnx` or an
    ``.npz``."""
    return {
        name: np.asarray(ops.convert_to_numpy(variable), np.float32)
        for name, variable in _variables(model, config)
    }
