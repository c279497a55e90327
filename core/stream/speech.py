"""Voice activity: which stretches of the stream are speech.

Two stages, both causal and independent of how the samples are cut into chunks:

* :class:`SpeechProbability`: Silero (v6, MIT) on frames of 32 ms, behind a gentle gain control.
  Between it and the mask, :class:`core.stream.speech_edges.SpeechEdges` makes the edges exact.
* :class:`SpeechMask`: thresholds with hysteresis, short pauses filled, edges padded.

Silero alone misses 17-20 % of what people mark as speech in meetings with its own defaults (one
threshold of 0.5 to enter, 0.35 to leave, pauses of 0.1 s cut out). Nearly all of that is the quiet
end of a word or a short pause inside a sentence.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from core import runtime
from core.arrays import Array
from core.models.manifest import ModelSet
from core.units import SAMPLE_RATE

Interval = tuple[int, int]
VoiceSpan = tuple[int, int, int]
"""(start, end, track): samples in which a local voice speaks, and its number; see
:class:`core.stream.segmentation.Tile`."""

FRAME = 512
"""Samples per probability (32 ms)."""
_CONTEXT = 64
"""Samples of the frame before that the network sees in front of each frame."""
_STATE = (1, 1, 128)


@dataclass(frozen=True)
class SpeechSettings:
    """What counts as speech. Lengths in samples at 16 kHz, levels in dB of full scale."""

    onset: float = 0.5
    """A stretch is speech if its probability reaches this ..."""
    offset: float = 0.35
    """... and it reaches as far as the probability stays above this."""
    reach: int = 16000
    """How far before the frame that reached ``onset`` a stretch may begin."""
    fill: int = 6400
    """Pauses shorter than this belong to the speech around them."""
    pad: int = 0
    """Added before and after every stretch."""
    level: float = -20.0
    """The gain control lifts quiet recordings to about this level ..."""
    gain: float = 20.0
    """... by at most this much: more would make speech of the noise in a silent room."""
    release: float = 0.5
    """dB per second by which the gain control forgets a loud voice."""


class Probability(Protocol):
    """What tells speech from the rest; see :class:`core.stream.speech_edges.SpeechEdges`.

    Attributes
    ----------
    latency
        Samples from the beginning of a frame to when its probability is there.
    """

    latency: int

    def push(self, samples: Array) -> Array:
        """Probabilities (n,) of the frames that these samples complete."""
        ...

    def flush(self) -> Array:
        """The probability of the unfinished last frame, if any."""
        ...


class SpeechProbability:
    """Samples in, the probability of speech of every whole frame out.

    Raises
    ------
    ModelError
        The model file is missing or damaged.
    """

    window = FRAME + _CONTEXT
    hop = FRAME
    latency = FRAME

    def __init__(self, models: ModelSet, settings: SpeechSettings | None = None) -> None:
        self._start(models.verified(models.speech), settings)

    @classmethod
    def of_bytes(cls, onnx: bytes, settings: SpeechSettings | None = None) -> SpeechProbability:
        """Of a model that was verified, or brought, before."""
        stage = cls.__new__(cls)
        stage._start(onnx, settings)
        return stage

    def _start(self, onnx: bytes, settings: SpeechSettings | None) -> None:
        self._settings = settings or SpeechSettings()
        self._session = runtime.session(onnx, threads=1)
        self._rest: Array = np.zeros(_CONTEXT, np.float32)
        self._state: list[Any] = [np.zeros(_STATE, np.float32), np.zeros(_STATE, np.float32)]
        self._loudness = -np.inf
        self._powers = [0.0, 0.0]

    def push(self, samples: Array) -> Array:
        """Probabilities (n,) of the frames that these samples complete."""
        self._rest = np.concatenate([self._rest, samples])
        count = (len(self._rest) - _CONTEXT) // FRAME
        if not count:
            return np.zeros(0, np.float32)
        frames = sliding_window_view(self._rest, self.window)[::FRAME][:count]
        self._rest = self._rest[count * FRAME :].copy()
        gained = np.clip(frames * self._gain(frames)[:, np.newaxis], -1.0, 1.0)
        probabilities, *self._state = self._session.run(
            None, {"input": gained, "h": self._state[0], "c": self._state[1]}
        )
        return np.asarray(probabilities, np.float32).reshape(-1)

    def flush(self) -> Array:
        """The probability of the unfinished last frame, completed with silence: (0,) or (1,)."""
        missing = -(len(self._rest) - _CONTEXT) % FRAME
        return self.push(np.zeros(missing, np.float32))

    def _gain(self, frames: Array) -> Array:
        """Factor per frame: quiet recordings are lifted, loud ones stay as they are."""
        settings = self._settings
        fall = settings.release * FRAME / SAMPLE_RATE
        gains = np.empty(len(frames), np.float32)
        for n, power in enumerate(np.square(frames, dtype=np.float64).mean(axis=1)):
            # Over three frames, so that a click isn't taken for a voice.
            level = 10 * np.log10((power + sum(self._powers)) / 3 + 1e-12)
            self._powers = [self._powers[1], float(power)]
            self._loudness = max(level, self._loudness - fall)
            lift = min(max(settings.level - self._loudness, 0.0), settings.gain)
            gains[n] = 10 ** (lift / 20)
        return gains


@dataclass(frozen=True)
class Speech:
    """Where speech is in a recording, in samples.

    Parameters
    ----------
    stretches
        (start, end) of speech, padded, in order, apart from each other.
    pauses
        (start, end) of the short pauses inside stretches, in order.
    voices
        Where each local voice speaks, by start; those of two voices may overlap.
    """

    stretches: tuple[Interval, ...] = ()
    pauses: tuple[Interval, ...] = ()
    voices: tuple[VoiceSpan, ...] = ()


class SpeechMask:
    """Probabilities in, stretches of speech out.

    ``stretches`` and ``pauses`` (see :class:`Speech`) hold what later frames can't change any
    more; they only grow. ``open`` is the stretch that is still growing, if any.

    Parameters
    ----------
    settings
        What counts as speech.
    frame
        Samples per probability.
    offset
        Frame n begins at ``n * frame + offset``; the first has the samples before it as well.
    """

    def __init__(
        self, settings: SpeechSettings | None = None, frame: int = FRAME, offset: int = 0
    ) -> None:
        self._settings = settings or SpeechSettings()
        self._frame, self._offset = frame, offset
        self.stretches: list[Interval] = []
        self.pauses: list[Interval] = []
        self._frames = 0
        self._run: int | None = None  # where the present run above the offset began, in frames
        self._in_speech = False  # the present run has reached the onset
        self._speech: Interval | None = None  # the stretch that may still grow, in frames

    def fork(self) -> SpeechMask:
        """A mask that goes on from here by itself; its lists begin empty."""
        other = copy.copy(self)
        other.stretches, other.pauses = [], []
        return other

    @property
    def open(self) -> Interval | None:
        """The growing stretch in samples, padded, as it would be if the stream ended now."""
        return self._padded(self._speech) if self._speech else None

    @property
    def certain(self) -> int:
        """Before this sample it is known what is speech: ``open`` can only grow beyond it."""
        if self._speech:
            return self._sample(self._speech[1])
        return max(0, self._sample(self._earliest()) - self._settings.pad)

    def push(self, probabilities: Array) -> None:
        """Hear more frames, (n,)."""
        for probability in probabilities.tolist():
            self._step(probability)

    def flush(self, duration: int) -> None:
        """End of the stream, which had this many samples."""
        if self._speech:
            start, end = self._padded(self._speech)
            self._speech = None
            if start < duration:
                self.stretches.append((start, min(end, duration)))

    def _step(self, probability: float) -> None:
        frame = self._frames
        self._frames += 1
        if probability <= self._settings.offset:
            self._run, self._in_speech = None, False
        elif self._run is None:
            self._run = frame
        if probability >= self._settings.onset and not self._in_speech:
            self._in_speech = True
            self._begin(self._earliest())
        if self._speech and self._in_speech:
            self._speech = (self._speech[0], self._frames)
        elif (
            self._speech
            and (self._earliest() - self._speech[1]) * self._frame >= self._settings.fill
        ):
            self.stretches.append(self._padded(self._speech))
            self._speech = None

    def _begin(self, start: int) -> None:
        """A run turned out to be speech from frame ``start`` on."""
        if self._speech is None:
            self._speech = (start, self._frames)
        elif start > self._speech[1]:
            self.pauses.append((self._sample(self._speech[1]), self._sample(start)))

    def _earliest(self) -> int:
        """The first frame that speech which isn't known yet could claim."""
        run = self._frames if self._run is None else self._run
        return max(run, self._frames - self._settings.reach // self._frame)

    def _padded(self, frames: Interval) -> Interval:
        pad = self._settings.pad
        return max(0, self._sample(frames[0]) - pad), self._sample(frames[1]) + pad

    def _sample(self, frame: int) -> int:
        """The first of a frame."""
        return frame * self._frame + self._offset if frame else 0
