"""What can be undone: one step each, by the two states that it lies between.

States are immutable and share what they have in common, so that a hundred steps over 10,000 turns
take a few megabytes.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace

from PyQt5.QtWidgets import QUndoCommand

from core import edits
from core.annotation import Annotation, Denial, Marker, join_turns, union


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

    def kept(self, speaker: int) -> int:
        """Who a speaker of the stream is."""
        while speaker in self.merged:
            speaker = self.merged[speaker]
        return speaker

    def on(self, heard: Annotation) -> Annotation:
        """The annotation with all that was said."""
        a = heard
        if any(s.id in self.merged for s in a.speakers):
            turns = [
                replace(t, speaker=self.kept(t.speaker)) if t.speaker in self.merged else t
                for t in a.turns
            ]
            ids = dict.fromkeys(self.kept(s.id) for s in a.speakers)
            known = {s.id: s for s in a.speakers}
            a = replace(a, turns=tuple(join_turns(turns)), speakers=tuple(known[i] for i in ids))
        if self.merged:
            # Who was made one by hand must not be parted by a second pass.
            ones = {self.kept(speaker) for speaker in self.merged}
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


State = Annotation | Overlay


class Edit(QUndoCommand):
    """One step: from a state to another and back.

    Steps in a row with the same ``join`` become one: pressing a key ten times to move an edge, or
    putting a marker and typing its text, is one thing that a person did.
    """

    def __init__(
        self,
        name: str,
        show: Callable[[State], None],
        before: State,
        after: State,
        join: Hashable = None,
    ):
        super().__init__(name)
        self._show, self._before, self._after, self._join = show, before, after, join

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
