"""What of a recording is heard for a turn, and which words are its own."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from core.annotation.values import Annotation, Turn, Word
from core.audio.read import read_audio
from core.recognisers.portions import (
    BESIDE,
    CONTEXT,
    LONGEST,
    Portion,
    key_of,
    portions_of,
    wanted,
    with_heard,
)
from core.recognisers.serving import sound_of
from core.units import SAMPLE_RATE as S

turn = st.builds(
    lambda start, length, who: Turn(start, start + length, who),
    st.integers(0, 100 * S),
    st.integers(1, 80 * S),
    st.integers(0, 2),
)


@given(st.lists(turn, min_size=1, max_size=8), st.integers(0, 10 * S))
def test_portions_cover_each_turn_once(turns: list[Turn], silence: int) -> None:
    end = max(t.end for t in turns)
    a = Annotation.build(turns, end + silence)
    portions = portions_of(a)
    assert portions == sorted(portions)
    for own in a.turns:
        parts = sorted((p.first, p.last) for p in portions if p.turn == key_of(own))
        assert parts[0][0] <= own.start
        assert parts[0][0] >= max(own.start - BESIDE, 0)
        assert own.end <= parts[-1][1] <= min(own.end + BESIDE, a.duration)
        assert all(one[1] == other[0] for one, other in pairwise(parts))
        assert all(last - first <= LONGEST + 2 * BESIDE for first, last in parts)
    assert all(p.start <= p.first < p.last <= p.end for p in portions)


def test_between_two_turns_a_word_is_of_one_of_them() -> None:
    a = Annotation.build([Turn(S, 2 * S, 0), Turn(2 * S + 100, 3 * S, 1)], 9 * S)
    one, other = portions_of(a)
    assert one.last == other.first == 2 * S + 50
    assert one.end == one.last + CONTEXT


def test_words_around_belong_to_others() -> None:
    portion = Portion(S, 4 * S, 2 * S, 3 * S, (2 * S, 3 * S, 0))
    heard = [Word(0, S // 2, "before"), Word(S, S + 100, "a\x07b"), Word(2 * S, 3 * S, "after")]
    assert [(w.text, w.start) for w in wanted(heard, portion)] == [("ab", 2 * S)]


def test_what_both_are_heard_to_say_at_once_is_said_by_one() -> None:
    a = Annotation.build([Turn(0, 5 * S, 0), Turn(2 * S, 3 * S, 1)], 9 * S)
    long, short = a.turns
    yes, no = Word(2 * S, 2 * S + 900, "Yes"), Word(2 * S + 50, 2 * S + 950, "yes")
    mine = Word(2 * S + 2000, 2 * S + 2900, "indeed")
    after = with_heard(a, {key_of(long): [yes], key_of(short): [no, mine]})
    assert [t.text for t in after.turns] == ["Yes", "indeed"]


def test_words_of_a_turn_that_was_split_meanwhile_are_not_lost() -> None:
    a = Annotation.build([Turn(0, S, 0), Turn(2 * S, 3 * S, 0)], 9 * S)
    words = [Word(0, 500, "one"), Word(2 * S + 100, 2 * S + 900, "two")]
    after = with_heard(a, {(0, 3 * S, 0): words})
    assert [t.text for t in after.turns] == ["one", "two"]


@pytest.fixture(scope="module")
def ramp(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ramp") / "ramp.wav"
    soundfile.write(path, np.arange(4 * S, dtype=np.int16), S)
    return path


@given(
    st.lists(st.tuples(st.integers(0, 5 * S), st.integers(1, 3 * S)), min_size=1, max_size=6),
)
def test_each_portion_gets_its_own_sound(ramp: Path, spans: list[tuple[int, int]]) -> None:
    whole = read_audio(ramp)
    portions = sorted(Portion(s, s + n, s, s + n, (s, s + n, 0)) for s, n in spans)
    for portion, samples in sound_of(ramp, None, portions):
        assert np.array_equal(samples, whole[portion.start : portion.end])
