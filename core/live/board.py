"""What the threads of a live recording know in common."""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections import deque
from dataclasses import replace
from typing import Any

from core.audio.wav import Layout
from core.live.events import Event, Status, Trouble, TroubleKind, TroubleOver
from core.units import SAMPLE_RATE

_ARRIVALS = 12_000
"""Blocks whose arrival is remembered: ten minutes of them."""


class Board:
    """The status and the events, put up by the threads and taken down by whoever shows them."""

    def __init__(self, status: Status) -> None:
        self._lock = threading.Lock()
        self._status = status
        self._events: deque[Event] = deque()

    @property
    def status(self) -> Status:
        return self._status

    def set(self, **what: Any) -> None:
        """Change some of the status."""
        with self._lock:
            self._status = replace(self._status, **what)

    def emit(self, event: Event) -> None:
        self._events.append(event)

    def events(self) -> list[Event]:
        """Take the events."""
        found: list[Event] = []
        while self._events:
            found.append(self._events.popleft())
        return found

    @property
    def empty(self) -> bool:
        """Whether all events were taken."""
        return not self._events

    def trouble(self, kind: TroubleKind, text: str) -> None:
        """Tell of a trouble, once."""
        trouble = Trouble(kind, text)
        with self._lock:
            if trouble in self._status.trouble:
                return
            others = tuple(t for t in self._status.trouble if t.kind != kind)
            self._status = replace(self._status, trouble=(*others, trouble))
        self.emit(trouble)

    def over(self, kind: TroubleKind) -> None:
        """The trouble of that kind is gone, if it was there."""
        with self._lock:
            others = tuple(t for t in self._status.trouble if t.kind != kind)
            if len(others) == len(self._status.trouble):
                return
            self._status = replace(self._status, trouble=others)
        self.emit(TroubleOver(kind))


class Tape:
    """How much is on the disk, and when it came. The recorder adds, the listener waits for it."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.layout: Layout | None = None
        """Of the file; None until there is one."""
        self.frames = 0
        self.ended = False
        """Nothing will be added any more."""
        self._arrivals: deque[tuple[int, float]] = deque(maxlen=_ARRIVALS)

    def begin(self, layout: Layout) -> None:
        """The file is there."""
        with self.changed:
            self.layout = layout
            self.changed.notify_all()

    def add(self, frames: int, at: float) -> None:
        """More is on the disk; its last frame came at ``at``."""
        with self.changed:
            self.frames += frames
            self._arrivals.append((self.frames, at))
            self.changed.notify_all()

    def end(self) -> None:
        with self.changed:
            self.ended = True
            self.changed.notify_all()

    def arrival(self, samples: int) -> float:
        """When this sample (at 16 kHz) came; one that is on the tape."""
        frame = round(samples * self._rate / SAMPLE_RATE)
        with self.changed:
            place = bisect_left(self._arrivals, (frame, 0.0))
            return self._arrivals[min(place, len(self._arrivals) - 1)][1]

    def samples(self, frames: int) -> int:
        """Frames of the file as samples at 16 kHz."""
        return round(frames * SAMPLE_RATE / self._rate)

    @property
    def _rate(self) -> int:
        return self.layout.rate if self.layout else SAMPLE_RATE
