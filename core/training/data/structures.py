"""Who speaks when in real conversations, without their sound: turns of RTTM files to talk along.

Real talk has its own rhythm: answers that come before the question ends, several people at once,
long monologues, laughter in which nobody says a word. No distribution of lengths has all of it, so
:mod:`core.training.data.scenes` lays voices onto the turns of people who really talked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.annotation.values import Annotation, Turn, join_turns
from core.errors import InputError
from core.formats import rttm
from core.units import SAMPLE_RATE, to_samples

Structures = Mapping[str, Sequence[Annotation]]
"""Conversations by corpus. Corpora are drawn first, so that a large one is not all there is."""

BREATH = to_samples(0.3)
"""Turns of one speaker that are no further apart are one: the pause belongs to what is said."""
_SHORTEST = to_samples(0.15)
_TRIES = 60
_QUIET = to_samples(8.0)
"""In a longer silence a conversation is over: coffee breaks are no talk."""


@dataclass(frozen=True)
class Wanted:
    """Which conversations are taken.

    Parameters
    ----------
    speakers
        Fewest and most people in the whole conversation.
    overlap
        Least and most of the time with speech in which two or more speak, 0..1, in each excerpt.
    piece
        Shortest and longest excerpt of one recording, seconds; they are joined to a conversation.
    """

    speakers: tuple[int, int] = (2, 6)
    overlap: tuple[float, float] = (0.0, 1.0)
    piece: tuple[float, float] = (20.0, 90.0)


def read_structures(folders: Sequence[Path]) -> dict[str, list[Annotation]]:
    """The turns in every RTTM file below ``folders``; the folder of a file is its corpus.

    A file may have several recordings. Recordings without two turns are left out.

    Raises
    ------
    InputError
        If a folder has none, or a file isn't RTTM.
    """
    found: dict[str, list[Annotation]] = {}
    for folder in folders:
        paths = sorted(p for p in folder.rglob("*.rttm") if p.is_file())
        if not paths:
            raise InputError(f"there is no .rttm file in {folder}: give turns of conversations")
        for path in paths:
            for annotation in rttm.read(path).values():
                if len(annotation.turns) > 1:
                    found.setdefault(path.parent.name, []).append(annotation)
    if not found:
        raise InputError("the .rttm files have no conversation: one needs two turns at least")
    return found


def plan_along(
    structures: Structures, rng: np.random.Generator, duration: float, wanted: Wanted
) -> list[Turn]:
    """Turns of real conversations, one after the other, as those of one conversation.

    Parameters
    ----------
    duration
        Seconds to be filled.

    Returns
    -------
    list of Turn
        Sorted; speakers are numbered as they appear. Two turns of one speaker are more than
        :data:`BREATH` apart. Where no excerpt is as wanted, the one that comes nearest is taken.
    """
    length = to_samples(duration)
    count = int(rng.integers(wanted.speakers[0], wanted.speakers[1] + 1))
    heard: Counter[int] = Counter(dict.fromkeys(range(count), 0))
    turns: list[Turn] = []
    at = 0
    while length - at > SAMPLE_RATE:
        piece = to_samples(float(rng.uniform(*wanted.piece)))
        if length - at - piece < to_samples(wanted.piece[0]):
            piece = length - at
        found = _excerpt(structures, rng, min(piece, length - at), count, wanted.overlap)
        # Whoever was heard least comes first, so that everybody has a part.
        people = sorted(heard, key=lambda person: (heard[person], rng.random()))
        talk = Counter[int]()
        for turn in found:
            talk[turn.speaker] += turn.duration
        parts = [speaker for speaker, _ in talk.most_common()]
        role = dict(zip(parts, people, strict=False))
        for turn in found:
            person = role.get(turn.speaker)
            if person is not None:  # more people than wanted, and these say least
                turns.append(Turn(at + turn.start, at + turn.end, person))
                heard[person] += turn.duration
        at += max((turn.end for turn in found), default=0) + to_samples(float(rng.uniform(0.1, 1)))
    return list(Annotation.build(join_turns(turns, BREATH)).numbered_by_appearance().turns)


def overlap_share(turns: Sequence[Turn]) -> float:
    """Share of the time with speech in which two or more speak."""
    spoken = over = 0
    for start, end, voices in _steps(turns):
        spoken += (end - start) * (voices > 0)
        over += (end - start) * (voices > 1)
    return over / spoken if spoken else 0.0


def _steps(turns: Sequence[Turn]) -> Iterator[tuple[int, int, int]]:
    """(start, end, how many speak) from one edge to the next."""
    edges = sorted([(t.start, 1) for t in turns] + [(t.end, -1) for t in turns])
    voices = before = 0
    for at, change in edges:
        if at > before:
            yield before, at, voices
        voices, before = voices + change, at


def _excerpt(
    structures: Structures,
    rng: np.random.Generator,
    length: int,
    most: int,
    overlap: tuple[float, float],
) -> list[Turn]:
    """A stretch of a recording, from its first turn on at 0, without long silences."""
    corpora = sorted(structures)
    best: tuple[float, list[Turn]] = (np.inf, [])
    for _ in range(_TRIES):
        corpus = structures[corpora[int(rng.integers(len(corpora)))]]
        turns = corpus[int(rng.integers(len(corpus)))].turns
        start = turns[int(rng.integers(len(turns)))].start
        if turns[-1].end - start < length:
            start = max(turns[0].start, turns[-1].end - length)
        found = _talk(turns, start, start + length)
        people = len({turn.speaker for turn in found})
        share = overlap_share(found)
        lacking = 1 - max((turn.end for turn in found), default=0) / length
        wrong = abs(people - most) / most + max(0.0, lacking - 0.5) + (people < 2)
        wrong += 4 * max(0.0, overlap[0] - share, share - overlap[1])
        if wrong < best[0]:
            best = (wrong, found)
        if not wrong:
            break
    return best[1]


def _talk(turns: Sequence[Turn], start: int, end: int) -> list[Turn]:
    """The turns from ``start`` to ``end``, or to a long silence, counted from the first of them."""
    found: list[Turn] = []
    floor = start
    for turn in turns:
        first, last = max(turn.start, start), min(turn.end, end)
        if turn.start >= end or (found and first - floor > _QUIET):
            break
        if last - first >= _SHORTEST:
            found.append(Turn(first, last, turn.speaker))
            floor = max(floor, last)
    begin = found[0].start if found else 0
    return join_turns([Turn(t.start - begin, t.end - begin, t.speaker) for t in found], BREATH)
