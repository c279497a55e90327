"""The map of voices: like lies with like, the same every time, and nothing breaks it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.arrays import Array
from core.errors import Cancelled
from core.similarity.layout import LANDMARKS, inside, laid_out


def groups(voices: int, each: int, *, apart: float = 1.0, seed: int = 0) -> Array:
    """Points around the axes of a space with a dimension per voice."""
    rng = np.random.default_rng(seed)
    middles = np.repeat(np.eye(voices) * apart, each, axis=0)
    return (middles + rng.normal(0, 0.1, middles.shape)).astype(np.float32)


def with_their_own(places: Array, each: int) -> float:
    """Part of the points whose nearest neighbour on the map is of their group."""
    squares = ((places[:, np.newaxis] - places) ** 2).sum(axis=2)
    np.fill_diagonal(squares, np.inf)
    own = np.arange(len(places)) // each
    return float((own[squares.argmin(axis=1)] == own).mean())


@pytest.mark.parametrize("voices", [2, 6])
def test_voices_lie_apart(voices: int) -> None:
    places = laid_out(groups(voices, 40))
    assert with_their_own(places, 40) > 0.99
    means = places.reshape(voices, 40, 2).mean(axis=1)
    spread = np.linalg.norm(places.reshape(voices, 40, 2) - means[:, np.newaxis], axis=2)
    between = np.linalg.norm(means[:, np.newaxis] - means, axis=2)[~np.eye(voices, dtype=bool)]
    assert between.min() > 2 * spread.mean()


def test_what_is_not_a_landmark_lies_with_its_voice_too() -> None:
    places = laid_out(groups(4, LANDMARKS))
    assert with_their_own(places[::7], -(-LANDMARKS // 7)) > 0.97


@settings(max_examples=15, deadline=None)
@given(
    arrays(
        np.float32,
        st.tuples(st.integers(0, 40), st.integers(1, 5)),
        elements=st.floats(-1, 1, width=32) | st.just(0.5),
    )
)
def test_any_points_have_places_inside_the_box_and_always_the_same(points: Array) -> None:
    places = laid_out(points)
    assert places.shape == (len(points), 2)
    assert np.isfinite(places).all()
    assert np.abs(places).max(initial=0) <= 1 + 1e-6
    assert np.array_equal(laid_out(points.copy()), places)


@pytest.mark.parametrize("count", [0, 1, 2, 7, 30, LANDMARKS + 50])
def test_equal_points_are_one(count: int) -> None:
    places = laid_out(np.full((count, 12), 0.3, np.float32))
    assert places.tolist() == [[0, 0]] * count


def test_two_points_are_apart() -> None:
    assert laid_out(np.eye(2, dtype=np.float32)).round(5).tolist() in (
        [[1, 0], [-1, 0]],
        [[-1, 0], [1, 0]],
    )


def test_a_point_that_occurs_twice_lies_where_it_lies() -> None:
    points = groups(3, 30)
    points[40] = points[50]
    places = laid_out(points)
    assert np.abs(places[40] - places[50]).max() < 0.05


def test_it_can_be_stopped() -> None:
    steps = []

    def go_on() -> None:
        steps.append(1)
        if len(steps) == 3:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        laid_out(groups(2, 20), go_on)
    assert len(steps) == 3


def test_an_outline_holds_what_it_goes_around() -> None:
    places = np.array([[0, 0], [0.9, 0.9], [1.1, 0], [0, -1.1], [0.5, 0.2]], np.float32)
    square = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], np.float32)
    assert inside(places, square).tolist() == [True, True, False, False, True]
    triangle = np.array([[0.1, 0], [1, 0], [1, 1]], np.float32)
    assert inside(places, triangle).tolist() == [False, False, False, False, True]
    assert not inside(places, square[:2]).any()
    assert inside(places[:0], square).tolist() == []


@given(
    st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=3, max_size=8),
    st.tuples(st.integers(-20, 20), st.integers(-20, 20)),
)
def test_moved_together_an_outline_holds_the_same(
    corners: list[tuple[int, int]], by: tuple[int, int]
) -> None:
    # never on an edge: no corner is a 97th
    places = np.array([[x + 1 / 97, y + 0.25] for x in range(-9, 9) for y in range(-9, 9)], "f4")
    outline = np.array(corners, np.float32)
    held = inside(places, outline)
    assert np.array_equal(inside(places + np.float32(by), outline + np.float32(by)), held)
    assert not inside(places + np.float32(40), outline).any()
    assert np.array_equal(inside(places, np.roll(outline, 1, axis=0)), held)
