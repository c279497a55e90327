"""Two clocks in step: how wrong each is, and a follower that lies where its moment is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import fftconvolve

from core.live.step import Clock, FileTime, Follower, Leader

LOOK_S = 0.05


def late(rng: np.random.Generator) -> float:
    """A block comes a while after it was heard, sometimes a long one."""
    return 0.003 + float(rng.exponential(0.004)) + (0.05 if rng.random() < 0.02 else 0.0)


@settings(max_examples=15, deadline=None)
@given(
    wrong=st.floats(-2e-4, 2e-4),
    rate=st.sampled_from([8_000, 16_000, 44_100, 48_000]),
    seed=st.integers(0, 1000),
)
def test_a_clock_is_known_after_some_minutes(wrong: float, rate: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    clock = Clock(rate, 50.0)
    for n in range(1, 6000):
        heard = n * LOOK_S
        assert clock.hear(round(heard * rate * (1 + wrong)), 50.0 + heard + late(rng)) == 0.0
    assert clock.drift == pytest.approx(-wrong, abs=3e-6)
    frame = 295.0 * rate * (1 + wrong)
    assert clock.time(frame) == pytest.approx(345.0, abs=0.006)
    assert clock.frame(clock.time(frame)) == pytest.approx(frame, abs=1)


def test_frames_that_are_missing_without_a_word_are_noticed() -> None:
    rng = np.random.default_rng(3)
    clock = Clock(16_000, 0.0)
    slipped = 0.0
    for n in range(1, 4000):
        heard = n * LOOK_S
        frames = round(heard * 16_000) - (3200 if heard > 100 else 0)
        slipped = slipped or clock.hear(frames, heard + late(rng))
        assert not slipped or heard > 100
    assert slipped == pytest.approx(0.2, abs=0.03)


@settings(max_examples=10, deadline=None)
@given(
    rates=st.sampled_from([(16_000, 16_000), (48_000, 16_000), (16_000, 48_000), (44_100, 48_000)]),
    wrong=st.tuples(st.floats(-1e-4, 1e-4), st.floats(-1e-4, 1e-4)),
    seed=st.integers(0, 1000),
)
def test_a_follower_is_in_step_and_has_no_clicks(
    rates: tuple[int, int], wrong: tuple[float, float], seed: int
) -> None:
    """A tone stays a tone, and a pulse of both lies at one frame."""
    rng = np.random.default_rng(seed)
    speeds = [rate * (1 + off) for rate, off in zip(rates, wrong, strict=True)]
    timeline = FileTime(rates[0], 0, 9.0)
    leader = Leader(rates[0], timeline, 0, 9.0, 0.0)
    follower = Follower(rates[1], timeline, 0, 9.0, 0.0)
    taken, parts = [0, 0], []
    for n in range(1, 2401):
        ends = [round(n * LOOK_S * speed) for speed in speeds]
        counts = [end - start for start, end in zip(taken, ends, strict=True)]
        leader.hear(counts[0], 9.0 + n * LOOK_S + late(rng))
        follower.hear(counts[1], 9.0 + n * LOOK_S + late(rng))
        seconds = np.arange(taken[1], ends[1]) / speeds[1]
        tone = 8000 * np.sin(2 * np.pi * 500 * seconds)
        parts.append(follower.push(np.rint(tone).astype(np.int16)))
        taken = ends
    sound = np.concatenate([*parts, follower.flush()]).astype(float)
    # By the leader's clock: frame n of the file is n / its true speed. Of the last 20 s the phase.
    last = sound[-20 * rates[0] : -rates[0]]
    at = (np.arange(len(last)) + len(sound) - 20 * rates[0]) / speeds[0]
    turned = last * np.exp(-2j * np.pi * 500 * at) * 2
    window = np.hanning(rates[0] // 5)
    around = fftconvolve(turned, window, "valid") / window.sum()
    assert np.abs(np.abs(around) - 8000).max() < 40
    off = np.angle(around * 1j) / (2 * np.pi * 500)
    assert np.abs(off).max() < 1e-3  # the period is 2 ms: its half would show
    steps = np.abs(np.diff(last, 2))
    assert steps.max() < 1.2 * 8000 * (2 * np.pi * 500 / rates[0]) ** 2 + 3
