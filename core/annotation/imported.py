"""Turns of another program on a recording."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from core.annotation.values import Annotation
from core.annotation.words import with_words


class Beyond(NamedTuple):
    """How many of the turns that were read don't fit on a recording."""

    outside: int
    """They begin after its end and are left out."""
    cut: int
    """They reach beyond its end and are cut there."""


def beyond(duration: int, read: Annotation) -> Beyond:
    """The turns that :func:`imported` leaves out or cuts; ``duration`` in samples."""
    outside = sum(turn.start >= duration for turn in read.turns)
    return Beyond(outside, sum(turn.end > duration for turn in read.turns) - outside)


def imported(recording: Annotation, read: Annotation) -> Annotation:
    """The turns, speakers and markers that were read, on a recording of a known length.

    What reaches beyond its end is cut. The markers that are there stay. Turns from elsewhere count
    as decided by a person, unless the file says which of them were: no later pass changes them.
    Words that are there stay, laid on the new turns, where the file has none.
    """
    end = recording.duration
    turns = [replace(t, end=min(t.end, end)) for t in read.turns if t.start < end]
    if recording.has_words and not read.has_words:
        turns = with_words(turns, ((word, None) for t in recording.turns for word in t.words))
    edited = tuple((s, min(e, end)) for s, e in read.edited if s < end)
    markers = {*recording.markers, *(m for m in read.markers if m.at <= end)}
    whole = ((0, end),) if end else ()
    return Annotation(
        tuple(turns),
        read.speakers,
        end,
        tuple(sorted(markers)),
        edited if read.edited else whole,
        recording.denied,
    )
