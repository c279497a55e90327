"""What a person said stays when another pass finds the turns anew."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.annotation import edits
from core.annotation.another_pass import carried_over, carry_over
from core.annotation.values import Annotation, Turn
from tests.core.annotation.test_edits import DURATION, annotations, who

MARIA = "Maria"


def named(before: Annotation, **names: int) -> Annotation:
    for name, speaker in names.items():
        before = edits.rename(before, speaker, name)
    return before


def spoken(a: Annotation, name: str) -> list[tuple[int, int]]:
    (speaker,) = (s.id for s in a.speakers if s.name == name)
    return [(t.start, t.end) for t in a.turns_of(speaker)]


def test_a_typed_name_follows_its_voice_into_one_that_says_more() -> None:
    before = named(Annotation.build([Turn(0, 60, 0), Turn(70, 90, 1)], DURATION), Maria=1)
    after = Annotation.build([Turn(0, 60, 0), Turn(70, 90, 0)], DURATION)
    again = carried_over(before, after)
    assert spoken(again, MARIA) == [(0, 60), (70, 90)]
    assert [s.label for s in again.speakers] == [MARIA]
    assert carry_over(before, after).as_one == ()


def test_a_name_that_was_recognised_does_not() -> None:
    from dataclasses import replace

    before = named(Annotation.build([Turn(0, 60, 0), Turn(70, 90, 1)], DURATION), Maria=1)
    guessed = tuple(replace(s, confidence=0.9) if s.name else s for s in before.speakers)
    before = replace(before, speakers=guessed)
    again = carried_over(before, Annotation.build([Turn(0, 60, 0), Turn(70, 90, 0)], DURATION))
    assert [s.name for s in again.speakers] == [""]


def test_two_typed_names_on_one_voice_stay_apart_and_are_told() -> None:
    before = named(Annotation.build([Turn(0, 60, 0), Turn(70, 90, 1)], DURATION), Anna=0, Maria=1)
    after = Annotation.build([Turn(2, 58, 3), Turn(68, 88, 3)], DURATION)
    again = carried_over(before, after)
    assert spoken(again, "Anna") == [(2, 58), (68, 70)]
    assert spoken(again, MARIA) == [(70, 88)]
    assert carry_over(before, after).as_one == ((0, 1),)


def test_a_crumb_elsewhere_does_not_hide_that_two_names_are_one_voice() -> None:
    before = named(Annotation.build([Turn(0, 40, 0), Turn(50, 80, 1)], DURATION), Anna=0, Maria=1)
    after = Annotation.build([Turn(0, 40, 0), Turn(50, 78, 0), Turn(78, 80, 1)], DURATION)
    again = carried_over(before, after)
    assert spoken(again, MARIA) == [(50, 80)]
    assert carry_over(before, after).as_one == ((0, 1),)


@given(annotations(), annotations(), st.sets(st.integers(0, 5)))
def test_no_typed_name_that_was_heard_ends_on_nobody(
    before: Annotation, after: Annotation, chosen: set[int]
) -> None:
    for speaker in before.speakers:
        before = edits.rename(before, speaker.id, f"P{speaker.id}" if speaker.id in chosen else "")
    again = carried_over(before, after)
    for speaker in before.speakers:
        if not speaker.named_by_hand:
            continue
        heard = [at for at in range(DURATION) if speaker.id in who(before, at) and who(after, at)]
        if heard:
            assert again.turns_of(speaker.id)
    for at in range(DURATION):
        assert len(who(again, at)) == len(who(after, at)) or before.edited


def test_whoever_was_heard_by_no_pass_stays_with_the_name() -> None:
    before = named(Annotation.build([Turn(0, 60, 0), Turn(70, 90, 1)], DURATION), Maria=1)
    again = carried_over(before, Annotation.build([Turn(0, 60, 0)], DURATION))
    assert spoken(again, MARIA) == []
