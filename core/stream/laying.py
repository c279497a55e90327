"""Stretches of speech and labelled windows to turns: where one voice hands over to the next.

A window's label holds for the speech around its centre. Between the centres of two windows with
different labels lies one change of speaker. In silence it may lie anywhere; in a short pause of
the speech it most likely lies there; and where one voice follows the other without a breath, it
lies where the pull of both on the windows balances.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence

from core.annotation.values import Turn, join_turns
from core.stream.speech import Interval

PlaceOf = Callable[[int], int]
"""Index of a window whose successor has another label -> sample at which the voice changes."""

NEAR = 5000
"""A pause up to this far from the balance (0.3 s) is where the voices change."""


def change_point(
    here: int,
    there: int,
    part: float,
    stretches: Sequence[Interval],
    pauses: Sequence[Interval],
) -> int:
    """Where between two windows the voice changes.

    Parameters
    ----------
    here, there
        The centres of the windows, ``here <= there``.
    part
        How much of the way the pulls of the two voices balance, 0..1.
    stretches, pauses
        Of speech, in order; those between the centres at least.
    """
    first, second = _around(here, stretches), _around(there, stretches)
    if first is None or first != second:
        earliest = first[1] if first else here
        latest = second[0] if second else there
        return min(max((here + there) // 2, earliest), latest)
    balance = here + round(part * (there - here))
    low, high = max(here, balance - NEAR), min(there, balance + NEAR)
    between = pauses[bisect_left(pauses, (low, low)) : bisect_right(pauses, (high, high))]
    inside = [pause for pause in between if pause[1] <= high]
    if inside:
        start, end = max(inside, key=lambda pause: pause[1] - pause[0])
        return (start + end) // 2
    return balance


def _around(sample: int, intervals: Sequence[Interval]) -> Interval | None:
    """The interval that holds the sample, if any."""
    index = bisect_right(intervals, sample, key=lambda interval: interval[0]) - 1
    if index >= 0 and sample < intervals[index][1]:
        return intervals[index]
    return None


def balance_point(pull_here: float, pull_there: float) -> float:
    """Part of the way from one window to the next at which the pulls of two voices are equal.

    A window that straddles a change holds a part of each voice, and its distance to either grows
    with the other's part. So the difference of the distances runs about straight from
    ``pull_here`` (how much nearer the first window is to the old voice than to the new) to minus
    ``pull_there`` (how much nearer the second is to the new one).
    """
    pull_here, pull_there = max(0.0, pull_here), max(0.0, pull_there)
    return pull_here / (pull_here + pull_there) if pull_here + pull_there else 0.5


def lay_turns(
    stretches: Sequence[Interval],
    labels: Sequence[int],
    place: PlaceOf,
) -> list[Turn]:
    """Give every sample of the stretches (start, end) the label that holds there.

    ``labels`` are those of the windows in time order. Without any window all speech is speaker 0's:
    somebody talks, and nothing says that it's more than one.

    Returns
    -------
    Turns in time order; two neighbours that touch have different speakers.
    """
    ends: list[int] = []  # where each of these labels ceases to hold
    held = list(labels[:1]) or [0]
    for i, label in enumerate(labels):
        if label != held[-1]:
            ends.append(max(place(i - 1), ends[-1] if ends else 0))
            held.append(label)
    turns: list[Turn] = []
    for start, end in stretches:
        span = bisect_right(ends, start)
        while start < end:
            until = min(end, ends[span]) if span < len(ends) else end
            if until > start:
                turns.append(Turn(start, until, held[span]))
            start = until
            span += 1
    return join_turns(turns)
