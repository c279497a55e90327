"""What a header promises, where the decoders don't tell: they quietly read what is there.

libsndfile reports the frames a cut off WAV still has, not those its header counts; here the header
is read itself, so that a recording that lost its end is named as one.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

UNFINISHED = "its header was never finished (was the recorder stopped hard?); all of it was read"
NO_END = "its end is missing (was it cut off?); what is there was read"

_MAX_CHUNKS = 1000
_PLACEHOLDERS = frozenset({0, 0x7FFFFFFF, 0x7FFFF000, 0x80000000})
_PLACEHOLDERS_FROM = 0xFFFFFF00


@dataclass(frozen=True)
class WavData:
    """The data chunk of a WAV: ``size`` bytes by its header, at ``start``."""

    start: int
    size: int
    bytes_per_frame: int
    unfinished: bool
    """The recorder never came back to write the size."""


def wav_data(path: Path) -> WavData | None:
    """The data chunk of a RIFF or RF64 file as its header tells it; None if there is none."""
    try:
        with path.open("rb") as file:
            length = path.stat().st_size
            magic, riff_size, kind = struct.unpack("<4sI4s", file.read(12))
            if magic not in (b"RIFF", b"RF64") or kind != b"WAVE":
                return None
            long_size = bytes_per_frame = 0
            for _ in range(_MAX_CHUNKS):
                name, size = struct.unpack("<4sI", file.read(8))
                start = file.tell()
                if name == b"data":
                    if magic == b"RF64" and size == 0xFFFFFFFF and long_size:
                        return WavData(start, long_size, bytes_per_frame, False)
                    placeholder = size in _PLACEHOLDERS or size >= _PLACEHOLDERS_FROM
                    empty = size == 0 and riff_size + 8 == length
                    unfinished = placeholder and not empty and start + size != length
                    return WavData(start, size, bytes_per_frame, unfinished)
                if name == b"ds64":
                    long_size = struct.unpack("<QQ", file.read(16))[1]
                elif name == b"fmt ":
                    bytes_per_frame = struct.unpack("<12xH", file.read(14))[0]
                file.seek(start + size + size % 2)
    except (struct.error, OSError):
        pass
    return None


def ogg_has_end(path: Path) -> bool:
    """Whether the last Ogg page carries the end-of-stream mark (RFC 3533, section 6)."""
    with path.open("rb") as file:
        file.seek(0, 2)
        file.seek(max(0, file.tell() - (1 << 16)))
        tail = file.read()
    page = tail.rfind(b"OggS\0")
    return page >= 0 and len(tail) > page + 5 and bool(tail[page + 5] & 4)


def mp3_counts_frames(path: Path) -> bool:
    """Whether the first MP3 frame holds a Xing, Info or VBRI tag; without one a length is a guess."""
    with path.open("rb") as file:
        tag = file.read(10)
        if tag[:3] == b"ID3" and len(tag) == 10:
            size = 0
            for byte in tag[6:]:
                size = size << 7 | byte & 0x7F
            file.seek(10 + size)
        else:
            file.seek(0)
        frame = file.read(256)
    return any(name in frame for name in (b"Xing", b"Info", b"VBRI"))
