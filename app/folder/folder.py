"""A folder of recordings, or several together: all of them worked through, any of them opened, one
voice in all."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt5.QtCore import QObject, QTimer, QUrl, pyqtSignal, pyqtSlot
from PyQt5.QtGui import QDesktopServices

from app.folder.models import RecordingRow
from app.folder.panel import FolderPanel
from app.folder.tasks import FolderWork, Listed, Step, VoiceSearch
from app.style.wording import called
from app.widgets.jobs import MOMENT_S
from app.widgets.notices import Problem, Way
from app.widgets.status import left

if TYPE_CHECKING:
    from app.editing.editors import Editors
    from app.meetings.meetings import Meetings
    from app.preferences import Preferences
    from app.widgets.host import Host
    from core.archive.tables import Linked


class Folder(QObject):
    """One folder at a time, or several files and folders, or none.

    Its results go where the person says, usually among the program's own data: nothing is written
    into the folder itself, and the meetings among the results are only read. What a person does to
    an opened recording is saved beside it as ever, and opened from then on.
    """

    changed = pyqtSignal()
    """A folder is open now, or none is any more."""
    open_wanted = pyqtSignal(object)
    """Open the recording at this Path, with its turns by :meth:`meeting_of` if it has no meeting of
    its own."""

    def __init__(
        self, editors: Editors, meetings: Meetings, preferences: Preferences, host: Host
    ) -> None:
        super().__init__(host.window)
        session = editors.scene.session
        self._session, self._editors = session, editors
        self._meetings, self._preferences = meetings, preferences
        self._window, self._notices, self._run = host.window, host.notices, host.run
        self.panel = FolderPanel()
        self.path: Path | None = None
        """The folder; of several files and folders, the one that they are in."""
        self._places: tuple[Path, ...] = ()
        self.out = Path()
        """Where its results go."""
        self._work: FolderWork | None = None
        self._again = False
        self._searching: tuple[VoiceSearch, str, str] | None = None
        self._wanted: tuple[Path, int] | None = None
        self._ending = False
        session.recording_changed.connect(self._on_recording)
        session.annotation_changed.connect(self._on_annotation)
        self.panel.chosen.connect(self._open_row)
        self.panel.voice_chosen.connect(self._open_voice)
        self.panel.toggled.connect(self.toggle)
        self.panel.place_clicked.connect(self.choose_place)
        self.panel.report_clicked.connect(self.show_report)

    @property
    def busy(self) -> bool:
        """Whether its recordings are being worked on."""
        return self._work is not None

    # which folder, and where its results go

    @property
    def single(self) -> Path | None:
        """The folder, if it is one."""
        return self.path if len(self._places) == 1 else None

    def choose(self) -> None:
        """Ask for a folder and work through it."""
        from app.widgets import dialogs

        dialogs.ask_recordings(self._window, self._preferences.folder, self.open)

    def open(self, folder: Path) -> None:
        """Work through this folder; what is done and unchanged isn't done again."""
        from core.archive.places import usual_out

        path = Path(os.path.abspath(folder))  # without ".."
        self._preferences.folder = str(path)
        chosen = self._preferences.results.get(str(path))
        self._open_places((path,), path, Path(chosen) if chosen else usual_out(path))

    def open_several(self, paths: Sequence[Path]) -> None:
        """Work through these recordings, and those of these folders."""
        from core.archive.places import usual_out_of_several

        places = tuple(dict.fromkeys(Path(os.path.abspath(path)) for path in paths))
        try:
            common = Path(os.path.commonpath([place.parent for place in places]))
        except ValueError:  # on several drives
            common = places[0].parent
        self._open_places(places, common, usual_out_of_several())

    def _open_places(self, places: tuple[Path, ...], path: Path, out: Path) -> None:
        self._places, self.path, self.out = places, path, out
        self.panel.show_rows(path, (), None)
        self.changed.emit()
        self.panel.show_all()
        self.start()

    def choose_place(self) -> None:
        """Ask where the results of this folder go; those that are there already are taken."""
        from app.widgets import dialogs

        dialogs.ask_results(self._window, str(self.out), self._set_place)

    def _set_place(self, place: Path) -> None:
        from core.archive.places import chosen_out

        if self.path is not None and (out := chosen_out(place, self.path)) != self.out:
            if self.single is not None:
                results = {**self._preferences.results, str(self.path): str(out)}
                self._preferences.results = results
            self.out = out
            self.start()

    def show_report(self) -> None:
        """Show the report of what is done in the person's browser."""
        report = self.out / "report.html"
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(report))):
            told = self.tr("The report is in {}").format(report)
            self._notices.tell(told, general=True)

    # the work

    def toggle(self) -> None:
        """Stop the work, or go on with what isn't done."""
        if self._work is None:
            self.start()
        else:
            self._again = False
            self._work.cancel()
            self._say(self.tr("Stopping…"), None)

    def start(self) -> None:
        """Look what is in the folder and do what isn't done, once the work before has ended."""
        if self.path is None or self._ending:
            return
        self._again = self._work is not None
        if self._work is not None:
            self._work.cancel()
            self._say(self.tr("Stopping…"), None)
            return
        work = self._work = FolderWork(self._places, self.out, self._preferences.speakers)
        work.listed.connect(self._on_listed)
        work.advanced.connect(self._on_advanced)
        work.failed.connect(self._on_failed)
        work.ended.connect(self._on_ended)
        self._say(self.tr("Looking for recordings…"), None)
        self._show_place()
        work.start()

    @pyqtSlot(object)
    def _on_listed(self, listed: Listed) -> None:
        if self.path is None or self._again:
            return  # it is about another folder
        rows = [
            RecordingRow(r.recording, "failed" if r.failed else "unchanged", record=r)
            for r in listed.there
        ]
        rows += [RecordingRow(recording) for recording in listed.missing]
        self.panel.show_rows(self.path, rows, self._session.path)
        for line in listed.left_out:
            self._notices.tell(line, general=True)
        if self._work is not None and not self._work.stopping():
            self._say(self.tr("Starting…") if listed.missing else self.tr("Linking voices…"), None)

    @pyqtSlot(object)
    def _on_advanced(self, step: Step) -> None:
        if self._again:
            return
        self.panel.model.take(step.records, step.fractions)
        if self._work is not None and not self._work.stopping():
            words = self._summary()
            if step.left_s is not None:
                words += f", {left(step.left_s)}"
            self._say(words, step.fraction)

    @pyqtSlot(object)
    def _on_failed(self, error: BaseException) -> None:
        if self._again:
            return
        if not self.panel.model.rows:
            self.path = None
            self.changed.emit()
        self._notices.show_error(error)

    @pyqtSlot()
    def _on_ended(self) -> None:
        if self._work is not None:
            self._work.join(MOMENT_S)
        self._work = None
        if self._again:
            self.start()
        else:
            self.panel.model.halt()
            self._say(self._summary(), 1.0)
            self._show_place()

    def _summary(self) -> str:
        model = self.panel.model
        done, failed = model.count("done", "unchanged"), model.count("failed")
        name = self.single.name if self.single is not None else self.tr("Several recordings")
        words = self.tr("{}: {} of {} done").format(name, done, len(model.rows))
        return words + (self.tr(", {} failed").format(failed) if failed else "")

    def _say(self, words: str, fraction: float | None) -> None:
        self.panel.show_state(words, fraction, busy=self.busy)

    def _show_place(self) -> None:
        self.panel.show_place(self.out, (self.out / "report.html").exists())

    # opening what is in it

    def meeting_of(self, recording: Path) -> Path | None:
        """The meeting file among the results that has the turns of a recording."""
        from core.archive.places import own_meeting

        n = self.panel.model.row_of(recording)
        if n is None or self.panel.model.rows[n].record is None:
            return None
        return own_meeting(self.out, self.panel.model.rows[n].recording)

    @pyqtSlot(object)
    def _open_row(self, row: RecordingRow) -> None:
        self._open(Path(row.recording.source), None)

    @pyqtSlot(object)
    def _open_voice(self, one: Linked) -> None:
        self._open(Path(one.record.recording.source), one.spoken.id)

    def _open(self, path: Path, speaker: int | None) -> None:
        self._wanted = None if speaker is None else (path, speaker)
        if path == self._session.path:
            self._arrive()
        else:
            self.open_wanted.emit(path)

    @pyqtSlot()
    def _on_recording(self) -> None:
        self.panel.mark(self._session.path)

    @pyqtSlot()
    def _on_annotation(self) -> None:
        if self._wanted is not None:
            QTimer.singleShot(0, self._arrive)  # once everybody shows the turns

    @pyqtSlot()
    def _arrive(self) -> None:
        """Go to the first turn of the speaker for whom the recording was opened."""
        session = self._session
        if self._wanted is None or self._wanted[0] != session.path or not session.complete:
            return
        speaker, self._wanted = self._wanted[1], None
        turns = session.annotation.turns_of(speaker)
        if turns:
            self._editors.speakers.pick(speaker)
            self._editors.turns.select(turns[:1])
            self._editors.scene.transport.seek(turns[0].start)

    # one voice

    def find_voice(self) -> None:
        """Show in which other recordings of the folder the current speaker speaks."""
        speaker, recording = self._editors.speakers.current, self._session.path
        if speaker is None or recording is None:
            return
        if self.path is None:
            told = self.tr("Open the folder of recordings to look for this voice in")
            way = Way(self.tr("Open folder…"), self.choose)
            self._notices.show_problem(Problem(told, severe=False, ways=(way,)))
            return
        if self._searching is not None:
            self._searching[0].cancel()
        records = tuple(r.record for r in self.panel.model.rows if r.record is not None)
        search = VoiceSearch(self.out, records, self._meetings.current(), speaker.id)
        self._searching = (search, called(speaker), recording.name)
        search.done.connect(self._on_found)
        self._run(search)

    @pyqtSlot(object)
    def _on_found(self, found: list[Linked]) -> None:
        if self._searching is not None and self._searching[0] is self.sender():
            _, name, recording = self._searching
            self._searching = None
            self.changed.emit()  # the panel may have been put away
            self.panel.show_voice(name, recording, found)

    # the window closes

    def cancel(self) -> None:
        self._ending, self._again = True, False
        if self._work is not None:
            self._work.cancel()

    def join(self, timeout_s: float) -> bool:
        """Wait for the work to end, its processes too; False if it has not by then."""
        return self._work is None or self._work.join(timeout_s)
