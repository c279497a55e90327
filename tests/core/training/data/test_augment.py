"""Augmentation: lengths, levels and spectra are what is asked for, and the generator decides."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from core.training.data import augment
from core.units import SAMPLE_RATE

Array = NDArray[np.float32]


def tone(hertz: float, seconds: float = 1.0, amplitude: float = 0.3) -> Array:
    times = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    return (amplitude * np.sin(2 * np.pi * hertz * times)).astype(np.float32)


def voice(seed: int = 0, seconds: float = 1.5) -> Array:
    """Harmonics of 120 Hz with a pause in the middle."""
    rng = np.random.default_rng(seed)
    sound = sum(tone(120.0 * h, seconds, 0.2 / h) for h in range(1, 20))
    sound = sound + rng.normal(0, 1e-3, len(sound))
    sound[len(sound) // 3 : len(sound) // 2] = 0.0
    return sound.astype(np.float32)


def power(samples: Array, low: float, high: float) -> float:
    """Power between two frequencies."""
    spectrum = np.abs(np.fft.rfft(samples.astype(np.float64))) ** 2
    hertz = np.fft.rfftfreq(len(samples), 1 / SAMPLE_RATE)
    return float(spectrum[(hertz >= low) & (hertz < high)].sum())


def db(ratio: float) -> float:
    return 10 * float(np.log10(ratio))


CHANGES: dict[str, Callable[[Array, np.random.Generator], Array]] = {
    "level": lambda x, r: augment.level(x, 6.0),
    "noise": lambda x, r: augment.noise(x, r, 10.0),
    "recorded noise": lambda x, r: augment.noise(x, r, 10.0, tone(700.0, 0.4)),
    "babble": lambda x, r: augment.babble(x, r, 10.0, [voice(1), voice(2)]),
    "room": lambda x, r: augment.room(x, r),
    "low_pass": lambda x, r: augment.low_pass(x, 3000.0),
    "telephone": lambda x, r: augment.telephone(x),
    "opus": lambda x, r: augment.opus(x),
    "codec": augment.codec,
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_keeps_type_and_length_and_its_input(name: str) -> None:
    for samples in (voice(), voice(seconds=0.05), np.zeros(4000, np.float32), voice()[:0]):
        before = samples.copy()
        changed = CHANGES[name](samples, np.random.default_rng(3))
        assert changed.dtype == np.float32
        assert changed.shape == samples.shape
        assert np.isfinite(changed).all()
        np.testing.assert_array_equal(samples, before)


@pytest.mark.parametrize("name", CHANGES)
def test_the_generator_alone_decides(name: str) -> None:
    first, again = (CHANGES[name](voice(), np.random.default_rng(7)) for _ in range(2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, voice())


@pytest.mark.parametrize("name", ["noise", "recorded noise", "babble", "room"])
def test_another_generator_gives_another_sound(name: str) -> None:
    first, other = (CHANGES[name](voice(), np.random.default_rng(seed)) for seed in (1, 2))
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("name", ["low_pass", "telephone", "opus", "room"])
def test_nothing_is_delayed(name: str) -> None:
    samples = np.zeros(SAMPLE_RATE, np.float32)
    samples[8000:8400] = voice()[:400]
    changed = CHANGES[name](samples, np.random.default_rng(0))
    lags = np.correlate(changed[7000:9000], samples[7000:9000], "full")
    assert abs(int(np.abs(lags).argmax()) - 1999) <= SAMPLE_RATE // 1000


@pytest.mark.parametrize("factor", [0.8, 1.0, 1.25])
def test_speed_moves_the_pitch(factor: float) -> None:
    fast = augment.speed(tone(1000.0), factor)
    assert abs(len(fast) - SAMPLE_RATE / factor) <= 1
    assert np.abs(np.fft.rfft(fast)).argmax() * SAMPLE_RATE / len(fast) == pytest.approx(
        1000 * factor, rel=0.01
    )


def test_speed_has_limits() -> None:
    with pytest.raises(ValueError, match=r"0\.5 to 2"):
        augment.speed(tone(1000.0), 4.0)


def test_level_is_in_decibels_and_clips() -> None:
    assert augment.speech_power(augment.level(tone(500.0), -20.0)) == pytest.approx(
        augment.speech_power(tone(500.0)) / 100, rel=1e-3
    )
    assert np.abs(augment.level(tone(500.0), 40.0)).max() == 1.0


@pytest.mark.parametrize("snr", [0.0, 10.0, 30.0])
def test_signal_to_noise_ratio_is_that_of_the_speech_without_its_pauses(snr: float) -> None:
    samples = np.concatenate([tone(500.0), np.zeros(3 * SAMPLE_RATE, np.float32)])
    rng = np.random.default_rng(0)
    for noisy in (
        augment.noise(samples, rng, snr),
        augment.noise(samples, rng, snr, tone(900.0, 0.3)),
        augment.babble(samples, rng, snr, [voice(1), voice(2), voice(3)]),
    ):
        added = noisy - samples
        assert db(0.3**2 / 2 / float(np.mean(added**2))) == pytest.approx(snr, abs=0.3)


def test_babble_without_voices_is_nothing() -> None:
    rng = np.random.default_rng(0)
    np.testing.assert_array_equal(augment.babble(voice(), rng, 5.0, []), voice())
    silent = np.zeros(100, np.float32)
    np.testing.assert_array_equal(augment.babble(voice(), rng, 5.0, [silent]), voice())


@pytest.mark.parametrize("slope", [0.0, 1.0, 2.0])
def test_noise_falls_with_frequency_as_its_slope_says(slope: float) -> None:
    sound = augment.coloured(20 * SAMPLE_RATE, np.random.default_rng(0), slope)
    assert float(np.mean(sound**2)) == pytest.approx(1.0, rel=0.01)
    per_octave = db(power(sound, 500, 600) / power(sound, 2000, 2400) * 4) / 2
    assert per_octave == pytest.approx(3.01 * slope, abs=0.5)


def test_a_room_rings_for_its_time() -> None:
    response = augment.room_response(np.random.default_rng(0), rt60=0.6, direct_db=3.0)
    assert response[0] == 1.0
    assert np.abs(response[1:]).max() < 1.0
    assert db(1.0 / float(np.sum(response[1:].astype(np.float64) ** 2))) == pytest.approx(
        3, abs=0.1
    )
    # The energy that is still to come falls by 60 dB in 0.6 s (Schroeder's integration).
    left = np.cumsum(np.square(response[1:], dtype=np.float64)[::-1])[::-1]
    slope = db(left[SAMPLE_RATE // 10] / left[SAMPLE_RATE * 3 // 10]) / 0.2
    assert 60 / slope == pytest.approx(0.6, rel=0.15)


def test_a_room_fills_pauses_and_keeps_the_level() -> None:
    samples = voice()
    wet = augment.room(samples, np.random.default_rng(1), rt60=0.8)
    start = len(samples) // 3
    assert np.abs(wet[start : start + 1000]).max() > 1e-3
    assert augment.speech_power(wet) == pytest.approx(augment.speech_power(samples), rel=1e-3)


def test_bands_of_the_codecs() -> None:
    hiss = augment.coloured(2 * SAMPLE_RATE, np.random.default_rng(0), 0.0) * np.float32(0.1)
    for narrow, top in ((augment.telephone(hiss), 4000), (augment.low_pass(hiss, 3000.0), 4500)):
        assert db(power(hiss, top, 8000) / power(narrow, top, 8000)) > 25
        assert abs(db(power(hiss, 800, 2500) / power(narrow, 800, 2500))) < 1.5
    telephone = augment.telephone(hiss)
    assert db(power(hiss, 0, 100) / power(telephone, 0, 100)) > 25


def test_opus_changes_the_sound_but_not_what_is_heard() -> None:
    samples = voice()
    heard = augment.opus(samples, 24000)
    assert np.corrcoef(samples, heard)[0, 1] > 0.9
    worse = augment.opus(samples, 6000)
    assert np.mean((worse - samples) ** 2) > np.mean((heard - samples) ** 2)


def test_the_equaliser_changes_the_colour_and_neither_power_nor_timing() -> None:
    hiss = np.random.default_rng(0).standard_normal(25_840).astype(np.float32)
    changes = []
    for seed in range(20):
        heard = augment.equaliser(hiss, np.random.default_rng(seed))
        assert (heard.shape, heard.dtype) == (hiss.shape, np.float32)
        assert np.mean(heard**2) == pytest.approx(np.mean(hiss**2), rel=1e-3)
        bands = ((100, 500), (500, 2000), (2000, 7000))
        changes.append([db(power(heard, *b) / power(hiss, *b)) for b in bands])
    assert (np.std(changes, axis=0) > 1).all()
    clicks = np.zeros(16_000, np.float32)
    clicks[8_000] = 1
    heard = augment.equaliser(clicks, np.random.default_rng(1))
    assert abs(int(np.abs(heard).argmax()) - 8_000) < 16
    assert not augment.equaliser(0 * clicks, np.random.default_rng(1)).any()


def test_spec_augment_blanks_no_more_than_it_may() -> None:
    spectrogram = np.ones((257, 159), np.float32)
    rng = np.random.default_rng(0)
    most = 0
    for _ in range(50):
        blanked = augment.spec_augment(spectrogram, rng, bands=2, band=20, gaps=1, gap=15)
        rows, columns = (blanked == 0).all(axis=1).sum(), (blanked == 0).all(axis=0).sum()
        assert rows <= 40
        assert columns <= 15
        assert (blanked == 0).sum() == rows * 159 + columns * 257 - rows * columns
        most = max(most, int((blanked == 0).sum()))
    assert most > 0
    assert (spectrogram == 1).all()
    # Wider than the picture is allowed, too.
    assert augment.spec_augment(np.ones((5, 3), np.float32), rng).shape == (5, 3)


def test_gsm_keeps_the_speech_in_its_place() -> None:
    times = np.arange(2 * SAMPLE_RATE) / SAMPLE_RATE
    tone = (0.2 * np.sin(2 * np.pi * 500 * times) * (times % 0.5 < 0.25)).astype(np.float32)
    heard = augment.gsm(tone)
    assert len(heard) == len(tone)
    assert not np.array_equal(heard, tone)
    assert np.corrcoef(heard, tone)[0, 1] > 0.9
    assert not len(augment.gsm(tone[:0]))


@pytest.mark.parametrize("seed", range(6))
def test_line_is_narrow_and_as_long(seed: int) -> None:
    rng = np.random.default_rng(seed)
    sound = (0.1 * rng.standard_normal(2 * SAMPLE_RATE)).astype(np.float32)
    heard = augment.line(sound, rng)
    assert len(heard) == len(sound)
    power = np.square(np.abs(np.fft.rfft(heard)))
    above = np.fft.rfftfreq(len(heard), 1 / SAMPLE_RATE) > 6500
    assert power[above].sum() < 0.02 * power.sum()


def test_laughter_is_made_of_bursts() -> None:
    rng = np.random.default_rng(1)
    times = np.arange(SAMPLE_RATE) / SAMPLE_RATE
    voice = (0.3 * np.sin(2 * np.pi * 200 * times)).astype(np.float32)
    laugh = augment.laughter(voice, rng)
    assert 0.4 * SAMPLE_RATE < len(laugh) < 3.5 * SAMPLE_RATE
    frames = np.square(laugh[: len(laugh) // 160 * 160].reshape(-1, 160)).mean(axis=1)
    loud = frames > 0.1 * frames.max()
    starts = np.flatnonzero(np.diff(loud.astype(int)) == 1)
    assert len(starts) >= 2
    assert np.ptp(np.diff(starts)) <= 6  # as regular as that, in frames of 10 ms
    assert not augment.laughter(voice[:100], rng).any()
