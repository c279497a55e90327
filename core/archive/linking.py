"""One voice, one identity over the whole archive.

Each speaker of each recording has the mean direction of their windows. Those that are alike on the
average of all pairs (average linkage) become one identity, as long as the average is one from which
on two voices are likely one, by the encoder's own calibration
(:class:`core.voices.recognition.Limits`). Two speakers of one recording are never one: what was
told apart inside a recording, by whatever ``--speakers`` asked for, stays apart.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.arrays import Array
from core.voices.recognition import Limits, VoicePrint, recognise

LIKELY = 0.9
"""Probability, by the calibration, from which on two voices are taken for one. Of three draws of
conversations by tests/bench/bench_linking.py, the people for development choose it in two (F1 of
pairs 0.91); with others, who judge, it has 0.89, 0.95 and 0.94."""
LITTLE = 2.0
"""Seconds of speech below which a voice is linked with nobody."""
BLOCK = 4000
"""Voices compared at a time: a matrix of their similarities takes 64 MB."""


@dataclass(frozen=True)
class RecordingSpeaker:
    """A speaker of a recording.

    Parameters
    ----------
    recording
        Number of the recording.
    direction
        (dim,) of length 1; None if the voice was never heard alone.
    seconds
        Of speech that the direction comes from.
    """

    recording: int
    direction: Array | None
    seconds: float


@dataclass
class _Group:
    members: list[int]
    total: NDArray[np.float64]
    """Sum of the members' directions: the mean similarity of two groups is that of their sums."""
    recordings: set[int]


def remembered(encoder: str) -> dict[str, Array]:
    """Samples of the remembered voices by name, as this encoder (its SHA-256) heard them.

    Raises
    ------
    InputError
        The file of the voices is damaged.
    """
    from core.voices.book import VoiceBook

    book = VoiceBook()
    profiles = book.profiles(encoder)
    return {v.name: profiles[v.id] for v in book.voices() if v.id in profiles}


def threshold(limits: Limits, likely: float = LIKELY) -> float:
    """The cosine from which on two voices are one with this probability."""
    return (math.log(likely / (1 - likely)) - limits.offset) / limits.slope


def link(voices: Sequence[RecordingSpeaker], cosine: float) -> list[int]:
    """The identity of each voice: 0, 1, ... in order of their first voice.

    Parameters
    ----------
    cosine
        Mean similarity from which on groups of voices are joined.
    """
    groups = [
        _Group([i], np.asarray(v.direction, np.float64), {v.recording})
        for i, v in enumerate(voices)
        if v.direction is not None and v.seconds >= LITTLE
    ]
    # In blocks first, then what is left of them together, until nothing becomes fewer.
    while True:
        before = len(groups)
        blocks = [groups[at : at + BLOCK] for at in range(0, before, BLOCK)]
        groups = [group for block in blocks for group in _joined(block, cosine)]
        if len(blocks) < 2 or len(groups) > 0.9 * before:
            break
    identity = list(range(len(voices)))
    for group in groups:
        for member in group.members:
            identity[member] = min(group.members)
    order = {first: number for number, first in enumerate(dict.fromkeys(identity))}
    return [order[first] for first in identity]


def _joined(groups: list[_Group], cosine: float) -> list[_Group]:
    """Average linkage: the two most alike become one until no two are alike enough."""
    count = len(groups)
    if count < 2:
        return groups
    means = np.array([g.total / len(g.members) for g in groups], np.float32)
    alike = means @ means.T
    np.fill_diagonal(alike, -np.inf)
    together: dict[int, list[int]] = {}
    for i, group in enumerate(groups):
        for recording in group.recordings:
            together.setdefault(recording, []).append(i)
    for rows in together.values():
        alike[np.ix_(rows, rows)] = -np.inf
    best = alike.argmax(axis=1)
    value = alike[np.arange(count), best]
    left: list[_Group | None] = list(groups)
    while True:
        i = int(value.argmax())
        if value[i] < cosine:
            return [g for g in left if g is not None]
        j = int(best[i])
        one, other = left[i], left[j]
        assert one is not None
        assert other is not None
        a, b = len(one.members), len(other.members)
        alike[i] = (a * alike[i] + b * alike[j]) / (a + b)  # never alike stays never alike
        alike[:, i] = alike[i]
        alike[j], alike[:, j] = -np.inf, -np.inf
        alike[i, i] = -np.inf
        left[i] = _Group(
            one.members + other.members, one.total + other.total, one.recordings | other.recordings
        )
        left[j] = None
        value[j] = -np.inf
        stale = np.flatnonzero((best == i) | (best == j))
        for row in {i, *stale.tolist()}:
            best[row] = alike[row].argmax()
            value[row] = alike[row, best[row]]
        better = alike[i] > value
        best[better], value[better] = i, alike[i][better]


def names(
    voices: Sequence[RecordingSpeaker],
    identities: Sequence[int],
    known: Mapping[str, Array],
    limits: Limits | None,
) -> dict[int, str]:
    """The names of those identities that are certainly a known voice.

    Parameters
    ----------
    known
        (k, dim) samples of each known voice by name, from the same encoder.
    """
    numbers = dict(enumerate(known))
    heard: dict[int, VoicePrint] = {}
    members: dict[int, list[RecordingSpeaker]] = {}
    for voice, identity in zip(voices, identities, strict=True):
        members.setdefault(identity, []).append(voice)
    for identity, own in members.items():
        directions = [v.direction for v in own if v.direction is not None]
        if directions:
            mean = np.mean(np.array(directions, np.float64), axis=0)
            mean /= max(float(np.linalg.norm(mean)), 1e-9)
            heard[identity] = VoicePrint(np.asarray(mean, np.float32), sum(v.seconds for v in own))
    found = recognise(heard, {n: known[name] for n, name in numbers.items()}, limits)
    return {
        identity: numbers[one.voice]
        for identity, one in found.items()
        if one.outcome == "known" and one.voice is not None
    }
