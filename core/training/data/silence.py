"""Speech without the silence around it and without long pauses, found by energy alone.

A recording of a corpus has one voice and a steady background, so that energy is enough, and it
costs nothing next to decoding. The stream of the app uses a real speech detector
(core/stream/speech.py).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.arrays import Array
from core.units import SAMPLE_RATE

FRAME = SAMPLE_RATE // 50
"""20 ms."""
BELOW_LOUD = 35.0
"""A frame is speech down to this many dB below the loud ones (the 95th percentile) ..."""
ABOVE_FLOOR = 8.0
"""... or, in noise, this many dB above the quiet ones (the 10th percentile) ..."""
AT_LEAST = 18.0
"""... but never less than this below the loud ones, as speech itself has soft sounds."""
MARGIN = 5
"""Frames kept on both sides of speech: soft onsets, and pauses of up to 0.2 s stay whole."""
_QUIETEST = -80.0
"""dB of full scale: digital silence and dither are never speech."""


def loud_enough(frames: Array) -> NDArray[np.bool_]:
    """Which frames of a recording of one voice are speech.

    Args:
        frames: (n, samples), n > 0.

    Returns
    -------
        (n,).
    """
    levels = 10 * np.log10(np.square(frames, dtype=np.float64).mean(axis=1) + 1e-12)
    loud, floor = np.percentile(levels, (95, 10))
    threshold = max(loud - BELOW_LOUD, min(floor + ABOVE_FLOOR, loud - AT_LEAST), _QUIETEST)
    return np.asarray(levels > threshold)


def trim_silence(samples: Array) -> Array:
    """The speech in ``samples``, joined.

    Parameters
    ----------
    samples
        (n,) at 16 kHz.

    Returns
    -------
    Array
        (m,), m <= n: everything but stretches of over 0.2 s in which nothing is loud enough,
        of which 0.1 s is kept next to speech. Empty where there is nothing but silence.
    """
    frames = -(-len(samples) // FRAME)
    if not frames:
        return samples
    padded = np.pad(samples, (0, frames * FRAME - len(samples))).reshape(frames, FRAME)
    speech = loud_enough(padded)
    reach = np.convolve(speech, np.ones(2 * MARGIN + 1), "same") if frames > 2 * MARGIN else speech
    kept = np.repeat(reach > 0.5, FRAME)[: len(samples)] & speech.any()
    return samples if kept.all() else samples[kept]
