"""What the right button and the menu key offer: the actions of the table that fit what is there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from PyQt5.QtCore import QObject, QPoint, Qt, pyqtSlot
from PyQt5.QtWidgets import QAction, QMenu, QWidget

from app.style.palette import chip, speaker_style
from app.style.wording import called
from core.units import to_samples

if TYPE_CHECKING:
    from app.editing.editors import Editors
    from app.timeline.surface import Hit
    from core.annotation.values import Speaker

TURN = ("play_turn", "", "split", "merge", "merge_previous", "delete", "", "give", "",
        "select_speaker", "next_of_speaker", "previous_of_speaker")  # fmt: skip
TIME = ("play", "play_turn", "zoom_selection", "", "give", "draw", "", "add_marker")
EMPTY = ("play", "split", "add_marker", "select_all")
SPEAKER = ("rename", "recolour", "reset_colour", "merge_speaker", "", "lane_up", "lane_down",
           "remove_speaker", "", "voice_yes", "voice_no", "remember_voice", "",
           "play_sample", "mute", "solo", "", "find_voice")  # fmt: skip
MARKER = ("edit_marker", "remove_marker", "", "previous_marker", "next_marker")


class ContextMenus(QObject):
    """Menus for turns, selected time, lanes and markers. The numbers' actions carry the names."""

    def __init__(self, actions: Mapping[str, QAction], editors: Editors, window: QWidget) -> None:
        super().__init__(window)
        session, timeline = editors.scene.session, editors.scene.timeline
        self._actions, self._session, self._window = actions, session, window
        self._timeline, self._editors = timeline, editors
        self._named: tuple[Speaker, ...] | None = None
        self._texts = {n: actions[f"give_{n}"].text() for n in range(1, 10)}
        timeline.canvas.menu_wanted.connect(self._on_canvas)
        timeline.names.menu_wanted.connect(self._on_name)
        session.annotation_changed.connect(self._name_numbers)
        session.recording_changed.connect(self._name_numbers)

    @pyqtSlot()
    def _name_numbers(self) -> None:
        """The entries that give turns to a speaker say to whom."""
        speakers = self._session.annotation.speakers
        if speakers == self._named:
            return
        self._named = speakers
        for n, text in self._texts.items():
            action = self._actions[f"give_{n}"]
            if n <= len(speakers):
                name = called(speakers[n - 1]).replace("&", "&&")
                action.setText(f"&{n}  {name}")
                action.setIcon(chip(speaker_style(speakers[n - 1])))
            else:
                action.setText(text)

    @pyqtSlot(object, QPoint)
    def _on_canvas(self, hit: Hit, where: QPoint) -> None:
        if hit.marker is not None:
            self._editors.markers.go_to(hit.marker)
            self._show(MARKER, where)
        elif hit.turn is not None:
            if hit.turn not in self._timeline.selected_turns():
                self._timeline.clear_selection()
                self._timeline.select_turn(hit.turn)
            self._show(TURN, where)
        else:
            if hit.lane is not None:
                self._editors.speakers.pick(self._session.annotation.speakers[hit.lane].id)
            span = self._timeline.selection()
            inside = span is not None and span[0] <= hit.seconds <= span[1]
            if not inside:
                self._editors.scene.transport.seek(to_samples(hit.seconds))
            self._show(TIME if inside else EMPTY, where)

    @pyqtSlot(int, QPoint)
    def _on_name(self, _speaker: int, where: QPoint) -> None:
        self._show(SPEAKER, where)

    @pyqtSlot(QPoint)
    def show_for_speaker(self, where: QPoint) -> None:
        """What can be done to the current speaker, at a place on the screen."""
        self._show(SPEAKER, where)

    def _fill_give(self, menu: QMenu) -> None:
        """All speakers; those beyond the number keys too."""
        for n, speaker in enumerate(self._session.annotation.speakers, 1):
            if n <= len(self._texts):
                menu.addAction(self._actions[f"give_{n}"])
            else:
                name = called(speaker).replace("&", "&&")
                entry = menu.addAction(chip(speaker_style(speaker)), name)
                entry.setEnabled(self._actions["give_1"].isEnabled())
                entry.triggered.connect(partial(self._give, n))
        menu.addAction(self._actions["give_new"])

    def _give(self, number: int, _checked: bool) -> None:
        self._editors.turns.give(number)

    def _show(self, ids: Iterable[str], where: QPoint) -> None:
        menu = QMenu(self._window)
        menu.setObjectName("context")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name in ids:
            if name == "give":
                give = QMenu(self.tr("&Give to speaker"), menu)
                menu.addMenu(give)
                self._fill_give(give)
            elif name:
                menu.addAction(self._actions[name])
            else:
                menu.addSeparator()
        menu.popup(where)
