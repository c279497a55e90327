"""The stream: any chunking gives the same turns, what is settled stays, state is bounded."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from core.annotation.values import Annotation
from core.audio.read import read_audio
from core.bench.sequences import following_model
from core.errors import EditError
from core.pipeline import new_diarizer
from core.refine.refine import SpeakerCount, refine
from core.stream.changes import NOBODY, Changes, Window
from core.stream.diarizer import ALONE, Diarizer, OnlineDecoder
from core.stream.encoder import Columns
from core.stream.features import FFT
from core.stream.features import HOP as COLUMN
from core.stream.segmentation import CHUNK, HOP, STEP, Segmentation
from core.stream.speech import FRAME, Speech
from core.uisrnn.decoder import Decoded, Decoder, LocalVoice
from core.units import SAMPLE_RATE
from tests.core.stream.test_segmentation import shuffled

Array = NDArray[np.float32]
S = SAMPLE_RATE
A, B, C, A_AND_B, A_AND_C, B_AND_C = range(1, 7)
"""Who speaks; samples of n / 10 are the sound of them (see the fake network)."""
DIM = 12


class LevelEncoder:
    """How often each level is where the encoder listens: who speaks alone has a direction. Behind
    it stands a print for recognition, the same in reverse."""

    window, hop, dim = 25_840, 8000, DIM

    def embed(self, windows: Array, columns: Sequence[Columns] | None = None) -> Array:
        rows = np.zeros((len(windows), DIM), np.float32)
        every = np.arange((self.window - FFT) // COLUMN + 1)
        for n, window in enumerate(windows):
            heard = every if columns is None else columns[n]
            levels = np.rint(window[heard * COLUMN + FFT // 2] * 10).astype(int)
            rows[n] = np.bincount(levels, minlength=DIM) / len(heard)
        return np.concatenate([rows, rows[:, ::-1]], axis=1)


class HesitantDecoder:
    """Labels by level; wrong at first, right and settled only ``delay`` windows later."""

    def __init__(self, delay: int = 3, unusable: int = 9) -> None:
        self.rejected: Counter[str] = Counter()
        self._true: list[int] = []
        self._delay, self._unusable = delay, unusable

    def push(self, embedding: Array, voice: LocalVoice | None = None) -> Decoded | None:
        who = int(embedding[1:].argmax()) + 1
        if who == self._unusable:
            self.rejected["too loud"] += 1
            return None
        self._true.append(who)
        count = len(self._true)
        settled = max(0, count - self._delay)
        first = max(0, settled - 1)  # the one that this window settled, and the doubtful ones
        doubtful = (count - settled) * [99]
        return Decoded(first, (*self._true[first:settled], *doubtful), settled)

    def finish(self) -> Decoded:
        first = max(0, len(self._true) - self._delay)
        return Decoded(first, tuple(self._true[first:]), len(self._true))


def real_decoder(lag: int = 12) -> Decoder:
    model = following_model(np.random.default_rng(0), DIM, spread=0.3)
    return Decoder(replace(model, crp_alpha=0.1), beam_size=6, lag=lag)


class LoudIsSpeech:
    """1 for frames with sound, 0 for silent ones."""

    latency = FRAME

    def __init__(self) -> None:
        self._rest = np.zeros(0, np.float32)

    def push(self, samples: Array) -> Array:
        self._rest = np.concatenate([self._rest, samples])
        count = len(self._rest) // FRAME
        frames, self._rest = self._rest[: count * FRAME], self._rest[count * FRAME :]
        return np.asarray(frames.reshape(count, FRAME).mean(axis=1) > 0.05, np.float32)

    def flush(self) -> Array:
        missing = -len(self._rest) % FRAME
        return self.push(np.zeros(missing, np.float32))


def new(decoder: OnlineDecoder | None = None, *, live: bool = False) -> Diarizer:
    stages = Segmentation(shuffled), LoudIsSpeech()
    return Diarizer(LevelEncoder(), decoder or HesitantDecoder(), *stages, live=live)


@dataclass
class Heard:
    """The final annotation, what was told after each push, and all that is kept."""

    annotation: Annotation
    told: list[tuple[Changes, Annotation]]
    windows: list[Window]
    speech: Speech

    @property
    def kept(self) -> list[tuple[object, ...]]:
        return [
            (w.start, w.end, w.speech, w.voice, w.embedding.tobytes(), w.voice_print.tobytes())
            for w in self.windows
        ]


def hear(samples: Array, cuts: Sequence[int], diarizer: Diarizer | None = None) -> Heard:
    diarizer = diarizer or new()
    known = Annotation()
    told: list[tuple[Changes, Annotation]] = []
    windows: list[Window] = []
    for start, end in pairwise([0, *sorted(cuts), len(samples)]):
        changes = diarizer.push(samples[start:end])
        known = changes.applied_to(known)
        assert known.turns == diarizer.heard.turns
        assert changes.position == end
        windows += changes.windows
        told.append((changes, known))
    annotation = diarizer.finish()
    assert annotation == diarizer.heard
    return Heard(annotation, told, [*windows, *diarizer.rest], diarizer.speech)


talks = st.lists(
    st.tuples(st.sampled_from([0, 0, A, B, C, A_AND_B, B_AND_C]), st.integers(1, 5 * S)),
    max_size=14,
)
cut_places = st.lists(st.integers(0, 70 * S), max_size=12)


def sound(parts: Sequence[tuple[int, float]]) -> Array:
    """Who speaks, and for how many samples."""
    if not parts:
        return np.zeros(0, np.float32)
    return np.concatenate([np.full(int(length), who / 10, np.float32) for who, length in parts])


@given(talks, cut_places, st.sampled_from([HesitantDecoder, real_decoder]))
@settings(max_examples=40, deadline=None)
def test_any_chunking_gives_the_same(
    parts: list[tuple[int, int]], cuts: list[int], decoder: Callable[[], OnlineDecoder]
) -> None:
    samples = sound(parts)
    cuts = [cut for cut in cuts if cut <= len(samples)]
    pieces, whole = hear(samples, cuts, new(decoder())), hear(samples, [], new(decoder()))
    assert pieces.annotation == whole.annotation
    assert pieces.speech == whole.speech
    assert pieces.kept == whole.kept


@given(talks, cut_places)
@settings(max_examples=25, deadline=None)
def test_what_is_shown_live_changes_nothing(parts: list[tuple[int, int]], cuts: list[int]) -> None:
    samples = sound(parts)
    cuts = [cut for cut in cuts if cut <= len(samples)]
    live = hear(samples, cuts, new(real_decoder(), live=True))
    whole = hear(samples, [], new(real_decoder()))
    assert live.annotation == whole.annotation
    assert live.speech == whole.speech
    assert live.kept == whole.kept


def test_live_the_newest_seconds_are_shown_within_a_hop() -> None:
    samples = sound([(A, 3 * S), (0, S), (B, 9 * S), (A_AND_B, 2 * S), (A, 7 * S)])
    cuts = range(1000, len(samples), 1000)
    live, later = (hear(samples, cuts, new(real_decoder(), live=way)) for way in (True, False))
    for changes, known in live.told:
        if changes.position > LevelEncoder.window:
            assert changes.position - changes.shown < LevelEncoder.hop
            last = max(t.end for t in known.turns)
            spoken = max(e for s, e in [(0, 3 * S), (4 * S, 22 * S)] if s < changes.shown)
            assert abs(last - min(spoken, changes.shown)) < 2 * FRAME
    assert max(c.position - c.shown for c, _ in later.told) > HOP


@given(talks, st.integers(4000, 12 * S))
@settings(max_examples=25, deadline=None)
def test_settled_turns_never_change(parts: list[tuple[int, int]], step: int) -> None:
    samples = sound(parts)
    heard = hear(samples, range(step, len(samples), step), new(live=True))
    final = {(t.start, t.speaker): t.end for t in heard.annotation.turns}
    before = 0
    for changes, known in heard.told:
        assert changes.since >= before
        before = changes.since
        for turn in known.turns:
            if turn.settled:
                assert final[turn.start, turn.speaker] >= turn.end  # the last may still grow
            if turn.end <= changes.since:
                assert turn.settled
                assert final[turn.start, turn.speaker] == turn.end


def test_turns_settle_while_the_stream_goes_on() -> None:
    samples = sound([(A, 6 * S), (B, 6 * S), (0, S), (A, 6 * S), (0, S), (C, 20 * S)])
    heard = hear(samples, range(1000, len(samples), 1000))
    assert [t.speaker for t in heard.annotation.turns] == [A, B, A, C]
    assert sum(t.settled for t in heard.told[-1][1].turns) >= 3
    first, second, third, _ = heard.annotation.turns
    assert first.end == second.start
    for edge, true in ((first.end, 6), (second.end, 12), (third.start, 13), (third.end, 19)):
        assert abs(edge - true * S) < 2 * FRAME


def test_two_voices_at_once_are_turns_of_both_and_the_second_pass_keeps_them() -> None:
    samples = sound([(A, 6 * S), (A_AND_B, 2 * S), (B, 8 * S), (A_AND_B, S), (A, 8 * S)])
    heard = hear(samples, [])
    second = refine(heard.windows, heard.speech, len(samples), SpeakerCount(2, 2))
    for annotation in (heard.annotation, second):
        a, b = (t.speaker for t in annotation.turns[:2])
        assert a != b
        expected = [(0, 8, a), (6, 17, b), (16, 25, a)]
        for turn, (start, end, speaker) in zip(annotation.turns, expected, strict=True):
            assert turn.speaker == speaker
            assert abs(turn.start - start * S) < 2 * STEP
            assert abs(turn.end - end * S) < 2 * STEP
    # Nobody was listened to while both spoke.
    for window in heard.windows:
        if window.voice != NOBODY:
            assert np.count_nonzero(window.embedding > 0.1) == 1


def test_speech_in_which_no_voice_is_long_enough_alone_is_heard_whole() -> None:
    short = int(ALONE * 0.6)
    samples = sound([*[(who, short) for who in (A, A_AND_B, B)], (A_AND_B, 4 * S), (A, short)])
    heard = hear(samples, [])
    assert {w.voice for w in heard.windows} == {NOBODY}


def test_a_word_far_from_all_windows_is_the_last_speakers() -> None:
    samples = sound([(B, 8 * S), (0, 30 * S), (A, S // 5), (0, 20 * S)])
    heard = hear(samples, [])
    assert all(w.centre < 9 * S for w in heard.windows)
    assert [t.speaker for t in heard.annotation.turns] == [B, B]


def test_a_stream_shorter_than_a_window_is_one_speaker() -> None:
    heard = hear(sound([(0, 4000), (A, 9000)]), [])
    assert not heard.windows
    assert [t.speaker for t in heard.annotation.turns] == [0]


def test_silence_and_nothing_are_no_turns() -> None:
    for decoder in (HesitantDecoder, real_decoder):
        silence = hear(np.zeros(400_000, np.float32), [20_000], new(decoder()))
        assert silence.annotation == Annotation(duration=400_000)
        assert hear(np.zeros(0, np.float32), [], new(decoder())).annotation == Annotation()


def test_unusable_embeddings_are_counted_and_leave_the_rest_alone() -> None:
    samples = sound([(A, 6 * S), (C, 6 * S), (B, 6 * S)])
    diarizer = new(HesitantDecoder(unusable=C))
    annotation = hear(samples, [], diarizer).annotation
    assert diarizer.rejected["too loud"] > 8
    assert [t.speaker for t in annotation.turns] == [A, B]


def test_a_finished_stream_takes_no_more() -> None:
    diarizer = new()
    annotation = diarizer.finish()
    assert diarizer.finish() == annotation
    with pytest.raises(ValueError, match="finished"):
        diarizer.push(np.zeros(1, np.float32))


RESULTS = ("_done", "_stretches", "_pauses", "_spans")


def sizes(diarizer: Diarizer) -> dict[str, int]:
    """How much each part of the state holds, but for what is the result."""
    parts = {
        "": diarizer,
        "state": diarizer._state,
        "mask": diarizer._state.mask,
        "known": diarizer._known,
    }
    found = {
        f"{where}.{name}": len(value)
        for where, part in parts.items()
        for name, value in vars(part).items()
        if hasattr(value, "__len__") and name not in RESULTS
    }
    found["windows"] = sum(len(p.windows) + len(p.spans) for p in diarizer._state.parts)
    return found


@pytest.mark.parametrize("live", [False, True])
def test_state_is_bounded(live: bool) -> None:
    """Everything but the turns that were found stays as small as it was after a minute."""
    diarizer = new(real_decoder(), live=live)
    minute = sound([(A, 5 * S), (0, 2 * S), (B, 8 * S), (A_AND_B, S), (C, 4 * S)] * 3)
    step = 30 * S if not live else 5 * S
    most: dict[str, int] = {}
    for number in range(5 if live else 60):
        for at in range(0, len(minute), step):
            diarizer.push(minute[at : at + step])
            for name, size in sizes(diarizer).items():
                if number < 2:
                    most[name] = max(size, most.get(name, 0))
                else:
                    assert size <= 2 * most[name] + 50, name
    assert most["._samples"] <= CHUNK + HOP + LevelEncoder.window + step
    assert most["state.parts"] < 20
    assert len(diarizer.finish().turns) >= number * 9


@pytest.fixture(scope="module")
def sample_samples(sample: Path) -> Array:
    return read_audio(sample)[: 40 * SAMPLE_RATE]


@pytest.mark.parametrize("seed", [1, 2])
def test_real_models_give_the_same_however_the_samples_are_cut(
    sample_samples: Array, seed: int
) -> None:
    whole = new_diarizer()
    whole.push(sample_samples)
    rng = np.random.default_rng(seed)
    pieces = new_diarizer()
    start = 0
    while start < len(sample_samples):
        end = start + int(rng.choice([1, 100, 511, 512, 8000, 25_840, 100_000]))
        pieces.push(sample_samples[start:end])
        start = end
    found = pieces.finish()
    assert found == whole.finish()
    assert len(found.speakers) >= 2


# ---- what a person says meanwhile


class ObedientDecoder(HesitantDecoder):
    """One that can be corrected: what isn't settled is relabelled at once, and what comes."""

    def __init__(self) -> None:
        super().__init__()
        self.merged: dict[int, int] = {}

    def push(self, embedding: Array, voice: LocalVoice | None = None) -> Decoded | None:
        decoded = super().push(embedding, voice)
        return decoded and replace(decoded, labels=self._named(decoded.labels))

    def finish(self) -> Decoded:
        decoded = super().finish()
        return replace(decoded, labels=self._named(decoded.labels))

    def merge(self, keep: int, gone: int) -> Decoded:
        self.merged[gone] = keep
        count = len(self._true)
        settled = max(0, count - self._delay)
        return Decoded(settled, self._named((count - settled) * (99,)), settled)

    def unmerge(self, gone: int) -> Decoded:
        del self.merged[gone]
        return Decoded(len(self._true), (), max(0, len(self._true) - self._delay))

    def pin(self, speaker: int) -> Decoded:
        return Decoded(len(self._true), (), max(0, len(self._true) - self._delay))

    def limit(self, most: int | None) -> Decoded:
        return self.pin(0)

    @property
    def folded(self) -> dict[int, int]:
        return {}

    def relearn(self, speaker: int, embeddings: Sequence[Array], *, newest: bool) -> Decoded:
        return self.pin(speaker)

    def _named(self, labels: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(self.merged.get(label, label) for label in labels)


def test_a_merge_changes_what_is_not_settled_and_what_comes() -> None:
    samples = sound([(A, 3 * S), (B, 3 * S)] * 8)
    diarizer = new(ObedientDecoder())
    shown = Annotation()

    def take(changes: Changes) -> None:
        nonlocal shown
        shown = changes.applied_to(shown)
        assert shown.turns == diarizer.heard.turns

    take(diarizer.push(samples[: 27 * S]))
    before = [t for t in shown.turns if t.settled]
    assert {t.speaker for t in before} == {A, B}
    take(diarizer.merge(A, B))
    assert [t for t in shown.turns if t.settled][: len(before) - 1] == before[:-1]
    take(diarizer.push(samples[27 * S :]))
    end = max(t.end for t in before)
    assert all(t.end <= end for t in shown.turns if t.speaker == B)
    assert max(t.end for t in shown.turns if t.speaker == A) > 35 * S
    take(diarizer.pin(A))
    take(diarizer.unmerge(B))
    annotation = diarizer.finish()
    spoken = sum(end - start for start, end in diarizer.speech.stretches)
    assert sum(t.duration for t in annotation.turns) == spoken


def test_a_decoder_that_cannot_be_corrected_says_so() -> None:
    diarizer = new()
    for correct in (
        *(lambda: diarizer.merge(0, 1), lambda: diarizer.pin(0), lambda: diarizer.limit(2)),
        lambda: diarizer.relearn({0: ()}),
    ):
        with pytest.raises(EditError, match="reference engine"):
            correct()


def test_what_is_given_to_another_while_they_speak_goes_on_as_theirs() -> None:
    """The local voice that is heard now is the speaker's whom a person says it is."""
    diarizer = new(real_decoder(), live=True)
    samples = sound([(A, 12 * S), (0, S), (B, 40 * S)])
    windows = [*diarizer.push(samples[: 24 * S]).windows]
    last = windows[-1]
    assert {t.speaker for t in diarizer.heard.turns} == {0, 1}
    diarizer.relearn({0: [w for w in windows if w.voice == last.voice]})
    windows += diarizer.push(samples[24 * S :]).windows
    diarizer.finish()
    late = [t for t in diarizer.heard.turns if t.end > 30 * S]
    assert [t.speaker for t in late] == [0]


Correction = Callable[[Diarizer, list[Window]], Changes]
CORRECTIONS: list[Correction] = [
    lambda diarizer, heard: diarizer.limit(2),
    lambda diarizer, heard: diarizer.limit(None),
    lambda diarizer, heard: diarizer.relearn({1: heard[:4], 0: heard[4:12]}),
    lambda diarizer, heard: diarizer.relearn({1: (), 0: heard[-3:]}),
    lambda diarizer, heard: diarizer.merge(0, 1),
    lambda diarizer, heard: diarizer.pin(0),
]


@settings(max_examples=15, deadline=None)
@given(
    voices=st.lists(st.sampled_from([A, B, C, A_AND_B]), min_size=8, max_size=12),
    corrections=st.dictionaries(
        st.integers(8 * S, 25 * S), st.sampled_from(CORRECTIONS), min_size=1, max_size=4
    ),
    cuts=st.lists(st.integers(0, 24 * S), max_size=8),
    live=st.booleans(),
)
def test_corrections_at_the_same_sample_do_the_same_however_it_is_cut(
    voices: list[int], corrections: dict[int, Correction], cuts: list[int], live: bool
) -> None:
    samples = sound([part for who in voices for part in ((who, 3 * S), (0, S // 2))])

    def heard(cuts: list[int], live: bool) -> Annotation:
        diarizer = new(real_decoder(), live=live)
        windows: list[Window] = []
        told = Annotation()
        for start, end in pairwise([0, *sorted({*cuts, *corrections}), len(samples)]):
            changes = diarizer.push(samples[start:end])
            windows += changes.windows
            told = changes.applied_to(told)
            assert told.turns == diarizer.heard.turns
            if end in corrections:
                with contextlib.suppress(EditError):  # who isn't there can't be corrected
                    told = corrections[end](diarizer, windows).applied_to(told)
                    assert told.turns == diarizer.heard.turns
        return diarizer.finish()

    assert heard(cuts, live) == heard([], False)
