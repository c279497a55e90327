"""What a person does to an annotation: pure operations, each from one annotation to the next.

Every operation keeps the rules of :mod:`core.annotation.values` and notes in ``edited`` which
stretches of time a person decided on. Where turns of one speaker would overlap they become one. A
request that can't be carried out raises :class:`~core.errors.EditError` and changes nothing.

>>> a = Annotation.build([Turn(0, 40, 0), Turn(50, 90, 1)], duration=100)
>>> a = split(a, a.turns[0], 30)
>>> reassign(a, [a.turns[1]], 1).turns
(Turn(start=0, end=30, speaker=0, settled=True), Turn(start=30, end=40, speaker=1, settled=True), \
Turn(start=50, end=90, speaker=1, settled=True))
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter

from core.annotation.stretches import joined_at, outside, touching
from core.annotation.values import (
    Annotation,
    Denial,
    Marker,
    Speaker,
    Stretch,
    Turn,
    Word,
    join_turns,
    one_turn,
    union,
)
from core.annotation.words import retold, with_words
from core.errors import EditError

FEW = 16
"""So many turns are put in their places one by one; more are sorted in all at once."""

# turns


def reassign(a: Annotation, turns: Collection[Turn], speaker: int) -> Annotation:
    """These turns are of another speaker."""
    a.speaker(speaker)
    return _exchange(a, turns, [replace(t, speaker=speaker, settled=True) for t in turns])


def split(a: Annotation, turn: Turn, at: int) -> Annotation:
    """Two turns of the same speaker in place of one, which touch at a sample inside it."""
    if not turn.start < at < turn.end:
        raise EditError("a turn can only be split inside: put the playhead into it first")
    return _exchange(a, [turn], [turn.part(turn.start, at), turn.part(at, turn.end)])


def merge_turns(a: Annotation, turns: Collection[Turn]) -> Annotation:
    """One turn, of the first one's speaker, from the first start to the last end.

    Turns of others in between stay: overlap is allowed.
    """
    if len(turns) < 2:
        raise EditError("there is no second turn to merge with")
    return _exchange(a, turns, [replace(one_turn(sorted(set(turns))), settled=True)])


def delete(a: Annotation, turns: Collection[Turn]) -> Annotation:
    """These turns are gone with their words; their speakers stay."""
    return _exchange(a, turns, [])


def move_edges(a: Annotation, turn: Turn, start: int, end: int) -> Annotation:
    """The turn from another sample to another; it may come to overlap turns of others.

    It keeps its words, also those that it doesn't reach any more.
    """
    return move_all_edges(a, [(turn, start, end)])


def move_all_edges(a: Annotation, moves: Sequence[tuple[Turn, int, int]]) -> Annotation:
    """Several turns from one sample to another, at once: a change of speakers that lies elsewhere.

    ``moves`` are (turn, start, end). A word that its turn doesn't reach any more goes to that one
    of them which has come to cover it, or stays.
    """
    come = []
    for turn, start, end in moves:
        start, end = max(0, start), min(end, a.duration)
        if start >= end:
            raise EditError("a turn has to start before it ends")
        come.append(replace(turn, start=start, end=end, settled=True))
    if len(come) > 1 and any(turn.words for turn in come):
        come = _at_home(come)
    return _exchange(a, [turn for turn, _, _ in moves], come)


def _at_home(turns: Sequence[Turn]) -> list[Turn]:
    """The turns after each word has gone to the first of them that covers it, but stays where it
    is if that turn does or none."""
    words: list[list[Word]] = [[] for _ in turns]
    for n, turn in enumerate(turns):
        for word in turn.words:
            order = (n, *(m for m in range(len(turns)) if m != n))
            over = (m for m in order if turns[m].start <= word.middle < turns[m].end)
            words[next(over, n)].append(word)
    return [replace(t, words=tuple(sorted(w))) for t, w in zip(turns, words, strict=True)]


def draw(a: Annotation, start: int, end: int, speaker: int) -> Annotation:
    """A new turn."""
    a.speaker(speaker)
    start, end = max(0, start), min(end, a.duration)
    if start >= end:
        raise EditError("a turn has to lie inside the recording and start before it ends")
    return _exchange(a, [], [Turn(start, end, speaker)])


def reassign_parts(
    a: Annotation, parts: Sequence[tuple[Turn, int, int]], speaker: int
) -> Annotation:
    """Parts of turns, (turn, start, end) apart from each other, are of another speaker.

    What is left of the turns stays as it is, and counts as edited no more than before.
    """
    a.speaker(speaker)
    cut: dict[Turn, list[Stretch]] = {}
    moved: list[Turn] = []
    for turn, start, end in parts:
        if not turn.start <= start < end <= turn.end:
            raise EditError("a part of a turn has to lie inside of it")
        if turn.speaker != speaker:
            cut.setdefault(turn, []).append((start, end))
            moved.append(replace(turn.part(start, end), speaker=speaker, settled=True))
    if not cut:
        return a
    places = {_place(a.turns, turn) for turn in cut}
    kept = [turn for n, turn in enumerate(a.turns) if n not in places]
    for turn, stretches in cut.items():
        kept += outside([turn], union(stretches))
    given = union(stretch for stretches in cut.values() for stretch in stretches)
    own = [t for t in kept if t.speaker == speaker] + join_turns(moved)
    turns = [t for t in kept if t.speaker != speaker] + _without_overlap(own)
    # What now touches a turn of the same speaker goes on as that turn.
    turns = joined_at(turns, {edge for stretch in given for edge in stretch})
    return replace(a, turns=tuple(turns), edited=union((*a.edited, *given)))


def _exchange(a: Annotation, gone: Iterable[Turn], come: Sequence[Turn]) -> Annotation:
    """Some turns in place of others. Untouched turns stay the same objects: that makes telling
    what has changed cheap."""
    gone = set(gone)
    touched = [(t.start, t.end) for t in (*gone, *come)]
    places = {_place(a.turns, turn) for turn in gone}
    kept = [turn for n, turn in enumerate(a.turns) if n not in places]
    if len(come) <= FEW:
        for turn in come:
            _put(kept, turn)
    else:
        for speaker in {t.speaker for t in come}:
            same = [t for t in (*kept, *come) if t.speaker == speaker]
            kept = [t for t in kept if t.speaker != speaker]
            kept += _without_overlap(same)
        kept.sort(key=_ORDER)
    return replace(a, turns=tuple(kept), edited=union((*a.edited, *touched)))


def _place(turns: Sequence[Turn], turn: Turn) -> int:
    """The index of a turn."""
    index = bisect_left(turns, turn)
    if index == len(turns) or turns[index] != turn:
        raise EditError("the turn is no longer there")
    return index


def _put(turns: list[Turn], turn: Turn) -> None:
    """Put one turn where it belongs; it swallows those of the same voice that it overlaps."""
    start, end, speaker = turn.start, turn.end, turn.speaker
    near = turns[: bisect_left(turns, end, key=attrgetter("start"))]
    over = [t for t in near if t.speaker == speaker and t.end > start]
    for other in over:
        turns.remove(other)
    insort(turns, one_turn([turn, *over]))


_ORDER = attrgetter("start", "end", "speaker")
"""As turns order themselves, at a third of the time."""


def _without_overlap(turns: list[Turn]) -> list[Turn]:
    """Turns of one voice: those that overlap become one, those that only touch stay as they are."""
    turns.sort(key=_ORDER)
    apart = turns[:1]
    for turn in turns[1:]:
        last = apart[-1]
        if turn.start >= last.end:
            apart.append(turn)
        else:
            apart[-1] = one_turn([last, turn])
    return apart


def last_said(given: Mapping[int, Sequence[Turn]]) -> dict[int, Sequence[Turn]]:
    """The parts of turns that no later entry covers."""
    covered: tuple[Stretch, ...] = ()
    standing: dict[int, Sequence[Turn]] = {}
    for number in reversed(list(given)):
        standing[number] = outside(given[number], covered)
        covered = union((*covered, *((turn.start, turn.end) for turn in given[number])))
    return {number: standing[number] for number in given}


def laid_over(a: Annotation, given: Mapping[int, Sequence[Turn]]) -> Annotation:
    """These turns are what a person decided about their time, the later entries before the earlier
    ones; those of ``a`` are still arriving and may say anything there.

    Speakers are those who have turns. The turns of one entry must not overlap.
    """
    parts = [part for turns in last_said(given).values() for part in turns]
    if not parts:
        return a
    covered = union((turn.start, turn.end) for turn in parts)
    edges = {edge for turn in parts for edge in (turn.start, turn.end)}
    turns = joined_at([*outside(a.turns, covered), *parts], edges)
    known = {s.id: s for s in a.speakers}
    present = {t.speaker for t in turns}
    ids = dict.fromkeys((*known, *(t.speaker for t in parts)))
    return replace(
        a,
        turns=tuple(turns),
        speakers=tuple(known.get(i) or Speaker(i) for i in ids if i in present),
        duration=max(a.duration, covered[-1][1]),
        edited=union((*a.edited, *covered)),
    )


def present(a: Annotation, turns: Iterable[Turn]) -> list[Turn]:
    """Those of the turns that are in the annotation."""
    found = ((turn, bisect_left(a.turns, turn)) for turn in turns)
    return [turn for turn, n in found if n < len(a.turns) and a.turns[n] == turn]


def followed(a: Annotation, turns: Iterable[Turn]) -> list[Turn]:
    """The same; one that isn't settled may have grown at its end since."""
    found: dict[Turn, None] = {}
    for turn in turns:
        first = bisect_left(a.turns, turn.start, key=attrgetter("start"))
        last = bisect_right(a.turns, turn.start, key=attrgetter("start"))
        same = [t for t in a.turns[first:last] if t.speaker == turn.speaker]
        found.update(dict.fromkeys(t for t in same if t == turn or not turn.settled))
    return list(found)


