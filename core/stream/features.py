"""The front end of the speaker encoder: 16 kHz samples to a normalised magnitude spectrogram.

Frame ``t`` covers samples ``160 t .. 160 t + 511``; there is no padding at the ends, so a frame
depends on nothing but its own samples and a longer recording has the same frames as its parts.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy import fft

from core.arrays import Array

FFT = 512
"""Samples per Fourier transform, and so per frame."""
WINDOW = 400
"""Samples under the Hann window, centred in the frame (25 ms)."""
HOP = 160
"""Samples from one frame to the next (10 ms)."""
BINS = FFT // 2 + 1
"""Frequencies per frame."""
FLOOR = 1e-5
"""Added to a frame's deviation, so that digital silence gives zeros."""


@cache
def _hann() -> Array:
    """Periodic Hann window of :data:`WINDOW` samples with zeros on both sides: (FFT,)."""
    frame = np.zeros(FFT, np.float32)
    start = (FFT - WINDOW) // 2
    frame[start : start + WINDOW] = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)
    frame.flags.writeable = False
    return frame


def frame_count(samples: int) -> int:
    """Whole frames in that many samples (0 when there are fewer than :data:`FFT`)."""
    return max(0, (samples - FFT) // HOP + 1)


def spectrogram(samples: Array) -> Array:
    """Magnitude spectrogram.

    Parameters
    ----------
    samples
        (n,) at 16 kHz, full scale is 1.

    Returns
    -------
    (257, frames) float32
        ``frames = frame_count(n)``. Equal to
        ``abs(librosa.stft(samples, n_fft=512, win_length=400, hop_length=160, center=False))``.
    """
    if len(samples) < FFT:
        return np.zeros((BINS, 0), np.float32)
    frames = sliding_window_view(np.asarray(samples, np.float32), FFT)[::HOP]
    return np.asarray(np.abs(fft.rfft(frames * _hann(), axis=1)), np.float32).T


def normalise(spec: Array) -> Array:
    """Each frame of a (257, frames) spectrogram less its mean, over its deviation: same shape.

    Mean and deviation are taken over the bins of that frame alone, so that neither the level of
    the recording nor what comes before or after changes a frame. Values that are not finite spoil
    their own frame, without a warning.
    """
    with np.errstate(invalid="ignore"):
        deviation = spec.std(axis=0) + np.float32(FLOOR)
        return np.asarray((spec - spec.mean(axis=0)) / deviation, np.float32)
