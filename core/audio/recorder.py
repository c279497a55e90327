"""Keeping a recording: on the disk at once, found again after a crash, stopped by a full disk.

Beside ``talk.wav`` lies ``talk.wav.recording`` while it is being recorded: a line of JSON for
each thing that isn't in the sound (when it began, gaps, markers). The recording program holds a
lock on it. So whoever finds it unlocked knows that the recording was interrupted, and a second
instance never "recovers" what the first one is still writing.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import platformdirs
from numpy.typing import NDArray

from core.atomic import why_not
from core.audio.wav import Layout, WavWriter, look_at, repair
from core.errors import InputError, OutputError
from core.folders import APPLE_DOUBLE

__all__ = [
    "Recorder",
    "Unfinished",
    "discard",
    "find_interrupted",
    "find_unfinished",
    "recover",
    "repair",
]

SUFFIX = ".recording"
SYNC_S = 0.5
"""So often everything is sent through to the disk; a power cut costs this and what it takes."""
FULL_S = 2.0
"""The recording stops while there is still room for so much: a header, a saved session."""
WARN_S = 600.0
"""From here on the person is told how long the disk still lasts."""
_LOOK_S = 1.0
_SILENCE = 1 << 16
_FAR = 1 << 30
"""Windows locks bytes: one that is never written."""


class DiskFull(OutputError):
    """There is no room left; all that came before is saved."""


class Recorder:
    """One recording being written.

    Parameters
    ----------
    path
        The file to make. One that exists is never touched.
    layout
        Rate and channels, for the whole file.
    about
        What else to remember for after a crash, such as the device.
    free
        Bytes that the disk of a folder still has room for.

    Raises
    ------
    OutputError
        If the file can't be made.
    """

    def __init__(
        self,
        path: Path,
        layout: Layout,
        about: dict[str, Any] | None = None,
        *,
        free: Callable[[Path], int] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.path, self.layout = path, layout
        self.seconds_left: float | None = None
        """How long the disk still lasts; None if the system doesn't tell."""
        self._free = free or _free
        self._clock = clock
        self._looked = self._synced = clock()
        self._notes: BinaryIO | None = None
        notes = _beside(path)
        try:
            if path.exists():
                raise FileExistsError(17, "a file of that name is in the way")
            self._notes = notes.open("ab", buffering=0)
            _lock(self._notes, wait=True)
            self.note(began=time.time(), rate=layout.rate, channels=layout.channels, **about or {})
            self._wav = WavWriter(path, layout)
            _sync_folder(path.parent)
            _register(path)
        except OSError as error:
            self._forget_notes()
            raise OutputError(f"{path} can't be recorded to: {why_not(error)}") from error
        self._look()

    @property
    def frames(self) -> int:
        """Whole frames on the disk."""
        return self._wav.frames

    def note(self, **what: Any) -> None:
        """Remember something beside the sound, for after a crash."""
        if self._notes is not None:
            with suppress(OSError):  # the sound matters more
                self._notes.write(json.dumps(what).encode() + b"\n")

    def write(self, frames: NDArray[np.int16]) -> None:
        """Append (n, channels) int16.

        Raises
        ------
        DiskFull
            If there is no room. What fits is in the file.
        OutputError
            If the disk doesn't take it for another reason.
        """
        now = self._clock()
        if now - self._looked >= _LOOK_S:
            self._look()
        if self.seconds_left is not None and self.seconds_left <= 0:
            raise DiskFull(f"{_FULL}: {self.path.name}")
        try:
            self._wav.write(np.ascontiguousarray(frames, "<i2").tobytes())
            if now - self._synced >= SYNC_S:
                self._wav.sync()
                self._synced = self._clock()
        except OSError as error:
            raise _told(error, self.path) from error

    def silence(self, frames: int) -> None:
        """Append so many frames of zeros; raises as :meth:`write` does."""
        while frames > 0:
            part = min(frames, _SILENCE)
            self.write(np.zeros((part, self.layout.channels), np.int16))
            frames -= part

    def close(self) -> None:
        """Complete the file; raises an OutputError if the disk fails even that."""
        try:
            self._wav.close()
        except OSError as error:
            if self._notes is not None:
                self._notes.close()  # and leave them: the file may need to be recovered
                self._notes = None
            raise _told(error, self.path) from error
        self._forget_notes()

    def _look(self) -> None:
        self._looked = self._clock()
        try:
            free = self._free(self.path.parent)
        except OSError:
            self.seconds_left = None
            return
        per_second = self.layout.rate * self.layout.frame_bytes
        self.seconds_left = max(0.0, free / per_second - FULL_S)

    def _forget_notes(self) -> None:
        if self._notes is not None:
            # Windows removes no open file, and nobody else can want it: the WAV is complete.
            self._notes.close()
            self._notes = None
            with suppress(OSError):
                _beside(self.path).unlink()
            _forget(self.path)


_FULL = "the disk is full, so the recording was stopped; everything before is saved"


def _told(error: OSError, path: Path) -> OutputError:
    if why_not(error) in ("the disk is full", "the disk quota is used up"):
        return DiskFull(f"{_FULL}: {path.name}")
    return OutputError(
        f"{path.name}: writing failed ({why_not(error)}), so the recording was stopped;"
        " everything before is saved"
    )


