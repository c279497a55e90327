"""From labelled windows to turns, and where a voice hands over to the next."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from core.annotation.values import Turn, join_turns
from core.stream.changes import NOBODY
from core.stream.laying import NEAR, REACH, balance_point, change_point, lay_turns, lay_voices


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


# ---- local voices


@dataclass
class At:
    """Where a window is, and of which local voice."""

    centre: int
    voice: int = NOBODY


def middle(windows: list[At]):
    return lambda i, j: (windows[i].centre + windows[j].centre) // 2


def test_each_local_voice_is_its_own_windows() -> None:
    windows = [At(10, 0), At(30, 1), At(50, 0)]
    spans = [(0, 40, 0), (20, 60, 1), (60, 80, 0)]
    turns = lay_voices([(0, 70)], spans, windows, [5, 6, 5], middle(windows))
    assert turns == [Turn(0, 40, 5), Turn(20, 60, 6), Turn(60, 70, 5)]


def test_one_local_voice_that_is_two_people_hands_over_between_its_windows() -> None:
    windows = [At(10, 0), At(20, 1), At(30, 0)]
    turns = lay_voices([(0, 40)], [(0, 40, 0)], windows, [5, 9, 6], middle(windows))
    assert turns == [Turn(0, 20, 5), Turn(20, 40, 6)]


def test_two_local_voices_that_are_one_speaker_are_one_turn() -> None:
    windows = [At(10, 0), At(30, 1)]
    turns = lay_voices([(0, 60)], [(0, 40, 0), (20, 60, 1)], windows, [5, 5], middle(windows))
    assert turns == [Turn(0, 60, 5)]


def test_what_no_voice_covers_between_turns_of_one_speaker_is_theirs() -> None:
    """Whatever other windows are nearer to it."""
    windows = [At(10, 0), At(52, 1), At(90, 0), At(200, 2)]
    spans = [(0, 50, 0), (54, 100, 0), (190, 210, 2)]
    turns = lay_voices([(0, 100), (150, 210)], spans, windows, [5, 6, 5, 7], middle(windows))
    assert turns == [Turn(0, 100, 5), Turn(150, 210, 7)]


def test_a_voice_without_windows_near_it_goes_to_those_around_it() -> None:
    windows = [At(0, 0), At(REACH * 3, 1)]
    spans = [(0, 100, 0), (REACH + 200, REACH + 300, 0), (REACH * 2, REACH * 2 + 100, 2)]
    speech = [(start, end) for start, end, _ in spans]
    turns = lay_voices(speech, spans, windows, [5, 6], middle(windows))
    assert [t.speaker for t in turns] == [5, 5, 6]


def test_without_local_voices_windows_alone_say_who_speaks() -> None:
    """As for what was heard before there were any; and without windows somebody does."""
    windows = [At(10), At(30), At(50)]
    alone = lay_voices([(0, 60)], [], windows, [1, 2, 2], middle(windows))
    assert alone == [Turn(0, 20, 1), Turn(20, 60, 2)]
    assert lay_voices([(5, 9)], [], [], [], middle([])) == [Turn(5, 9, 0)]
    assert lay_voices([(5, 9)], [(0, 20, 3)], [], [], middle([])) == [Turn(5, 9, 0)]
    assert lay_voices([], [(0, 20, 3)], windows, [1, 2, 2], middle(windows)) == []


@given(
    st.lists(st.integers(1, 30), max_size=12),
    st.lists(st.tuples(st.integers(0, 200), st.integers(1, 60), st.integers(0, 3)), max_size=6),
    st.lists(
        st.tuples(st.integers(0, 250), st.sampled_from([NOBODY, 0, 1, 2]), st.integers(0, 3)),
        max_size=12,
    ),
)
def test_whatever_the_voices_say_all_speech_and_nothing_else_is_turns(
    lengths: list[int], voices: list[tuple[int, int, int]], heard: list[tuple[int, int, int]]
) -> None:
    edges = [sum(lengths[:n]) for n in range(len(lengths) + 1)]
    stretches = [(a, b) for n, (a, b) in enumerate(pairwise(edges)) if n % 2]
    spans = sorted((start, start + length, voice) for start, length, voice in voices)
    heard = sorted(heard)
    windows = [At(centre, voice) for centre, voice, _ in heard]
    labels = [label for *_, label in heard]
    turns = lay_voices(stretches, spans, windows, labels, middle(windows))
    covered = {sample for turn in turns for sample in range(turn.start, turn.end)}
    assert covered == {sample for start, end in stretches for sample in range(start, end)}
    assert turns == join_turns(turns)
    assert {t.speaker for t in turns} <= ({*labels} or {0})
