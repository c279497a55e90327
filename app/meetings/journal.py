"""Unsaved changes, kept where a crash can't reach them until they are saved or discarded.

A journal is a meeting file (:mod:`core.meeting.file`) in the platform's state folder, written as a
whole in a thread, at most :data:`INTERVAL_S` after a change. Its name comes from the recording's
path, so that it is found when the recording is opened again; a number in it keeps apart what was
skipped, and what another window of the same recording holds. A lock says that it is in use.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
from PyQt5.QtCore import QLockFile, QObject, QTimer, pyqtSlot

from app.widgets.jobs import Jobs
from core.folders import private_folder
from core.meeting import names
from core.meeting.names import SUFFIX

if TYPE_CHECKING:
    from app.widgets.notices import NoticeArea
    from core.annotation.values import Annotation
    from core.meeting.file import Meeting

INTERVAL_S = 0.5
_MOST = 20


def journal_folder() -> Path:
    """Where journals lie; it needn't exist."""
    return Path(platformdirs.user_state_dir("Voicelanes", appauthor=False)) / "unsaved"


class Journal(QObject):
    """The unsaved changes of the recording that is open.

    Parameters
    ----------
    snapshot
        What would have to be saved now; None if there is nothing.
    jobs
        Where the writing goes.
    notices
        Get the first OutputError of a recording: from here on a crash would lose changes.
    """

    def __init__(
        self,
        snapshot: Callable[[], Meeting | None],
        jobs: Jobs,
        notices: NoticeArea,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._snapshot, self._jobs, self._notices = snapshot, jobs, notices
        self._path: Path | None = None
        self._lock: QLockFile | None = None
        self._written: Annotation | None = None
        self._told = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(round(INTERVAL_S * 1000))
        self._timer.timeout.connect(self.keep)

    def touch(self) -> None:
        """Something changed."""
        if not self._timer.isActive():  # a new change must not put off the writing of an old one
            self._timer.start()

    @pyqtSlot()
    def keep(self) -> None:
        """Write what is unsaved now, or remove the journal if there is nothing."""
        self._timer.stop()
        meeting = self._snapshot()
        if meeting is None:
            self.drop()
            return
        if self._path is None and not self._take(meeting):
            return
        path = self._path
        if path is None or meeting.annotation is self._written:
            return
        self._written = meeting.annotation
        self._jobs.do(lambda: _write(meeting, path), failed=self._on_failed)

    def drop(self) -> None:
        """Saved or discarded: nothing is left of it."""
        if self._path is not None:
            path, lock = self._path, self._lock
            self._forget()
            self._jobs.do(lambda: _remove(path, lock))
        self._timer.stop()

    def release(self) -> None:
        """Another recording is open now; what is not saved stays, to be offered again."""
        if self._timer.isActive():
            self.keep()
        lock = self._lock
        self._forget()
        if lock is not None:
            self._jobs.do(lock.unlock)

    def adopt(self, path: Path) -> bool:
        """Go on with an existing journal; False if another window did meanwhile."""
        lock = _locked(path)
        if lock is None:
            return False
        self._path, self._lock = path, lock
        return True

    def _take(self, meeting: Meeting) -> bool:
        assert meeting.audio is not None
        for path in _slots(meeting.audio.path):
            with contextlib.suppress(OSError):
                private_folder(path.parent)
            if not path.exists() and self.adopt(path):
                return True
        from core.errors import OutputError

        self._on_failed(OutputError(f"can't write into {journal_folder()}"))
        return False

    def _forget(self) -> None:
        self._path = self._lock = self._written = None
        self._told = False

    def _on_failed(self, error: BaseException) -> None:
        self._written = None
        if not self._told:
            self._told = True
            self._notices.show_error(error)


def find(recording: Path) -> Path | None:
    """The newest journal of a recording that no window has open."""
    return next((p for p in _newest(_slots(recording)) if _is_free(p)), None)


def all_journals() -> list[Path]:
    """Every journal that no window has open, the newest first."""
    return [p for p in _newest(journal_folder().glob(f"*{SUFFIX}")) if _is_free(p)]


def remove(path: Path) -> None:
    """Discard a journal that no window has open."""
    lock = _locked(path)
    if lock is not None:
        _remove(path, lock)


def _write(meeting: Meeting, path: Path) -> None:
    from core.errors import InputError
    from core.meeting.file import write_meeting
    from core.meeting.sound import AudioFile

    if meeting.audio is not None and not meeting.audio.sha256:
        with contextlib.suppress(InputError):
            meeting = replace(meeting, audio=AudioFile.at(meeting.audio.path))
    write_meeting(meeting, path, backup=False, private=True)


def _slots(recording: Path) -> Iterator[Path]:
    key = hashlib.sha256(os.fsencode(os.path.realpath(recording))).hexdigest()[:16]
    return (journal_folder() / f"{key}-{n}{SUFFIX}" for n in range(_MOST))


def _newest(paths: Iterator[Path]) -> list[Path]:
    dated = []
    for path in paths:
        with contextlib.suppress(OSError):
            dated.append((path.stat().st_mtime_ns, path))
    return [path for _, path in sorted(dated, reverse=True)]


def _locked(path: Path) -> QLockFile | None:
    lock = QLockFile(str(path.with_suffix(".lock")))
    lock.setStaleLockTime(0)  # a lock is old only when its process has ended
    return lock if lock.tryLock(0) else None


def _is_free(path: Path) -> bool:
    lock = _locked(path)
    if lock is not None:
        lock.unlock()
    return lock is not None


def _remove(path: Path, lock: QLockFile | None) -> None:
    names.remove(path)
    if lock is not None:
        lock.unlock()
