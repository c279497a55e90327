"""What is dragged on the timeline: an edge of a turn, and what it would come to."""

from __future__ import annotations

from dataclasses import dataclass

from core.annotation.values import Turn

START, END = "start", "end"


@dataclass(frozen=True)
class Edge:
    """One end of a turn."""

    turn: Turn
    side: str

    @property
    def at(self) -> int:
        return self.turn.start if self.side == START else self.turn.end

    def moved(self, at: int) -> tuple[Turn, int, int]:
        """(turn, start, end) with this edge elsewhere."""
        if self.side == START:
            return self.turn, at, self.turn.end
        return self.turn, self.turn.start, at


@dataclass(frozen=True)
class DragPreview:
    """A turn as it would be, drawn over the lanes while the mouse is down."""

    lane: int
    start: float
    end: float
    """In seconds."""
    hides: Turn | None = None
    """The turn whose place it takes."""
