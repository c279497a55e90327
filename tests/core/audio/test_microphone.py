"""The microphone: what it accepts, what it counts, and how it is left alone when it is gone."""

from __future__ import annotations

import os
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.audio import microphone as module
from core.audio.devices import InputDevice
from core.audio.levels import FLOOR_DB, Meter
from core.audio.microphone import Microphone, Piece
from tests.core.audio.fake_sound import FakeAudio, microphone_named, noise, wait_for


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def audio() -> FakeAudio:
    return FakeAudio()


@pytest.fixture
def microphone(audio: FakeAudio, clock: Clock) -> Iterator[Microphone]:
    microphone = Microphone(microphone_named(), audio, clock)
    audio.stream()
    wait_for(microphone.opened.is_set)
    yield microphone
    if audio.streams[0].stalled:
        clock.now += 100
    microphone.close()


def joined(pieces: list[Piece]) -> np.ndarray:
    return np.concatenate([piece.frames for piece in pieces])


@given(
    rate=st.sampled_from([8_000, 11_025, 44_100, 192_000]),
    channels=st.integers(1, 12),
    cuts=st.lists(st.integers(1, 500), min_size=1, max_size=20),
)
def test_every_rate_and_number_of_channels_comes_through(
    rate: int, channels: int, cuts: list[int]
) -> None:
    audio = FakeAudio()
    microphone = Microphone(microphone_named(rate=rate, channels=channels), audio)
    sound = noise(sum(cuts), channels)
    start = 0
    for count in cuts:
        audio.stream().give(sound[start : start + count])
        start += count
    (piece,) = microphone.read()
    assert (microphone.rate, microphone.channels) == (rate, channels)
    assert (microphone.blocks, microphone.overflows, piece.lost) == (len(cuts), 0, 0)
    np.testing.assert_array_equal(piece.frames, sound)
    microphone.close()
    assert (audio.streams[0].closed, audio.terminated) == (True, 1)


def test_what_the_device_refuses_is_tried_otherwise() -> None:
    audio = FakeAudio(lambda rate, channels: (rate, channels) == (44_100, 2))
    microphone = Microphone(microphone_named(rate=96_000, channels=6), audio)
    audio.stream()
    assert (microphone.rate, microphone.channels) == (44_100, 2)
    microphone.close()


def test_a_device_that_refuses_everything_says_why() -> None:
    audio = FakeAudio(lambda rate, channels: False)
    microphone = Microphone(microphone_named("Desk"), audio)
    wait_for(microphone.opened.is_set)
    assert "Desk can't be opened (Invalid sample rate): choose another" in str(microphone.error)
    assert microphone.read() == []
    microphone.close()
    assert audio.terminated == 1


@pytest.mark.parametrize("clockless", [False, True])
def test_an_overflow_is_counted_and_measured(
    clockless: bool, audio: FakeAudio, microphone: Microphone, clock: Clock
) -> None:
    stream = audio.stream()
    if clockless:
        stream.adc = 0.0
    first, then = noise(320), noise(320, seed=1)
    stream.give(first)
    clock.now += (320 + 4000) / 16_000
    stream.give(then, lost=4000)
    pieces = microphone.read()
    assert [piece.lost for piece in pieces] == [0, 4000]
    np.testing.assert_array_equal(joined(pieces), np.concatenate([first, then]))
    assert microphone.overflows == 1


def test_a_driver_with_a_wild_clock_invents_no_hours(
    audio: FakeAudio, microphone: Microphone, clock: Clock
) -> None:
    stream = audio.stream()
    stream.give(noise(320))
    stream.adc += 10_000.0
    clock.now += 0.5
    stream.give(noise(320), lost=1)
    assert microphone.read()[-1].lost <= 16_000 * (0.5 + module.RING_S)


def test_what_the_ring_has_no_room_for_is_a_loss_of_known_length(
    audio: FakeAudio, microphone: Microphone, clock: Clock
) -> None:
    stream = audio.stream()
    second = noise(16_000)
    for _ in range(23):
        clock.now += 1
        stream.give(second)
    assert microphone.dropped == 3 * 16_000
    assert len(joined(microphone.read())) == 20 * 16_000
    stream.give(second)
    (piece,) = microphone.read()
    assert piece.lost == 3 * 16_000


