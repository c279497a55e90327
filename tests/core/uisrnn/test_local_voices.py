"""The decoder is told which observations are of one local voice."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.uisrnn.decoder import Decoded, Decoder, LocalVoice, UISRNNModel
from tests.core.uisrnn.sequences import (
    apart,
    generated,
    voices_of,
)

HOP = 8000


def labels_of_voices(
    decoder: Decoder, rows: Iterable[np.ndarray], voices: Iterable[LocalVoice | None]
) -> list[int]:
    """All labels of observations of local voices, put together as a consumer would."""
    labels = [-1] * decoder.count
    before = len(labels)
    for row, voice in zip(rows, voices, strict=True):
        decoded = decoder.push(row, voice)
        assert decoded is not None
        labels[decoded.first :] = decoded.labels
    return labels[before:]


def vague(seed: int, true: list[int], alpha: float = 0.1) -> tuple[UISRNNModel, np.ndarray]:
    """Voices that are told apart, by a model that expects them to vary more."""
    model, rows = apart(seed, true)
    return replace(model, sigma2=np.float32(3) * model.sigma2, crp_alpha=alpha), rows


def between(share: float, one: int = 0, other: int = 1) -> np.ndarray:
    """Halfway or so between two of the voices of :func:`apart`."""
    row = np.zeros(8, np.float32)
    row[one], row[other] = 1 - share, share
    return row


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("share", [0.48, 0.5, 0.52])
def test_what_sounds_like_two_is_of_the_voice_it_goes_on_in(seed: int, share: float) -> None:
    model, rows = vague(seed, [0] * 8 + [1] * 8)
    known = Decoder(model, lag=20, max_speakers=2)
    voices = [LocalVoice(n // 8, n * HOP) for n in range(16)]
    assert labels_of_voices(known, rows, voices) == [0] * 8 + [1] * 8
    for track in (0, 1):
        decoded = known.fork().push(between(share), LocalVoice(track, 16 * HOP))
        assert decoded is not None
        assert decoded.labels[-1] == track


@pytest.mark.parametrize("seed", range(3))
def test_two_local_voices_of_one_moment_are_two_speakers(seed: int) -> None:
    """Where the sound leaves it open; later it may be the same one again."""
    model, rows = vague(seed, [0] * 8 + [1] * 8)
    decoder = Decoder(model, lag=20, max_speakers=2)
    labels_of_voices(decoder, rows, [LocalVoice(n // 8, n * HOP) for n in range(16)])
    at = 16 * HOP
    decoder.push(rows[-1], LocalVoice(1, at))
    for row, later, expected in (
        (between(0.5), 0, 0),
        (between(0.52), 0, 0),
        (between(0.6), 3 * HOP, 1),
        (rows[-1], 3 * HOP, 1),
    ):
        decoded = decoder.fork().push(row, LocalVoice(2, at + later))
        assert decoded is not None
        assert decoded.labels[-1] == expected, (later, row)


def test_a_merged_speaker_is_not_two_local_voices_at_once_either() -> None:
    """Whichever of the ways in which the speaker sounds is heard in the other local voice."""
    model, rows = vague(5, [0] * 8 + [1] * 8 + [2] * 8, 1e-6)
    decoder = Decoder(model, beam_size=10, lag=30)
    labels_of_voices(decoder, rows, [LocalVoice(n // 8, n * HOP) for n in range(24)])
    assert decoder.n_speakers == 3
    decoder.merge(0, 1)
    decoder.push(rows[0], LocalVoice(3, 24 * HOP))
    decoded = decoder.push(between(0.5, 1, 2), LocalVoice(4, 24 * HOP))
    assert decoded is not None
    assert decoded.labels[-1] == 2


def test_a_local_voice_that_is_given_to_another_speaker_goes_on_as_theirs() -> None:
    model, rows = apart(6, [0] * 8 + [1] * 8)
    decoder = Decoder(model, beam_size=10, lag=4)
    labels_of_voices(decoder, rows, [LocalVoice(n // 8, n * HOP) for n in range(16)])
    decoder.relearn(0, rows[8:], newest=True)
    decoded = decoder.push(rows[-1], LocalVoice(1, 16 * HOP))
    assert decoded is not None
    assert decoded.labels[-1] == 0


def test_local_voices_that_are_silent_are_forgotten() -> None:
    model, rows = apart(7, [0, 1] * 200)
    decoder = Decoder(model, beam_size=4, lag=4)
    for n, row in enumerate(rows):
        decoder.push(row, LocalVoice(n // 3, n * HOP))
        assert len(decoder._tracks) <= 10


def some_voices(choice: random.Random, count: int) -> list[LocalVoice | None]:
    """Local voices as they may come: in order, several at one moment, none."""
    voices: list[LocalVoice | None] = []
    at = 0
    for _ in range(count):
        at += choice.choice((0, 500, HOP, HOP, 30 * HOP))
        track = at // (10 * HOP) * 3 + choice.randrange(3)
        voices.append(choice.choice((None, LocalVoice(track, at), LocalVoice(track, at))))
    return voices


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    at=st.integers(0, 40),
    lag=st.none() | st.integers(0, 8),
    choice=st.randoms(use_true_random=False),
)
def test_a_fork_changes_nothing_and_goes_on_as_the_original_would(
    seed: int, at: int, lag: int | None, choice: random.Random
) -> None:
    case = generated(seed, 40, noise=0.5)
    voices = some_voices(choice, 40)
    plain, asked = (Decoder(case.model, beam_size=6, lag=lag) for _ in range(2))
    other: Decoder | None = None
    for n, (row, voice) in enumerate(zip(case.embeddings, voices, strict=True)):
        if n == at:
            tried = asked.fork()
            tried.push(-row)
            tried.limit(1)
            tried.finish()
            other = asked.fork()
        decoded = plain.push(row, voice)
        assert asked.push(row, voice) == decoded
        if other is not None:
            assert other.push(row, voice) == decoded
    assert plain.finish() == asked.finish()


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    beam_size=st.integers(1, 8),
    lag=st.integers(0, 8),
    cap=st.none() | st.integers(1, 3),
    moments=st.sets(st.integers(8, 55), max_size=5),
    choice=st.randoms(use_true_random=False),
)
def test_corrections_among_local_voices(
    seed: int,
    beam_size: int,
    lag: int,
    cap: int | None,
    moments: set[int],
    choice: random.Random,
) -> None:
    """Labels stay valid, settled ones stay, and the cap holds."""
    case = generated(seed, 60, noise=0.5)
    decoder = Decoder(case.model, beam_size=beam_size, lag=lag, max_speakers=cap)
    labels: list[int] = []
    settled = 0

    def take(decoded: Decoded | None) -> None:
        nonlocal settled
        assert decoded is not None
        assert decoded.first >= settled
        labels[decoded.first :] = decoded.labels
        settled = decoded.settled
        assert len(labels) == decoder.count
        assert not decoder._merged.keys() & set(labels[settled:])
        assert np.isfinite(decoder._scores).all()
        assert cap is None or max(voices_of(decoder)) <= cap

    voices = some_voices(choice, 60)
    for n, (row, voice) in enumerate(zip(case.embeddings, voices, strict=True)):
        if n in moments:
            there = sorted(set(range(decoder.n_speakers)) - decoder._merged.keys())
            if len(there) > 1 and choice.random() < 0.5:
                take(decoder.merge(*choice.sample(there, 2)))
            else:
                heard = case.embeddings[n - 5 : n]
                take(decoder.relearn(choice.choice(there), heard, newest=choice.random() < 0.5))
        take(decoder.push(row, voice))
    take(decoder.finish())
    assert settled == 60
