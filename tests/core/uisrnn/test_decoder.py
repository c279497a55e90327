"""The incremental decoder: the package's labels, and what a stream may rely on."""

from __future__ import annotations

import gc
import tracemalloc
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.bench.sequences import cases, conversation, following_model, random_model
from core.uisrnn.decoder import Decoded, Decoder, UISRNNModel, decode
from tests.core.uisrnn.sequences import (
    generated,
    labels_of,
)

CASES = 200


@pytest.fixture
def reference() -> object:
    torch = pytest.importorskip("torch", reason="the reference decoder needs [train]")
    pytest.importorskip("uisrnn", reason="the reference decoder needs [train]")
    from core.training.reference import uisrnn_decoder

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield uisrnn_decoder
    torch.set_num_threads(threads)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))
def test_labels_are_those_of_the_package(part: int, reference: object) -> None:
    different = []
    for number, case in enumerate(cases(CASES)):
        if number % 4 == part:
            options = {"beam_size": case.beam_size, "passes": case.passes}
            ours = decode(case.model, case.embeddings, **options)
            theirs = reference.reference_decode(case.model, case.embeddings, **options)
            if not np.array_equal(ours, theirs):
                different.append(number)
    assert different == []


def test_the_generated_cases_are_not_all_easy() -> None:
    speakers = [decode(c.model, c.embeddings, beam_size=c.beam_size).max() + 1 for c in cases(60)]
    assert sum(count >= 3 for count in speakers) >= 18
    assert max(speakers) >= 10


@pytest.mark.slow
@pytest.mark.parametrize(("temper", "crp_alpha"), [(1, 1.0), (10, 1e-3)])
def test_starting_weights_label_as_the_package(
    temper: int, crp_alpha: float, shared: Path, reference: object
) -> None:
    model = UISRNNModel.from_npz(shared / "models" / "uisrnn-v0.npz")
    model = replace(model, sigma2=np.float32(temper) * model.sigma2, crp_alpha=crp_alpha)
    talk = conversation(np.random.default_rng(8), 25, model.dim, 4, noise=0.6, change=0.3)
    ours = decode(model, talk)
    np.testing.assert_array_equal(ours, reference.reference_decode(model, talk))


def test_a_first_element_that_agrees_rules_a_speaker_out(reference: object) -> None:
    """The package divides by the number of vectors whose first element differs."""
    model = following_model(np.random.default_rng(0), 8, spread=0.3)
    flat = replace(
        model, w2=np.vstack([np.zeros((1, 8), np.float32), model.w2[1:]]), b2=0 * model.b2
    )
    talk = conversation(np.random.default_rng(1), 12, 8, 3)
    talk[3::4, 0] = 0.5
    assert decode(flat, talk).min() == 0
    talk[1::4, 0] = 0.0  # the mean's first element is always zero: no speaker is possible
    ours = decode(flat, talk)
    assert (ours[1::4] == -1).all()
    assert (np.delete(ours, np.s_[1::4]) >= 0).all()
    shifted = replace(flat, b2=np.eye(1, 8, dtype=np.float32)[0] * 0.5)
    talk[1::4, 0] = 0.25
    talk = talk[np.arange(12) % 4 != 3]
    np.testing.assert_array_equal(decode(shifted, talk), reference.reference_decode(shifted, talk))


@pytest.mark.parametrize("lag", [None, 3])
@pytest.mark.parametrize("max_speakers", [None, 2])
def test_reference_decoder_answers_every_push_alike(
    lag: int | None, max_speakers: int | None, reference: object
) -> None:
    case = generated(5, length=18, change=0.3)
    options = {"beam_size": 4, "max_speakers": max_speakers, "lag": lag}
    ours = Decoder(case.model, **options)
    theirs = reference.ReferenceDecoder(case.model, **options)
    talk = [*case.embeddings[:6], np.zeros(12), np.full(12, np.nan), *case.embeddings[6:]]
    for embedding in talk:
        assert ours.push(embedding) == theirs.push(embedding)
        assert (ours.count, ours.n_speakers) == (theirs.count, theirs.n_speakers)
    assert ours.finish() == theirs.finish()
    assert ours.rejected == theirs.rejected == {"zero": 1, "non-finite": 1}


