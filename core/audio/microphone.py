"""The microphone: a PyAudio stream that fills a ring, and a watch over whether it still does.

A microphone that goes away raises no error: its callbacks stop, ``is_active()`` stays true,
``stop_stream()`` hangs and closing from another thread aborts the process. So everything that
touches the stream happens in one thread of its own, the age of the last callback tells whether it
lives, and a stalled stream is abandoned, never waited for.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.audio.devices import InputDevice, chosen_source
from core.audio.portaudio import (
    CONTINUE,
    INPUT_OVERFLOW,
    INT16,
    Streams,
    abandon,
    portaudio,
    terminate,
)
from core.audio.ring import Ring
from core.errors import InputError

Frames = NDArray[np.int16]
"""(n, channels) int16, as recorded."""

BLOCK_S = 0.02
STALLED_S = 1.5
"""A running stream that has given nothing for so long is gone."""
STARTING_S = 5.0
"""The same for its first block: a sound server may need seconds to wake a device up."""
_PAUSE_S = 0.1
"""A shorter one between two blocks is the system's, nothing is missing."""
RING_S = 20.0
"""So long the disk may be busy before sound is lost."""
_RING_BYTES = 64 << 20
_RATES = (48_000, 44_100, 32_000, 16_000, 8_000)


class Piece(NamedTuple):
    """What came since the last look.

    Attributes
    ----------
    lost
        Frames that were lost just before.
    frames
        (n, channels) int16.
    at
        ``time.monotonic()`` when the last of them arrived.
    """

    lost: int
    frames: Frames
    at: float


