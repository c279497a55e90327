"""Lines of a transcript laid on the turns in which they are said.

A line with times of its words is split at those where the speaker changes. One that only says from
when to when it is shown has its words spread over the speech in that time, and is split at a change
of speaker, or at the mark (``,`` ``.`` ``?``) near it, where people make a pause.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, groupby

from core.annotation import edits
from core.annotation.overlap import within
from core.annotation.values import Annotation, Stretch, Turn, Word, join_turns, union
from core.annotation.words import spread
from core.annotation.writing import tokens
from core.errors import InputError
from core.formats.reading import UNNAMED, LabelRow, Tell, from_rows, unheard
from core.units import SAMPLE_RATE

_PAUSE = re.compile(r"[.,;:?!…—–。、，？！]['\")\]”’»]*$")
_NEAR = 3
"""A mark this many words from a change of speaker is where the change is."""
_ENOUGH = 3
"""Who has one in so many parts of the speech in a line may have said all of it."""
_AT_ONCE = SAMPLE_RATE // 20
"""Whose turn begins so near to a line begins with it."""
_NUMBERED = re.compile(r"(?i)(speaker|spk|s)[ _-]?[0-9]+|[0-9]+|unknown")
_GAP = 2 * SAMPLE_RATE
"""Where there are no turns yet, lines of one speaker become one turn over pauses up to this."""


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of a transcript: a caption, a segment, an utterance.

    Parameters
    ----------
    text
        What is said.
    start, end
        Samples; None where the file doesn't say, or says something impossible.
    label
        Who says it, as the file calls them; empty if it doesn't say.
    words
        The words with their times, where the file has them; () otherwise.
    """

    text: str
    start: int | None = None
    end: int | None = None
    label: str = ""
    words: tuple[Word, ...] = ()


def transcribed(a: Annotation, lines: Sequence[Line], tell: Tell = unheard) -> Annotation:
    """The annotation with the words of a transcript in place of those that it has.

    Speakers of the transcript become those of the annotation with whom they share most time, one to
    one, and give their names to those who have none. Where there are no turns, the lines say who
    speaks when.

    Parameters
    ----------
    tell
        Told what doesn't fit, a line each.

    Raises
    ------
    InputError
        If there isn't anything in the transcript.
    """
    lines = [line for line in lines if line.words or line.text.strip()]
    if not lines:
        raise InputError("there are no words in the transcript")
    timed = all_timed(lines, a, tell)
    if a.duration:
        late = sum((line.start or 0) >= a.duration for line in timed)
        if late:
            tell(f"lines after the end of the recording are put into its last turns ({late})")
    if not a.turns:
        a = _turns_of(timed, a)
    said = [(line, _words(line, a)) for line in timed]
    who = _matched(a, said)
    for label, speaker in who.items():
        there = a.speaker(speaker)
        taken = any(s.name == label for s in a.speakers)
        if not there.name and not taken and not _NUMBERED.fullmatch(label):
            a = edits.rename(a, speaker, label)
    laid = (
        (word, who.get(line.label))
        for line, words in said
        for word in (_words(line, a, who[line.label]) if line.label in who else words)
    )
    return edits.lay_words(a, laid)


def all_timed(lines: Sequence[Line], a: Annotation, tell: Tell = unheard) -> list[Line]:
    """The lines with times for each: where there are none, they share the speech between their
    neighbours, each as long as its letters."""
    if a.turns and not any(line.words or line.start is not None for line in lines):
        return _in_their_order(lines, a)
    lines = _with_ends(lines, a.duration)
    wrong = sum(
        not line.words and not _has_times(line) and (line.start, line.end) != (None, None)
        for line in lines
    )
    if wrong:
        tell(f"lines whose times can't be right lie between their neighbours ({wrong})")
    made: list[Line] = []
    waiting: list[Line] = []
    at = 0
    for line in lines:
        if line.words:
            start, end = line.words[0].start, max(word.end for word in line.words)
            line = replace(line, start=start, end=end)
        if not _has_times(line):
            waiting.append(line)
            continue
        assert line.start is not None
        assert line.end is not None
        made += _shared_out(waiting, at, max(at, line.start), a)
        made.append(line)
        waiting, at = [], line.end
    return made + _shared_out(waiting, at, max(at, a.duration), a)