@given(seed=st.integers(0, 10**6), length=st.integers(0, 30), beam_size=st.integers(1, 12))
def test_labels_so_far_are_those_of_what_was_heard(seed: int, length: int, beam_size: int) -> None:
    case = generated(seed, 40)
    decoder = Decoder(case.model, beam_size=beam_size)
    labels = labels_of(decoder, case.embeddings[:length])
    expected = decode(case.model, case.embeddings[:length], beam_size=beam_size)
    assert labels == expected.tolist()
    assert decoder.count == length
    assert decoder.n_speakers == len(set(labels))


@given(
    seed=st.integers(0, 10**6),
    beam_size=st.integers(1, 10),
    lag=st.none() | st.integers(0, 8),
    cap=st.none() | st.integers(1, 4),
)
def test_settled_labels_never_change(
    seed: int, beam_size: int, lag: int | None, cap: int | None
) -> None:
    case = generated(seed)
    decoder = Decoder(case.model, beam_size=beam_size, lag=lag, max_speakers=cap)
    labels: list[int] = []
    settled = 0
    for count, embedding in enumerate(case.embeddings, start=1):
        decoded = decoder.push(embedding)
        assert decoded.first >= settled
        assert decoded.first + len(decoded.labels) == count == decoder.count
        assert labels[decoded.first : decoded.first + 1] != list(decoded.labels[:1])
        labels[decoded.first :] = decoded.labels
        assert settled <= decoded.settled <= count
        settled = decoded.settled
        if lag is not None:
            assert settled >= count - lag
        if beam_size == 1:
            assert settled == count
        if cap is not None:
            assert max(labels) < cap
    if lag is None:
        again = decode(case.model, case.embeddings, beam_size=beam_size, max_speakers=cap)
        assert labels == again.tolist()
    assert decoder.finish() == Decoded(40, (), 40)


def test_after_finish_only_the_best_beam_goes_on() -> None:
    case = generated(13, length=60)
    decoder = Decoder(case.model)
    labels = labels_of(decoder, case.embeddings[:30])
    assert decoder.finish().settled == 30
    for embedding in case.embeddings[30:]:
        decoded = decoder.push(embedding)
        assert decoded.first >= 30
        labels[decoded.first :] = decoded.labels
    assert len(labels) == 60


def test_some_labels_are_open_and_some_settle_early() -> None:
    case = generated(1, length=120, noise=0.8)
    decoder = Decoder(case.model)
    open_labels = [decoder.count - decoder.push(x).settled for x in case.embeddings]
    assert max(open_labels) > 3
    assert min(open_labels[60:]) < 60


def test_without_beams_that_disagree_a_lag_changes_nothing() -> None:
    case = generated(2)
    assert labels_of(Decoder(case.model, lag=100), case.embeddings) == labels_of(
        Decoder(case.model), case.embeddings
    )


@pytest.mark.parametrize("cap", [1, 2, 3])
def test_cap_is_kept_and_used(cap: int) -> None:
    case = generated(3, length=60, noise=0.2)
    free = decode(case.model, case.embeddings)
    assert free.max() + 1 > 3
    capped = decode(case.model, case.embeddings, max_speakers=cap)
    assert capped.max() + 1 == cap
    roomy = decode(case.model, case.embeddings, max_speakers=int(free.max()) + 20)
    np.testing.assert_array_equal(roomy, free)


def test_speakers_are_numbered_as_they_appear() -> None:
    labels = decode(*generated_arguments(4))
    _, firsts = np.unique(labels, return_index=True)
    assert (np.diff(firsts) > 0).all()


def generated_arguments(seed: int) -> tuple[UISRNNModel, np.ndarray]:
    case = generated(seed, noise=0.2)
    return case.model, case.embeddings


