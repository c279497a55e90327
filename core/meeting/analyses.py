"""Finished analyses, kept so that a recording that was opened before is there at once.

Each is a meeting file of its owner's alone in the platform's cache folder, found by the bytes of
the recording, the models and the settings; the oldest go when there is too much.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import platformdirs

from core.errors import InputError
from core.folders import private_folder
from core.meeting.file import Meeting, ModelIdentity, read_meeting, write_meeting
from core.meeting.names import SUFFIX, kept_path, remove
from core.meeting.sound import hashed

MOST_BYTES = 500 << 20
"""On disk in all: some 300 hours."""


@dataclass(frozen=True)
class KeptAnalysis:
    """One that is kept.

    Parameters
    ----------
    name
        Of the recording.
    at
        When it was used last, in seconds since 1970.
    size
        In bytes.
    """

    path: Path
    name: str
    at: float
    size: int


class KeptAnalyses:
    """The folder of them; it needn't exist.

    Parameters
    ----------
    folder
        The user's own by default.
    """

    def __init__(self, folder: Path | None = None, most_bytes: int = MOST_BYTES) -> None:
        self.folder = folder or default_folder()
        self._most = most_bytes

    def may_have(self, recording: Path) -> bool:
        """Whether there is one of a recording of that size, at a glance."""
        with contextlib.suppress(OSError):
            return any(self.folder.glob(f"{recording.stat().st_size}-*{SUFFIX}"))
        return False

    def find(self, recording: Path, basis: str) -> Meeting | None:
        """The analysis of a recording, which reads all of its bytes; None if there is none.

        Parameters
        ----------
        basis
            Of :func:`basis_of`: of other models or settings it is another.
        """
        if not self.may_have(recording):
            return None
        try:
            audio = hashed(recording)
            path = self._path(audio.size, audio.sha256, basis)
            meeting = read_meeting(path)
        except InputError:  # damaged, or of a newer version: it is found anew
            return None
        if not meeting.complete or not meeting.windows or meeting.speech is None:
            return None
        for file in (path, kept_path(path)):
            with contextlib.suppress(OSError):
                os.utime(file)
        return replace(meeting, audio=audio, name=recording.stem, kept="", state="")

    def keep(self, meeting: Meeting, basis: str) -> None:
        """Keep one of a recording whose hash is known.

        Raises
        ------
        OutputError
            It can't be written.
        OSError
            The folder can't be made.
        """
        audio = meeting.audio
        if audio is None or not audio.sha256 or not meeting.complete:
            return
        private_folder(self.folder)
        path = self._path(audio.size, audio.sha256, basis)
        write_meeting(meeting, path, backup=False, private=True)
        self._tidy(path)

    def entries(self) -> list[KeptAnalysis]:
        """All of them, the one that was used last first."""
        found = []
        for path, at, size in self._files():
            with contextlib.suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
                name = json.loads(path.read_text("utf-8"))["recording"]["name"]
                found.append(KeptAnalysis(path, str(name), at, size))
        return sorted(found, key=lambda entry: -entry.at)

    @property
    def size(self) -> int:
        """In bytes, on disk."""
        return sum(size for _, _, size in self._files())

    def clear(self) -> None:
        """Remove all of them."""
        for path, _, _ in self._files():
            remove(path)

    def _path(self, size: int, sha256: str, basis: str) -> Path:
        return self.folder / f"{size}-{sha256[:32]}-{basis}{SUFFIX}"

    def _files(self) -> Iterator[tuple[Path, float, int]]:
        for path in self.folder.glob(f"*{SUFFIX}"):
            with contextlib.suppress(OSError):
                size = sum(p.stat().st_size for p in (path, kept_path(path)) if p.exists())
                yield path, path.stat().st_mtime, size

    def _tidy(self, newest: Path) -> None:
        files = sorted(self._files(), key=lambda file: (file[0] != newest, -file[1]))
        total = 0
        for path, _, size in files:
            total += size
            if total > self._most and path != newest:
                remove(path)


def default_folder() -> Path:
    """Where they lie, unless told otherwise."""
    return Path(platformdirs.user_cache_dir("Voicelanes", appauthor=False)) / "analyses"


def basis_of(models: ModelIdentity, **settings: Any) -> str:
    """What an analysis hangs on beside the recording, as a short name for a file."""
    text = json.dumps([asdict(models), settings], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