def added(before: Annotation, after: Annotation) -> list[Turn]:
    """The turns that edits brought, in order."""
    old = {id(turn) for turn in before.turns}
    fresh = [turn for turn in after.turns if id(turn) not in old]
    return [turn for turn in fresh if not present(before, [turn])]


def beside(a: Annotation, turn: Turn, step: int) -> Turn | None:
    """The turn of the same speaker that comes next (``step`` 1) or came before (-1)."""
    index = bisect_left(a.turns, turn)
    beyond = a.turns[index + 1 :] if step > 0 else a.turns[:index][::-1]
    if a.turns[index : index + 1] != (turn,):
        return None
    return next((t for t in beyond if t.speaker == turn.speaker), None)


# speakers


def new_speaker(a: Annotation, name: str = "") -> tuple[Annotation, int]:
    """A speaker without turns, and the id."""
    speaker = Speaker(free(s.id for s in a.speakers), name)
    return replace(a, speakers=(*a.speakers, speaker)), speaker.id


def remove_speaker(a: Annotation, speaker: int) -> Annotation:
    """Without a speaker, who must have no turns."""
    a.speaker(speaker)
    if a.turns_of(speaker):
        raise EditError("a speaker with turns can't be removed: give the turns to others first")
    return replace(a, speakers=tuple(s for s in a.speakers if s.id != speaker))


