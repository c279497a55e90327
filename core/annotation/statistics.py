"""The numbers of a meeting: who spoke how much, how long at a time, over others, and who cut in.

>>> from core.annotation.values import Turn
>>> a = Annotation.build([Turn(0, 48_000, 0), Turn(32_000, 96_000, 1)], duration=160_000)
>>> for one in statistics(a):
...     print(one.speaker.label, one.talk_time, f"{one.share:.0%}", one.interruptions)
Speaker 1 48000 43% 0
Speaker 2 64000 57% 1
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.annotation.overlap import covered, overlaps
from core.annotation.values import Annotation, Speaker, Turn, union
from core.units import SAMPLE_RATE

SHORT_OVERLAP = SAMPLE_RATE // 2
"""People change turns with an overlap of some tenths of a second; less than this (0.5 s) is no
interruption."""


@dataclass(frozen=True, slots=True)
class SpeakerStatistics:
    """What one speaker said, in samples; all zero for somebody without turns."""

    speaker: Speaker
    talk_time: int
    """Overlapped speech counts for each of those who speak."""
    share: float
    """Part of the talk time of all speakers together, 0..1; these add up to 1."""
    turns: int
    longest: int
    """Length of the longest turn."""
    interruptions: int
    """Turns that begin while somebody else speaks, 0.5 s or more before that turn ends, and that
    go on after it has ended. An early start at a change of speakers is none, nor is an "mhm"
    that anybody talks on over."""
    overlapped: int
    """What of the talk time is said while somebody else speaks, too."""
    backchannels: int
    """Turns that lie wholly inside a longer one of somebody else: "mhm", "yes", laughter."""

    @property
    def overlap_share(self) -> float:
        """Part of the own talk time, 0..1, in which somebody else speaks, too."""
        return self.overlapped / self.talk_time if self.talk_time else 0.0

    @property
    def mean(self) -> int:
        """Mean length of a turn."""
        return self.talk_time // self.turns if self.turns else 0


def statistics(annotation: Annotation) -> tuple[SpeakerStatistics, ...]:
    """The numbers of every speaker, in the order of the lanes."""
    by_speaker: dict[int, list[Turn]] = {s.id: [] for s in annotation.speakers}
    for turn in annotation.turns:
        by_speaker[turn.speaker].append(turn)
    total = sum(t.duration for t in annotation.turns)
    inside = _inside(annotation)
    interruptions = _interruptions(annotation, inside)
    backchannels = Counter(turn.speaker for turn in inside)
    crowded = overlaps(annotation)
    made = []
    for speaker in annotation.speakers:
        turns = by_speaker[speaker.id]
        talk_time = sum(t.duration for t in turns)
        made.append(
            SpeakerStatistics(
                speaker,
                talk_time,
                talk_time / total if total else 0.0,
                len(turns),
                max((t.duration for t in turns), default=0),
                interruptions[speaker.id],
                sum(covered(crowded, t) for t in turns),
                backchannels[speaker.id],
            )
        )
    return tuple(made)


def overlap_share(annotation: Annotation) -> float:
    """Part of the time in which anybody speaks, 0..1, in which two or more do."""
    anybody = sum(end - start for start, end in union((t.start, t.end) for t in annotation.turns))
    several = sum(end - start for start, end in overlaps(annotation))
    return several / anybody if anybody else 0.0


def _interruptions(annotation: Annotation, inside: set[Turn]) -> dict[int, int]:
    """How many turns of each speaker cut in on another's; those inside another's don't."""
    count = {s.id: 0 for s in annotation.speakers}
    running: list[Turn] = []
    for turn in annotation.turns:
        running = [t for t in running if t.end > turn.start]
        count[turn.speaker] += turn not in inside and any(
            t.start < turn.start and t.end - turn.start >= SHORT_OVERLAP and t.end < turn.end
            for t in running
            if t.speaker != turn.speaker
        )
        running.append(turn)
    return count


def _inside(annotation: Annotation) -> set[Turn]:
    """The turns that lie inside a longer one of another's."""
    inside: set[Turn] = set()
    running: list[Turn] = []
    for turn in annotation.turns:
        running = [t for t in running if t.end > turn.start]
        for other in running:
            if turn.end <= other.end and turn.duration < other.duration:
                inside.add(turn)
            elif other.start == turn.start and other.end < turn.end:
                inside.add(other)
        running.append(turn)
    return inside


def talked(
    starts: NDArray[np.float64], ends: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How long a speaker has spoken at each start and end of a turn: it grows in a turn and rests
    between them, so :func:`numpy.interp` gives it for any time.

    Parameters
    ----------
    starts, ends
        Of the turns, which are sorted and don't overlap: (n,) each, in any unit.

    Returns
    -------
    (array, array)
        The times and what was spoken until then: (2 n,) each, in the same unit.
    """
    total = np.cumsum(ends - starts)
    spoken = np.column_stack([total - (ends - starts), total])
    return np.column_stack([starts, ends]).ravel(), spoken.ravel()
