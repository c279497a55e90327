"""The sound card's side of playback: a PyAudio stream, and how much of it has been heard."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.audio.outputs import outputs
from core.audio.portaudio import CONTINUE, INT16, Backend, abandon, portaudio, terminate
from core.units import SAMPLE_RATE

BLOCK_S = 0.03
"""Seconds of sound per callback."""
STALLED_S = 1.0
"""A running stream that has not asked for sound for so long is gone. No error would tell."""
STARTING_S = 5.0
"""The same for the first blocks: a sound server may take them and then need seconds to wake up."""
AWAKE_S = 0.5
"""After so much sound the device is awake."""

NO_DEVICE = "no sound output was found: connect loudspeakers or headphones, then play again"
VANISHED = "the sound output is gone: check loudspeakers or headphones, then play again"


class Output:
    """Plays what ``pull`` gives, through an output device, from a thread of its own.

    Opening a device takes up to a second and a device that went away blocks whoever stops it; so
    both happen in the thread, and a stalled stream is abandoned.

    Parameters
    ----------
    pull
        ``pull(n) -> int16 (n,)`` at 16 kHz, called from the sound card's thread.
    failed
        Called with the output and one line, from the thread, if the device can't be opened.
    device
        The key of an output of :mod:`core.audio.outputs`; empty for the system's. The system's is
        used, too, if this one is gone or can't be opened.
    replaced
        Called with the output, from the thread, if that is so.
    """

    def __init__(
        self,
        pull: Callable[[int], NDArray[np.int16]],
        failed: Callable[[Output, str], None],
        backend: Callable[[], Backend] = portaudio,
        device: str = "",
        replaced: Callable[[Output], None] = lambda _output: None,
    ) -> None:
        self._pull = pull
        self._device, self._replaced = device, replaced
        self._failed = failed
        self._backend = backend
        self._closing = threading.Event()
        self._stream: Any = None
        self._rate = SAMPLE_RATE
        self._channels = 1
        self._resample: Callable[[NDArray[np.int16]], NDArray[np.int16]] | None = None
        self._spare: NDArray[np.int16] = np.zeros(0, np.int16)
        self._frames = 0
        self._block = (0.0, 0, 0)  # the last one: when it leaves, frames before it, its frames
        self._heard = 0.0
        self._asked = time.monotonic()
        self._limit = STARTING_S
        self._thread = threading.Thread(target=self._run, name="player-output", daemon=True)
        self._thread.start()

    def heard(self) -> float:
        """Samples of what was pulled that have left the sound card by now. Never decreases."""
        stream = self._stream
        if stream is None:
            return self._heard
        try:
            now = stream.get_time()
        except OSError:  # being closed
            return self._heard
        leaves, before, count = self._block
        frames = min(before + (now - leaves) * self._rate, before + count)
        self._heard = max(self._heard, frames * SAMPLE_RATE / self._rate)
        return self._heard

    @property
    def stalled(self) -> bool:
        """Whether the device has stopped asking for sound."""
        return time.monotonic() - self._asked > self._limit

    def close(self, wait: bool = False) -> None:
        """Let go of the device. A stalled one is abandoned: stopping it would never return."""
        self._closing.set()
        if wait and not self.stalled:
            self._thread.join(STARTING_S)

    # In the output's thread

    def _run(self) -> None:
        backend: Backend | None = None
        try:
            backend = self._backend()
            stream = self._open(backend)
            self._asked = time.monotonic()
            self._stream = stream
            stream.start_stream()
        except OSError as error:
            self._stream = None
            self._failed(self, f"{NO_DEVICE} ({error})")
            if backend is not None:
                terminate(backend)
            return
        self._closing.wait()
        self._stream = None
        if self.stalled:
            abandon(stream, backend)
            return
        with suppress(OSError):  # it may have gone in this moment
            stream.close()  # drops what is buffered; stop_stream would wait for it to be played
        terminate(backend)

    def _open(self, backend: Backend) -> Any:
        """The chosen device, else the system's."""
        if self._device:
            chosen = next((d for d in outputs(backend) if d.key == self._device), None)
            if chosen is not None:
                with suppress(OSError, ValueError):
                    return self._open_at(backend, chosen.rate, chosen.index)
        device = backend.get_default_output_device_info()
        stream = self._open_at(backend, int(device["defaultSampleRate"]))
        if self._device:
            self._replaced(self)
        return stream

    def _open_at(self, backend: Backend, own_rate: int, index: int | None = None) -> Any:
        """At 16 kHz mono if the device takes it, else as the device likes it best."""
        ways = [(SAMPLE_RATE, 1), (own_rate, 1), (own_rate, 2)]
        for n, (rate, channels) in enumerate(ways):
            self._set_format(rate, channels)
            try:
                return backend.open(
                    rate=rate,
                    channels=channels,
                    format=INT16,
                    output=True,
                    output_device_index=index,
                    frames_per_buffer=round(rate * BLOCK_S),
                    stream_callback=self._callback,
                    start=False,
                )
            except (OSError, ValueError):
                if n == len(ways) - 1:
                    raise
        raise AssertionError("unreachable")

    def _set_format(self, rate: int, channels: int) -> None:
        self._rate, self._channels, self._resample = rate, channels, None
        if rate != SAMPLE_RATE:
            import soxr

            stream = soxr.ResampleStream(SAMPLE_RATE, rate, 1, dtype="int16", quality="MQ")
            self._resample = stream.resample_chunk

    # In the sound card's thread

    def _callback(
        self, _data: object, count: int, times: Mapping[str, float], _status: int
    ) -> tuple[bytes, int]:
        self._asked = time.monotonic()
        self._block = (self._leaves_at(times), self._frames, count)
        self._frames += count
        if self._frames > self._rate * AWAKE_S:
            self._limit = STALLED_S
        sound = self._produce(count)
        if self._channels > 1:
            sound = np.repeat(sound, self._channels)
        return sound.tobytes(), CONTINUE

    def _produce(self, count: int) -> NDArray[np.int16]:
        if self._resample is None:
            return self._pull(count)
        parts: list[NDArray[np.int16]] = [self._spare]
        have = len(self._spare)
        while have < count:
            want = -(-(count - have) * SAMPLE_RATE // self._rate)
            part = self._resample(self._pull(max(want, 16)))
            parts.append(part)
            have += len(part)
        joined = np.concatenate(parts)
        self._spare = joined[count:]
        return joined[:count]

    def _leaves_at(self, times: Mapping[str, float]) -> float:
        """When the first frame of this block leaves the sound card, on the stream's clock."""
        stream = self._stream
        now = float(stream.get_time()) if stream is not None else times["current_time"]
        ahead = times["output_buffer_dac_time"] - times["current_time"]
        if not 0 < ahead < STARTING_S:  # some drivers fill in nothing
            ahead = stream.get_output_latency() if stream is not None else 0.0
        return now + ahead
