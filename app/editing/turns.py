"""Editing turns: what the Edit menu, its keys and the mouse on the lanes do to the annotation.

The operations themselves are in :mod:`core.annotation.edits`. Here is what they are done to: the
selected turns, else the one at the playhead; and what is selected afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from typing import TYPE_CHECKING

from PyQt5.QtCore import pyqtSlot

from app.editing.selecting import Selecting
from app.undo import Edit
from app.widgets.refusals import told
from core.annotation import edits
from core.annotation.values import Annotation, Turn
from core.errors import EditError
from core.units import to_samples

if TYPE_CHECKING:
    from app.playback.scene import Scene
    from app.widgets.host import Host

NUDGE = 800
"""Samples by which a key moves an edge (50 ms)."""
MOST_SHOWN = 200
"""An undone step that changed more turns than this selects none of them."""


class Editing(Selecting):
    """The selected turns, and what is done to them. Actions and menus call its methods."""

    def __init__(self, scene: Scene, host: Host) -> None:
        super().__init__(scene, host)
        canvas, session = scene.timeline.canvas, scene.session
        canvas.edges_moved.connect(self._move_edges)
        canvas.drawn.connect(self._draw_in_lane)
        canvas.given.connect(self._give_to_lane)
        session.annotation_changed.connect(self._on_annotation)
        session.recording_changed.connect(self._on_annotation)

    # turns

    def undo(self) -> None:
        self._show_changed(self._session.undo.undo)

    def redo(self) -> None:
        self._show_changed(self._session.undo.redo)

    @told
    def split(self) -> None:
        """Cut the selected turns at the playhead, or if it's in none of them, those that it is in;
        the parts behind it are selected."""
        at = self._player.position
        turns = [t for t in self.selected_turns() if t.start < at < t.end]
        turns = turns or [t for t in self._at_playhead() if t.start < at < t.end]
        if not turns:
            raise EditError(self.tr("put the playhead into a turn to split it: click where to cut"))
        after = self._session.annotation
        for turn in turns:
            after = edits.split(after, turn, at)
        self._do(self.tr("Split turn"), after, [t for t in after.turns if t.start == at])

    @told
    def merge_next(self) -> None:
        self._merge(1)

    @told
    def merge_previous(self) -> None:
        self._merge(-1)

    def _merge(self, step: int) -> None:
        """The selected turns into one; a single one with its neighbour of the same speaker."""
        annotation, turns = self._session.annotation, list(self._chosen())
        if len(turns) == 1:
            beside = edits.beside(annotation, turns[0], step)
            if beside is None:
                raise EditError(
                    self.tr("there is no other turn of this speaker on that side to merge with")
                )
            turns.append(beside)
        self._do(self.tr("Merge turns"), edits.merge_turns(annotation, turns))

    @told
    def delete(self) -> None:
        if not self.selected_turns():
            raise EditError(self.tr("select the turns to delete first: click one, or press N"))
        after = edits.delete(self._session.annotation, self.selected_turns())
        self._do(self.tr("Delete turns"), after, ())

    @told
    def give(self, number: int) -> None:
        """The selected turns to the speaker in this lane, counted from 1. Where time is selected
        instead, a new turn of that speaker."""
        speakers = self._session.annotation.speakers
        if number > len(speakers):
            raise EditError(self.tr("there is no speaker {}: press 0 to add one").format(number))
        self._give(self._session.annotation, speakers[number - 1].id)

    @told
    def give_new(self) -> None:
        """The same, to a speaker who is added."""
        self._give(*edits.new_speaker(self._session.annotation))

    def _give(self, annotation: Annotation, speaker: int) -> None:
        span = self._selected_time()
        if span is not None and not self.selected_turns():
            self._draw(annotation, *span, speaker)
        else:
            self._reassign(annotation, self._chosen(), speaker)

    def _reassign(self, annotation: Annotation, turns: Collection[Turn], speaker: int) -> None:
        """Turns that are that speaker's already stay as they are."""
        moved = [t for t in turns if t.speaker != speaker]
        if not self._session.complete:
            before = self._session.annotation
            self._session.give(moved, speaker)
            self.select(edits.added(before, self._session.annotation))
            return
        after = edits.reassign(annotation, moved, speaker) if moved else self._session.annotation
        self._do(self.tr("Change speaker"), after)

    @told
    def draw(self) -> None:
        """A turn over the selected time, of the speaker whose lane was chosen last."""
        span = self._selected_time()
        if span is None:
            raise EditError(
                self.tr("select the time of the new turn first: drag, or set it with [ and ]")
            )
        annotation, speaker = self._session.annotation, self._timeline.names.current
        if speaker is None and annotation.speakers:
            speaker = annotation.speakers[0].id
        if speaker is None:
            annotation, speaker = edits.new_speaker(annotation)
        self._draw(annotation, *span, speaker)

    def _draw(self, annotation: Annotation, start: int, end: int, speaker: int) -> None:
        self._do(self.tr("New turn"), edits.draw(annotation, start, end, speaker))
        self._timeline.clear_selection()

    def _selected_time(self) -> tuple[int, int] | None:
        span = self._timeline.selection()
        return None if span is None else (to_samples(span[0]), to_samples(span[1]))

    # edges

    @told
    def start_here(self) -> None:
        """The selected turn, or else the selected time, begins at the playhead."""
        self._edge_here(0)

    @told
    def end_here(self) -> None:
        self._edge_here(1)

    def _edge_here(self, side: int) -> None:
        at = self._player.position
        turn = self._transport.turn
        if turn is not None:
            start, end = (at, turn.end) if side == 0 else (turn.start, at)
            if start >= end:
                raise EditError(self.tr("the playhead is on the wrong side of the turn for that"))
            self._do(
                self.tr("Move edge"),
                edits.move_edges(self._session.annotation, turn, start, end),
            )
        else:
            self._transport.select_edge(side)

    def start_earlier(self) -> None:
        self._nudge(0, -NUDGE)

    def start_later(self) -> None:
        self._nudge(0, NUDGE)

    def end_earlier(self) -> None:
        self._nudge(1, -NUDGE)

    def end_later(self) -> None:
        self._nudge(1, NUDGE)

    @told
    def _nudge(self, side: int, by: int) -> None:
        """Move an edge a little, up to the neighbours in the lane; keys in a row are one step."""
        annotation, (*_, turn) = self._session.annotation, self._chosen()
        before, after = (edits.beside(annotation, turn, step) for step in (-1, 1))
        start, end = turn.start + by * (side == 0), turn.end + by * (side == 1)
        start = max(start, before.end if before else 0)
        end = min(end, after.start if after else annotation.duration)
        if start >= end:
            raise EditError(self.tr("the turn can't be any shorter: Del deletes it"))
        moved = edits.move_edges(annotation, turn, start, end)
        fixed = turn.end if side == 0 else turn.start
        self._do(self.tr("Move edge"), moved, join=("nudge", side, turn.speaker, fixed))

    # the mouse

    @pyqtSlot(object)
    @told
    def _move_edges(self, moves: Sequence[tuple[Turn, int, int]]) -> None:
        after = edits.move_all_edges(self._session.annotation, moves)
        self._do(self.tr("Move edge"), after, [Turn(s, e, t.speaker) for t, s, e in moves[:1]])

    @pyqtSlot(int, int, int)
    @told
    def _draw_in_lane(self, start: int, end: int, lane: int) -> None:
        annotation = self._session.annotation
        self._draw(annotation, start, end, annotation.speakers[lane].id)

    @pyqtSlot(object, object)
    @told
    def _give_to_lane(self, turns: tuple[Turn, ...], lane: int | None) -> None:
        annotation = self._session.annotation
        if lane is None:
            annotation, speaker = edits.new_speaker(annotation)
        else:
            speaker = annotation.speakers[lane].id
        self._reassign(annotation, turns, speaker)

    # how it is done

    def _do(
        self,
        name: str,
        after: Annotation,
        select: Iterable[Turn] | None = None,
        join: Hashable = None,
    ) -> None:
        """One step; then what came by it is selected, unless told otherwise."""
        before = self._session.annotation
        if after is before:
            return
        self._session.edit(name, after, join)
        if select is None:
            select = edits.added(before, after)
        self.select(select)

    def _show_changed(self, step: Callable[[], None]) -> None:
        """Undo or redo, and select the turns that it brought: those of a person's step, for the
        same may be wanted again. A pass brings turns that nobody chose."""
        before, stack = self._session.annotation, self._session.undo
        index = stack.index()
        step()
        done = stack.command(min(index, stack.index()))
        if isinstance(done, Edit) and done.by_pass:
            self._timeline.select_turns(())
            return
        came = edits.added(before, self._session.annotation)
        if 0 < len(came) <= MOST_SHOWN:
            self._timeline.select_turns(came)
            self._transport.reveal(came[-1])

    @pyqtSlot()
    def _on_annotation(self) -> None:
        self._timeline.set_editable(self._session.complete)
        speech = self._session.speech
        self._timeline.set_speech(speech.stretches if speech is not None else ())
