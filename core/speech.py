"""Voice activity: which stretches of the stream are speech.

Two stages, both causal and independent of how the samples are cut into chunks:

* :class:`SpeechProbability`: Silero (v6, MIT) on frames of 32 ms, behind a gentle gain control.
* :class:`SpeechMask`: thresholds with hysteresis, short pauses filled, edges padded.

Silero's own defaults (one threshold of 0.5 to enter, 0.35 to leave, pauses of 0.1 s cut out) miss
17-20 % of what people mark as speech in meetings. Nearly all of that is the quiet end of a word or
a short pause inside a sentence, and it comes back when a stretch that was once clearly speech is
held until the probability is close to zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from core import runtime
from core.models import ModelSet
from core.units import SAMPLE_RATE

Array = NDArray[np.float32]

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
    offset: float = 0.04
    """... and it reaches as far as the probability stays above this."""
    reach: int = 8000
    """How far before the frame that reached ``onset`` a stretch may begin."""
    fill: int = 8000
    """Pauses shorter than this belong to the speech around them."""
    pad: int = 1280
    """Added before and after every stretch."""
    level: float = -20.0
    """The gain control lifts quiet recordings to about this level ..."""
    gain: float = 20.0
    """... by at most this much: more would make speech of the noise in a silent room."""
    release: float = 0.5
    """dB per second by which the gain control forgets a loud voice."""


class SpeechProbability:
    """Samples in, the probability of speech of every whole frame out.

    Raises:
        ModelError: the model file is missing or damaged.
    """

    window = FRAME + _CONTEXT
    hop = FRAME
    latency = FRAME

    def __init__(self, models: ModelSet, settings: SpeechSettings | None = None) -> None:
        self._settings = settings or SpeechSettings()
        self._session = runtime.session(models.verified(models.speech), threads=1)
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


@dataclass(slots=True)
class _Run:
    """Frames ``start .. end`` above the offset; ``peak`` is the first that reached the onset."""

    start: int
    end: int
    speech: bool = False


class SpeechMask:
    """Probabilities in, stretches of speech out.

    ``push`` returns what is certain from now on: stretches (start, end) in samples, in order, that
    later frames can't change. ``open`` is the stretch that is still growing, if any.
    """

    def __init__(self, settings: SpeechSettings | None = None) -> None:
        self._settings = settings or SpeechSettings()
        self._frames = 0
        self._run_start: int | None = None  # of the frames above the offset, in frames
        self._speech: tuple[int, int] | None = None  # confirmed but may still grow, in frames
        self._in_speech = False  # the present run has reached the onset

    @property
    def latency(self) -> int:
        """Samples after which a frame's fate is known at the latest."""
        return max(self._settings.reach, self._settings.fill) + 2 * self._settings.pad + FRAME

    @property
    def open(self) -> tuple[int, int] | None:
        """The growing stretch in samples, padded, as it would be if the stream ended now."""
        return self._padded(self._speech) if self._speech else None

    @property
    def certain(self) -> int:
        """Before this sample it is known what is speech: ``open`` can only grow beyond it."""
        if self._speech:
            return self._speech[1] * FRAME
        reach = self._settings.reach // FRAME
        start = self._frames if self._run_start is None else self._run_start
        return max(0, max(start, self._frames - reach) * FRAME - self._settings.pad)

    def push(self, probabilities: Array) -> list[tuple[int, int]]:
        """Stretches that are final now."""
        done: list[tuple[int, int]] = []
        for probability in probabilities:
            self._step(float(probability), done)
        return done

    def flush(self, duration: int) -> list[tuple[int, int]]:
        """The stretch that was growing, cut at the end of the stream (samples)."""
        stretch, self._speech = self.open, None
        if stretch is None or stretch[0] >= duration:
            return []
        return [(stretch[0], min(stretch[1], duration))]

    def _step(self, probability: float, done: list[tuple[int, int]]) -> None:
        settings, frame = self._settings, self._frames
        self._frames += 1
        if probability <= settings.offset:
            self._run_start, self._in_speech = None, False
        else:
            if self._run_start is None:
                self._run_start = frame
            if probability >= settings.onset and not self._in_speech:
                self._in_speech = True
                start = max(self._run_start, frame - settings.reach // FRAME)
                if self._speech:
                    self._speech = (self._speech[0], frame + 1)
                else:
                    self._speech = (start, frame + 1)
            if self._in_speech and self._speech:
                self._speech = (self._speech[0], frame + 1)
        if self._speech and not self._in_speech:
            # A run below the onset that began within the pause may still become speech and
            # close the gap, so the pause is counted to the earliest frame that it could claim.
            start = self._frames if self._run_start is None else self._run_start
            earliest = max(start, self._frames - settings.reach // FRAME)
            if (earliest - self._speech[1]) * FRAME >= settings.fill:
                done.append(self._padded(self._speech))
                self._speech = None

    def _padded(self, frames: tuple[int, int]) -> tuple[int, int]:
        pad = self._settings.pad
        return max(0, frames[0] * FRAME - pad), frames[1] * FRAME + pad
