"""Every way to group windows keeps what the others keep: the number, the voices, the memory."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.arrays import Array
from core.errors import Cancelled, InputError
from core.refine.grouping import Grouping
from core.refine.methods import (
    _STAYS,
    LANDMARKS,
    METHODS,
    Material,
    MethodName,
    _smoothed,
    method_named,
)
from core.uisrnn.model import UISRNNModel
from tests.core.refine.test_grouping import agreement, conversation, in_a_row

DIM = 64


def echo() -> UISRNNModel:
    """A UIS-RNN that expects of a speaker the mean of what was heard of them."""
    one, none = np.eye(DIM, dtype=np.float32), np.zeros((DIM, DIM), np.float32)
    zeros = np.zeros(DIM, np.float32)
    gates = np.concatenate([zeros, zeros - 20, zeros])  # the state is always the newest
    return UISRNNModel(
        gru_w_ih=np.concatenate([none, none, one / 100]),
        gru_w_hh=np.concatenate([none, none, none]),
        gru_b_ih=gates,
        gru_b_hh=np.zeros(3 * DIM, np.float32),
        w1=one,
        b1=zeros,
        w2=one * 100,
        b2=zeros,
        h0=zeros,
        sigma2=np.full(DIM, 0.02, np.float32),
        transition_bias=0.1,
        crp_alpha=1.0,
    )


def grouping(
    name: MethodName, embeddings: Array, cancelled: Callable[[], bool] | None = None
) -> Grouping:
    way = method_named(name, echo)
    return Grouping(embeddings, in_a_row(len(embeddings)), cancelled=cancelled, method=way)


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("voices", [2, 4])
def test_voices_are_told_apart_and_counted(name: MethodName, voices: int) -> None:
    embeddings, labels = conversation(voices)
    prepared = grouping(name, embeddings)
    assert prepared.voices().count == voices
    found = prepared.voices(voices, voices)
    assert agreement(found, labels) > 0.97


@pytest.mark.parametrize("name", METHODS)
@given(
    data=st.data(),
    voices=st.integers(1, 4),
    count=st.integers(1, 60),
    noise=st.floats(0, 1.5),
    seed=st.integers(0, 20),
)
@settings(max_examples=15, deadline=None)
def test_any_number_is_kept(
    name: MethodName, data: st.DataObject, voices: int, count: int, noise: float, seed: int
) -> None:
    embeddings, _ = conversation(voices, turns=6, length=10, noise=noise, seed=seed)
    asked = data.draw(st.lists(st.integers(1, count), min_size=1, max_size=4))
    material = Material(embeddings[:count], in_a_row(count))
    for number, labels in zip(asked, method_named(name, echo)(material, asked), strict=True):
        assert labels.shape == (count,)
        assert set(labels.tolist()) == set(range(number))


@pytest.mark.parametrize("name", METHODS)
def test_what_was_corrected_holds_with_every_method(name: MethodName) -> None:
    embeddings, labels = conversation(3)
    anchors = np.full(len(labels), -1)
    anchors[labels == 0], anchors[np.flatnonzero(labels == 1)[:5]] = 7, 7
    anchors[np.flatnonzero(labels == 1)[8:12]] = 9
    found = Grouping(
        embeddings, in_a_row(len(labels)), anchors=anchors, method=method_named(name, echo)
    ).voices()
    assert len({*found.labels[anchors == 7]}) == len({*found.labels[anchors == 9]}) == 1
    assert {*found.labels[anchors == 7]}.isdisjoint(found.labels[anchors == 9])


@pytest.mark.parametrize("name", ["spectral", "vbx"])
def test_long_recordings_need_no_matrix_of_all_windows(name: MethodName) -> None:
    embeddings, labels = conversation(3, turns=400, length=20)
    assert len(labels) == 8 * LANDMARKS
    tracemalloc.start()
    found = grouping(name, embeddings).voices()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found.count == 3
    assert agreement(found, labels) > 0.97
    assert peak < len(labels) ** 2 * 4  # bytes of half such a matrix


@pytest.mark.parametrize("name", METHODS)
def test_every_method_can_be_stopped(name: MethodName) -> None:
    embeddings, _ = conversation(3)
    answers = iter([False] * 2 + [True] * 50)
    with pytest.raises(Cancelled):
        grouping(name, embeddings, lambda: next(answers))


def test_groups_are_voices_and_not_stretches_of_time() -> None:
    """Windows overlap, so each is most like those next to it, whoever speaks elsewhere."""
    embeddings, labels = conversation(2, turns=16, length=15, noise=0.1)
    noise = np.random.default_rng(1).normal(0, 0.25, (len(labels) + 4, DIM))
    shared = sum(noise[i : i + len(labels)] for i in range(5)) / 5**0.5
    overlapping = np.maximum(embeddings + shared, 0).astype(np.float32)
    for name in METHODS[:-1]:
        found = grouping(name, overlapping).voices(2, 2)
        assert agreement(found, labels) > 0.9, name


def test_only_uis_rnn_asks_for_the_model() -> None:
    def never() -> UISRNNModel:
        raise AssertionError("not needed")

    for name in METHODS[:-1]:
        method_named(name, never)
    with pytest.raises(AssertionError):
        method_named(METHODS[-1], never)


def test_uis_rnn_says_when_another_encoder_heard_the_voices() -> None:
    embeddings, _ = conversation(2)
    with pytest.raises(InputError, match=f"kept are {DIM - 1} numbers each.* takes {DIM}"):
        grouping("uis-rnn", embeddings[:, 1:])


@pytest.mark.parametrize("voices", [2, 3])
def test_the_hidden_markov_model_is_that_of_all_paths(voices: int) -> None:
    """Against the sum over every way through a short recording."""
    rng = np.random.default_rng(voices)
    scores, goes_on = rng.normal(0, 2, (5, voices)), np.array([False, True, False, True, True])
    expected = np.zeros_like(scores)
    for path in product(range(voices), repeat=5):
        chance = 1 / voices
        for n in range(1, 5):
            stays = _STAYS if goes_on[n] else _STAYS / 2
            chance *= (1 - stays) / voices + stays * (path[n] == path[n - 1])
        chance *= np.exp(scores[range(5), path].sum())
        for n, voice in enumerate(path):
            expected[n, voice] += chance
    expected /= expected.sum(axis=1, keepdims=True)
    other = rng.normal(0, 1, (5, 4))  # models of different sizes go through one loop
    found = _smoothed([scores, other], goes_on)
    np.testing.assert_allclose(found[0], expected, atol=1e-12)
    np.testing.assert_allclose(found[1].sum(axis=1), 1)
