"""Edits keep the rules of annotations, say what they touched, and survive another pass."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.annotation import edits
from core.annotation.another_pass import carried_over
from core.annotation.values import Annotation, Marker, Turn
from core.errors import EditError

DURATION = 100


def valid(a: Annotation) -> None:
    assert list(a.turns) == sorted(a.turns)
    assert {t.speaker for t in a.turns} <= {s.id for s in a.speakers}
    assert len({s.id for s in a.speakers}) == len(a.speakers)
    for speaker in a.speakers:
        for first, then in pairwise(a.turns_of(speaker.id)):
            assert first.end <= then.start
    assert all(0 <= t.start < t.end <= a.duration for t in a.turns)
    for (_, end), (start, _) in pairwise(a.edited):
        assert end < start
    assert list(a.markers) == sorted(a.markers)


@st.composite
def annotations(draw: st.DrawFn) -> Annotation:
    turns = draw(
        st.lists(
            st.builds(
                lambda start, length, speaker: Turn(start, start + length, speaker),
                st.integers(0, 80),
                st.integers(1, 20),
                st.integers(0, 3),
            ),
            max_size=8,
        )
    )
    return Annotation.build(turns, DURATION)


def do_something(a: Annotation, data: st.DataObject) -> Annotation:
    """One edit with what the annotation offers; EditError if it refuses."""
    turn = st.sampled_from(a.turns) if a.turns else st.nothing()
    speaker = st.sampled_from([s.id for s in a.speakers]) if a.speakers else st.nothing()
    at = st.integers(-5, DURATION + 5)
    choices: list[Callable[[], Annotation]] = [
        lambda: edits.new_speaker(a, data.draw(st.sampled_from(["", "Anna", "Ben"])))[0],
        lambda: edits.add_marker(a, data.draw(at), "x"),
    ]
    if a.speakers:
        choices += [
            lambda: edits.draw(a, data.draw(at), data.draw(at), data.draw(speaker)),
            lambda: edits.rename(a, data.draw(speaker), data.draw(st.sampled_from("AB"))),
            lambda: edits.recolour(a, data.draw(speaker), "#123456"),
            lambda: edits.keep_speaker(a, data.draw(speaker)),
            lambda: edits.merge_speakers(a, data.draw(speaker), data.draw(speaker)),
            lambda: edits.remove_speaker(a, data.draw(speaker)),
            lambda: edits.reorder(a, data.draw(st.permutations([s.id for s in a.speakers]))),
        ]
    if a.turns:
        some = st.lists(turn, min_size=1, max_size=3, unique=True)
        choices += [
            lambda: edits.reassign(a, data.draw(some), data.draw(speaker)),
            lambda: edits.reassign_parts(
                a, [(t, t.start, data.draw(at)) for t in data.draw(some)], data.draw(speaker)
            ),
            lambda: edits.split(a, data.draw(turn), data.draw(at)),
            lambda: edits.merge_turns(a, data.draw(some)),
            lambda: edits.delete(a, data.draw(some)),
            lambda: edits.move_edges(a, data.draw(turn), data.draw(at), data.draw(at)),
            lambda: edits.move_all_edges(
                a, [(t, data.draw(at), data.draw(at)) for t in data.draw(some)]
            ),
        ]
    return data.draw(st.sampled_from(choices))()


@given(annotations(), st.data())
def test_no_sequence_of_edits_breaks_a_rule(a: Annotation, data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(1, 6))):
        try:
            a = do_something(a, data)
        except EditError:
            continue
        valid(a)


@given(annotations(), st.data())
def test_what_others_say_at_the_same_time_stays_as_it_is(
    a: Annotation, data: st.DataObject
) -> None:
    """Whatever is done to turns of one speaker, of whom others' may lie over and inside."""
    if not a.turns:
        return
    turn = data.draw(st.sampled_from(a.turns))
    own = a.turns_of(turn.speaker)
    at = st.integers(0, DURATION)
    choices: list[Callable[[], Annotation]] = [
        lambda: edits.split(a, turn, data.draw(at)),
        lambda: edits.delete(a, [turn]),
        lambda: edits.merge_turns(a, data.draw(st.lists(st.sampled_from(own), unique=True))),
        lambda: edits.move_edges(a, turn, data.draw(at), data.draw(at)),
        lambda: edits.draw(a, data.draw(at), data.draw(at), turn.speaker),
    ]
    try:
        after = data.draw(st.sampled_from(choices))()
    except EditError:
        return
    valid(after)
    for other in (s.id for s in a.speakers if s.id != turn.speaker):
        assert after.turns_of(other) == a.turns_of(other)


