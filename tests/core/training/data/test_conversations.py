"""Simulated conversations: what the reference says is what is in the samples."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InputError
from core.training.data.conversations import ConversationSettings, LogNormal, plan, simulate
from core.units import SAMPLE_RATE
from tests.core.training.talking import band_amplitudes, timbre, voices

DRY = ConversationSettings(duration=20.0, rooms=False, snr=None, speakers=(1, 5))
SEEDS = st.integers(0, 2**32)


@given(SEEDS, st.integers(1, 8), st.floats(0, 1), st.floats(0, 0.5), st.floats(0.5, 200))
def test_plan_is_possible(
    seed: int, count: int, overlaps: float, backchannels: float, duration: float
) -> None:
    talk = ConversationSettings(
        duration=duration, overlap_share=overlaps, backchannels=backchannels
    )
    turns, small = plan(np.random.default_rng(seed), talk, count)
    everything = sorted([*turns, *small])
    assert turns == sorted(turns, key=lambda t: t.start) or overlaps > 0
    assert all(0 <= t.start < t.end <= round(duration * SAMPLE_RATE) for t in everything)
    for speaker in range(count):
        own = [t for t in everything if t.speaker == speaker]
        assert all(first.end < second.start for first, second in pairwise(own))
    first_words = dict.fromkeys(t.speaker for t in everything)
    assert list(first_words) == list(range(len(first_words)))
    for word in small:
        assert any(
            t.start <= word.start and word.end <= t.end and t.speaker != word.speaker for t in turns
        )


def test_plan_talks_as_it_was_told() -> None:
    rng = np.random.default_rng(1)
    talk = replace(DRY, duration=3600.0)
    turns, small = plan(rng, talk, 4)
    assert {t.speaker for t in turns} == {0, 1, 2, 3}
    seconds = np.array([t.duration for t in turns]) / SAMPLE_RATE
    assert np.median(seconds) == pytest.approx(talk.turn.median, rel=0.15)
    overlapped = np.mean([b.start < a.end for a, b in pairwise(turns)])
    assert overlapped == pytest.approx(talk.overlap_share, abs=0.06)
    assert len(small) / seconds.sum() == pytest.approx(talk.backchannels, rel=0.35)
    replies = np.mean([a.speaker == c.speaker for a, c in zip(turns, turns[2:], strict=False)])
    assert replies > 0.4
    turns, small = plan(rng, replace(talk, overlap_share=0.0, backchannels=0.0), 3)
    assert not small
    assert all(a.end < b.start for a, b in pairwise(turns))


@settings(max_examples=15)
@given(SEEDS)
def test_reference_is_what_is_heard(seed: int) -> None:
    talk = simulate(voices(range(5)), np.random.default_rng(seed), DRY)
    spoken = np.zeros(len(talk.samples), np.bool_)
    for turn in talk.reference.turns:
        spoken[turn.start : turn.end] = True
        assert talk.samples[turn.start] != 0
        assert talk.samples[turn.end - 1] != 0
    assert not talk.samples[~spoken].any()
    longest_breath = round(DRY.breath.longest * SAMPLE_RATE)
    quiet = np.flatnonzero(spoken & (talk.samples == 0))
    runs = np.split(quiet, np.flatnonzero(np.diff(quiet) > 1) + 1)
    assert max(map(len, runs)) <= longest_breath
    assert len(talk.samples) == talk.reference.duration == 20 * SAMPLE_RATE
    assert np.abs(talk.samples).max() <= 1.0
    assert {s.name for s in talk.reference.speakers} <= set(voices(range(5)))


@settings(max_examples=10)
@given(SEEDS)
def test_turn_has_the_voice_of_its_speaker(seed: int) -> None:
    alone = replace(DRY, overlap_share=0.0, backchannels=0.0)
    talk = simulate(voices(range(5)), np.random.default_rng(seed), alone)
    timbres = np.array([timbre(number) for number in range(5)])
    for turn in talk.reference.turns:
        heard = band_amplitudes(talk.samples[np.newaxis, turn.start : turn.end])
        nearest = int((timbres @ heard[0]).argmax())
        assert talk.reference.speaker(turn.speaker).name == f"voice {nearest}"


def test_same_generator_same_conversation() -> None:
    full = ConversationSettings(duration=10.0)
    first, again = (simulate(voices(range(4)), np.random.default_rng(7), full) for _ in range(2))
    np.testing.assert_array_equal(first.samples, again.samples)
    assert first.reference == again.reference
    other = simulate(voices(range(4)), np.random.default_rng(8), full)
    assert other.reference != first.reference


def test_room_and_noise_leave_the_timing_alone() -> None:
    wet = simulate(voices(range(3)), np.random.default_rng(3), replace(DRY, rooms=True))
    noisy = replace(DRY, rooms=True, snr=(20.0, 20.0))
    heard = simulate(voices(range(3)), np.random.default_rng(3), noisy)
    assert wet.reference == heard.reference
    start = min(turn.start for turn in wet.reference.turns)
    assert not np.abs(wet.samples[:start]).max(initial=0) > 1e-6
    assert heard.samples[:start].any()
    difference = heard.samples - wet.samples
    assert 0 < np.mean(difference**2) < 0.05 * np.mean(wet.samples**2)


def test_voices_without_sound() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(InputError, match="no voices"):
        simulate({}, rng)
    silent = {"mute": [lambda: np.zeros(16000, np.float32), lambda: np.zeros(0, np.float32)]}
    with pytest.raises(InputError, match="speaker mute has no utterance"):
        simulate(silent, rng)
    one_good = {"shy": [*silent["mute"], *voices(range(1))["voice 0"]]}
    assert simulate(one_good, rng, DRY).samples.any()


def test_length_is_within_its_limits() -> None:
    rng = np.random.default_rng(0)
    length = LogNormal(1.0, 2.0, 0.5, 2.0)
    drawn = np.array([length.draw(rng) for _ in range(500)])
    assert drawn.min() == 8000
    assert drawn.max() == 32000
    assert 14000 < np.median(drawn) < 18500
