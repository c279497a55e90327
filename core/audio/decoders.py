"""Opening a recording: soundfile for what is stored uncompressed, PyAV for everything else.

The content decides, never the file name: a recording with the wrong extension still opens.

Compressed formats go to PyAV even where soundfile knows them (flac, ogg, opus, mp3): around damage
libsndfile stops, or closes the gap so that all that follows is early, and its mpg123 writes to
stderr; FFmpeg goes on and its time stamps tell where the rest belongs. It is faster, too. Only
where the samples have no header at all (raw G.722 and GSM) the name has to tell what they are.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator
from io import FileIO
from os import fspath
from pathlib import Path
from typing import Any

import soundfile

from core.audio import headers
from core.audio.kinds import bare_kind
from core.audio.source import Block, Source, Track, block_frames, check_layout, no_samples, no_track
from core.audio.together.listing import is_together
from core.errors import InputError

_UNCOMPRESSED = (b"RIFF", b"RIFX", b"RF64", b"riff", b"FORM", b".snd", b"caff", b"NIST", b"Crea")
"""First bytes of WAV, RF64, Wave64, AIFF, AU, CAF, NIST Sphere and VOC."""


def open_source(path: Path, track: int | None = None) -> Source:
    """Open a recording, or raise an :class:`InputError` that says why it can't be used.

    ``track`` is the number of the sound track to read where there are several, from 1 on; without
    it, the one that the file asks for, or the first.
    """
    head, size = _first_bytes(path)
    if is_together(path):
        from core.audio.together.source import TogetherSource

        if track not in (None, 1):
            raise no_track(path, track)
        return TogetherSource(path, open_source)
    more = headers.wav_has_more(path) or headers.au_has_more(path)
    odd = head.startswith((b"RIFF", b"RF64")) and not headers.wav_is_plain(path)
    if head.startswith(_UNCOMPRESSED) and not more and not odd:
        source = _by_soundfile(path, headers.aiff_head_of_all(path))
        if source is not None:
            if track not in (None, 1):
                source.close()
                raise no_track(path, track)
            return source
    from core.audio.libav import AvSource  # takes 0.1 s to load, which a plain WAV needn't wait for

    if head.startswith(b"OggS"):
        parts = headers.ogg_links(path)
        if len(parts) > 1:
            from core.audio.chained import ChainedSource

            return ChainedSource(path, parts, track)
    bare = bare_kind(path.name, head, size)
    found = AvSource(path, size, track, bare=bare, whole=more)
    if more:
        found.warnings.append(headers.MORE)
        found.frames = None  # it was the header's word
    return found


def _first_bytes(path: Path) -> tuple[bytes, int]:
    """First bytes and size of a regular file that can be read."""
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise InputError(f"{path}: this is a folder; give the recordings inside it.")
        if not stat.S_ISREG(status.st_mode):  # opening a pipe would wait for ever
            raise InputError(f"{path}: this is not a file; save the sound to a file first.")
        with path.open("rb") as file:
            head = file.read(16)
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file; check its name and folder.") from None
    except PermissionError:
        raise InputError(f"{path}: no permission to read it; change that or copy it.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{path}: it can't be read ({reason}); try with a copy of it.") from error
    if not head:
        raise InputError(f"{path.name}: the file is empty (0 bytes); record or copy it again.")
    return head, status.st_size


class _WithHead(FileIO):
    """A file whose first bytes are taken to be others."""

    def __init__(self, path: Path, head: bytes) -> None:
        super().__init__(path)
        self._head = head

    def read(self, size: int | None = -1, /) -> bytes:
        at = self.tell()
        data = super().read(-1 if size is None else size) or b""
        return self._head[at : at + len(data)] + data[max(0, len(self._head) - at) :]

    def readinto(self, buffer: Any, /) -> int:
        view = memoryview(buffer).cast("B")
        data = self.read(len(view))
        view[: len(data)] = data
        return len(data)


def _by_soundfile(path: Path, head: bytes | None = None) -> SoundFileSource | None:
    """None where PyAV shall try: a codec or a header that soundfile can't make out.

    ``head`` is what takes the place of the file's own header.
    """
    try:
        file = soundfile.SoundFile(fspath(path) if head is None else _WithHead(path, head))
    except (soundfile.SoundFileError, TypeError, ValueError):
        return None  # TypeError: of a name that ends in .raw, soundfile wants to be told the format
    try:
        if file.frames == 0 and not headers.wav_is_unfinished(path):
            raise no_samples(path)
        check_layout(path, file.samplerate, file.channels)
        if file.frames:
            source = SoundFileSource(path, file)
            if head is not None:
                source.warnings.append(headers.MORE)
            return source
    except BaseException:
        file.close()
        raise
    file.close()
    return None


class SoundFileSource:
    """A recording read by libsndfile; see :class:`~core.audio.source.Source`."""

    slack = 0
    tracks: tuple[Track, ...] = ()
    track = 1

    def __init__(self, path: Path, file: soundfile.SoundFile) -> None:
        self._file = file
        self.format = f"{file.format} {file.subtype}"
        self.sample_rate: int = file.samplerate
        self.channels: int = file.channels
        self.frames: int | None = max(file.frames, headers.wav_promised_frames(path) or 0)
        self.promised = True
        self.warnings: list[str] = []
        if headers.wav_is_unfinished(path):
            self.warnings.append(headers.UNFINISHED)

    def blocks(self) -> Iterator[Block]:
        size = block_frames(self.sample_rate, self.channels)
        while True:
            try:
                block: Block = self._file.read(size, dtype="float32", always_2d=True)
            except (soundfile.SoundFileError, OSError):
                self.warnings.append("it is damaged inside; what comes after that was not read")
                return
            if not len(block):
                return
            yield block

    def fraction(self) -> float | None:
        return None

    def close(self) -> None:
        self._file.close()
