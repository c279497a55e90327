"""Turns laid over windows: who is where, how far apart voices are, what a window stands for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.annotation import edits
from core.annotation.values import Annotation, Turn
from core.errors import Cancelled
from core.similarity.meeting import NOBODY, Similarity, thinned
from core.similarity.utterances import distances
from core.stream.changes import Window
from tests.core.annotation.test_edits import annotations, valid, who
from tests.core.refine.test_refine import HOP, LENGTH, windows_of

Parts = list[tuple[Turn, int, int]]
LABELS = [0] * 12 + [1] * 12 + [0] * 6
DURATION = 30 * HOP + LENGTH


def annotation() -> Annotation:
    """As the labels say, edges half-way between the centres."""
    edges = [n * HOP + LENGTH // 2 - HOP // 2 for n in (0, 12, 24, 30)]
    turns = [Turn(a, b, n % 2) for n, (a, b) in enumerate(pairwise(edges))]
    return Annotation.build(turns, DURATION)


def parts_of(a: Annotation, windows: Sequence[Window], chosen: Iterable[int]) -> Parts:
    similarity = Similarity(windows)
    return similarity.parts(similarity.picture(a), chosen)


def test_labels_follow_every_edit_and_places_stay() -> None:
    windows = windows_of(LABELS)
    similarity = Similarity(windows)
    places = similarity.places.copy()
    picture = similarity.picture(annotation())
    assert picture.labels.tolist() == LABELS
    after = edits.reassign(annotation(), annotation().turns[2:], 1)
    assert similarity.picture(after).labels.tolist() == [0] * 12 + [1] * 18
    gone = edits.delete(annotation(), annotation().turns[2:])
    assert similarity.picture(gone).labels.tolist() == [0] * 12 + [1] * 12 + [NOBODY] * 6
    assert np.array_equal(similarity.places, places)


def test_distances_are_those_of_the_windows_on_average() -> None:
    windows = windows_of(LABELS)
    found = Similarity(windows).picture(annotation()).distances
    each = distances(np.array([w.embedding for w in windows])) ** 2
    first, second = (np.flatnonzero(np.array(LABELS) == n) for n in (0, 1))
    pairs = len(first) * (len(first) - 1)
    assert found[0, 0] == pytest.approx(np.sqrt(each[np.ix_(first, first)].sum() / pairs))
    assert found[0, 1] == found[1, 0] == pytest.approx(np.sqrt(each[np.ix_(first, second)].mean()))
    assert found[0, 1] > 1.5 * found[1, 1]


def test_a_speaker_without_windows_has_no_distance() -> None:
    a, _ = edits.new_speaker(annotation(), "Carl")
    a, only = edits.new_speaker(a, "Dora")
    a = edits.reassign_parts(a, parts_of(a, windows_of(LABELS), [3]), only)
    found = Similarity(windows_of(LABELS)).picture(a).distances
    assert np.isnan(found[2]).all()
    assert np.isnan(found[:, 2]).all()
    assert np.isnan(found[3, 3])
    assert found[3, 0] > 0
    assert Similarity(windows_of(LABELS)).picture(Annotation()).distances.shape == (0, 0)


@pytest.mark.parametrize("count", [1, 2, 3, 9])
@pytest.mark.parametrize("value", [0.0, 0.25])
def test_few_windows_that_say_nothing(count: int, value: float) -> None:
    windows = [Window(n, n + 10, np.full(8, value, np.float32), 1.0) for n in range(count)]
    picture = Similarity(windows).picture(Annotation.build([Turn(0, 100, 0)]))
    assert picture.labels.tolist() == [0] * count
    assert np.isfinite(Similarity(windows).places).all()
    assert np.isnan(picture.distances[0, 0]) == (count == 1)


def test_it_can_be_stopped() -> None:
    with pytest.raises(Cancelled):
        Similarity(windows_of(LABELS), lambda: True)


@given(
    st.lists(st.sampled_from([NOBODY, 0, 1, 2, 5]), max_size=300),
    st.integers(5, 60),
)
def test_of_many_windows_a_fair_share_is_drawn(labels: list[int], most: int) -> None:
    shown = thinned(np.array(labels, np.int64), most)
    assert len(shown) <= max(most, 0)
    assert sorted(set(shown.tolist())) == shown.tolist()
    drawn = [labels[n] for n in shown]
    for label in set(labels):
        fair = most // len(set(labels))
        assert drawn.count(label) >= min(labels.count(label), max(1, fair))
    if len(labels) <= most:
        assert len(shown) == len(labels)


def test_windows_stand_for_the_time_half_way_to_their_neighbours() -> None:
    a, windows = annotation(), windows_of(LABELS)
    first, then, last = a.turns
    middle = first.start + 3 * HOP
    assert parts_of(a, windows, [3]) == [(first, middle, middle + HOP)]
    assert parts_of(a, windows, [4, 3]) == [(first, middle, middle + 2 * HOP)]
    assert parts_of(a, windows, range(12)) == [(first, first.start, first.end)]
    assert parts_of(a, windows, [11, 12]) == [
        (first, first.end - HOP, first.end),
        (then, then.start, then.start + HOP),
    ]
    assert parts_of(a, windows, []) == []
    silent = edits.delete(a, [last])
    assert parts_of(silent, windows, [28]) == []


@given(annotations(), st.lists(st.integers(0, 99), min_size=1, max_size=30), st.data())
def test_whoever_gets_windows_gets_their_time_and_nothing_else(
    a: Annotation, centres: list[int], data: st.DataObject
) -> None:
    windows = [Window(c, c + 1, np.ones(2, np.float32), 1.0) for c in sorted(set(centres))]
    chosen = data.draw(st.sets(st.integers(0, len(windows) - 1)))
    parts = parts_of(a, windows, chosen)
    a, new = edits.new_speaker(a)
    after = edits.reassign_parts(a, parts, new)
    valid(after)
    for at in range(100):
        givers = [t.speaker for t, start, end in parts if start <= at < end]
        expected = [s for s in who(a, at) if s not in givers] + ([new] if givers else [])
        assert who(after, at) == sorted(expected)
        assert any(s <= at < e for s, e in after.edited) == bool(givers)
    for n in chosen:
        alone = len(who(a, windows[n].centre)) == 1
        assert who(after, windows[n].centre) == ([new] if alone else who(a, windows[n].centre))
