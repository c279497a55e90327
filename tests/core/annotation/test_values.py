from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.annotation.values import Annotation, Speaker, Turn, join_turns, union


@st.composite
def turns(draw, speakers=4):
    start = draw(st.integers(0, 60))
    length = draw(st.integers(1, 20))
    return Turn(start, start + length, draw(st.integers(0, speakers - 1)), draw(st.booleans()))


lists_of_turns = st.lists(turns(), max_size=15)


def covered(some_turns):
    """The set of (sample, speaker) that the turns cover: what joining must keep."""
    return {(i, t.speaker) for t in some_turns for i in range(t.start, t.end)}


@pytest.mark.parametrize(("start", "end"), [(5, 5), (5, 4), (-1, 3)])
def test_a_turn_has_a_length_and_begins_in_the_recording(start, end):
    with pytest.raises(ValueError, match="0 <= start < end"):
        Turn(start, end, 0)


@given(turns(), turns())
def test_overlap_is_what_both_cover(a, b):
    both = set(range(a.start, a.end)) & set(range(b.start, b.end))
    assert a.overlap(b) == b.overlap(a) == len(both)


@given(lists_of_turns)
def test_joining_keeps_exactly_what_is_covered(some):
    assert covered(join_turns(some)) == covered(some)


@given(lists_of_turns, st.integers(0, 10))
def test_joined_turns_of_a_speaker_are_further_apart_than_the_gap(some, gap):
    joined = join_turns(some, gap)
    assert joined == sorted(joined)
    assert covered(joined) >= covered(some)
    for speaker in range(4):
        own = [t for t in joined if t.speaker == speaker]
        assert all(b.start - a.end > gap for a, b in pairwise(own))


@given(lists_of_turns, st.integers(0, 10), st.randoms(use_true_random=False))
def test_joining_does_not_depend_on_the_order_and_is_done_after_one_time(some, gap, random):
    joined = join_turns(some, gap)
    shuffled = list(some)
    random.shuffle(shuffled)
    again = join_turns(shuffled, gap)
    assert [(t, t.settled) for t in again] == [(t, t.settled) for t in joined]
    assert join_turns(joined, gap) == joined


@given(lists_of_turns)
def test_a_joined_turn_is_settled_only_if_all_its_parts_are(some):
    for joined in join_turns(some):
        parts = [t for t in some if t.speaker == joined.speaker and joined.overlap(t)]
        assert joined.settled == all(p.settled for p in parts)


@given(lists_of_turns, st.integers(0, 100))
def test_a_built_annotation_follows_the_rules(some, duration):
    built = Annotation.build(some, duration, {0: "Anna", 9: "nobody"})
    assert list(built.turns) == sorted(built.turns)
    assert built.duration == max([duration, *(t.end for t in some)])
    appearance = list(dict.fromkeys(t.speaker for t in built.turns))
    assert [s.id for s in built.speakers] == appearance
    assert all(s.name == ("Anna" if s.id == 0 else "") for s in built.speakers)
    assert sum(built.talk_time().values()) == len(covered(some))
    assert built.edges() == tuple(sorted({e for t in built.turns for e in (t.start, t.end)}))
    assert sorted(t for s in built.speakers for t in built.turns_of(s.id)) == list(built.turns)


@given(lists_of_turns)
def test_numbering_by_appearance_keeps_the_turns_and_their_names(some):
    built = Annotation.build(some, names={i: f"n{i}" for i in range(4)})
    numbered = built.numbered_by_appearance()
    assert [s.id for s in numbered.speakers] == list(range(len(built.speakers)))
    assert [s.name for s in numbered.speakers] == [s.name for s in built.speakers]

    def named(a):
        return {(t.start, t.end, a.speaker(t.speaker).name) for t in a.turns}

    assert named(numbered) == named(built)


def test_speakers_that_meet_are_one_and_keep_a_name():
    some = [Turn(0, 10, 0), Turn(5, 20, 1), Turn(30, 40, 2)]
    met = Annotation.build(some, names={1: "Ben"}).relabelled(lambda i: 0 if i < 2 else i)
    assert met.turns == (Turn(0, 20, 0), Turn(30, 40, 2))
    assert met.speakers == (Speaker(0, "Ben"), Speaker(2))


def test_names_change_without_touching_turns():
    built = Annotation.build([Turn(0, 10, 0), Turn(20, 30, 1)], 50, {0: "Anna"})
    renamed = built.with_names({1: "Ben"})
    assert [s.label for s in renamed.speakers] == ["Anna", "Ben"]
    assert (renamed.turns, renamed.duration) == (built.turns, 50)


def test_an_unknown_speaker_is_a_key_error():
    with pytest.raises(KeyError):
        Annotation().speaker(0)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9)), max_size=10))
def test_a_union_covers_the_same_and_lies_apart(pairs):
    stretches = [(start, start + length) for start, length in pairs]
    joined = union(stretches)
    assert {i for s, e in joined for i in range(s, e)} == {
        i for s, e in stretches for i in range(s, e)
    }
    assert all(a[1] < b[0] for a, b in pairwise(joined))