@given(annotations(), st.data())
def test_a_turn_given_away_takes_nothing_of_a_third_along(
    a: Annotation, data: st.DataObject
) -> None:
    if len(a.speakers) < 2:
        return
    turn = data.draw(st.sampled_from(a.turns))
    to = data.draw(st.sampled_from([s.id for s in a.speakers if s.id != turn.speaker]))
    after = edits.reassign(a, [turn], to)
    valid(after)
    for at in range(DURATION):
        before = set(who(a, at))
        given_away = turn.start <= at < turn.end
        assert set(who(after, at)) == (before - {turn.speaker} | {to} if given_away else before)


def who(a: Annotation, at: int) -> list[int]:
    return sorted(t.speaker for t in a.turns if t.start <= at < t.end)


@given(annotations(), annotations(), st.data())
def test_another_pass_keeps_what_a_person_did(
    a: Annotation, after: Annotation, data: st.DataObject
) -> None:
    for _ in range(data.draw(st.integers(1, 4))):
        try:
            a = do_something(a, data)
        except EditError:
            continue
    again = carried_over(a, after)
    valid(again)
    for start, end in a.edited:
        for at in range(start, end):
            assert who(again, at) == who(a, at)
    assert again.markers == a.markers
    names = {s.id: s.name for s in again.speakers}
    assert all(names[s.id] == s.name for s in a.speakers if s.name)
    outside = [at for at in range(DURATION) if not any(s <= at < e for s, e in a.edited)]
    assert all(len(who(again, at)) == len(who(after, at)) for at in outside)


def two() -> Annotation:
    return Annotation.build([Turn(0, 40, 0), Turn(50, 90, 1)], DURATION)


def test_a_split_turn_stays_split_and_its_half_can_be_given_away() -> None:
    a = edits.split(two(), Turn(0, 40, 0), 30)
    assert a.turns[:2] == (Turn(0, 30, 0), Turn(30, 40, 0))
    a = edits.reassign(a, [a.turns[1]], 1)
    assert a.turns == (Turn(0, 30, 0), Turn(30, 40, 1), Turn(50, 90, 1))
    assert a.edited == ((0, 40),)
    assert a.is_edited(a.turns[0])
    assert not a.is_edited(a.turns[2])


def test_parts_go_and_what_is_left_was_not_edited() -> None:
    a = edits.reassign_parts(two(), [(Turn(0, 40, 0), 10, 20), (Turn(50, 90, 1), 50, 60)], 1)
    assert a.turns == (Turn(0, 10, 0), Turn(10, 20, 1), Turn(20, 40, 0), Turn(50, 90, 1))
    assert a.edited == ((10, 20),)
    meeting = Annotation.build([Turn(0, 40, 0), Turn(40, 90, 1)], DURATION)
    a = edits.reassign_parts(meeting, [(Turn(0, 40, 0), 30, 40)], 1)
    assert a.turns == (Turn(0, 30, 0), Turn(30, 90, 1))
    assert edits.reassign_parts(a, [], 1) is a


def test_who_was_kept_stays_so_after_another_pass() -> None:
    a = edits.keep_speaker(two(), 1)
    assert [s.kept for s in a.speakers] == [False, True]
    again = carried_over(a, Annotation.build([Turn(0, 38, 1), Turn(52, 88, 0)], DURATION))
    assert again.speaker(again.turns[1].speaker).kept
    assert not again.speaker(again.turns[0].speaker).kept


def test_a_turn_over_one_of_the_same_voice_swallows_it() -> None:
    a = edits.draw(two(), 30, 60, 0)
    assert a.turns == (Turn(0, 60, 0), Turn(50, 90, 1))


def test_two_turns_swap_their_meeting_point_at_once() -> None:
    a = Annotation.build([Turn(0, 40, 0), Turn(40, 90, 1)], DURATION)
    a = edits.move_all_edges(a, [(a.turns[0], 0, 55), (a.turns[1], 55, 90)])
    assert a.turns == (Turn(0, 55, 0), Turn(55, 90, 1))


def test_neighbours_of_the_same_voice() -> None:
    a = Annotation.build([Turn(0, 10, 0), Turn(10, 20, 1), Turn(20, 30, 0)], DURATION)
    assert edits.beside(a, a.turns[0], 1) == a.turns[2]
    assert edits.beside(a, a.turns[2], -1) == a.turns[0]
    assert edits.beside(a, a.turns[1], 1) is None
    assert edits.beside(a, Turn(1, 2, 0), 1) is None


def test_merging_two_speakers_with_thousands_of_turns_takes_no_longer_than_reading_them() -> None:
    turns = [Turn(n * 10, n * 10 + 8, n % 2) for n in range(20_000)]
    a = edits.merge_speakers(Annotation.build(turns), 0, 1)
    assert len(a.turns) == 20_000
    valid(a)


def test_dragging_an_edge_past_the_end_stops_there() -> None:
    assert edits.move_edges(two(), Turn(50, 90, 1), 45, 500).turns[1] == Turn(45, 100, 1)


