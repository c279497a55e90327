"""How loud the voices are on each channel of a recording, every 20 ms."""

from __future__ import annotations

import numpy as np

from core.arrays import Array
from core.audio.source import Block

FRAMES_PER_S = 50
_LOW, _HIGH = 200, 3600
"""Hz: below is hum, above is little of voices, and nothing on telephones."""
_LIMIT = np.float32(4.0)


class Levels:
    """Blocks ``(n, channels)`` of a recording to the power of its voices, frame by frame.

    However the recording is cut into blocks, the powers are the same. A frame is 4 bytes a channel:
    0.7 MB an hour.

    Parameters
    ----------
    channels, rate
        Of the recording; Hz.
    """

    def __init__(self, channels: int, rate: int) -> None:
        self.frame = frame_length(rate)
        """Samples of the recording from frame to frame."""
        self._window = np.hanning(2 * self.frame + 1)[:-1, np.newaxis].astype(np.float32)
        frequencies = np.fft.rfftfreq(2 * self.frame, 1 / rate)
        self._band = slice(*np.searchsorted(frequencies, (_LOW, _HIGH)).tolist())
        self._rest: Block = np.zeros((self.frame - self.frame // 2, channels), np.float32)
        self._parts: list[Array] = []

    def push(self, block: Block) -> None:
        """Hear more of the recording."""
        self._rest = np.concatenate([self._rest, heard(block)])
        count = len(self._rest) // self.frame - 1
        if count < 1:
            return
        starts = np.arange(count) * self.frame
        frames = self._rest[starts[:, np.newaxis] + np.arange(2 * self.frame)]
        spectra = np.fft.rfft(frames * self._window, axis=1)[:, self._band]
        powers = np.square(np.abs(spectra)).sum(axis=1) / np.square(self._window).sum()
        self._parts.append(np.asarray(powers / self.frame, np.float32))
        self._rest = self._rest[count * self.frame :].copy()

    def take(self) -> Array:
        """The powers ``(frames, channels)`` since the last time; 1 is full scale, about."""
        parts, self._parts = self._parts, []
        return np.concatenate([np.zeros((0, self._rest.shape[1]), np.float32), *parts])

    def finish(self) -> Array:
        """The same to the end of the recording: all of it where nothing was taken."""
        self.push(np.zeros((2 * self.frame, self._rest.shape[1]), np.float32))
        return self.take()


def frame_length(rate: int) -> int:
    """Samples of a frame at that many Hz."""
    return max(1, round(rate / FRAMES_PER_S))


def heard(block: Block) -> Block:
    """A block with what isn't sound left out: NaN, and values far beyond full scale."""
    if block.min() >= -_LIMIT and block.max() <= _LIMIT:
        return block
    return np.clip(np.nan_to_num(block, nan=0.0, posinf=0.0, neginf=0.0), -_LIMIT, _LIMIT)
