"""Voice activity and segmentation, one opinion of both."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.stream.fusion import speech_in
from core.stream.segmentation import LOCAL, OFFSET, STEP, Tile, sample_at
from core.stream.speech import FRAME


def tile(speech: list[float], origin: int = 0) -> Tile:
    """One that decides all of its rows."""
    rows = len(speech)
    said = np.array(speech, np.float32)
    voices = np.zeros((rows, LOCAL), np.float32)
    tracks = np.arange(LOCAL)
    return Tile(origin, origin + rows, origin, voices, said, np.zeros(rows, np.float32), tracks)


def fused(segmented: float, heard: float) -> float:
    (found,) = speech_in(tile([segmented]), np.array([heard], np.float32), 0)
    return float(found)


chances = st.floats(0, 1, width=32)


@given(chances, chances)
def test_it_lies_between_both(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert low - 2e-4 <= fused(one, other) <= high + 2e-4
    assert fused(one, other) == pytest.approx(fused(other, one), abs=1e-6)
    assert fused(1 - one, 1 - other) == pytest.approx(1 - fused(one, other), abs=1e-4)


def test_the_surer_one_counts_more_and_neither_is_certain() -> None:
    assert fused(0.5, 0.5) == pytest.approx(0.5)
    assert fused(0.01, 0.6) < 0.15
    assert fused(0.99, 0.4) > 0.85
    assert fused(1.0, 0.0) == pytest.approx(0.5)


@given(origin=st.integers(0, 2000), rows=st.integers(1, 80))
def test_each_frame_takes_what_is_heard_at_its_middle(origin: int, rows: int) -> None:
    last = (sample_at(origin + rows) // FRAME) + 2
    heard = np.linspace(0.1, 0.9, last).astype(np.float32)
    first = max(0, sample_at(origin) // FRAME - 1)
    found = speech_in(tile([0.5] * rows, origin), heard[first:], first)
    assert found.shape == (rows,)
    assert found.dtype == np.float32
    for row, value in enumerate(found):
        at = ((origin + row) * STEP + OFFSET + STEP // 2) // FRAME
        assert value == pytest.approx(fused(0.5, float(heard[at])), abs=1e-6)


def test_where_nothing_is_heard_yet_the_nearest_counts() -> None:
    found = speech_in(tile([0.5] * 20, 100), np.array([0.9], np.float32), 40)
    np.testing.assert_allclose(found, fused(0.5, 0.9))
