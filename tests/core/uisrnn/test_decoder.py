"""The incremental decoder: the package's labels, and what a stream may rely on."""

from __future__ import annotations

import gc
import random
import tracemalloc
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.bench.sequences import Case, cases, conversation, following_model, random_model
from core.errors import EditError
from core.uisrnn.decoder import Decoded, Decoder, LocalVoice, UISRNNModel, decode

CASES = 200


def generated(seed: int, length: int = 40, dim: int = 12, **options: float) -> Case:
    """A conversation of six in which the beams disagree for a while."""
    rng = np.random.default_rng(seed)
    model = following_model(rng, dim, spread=0.6)
    return Case(model, conversation(rng, length, dim, 6, **options), 10, 1)


def labels_of(decoder: Decoder, embeddings: Iterable[object]) -> list[int]:
    """All labels, put together as a consumer would."""
    labels: list[int] = []
    for embedding in embeddings:
        decoded = decoder.push(embedding)
        if decoded is not None:
            labels[decoded.first :] = decoded.labels
    return labels


# ---- the package's labels


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


# ---- a stream


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


# ---- corrections while it works


def with_groups(labels: list[int], merges: dict[int, int]) -> list[int]:
    def kept(label: int) -> int:
        while label in merges:
            label = merges[label]
        return label

    return [kept(label) for label in labels]


@settings(max_examples=40)
@given(
    seed=st.integers(0, 10**6),
    beam_size=st.integers(1, 10),
    lag=st.none() | st.integers(0, 8),
    moments=st.lists(st.integers(5, 55), min_size=1, max_size=3, unique=True),
    choice=st.randoms(use_true_random=False),
)
def test_a_merged_speaker_is_never_heard_again(
    seed: int, beam_size: int, lag: int | None, moments: list[int], choice: random.Random
) -> None:
    case = generated(seed, 60, noise=0.5)
    decoder = Decoder(case.model, beam_size=beam_size, lag=lag)
    labels: list[int] = []
    gone: set[int] = set()
    settled = 0

    def take(decoded: Decoded) -> None:
        nonlocal settled
        assert decoded.first >= settled
        labels[decoded.first :] = decoded.labels
        assert len(labels) == decoder.count
        settled = decoded.settled

    for number, embedding in enumerate(case.embeddings):
        if number in moments:
            there = sorted(set(range(decoder.n_speakers)) - gone)
            if len(there) > 1:
                keep, lost = choice.sample(there, 2)
                before, fixed = list(labels), settled
                take(decoder.merge(keep, lost))
                gone.add(lost)
                # What was settled stays, the rest is the best labelling as it was, but for this.
                assert labels == before[:fixed] + with_groups(before[fixed:], {lost: keep})
        take(decoder.push(embedding))
        assert not gone & set(labels[settled:])
    take(decoder.finish())
    assert settled == 60


def two_of_one(seed: int) -> tuple[UISRNNModel, np.ndarray, list[int]]:
    """Two voices, each near one of two directions; the model hears four."""
    rng = np.random.default_rng(seed)
    model = following_model(rng, 8, spread=0.3)
    true = [int(rng.integers(4)) for _ in range(20) for _ in range(4)]
    rows = np.eye(8, dtype=np.float32)[true] + rng.normal(0, 0.02, (80, 8)).astype(np.float32)
    return model, rows, true


def test_after_a_merge_both_ways_of_a_voice_are_known_as_one() -> None:
    model, rows, true = two_of_one(1)
    decoder = Decoder(model, lag=10)
    first = labels_of(decoder, rows[:40])
    name = dict(zip(true, first, strict=False))
    assert len(set(name.values())) == 4
    decoder.merge(name[0], name[1])
    labels = list(first)
    for row in rows[40:]:
        decoded = decoder.push(row)
        labels[decoded.first :] = decoded.labels
    assert labels[40:] == [name[0] if t in (0, 1) else name[t] for t in true[40:]]


def test_a_merge_makes_room_for_another_speaker() -> None:
    model, rows, true = two_of_one(2)
    order = list(dict.fromkeys(true))
    firsts = [true.index(t) for t in order]
    decoder = Decoder(model, max_speakers=2)
    labels_of(decoder, rows[firsts[:2]].repeat(3, axis=0))
    assert decoder.n_speakers == 2
    decoder.merge(0, 1)
    labels_of(decoder, rows[firsts[2:3]].repeat(3, axis=0))
    assert decoder.n_speakers == 3
    labels_of(decoder, rows[firsts[3:4]].repeat(3, axis=0))
    assert decoder.n_speakers == 3


