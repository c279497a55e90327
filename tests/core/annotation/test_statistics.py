import pytest
from hypothesis import given

from core.annotation import statistics as module
from core.annotation.statistics import statistics
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
    assert silent == module.SpeakerStatistics(Speaker(2), 0, 0.0, 0, 0, 0)
    assert silent.mean == 0


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


@given(annotations())
def test_the_numbers_add_up(built):
    made = statistics(built)
    assert [one.speaker for one in made] == list(built.speakers)
    assert {one.speaker.id: one.talk_time for one in made} == built.talk_time()
    assert sum(one.turns for one in made) == len(built.turns)
    assert sum(one.share for one in made) == pytest.approx(1 if built.turns else 0)
    assert all(one.interruptions <= one.turns and one.longest <= one.talk_time for one in made)
