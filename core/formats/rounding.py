"""The one place where times are rounded: samples to whole milliseconds, just before writing."""

from __future__ import annotations

from dataclasses import replace

from core.annotation.values import Annotation, Marker, Turn
from core.units import SAMPLE_RATE, to_milliseconds

SAMPLES_PER_MS = SAMPLE_RATE // 1000


def rounded(annotation: Annotation) -> Annotation:
    """The annotation with every edge and marker on a whole millisecond.

    Each edge is rounded for itself, so that turns which meet still meet and lengths add up.
    A turn shorter than a rounding step vanishes.
    """
    turns = []
    for turn in annotation.turns:
        start, end = on_grid(turn.start), on_grid(turn.end)
        if start < end:
            turns.append(Turn(start, end, turn.speaker, turn.settled))
    kept = tuple(sorted(turns))
    duration = max([on_grid(annotation.duration), *(t.end for t in kept)])
    markers = {Marker(min(on_grid(m.at), duration), m.text) for m in annotation.markers}
    return replace(annotation, turns=kept, duration=duration, markers=tuple(sorted(markers)))


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
