"""Two speakers of a cell of the distances: what can be done with them; and the menus' entries."""

from __future__ import annotations

from functools import partial
from typing import Any

from PyQt5.QtCore import QObject, Qt, pyqtSignal, pyqtSlot
from PyQt5.QtWidgets import QMenu, QWidget

from app.session import Session
from app.similarity.map import VoiceMap
from app.similarity.matrix import DistanceMatrix
from app.style.palette import chip, speaker_style
from app.style.wording import called
from app.widgets.notices import NoticeArea
from app.widgets.refusals import told
from core.annotation.values import Speaker


class Pairs(QObject):
    """Offers to see, to hear and to merge the speakers of the cell that the person is at."""

    picked = pyqtSignal(int)
    """The person went to the speaker with this id."""
    action_wanted = pyqtSignal(str)
    """The id of an action of the window."""

    def __init__(
        self,
        session: Session,
        matrix: DistanceMatrix,
        voice_map: VoiceMap,
        notices: NoticeArea,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.notices = notices
        self._session, self._matrix, self._map = session, matrix, voice_map
        matrix.cell_wanted.connect(self._offer)

    @pyqtSlot(int, int)
    def _offer(self, one: int, other: int) -> None:
        """What can be done with the speakers of a cell."""
        annotation = self._session.annotation
        there = {s.id: s for s in annotation.speakers}
        if not {one, other} <= there.keys():
            return  # the table has not yet followed an edit
        pair = [there[i] for i in dict.fromkeys((one, other))]
        menu = new_menu(self._matrix, "pair")
        menu.addAction(self._said(one, other)).setEnabled(False)
        menu.addSeparator()
        look = self.tr("&Show it on the map") if one == other else self.tr("&Show both on the map")
        menu.addAction(look).triggered.connect(lambda: self._map.look_at({one, other}))
        if one == other:
            choose = menu.addAction(self.tr("&Choose all its points"))
            choose.triggered.connect(lambda: self._map.choose_speaker(one))
        menu.addSeparator()
        for speaker in pair:
            hear = entry(menu, speaker, self.tr("Hear {}"))
            hear.triggered.connect(partial(self._sample, speaker.id))
        if one != other:
            menu.addSeparator()
            for keep, gone in (pair, pair[::-1]):
                merge = entry(menu, keep, self.tr("Both are {}"))
                merge.triggered.connect(partial(self._merge, keep.id, gone.id))
        menu.popup(self._matrix.centre_of(one, other))

    def _said(self, one: int, other: int) -> str:
        distances = self._matrix.distances
        ids = [s.id for s in distances.speakers]
        return distances.said(ids.index(one), ids.index(other)).replace("&", "&&")

    def _sample(self, speaker: int, _checked: bool) -> None:
        self.picked.emit(speaker)
        self.action_wanted.emit("play_sample")

    @told
    def _merge(self, keep: int, gone: int, _checked: bool) -> None:
        self._session.merge_speakers(keep, gone)
        self.picked.emit(keep)


def new_menu(parent: QWidget, name: str) -> QMenu:
    """An empty menu that is gone once it is closed."""
    menu = QMenu(parent)
    menu.setObjectName(name)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return menu


def entry(menu: QMenu, speaker: Speaker, text: str, number: int = 0) -> Any:
    """One more entry, about a speaker whose name goes into the text; a number is its key."""
    label = text.format(called(speaker).replace("&", "&&"))
    if 0 < number < 10:
        label = f"&{number}  {label}"
    return menu.addAction(chip(speaker_style(speaker)), label)
