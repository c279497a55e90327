"""Voices, an encoder and ears that are made in a moment, for tests of the speakers' training."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from core.stream.encoder import Columns
from core.stream.features import FFT
from core.stream.features import HOP as COLUMN
from core.stream.segmentation import CLASSES, STEP, Segmentation
from core.stream.speech import FRAME
from tests.core.stream.test_segmentation import frames_of

Array = NDArray[np.float32]
BANDS = 12


def timbre(number: int) -> Array:
    """(BANDS,) amplitudes of a voice: four bands are its own mixture, the rest is silent."""
    rng = np.random.default_rng([11, number])
    gains = np.zeros(BANDS)
    gains[rng.permutation(BANDS)[:4]] = rng.uniform(0.5, 1.0, 4)
    return (gains / np.linalg.norm(gains)).astype(np.float32)


def voice(number: int, seconds: float = 3.0, seed: int = 0) -> Array:
    """A voice is noise of a timbre of its own; no sample of it is zero."""
    rng = np.random.default_rng([seed, number])
    count = round(16000 * seconds)
    spectrum = np.fft.rfft(rng.standard_normal(count))
    shape = np.resize(np.repeat(timbre(number), len(spectrum) // BANDS), len(spectrum))
    sound = np.fft.irfft(spectrum * shape, count)
    sound /= np.sqrt(np.mean(sound**2))
    return np.where(np.abs(sound) < 1e-3, 1e-3, sound).astype(np.float32)


def band_amplitudes(windows: Array) -> Array:
    """(n, BANDS) of windows (n, samples), of norm 1."""
    power = np.abs(np.fft.rfft(windows, axis=1)) ** 2
    power = power[:, : power.shape[1] // BANDS * BANDS]
    bands = np.sqrt(power.reshape(len(windows), BANDS, -1).mean(axis=2))
    return (bands / (np.linalg.norm(bands, axis=1, keepdims=True) + 1e-9)).astype(np.float32)


def voices(numbers: range, utterances: int = 2) -> dict[str, list[Callable[[], Array]]]:
    """Some voices with a few utterances each."""

    def load(number: int, take: int) -> Callable[[], Array]:
        return lambda: voice(number, 1.0 + take, seed=take)

    return {f"voice {n}": [load(n, take) for take in range(utterances)] for n in numbers}


class BandEncoder:
    """The amplitudes of the bands, small ones cut to exactly zero, of norm 1."""

    window = 12_800
    hop = 6400
    dim = BANDS

    def embed(self, windows: Array, columns: Sequence[Columns] | None = None) -> Array:
        if columns is None:
            bands = band_amplitudes(windows)
        else:
            around = np.arange(COLUMN) + (FFT - COLUMN) // 2
            parts = zip(windows, columns, strict=True)
            heard = [w[(n[:, None] * COLUMN + around).ravel()] for w, n in parts]
            bands = np.array([band_amplitudes(part[None])[0] for part in heard])
        kept = np.where(bands < 0.2, 0.0, bands).reshape(-1, BANDS)
        norms = np.linalg.norm(kept, axis=1, keepdims=True) + 1e-9
        return (kept / norms).astype(np.float32)


def undecided(samples: Array) -> Array:
    """A network that hears speech where there is sound, but not whose it is."""
    around = sliding_window_view(np.square(samples), FRAME)[495 - FRAME // 2 :: STEP]
    power = around[: frames_of(len(samples))].mean(axis=1)
    answer = np.full((len(power), len(CLASSES)), 1e-3, np.float32)
    answer[power <= 1e-5, 0] = 1.0
    answer[power > 1e-5, 1:4] = 1 / 3
    return np.log(answer)


def unsure_segmentation() -> Segmentation:
    """One that tells no voices apart: windows are heard as a whole."""
    return Segmentation(undecided)


class Loudness:
    """The probability of speech is 1 in frames with sound, 0 in silent ones."""

    latency = FRAME

    def __init__(self) -> None:
        self._rest: Array = np.zeros(0, np.float32)

    def push(self, samples: Array) -> Array:
        self._rest = np.concatenate([self._rest, samples])
        count = len(self._rest) // FRAME
        frames, self._rest = np.split(self._rest, [count * FRAME])
        power = np.mean(np.square(frames.reshape(count, FRAME)), axis=1)
        return (power > 1e-5).astype(np.float32)

    def flush(self) -> Array:
        return self.push(np.zeros(-len(self._rest) % FRAME, np.float32))
