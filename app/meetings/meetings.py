"""Meetings on disk, as the window has them: opening, saving, what is unsaved, what a crash left.

A meeting is opened by its own file or by its recording. Nothing is left or replaced before a person
was asked about what isn't saved; neither questions nor the disk hold up the window.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt5.QtCore import pyqtSlot

from app.listening.listening import Listening
from app.meetings import journal, opening, questions
from app.meetings.kept import AnalysesOfSettings
from app.meetings.opening import Opened
from app.meetings.saving import Saving
from app.preferences import Preferences
from app.session import Session
from app.widgets.host import Host
from app.widgets.notices import Problem, Way
from core.annotation.imported import beyond, imported
from core.annotation.values import Annotation, Marker
from core.errors import InputError
from core.meeting.names import BACKUP, is_meeting

if TYPE_CHECKING:
    from core.meeting.file import Meeting
    from core.meeting.sound import AudioFile


@dataclass(frozen=True)
class _Coming:
    """What a recording brings with it when it comes to be the open one."""

    recording: Path
    file: Path | None = None
    journal: Path | None = None
    before: Meeting | None = None
    """How it was before the pass that begins, to be carried over or restored."""
    unsaved: bool = False
    """That has not been saved."""
    again: bool = False
    """It is the open one already."""
    state: str | None = None
    """Of the file, as it was read; "" if there is none."""


class Meetings(Saving):
    """The meeting file of the open recording."""

    def __init__(
        self,
        session: Session,
        listening: Listening,
        preferences: Preferences,
        host: Host,
        *,
        read_only: Path | None = None,
    ) -> None:
        super().__init__(session, preferences, host, read_only=read_only)
        self._listening = listening
        self._asked = 0
        self._kept_analyses = AnalysesOfSettings(preferences)
        self._to_be_kept: Callable[[AudioFile], None] | None = None
        self._coming: _Coming | None = None
        session.recording_changed.connect(self._on_recording)
        listening.finished.connect(self._on_finished)
        listening.stopped.connect(self._on_stopped)

    # opening

    def open(self, path: Path, known: Path | None = None) -> None:
        """Open a recording or a meeting; turns alone are laid on the recording that is open.

        ``known`` is a meeting file elsewhere with turns of a recording that has none beside it. It
        is only read: what is done to those turns is saved beside the recording.
        """
        if opening.is_annotation(path) and self._session.complete:
            self.import_turns(path)
        else:
            self.leave(partial(self._look, path, known))

    def listen_again(self) -> None:
        """Find the turns anew; what a person said stays, and all of it if the pass is stopped."""
        path = self._session.path
        if path is not None:
            before = self.current()
            self._coming = _Coming(path, self.path, None, before, self.unsaved, True, self._state)
            self._asked += 1
            self._listening.open(path, self._session.track)

    def open_track(self, path: Path, track: int) -> None:
        """Open a recording again with another of its sound tracks.

        Its turns are found anew; a meeting file that it has is replaced when that is saved.
        """
        self.leave(partial(self._listen_to, path, track))

    def _listen_to(self, path: Path, track: int) -> None:
        self._asked += 1
        file, state = (self.path, self._state) if path == self._session.path else (None, None)
        self._coming = _Coming(path, file, state=state)
        self._listening.open(path, track)

    def open_recovered(self, recording: Path, markers: Sequence[Marker]) -> None:
        """Open a recording that a crash interrupted, with all that was done to it until then."""
        self.leave(partial(self._look_for_recovered, recording, markers))

    def _look_for_recovered(self, recording: Path, markers: Sequence[Marker]) -> None:
        self._asked += 1
        self._find(partial(opening.recovered, recording, markers))

    def forget_unsaved(self, recording: Path) -> None:
        """This recording is gone, and with it what was done to it."""
        left = journal.find(recording)
        if left is not None:
            journal.remove(left)

    def offer_unsaved(self) -> None:
        """Ask about the newest changes that a crash left behind, if there are any."""
        left = journal.all_journals()
        if left:
            self._jobs.do(partial(opening.left_behind, left[0]), self._on_left_behind)

    def _look(self, path: Path, known: Path | None) -> None:
        self._asked += 1
        turns_only = is_meeting(path) or opening.is_annotation(path)
        nothing = known is None and not turns_only and opening.nothing_known(path)
        if nothing and not self._kept_analyses.may_have(path):
            self._show(Opened(path, path))
            return
        kept = self._kept_analyses.finder()
        self._find(partial(opening.look, path, self._folders(), known, kept))

    def _find(self, function: Callable[[], Opened]) -> None:
        """Go on with what is found, unless something else has been asked for meanwhile."""
        asked = self._asked

        def go_on(found: Opened) -> None:
            if asked == self._asked and not self._ending:
                self._on_found(found)

        self._jobs.do(function, go_on)

    def _folders(self) -> list[Path]:
        last = (self._preferences.folder, self._preferences.recordings_folder)
        return [Path(folder) for folder in last if folder]

    def _on_found(self, found: Opened) -> None:
        if found.error is not None:
            self._ask_about_damage(found, found.error)
        elif found.recording is None:
            self._ask_recording(found)
        elif found.unsaved is not None and not found.decided:
            self._ask_recover(found, found.recording, found.unsaved)
        else:
            self._show(found)

    def _ask_about_damage(self, found: Opened, error: InputError) -> None:
        def answered(answer: str) -> None:
            if answer == "backup" and found.backup is not None:
                backup = found.backup
                self._find(partial(opening.look, backup, self._folders()))
            elif answer == "anew" and found.recording is not None:
                self._show(Opened(found.asked, found.recording))

        box = questions.ask_about_damage(self._window, found, answered)
        if box is None:
            self._notices.show_error(error)

    def _ask_recording(self, found: Opened) -> None:
        def chosen(path: Path) -> None:
            self._find(partial(opening.chosen, found, path))

        def answered(answer: str) -> None:
            from app.widgets import dialogs

            if answer == "use" and found.other is not None:
                self._find(partial(opening.accepted, found, found.other))
            elif answer == "choose":
                dialogs.ask_recording(self._window, self._preferences.folder, chosen)

        questions.ask_recording(self._window, found, answered)

    def _ask_recover(self, found: Opened, recording: Path, unsaved: Path) -> None:
        def answered(answer: str) -> None:
            if answer == "recover":
                self._show(found)
            else:
                if answer == "discard":
                    journal.remove(unsaved)
                self._show(replace(found, unsaved=None, changes=None))

        questions.ask_recover(self._window, recording, unsaved, answered)

    @pyqtSlot(object)
    def _on_left_behind(self, found: Opened | None) -> None:
        busy = self._session.is_open or self._listening.busy or self._ending
        if found is None or found.unsaved is None or busy:
            return
        unsaved = found.unsaved

        def answered(answer: str) -> None:
            if answer == "discard":
                journal.remove(unsaved)
            elif answer == "recover":
                self._asked += 1
                self._find(partial(opening.with_recording, found, self._folders()))

        questions.ask_recover(self._window, found.asked, unsaved, answered)

    def _show(self, found: Opened) -> None:
        recording, known = found.recording, found.changes or found.meeting
        if recording is None:
            return
        file, unsaved = found.file, found.changes is not None
        if found.changes is not None:
            file = found.changes.origin or file
        elif file is not None and file.name.endswith(BACKUP):
            file, unsaved = file.with_name(file.name.removesuffix(BACKUP)), True
        elif file is not None and not is_meeting(file):
            file, unsaved = None, True  # turns without a meeting become one
        whole = known is not None and known.complete
        before = None if whole else known
        state: str | None = None
        if file is not None and file == found.file and found.meeting is not None:
            state = found.meeting.state
        elif file is None and found.file is None and opening.nothing_beside(recording):
            state = ""
        self._coming = _Coming(recording, file, found.unsaved, before, unsaved, state=state)
        track = known.track if known is not None else None
        if known is None or not whole:
            self._listening.open(recording, track)
            return
        load = partial(self._load, known, unsaved)
        self._listening.show(recording, known.annotation.duration, load, track)
        if not unsaved and found.asked == recording and file is not None:
            self._tell(self.tr("Opened the meeting {} of this recording").format(file.name))
        if found.kept:
            self._tell(self.tr("{} was analysed before: that is shown").format(recording.name))
        for line in known.warnings:
            self._tell(line)

    def _tell(self, message: str) -> None:
        anew = Way(self.tr("Analyse again"), self.listen_again)
        self._notices.show_problem(Problem(message, severe=False, ways=(anew,)))

    def _load(self, meeting: Meeting, unsaved: bool) -> None:
        session = self._session
        session.gaps, session.pauses = meeting.gaps, meeting.pauses
        session.load(meeting.annotation, meeting.windows, meeting.speech)
        self._models, self.settings = meeting.models, dict(meeting.settings)
        self._kept = (session.windows, meeting.kept)
        if unsaved:
            session.mark_unsaved()
        self._begin_hashing(meeting.audio)

    # what the session and the passes say

    @pyqtSlot()
    def _on_recording(self) -> None:
        coming, self._coming = self._coming, None
        if coming is not None and coming.recording != self._session.path:
            coming = None
        self._stop_hashing.set()
        self._to_be_kept = None
        if coming is not None and coming.again:
            pass  # the journal is still that of this recording
        elif self._discarded is not None:
            self._journal.drop()
        else:
            self._journal.release()
        self._reset()
        if coming is not None:
            self.path, self._state = coming.file, coming.state
            self._before, self._before_unsaved = coming.before, coming.unsaved
            if coming.journal is not None:
                self._journal.adopt(coming.journal)
        self.path_changed.emit()
        self._on_change()
        self._hold()

    def _hold(self) -> None:
        """Say so if another window has this recording open, too."""
        path = self._session.path
        if path is None:
            self._lock.release()
        elif (owner := self._lock.take(path)) is not None:
            told = self.tr(
                "{} is open in another window, too (computer and process: {}). "
                "What is saved there isn't shown here; saving asks before it replaces that."
            )
            self._notices.tell(told.format(path.name, owner))

    @pyqtSlot()
    def _on_finished(self) -> None:
        session, before, unsaved = self._session, self._before, self._before_unsaved
        self._before, self._before_unsaved = None, False
        self._models = opening.current_identity()
        self._to_be_kept = self._kept_analyses.keeper(self.current())
        if before is not None:
            session.gaps, session.pauses = before.gaps, before.pauses
            if before.annotation.by_hand:
                session.keep_said(before.annotation)
                unsaved = True
        if unsaved or self.path is not None:  # the file has other turns
            session.mark_unsaved()
        self._begin_hashing(None)
        self._on_change()

    @pyqtSlot()
    def _on_stopped(self) -> None:
        before, unsaved = self._before, self._before_unsaved
        if before is not None and before.complete:
            self._before, self._before_unsaved = None, False
            self._load(before, unsaved)

    def _begin_hashing(self, expected: AudioFile | None) -> None:
        """Find the hash of the recording, which the meeting keeps."""
        from core.meeting.sound import hashed

        path = self._session.path
        if path is None:
            return
        self._stop_hashing.set()
        stop = self._stop_hashing = threading.Event()

        def done(audio: AudioFile) -> None:
            if stop.is_set():
                return
            self._audio = audio
            if self._to_be_kept is not None:
                self._hashing.do(partial(self._to_be_kept, audio), failed=lambda _error: None)
                self._to_be_kept = None
            if expected is not None and not audio.same_as(expected):
                told = self.tr("{} has changed since the meeting was saved: the turns may not fit")
                self._tell(told.format(path.name))

        # A recording that can't be read is told by those who need its sound.
        self._hashing.do(lambda: hashed(path, stop.is_set), done, lambda _error: None)

    # turns of others

    def choose_import(self) -> None:
        """Ask for a file with turns and lay them on the recording."""
        from app.widgets import dialogs

        dialogs.ask_turns(self._window, self._preferences.folder, self.import_turns)

    def import_turns(self, path: Path) -> None:
        """Put the turns of a file in place of those that are there, as one step."""
        session = self._session
        recording = session.path

        def done(read: tuple[Annotation, tuple[str, ...]]) -> None:
            annotation, notes = read
            if session.path != recording or not session.complete:
                return
            after = imported(session.annotation, annotation)
            over = beyond(session.annotation.duration, annotation)

            def answered(answer: str) -> None:
                if answer == "import" and session.path == recording and session.complete:
                    session.edit(self.tr("Import turns"), imported(session.annotation, annotation))

            if notes or any(over) or not after.turns:
                args = (path.name, over, notes, not after.turns, answered)
                questions.ask_import(self._window, *args)
            else:
                answered("import")

        name = recording.stem if recording is not None else ""
        self._jobs.do(partial(opening.turns_in, path, name), done)
