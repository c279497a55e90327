"""From channels to one: nobody who speaks on any of them may be lost.

The mono signal is the mean of the channels that have carried any sound so far, so that a dead
channel doesn't halve the level. Two microphones of opposite polarity would cancel what both of them
hear, which is everybody's voice in a small room, so a channel that goes against the others is
turned round before it is added. Which ones do is told by how the channels have gone together so
far, at the frequencies of voices at which the way from one microphone to the other matters little.
Where they cancel each other nevertheless, the loudest is used for that moment.

A decision is made for every block of the recording, from it and those before: live as from a file.
"""

from __future__ import annotations

import numpy as np
import soxr
from numpy.typing import NDArray

from core.audio.source import Block, block_frames
from core.units import SAMPLE_RATE

Samples = NDArray[np.float32]

LIMIT = np.float32(4.0)
"""Float samples beyond 12 dB over full scale are limited to it: one broken value of 1e30 would
ring through the resampler. Ordinary overshoot beyond 1.0 is kept as it is."""

_CANCELS = 0.02
"""Channels cancel each other where their sum has less than this part of the power it would have if
they had nothing in common."""

_AGAINST, _UNSURE = -0.15, -0.5
"""A channel goes against the others where its correlation with their sum is lower; it takes as much
to turn it back. The second one, divided by the number of blocks that were heard, is added to the
first: a moment proves little, unless the channels are nearly each other's opposite. For channels
that have nothing in common it would make no difference."""

_BAND = 1_000
"""Hz: averages at this rate show which way round a voice is, and nothing above half of it."""

_PIECE = 10
"""So many averages, 10 ms, are taken about their mean: an offset, hum and rumble are no voices."""

_MEMORY = 0.97
"""What is kept of the past with each block: some 8 s of sound ..."""

_QUIET, _FADING = 0.01, 0.99
"""... in which a block with less than this part of the usual power doesn't count; it only lets the
usual power fade, so that a quieter recording is heard after a while."""


_BLOCKS_PER_S = 4
"""Short enough for a live label to be in time, long enough to tell whether channels cancel out."""


class Mono:
    """Blocks ``(n, channels)`` of a recording to finite mono ``(n,)``; tells what it had to mend.

    Parameters
    ----------
    channels, rate
        Of the recording; Hz.
    """

    def __init__(self, channels: int, rate: int) -> None:
        self._rate = rate
        self._heard = np.zeros(channels, dtype=bool)
        self._not_finite = self._beyond = self._cancelled = self._turned = 0
        self._together = _Together(channels, rate)

    def __call__(self, block: Block) -> Samples:
        if not (block.min() >= -LIMIT and block.max() <= LIMIT):  # also where there is a NaN
            block = self._mend(block)
        planes: Block = np.ascontiguousarray(block.T)
        mono: Samples = planes[0]
        if len(planes) == 1:
            return mono
        powers = np.einsum("ij,ij->i", planes, planes)
        new = not self._heard.any()
        self._heard |= powers > 0
        count = int(self._heard.sum())
        if count < 2:
            return planes[self._heard][0] if count else mono
        before = self._together.signs
        signs = self._together.push(planes)
        if (signs < 0).any():
            self._turned += len(block) if powers.any() else 0
            planes = planes * (signs if new else _ramped(before, signs, len(block)))
        elif (before < 0).any():
            planes = planes * _ramped(before, signs, len(block))
        mono = planes[self._heard].mean(axis=0)
        if np.einsum("i,i", mono, mono) < _CANCELS * powers.sum() / count**2:
            self._cancelled += len(block)
            mono = planes[powers.argmax()]
        return mono

    def _mend(self, block: Block) -> Block:
        finite = np.isfinite(block)
        self._not_finite += int(block.size - np.count_nonzero(finite))
        block = np.where(finite, block, np.float32(0))
        self._beyond += int(np.count_nonzero(np.abs(block) > LIMIT))
        return np.clip(block, -LIMIT, LIMIT)

    @property
    def warnings(self) -> list[str]:
        """What had to be mended so far, a line each."""
        lines = []
        if self._not_finite:
            lines.append(f"{self._not_finite} values were not numbers (NaN or infinite); read as 0")
        if self._beyond:
            lines.append(
                f"{self._beyond} values are far beyond full scale and were limited;"
                " export the recording at a normal level"
            )
        if self._turned:
            lines.append(
                f"the channels go against each other for {self._turned / self._rate:.0f} s"
                " (one has its polarity reversed); it was turned round before they were mixed,"
                " so that no voice is lost"
            )
        if self._cancelled:
            lines.append(
                f"the channels cancel each other for {self._cancelled / self._rate:.0f} s;"
                " the loudest one was used there"
            )
        return lines


