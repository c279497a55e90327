"""Which turns are worth a second look."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.annotation import edits
from core.annotation.values import Annotation, Turn
from core.refine import review
from core.refine.review import Review, Sureness
from core.stream.changes import Window
from core.units import SAMPLE_RATE as S


def doubtful(annotation: Annotation, windows: Sequence[Window] = ()) -> list[Turn]:
    return review.doubtful(annotation, Review(windows).confidence(annotation))


def windows(*voices: int) -> list[Window]:
    """One per second, each of one of two voices and a little noise."""
    rng = np.random.default_rng(0)
    means = np.eye(8)[:2]
    return [
        Window(n * S, (n + 1) * S, (means[v] + rng.normal(0, 0.05, 8)).astype(np.float32), 1.0)
        for n, v in enumerate(voices)
    ]


def test_without_windows_short_and_provisional_turns_count() -> None:
    turns = [Turn(0, 5 * S, 0), Turn(5 * S, 5 * S + 100, 1), Turn(6 * S, 9 * S, 1, settled=False)]
    assert doubtful(Annotation.build(turns)) == turns[1:]


def test_voices_that_cannot_be_compared_are_as_good_as_none() -> None:
    a = Annotation.build([Turn(0, 3 * S, 0), Turn(3 * S, 6 * S, 1), Turn(6 * S, 6 * S + 100, 0)])
    odd = Window(5 * S, 6 * S, np.ones(7, np.float32), 1.0)
    assert doubtful(a, [*windows(0, 0, 0, 1, 1), odd]) == doubtful(a) == [a.turns[2]]


def test_a_turn_that_sounds_like_somebody_else() -> None:
    a = Annotation.build(
        [Turn(0, 3 * S, 0), Turn(3 * S, 6 * S, 1), Turn(6 * S, 9 * S, 0), Turn(9 * S, 12 * S, 1)]
    )
    right = windows(0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1)
    wrong = windows(0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1)
    assert doubtful(a, right) == []
    assert a.turns[2] in doubtful(a, wrong)
    assert a.turns[1] not in doubtful(a, wrong)


def test_what_a_person_edited_is_not_asked_about_again() -> None:
    a = Annotation.build([Turn(0, 5 * S, 0), Turn(6 * S, 6 * S + 100, 1)])
    (short,) = doubtful(a)
    assert doubtful(edits.reassign(a, [short], 0)) == []


def test_the_only_turn_of_a_speaker_has_nothing_to_be_judged_by() -> None:
    a = Annotation.build([Turn(0, 3 * S, 0), Turn(3 * S, 6 * S, 1)])
    assert doubtful(a, windows(0, 0, 0, 1, 1, 1)) == []
    assert doubtful(Annotation(), windows(0)) == []


def test_turns_without_windows_and_at_the_very_end() -> None:
    heard = windows(0, 0, 0, 1, 1, 1, 0, 0)
    gap = Turn(5 * S + 9000, 5 * S + 9100, 0)
    a = Annotation.build([Turn(0, 3 * S, 0), Turn(3 * S, 5 * S, 1), gap, Turn(6 * S, 9 * S, 1)])
    assert doubtful(a, heard) == [gap, Turn(6 * S, 9 * S, 1)]


def test_confidence_falls_with_another_voice_and_with_shortness() -> None:
    a = Annotation.build(
        [Turn(0, 3 * S, 0), Turn(3 * S, 6 * S, 1), Turn(6 * S, 9 * S, 0), Turn(9 * S, 12 * S, 1)]
    )
    right = Review(windows(0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1)).confidence(a)
    wrong = Review(windows(0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1)).confidence(a)
    assert right.min() > 0.99
    assert wrong[2] < 0.1
    short = Review().confidence(Annotation.build([Turn(0, S // 5, 0), Turn(S, 9 * S, 0)]))
    assert short[0] < 0.8 < 0.95 < short[1]
    assert Review(windows(0)).confidence(Annotation()).shape == (0,)


def test_what_a_person_edited_is_sure() -> None:
    a = Annotation.build([Turn(0, 5 * S, 0), Turn(6 * S, 6 * S + 100, 1)])
    a = edits.reassign(a, [a.turns[1]], 0)
    assert Review().confidence(a)[1] == 1


@given(st.lists(st.tuples(st.integers(1, 40), st.integers(0, 3)), max_size=12), st.integers(0, 30))
def test_confidence_is_a_share_for_any_turns(said: list[tuple[int, int]], count: int) -> None:
    turns, at = [], 0
    for length, who in said:
        turns.append(Turn(at, at + length * 4000, who))
        at += length * 4000 + 100
    heard = windows(*(n % 2 for n in range(count)))
    sure = Review(heard).confidence(Annotation.build(turns))
    assert sure.shape == (len(Annotation.build(turns).turns),)
    assert ((sure >= 0) & (sure <= 1)).all()


def test_turns_as_they_are_written_are_as_sure_as_the_least_sure_in_them() -> None:
    one, two, other = Turn(0, 3 * S, 0), Turn(4 * S, 6 * S, 0), Turn(6 * S, 8 * S, 1)
    sure = Sureness({one: 0.9, two: 0.4, other: 0.7})
    assert sure(one) == 0.9
    assert sure(Turn(S, 6 * S, 0)) == 0.4  # joined and cut
    assert sure(Turn(2 * S, 4 * S + 8, 0)) == 0.9  # only touched after rounding
    assert sure(Turn(6 * S, 8 * S, 0)) is None
    assert sure(Turn(0, S, 5)) is None
