"""What a header promises, where the decoders don't tell: they quietly read what is there.

libsndfile reports the frames that a cut off WAV still has, not those its header counts; so the
header is read here, and a recording that lost its end is named as one.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

UNFINISHED = "its header was never completed (a recorder that crashed?); all that is there was read"
NO_END = "its end is missing (cut off?); what is there was read"

_MAX_CHUNKS = 1000
_PLACEHOLDERS = frozenset({0, 0x7FFFFFFF, 0x7FFFF000, 0x80000000})
_PLACEHOLDERS_FROM = 0xFFFFFF00
"""Sizes that programs write before they know the size; into a pipe they can't come back."""


@dataclass(frozen=True)
class _WavData:
    size: int
    """Bytes of samples, by the header."""
    bytes_per_frame: int
    unfinished: bool


def wav_promised_frames(path: Path) -> int | None:
    """Frames by the header of a WAV or RF64 file; None for another file or an unfinished header."""
    data = _wav_data(path)
    if data is None or data.unfinished or not data.bytes_per_frame:
        return None
    return data.size // data.bytes_per_frame


def wav_is_unfinished(path: Path) -> bool:
    """Whether the size of the samples was never written into the header, but there are some."""
    data = _wav_data(path)
    return data is not None and data.unfinished


def _wav_data(path: Path) -> _WavData | None:
    """Walk the chunks of a RIFF or RF64 file up to the samples."""
    length = path.stat().st_size
    long_size = bytes_per_frame = 0
    with path.open("rb") as file:
        try:
            magic, riff_size, kind = struct.unpack("<4sI4s", file.read(12))
            if magic not in (b"RIFF", b"RF64") or kind != b"WAVE":
                return None
            for _ in range(_MAX_CHUNKS):
                name, size = struct.unpack("<4sI", file.read(8))
                start = file.tell()
                if name == b"data":
                    break
                if name == b"ds64":
                    long_size = struct.unpack("<8xQ", file.read(16))[0]
                elif name == b"fmt ":
                    bytes_per_frame = struct.unpack("<12xH", file.read(14))[0]
                file.seek(start + size + size % 2)
            else:
                return None
        except struct.error:
            return None
    if magic == b"RF64" and long_size:
        return _WavData(long_size, bytes_per_frame, False)
    placeholder = size in _PLACEHOLDERS or size >= _PLACEHOLDERS_FROM
    complete = start + size == length or riff_size + 8 == length
    return _WavData(size, bytes_per_frame, placeholder and not complete and start < length)


def ogg_has_end(path: Path) -> bool:
    """Whether the last Ogg page carries the end-of-stream mark (RFC 3533, section 6)."""
    with path.open("rb") as file:
        file.seek(0, 2)
        file.seek(max(0, file.tell() - (1 << 16)))  # a page has at most 65307 bytes
        tail = file.read()
    page = tail.rfind(b"OggS\0")
    return page >= 0 and len(tail) > page + 5 and bool(tail[page + 5] & 4)


def mp3_counts_frames(path: Path) -> bool:
    """Whether the first MP3 frame holds a Xing, Info or VBRI tag; else any length is a guess."""
    with path.open("rb") as file:
        tag = file.read(10)
        start = 0
        if tag.startswith(b"ID3") and len(tag) == 10:
            start = 10 + sum((byte & 0x7F) << 7 * place for place, byte in enumerate(tag[:5:-1]))
        file.seek(start)
        frame = file.read(256)
    return any(name in frame for name in (b"Xing", b"Info", b"VBRI"))
