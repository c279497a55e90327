import pytest
from hypothesis import given

from core.annotation import statistics as module
from core.annotation.overlap import alone
from core.annotation.statistics import overlap_share, statistics
from core.annotation.values import Annotation, Speaker, Turn
from core.units import SAMPLE_RATE as S
from tests.core.formats.strategies import annotations


def numbers(*turns, speakers=2):
    seconds = tuple(sorted(Turn(round(a * S), round(b * S), who) for a, b, who in turns))
    return statistics(Annotation(seconds, tuple(Speaker(i) for i in range(speakers)), 100 * S))


def test_the_numbers_of_a_conversation():
    anna, ben, silent = numbers((0, 10, 0), (12, 14, 0), (9, 13, 1), speakers=3)
    assert (anna.talk_time, anna.turns, anna.longest, anna.mean) == (12 * S, 2, 10 * S, 6 * S)
    assert (ben.talk_time, ben.turns, ben.longest) == (4 * S, 1, 4 * S)
    assert (anna.share, ben.share) == (0.75, 0.25)
    assert (anna.interruptions, ben.interruptions) == (1, 1)
    assert (anna.overlapped, ben.overlapped) == (2 * S, 2 * S)
    assert (anna.overlap_share, ben.overlap_share) == (2 / 12, 0.5)
    assert silent == module.SpeakerStatistics(Speaker(2), 0, 0.0, 0, 0, 0, 0, 0)
    assert (silent.mean, silent.overlap_share) == (0, 0.0)


@pytest.mark.parametrize(
    ("other", "cuts_in"),
    [
        ((9.5, 12, 1), 1),
        ((9.6, 12, 1), 0),  # an ordinary change of speakers
        ((5, 6, 1), 0),  # mhm
        ((5, 10, 1), 0),  # ends with the other
        ((0, 12, 1), 0),  # both begin at once
        ((10, 12, 1), 0),
    ],
)
def test_what_an_interruption_is(other, cuts_in):
    assert [one.interruptions for one in numbers((0, 10, 0), other)] == [0, cuts_in]


def test_a_turn_that_cuts_in_on_two_counts_once_and_the_own_voice_never():
    built = numbers((0, 10, 0), (1, 10.2, 1), (5, 12, 2), speakers=3)
    assert [one.interruptions for one in built] == [0, 1, 1]
    assert numbers((0, 10, 0), (10, 20, 0))[0].interruptions == 0


@pytest.mark.parametrize(
    ("other", "inside"),
    [
        ((5, 6, 1), (0, 1)),
        ((5, 10, 1), (0, 1)),  # ends with the other
        ((0, 1, 1), (0, 1)),  # both begin at once
        ((0, 12, 1), (1, 0)),
        ((0, 10, 1), (0, 0)),  # neither is inside the other
        ((9.5, 12, 1), (0, 0)),
        ((10, 12, 1), (0, 0)),
    ],
)
def test_what_a_backchannel_is(other, inside):
    assert tuple(one.backchannels for one in numbers((0, 10, 0), other)) == inside


def test_the_share_of_overlap_is_of_the_time_in_which_anybody_speaks():
    built = Annotation.build([Turn(0, 6, 0), Turn(4, 8, 1), Turn(5, 7, 2), Turn(12, 14, 0)], 100)
    assert overlap_share(built) == 3 / 10
    assert overlap_share(Annotation()) == 0.0


@given(annotations())
def test_the_numbers_add_up(built):
    made = statistics(built)
    assert [one.speaker for one in made] == list(built.speakers)
    assert {one.speaker.id: one.talk_time for one in made} == built.talk_time()
    assert sum(one.turns for one in made) == len(built.turns)
    assert sum(one.share for one in made) == pytest.approx(1 if built.turns else 0)
    assert all(one.interruptions <= one.turns and one.longest <= one.talk_time for one in made)
    assert all(one.interruptions + one.backchannels <= one.turns for one in made)
    assert all(0 <= one.overlapped <= one.talk_time for one in made)
    for one in made:
        by_oneself = sum(end - start for start, end in alone(built, one.speaker.id))
        assert one.overlapped == one.talk_time - by_oneself
    assert 0 <= overlap_share(built) <= 1
