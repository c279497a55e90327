"""What can be undone: one step each, by the two states that it lies between.

States are immutable and share what they have in common, so that a hundred steps over 10,000 turns
take a few megabytes.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from PyQt5.QtWidgets import QUndoCommand

from core.annotation import edits
from core.annotation.values import Annotation, Denial, Marker, Speaker, Turn, join_turns, union

PASS = "pass"
"""Steps of other passes join by this and the number of the pass."""


def marker_step(at: int) -> Hashable:
    """By this putting a marker and typing its text join."""
    return ("marker", at)


@dataclass(frozen=True)
class Overlay:
    """What a person says while turns still arrive, to lie over whatever the stream says."""

    names: Mapping[int, str] = field(default_factory=dict)
    colours: Mapping[int, str] = field(default_factory=dict)
    merged: Mapping[int, int] = field(default_factory=dict)
    """From a speaker who is gone to the one who is kept."""
    order: tuple[int, ...] = ()
    """The lanes that come first."""
    markers: tuple[Marker, ...] = ()
    denied: tuple[Denial, ...] = ()
    given: tuple[tuple[Turn, ...], ...] = ()
    """Turns that were given to another speaker, a step each; the later before the earlier."""
    most: int = 0
    """There are no more speakers than this; 0 for any number."""

    def kept(self, speaker: int) -> int:
        """Who a speaker of the stream is."""
        while speaker in self.merged:
            speaker = self.merged[speaker]
        return speaker

    def on(self, heard: Annotation, folded: Mapping[int, int] | None = None) -> Annotation:
        """The annotation with all that was said. ``folded`` is for whom the stream takes those who
        are more than ``most``."""
        a = heard
        if self.given:
            a = edits.laid_over(a, dict(enumerate(self.given)))
        kept = {s.id: self.kept(s.id) for s in a.speakers}
        whose = {i: (folded or {}).get(keep, keep) for i, keep in kept.items()}
        if any(i != who for i, who in whose.items()):
            turns = [
                t if whose[t.speaker] == t.speaker else replace(t, speaker=whose[t.speaker])
                for t in a.turns
            ]
            known = {s.id: s for s in a.speakers}
            there = tuple(known.get(i) or Speaker(i) for i in dict.fromkeys(whose.values()))
            a = replace(a, turns=tuple(join_turns(turns)), speakers=there)
        if self.merged:
            # Who was made one by hand must not be parted by a second pass.
            ones = {whose.get(i, i) for i in map(self.kept, self.merged)}
            said = ((t.start, t.end) for t in a.turns if t.speaker in ones)
            a = replace(a, edited=union((*a.edited, *said)))
        places = {speaker: n for n, speaker in enumerate(self.order)}
        speakers = [
            replace(s, name=self.names.get(s.id, s.name), colour=self.colours.get(s.id, s.colour))
            for s in sorted(a.speakers, key=lambda s: places.get(s.id, len(places)))
        ]
        return replace(a, speakers=tuple(speakers), markers=self.markers, denied=self.denied)

    def taken_in(self, before: Annotation, after: Annotation) -> Overlay:
        """This overlay with what an edit did to names, colours, order, markers and denials."""
        old = {s.id: s for s in before.speakers}
        names, colours = dict(self.names), dict(self.colours)
        for s in after.speakers:
            if s.confidence is None and (s.name, None) != (old[s.id].name, old[s.id].confidence):
                names[s.id] = s.name
            if s.colour != old[s.id].colour:
                colours[s.id] = s.colour
        order, places = self.order, tuple(s.id for s in after.speakers)
        if places != tuple(s.id for s in before.speakers):
            order = places
        return replace(
            self,
            names=names,
            colours=colours,
            order=order,
            markers=after.markers,
            denied=after.denied,
        )

    def merging(self, annotation: Annotation, keep: int, gone: int) -> Overlay:
        """This overlay with one more merge; raises EditError as the edit does."""
        after = edits.merge_speakers(annotation, keep, gone)
        kept = after.speaker(keep)
        names = {**self.names, keep: kept.name} if kept.named_by_hand else self.names
        return replace(self, names=names, merged={**self.merged, gone: keep})

    def giving(self, annotation: Annotation, turns: Iterable[Turn], speaker: int) -> Overlay:
        """This overlay with these turns given to a speaker. Who has no others is merged with that
        speaker; raises EditError as the edits do."""
        overlay, moved = self, set(edits.present(annotation, turns))
        for other in sorted({turn.speaker for turn in moved}):
            if moved.issuperset(annotation.turns_of(other)):
                overlay = overlay.merging(annotation, speaker, other)
                moved -= set(annotation.turns_of(other))
        if moved:
            stretches = union((turn.start, turn.end) for turn in moved)
            step = tuple(Turn(start, end, speaker) for start, end in stretches)
            overlay = replace(overlay, given=(*overlay.given, step))
        return overlay


UndoState = Annotation | Overlay


class Edit(QUndoCommand):
    """One step: from a state to another and back.

    Steps in a row with the same ``join`` become one: pressing a key ten times to move an edge, or
    putting a marker and typing its text, is one thing that a person did.
    """

    def __init__(
        self,
        name: str,
        show: Callable[[UndoState], None],
        before: UndoState,
        after: UndoState,
        join: Hashable = None,
    ):
        super().__init__(name)
        self._show, self._before, self._after, self._join = show, before, after, join

    @property
    def by_pass(self) -> bool:
        """Whether another pass over the voices made it, not a person."""
        return isinstance(self._join, tuple) and self._join[0] == PASS

    def puts_marker(self, at: int) -> bool:
        """Whether all of it is a marker there."""
        return self._join == marker_step(at)

    def id(self) -> int:
        return -1 if self._join is None else 1

    def mergeWith(self, other: QUndoCommand | None) -> bool:
        if not isinstance(other, Edit) or other._join != self._join:
            return False
        self._after = other._after
        return True

    def redo(self) -> None:
        self._show(self._after)

    def undo(self) -> None:
        self._show(self._before)
