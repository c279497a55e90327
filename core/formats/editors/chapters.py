"""Chapters for the description of a video on YouTube: ``0:00 Anna``, a line each.

YouTube wants the first at 0:00, and each to last ten seconds. The markers that a person set are the
chapters; where there are none with a text, one begins where somebody else speaks at length.
"""

from __future__ import annotations

from core.annotation.values import Annotation, join_turns
from core.formats.names import labels, one_line
from core.units import SAMPLE_RATE, axis_time

_SHORTEST = 10 * SAMPLE_RATE
_GAP = 2 * SAMPLE_RATE


def render(annotation: Annotation, uri: str) -> str:
    """The lines; what comes before the first chapter is called as the recording is."""
    found = [(m.at, text) for m in annotation.markers if (text := one_line(m.text))]
    if not found:
        names = labels(annotation)
        turns = join_turns(annotation.turns, _GAP)
        found = [(t.start, names[t.speaker]) for t in turns if t.duration >= _SHORTEST]
        found = [pair for n, pair in enumerate(found) if n == 0 or pair[1] != found[n - 1][1]]
    chapters: list[tuple[int, list[str]]] = []
    if not found or found[0][0] >= _SHORTEST:
        chapters.append((0, [one_line(uri) or "Start"]))
    last = max(annotation.duration - _SHORTEST, 0)
    for at, text in found:
        if not chapters:
            chapters.append((0, [text]))
        elif at - chapters[-1][0] < _SHORTEST or at > last:
            chapters[-1][1].append(text)
        else:
            chapters.append((at, [text]))
    return "".join(f"{_time(at)} {' / '.join(dict.fromkeys(texts))}\n" for at, texts in chapters)


def _time(samples: int) -> str:
    whole = samples // SAMPLE_RATE
    return axis_time(whole) if whole >= 3600 else f"{whole // 60}:{whole % 60:02d}"
