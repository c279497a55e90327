"""The main window: puts the parts together and connects them; what they do is theirs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt5.QtCore import QEvent, QSettings, QTimer, pyqtSignal, pyqtSlot
from PyQt5.QtGui import QCloseEvent
from PyQt5.QtWidgets import QMainWindow, QVBoxLayout, QWidget

from app import actions
from app.comparing.comparing import Comparing
from app.editing.editors import Editors
from app.editing.markers import MarkerMenu
from app.editing.walk import Walk
from app.export.exporting import Exporting
from app.folder.folder import Folder
from app.help.helping import Help
from app.help.tour import Tour
from app.home.left_off import LeftOff
from app.listening.channels import ChannelsOfPeople
from app.listening.faint_speakers import Ghosts
from app.listening.listening import Listening
from app.listening.speaker_count import SpeakerCountPanel
from app.listening.usual_speakers import Diarize
from app.listening.worker import prepare_engine
from app.meetings.meetings import Meetings
from app.playback.clip_player import ClipPlayer
from app.playback.controls import Controls
from app.playback.player import Player
from app.playback.scene import Scene
from app.playback.spectrograms import Spectrograms
from app.playback.transport import Transport
from app.preferences import Preferences
from app.recording.capturing import Capturing
from app.recording.following import LiveView
from app.recording.inputs import Inputs, Sound, real_sound
from app.recording.live import Live
from app.recording.panel import CapturePanel
from app.recording.recovery import Recovery
from app.session import Session
from app.style.icons import app_icon
from app.style.palette import use_colours
from app.style.theme import use_theme
from app.timeline.view import TimelineView
from app.translation import use_language
from app.translation import wanted as wanted_language
from app.voices.keeping import VoiceKeeping
from app.voices.known import KnownVoices
from app.voices.questions import VoiceQuestions
from app.voices.recognising import Recognising
from app.widgets.go_to import GoTo
from app.widgets.host import Host
from app.widgets.notices import NoticeArea
from app.widgets.status import StatusBar
from app.widgets.workers import Task
from app.window.applying import Applying
from app.window.availability import Parts, available
from app.window.context_menus import ContextMenus
from app.window.docks import Docks
from app.window.file_drop import FileDrop
from app.window.menus import ToolBar, fill_menu_bar, name_steps
from app.window.opening import Opening
from app.window.presenting import Pages, Presenting
from app.window.recent import RecentFiles, RecentMenu
from app.window.sound_tracks import SoundTracks
from app.window.telling import Title, WorkStatus
from app.window.welcome import SAMPLE
from app.window.work import Work
from app.words.importing import WordImport
from app.words.recognising import WordRecognition

if TYPE_CHECKING:
    from core.pipeline import Result


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
        self.resize(1180, 720)
        self.settings = settings or QSettings("Voicelanes", "Voicelanes")
        self.preferences = Preferences(self.settings, self)
        damaged = self.preferences.drop_damaged()
        use_language(wanted_language(self.settings))
        use_theme(self.preferences.theme)
        use_colours(self.preferences.colours)
        self._prepare = prepare
        self._painted = self._ending = False
        self.notices = NoticeArea()
        if damaged:
            told = self.tr("Some settings could not be read and are as at first: {}")
            self.notices.tell(told.format(", ".join(damaged)), general=True)
        self.bar = StatusBar()
        self.work = Work(self.notices, self)
        host = Host(self, self.notices, self.bar, self.work.run)
        self._make_parts(host, player, diarize, sound or real_sound())
        self._lay_out(host)
        self._make_menus(host)
        self._connect_meeting(host)
        self._connect_recording()
        self._connect_window(host)
        self._restore_place()
        self._presenting.show_recording()
        self._title.refresh()

    def _make_parts(
        self,
        host: Host,
        player: Player | None,
        diarize: Callable[..., Result] | None,
        sound: Sound,
    ) -> None:
        """All that a person works with, each given what it works on."""
        preferences = self.preferences
        self.session = session = Session(self)
        session.recording_changed.connect(self.notices.clear)  # before others tell of the new one
        self.player = player or Player(self)
        self.timeline = TimelineView()
        self.transport = Transport(session, self.player, self.timeline, self)
        self.scene = scene = Scene(session, self.timeline, self.transport, self.player)
        self.editors = editors = Editors.of(scene, host)
        usual = Diarize(preferences)
        self.listening = Listening(session, diarize or usual, host)
        self.meetings = Meetings(
            session, self.listening, preferences, host, read_only=SAMPLE.parent
        )
        self.sound_tracks = SoundTracks(session, host)
        self.inputs = Inputs(preferences, sound, host)
        self.live = Live(session, self.inputs, self.listening, preferences, host)
        self.capture = CapturePanel(self.live, self.inputs)
        self._live_view = LiveView(session, self.timeline, self.transport, self)
        self.capturing = Capturing(session, self.live, self.capture, self.meetings, host)
        self.recovery = Recovery(host)
        self.folder = Folder(editors, self.meetings, preferences, host)
        self.opening = Opening(self.meetings, self.folder, self.capturing, preferences, host)
        self.docks = Docks(editors, self.folder.panel, host)
        self.ghosts = Ghosts(editors, host)
        self.voice_keeping = VoiceKeeping(session, self.meetings, editors.speakers, host)
        self.known_voices = KnownVoices(session, self.voice_keeping, editors.speakers, host)
        self.voice_questions = VoiceQuestions(session)
        self.clips = ClipPlayer(self)
        self.recognising = Recognising(
            editors, self.known_voices, self.voice_questions, self.clips, host
        )
        self.word_import = WordImport(session, preferences, host)
        self.word_recognition = WordRecognition(session, preferences, host)
        self._channels = ChannelsOfPeople(
            session,
            self.listening,
            usual.mix,
            self.known_voices.when_named,
            self.meetings.listen_again,
            host,
        )
        self.live.sides_told.connect(self._channels.name_sides)
        self.comparing = Comparing(scene, host)
        self.exporting = Exporting(scene, editors.turns.doubts, self.settings, host)
        self.speaker_count = SpeakerCountPanel(session, self.timeline, preferences, host.run)
        self.spectrograms = Spectrograms(scene, host)
        self.walk = Walk(scene, editors.turns, host)
        self.walk.watch(self.timeline)
        self.walk.learn_wanted.connect(self.speaker_count.again)
        parts = {
            "lanes": self.timeline,
            "names": self.timeline.names,
            "count": self.speaker_count,
            "panels": self.docks.dock("speakers"),
        }
        self.tour = Tour(session, lambda: self.opening.open(SAMPLE), parts, host)
        # what actions of the table and their tests call them
        self.editing, self.speaker_editing = editors.turns, editors.speakers
        self.marking, self.audition = editors.markers, editors.audition

    def _lay_out(self, host: Host) -> None:
        self.recent = RecentFiles(self.settings)
        self._left = LeftOff(self.scene, self.meetings, self.preferences, self, never=SAMPLE)
        self._pages = Pages(self.scene, self.recent, self._left, host, lambda: self.live.folder)
        self.welcome = self._pages.welcome
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._pages, 1)
        strips = (self.walk, self.voice_questions, self.speaker_count, self.comparing.panel)
        for strip in strips:
            column.addWidget(strip)
        column.addWidget(self.notices)
        self.setCentralWidget(middle)
        self.setStatusBar(self.bar)

    def _make_menus(self, host: Host) -> None:
        self.help = Help(host)
        self.actions_by_id = actions.build(self)
        self.help.actions = self.actions_by_id
        recent, markers = RecentMenu(self.recent, self), MarkerMenu(self.session, self)
        fill_menu_bar(self, self.actions_by_id, recent, markers)
        recent.chosen.connect(self.opening.open)
        recent.cleared.connect(self._pages.show_recent)
        markers.chosen.connect(self.marking.go_to)
        menus = ContextMenus(self.actions_by_id, self.editors, self)
        self.docks.speakers.menu_wanted.connect(menus.show_for_speaker)
        self.docks.attach(self.actions_by_id)
        controls = Controls(self.transport, self.preferences)
        self.tools = ToolBar(self.actions_by_id, controls, self)
        self.addToolBar(self.tools)
        self.addToolBarBreak()
        self.addToolBar(self.capture)
        self.tour.parts["tools"] = self.tools

    def _connect_meeting(self, host: Host) -> None:
        """The open recording, its turns and their speakers."""
        self._presenting = Presenting(self.scene, self._pages, self.docks, self.preferences, host)
        self._title = Title(self.session, self.live, self.meetings, self.recent, host)
        self._status = WorkStatus(
            self.session, self.listening, self.live, self.word_recognition, self.meetings, host
        )
        self.ghosts.changed.connect(self.docks.speakers.flag)
        self.listening.track_wanted.connect(self.sound_tracks.ask)
        self.sound_tracks.chosen.connect(self.opening.open_track)
        self.word_import.imported.connect(self.docks.read_words)
        self.word_recognition.recognised.connect(self.docks.read_words)
        self.folder.changed.connect(self._on_folder)
        self.recognising.changed.connect(self.live.know_voices)
        for step in (self.session.undo.undoTextChanged, self.session.undo.redoTextChanged):
            step.connect(self._on_steps)

    def _connect_recording(self) -> None:
        """The microphone, and what plays."""
        live, player = self.live, self.player
        live.state_changed.connect(lambda: self.tools.show_recording(live.state))
        live.recorded.connect(self._on_recorded)
        live.problems.listen_wanted.connect(self.opening.open)
        self.recovery.recovered.connect(self.opening.open_recovered)
        self.recovery.discarded.connect(self.meetings.forget_unsaved)
        self.recovery.nothing_found.connect(self.meetings.offer_unsaved)
        self.capture.marker_clicked.connect(self.marking.add)
        self.capture.wanted_changed.connect(self.actions_by_id["panel_capture"].setChecked)
        player.state_changed.connect(self.tools.show_playing)
        player.told.connect(self.notices.tell)
        for output in (player, self.clips):
            output.failed.connect(self.notices.tell_failure)
        self.actions_by_id["play"].triggered.connect(self._explain_silence)

    def _connect_window(self, host: Host) -> None:
        """The first page, the settings, and what can be done when."""
        welcome, follow = self.welcome, self.actions_by_id["follow"]
        welcome.open_clicked.connect(self.opening.choose)
        welcome.folder_clicked.connect(self.folder.choose)
        welcome.file_clicked.connect(self.opening.open)
        welcome.go_on_clicked.connect(self._go_on)
        welcome.record_clicked.connect(self.capturing.record)
        welcome.check_clicked.connect(self.capturing.show_panel)
        FileDrop(host).dropped.connect(self.opening.open_all)
        self.bar.cancel_clicked.connect(self.cancel)
        follow.setChecked(self.timeline.follow)
        self.timeline.follow_changed.connect(follow.setChecked)
        self._applying = Applying(self.preferences, self.scene, self.clips, self.actions_by_id)
        self._parts = Parts(
            *(self.session, self.listening, self.live, self.speaker_editing, self.known_voices),
            *(self.comparing, self.folder, self.sound_tracks, self.word_recognition),
        )
        for changed in self._parts.changes:
            changed.connect(self._enable)
        self._enable()

    # what is done in several places

    @pyqtSlot(object)
    def open_recording(self, path: Path) -> None:
        """See :meth:`app.window.opening.Opening.open`."""
        self.opening.open(path)

    def close_recording(self) -> None:
        self.opening.close(self._close)

    def _close(self) -> None:
        self.player.stop()
        self.listening.close()

    @pyqtSlot()
    def _go_on(self) -> None:
        """Open what was open last, where it was left."""
        if (place := self._left.place) is not None:
            self._left.go_on()
            self.opening.open(place[0])

    def cancel(self) -> None:
        """Stop the work under way; the turns found so far stay."""
        self.listening.cancel()
        self.word_recognition.cancel()

    # what the parts say

    @pyqtSlot()
    def _on_folder(self) -> None:
        if self.folder.single is not None:
            self.recent.add_folder(self.folder.single)
        self.docks.present_folder(self.folder.path is not None)

    @pyqtSlot(object)
    def _on_recorded(self, _path: Path) -> None:
        self.session.mark_unsaved()  # whoever wants to close meanwhile has to wait
        self.known_voices.when_named(self.meetings.save)

    @pyqtSlot()
    def _enable(self) -> None:
        of_use = available(self._parts.situation)
        for name, action in self.actions_by_id.items():
            action.setEnabled(name in of_use)

    @pyqtSlot()
    def _on_steps(self) -> None:
        name_steps(self.actions_by_id, self.session.undo)

    def _explain_silence(self) -> None:
        if self.session.live:
            self.bar.showMessage(
                self.tr("Playing is possible after Stop: the microphone would hear it"), 6000
            )

    # dialogs

    def go_to_time(self) -> None:
        dialog = GoTo(self.player.position, self.session.duration, self)
        dialog.chosen.connect(self.transport.seek)
        dialog.open()

    def show_settings(self) -> None:
        from app.settings.dialog import SettingsDialog

        SettingsDialog(self.preferences, self.inputs, self.live.folder, self).open()

    # the window itself

    def event(self, event: QEvent | None) -> bool:
        handled = bool(super().event(event))
        if event.type() == QEvent.Type.Paint and not self._painted:
            self._painted = True
            QTimer.singleShot(0, self._after_first_paint)
        return handled

    def _after_first_paint(self) -> None:
        self.first_painted.emit()
        if self.isVisible():
            self._pages.begin()
        if self.isVisible() and not self.listening.busy:  # which would load the same
            self.work.run(Task("warm-up", self._prepare))
            self.recovery.offer(self.live.folder)

    def end(self) -> None:
        """Close without a question: unsaved changes are offered at the next start."""
        self._ending = True
        self.meetings.end()
        self.close()

    def _restore_place(self) -> None:
        if not self.preferences.place.isEmpty():
            self.restoreGeometry(self.preferences.place)
        screen = self.screen()
        if screen is not None:  # large type or a small screen: the status bar stays in sight
            self.resize(self.width(), min(self.height(), screen.availableSize().height()))
        self.docks.restore(self.preferences.layout)
        self.capture.present()

    def closeEvent(self, event: QCloseEvent | None) -> None:
        """Gone from the screen at once; then every worker is told to stop and waited for."""
        if self.live.busy and not self._ending:
            event.ignore()
            self._ending = not self.live.recording  # whoever can't wait closes it again
            self.capturing.after(self.close)
            return
        if not self.meetings.may_close():
            event.ignore()
            return
        self._left.keep()
        self.preferences.place = self.saveGeometry()
        self.hide()
        self.preferences.layout = self.docks.state()
        self.player.close()
        self.clips.stop()
        self.work.close(
            (
                *(self.live, self.inputs, self.recovery, self.known_voices),
                *(self.listening, self.meetings, self.folder, self.word_import),
            )
        )
        event.accept()
