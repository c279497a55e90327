"""Sounds in which nobody speaks, synthesised: float32 at 16 kHz."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from core.units import SAMPLE_RATE

Array = NDArray[np.float32]


def _at_level(samples: NDArray[np.float64], level: float) -> Array:
    """With this root mean square."""
    power = float(np.sqrt(np.mean(samples**2)))
    return (samples * (level / power)).astype(np.float32)


def _coloured(rng: np.random.Generator, count: int, slope: float) -> NDArray[np.float64]:
    """Noise whose power falls by so many exponents of the frequency."""
    spectrum = rng.normal(size=count // 2 + 1) + 1j * rng.normal(size=count // 2 + 1)
    frequencies = np.fft.rfftfreq(count, 1 / SAMPLE_RATE)
    spectrum *= np.maximum(frequencies, 30.0) ** (-slope / 2)
    return np.fft.irfft(spectrum, count)


def silence(seconds: int, seed: int) -> Array:
    return np.zeros(seconds * SAMPLE_RATE, np.float32)


def hiss(seconds: int, seed: int) -> Array:
    rng = np.random.default_rng(seed)
    return _at_level(rng.normal(size=seconds * SAMPLE_RATE), 0.003)


def noise(seconds: int, seed: int) -> Array:
    """Pink noise, loud."""
    rng = np.random.default_rng(seed)
    return _at_level(_coloured(rng, seconds * SAMPLE_RATE, 1.0), 0.05)


def fan(seconds: int, seed: int) -> Array:
    """Air, a motor's hum with overtones, and blades that beat it."""
    rng = np.random.default_rng(seed)
    count = seconds * SAMPLE_RATE
    time = np.arange(count) / SAMPLE_RATE
    air = _coloured(rng, count, 1.6)
    air /= air.std()
    hum = sum(np.sin(2 * np.pi * 49.0 * n * time + n) / n for n in range(1, 8))
    blades = 1 + 0.15 * np.sin(2 * np.pi * 21.0 * time) + 0.05 * np.sin(2 * np.pi * 0.3 * time)
    return _at_level((air + 0.4 * hum) * blades, 0.03)


def tone(seconds: int, seed: int) -> Array:
    """A dial tone's length of 440 Hz, again and again."""
    time = np.arange(seconds * SAMPLE_RATE) / SAMPLE_RATE
    return (0.1 * np.sin(2 * np.pi * 440 * time) * (time % 20 < 15)).astype(np.float32)


def music(seconds: int, seed: int) -> Array:
    """Plucked chords over a bass, with a beat of noise: no voice."""
    rng = np.random.default_rng(seed)
    count = seconds * SAMPLE_RATE
    samples = np.zeros(count + 4 * SAMPLE_RATE)
    time = np.arange(2 * SAMPLE_RATE) / SAMPLE_RATE
    beat = SAMPLE_RATE // 2
    for n, start in enumerate(range(0, count, beat)):
        root = (220.0, 174.6, 261.6, 196.0)[n // 4 % 4]
        notes = [root, root * 2 ** (4 / 12), root * 2 ** (7 / 12)]
        if n % 4 == 0:
            notes.append(root / 2)
        for note in notes:
            for overtone in range(1, 7):
                decay = np.exp(-time * (1.5 + overtone))
                wave = np.sin(2 * np.pi * note * overtone * time + rng.uniform(0, 6))
                samples[start : start + len(time)] += decay * wave / overtone**1.5
        drum = np.exp(-time * 40) * rng.normal(size=len(time))
        samples[start : start + len(time)] += drum * (0.8 if n % 2 else 0.3)
    return _at_level(samples[:count], 0.08)


def typing(seconds: int, seed: int) -> Array:
    """Keys that fall and rise, in bursts, over a quiet room."""
    rng = np.random.default_rng(seed)
    count = seconds * SAMPLE_RATE
    samples = 0.0005 * rng.normal(size=count + SAMPLE_RATE)
    time = np.arange(SAMPLE_RATE // 20) / SAMPLE_RATE
    at = 0.3
    while at < seconds:
        for when, loud in ((at, 1.0), (at + rng.uniform(0.05, 0.09), 0.5)):
            start = int(when * SAMPLE_RATE)
            body = np.sin(2 * np.pi * rng.uniform(1200, 3500) * time)
            click = np.exp(-time * rng.uniform(150, 400)) * (rng.normal(size=len(time)) + body)
            samples[start : start + len(time)] += 0.05 * loud * rng.uniform(0.4, 1) * click
        at += rng.uniform(0.08, 0.3) if rng.random() < 0.9 else rng.uniform(0.6, 2.5)
    return samples[:count].astype(np.float32)


SOUNDS: tuple[Callable[[int, int], Array], ...] = (
    *(silence, hiss, noise, fan, tone, music, typing),
)