def test_silence_of_the_callbacks_is_noticed_within_two_seconds(
    audio: FakeAudio, microphone: Microphone, clock: Clock
) -> None:
    clock.now += 4.0  # a sound server may take its time in the beginning
    assert not microphone.gone
    audio.stream().give(noise(320))
    clock.now += 1.0
    assert not microphone.gone
    clock.now += 0.9
    assert microphone.gone


def test_another_device_behind_the_stream_may_wake_up_first(
    audio: FakeAudio, microphone: Microphone, clock: Clock
) -> None:
    stream = audio.stream()
    stream.give(noise(320))
    microphone.wait_for_another()
    clock.now += 3.0
    assert not microphone.gone
    stream.give(noise(320))
    clock.now += 0.02
    stream.give(noise(320))
    assert [piece.lost for piece in microphone.read()] == [0, 3 * 16_000 - 320]
    clock.now += 2.0
    assert microphone.gone


def test_another_device_that_is_awake_loses_nothing(
    audio: FakeAudio, microphone: Microphone, clock: Clock
) -> None:
    stream = audio.stream()
    stream.give(noise(320))
    microphone.wait_for_another()
    clock.now += 0.06  # late by two blocks, which come at once
    for _ in range(3):
        stream.give(noise(320))
    assert [piece.lost for piece in microphone.read()] == [0]
    microphone.wait_for_another()
    clock.now += 6.0
    assert microphone.gone


def test_a_stalled_stream_is_left_alone(
    audio: FakeAudio, microphone: Microphone, clock: Clock
) -> None:
    stream = audio.stream()
    stream.give(noise(320))
    stream.stalled = True  # the fake fails if it is stopped or closed
    clock.now += 2.0
    microphone.close()
    microphone._thread.join(5)
    assert (stream.closed, audio.terminated) == (False, 0)
    assert len(joined(microphone.read())) == 320


def test_a_stream_that_ended_by_itself_is_closed(
    audio: FakeAudio, microphone: Microphone, clock: Clock
) -> None:
    stream = audio.stream()
    stream.give(noise(320))
    stream.running = False
    clock.now += 2.0
    microphone.close()
    microphone._thread.join(5)
    assert (stream.closed, audio.terminated) == (True, 1)


def test_the_source_of_a_sound_server_is_chosen_while_opening(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PULSE_SOURCE", "mine")
    seen: list[str | None] = []

    def accepts(rate: int, channels: int) -> bool:
        seen.append(os.environ.get("PULSE_SOURCE"))
        return True

    audio = FakeAudio(accepts)
    device = InputDevice(0, "Headset", "PulseAudio", 1, 16_000, source="headset.7")
    microphone = Microphone(device, audio)
    audio.stream()
    microphone.close()
    assert seen == ["headset.7"]
    assert os.environ["PULSE_SOURCE"] == "mine"


# ---- the meter


def test_the_meter_in_numbers_and_words() -> None:
    meter = Meter(16_000)
    assert meter.level.peak == FLOOR_DB
    tone = (np.sin(np.arange(16_000)[:, None] / 5) * 3276.8).astype(np.int16)
    level = meter.push(tone)
    assert level.peak == pytest.approx(-20, abs=0.01)
    assert level.rms == pytest.approx(-23, abs=0.1)
    assert level.words == "good"
    level = meter.push(np.full((100, 1), -32768, np.int16))
    assert (level.peak, level.words) == (0.0, "clipping")
    level = meter.push(tone)
    assert (level.hold, level.words) == (0.0, "clipping")
    level = meter.push(np.concatenate([tone, tone]))
    assert level.words == "good"
    assert -20.1 < level.hold < 0.0


def test_the_meter_tells_silence_from_no_sound() -> None:
    meter = Meter(16_000)
    hiss = np.ones((8000, 1), np.int16)
    for _ in range(6):
        level = meter.push(hiss)
    assert (level.words, level.zeros_s) == ("silence", 0.0)
    for _ in range(6):
        level = meter.push(0 * hiss)
    assert level.zeros_s == 3.0
    assert meter.push(noise(100)[:, :1]).words == "good"


def test_the_loudest_channel_counts() -> None:
    frames = np.zeros((1000, 3), np.int16)
    frames[:, 2] = 3277
    assert Meter(48_000).push(frames).rms == pytest.approx(-20, abs=0.01)
    assert Meter(48_000).push(frames[:0]).peak == FLOOR_DB
