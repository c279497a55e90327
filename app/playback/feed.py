"""What the sound card gets: the stretch that plays, looped, at its speed, with what is left out."""

from __future__ import annotations

import math
import threading
from bisect import bisect_right
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.playback.pcm_cache import PcmCache
from app.playback.time_stretch import HOP, Stretcher
from core.annotation.values import Stretch

Bounds = tuple[int, "int | None", bool]
"""What is played: from a sample, to a sample (None: the end of the recording), over and over."""


class Feed:
    """Cuts the stretch that is being played into what the sound card asks for.

    The sound card sees one endless stream of samples. ``_pieces`` tells which sample of the
    recording a sample of that stream was, through seeks, loops, jumps, pauses and changes of speed:
    (index in the stream, position in the recording, positions per sample; 0 where it stands).
    """

    def __init__(self, cache: PcmCache) -> None:
        self._lock = threading.Lock()
        self._cache = cache
        self._stretcher = Stretcher(cache.read)
        self._spare: NDArray[np.int16] = np.zeros(0, np.int16)  # stretched, not yet asked for
        self._speed = 1.0
        self._gain = 1.0
        self._silent: Sequence[Stretch] = ()
        self._skipped: Sequence[Stretch] = ()
        self._pulled = 0
        self._next = 0.0  # in the recording, of the next sample that goes out
        self._read = 0  # in the recording, of the next one that is taken from there
        self._bounds: Bounds = (0, None, False)
        self._running = False
        self._ended: int | None = None
        self._pieces: list[tuple[int, float, float]] = [(0, 0.0, 0.0)]

    def go(self, position: int, bounds: Bounds) -> None:
        """Play on from this sample of the recording."""
        with self._lock:
            self._bounds, self._running = bounds, True
            self._jump(position)
            self._begin()

    def hold(self) -> None:
        """Give silence until :meth:`go`."""
        with self._lock:
            self._running = False
            self._begin()

    def set_speed(self, speed: float) -> None:
        """A multiple of 1/4; the pitch stays."""
        with self._lock:
            if speed != self._speed:
                self._speed = speed
                self._jump(round(self._next))

    def set_gain(self, gain: float) -> None:
        """What every sample is multiplied with, 0..1."""
        with self._lock:
            self._gain = gain

    def leave_out(self, silent: Sequence[Stretch], skipped: Sequence[Stretch]) -> None:
        """Stretches, sorted and apart, that are played silently or jumped over."""
        with self._lock:
            self._silent, self._skipped = silent, skipped

    def _begin(self) -> None:
        self._ended = None
        self._pieces = [(self._pulled, self._next, self._speed if self._running else 0.0)]

    def _jump(self, position: int) -> None:
        self._next, self._read = float(position), position
        self._spare = self._spare[:0]
        self._stretcher.reset()

    def pull(self, count: int) -> NDArray[np.int16]:
        """The next ``count`` samples for the sound card; silence where there is nothing to play."""
        out = np.zeros(count, np.int16)
        with self._lock:
            done = 0
            while done < count and self._running:
                sound = self._take(count - done)
                if len(sound):
                    self._piece(done, self._speed)
                    out[done : done + len(sound)] = sound
                    self._next += len(sound) * self._speed
                    done += len(sound)
                elif not self._turn(done):
                    break
            if done < count:
                self._piece(done, 0.0)
            self._pulled += count
            gain = self._gain
        return out if gain == 1 else np.asarray(out * np.float32(gain), np.int16)

    def _take(self, count: int) -> NDArray[np.int16]:
        """Up to so many samples of what is next; none at a limit, or if it isn't decoded yet."""
        if not len(self._spare):
            room = self._limit() - self._read
            if room <= 0:
                return self._spare
            if self._speed == 1:
                self._spare = self._cache.read(self._read, min(count, room))
                self._read += len(self._spare)
            else:
                self._spare = self._stretched(room)
        sound, self._spare = self._spare[:count], self._spare[count:]
        return self._hushed(sound)

    def _stretched(self, room: int) -> NDArray[np.int16]:
        step = round(HOP * self._speed)
        length = self._cache.length
        if not self._cache.complete and self._read + step + 2 * HOP > length:
            return self._spare
        sound = self._stretcher.hop(self._read)
        if room < step:
            sound = sound[: math.ceil(room / self._speed)]
        self._read += min(step, room)
        return sound

    def _limit(self) -> int:
        """Where the present run of samples ends: what plays, what is there, or what is skipped."""
        end = self._bounds[1]
        last = self._cache.length if end is None else min(end, self._cache.length)
        index = bisect_right(self._skipped, self._read, key=lambda stretch: stretch[1])
        if index < len(self._skipped):
            last = min(last, self._skipped[index][0])
        return last

    def _turn(self, done: int) -> bool:
        """At a limit: jump over what is skipped, back to the start of a loop, or end. False if
        there is nothing to play now."""
        start, end, loop = self._bounds
        index = bisect_right(self._skipped, self._read, key=lambda stretch: stretch[1])
        if index < len(self._skipped) and self._skipped[index][0] <= self._read:
            self._jump(self._skipped[index][1])
            return True
        over = end is not None and self._read >= end
        if not over and not (self._cache.complete and self._read >= self._cache.length):
            return False  # not decoded yet: wait here
        if loop and self._read > start and self._audible(start):
            self._jump(start)
            return True
        if self._ended is None:
            self._ended = self._pulled + done
        return False

    def _audible(self, start: int) -> bool:
        """Whether a loop has anything that isn't skipped."""
        end = self._cache.length if self._bounds[1] is None else self._bounds[1]
        return not any(s <= start and end <= e for s, e in self._skipped)

    def _hushed(self, sound: NDArray[np.int16]) -> NDArray[np.int16]:
        """The samples that come next, without those of muted voices."""
        last = self._next + len(sound) * self._speed
        index = bisect_right(self._silent, self._next, key=lambda stretch: stretch[1])
        while index < len(self._silent) and self._silent[index][0] < last:
            start, end = ((at - self._next) / self._speed for at in self._silent[index])
            sound = sound.copy()
            sound[max(round(start), 0) : max(round(end), 0)] = 0
            index += 1
        return sound

    def _piece(self, done: int, speed: float) -> None:
        """From ``done`` on in this block the stream is at ``_next``; merge what just goes on."""
        index = self._pulled + done
        since, position, was = self._pieces[-1]
        expected = position + (index - since) * was
        if speed != was or abs(expected - self._next) > 1e-3:
            self._pieces.append((index, self._next, speed))

    def position(self, heard: float) -> int:
        """The sample of the recording that is heard when so much of the stream has been."""
        with self._lock:
            n = max(bisect_right(self._pieces, heard, key=lambda piece: piece[0]) - 1, 0)
            del self._pieces[:n]
            index, position, speed = self._pieces[0]
            if speed and heard > index:
                limit = self._pieces[1][0] if len(self._pieces) > 1 else self._pulled
                position += (min(heard, limit) - index) * speed
            return round(position)

    def ended(self, heard: float) -> bool:
        """Whether the end of the stretch has been heard."""
        with self._lock:
            return self._ended is not None and heard >= self._ended
