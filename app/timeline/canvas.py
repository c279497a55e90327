"""The drawing surface: axis, waveform and lanes one above the other, and the mouse on them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pyqtgraph as pg
from PyQt5.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, QTimer, pyqtSignal
from PyQt5.QtGui import QHelpEvent, QMouseEvent, QResizeEvent, QWheelEvent
from PyQt5.QtWidgets import QApplication, QFrame, QToolTip, QWidget

from core.annotation import Turn
from core.units import clock

from ..palette import Theme
from .axis import AxisItem, GridItem
from .panel import Panel
from .playhead import Playhead, TimeSelection
from .turns import Lane, TurnsItem
from .waveform import WaveformItem

ZOOM_NOTCH = 1.3
"""One notch of the wheel zooms by this factor."""
SCROLL_NOTCH = 0.12
"""One notch of the wheel scrolls by this share of what is visible."""
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


class Canvas(pg.GraphicsView):
    """Paints a stretch of time and tells what the mouse does there; decides nothing itself."""

    clicked = pyqtSignal(float, object)
    """Seconds, and the turn that was hit or None."""
    double_clicked = pyqtSignal(object)
    """The turn that was hit."""
    dragged = pyqtSignal(float, float)
    """The stretch of time dragged over so far, in seconds."""
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
        self.start, self.end = 0.0, 1.0
        self.heights = share_height(200, 0, 16)
        self.lanes_offset = 0.0
        self._press: QPoint | None = None
        self._dragging = False
        self._anchor = 0.0

        self.axis_panel, self.wave_panel, self.lanes_panel = Panel(), Panel(), Panel()
        self.axis = AxisItem(theme)
        self.wave = WaveformItem(theme)
        self.turns = TurnsItem(theme)
        self.playhead = Playhead(theme)
        self.selection = TimeSelection(theme)
        self._grids = (GridItem(theme), GridItem(theme))
        self.axis_panel.addItem(self.axis, ignoreBounds=True)
        self.wave_panel.addItem(self.wave, ignoreBounds=True)
        self.lanes_panel.addItem(self.turns, ignoreBounds=True)
        for panel, grid in zip((self.wave_panel, self.lanes_panel), self._grids, strict=True):
            panel.addItem(grid, ignoreBounds=True)
        for panel in (self.axis_panel, self.wave_panel, self.lanes_panel):
            self.addItem(panel)
        self.addItem(self.selection)
        self.addItem(self.playhead)

        self._beyond = QTimer(self)
        self._beyond.setInterval(40)
        self._beyond.timeout.connect(self._scroll_while_dragging)

    # What is shown

    def set_theme(self, theme: Theme) -> None:
        self.setBackground(theme.base)
        items = (self.axis, self.wave, self.turns, self.playhead, self.selection, *self._grids)
        for item in items:
            item.theme = theme
            item.update()

    def set_lanes(self, lanes: list[Lane]) -> None:
        changed = len(lanes) != len(self.turns.lanes)
        self.turns.set_lanes(lanes)
        if changed:
            self.arrange()

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
        near = NEAR * (self.end - self.start) / max(self.width(), 1)
        return self.turns.lanes[n].turn_at(self.seconds(point.x()), near)

    # The mouse. Nothing goes to pyqtgraph's scene: it would add its own dragging and menus.

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self._press = event.pos()
        self._dragging = False
        self._anchor = self.seconds(event.x())

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if self._press is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        far = abs(event.x() - self._press.x()) >= QApplication.startDragDistance()
        if far or self._dragging:
            self._dragging = True
            self._drag_to(event.x())
            outside = not 0 <= event.x() < self.width()
            if outside != self._beyond.isActive():
                self._beyond.start() if outside else self._beyond.stop()

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._press is None:
            event.ignore()
            return
        self._beyond.stop()
        if not self._dragging:
            self.clicked.emit(max(0.0, self._anchor), self.turn_at(self._press))
        self._press = None
        self._dragging = False

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        turn = self.turn_at(event.pos()) if event.button() == Qt.MouseButton.LeftButton else None
        if turn is not None:
            self.double_clicked.emit(turn)
        elif event.button() == Qt.MouseButton.LeftButton:
            self.mousePressEvent(event)

    def _drag_to(self, x: float) -> None:
        here = self.seconds(min(max(x, 0), self.width()))
        self.dragged.emit(min(self._anchor, here), max(self._anchor, here))

    def _scroll_while_dragging(self) -> None:
        """The pointer is held beyond an edge while selecting: bring more time into view."""
        x = self.mapFromGlobal(self.cursor().pos()).x()
        beyond = x if x < 0 else max(0, x - self.width())
        self.scrolled.emit(math.copysign(min(abs(beyond), 60) / 60, beyond) * self._span() * 0.06)
        self._drag_to(x)

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
        return text if turn.settled else text + "\n" + self.tr("provisional")

    def place(self, position: float, selection: tuple[float, float] | None) -> None:
        """Put the playhead and the selected stretch where they belong in the present range."""
        self.playhead.setPos(QPointF(round(self.x(position)) + 0.5, 0))
        self.selection.setVisible(selection is not None)
        if selection is not None:
            left, right = (min(max(self.x(t), -9), self.width() + 9) for t in selection)
            top = self.heights.axis
            self.selection.set_rect(QRectF(left, top, right - left, self.height() - top))
