"""Telling voices apart within one recording."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from core.errors import Cancelled
from core.models.folders import current_models
from core.pipeline import decoder_model
from core.refine.grouping import GroupedVoices, Grouping
from core.refine.links import WindowPlaces
from core.refine.methods import LANDMARKS, Method, in_turns, spectral, uis_rnn, vbx
from core.stream.changes import NOBODY

Array = NDArray[np.float32]


def conversation(
    voices: int, turns: int = 20, length: int = 12, *, noise: float = 0.25, seed: int = 0
) -> tuple[Array, NDArray[np.int64]]:
    """Non-negative embeddings of windows in turns of one voice each, as the encoder makes them."""
    rng = np.random.default_rng(seed)
    means = np.maximum(rng.normal(0, 1, (voices, 64)), 0) + 0.3
    labels = np.repeat(np.arange(turns) % voices, length)
    vary = rng.normal(0, noise, (len(labels), 64))
    drift = np.repeat(rng.normal(0, noise / 2, (turns, 64)), length, axis=0)
    found = np.maximum(means[labels] + vary + drift, 0)
    return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32), labels


def in_a_row(count: int) -> WindowPlaces:
    """Windows a hop apart, of no local voice."""
    return WindowPlaces(np.arange(count) * 8000 + 12_920, np.full(count, NOBODY))


def cluster(
    embeddings: Array, places: WindowPlaces, minimum: int = 1, maximum: int | None = None
) -> GroupedVoices:
    return Grouping(embeddings, places).voices(minimum, maximum)


def agreement(voices: GroupedVoices, labels: NDArray[np.int64]) -> float:
    """Part of the windows in the majority group of their true voice."""
    hits = sum(np.bincount(voices.labels[labels == label]).max() for label in np.unique(labels))
    return float(hits / len(labels))


@pytest.mark.parametrize("voices", [2, 3, 5])
@pytest.mark.parametrize("seed", [0, 1])
def test_the_number_of_voices_is_found(voices: int, seed: int) -> None:
    embeddings, labels = conversation(voices, seed=seed)
    found = cluster(embeddings, in_a_row(len(labels)))
    assert found.count == voices
    assert agreement(found, labels) > 0.98


@pytest.mark.parametrize("asked", [1, 2, 3, 4, 7])
def test_an_exact_number_is_kept(asked: int) -> None:
    embeddings, labels = conversation(3)
    found = cluster(embeddings, in_a_row(len(labels)), asked, asked)
    assert found.count == asked
    assert set(found.labels.tolist()) == set(range(asked))


@pytest.mark.parametrize(("low", "high"), [(4, 6), (1, 2), (2, None), (5, None)])
def test_a_range_is_kept(low: int, high: int | None) -> None:
    embeddings, labels = conversation(3)
    assert low <= cluster(embeddings, in_a_row(len(labels)), low, high).count <= (high or 99)


@pytest.mark.parametrize("count", [1, 2, 3, 5, 30])
@pytest.mark.parametrize("asked", [1, 2, 4])
def test_few_windows(count: int, asked: int) -> None:
    embeddings, _ = conversation(2, turns=4, length=10)
    found = cluster(embeddings[:count], in_a_row(count), asked, asked)
    assert found.count == min(asked, count)
    assert cluster(embeddings[:count], in_a_row(count)).count <= 2


def test_few_windows_of_two_very_different_voices_are_two() -> None:
    embeddings, labels = conversation(2, turns=4, length=10, noise=0.1)
    found = cluster(embeddings, in_a_row(len(labels)))
    assert found.count == 2
    assert agreement(found, labels) == 1


@pytest.mark.parametrize("count", [1, 3, 7])
def test_a_few_seconds_are_one_voice_unless_more_are_asked_for(count: int) -> None:
    embeddings, _ = conversation(2, turns=8, length=1)
    assert cluster(embeddings[:count], in_a_row(count)).count == 1
    assert cluster(embeddings[:count], in_a_row(count), 2, 2).count == min(2, count)


def test_no_windows() -> None:
    assert cluster(np.zeros((0, 64), np.float32), in_a_row(0)).count == 0


def test_identical_windows_are_one_voice() -> None:
    embeddings = np.tile(conversation(1, 1, 1)[0], (100, 1))
    assert cluster(embeddings, in_a_row(100)).count == 1


@pytest.mark.slow
def test_long_recordings_are_decided_on_landmarks_and_labelled_whole() -> None:
    embeddings, labels = conversation(4, turns=500)
    assert len(labels) > 5 * LANDMARKS
    found = cluster(embeddings, in_a_row(len(labels)))
    assert found.count == 4
    assert agreement(found, labels) > 0.98


def test_the_same_input_gives_the_same_result() -> None:
    embeddings, labels = conversation(3, noise=0.6)
    one, other = (cluster(embeddings, in_a_row(len(labels))) for _ in range(2))
    np.testing.assert_array_equal(one.labels, other.labels)


def test_pulls_are_smallest_to_the_own_voice() -> None:
    embeddings, labels = conversation(3)
    found = cluster(embeddings, in_a_row(len(labels)))
    assert (found.pulls.argmin(axis=1) == found.labels).mean() > 0.98


@pytest.mark.slow
@given(
    voices=st.integers(1, 5),
    seed=st.integers(0, 50),
    noise=st.floats(0.2, 1.2),
    biases=st.lists(st.floats(-1, 1), min_size=2, max_size=6),
)
@settings(max_examples=25, deadline=None)
def test_more_never_finds_fewer(voices: int, seed: int, noise: float, biases: list[float]) -> None:
    embeddings, labels = conversation(voices, turns=12, noise=noise, seed=seed)
    grouping = Grouping(embeddings, in_a_row(len(labels)))
    counts = [grouping.voices(bias=bias).count for bias in sorted([-1, *biases, 1])]
    assert counts == sorted(counts)


def test_fewer_and_more_reach_far() -> None:
    embeddings, labels = conversation(4, noise=0.6)
    grouping = Grouping(embeddings, in_a_row(len(labels)))
    found = [grouping.voices(bias=bias).count for bias in (-1, 0, 1)]
    assert found[0] < found[1] < found[2]


@pytest.mark.slow
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_what_is_certain_stays_together_and_apart(data: st.DataObject) -> None:
    embeddings, labels = conversation(3, turns=9, length=8)
    anchors = np.full(len(labels), -1)
    for index in data.draw(st.lists(st.integers(0, len(labels) - 1), max_size=12)):
        anchors[index] = data.draw(st.integers(0, 3))
    found = Grouping(embeddings, in_a_row(len(labels)), anchors=anchors).voices(
        *data.draw(st.sampled_from([(1, None), (2, 2), (1, 1), (5, 5)]))
    )
    held = np.flatnonzero(anchors >= 0)
    same_speaker = anchors[held][:, None] == anchors[held]
    same_voice = found.labels[held][:, None] == found.labels[held]
    np.testing.assert_array_equal(same_voice, same_speaker)


def test_what_sounds_alike_follows_a_correction() -> None:
    """Two voices that were one: an example of each, and the rest goes along."""
    embeddings, labels = conversation(3, noise=0.3)
    anchors = np.full(len(labels), -1)
    for voice in (0, 1):
        anchors[np.flatnonzero(labels == voice)[3:9]] = voice
    plain = Grouping(embeddings, in_a_row(len(labels))).voices(1, 1)
    corrected = Grouping(embeddings, in_a_row(len(labels)), anchors=anchors).voices(3, 3)
    assert plain.count == 1
    assert agreement(corrected, labels) > 0.98
    assert len({*corrected.labels[anchors == 0], *corrected.labels[anchors == 1]}) == 2


@pytest.mark.parametrize("asked", [0, 1, 2, 6])
def test_it_can_be_cancelled_between_the_steps(asked: int) -> None:
    embeddings, labels = conversation(3)
    answers = iter([False] * asked + [True] * 20)
    with pytest.raises(Cancelled):
        Grouping(embeddings, in_a_row(len(labels)), cancelled=lambda: next(answers))


PRINTS = ("one again and again", "alike", "at random", "a few, each several times")


def of_one_voice(kind: str, count: int, seed: int) -> Array:
    """Embeddings of windows of one voice, as they may come."""
    rng = np.random.default_rng(seed)
    voice = np.maximum(rng.normal(0, 1, 64), 0) + 0.3
    if kind == "one again and again":
        found = np.tile(voice, (count, 1))
    elif kind == "at random":
        found = np.abs(rng.normal(0, 1, (count, 64)))
    else:
        found = np.maximum(voice + rng.normal(0, 0.25, (count, 64)), 0)
        if kind.startswith("a few"):
            found = np.repeat(found, 4, axis=0)[:count]
    return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)


def of_local_voices(count: int, seed: int) -> WindowPlaces:
    """Windows as the stream makes them of talk: local voices, gaps, two at one moment, none."""
    rng = np.random.default_rng(seed)
    centres = np.cumsum(rng.choice([0, 500, 8000, 8000, 8000, 40_000], count)) + 12_920
    voices = np.cumsum(rng.random(count) < 0.2) % 3 + 3 * (centres // 80_000)
    voices[rng.random(count) < 0.1] = NOBODY
    return WindowPlaces(centres, voices)


def one_local_voice(count: int, seed: int) -> WindowPlaces:
    return WindowPlaces(in_a_row(count).centres, np.full(count, seed))


def side_by_side(count: int, seed: int) -> WindowPlaces:
    """Two local voices at every moment: segmentation was wrong throughout."""
    return WindowPlaces(np.arange(count) // 2 * 8000 + 12_920, np.arange(count) % 2)


@pytest.mark.slow
@pytest.mark.parametrize("method", [in_turns, spectral, vbx])
@pytest.mark.parametrize(
    "placed",
    [lambda count, seed: in_a_row(count), of_local_voices, one_local_voice, side_by_side],
    ids=["in a row", "local voices", "one local voice", "side by side"],
)
@given(kind=st.sampled_from(PRINTS), count=st.integers(1, 60), seed=st.integers(0, 1000))
@settings(max_examples=20, deadline=None)
def test_one_voice_is_never_more_than_two(
    method: Method, placed: Callable[[int, int], WindowPlaces], kind: str, count: int, seed: int
) -> None:
    embeddings = of_one_voice(kind, count, seed)
    assert Grouping(embeddings, placed(count, seed), method=method).voices().count <= 2


@pytest.mark.parametrize("count", [8, 9, 10, 11, 12, 20, 60])
@pytest.mark.parametrize("kind", PRINTS)
@pytest.mark.parametrize("placed", [lambda count, seed: in_a_row(count), of_local_voices])
def test_one_voice_by_uis_rnn(
    placed: Callable[[int, int], WindowPlaces], kind: str, count: int
) -> None:
    model = decoder_model(current_models())
    embeddings = of_one_voice(kind, count, 0)
    embeddings = np.repeat(embeddings, -(-model.dim // 64), axis=1)[:, : model.dim]
    embeddings /= np.linalg.norm(embeddings, axis=1, keepdims=True)
    found = Grouping(embeddings, placed(count, 0), method=uis_rnn(model)).voices()
    assert found.count <= 2
