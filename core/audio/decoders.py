"""From a file to blocks of samples as they are stored: soundfile for the formats it knows, PyAV else.

The content decides, never the file name: a recording renamed to the wrong extension still opens.
Both decoders are a :class:`Source`; :mod:`core.audio.read` makes 16 kHz mono of what they give.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from . import headers

Block = NDArray[np.float32]

MIN_RATE, MAX_RATE = 2_000, 768_000
"""Sample rates outside are a damaged header; resampling them would cost unbounded time."""

BLOCK_VALUES = 1 << 20
"""At most so many values (frames times channels) are decoded at once: 4 MiB."""

_SOUNDFILE_MAGIC = (
    *(b"RIFF", b"RIFX", b"RF64", b"riff", b"fLaC", b"OggS", b"FORM", b".snd", b"caff"),
    *(b"NIST", b"Crea"),
)
"""First bytes of what soundfile reads well. MP3 is left to PyAV: libsndfile's mpg123 writes its
complaints straight to stderr and gives up 1 KiB after a damaged frame."""


class Source(Protocol):
    """An open recording, read once from start to end."""

    format: str
    sample_rate: int
    channels: int
    frames: int | None
    """How many frames the file says it has; may be an estimate, or more than there are."""
    promised: bool
    """Whether ``frames`` is the file's own word, so that fewer frames mean a cut off file."""
    warnings: list[str]

    def blocks(self) -> Iterator[Block]:
        """Float32 ``(n, channels)``, n > 0, until the sound ends. Raises nothing but InputError."""

    def fraction(self) -> float | None:
        """How far reading has come, 0..1, where that is known without ``frames``."""

    def close(self) -> None: ...


def open_source(path: Path) -> Source:
    """Open a recording, or raise an :class:`InputError` that says why it can't be used."""
    head, size = _first_bytes(path)
    if head.startswith(_SOUNDFILE_MAGIC):
        source = _open_soundfile(path, size)
        if source is not None:
            return source
    from .libav import AvSource  # PyAV takes 0.1 s to load; wav and flac do without

    return AvSource(path, size, head)


def check_layout(path: Path, sample_rate: int, channels: int) -> None:
    """Raise an InputError where rate or channel count can only be a damaged header."""
    if not MIN_RATE <= sample_rate <= MAX_RATE:
        raise InputError(
            f"{path.name}: its header says {sample_rate} Hz, which can't be right;"
            f" {MIN_RATE} to {MAX_RATE} Hz can be read. Export it again from its source."
        )
    if not 1 <= channels <= 1024:
        raise InputError(
            f"{path.name}: its header says {channels} channels, which can't be right."
            " Export it again from its source."
        )


def _first_bytes(path: Path) -> tuple[bytes, int]:
    """First 64 bytes and the size of a regular file that can be read."""
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise InputError(f"{path}: this is a folder; give the recordings inside it.")
        if not stat.S_ISREG(status.st_mode):
            raise InputError(f"{path}: this is not a file; save the sound to a file first.")
        with path.open("rb") as file:
            head = file.read(64)
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file; check the name and folder.") from None
    except PermissionError:
        raise InputError(
            f"{path}: no permission to read it; change its permissions or copy it."
        ) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(
            f"{path}: it can't be read ({reason}); copy it to this computer and try again."
        ) from error
    if not head:
        raise InputError(f"{path.name}: the file is empty (0 bytes); record or copy it again.")
    return head, status.st_size


def _open_soundfile(path: Path, size: int) -> Source | None:
    """None where PyAV should try: soundfile doesn't know the codec or sees no sample."""
    import soundfile

    try:
        file = soundfile.SoundFile(os.fspath(path))
    except (soundfile.SoundFileError, TypeError, UnicodeError, OSError):
        return None  # TypeError: the name ends in .raw, where soundfile asks for the format
    if file.frames == 0:
        file.close()
        return None
    try:
        check_layout(path, file.samplerate, file.channels)
        return SoundFileSource(path, file, size)
    except InputError:
        file.close()
        raise


class SoundFileSource:
    """Reads by libsndfile; hands over to PyAV at the first damage, which skips it and goes on."""

    def __init__(self, path: Path, file: soundfile.SoundFile, size: int) -> None:  # noqa: F821
        self._path, self._file, self._size = path, file, size
        self._rest: Source | None = None
        self.format = f"{file.format} {file.subtype}"
        self.sample_rate: int = file.samplerate
        self.channels: int = file.channels
        self.warnings: list[str] = []
        self.frames: int | None = file.frames
        self.promised = True
        if file.format in ("WAV", "WAVEX", "RF64"):
            layout = headers.wav_data(path)
            if layout is not None and layout.unfinished:
                self.warnings.append(headers.UNFINISHED)
            elif layout is not None and layout.bytes_per_frame:
                self.frames = max(file.frames, layout.size // layout.bytes_per_frame)
        elif file.format == "OGG" and not headers.ogg_has_end(path):
            self.warnings.append(headers.NO_END)

    def blocks(self) -> Iterator[Block]:
        import soundfile

        count = min(self.sample_rate, max(1, BLOCK_VALUES // self.channels))
        done = 0
        while True:
            try:
                block = self._file.read(count, dtype="float32", always_2d=True)
            except (soundfile.SoundFileError, OSError):
                break
            if not len(block):
                return
            done += len(block)
            yield block
        yield from self._after_damage(done)

    def _after_damage(self, done: int) -> Iterator[Block]:
        """The frames from ``done`` on, by PyAV."""
        from .libav import AvSource

        self._file.close()
        try:
            self._rest = AvSource(self._path, self._size, b"")
        except InputError:
            self.warnings.append(f"damaged at {done / self.sample_rate:.1f} s, read up to there")
            return
        if (self._rest.sample_rate, self._rest.channels) != (self.sample_rate, self.channels):
            self.warnings.append(f"damaged at {done / self.sample_rate:.1f} s, read up to there")
            return
        skip = done
        for block in self._rest.blocks():
            if skip < len(block):
                yield block[skip:]
            skip = max(0, skip - len(block))
        self.warnings += self._rest.warnings

    def fraction(self) -> float | None:
        return None

    def close(self) -> None:
        self._file.close()
        if self._rest is not None:
            self._rest.close()