@dataclass(frozen=True)
class Unfinished:
    """A recording that was interrupted and that nobody is writing.

    Parameters
    ----------
    path
        The WAV file.
    began
        When, in seconds since 1970 (of the file's last change if it isn't known).
    seconds
        Length of what is there.
    notes
        What was remembered beside the sound: ``{"gap": [start, end, why]}``,
        ``{"marker": [at, text]}`` and so on; times in samples at 16 kHz.
    """

    path: Path
    began: float
    seconds: float
    notes: tuple[dict[str, Any], ...] = ()


def find_unfinished(folder: Path) -> list[Unfinished]:
    """The interrupted recordings in a folder, the newest first; nothing is changed."""
    try:
        waves = [path for path in folder.iterdir() if path.suffix.lower() == ".wav"]
        paths = sorted(path for path in waves if not path.name.startswith(APPLE_DOUBLE))
    except OSError:
        return []
    return _newest_first(unfinished for path in paths for unfinished in _look(path))


def find_interrupted(folder: Path | None = None) -> list[Unfinished]:
    """The interrupted recordings that were made anywhere on this machine, and all that are in a
    folder; the newest first."""
    inside = find_unfinished(folder) if folder else []
    found = {unfinished.path: unfinished for unfinished in inside}
    for entry in _registered():
        with suppress(OSError, ValueError):
            path = Path(os.fsdecode(entry.read_bytes()))
            if not path.exists() and path.parent.is_dir():
                entry.unlink()  # deleted or moved by somebody else: there is nothing to offer
            elif not folder or path.parent.absolute() != folder.absolute():
                found |= {unfinished.path: unfinished for unfinished in _look(path)}
    return _newest_first(found.values())


def _newest_first(found: Iterable[Unfinished]) -> list[Unfinished]:
    return sorted(found, key=lambda unfinished: -unfinished.began)


def _look(path: Path) -> list[Unfinished]:
    """The recording, if it is one that was interrupted and that nobody is writing."""
    with suppress(OSError):
        beside = _beside(path)
        if not beside.exists():
            return _unfinished(path, (), interrupted=False)
        with beside.open("r+b") as notes:
            if _lock(notes):
                return _unfinished(path, _read_notes(notes), interrupted=True)
    return []


# A recording may be made anywhere; where, is remembered for as long as it is being made.


def _registered() -> list[Path]:
    try:
        return sorted(_register_folder().iterdir())
    except OSError:
        return []


def _register(path: Path) -> None:
    with suppress(OSError):  # it is then offered in its own folder only
        _register_folder().mkdir(parents=True, exist_ok=True, mode=0o700)
        _entry(path).write_bytes(os.fsencode(path.absolute()))  # no fsync: the sound comes first


def _forget(path: Path) -> None:
    with suppress(OSError):
        _entry(path).unlink()


def _entry(path: Path) -> Path:
    return _register_folder() / hashlib.sha256(os.fsencode(path.absolute())).hexdigest()[:16]


def _register_folder() -> Path:
    return Path(platformdirs.user_state_dir("Voicelanes", appauthor=False)) / "recordings"


def recover(unfinished: Unfinished) -> Path:
    """Make an interrupted recording a whole one. Raises an InputError if that can't be."""
    with _mine(unfinished.path):
        repair(unfinished.path)
    return unfinished.path


def discard(unfinished: Unfinished) -> None:
    """Delete an interrupted recording for good; raises as :func:`recover` does."""
    with _mine(unfinished.path):
        try:
            unfinished.path.unlink()
        except OSError as error:
            raise InputError(f"{unfinished.path.name} stays: {why_not(error)}") from error


def _unfinished(
    path: Path, notes: tuple[dict[str, Any], ...], *, interrupted: bool
) -> list[Unfinished]:
    recording = look_at(path)
    if recording is None or (recording.healthy and not interrupted):
        return []
    began = next((note["began"] for note in notes if "began" in note), path.stat().st_mtime)
    return [Unfinished(path, float(began), recording.frames / recording.layout.rate, notes)]


@contextmanager
def _mine(path: Path) -> Iterator[None]:
    """Nobody else writes or recovers this recording meanwhile; its notes go afterwards."""
    beside = _beside(path)
    try:
        notes = beside.open("r+b")
    except FileNotFoundError:
        yield
        _forget(path)
        return
    except OSError as error:
        raise InputError(f"{path.name}: {why_not(error)}") from error
    try:
        if not _lock(notes):
            raise InputError(f"{path.name} is being recorded by another window; stop it there")
        yield
        notes.close()
        with suppress(OSError):
            beside.unlink()
        _forget(path)
    finally:
        notes.close()


def _read_notes(file: BinaryIO) -> tuple[dict[str, Any], ...]:
    notes: list[dict[str, Any]] = []
    for line in file.read().splitlines():
        with suppress(ValueError):  # the last line may be cut off
            note = json.loads(line)
            if isinstance(note, dict):
                notes.append(note)
    return tuple(notes)


def _beside(path: Path) -> Path:
    return path.with_name(path.name + SUFFIX)


def _free(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def _lock(file: BinaryIO, *, wait: bool = False) -> bool:
    """Take the lock that ends with the process or with ``close``, if nobody has it."""
    if sys.platform == "win32":
        import msvcrt

        file.seek(_FAR)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            file.seek(0)
    else:
        import fcntl

        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            return False
    return True


def _sync_folder(folder: Path) -> None:
    """The names of new files survive a power cut, too, where the system lets us ask for it."""
    if sys.platform == "win32":
        return
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
