"""The stretches of a recording that a recogniser is given, and whose words those are.

A recogniser hears a turn with a little of what is around it, since a word that is cut off is heard
wrongly. It keeps the words whose middle is in the turn, or just beside it where nobody speaks.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from core.annotation.values import Annotation, Stretch, Turn, Word, union
from core.annotation.words import spread, with_words
from core.formats.json_file import text_in
from core.units import SAMPLE_RATE

CONTEXT = SAMPLE_RATE // 2
"""What is heard before and after what is wanted."""
LONGEST = 30 * SAMPLE_RATE
"""Longer turns are heard in parts: it can be said how far it is, and be cancelled."""
BESIDE = SAMPLE_RATE // 4
"""So far beside a turn a word is still of it, if it is no nearer to another turn."""

TurnKey = tuple[int, int, int]
"""(start, end, speaker): a turn whatever is said in it."""


def key_of(turn: Turn) -> TurnKey:
    """What tells a turn from the others."""
    return turn.start, turn.end, turn.speaker


@dataclass(frozen=True, order=True)
class Portion:
    """A part of a turn, or all of it.

    Parameters
    ----------
    start, end
        What is heard, in samples, with the context.
    first, last
        Words with their middle from ``first`` to before ``last`` are wanted.
    turn
        Of which it is a part.
    """

    start: int
    end: int
    first: int
    last: int
    turn: TurnKey


def portions_of(a: Annotation, *, again: bool = False) -> list[Portion]:
    """What there is to hear, in the order of time: turns without words, or all of them."""
    speech = union((t.start, t.end) for t in a.turns)
    made: list[Portion] = []
    for turn in a.turns:
        if turn.words and not again:
            continue
        first, last = _reach(turn, speech, a.duration)
        count = -(-turn.duration // LONGEST)
        edges = [turn.start + turn.duration * n // count for n in range(1, count)]
        for begin, end in zip([first, *edges], [*edges, last], strict=True):
            heard = max(begin - CONTEXT, 0), min(end + CONTEXT, max(a.duration, end))
            made.append(Portion(*heard, begin, end, key_of(turn)))
    return sorted(made)


def _reach(turn: Turn, speech: Sequence[Stretch], duration: int) -> Stretch:
    """The turn with what is beside it where nobody speaks."""
    n = bisect_right(speech, turn.start, key=lambda stretch: stretch[0]) - 1
    start, end = speech[n]
    before = speech[n - 1][1] if n else 0
    after = speech[n + 1][0] if n + 1 < len(speech) else duration
    left = min(BESIDE, max(start - before, 0) // 2) if start == turn.start else 0
    right = min(BESIDE, max(after - end, 0) // 2) if end == turn.end else 0
    return turn.start - left, turn.end + right


def wanted(words: Iterable[Word], portion: Portion) -> Iterator[Word]:
    """Of the words that were heard in a portion, counted from its start, those that are its own;
    with their times in the recording, and nothing in them that isn't written."""
    for word in words:
        text = "".join(c for c in text_in(word.text) if c.isspace() or not _is_control(c))
        start = portion.start + word.start
        for part in spread(text, start, max(portion.start + word.end, start + 1)):
            if portion.first <= part.middle < portion.last:
                yield replace(part, confidence=word.confidence)


def _is_control(character: str) -> bool:
    return unicodedata.category(character) == "Cc"


def with_heard(a: Annotation, heard: Mapping[TurnKey, Sequence[Word]]) -> Annotation:
    """The annotation with what was heard in its turns, in place of what they had.

    A turn that is no more as it was when it was heard gets its words by time, beside those that it
    has. What two who speak at once are both heard to say at the same moment is said by one of
    them.
    """
    left = dict(heard)
    turns: list[Turn] = []
    for turn in a.turns:
        own = left.pop(key_of(turn), None)
        turns.append(turn if own is None else replace(turn, words=tuple(sorted(own))))
    turns = _said_once(turns, heard)
    loose = [(word, speaker) for (_, _, speaker), words in left.items() for word in words]
    return replace(a, turns=tuple(with_words(turns, loose) if loose else turns))


def _said_once(turns: list[Turn], heard: Container[TurnKey]) -> list[Turn]:
    """Without words that a turn over the same time has as well: the longer one keeps them, and
    before all others one that had its words already."""
    made = list(turns)
    for group in _at_once(turns):
        new = {n for n in group if key_of(turns[n]) in heard and turns[n].words}
        if len(group) < 2 or not new:
            continue
        said: defaultdict[str, list[Word]] = defaultdict(list)
        for n in sorted(group, key=lambda n: (n in new, -turns[n].duration, n)):
            if n in new:
                own = tuple(word for word in turns[n].words if not _is_among(word, said))
                made[n] = replace(turns[n], words=own)
            for word in made[n].words:
                said[word.text.casefold()].append(word)
    return made


def _at_once(turns: Sequence[Turn]) -> Iterator[list[int]]:
    """Places of turns that hang together by overlaps, sorted as the turns are."""
    group: list[int] = []
    reach = 0
    for n, turn in enumerate(turns):
        if group and turn.start >= reach:
            yield group
            group = []
        group.append(n)
        reach = max(reach, turn.end)
    if group:
        yield group


def _is_among(word: Word, said: Mapping[str, Sequence[Word]]) -> bool:
    others = said.get(word.text.casefold(), ())
    return any(word.start < other.end and other.start < word.end for other in others)
