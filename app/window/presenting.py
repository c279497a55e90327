"""What the window shows of what is open: the page, the lanes, the panels, the numbers below."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PyQt5.QtCore import QObject, pyqtSlot
from PyQt5.QtWidgets import QStackedWidget

from app.home.left_off import LeftOff
from app.playback.scene import Scene
from app.preferences import Preferences
from app.style.marks import marks
from app.widgets.host import Host
from app.window.docks import Docks
from app.window.recent import RecentFiles
from app.window.welcome import SAMPLE, Welcome
from core.units import to_samples


class Pages(QStackedWidget):
    """The first page, with the meetings of before, or the lanes.

    Parameters
    ----------
    kept_in
        Says where recordings are kept.
    """

    def __init__(
        self,
        scene: Scene,
        recent: RecentFiles,
        left: LeftOff,
        host: Host,
        kept_in: Callable[[], Path],
    ) -> None:
        super().__init__()
        self._timeline, self._recent, self._left = scene.timeline, recent, left
        self._kept_in = kept_in
        self._ready = False
        self.welcome = Welcome(SAMPLE if SAMPLE.exists() else None, host.run)
        self.addWidget(self.welcome)
        self.addWidget(scene.timeline)

    def begin(self) -> None:
        """The window is on the screen: what takes its time may begin."""
        self._ready = True
        self.show_recent()

    def show_welcome(self) -> None:
        self.setCurrentWidget(self.welcome)
        self.show_recent()

    @pyqtSlot()
    def show_recent(self) -> None:
        """What there is to go on with now, if the first page is shown."""
        if self.currentWidget() is not self.welcome:
            return
        files = self._recent.remembered()
        self.welcome.offer(self._left.place, self._recent.folders(), some=bool(files))
        if self._ready:
            self.welcome.meetings.read(files, (self._kept_in(),))

    def show_lanes(self) -> None:
        self.setCurrentWidget(self._timeline)


class Presenting(QObject):
    """Follows the session and the playhead. To be made after all that follows them, too."""

    def __init__(
        self, scene: Scene, pages: Pages, docks: Docks, preferences: Preferences, host: Host
    ) -> None:
        super().__init__(host.window)
        self._session, self._timeline, self._player = scene.session, scene.timeline, scene.player
        self._pages, self._docks, self._preferences = pages, docks, preferences
        self._bar = host.bar
        session = scene.session
        session.recording_changed.connect(self.show_recording)
        session.duration_changed.connect(self._on_duration)
        session.sound_grew.connect(scene.timeline.refresh)
        session.annotation_changed.connect(self._on_annotation)
        session.names_changed.connect(self._on_names)
        session.live_changed.connect(self._on_live)
        scene.transport.moved.connect(self._on_moved)
        scene.timeline.selection_changed.connect(self._on_selection)
        scene.timeline.turns_selected.connect(self._on_selection)

    @pyqtSlot(object)
    def _on_selection(self, _selected: object) -> None:
        """Turns before time: they are what the next key is about."""
        turns, span = self._timeline.selected_turns(), self._timeline.selection()
        if turns:
            self._bar.set_selected(sum(turn.duration for turn in turns), len(turns))
        elif span is not None:
            self._bar.set_selected(to_samples(span[1]) - to_samples(span[0]))
        else:
            self._bar.set_selected(0)

    @pyqtSlot()
    def show_recording(self) -> None:
        """What is open is another recording, or none."""
        path, session, timeline = self._session.path, self._session, self._timeline
        timeline.set_annotation(session.annotation)
        timeline.set_duration(session.duration)
        if path is None:
            self._player.close()
            self._docks.present(False)
            self._pages.show_welcome()
        else:
            if path != SAMPLE:
                self._preferences.folder = str(path.absolute().parent)
            timeline.set_peaks(session.peaks)
            self._pages.show_lanes()
            timeline.follow = self._preferences.follow
            self._docks.present(True)
            timeline.setFocus()
            timeline.fit()
            if session.live:
                self._player.close()
            else:
                self._player.open(path, self._session.track)
        timeline.set_position(0.0)
        self._on_annotation()
        self._on_moved(0)

    @pyqtSlot()
    def _on_duration(self) -> None:
        session = self._session
        self._timeline.set_duration(session.duration)
        following = session.live and self._timeline.follow
        self._on_moved(session.duration if following else self._player.position)

    @pyqtSlot()
    def _on_annotation(self) -> None:
        self._timeline.set_annotation(self._session.annotation)
        self._bar.set_found(self._session.annotation if self._session.is_open else None)
        self._on_names()

    @pyqtSlot()
    def _on_names(self) -> None:
        self._timeline.names.set_marks(marks(self._session.annotation, self._session.names))

    @pyqtSlot(int)
    def _on_moved(self, samples: int) -> None:
        self._bar.set_time(samples, self._session.duration if self._session.is_open else None)

    @pyqtSlot()
    def _on_live(self) -> None:
        """A recording that has ended can be played."""
        path = self._session.path
        if path is not None and not self._session.live:
            self._player.open(path, self._session.track)
            self._on_moved(0)
