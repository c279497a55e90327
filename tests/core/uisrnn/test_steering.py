"""A person corrects the decoder: merges, limits, and turns that are another's."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.bench.sequences import conversation, following_model
from core.errors import EditError
from core.uisrnn.decoder import Decoded, Decoder, UISRNNModel
from tests.core.uisrnn.sequences import (
    apart,
    generated,
    labels_of,
    voices_of,
)


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
