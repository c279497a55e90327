"""Which turns are selected, and the ways from one to another."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from operator import itemgetter
from typing import TYPE_CHECKING

from PyQt5.QtCore import QCoreApplication, QObject, pyqtSignal, pyqtSlot

from app.editing.doubts import Doubts
from app.widgets.refusals import told
from core.annotation import edits
from core.annotation.overlap import overlaps, speaking
from core.annotation.values import Turn
from core.errors import EditError
from core.units import to_seconds

if TYPE_CHECKING:
    from app.playback.scene import Scene
    from app.widgets.host import Host


class Selecting(QObject):
    """The selected turns: what edits are done to, and what the table of turns follows."""

    selection_changed = pyqtSignal(object)
    """The selected turns, a tuple: the one selected last is the last."""

    def __init__(self, scene: Scene, host: Host) -> None:
        super().__init__(host.window)
        self.doubts = Doubts(scene.session, self)
        self.doubts.changed.connect(self._on_doubts)
        self.notices = host.notices
        self._session, self._timeline = scene.session, scene.timeline
        self._transport, self._player = scene.transport, scene.player
        scene.timeline.turns_selected.connect(self.selection_changed)

    def selected_turns(self) -> tuple[Turn, ...]:
        """In the order in which they were selected."""
        return self._timeline.selected_turns()

    def select(self, turns: Iterable[Turn]) -> None:
        """Select these turns of the annotation and no others; those that aren't there are left."""
        self._timeline.select_turns(edits.present(self._session.annotation, turns))

    def select_all(self) -> None:
        self._timeline.select_turns(self._session.annotation.turns)

    @told
    def select_speaker(self) -> None:
        """All turns of the speakers of those that are selected."""
        speakers = {t.speaker for t in self._chosen()}
        self.select(t for t in self._session.annotation.turns if t.speaker in speakers)

    def extend_back(self) -> None:
        self._extend(-1)

    def extend_on(self) -> None:
        self._extend(1)

    def _extend(self, step: int) -> None:
        """One turn more before the first or after the last of those that are selected."""
        turns, selected = self._session.annotation.turns, self.selected_turns()
        if not selected:
            (self._transport.next_turn if step > 0 else self._transport.previous_turn)()
            return
        index = turns.index(max(selected) if step > 0 else min(selected)) + step
        if 0 <= index < len(turns):
            self._timeline.select_turns([*selected, turns[index]])
            self._transport.reveal(turns[index])

    def lane_above(self) -> None:
        self._to_lane(-1)

    def lane_below(self) -> None:
        self._to_lane(1)

    def _to_lane(self, step: int) -> None:
        """The turn of the next lane that is nearest to the playhead."""
        ids = [s.id for s in self._session.annotation.speakers if self._turns_of(s.id)]
        turn, at = self._transport.turn, self._player.position
        if not ids:
            return
        place = ids.index(turn.speaker) + step if turn and turn.speaker in ids else 0
        if 0 <= place < len(ids):
            own = self._turns_of(ids[place])
            nearest = min(own, key=lambda t: max(t.start - at, at - t.end, 0))
            self._timeline.select_turn(nearest)
            self._transport.reveal(nearest)

    def _turns_of(self, speaker: int) -> tuple[Turn, ...]:
        return self._session.annotation.turns_of(speaker)

    @told
    def next_of_speaker(self) -> None:
        self._beside(1)

    @told
    def previous_of_speaker(self) -> None:
        self._beside(-1)

    def _beside(self, step: int) -> None:
        turn = self._transport.turn or self._chosen()[-1]
        beside = edits.beside(self._session.annotation, turn, step)
        if beside is not None:
            self._transport.go_to(beside)

    @told
    def next_doubtful(self) -> None:
        self._review(1)

    @told
    def previous_doubtful(self) -> None:
        self._review(-1)

    def _review(self, step: int) -> None:
        """To the next turn of which it isn't sure who speaks."""
        last, turns = self._transport.turn, self.doubts.doubtful()
        if last is not None:
            index = bisect_right(turns, last) if step > 0 else bisect_left(turns, last) - 1
        else:
            index = bisect_left(turns, self._player.position, key=lambda t: t.start)
            index -= step < 0
        if not 0 <= index < len(turns):
            raise EditError(
                QCoreApplication.translate(
                    "Selecting", "there is no other doubtful turn on that side"
                )
            )
        self._transport.go_to(turns[index])

    @told
    def next_overlap(self) -> None:
        self._overlap(1)

    @told
    def previous_overlap(self) -> None:
        self._overlap(-1)

    @pyqtSlot()
    def _on_doubts(self) -> None:
        self._timeline.set_confidence(self.doubts.confidence)

    def _overlap(self, step: int) -> None:
        """Select the time in which several speak at once next; their lanes come into view."""
        annotation, at = self._session.annotation, self._player.position
        found = overlaps(annotation)
        index = (
            bisect_right(found, at, key=itemgetter(0))
            if step > 0
            else bisect_left(found, at, key=itemgetter(0)) - 1
        )
        if not 0 <= index < len(found):
            raise EditError(
                QCoreApplication.translate("Selecting", "nobody talks over others on that side")
            )
        start, end = found[index]
        self._timeline.select_turn(None)
        self._transport.seek(start)
        self._timeline.set_selection((to_seconds(start), to_seconds(end)))
        for turn in speaking(annotation, start, end):
            self._timeline.reveal_lane(turn.speaker)

    def _at_playhead(self) -> list[Turn]:
        at = self._player.position
        return [t for t in self._session.annotation.turns if t.start <= at < t.end]

    def _chosen(self) -> tuple[Turn, ...]:
        """The selected turns, else the one at the playhead."""
        turns = self.selected_turns() or tuple(self._at_playhead())
        if not turns:
            raise EditError(
                QCoreApplication.translate(
                    "Selecting", "select a turn first: click one, or press N for the next"
                )
            )
        if len(turns) > 1 and not self.selected_turns():
            raise EditError(
                QCoreApplication.translate(
                    "Selecting", "several people speak here: click the turn that is meant"
                )
            )
        return turns
