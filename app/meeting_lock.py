"""Which window has which recording open, so that a second one is told."""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path

import platformdirs
from PyQt5.QtCore import QLockFile


class MeetingLock:
    """The hold of a window on the recording that it shows.

    It keeps nobody out: it only says who else is there. That what others saved isn't replaced
    unasked is seen to when a meeting is saved, since it may be others on another machine.
    """

    def __init__(self) -> None:
        self._lock: QLockFile | None = None

    def take(self, recording: Path) -> str | None:
        """Hold this recording in place of the one before; who else has it open, if somebody has."""
        self.release()
        key = hashlib.sha256(os.fsencode(os.path.realpath(recording))).hexdigest()[:16]
        folder = Path(platformdirs.user_state_dir("Voicelanes", appauthor=False)) / "open"
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = QLockFile(str(folder / f"{key}.lock"))
        lock.setStaleLockTime(0)  # a lock is old only when its process has ended
        if lock.tryLock(0):
            self._lock = lock
            return None
        if lock.error() != QLockFile.LockError.LockFailedError:
            return None  # no lock can be made here
        known, process, host, _program = lock.getLockInfo()
        return f"{host}, {process}" if known else "?"

    def release(self) -> None:
        """No recording is open any more."""
        if self._lock is not None:
            self._lock.unlock()
            self._lock = None
