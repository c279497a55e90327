"""What dragging means: select time, move an edge, draw a turn, give turns to another lane.

A gesture begins once the mouse has moved far enough with the button down. It shows what would
happen and tells so at its end; until then nothing is changed, and Esc takes it back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from PyQt5.QtCore import QPoint, Qt, pyqtBoundSignal

from app.timeline.drag import START, DragPreview, Edge
from app.timeline.snapping import SampleTimes, snapped
from app.timeline.turns import TurnsItem
from core.annotation.values import Turn
from core.units import to_samples, to_seconds

SNAP = 8.0
"""An edge snaps to what is at most this many pixels away."""
SHORTEST = 160
"""A turn can't be dragged to less than this many samples (10 ms)."""

Keys = Qt.KeyboardModifiers


class Stage(Protocol):
    """Where a gesture takes place: what it asks of the canvas, and what it tells by its signals."""

    duration: float
    turns: TurnsItem

    @property
    def dragged(self) -> pyqtBoundSignal: ...

    @property
    def edges_moved(self) -> pyqtBoundSignal: ...

    @property
    def drawn(self) -> pyqtBoundSignal: ...

    @property
    def given(self) -> pyqtBoundSignal: ...

    def width(self) -> int: ...

    def seconds(self, x: float) -> float: ...

    def seconds_per_pixel(self) -> float: ...

    def lane_of(self, speaker: int) -> int: ...

    def lane_for_drop(self, y: float) -> int | None: ...

    def snap_targets(self, leave: Sequence[Turn]) -> SampleTimes: ...

    def show_snap(self, at: int | None) -> None: ...

    def show_ghosts(self, ghosts: Iterable[DragPreview]) -> None: ...

    def show_drop_area(self, shown: bool, hovered: bool = False) -> None: ...


class Gesture:
    """One drag, from the press of the button to its release."""

    cursor = Qt.CursorShape.ArrowCursor
    edits = True
    """It is about turns as they were when it began: when they change, it is taken back."""

    def __init__(self, canvas: Stage, press: QPoint) -> None:
        self.canvas = canvas
        self.anchor = canvas.seconds(press.x())

    def move(self, point: QPoint, keys: Keys) -> None:
        raise NotImplementedError

    def finish(self) -> None:
        """The button was released."""

    def cancel(self) -> None:
        """Nothing of it shall happen."""

    def snap(self, at: int, to: SampleTimes, keys: Keys) -> int:
        """The sample to use in place of this one; Alt takes it as it is."""
        near = None
        if not keys & Qt.KeyboardModifier.AltModifier:
            near = snapped(at, to, to_samples(SNAP * self.canvas.seconds_per_pixel()))
        self.canvas.show_snap(near)
        return at if near is None else near


class SelectTime(Gesture):
    """Along the time, anywhere."""

    edits = False

    def move(self, point: QPoint, keys: Keys) -> None:
        canvas = self.canvas
        here = canvas.seconds(min(max(point.x(), 0), canvas.width()))
        canvas.dragged.emit(min(self.anchor, here), max(self.anchor, here))


class MoveEdges(Gesture):
    """One edge of a turn, or with Shift the edges of all turns that meet there.

    A turn stops at its neighbours in the lane, which are of the same voice.
    """

    cursor = Qt.CursorShape.SizeHorCursor

    def __init__(self, canvas: Stage, press: QPoint, edges: list[Edge]) -> None:
        super().__init__(canvas, press)
        self._edges = edges
        self._at = edges[0].at
        self._grip = to_seconds(self._at) - self.anchor
        self._targets = canvas.snap_targets([e.turn for e in edges])
        bounds = [self._room(e) for e in edges]
        self._least, self._most = max(b[0] for b in bounds), min(b[1] for b in bounds)

    def _room(self, edge: Edge) -> tuple[int, int]:
        turn, lane = edge.turn, self.canvas.turns.lanes[self.canvas.lane_of(edge.turn.speaker)]
        before, after = lane.beside(turn)
        if edge.side == START:
            return before.end if before else 0, turn.end - SHORTEST
        last = after.start if after else to_samples(self.canvas.duration)
        return turn.start + SHORTEST, last

    def move(self, point: QPoint, keys: Keys) -> None:
        at = to_samples(max(self.canvas.seconds(point.x()) + self._grip, 0.0))
        at = self.snap(at, self._targets, keys)
        if self._least <= self._most:  # no room at all in a turn shorter than the shortest
            self._at = min(max(at, self._least), self._most)
        self.canvas.show_ghosts(
            DragPreview(self.canvas.lane_of(turn.speaker), to_seconds(start), to_seconds(end), turn)
            for turn, start, end in self._moves()
        )

    def _moves(self) -> list[tuple[Turn, int, int]]:
        return [edge.moved(self._at) for edge in self._edges]

    def finish(self) -> None:
        if self._at != self._edges[0].at:
            self.canvas.edges_moved.emit(self._moves())


class DrawTurn(Gesture):
    """A new turn along a lane."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, canvas: Stage, press: QPoint, lane: int) -> None:
        super().__init__(canvas, press)
        self._lane = lane
        self._targets = canvas.snap_targets([])
        self._from = self._to = to_samples(max(self.anchor, 0.0))
        self._snapped = False

    def move(self, point: QPoint, keys: Keys) -> None:
        if not self._snapped:
            self._snapped = True
            self._from = self.snap(self._from, self._targets, keys)
        here = min(max(self.canvas.seconds(point.x()), 0.0), self.canvas.duration)
        self._to = self.snap(to_samples(here), self._targets, keys)
        start, end = sorted((self._from, self._to))
        self.canvas.show_ghosts([DragPreview(self._lane, to_seconds(start), to_seconds(end))])

    def finish(self) -> None:
        start, end = sorted((self._from, self._to))
        if start < end:
            self.canvas.drawn.emit(start, end, self._lane)


class GiveTurns(Gesture):
    """A turn, and all that are selected with it, to another lane or to a new speaker's."""

    cursor = Qt.CursorShape.ClosedHandCursor

    def __init__(self, canvas: Stage, press: QPoint, turn: Turn) -> None:
        super().__init__(canvas, press)
        selected = canvas.turns.selected
        self._turns = selected if turn in selected else (turn,)
        self._lane: int | None = canvas.lane_of(turn.speaker)
        canvas.show_drop_area(True)

    def move(self, point: QPoint, keys: Keys) -> None:
        self._lane = self.canvas.lane_for_drop(point.y())
        count = len(self.canvas.turns.lanes)
        lane = count if self._lane is None else self._lane
        self.canvas.show_drop_area(True, hovered=self._lane is None)
        self.canvas.show_ghosts(
            DragPreview(lane, to_seconds(t.start), to_seconds(t.end), t) for t in self._turns
        )

    def finish(self) -> None:
        self.canvas.given.emit(self._turns, self._lane)
