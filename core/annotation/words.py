"""What is said, laid on the turns in which it is said, and written anew by a person.

A word belongs to the turn of its speaker that covers its middle; where none does, to the turn that
covers most of it, or else to the nearest: no word is lost because a turn is too short.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import accumulate

from core.annotation.values import Turn, Word
from core.annotation.writing import tokens
from core.units import SAMPLE_RATE

NEAR = SAMPLE_RATE
"""A turn of the one who says a word is preferred to nearer ones up to this much farther away."""


def with_words(turns: Sequence[Turn], words: Iterable[tuple[Word, int | None]]) -> list[Turn]:
    """Turns with words, beside those that they have, in the same order.

    Parameters
    ----------
    turns
        Sorted by time.
    words
        With each goes the id of the speaker who says it, or None where that isn't known.
    """
    if not turns:
        return []
    homes = _Homes(turns)
    said: dict[int, list[Word]] = {}
    for word, speaker in sorted(words, key=lambda pair: pair[0]):
        said.setdefault(homes.of(word, speaker), []).append(word)
    made = list(turns)
    for place, own in said.items():
        turn = turns[place]
        made[place] = replace(turn, words=tuple(sorted((*turn.words, *own))))
    return made


class _Homes:
    """Finds the turn that a word belongs to; words come in the order of time."""

    def __init__(self, turns: Sequence[Turn]) -> None:
        self._turns = turns
        self._starts = [turn.start for turn in turns]
        self._reach = list(accumulate((turn.end for turn in turns), max))
        self._last = 0

    def of(self, word: Word, speaker: int | None) -> int:
        turns = self._turns
        after = bisect_right(self._starts, word.middle)
        over = [n for n in self._back(after, word.middle) if turns[n].end > word.middle]
        if not over:
            over = self._beside(after, word, speaker)
        own = [n for n in over if turns[n].speaker == speaker] or over
        # Where two speak at once and nobody knows who said it, a sentence stays in one turn.
        self._last = max(own, key=lambda n: (_shared(turns[n], word), n == self._last, -n))
        return self._last

    def _back(self, after: int, until: int) -> Iterable[int]:
        """Places before one, back to where nothing reaches beyond a sample any more."""
        for n in range(after - 1, -1, -1):
            if self._reach[n] <= until:
                return
            yield n

    def _beside(self, after: int, word: Word, speaker: int | None) -> list[int]:
        """The nearest turn, or that of the speaker if it is not much farther away."""
        turns, found = self._turns, []
        nearest: int | None = None
        for n in range(after, len(turns)):
            away = turns[n].start - word.middle
            if nearest is not None and away > nearest + NEAR:
                break
            nearest = away if nearest is None else nearest
            found.append((away, n))
        before = self._reach[after - 1] if after else None
        if before is not None:
            away = word.middle - before
            nearest = away if nearest is None else min(nearest, away)
            limit = word.middle - nearest - NEAR
            found += [
                (word.middle - turns[n].end, n)
                for n in self._back(after, limit)
                if turns[n].end > limit
            ]
        assert nearest is not None
        near = [(away, n) for away, n in found if away <= nearest + NEAR]
        own = [pair for pair in near if turns[pair[1]].speaker == speaker]
        return [min(own or near)[1]]


def _shared(turn: Turn, word: Word) -> int:
    return min(turn.end, word.end) - max(turn.start, word.start)


def spread(text: str, start: int, end: int) -> list[Word]:
    """The words of a text in a stretch of time, each as long as its letters.

    >>> spread("Yes, I know.", 0, 1000)
    [Word(start=0, end=400, text='Yes,', confidence=None), \
Word(start=400, end=500, text='I', confidence=None), \
Word(start=500, end=1000, text='know.', confidence=None)]
    """
    texts = tokens(text)
    if not texts:
        return []
    total = sum(map(len, texts))
    edges = [0, *accumulate(map(len, texts))]
    length = max(end - start, len(texts))
    places = [start + length * edge // total for edge in edges]
    return _in_order(
        Word(first, max(last, first + 1), one)
        for one, first, last in zip(texts, places, places[1:], strict=False)
    )


def _in_order(words: Iterable[Word]) -> list[Word]:
    """The words with each starting after the one before: their order is that of the text."""
    made: list[Word] = []
    at = -1
    for word in words:
        start = max(word.start, at + 1)
        moved = start != word.start
        made.append(replace(word, start=start, end=max(word.end, start + 1)) if moved else word)
        at = start
    return made


def retold(turn: Turn, text: str) -> tuple[Word, ...]:
    """The words of a turn after a person wrote it anew.

    What stays keeps its time. What comes in place of other words shares theirs, and what is put in
    between lies between its neighbours; a person is sure, so such words have no confidence.
    """
    old, new = turn.words, tokens(text)
    told: list[Word] = []
    matcher = SequenceMatcher(None, [w.text for w in old], new, autojunk=False)
    for kind, first, last, begin, end in matcher.get_opcodes():
        if kind == "equal":
            told += old[first:last]
        elif begin < end:
            told += spread(" ".join(new[begin:end]), *_room(turn, first, last))
    return tuple(_in_order(told))


def _room(turn: Turn, first: int, last: int) -> tuple[int, int]:
    """The time for words in place of the old ones from ``first`` to before ``last``."""
    old = turn.words
    if first < last:
        return old[first].start, max(word.end for word in old[first:last])
    start = max(old[first - 1].start, old[first - 1].end - 1) if first else turn.start
    end = old[first].start if first < len(old) else turn.end
    return start, max(end, start + 1)
