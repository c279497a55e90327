"""The network of :mod:`core.training.encoder.network` in plain torch, for training on a CPU.

The same arrays, the same function (a test holds them together); Keras stays the definition. Keras
composes batch normalisation and padding of many small operations, on torch and on TensorFlow; one
kernel each, in bfloat16 and with the channels last, is two to three times as fast on two cores
that have AMX.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from core.training.config import SMALLEST, STEM, Arrays, Bottleneck, NetworkConfig


def unit(x: torch.Tensor) -> torch.Tensor:
    """``x`` at unit length along its last axis; the gradient at zero is finite."""
    return x * torch.rsqrt(torch.clamp(x.square().sum(-1, keepdim=True), min=SMALLEST))


class _Normalised(nn.Module):  # type: ignore[misc]
    """Convolution without bias and batch normalisation."""

    def __init__(
        self, config: NetworkConfig, channels: int, filters: int, kernel: int, stride: int = 1
    ) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, filters, kernel, stride, kernel // 2, bias=False)
        # Keras keeps 0.99 of what it knew, torch counts the share of what is new.
        self.bn = nn.BatchNorm2d(filters, eps=config.epsilon, momentum=0.01)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        normalised: torch.Tensor = self.bn(self.conv(x))
        return normalised


class _Bottleneck(nn.Module):  # type: ignore[misc]
    def __init__(self, config: NetworkConfig, block: Bottleneck) -> None:
        super().__init__()
        self.conv1 = _Normalised(config, block.channels, block.inner, 1, block.stride)
        self.conv2 = _Normalised(config, block.inner, block.inner, 3)
        self.conv3 = _Normalised(config, block.inner, block.outer, 1)
        self.shortcut = (
            _Normalised(config, block.channels, block.outer, 1, block.stride)
            if block.projected
            else None
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = functional.relu(self.conv1(x), inplace=True)
        y = functional.relu(self.conv2(y), inplace=True)
        y = self.conv3(y)
        y = y + (x if self.shortcut is None else self.shortcut(x))
        return functional.relu(y, inplace=True)


class TorchNetwork(nn.Module):  # type: ignore[misc]
    """Normalised spectrograms (n, 257, frames) to raw and unit embeddings (n, embedding).

    Parameters
    ----------
    config
        Of the encoder.
    bf16
        Compute the convolutions in bfloat16; what follows them stays in float32.
    """

    def __init__(self, config: NetworkConfig, bf16: bool = False) -> None:
        super().__init__()
        if config.lda:
            raise ValueError("an LDA is not trained here: it follows the training")
        self.config, self.bf16 = config, bf16
        width = config.stages[-1][1]
        self.stem = _Normalised(config, 1, config.stem_filters, STEM, config.stem_stride)
        self.blocks = nn.ModuleDict({b.name: _Bottleneck(config, b) for b in config.blocks()})
        self.features = nn.Conv2d(width, config.features, (config.rows, 1))
        self.assignment = nn.Conv2d(width, config.clusters + config.ghosts, (config.rows, 1))
        self.centers = nn.Parameter(torch.empty(config.clusters + config.ghosts, config.features))
        self.embedding = nn.Linear(config.clusters * config.features, config.embedding)
        for parameter in self.parameters():
            if parameter.dim() > 1:
                nn.init.orthogonal_(parameter)
        for layer in (self.features, self.assignment, self.embedding):
            assert layer.bias is not None
            nn.init.zeros_(layer.bias)
        self.to(memory_format=torch.channels_last)

    def forward(self, spectrograms: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        config = self.config
        x = spectrograms.unsqueeze(1).to(memory_format=torch.channels_last)
        with torch.autocast(x.device.type, torch.bfloat16, enabled=self.bf16):
            x = functional.max_pool2d(functional.relu(self.stem(x), inplace=True), 2)
            for block in self.blocks.values():
                x = block(x)
            x = functional.max_pool2d(x, (config.pool_height, 1), (2, 1))
            features, shares = functional.relu(self.features(x)), self.assignment(x)
        features = features.squeeze(2).float()
        shares = shares.squeeze(2).float().softmax(1)[:, : config.clusters]
        pushed = shares.sum(-1, keepdim=True) * self.centers[: config.clusters]
        residuals = unit(torch.matmul(shares, features.transpose(1, 2)) - pushed)
        raw = self.embedding(residuals.flatten(1))
        if config.activation == "relu":
            raw = functional.relu(raw)
        return raw, unit(raw)

    # The arrays by their names in the configuration -----------------------------------------------

    def _tensors(self) -> Iterator[tuple[str, torch.Tensor]]:
        for name in self.config.shapes():
            path = name.split("/")
            if name == "vlad/centers":
                yield name, self.centers
                continue
            layer: Any = self
            for part in path[:-1]:
                layer = self.blocks[part] if part in self.blocks else getattr(layer, part)
            if path[-1] == "kernel" and isinstance(layer, _Normalised):
                layer = layer.conv
            attribute = {
                "kernel": "weight",
                "gamma": "weight",
                "beta": "bias",
                "mean": "running_mean",
                "variance": "running_var",
            }.get(path[-1], path[-1])
            yield name, getattr(layer, attribute)

    def load_arrays(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Put arrays in, as :func:`core.training.encoder.network.load_arrays` does for Keras.

        Raises
        ------
        ModelError
            An array is missing, unknown or of another shape; nothing was changed.
        """
        self.config.check(arrays)
        with torch.no_grad():
            for name, tensor in self._tensors():
                array = np.asarray(arrays[name], np.float32)
                tensor.copy_(torch.from_numpy(_turned(array, name)))

    def to_arrays(self) -> Arrays:
        """Inverse of :meth:`load_arrays`."""
        return {
            name: _turned_back(tensor.detach().cpu().float().numpy(), name)
            for name, tensor in self._tensors()
        }


def _turned(array: NDArray[np.float32], name: str) -> NDArray[np.float32]:
    """From Keras's order of axes to torch's."""
    if not name.endswith("/kernel"):
        return array
    return np.ascontiguousarray(array.transpose((3, 2, 0, 1) if array.ndim == 4 else (1, 0)))


def _turned_back(array: NDArray[np.float32], name: str) -> NDArray[np.float32]:
    if not name.endswith("/kernel"):
        return array.copy()
    return np.ascontiguousarray(array.transpose((2, 3, 1, 0) if array.ndim == 4 else (1, 0)))
