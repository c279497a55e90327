"""What the sound card gets: speeds, muted and skipped stretches, and where it is in all of that."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.playback.feed import Feed
from app.playback.pcm_cache import PcmCache
from core.units import SAMPLE_RATE as S

BLOCK = 480


@pytest.fixture(scope="module")
def sound() -> NDArray[np.int16]:
    """Four seconds of noise, in which every place can be known again; never zero."""
    noise = np.random.default_rng(1).integers(1, 9000, 4 * S)
    return noise.astype(np.int16)


@pytest.fixture(scope="module")
def cache(sound: NDArray[np.int16], tmp_path_factory: Any) -> Iterator[PcmCache]:
    cache = PcmCache(Path(tmp_path_factory.mktemp("cache")))
    cache.append(sound.astype(np.float32) / 32768)
    cache.finish()
    yield cache
    cache.close()


def play(feed: Feed, seconds: float) -> NDArray[np.int16]:
    return np.concatenate([feed.pull(BLOCK) for _ in range(round(seconds * S / BLOCK))])


def test_what_is_skipped_is_never_heard(cache: PcmCache, sound: NDArray[np.int16]) -> None:
    feed = Feed(cache)
    feed.leave_out((), [(0, 1000), (2000, 3000), (2 * S, 9 * S)])
    feed.go(0, (0, None, False))
    out = play(feed, 3)
    expected = np.concatenate([sound[1000:2000], sound[3000 : 2 * S]])
    assert np.array_equal(out[: len(expected)], expected)
    assert not out[len(expected) :].any()
    assert feed.position(500) == 1500
    assert feed.position(1500) == 3500
    assert feed.ended(len(expected))


def test_a_loop_jumps_too_and_one_of_nothing_ends(
    cache: PcmCache, sound: NDArray[np.int16]
) -> None:
    feed = Feed(cache)
    feed.leave_out((), [(300, 600)])
    feed.go(0, (0, 900, True))
    expected = np.resize(np.concatenate([sound[:300], sound[600:900]]), 4 * BLOCK)
    assert np.array_equal(play(feed, 4 * BLOCK / S), expected)
    feed.go(300, (300, 600, True))
    assert not feed.pull(BLOCK).any()
    assert feed.ended(4 * BLOCK)


def test_muted_stretches_take_their_time_in_silence(
    cache: PcmCache, sound: NDArray[np.int16]
) -> None:
    feed = Feed(cache)
    feed.leave_out([(100, 700), (1000, 1001)], ())
    feed.go(0, (0, None, False))
    out = play(feed, 3 * BLOCK / S)
    expected = sound[: 3 * BLOCK].copy()
    expected[100:700] = expected[1000] = 0
    assert np.array_equal(out, expected)
    assert feed.position(900) == 900


@pytest.mark.parametrize("speed", [0.5, 0.75, 1.25, 2.0])
def test_speed_keeps_the_pitch_and_the_clock(tmp_path: Path, speed: float) -> None:
    cache = PcmCache(tmp_path)
    at = np.arange(6 * S)
    # a voice of 110 Hz with harmonics
    voice = sum(np.sin(2 * np.pi * 110 * k * at / S) / k for k in (1, 2, 3))
    cache.append((0.2 * voice).astype(np.float32))
    cache.finish()
    feed = Feed(cache)
    feed.set_speed(speed)
    feed.go(0, (0, None, False))
    out = play(feed, 2).astype(float)
    assert feed.position(2 * S) == pytest.approx(2 * S * speed, abs=2)
    middle = out[S // 2 : 3 * S // 2]
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle))))
    assert np.argmax(spectrum) * S / len(middle) == pytest.approx(110, abs=1.5)
    loudness = np.sqrt((middle**2).mean()) / np.sqrt(((0.2 * voice * 32768) ** 2).mean())
    assert loudness == pytest.approx(1, abs=0.05)
    # as smooth as the original: no clicks where pieces meet
    assert np.abs(np.diff(middle)).max() < 1.3 * np.abs(np.diff(0.2 * voice * 32768)).max()
    cache.close()


def test_volume_is_of_what_goes_out(cache: PcmCache, sound: NDArray[np.int16]) -> None:
    feed = Feed(cache)
    feed.go(0, (0, None, False))
    assert np.array_equal(feed.pull(BLOCK), sound[:BLOCK])
    feed.set_gain(0.25)
    assert np.abs(feed.pull(BLOCK) - sound[BLOCK : 2 * BLOCK] / 4).max() <= 1
    feed.set_gain(0.0)
    assert not feed.pull(BLOCK).any()


def test_it_ends_at_the_same_sample_at_any_speed(cache: PcmCache) -> None:
    feed = Feed(cache)
    for speed in (0.5, 1.75, 1.0):
        feed.set_speed(speed)
        feed.go(1000, (1000, 1000 + S, False))
        pulled = feed._pulled
        out = play(feed, 2.5)
        length = int(np.flatnonzero(out)[-1]) + 1
        assert length == pytest.approx(S / speed, abs=2)
        assert feed.ended(pulled + length + 1)
        assert feed.position(pulled + 2.5 * S) == pytest.approx(1000 + S, abs=2)


def test_a_change_of_speed_goes_on_where_it_was(cache: PcmCache) -> None:
    feed = Feed(cache)
    feed.go(0, (0, None, False))
    play(feed, 0.3)
    feed.set_speed(2.0)
    play(feed, 0.6)
    assert feed.position(0.9 * S) == pytest.approx(1.5 * S, abs=2)
    feed.set_speed(1.0)
    play(feed, 0.3)
    assert feed.position(1.2 * S) == pytest.approx(1.8 * S, abs=2)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from([0.5, 1.0, 1.5, 2.0]),
    st.lists(st.tuples(st.integers(0, 4000), st.integers(1, 4000)), max_size=4),
    st.integers(0, 9000),
    st.integers(1, 9000),
    st.booleans(),
)
def test_it_never_hangs_and_only_goes_on(
    cache: PcmCache, speed: float, gaps: Any, start: int, length: int, loop: bool
) -> None:
    skipped, at = [], 0
    for gap, long in gaps:
        skipped.append((at + gap, at + gap + long))
        at += gap + long + 1
    feed = Feed(cache)
    feed.set_speed(speed)
    feed.leave_out((), skipped)
    feed.go(start, (start, start + length, loop))
    play(feed, 0.5)
    inside = [n for n in range(start, start + length) if not any(s <= n < e for s, e in skipped)]
    for heard in range(0, S // 2, 997):
        position = feed.position(heard)
        assert start <= position <= max(start + length, *(e for _, e in skipped), 0) + 2
    assert feed.ended(S // 2) == (not (loop and inside) and len(inside) <= speed * S // 2)
