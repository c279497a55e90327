"""The sizes of the speaker encoder, and the names and shapes of its arrays that follow from them.

Weights travel as a dict of arrays by name (``stage3a/conv2/kernel``, ``stage3a/conv2/bn/gamma``,
``vlad/centers``); kernels are height x width x in x out, height is frequency. Nothing here needs
Keras: the network itself is in :mod:`core.training.encoder.network`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from core.errors import ModelError
from core.stream.features import BINS

Arrays = dict[str, NDArray[np.float32]]

STEM = 7
"""Height and width of the first kernel."""
SMALLEST = 1e-12
"""Square of the length under which a vector counts as zero and stays zero."""
BATCH_NORM = ("gamma", "beta", "mean", "variance")


@dataclass(frozen=True)
class Bottleneck:
    """One bottleneck: 1x1 (carries the stride), 3x3, 1x1, and the shortcut around them."""

    name: str
    channels: int
    inner: int
    outer: int
    stride: int
    projected: bool


@dataclass(frozen=True)
class NetworkConfig:
    """The size of a network.

    Parameters
    ----------
    stem_filters
        Of the 7x7 convolution at the input.
    stem_stride
        Of that convolution, in frequency and time.
    stages
        Per stage the inner and outer width of its bottlenecks and how many there are;
        every stage but the first halves frequency and time.
    pool_height
        Frequency rows under the last max pool (stride 2 in frequency, 1 in time).
    features
        Width of a VLAD residual.
    clusters
        Clusters whose residuals make the embedding.
    ghosts
        Clusters that are dropped.
    embedding
        Size of the embedding.
    activation
        Of the embedding, before it is made unit length.
    epsilon
        Of every batch normalisation.
    lda
        Directions of the linear discriminant analysis that follows the embedding, see
        :mod:`core.training.files.lda`; 0 for none.
    """

    stem_filters: int
    stem_stride: int
    stages: tuple[tuple[int, int, int], ...]
    pool_height: int
    features: int
    embedding: int
    activation: Literal["relu", "linear"] = "relu"
    clusters: int = 8
    ghosts: int = 2
    epsilon: float = 1e-5
    lda: int = 0

    @property
    def dim(self) -> int:
        """Size of what comes out."""
        return self.lda or self.embedding

    def blocks(self) -> Iterator[Bottleneck]:
        """Every bottleneck from input to output."""
        channels = self.stem_filters
        for stage, (inner, outer, count) in enumerate(self.stages, start=2):
            for index in range(count):
                stride = 2 if index == 0 and stage > 2 else 1
                name = f"stage{stage}{'abcdefgh'[index]}"
                yield Bottleneck(name, channels, inner, outer, stride, index == 0)
                channels = outer

    @property
    def rows(self) -> int:
        """Frequency rows that are left for the feature convolution, which spans all of them."""
        rows = ((BINS - 1) // self.stem_stride + 1) // 2
        for block in self.blocks():
            rows = (rows - 1) // block.stride + 1
        return (rows - self.pool_height) // 2 + 1

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Name and shape of every array, input to output."""
        shapes: dict[str, tuple[int, ...]] = {}

        def convolution(name: str, *kernel: int) -> None:
            shapes[f"{name}/kernel"] = kernel
            shapes.update({f"{name}/bn/{part}": kernel[-1:] for part in BATCH_NORM})

        convolution("stem", STEM, STEM, 1, self.stem_filters)
        for block in self.blocks():
            convolution(f"{block.name}/conv1", 1, 1, block.channels, block.inner)
            convolution(f"{block.name}/conv2", 3, 3, block.inner, block.inner)
            convolution(f"{block.name}/conv3", 1, 1, block.inner, block.outer)
            if block.projected:
                convolution(f"{block.name}/shortcut", 1, 1, block.channels, block.outer)
        width = self.stages[-1][1]
        clusters = self.clusters + self.ghosts
        shapes["features/kernel"] = (self.rows, 1, width, self.features)
        shapes["features/bias"] = (self.features,)
        shapes["assignment/kernel"] = (self.rows, 1, width, clusters)
        shapes["assignment/bias"] = (clusters,)
        shapes["vlad/centers"] = (clusters, self.features)
        shapes["embedding/kernel"] = (self.clusters * self.features, self.embedding)
        shapes["embedding/bias"] = (self.embedding,)
        if self.lda:
            shapes["lda/kernel"] = (self.embedding, self.lda)
            shapes["lda/bias"] = (self.lda,)
        return shapes

    def check(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """:class:`ModelError` unless ``arrays`` has every name in its shape, and none besides."""
        shapes = self.shapes()
        if odd := sorted(shapes.keys() ^ arrays.keys()):
            what = "lack" if odd[0] in shapes else "have an unknown"
            raise ModelError(f"the weights {what} {odd[0]}: they belong to another network")
        for name, shape in shapes.items():
            if arrays[name].shape != shape:
                raise ModelError(
                    f"the weights' {name} is {arrays[name].shape} instead of {shape}: "
                    "they belong to another network"
                )

    def to_json(self) -> str:
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> NetworkConfig:
        """Inverse of :meth:`to_json`."""
        values = json.loads(text)
        stages = tuple((inner, outer, count) for inner, outer, count in values.pop("stages"))
        return cls(stages=stages, **values)


def published_config() -> NetworkConfig:
    """The network of the paper as its authors and the seed trained it: 7.66 M parameters, 512-d."""
    return NetworkConfig(
        stem_filters=64,
        stem_stride=1,
        stages=((48, 96, 2), (96, 128, 3), (128, 256, 3), (256, 512, 3)),
        pool_height=3,
        features=512,
        embedding=512,
        epsilon=1e-3,
    )


def fast_config() -> NetworkConfig:
    """The one that ships: half as wide, stem stride 2, 1.76 M parameters, 256-d."""
    return NetworkConfig(
        stem_filters=32,
        stem_stride=2,
        stages=((32, 64, 2), (48, 96, 3), (64, 128, 3), (128, 256, 3)),
        pool_height=2,
        features=256,
        embedding=256,
    )
