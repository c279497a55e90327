"""Where speech begins and ends, more exactly than voice activity alone can tell.

Silero says where somebody speaks; its probability rises and falls some tenths of a second around
the sound itself, and stays low in what is quiet. Here every frame of 32 ms is judged again from
the probabilities around it and from levels: how far each band of the spectrum is above the quietest
and below the loudest that was heard lately. A small network does it, trained on simulated
conversations with exact references (:mod:`core.training.speech_edges`).

A frame's answer depends on nothing but the frames up to :data:`PAST` before and :data:`AHEAD` after
it, so that it doesn't matter how the samples are cut into chunks.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy import fft

from core.arrays import Array
from core.errors import ModelError
from core.models.manifest import ModelSet
from core.stream.speech import FRAME, Probability, SpeechProbability
from core.units import SAMPLE_RATE

PAST = 250
"""Frames before a frame that count (8 s)."""
AHEAD = 10
"""Frames after a frame that count (0.32 s)."""
BANDS = (60, 300, 800, 1800, 3400, 8000)
"""Edges of the bands in Hz; the first level is that of all bands together."""
_RECENT = (47, 125, PAST)
"""Frames over which "lately" reaches for the loudest (1.5 s) and the quietest (4 and 8 s)."""
_STEPS = (-9, -6, -4, -2, -1, 1, 2, 4, 6, 9)
_LOGIT_STEPS = (-20, -14, -10, -7, -5, -3, -2, -1, 0, 1, 2, 3, 5, 7, 10)
_LOGIT_REACHES = (10, 30, 90)
_SURE = 9.0
"""Logits beyond this say no more."""
_UNSURE = np.float32(0.49)
_QUIETEST = 1e-10


@dataclass(frozen=True)
class EdgeNetwork:
    """Features of a frame to the probability of speech: two layers."""

    mean: Array  # (features,)
    scale: Array  # (features,)
    w1: Array  # (hidden, features)
    b1: Array  # (hidden,)
    w2: Array  # (hidden,)
    b2: Array  # ()

    @classmethod
    def from_npz(cls, content: bytes) -> EdgeNetwork:
        """Read from the bytes of an npz file; :class:`ModelError` if they are damaged."""
        try:
            with np.load(io.BytesIO(content), allow_pickle=False) as file:
                arrays: dict[str, Any] = {
                    name: np.asarray(file[name], np.float32) for name in cls.__dataclass_fields__
                }
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            raise ModelError(f"the network for the edges of speech is damaged ({error})") from error
        network = cls(**arrays)
        if network.w1.shape != (len(network.b1), FEATURES) or network.w2.shape != network.b1.shape:
            raise ModelError("the network for the edges of speech is of another version")
        return network

    def __call__(self, features: Array) -> Array:
        """Probabilities (n,) of frames (n, features)."""
        # Not by BLAS: a row must not depend on how many come with it, to the last bit.
        x = (features - self.mean) * self.scale
        hidden = np.maximum(np.einsum("nf,hf->nh", x, self.w1) + self.b1, 0)
        logits = np.einsum("nh,h->n", hidden, self.w2) + self.b2
        return np.asarray(1 / (1 + np.exp(-logits)), np.float32)


class SpeechEdges:
    """Samples in, the probability of speech of frames out, :data:`AHEAD` frames later.

    Parameters
    ----------
    stage
        The voice activity that is made more exact; it must be new.
    network
        What judges a frame.
    """

    window = (PAST + 1 + AHEAD) * FRAME
    hop = FRAME
    latency = (1 + AHEAD) * FRAME

    def __init__(self, stage: Probability, network: EdgeNetwork) -> None:
        self._stage = stage
        self._network = network
        self._samples: Array = np.zeros(FRAME // 2, np.float32)  # half a frame before the next one
        self._levels: Array = np.zeros((0, len(BANDS)), np.float32)
        self._logits: Array = np.zeros(0, np.float32)
        self._started = False

    @classmethod
    def of(cls, models: ModelSet) -> SpeechEdges:
        """With a set's own models, or the program's for the edges if it has none.

        Raises
        ------
        ModelError
            If a model file is missing or damaged.
        """
        return cls.of_bytes(*cls.files(models))

    @staticmethod
    def files(models: ModelSet) -> tuple[bytes, bytes]:
        """The contents of both files, for where the folder isn't; raises as :meth:`of`."""
        return models.verified(models.speech), models.own_or_shipped("edges")

    @classmethod
    def of_bytes(cls, speech: bytes, edges: bytes) -> SpeechEdges:
        """From the contents of the files of voice activity and of the network."""
        return cls(SpeechProbability.of_bytes(speech), EdgeNetwork.from_npz(edges))

    def push(self, samples: Array) -> Array:
        """Probabilities (n,) of the frames that these samples complete."""
        self._samples = np.concatenate([self._samples, samples])
        count = (len(self._samples) - FRAME // 2) // FRAME  # whole frames
        self._logits = np.concatenate([self._logits, logits(self._stage.push(samples))])
        found = levels(self._samples[: count * FRAME + FRAME // 2])
        self._samples = self._samples[count * FRAME :].copy()
        return self._hear(found)

    def flush(self) -> Array:
        """The probabilities of the frames that waited, and of the unfinished last one."""
        missing = -(len(self._samples) - FRAME // 2) % FRAME
        self._logits = np.concatenate([self._logits, logits(self._stage.flush())])
        found = levels(np.concatenate([self._samples, np.zeros(missing, np.float32)]))
        known = len(self._levels) + len(found)
        if not known:
            return np.zeros(0, np.float32)
        # What comes after the end is as the last frame.
        first = self._hear(found)
        self._logits = np.concatenate([self._logits, np.repeat(self._logits[-1:], AHEAD)])
        return np.concatenate([first, self._hear(np.repeat(self._levels[-1:], AHEAD, axis=0))])

    def _hear(self, found: Array) -> Array:
        if not len(found):
            return np.zeros(0, np.float32)
        if not self._started:  # what came before the beginning is as the first frame
            self._started = True
            self._levels = np.repeat(found[:1], PAST, axis=0)
            self._logits = np.concatenate([np.repeat(self._logits[:1], PAST), self._logits])
        self._levels = np.concatenate([self._levels, found])
        if len(self._levels) <= PAST + AHEAD:
            return np.zeros(0, np.float32)
        probabilities = judged(self._network, self._levels, self._logits)
        self._levels = self._levels[len(probabilities) :].copy()
        self._logits = self._logits[len(probabilities) :].copy()
        return probabilities


def judged(network: EdgeNetwork, levels: Array, logits: Array) -> Array:
    """Probabilities (n,) of the frames that have enough around them; see :func:`features`.

    Where voice activity isn't sure anywhere near, a frame can prolong speech but not begin it:
    what is loud need not be a voice.
    """
    found = network(features(levels, logits))
    near = _extreme(np.maximum, logits[:, None], AHEAD, len(found))[:, 0]
    return np.where(near >= 0, found, np.minimum(found, _UNSURE))


def logits(probabilities: Array) -> Array:
    """Log odds, (n,)."""
    p = np.clip(probabilities.astype(np.float64), 1e-6, 1 - 1e-6)
    return np.clip(np.log(p / (1 - p)), -_SURE, _SURE).astype(np.float32)


def levels(samples: Array) -> Array:
    """Levels of every frame in dB: of all bands together, then band by band, (n, 6).

    ``samples`` begin half a frame before the first frame: each is heard with the half before it.
    """
    size = FRAME + FRAME // 2
    if len(samples) < size:
        return np.zeros((0, len(BANDS)), np.float32)
    frames = sliding_window_view(samples, size)[::FRAME]
    power = np.square(np.abs(fft.rfft(frames * _WINDOW, axis=1)))
    bands = np.add.reduceat(power, _FIRST, axis=1)[:, : len(BANDS) - 1]
    together = np.concatenate([bands.sum(axis=1, keepdims=True), bands], axis=1)
    return np.asarray(10 * np.log10(together + _QUIETEST), np.float32)


def features(levels: Array, logits: Array) -> Array:
    """What is known of each frame that has :data:`PAST` frames before and :data:`AHEAD` after it.

    Parameters
    ----------
    levels, logits
        (n, 6) and (at least n,), in time order.

    Returns
    -------
    (n - PAST - AHEAD, FEATURES)
    """
    count = len(levels) - PAST - AHEAD
    now = slice(PAST, PAST + count)
    total, odds = levels[:, 0], logits[: len(levels)]
    smooth = levels.copy()
    smooth[1:] = np.maximum(levels[1:], levels[:-1])  # a dip of one frame is no floor
    loudest = [_extreme(np.maximum, levels, reach, count) for reach in _RECENT[::2]]
    quietest = [_extreme(np.minimum, smooth, reach, count) for reach in _RECENT[1:]]
    floor, loud = quietest[-1][:, :1], loudest[0][:, :1]
    around = np.stack([total[PAST + step : PAST + step + count] for step in _STEPS], axis=1)
    columns = [
        *(levels[now] - extreme for extreme in (*loudest, *quietest)),
        around - floor,
        around - loud,
        np.stack([odds[PAST + step : PAST + step + count] for step in _LOGIT_STEPS], axis=1),
        *(_extreme(np.maximum, odds[:, None], reach, count) for reach in _LOGIT_REACHES),
        loudest[1][:, :1] - floor,
    ]
    return np.asarray(np.concatenate(columns, axis=1), np.float32)


def _extreme(function: Any, values: Array, reach: int, count: int) -> Array:
    """The largest or smallest from ``reach`` before each frame to AHEAD after it, (count, ...)."""
    found = values[PAST - reach :]
    length = reach + AHEAD + 1
    width = 1
    # Spans of doubling length: log n steps instead of n.
    while 2 * width <= length:
        found = function(found[:-width], found[width:])
        width *= 2
    rest = length - width
    if rest:
        found = function(found[:-rest], found[rest:])
    return np.asarray(found[:count])


FEATURES = 4 * len(BANDS) + 2 * len(_STEPS) + len(_LOGIT_STEPS) + len(_LOGIT_REACHES) + 1
_WINDOW = np.hanning(FRAME + FRAME // 2).astype(np.float32)
_FIRST = [round(hz * len(_WINDOW) / SAMPLE_RATE) for hz in BANDS]
