"""Both sides of a call in one file: the microphone, and what the computer plays, in step.

The first channel is the microphone's, the second one the computer's. The microphone sets the
time (:mod:`core.live.step`). Either side may be missing at the start, fail, or come back: its
channel is silent for so long, that is said as a :class:`~core.live.events.Gap`, and the other one
goes on. What is held back until the other side has come, too, is at most :data:`HOLD_S` long;
everything else is on the disk.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import Literal

import numpy as np

from core.audio.devices import InputDevice
from core.audio.levels import Level, Meter
from core.audio.microphone import Frames, Microphone, Piece
from core.audio.portaudio import Streams
from core.audio.wav import Layout
from core.live.board import Board, Tape
from core.live.capture import Capturer
from core.live.events import Gap, Moved, SideName, SideStatus, Why
from core.live.reel import Reel
from core.live.seeking import Seeker
from core.live.step import FileTime, Follower, Leader, Mono
from core.live.whereabouts import Whereabouts
from core.units import SAMPLE_RATE

HOLD_S = 0.5
"""A side that is so far behind the other one is silent, until it comes again."""
MOST_RATE = 48_000
"""Voices need no more, whatever a sound card offers."""

_TOGETHER_S = 3.0
"""So much later one may begin than the other, and nothing is missing: devices wake up."""
_LONGEST_WAIT_S = 60.0
"""A device that fails is tried again at least so often."""

_CALLED = {"microphone": "the microphone", "computer": "the computer's sound"}


class _Side:
    """One source of a call: what opens it, its level, and its channel as far as it goes."""

    def __init__(self, name: SideName, device: InputDevice, backend: Callable[[], Streams]) -> None:
        self.name = name
        self.device = device
        self.stream: Leader | Follower | None = None
        """None while it gives nothing that could lie anywhere."""
        self.end = 0
        """The frame of the file up to which its channel goes."""
        self.missing_from: int | None = None
        """There is silence since that frame, because nothing came."""
        self.lost = 0
        self.drift = 0.0
        self.overflows = 0
        self.meter: Meter | None = None
        self.whereabouts: Whereabouts | None = None
        self._backend = backend
        self.microphone: Microphone | None = Microphone(device, backend)
        self._queue: deque[Mono] = deque()
        self._tries, self._again_at = 0, 0.0

    @property
    def is_right(self) -> bool:
        """Whether what the sound server gives now is of the kind that this side is."""
        now = self.whereabouts.device if self.whereabouts else self.device
        return now.monitor == (self.name == "computer") or now.source == self.device.source

    @property
    def status(self) -> SideStatus:
        level = self.meter.level if self.meter else Level()
        return SideStatus(self.name, self.device, self.meter is not None, level, self.lost)

    def open(self, device: InputDevice) -> None:
        """Begin with another device, or the same one again."""
        self.device = device
        self.microphone = Microphone(device, self._backend)

    def wait(self) -> None:
        """It failed: later and later it is tried again."""
        self._again_at = time.monotonic() + min(2.0**self._tries - 1, _LONGEST_WAIT_S)
        self._tries += 1

    @property
    def waits(self) -> bool:
        """Whether it isn't to be tried yet."""
        return self.microphone is None and time.monotonic() < self._again_at

    def gives_sound(self) -> None:
        """The first sound of a device has come."""
        self._tries = 0

    def close(self) -> Microphone | None:
        """Let go of the device; what it still gave can be read."""
        microphone, self.microphone = self.microphone, None
        if self.whereabouts is not None:
            self.whereabouts.close()
            self.whereabouts = None
        if microphone is not None:
            microphone.close()
            self.overflows += microphone.overflows
        return microphone

    def add(self, frames: Mono) -> None:
        """More of its channel."""
        if len(frames):
            self._queue.append(frames)
            self.end += len(frames)

    def take(self, count: int) -> Mono:
        """The next frames of its channel."""
        parts = []
        while count:
            part = self._queue.popleft()
            if len(part) > count:
                self._queue.appendleft(part[count:])
                part = part[:count]
            parts.append(part)
            count -= len(part)
        return np.concatenate(parts) if parts else np.zeros(0, np.int16)

    def flush(self) -> None:
        """Its stream has ended: what that still had."""
        if self.stream is not None:
            self.add(self.stream.flush())
            self.drift = self.stream.clock.drift
            self.stream = None


