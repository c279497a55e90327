import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.units import SAMPLE_RATE, clock, to_milliseconds, to_samples, to_seconds

samples = st.integers(0, 24 * 3600 * SAMPLE_RATE)


@given(samples)
def test_seconds_give_every_sample_back(n):
    assert to_samples(to_seconds(n)) == n


@given(samples)
def test_milliseconds_are_the_nearest_half_goes_up(n):
    ms = to_milliseconds(n)
    assert ms * 16 - 8 <= n < ms * 16 + 8


@pytest.mark.parametrize(
    ("n", "shown"),
    [
        (0, "0:00.000"),
        (4608, "0:00.288"),
        (80, "0:00.005"),
        (7, "0:00.000"),
        (8, "0:00.001"),
        (15_994, "0:01.000"),  # 999.625 ms
        (60 * SAMPLE_RATE - 8, "1:00.000"),
        (75 * 60 * SAMPLE_RATE, "1:15:00.000"),
    ],
)
def test_clock_pads_and_carries(n, shown):
    assert clock(n) == shown


def test_clock_with_hours():
    assert clock((3600 * 2 + 61) * SAMPLE_RATE + 16, hours=True) == "2:01:01.001"


def test_clock_has_hours_from_the_first_on():
    assert clock(3600 * SAMPLE_RATE - SAMPLE_RATE) == "59:59.000"
    assert clock(3600 * SAMPLE_RATE) == "1:00:00.000"
    assert clock((25 * 3600 + 5) * SAMPLE_RATE) == "25:00:05.000"
