"""Turns of real conversations: what is taken of them is what was asked for."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.annotation.values import Annotation, Turn
from core.errors import InputError
from core.formats import rttm
from core.training.data.structures import BREATH, Wanted, overlap_share, plan_along, read_structures
from core.units import SAMPLE_RATE

SEEDS = st.integers(0, 2**32)


def talk(seed: int, people: int, overlap: float, turns: int = 80) -> Annotation:
    """People who take turns; each turn is overlapped by a share of its length by the next."""
    rng = np.random.default_rng(seed)
    at, found = 0, []
    for number in range(turns):
        length = round(SAMPLE_RATE * float(rng.uniform(1, 4)))
        found.append(Turn(at, at + length, number % people))
        at += round(length * (1 - overlap)) if overlap else length + SAMPLE_RATE // 2
    return Annotation.build(found)


STRUCTURES = {"calm": [talk(n, 2, 0.0) for n in range(3)], "loud": [talk(9, 3, 0.4)]}


@settings(max_examples=30)
@given(SEEDS, st.integers(1, 6), st.floats(3, 200))
def test_plan_can_be_spoken(seed: int, people: int, duration: float) -> None:
    rng = np.random.default_rng(seed)
    turns = plan_along(STRUCTURES, rng, duration, Wanted((1, people)))
    assert turns == sorted(turns)
    assert all(0 <= t.start < t.end <= round(duration * SAMPLE_RATE) for t in turns)
    appearance = list(dict.fromkeys(t.speaker for t in turns))
    assert appearance == list(range(len(appearance)))
    assert len(appearance) <= people
    for speaker in appearance:
        own = [t for t in turns if t.speaker == speaker]
        assert all(first.end + BREATH < second.start for first, second in pairwise(own))


@pytest.mark.parametrize(("overlap", "low", "high"), [((0.0, 0.02), 0, 0.05), ((0.2, 1), 0.2, 1)])
def test_excerpts_overlap_as_wanted(overlap: tuple[float, float], low: float, high: float) -> None:
    turns = plan_along(STRUCTURES, np.random.default_rng(4), 300, Wanted((2, 2), overlap))
    assert low <= overlap_share(turns) <= high


def test_everybody_wanted_has_a_part() -> None:
    turns = plan_along(STRUCTURES, np.random.default_rng(1), 300, Wanted((5, 5)))
    assert {t.speaker for t in turns} == set(range(5))


def test_same_generator_same_plan() -> None:
    first, again, other = (
        plan_along(STRUCTURES, np.random.default_rng(seed), 60, Wanted()) for seed in (3, 3, 5)
    )
    assert first == again
    assert first != other


def test_long_silences_are_left_out() -> None:
    second = SAMPLE_RATE
    broken = Annotation.build(
        [
            Turn(0, 5 * second, 0),
            Turn(6 * second, 9 * second, 1),
            Turn(900 * second, 905 * second, 0),
        ]
    )
    turns = plan_along({"x": [broken]}, np.random.default_rng(0), 20, Wanted((2, 2), piece=(9, 20)))
    gaps = [b.start - max(a.end, a.start) for a, b in pairwise(turns)]
    assert max(gaps) < 3 * second


def test_share_of_overlap() -> None:
    assert overlap_share([]) == 0
    assert overlap_share([Turn(0, 10, 0), Turn(20, 30, 1)]) == 0
    assert overlap_share([Turn(0, 10, 0), Turn(5, 10, 1), Turn(7, 10, 2)]) == pytest.approx(0.5)


def test_files_are_read_by_corpus(tmp_path: Path) -> None:
    for corpus, number in (("a", 0), ("a", 1), ("b", 2)):
        (tmp_path / corpus).mkdir(exist_ok=True)
        text = rttm.render(talk(number, 2, 0.0, 4), f"r{number}")
        (tmp_path / corpus / f"{number}.rttm").write_text(text)
    (tmp_path / "b" / "alone.rttm").write_text("SPEAKER x 1 0 1 <NA> <NA> s <NA> <NA>\n")
    found = read_structures([tmp_path])
    assert {corpus: len(all_) for corpus, all_ in found.items()} == {"a": 2, "b": 1}


def test_folder_without_conversations_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no \.rttm file"):
        read_structures([tmp_path])
    (tmp_path / "one.rttm").write_text("SPEAKER x 1 0 1 <NA> <NA> s <NA> <NA>\n")
    with pytest.raises(InputError, match="no conversation"):
        read_structures([tmp_path])
