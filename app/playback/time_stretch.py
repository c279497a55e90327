"""Faster and slower at the same pitch: WSOLA (Verhelst and Roelands, ICASSP 1993), on numpy."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

HOP = 320
"""Samples that come out at a time (20 ms); two periods of a deep voice."""
SEARCH = 160
"""The next piece is taken up to so many samples beside where it would be due."""

Sound = NDArray[np.float64]
_FADE_IN = 0.5 - 0.5 * np.cos(np.pi * (np.arange(HOP) + 0.5) / HOP)


class Stretcher:
    """Lays pieces of 40 ms over each other by halves, each where it fits the one before best.

    Parameters
    ----------
    read
        ``read(start, count) -> int16``, fewer samples where there are no more.
    """

    def __init__(self, read: Callable[[int, int], NDArray[np.int16]]) -> None:
        self._read = read
        self._tail: Sound = np.zeros(HOP)
        self._follows = False

    def reset(self) -> None:
        """What comes next has nothing to do with what came before, but fades over from it."""
        self._follows = False

    def hop(self, at: int) -> NDArray[np.int16]:
        """``HOP`` samples that sound like the recording at this sample."""
        first = max(at - SEARCH, 0)
        region = np.zeros(2 * (SEARCH + HOP))
        sound = self._read(first, len(region))
        region[: len(sound)] = sound
        place = at - first
        if self._follows:
            place = _best(region[: 2 * SEARCH + HOP], self._tail)
        piece = region[place : place + 2 * HOP]
        out = self._tail * _FADE_IN[::-1] + piece[:HOP] * _FADE_IN
        self._tail = piece[HOP:].copy()
        self._follows = True
        return np.clip(np.rint(out), -32768, 32767).astype(np.int16)


def _best(region: Sound, template: Sound) -> int:
    """Where in a region the template fits best."""
    products = np.correlate(region, template, "valid")
    energy = np.concatenate([[0.0], np.cumsum(region**2)])
    energy = energy[len(template) :] - energy[: -len(template)]
    return int(np.argmax(products / np.sqrt(np.maximum(energy, 1.0))))
