"""What of the open recording goes onto the disk: what is unsaved, and how it is saved.

Nothing is left or replaced before a person was asked about what isn't saved.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PyQt5.QtCore import QCoreApplication, QObject, pyqtSignal, pyqtSlot
from PyQt5.QtWidgets import QMessageBox

from app.meetings import opening, questions
from app.meetings.journal import Journal
from app.meetings.lock import MeetingLock
from app.preferences import Preferences
from app.session import Session
from app.widgets.host import Host
from app.widgets.jobs import Jobs
from core.annotation.values import Annotation
from core.errors import ChangedOnDisk, OutputError
from core.meeting.names import SUFFIX, candidates

if TYPE_CHECKING:
    from core.meeting.file import Meeting, ModelIdentity
    from core.meeting.sound import AudioFile


class Saving(QObject):
    """The file of the open meeting, and what would be lost without it."""

    path_changed = pyqtSignal()
    """Another meeting file, or none, belongs to the open recording."""
    unsaved_changed = pyqtSignal(bool)
    saved = pyqtSignal(object)
    """The Path that was written."""

    def __init__(
        self,
        session: Session,
        preferences: Preferences,
        host: Host,
        *,
        read_only: Path | None = None,
    ) -> None:
        """``read_only`` is a folder that nothing is saved into: that of the sample."""
        super().__init__(host.window)
        self._session, self._preferences, self._read_only = session, preferences, read_only
        self._window, self._notices = host.window, host.notices
        self._jobs = Jobs(self)
        self._hashing = Jobs(self)
        self._journal = Journal(self._to_keep, self._jobs, host.notices, self)
        self._lock = MeetingLock()
        self._box: QMessageBox | None = None
        self._ending = self._keeping = False
        self._stop_hashing = threading.Event()
        self._reset()
        session.annotation_changed.connect(self._on_change)
        session.dirty_changed.connect(self._on_change)
        self._jobs.failed.connect(host.notices.show_error)

    def _reset(self) -> None:
        self.path: Path | None = None
        """Where the meeting was saved or read; None before the first save."""
        self.settings: dict[str, Any] = {}
        """Of the last pass; whoever begins one says them here."""
        self._audio: AudioFile | None = None
        self._models: ModelIdentity | None = None
        self._kept: tuple[Any, str] = ((), "")
        self._state: str | None = None
        """Of the meeting file that a save may replace unasked; "" for none, None if that isn't
        known."""
        self._before: Meeting | None = None
        self._before_unsaved = False
        self._discarded: Annotation | None = None
        self._said_unsaved = False
        self._writing = False
        self._waiting: list[Callable[[], None]] = []
        """Saves that were asked for while one was under way: what is on the disk is known after
        it."""

    @property
    def to_open(self) -> Path | None:
        """What to open to have this again: the meeting file if it lies elsewhere than beside the
        recording, else the recording; None if nothing is open."""
        recording = self._session.path
        if recording is None or self.path is None or self.path in candidates(recording):
            return recording
        return self.path

    @property
    def unsaved(self) -> bool:
        """Whether there is something that would be lost."""
        session = self._session
        if self._before is not None and self._before_unsaved:
            return True
        return session.dirty and session.annotation is not self._discarded

    @property
    def encoder(self) -> str:
        """SHA-256 of the encoder that heard the voices of the open recording."""
        models = self._models or opening.current_identity()
        return models.encoder if models is not None else ""

    @property
    def heard_by_others(self) -> bool:
        """Whether that is another encoder than the one in use."""
        now = opening.current_identity()
        return self._models is not None and now is not None and self._models.encoder != now.encoder

    @pyqtSlot()
    def _on_change(self) -> None:
        if self._session.annotation is not self._discarded:
            self._discarded = None
        self._journal.touch()
        if self.unsaved != self._said_unsaved:
            self._said_unsaved = self.unsaved
            self.unsaved_changed.emit(self._said_unsaved)

    # saving

    def save(self) -> None:
        """Save into the meeting's file, the first time beside the recording."""
        self._save(None)

    def save_as(self) -> None:
        """Ask where to."""
        self._save_as(None)

    def _save(self, then: Callable[[], object] | None) -> None:
        recording = self._session.path
        if recording is None:
            return
        if self._writing:
            self._waiting.append(partial(self._save, then))
            return
        if self.path is None and recording.parent == self._read_only:
            self._save_as(then)
        else:
            self._write(self.path, then)

    def _save_as(self, then: Callable[[], object] | None) -> None:
        from app.widgets import dialogs

        recording = self._session.path
        if recording is None:
            return
        at = self.path or recording.with_name(recording.stem + SUFFIX)
        if at.parent == self._read_only:
            at = Path.home() / at.name

        def chosen(path: Path) -> None:
            if not path.name.lower().endswith(".json"):
                path = path.with_name(path.name + SUFFIX)
                if path.exists():  # the dialog asked about another name
                    told = QCoreApplication.translate(
                        "Saving", "{} exists: choose another name"
                    ).format(path.name)
                    self._notices.tell(told)
                    return
            self._write(path, then, anything=True)  # the dialog asked

        dialogs.ask_meeting(self._window, at, chosen)

    def _write(
        self, path: Path | None, then: Callable[[], object] | None, *, anything: bool = False
    ) -> None:
        """Save into a file, or beside the recording; ``anything`` that is there may be replaced."""
        if self._writing:
            self._waiting.append(partial(self._write, path, then, anything=anything))
            return
        meeting, first = self.current(), self.path is None
        windows, recording = self._session.windows, self._session.path
        self._writing = True

        def done(result: tuple[Path, Meeting]) -> None:
            if recording != self._session.path:
                return
            self._writing = False
            self.path, written = result
            self._state = written.state
            self._audio = written.audio
            self._kept = (windows, written.kept)
            if self._before is not None:
                self._before, self._before_unsaved = replace(self._before, kept=written.kept), False
            elif self._session.annotation is meeting.annotation:
                self._session.saved()
            self._on_change()
            self.path_changed.emit()
            self.saved.emit(self.path)
            if then is not None:
                self.leave(then)
            if self._waiting:
                self._waiting.pop(0)()

        def answered(answer: str) -> None:
            if recording == self._session.path and answer == "replace":
                self._write(path, then, anything=True)
            elif recording == self._session.path and answer == "name":
                self._save_as(then)

        def failed(error: BaseException) -> None:
            if recording == self._session.path:
                self._writing = False
                self._waiting.clear()  # they would fail as well
            if isinstance(error, ChangedOnDisk):
                name = path.name if path is not None else meeting.name
                questions.ask_replace(self._window, name, answered)
                return
            self._notices.show_error(error)
            if first and isinstance(error, OutputError):
                self._save_as(then)

        expected = None if anything else self._state
        self._jobs.do(partial(opening.write, meeting, path, expected), done, failed)

    def current(self) -> Meeting:
        """All that there is to be saved of the open recording."""
        from core.meeting.file import Meeting
        from core.meeting.sound import AudioFile

        session = self._session
        if self._before is not None:
            return self._before
        assert session.path is not None
        windows, kept = self._kept
        if self._models is None and session.windows:
            self._models = opening.current_identity()
        return Meeting(
            session.annotation,
            session.path.stem,
            self._audio or AudioFile(session.path.absolute(), 0),
            session.windows,
            session.speech,
            self._models,
            self.settings,
            session.complete,
            session.gaps,
            session.pauses,
            kept if windows is session.windows else "",
            track=session.track,
        )

    def _to_keep(self) -> Meeting | None:
        """What the journal has to hold."""
        if not self.unsaved or not (self._preferences.autosave or self._ending or self._keeping):
            return None
        return replace(self.current(), origin=self.path)

    # leaving

    def set_aside(self) -> Path | None:
        """Keep what isn't saved for when its recording is opened again; which that is."""
        if not self.unsaved:
            return None
        self._keeping = True
        self._journal.keep()
        self._keeping = False
        self._journal.release()  # now: before the next recording says that nothing is unsaved
        return self._session.path

    def leave(self, then: Callable[[], object]) -> None:
        """Do something that ends the open meeting, once a person has decided about its changes."""
        if not self.unsaved:
            self._journal.keep()  # nothing: what it held is gone
            then()
            return

        def answered(answer: str) -> None:
            if answer == "save":
                self._save(then)
            elif answer == "discard":
                self._discarded, self._before_unsaved = self._session.annotation, False
                then()

        path = self._session.path
        if self._box is not None and not _is_gone(self._box):
            self._box.reject()
        name = path.name if path is not None else ""
        self._box = questions.ask_save(self._window, name, answered)

    def may_close(self) -> bool:
        """Whether the window may close now; if not it will, once a person has decided."""
        if self.unsaved and not self._ending:
            self.leave(self._window.close)
            return False
        return True

    def end(self) -> None:
        """The program is told to end: what is unsaved is kept for the next start, unasked."""
        self._ending = True

    def cancel(self) -> None:
        """The window closes."""
        self._ending = True
        self._lock.release()
        self._stop_hashing.set()
        if self._discarded is not None:
            self._journal.drop()
        else:
            self._journal.keep()
            self._journal.release()

    def join(self, timeout_s: float) -> bool:
        """Wait for what is being written; False if the disk hangs."""
        return self._jobs.join(timeout_s) and self._hashing.join(timeout_s)


def _is_gone(box: QMessageBox) -> bool:
    from PyQt5 import sip

    return bool(sip.isdeleted(box))
