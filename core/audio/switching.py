"""Going on in one file with a microphone of another rate or other channels."""

from __future__ import annotations

import numpy as np
import soxr

from core.audio.microphone import Frames
from core.audio.wav import Layout


class Adapter:
    """Frames of one device as those of the file, which began with another."""

    def __init__(self, rate: int, channels: int, layout: Layout) -> None:
        self._channels = (channels, layout.channels)
        self._stream = None
        if rate != layout.rate:
            self._stream = soxr.ResampleStream(
                rate, layout.rate, layout.channels, dtype="int16", quality="HQ"
            )

    def push(self, frames: Frames) -> Frames:
        """(n, channels) int16 of the device to (m, channels) int16 of the file."""
        given, wanted = self._channels
        if given != wanted:
            # One voice into every channel; several channels into fewer, none of them forgotten.
            mono = frames.astype(np.int32).sum(axis=1, keepdims=True) // given
            frames = np.repeat(mono.astype(np.int16), wanted, axis=1)
        if self._stream is None:
            return frames
        return self._resampled(frames, last=False)

    def flush(self) -> Frames:
        """The end of the device's sound."""
        wanted = self._channels[1]
        nothing = np.zeros((0, wanted), np.int16)
        return nothing if self._stream is None else self._resampled(nothing, last=True)

    def _resampled(self, frames: Frames, *, last: bool) -> Frames:
        assert self._stream is not None
        wanted = self._channels[1]
        flat = frames if wanted > 1 else frames[:, 0]
        out: Frames = self._stream.resample_chunk(np.ascontiguousarray(flat), last=last)
        return out.reshape(-1, wanted)
