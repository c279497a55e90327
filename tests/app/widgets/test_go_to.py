"""Times as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.widgets.go_to import ROUNDING
from core.units import SAMPLE_RATE as S
from core.units import parse_time, short_time


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        ("83.5", 83.5),
        ("83,5", 83.5),
        (".25", 0.25),
        ("1:23.5", 83.5),
        (" 1:02:03 ", 3723),
        ("90:00", 5400),
        ("0:07.", 7),
    ],
)
def test_times(text: str, seconds: float) -> None:
    assert parse_time(text) == round(seconds * S)


@pytest.mark.parametrize(
    "text", ["", ":", "1:", "1:60", "1:75:00", "1:2:3:4", "-1", "1e3", "nan", "inf", "1.2.3"]
)
def test_no_times(text: str) -> None:
    assert parse_time(text) is None


@given(st.integers(0, 100 * 3600 * S))
def test_what_the_status_bar_shows_can_be_typed(samples: int) -> None:
    typed = parse_time(short_time(samples))
    assert typed is not None
    assert abs(samples - typed) <= ROUNDING
