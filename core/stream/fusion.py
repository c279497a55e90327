"""Speech or not, frame by frame, by both that hear it: voice activity and segmentation.

Voice activity with its edges (:mod:`core.stream.speech_edges`) hears quiet and short sounds, and
takes music and tones for voices; segmentation hears through telephones and noise, and misses quiet
voices. The mean of their log odds is better than either of them on every kind of talk that was
tried; a network over both, trained on simulated talk, was better there and worse on real talk.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.stream.segmentation import OFFSET, STEP, Tile
from core.stream.speech import FRAME

Array = NDArray[np.float32]

_LEAST = 1e-4
"""Probabilities nearer to 0 or 1 say no more."""


def speech_in(tile: Tile, heard: Array, first: int) -> Array:
    """The probability (rows,) of speech in each frame of a tile and of its margins.

    Parameters
    ----------
    tile
        What segmentation says.
    heard
        (n,) What voice activity says of its own frames around the tile; one at least.
    first
        The number of the first of those.
    """
    middles = np.arange(len(tile.speech)) + tile.origin
    frames = (middles * STEP + OFFSET + STEP // 2) // FRAME - first
    odds = _log_odds(heard[np.clip(frames, 0, len(heard) - 1)]) + _log_odds(tile.speech)
    return np.asarray(1 / (1 + np.exp(-odds / 2)), np.float32)


def _log_odds(probabilities: Array) -> NDArray[np.float64]:
    p = np.clip(probabilities.astype(np.float64), _LEAST, 1 - _LEAST)
    return np.asarray(np.log(p / (1 - p)))