class Microphone:
    """Opens an input at once, in a thread of its own, and collects what it gives.

    ``rate`` and ``channels`` are those of the device, or the nearest that it accepts; they are
    final once ``opened`` is set. A failure to open is in ``error``.

    Parameters
    ----------
    device
        The input; its ``rate`` and ``channels`` are tried first.
    backend
        Makes something like ``pyaudio.PyAudio()``.
    clock
        Seconds that only go forward.
    """

    def __init__(
        self,
        device: InputDevice,
        backend: Callable[[], Streams] = portaudio,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.device = device
        self.rate, self.channels = device.rate, device.channels
        self.opened = threading.Event()
        """Set once it is known whether the device could be opened."""
        self.error: InputError | None = None
        self.blocks = 0
        self.overflows = 0
        """How often the sound card said that sound was lost."""
        self._backend = backend
        self._clock = clock
        self._ring: Ring | None = None
        self._last = clock()
        self._ended = -1.0  # sound card's time of the end of the last block
        self._awake = False
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="microphone", daemon=True)
        self._thread.start()

    @property
    def age(self) -> float:
        """Seconds since it gave sound, or since it was opened."""
        return self._clock() - self._last

    @property
    def gone(self) -> bool:
        """Whether it has stopped giving sound."""
        if self._awake and self.device.sleeps:
            return False
        return self.age > (STALLED_S if self._awake else STARTING_S)

    def wait_for_another(self) -> None:
        """The sound server has put another device behind the stream: it may have to wake up."""
        self._awake = False

    @property
    def dropped(self) -> int:
        """Frames for which the ring had no room."""
        return self._ring.dropped if self._ring else 0

    def read(self) -> list[Piece]:
        """Take what has arrived; neighbours without a loss between them come as one piece."""
        if self._ring is None:
            return []
        pieces: list[Piece] = []
        parts: list[bytes] = []
        lost, at = 0, 0.0
        for block in self._ring.read():
            if block.lost and parts:
                pieces.append(Piece(lost, self._frames(parts), at))
                parts = []
            if not parts:
                lost = block.lost
            parts.append(block.data)
            at = block.at
        if parts:
            pieces.append(Piece(lost, self._frames(parts), at))
        return pieces

    def close(self, wait_s: float = STARTING_S) -> None:
        """Let go of the device. One that stalled is abandoned: stopping it would never return."""
        self._closing.set()
        if not (self.opened.is_set() and self.gone):
            self._thread.join(wait_s)

    def _frames(self, parts: list[bytes]) -> Frames:
        return np.frombuffer(b"".join(parts), "<i2").reshape(-1, self.channels)

    # In the microphone's thread

    def _run(self) -> None:
        backend: Streams | None = None
        stream: Any = None
        try:
            backend = self._backend()
            stream = self._open(backend)
            self._last = self._clock()
            stream.start_stream()
        except (ImportError, OSError, ValueError) as error:
            self.error = InputError(
                f"{self.device.name} can't be opened ({_reason(error)}): choose another input, or"
                " close the program that uses it"
            )
            self.opened.set()
            if stream is not None:
                with suppress(OSError):
                    stream.close()
            if backend is not None:
                terminate(backend)
            return
        self.opened.set()
        self._closing.wait()
        if self.gone and _may_hang(stream):
            abandon(stream, backend)
            return
        with suppress(OSError):  # it may have gone in this moment
            stream.stop_stream()
        with suppress(OSError):
            stream.close()
        terminate(backend)

    def _open(self, backend: Streams) -> Any:
        problem: Exception = OSError("no rate and number of channels that it accepts")
        for rate, channels in self._ways():
            self.rate, self.channels = rate, channels
            capacity = min(round(rate * RING_S), _RING_BYTES // (2 * channels))
            self._ring = Ring(capacity, 2 * channels)
            try:
                with chosen_source(self.device):
                    return backend.open(
                        rate=rate,
                        channels=channels,
                        format=INT16,
                        input=True,
                        input_device_index=self.device.index,
                        frames_per_buffer=max(1, round(rate * BLOCK_S)),
                        stream_callback=self._callback,
                        start=False,
                    )
            except (OSError, ValueError) as error:
                problem = error
        raise problem

    def _ways(self) -> Iterator[tuple[int, int]]:
        """As the device says first; then other counts of channels, then other rates."""
        own = self.device
        counts = list(dict.fromkeys([own.channels, *(n for n in (2, 1) if n < own.channels)]))
        for rate in dict.fromkeys([own.rate, *_RATES]):
            for channels in counts:
                yield rate, channels

    # In the sound card's thread

    def _callback(
        self, data: bytes, count: int, times: Mapping[str, float], status: int
    ) -> tuple[None, int]:
        now = self._clock()
        lost = 0
        began = times.get("input_buffer_adc_time", 0.0)
        if status & INPUT_OVERFLOW:
            self.overflows += 1
            lost = self._lost(began, now, count)
        elif self.blocks and not self._awake:  # another device gave nothing yet
            waited = now - self._last - count / self.rate
            lost = round(waited * self.rate) if waited > _PAUSE_S else 0
        self._last, self._ended = now, began + count / self.rate
        self.blocks += 1
        self._awake = True
        if self._ring is not None:
            self._ring.write(data, lost, now)
        return None, CONTINUE

    def _lost(self, began: float, now: float, count: int) -> int:
        """Frames that an overflow cost, as far as the clocks tell."""
        if not self.blocks:
            return 0
        waited = now - self._last
        gap = began - self._ended if began > 0 and self._ended > 0 else waited - count / self.rate
        # A driver's idea of time can be anything; what didn't pass on our clock wasn't lost.
        return max(0, round(min(gap, waited + RING_S) * self.rate))


def _may_hang(stream: Any) -> bool:
    """Whether a stalled stream is still active: waiting for it would take for ever. One that
    ended by itself is closed at once, and PortAudio can then look for devices again."""
    try:
        return bool(stream.is_active())
    except OSError:
        return False


def _reason(error: Exception) -> str:
    """PyAudio puts PortAudio's words and number into the arguments, in either order."""
    words = [str(part) for part in error.args if isinstance(part, str)]
    return words[0] if words else str(error) or type(error).__name__
