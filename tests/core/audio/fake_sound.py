"""A sound card made of Python: tests give it sound, losses and silence as they please."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.audio.devices import InputDevice
from core.audio.portaudio import INPUT_OVERFLOW

Frames = NDArray[np.int16]


def microphone_named(name: str = "Desk", rate: int = 16_000, channels: int = 1) -> InputDevice:
    return InputDevice(0, name, "Fake", channels, rate, default=True)


class FakeStream:
    """What ``PyAudio.open`` returns. Once ``stalled``, it may not be touched any more."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        self.options = options
        self.rate: int = options["rate"]
        self.channels: int = options["channels"]
        self.running = False
        self.closed = False
        self.stalled = False
        self.frames = 0
        self.adc = 100.0
        """The sound card's clock; 0 for one that has none."""

    def start_stream(self) -> None:
        self.running = True

    def is_active(self) -> bool:
        return self.running

    def stop_stream(self) -> None:
        assert not self.stalled, "stop_stream() of a stalled stream never returns"
        self.running = False

    def close(self) -> None:
        assert not self.stalled, "close() of a stalled stream never returns"
        self.closed = True

    def give(self, frames: Frames, lost: int = 0) -> None:
        """One callback with (n, channels) int16, after ``lost`` frames that nobody has heard."""
        if not self.running or self.closed:
            return
        if self.adc:
            self.adc += lost / self.rate
        callback = self.options["stream_callback"]
        answer = callback(
            np.ascontiguousarray(frames, "<i2").tobytes(),
            len(frames),
            {"input_buffer_adc_time": self.adc, "current_time": self.adc},
            INPUT_OVERFLOW if lost else 0,
        )
        assert answer == (None, 0)
        if self.adc:
            self.adc += len(frames) / self.rate
        self.frames += len(frames)


class FakeAudio:
    """``pyaudio.PyAudio()``: what was opened is in ``streams``.

    Parameters
    ----------
    accepts
        (rate, channels) -> whether the device takes it.
    devices
        As PortAudio describes them.
    """

    def __init__(
        self,
        accepts: Callable[[int, int], bool] = lambda rate, channels: True,
        devices: list[dict[str, Any]] | None = None,
        default: int = 0,
    ) -> None:
        self.accepts = accepts
        self.devices = devices or []
        self.default = default
        self.streams: list[FakeStream] = []
        self.terminated = 0

    def __call__(self) -> FakeAudio:
        return self

    def get_device_count(self) -> int:
        return len(self.devices)

    def get_device_info_by_index(self, index: int, /) -> Mapping[str, Any]:
        return self.devices[index]

    def get_host_api_info_by_index(self, index: int, /) -> Mapping[str, Any]:
        return {"name": ["ALSA", "MME", "Windows DirectSound", "Windows WASAPI"][index]}

    def get_default_input_device_info(self) -> Mapping[str, Any]:
        if not self.devices:
            raise OSError("No Default Input Device Available")
        return {"index": self.default}

    def open(self, **options: Any) -> FakeStream:
        if not self.accepts(options["rate"], options["channels"]):
            raise OSError(-9997, "Invalid sample rate")
        self.streams.append(FakeStream(options))
        return self.streams[-1]

    def terminate(self) -> None:
        self.terminated += 1

    def stream(self, number: int = 0) -> FakeStream:
        """The stream with this number, once it runs."""
        wait_for(lambda: len(self.streams) > number and self.streams[number].running)
        return self.streams[number]


def wait_for(true: Callable[[], Any], seconds: float = 20.0) -> Any:
    """Until it is true, which it becomes at once on a machine that isn't busy."""
    end = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < end, "it never came"
        time.sleep(0.005)
    return found


def noise(frames: int, channels: int = 1, seed: int = 0, level: float = 4000) -> Frames:
    """(n, channels) int16 without a zero."""
    values = np.random.default_rng(seed).standard_normal((frames, channels)) * level
    return (np.clip(values, -32_000, 32_000).astype(np.int16)) | 1
