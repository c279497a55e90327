"""The drawing surface: axis, waveform and lanes one above the other, and where things are there."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyqtgraph as pg
from PyQt5.QtCore import QPoint, QPointF, QRectF, Qt, pyqtSignal
from PyQt5.QtGui import QResizeEvent
from PyQt5.QtWidgets import QFrame, QWidget

from app.style.palette import Theme
from app.timeline.axis import AxisItem, GridItem
from app.timeline.drag import END, START, DragPreview, Edge
from app.timeline.markers import MarkersItem
from app.timeline.overlaps import OverlapsItem
from app.timeline.panel import Panel
from app.timeline.playhead import DropArea, Playhead, SnapLine, TimeSelection
from app.timeline.snapping import SampleTimes, targets
from app.timeline.sound.spectrogram import SpectrogramItem
from app.timeline.sound.waveform import WaveformItem
from app.timeline.turns import Lane, TurnsItem, lanes_of
from core.annotation.overlap import overlaps, within
from core.annotation.values import Annotation, Marker, Stretch, Turn
from core.stream.speech import Interval
from core.units import to_samples, to_seconds

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

    Lanes grow as long as there is room, and shrink before the waveform does, but never below what a
    name needs: then they scroll.
    """
    axis = round(line * 1.7)
    room = max(height - axis, 1.0)
    if lanes == 0:
        return Heights(axis, round(room * 0.5), line * 3)
    least = min(max(line * 4, room * 0.24), room * 0.5)
    lane = min(max((room - least) / lanes, line * 1.6), line * 9)
    wave = min(max(room - lane * lanes, least), room * 0.4)
    return Heights(axis, round(wave), math.floor(lane))


@dataclass(frozen=True)
class Hit:
    """What lies under a point."""

    seconds: float
    lane: int | None
    turn: Turn | None
    marker: Marker | None


class Surface(pg.GraphicsView):
    """Paints a stretch of time, and knows what lies where."""

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
        self.editable = False
        """Turns can be dragged."""
        self.start, self.end = 0.0, 1.0
        self.duration = 0.0
        """Of the recording, in seconds."""
        self.annotation = Annotation()
        self.overlapped: tuple[Stretch, ...] = ()
        """Where two or more speak at once, in samples."""
        self.speech: Sequence[Interval] = ()
        self.heights = share_height(200, 0, 16)
        self.lanes_offset = 0.0
        self.axis_panel, self.wave_panel, self.lanes_panel = Panel(), Panel(), Panel()
        self.axis = AxisItem(theme)
        self.wave = WaveformItem(theme)
        self.spectrogram = SpectrogramItem(theme)
        self.overlaps = OverlapsItem(theme)
        self.turns = TurnsItem(theme)
        self.playhead = Playhead(theme)
        self.selection = TimeSelection(theme)
        self.snap_line = SnapLine(theme)
        self.drop_area = DropArea(theme)
        self.markers = MarkersItem(theme, flags=True)
        self._marker_lines = MarkersItem(theme, flags=False)
        self._grids = (GridItem(theme), GridItem(theme))
        self.axis_panel.addItem(self.axis, ignoreBounds=True)
        self.wave_panel.addItem(self.overlaps, ignoreBounds=True)
        self.wave_panel.addItem(self.spectrogram, ignoreBounds=True)
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

    # What is shown

    def set_theme(self, theme: Theme) -> None:
        self.setBackground(theme.base)
        items = (self.axis, self.wave, self.overlaps, self.turns, self.markers, self._marker_lines)
        over = (self.playhead, self.selection, self.snap_line, self.drop_area)
        for item in (*items, self.spectrogram, *over, *self._grids):
            item.theme = theme
            item.update()

    def set_lanes(self, lanes: list[Lane]) -> None:
        changed = len(lanes) != len(self.turns.lanes)
        self.turns.set_lanes(lanes)
        self.wave.set_lanes(lanes)
        if changed:
            self.arrange()

    def set_annotation(self, annotation: Annotation) -> None:
        """The lanes and markers of this annotation."""
        self.annotation = annotation
        self.turns.edited = annotation.is_edited
        self.overlapped = overlaps(annotation)
        self.overlaps.set_overlaps(self.overlapped)
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
        if hasattr(self, "_grids"):  # pyqtgraph resizes in its constructor
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

    def overlap_at(self, point: QPoint) -> Stretch | None:
        """Where two or more speak at once, if a point of the waveform lies there."""
        if not self.heights.axis <= point.y() < self.heights.lanes_top:
            return None
        near = NEAR * self.seconds_per_pixel()
        at = self.seconds(point.x())
        start, end = (to_samples(max(at + away, 0.0)) for away in (-near, near))
        return next(iter(within(self.overlapped, start, max(end, start + 1))), None)

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

    def snap_targets(self, leave: Sequence[Turn]) -> SampleTimes:
        """What dragged edges snap to."""
        playhead = to_samples(self.seconds(self.playhead.pos().x()))
        return targets(self.annotation, self.speech, leave, playhead)

    def show_snap(self, at: int | None) -> None:
        """The line where an edge has snapped to something."""
        self.snap_line.setVisible(at is not None)
        if at is not None:
            self.snap_line.setPos(QPointF(round(self.x(to_seconds(at))) + 0.5, 0))

    def show_ghosts(self, ghosts: Iterable[DragPreview]) -> None:
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

    def _span(self) -> float:
        return self.end - self.start

    def place(self, position: float, selection: tuple[float, float] | None) -> None:
        """Put the playhead and the selected stretch where they belong in the present range."""
        self.playhead.setPos(QPointF(round(self.x(position)) + 0.5, 0))
        self.selection.setVisible(selection is not None)
        if selection is not None:
            left, right = (min(max(self.x(t), -9), self.width() + 9) for t in selection)
            top = self.heights.axis
            self.selection.set_rect(QRectF(left, top, right - left, self.height() - top))