def _ramped(before: Block, after: Block, count: int) -> Block:
    """(channels, 1) signs, or (channels, n) where some of them change: a jump would click."""
    if np.array_equal(before, after):
        return after
    way = np.linspace(0, 1, count, dtype=np.float32)
    return before + (after - before) * way


class _Together:
    """Which channels go against the others, from how all of them have gone together so far."""

    def __init__(self, channels: int, rate: int) -> None:
        self._step = max(1, rate // _BAND)
        self._products = np.zeros((channels, channels))
        self._blocks = 0
        self.signs: Block = np.ones((channels, 1), np.float32)
        """(channels, 1): -1 for those that are to be turned round."""

    def push(self, planes: Block) -> Block:
        """The signs after a block (channels, n)."""
        piece = self._step * _PIECE
        whole = planes.shape[1] - planes.shape[1] % piece
        slow = planes[:, :whole].reshape(len(planes), -1, _PIECE, self._step).mean(axis=3)
        slow -= slow.mean(axis=2, keepdims=True)
        voices = slow.reshape(len(planes), -1).astype(np.float64)
        products = voices @ voices.T
        if np.trace(products) >= _QUIET * np.trace(self._products):
            self._products = _MEMORY * self._products + (1 - _MEMORY) * products
            self._blocks += bool(products.any())
            limit = _AGAINST + _UNSURE / max(1, self._blocks)
            self.signs = _turned(self._products, self.signs, limit)
        else:
            self._products *= _FADING
        return self.signs


def _turned(products: NDArray[np.float64], signs: Block, limit: float) -> Block:
    """The signs (channels, 1) after turning round, one by one, what goes most against the rest.

    ``products`` are the inner products of the channels with each other. Of two that are equally
    much at odds the later one is turned.
    """
    found = signs[:, 0].astype(np.float64)
    own = np.diag(products)
    for _ in found:
        alike = found * (products @ found) - own
        rest = alike.sum() + own.sum() - 2 * alike - own
        norm = np.sqrt(np.maximum(own * rest, 0))
        likeness = np.divide(alike, norm, out=np.zeros_like(alike), where=norm > 0)
        worst = len(found) - 1 - int(likeness[::-1].argmin())
        if likeness[worst] >= limit:
            break
        found[worst] = -found[worst]
    return found[:, np.newaxis].astype(np.float32)


class Intake:
    """Frames of any rate and number of channels in, mono out, at 16 kHz or another rate.

    However the frames are cut into blocks, the samples are the same.
    """

    def __init__(self, rate: int, channels: int, to: int = SAMPLE_RATE) -> None:
        self._size = max(1, block_frames(rate, channels) // _BLOCKS_PER_S)
        self._mono = Mono(channels, rate)
        self._resample = _Resampler(rate, to)
        self._kept: list[Block] = []
        self._count = 0

    @property
    def warnings(self) -> list[str]:
        """What had to be mended so far, a line each."""
        return self._mono.warnings

    def push(self, block: Block) -> Samples:
        """Float32 ``(n, channels)`` in; the samples ``(m,)`` that are complete, all finite."""
        self._kept.append(block)
        self._count += len(block)
        if self._count < self._size:
            return np.zeros(0, np.float32)
        joined = self._kept[0] if len(self._kept) == 1 else np.concatenate(self._kept)
        end = self._count - self._count % self._size
        self._count -= end
        self._kept = [joined[end:].copy()] if self._count else []
        starts = range(0, end, self._size)
        mono = [self._mono(joined[start : start + self._size]) for start in starts]
        return self._resample.push(np.concatenate(mono) if len(mono) > 1 else mono[0])

    def flush(self) -> Samples:
        """The end of the recording: the rest."""
        last = [self._resample.push(self._mono(np.concatenate(self._kept)))] if self._count else []
        return np.concatenate([*last, self._resample.flush()])


class _Resampler:
    """One rate to another, ``round(n * to / rate)`` samples in all; the same passes untouched."""

    def __init__(self, rate: int, to: int) -> None:
        self._rate, self._to = rate, to
        self._taken = self._given = 0
        self._stream = None
        if rate != to:
            self._stream = soxr.ResampleStream(rate, to, 1, quality="HQ")

    def push(self, samples: Samples) -> Samples:
        if self._stream is None:
            return samples
        self._taken += len(samples)
        out: Samples = self._stream.resample_chunk(np.ascontiguousarray(samples))
        self._given += len(out)
        return out

    def flush(self) -> Samples:
        if self._stream is None:
            return np.zeros(0, np.float32)
        rest: Samples = self._stream.resample_chunk(np.zeros(0, np.float32), last=True)
        due = max(0, round(self._taken * self._to / self._rate) - self._given)
        return np.pad(rest[:due], (0, max(0, due - len(rest))))
