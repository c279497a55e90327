"""What is shown of the newest seconds: the same however the samples come."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings

from core.annotation.values import Annotation
from core.stream.diarizer import TooEarlyError
from tests.core.stream.test_diarizer import (
    A,
    Array,
    B,
    LevelEncoder,
    S,
    cut_places,
    new,
    real_decoder,
    sound,
    talks,
)


def shown(samples: Array, cuts: list[int]) -> dict[int, tuple[int, Annotation]]:
    """How far it is said who speaks, and who does, after each push."""
    diarizer = new(real_decoder(), live=True)
    known = Annotation()
    found = {}
    for start, end in pairwise([0, *sorted(cuts), len(samples)]):
        changes = diarizer.push(samples[start:end])
        known = changes.applied_to(known)
        found[end] = changes.shown, known
    return found


@settings(max_examples=15, deadline=None)
@given(talks, cut_places, cut_places)
def test_it_does_not_depend_on_how_samples_are_cut(
    parts: list[tuple[int, int]], cuts: list[int], others: list[int]
) -> None:
    samples = sound(parts)
    cuts, others = ([at for at in places if at <= len(samples)] for places in (cuts, others))
    some, all_ = shown(samples, cuts), shown(samples, cuts + others)
    for position, what in some.items():
        assert all_[position] == what


def test_each_hop_is_shown_once_and_what_is_behind_is_caught_up_at_once() -> None:
    samples = sound([(A, 3 * S), (0, S), (B, 5 * S), (A, 9 * S)])
    hop = LevelEncoder.hop
    every = shown(samples, list(range(1000, len(samples), 1000)))
    assert {reached for reached, _ in every.values()} >= set(range(hop, len(samples), hop))
    ((reached, known),) = shown(samples, []).values()
    assert reached == len(samples) // hop * hop
    assert known == every[len(samples)][1]


def test_what_is_tried_out_leaves_the_decoder_as_it_was() -> None:
    rng = np.random.default_rng(4)
    heard = np.eye(12, dtype=np.float32)[rng.integers(0, 3, 60)]
    alone, forked = real_decoder(), real_decoder()
    for n, x in enumerate(heard):
        trial = forked.fork()
        for other in np.eye(12, dtype=np.float32)[rng.integers(0, 6, 5)]:
            trial.push(other)
        if n % 7 == 5:
            trial.limit(1)
        twin = forked.fork()
        assert alone.push(x) == twin.push(x) == forked.push(x)


def test_a_speaker_of_the_newest_seconds_alone_can_not_be_corrected_yet() -> None:
    samples = sound([(A, 6 * S), (B, 3 * S), (B, 9 * S)])
    diarizer = new(real_decoder(), live=True)
    diarizer.push(samples[: 9 * S])
    assert {turn.speaker for turn in diarizer.heard.turns} == {0, 1}
    for correct in (lambda: diarizer.pin(1), lambda: diarizer.merge(0, 1)):
        with pytest.raises(TooEarlyError) as error:
            correct()
        assert error.value.until == 9 * S
    assert diarizer.decided == 0
    diarizer.push(samples[9 * S :])
    assert diarizer.decided >= 9 * S
    diarizer.merge(0, 1)
    assert {turn.speaker for turn in diarizer.heard.turns} == {0}
