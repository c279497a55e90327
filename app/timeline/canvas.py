"""The drawing surface: axis, waveform and lanes one above the other, and the mouse on them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyqtgraph as pg
from PyQt5.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, QTimer, pyqtSignal
from PyQt5.QtGui import QContextMenuEvent, QHelpEvent, QMouseEvent, QResizeEvent, QWheelEvent
from PyQt5.QtWidgets import QApplication, QFrame, QToolTip, QWidget

from core.annotation import Annotation, Marker, Turn
from core.speech import Interval
from core.units import clock, to_samples, to_seconds

from ..palette import Theme
from .axis import AxisItem, GridItem
from .gestures import END, START, DrawTurn, Edge, Gesture, Ghost, GiveTurns, MoveEdges, SelectTime
from .markers import MarkersItem
from .panel import Panel
from .playhead import DropArea, Playhead, SnapLine, TimeSelection
from .snapping import Samples, targets
from .turns import Lane, TurnsItem, lanes_of
from .waveform import WaveformItem

ZOOM_NOTCH = 1.3
"""One notch of the wheel zooms by this factor."""
SCROLL_NOTCH = 0.12
"""One notch of the wheel scrolls by this share of what is visible."""
GRAB = 5.0
"""An edge can be taken hold of from so many pixels on either side of it."""
NEAR = 3.0
"""A click this many pixels beside a turn still hits it."""


@dataclass(frozen=True)
class Heights:
    """How the height is shared out, in pixels."""

    axis: float
    wave: float
    lane: float

    @property
    def lanes_top(self) -> float:
        return self.axis + self.wave


def share_height(height: float, lanes: int, line: float) -> Heights:
    """Share ``height`` between axis, waveform and lanes; ``line`` is the height of a line of text.

    Lanes shrink before the waveform does, but never below what a name needs: then they scroll.
    """
    axis = round(line * 1.7)
    room = max(height - axis, 1.0)
    if lanes == 0:
        return Heights(axis, round(room * 0.5), line * 3)
    lane = min(max(room * 0.64 / lanes, line * 1.6), line * 5)
    least = min(max(line * 4, room * 0.2), room * 0.5)
    wave = min(max(room - lane * lanes, least), room * 0.55)
    return Heights(axis, round(wave), math.floor(lane))


@dataclass(frozen=True)
class Hit:
    """What lies under a point."""

    seconds: float
    lane: int | None
    turn: Turn | None
    marker: Marker | None


class Canvas(pg.GraphicsView):
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
    arranged = pyqtSignal()
    """Sizes changed."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent, background=theme.base)
        self.setFrameShape(QFrame.Shape.NoFrame)
        # Files are dropped on the window; a scene would swallow them.
        self.setAcceptDrops(False)
        self.viewport().setAcceptDrops(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMinimumSize(200, 120)
        self.viewport().setMouseTracking(True)
        self.editable = False
        """Turns can be dragged."""
        self.start, self.end = 0.0, 1.0
        self.duration = 0.0
        """Of the recording, in seconds."""
        self.annotation = Annotation()
        self.speech: Sequence[Interval] = ()
        self.heights = share_height(200, 0, 16)
        self.lanes_offset = 0.0
        self._press: QPoint | None = None
        self._gesture: Gesture | None = None

        self.axis_panel, self.wave_panel, self.lanes_panel = Panel(), Panel(), Panel()
        self.axis = AxisItem(theme)
        self.wave = WaveformItem(theme)
        self.turns = TurnsItem(theme)
        self.playhead = Playhead(theme)
        self.selection = TimeSelection(theme)
        self.snap_line = SnapLine(theme)
        self.drop_area = DropArea(theme)
        self.drop_area.text = self.tr("New speaker")
        self.markers = MarkersItem(theme, flags=True)
        self._marker_lines = MarkersItem(theme, flags=False)
        self._grids = (GridItem(theme), GridItem(theme))
        self.axis_panel.addItem(self.axis, ignoreBounds=True)
        self.wave_panel.addItem(self.wave, ignoreBounds=True)
        self.wave_panel.addItem(self.markers, ignoreBounds=True)
        self.lanes_panel.addItem(self.turns, ignoreBounds=True)
        self.lanes_panel.addItem(self._marker_lines, ignoreBounds=True)
        for panel, grid in zip((self.wave_panel, self.lanes_panel), self._grids, strict=True):
            panel.addItem(grid, ignoreBounds=True)
        for panel in (self.axis_panel, self.wave_panel, self.lanes_panel):
            self.addItem(panel)
        for item in (self.selection, self.playhead, self.snap_line, self.drop_area):
            self.addItem(item)

        self._beyond = QTimer(self)
        self._beyond.setInterval(40)
        self._beyond.timeout.connect(self._scroll_while_dragging)

    # What is shown

    def set_theme(self, theme: Theme) -> None:
        self.setBackground(theme.base)
        items = (self.axis, self.wave, self.turns, self.markers, self._marker_lines)
        over = (self.playhead, self.selection, self.snap_line, self.drop_area)
        for item in (*items, *over, *self._grids):
            item.theme = theme
            item.update()

    def set_lanes(self, lanes: list[Lane]) -> None:
        changed = len(lanes) != len(self.turns.lanes)
        self.turns.set_lanes(lanes)
        if changed:
            self.arrange()

    def set_annotation(self, annotation: Annotation) -> None:
        """The lanes and markers of this annotation. A turn that is being dragged is let go."""
        if self._gesture is not None and self._gesture.edits:
            self.cancel_gesture()
        self.annotation = annotation
        self.turns.edited = annotation.is_edited
        self.set_lanes(lanes_of(annotation))
        for item in (self.markers, self._marker_lines):
            item.set_markers(annotation.markers)

    def set_range(self, start: float, end: float) -> None:
        self.start, self.end = start, end
        self._show()

    def set_lanes_offset(self, pixels: float) -> None:
        """Scroll the lanes down by so many pixels, as far as there is something to see."""
        self.lanes_offset = min(max(pixels, 0.0), self.hidden_height())
        self._show()

    def lanes_height(self) -> float:
        """Pixels that are there for lanes."""
        return max(self.height() - self.heights.lanes_top, 1.0)

    def hidden_height(self) -> float:
        """Pixels of lanes for which there is no room."""
        return max(0.0, len(self.turns.lanes) * self.heights.lane - self.lanes_height())

    def arrange(self) -> None:
        """Place the panels for the present size, font and number of lanes."""
        line = self.fontMetrics().height()
        self.heights = share_height(self.height(), len(self.turns.lanes), line)
        width, top = float(self.width()), self.heights.lanes_top
        self.axis_panel.setGeometry(QRectF(0, 0, width, self.heights.axis))
        self.wave_panel.setGeometry(QRectF(0, self.heights.axis, width, self.heights.wave))
        self.lanes_panel.setGeometry(QRectF(0, top, width, self.lanes_height()))
        self.turns.lane_height = self.heights.lane
        self.playhead.set_size(self.heights.axis, self.height())
        self.snap_line.set_span(self.heights.axis, self.height())
        self.set_lanes_offset(self.lanes_offset)
        self.arranged.emit()

    def _show(self) -> None:
        self.axis_panel.show_range(self.start, self.end, 0, 1)
        self.wave_panel.show_range(self.start, self.end, 0, 1)
        top = self.lanes_offset
        self.lanes_panel.show_range(self.start, self.end, top, top + self.lanes_height())

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        if hasattr(self, "_beyond"):  # pyqtgraph resizes in its constructor
            self.arrange()

    # Where things are

    def x(self, seconds: float) -> float:
        return (seconds - self.start) / (self.end - self.start) * self.width()

    def seconds(self, x: float) -> float:
        return self.start + x / max(self.width(), 1) * (self.end - self.start)

    def seconds_per_pixel(self) -> float:
        return self._span() / max(self.width(), 1)

    def lane_of(self, speaker: int) -> int:
        """The number of a speaker's lane."""
        return next(n for n, lane in enumerate(self.turns.lanes) if lane.speaker.id == speaker)

    def lane_at(self, y: float) -> int | None:
        """The number of the lane at a height; None above and below the lanes."""
        if y < self.heights.lanes_top:
            return None
        n = int((y - self.heights.lanes_top + self.lanes_offset) / self.heights.lane)
        return n if n < len(self.turns.lanes) else None

    def turn_at(self, point: QPoint) -> Turn | None:
        n = self.lane_at(point.y())
        if n is None:
            return None
        near = NEAR * self.seconds_per_pixel()
        return self.turns.lanes[n].turn_at(self.seconds(point.x()), near)

    def edge_at(self, point: QPoint) -> Edge | None:
        """The edge of a turn that a press would take hold of; the middle of a turn is left free."""
        n = self.lane_at(point.y())
        if n is None or not self.editable or self.turns.crowded:
            return None
        lane, x = self.turns.lanes[n], float(point.x())
        near = lane.visible(self.seconds(x - GRAB), self.seconds(x + GRAB))
        found: list[tuple[float, Edge]] = []
        for turn in lane.turns[near]:
            left, right = self.x(to_seconds(turn.start)), self.x(to_seconds(turn.end))
            inside = min(GRAB, (right - left) / 4)
            for edge, away in ((Edge(turn, START), left - x), (Edge(turn, END), x - right)):
                if -inside <= away <= GRAB:
                    # where two turns touch, the pointer lies inside one of them
                    found.append((abs(away) + (away > 0) / 2, edge))
        return min(found, key=lambda pair: pair[0])[1] if found else None

    def hit(self, point: QPoint) -> Hit:
        """What is at a point."""
        marker = self.markers.marker_at(point.x(), point.y())
        seconds = min(max(self.seconds(point.x()), 0.0), self.duration)
        return Hit(seconds, self.lane_at(point.y()), self.turn_at(point), marker)

    # What gestures show

    def snap_targets(self, leave: Sequence[Turn]) -> Samples:
        """What dragged edges snap to."""
        playhead = to_samples(self.seconds(self.playhead.pos().x()))
        return targets(self.annotation, self.speech, leave, playhead)

    def show_snap(self, at: int | None) -> None:
        """The line where an edge has snapped to something."""
        self.snap_line.setVisible(at is not None)
        if at is not None:
            self.snap_line.setPos(QPointF(round(self.x(to_seconds(at))) + 0.5, 0))

    def show_ghosts(self, ghosts: Iterable[Ghost]) -> None:
        self.turns.set_ghosts(tuple(ghosts))

    def show_drop_area(self, shown: bool, hovered: bool = False) -> None:
        """Where a new speaker's lane would be."""
        self.drop_area.set_rect(QRectF(0, self._drop_top(), self.width(), self._drop_height()))
        self.drop_area.setVisible(shown)
        self.drop_area.set_hovered(hovered)

    def lane_for_drop(self, y: float) -> int | None:
        """The lane that turns are dropped on at a height; None for a new speaker's."""
        if y >= self._drop_top():
            return None
        n = self.lane_at(max(y, self.heights.lanes_top))
        return len(self.turns.lanes) - 1 if n is None else n

    def _drop_height(self) -> float:
        return min(self.heights.lane, self.fontMetrics().height() * 2.2)

    def _drop_top(self) -> float:
        lanes = len(self.turns.lanes) * self.heights.lane - self.lanes_offset
        return min(self.heights.lanes_top + lanes, self.height() - self._drop_height())

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

    def _span(self) -> float:
        return self.end - self.start

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
            turn = self.turn_at(event.pos())
            if turn is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), self.describe(turn), self)
            return True
        return super().viewportEvent(event)

    def describe(self, turn: Turn) -> str:
        """What the tooltip of a turn says."""
        speaker = next(lane.speaker for lane in self.turns.lanes if lane.speaker.id == turn.speaker)
        start, end = (clock(t, hours=True) for t in (turn.start, turn.end))
        text = f"{speaker.label}\n{start} \N{EN DASH} {end}  ({clock(turn.duration)})"
        if not turn.settled:
            return text + "\n" + self.tr("provisional")
        return text + "\n" + self.tr("edited") if self.turns.edited(turn) else text

    def place(self, position: float, selection: tuple[float, float] | None) -> None:
        """Put the playhead and the selected stretch where they belong in the present range."""
        self.playhead.setPos(QPointF(round(self.x(position)) + 0.5, 0))
        self.selection.setVisible(selection is not None)
        if selection is not None:
            left, right = (min(max(self.x(t), -9), self.width() + 9) for t in selection)
            top = self.heights.axis
            self.selection.set_rect(QRectF(left, top, right - left, self.height() - top))
