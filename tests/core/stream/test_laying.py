"""From labelled windows to turns, and where a voice hands over to the next."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from core.annotation.values import Turn, join_turns
from core.stream.laying import NEAR, balance_point, change_point, lay_turns


def test_a_change_in_running_speech_is_where_the_voices_balance() -> None:
    assert change_point(10_000, 18_000, 0.25, [(0, 50_000)], []) == 12_000


def test_a_pause_near_the_balance_is_where_the_voices_change() -> None:
    stretches = [(0, 50_000)]
    assert change_point(10_000, 18_000, 0.25, stretches, [(13_000, 14_000)]) == 13_500
    longest = change_point(10_000, 18_000, 0.25, stretches, [(11_000, 11_500), (13_000, 14_000)])
    assert longest == 13_500
    far = change_point(10_000, 30_000, 0.0, stretches, [(10_000 + NEAR, 11_000 + NEAR)])
    assert far == 10_000


def test_a_change_across_silence_leaves_both_stretches_whole() -> None:
    stretches = [(0, 12_000), (14_000, 15_000), (40_000, 60_000)]
    assert change_point(10_000, 42_000, 0.1, stretches, []) == 26_000
    assert change_point(11_999, 12_500, 0.1, [(0, 12_300)], []) == 12_300
    assert change_point(9_000, 41_000, 0.9, [(0, 30_000), (40_000, 60_000)], []) == 30_000


def test_balance() -> None:
    assert balance_point(1, 1) == 0.5
    assert balance_point(3, 1) == 0.75
    assert balance_point(0, 0) == 0.5
    assert balance_point(-2, 1) == 0.0


def test_turns_of_two_voices() -> None:
    turns = lay_turns([(0, 10), (20, 50)], [0, 0, 1], lambda i: {1: 30}[i])
    assert turns == [Turn(0, 10, 0), Turn(20, 30, 0), Turn(30, 50, 1)]


def test_speech_without_windows_is_one_speaker() -> None:
    assert lay_turns([(5, 9)], [], lambda _: 0) == [Turn(5, 9, 0)]
    assert lay_turns([], [0, 1], lambda _: 3) == []


@given(
    st.lists(st.integers(1, 30), max_size=12),
    st.lists(st.integers(0, 3), max_size=20),
    st.lists(st.integers(0, 300), min_size=20, max_size=20),
)
def test_turns_cover_the_speech_exactly(
    lengths: list[int], labels: list[int], places: list[int]
) -> None:
    edges = [sum(lengths[:n]) for n in range(len(lengths) + 1)]
    stretches = [(a, b) for n, (a, b) in enumerate(pairwise(edges)) if n % 2]
    changes = sorted(places)
    turns = lay_turns(stretches, labels, lambda i: changes[i])
    covered = [sample for turn in turns for sample in range(turn.start, turn.end)]
    assert covered == [sample for start, end in stretches for sample in range(start, end)]
    for one, other in pairwise(turns):
        assert one.end < other.start or one.speaker != other.speaker


def test_neighbours_join_and_are_settled_only_together() -> None:
    joined = join_turns([Turn(0, 5, 1), Turn(5, 9, 1, settled=False), Turn(9, 12, 2)])
    assert joined == [Turn(0, 9, 1), Turn(9, 12, 2)]
    assert not joined[0].settled
