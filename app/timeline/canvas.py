"""The mouse on the drawing surface: what clicks, drags and the wheel mean there."""

from __future__ import annotations

import math

from PyQt5.QtCore import QEvent, QPoint, Qt, QTimer, pyqtSignal
from PyQt5.QtGui import QContextMenuEvent, QHelpEvent, QMouseEvent, QWheelEvent
from PyQt5.QtWidgets import QApplication, QToolTip, QWidget

from app.style.marks import percent
from app.style.palette import Theme
from app.style.wording import called
from app.timeline.drag import END, START, Edge
from app.timeline.gestures import DrawTurn, Gesture, GiveTurns, MoveEdges, SelectTime
from app.timeline.surface import Surface
from core.annotation.overlap import covered, speaking
from core.annotation.values import Annotation, Turn
from core.units import clock, to_seconds

ZOOM_NOTCH = 1.3
"""One notch of the wheel zooms by this factor."""
SCROLL_NOTCH = 0.12
"""One notch of the wheel scrolls by this share of what is visible."""


class Canvas(Surface):
    """Paints a stretch of time and tells what the mouse does there; decides nothing itself."""

    clicked = pyqtSignal(float, object, object)
    """Seconds, the turn that was hit or None, and the modifier keys."""
    double_clicked = pyqtSignal(object)
    """The turn that was hit."""
    dragged = pyqtSignal(float, float)
    """The stretch of time dragged over so far, in seconds."""
    edges_moved = pyqtSignal(object)
    """A list of (turn, start, end) in samples: one drag."""
    drawn = pyqtSignal(int, int, int)
    """A new turn: start and end in samples, and the number of the lane."""
    given = pyqtSignal(object, object)
    """Turns, and the number of the lane that they were dropped on or None for a new speaker's."""
    lane_picked = pyqtSignal(int)
    """A click or drag began in an empty place of this lane."""
    marker_clicked = pyqtSignal(object)
    marker_double_clicked = pyqtSignal(object)
    menu_wanted = pyqtSignal(object, QPoint)
    """A :class:`Hit` and where on the screen."""
    zoomed = pyqtSignal(float, float)
    """Factor (above 1: closer), and the time in seconds that stays where it is."""
    scrolled = pyqtSignal(float)
    """Seconds, positive to later times."""
    lanes_scrolled = pyqtSignal(float)
    """Pixels, positive to lower lanes."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.viewport().setMouseTracking(True)
        self.drop_area.text = self.tr("New speaker")
        self._press: QPoint | None = None
        self._gesture: Gesture | None = None
        self._beyond = QTimer(self)
        self._beyond.setInterval(40)
        self._beyond.timeout.connect(self._scroll_while_dragging)

    def set_annotation(self, annotation: Annotation) -> None:
        """The lanes and markers of this annotation. A turn that is being dragged is let go."""
        if self._gesture is not None and self._gesture.edits:
            self.cancel_gesture()
        super().set_annotation(annotation)

    # The mouse. Nothing goes to pyqtgraph's scene: it would add its own dragging and menus.

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self._press = event.pos()
        self._gesture = None

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if self._press is None or not event.buttons() & Qt.MouseButton.LeftButton:
            self._show_cursor(event.pos(), event.modifiers())
            return
        if self._gesture is None:
            way = event.pos() - self._press
            if max(abs(way.x()), abs(way.y())) < QApplication.startDragDistance():
                return
            self._gesture = self._begin(self._press, way, event.modifiers())
            if self._gesture is None:
                return
            self.viewport().setCursor(self._gesture.cursor)
        self._gesture.move(event.pos(), event.modifiers())
        outside = not 0 <= event.x() < self.width()
        if outside != self._beyond.isActive():
            self._beyond.start() if outside else self._beyond.stop()

    def _begin(self, press: QPoint, way: QPoint, keys: Qt.KeyboardModifiers) -> Gesture | None:
        """What a drag means that began there and went this way."""
        upright = abs(way.y()) > abs(way.x())
        if self.editable:
            edge, turn, lane = self.edge_at(press), self.turn_at(press), self.lane_at(press.y())
            shift = bool(keys & Qt.KeyboardModifier.ShiftModifier)
            if edge is not None and not upright:
                return MoveEdges(self, press, [edge, *(self._meeting(edge) if shift else [])])
            if turn is not None and upright:
                return GiveTurns(self, press, turn)
            if shift and lane is not None and not upright:
                return DrawTurn(self, press, lane)
        if not upright:
            self._pick_lane(press)
        return None if upright else SelectTime(self, press)

    def _meeting(self, edge: Edge) -> list[Edge]:
        """The edges on the other side of the same change of speakers."""
        start, end = to_seconds(edge.at - 1), to_seconds(edge.at + 1)
        near = (t for lane in self.turns.lanes for t in lane.turns[lane.visible(start, end)])
        others = (Edge(t, END if edge.side == START else START) for t in near if t != edge.turn)
        return [other for other in others if other.at == edge.at]

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._press is None:
            event.ignore()
            return
        press, gesture = self._press, self._gesture
        self._end_gesture()
        if gesture is not None:
            gesture.finish()
            return
        hit = self.hit(press)
        if hit.marker is not None:
            self.marker_clicked.emit(hit.marker)
        else:
            self._pick_lane(press)
            self.clicked.emit(max(0.0, self.seconds(press.x())), hit.turn, event.modifiers())

    def _pick_lane(self, point: QPoint) -> None:
        lane = self.lane_at(point.y())
        if lane is not None and self.turn_at(point) is None:
            self.lane_picked.emit(lane)

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        hit = self.hit(event.pos())
        if hit.marker is not None:
            self.marker_double_clicked.emit(hit.marker)
        elif hit.turn is not None:
            self.double_clicked.emit(hit.turn)
        else:
            self.mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent | None) -> None:
        self.menu_wanted.emit(self.hit(event.pos()), event.globalPos())

    def cancel_gesture(self) -> bool:
        """Take back what is being dragged; False if there is nothing."""
        gesture = self._gesture
        self._end_gesture()
        if gesture is not None:
            gesture.cancel()
        return gesture is not None

    def _end_gesture(self) -> None:
        self._beyond.stop()
        self._press = self._gesture = None
        self.show_snap(None)
        self.show_ghosts(())
        self.drop_area.hide()
        self.viewport().unsetCursor()

    def _show_cursor(self, point: QPoint, keys: Qt.KeyboardModifiers) -> None:
        """What a press would take hold of, by the pointer's shape."""
        shape = Qt.CursorShape.ArrowCursor
        if self.edge_at(point) is not None:
            shape = Qt.CursorShape.SizeHorCursor
        elif self.markers.marker_at(point.x(), point.y()) is not None:
            shape = Qt.CursorShape.PointingHandCursor
        elif (
            self.editable
            and keys & Qt.KeyboardModifier.ShiftModifier
            and self.lane_at(point.y()) is not None
            and self.turn_at(point) is None
        ):
            shape = Qt.CursorShape.CrossCursor
        if self.viewport().cursor().shape() != shape:
            self.viewport().setCursor(shape)

    def _scroll_while_dragging(self) -> None:
        """The pointer is held beyond an edge while dragging: bring more time into view."""
        point = self.mapFromGlobal(self.cursor().pos())
        beyond = point.x() if point.x() < 0 else max(0, point.x() - self.width())
        self.scrolled.emit(math.copysign(min(abs(beyond), 60) / 60, beyond) * self._span() * 0.06)
        if self._gesture is not None:
            self._gesture.move(point, QApplication.keyboardModifiers())

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        event.accept()
        angle, pixels = event.angleDelta(), event.pixelDelta()
        notches = (angle.y() or angle.x()) / 120  # Alt and some desktops swap the axes
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoomed.emit(ZOOM_NOTCH**notches, self.seconds(event.position().x()))
        elif event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.lanes_scrolled.emit(-notches * self.heights.lane)
        elif pixels.x() and not event.modifiers():
            self.scrolled.emit(-pixels.x() / max(self.width(), 1) * self._span())
        else:
            self.scrolled.emit(-notches * SCROLL_NOTCH * self._span())

    def viewportEvent(self, event: QEvent | None) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            turn, overlap = self.turn_at(event.pos()), self.overlap_at(event.pos())
            if turn is not None:
                QToolTip.showText(event.globalPos(), self.describe(turn), self)
            elif overlap is not None:
                QToolTip.showText(event.globalPos(), self.describe_overlap(*overlap), self)
            else:
                QToolTip.hideText()
            return True
        return super().viewportEvent(event)

    def describe(self, turn: Turn) -> str:
        """What the tooltip of a turn says."""
        label = called(self.annotation.speaker(turn.speaker))
        text = f"{label}\n{_span(turn.start, turn.end)}"
        over = covered(self.overlapped, turn)
        if over:
            others = self._speakers(turn.start, turn.end, beside=turn.speaker)
            text += "\n" + self.tr("overlaps {} for {}").format(others, clock(over))
        if not turn.settled:
            return text + "\n" + self.tr("provisional")
        sure = self.turns.confidence(turn)
        if sure is not None and not self.turns.edited(turn):
            text += "\n" + self.tr("{} sure").format(percent(sure))
        return text + "\n" + self.tr("edited") if self.turns.edited(turn) else text

    def describe_overlap(self, start: int, end: int) -> str:
        """What the tooltip of a stretch says in which two or more speak at once."""
        text = self.tr("{} speak at once").format(self._speakers(start, end))
        return f"{text}\n{_span(start, end)}"

    def _speakers(self, start: int, end: int, beside: int | None = None) -> str:
        """Who speaks in a stretch, in the order of the lanes; one of them can be left out."""
        there = {t.speaker for t in speaking(self.annotation, start, end)} - {beside}
        return ", ".join(called(s) for s in self.annotation.speakers if s.id in there)


def _span(start: int, end: int) -> str:
    first, last = (clock(t, hours=True) for t in (start, end))
    return f"{first} \N{EN DASH} {last}  ({clock(end - start)})"