def test_a_merge_taken_back_is_as_if_it_had_not_been() -> None:
    case = generated(21, 60)
    plain, steered = Decoder(case.model, beam_size=1), Decoder(case.model, beam_size=1)
    for embedding in case.embeddings[:30]:
        assert plain.push(embedding) == steered.push(embedding)
    steered.merge(0, 1)
    steered.unmerge(1)
    with pytest.raises(EditError, match="Speaker 2 was not merged"):
        steered.unmerge(1)
    for embedding in case.embeddings[30:]:
        assert plain.push(embedding) == steered.push(embedding)


@pytest.mark.parametrize("pair", [(0, 0), (0, 99), (99, 0), (-1, 0)])
def test_what_cannot_be_merged_changes_nothing(pair: tuple[int, int]) -> None:
    case = generated(22)
    plain, asked = Decoder(case.model), Decoder(case.model)
    for embedding in case.embeddings:
        with pytest.raises(EditError):
            asked.merge(*pair)
        assert plain.push(embedding) == asked.push(embedding)
    asked.merge(0, 1)
    with pytest.raises(EditError, match="Speaker 2 is not there any more"):
        asked.merge(0, 1)
    with pytest.raises(EditError):
        asked.pin(1)


@settings(max_examples=40)
@given(seed=st.integers(0, 10**6), at=st.integers(2, 38))
def test_a_pinned_speaker_keeps_where_it_began(seed: int, at: int) -> None:
    case = generated(seed, noise=0.8)
    decoder = Decoder(case.model)
    labels = labels_of(decoder, case.embeddings[:at])
    known = max(labels)
    began = labels.index(known)
    decoder.pin(known)
    for embedding in case.embeddings[at:]:
        decoded = decoder.push(embedding)
        labels[decoded.first :] = decoded.labels
        assert labels.index(known) == began


def test_merges_cost_no_more_as_time_goes_on() -> None:
    rng = np.random.default_rng(23)
    model = following_model(rng, 8, spread=0.4)
    talk = conversation(rng, 600, 8, 6)
    decoder = Decoder(model, beam_size=6, lag=30, max_speakers=6)
    for number, embedding in enumerate(talk):
        decoder.push(embedding)
        if number == 200:
            decoder.merge(0, 1)
    slots = decoder._slots
    assert slots.shape[0] <= 6
    assert slots.shape[1] <= 6 + 2  # six voices, one known in two ways, one to come
    assert decoder._states._used <= 6 * 8


# ---- a number of speakers


def voices_of(decoder: Decoder) -> list[int]:
    """How many voices each beam has."""
    merged = decoder._merged
    return [int(count) - len(merged) for count in decoder._speakers]


@settings(max_examples=40)
@given(
    seed=st.integers(0, 10**6),
    beam_size=st.integers(1, 10),
    lag=st.none() | st.integers(0, 8),
    caps=st.dictionaries(st.integers(0, 55), st.none() | st.integers(1, 4), min_size=1, max_size=4),
    merge_at=st.none() | st.integers(5, 55),
)
def test_no_beam_has_more_speakers_than_the_limit(
    seed: int,
    beam_size: int,
    lag: int | None,
    caps: dict[int, int | None],
    merge_at: int | None,
) -> None:
    case = generated(seed, 60, noise=0.5)
    decoder = Decoder(case.model, beam_size=beam_size, lag=lag)
    labels: list[int] = []
    settled, cap = 0, None

    def take(decoded: Decoded) -> None:
        nonlocal settled
        assert decoded.first >= settled, "what was settled has changed"
        labels[decoded.first :] = decoded.labels
        assert len(labels) == decoder.count
        settled = decoded.settled
        if cap is not None:
            assert max(voices_of(decoder)) <= cap
            folded = decoder.folded
            assert not folded.keys() & {*folded.values(), *labels[settled:]}
            assert len({folded.get(label, label) for label in labels if label not in gone}) <= cap

    gone: set[int] = set()
    for number, embedding in enumerate(case.embeddings):
        if number in caps:
            cap = caps[number]
            take(decoder.limit(cap))
            if cap is None:
                assert not decoder.folded
        there = sorted(set(range(decoder.n_speakers)) - decoder._merged.keys())
        if number == merge_at and len(there) > 1:
            gone.add(there[-1])
            take(decoder.merge(there[0], there[-1]))
        take(decoder.push(embedding))