UNUSABLE = {
    "non-finite": [np.full(12, np.nan), np.r_[np.ones(11), np.inf], np.r_[-np.inf, np.ones(11)]],
    "zero": [np.zeros(12), np.full(12, 1e-60), np.zeros(12, np.int64)],
    "wrong shape": [np.ones(11), np.ones((1, 12)), np.float64(1.0), [], [[1.0], [1.0, 2.0]]],
    "too large": [np.full(12, 1e30), np.full(12, 1e300)],
    "not numbers": [np.array(["a"] * 12), np.full(12, 1j), [None] * 12],
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("reason", UNUSABLE)
def test_unusable_embeddings_reach_no_beam(reason: str) -> None:
    case = generated(6)
    decoder = Decoder(case.model)
    talk: list[object] = []
    for number, embedding in enumerate(case.embeddings):
        talk += UNUSABLE[reason] if number % 3 == 0 else []
        talk.append(embedding)
    labels = labels_of(decoder, talk)
    assert labels == decode(case.model, case.embeddings).tolist()
    assert decoder.rejected == {reason: len(UNUSABLE[reason]) * 14}


def test_decode_marks_unusable_rows() -> None:
    case = generated(7)
    holes = case.embeddings.copy()
    holes[[0, 9, 39]] = [[np.nan], [0.0], [np.inf]]
    whole = decode(case.model, np.delete(case.embeddings, [0, 9, 39], axis=0), passes=2)
    labels = decode(case.model, holes, passes=2)
    assert labels.dtype == np.int64
    assert labels[[0, 9, 39]].tolist() == [-1, -1, -1]
    assert np.delete(labels, [0, 9, 39]).tolist() == whole.tolist()
    assert decode(case.model, holes[:0]).shape == (0,)


def test_no_randomness_and_no_change_of_what_is_given() -> None:
    case = generated(8)
    kept = case.embeddings.copy()
    np.random.seed(1)  # noqa: NPY002  (a library might use the old global generator)
    before = np.random.get_state()[1].tolist()  # noqa: NPY002
    first = decode(case.model, case.embeddings)
    assert np.random.get_state()[1].tolist() == before  # noqa: NPY002
    np.testing.assert_array_equal(decode(case.model, case.embeddings), first)
    np.testing.assert_array_equal(case.embeddings, kept)
    interleaved = [Decoder(case.model), Decoder(case.model)]
    for embedding in case.embeddings:
        assert interleaved[0].push(embedding) == interleaved[1].push(embedding)


def test_a_buffer_may_be_reused_by_the_caller() -> None:
    case = generated(9)
    buffer, decoder, labels = np.empty(12, np.float32), Decoder(case.model), []
    for embedding in case.embeddings:
        buffer[:] = embedding
        decoded = decoder.push(buffer)
        buffer[:] = np.nan
        labels[decoded.first :] = decoded.labels
    assert labels == decode(case.model, case.embeddings.astype(np.float32)).tolist()


@pytest.mark.slow
@pytest.mark.parametrize("lag", [None, 30])
def test_memory_is_bounded(lag: int | None) -> None:
    rng = np.random.default_rng(10)
    model = following_model(rng, 8, spread=0.4)
    talk = conversation(rng, 500, 8, 4)
    decoder = Decoder(model, beam_size=4, max_speakers=8, lag=lag)

    def memory_after(count: int) -> int:
        for number in range(count):
            decoder.push(talk[number % len(talk)])
        gc.collect()  # also lets go of the interpreter's stock of small tuples
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    before = memory_after(300)
    grown = memory_after(1_200) - before
    tracemalloc.stop()
    assert decoder.count == 1_500
    # A label that stays open takes four bytes in each of the four beams (and room to grow).
    assert grown < 10_000 + (0 if lag is not None else 1_200 * 4 * 4 * 2)


def test_scores_stay_in_the_range_where_they_tell_beams_apart() -> None:
    """A likelihood summed in float32 for ever would stop growing; far earlier, ties decide."""
    rng = np.random.default_rng(11)
    model = following_model(rng, 8, spread=0.001)
    decoder = Decoder(model, beam_size=3, max_speakers=2)
    for embedding in conversation(rng, 400, 8, 2, noise=0.5):
        decoder.push(embedding)
    assert decoder.count == 400
    assert 2.0**22 < decoder._scores[0] < 2.0**25


@pytest.mark.parametrize("option", [{"beam_size": 0}, {"max_speakers": 0}, {"lag": -1}])
def test_options_out_of_range(option: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=next(iter(option))):
        Decoder(generated(0).model, **option)


def test_random_models_of_any_hidden_size() -> None:
    rng = np.random.default_rng(12)
    model = random_model(rng, 7, 13)
    assert decode(model, conversation(rng, 30, 7, 3)).min() == 0
