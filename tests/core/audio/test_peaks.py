"""The waveform pyramid encloses the samples, and doesn't care how they came in."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.audio.peaks import BIN, ENERGY_BIN, Peaks

STEP = 1 / 8192
SOUND = (np.random.default_rng(0).standard_normal(300_000) * 0.2).astype(np.float32)
SOUND[100_000:180_000] *= 0.01


def filled(samples: np.ndarray, cuts: list[int] | None = None) -> Peaks:
    peaks = Peaks()
    for part in np.split(samples, sorted(cuts or [])):
        peaks.push(part)
    return peaks


def brute(samples: np.ndarray, start: int, end: int) -> tuple[float, float]:
    part = samples[max(0, start) : max(0, end)]
    return (float(part.min()), float(part.max())) if len(part) else (0.0, 0.0)


WHOLE = filled(SOUND)


@example(count=0, cuts=[], start=-1, span=2, columns=1)
@given(
    count=st.integers(0, 60_000),
    cuts=st.lists(st.integers(0, 60_000), max_size=10),
    start=st.integers(-3000, 60_000),
    span=st.integers(1, 60_000),
    columns=st.integers(1, 300),
)
def test_any_chunks_give_the_same_picture(
    count: int, cuts: list[int], start: int, span: int, columns: int
) -> None:
    samples = SOUND[90_000 : 90_000 + count]
    whole, cut = filled(samples), filled(samples, [min(c, count) for c in cuts])
    assert whole.duration == cut.duration == count
    expected = whole.query(start, start + span, columns)
    np.testing.assert_array_equal(cut.query(start, start + span, columns), expected)


@given(
    start=st.integers(-50_000, 310_000), span=st.integers(1, 400_000), columns=st.integers(1, 50)
)
def test_every_column_encloses_its_samples_and_little_more(
    start: int, span: int, columns: int
) -> None:
    low, high = WHOLE.query(start, start + span, columns)
    assert low.dtype == high.dtype == np.float32
    margin = max(BIN, span // (4 * columns) + 1)
    for column in range(columns):
        left = start + span * column // columns
        right = max(left + 1, start + span * (column + 1) // columns)
        if right <= 0 or left >= len(SOUND):
            assert low[column] == high[column] == 0
            continue
        least, most = brute(SOUND, left, right)
        assert low[column] <= least
        assert high[column] >= most
        least, most = brute(SOUND, left - margin, right + margin)
        assert low[column] >= least - STEP
        assert high[column] <= most + STEP


@pytest.mark.parametrize("bins", [1, 4, 32, 256])
def test_columns_of_whole_bins_equal_brute_force(bins: int) -> None:
    """To the rounding, which goes outwards."""
    width = bins * BIN
    columns = len(SOUND) // width
    low, high = WHOLE.query(0, columns * width, columns)
    rows = SOUND[: columns * width].reshape(columns, width)
    np.testing.assert_array_equal(low, np.floor(rows.min(axis=1) / STEP) * STEP)
    np.testing.assert_array_equal(high, np.ceil(rows.max(axis=1) / STEP) * STEP)


def test_silence_and_nothing_are_flat() -> None:
    peaks = Peaks()
    np.testing.assert_array_equal(peaks.query(0, 1000, 7), np.zeros((2, 7)))
    peaks.push(np.zeros(5000, np.float32))
    peaks.push(np.zeros(0, np.float32))
    np.testing.assert_array_equal(peaks.query(0, 10_000, 7), np.zeros((2, 7)))
    assert peaks.duration == 5000


def test_before_and_beyond_the_recording_is_flat() -> None:
    peaks = filled(np.full(BIN + 10, 0.5, np.float32))
    low, high = peaks.query(-BIN, 4 * BIN, 5)
    assert high.tolist() == [0, 0.5, 0.5, 0, 0]
    assert low.tolist() == [0, 0.5, 0.5, 0, 0]


def test_the_last_samples_show_at_every_zoom() -> None:
    """Live, the newest sound isn't held back until some large bin is full."""
    samples = np.zeros(200_001, np.float32)
    samples[-1] = 1.0
    peaks = filled(samples)
    for columns in (1, 10, 1000):
        assert peaks.query(0, 200_001, columns)[1][-1] == 1.0


def test_values_beyond_the_range_are_limited() -> None:
    peaks = filled(np.array([9.0, -9.0], np.float32))
    low, high = peaks.query(0, 2, 1)
    assert low[0] == -4
    assert high[0] == pytest.approx(4, abs=STEP)


@pytest.mark.parametrize(("start", "end", "columns"), [(0, 0, 1), (5, 3, 1), (0, 10, 0)])
def test_impossible_queries_are_refused(start: int, end: int, columns: int) -> None:
    with pytest.raises(ValueError, match="query needs"):
        WHOLE.query(start, end, columns)


def test_eight_hours_take_less_than_30_mb_and_a_query_reads_little() -> None:
    peaks = Peaks()
    minute = np.tile(SOUND[:16_000], 60)
    for _ in range(480):
        peaks.push(minute)
    assert peaks.duration == 8 * 3600 * 16_000
    stored = sum(part.nbytes for level in peaks._levels for part in level._segments)
    assert stored < 30e6

    read: list[int] = []
    for level in peaks._levels:
        whole = level.read

        def counted(first: int, last: int, whole=whole) -> np.ndarray:
            read.append(last - first)
            return whole(first, last)

        level.read = counted  # type: ignore[method-assign]
    for seconds in (1, 60, 3600, 8 * 3600):
        read.clear()
        peaks.query(0, seconds * 16_000, 1000)
        assert sum(read) <= 40 * 1000


def test_one_thread_pushes_while_another_queries() -> None:
    """A query while recording never sees a column wider than what was pushed."""
    peaks = Peaks()
    problems: list[str] = []
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            duration = peaks.duration
            if not duration:
                continue
            low, high = peaks.query(0, duration, 100)
            if not ((low == -0.5) & (high == 0.5)).all():
                problems.append(f"{duration}: {low.min()} {low.max()} {high.min()} {high.max()}")

    reader = threading.Thread(target=look)
    reader.start()
    chunk = np.tile(np.array([0.5, -0.5], np.float32), 400)
    for _ in range(1000):
        peaks.push(chunk)
    done.set()
    reader.join()
    assert problems == []


@given(
    count=st.integers(0, 60_000),
    cuts=st.lists(st.integers(0, 60_000), max_size=10),
    start=st.integers(-3000, 60_000),
    span=st.integers(ENERGY_BIN, 60_000),
    columns=st.integers(1, 300),
)
def test_loudness_is_that_of_the_samples_in_any_chunks(
    count: int, cuts: list[int], start: int, span: int, columns: int
) -> None:
    samples = SOUND[90_000 : 90_000 + count]
    whole, cut = filled(samples), filled(samples, [min(c, count) for c in cuts])
    rms = whole.rms(start, start + span, columns)
    np.testing.assert_allclose(cut.rms(start, start + span, columns), rms, atol=1e-5)
    # aligned parts are exact
    bins = max(count // ENERGY_BIN, 1)
    padded = np.zeros(bins * ENERGY_BIN)
    padded[: min(count, len(padded))] = samples[: len(padded)]
    exact = np.sqrt(np.square(padded).reshape(bins, -1).mean(axis=1))
    np.testing.assert_allclose(whole.rms(0, bins * ENERGY_BIN, bins), exact, atol=1e-4)


def test_loudness_of_nothing_is_silence() -> None:
    assert not Peaks().rms(-10, 1000, 7).any()
    assert not WHOLE.rms(400_000, 500_000, 9).any()