def apart(seed: int, true: list[int], noise: float = 0.02) -> tuple[UISRNNModel, np.ndarray]:
    """Voices that anybody tells apart."""
    rng = np.random.default_rng(seed)
    model = replace(following_model(rng, 8, spread=0.3), crp_alpha=0.1)
    rows = np.eye(8, dtype=np.float32)[true]
    return model, rows + rng.normal(0, noise, rows.shape).astype(np.float32)


def labels_then(decoder: Decoder, rows: np.ndarray) -> list[int]:
    """The labels of these, whatever they change about those before."""
    labels = [-1] * decoder.count
    for row in rows:
        decoded = decoder.push(row)
        labels[decoded.first :] = decoded.labels
    return labels[-len(rows) :]


def names_of(true: list[int], labels: list[int]) -> dict[int, int]:
    names = dict(zip(true, labels, strict=True))
    assert labels == [names[voice] for voice in true]
    assert len(set(names.values())) == len(names)
    return names


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6), cap=st.integers(1, 2))
def test_a_limit_that_is_lifted_is_gone(seed: int, cap: int) -> None:
    true = [0] * 6 + [1] * 6 + [2] * 6 + [0] * 3
    later = [2] * 5 + [1] * 5 + [3] * 5 + [0] * 5
    model, rows = apart(seed, true + later)
    free, steered = Decoder(model, lag=5), Decoder(model, lag=5)
    names = names_of(true, labels_of(free, rows[: len(true)]))
    labels_of(steered, rows[: len(true)])
    steered.limit(cap)
    assert len(steered.folded) == 3 - cap
    steered.limit(None)
    assert steered.folded == {}
    expected = [names.get(voice, 3) for voice in later]
    assert labels_then(steered, rows[len(true) :]) == expected
    assert labels_then(free, rows[len(true) :]) == expected


def test_voices_beyond_the_limit_go_to_the_ones_most_like_them() -> None:
    """The small one goes, not one of two that talk much; and a later one finds no place."""
    rng = np.random.default_rng(31)
    model, _ = apart(31, [0])
    heard = {0: 12, 1: 12, 2: 2}
    directions = np.eye(8, dtype=np.float32)
    directions[2] = 0.4 * directions[1] + 0.92 * directions[5]
    true = [voice for voice, count in heard.items() for _ in range(count)] + [0] * 4
    rows = directions[true] + rng.normal(0, 0.02, (len(true), 8)).astype(np.float32)
    decoder = Decoder(model, lag=3)
    names = names_of(true, labels_of(decoder, rows))
    decoder.limit(2)
    assert decoder.folded == {names[2]: names[1]}
    assert set(labels_then(decoder, directions[[2] * 4 + [6] * 6])) <= {names[0], names[1]}
    with pytest.raises(EditError, match="Speaker 3 was not merged"):
        decoder.unmerge(names[2])  # not by hand
    decoder.limit(3)
    assert decoder.folded == {}
    assert labels_then(decoder, directions[[2] * 6]) == [names[2]] * 6


def test_who_was_named_keeps_the_label() -> None:
    true = [0] * 12 + [1] * 3 + [0] * 4
    model, rows = apart(32, true)
    decoder = Decoder(model, lag=3)
    labels_of(decoder, rows)
    decoder.pin(1)
    decoder.limit(1)
    assert decoder.folded == {0: 1}


def test_limits_again_and_again_leave_the_turns_as_they_were() -> None:
    true = [0] * 6 + [1] * 6 + [2] * 6 + [0] * 4
    model, rows = apart(33, true)
    plain, steered = Decoder(model, beam_size=1), Decoder(model, beam_size=1)
    labels_of(plain, rows)
    labels_of(steered, rows)
    for _ in range(70):
        for cap in (1, 2, None):
            steered.limit(cap)
    np.testing.assert_array_equal(plain._log_turns, steered._log_turns)
    for row in rows:
        assert plain.push(row) == steered.push(row)


def test_a_limit_of_none_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        Decoder(generated(0).model).limit(0)


