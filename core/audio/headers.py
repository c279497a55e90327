"""What a header promises, where the decoders don't tell: they quietly read what is there.

libsndfile reports the frames that a cut off WAV still has, not those its header counts; so the
header is read here, and a recording that lost its end is named as one.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

MORE = "its header counts less than is there (joined or mended files?); all that is there was read"
UNFINISHED = "its header was never completed (a recorder that crashed?); all that is there was read"
NO_END = "its end is missing (cut off?); what is there was read"

_MAX_CHUNKS = 1000
_BIG = 0xFFFFFFFF
_TAIL = 256
"""Bytes behind the samples that may be rubbish: fewer are no sound."""
_AIFF_PLAIN = frozenset({b"NONE", b"twos", b"sowt", b"fl32", b"FL32", b"fl64", b"FL64"})
"""Codecs of AIFF-C whose frames take as many bytes as the header says bits."""
_MPEG = frozenset({0x50, 0x55})
_OGG_HEAD = 27 + 255 + 16
"""Bytes of an Ogg page's longest head, and of what tells a codec."""
_OGG_SOUND = (b"\x01vorbis", b"OpusHead", b"\x7fFLAC", b"Speex   ", b"fLaC")
_PLACEHOLDERS = frozenset({0, 0x7FFFFFFF, 0x7FFFF000, 0x80000000})
_PLACEHOLDERS_FROM = 0xFFFFFF00
"""Sizes that programs write before they know the size; into a pipe they can't come back."""


@dataclass(frozen=True)
class _WavData:
    size: int
    """Bytes of samples, by the header."""
    bytes_per_frame: int
    unfinished: bool
    more: bool
    """Behind the samples that the header counts there is something that is no chunk."""
    codec: int
    """Format tag of what is stored."""


def wav_has_more(path: Path) -> bool:
    """Whether there are more samples than the header counts."""
    data = _wav_data(path)
    return data is not None and data.more


def wav_is_plain(path: Path) -> bool:
    """Whether the chunks of a WAV file can be made out and its samples are no MPEG audio.

    libsndfile takes the others for MP3, and its mpg123 writes to the terminal.
    """
    data = _wav_data(path)
    return data is not None and data.codec not in (0, *_MPEG)


def au_has_more(path: Path) -> bool:
    """Whether an AU file has more samples than its header counts; nothing may follow them."""
    with path.open("rb") as file:
        head = file.read(12)
    if len(head) < 12 or head[:4] != b".snd":
        return False
    start, size = struct.unpack(">II", head[4:])
    return bool(size < _BIG and start + size + 8 < path.stat().st_size)


def aiff_head_of_all(path: Path) -> bytes | None:
    """Of an AIFF or AIFF-C file with more samples than its header counts: that header, up to the
    samples, as it would be if it counted all; None for any other file."""
    length = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(12)
        if len(head) < 12 or head[:4] != b"FORM" or head[8:] not in (b"AIFF", b"AIFC"):
            return None
        common = width = 0
        for _ in range(_MAX_CHUNKS):
            chunk = file.read(8)
            if len(chunk) < 8:
                return None
            size, start = struct.unpack(">I", chunk[4:])[0], file.tell()
            if chunk[:4] == b"SSND":
                break
            if chunk[:4] == b"COMM":
                channels, bits, codec = struct.unpack(">H4xH10x4s", file.read(22).ljust(22, b"\0"))
                plain = head[8:] == b"AIFF" or codec in _AIFF_PLAIN
                common, width = start, channels * ((bits + 7) // 8) if plain else 0
            file.seek(start + size + size % 2)
        else:
            return None
        samples = start + 8  # behind an offset and a block size
        fits = width and samples < length < _BIG
        if not fits or not _more_follows(file, start + size, length, ">4sI"):
            return None
        file.seek(0)
        mended = bytearray(file.read(samples))
    frames = (length - samples) // width
    mended[4:8] = struct.pack(">I", length - 8)
    mended[common + 2 : common + 6] = struct.pack(">I", frames)
    mended[start - 4 : start] = struct.pack(">I", 8 + frames * width)
    return bytes(mended)


def wav_promised_frames(path: Path) -> int | None:
    """Frames by the header of a WAV or RF64 file; None for another file or an unfinished header."""
    data = _wav_data(path)
    if data is None or data.unfinished or data.more or not data.bytes_per_frame:
        return None
    return data.size // data.bytes_per_frame


def wav_is_unfinished(path: Path) -> bool:
    """Whether the size of the samples was never written into the header, but there are some."""
    data = _wav_data(path)
    return data is not None and data.unfinished


def _wav_data(path: Path) -> _WavData | None:
    """Walk the chunks of a RIFF or RF64 file up to the samples."""
    length = path.stat().st_size
    long_size = bytes_per_frame = codec = 0
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
                    codec, bytes_per_frame = struct.unpack("<H10xH", file.read(14))
                file.seek(start + size + size % 2)
            else:
                return None
        except struct.error:
            return None
        if magic == b"RF64" and long_size:
            more = _more_follows(file, start + long_size, length)
            return _WavData(long_size, bytes_per_frame, False, more, codec)
        more = _more_follows(file, start + size, length)
    placeholder = size in _PLACEHOLDERS or size >= _PLACEHOLDERS_FROM
    complete = start + size == length or riff_size + 8 == length
    unfinished = placeholder and not complete and start < length
    return _WavData(size, bytes_per_frame, unfinished, more and not unfinished, codec)


def _more_follows(file: BinaryIO, end: int, length: int, head: str = "<4sI") -> bool:
    """Whether what follows the samples is no chunks (whose heads are packed like that), and long
    enough to be samples."""
    if length - end < _TAIL:
        return False
    for start in (end, end + 1):  # not every program fills up to an even number
        at = start
        while at + 8 <= length:
            file.seek(at)
            name, size = struct.unpack(head, file.read(8))
            if not all(32 <= byte < 127 for byte in name) or at + 8 + size > length:
                break
            at += 8 + size + size % 2
        if at > start and length - at < _TAIL:
            return False
    return True


def ogg_links(path: Path) -> list[tuple[int, int]]:
    """Bytes from and to of the recordings that a chained Ogg file is made of (RFC 3533, section 4).

    Radio stations send such files. One part where nothing is chained, or there is no Ogg page.
    """
    length = path.stat().st_size
    begins = [0]
    at, head_over = 0, False
    with path.open("rb") as file:
        while at < length:
            file.seek(at)
            page = file.read(_OGG_HEAD)
            if page[:5] != b"OggS\0" or len(page) < 27:
                step = page.find(b"OggS\0", 1)
                at += step if step > 0 else max(1, len(page) - 4)
                continue
            begins_here, count = bool(page[5] & 2), page[26]
            if begins_here and head_over and page[27 + count :].startswith(_OGG_SOUND):
                begins.append(at)
            head_over = not begins_here
            at += 27 + count + sum(page[27 : 27 + count])
    return list(zip(begins, [*begins[1:], length], strict=True))


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
