"""Speech, local voices and labelled windows to turns: who speaks where, two at once among them.

Where segmentation hears a local voice, that voice's own windows say whose it is
(:func:`lay_voices`); two local voices at one moment are two turns at once. Speech in which it hears
nobody goes to the windows around it, and where their labels differ one voice hands over to the next
(:func:`lay_turns`).

A window's label holds for the speech around its centre. Between the centres of two windows with
different labels lies one change of speaker. In silence it may lie anywhere; in a short pause of
the speech it most likely lies there; and where one voice follows the other without a breath, it
lies where the pull of both on the windows balances.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from typing import Protocol

from core.annotation.values import Turn, join_turns, union
from core.stream.speech import Interval, VoiceSpan
from core.units import SAMPLE_RATE

PlaceOf = Callable[[int], int]
"""Index of a window whose successor has another label -> sample at which the voice changes."""
Change = Callable[[int, int], int]
"""Indices of two windows with different labels -> sample at which the voice changes."""

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


REACH = 3 * SAMPLE_RATE
"""Windows up to this far from a local voice's speech say whose it is."""


class Labelled(Protocol):
    """What a window is to the turns."""

    @property
    def centre(self) -> int: ...

    @property
    def voice(self) -> int: ...


def lay_voices(
    stretches: Sequence[Interval],
    spans: Sequence[VoiceSpan],
    windows: Sequence[Labelled],
    labels: Sequence[int],
    change: Change,
) -> list[Turn]:
    """Give every sample of the stretches the labels that hold there.

    Parameters
    ----------
    stretches
        (start, end) of speech, in order, apart from each other.
    spans
        Where each local voice speaks; those of different voices may overlap.
    windows, labels
        In time order, and whose they are.
    change
        From two windows, by index, with different labels to the sample between their centres at
        which the voice changes.

    Returns
    -------
    Turns in time order; those of different speakers may overlap.
    """
    own: dict[int, list[int]] = {}
    for i, window in enumerate(windows):
        own.setdefault(window.voice, []).append(i)
    turns: list[Turn] = []
    covered: list[Interval] = []
    for start, end, voice in spans:
        known = own.get(voice, [])
        first, last = (
            bisect_left(known, at, key=lambda i: windows[i].centre)
            for at in (start - REACH, end + REACH)
        )
        near = known[first:last]
        if near:
            covered.append((start, end))
            turns += _laid(_within(stretches, (start, end)), near, labels, change)
    rest = _without(stretches, union(covered))
    turns = join_turns(turns)
    turns += _bridged(rest, turns, lambda left: _laid(left, range(len(windows)), labels, change))
    return join_turns(turns)


def _laid(
    stretches: Sequence[Interval], windows: Sequence[int], labels: Sequence[int], change: Change
) -> list[Turn]:
    """Turns by some of the windows alone."""
    return lay_turns(
        stretches, [labels[i] for i in windows], lambda n: change(windows[n], windows[n + 1])
    )


def _bridged(
    rest: Sequence[Interval], turns: Sequence[Turn], lay: Callable[[list[Interval]], list[Turn]]
) -> list[Turn]:
    """What no local voice covers: between two turns of one speaker it is that speaker's."""
    begins: dict[int, set[int]] = {}
    ends: dict[int, set[int]] = {}
    for turn in turns:
        begins.setdefault(turn.start, set()).add(turn.speaker)
        ends.setdefault(turn.end, set()).add(turn.speaker)
    found: list[Turn] = []
    open_: list[Interval] = []
    for start, end in rest:
        both = ends.get(start, set()) & begins.get(end, set())
        if both:
            found.append(Turn(start, end, min(both)))
        else:
            open_.append((start, end))
    return found + (lay(open_) if open_ else [])


def _within(stretches: Sequence[Interval], bounds: Interval) -> list[Interval]:
    """The parts of sorted stretches that lie in an interval."""
    low, high = bounds
    first = bisect_right(stretches, low, key=lambda s: s[1])
    parts = []
    for start, end in stretches[first:]:
        if start >= high:
            break
        parts.append((max(start, low), min(end, high)))
    return parts


def _without(stretches: Sequence[Interval], covered: Sequence[Interval]) -> list[Interval]:
    """The parts of sorted stretches that lie in none of sorted intervals apart from each other."""
    parts: list[Interval] = []
    for start, end in stretches:
        for low, high in _within(covered, (start, end)):
            if start < low:
                parts.append((start, low))
            start = high
        if start < end:
            parts.append((start, end))
    return parts
