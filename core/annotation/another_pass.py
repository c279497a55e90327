"""What a person said stays when another pass finds the turns anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.annotation.edits import free
from core.annotation.stretches import inside, joined_at, outside
from core.annotation.values import Annotation, Speaker, Turn, union
from core.annotation.words import with_words

_SAID = 1000
"""How much more than any other time that counts in which a person said who speaks: a second pass
heeds it, so there its voices are who they were said to be. As much more counts a name that a person
typed: it follows its voice, whoever else that voice is taken for."""


@dataclass(frozen=True)
class CarriedOver:
    """What :func:`carry_over` makes of two annotations."""

    annotation: Annotation
    as_one: tuple[tuple[int, int], ...]
    """Pairs of speakers of the one before who are one voice in the other pass, the second one named
    by a person, the first one, too, or given turns: whose the voice is, and who has nothing of it
    but the time that was theirs before."""


def carried_over(before: Annotation, after: Annotation) -> Annotation:
    """The annotation of :func:`carry_over` alone."""
    return carry_over(before, after).annotation


def carry_over(before: Annotation, after: Annotation) -> CarriedOver:
    """The turns of another pass, with all that a person did to the ones before, and their words.

    Speakers of ``after`` become those of ``before`` with whom they share most time, one to one and
    those first whom a person named; with them they get name, colour and place. Two whom a person
    named and who are one voice now stay apart as they were. In the stretches that a person edited
    the turns of ``before`` stay as they are, speakers whom a person named stay even without turns;
    so do markers and what was denied.
    """
    match = _Match.of(before, after)
    to = match.to
    turns = _apart([replace(t, speaker=to[t.speaker]) for t in after.turns], before, match.as_one)
    if before.edited:
        turns = outside(turns, before.edited) + inside(before.turns, before.edited)
        turns = joined_at(turns, {edge for stretch in before.edited for edge in stretch})
    said = [t for t in before.turns if t.words]
    if said:
        words = [(word, t.speaker) for t in outside(said, before.edited) for word in t.words]
        turns = with_words(turns, words)
    present = {t.speaker for t in turns}
    kept = [s for s in before.speakers if s.id in present or s.named_by_hand]
    listed = {s.id for s in kept}
    known = {s.id: s for s in before.speakers}
    fresh = dict.fromkeys(to[s.id] for s in after.speakers if to[s.id] in present - listed)
    annotation = Annotation(
        tuple(sorted(turns)),
        (*kept, *(known.get(i) or Speaker(i) for i in fresh)),
        max(before.duration, after.duration),
        before.markers,
        before.edited,
        before.denied,
    )
    return CarriedOver(annotation, match.as_one)


@dataclass(frozen=True)
class _Match:
    """Which speakers of another pass are which of those before."""

    to: Mapping[int, int]
    """From the ids of the other pass to those before, or to new ones."""
    as_one: tuple[tuple[int, int], ...]
    """See :class:`CarriedOver`."""

    @classmethod
    def of(cls, before: Annotation, after: Annotation) -> _Match:
        from scipy.optimize import linear_sum_assignment  # late: the window starts without scipy

        shared = _shared(before, after)
        by_hand = np.array([s.named_by_hand for s in before.speakers], bool)
        weight = shared * np.where(by_hand, _SAID, 1)
        to: dict[int, int] = {}
        for row, column in zip(*linear_sum_assignment(-weight), strict=True):
            if shared[row, column] > 0:
                to[after.speakers[row].id] = before.speakers[column].id
        # A number must not be higher than there are speakers just because the one before had more.
        named = {s.id for s in before.speakers if s.name or s.colour}
        fixed = {t.speaker for t in before.turns if before.is_edited(t)}
        to = {i: j for i, j in to.items() if j < len(after.speakers) or j in named | fixed}
        taken = {*to.values(), *named, *fixed}
        for speaker in after.speakers:
            if speaker.id not in to:
                to[speaker.id] = free(taken)
                taken.add(to[speaker.id])
        as_one, said = [], fixed | {s.id for s in before.speakers if s.named_by_hand}
        for column in np.flatnonzero(by_hand) if len(after.speakers) else ():
            other = before.speakers[column].id
            whose = to[after.speakers[int(shared[:, column].argmax())].id]
            if shared[:, column].any() and whose in said - {other}:
                as_one.append((whose, other))
        return cls(to, tuple(as_one))


def _shared(before: Annotation, after: Annotation) -> NDArray[np.float64]:
    """(speakers of ``after``, of ``before``): the time in common; see :data:`_SAID`."""
    old = {s.id: n for n, s in enumerate(before.speakers)}
    new = {s.id: n for n, s in enumerate(after.speakers)}
    shared = np.zeros((len(new), len(old)), np.float64)
    ends = np.maximum.accumulate(np.array([t.end for t in before.turns], np.int64))
    for turn in after.turns:
        # Turns are sorted by start, so those that may overlap lie between these two.
        first = int(np.searchsorted(ends, turn.start, "right"))
        for other in before.turns[first:]:
            if other.start >= turn.end:
                break
            weight = _SAID if before.is_edited(other) else 1
            shared[new[turn.speaker], old[other.speaker]] += weight * turn.overlap(other)
    return shared


def _apart(turns: list[Turn], before: Annotation, as_one: Sequence[tuple[int, int]]) -> list[Turn]:
    """Turns with the parts given back that were another's before."""
    for whose, other in as_one:
        theirs = union((t.start, t.end) for t in before.turns_of(other))
        own = union((t.start, t.end) for t in turns if t.speaker == other)
        voice = [t for t in turns if t.speaker == whose]
        given = outside(inside(voice, theirs), own)
        rest = outside(voice, union((t.start, t.end) for t in given))
        given = [replace(t, speaker=other) for t in given]
        edges = {edge for t in given for edge in (t.start, t.end)}
        others = [t for t in turns if t.speaker != whose]
        turns = joined_at([*others, *rest, *given], edges)
    return turns
