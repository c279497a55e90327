"""Both sides of a call in one file: in step, each with its own fate."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from core.audio.recorder import find_unfinished
from core.audio.wav import look_at
from core.live.recording import Gap, Pause, Trouble, TroubleOver
from core.units import SAMPLE_RATE
from tests.core.live.calls import Call, Side

EVERY_S = 10.0
"""So often a word is said, at the same moment on both sides."""
WORD_S = 0.3


def words(seconds: np.ndarray) -> np.ndarray:
    """A word every ten seconds, and a little noise."""
    into = seconds % EVERY_S
    said = (into < WORD_S) * np.hanning(1001)[np.minimum(into / WORD_S * 1000, 1000).astype(int)]
    return 0.5 * said * np.sin(2 * np.pi * 400 * seconds) + 1e-3


def tone(pitch: float) -> Callable[[np.ndarray], np.ndarray]:
    return lambda seconds: 0.3 * np.sin(2 * np.pi * pitch * seconds) + 0.01


def places(channel: np.ndarray, rate: int) -> np.ndarray:
    """The middle of each word, in seconds."""
    power = channel.astype(float) ** 2 * (np.abs(channel) > 1000)
    at = np.arange(len(channel)) / rate
    which = np.rint((at - WORD_S / 2) / EVERY_S).astype(int)
    weight = np.bincount(which, power)
    heard = np.flatnonzero(weight > weight.max() / 2)
    return np.asarray(np.bincount(which, power * at)[heard] / weight[heard])


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Call]]:
    calls: list[Call] = []

    def start(*arguments: Any, **options: Any) -> Call:
        options.setdefault("diarizer", None)
        calls.append(Call(tmp_path / "call.wav", monkeypatch, *arguments, **options))
        return calls[-1]

    yield start
    for call in calls:
        call.stop()
        assert call.live.join(10)


@pytest.fixture
def file(tmp_path: Path) -> Callable[[], tuple[np.ndarray, int]]:
    return lambda: soundfile.read(tmp_path / "call.wav", dtype="int16", always_2d=True)


def test_each_side_has_its_channel_and_its_meter(
    start: Callable[..., Call], file: Callable[[], tuple[np.ndarray, int]], tmp_path: Path
) -> None:
    call = start()
    here, there = Side(call, 0, tone(300), 0.0), Side(call, 1, lambda s: tone(700)(s) / 8, 0.0)
    call.go_on(5, here, there)
    call.until(lambda: call.live.status.sides and all(s.there for s in call.live.status.sides))
    status = call.live.status
    assert [side.name for side in status.sides] == ["microphone", "computer"]
    assert [side.device for side in status.sides] == list(call.devices)
    assert status.sides[0].level.rms == pytest.approx(status.sides[1].level.rms + 18, abs=0.5)
    assert (status.channels, status.rate, status.state) == (2, 16_000, "recording")
    recorded = look_at(tmp_path / "call.wav")
    assert recorded is not None
    assert recorded.healthy  # at every moment
    assert recorded.frames >= 4.5 * 16_000
    assert find_unfinished(tmp_path) == []  # it is still being written
    result = call.finish()
    stored, _ = file()
    given = np.concatenate(here.given)[:, 0]
    assert len(stored) == len(given)
    np.testing.assert_array_equal(stored[:, 0], given)
    power = np.abs(np.fft.rfft(stored[16_000:48_000, 1] * np.hanning(32_000)))
    assert power.argmax() == 1400  # 700 Hz, and nothing of the other side
    assert power[600] < power[1400] / 1000
    assert result.gaps == ()
    assert result.annotation.duration == len(stored)


@pytest.mark.slow
def test_after_an_hour_of_drift_words_lie_where_they_were_said(
    start: Callable[..., Call], file: Callable[[], tuple[np.ndarray, int]]
) -> None:
    call = start((8000, 8000))
    sides = Side(call, 0, words, 25e-6), Side(call, 1, words, -25e-6)
    for _ in range(60):
        call.go_on(60, *sides, each=2.0)
    result = call.finish()
    stored, rate = file()
    assert len(stored) == pytest.approx(3600 * rate * (1 + 25e-6), abs=rate / 4)
    here, there = places(stored[:, 0], rate), places(stored[:, 1], rate)
    count = min(len(here), len(there))
    assert count >= 359
    apart = np.abs(here[:count] - there[:count])
    assert apart.max() < 0.02
    assert apart[-30:].max() < 0.005
    # Without it they would be 180 ms apart.
    assert sum(len(given) for given in sides[0].given) - sum(
        len(given) for given in sides[1].given
    ) == pytest.approx(0.18 * rate, abs=2)
    assert result.gaps == ()


@pytest.mark.parametrize("rates", [(16_000, 48_000), (48_000, 44_100), (44_100, 8_000)])
def test_the_better_rate_of_both_is_that_of_the_file(
    rates: tuple[int, int],
    start: Callable[..., Call],
    file: Callable[[], tuple[np.ndarray, int]],
) -> None:
    call = start(rates)
    sides = Side(call, 0, words, 1e-4), Side(call, 1, words, -1e-4)
    call.go_on(25, *sides)
    call.finish()
    stored, rate = file()
    assert rate == max(rates)
    here, there = places(stored[:, 0], rate), places(stored[:, 1], rate)
    assert len(here) == len(there) == 3
    np.testing.assert_allclose(here, there, atol=0.01)
    np.testing.assert_allclose(here, [0.15, 10.15, 20.15], atol=0.01)


@pytest.mark.parametrize("missing", [0, 1])
def test_a_side_that_is_missing_at_the_start_may_come(
    missing: int, start: Callable[..., Call], file: Callable[[], tuple[np.ndarray, int]]
) -> None:
    call = start(broken={missing})
    other = Side(call, 1 - missing, words, 0.0)
    call.go_on(15, other)
    trouble = call.wait(Trouble)
    assert trouble.kind == ("device", "computer")[missing]
    assert "Device unavailable" in trouble.text
    assert call.live.status.state == "recording"
    assert [side.there for side in call.live.status.sides] == [missing == 1, missing == 0]
    call.audio.broken.clear()
    call.now += 61.0  # it is tried again
    late = Side(call, missing, words, 0.0)
    other._heard = round(call.now * other.speed)
    call.go_on(20, other, late)
    call.wait(TroubleOver, lambda over: over.kind == trouble.kind)
    result = call.finish()
    name = ("microphone", "computer")[missing]
    own = [gap for gap in result.gaps if gap.side == name]
    assert own[0].start == 0
    assert own[-1].end == pytest.approx(76 * SAMPLE_RATE, abs=8000)
    stored, rate = file()
    assert not stored[: 75 * rate, missing].any()
    here, there = places(stored[:, missing], rate), places(stored[:, 1 - missing], rate)
    np.testing.assert_allclose(here, [80.15, 90.15], atol=0.02)
    np.testing.assert_allclose(there[:2], [0.15, 10.15], atol=0.02)
    np.testing.assert_allclose(there[-2:], here, atol=0.02)


@pytest.mark.parametrize("failing", [0, 1])
def test_a_headset_that_comes_back_at_another_rate(
    failing: int, start: Callable[..., Call], file: Callable[[], tuple[np.ndarray, int]]
) -> None:
    call = start((48_000, 48_000))
    sides = [Side(call, 0, words, 2e-5), Side(call, 1, words, -2e-5)]
    call.go_on(12, *sides)
    failed = sides[failing]
    failed.stream.running = False  # the driver has ended the stream
    other = sides[1 - failing]
    call.audio.accepts = lambda rate, channels: rate == 16_000
    call.live.switch_device(call.devices[failing])
    failed.come_back()
    assert failed.stream.rate == 16_000
    call.go_on(6, other)
    call.go_on(20, other, failed)
    result = call.finish()
    (gap,) = result.gaps
    assert gap.side == ("microphone", "computer")[failing]
    assert gap.start == pytest.approx(12 * SAMPLE_RATE, abs=3000)
    assert gap.end == pytest.approx(18 * SAMPLE_RATE, abs=3000)
    stored, rate = file()
    assert rate == 48_000
    np.testing.assert_allclose(
        places(stored[:, failing], rate), places(stored[:, 1 - failing], rate), atol=0.02
    )
    if failing == 1:
        given = np.concatenate(other.given)[:, 0]
        np.testing.assert_array_equal(stored[:, 0], given[: len(stored)])


def test_the_time_of_a_pause_is_in_neither_channel(
    start: Callable[..., Call], file: Callable[[], tuple[np.ndarray, int]]
) -> None:
    call = start()
    sides = Side(call, 0, words, 0.0), Side(call, 1, words, 0.0)
    call.go_on(12, *sides)
    call.live.pause()
    call.until(lambda: call.live.status.state == "paused")
    call.go_on(10, *sides)
    call.live.resume()
    pause = call.wait(Pause)
    assert pause.seconds == pytest.approx(10, abs=0.3)
    call.go_on(10, *sides)
    result = call.finish()
    stored, rate = file()
    assert len(stored) == pytest.approx(22 * rate, abs=rate / 4)
    assert result.gaps == ()
    for channel in stored.T:
        np.testing.assert_allclose(places(channel, rate), [0.15, 10.15, 20.15], atol=0.03)


def test_a_side_that_falls_silent_does_not_hold_up_the_other(
    start: Callable[..., Call], file: Callable[[], tuple[np.ndarray, int]]
) -> None:
    call = start()
    here, there = Side(call, 0, words, 0.0), Side(call, 1, words, 0.0)
    call.go_on(2, here, there)
    call.go_on(1.2, here)  # no sound card that is gone yet
    assert call.live.status.position > 3 * SAMPLE_RATE
    there._heard = round(call.now * there.speed)
    call.go_on(10, here, there)
    gap = call.wait(Gap)
    assert gap.side == "computer"
    assert gap.end - gap.start == pytest.approx(1.2 * SAMPLE_RATE, abs=3200)
    call.finish()
    stored, rate = file()
    np.testing.assert_allclose(places(stored[:, 1], rate)[-1], 10.15, atol=0.02)
    np.testing.assert_array_equal(stored[:, 0], np.concatenate(here.given)[: len(stored), 0])
