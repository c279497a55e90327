"""Recordings with a person on each channel, made of the sample conversation."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import soundfile
import soxr

from core.annotation.values import Annotation
from core.arrays import Array
from core.audio.read import read_audio
from core.audio.wav import Layout, WavWriter
from core.channels.levels import Levels
from core.formats import rttm
from core.units import SAMPLE_RATE

ADA, BEN, CORA, DUNCAN = "Ada", "Ben", "Cora", "Duncan"
_EDGE = SAMPLE_RATE // 20


@cache
def _conversation(sample: Path) -> tuple[Array, Annotation]:
    (reference,) = rttm.read(sample.with_suffix(".rttm")).values()
    return read_audio(sample), reference


def reference(sample: Path, *names: str) -> Annotation:
    """The turns of these people."""
    known = _conversation(sample)[1]
    turns = [t for t in known.turns if known.speaker(t.speaker).label in names]
    return Annotation.build(turns, known.duration, {s.id: s.label for s in known.speakers})


def call(sample: Path, *channels: Sequence[str], noise: float = 1e-4) -> Array:
    """(n, channels): what these people say, group by group on a channel of their own."""
    samples, _ = _conversation(sample)
    random = np.random.default_rng(3)
    found = noise * random.standard_normal((len(samples), len(channels))).astype(np.float32)
    for n, names in enumerate(channels):
        for turn in reference(sample, *names).turns:
            where = slice(max(0, turn.start - _EDGE), turn.end + _EDGE)
            found[where, n] = samples[where]
    return found


def leaking(sound: Array, gain: float, later: float = 0.0, *, to: int | None = None) -> Array:
    """Every channel with all others, or one with them: so many dB lower, and s later."""
    others = sound.sum(axis=1, keepdims=True) - sound
    lag = round(later * SAMPLE_RATE)
    late = np.pad(others, ((lag, 0), (0, 0)))[: len(sound)]
    if to is not None:
        late[:, [n for n in range(sound.shape[1]) if n != to]] = 0
    return np.asarray(sound + np.float32(10 ** (gain / 20)) * late, np.float32)


def powers(sound: Array, rate: int = SAMPLE_RATE, cut: int = 5000) -> Array:
    """The levels of all of it."""
    levels = Levels(sound.shape[1], rate)
    for start in range(0, len(sound), cut):
        levels.push(sound[start : start + cut])
    return levels.finish()


def resampled(sound: Array, rate: int) -> Array:
    """(n, channels) of another rate at 16 kHz."""
    return np.asarray(soxr.resample(sound, rate, SAMPLE_RATE), np.float32)


def saved(path: Path, sound: Array, rate: int = SAMPLE_RATE) -> Path:
    """As a WAV file."""
    soundfile.write(path, np.clip(sound, -1, 1), rate, subtype="FLOAT")
    return path


def saved_as_call(path: Path, sound: Array, rate: int = SAMPLE_RATE) -> Path:
    """A call of two sides as this program records it."""
    path.unlink(missing_ok=True)
    writer = WavWriter(path, Layout(rate, 2, call=True))
    writer.write(np.rint(np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())
    writer.close()
    return path
