"""Editing speakers: names, colours, the order of the lanes, two voices that are one person's."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PyQt5.QtCore import QObject, QPoint, Qt, pyqtSignal, pyqtSlot
from PyQt5.QtGui import QColor
from PyQt5.QtWidgets import QColorDialog, QMenu

from app.editing.renaming import rename
from app.style.palette import chip, speaker_style
from app.style.wording import called
from app.widgets.notices import Problem, Way
from app.widgets.refusals import told
from core.annotation import edits
from core.annotation.values import Speaker, Turn
from core.errors import EditError

if TYPE_CHECKING:
    from app.playback.scene import Scene
    from app.widgets.host import Host


class SpeakerEditing(QObject):
    """What is done to a speaker: the one whose name was picked last, or whose turn was."""

    current_changed = pyqtSignal(object)
    """The id of the speaker that the actions are about, or None."""

    def __init__(self, scene: Scene, host: Host) -> None:
        super().__init__(host.window)
        self.notices, self._window = host.notices, host.window
        self._session, self._timeline = scene.session, scene.timeline
        timeline = scene.timeline
        names = timeline.names
        names.picked.connect(self.pick)
        timeline.canvas.lane_picked.connect(self._on_lane)
        names.renamed.connect(self._rename)
        names.merged.connect(self._merge)
        names.moved.connect(self._move_to)
        timeline.turn_selected.connect(self._on_turn)
        self._session.named_as_one.connect(self._ask_as_one)

    # which speaker

    @property
    def current(self) -> Speaker | None:
        """The speaker that the actions are about; the first one as long as nobody was picked."""
        speakers = self._session.annotation.speakers
        picked = self._timeline.names.current
        return next((s for s in speakers if s.id == picked), speakers[0] if speakers else None)

    @property
    def lane_is_empty(self) -> bool:
        """Whether there is a current speaker, without a turn."""
        current = self.current
        return current is not None and not self._session.annotation.turns_of(current.id)

    @pyqtSlot(int)
    def pick(self, speaker: int) -> None:
        """Make this the current speaker; turns of others are no longer selected, so that it is
        clear what the next key is about."""
        selected = self._timeline.selected_turns()
        own = [turn for turn in selected if turn.speaker == speaker]
        if len(own) < len(selected):
            self._timeline.select_turns(own)
        self._timeline.names.set_current(speaker)
        self._timeline.reveal_lane(speaker)
        self.current_changed.emit(speaker)

    @pyqtSlot(int)
    def _on_lane(self, lane: int) -> None:
        self.pick(self._session.annotation.speakers[lane].id)

    @pyqtSlot(object)
    def _on_turn(self, turn: Turn | None) -> None:
        if turn is not None:
            self._timeline.names.set_current(turn.speaker)
            self.current_changed.emit(turn.speaker)

    def _wanted(self) -> Speaker:
        if self.current is None:
            raise EditError(self.tr("there are no speakers yet"))
        return self.current

    # what is done

    @told
    def rename(self) -> None:
        """Type the name in its place."""
        speaker = self._wanted()
        self._timeline.reveal_lane(speaker.id)
        self._timeline.names.edit_name(speaker.id)

    @pyqtSlot(int, str)
    @told
    def _rename(self, speaker: int, name: str) -> None:
        rename(self._window, self._session, speaker, name)

    @told
    def recolour(self) -> None:
        """Ask for a colour."""
        speaker = self._wanted()
        dialog = QColorDialog(speaker_style(speaker).color, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setOption(QColorDialog.ColorDialogOption.DontUseNativeDialog)
        dialog.setWindowTitle(self.tr("Colour of {}").format(called(speaker)))
        dialog.colorSelected.connect(lambda colour: self._recolour(speaker.id, colour))
        dialog.open()

    @told
    def _recolour(self, speaker: int, colour: QColor) -> None:
        if any(s.id == speaker for s in self._session.annotation.speakers):
            self._session.recolour(speaker, colour.name())

    @told
    def reset_colour(self) -> None:
        self._session.recolour(self._wanted().id, "")

    @told
    def merge(self) -> None:
        """Ask which other speaker is the same person; all turns become the current one's."""
        keep = self._wanted()
        speakers = self._session.annotation.speakers
        if len(speakers) < 2:
            raise EditError(self.tr("there is no other speaker to merge with"))
        menu = QMenu(self._window)
        menu.setObjectName("merge_with")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addSection(self.tr("{} is the same person as").format(called(keep)))
        for n, other in enumerate(speakers, 1):  # the numbers of the lanes
            if other.id == keep.id:
                continue
            name = called(other).replace("&", "&&")
            entry = menu.addAction(chip(speaker_style(other)), f"&{n}  {name}" if n < 10 else name)
            entry.triggered.connect(lambda _on, gone=other.id: self._merge(keep.id, gone))
        names = self._timeline.names
        menu.popup(names.mapToGlobal(self._lane_corner(keep.id)))

    def _lane_corner(self, speaker: int) -> QPoint:
        names = self._timeline.names
        ids = [s.id for s in self._session.annotation.speakers]
        return names.name_rect(ids.index(speaker)).bottomLeft().toPoint()

    @pyqtSlot(int, int)
    @told
    def _merge(self, keep: int, gone: int) -> None:
        self._session.merge_speakers(keep, gone)
        self.pick(keep)

    @pyqtSlot(object)
    def _ask_as_one(self, pairs: tuple[tuple[int, int], ...]) -> None:
        """Two whom a person named are one voice to a pass: they stay apart unless it is agreed."""
        for pair in pairs:
            first, second = map(self._session.annotation.speaker, pair)
            message = self.tr(
                "{} and {} sound like one person. They stay apart as you named them."
            ).format(called(first), called(second))
            ways = [
                Way(
                    self.tr("Both are {}").format(called(keep).replace("&", "&&")),
                    partial(self._merge, keep.id, gone.id),
                )
                for keep, gone in ((first, second), (second, first))
            ]
            key = f"one voice: {pair}"
            self.notices.show_problem(Problem(message, severe=False, ways=tuple(ways), key=key))

    def move_up(self) -> None:
        self._move(-1)

    def move_down(self) -> None:
        self._move(1)

    @told
    def _move(self, step: int) -> None:
        speaker = self._wanted().id
        place = [s.id for s in self._session.annotation.speakers].index(speaker) + step
        if 0 <= place < len(self._session.annotation.speakers):
            self._move_to(speaker, place)

    @pyqtSlot(int, int)
    @told
    def _move_to(self, speaker: int, place: int) -> None:
        ids = [s.id for s in self._session.annotation.speakers if s.id != speaker]
        ids.insert(place, speaker)
        self._session.reorder(ids)
        self.pick(speaker)

    @told
    def remove(self) -> None:
        """Take away a lane without turns."""
        after = edits.remove_speaker(self._session.annotation, self._wanted().id)
        self._session.edit(self.tr("Remove speaker"), after)
