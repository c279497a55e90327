"""How strong each pitch is at each moment, as a picture: for the eye, not for an engine."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from core.units import SAMPLE_RATE

WINDOW = 512
"""Samples (32 ms) of a moment: harmonics of a voice are told apart."""
NARROW = 1024
"""The same (64 ms) for pictures of low pitches alone."""
RANGE_DB = 70.0
"""From black to white; the loudest of the picture is white."""
QUIETEST_DB = -20.0
"""Nothing louder than this (some 70 dB below full scale) is silence."""
_FLOOR = 1e-10


def spectrogram(
    samples: NDArray[np.int16], columns: int, rows: int, top: int = SAMPLE_RATE // 2
) -> NDArray[np.uint8]:
    """A picture of some sound.

    Parameters
    ----------
    samples
        (n,) int16 at 16 kHz.
    columns, rows
        Of the picture; the moments are spread evenly over the sound.
    top
        The highest pitch in Hz; the lowest, 0, is at the bottom.

    Returns
    -------
    NDArray
        (rows, columns) uint8: 0 for silence, 255 for the loudest.
    """
    picture: NDArray[np.uint8] = np.zeros((rows, columns), np.uint8)
    if not len(samples) or columns < 1 or rows < 1:
        return picture
    size = NARROW if top <= SAMPLE_RATE // 8 else WINDOW
    padded = np.pad(samples.astype(np.float32) / 32768, (size // 2, size // 2))
    starts = (np.arange(columns) + 0.5) * len(samples) / columns
    frames = sliding_window_view(padded, size)[np.minimum(starts.astype(np.int64), len(samples))]
    frames = np.append(frames[:, :1], np.diff(frames), axis=1)  # louder upwards, as ears have it
    power = np.abs(np.fft.rfft(frames * np.hanning(size).astype(np.float32), axis=1)) ** 2
    pitches = (rows - np.arange(rows) - 0.5) / rows * top * size / SAMPLE_RATE
    low = np.clip(np.floor(pitches).astype(np.int64), 0, power.shape[1] - 2)
    share = (pitches - low).clip(0, 1)[:, np.newaxis]
    decibels = 10 * np.log10(power.T + _FLOOR)
    shown = decibels[low] * (1 - share) + decibels[low + 1] * share
    loudest = max(float(shown.max()), QUIETEST_DB)
    return np.asarray(np.clip((shown - loudest + RANGE_DB) / RANGE_DB, 0, 1) * 255, np.uint8)
