"""A microphone that hears what a bench gives it, in place of PortAudio's."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.audio.devices import InputDevice

Give = Callable[[int], NDArray[np.int16] | None]
"""Frames wanted -> (n, channels) int16, or None for nothing at this moment."""

_NAP_S = 0.01


class Stream:
    """A running microphone: a thread that calls back as PortAudio's does."""

    def __init__(self, give: Give, real_time: bool, options: Mapping[str, Any]) -> None:
        self._give, self._real_time = give, real_time
        self._rate: int = options["rate"]
        self._block: int = options["frames_per_buffer"]
        self._callback = options["stream_callback"]
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="bench-microphone", daemon=True)
        self.cpu_s = 0.0
        """What the giving took of a processor: it isn't the recording's."""

    def start_stream(self) -> None:
        self._thread.start()

    def is_active(self) -> bool:
        return self._thread.is_alive()

    def stop_stream(self) -> None:
        self._stopping.set()
        self._thread.join()

    def close(self) -> None:
        self._stopping.set()

    def _run(self) -> None:
        began, given = time.monotonic(), 0
        while not self._stopping.is_set():
            due = began + (given + self._block) / self._rate
            if self._real_time and (early := due - time.monotonic()) > 0:
                time.sleep(early)
            frames = self._give(self._block)
            self.cpu_s = time.thread_time()
            if frames is None:
                time.sleep(_NAP_S)
                continue
            times = {"input_buffer_adc_time": 1.0 + given / self._rate}
            self._callback(frames.tobytes(), len(frames), times, 0)
            given += len(frames)


class BenchMicrophone:
    """Something like ``pyaudio.PyAudio()`` with one input.

    Parameters
    ----------
    give
        The sound.
    rate, channels
        Of the input.
    real_time
        Whether it speaks as fast as people do, or as fast as it is heard.
    """

    def __init__(self, give: Give, rate: int, channels: int, *, real_time: bool) -> None:
        self.device = InputDevice(0, "bench", "bench", channels, rate)
        self._give, self._real_time = give, real_time
        self._stream: Stream | None = None

    def __call__(self) -> BenchMicrophone:
        return self

    @property
    def cpu_s(self) -> float:
        return self._stream.cpu_s if self._stream else 0.0

    def open(self, **options: Any) -> Stream:
        self._stream = Stream(self._give, self._real_time, options)
        return self._stream

    def terminate(self) -> None: ...
