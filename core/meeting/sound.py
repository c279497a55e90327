"""Which recording a meeting belongs to, and where that recording is now."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from core.atomic import why_not
from core.errors import Cancelled, InputError
from core.folders import APPLE_DOUBLE

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class AudioFile:
    """A recording as a file: where it was, its bytes, and their SHA-256 (empty if not known)."""

    path: Path
    size: int
    sha256: str = ""

    @classmethod
    def at(cls, path: Path) -> AudioFile:
        """The file at a path, not yet hashed; ``InputError`` if it isn't there."""
        try:
            return cls(path.absolute(), path.stat().st_size)
        except OSError as error:
            raise InputError(f"can't read {path}: {why_not(error)}") from error

    def same_as(self, other: AudioFile) -> bool:
        """Whether both have the same bytes, as far as is known of both."""
        known = self.sha256 and other.sha256
        return self.size == other.size and (not known or self.sha256 == other.sha256)


def hashed(path: Path, cancelled: Callable[[], bool] = lambda: False) -> AudioFile:
    """The file with its SHA-256: reads all of it, a gigabyte in a few seconds.

    Raises
    ------
    InputError
        If it can't be read.
    Cancelled
        If ``cancelled`` said so.
    """
    digest = hashlib.sha256()
    size = 0
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                if cancelled():
                    raise Cancelled("stopped")
                digest.update(block)
                size += len(block)
    except OSError as error:
        raise InputError(f"can't read {path}: {why_not(error)}") from error
    return AudioFile(path.absolute(), size, digest.hexdigest())


def find(audio: AudioFile, places: Iterable[Path], folders: Iterable[Path]) -> Path | None:
    """Where a recording is now, or None.

    Parameters
    ----------
    audio
        What is looked for.
    places
        Files that may be it, the likeliest first: one of the right size is taken.
    folders
        Where it may have been moved to, under another name too: there it needs the right hash, or
        without a known hash the old name.
    """
    for place in places:
        if _size(place) == audio.size:
            return place
    named: list[Path] = []
    others: list[Path] = []
    for folder in dict.fromkeys(folders):
        for entry in _files(folder):
            if _size(entry) == audio.size:
                (named if entry.name == audio.path.name else others).append(entry)
    for entry in (*named, *others):
        if audio.sha256 and _has_hash(entry, audio.sha256):
            return entry
    return named[0] if named and not audio.sha256 else None


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size if path.is_file() else None
    except (OSError, ValueError):  # ValueError: a NUL in the name
        return None


def _files(folder: Path) -> list[Path]:
    try:
        with os.scandir(folder) as entries:
            names = [entry.path for entry in entries if not entry.name.startswith(APPLE_DOUBLE)]
            return sorted(map(Path, names))
    except (OSError, ValueError):
        return []


def _has_hash(path: Path, sha256: str) -> bool:
    try:
        return hashed(path).sha256 == sha256
    except InputError:
        return False
