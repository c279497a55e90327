"""The file of remembered voices."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from core.errors import VoicelanesError
from core.voices import Sample, VoiceBook

ENCODER = "e" * 64


def seeds() -> dict[str, bytes]:
    """Three voices with two samples each."""
    chance = np.random.default_rng(0)
    with tempfile.TemporaryDirectory() as folder:
        book = VoiceBook(Path(folder, "voices.sqlite"))
        for name in ("Anna", "Ben", "Zoë"):
            clip = (0.1 * chance.standard_normal(2000)).astype(np.float32)
            samples = [
                Sample(
                    chance.standard_normal(16).astype(np.float32), ENCODER, 2.0, "a.wav", n, clip
                )
                for n in (0, 16_000)
            ]
            book.remember(name, samples)
        return {"voices.sqlite": book.path.read_bytes()}


def check(path: Path) -> None:
    """Read all of it; a damaged file is never written to."""
    before = path.read_bytes()
    book = VoiceBook(path)
    try:
        for voice in book.voices():
            for sample in book.samples(voice.id):
                assert np.isfinite(sample.embedding).all()
            book.places(voice.id, ["a.wav"])
        for profile in book.profiles(ENCODER).values():
            assert np.isfinite(profile).all()
    except VoicelanesError:
        assert path.read_bytes() == before, "a damaged file was written to"
        raise
    book.remember(
        "Cleo", [Sample(np.ones(16, np.float32), ENCODER, 1.0, "b.wav", 0, np.ones(9, np.float32))]
    )