def _with_ends(lines: Sequence[Line], duration: int) -> list[Line]:
    """Who has just a start speaks until the next one does, or to the end."""
    made: list[Line] = []
    until = duration
    for line in reversed(lines):
        if line.start is not None and line.end is None:
            line = replace(line, end=max(until, line.start + 1))
        if line.start is not None:
            until = line.start
        made.append(line)
    return made[::-1]


def _has_times(line: Line) -> bool:
    return line.start is not None and line.end is not None and line.start < line.end


def _in_their_order(lines: Sequence[Line], a: Annotation) -> list[Line]:
    """Lines that say only who speaks: what one says in a row lies on what one speaks in a row.

    Where both change as often as each other, that is one to one; else each change in the text lies
    at the change of speaker nearest to where its share of the letters ends.
    """
    rows = [list(own) for _, own in groupby(lines, key=lambda line: line.label)]
    runs = [list(own) for _, own in groupby(a.turns, key=lambda turn: turn.speaker)]
    edges = list(range(len(rows) + 1))
    if len(rows) != len(runs):
        lengths = [sum(t.duration for t in run) for run in runs]
        letters = [sum(len(line.text) for line in row) for row in rows]
        spoken, read = [0, *accumulate(lengths)], [0, *accumulate(letters)]
        wanted = [edge * spoken[-1] // max(read[-1], 1) for edge in read]
        edges = [min(range(len(spoken)), key=lambda n: abs(spoken[n] - at)) for at in wanted]
    made: list[Line] = []
    for row, first, last in zip(rows, edges, edges[1:], strict=False):
        own = runs[min(first, len(runs) - 1) : max(last, first + 1)]
        start, end = own[0][0].start, max(turn.end for run in own for turn in run)
        made += _shared_out(row, start, end, a)
    return made


def _shared_out(lines: Sequence[Line], start: int, end: int, a: Annotation) -> list[Line]:
    if not lines:
        return []
    counts = [len(tokens(line.text)) for line in lines]
    text = " ".join(line.text for line in lines)
    words = _over_speech(text, start, end, union((t.start, t.end) for t in a.turns))
    made, first = [], 0
    for line, count in zip(lines, counts, strict=True):
        own = words[first : first + count]
        first += count
        made.append(replace(line, start=own[0].start, end=own[-1].end))
    return made


def _turns_of(lines: Iterable[Line], a: Annotation) -> Annotation:
    rows = [
        LabelRow(line.start, line.end, line.label or "Speaker 1")
        for line in lines
        if line.start is not None and line.end is not None
    ]
    if a.duration:
        rows = [r._replace(end=min(r.end, a.duration)) for r in rows if r.start < a.duration]
    built = from_rows(rows, a.duration)
    turns = tuple(join_turns(built.turns, _GAP))
    speakers = built.speakers
    known = {s.id for s in speakers}
    return replace(
        a,
        turns=turns,
        speakers=(*speakers, *(s for s in a.speakers if s.id not in known)),
        duration=max(a.duration, built.duration),
    )


def _words(line: Line, a: Annotation, speaker: int | None = None) -> list[Word]:
    """The words of a line with times: those that it has, or guessed ones.

    Who says it, if that is known, does so where they speak, unless that is hardly in the line and
    not at its beginning: captions stay on after what is said.
    """
    if line.words:
        return list(line.words)
    assert line.start is not None
    assert line.end is not None
    near = _turns_in(a, line.start, line.end)
    own = [t for t in near if t.speaker == speaker]
    begun = any(t.start - _AT_ONCE <= line.start < t.end for t in own)
    if begun or (own and _ENOUGH * _inside(own, line) >= _inside(near, line)):
        near = own
    speech = union((t.start, t.end) for t in near)
    words = _over_speech(line.text, line.start, line.end, speech)
    changes = sorted({t.start for t in near if line.start < t.start < line.end})
    if not changes or len({t.speaker for t in near}) < 2:
        return words
    middles = [word.middle for word in words]
    marks, times = [0], [line.start]
    for change in changes:
        place = _pause_near(words, bisect_left(middles, change))
        if marks[-1] < place < len(words):
            marks.append(place)
            times.append(change)
    made: list[Word] = []
    for first, last, start, end in zip(
        marks, [*marks[1:], len(words)], times, [*times[1:], line.end], strict=True
    ):
        text = " ".join(word.text for word in words[first:last])
        made += _over_speech(text, start, end, speech)
    return made


def _inside(turns: Iterable[Turn], line: Line) -> int:
    start, end = line.start or 0, line.end or 0
    return sum(min(t.end, end) - max(t.start, start) for t in turns)


def _turns_in(a: Annotation, start: int, end: int) -> list[Turn]:
    """The turns that reach into a stretch of time."""
    turns = a.turns
    last = bisect_left(turns, end, key=lambda t: t.start)
    first = bisect_right(turns, start - _LONGEST, key=lambda t: t.start)
    return [t for t in turns[first:last] if t.end > start]


_LONGEST = 600 * SAMPLE_RATE
"""Turns that began longer ago than ten minutes don't matter to where a line is split."""


def _pause_near(words: Sequence[Word], place: int) -> int:
    """The word before which there is a pause, the nearest to a place, or the place itself."""
    found = [
        n
        for n in range(max(place - _NEAR, 1), min(place + _NEAR, len(words) - 1) + 1)
        if _PAUSE.search(words[n - 1].text)
    ]
    return min(found, key=lambda n: (abs(n - place), n), default=place)


def _over_speech(text: str, start: int, end: int, speech: Sequence[Stretch]) -> list[Word]:
    """The words of a text over the speech in a stretch of time, or over all of it if nobody
    speaks there."""
    parts = [(max(s, start), min(e, end)) for s, e in within(speech, start, end)]
    total = sum(e - s for s, e in parts)
    if total <= len(text):
        return spread(text, start, end)
    offsets, at = [], 0
    for s, e in parts:
        offsets.append(at)
        at += e - s

    def placed(sample: int, side: int) -> int:
        n = max(bisect_right(offsets, sample - side) - 1, 0)
        return parts[n][0] + sample - offsets[n]

    return [
        replace(word, start=first, end=max(placed(word.end, 1), first + 1))
        for word in spread(text, 0, total)
        for first in (placed(word.start, 0),)
    ]


def _matched(a: Annotation, said: Sequence[tuple[Line, Sequence[Word]]]) -> dict[str, int]:
    """Which speaker each label of the transcript is, as far as time tells."""
    known = {s.name or s.label: s.id for s in a.speakers}
    labels = dict.fromkeys(line.label for line, _ in said if line.label)
    who = {label: known[label] for label in labels if label in known and not _is_number(label)}
    shared: Counter[tuple[str, int]] = Counter()
    for line, words in said:
        if line.label and line.label not in who and words:
            start, end = words[0].start, words[-1].end
            for turn in _turns_in(a, start, end):
                shared[line.label, turn.speaker] += min(end, turn.end) - max(start, turn.start)
    free = {s.id for s in a.speakers} - set(who.values())
    for (label, speaker), _ in shared.most_common():
        if label not in who and speaker in free:
            who[label] = speaker
            free.remove(speaker)
    return who


def _is_number(label: str) -> bool:
    return UNNAMED.fullmatch(label) is not None