# ---- turns that are another's


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6), beam_size=st.integers(1, 10), newest=st.booleans())
def test_a_voice_that_was_taken_for_another_is_known_once_that_is_said(
    seed: int, beam_size: int, newest: bool
) -> None:
    """Voice 2 is the second speaker further away; it sounds more like the first, who is alone."""
    rng = np.random.default_rng(seed)
    model, _ = apart(seed, [0])
    directions = np.eye(8, dtype=np.float32)
    directions[2] = 0.5 * (directions[0] + directions[1]) + 0.7 * directions[5]

    def heard(voices: list[int]) -> np.ndarray:
        noise = rng.normal(0, 0.02, (len(voices), 8)).astype(np.float32)
        return directions[voices] + noise

    before = [0] * 8 + [1] * 6 + [0] * 2 + [2] * 8 + [0] * 4 * (not newest)
    decoder = Decoder(model, beam_size=beam_size, lag=4, max_speakers=2)
    rows = heard(before)
    labels = labels_of(decoder, rows)
    assert labels[:14] == [0] * 8 + [1] * 6
    first = [n for n, voice in enumerate(before) if voice == 0]
    decoder.relearn(0, rows[first])
    decoded = decoder.relearn(1, rows[[*range(8, 14), *range(16, 24)]], newest=newest)
    assert decoded.labels == tuple(labels[decoded.first :]), "it learns, it doesn't relabel"
    then = [2] * 6 + [0] * 6 + [2] * 6 + [1] * 6
    assert labels_then(decoder, heard(then)) == [{2: 1}.get(v, v) for v in then]
    decoder.limit(None)
    assert set(labels_then(decoder, heard([3] * 6))) == {2}


def test_what_cannot_be_learnt_changes_nothing() -> None:
    model, rows = apart(41, [0, 1, 2] * 8)
    plain, asked = Decoder(model, beam_size=1), Decoder(model, beam_size=1)
    for row in rows:
        with pytest.raises(EditError, match="Speaker 8 is not there any more"):
            asked.relearn(7, rows[:3])
        assert plain.push(row) == asked.push(row)
    asked.relearn(0, [np.zeros(8), np.full(8, np.nan)])
    asked.relearn(1, ())
    asked.merge(0, 1)
    for speaker in (0, 1):
        asked.relearn(speaker, rows[:3])  # who of the two?
    asked.unmerge(1)
    for row in rows:
        assert plain.push(row) == asked.push(row)


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    beam_size=st.integers(1, 8),
    moments=st.lists(st.integers(8, 55), min_size=1, max_size=5, unique=True),
    choice=st.randoms(use_true_random=False),
)
def test_corrections_in_any_order(
    seed: int, beam_size: int, moments: list[int], choice: random.Random
) -> None:
    case = generated(seed, 60, noise=0.5)
    decoder = Decoder(case.model, beam_size=beam_size, lag=6)
    labels: list[int] = []
    settled, merged = 0, []

    def take(decoded: Decoded) -> None:
        nonlocal settled
        assert decoded.first >= settled
        labels[decoded.first :] = decoded.labels
        settled = decoded.settled
        assert len(labels) == decoder.count
        gone = decoder._merged.keys()
        assert not gone & set(labels[settled:])
        assert np.isfinite(decoder._log_turns[range(len(decoder._last)), decoder._last]).all()
        assert decoder.max_speakers is None or max(voices_of(decoder)) <= decoder.max_speakers

    for number, embedding in enumerate(case.embeddings):
        if number in moments:
            there = sorted(set(range(decoder.n_speakers)) - decoder._merged.keys())
            what = choice.choice(["relearn", "merge", "unmerge", "limit", "lift", "pin"])
            if what == "relearn":
                first = choice.randrange(number - 5)
                heard = case.embeddings[first : first + 5]
                take(decoder.relearn(choice.choice(there), heard, newest=choice.random() < 0.5))
            elif what == "merge" and len(there) > 1:
                keep, lost = choice.sample(there, 2)
                take(decoder.merge(keep, lost))
                merged.append(lost)
            elif what == "unmerge" and merged:
                take(decoder.unmerge(merged.pop()))
            elif what in ("limit", "lift"):
                take(decoder.limit(choice.randrange(1, 4) if what == "limit" else None))
            elif what == "pin":
                take(decoder.pin(choice.choice(there)))
        take(decoder.push(embedding))
    take(decoder.finish())
    assert settled == 60


# ---- local voices

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
