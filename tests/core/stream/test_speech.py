"""Voice activity: thresholds with memory, pauses filled, and never dependent on chunks."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from core.audio.read import read_audio
from core.models.manifest import shipped_models
from core.stream.speech import FRAME, Interval, SpeechMask, SpeechProbability, SpeechSettings
from core.units import SAMPLE_RATE

Array = NDArray[np.float32]

SETTINGS = SpeechSettings(onset=0.5, offset=0.1, reach=3 * FRAME, fill=4 * FRAME, pad=FRAME // 2)


def mask_of(probabilities: list[float], *, flush: bool = True) -> SpeechMask:
    mask = SpeechMask(SETTINGS)
    mask.push(np.array(probabilities, np.float32))
    if flush:
        mask.flush(len(probabilities) * FRAME)
    return mask


def in_frames(intervals: list[Interval], pad: int = 0) -> list[tuple[float, float]]:
    return [((start + pad) / FRAME, (end - pad) / FRAME) for start, end in intervals]


def test_speech_begins_where_the_probability_rose_and_ends_where_it_fell() -> None:
    mask = mask_of([0, 0, 0.2, 0.3, 0.9, 0.3, 0.2, 0, 0, 0, 0, 0, 0])
    assert in_frames(mask.stretches, SETTINGS.pad) == [(2, 7)]
    assert not mask.pauses


def test_what_never_reaches_the_onset_is_no_speech() -> None:
    assert mask_of([0, 0.4, 0.4, 0.4, 0]).stretches == []


def test_a_long_murmur_before_speech_counts_only_as_far_as_the_reach() -> None:
    mask = mask_of([0, *[0.3] * 10, 0.9, 0, 0, 0, 0, 0])
    assert in_frames(mask.stretches, SETTINGS.pad) == [(12 - 3, 12)]


def test_a_short_pause_is_filled_and_known_a_longer_one_parts() -> None:
    short = mask_of([0, 0, 0.9, 0, 0, 0, 0.9, 0, 0, 0, 0, 0])
    assert in_frames(short.stretches, SETTINGS.pad) == [(2, 7)]
    assert in_frames(short.pauses) == [(3, 6)]
    long = mask_of([0, 0, 0.9, 0, 0, 0, 0, 0.9, 0, 0, 0, 0, 0])
    assert in_frames(long.stretches, SETTINGS.pad) == [(2, 3), (7, 8)]
    assert not long.pauses


def test_the_stretch_that_goes_on_is_open_until_the_stream_ends() -> None:
    mask = mask_of([0, 0, 0.9, 0.9], flush=False)
    assert mask.stretches == []
    assert mask.open == (2 * FRAME - SETTINGS.pad, 4 * FRAME + SETTINGS.pad)
    mask.flush(4 * FRAME + 10)
    assert mask.open is None
    assert mask.stretches == [(2 * FRAME - SETTINGS.pad, 4 * FRAME + 10)]


levels = st.lists(st.sampled_from([0.0, 0.0, 0.05, 0.2, 0.4, 0.6, 1.0]), max_size=60)


@given(levels, st.data())
def test_chunks_do_not_matter(probabilities: list[float], data: st.DataObject) -> None:
    whole = mask_of(probabilities)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(probabilities)), max_size=8)))
    pieces = SpeechMask(SETTINGS)
    for start, end in pairwise([0, *cuts, len(probabilities)]):
        pieces.push(np.array(probabilities[start:end], np.float32))
    pieces.flush(len(probabilities) * FRAME)
    assert pieces.stretches == whole.stretches
    assert pieces.pauses == whole.pauses


@given(levels)
def test_what_is_certain_never_changes(probabilities: list[float]) -> None:
    """Before ``certain``, speech is what the stretches and the open one say, for ever."""
    final = mask_of(probabilities)
    length = len(probabilities) * FRAME

    def speech(mask: SpeechMask, until: int) -> set[int]:
        stretches = mask.stretches + ([mask.open] if mask.open else [])
        step = FRAME // 4
        return {
            sample
            for start, end in stretches
            for sample in range(0, min(until, length), step)
            if start <= sample < end
        }

    mask = SpeechMask(SETTINGS)
    certain = 0
    for probability in probabilities:
        mask.push(np.array([probability], np.float32))
        assert mask.certain >= certain
        certain = mask.certain
        assert speech(mask, certain) == speech(final, certain)


def test_frames_may_begin_later_and_be_of_another_length() -> None:
    """Those of segmentation: frame 0 has the samples before it, the others begin at the offset."""
    settings = SpeechSettings(onset=0.5, offset=0.1, reach=1000, fill=500)
    mask = SpeechMask(settings, frame=270, offset=90)
    mask.push(np.array([1, 1, 0, 1, 0, 0, 0, 0, 1, 1], np.float32))
    assert mask.stretches == [(0, 4 * 270 + 90)]
    assert mask.pauses == [(2 * 270 + 90, 3 * 270 + 90)]
    assert mask.open == (8 * 270 + 90, 10 * 270 + 90)
    mask.flush(10 * 270 + 50)
    assert mask.stretches[1] == (8 * 270 + 90, 10 * 270 + 50)


@given(levels, levels, levels)
def test_a_fork_goes_on_by_itself(
    before: list[float], tried: list[float], after: list[float]
) -> None:
    mask = mask_of(before, flush=False)
    known = [*mask.stretches], [*mask.pauses], mask.open
    other = mask.fork()
    assert (other.stretches, other.pauses) == ([], [])
    other.push(np.array(tried, np.float32))
    other.flush(len(before + tried) * FRAME)
    whole = mask_of(before + tried)
    assert known[0] + other.stretches == whole.stretches
    assert known[1] + other.pauses == whole.pauses
    assert (mask.stretches, mask.pauses, mask.open) == known
    mask.push(np.array(after, np.float32))
    mask.flush(len(before + after) * FRAME)
    assert mask.stretches == mask_of(before + after).stretches


@given(levels)
def test_stretches_are_in_order_and_apart(probabilities: list[float]) -> None:
    mask = mask_of(probabilities)
    assert all(0 <= start < end for start, end in mask.stretches)
    assert all(a[1] < b[0] for a, b in pairwise(mask.stretches))
    for start, end in mask.pauses:
        assert any(a < start < end < b for a, b in mask.stretches)


@pytest.fixture(scope="module")
def talk(sample: Path) -> Array:
    return read_audio(sample)[: 12 * SAMPLE_RATE]


def probabilities_of(samples: Array, size: int) -> Array:
    stage = SpeechProbability(shipped_models())
    parts = [stage.push(samples[i : i + size]) for i in range(0, len(samples), size)]
    return np.concatenate([*parts, stage.flush()])


def test_probabilities_do_not_depend_on_chunks(talk: Array) -> None:
    whole = probabilities_of(talk, len(talk))
    assert len(whole) == -(-len(talk) // FRAME)
    for size in (1000, 512, 70_001):
        np.testing.assert_array_equal(probabilities_of(talk, size), whole)


def test_quiet_speech_is_heard_and_noise_and_silence_are_not(talk: Array) -> None:
    rng = np.random.default_rng(1)
    loud = probabilities_of(talk, 16_000) > 0.5
    quiet = probabilities_of(talk * np.float32(0.01), 16_000) > 0.5
    assert loud.mean() > 0.5
    assert (loud & quiet).sum() > 0.9 * loud.sum()
    noise = rng.normal(0, 1e-3, len(talk)).astype(np.float32)
    assert (probabilities_of(noise, 16_000) > 0.5).mean() < 0.05
    assert probabilities_of(np.zeros(16_000, np.float32), 16_000).max() < 0.5
