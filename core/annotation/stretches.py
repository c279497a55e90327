"""Turns cut and joined along stretches of time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from core.annotation.values import Stretch, Turn, one_turn


def outside(turns: Iterable[Turn], stretches: Sequence[Stretch]) -> list[Turn]:
    """The parts of the turns that lie outside the stretches."""
    parts: list[Turn] = []
    for turn in turns:
        start = turn.start
        for s, e in touching(stretches, turn):
            if start < s:
                parts.append(turn.part(start, s))
            start = e
        if start < turn.end:
            parts.append(turn.part(start, turn.end))
    return parts


def inside(turns: Iterable[Turn], stretches: Sequence[Stretch]) -> list[Turn]:
    """The parts of the turns that lie inside the stretches, settled."""
    return [
        replace(turn.part(s, e), settled=True)
        for turn in turns
        for s, e in touching(stretches, turn)
    ]


def touching(stretches: Sequence[Stretch], turn: Turn) -> Sequence[Stretch]:
    """The stretches, sorted and apart, that have time in common with a turn."""
    first = bisect_right(stretches, turn.start, key=lambda stretch: stretch[1])
    last = first
    while last < len(stretches) and stretches[last][0] < turn.end:
        last += 1
    return stretches[first:last]


def joined_at(turns: Iterable[Turn], edges: Collection[int]) -> list[Turn]:
    """Turns of one speaker that touch at one of these samples become one."""
    joined: list[Turn] = []
    last: dict[int, int] = {}
    for turn in sorted(turns):
        at = last.get(turn.speaker)
        if at is not None and joined[at].end == turn.start and turn.start in edges:
            joined[at] = one_turn([joined[at], turn])
        else:
            last[turn.speaker] = len(joined)
            joined.append(turn)
    return sorted(joined)  # a turn that has become longer may come after others of its start
