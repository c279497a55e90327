"""The main window: puts the parts together and connects them; what they do is theirs."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PyQt5.QtCore import QEvent, QSettings, Qt, QTimer, QUrl, pyqtSignal, pyqtSlot
from PyQt5.QtGui import QCloseEvent, QDesktopServices, QDragEnterEvent, QDropEvent
from PyQt5.QtWidgets import QMainWindow, QMessageBox, QStackedWidget, QVBoxLayout, QWidget

from app import actions
from app.comparing.comparing import Comparing
from app.editing.audition import Audition
from app.editing.markers import MarkerMenu, Marking
from app.editing.speakers import SpeakerEditing
from app.editing.turns import Editing
from app.folder.folder import Folder
from app.listening.faint_speakers import Ghosts
from app.listening.listening import Listening
from app.listening.speaker_count import SpeakerCountPanel
from app.listening.usual_speakers import Diarize
from app.listening.worker import prepare_engine
from app.meetings.meetings import Meetings
from app.playback.clip_player import ClipPlayer
from app.playback.player import Player
from app.playback.transport import Transport
from app.preferences import Preferences
from app.recording.following import LiveView
from app.recording.inputs import Inputs, Sound, real_sound
from app.recording.live import Live
from app.recording.panel import CapturePanel
from app.recording.recovery import Recovery
from app.session import Session
from app.settings import shortcuts
from app.startup import describe, log_folder, version
from app.style.icons import app_icon
from app.style.marks import marks
from app.style.palette import use_colours
from app.style.theme import use_theme
from app.timeline.view import TimelineView
from app.translation import use_language
from app.translation import wanted as wanted_language
from app.voices.keeping import Remembering, VoiceKeeping
from app.voices.known import KnownVoices
from app.voices.questions import VoiceQuestions
from app.widgets.go_to import GoTo
from app.widgets.notices import NoticeArea, Problem
from app.widgets.status import StatusBar
from app.widgets.workers import Task, Worker
from app.window.context_menus import ContextMenus
from app.window.docks import Docks
from app.window.help_sheet import HelpSheet
from app.window.menus import ToolBar, fill_menu_bar
from app.window.recent import RecentFiles, RecentMenu
from app.window.welcome import Welcome
from core.errors import VoicelanesError
from core.meeting.names import candidates
from core.units import to_samples

if TYPE_CHECKING:
    from app.export.tasks import Job
    from core.pipeline import Result

log = logging.getLogger("voicelanes")

SAMPLE = Path(__file__).resolve().parents[2] / "assets" / "sample.opus"
PATIENCE_S = 10.0
"""How long closing waits for a worker that was told to stop. The window is hidden by then."""


class MainWindow(QMainWindow):
    """One recording, its lanes, and everything one can do with them.

    Parameters
    ----------
    settings
        Recent files and the window's place.
    player
        Stands in for the sound card.
    diarize
        Stands in for ``core.pipeline.diarize_file``.
    prepare
        Stands in for loading the engine behind the first paint.
    sound
        Stands in for the microphones.
    """

    first_painted = pyqtSignal()

    def __init__(
        self,
        settings: QSettings | None = None,
        *,
        player: Player | None = None,
        diarize: Callable[..., Result] | None = None,
        prepare: Callable[[], None] = prepare_engine,
        sound: Sound | None = None,
    ) -> None:
        super().__init__()
        self.setObjectName("main")
        self.setWindowIcon(app_icon())
        self.setAcceptDrops(True)
        self.resize(1180, 720)
        self.settings = settings or QSettings("Voicelanes", "Voicelanes")
        self.preferences = Preferences(self.settings, self)
        damaged = self.preferences.drop_damaged()
        use_language(wanted_language(self.settings))
        use_theme(self.preferences.theme)
        use_colours(self.preferences.colours)
        self.recent = RecentFiles(self.settings)
        self.session = Session(self)
        self.player = player or Player(self)
        self.timeline = TimelineView()
        self.transport = Transport(self.session, self.player, self.timeline, self)
        self.editing = Editing(self.session, self.timeline, self.transport, self.player, self)
        self.speaker_editing = SpeakerEditing(self.session, self.timeline, self)
        self.marking = Marking(self.session, self.timeline, self.transport, self.player, self)
        self.audition = Audition(
            self.session, self.timeline, self.transport, self.player, self.speaker_editing, self
        )
        self.listening = Listening(self.session, diarize or Diarize(self.preferences), self)
        self.meetings = Meetings(
            self.session, self.listening, self.preferences, self, read_only=SAMPLE.parent
        )
        sound = sound or real_sound()
        self.inputs = Inputs(self.preferences, sound, self)
        self.live = Live(self.session, self.inputs, self.listening, self.preferences, sound, self)
        self.capture = CapturePanel(self.live, self.inputs)
        self._live_view = LiveView(self.session, self.timeline, self.transport, self)
        self.recovery = Recovery(self.session, self)
        self._once_saved: Callable[[], object] | None = None
        self._ending = False
        self._tasks: list[Worker] = []
        self.folder = Folder(
            self.session,
            self.meetings,
            self.speaker_editing,
            self.editing,
            self.transport,
            self.preferences,
            self.open_recording,
            self._begin,
            self,
        )
        self.docks = Docks(
            self,
            self.session,
            self.editing,
            self.transport,
            self.timeline,
            self.speaker_editing,
            self.folder.panel,
            self._begin,
        )
        self.notices = NoticeArea()
        if damaged:
            told = self.tr("Some settings could not be read and are as at first: {}")
            self.notices.tell(told.format(", ".join(damaged)))
        self.ghosts = Ghosts(self.session, self.notices, self._begin, self)
        self.welcome = Welcome(SAMPLE if SAMPLE.exists() else None)
        self.bar = StatusBar()
        self.voice_keeping = VoiceKeeping(self.session, self.meetings, self.speaker_editing, self)
        self.known_voices = KnownVoices(
            self.session, self.voice_keeping, self.speaker_editing, self
        )
        self.clips = ClipPlayer(self)
        self.voice_questions = VoiceQuestions(self.session)
        self._prepare = prepare
        self._help: HelpSheet | None = None
        self._painted = False

        self.comparing = Comparing(
            self, self.session, self.timeline, self.transport, self.player, self._begin
        )
        self.speaker_count = SpeakerCountPanel(
            self.session, self.timeline, self.preferences, self._begin
        )
        self._pages = QStackedWidget()
        self._pages.addWidget(self.welcome)
        self._pages.addWidget(self.timeline)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._pages, 1)
        column.addWidget(self.voice_questions)
        column.addWidget(self.speaker_count)
        column.addWidget(self.comparing.panel)
        column.addWidget(self.notices)
        self.setCentralWidget(middle)
        self.setStatusBar(self.bar)
        self.actions_by_id = actions.build(self)
        self._recent_menu = RecentMenu(self.recent, self)
        self._marker_menu = MarkerMenu(self.session, self)
        fill_menu_bar(self, self.actions_by_id, self._recent_menu, self._marker_menu)
        self._context_menus = ContextMenus(
            self.actions_by_id,
            self.session,
            self.timeline,
            self.transport,
            self.editing,
            self.speaker_editing,
            self.marking,
            self,
        )
        self._tools = ToolBar(self.actions_by_id, self)
        self.addToolBar(self._tools)
        self.addToolBarBreak()
        self.addToolBar(self.capture)
        self._connect()
        self._restore_place()
        self._on_recording()
        self._on_meeting()

    def _connect(self) -> None:
        session, listening = self.session, self.listening
        session.recording_changed.connect(self._on_recording)
        session.duration_changed.connect(self._on_duration)
        session.sound_grew.connect(self.timeline.refresh)
        session.annotation_changed.connect(self._on_annotation)
        listening.state_changed.connect(self._on_state)
        self.meetings.path_changed.connect(self._on_meeting)
        self.meetings.unsaved_changed.connect(self.setWindowModified)
        self.meetings.saved.connect(self._on_saved)
        self.meetings.told.connect(self.notices.show_problem)
        self.meetings.failed.connect(self.show_error)
        listening.failed.connect(self.show_error)
        listening.warned.connect(self.notices.tell)
        self.transport.moved.connect(self._on_moved)
        for part in (
            *(self.editing, self.speaker_editing, self.marking, self.audition),
            self.ghosts,
        ):
            part.failed.connect(self.show_error)
        self.ghosts.changed.connect(self.docks.speakers.flag)
        self.ghosts.sample_wanted.connect(self.speaker_editing.pick)
        self.ghosts.sample_wanted.connect(lambda _speaker: self.audition.play_sample())
        self._marker_menu.chosen.connect(self.marking.go_to)
        session.undo.canUndoChanged.connect(self._enable)
        session.undo.canRedoChanged.connect(self._enable)
        session.undo.undoTextChanged.connect(self._name_steps)
        session.undo.redoTextChanged.connect(self._name_steps)
        self.folder.failed.connect(self.show_error)
        self.folder.told.connect(self.notices.show_problem)
        self.folder.changed.connect(self._on_folder)
        self.docks.speakers.menu_wanted.connect(self._context_menus.show_for_speaker)
        self.docks.failed.connect(self.show_error)
        self.docks.attach(self.actions_by_id)
        self.preferences.changed.connect(self._on_preference)
        shortcuts.apply(self.actions_by_id, self.preferences.shortcuts)
        self.comparing.changed.connect(self._enable)
        self.player.state_changed.connect(self._tools.show_playing)
        self.player.failed.connect(self._on_player_failed)
        self.player.told.connect(self.notices.tell)
        self.player.set_device(self.preferences.output_device)
        self.actions_by_id["follow"].setChecked(self.timeline.follow)
        self.timeline.follow_changed.connect(self.actions_by_id["follow"].setChecked)
        self.bar.cancel_clicked.connect(self.cancel)
        self._connect_live()
        self._connect_voices()
        self.welcome.open_clicked.connect(self.choose_recording)
        self.welcome.file_clicked.connect(self.open_recording)
        self._recent_menu.chosen.connect(self.open_recording)
        self._recent_menu.cleared.connect(self._show_recent)

    def _connect_live(self) -> None:
        live, problems = self.live, self.live.problems
        live.state_changed.connect(self._on_state)
        live.state_changed.connect(lambda: self._tools.show_recording(live.state))
        live.changed.connect(self._on_live)
        live.told.connect(self.notices.show_problem)
        live.over.connect(self.notices.withdraw)
        live.failed.connect(self.show_error)
        live.recorded.connect(self._on_recorded)
        self.recovery.recovered.connect(self.open_recording)
        self.recovery.failed.connect(self.show_error)
        self.inputs.failed.connect(self.show_error)
        self.session.live_changed.connect(self._on_live_changed)
        self.capture.record.clicked.connect(self.record)
        self.capture.folder_clicked.connect(self.choose_recordings_folder)
        self.capture.marker_clicked.connect(self.marking.add)
        self.welcome.record_clicked.connect(self.record)
        self.capture.wanted_changed.connect(self.actions_by_id["panel_capture"].setChecked)
        self.welcome.check_clicked.connect(self._show_capture)
        problems.input_wanted.connect(self.capture.choose_input)
        problems.folder_wanted.connect(self.choose_recordings_folder)
        problems.listen_wanted.connect(self.open_recording)
        self.actions_by_id["play"].triggered.connect(self._explain_silence)

    def _connect_voices(self) -> None:
        known, keeping, asked = self.known_voices, self.voice_keeping, self.voice_questions
        for part in (known, keeping):
            part.noticed.connect(self.notices.show_problem)
            part.failed.connect(self.show_error)
        known.withdrawn.connect(self.notices.withdraw)
        keeping.asked.connect(self._ask_to_remember)
        keeping.changed.connect(self.live.know_voices)
        self.session.names_changed.connect(self._show_names)
        asked.yes.connect(known.confirm)
        asked.no.connect(known.deny)
        asked.speaker_wanted.connect(self._play_speaker)
        asked.voice_wanted.connect(self._play_voice)
        self.clips.failed.connect(self._on_player_failed)

    # opening and closing

    def choose_recording(self) -> None:
        """Ask for a recording and open it."""
        from app.widgets import (
            dialogs,  # the formats take a moment to load, which the start needn't wait for
        )

        dialogs.ask_recording(self, self.preferences.folder, self.open_recording)

    @pyqtSlot(object)
    def open_recording(self, path: Path) -> None:
        """Open its meeting, or begin to listen, once it has proved to be a recording.

        Of a folder, all recordings.
        """
        if path.is_dir():
            self.folder.open(path)
        else:
            known = self.folder.meeting_of(path)
            self._after_recording(lambda: self.meetings.open(path, known))

    def close_recording(self) -> None:
        self._after_recording(lambda: self.meetings.leave(self._close))

    def _close(self) -> None:
        self.player.stop()
        self.listening.close()

    def cancel(self) -> None:
        """Stop the work under way; the turns found so far stay."""
        self.listening.cancel()

    @pyqtSlot(object)
    def _on_saved(self, path: Path) -> None:
        self.bar.showMessage(self.tr("Saved {}").format(path), 8000)
        then, self._once_saved = self._once_saved, None
        if then is not None:
            then()

    # recording

    def record(self) -> None:
        """Record, once it is decided about what isn't saved; pause, or go on, if it runs."""
        if self.live.busy:
            self.live.toggle()
        else:
            self.meetings.leave(self.live.record)

    def choose_recordings_folder(self) -> None:
        """Ask where recordings are kept from now on."""
        from app.recording.questions import ask_folder

        def chosen(folder: str) -> None:
            self.preferences.recordings_folder = folder
            self.inputs.changed.emit()

        ask_folder(self, str(self.live.folder), chosen)

    def _after_recording(self, then: Callable[[], object]) -> None:
        """Do something that needs the microphone's recording to be over, heard and saved."""
        from app.recording.questions import ask_stop

        def go_on() -> None:
            if self.meetings.unsaved:  # it is being written
                self._once_saved = then
            else:
                then()

        if self.live.recording:
            ask_stop(self, lambda: self.live.stop(go_on))
        elif self.live.busy:
            self.live.stop(go_on)
        else:
            then()

    @pyqtSlot(object)
    def _on_recorded(self, _path: Path) -> None:
        self.session.mark_unsaved()  # whoever wants to close meanwhile has to wait
        self.known_voices.when_named(self.meetings.save)

    @pyqtSlot()
    def _on_live(self) -> None:
        if self.live.state == "finishing":
            self._on_state()  # it says how much is left

    @pyqtSlot()
    def _on_live_changed(self) -> None:
        path = self.session.path
        if path is not None and not self.session.live:
            self.player.open(path, self.session.track)
            self._on_moved(0)

    def _show_capture(self) -> None:
        self.capture.show_panel(True)

    def _explain_silence(self) -> None:
        if self.session.live:
            self.bar.showMessage(
                self.tr("Playing is possible after Stop: the microphone would hear it"), 6000
            )

    @pyqtSlot()
    def _on_meeting(self) -> None:
        """Another meeting file: the title and the recent files."""
        path, meeting = self.session.path, self.meetings.path
        if path is None:
            self.setWindowTitle("Voicelanes")
            return
        elsewhere = meeting is not None and meeting not in candidates(path)
        name = meeting.name if meeting is not None and elsewhere else path.name
        self.setWindowTitle(f"{name}[*] – Voicelanes")
        if path != SAMPLE:  # which is on the first page anyway
            self.recent.add(meeting if meeting is not None and elsewhere else path)

    def export_turns(self) -> None:
        """Ask what to export, where to and how, with a preview."""
        from app.export.dialog import ExportDialog
        from core.formats import About

        session, path = self.session, self.session.path
        if path is None:
            return
        selection = self.transport.selection
        dialog = ExportDialog(
            session.annotation,
            About(path.stem, path, session.peaks, track=session.track),
            (to_samples(selection[0]), to_samples(selection[1])) if selection else None,
            self.settings,
            self._begin,
            self,
        )
        dialog.chosen.connect(self._export)
        dialog.open()

    @pyqtSlot(object)
    def _export(self, job: Job) -> None:
        from app.export.tasks import Export

        task = Export(job)
        task.done.connect(self._on_exported)
        task.failed.connect(self.bar.clearMessage)
        task.cancelled.connect(self.bar.clearMessage)
        task.progressed.connect(self._on_export_progress)
        self.bar.showMessage(self.tr("Exporting…"))
        self._begin(task)

    @pyqtSlot(int)
    def _on_export_progress(self, percent: int) -> None:
        self.bar.showMessage(self.tr("Exporting… {} %").format(percent))

    @pyqtSlot(object)
    def _on_exported(self, files: tuple[Path, ...]) -> None:
        names = ", ".join(file.name for file in files)
        self.bar.showMessage(self.tr("Exported {} to {}").format(names, files[0].parent), 8000)

    def _begin(self, task: Worker) -> None:
        task.failed.connect(self.show_error)
        task.ended.connect(self._forget_ended)
        self._tasks.append(task)
        task.start()

    @pyqtSlot()
    def _forget_ended(self) -> None:
        # a QThread may only go when its thread has ended, which takes it another moment
        task = self.sender()
        if isinstance(task, Worker):
            task.join(PATIENCE_S)
            self._tasks.remove(task)

    @pyqtSlot()
    def _show_recent(self) -> None:
        self.welcome.set_recent(self.recent.paths())

    # what the parts say

    @pyqtSlot()
    def _on_recording(self) -> None:
        path, session = self.session.path, self.session
        self.timeline.set_annotation(session.annotation)
        self.timeline.set_duration(session.duration)
        if path is None:
            self.player.close()
            self.docks.present(False)
            self._show_recent()
            self._pages.setCurrentWidget(self.welcome)
        else:
            if path != SAMPLE:
                self.preferences.folder = str(path.absolute().parent)
            self.timeline.set_peaks(session.peaks)
            self._pages.setCurrentWidget(self.timeline)
            self.timeline.follow = self.preferences.follow
            self.docks.present(True)
            self.timeline.setFocus()
            self.timeline.fit()
            if session.live:
                self.player.close()
            else:
                self.player.open(path, self.session.track)
        self.timeline.set_position(0.0)
        self._on_annotation()
        self._on_moved(0)

    @pyqtSlot()
    def _on_folder(self) -> None:
        self.docks.present_folder(self.folder.path is not None)
        self._enable()

    @pyqtSlot()
    def _on_duration(self) -> None:
        session = self.session
        self.timeline.set_duration(session.duration)
        following = session.live and self.timeline.follow
        self._on_moved(session.duration if following else self.player.position)

    @pyqtSlot()
    def _on_annotation(self) -> None:
        self.timeline.set_annotation(self.session.annotation)
        self.bar.set_found(self.session.annotation if self.session.is_open else None)
        self._show_names()

    @pyqtSlot()
    def _show_names(self) -> None:
        self.timeline.names.set_marks(marks(self.session.annotation, self.session.names))
        self._enable()

    @pyqtSlot(int)
    def _on_moved(self, samples: int) -> None:
        self.bar.set_time(samples, self.session.duration if self.session.is_open else None)

    @pyqtSlot()
    def _on_state(self) -> None:
        listening, live = self.listening, self.live
        if live.state in ("finishing", "refining"):
            self.bar.set_busy(live.words, None, can_cancel=False)
        elif live.busy:
            self.bar.set_idle(live.words)
        elif listening.busy:
            self.bar.set_busy(
                listening.state or self.tr("Opening…"),
                listening.fraction,
                can_cancel=not listening.cancelling,
            )
        else:
            self.bar.set_idle(listening.state)
        self._enable()

    def _name_steps(self) -> None:
        """The menu says what would be undone."""
        undo = self.session.undo
        for row, what in (("undo", undo.undoText()), ("redo", undo.redoText())):
            text = self.tr("&Undo: {}") if row == "undo" else self.tr("&Redo: {}")
            plain = self.tr("&Undo") if row == "undo" else self.tr("&Redo")
            self.actions_by_id[row].setText(text.format(what) if what else plain)

    def _enable(self) -> None:
        live = self.live
        there = {actions.BUSY if self.listening.busy else actions.IDLE}
        if live.busy:
            there.discard(actions.IDLE)
        if live.recording:
            there.add(actions.LIVE)
        if live.state in ("idle", "recording", "paused"):
            there.add(actions.MICROPHONE)
        if self.session.is_open:
            there.add(actions.RECORDING)
        if self.session.annotation.turns:
            there.add(actions.TURNS)
        if self.session.annotation.speakers:
            there.add(actions.SPEAKERS)
        if self.session.complete:
            there.add(actions.COMPLETE)
        if self.session.complete or self.session.live:
            there.add(actions.GIVABLE)
        if self.session.complete or not (self.listening.busy or self.session.live):
            there.add(actions.SAVABLE)
        if self.session.undo.canUndo():
            there.add(actions.UNDO)
        if self.session.undo.canRedo():
            there.add(actions.REDO)
        if self.known_voices.subject() is not None:
            there.add(actions.ASKED)
        if self.comparing.active:
            there.add(actions.COMPARED)
        if self.folder.path is not None:
            there.add(actions.FOLDER)
        actions.enable(self.actions_by_id, frozenset(there))

    @pyqtSlot(str)
    def _on_player_failed(self, message: str) -> None:
        self.notices.show_problem(Problem(message))

    @pyqtSlot(object)
    def show_error(self, error: BaseException) -> None:
        """Show any exception as a notice, and log the unexpected."""
        if not isinstance(error, VoicelanesError):
            log.error("failed: %s", describe(type(error), error.__traceback__))
        self.notices.show_error(error)

    # known voices

    def show_voices(self) -> None:
        """The voices that are remembered."""
        from app.voices.dialog import VoicesDialog

        keeping = self.voice_keeping
        self.player.pause()
        self.clips.device = self.preferences.output_device
        clips = None if self.session.live else self.clips
        dialog = VoicesDialog(keeping.jobs, clips, keeping.test(), self)
        dialog.changed.connect(self.known_voices.look_again)
        dialog.changed.connect(self.live.know_voices)
        dialog.renew_wanted.connect(keeping.renew)
        keeping.changed.connect(dialog.on_changed)
        keeping.failed.connect(dialog.on_failed)
        dialog.open()

    @pyqtSlot(object)
    def _ask_to_remember(self, what: Remembering) -> None:
        from app.voices.remember_dialog import RememberDialog
        from core.voices.book import voices_path

        dialog = RememberDialog(what.speaker, what.names, voices_path(), self)
        dialog.chosen.connect(self.voice_keeping.remember_as)
        dialog.open()

    @pyqtSlot(int)
    def _play_speaker(self, speaker: int) -> None:
        self.clips.stop()
        self.speaker_editing.pick(speaker)
        self.audition.play_sample()

    @pyqtSlot(int)
    def _play_voice(self, voice: int) -> None:
        """The longest sample that is kept."""
        self.player.pause()
        self.clips.device = self.preferences.output_device
        self.voice_keeping.clip_of(voice, self.clips.play)

    # help

    def go_to_time(self) -> None:
        dialog = GoTo(self.player.position, self.session.duration, self)
        dialog.chosen.connect(self.transport.seek)
        dialog.open()

    def show_help(self) -> None:
        if self._help is None:
            self._help = HelpSheet(self.actions_by_id, self)
        self._help.show()
        self._help.raise_()
        self._help.activateWindow()

    def show_settings(self) -> None:
        from app.settings.dialog import SettingsDialog

        SettingsDialog(self.preferences, self.inputs, self.live.folder, self).open()

    @pyqtSlot(str)
    def _on_preference(self, name: str) -> None:
        """A setting is another: what it is about follows at once."""
        if name == "theme":
            use_theme(self.preferences.theme)
        elif name == "shortcuts":
            shortcuts.apply(self.actions_by_id, self.preferences.shortcuts)
        elif name == "follow":
            self.timeline.follow = self.preferences.follow
        elif name == "colours":
            use_colours(self.preferences.colours)
            self.session.annotation_changed.emit()  # everybody paints speakers anew
        elif name == "output_device":
            self.player.set_device(self.preferences.output_device)

    def open_log_folder(self) -> None:
        folder = log_folder()
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            self.notices.tell(self.tr("The log is in {}").format(folder))

    def show_about(self) -> None:
        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle(self.tr("About Voicelanes"))
        box.setIconPixmap(app_icon().pixmap(64, 64))
        box.setText(self.tr("<b>Voicelanes {}</b><br>shows who speaks when").format(version()))
        box.setInformativeText(
            self.tr(
                "Everything runs on this computer: no account and no network.<br>"
                "Free software under the GNU General Public License, version 3 or later."
            )
        )
        box.open()

    # the window itself

    def event(self, event: QEvent | None) -> bool:
        handled = bool(super().event(event))
        if event.type() == QEvent.Type.Paint and not self._painted:
            self._painted = True
            QTimer.singleShot(0, self._after_first_paint)
        return handled

    def _after_first_paint(self) -> None:
        self.first_painted.emit()
        if self.isVisible() and not self.listening.busy:  # which would load the same
            self._begin(Task("warm-up", self._prepare))
            self.meetings.offer_unsaved()
            self.recovery.offer(self.live.folder)

    def changeEvent(self, event: QEvent | None) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_tools"):
            self._tools.draw_icons(self.player.playing)
            self._tools.show_recording(self.live.state)
            self.capture.draw_icons()

    def dragEnterEvent(self, event: QDragEnterEvent | None) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent | None) -> None:
        event.acceptProposedAction()
        urls = event.mimeData().urls()
        paths = [Path(u.toLocalFile()) for u in urls if u.isLocalFile()]
        if len(urls) != 1:
            self.notices.tell(
                self.tr("{} files were dropped: drop one recording at a time").format(len(urls))
            )
        elif not paths:
            self.notices.tell(self.tr("That is not a file on this computer: download it first"))
        else:
            self.open_recording(paths[0])

    def end(self) -> None:
        """Close without a question: unsaved changes are offered at the next start."""
        self._ending = True
        self.meetings.end()
        self.close()

    def _restore_place(self) -> None:
        if not self.preferences.place.isEmpty():
            self.restoreGeometry(self.preferences.place)
        self.docks.restore(self.preferences.layout)
        self.capture.present()

    def closeEvent(self, event: QCloseEvent | None) -> None:
        """Gone from the screen at once; then every worker is told to stop and waited for."""
        if self.live.busy and not self._ending:
            event.ignore()
            self._ending = not self.live.recording  # whoever can't wait closes it again
            self._after_recording(self.close)
            return
        if not self.meetings.may_close():
            event.ignore()
            return
        self.preferences.place = self.saveGeometry()
        self.hide()
        self.preferences.layout = self.docks.state()
        self.player.close()
        self.clips.stop()
        workers: list[Any] = [
            *(*self._tasks, self.live, self.inputs, self.recovery),
            *(self.known_voices, self.listening, self.meetings, self.folder),
        ]
        for worker in workers:
            worker.cancel()
        stuck = [w for w in workers if not w.join(PATIENCE_S)]
        if stuck:
            log.error("%d workers did not stop in time", len(stuck))
            _STUCK.extend([*stuck, self])
        event.accept()


_STUCK: list[Any] = []
"""Workers that did not stop, for ever: Qt aborts the process if a running thread is destroyed."""


def anything_stuck() -> bool:
    """Whether the process has to end without taking things apart."""
    return bool(_STUCK)
