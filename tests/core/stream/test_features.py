"""The spectrogram against its definition and against librosa."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.stream.features import BINS, FFT, HOP, frame_count, normalise, spectrogram


def noise(samples: int, seed: int = 0) -> np.ndarray:
    return (np.random.default_rng(seed).standard_normal(samples) * 0.1).astype(np.float32)


def test_frame_is_the_windowed_fourier_transform_of_its_own_samples() -> None:
    samples = noise(FFT + 3 * HOP)
    spec = spectrogram(samples)
    assert spec.shape == (BINS, 4)
    assert spec.dtype == np.float32
    hann = np.sin(np.pi * np.arange(400) / 400) ** 2
    for frame in range(4):
        part = samples[HOP * frame + 56 : HOP * frame + 456] * hann
        angles = -2j * np.pi * np.outer(np.arange(BINS), np.arange(400)) / FFT
        np.testing.assert_allclose(spec[:, frame], abs(np.exp(angles) @ part), atol=1e-5)


@pytest.mark.train
def test_equals_librosa() -> None:
    librosa = pytest.importorskip("librosa")
    samples = noise(25840)
    expected = abs(librosa.stft(samples, n_fft=512, win_length=400, hop_length=160, center=False))
    assert spectrogram(samples).shape == expected.shape == (257, 159)
    np.testing.assert_allclose(spectrogram(samples), expected, atol=1e-5)


@given(st.integers(0, 3000))
def test_frame_count_is_the_number_of_frames(samples: int) -> None:
    assert spectrogram(noise(samples)).shape == (BINS, frame_count(samples))


@given(st.integers(0, 20), st.integers(FFT, 2000))
def test_part_of_a_recording_has_the_frames_of_the_whole(start: int, samples: int) -> None:
    whole = noise(6000)
    part = spectrogram(whole[start * HOP : start * HOP + samples])
    np.testing.assert_array_equal(part, spectrogram(whole)[:, start : start + part.shape[1]])


def test_normalised_frame_has_mean_0_and_deviation_1() -> None:
    spec = normalise(spectrogram(noise(4000)))
    assert spec.dtype == np.float32
    np.testing.assert_allclose(spec.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(spec.std(axis=0), 1, atol=1e-4)


def test_level_of_the_recording_does_not_matter() -> None:
    samples = noise(4000)
    quiet = normalise(spectrogram(samples * np.float32(0.2)))
    np.testing.assert_allclose(quiet, normalise(spectrogram(samples)), atol=1e-3)


def test_digital_silence_is_zeros() -> None:
    assert not normalise(spectrogram(np.zeros(1000, np.float32))).any()


def test_input_of_another_type_and_stride_is_taken() -> None:
    samples = noise(2000)
    strided = np.repeat(samples, 2).astype(np.float64)[::2]
    np.testing.assert_array_equal(spectrogram(strided), spectrogram(samples))