def rename(a: Annotation, speaker: int, name: str) -> Annotation:
    """Another name, everywhere at once; an empty one gives the number back.

    In place of a name that was recognised it says, too, that this isn't that voice.
    """
    name = " ".join(name.split())
    if name and any(s.name == name and s.id != speaker for s in a.speakers):
        raise EditError(
            f"there is another speaker called {name}: merge the two, or add to the name"
        )
    before = a.speaker(speaker)
    if before.confidence is not None:
        if name == before.name:
            return a
        a = deny(a, speaker, before.name)
    return a.with_names({speaker: name})


def confirm(a: Annotation, speaker: int, name: str) -> Annotation:
    """A person says that this speaker is the known voice of that name."""
    if a.speaker(speaker).name == name:
        return a.with_names({speaker: name})
    return rename(a, speaker, name)


def deny(a: Annotation, speaker: int, name: str) -> Annotation:
    """A person says that this speaker isn't the known voice of that name.

    The name goes if it was recognised; it is neither given nor asked about here again.
    """
    before = a.speaker(speaker)
    where = union((t.start, t.end) for t in a.turns_of(speaker))
    if where and not denies(a, speaker, name):
        a = replace(a, denied=(*a.denied, Denial(name, where)))
    if before.confidence is not None and before.name == name:
        a = a.with_names({speaker: ""})
    return a


