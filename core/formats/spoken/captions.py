"""What is said in a turn, broken into captions that can be read while they are shown.

The rules are those of broadcasters: two lines of 42 columns, a second to seven seconds, no more
than 17 letters a second (:class:`CaptionStyle` has others); broken where a sentence, a clause or a
breath ends. Who speaks faster than anybody reads has captions that stay on in the pauses after
them.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from core.annotation.values import Annotation, Stretch, Turn, Word
from core.annotation.writing import joined
from core.formats.rounding import SAMPLES_PER_MS
from core.units import SAMPLE_RATE

SHORTEST, LONGEST = SAMPLE_RATE, 7 * SAMPLE_RATE
"""Samples that a caption is shown, where speech leaves the time."""

_LEAST = 12
"""Columns that must be left beside a name; with fewer the name has a line of its own."""
_PAUSE = SAMPLE_RATE // 3
_SILENCE = 3 * SAMPLE_RATE // 2
_SENTENCE = re.compile(r"[.!?…。！？؟۔]['\")\]”’»」』]*$")
_CLAUSE = re.compile(r"[,;:–—،؛、，；：]['\")\]”’»」』]*$")


class CaptionStyle(NamedTuple):
    """How much of what is said a caption shows."""

    columns: int = 42
    """Of a line; a sign of Chinese, Japanese or Korean takes two."""
    lines: int = 2
    """At most so many, one or two; a name that is too long for them has one of its own."""
    per_second: int = 17
    """Letters that people read in a second."""


BROADCAST = CaptionStyle()
"""What broadcasters do."""
COLUMNS_LIMITS, LINES_LIMITS, SPEED_LIMITS = (20, 80), (1, 2), (5, 40)
"""Between which a person may choose."""


class Caption(NamedTuple):
    """One caption of a turn."""

    start: int
    end: int
    """Samples, on the millisecond grid."""
    speaker: int
    lines: tuple[str, ...]
    """What is said; () for a turn without words."""
    named: bool
    """Whether it begins with the name of the one who speaks."""


def captions(
    annotation: Annotation,
    names: dict[int, str] | None = None,
    style: CaptionStyle = BROADCAST,
) -> list[Caption]:
    """The captions of a rounded annotation, in the order of time.

    Parameters
    ----------
    names
        What is shown before what a speaker says: with the first caption of each turn, and with
        those during or before which somebody else speaks.
    style
        How long their lines are, how many, and for how fast a reader.
    """
    others = _others(annotation.turns)
    made: list[Caption] = []
    for n, turn in enumerate(annotation.turns):
        if turn.words:
            name = _columns(names[turn.speaker]) + 2 if names else 0
            made += _broken(turn, name, others.get(n, []), style)
        else:
            made.append(Caption(turn.start, turn.end, turn.speaker, (), bool(names)))
    made.sort(key=lambda caption: caption[:3])
    return list(_readable(made, annotation.duration, style.per_second))


def _others(turns: Sequence[Turn]) -> dict[int, list[Stretch]]:
    """When somebody else speaks, too, by the place of the turn."""
    found: dict[int, list[Stretch]] = {}
    open_: list[int] = []
    for n, turn in enumerate(turns):
        open_ = [m for m in open_ if turns[m].end > turn.start]
        for m in open_:
            found.setdefault(m, []).append((turn.start, turn.end))
            found.setdefault(n, []).append((turns[m].start, turns[m].end))
        open_.append(n)
    return found


def _broken(
    turn: Turn, name: int, others: Sequence[Stretch], style: CaptionStyle
) -> Iterator[Caption]:
    """The captions of a turn with words.

    Parameters
    ----------
    name
        Columns of the name.
    others
        When somebody else speaks.
    """
    words = turn.words
    layout = _Layout(words, style)
    after = _cheapest(words, layout, name, bool(others), style.per_second)
    first, before = 0, 0
    while first < len(words):
        last = after[first] - 1
        start = words[first].start
        end = max(word.end for word in words[first : last + 1])
        if last + 1 < len(words):
            end = min(end, words[last + 1].start)
        end = max(end, start + SAMPLES_PER_MS)
        # Also where the other's is between this caption and the one before.
        among = any(s < end and e > before for s, e in others)
        named = bool(name) and (first == 0 or among)
        before = start
        lines = layout.lines(first, last, name if named else 0)
        yield Caption(start, end, turn.speaker, lines, named)
        first = last + 1


def _cheapest(
    words: Sequence[Word], layout: _Layout, name: int, always: bool, per_second: int
) -> list[int]:
    """For each word the one after the last of a caption that begins with it, so that all captions
    from there on are the best; with room for a name in the first or always."""
    count = len(words)
    ends = list(accumulate((word.end for word in words), max))
    breaks = [_break(words[n], words[n + 1]) for n in range(count - 1)] + [0.0]
    silences = list(accumulate((b.start - a.end > _SILENCE for a, b in pairwise(words)), initial=0))
    best = [0.0] * (count + 1)
    after = [count] * count
    for first in range(count - 1, -1, -1):
        start = words[first].start
        most = layout.reach(first, name if always or first == 0 else 0)
        found = (float("inf"), first + 1)
        for last in range(first, most + 1):
            long = ends[last] - start
            cost = 1.0 + breaks[last] + best[last + 1]
            cost += 4.0 * (silences[last] - silences[first])
            if long > LONGEST:
                cost += 3.0 * long / LONGEST
            until = words[last + 1].start if last + 1 < count else ends[last] + LONGEST
            shown = max(min(until - start, LONGEST), SAMPLES_PER_MS)
            if shown < SHORTEST:
                cost += 2.0 * (SHORTEST - shown) / SHORTEST
            speed = layout.width(first, last) * SAMPLE_RATE / shown
            if speed > per_second:
                cost += 2.0 * min(speed / per_second - 1.0, 5.0)
            if cost < found[0]:
                found = (cost, last + 1)
        best[first], after[first] = found
    return after


def _break(word: Word, following: Word) -> float:
    """What it costs to end a caption after a word."""
    if _SENTENCE.search(word.text):
        cost = 0.0
    elif _CLAUSE.search(word.text):
        cost = 0.8
    else:
        cost = 2.0
    return cost * (0.5 if following.start - word.end >= _PAUSE else 1.0)


class _Layout:
    """The columns of words side by side."""

    def __init__(self, words: Sequence[Word], style: CaptionStyle) -> None:
        self._columns, self._most = style.columns, style.lines
        self._texts = [word.text for word in words]
        self._own = [_columns(text) for text in self._texts]
        blanks = (len(joined(pair)) - len(pair[0]) - len(pair[1]) for pair in pairwise(self._texts))
        self._until = list(
            accumulate(own + blank for own, blank in zip(self._own, (0, *blanks), strict=True))
        )

    def width(self, first: int, last: int) -> int:
        """Columns of some words on one line."""
        return self._until[last] - self._until[first] + self._own[first]

    def reach(self, first: int, name: int) -> int:
        """The last word that a caption can hold which begins with one."""
        room = self._columns - name
        if name and room < _LEAST:
            return self._fit(first, self._columns)
        last = self._fit(first, room)
        if self._most == 1 or last + 1 == len(self._own):
            return last
        return self._fit(last + 1, self._columns)

    def lines(self, first: int, last: int, name: int) -> tuple[str, ...]:
        """The one or two lines of a caption, the second rather longer than the first."""
        room = self._columns - name
        if name and room < _LEAST:
            return ("", self._text(first, last))
        if self.width(first, last) <= room or first == last:
            return (self._text(first, last),)
        found = [
            (self._uneven(first, n, last, name), n)
            for n in range(first, last)
            if self.width(first, n) <= room and self.width(n + 1, last) <= self._columns
        ]
        # A word that is longer than a line stands on one alone.
        n = min(found)[1] if found else min(self._fit(first, room), last - 1)
        return self._text(first, n), self._text(n + 1, last)

    def _uneven(self, first: int, n: int, last: int, name: int) -> float:
        upper, lower = self.width(first, n) + name, self.width(n + 1, last)
        uneven = lower - upper if lower > upper else 2 * (upper - lower)
        text = self._texts[n]
        good = 16 if _SENTENCE.search(text) else 10 if _CLAUSE.search(text) else 0
        return uneven - good

    def _fit(self, first: int, room: int) -> int:
        """The last word on a line that begins with one; at least that."""
        limit = room + self._until[first] - self._own[first]
        return max(first, bisect_right(self._until, limit) - 1)

    def _text(self, first: int, last: int) -> str:
        return joined(self._texts[first : last + 1])


def _columns(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(
        2 if unicodedata.east_asian_width(sign) in "WF" else 1
        for sign in text
        if not unicodedata.combining(sign) and unicodedata.category(sign) != "Cf"
    )


def _readable(made: Sequence[Caption], duration: int, per_second: int) -> Iterator[Caption]:
    """The captions with those that are shown too shortly kept on, until the next one begins."""
    for n, caption in enumerate(made):
        letters = sum(map(_columns, caption.lines))
        needed = min(max(letters * SAMPLE_RATE // per_second, SHORTEST), LONGEST)
        until = made[n + 1].start if n + 1 < len(made) else max(duration, caption.end)
        end = min(caption.start + needed, until) // SAMPLES_PER_MS * SAMPLES_PER_MS
        yield caption._replace(end=max(caption.end, end)) if caption.lines else caption
