"""Stretches of speech and labelled windows to turns: where one voice hands over to the next.

A window's label holds for the speech around its centre. Between the centres of two windows with
different labels lies one change of speaker, placed where a pause in the speech shows it, or where
the pull of the two voices balances.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from core.annotation import Turn

Place = Callable[[int], int]
"""Index of a window whose successor has another label -> sample at which the voice changes."""


def midpoint(centres: Sequence[int]) -> Place:
    """The change half-way between the centres of the windows: the plainest :data:`Place`."""
    return lambda i: (centres[i] + centres[i + 1]) // 2


def lay_turns(
    stretches: Sequence[tuple[int, int]],
    labels: Sequence[int],
    place: Place,
) -> list[Turn]:
    """Give every sample of the stretches (start, end) the label that holds there.

    ``labels`` are those of the windows in time order. Without any window all speech is speaker 0's:
    somebody talks, and nothing says that it's more than one.

    Returns
    -------
    Turns in time order; two neighbours that touch have different speakers.
    """
    spans: list[tuple[int, int]] = []  # (start, label) where the label begins to hold
    for i, label in enumerate(labels):
        if not spans:
            spans.append((0, label))
        elif label != spans[-1][1]:
            spans.append((max(place(i - 1), spans[-1][0]), label))
    ends = [start for start, _ in spans[1:]]
    turns: list[Turn] = []
    current = 0
    for start, end in stretches:
        while current < len(ends) and ends[current] <= start:
            current += 1
        span = current
        position = start
        while position < end:
            until = min(end, ends[span]) if span < len(ends) else end
            if until > position:
                label = spans[span][1] if spans else 0
                turns.append(Turn(position, until, label))
            position = until
            span += 1
    return join_neighbours(turns)


def join_neighbours(turns: Sequence[Turn]) -> list[Turn]:
    """Join turns of one speaker that touch; the turns are in order and don't overlap."""
    joined: list[Turn] = []
    for turn in turns:
        last = joined[-1] if joined else None
        if last and last.end == turn.start and last.speaker == turn.speaker:
            joined[-1] = Turn(last.start, turn.end, turn.speaker, last.settled and turn.settled)
        else:
            joined.append(turn)
    return joined


def is_in_order(turns: Sequence[Turn]) -> bool:
    """True if no turn begins before the one in front of it has ended."""
    return all(a.end <= b.start for a, b in pairwise(turns))
