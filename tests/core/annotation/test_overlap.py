"""Where several speak, compared with looking at every sample."""

import doctest
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from core.annotation import overlap as module
from core.annotation.overlap import alone, covered, overlaps, speaking, speech, within
from core.annotation.values import Annotation, Turn

turns = st.lists(
    st.builds(
        lambda start, length, speaker: Turn(start, start + length, speaker),
        *(st.integers(0, 60), st.integers(1, 25), st.integers(0, 3)),
    ),
    max_size=9,
)


def samples(stretches):
    return {at for start, end in stretches for at in range(start, end)}


def who(annotation, at):
    return {t.speaker for t in annotation.turns if t.start <= at < t.end}


def test_the_examples_run():
    assert doctest.testmod(module).failed == 0


@given(turns)
def test_overlap_is_where_two_or_more_speak(drawn):
    built = Annotation.build(drawn, 100)
    found = overlaps(built)
    assert samples(found) == {at for at in range(100) if len(who(built, at)) > 1}
    assert all(end < start for (_, end), (start, _) in pairwise(found))


@given(turns)
def test_alone_is_where_nobody_else_speaks(drawn):
    built = Annotation.build(drawn, 100)
    for speaker in (s.id for s in built.speakers):
        assert samples(alone(built, speaker)) == {
            at for at in range(100) if who(built, at) == {speaker}
        }


@given(turns, st.integers(0, 80), st.integers(1, 20))
def test_what_lies_in_a_stretch(drawn, start, length):
    built, asked = Annotation.build(drawn, 100), Turn(start, start + length, 9)
    found, inside = overlaps(built), set(range(asked.start, asked.end))
    assert covered(found, asked) == len(samples(found) & inside)
    assert list(within(found, asked.start, asked.end)) == [
        s for s in found if samples([s]) & inside
    ]
    assert list(speaking(built, asked.start, asked.end)) == [
        t for t in built.turns if t.overlap(asked)
    ]
    assert samples(speech(built, {0, 2})) == {at for at in range(100) if who(built, at) & {0, 2}}


def test_a_turn_split_by_hand_does_not_overlap_itself():
    built = Annotation((Turn(0, 10, 0), Turn(10, 20, 0)), (), 20)
    assert overlaps(built) == ()