class CallCapture(Capturer):
    """Records both sides of a call from the moment it is made.

    Parameters
    ----------
    microphone, computer, backend
        The inputs and what opens them.
    reel, board, tape
        Where to put the sound, and where to tell what happens.
    """

    def __init__(
        self,
        microphone: InputDevice,
        computer: InputDevice,
        backend: Callable[[], Streams],
        reel: Reel,
        board: Board,
        tape: Tape,
    ) -> None:
        super().__init__(reel, board, tape)
        self._timeline: FileTime | None = None
        self._at = 0.0
        self._sides = (
            _Side("microphone", microphone, backend),
            _Side("computer", computer, backend),
        )
        self._seeker = Seeker(microphone, computer)
        self.thread.start()

    # In the recorder's thread

    def _take(self) -> None:
        for side in self._sides:
            microphone = side.microphone
            if microphone is None:
                continue
            if microphone.error is not None:
                self._lose(side, str(microphone.error))
                continue
            for piece in microphone.read():
                self._hear(side, microphone, piece)
        self._write()

    def _hear(self, side: _Side, microphone: Microphone, piece: Piece) -> None:
        if side.meter is None:  # the first of this device
            side.meter = Meter(microphone.rate)
            side.whereabouts = side.whereabouts or Whereabouts(microphone.device)
            side.gives_sound()
            self._board.over(_kind(side))
        level = side.meter.push(piece.frames)
        if side.name == "microphone":
            self._check_sound(level, side.device.name)
        if self._paused_since is not None or not side.is_right:
            return
        self._at = max(self._at, piece.at)
        why: Why = "overflow" if side.stream is not None else "device"
        slipped = side.stream.hear(len(piece.frames), piece.at) if side.stream else 0.0
        frames = _mono(piece.frames)
        if piece.lost or slipped:
            self._loosen(side)
        stream = side.stream
        if stream is None:
            stream, frames = self._place(side, microphone, frames, piece.at, why)
            side.stream = stream
            stream.hear(len(frames), piece.at)
        side.add(stream.push(frames))

    def _place(
        self, side: _Side, microphone: Microphone, frames: Mono, at: float, why: Why
    ) -> tuple[Leader | Follower, Mono]:
        """Its sound from where it begins in the file, and what of it is to be stored."""
        began = at - len(frames) / microphone.rate
        if self._timeline is None:
            self._timeline = self._begin(began)
        timeline = self._timeline
        place = round(timeline.frame(began))
        if not any(other.stream for other in self._sides):
            self._fill_up(place)
        early = max(0, side.end - place)
        skipped = min(len(frames), round(early * microphone.rate / timeline.rate))
        start = max(side.end, place)
        missing, side.missing_from = side.missing_from, None
        gap = side.end if missing is None else missing
        side.add(np.zeros(start - side.end, np.int16))
        at_once = gap == 0 and start < _TOGETHER_S * timeline.rate
        if not (side.device.sleeps or at_once):
            self._tell_gap(side, gap, start, why)
        kind = Leader if side.name == "microphone" else Follower
        heard = began + skipped / microphone.rate
        self._board.set(state="recording")
        return kind(microphone.rate, timeline, start, heard, side.drift), frames[skipped:]

    def _begin(self, at: float) -> FileTime:
        """With the first sound of any side: the rate of the file is the better one of both."""
        opened = [side.microphone for side in self._sides if side.microphone is not None]
        rates = [microphone.rate for microphone in opened if microphone.opened.is_set()]
        layout = Layout(min(max(rates), MOST_RATE), len(self._sides), call=True)
        self.reel.begin(layout, **{side.name: side.device.key for side in self._sides})
        return FileTime(layout.rate, 0, at)

    def _write(self) -> None:
        """What both sides have, or one where the other gives nothing."""
        if self._timeline is None:
            return
        hold = HOLD_S * self._timeline.rate
        furthest = max(side.end for side in self._sides)
        for side in self._sides:
            if side.stream is not None and furthest - side.end > hold:
                self._loosen(side)
        on = [side.end for side in self._sides if side.stream is not None]
        upto = min(on) if on else max(side.end for side in self._sides)
        for side in self._sides:
            if side.end < upto:
                side.missing_from = side.end if side.missing_from is None else side.missing_from
                side.add(np.zeros(upto - side.end, np.int16))
        if upto > self.reel.frames:
            count = upto - self.reel.frames
            self.reel.write(np.stack([side.take(count) for side in self._sides], 1), self._at)

    def _fill_up(self, place: int) -> None:
        """Nobody gave anything up to this frame."""
        self._write()
        for side in self._sides:
            side.missing_from = side.end if side.missing_from is None else side.missing_from
        if place > self.reel.frames:
            self.reel.silence(place - self.reel.frames)
            for side in self._sides:
                side.end = self.reel.frames

    def _loosen(self, side: _Side) -> None:
        """It gave nothing for a while: where it goes on is to be found anew."""
        side.flush()
        if side.name == "microphone" and self._timeline is not None:
            self._timeline.go_on_alone(self._at)

    def _tell_gap(self, side: _Side, start: int, end: int, why: Why) -> None:
        assert self._timeline is not None
        first, last = (round(n * SAMPLE_RATE / self._timeline.rate) for n in (start, end))
        side.lost += last - first
        self.reel.tell_gap(Gap(first, last, why, side.name))

    def _watch(self) -> None:
        for side in self._sides:
            microphone = side.microphone
            if microphone is None:
                continue
            if side.whereabouts is not None:
                self._follow(side, microphone, side.whereabouts.device)
            if microphone.opened.is_set() and microphone.gone:
                kept = " any more: the other side is recorded on" if self.reel.begun else ""
                self._lose(side, f"{side.device.name} gives no sound{kept}")
        self._seek()
        first = self._sides[0].status
        self._board.set(
            sides=tuple(side.status for side in self._sides),
            device=first.device,
            level=first.level,
            overflows=sum(
                side.overflows + (side.microphone.overflows if side.microphone else 0)
                for side in self._sides
            ),
        )
        self.reel.watch()

    def _follow(self, side: _Side, microphone: Microphone, now: InputDevice) -> None:
        """Heed that the sound server gives another input than it did."""
        before = side.device
        if now.source == before.source:
            return
        if not side.is_right:
            self._lose(
                side,
                f"the sound server took {before.name} away and gave {now.name} for it, which is"
                f" not {_CALLED[side.name]}: the other side is recorded on",
            )
            return
        microphone.wait_for_another()
        self._move(side, now)

    def _move(self, side: _Side, now: InputDevice) -> None:
        before, side.device = side.device, now
        self.reel.note(moved=[self.reel.position, now.key])
        self._board.emit(Moved(self.reel.position, before, now))

    def _seek(self) -> None:
        """A device that was away and is there again, or took the place of the one before."""
        for side in self._sides:
            if side.waits:
                continue
            found = self._seeker.found(side.name, side.device, side.microphone is not None)
            if found is None:
                continue
            before = side.device
            self._release(side)
            side.open(found)
            if found.source != before.source:
                side.device = before
                self._move(side, found)

    def _lose(self, side: _Side, text: str) -> None:
        self._release(side)
        side.wait()
        self._seeker.look_now()
        self._board.set(sides=tuple(side.status for side in self._sides))
        self._board.trouble(_kind(side), text)

    def _release(self, side: _Side) -> None:
        """Let go of its device, and keep what it still gave."""
        wrong = not side.is_right
        microphone = side.close()
        if microphone is not None and microphone.error is None and not wrong:
            for piece in microphone.read():
                self._hear(side, microphone, piece)
        if side.whereabouts is not None:
            side.whereabouts.close()
            side.whereabouts = None
        side.meter = None
        self._loosen(side)
        self._write()
        if self._paused_since is None and not any(other.microphone for other in self._sides):
            self._board.set(state="interrupted" if self.reel.begun else "starting")

    def _switch(self, device: InputDevice) -> None:
        side = self._sides[int(device.monitor)]
        self._release(side)
        side.open(device)
        self._seeker.prefer(side.name, device)

    def _pause(self) -> None:
        if self._paused_since is None and self._timeline is not None:
            self._take()  # what was said before the button was pressed
            self._cut()
            self._paused_since = time.monotonic()
            self._board.set(state="paused")

    def _cut(self) -> None:
        """All that there is, to the disk; what is missing is said."""
        for side in self._sides:
            self._loosen(side)
        self._write()
        for side in self._sides:
            start, side.missing_from = side.missing_from, None
            # They never end in the same moment: what is shorter is no loss.
            if start is not None and side.end - start > HOLD_S * self.reel.layout.rate:
                self._tell_gap(side, start, side.end, "device")

    def _resume(self) -> None:
        if self._paused_since is None or self._timeline is None:
            return
        self._take()  # not wanted yet
        now = time.monotonic()
        self._paused_until(now)
        self._timeline = FileTime(self._timeline.rate, self.reel.frames, now)
        on = any(side.microphone for side in self._sides)
        self._board.set(state="recording" if on else "interrupted")

    def _let_go(self) -> None:
        self._take()
        for side in self._sides:
            self._release(side)
        if self._timeline is not None and self._paused_since is None:
            self._cut()
        self._seeker.close()

    def _close(self) -> None:
        for side in self._sides:
            side.close()
        self._seeker.close()


def _kind(side: _Side) -> Literal["device", "computer"]:
    return "device" if side.name == "microphone" else "computer"


def _mono(frames: Frames) -> Mono:
    """(n, channels) of one source as (n,): none of them is forgotten."""
    if frames.shape[1] == 1:
        return frames[:, 0]
    return np.asarray(frames.astype(np.int32).sum(axis=1) // frames.shape[1], np.int16)
