"""The edges of speech: judged from what is around a frame, the same however it comes."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from core.audio.read import read_audio
from core.errors import ModelError
from core.models.manifest import shipped_models
from core.stream.speech import FRAME, SpeechMask
from core.stream.speech_edges import (
    AHEAD,
    FEATURES,
    PAST,
    EdgeNetwork,
    SpeechEdges,
    features,
    levels,
)
from core.units import SAMPLE_RATE
from tests.core.stream.test_diarizer import LoudIsSpeech

Array = NDArray[np.float32]


class Loud(LoudIsSpeech):
    """Voice activity that is sure of every frame with sound."""

    def judged(self, frames: Array) -> NDArray[np.bool_]:
        return np.asarray(np.abs(frames).max(axis=1) > 0.01)


def shipped() -> EdgeNetwork:
    models = shipped_models()
    assert models.edges
    return EdgeNetwork.from_npz(models.verified(models.edges))


def judge(samples: Array, cuts: list[int]) -> Array:
    stage = SpeechEdges(Loud(), shipped())
    parts = [
        stage.push(samples[start:end]) for start, end in pairwise([0, *sorted(cuts), len(samples)])
    ]
    return np.concatenate([*parts, stage.flush()])


@given(length=st.integers(0, 30_000), seed=st.integers(0, 9), data=st.data())
@settings(max_examples=12, deadline=None)
def test_chunks_do_not_matter(length: int, seed: int, data: st.DataObject) -> None:
    rng = np.random.default_rng(seed)
    loudness = np.repeat(rng.choice([0.0, 1e-3, 0.1], 8), 4000)[:length]
    samples = (rng.standard_normal(length) * loudness).astype(np.float32)
    cuts = data.draw(st.lists(st.integers(0, length), max_size=12))
    whole = judge(samples, [])
    assert len(whole) == -(-length // FRAME)
    np.testing.assert_array_equal(judge(samples, cuts), whole)


def test_a_frame_waits_for_what_follows_it_and_no_longer() -> None:
    stage = SpeechEdges(Loud(), shipped())
    assert len(stage.push(np.zeros(stage.latency - 1, np.float32))) == 0
    assert len(stage.push(np.zeros(1, np.float32))) == 1


@pytest.fixture(scope="module")
def talk(sample: Path) -> Array:
    return read_audio(sample)[: 20 * SAMPLE_RATE]


def stretches(samples: Array) -> list[tuple[int, int]]:
    stage, mask = SpeechEdges.of(shipped_models()), SpeechMask()
    mask.push(stage.push(samples))
    mask.push(stage.flush())
    mask.flush(len(samples))
    return mask.stretches


def test_edges_are_where_the_sound_is(talk: Array) -> None:
    """A second of digital silence in the middle of a word is cut out to a tenth of a second."""
    found = stretches(talk)
    start, end = max(found, key=lambda stretch: stretch[1] - stretch[0])
    assert end - start > 2.5 * SAMPLE_RATE
    middle = (start + end) // 2
    silent = talk.copy()
    silent[middle : middle + SAMPLE_RATE] = 0
    edges = [edge for stretch in stretches(silent) for edge in stretch]
    for edge in (middle, middle + SAMPLE_RATE):
        assert min(abs(edge - other) for other in edges) < 0.15 * SAMPLE_RATE


def test_noise_without_a_voice_is_no_speech() -> None:
    rng = np.random.default_rng(3)
    loudness = np.repeat([1e-3, 0.2, 1e-3, 0.1, 1e-3], SAMPLE_RATE)
    assert stretches((rng.standard_normal(len(loudness)) * loudness).astype(np.float32)) == []


def test_features_know_only_what_is_around() -> None:
    rng = np.random.default_rng(0)
    count = PAST + AHEAD + 40
    heard = rng.normal(-40, 10, (count, 6)).astype(np.float32)
    odds = rng.normal(0, 3, count).astype(np.float32)
    whole = features(heard, odds)
    assert whole.shape == (40, FEATURES)
    np.testing.assert_array_equal(features(heard[7:-5], odds[7:-5]), whole[7:-5])
    assert len(levels(np.zeros(100, np.float32))) == 0


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 nothing"])
def test_a_damaged_network_is_said(content: bytes) -> None:
    with pytest.raises(ModelError, match="edges of speech"):
        EdgeNetwork.from_npz(content)
