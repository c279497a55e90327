"""A call of made sound: two sound cards with clocks of their own, in a time that tests make."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from core.audio.devices import InputDevice
from core.audio.microphone import Microphone
from core.live import call as call_module
from core.live import capture as capture_module
from core.live import seeking
from core.live.recording import Finished, LiveRecording, LiveResult
from tests.core.audio.fake_sound import FakeAudio, FakeStream, Frames, microphone_named, wait_for

LOOK_S = 0.02


class Cards(FakeAudio):
    """Two inputs; those whose number is in ``broken`` can't be opened."""

    def __init__(self) -> None:
        super().__init__()
        self.broken: set[int] = set()
        self.newest: dict[int, FakeStream] = {}
        self.until = wait_for

    def open(self, **options: Any) -> FakeStream:
        number = options["input_device_index"]
        if number in self.broken:
            raise OSError(-9985, "Device unavailable")
        stream = super().open(**options)
        self.newest[number] = stream
        return stream

    def running(self, number: int, after: FakeStream | None = None) -> FakeStream:
        """The newest stream of that input, other than the one before, once it runs."""
        self.until(
            lambda: (stream := self.newest.get(number)) and stream is not after and stream.running
        )
        return self.newest[number]


class Side:
    """A sound card whose seconds are a little wrong; what it hears is ``sound(seconds)``."""

    def __init__(
        self, call: Call, number: int, sound: Callable[[np.ndarray], np.ndarray], wrong: float
    ) -> None:
        self.call, self.number, self.sound = call, number, sound
        self.stream = call.audio.running(number)
        self.speed = self.stream.rate * (1 + wrong)
        self.wrong = wrong
        self._heard = round(call.now * self.speed)
        self.given: list[Frames] = []

    def come_back(self) -> None:
        """The device was opened once more, maybe at another rate."""
        self.stream = self.call.audio.running(self.number, after=self.stream)
        self.speed = self.stream.rate * (1 + self.wrong)
        self._heard = round(self.call.now * self.speed)

    def give(self) -> None:
        """What came up to now."""
        end = round(self.call.now * self.speed)
        values = self.sound(np.arange(self._heard, end) / self.speed)
        frames = np.rint(values * 32767).astype(np.int16)[:, np.newaxis]
        frames = np.repeat(frames, self.stream.channels, axis=1)
        self._heard = end
        self.given.append(frames)
        self.stream.give(frames)


class _Turns:
    """The recorder looks when a test says so: then it is done with all that was given before."""

    def __init__(self) -> None:
        self._go, self._idle = threading.Semaphore(0), threading.Semaphore(0)
        self.free = False

    def sleep(self, seconds: float) -> None:
        """In place of the recorder's."""
        self._idle.release()
        if self.free:
            time.sleep(seconds)
        else:
            self._go.acquire()

    def look(self) -> None:
        """One look, from beginning to end."""
        if not self.free:
            self._idle.acquire()
            self._go.release()
            self._idle.acquire()
            self._idle.release()

    def let_run(self) -> None:
        """From now on it looks by itself."""
        self.free = True
        self._go.release()


class Call:
    """A recording of a call and the hands on both sound cards."""

    def __init__(
        self,
        path: Path,
        monkeypatch: pytest.MonkeyPatch,
        rates: tuple[int, int] = (16_000, 16_000),
        broken: set[int] | None = None,
        **options: Any,
    ) -> None:
        self.now = 0.0
        self.audio = Cards()
        self.audio.broken = broken or set()
        monkeypatch.setattr(call_module, "Microphone", partial(Microphone, clock=self.clock))
        monkeypatch.setattr(call_module, "time", SimpleNamespace(monotonic=self.clock))
        self._turns = _Turns()
        recorders = SimpleNamespace(monotonic=self.clock, sleep=self._turns.sleep)
        monkeypatch.setattr(capture_module, "time", recorders)
        monkeypatch.setattr(seeking, "LOOK_S", LOOK_S)
        self.microphone = microphone_named("Desk", rates[0])
        self.computer = replace(
            microphone_named("Monitor of Desk", rates[1]), index=1, monitor=True, default=False
        )
        self.live = LiveRecording(
            path, self.microphone, computer=self.computer, backend=self.audio, **options
        )
        self.seen: list[Any] = []
        self.audio.until = self.until

    def clock(self) -> float:
        return 1000.0 + self.now

    @property
    def devices(self) -> tuple[InputDevice, InputDevice]:
        return self.microphone, self.computer

    def go_on(self, seconds: float, *sides: Side, each: float = 0.1) -> None:
        """Time passes, and these sides give what they hear in it."""
        for _ in range(round(seconds / each)):
            self.now += each
            for side in sides:
                side.give()
            self._turns.look()

    def until(self, true: Callable[[], Any]) -> Any:
        """Look until it is true."""

        def look() -> Any:
            self._turns.look()
            return true()

        return wait_for(look)

    def wait(self, kind: type, true: Callable[[Any], bool] = lambda event: True) -> Any:
        """The first event of that kind."""

        def find() -> Any:
            self.seen += self.live.events()
            return next((e for e in self.seen if isinstance(e, kind) and true(e)), None)

        return self.until(find)

    def finish(self) -> LiveResult:
        self.stop()
        result: LiveResult = self.wait(Finished).result
        assert self.live.join(5)
        return result

    def stop(self) -> None:
        """End it."""
        self.live.stop()
        self._turns.let_run()
