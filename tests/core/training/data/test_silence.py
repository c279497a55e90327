"""Silence is left out and speech is kept, however loud both are."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from core.training.data.silence import FRAME, MARGIN, trim_silence
from core.units import SAMPLE_RATE

Array = NDArray[np.float32]


def speech(seconds: float, level: float = 0.1) -> Array:
    """Syllables: a tone that swells four times a second, never quite to nothing."""
    times = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    swell = 0.55 - 0.45 * np.cos(2 * np.pi * 4 * times)
    return (level * swell * np.sin(2 * np.pi * 220 * times)).astype(np.float32)


def hiss(seconds: float, level: float, seed: int = 0) -> Array:
    count = round(seconds * SAMPLE_RATE)
    return (np.random.default_rng(seed).standard_normal(count) * level).astype(np.float32)


@pytest.mark.parametrize("gain", [0.01, 1.0, 8.0])
@pytest.mark.parametrize("background", [0.0, 1e-4, 1e-3])
def test_silence_around_speech_and_long_pauses_go(gain: float, background: float) -> None:
    quiet = np.zeros(SAMPLE_RATE, np.float32)
    samples = np.concatenate([quiet, speech(2), quiet, speech(1.5), quiet])
    samples = (samples + hiss(len(samples) / SAMPLE_RATE, background)) * np.float32(gain)
    trimmed = trim_silence(samples)
    assert trimmed.dtype == np.float32
    margins = 4 * (MARGIN + 1) * FRAME
    assert 3.4 * SAMPLE_RATE <= len(trimmed) <= 3.5 * SAMPLE_RATE + margins
    # All of the sound is still there.
    np.testing.assert_allclose(np.sum(trimmed**2), np.sum(samples**2), rtol=0.01)


def test_short_pauses_stay() -> None:
    samples = np.concatenate([speech(1), np.zeros(SAMPLE_RATE // 8, np.float32), speech(1)])
    np.testing.assert_array_equal(trim_silence(samples), samples)


def test_speech_in_loud_noise_stays() -> None:
    samples = speech(3) + hiss(3, 0.02)
    assert len(trim_silence(samples)) > 0.95 * len(samples)


@pytest.mark.parametrize("length", [0, 1, FRAME - 1, FRAME, FRAME + 1, 7 * FRAME + 3])
def test_any_length(length: int) -> None:
    samples = speech(1)[100 : 100 + length]
    assert len(trim_silence(samples)) <= length
    assert not len(trim_silence(np.zeros(length, np.float32)))


def test_dither_is_silence() -> None:
    assert not len(trim_silence(hiss(2, 2e-5)))