def denies(a: Annotation, speaker: int, name: str) -> bool:
    """Whether a person said so: that speaker speaks in most of the time which that was about."""
    wanted = [d for d in a.denied if d.name.casefold() == name.casefold()]
    own = a.turns_of(speaker) if wanted else ()
    for denial in wanted:
        length = sum(end - start for start, end in denial.where)
        shared = sum(
            min(turn.end, end) - max(turn.start, start)
            for turn in own
            for start, end in touching(denial.where, turn)
        )
        if 2 * shared >= length:
            return True
    return False


def recolour(a: Annotation, speaker: int, colour: str) -> Annotation:
    """Another colour, ``#rrggbb``; empty for the one that goes with the id."""
    a.speaker(speaker)
    return replace(
        a, speakers=tuple(replace(s, colour=colour) if s.id == speaker else s for s in a.speakers)
    )


def keep_speaker(a: Annotation, speaker: int) -> Annotation:
    """A person says that this is somebody, however little they say."""
    a.speaker(speaker)
    return replace(
        a, speakers=tuple(replace(s, kept=True) if s.id == speaker else s for s in a.speakers)
    )


def merge_speakers(a: Annotation, keep: int, gone: int) -> Annotation:
    """Two speakers are one: ``keep``, with the other's name if it has none.

    A name that a person gave goes before one that was recognised.
    """
    kept, other = a.speaker(keep), a.speaker(gone)
    if keep == gone:
        raise EditError("a speaker can't be merged with itself")
    moved = a.turns_of(gone)
    merged = reassign(a, moved, keep) if moved else a
    better = other.named_by_hand and not kept.named_by_hand
    named = other if better or not kept.name else kept
    speakers = (
        replace(s, name=named.name, confidence=named.confidence) if s.id == keep else s
        for s in merged.speakers
        if s.id != gone
    )
    return replace(merged, speakers=tuple(speakers))


def reorder(a: Annotation, ids: Sequence[int]) -> Annotation:
    """The lanes in another order."""
    if sorted(ids) != sorted(s.id for s in a.speakers):
        raise EditError("every speaker has to be in the new order, once")
    return replace(a, speakers=tuple(a.speaker(i) for i in ids))


def free(taken: Iterable[int]) -> int:
    """The lowest number that nobody has."""
    taken = set(taken)
    return next(i for i in range(len(taken) + 1) if i not in taken)


# markers


def add_marker(a: Annotation, at: int, text: str = "") -> Annotation:
    """One more marker, inside the recording."""
    marker = Marker(min(max(at, 0), a.duration), text)
    return replace(a, markers=tuple(sorted({*a.markers, marker})))


def edit_marker(a: Annotation, marker: Marker, text: str) -> Annotation:
    """Another text for a marker."""
    return add_marker(remove_marker(a, marker), marker.at, text)


def remove_marker(a: Annotation, marker: Marker) -> Annotation:
    """Without this marker."""
    if marker not in a.markers:
        raise EditError("the marker is no longer there")
    return replace(a, markers=tuple(m for m in a.markers if m != marker))


# words


def say(a: Annotation, turn: Turn, text: str) -> Annotation:
    """What is said in a turn, as a person wrote it; words that stay keep their times.

    Who speaks is as it was: the turn doesn't count as edited.
    """
    place = _place(a.turns, turn)
    turns = list(a.turns)
    turns[place] = replace(turn, words=retold(turn, text))
    return replace(a, turns=tuple(turns))


def lay_words(a: Annotation, words: Iterable[tuple[Word, int | None]]) -> Annotation:
    """Words in place of all that are there, each in the turn in which it is said.

    With each word goes the speaker who says it, or None; see
    :func:`core.annotation.words.with_words`.
    """
    bare = [replace(t, words=()) if t.words else t for t in a.turns]
    return replace(a, turns=tuple(with_words(bare, words)))
