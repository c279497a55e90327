"""Two sources in step: how fast the clock of each really goes, and one put onto the other's.

No two sound cards agree on what a second is: 50 millionths apart they are 180 ms apart after an
hour. How many frames came by when on this machine's clock tells how fast each really is. The
file keeps the time of the *leader*, whose frames are stored as they are; those of the *follower*
are resampled, a few millionths more or less, so that each lies where its moment is in the file.
"""

from __future__ import annotations

import math

import numpy as np
import soxr
from numpy.typing import NDArray

from core.audio.switching import Adapter
from core.audio.wav import Layout

Mono = NDArray[np.int16]
"""(n,) int16."""

_EACH_S = 1.0
"""Of so long the block counts that was least delayed: none comes too early, many a little late."""
_MEMORY_S = 300.0
"""What is older counts less: clocks change with the temperature."""
_JITTER_S, _DRIFT = 5e-3, 1e-4
"""A delay is usual, and a clock that goes wrong by so much: how soon a clock is called wrong."""
_EARLY_S = 0.02
"""Blocks that come so much earlier than they can show that all before were late."""
_SLIPPED_S, _SLIPPED_TIMES = 0.08, 3
"""So much later for so many times, and frames are missing that nobody told of."""

_SETTLE_S = 10.0
"""In about this time the follower is where it should be ..."""
_MOST = 2e-3
"""... but its pitch is changed by no more: a thirtieth of a semitone isn't heard."""
_SLEW_S = 0.02


class Clock:
    """How the frames of a source go with this machine's clock: a line, fitted as they come.

    Parameters
    ----------
    rate
        Frames per second, as the source says; the line says what they really are.
    at
        When the first frame was heard, in seconds.
    drift
        How much longer its seconds are, if known already: 1e-6 is one millionth.
    """

    def __init__(self, rate: float, at: float, drift: float = 0.0) -> None:
        self.rate = rate
        self._at = at
        self._prior = self.drift = drift
        self._weight = self._x = self._y = self._xx = self._xy = 0.0
        self._least = (math.inf, 0.0)  # delay against the line and when, of this second
        self._until = _EACH_S
        self._late = 0

    def hear(self, frames: int, at: float) -> float:
        """So many frames had come at ``at``, in all; the seconds that went missing before, which
        only another clock can heed."""
        x = frames / self.rate
        y = at - self._at - x
        if self._weight and y - self._line(x) < -_EARLY_S:
            self._prior = self.drift
            self._weight = self._xx = self._xy = 0.0
            self._least, self._until, self._late = (math.inf, 0.0), x, 0
        self._least = min(self._least, (y - self.drift * x, x))
        if not self._weight:  # from the first block on there is a line
            self._x, self._y = x, self._least[0] + self.drift * x
        if x < self._until:
            return 0.0
        (delay, when), self._least = self._least, (math.inf, 0.0)
        self._until = x + _EACH_S
        y = delay + self.drift * when
        late = y - self._line(when)
        self._late = self._late + 1 if self._weight and late > _SLIPPED_S else 0
        if self._late >= _SLIPPED_TIMES:
            return late
        if not self._late:
            self._learn(when, y)
        return 0.0

    def time(self, frame: float) -> float:
        """When a frame was heard (they are counted from 0)."""
        x = frame / self.rate
        return self._at + x + self._line(x)

    def frame(self, time: float) -> float:
        """The frame that was heard then."""
        since = time - self._at - self._y + self.drift * self._x
        return since / (1 + self.drift) * self.rate

    def _line(self, x: float) -> float:
        return self._y + self.drift * (x - self._x)

    def _learn(self, x: float, y: float) -> None:
        """Regression with a memory; the slope is held to what is usual until enough is known."""
        kept = math.exp(-_EACH_S / _MEMORY_S)
        self._weight = kept * self._weight + 1
        dx, dy = x - self._x, y - self._y
        if self._weight == 1:
            self._x, self._y = x, y
            return
        share = 1 / self._weight
        self._xx = kept * self._xx + dx * dx * (1 - share)
        self._xy = kept * self._xy + dx * dy * (1 - share)
        self._x += share * dx
        self._y += share * dy
        hold = (_JITTER_S / _DRIFT) ** 2
        self.drift = (self._xy + hold * self._prior) / (self._xx + hold)


