"""The panels beside the timeline: which are shown, where, how large."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PyQt5.QtCore import QByteArray, QChildEvent, QEvent, QObject, Qt, pyqtSlot
from PyQt5.QtWidgets import (
    QAction,
    QApplication,
    QDockWidget,
    QTabBar,
    QTabWidget,
    QWidget,
)

from app.folder.panel import FolderPanel
from app.panels.markers_panel import MarkersPanel
from app.panels.speakers_panel import SpeakersPanel
from app.panels.turns_table import TurnsTable
from app.similarity.panel import SimilarityPanel
from app.words.page import WordsPage

if TYPE_CHECKING:
    from app.editing.editors import Editors
    from app.widgets.host import Host
    from core.annotation.values import Turn

_WITH_VIEW = (TurnsTable, SpeakersPanel, WordsPage, MarkersPanel, SimilarityPanel)
VERSION = 3
"""Of the layout that is remembered: another set of panels needs another number."""


class Docks(QObject):
    """A panel in each dock: five tabbed at the right, the folder below, until a person moves them.

    While no recording, or no folder, is open there is nothing in them, so they are away.
    """

    def __init__(self, editors: Editors, folder: FolderPanel, host: Host) -> None:
        window, notices, session = host.window, host.notices, editors.scene.session
        super().__init__(window)
        self._window, self._timeline = window, editors.scene.timeline
        self._transport = editors.scene.transport
        self._actions: Mapping[str, QAction] = {}
        self.turns = TurnsTable(session, editors.turns, notices)
        self.speakers = SpeakersPanel(session, notices)
        self.markers = MarkersPanel(session, notices)
        self.words = WordsPage(session)
        self.similarity = SimilarityPanel(session, host)
        self._docks: dict[str, QDockWidget] = {}
        window.installEventFilter(self)
        self._add("speakers", self.tr("Speakers"), self.speakers)
        self._add("turns", self.tr("Turns"), self.turns)
        self._add("words", self.tr("Words"), self.words)
        self._add("markers", self.tr("Markers"), self.markers)
        self._add("similarity", self.tr("Voice map"), self.similarity)
        first, *others = self._docks.values()
        for dock in others:
            window.tabifyDockWidget(first, dock)
        window.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        first.raise_()
        self._add("folder", self.tr("Folder"), folder, Qt.DockWidgetArea.BottomDockWidgetArea)
        self._wanted = dict.fromkeys(self._docks, True)
        self._there = dict.fromkeys(self._docks, False)
        self.turns.chosen.connect(self._show_turn)
        self.turns.play_requested.connect(self._play_turn)
        for part in (self.speakers, self.similarity):
            part.picked.connect(editors.speakers.pick)
            part.action_wanted.connect(lambda name: self._actions[name].trigger())
        self.similarity.heard.connect(self._hear)
        editors.speakers.current_changed.connect(self.speakers.follow)
        self.markers.jump.connect(self._transport.seek)
        self.words.word_clicked.connect(self._transport.seek)
        self._transport.moved.connect(self.words.follow)

    def _add(
        self,
        name: str,
        title: str,
        panel: QWidget,
        area: Qt.DockWidgetArea = Qt.DockWidgetArea.RightDockWidgetArea,
    ) -> None:
        dock = QDockWidget(title, self._window)
        dock.setObjectName(f"dock_{name}")
        dock.setAccessibleName(title)
        dock.setWidget(panel)
        dock.installEventFilter(self)
        dock.hide()
        self._docks[name] = dock
        self._window.addDockWidget(area, dock)

    def dock(self, name: str) -> QDockWidget:
        """The dock of a panel: speakers, turns, words, markers, similarity or
        folder."""
        return self._docks[name]

    def attach(self, actions: Mapping[str, QAction]) -> None:
        """Keep the checks of the View menu true."""
        self._actions = actions
        self._check()

    def _check(self) -> None:
        for name, wanted in self._wanted.items():
            if f"panel_{name}" in self._actions:
                self._actions[f"panel_{name}"].setChecked(wanted)

    # shown or not

    def show_turns(self, on: bool) -> None:
        self._show("turns", on)

    def show_speakers(self, on: bool) -> None:
        self._show("speakers", on)

    def show_markers(self, on: bool) -> None:
        self._show("markers", on)

    def show_words(self, on: bool) -> None:
        self._show("words", on)

    def show_folder(self, on: bool) -> None:
        self._show("folder", on)

    def show_similarity(self, on: bool) -> None:
        self._show("similarity", on)

    def _show(self, name: str, on: bool) -> None:
        if on != self._wanted[name]:
            self._wanted[name] = on
            self._docks[name].setVisible(on and self._there[name])
            if on and self._there[name]:
                self._docks[name].raise_()
            self._check()

    def present(self, there: bool) -> None:
        """Whether a recording is open: without one the panels are away."""
        self._present({name: there for name in self._docks if name != "folder"})

    def present_folder(self, there: bool) -> None:
        """Whether a folder is open; who opens one wants to see what is in it."""
        self._present({"folder": there})
        if there:
            self.show_folder(True)
            self._docks["folder"].raise_()

    def _present(self, there: Mapping[str, bool]) -> None:
        for name, is_there in there.items():
            if is_there != self._there[name]:
                self._there[name] = is_there
                self._docks[name].setVisible(is_there and self._wanted[name])

    # the keyboard goes from panel to panel

    def next_panel(self) -> None:
        """Give the keyboard to the next panel that is there, the timeline among them."""
        self._step(1)

    def previous_panel(self) -> None:
        self._step(-1)

    def _step(self, by: int) -> None:
        places: list[QWidget] = [self._timeline]
        places += [d for n, d in self._docks.items() if self._wanted[n] and self._there[n]]
        focus = QApplication.focusWidget()
        here = next((n for n, place in enumerate(places) if focus and _within(focus, place)), 0)
        self._enter(places[(here + by) % len(places)])

    def _enter(self, place: QWidget) -> None:
        place.raise_()
        panel = place.widget() if isinstance(place, QDockWidget) else None
        if isinstance(panel, _WITH_VIEW):
            panel.view.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif isinstance(panel, FolderPanel):
            panel.enter()
        else:
            place.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def find_turns(self) -> None:
        """Show the table of turns, ready to type what to look for."""
        self.show_turns(True)
        self._docks["turns"].raise_()
        self.turns.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.turns.search.selectAll()

    def read_words(self) -> None:
        """Show the page of words."""
        self.show_words(True)
        self._docks["words"].raise_()

    def write_words(self) -> None:
        """Show the table of turns, ready to write what is said in the selected turn."""
        self.show_turns(True)
        self._docks["turns"].raise_()
        self.turns.write_words()

    # what the panels ask for

    @pyqtSlot(object)
    def _show_turn(self, turn: Turn) -> None:
        self._transport.seek(turn.start)

    @pyqtSlot(object)
    def _play_turn(self, turn: Turn) -> None:
        self._transport.play_once(turn)

    @pyqtSlot(object, object)
    def _hear(self, stretch: Turn, turn: Turn | None) -> None:
        """Play a stretch; the turn that it is in is selected."""
        self._timeline.select_turn(turn)
        self._transport.seek(stretch.start)
        self._transport.play_once(stretch)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if isinstance(event, QChildEvent) and event.type() == QEvent.Type.ChildPolished:
            bar = event.child()
            if watched is self._window and isinstance(bar, QTabBar):
                # Qt makes the tabs of docks itself, gives them no name, and cuts their texts
                bar.setAccessibleName(self.tr("Panels"))
                bar.setFocusPolicy(Qt.FocusPolicy.TabFocus)
                bar.setElideMode(Qt.TextElideMode.ElideNone)
                bar.setUsesScrollButtons(True)
        if event is not None and event.type() == QEvent.Type.Close:
            for name, dock in self._docks.items():
                if dock is watched and self._there[name]:
                    self._show(name, False)
        return super().eventFilter(watched, event)

    # remembered

    def state(self) -> QByteArray:
        """Places, sizes and what is shown, for :meth:`restore`."""
        self._present(dict.fromkeys(self._docks, True))  # else they'd be remembered as hidden
        return self._window.saveState(VERSION)

    def restore(self, state: QByteArray) -> None:
        """As it was; the default where nothing is remembered."""
        if not state.isEmpty() and self._window.restoreState(state, VERSION):
            self._wanted = {name: not dock.isHidden() for name, dock in self._docks.items()}
        for name, dock in self._docks.items():
            dock.setVisible(self._there[name] and self._wanted[name])
        self._check()


def _within(widget: QWidget, place: QWidget) -> bool:
    return widget is place or place.isAncestorOf(widget)
