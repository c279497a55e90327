"""How loud the microphone is, in numbers and in words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FLOOR_DB = -96.0
"""Nothing is quieter in 16 bits."""
CLIPPING = 32_700
"""From this value on a 16-bit sample counts as clipped."""
CLIP_HOLD_S = 2.0
HOLD_S = 1.5
FALL_DB_PER_S = 20.0
SILENT_DB = -65.0
"""Below this for a while no voice is near the microphone."""
SILENT_AFTER_S = 3.0


@dataclass(frozen=True)
class Level:
    """A moment on the meter; dB of full scale, -96..0.

    Parameters
    ----------
    peak, rms
        Of the newest sound.
    hold
        The highest peak of the last moments, falling slowly.
    clipping
        Whether the last two seconds were too loud.
    silent
        Whether nothing but noise has been heard for three seconds.
    zeros_s
        For so many seconds every sample has been exactly zero: no sound arrives at all.
    """

    peak: float = FLOOR_DB
    hold: float = FLOOR_DB
    rms: float = FLOOR_DB
    clipping: bool = False
    silent: bool = False
    zeros_s: float = 0.0

    @property
    def words(self) -> str:
        """``clipping``, ``silence`` or ``good``."""
        return "clipping" if self.clipping else "silence" if self.silent else "good"


class Meter:
    """Frames in, a :class:`Level` out. Time is the sound's own."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._time = 0.0
        self._hold, self._held_since = FLOOR_DB, 0.0
        self._clipped = -CLIP_HOLD_S
        self._heard = 0.0  # when it was last louder than silence
        self._sounded = 0.0  # when a sample last wasn't zero
        self.level = Level()

    def push(self, frames: NDArray[np.int16]) -> Level:
        """Hear (n, channels) int16; the loudest channel counts."""
        if not len(frames):
            return self.level
        seconds = len(frames) / self._rate
        self._time += seconds
        values = np.abs(frames.astype(np.float32))
        highest = float(values.max())
        peak = _db(highest)
        rms = _db(float(np.sqrt(np.square(values).mean(axis=0).max())))
        fallen = self._hold - FALL_DB_PER_S * seconds
        if peak >= self._hold:
            self._hold, self._held_since = peak, self._time
        elif self._time - self._held_since > HOLD_S:
            self._hold = max(peak, fallen)
        if highest >= CLIPPING:
            self._clipped = self._time
        if rms > SILENT_DB:
            self._heard = self._time
        if highest > 0:
            self._sounded = self._time
        self.level = Level(
            peak,
            self._hold,
            rms,
            clipping=self._time - self._clipped < CLIP_HOLD_S,
            silent=self._time - self._heard >= SILENT_AFTER_S,
            zeros_s=self._time - self._sounded,
        )
        return self.level


def _db(value: float) -> float:
    return max(FLOOR_DB, 20 * float(np.log10(max(value, 1e-3) / 32768)))
