"""The one place where times are rounded: samples to whole milliseconds, just before writing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.annotation.values import Annotation, Marker, Turn, Word
from core.annotation.writing import joined
from core.units import SAMPLE_RATE, to_milliseconds

SAMPLES_PER_MS = SAMPLE_RATE // 1000


def rounded(annotation: Annotation) -> Annotation:
    """The annotation with every edge, word and marker on a whole millisecond.

    Each edge is rounded for itself, so that turns which meet still meet and lengths add up.
    A turn shorter than a rounding step vanishes; a word lasts a millisecond at least.
    """
    turns = []
    for turn in annotation.turns:
        start, end = on_grid(turn.start), on_grid(turn.end)
        if start < end:
            words = tuple(sorted(map(_word, turn.words)))
            turns.append(Turn(start, end, turn.speaker, turn.settled, words))
    kept = tuple(sorted(turns))
    duration = max([on_grid(annotation.duration), *(t.end for t in kept)])
    markers = {Marker(min(on_grid(m.at), duration), m.text) for m in annotation.markers}
    return replace(annotation, turns=kept, duration=duration, markers=tuple(sorted(markers)))


def _word(word: Word) -> Word:
    start = on_grid(word.start)
    return Word(start, max(on_grid(word.end), start + SAMPLES_PER_MS), word.text, word.confidence)


def on_grid(samples: int) -> int:
    """The sample of the nearest whole millisecond."""
    return to_milliseconds(samples) * SAMPLES_PER_MS


def decimal(samples: int, digits: int = 3) -> str:
    """Seconds with ``digits`` decimals (3 or more) of a time on the millisecond grid.

    >>> decimal(16 * 4118), decimal(16 * 5, 6)
    ('4.118', '0.005000')
    """
    whole, ms = divmod(to_milliseconds(samples), 1000)
    return f"{whole}.{ms:03d}" + "0" * (digits - 3)


def apart(words: Sequence[Word], start: int, end: int) -> list[Word]:
    """Words on the millisecond grid, in a stretch on it, so that none overlaps the next.

    A tier holds one text at a time. Where there are more words than milliseconds, several share
    one.
    """
    room = (end - start) // SAMPLES_PER_MS
    if len(words) > room:
        if room == 0:
            return []
        share = -(-len(words) // room)
        words = [_together(words[n : n + share]) for n in range(0, len(words), share)]
    made: list[Word] = []
    at = start
    for n, word in enumerate(words):
        after = len(words) - n - 1
        first = min(max(word.start, at), end - (after + 1) * SAMPLES_PER_MS)
        last = min(word.end, end)
        if after:
            last = min(last, words[n + 1].start)
        at = min(max(last, first + SAMPLES_PER_MS), end - after * SAMPLES_PER_MS)
        made.append(replace(word, start=first, end=at))
    return made


def _together(words: Sequence[Word]) -> Word:
    text = joined(word.text for word in words)
    return Word(words[0].start, max(word.end for word in words), text)
