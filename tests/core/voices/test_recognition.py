"""Whether a voice is one that is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from core.annotation.values import Annotation, Turn
from core.models.manifest import shipped_models
from core.stream.changes import Window
from core.voices.recognition import Limits, VoicePrint, direction, recognise, voices_in

Array = NDArray[np.float32]
LIMITS = Limits(sure=0.9, perhaps=0.7, slope=20.0, offset=-15.0)


def at(cosine: float, dim: int = 8) -> Array:
    """A direction whose cosine with that of Anna's profile is as given."""
    found = np.zeros(dim, np.float32)
    found[0], found[1] = cosine, np.sqrt(1 - cosine**2)
    return found


ANNA = np.stack([at(1.0), at(1.0)])
BEN = np.eye(8, dtype=np.float32)[[5]]
KNOWN = {11: ANNA, 12: BEN}


@pytest.mark.parametrize(
    ("cosine", "seconds", "outcome"),
    [
        (0.95, 10, "known"),
        (0.901, 10, "known"),
        (0.89, 10, "unsure"),
        (0.95, 5, "unsure"),  # too little speech for a name without a question
        (0.701, 10, "unsure"),
        (0.69, 10, "unknown"),
        (0.95, 1, "unknown"),
    ],
)
def test_a_voice_is_named_asked_about_or_unknown(
    cosine: float, seconds: float, outcome: str
) -> None:
    (found,) = recognise({3: VoicePrint(at(cosine), seconds)}, KNOWN, LIMITS).values()
    assert found.outcome == outcome
    assert found.voice == (None if outcome == "unknown" else 11)
    assert 0 <= found.confidence <= 1
    assert found.cosine == pytest.approx(cosine, abs=1e-5)


def test_nobody_is_there_twice() -> None:
    heard = {0: VoicePrint(at(0.99), 60), 1: VoicePrint(at(0.93), 60), 2: VoicePrint(at(0.985), 60)}
    found = recognise(heard, KNOWN, LIMITS)
    assert found[1].outcome == "unsure"
    # Two that are equally close: which of them it is, a person has to say.
    assert found[0].outcome == found[2].outcome == "unsure"
    assert recognise({0: heard[0], 1: heard[1]}, KNOWN, LIMITS)[0].outcome == "known"


def test_of_two_known_voices_equally_near_none_is_named() -> None:
    twins = {1: np.stack([at(0.99)]), 2: np.stack([at(0.985)])}
    (found,) = recognise({0: VoicePrint(at(0.99), 60)}, twins, LIMITS).values()
    assert (found.outcome, found.voice) == ("unsure", 1)


def test_without_limits_or_known_voices_all_are_strangers() -> None:
    heard = {0: VoicePrint(at(1.0), 60)}
    assert recognise(heard, KNOWN, None)[0].outcome == "unknown"
    assert recognise(heard, {}, LIMITS)[0].outcome == "unknown"
    assert recognise({}, KNOWN, LIMITS) == {}


def test_confidence_rises_with_likeness() -> None:
    chances = [LIMITS.probability(cosine) for cosine in np.linspace(-1, 1, 21)]
    assert chances == sorted(chances)
    assert chances[0] < 0.01
    assert chances[-1] > 0.99


def test_voices_of_a_meeting_leave_out_who_speaks_at_once() -> None:
    windows = [Window(n * 8000, n * 8000 + 24000, at(0.5 + n / 20), 1.0) for n in range(8)]
    turns = [Turn(0, 36_000, 4), Turn(36_000, 100_000, 9), Turn(60_000, 70_000, 2)]
    found = voices_in(Annotation.build(turns, 100_000), windows)
    assert set(found) == {4, 9}  # 2 never speaks alone
    np.testing.assert_allclose(found[4].direction, direction([w.embedding for w in windows[:3]]))
    assert found[4].seconds == pytest.approx(2.5)
    assert voices_in(Annotation(), windows) == {}
    assert voices_in(Annotation.build(turns, 100_000), ()) == {}


def test_voices_are_known_by_the_print_for_that() -> None:
    """The embedding is the decoder's where there is another."""
    print_of = np.array([0, 3, 4], np.float16)
    windows = [Window(0, 16_000, at(1.0), 1.0, recognition=print_of)]
    found = voices_in(Annotation.build([Turn(0, 16_000, 0)], 16_000), windows)
    np.testing.assert_allclose(found[0].direction, [0, 0.6, 0.8])


def test_of_windows_that_overlap_each_moment_counts_once() -> None:
    """A window begins and ends where its voice does, so the next may begin any time later."""
    spans = [(0, 16_000), (100, 20_000), (8000, 18_000), (40_000, 56_000)]
    windows = [Window(start, end, at(1.0), 0.5) for start, end in spans]
    found = voices_in(Annotation.build([Turn(0, 56_000, 0)], 56_000), windows)
    assert found[0].seconds == (20_000 + 16_000) / 16_000


def test_limits_come_with_the_encoder() -> None:
    encoder = shipped_models().encoder
    limits = Limits.of(encoder)
    assert limits is not None
    assert 0 < limits.perhaps <= limits.sure < 1
    assert Limits.of(replace(encoder, calibration={})) is None
