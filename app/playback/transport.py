"""Moving about in time: playing, stepping, jumping from turn to turn, selecting.

Joins session, player and timeline; the playhead is where the player is, and the timeline follows.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from PyQt5.QtCore import QObject, pyqtSignal, pyqtSlot

from core.units import SAMPLE_RATE, to_samples, to_seconds

if TYPE_CHECKING:
    from app.playback.player import Player
    from app.session import Session
    from app.timeline.view import TimelineView
    from core.annotation.values import Turn

STEP_S = 1.0
SKIP_S = 5.0
SPEEDS = (0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0)
SCREEN = 0.9
"""How much of the visible time one scroll by key moves."""
PASSED = SAMPLE_RATE * 3 // 10
"""While playing, an edge this shortly behind is skipped when going back; else it would hold one."""


class Transport(QObject):
    """The handlers of the Play and Go menus, and what the mouse on the timeline means."""

    moved = pyqtSignal(int)
    """The playhead is at this sample."""
    speed_changed = pyqtSignal(float)

    def __init__(
        self,
        session: Session,
        player: Player,
        timeline: TimelineView,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._player = player
        self._timeline = timeline
        self.turn: Turn | None = None
        """The selected turn."""
        self.selection: tuple[float, float] | None = None
        """The selected time in seconds."""
        self._span: tuple[int, int, bool] | None = None
        """What playing is limited to: start, end, over and over."""

        self._began: int | None = None
        """Where the playhead was when playing began."""

        session.recording_changed.connect(self._on_recording)
        player.state_changed.connect(self._on_state)
        player.position_changed.connect(self._on_position)
        timeline.time_changed.connect(self._on_click)
        timeline.turn_selected.connect(self._on_turn)
        timeline.turn_activated.connect(self._loop)
        timeline.selection_changed.connect(self._on_selection)

    # playing

    def toggle(self) -> None:
        """Pause, or play: the loop that was paused, the selected time, or on from the playhead."""
        at = self._player.position
        if self._player.playing:
            self._player.pause()
        elif self._span is not None and self._span[2]:
            self._play(self._span)
        elif self.selection is not None:
            start, end = (to_samples(s) for s in self.selection)
            self._play((start, end, False))
        else:
            self._span = None
            self._player.play(0 if at >= self._session.duration else at)

    def stop(self) -> None:
        """Stop, and put the playhead back to where playing began."""
        playing = self._player.playing
        self._player.pause()
        self._span = None
        self._player.stop()
        if playing and self._began is not None:
            self.seek(self._began)

    def skip_back(self) -> None:
        self.seek(self._player.position - to_samples(SKIP_S))

    def skip_on(self) -> None:
        self.seek(self._player.position + to_samples(SKIP_S))

    def loop_selection(self) -> None:
        """Play the selected time over and over, else the selected turn."""
        if self.selection is None:
            self.loop_turn()
            return
        start, end = (to_samples(s) for s in self.selection)
        self._player.seek(start)
        self._play((start, end, True))

    def loop_turn(self) -> None:
        """Play the selected turn, or the one at the playhead, over and over."""
        turn = self.turn or self._turn_at(self._player.position)
        if turn is not None:
            self._loop(turn)

    def play_once(self, turn: Turn) -> None:
        """Play a turn from its start to its end."""
        self._player.seek(turn.start)
        self._play((turn.start, turn.end, False))

    def slower(self) -> None:
        self._change_speed(-1)

    def faster(self) -> None:
        self._change_speed(1)

    def normal_speed(self) -> None:
        self.set_speed(1.0)

    def _change_speed(self, step: int) -> None:
        at = SPEEDS.index(self._player.speed) + step
        self.set_speed(SPEEDS[min(max(at, 0), len(SPEEDS) - 1)])

    def set_speed(self, speed: float) -> None:
        """One of :data:`SPEEDS`, at the same pitch."""
        self._player.set_speed(speed)
        self._timeline.names.set_speed(speed)
        self.speed_changed.emit(speed)

    @pyqtSlot(object)
    def _loop(self, turn: Turn) -> None:
        self._timeline.select_turn(turn)
        self._player.seek(turn.start)
        self._play((turn.start, turn.end, True))

    def _play(self, span: tuple[int, int, bool]) -> None:
        """Play a stretch, from the playhead if that is inside."""
        self._span = span
        start, end, loop = span
        at = self._player.position
        self._player.play(start, end, loop=loop)
        if start < at < end:
            self._player.seek(at)

    # moving

    @pyqtSlot(int)
    def seek(self, samples: int) -> None:
        """Put the playhead there, within the recording; playing goes on from there.

        Outside of the stretch that playing was limited to, the limit ends.
        """
        samples = max(0, min(samples, self._session.duration))
        if self._span is not None and not self._span[0] <= samples < self._span[1]:
            self._end_span()
        self._player.seek(samples)
        self._timeline.seek(to_seconds(samples))
        self.moved.emit(samples)

    def step_back(self) -> None:
        self.seek(self._player.position - to_samples(STEP_S))

    def step_forward(self) -> None:
        self.seek(self._player.position + to_samples(STEP_S))

    def to_start(self) -> None:
        self.seek(0)

    def to_end(self) -> None:
        self.seek(self._session.duration)

    def previous_edge(self) -> None:
        edges = self._session.annotation.edges()
        at = self._player.position - (PASSED if self._player.playing else 0)
        index = bisect_left(edges, at) - 1
        self.seek(edges[index] if index >= 0 else 0)

    def next_edge(self) -> None:
        edges = self._session.annotation.edges()
        index = bisect_right(edges, self._player.position)
        if index < len(edges):
            self.seek(edges[index])

    def previous_turn(self) -> None:
        self._go_to_turn(self._index() - 1)

    def next_turn(self) -> None:
        turns = self._session.annotation.turns
        index = self._index()
        self._go_to_turn(index + 1 if index < len(turns) and turns[index] == self.turn else index)

    def _index(self) -> int:
        """Of the selected turn, else of the first that starts at or after the playhead."""
        turns = self._session.annotation.turns
        if self.turn is not None:
            index = bisect_left(turns, self.turn)
            if turns[index : index + 1] == (self.turn,):
                return index
        return bisect_left(turns, self._player.position, key=lambda t: t.start)

    def _go_to_turn(self, index: int) -> None:
        turns = self._session.annotation.turns
        if 0 <= index < len(turns):
            self.go_to(turns[index])

    def go_to(self, turn: Turn) -> None:
        """Select a turn and put the playhead at its start."""
        self._timeline.select_turn(turn)
        self.seek(turn.start)

    def reveal(self, turn: Turn) -> None:
        """Scroll until some of a turn is in view; the playhead stays."""
        start, end = self._timeline.visible_range()
        first, last = to_seconds(turn.start), to_seconds(turn.end)
        if last < start or first > end:
            self._timeline.scroll_by((first + last - start - end) / 2)

    # selecting and looking

    def zoom_to_selection(self) -> None:
        """Show just the selected time, else the selected turn."""
        if self.selection is not None:
            self._timeline.zoom_to(*self.selection)
        elif self.turn is not None:
            self._timeline.zoom_to(to_seconds(self.turn.start), to_seconds(self.turn.end))

    def select_edge(self, side: int) -> None:
        """The selected time begins (0) or ends (1) at the playhead."""
        at = to_seconds(self._player.position)
        span = list(self.selection or (0.0, to_seconds(self._session.duration)))
        span[side] = at
        if span[0] >= span[1]:  # the other way round: it is just begun anew
            span[1 - side] = to_seconds(self._session.duration) if side == 0 else 0.0
        self._timeline.select_turn(None)
        if span[0] < span[1]:
            self._timeline.set_selection((span[0], span[1]))

    def escape(self) -> None:
        """Take back what is being dragged; else clear what is selected and end a loop; with
        nothing selected, show everything."""
        if self._timeline.cancel_drag():
            return
        if self.selection is None and self.turn is None and self._span is None:
            self._timeline.fit()
            return
        if self._span is not None:
            self._player.pause()
            self._end_span()
        self._timeline.select_turn(None)
        self._timeline.clear_selection()

    def scroll_back(self) -> None:
        self._scroll(-SCREEN)

    def scroll_forward(self) -> None:
        self._scroll(SCREEN)

    def _scroll(self, screens: float) -> None:
        start, end = self._timeline.visible_range()
        self._timeline.scroll_by(screens * (end - start))

    def set_follow(self, on: bool) -> None:
        self._timeline.follow = on

    def _end_span(self) -> None:
        """No limit any more; what plays plays on."""
        self._span = None
        if self._player.playing:
            self._player.play()
        else:
            self._player.stop()

    def _turn_at(self, samples: int) -> Turn | None:
        turns = self._session.annotation.turns
        return next((t for t in turns if t.start <= samples < t.end), None)

    # what the others say

    @pyqtSlot(bool)
    def _on_state(self, playing: bool) -> None:
        if playing:
            self._began = self._player.position

    @pyqtSlot(int)
    def _on_position(self, samples: int) -> None:
        self._timeline.set_position(to_seconds(samples))
        self.moved.emit(samples)

    @pyqtSlot(float)
    def _on_click(self, seconds: float) -> None:
        self.seek(to_samples(seconds))

    @pyqtSlot(object)
    def _on_turn(self, turn: Turn | None) -> None:
        self.turn = turn

    @pyqtSlot(object)
    def _on_selection(self, selection: tuple[float, float] | None) -> None:
        self.selection = selection
        if selection is None and self._span is not None and not self._span[2]:
            self._end_span()

    @pyqtSlot()
    def _on_recording(self) -> None:
        self._span = self._began = None
        self._timeline.select_turn(None)
        self._timeline.clear_selection()
