"""Menu bar and toolbar, filled from the table of actions."""

from __future__ import annotations

from collections.abc import Mapping

from PyQt5.QtCore import QEvent, QSize, Qt
from PyQt5.QtWidgets import QAction, QMainWindow, QMenu, QToolBar, QUndoStack, QWidget

from app.actions import ACTIONS, MENUS, tr
from app.style.icons import icon

LABELS = {action.id: action.label for action in ACTIONS}
WITH_TEXT = ("open", "save", "record", "play")
"""What most people are here for; the other buttons show their icon alone."""
LAST_OF_GROUP = ("export", "record", "skip_silence")
WITH_CONTROLS = "skip_silence"
"""After this come speed and volume."""


def fill_menu_bar(
    window: QMainWindow, actions: Mapping[str, QAction], recent: QMenu, markers: QMenu
) -> None:
    """Every action in its menu; the recent files follow "Open", the markers the next one."""
    for title in MENUS:
        menu = window.menuBar().addMenu(tr(title))
        group = 0
        submenus: dict[str, QMenu] = {}
        for row in (a for a in ACTIONS if a.menu == title):
            if row.group != group:
                menu.addSeparator()
                group = row.group
            if row.submenu and row.submenu not in submenus:
                submenus[row.submenu] = QMenu(tr(row.submenu), menu)
                menu.addMenu(submenus[row.submenu])
            submenus.get(row.submenu, menu).addAction(actions[row.id])
            if row.id == "open":
                menu.addMenu(recent)
            elif row.id == "next_marker":
                menu.addMenu(markers)


def name_steps(actions: Mapping[str, QAction], undo: QUndoStack) -> None:
    """The menu says what would be undone, and what made again."""
    for name, plain, what in (
        ("undo", tr("&Undo"), undo.undoText()),
        ("redo", tr("&Redo"), undo.redoText()),
    ):
        actions[name].setText(f"{plain}: {what}" if what else plain)


class ToolBar(QToolBar):
    """The actions that have an icon, in the table's order and the colours of the palette."""

    def __init__(
        self, actions: Mapping[str, QAction], controls: QWidget, window: QMainWindow
    ) -> None:
        super().__init__(window)
        self._by_id = actions
        self._playing, self._recording = False, ""
        self.setObjectName("tools")
        self.setWindowTitle(self.tr("Tools"))
        self.setMovable(False)
        self.setIconSize(QSize(20, 20))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        for row in (a for a in ACTIONS if a.icon):
            self.addAction(actions[row.id])
            self._dress(row.id)
            if row.id == WITH_CONTROLS:
                self.addWidget(controls)
            if row.id in LAST_OF_GROUP:
                line = self.addSeparator()
                if row.id == "record":
                    self._after_record = line
        actions["open"].setIconText(self.tr("Open"))
        actions["save"].setIconText(self.tr("Save"))
        self._draw_icons()
        # wide enough for either word, so that nothing moves away under the pointer
        play = self.widgetForAction(actions["play"])
        widths = []
        for playing in (True, False):
            self.show_playing(playing)
            widths.append(play.sizeHint().width())
        play.setMinimumWidth(max(widths))

    def _dress(self, name: str) -> None:
        button = self.widgetForAction(self._by_id[name])
        # Space belongs to playing, so no button may hold the keyboard
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setAccessibleName(LABELS[name])
        if name in WITH_TEXT:
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)

    def changeEvent(self, event: QEvent | None) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self.actions():
            self._draw_icons()

    def _draw_icons(self) -> None:
        for row in ACTIONS:
            if row.icon:
                self._by_id[row.id].setIcon(icon(row.icon))
        self.show_playing(self._playing)
        self.show_recording(self._recording)

    def show_recording(self, state: str) -> None:
        """The record button says what it will do."""
        on = state not in ("", "idle")
        if on != (self._recording not in ("", "idle")):
            self._take_away_record(on)
        self._recording = state
        words = {"recording": self.tr("Pause"), "paused": self.tr("Go on")}
        self._by_id["record"].setIcon(icon("pause" if state == "recording" else "record"))
        self._by_id["record"].setIconText(words.get(state, self.tr("Record")))

    def _take_away_record(self, away: bool) -> None:
        """While it is recorded, the panel below has the one Pause."""
        record = self._by_id["record"]
        if away:
            self.removeAction(record)
        else:
            self.insertAction(self._after_record, record)
            self._dress("record")

    def show_playing(self, playing: bool) -> None:
        """The play button says what it will do."""
        self._playing = playing
        self._by_id["play"].setIcon(icon("pause" if playing else "play"))
        self._by_id["play"].setIconText(self.tr("Pause") if playing else self.tr("Play"))
