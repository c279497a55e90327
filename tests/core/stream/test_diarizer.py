"""The stream: any chunking gives the same turns, what is settled stays, state is bounded."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from core.annotation.values import Annotation, Turn
from core.audio.read import read_audio
from core.bench.sequences import following_model
from core.errors import EditError
from core.pipeline import new_diarizer
from core.stream.changes import Changes, Window
from core.stream.diarizer import Diarizer
from core.stream.encoder import Encoder
from core.stream.speech import FRAME, SpeechMask, SpeechSettings
from core.uisrnn.decoder import Decoded, Decoder
from core.units import SAMPLE_RATE

Array = NDArray[np.float32]


class LevelEncoder:
    """The embedding of a window is the level that most of its speech has: a voice is a level."""

    window = 4000
    hop = 1300
    dim = 2

    def embed(self, windows: Array) -> Array:
        levels = [np.median(w[w > 0.05]) if (w > 0.05).any() else 0.0 for w in windows]
        return np.array([[level, 1.0] for level in levels], np.float32).reshape(-1, 2)


class HesitantDecoder:
    """Labels by level; wrong at first, right and settled only ``delay`` windows later."""

    def __init__(self, delay: int = 3) -> None:
        self.rejected: Counter[str] = Counter()
        self._true: list[int] = []
        self._delay = delay

    def push(self, embedding: Array) -> Decoded | None:
        if embedding[0] > 0.95:
            self.rejected["too loud"] += 1
            return None
        self._true.append(round(float(embedding[0]) * 10))
        count = len(self._true)
        settled = max(0, count - self._delay)
        first = max(0, settled - 1)  # the one that this window settled, and the doubtful ones
        doubtful = (count - settled) * [99]
        return Decoded(first, (*self._true[first:settled], *doubtful), settled)

    def finish(self) -> Decoded:
        first = max(0, len(self._true) - self._delay)
        return Decoded(first, tuple(self._true[first:]), len(self._true))


class LoudIsSpeech:
    """1 for frames with sound, 0 for silent ones."""

    latency = FRAME

    def __init__(self) -> None:
        self._rest = np.zeros(0, np.float32)

    def push(self, samples: Array) -> Array:
        self._rest = np.concatenate([self._rest, samples])
        count = len(self._rest) // FRAME
        frames, self._rest = self._rest[: count * FRAME], self._rest[count * FRAME :]
        return self.judged(frames.reshape(count, FRAME)).astype(np.float32)

    def judged(self, frames: Array) -> NDArray[np.bool_]:
        return np.asarray(frames.mean(axis=1) > 0.05)

    def flush(self) -> Array:
        missing = -len(self._rest) % FRAME
        return self.push(np.zeros(missing, np.float32))


SETTINGS = SpeechSettings(reach=2000, fill=2500, pad=300)


class SlowEncoder(LevelEncoder):
    """With the window and hop of the real one."""

    window = 25_840
    hop = 8000


def new(encoder: Encoder | None = None) -> Diarizer:
    mask = SpeechMask(SETTINGS)
    return Diarizer(encoder or LevelEncoder(), HesitantDecoder(), LoudIsSpeech(), mask)


def hear(samples: Array, cuts: list[int]) -> tuple[Annotation, list[list[Turn]], list[Window]]:
    """The final annotation, what was known after each push, and all windows."""
    diarizer = new()
    known: list[Turn] = []
    seen: list[list[Turn]] = []
    windows: list[Window] = []
    for start, end in pairwise([0, *sorted(cuts), len(samples)]):
        changes = diarizer.push(samples[start:end])
        known = [t for t in known if t.end <= changes.since] + list(changes.turns)
        windows += changes.windows
        seen.append(known)
    return diarizer.finish(), seen, windows


voices = st.lists(
    st.tuples(st.sampled_from([0.0, 0.0, 0.2, 0.5, 0.8, 1.0]), st.integers(1, 20_000)), max_size=14
)


def sound(parts: list[tuple[float, int]]) -> Array:
    if not parts:
        return np.zeros(0, np.float32)
    return np.concatenate([np.full(length, level, np.float32) for level, length in parts])


@given(voices, st.data())
def test_any_chunking_gives_the_same(parts: list[tuple[float, int]], data: st.DataObject) -> None:
    samples = sound(parts)
    cuts = data.draw(st.lists(st.integers(0, len(samples)), max_size=30))
    annotation, _, windows = hear(samples, cuts)
    whole, _, whole_windows = hear(samples, [])
    assert annotation == whole
    assert [(w.start, w.speech) for w in windows] == [(w.start, w.speech) for w in whole_windows]


@given(voices, st.integers(50, 9000))  # chunks of a sample take half a minute
def test_settled_turns_never_change(parts: list[tuple[float, int]], step: int) -> None:
    samples = sound(parts)
    annotation, seen, _ = hear(samples, list(range(step, len(samples), step)))
    final = {(t.start, t.speaker): t.end for t in annotation.turns}
    for known in seen:
        assert all(a.end <= b.start for a, b in pairwise(known))
        settled = [t for t in known if t.settled]
        for turn in settled[:-1]:
            assert final[turn.start, turn.speaker] == turn.end
        for turn in settled[-1:]:  # the last of them may still grow
            assert final[turn.start, turn.speaker] >= turn.end


def test_turns_settle_while_the_stream_goes_on() -> None:
    second = SAMPLE_RATE
    parts = [(0.2, 2 * second), (0.5, 2 * second), (0.0, second), (0.2, 2 * second), (0.0, second)]
    samples = sound(parts)
    annotation, seen, _ = hear(samples, list(range(1000, len(samples), 1000)))
    assert [t.speaker for t in annotation.turns] == [2, 5, 2]
    assert sum(t.settled for t in seen[-1]) >= 2
    first, second_turn, third = annotation.turns
    assert abs(first.end - 2 * second) < LevelEncoder.hop // 2
    assert first.end == second_turn.start
    assert abs(second_turn.end - 4 * second) <= SETTINGS.pad + FRAME
    assert abs(third.start - 5 * second) <= SETTINGS.pad + FRAME


def test_a_stream_shorter_than_a_window_is_one_speaker() -> None:
    annotation, _, windows = hear(sound([(0.0, 1000), (0.2, 1500)]), [])
    assert not windows
    assert [t.speaker for t in annotation.turns] == [0]


def test_silence_and_nothing_are_no_turns() -> None:
    assert hear(np.zeros(50_000, np.float32), [20_000])[0] == Annotation(duration=50_000)
    assert hear(np.zeros(0, np.float32), [])[0] == Annotation()


def test_unusable_embeddings_are_counted_and_leave_the_rest_alone() -> None:
    parts = [(0.2, 30_000), (1.0, 30_000), (0.5, 30_000)]
    diarizer = new()
    diarizer.push(sound(parts))
    annotation = diarizer.finish()
    assert diarizer.rejected["too loud"] > 10
    assert [t.speaker for t in annotation.turns] == [2, 5]


def test_a_finished_stream_takes_no_more() -> None:
    diarizer = new()
    annotation = diarizer.finish()
    assert diarizer.finish() == annotation
    with pytest.raises(ValueError, match="finished"):
        diarizer.push(np.zeros(1, np.float32))


def test_state_is_bounded_over_eight_hours() -> None:
    """Everything but the turns that were found stays as small as it was after a minute."""
    diarizer = new(SlowEncoder())
    minute = sound([(0.2, 5 * SAMPLE_RATE), (0.0, 2 * SAMPLE_RATE), (0.5, 8 * SAMPLE_RATE)] * 4)
    sizes = []
    for _ in range(8 * 60):
        diarizer.push(minute)
        labelled = diarizer._labelled
        sizes.append(
            (
                len(diarizer._samples),
                len(diarizer._pending),
                len(labelled.windows),
                len(labelled.labels),
                len(diarizer._recent()),
            )
        )
    assert np.all(np.max(sizes, axis=0) < (SlowEncoder.window, FRAME, 12, 12, 4))
    # A window that straddles a change may be taken for a third voice, so there may be more turns.
    assert len(diarizer.finish().turns) >= 8 * 60 * 8


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

    def push(self, embedding: Array) -> Decoded | None:
        decoded = super().push(embedding)
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
    levels = np.repeat(np.array([0.2, 0.4] * 6, np.float32), 8000)
    diarizer = Diarizer(LevelEncoder(), ObedientDecoder(), LoudIsSpeech())
    shown: list[Turn] = []

    def take(changes: Changes) -> None:
        shown[:] = [t for t in shown if t.end <= changes.since] + list(changes.turns)

    take(diarizer.push(levels[:60_000]))
    before = [t for t in shown if t.settled]
    assert {t.speaker for t in before} == {2, 4}
    take(diarizer.merge(2, 4))
    assert [t for t in shown if t.settled][: len(before) - 1] == before[:-1]
    take(diarizer.push(levels[60_000:]))
    end = before[-1].end
    later = {t.speaker for t in shown if t.start > end and t.settled}
    assert 2 in later
    assert 4 not in later
    take(diarizer.pin(2))
    take(diarizer.unmerge(4))
    annotation = diarizer.finish()
    spoken = sum(end - start for start, end in diarizer.speech.stretches)
    assert sum(t.duration for t in annotation.turns) == spoken


def test_a_decoder_that_cannot_be_corrected_says_so() -> None:
    diarizer = Diarizer(LevelEncoder(), HesitantDecoder(), LoudIsSpeech())
    for correct in (
        *(lambda: diarizer.merge(0, 1), lambda: diarizer.pin(0), lambda: diarizer.limit(2)),
        lambda: diarizer.relearn({0: ()}),
    ):
        with pytest.raises(EditError, match="reference engine"):
            correct()


class Directions(LevelEncoder):
    """Voices by their level, far apart: for the real decoder."""

    dim = 12

    def embed(self, windows: Array) -> Array:
        rows = np.zeros((len(windows), self.dim), np.float32)
        for row, window in zip(rows, windows, strict=True):
            row[round(float(np.median(window[window > 0.05])) * 10)] = 1.0
        return rows


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
    voices=st.lists(st.sampled_from([0.2, 0.4, 0.6, 0.8]), min_size=8, max_size=12),
    corrections=st.dictionaries(
        st.integers(40_000, 90_000), st.sampled_from(CORRECTIONS), min_size=1, max_size=4
    ),
    cuts=st.lists(st.integers(0, 100_000), max_size=8),
)
def test_corrections_at_the_same_sample_do_the_same_however_it_is_cut(
    voices: list[float], corrections: dict[int, Correction], cuts: list[int]
) -> None:
    samples = sound([part for level in voices for part in ((level, 9000), (0.0, 2000))])
    model = replace(following_model(np.random.default_rng(0), 12, spread=0.3), crp_alpha=0.1)

    def heard(cuts: list[int]) -> tuple[Annotation, list[Turn]]:
        decoder = Decoder(model, beam_size=6, lag=12)
        diarizer = Diarizer(Directions(), decoder, LoudIsSpeech(), SpeechMask(SETTINGS))
        windows: list[Window] = []
        told: list[Turn] = []

        def take(changes: Changes) -> None:
            told[:] = [t for t in told if t.end <= changes.since] + list(changes.turns)
            assert diarizer.heard.turns == tuple(told)

        for start, end in pairwise([0, *sorted({*cuts, *corrections}), len(samples)]):
            changes = diarizer.push(samples[start:end])
            windows += changes.windows
            take(changes)
            if end in corrections:
                with contextlib.suppress(EditError):  # who isn't there can't be corrected
                    take(corrections[end](diarizer, windows))
        return diarizer.finish(), told

    whole, _ = heard([])
    assert heard(cuts)[0] == whole
