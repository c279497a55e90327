"""The teacher: the GE2E speaker encoder in the wheel of ``resemblyzer`` (Apache-2.0), on torch.

Wan et al. 2018 (arXiv 1710.10467): 40 mel bands, three LSTM layers of 256, a dense layer with
ReLU, unit length. Only the weights are taken out of the package, which is never imported: its
own imports (webrtcvad, librosa) are needed for nothing here.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy import fft

from core.arrays import Array
from core.runtime import single_torch_thread
from core.training.files.published import PublishedWeights
from core.units import SAMPLE_RATE

DIM = 256
MELS = 40
WEIGHTS = PublishedWeights(
    "resemblyzer",
    "0.1.4",
    "resemblyzer/pretrained.pt",
    "39373b86598fa3da9fcddee6142382efe09777e8d37dc9c0561f41f0070f134e",
)
_FFT = 400
_HOP = 160
_QUIETEST = -30.0
"""A crop quieter than this (root mean square, dB of full scale) is made that loud, as the package
does."""
TAUGHT = -23.0
"""How loud all crops are that the network is taught with. What the teacher says depends on it (a
cosine of 0.95 between -25 and -30 dB), the network can't hear it, and here the teacher is best."""


@cache
def mel_filters() -> Array:
    """(40, 201): Slaney's mel bands from 0 to 8 kHz, each of area 2 / width in Hz."""
    # Linear up to 1 kHz (15 mels), then 27 mels per factor of 6.4.
    step = np.log(6.4) / 27
    top = 15 + np.log(SAMPLE_RATE / 2 / 1000) / step
    mels = np.linspace(0, top, MELS + 2)
    edges = np.where(mels < 15, mels * 200 / 3, 1000 * np.exp(step * (mels - 15)))
    bins = np.fft.rfftfreq(_FFT, 1 / SAMPLE_RATE)
    width = np.diff(edges)[:, np.newaxis]
    rising = (bins - edges[:-2, np.newaxis]) / width[:-1]
    falling = (edges[2:, np.newaxis] - bins) / width[1:]
    filters = np.maximum(0, np.minimum(rising, falling)) * (2 / (edges[2:] - edges[:-2]))[:, None]
    bands = np.asarray(filters, np.float32)
    bands.flags.writeable = False
    return bands


def mel_spectrogram(samples: Array, level: float | None = None) -> Array:
    """(n,) at 16 kHz to (n // 160 + 1, 40), the power that the teacher was trained on.

    Equal to ``librosa.feature.melspectrogram`` at 25 ms windows every 10 ms.

    Parameters
    ----------
    level
        dB of full scale to bring the samples to; None to do as the package does.
    """
    rms = float(np.sqrt(np.mean(np.square(samples)))) if len(samples) else 0.0
    quiet = level is not None or rms < 10 ** (_QUIETEST / 20)
    gain = 10 ** ((_QUIETEST if level is None else level) / 20) / rms if rms and quiet else 1.0
    padded = np.pad(np.asarray(samples * np.float32(gain), np.float32), _FFT // 2)
    window = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(_FFT) / _FFT)).astype(np.float32)
    frames = sliding_window_view(padded, _FFT)[::_HOP] * window
    power = np.square(np.abs(fft.rfft(frames, axis=1)))
    return np.asarray(power @ mel_filters().T, np.float32)


class Teacher:
    """Embeds mel spectrograms, on one core of the process: several processes have one each.

    Each embedding takes 480 small steps, one after the other.

    Raises
    ------
    MissingExtraError
        torch or the wheel is not there.
    ModelError
        The weights are not the known ones.
    """

    name, dim, off_center = "GE2E", DIM, False

    def __init__(self, source: Path | None = None) -> None:
        state = WEIGHTS.state(source)["model_state"]
        import torch

        self._torch: Any = torch
        self._lstm = torch.nn.LSTM(MELS, DIM, num_layers=3, batch_first=True)
        self._linear = torch.nn.Linear(DIM, DIM)
        for name, module in (("lstm", self._lstm), ("linear", self._linear)):
            prefix = f"{name}."
            part = {k.removeprefix(prefix): v for k, v in state.items() if k.startswith(prefix)}
            module.load_state_dict(part)
            module.eval()

    def features(self, samples: Array) -> Array:
        """See :func:`mel_spectrogram`; quiet speech as loud as the package makes it."""
        return mel_spectrogram(samples)

    def hear(self, crops: Array) -> Array:
        """(n, samples) at 16 kHz, brought to :data:`TAUGHT`, to (n, 256)."""
        return self.embed(np.stack([mel_spectrogram(crop, TAUGHT) for crop in crops]))

    def embed(self, mels: Array) -> Array:
        """(n, frames, 40) to (n, 256), unit length, not negative."""
        torch = self._torch
        with single_torch_thread(), torch.no_grad():
            _, (hidden, _) = self._lstm(torch.from_numpy(mels))
            raw = torch.relu(self._linear(hidden[-1]))
            embeddings = raw / torch.clamp(torch.linalg.norm(raw, dim=1, keepdim=True), min=1e-6)
        return np.asarray(embeddings.numpy(), np.float32)
