"""The WAV file of a recording: right on disk at every moment, and repaired where it isn't.

The header has a fixed length and says after every write how much there is. A ``JUNK`` chunk keeps
the place of the ``ds64`` chunk that the file needs beyond 4 GB, when it becomes an RF64 (EBU
Tech 3306); a ``LIST`` chunk names the program, which also tells our files from others'.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from core.audio.source import MAX_CHANNELS, MAX_RATE, Block
from core.errors import InputError

_SOFTWARE = b"Voicelanes\0\0"
_CALL = b"ISBJ" + struct.pack("<I", 6) + b"call\0\0"
"""The subject of a call: whose channels they are need not be found out."""
_BIG = 0xFFFFFFFF
_PCM, _EXTENSIBLE = 1, 0xFFFE
_PCM_GUID = bytes.fromhex("0100000000001000800000aa00389b71")

WIDTH = 2
"""Bytes of a value: 16-bit PCM."""


def as_floats(frames: NDArray[np.int16]) -> Block:
    """(n, channels) int16 as reading the file gives them: float32, -1..1."""
    return frames.astype(np.float32) / np.float32(32768)


@dataclass(frozen=True)
class Layout:
    """What the header of one of our recordings says.

    Parameters
    ----------
    rate, channels
        Hz, and the count of channels.
    call
        Whether the channels are the sides of a call: the microphone's, and the computer's.
    """

    rate: int
    channels: int
    call: bool = False

    @property
    def frame_bytes(self) -> int:
        return WIDTH * self.channels

    @property
    def _told(self) -> bytes:
        """The chunk that names the program."""
        told = b"INFOISFT" + struct.pack("<I", len(_SOFTWARE)) + _SOFTWARE + _CALL * self.call
        return b"LIST" + struct.pack("<I", len(told)) + told

    @property
    def data_start(self) -> int:
        """Where the samples begin in the file."""
        return len(self.header(0))

    def header(self, frames: int) -> bytes:
        """The whole header of a file with this many frames; its length is always the same."""
        kind = _PCM if self.channels <= 2 else _EXTENSIBLE
        per_second = self.rate * self.frame_bytes
        fmt = struct.pack(
            "<HHIIHH", kind, self.channels, self.rate, per_second, self.frame_bytes, 8 * WIDTH
        )
        if kind == _EXTENSIBLE:
            fmt += struct.pack("<HHI", 22, 8 * WIDTH, 0) + _PCM_GUID
        size = frames * self.frame_bytes
        middle = b"fmt " + struct.pack("<I", len(fmt)) + fmt + self._told
        riff = 4 + 36 + len(middle) + 8 + size
        if riff < _BIG:
            first = struct.pack("<4sI4s4sI28x", b"RIFF", riff, b"WAVE", b"JUNK", 28)
            return first + middle + struct.pack("<4sI", b"data", size)
        first = struct.pack("<4sI4s4sI", b"RF64", _BIG, b"WAVE", b"ds64", 28)
        first += struct.pack("<QQQI", riff, size, frames, 0)
        return first + middle + struct.pack("<4sI", b"data", _BIG)


@dataclass(frozen=True)
class RecordedFile:
    """One of our recordings as it lies on the disk.

    Parameters
    ----------
    layout
        Rate and channels.
    promised
        Frames by the header.
    frames
        Whole frames that are there.
    size
        Bytes of the file.
    """

    layout: Layout
    promised: int
    frames: int
    size: int

    @property
    def healthy(self) -> bool:
        return (
            self.promised == self.frames
            and self.size == self.layout.data_start + self.frames * self.layout.frame_bytes
        )


def look_at(path: Path) -> RecordedFile | None:
    """What is known of one of our recordings; None for every other file.

    A file is ours only if its header is, byte for byte, the one that a :class:`Layout` writes for
    the count of frames in it. Raises OSError if the file can't be read.
    """
    with path.open("rb") as file:
        head = file.read(256)
        size = os.fstat(file.fileno()).st_size
    layout = _layout(head)
    if layout is None:
        return None
    start = layout.data_start
    if head[:4] == b"RF64":
        (data,) = struct.unpack_from("<Q", head, 28)
    else:
        (data,) = struct.unpack_from("<I", head, start - 4)
    promised = data // layout.frame_bytes
    if head[:start] != layout.header(promised):
        return None
    return RecordedFile(layout, promised, (size - start) // layout.frame_bytes, size)


def is_call(path: Path) -> bool:
    """Whether a file is a call of which this program recorded both sides."""
    try:
        found = look_at(path)
    except OSError:
        return False
    return found is not None and found.layout.call


def _layout(head: bytes) -> Layout | None:
    if len(head) < 48 + 24 or head[:4] not in (b"RIFF", b"RF64") or head[48:52] != b"fmt ":
        return None
    channels, rate = struct.unpack_from("<HI", head, 58)
    if not (1 <= channels <= MAX_CHANNELS and 1 <= rate <= MAX_RATE):
        return None
    layout = Layout(rate, channels, call=_CALL in head)
    return layout if len(head) >= layout.data_start else None


def repair(path: Path) -> bool:
    """Make the header of an interrupted recording tell what is there.

    Only files that this program wrote and could not finish are touched, and of them only the
    header and what remains of a frame that was cut in two.

    Returns
    -------
    bool
        Whether there was something to mend.

    Raises
    ------
    InputError
        If the file isn't a recording of this program, or can't be read or written.
    """
    try:
        found = look_at(path)
        if found is None:
            raise InputError(f"{path.name}: this isn't an interrupted recording; it was left alone")
        if found.healthy:
            return False
        with path.open("r+b") as file:
            file.truncate(found.layout.data_start + found.frames * found.layout.frame_bytes)
            file.write(found.layout.header(found.frames))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        from core.atomic import why_not

        raise InputError(f"{path.name}: can't be repaired: {why_not(error)}") from error
    return True


class WavWriter:
    """Writes one recording; after every :meth:`write` the file is complete.

    Raises OSError like the system does; frames that reached the file are then still counted, and
    the header is made to tell them by :meth:`close`.
    """

    def __init__(self, path: Path, layout: Layout) -> None:
        self.layout = layout
        self.frames = 0
        """Whole frames in the file."""
        self._start = layout.data_start
        # Unbuffered: what is written is the system's, whatever happens to this process.
        self._file: BinaryIO = path.open("xb", buffering=0)
        try:
            self._put(0, layout.header(0))
        except OSError:
            self._file.close()
            path.unlink()
            raise

    def write(self, data: bytes) -> None:
        """Append whole frames, then bring the header up to date."""
        at = self._start + self.frames * self.layout.frame_bytes
        done = 0
        try:
            view = memoryview(data)
            self._file.seek(at)
            while done < len(data):
                done += self._file.write(view[done:]) or 0
        finally:
            self.frames += done // self.layout.frame_bytes
        self._put(0, self.layout.header(self.frames))

    def sync(self) -> None:
        """Through to the disk."""
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Complete the file, if the disk lets us, and close it."""
        try:
            self._file.truncate(self._start + self.frames * self.layout.frame_bytes)
            self._put(0, self.layout.header(self.frames))
            self.sync()
        finally:
            self._file.close()

    def _put(self, at: int, data: bytes) -> None:
        self._file.seek(at)
        self._file.write(data)