class FileTime:
    """Which moment lies at which frame of the file: the leader's clock, or this machine's.

    Parameters
    ----------
    rate
        Of the file, Hz.
    frame, at
        A frame of the file and its moment.
    """

    def __init__(self, rate: int, frame: float, at: float) -> None:
        self.rate = rate
        self._frame, self._at = frame, at
        self._clock: Clock | None = None

    def led_by(self, clock: Clock, frame: float) -> None:
        """From now on by a source whose first frame lies at ``frame``."""
        self._clock, self._frame = clock, frame

    def go_on_alone(self, at: float) -> None:
        """The leader is gone: by this machine's clock from ``at`` on."""
        self._frame, self._at, self._clock = self.frame(at), at, None

    def frame(self, at: float) -> float:
        """Where a moment lies."""
        clock = self._clock
        if clock is None:
            return self._frame + (at - self._at) * self.rate
        return self._frame + clock.frame(at) * self.rate / clock.rate

    @property
    def drift(self) -> float:
        """How much longer the seconds of the file are than this machine's."""
        return self._clock.drift if self._clock else 0.0


class Leader:
    """The source that sets the time: its frames as they are, or resampled as its rate says.

    Parameters
    ----------
    rate
        Its own, Hz.
    timeline
        Of the file; goes by this source from now on.
    start, at
        The frame of the file at which its first one lies, and when that was heard.
    """

    def __init__(self, rate: int, timeline: FileTime, start: int, at: float, drift: float) -> None:
        self.clock = Clock(rate, at, drift)
        self._adapter = Adapter(rate, 1, Layout(timeline.rate, 1))
        self._taken = 0
        timeline.led_by(self.clock, start)

    def hear(self, count: int, at: float) -> float:
        """So many frames more had come at ``at``; as :meth:`Clock.hear`."""
        self._taken += count
        return self.clock.hear(self._taken, at)

    def push(self, frames: Mono) -> Mono:
        """Frames of the file."""
        return self._adapter.push(frames[:, np.newaxis])[:, 0]

    def flush(self) -> Mono:
        """The end of its sound."""
        return self._adapter.flush()[:, 0]


class Follower:
    """The source that is put onto the leader's time; as :class:`Leader`."""

    def __init__(self, rate: int, timeline: FileTime, start: int, at: float, drift: float) -> None:
        self.clock = Clock(rate, at, drift)
        self._timeline = timeline
        self._taken = 0
        self._placed = float(start)  # where in the file the next frame will lie
        self._stretch = 1.0
        self._stream = soxr.ResampleStream(
            rate * (1 + 2 * _MOST), timeline.rate, 1, dtype="int16", quality="HQ", vr=True
        )
        self._stream.set_io_ratio(rate, timeline.rate)

    def hear(self, count: int, at: float) -> float:
        """So many frames more had come at ``at``; as :meth:`Clock.hear`."""
        timeline, clock = self._timeline, self.clock
        wanted = timeline.frame(clock.time(self._taken))
        self._taken += count
        slipped = clock.hear(self._taken, at)
        correction = (wanted - self._placed) / (timeline.rate * _SETTLE_S)
        natural = (1 + clock.drift) / (1 + timeline.drift)
        self._stretch = min(max(natural + correction, 1 - _MOST), 1 + _MOST)
        slew = round(_SLEW_S * timeline.rate)  # a jump would click
        self._stream.set_io_ratio(clock.rate, timeline.rate * self._stretch, slew)
        return slipped

    def push(self, frames: Mono) -> Mono:
        """Frames of the file."""
        # The resampler's own word for how much it holds back means nothing at a changing rate.
        self._placed += len(frames) * self._timeline.rate / self.clock.rate * self._stretch
        out: Mono = self._stream.resample_chunk(np.ascontiguousarray(frames))
        return out

    def flush(self) -> Mono:
        """The end of its sound."""
        out: Mono = self._stream.resample_chunk(np.zeros(0, np.int16), last=True)
        return out