@pytest.mark.parametrize(
    "edit",
    [
        lambda a: edits.split(a, a.turns[0], 0),
        lambda a: edits.split(a, Turn(1, 2, 0), 1),
        lambda a: edits.merge_turns(a, a.turns[:1]),
        lambda a: edits.reassign_parts(a, [(a.turns[0], 10, 41)], 1),
        lambda a: edits.reassign_parts(a, [(Turn(0, 30, 0), 10, 20)], 1),
        lambda a: edits.draw(a, 30, 30, 0),
        lambda a: edits.move_edges(a, a.turns[0], 30, 20),
        lambda a: edits.merge_speakers(a, 0, 0),
        lambda a: edits.remove_speaker(a, 0),
        lambda a: edits.reorder(a, [0]),
        lambda a: edits.rename(edits.rename(a, 0, "Anna"), 1, " Anna "),
        lambda a: edits.remove_marker(a, Marker(3)),
    ],
)
def test_what_is_impossible_is_refused(edit: Callable[[Annotation], Annotation]) -> None:
    with pytest.raises(EditError):
        edit(two())


def test_merging_speakers_joins_their_turns_and_keeps_the_name() -> None:
    a = Annotation.build([Turn(0, 40, 0), Turn(30, 60, 1)], DURATION, {1: "Ben"})
    a = edits.merge_speakers(a, 0, 1)
    assert a.turns == (Turn(0, 60, 0),)
    assert [(s.id, s.name) for s in a.speakers] == [(0, "Ben")]


def test_names_follow_voices_into_another_pass() -> None:
    before = edits.rename(two(), 1, "Ben")
    after = Annotation.build([Turn(0, 20, 0), Turn(20, 38, 1), Turn(52, 88, 2)], DURATION)
    again = carried_over(before, after)
    assert [(t.start, t.end, t.speaker) for t in again.turns] == [
        (0, 20, 0),
        (20, 38, 2),
        (52, 88, 1),
    ]
    assert again.speaker(1).name == "Ben"


def test_numbers_don_t_stay_high_when_another_pass_finds_fewer() -> None:
    before = Annotation.build([Turn(10 * n, 10 * n + 8, n) for n in range(6)], DURATION)
    after = Annotation.build([Turn(0, 20, 0), Turn(48, 58, 1)], DURATION)
    assert {s.id for s in carried_over(before, after).speakers} == {0, 1}


def test_a_marker_lies_inside_the_recording() -> None:
    a = edits.add_marker(two(), 500, "end")
    assert a.markers == (Marker(100, "end"),)
    a = edits.edit_marker(a, a.markers[0], "the end")
    assert a.markers == (Marker(100, "the end"),)
    assert edits.remove_marker(a, a.markers[0]) == two()


# what is said while turns still arrive

SPANS = st.lists(
    st.tuples(st.integers(0, 90), st.integers(1, 30), st.integers(0, 5)), min_size=1, max_size=5
)


@given(annotations(), SPANS)
@example(Annotation.build([Turn(43, 44, 0), Turn(43, 44, 1)], DURATION), [(44, 1, 0)])
def test_who_was_said_to_speak_does_so_whatever_arrives(a: Annotation, spans: list[tuple]) -> None:
    given_turns = {n: [Turn(s, s + length, who)] for n, (s, length, who) in enumerate(spans)}
    after = edits.laid_over(a, given_turns)
    valid(after)

    def said(at: int) -> int | None:
        return next(
            (t.speaker for (t,) in reversed(given_turns.values()) if t.start <= at < t.end), None
        )

    def speaking(a: Annotation, at: int) -> set[int]:
        return {t.speaker for t in a.turns if t.start <= at < t.end}

    for at in range(125):
        expected = speaking(a, at) if said(at) is None else {said(at)}
        assert speaking(after, at) == expected
        assert any(s <= at < e for s, e in after.edited) == (said(at) is not None)
    assert {s.id for s in after.speakers} == {t.speaker for t in after.turns}


def test_later_words_cover_earlier_ones() -> None:
    first, second = [Turn(0, 10, 0), Turn(20, 30, 0)], [Turn(5, 25, 1)]
    assert edits.last_said({3: first, 7: second}) == {
        3: [Turn(0, 5, 0), Turn(25, 30, 0)],
        7: second,
    }
    assert edits.laid_over(Annotation(), {}) == Annotation()


def test_a_turn_that_grows_is_still_the_same() -> None:
    growing, done = Turn(20, 30, 1, settled=False), Turn(0, 10, 0)
    then = Annotation.build([Turn(0, 12, 0), Turn(20, 40, 1, settled=False)], 50)
    assert edits.followed(then, [growing, done]) == [Turn(20, 40, 1)]
    assert edits.followed(then, [Turn(0, 12, 0)]) == [Turn(0, 12, 0)]
    assert edits.followed(then, [Turn(20, 30, 0, settled=False)]) == []
