"""Where two or more speak at once, and where one speaks alone.

>>> from core.annotation.values import Turn
>>> a = Annotation.build([Turn(0, 30, 0), Turn(20, 50, 1), Turn(60, 70, 0)])
>>> overlaps(a), alone(a, 0)
(((20, 30),), ((0, 20), (60, 70)))
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from operator import itemgetter

from core.annotation.values import Annotation, Stretch, Turn, union


def overlaps(annotation: Annotation) -> tuple[Stretch, ...]:
    """The time in which at least two speak, as sorted stretches that don't overlap or touch."""
    found: list[Stretch] = []
    reach = 0
    for turn in annotation.turns:
        # Whoever speaks until ``reach`` began before this turn did, so all of it until then is
        # overlap; turns of one speaker don't overlap, so it is somebody else.
        if turn.start < reach:
            found.append((turn.start, min(turn.end, reach)))
        reach = max(reach, turn.end)
    return union(found)


def within(stretches: Sequence[Stretch], start: int, end: int) -> Sequence[Stretch]:
    """Those of some stretches, sorted and apart from each other, that reach into start..end."""
    first = bisect_right(stretches, start, key=itemgetter(1))
    return stretches[first : bisect_left(stretches, end, first, key=itemgetter(0))]


def covered(stretches: Sequence[Stretch], turn: Turn) -> int:
    """Samples of a turn that lie in some stretches, which are sorted and apart from each other."""
    parts = within(stretches, turn.start, turn.end)
    return sum(min(e, turn.end) - max(s, turn.start) for s, e in parts)


def speaking(annotation: Annotation, start: int, end: int) -> tuple[Turn, ...]:
    """The turns that reach into start..end, in time order."""
    until = bisect_left(annotation.turns, end, key=lambda t: t.start)
    return tuple(t for t in annotation.turns[:until] if t.end > start)


def speech(annotation: Annotation, speakers: Iterable[int]) -> tuple[Stretch, ...]:
    """The time in which any of these speakers speaks, as sorted stretches that don't touch."""
    wanted = set(speakers)
    return union((t.start, t.end) for t in annotation.turns if t.speaker in wanted)


def alone(annotation: Annotation, speaker: int) -> tuple[Stretch, ...]:
    """What of a speaker's turns nobody else speaks in."""
    own = ((t.start, t.end) for t in annotation.turns_of(speaker))
    return minus(own, overlaps(annotation))


def minus(stretches: Iterable[Stretch], others: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """What of the stretches lies in none of the others; both sorted and apart from each other.

    >>> minus([(0, 10), (20, 30)], [(5, 22)])
    ((0, 5), (22, 30))
    """
    left: list[Stretch] = []
    cuts = list(others)
    n = 0
    for start, end in stretches:
        while n < len(cuts) and cuts[n][1] <= start:
            n += 1
        at, m = start, n
        while m < len(cuts) and cuts[m][0] < end:
            if cuts[m][0] > at:
                left.append((at, cuts[m][0]))
            at = max(at, cuts[m][1])
            m += 1
        if at < end:
            left.append((at, end))
    return tuple(left)
