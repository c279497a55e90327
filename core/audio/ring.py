"""Where the sound card leaves its blocks: a ring of fixed size between two threads.

One thread writes, one reads, and neither waits for the other. The writer is the sound card's: it
copies and counts, nothing else. A block that finds no room is counted, so that the reader knows
how much is missing and where.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple


class RingBlock(NamedTuple):
    """A block as it comes out of the ring.

    Attributes
    ----------
    lost
        Frames that were lost just before it.
    data
        Its frames as bytes.
    at
        When it arrived, on the writer's clock.
    """

    lost: int
    data: bytes
    at: float


class Ring:
    """Room for ``capacity`` frames of ``frame_bytes`` each, taken up at once.

    Attributes
    ----------
    dropped
        Frames for which there was no room, in all.
    """

    def __init__(self, capacity: int, frame_bytes: int) -> None:
        if capacity < 1 or frame_bytes < 1:
            raise ValueError(f"a ring needs room, got {capacity} frames of {frame_bytes} bytes")
        self._bytes = memoryview(bytearray(capacity * frame_bytes))
        self._frame_bytes = frame_bytes
        self._written = 0  # bytes, since the beginning
        self._read = 0
        self._blocks: deque[tuple[int, int, float]] = deque()  # appending is atomic
        self._missing = 0
        self.dropped = 0

    def write(self, data: bytes, lost: int, at: float) -> None:
        """Add a block that came at ``at`` after ``lost`` frames were lost elsewhere."""
        self._missing += lost
        size = len(data)
        if size > len(self._bytes) - (self._written - self._read):
            self._missing += size // self._frame_bytes
            self.dropped += size // self._frame_bytes
            return
        start = self._written % len(self._bytes)
        first = min(size, len(self._bytes) - start)
        self._bytes[start : start + first] = data[:first]
        self._bytes[: size - first] = data[first:]
        self._written += size
        self._blocks.append((self._missing, size, at))
        self._missing = 0

    def read(self) -> list[RingBlock]:
        """Take out all that is there."""
        found: list[RingBlock] = []
        while self._blocks:
            lost, size, at = self._blocks.popleft()
            start = self._read % len(self._bytes)
            first = min(size, len(self._bytes) - start)
            data = bytes(self._bytes[start : start + first]) + bytes(self._bytes[: size - first])
            self._read += size
            found.append(RingBlock(lost, data, at))
        return found
