"""What a person does to the names at the left: rename, move, merge, mute, menus."""

from __future__ import annotations

from PyQt5.QtCore import QEvent, QPoint, QRect, QRectF, Qt, pyqtSignal
from PyQt5.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QWheelEvent,
)
from PyQt5.QtWidgets import QApplication, QToolTip, QWidget

from app.style.palette import Theme
from app.style.wording import called
from app.timeline.inline_edit import InlineEdit
from app.timeline.name_list import MUTE, SOLO, NameList
from app.timeline.turns import Lane
from core.units import axis_time


class NamesColumn(NameList):
    """Names with a chip in their speaker's colour, in step with the lanes.

    Names that are too long are elided; the tooltip has the whole name and the talk time. The column
    tells what a person wants with a name and shows what is so; it changes nothing by itself.
    """

    scrolled = pyqtSignal(float)
    """The wheel was turned here: scroll the lanes down by so many pixels."""
    picked = pyqtSignal(int)
    """The id of the speaker whose name was clicked or reached by an arrow key."""
    renamed = pyqtSignal(int, str)
    moved = pyqtSignal(int, int)
    """A speaker's id, and the place to move its lane to: 0 is the first."""
    merged = pyqtSignal(int, int)
    """The speaker dropped on, and the one that was dragged."""
    switched = pyqtSignal(int, str)
    """MUTE or SOLO of a speaker was clicked."""
    menu_wanted = pyqtSignal(int, QPoint)
    """A speaker's id and where on the screen."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._press: tuple[int, QPoint] | None = None  # the speaker, and where
        self._field: tuple[InlineEdit, int] | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(self.tr("Speakers"))

    # what is shown

    def set_lanes(self, lanes: list[Lane]) -> None:
        self._lanes = lanes
        ids = [lane.speaker.id for lane in lanes]
        if self.current not in ids:
            self.current = None
        if self._press is not None and self._press[0] not in ids:
            self.cancel_drag()
        self._place_field()
        self.setAccessibleDescription(", ".join(called(lane.speaker) for lane in lanes))
        self.update()

    def set_layout(
        self, axis_height: float, lanes_top: float, lane_height: float, offset: float
    ) -> None:
        """Where the lanes are beside this column; ``offset`` pixels of them are scrolled away."""
        self._axis_height, self._top = axis_height, lanes_top
        self._lane_height, self._offset = lane_height, offset
        self._place_field()
        self.update()

    def edit_name(self, speaker: int) -> None:
        """Open a field over a name to change it."""
        n = next((n for n, lane in enumerate(self._lanes) if lane.speaker.id == speaker), None)
        if n is None:
            return
        self.set_current(speaker)
        shown = self._lanes[n].speaker
        name = self.tr("Name of {}").format(called(shown))
        field = InlineEdit(self, self._field_rect(n), shown.name, name)
        field.setPlaceholderText(called(shown))
        self._field = field, speaker

        def on_done(text: str, step: int) -> None:
            self._field = None
            self.renamed.emit(speaker, text)
            ids = [lane.speaker.id for lane in self._lanes]
            place = ids.index(speaker) + step if speaker in ids else -1
            if step and 0 <= place < len(ids) and QApplication.activeModalWidget() is None:
                self.picked.emit(ids[place])
                self.edit_name(ids[place])

        def on_cancelled() -> None:
            self._field = None

        field.done.connect(on_done)
        field.cancelled.connect(on_cancelled)

    def _field_rect(self, n: int) -> QRect:
        height = self.fontMetrics().height() + 8
        middle = self.name_rect(n).center().y()
        return QRectF(4, middle - height / 2, self.width() - 8, height).toRect()

    def _place_field(self) -> None:
        """Where its lane is now: while turns arrive, lanes come and go."""
        if self._field is not None:
            field, speaker = self._field
            n = next((n for n, lane in enumerate(self._lanes) if lane.speaker.id == speaker), None)
            if n is not None:
                field.setGeometry(self._field_rect(n))

    # the mouse

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        n = self.lane_at(event.pos())
        if event.button() != Qt.MouseButton.LeftButton or n is None:
            return
        speaker = self._lanes[n].speaker.id
        for switch in (MUTE, SOLO):
            if self.switch_rect(n, switch).contains(event.pos()):
                self.switched.emit(speaker, switch)
                return
        self._press = speaker, event.pos()
        self.picked.emit(speaker)

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        hovered = self.lane_at(event.pos())
        if hovered != self._hovered:
            self._hovered = hovered
            self.update()
        if self._press is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        far = abs(event.y() - self._press[1].y()) >= QApplication.startDragDistance()
        if far or self._drag_y is not None:
            self._drag_y = event.y()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        press, y = self._press, self._drag_y
        self.cancel_drag()
        if press is None or y is None:
            return
        place, onto = self._drop(y)
        ids = [lane.speaker.id for lane in self._lanes]
        n = ids.index(press[0])
        if onto is not None and onto != n:
            self.merged.emit(ids[onto], press[0])
        elif onto is None and place not in (n, n + 1):
            self.moved.emit(press[0], place - (place > n))

    def cancel_drag(self) -> bool:
        """Take back what is being dragged; False if there is nothing."""
        dragging = self._drag_y is not None
        self._press = self._drag_y = None
        self.unsetCursor()
        self.update()
        return dragging

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        n = self.lane_at(event.pos())
        if event.button() == Qt.MouseButton.LeftButton and n is not None:
            over = any(self.switch_rect(n, s).contains(event.pos()) for s in (MUTE, SOLO))
            if over:
                self.mousePressEvent(event)
            else:
                self._press = None
                self.edit_name(self._lanes[n].speaker.id)

    def leaveEvent(self, event: QEvent | None) -> None:
        self._hovered = None
        self.update()

    def contextMenuEvent(self, event: QContextMenuEvent | None) -> None:
        ids = [lane.speaker.id for lane in self._lanes]
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            n = ids.index(self.current) if self.current in ids else None
            where = None if n is None else self.mapToGlobal(self.name_rect(n).center().toPoint())
        else:
            n, where = self.lane_at(event.pos()), event.globalPos()
        if n is not None and where is not None:
            self.picked.emit(ids[n])
            self.menu_wanted.emit(ids[n], where)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        ids = [lane.speaker.id for lane in self._lanes]
        key = int(event.key())
        step = (key == Qt.Key.Key_Down) - (key == Qt.Key.Key_Up)
        if step and ids:
            at = ids.index(self.current) + step if self.current in ids else 0
            self.picked.emit(ids[min(max(at, 0), len(ids) - 1)])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current is not None:
            self.edit_name(self.current)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent | None) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            n = self.lane_at(event.pos())
            if n is None:
                QToolTip.hideText()
            elif self.switch_rect(n, MUTE).contains(event.pos()):
                QToolTip.showText(event.globalPos(), self.tr("Mute this voice"), self)
            elif self.switch_rect(n, SOLO).contains(event.pos()):
                QToolTip.showText(event.globalPos(), self.tr("Play only this voice"), self)
            else:
                QToolTip.showText(event.globalPos(), self.describe(self._lanes[n]), self)
            return True
        return super().event(event)

    def describe(self, lane: Lane) -> str:
        """The whole name, the talk time, the number of turns, and how sure a known voice is."""
        text = self.tr("{name}\nspeaks {time}, turns: {turns}").format(
            name=self.called(lane), time=axis_time(lane.talk_time), turns=len(lane.turns)
        )
        mark = self._marks.get(lane.speaker.id)
        return text if mark is None else f"{text}\n{mark.words}"

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        delta = event.angleDelta()
        self.scrolled.emit(-(delta.y() or delta.x()) / 120 * self._lane_height)
        event.accept()
