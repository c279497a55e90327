"""Edits: what the actions of the Edit menu and the mouse on the timeline do to the annotation.

The operations themselves are in :mod:`core.edits`; here is what they are done to: the selected
turns, the one at the playhead, the lane that was chosen last.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PyQt5.QtCore import QObject, pyqtSignal

if TYPE_CHECKING:
    from core.annotation import Turn

    from .player import Player
    from .session import Session
    from .timeline.view import TimelineView
    from .transport import Transport


class Editing(QObject):
    """The selected turns, and what is done to them. Actions and menus call its methods."""

    selection_changed = pyqtSignal(object)
    """The selected turns, a tuple: the one selected last is the last."""
    failed = pyqtSignal(object)
    """The EditError of something that isn't possible."""

    def __init__(
        self,
        session: Session,
        timeline: TimelineView,
        transport: Transport,
        player: Player,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._timeline = timeline
        self._transport = transport
        self._player = player
        timeline.turns_selected.connect(self.selection_changed)

    # the selection

    def selected_turns(self) -> tuple[Turn, ...]:
        """In the order in which they were selected."""
        return self._timeline.selected_turns()

    def select(self, turns: Iterable[Turn]) -> None:
        """Select these turns of the annotation and no others; those that aren't there are left."""
        there = set(self._session.annotation.turns)
        self._timeline.select_turns([t for t in turns if t in there])
