"""The column at the left: the clock beside the waveform, and a name for every lane."""

from __future__ import annotations

from collections.abc import Collection

from PyQt5.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, pyqtSignal
from PyQt5.QtGui import (
    QContextMenuEvent,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PyQt5.QtWidgets import QApplication, QSizePolicy, QToolTip, QWidget

from ..palette import Theme, paint_chip, translucent
from .axis import label
from .inline_edit import InlineEdit
from .panel import painting
from .turns import Lane

MUTE, SOLO = "mute", "solo"
MERGING = 0.3
"""A name dropped on another one this far from its edges (share of the height) is merged with it;
nearer to an edge it goes in between."""


class NamesColumn(QWidget):
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
        super().__init__(parent)
        self.theme = theme
        self.current: int | None = None
        """The id of the speaker that the keyboard is at."""
        self._lanes: list[Lane] = []
        self._top = 0.0
        self._lane_height = 1.0
        self._offset = 0.0
        self._axis_height = 0.0
        self._position = 0.0
        self._duration = 0.0
        self._speed = 1.0
        self._muted: Collection[int] = ()
        self._soloed: Collection[int] = ()
        self._hovered: int | None = None
        self._press: tuple[int, QPoint] | None = None  # the speaker, and where
        self._drag_y: float | None = None
        self._field: tuple[InlineEdit, int] | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Speakers"))

    def sizeHint(self) -> QSize:
        return QSize(round(self.fontMetrics().averageCharWidth() * 24), 100)

    # what is shown

    def set_lanes(self, lanes: list[Lane]) -> None:
        self._lanes = lanes
        ids = [lane.speaker.id for lane in lanes]
        if self.current not in ids:
            self.current = None
        if self._press is not None and self._press[0] not in ids:
            self.cancel_drag()
        self._place_field()
        self.setAccessibleDescription(", ".join(lane.speaker.label for lane in lanes))
        self.update()

    def set_current(self, speaker: int | None) -> None:
        """Mark the lane that actions on a speaker are about."""
        if speaker != self.current:
            self.current = speaker
            self.update()

    def set_switches(self, muted: Collection[int], soloed: Collection[int]) -> None:
        """Whose voices are silent, and whose alone are heard."""
        self._muted, self._soloed = muted, soloed
        self.update()

    def set_layout(
        self, axis_height: float, lanes_top: float, lane_height: float, offset: float
    ) -> None:
        """Where the lanes are beside this column; ``offset`` pixels of them are scrolled away."""
        self._axis_height, self._top = axis_height, lanes_top
        self._lane_height, self._offset = lane_height, offset
        self._place_field()
        self.update()

    def set_clock(self, position: float, duration: float) -> None:
        """The times, in seconds, that stand beside the waveform."""
        if label(position, 1) != label(self._position, 1) or duration != self._duration:
            self._position, self._duration = position, duration
            self._update_clock()

    def set_speed(self, speed: float) -> None:
        """How fast it plays, shown if it isn't 1."""
        self._speed = speed
        self._update_clock()

    def _update_clock(self) -> None:
        self.update(0, 0, self.width(), round(self._top))

    def name_rect(self, n: int) -> QRectF:
        """Where the name of lane ``n`` stands, in pixels."""
        return QRectF(
            0,
            self._top + n * self._lane_height - self._offset,
            self.width(),
            self._lane_height,
        )

    def switch_rect(self, n: int, switch: str) -> QRectF:
        """Where lane ``n`` is muted (MUTE) or played alone (SOLO)."""
        rect, size = self.name_rect(n), min(self.fontMetrics().height() + 2, self._lane_height - 4)
        left = rect.right() - 6 - size * (1 if switch == SOLO else 2) - (switch == MUTE) * 2
        return QRectF(left, rect.center().y() - size / 2, size, size)

    def edit_name(self, speaker: int) -> None:
        """Open a field over a name to change it."""
        n = next((n for n, lane in enumerate(self._lanes) if lane.speaker.id == speaker), None)
        if n is None:
            return
        self.set_current(speaker)
        shown = self._lanes[n].speaker
        name = self.tr("Name of {}").format(shown.label)
        field = InlineEdit(self, self._field_rect(n), shown.name, name)
        field.setPlaceholderText(shown.label)
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

    # painting

    def paintEvent(self, event: QPaintEvent | None) -> None:
        with painting(self) as p:
            p.fillRect(self.rect(), self.theme.panel)
            p.setPen(QPen(self.theme.line, 1))
            right, axis = self.width() - 0.5, round(self._axis_height) - 0.5
            p.drawLine(QPointF(right, 0), QPointF(right, self.height()))
            p.drawLine(QPointF(0, axis), QPointF(right, axis))
            p.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_clock(p)
            p.setClipRect(QRectF(0, self._top, self.width(), self.height() - self._top))
            for n, lane in enumerate(self._lanes):
                rect = self.name_rect(n)
                if rect.bottom() >= self._top and rect.top() <= self.height():
                    self._paint_name(p, n, lane, rect)
            if self._drag_y is not None:
                self._paint_drop(p, self._drag_y)

    def _paint_clock(self, p: QPainter) -> None:
        room = self._top - self._axis_height
        line = QFontMetricsF(self.font()).height()
        if self._duration <= 0 or room < 3.2 * line:
            return
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 1.6)
        big = QFontMetricsF(font)
        top = self._axis_height + (room - big.height() - line) / 2
        p.setFont(font)
        p.setPen(self.theme.text)
        p.drawText(
            QRectF(0, top, self.width(), big.height()),
            Qt.AlignmentFlag.AlignCenter,
            label(self._position, 1),
        )
        p.setFont(self.font())
        p.setPen(self.theme.muted)
        text = self.tr("of {}").format(label(self._duration))
        if self._speed != 1:
            text += f"  \N{MULTIPLICATION SIGN} {self._speed:g}"
        p.drawText(
            QRectF(0, top + big.height(), self.width(), line), Qt.AlignmentFlag.AlignCenter, text
        )

    def _paint_name(self, p: QPainter, n: int, lane: Lane, rect: QRectF) -> None:
        speaker, metrics = lane.speaker, QFontMetricsF(self.font())
        if speaker.id == self.current:
            p.fillRect(rect.adjusted(0, 0, -1, -1), translucent(self.theme.accent, 0.22))
            if self.hasFocus():
                p.setPen(QPen(self.theme.accent, 2))
                p.setBrush(Qt.BrushStyle.NoBrush)
                p.drawRect(rect.adjusted(1, 1, -2, -2))
        p.setPen(QPen(self.theme.line, 1))
        p.drawLine(QPointF(0, rect.bottom() - 0.5), QPointF(rect.right(), rect.bottom() - 0.5))
        size = min(metrics.height() * 0.95, rect.height() - 6)
        paint_chip(p, QRectF(10, rect.center().y() - size / 2, size, size), lane.style)
        room = QRectF(rect)
        room.setLeft(10 + size + 7)
        room.setRight(rect.right() - 6)
        if n < 9:  # the key that gives a turn to this speaker
            p.setPen(self.theme.muted)
            left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            p.drawText(room, left, str(n + 1))
        room.setLeft(room.left() + metrics.horizontalAdvance("0") + 6)
        if n == self._hovered or speaker.id in self._muted or speaker.id in self._soloed:
            self._paint_switches(p, n, speaker.id)
            room.setRight(self.switch_rect(n, MUTE).left() - 4)
        p.setPen(self.theme.muted if speaker.id in self._muted else self.theme.text)
        text = metrics.elidedText(speaker.label, Qt.TextElideMode.ElideRight, room.width())
        p.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)

    def _paint_switches(self, p: QPainter, n: int, speaker: int) -> None:
        for switch, letter, on in (
            (MUTE, self.tr("M", "mute"), speaker in self._muted),
            (SOLO, self.tr("S", "solo"), speaker in self._soloed),
        ):
            rect = self.switch_rect(n, switch)
            p.setPen(QPen(self.theme.accent if on else self.theme.muted, 1))
            p.setBrush(self.theme.accent if on else self.theme.panel)
            p.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
            p.setPen(self.palette().highlightedText().color() if on else self.theme.text)
            p.drawText(rect, Qt.AlignmentFlag.AlignCenter, letter)

    def _paint_drop(self, p: QPainter, y: float) -> None:
        place, onto = self._drop(y)
        p.setPen(QPen(self.theme.accent, 2))
        if onto is not None:
            p.setBrush(translucent(self.theme.accent, 0.3))
            p.drawRect(self.name_rect(onto).adjusted(1, 1, -2, -2))
        else:
            top = min(max(self.name_rect(place).top(), self._top + 1), self.height() - 1)
            p.drawLine(QPointF(2, top), QPointF(self.width() - 2, top))

    # the mouse

    def lane_at(self, point: QPoint) -> int | None:
        """The number of the lane whose name is there."""
        if point.y() < self._top:
            return None
        n = int((point.y() - self._top + self._offset) / self._lane_height)
        return n if n < len(self._lanes) else None

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

    def _drop(self, y: float) -> tuple[int, int | None]:
        """A name dropped there goes before this lane, or onto this one."""
        lanes = (y - self._top + self._offset) / self._lane_height
        n, part = int(max(lanes, 0)), lanes % 1
        if 0 <= lanes < len(self._lanes) and MERGING < part < 1 - MERGING:
            return n, n
        return min(max(round(lanes), 0), len(self._lanes)), None

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
        """The whole name, the talk time and the number of turns."""
        return self.tr("{name}\nspeaks {time}, turns: {turns}").format(
            name=lane.speaker.label, time=label(lane.talk_time), turns=len(lane.turns)
        )

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        delta = event.angleDelta()
        self.scrolled.emit(-(delta.y() or delta.x()) / 120 * self._lane_height)
        event.accept()
