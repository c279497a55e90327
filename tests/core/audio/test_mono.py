"""Channels become one without losing a voice, decided as the sound comes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.audio.mono import Intake, Samples
from tests.core.audio.making import Frames

RATE = 16_000


def voice(seconds: float, seed: int = 0) -> Frames:
    """Noise of the spectrum of speech, (n,): falling above 300 Hz, nothing below 100 Hz."""
    count = round(seconds * RATE)
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(count))
    frequency = np.fft.rfftfreq(count, 1 / RATE)
    shape = np.where(frequency < 100, 0, 1 / np.maximum(frequency, 300))
    sound = np.fft.irfft(spectrum * shape, count)
    return (0.1 * sound / sound.std()).astype(np.float32)


def lapels(seconds: float, sign: float) -> tuple[Frames, Frames, Frames]:
    """Two people in turns of 2 s, each with a microphone that hears the other half as loud and
    0.75 ms later; the second microphone's polarity is ``sign``. The frames and both voices."""
    first, second = voice(seconds, 0), voice(seconds, 1)
    speaks = np.arange(len(first)) // (2 * RATE) % 2 == 0
    first, second = first * speaks, second * ~speaks
    left = first + 0.5 * np.roll(second, 12)
    right = sign * (second + 0.5 * np.roll(first, 12))
    return np.stack([left, right], axis=1).astype(np.float32), first, second


def mixed(frames: Frames, rate: int = RATE, cuts: tuple[int, ...] = ()) -> tuple[Samples, str]:
    """What comes of them, and what is said."""
    intake = Intake(rate, frames.shape[1])
    parts = [intake.push(part) for part in np.split(frames, list(cuts)) if len(part)]
    samples = np.concatenate([*parts, intake.flush()])
    return samples, " | ".join(intake.warnings)


def test_two_microphones_of_opposite_polarity_give_the_same_as_two_of_one() -> None:
    """They cancel each other in part only: each is nearer to another person."""
    alike, said_of_alike = mixed(lapels(12, 1.0)[0])
    opposite, said = mixed(lapels(12, -1.0)[0])
    np.testing.assert_allclose(opposite[3 * RATE :], alike[3 * RATE :], atol=1e-6)
    assert said_of_alike == ""
    assert "go against each other for 1" in said
    assert "turned round" in said


def test_silence_after_them_is_not_counted() -> None:
    """As where a recording that was cut off is filled up."""
    frames = lapels(12, -1.0)[0]
    _, said = mixed(np.concatenate([frames, np.zeros((60 * RATE, 2), np.float32)]))
    assert "go against each other for 1" in said
    assert " for 12 s" in said or " for 11 s" in said


def test_a_plain_mix_of_them_would_lose_voices() -> None:
    frames, first, second = lapels(12, -1.0)
    low = np.fft.rfftfreq(len(frames), 1 / RATE) < 400
    powers = [
        np.sum(np.abs(np.fft.rfft(sound)[low]) ** 2)
        for sound in (first + second, mixed(frames)[0], frames.mean(axis=1))
    ]
    assert powers[1] > 0.35 * powers[0]
    assert powers[2] < 0.25 * powers[0]


@pytest.mark.parametrize("reversed_one", range(6))
def test_one_of_six_is_turned_round(reversed_one: int) -> None:
    frames = np.repeat(voice(4)[:, np.newaxis], 6, axis=1)
    expected = frames[:, 0].copy()
    frames[:, reversed_one] *= -1
    samples, said = mixed(frames)
    np.testing.assert_allclose(samples, expected, atol=1e-6)
    assert "polarity" in said


def test_a_cable_that_is_turned_in_the_middle() -> None:
    """The sign follows within some seconds, without a jump, and back again."""
    sound = voice(90)
    frames = np.stack([sound, sound], axis=1)
    frames[30 * RATE : 60 * RATE, 1] *= -1
    samples, said = mixed(frames)
    for start in (10, 45, 80):
        part = slice(start * RATE, (start + 10) * RATE)
        np.testing.assert_allclose(samples[part], sound[part], atol=1e-6)
    # The seconds in between are not lost either: one of the two is heard.
    assert min(np.std(s) for s in np.split(samples, 90)) > 0.3 * np.std(sound)
    assert "go against each other" in said


@pytest.mark.parametrize("hum", [0.0, 1.0])
def test_hum_and_offset_do_not_hide_the_polarity(hum: float) -> None:
    sound = voice(4)
    time = np.arange(len(sound)) / RATE
    common = hum * (0.2 + 0.1 * np.sin(2 * np.pi * 12 * time))
    samples, said = mixed(np.stack([sound + common, common - sound], axis=1).astype(np.float32))
    assert "turned round" in said
    np.testing.assert_allclose(samples - samples.mean(), sound, atol=0.02)


@pytest.mark.parametrize("channels", [2, 3, 16])
def test_what_has_nothing_in_common_is_added_as_it_is(channels: int) -> None:
    frames = np.stack([voice(20, seed) for seed in range(channels)], axis=1)
    samples, said = mixed(frames)
    np.testing.assert_allclose(samples, frames.mean(axis=1), atol=1e-6)
    assert said == ""


def test_a_pause_does_not_make_it_forget() -> None:
    """Noise of the pause goes together, what is said doesn't."""
    sound, noise = voice(60), voice(60, 1) * 1e-3
    sound[10 * RATE : 50 * RATE] = 0
    samples, _ = mixed(np.stack([sound + noise, noise - sound], axis=1))
    after = slice(50 * RATE, 55 * RATE)
    np.testing.assert_allclose(samples[after], sound[after], atol=1e-2)


@given(
    cuts=st.lists(st.integers(1, 12 * RATE), max_size=8),
    sign=st.sampled_from([-1.0, 1.0]),
    rate=st.sampled_from([RATE, 44_100]),
)
@settings(max_examples=20, deadline=None)
def test_however_it_is_cut(cuts: list[int], sign: float, rate: int) -> None:
    frames = lapels(12, sign)[0]
    whole, said = mixed(frames, rate)
    pieces, said_of_pieces = mixed(frames, rate, tuple(sorted(cuts)))
    assert np.array_equal(whole, pieces)
    assert said == said_of_pieces
