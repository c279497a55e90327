"""Known voices while a recording goes on: the same as from all windows, in bounded memory."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from core.annotation.values import Annotation, join_turns
from core.errors import InputError
from core.live.recording import RecognisedVoices, Trouble, Turns
from core.live.voices import Known, LiveVoices
from core.stream.changes import Changes, Window
from core.units import SAMPLE_RATE
from core.voices.book import Voice
from core.voices.naming import Names
from core.voices.recognition import Limits, voices_in
from tests.core.live.recorded import Recording, light, talk
from tests.core.stream.test_diarizer import DIM

Array = NDArray[np.float32]
LIMITS = Limits(sure=0.999, perhaps=0.99, slope=20.0, offset=-15.0)


def level(value: float) -> Array:
    """A profile of the voice that is this loud."""
    return np.eye(DIM, dtype=np.float32)[[DIM - 1 - round(value * 10)]]


def known(**levels: float) -> Known:
    names = sorted(levels)
    return Known(
        {n: level(levels[name]) for n, name in enumerate(names)},
        {n: Voice(n, name, "", 1, 10.0, frozenset({"e"})) for n, name in enumerate(names)},
        LIMITS,
    )


def applied(before: Annotation, changes: Changes) -> Annotation:
    kept = [t for t in before.turns if t.end <= changes.since]
    return Annotation.build(join_turns([*kept, *changes.turns]), changes.position)


@settings(max_examples=10)
@given(seed=st.integers(0, 50), block=st.integers(4000, 90_000))
def test_at_every_moment_it_knows_what_all_windows_say(seed: int, block: int) -> None:
    samples = (talk(25, SAMPLE_RATE, seed=seed)[:, 0] / 32768).astype(np.float32)
    diarizer = light()
    voices = LiveVoices(lambda: known(Anna=0.2))
    annotation, windows = Annotation(), list[Window]()
    for start in range(0, len(samples), block):
        changes = diarizer.push(samples[start : start + block])
        annotation, windows = applied(annotation, changes), [*windows, *changes.windows]
        voices.take(changes)
        wanted, found = voices_in(annotation, windows), voices.heard()
        assert found.keys() == wanted.keys()
        for label, heard in found.items():
            np.testing.assert_allclose(heard.direction, wanted[label].direction, atol=1e-6)
            assert heard.seconds == pytest.approx(wanted[label].seconds, abs=1e-3)


def test_its_memory_does_not_grow_with_the_recording() -> None:
    diarizer = light()
    voices, windows = LiveVoices(lambda: known(Anna=0.2)), 0
    for seed in range(6):
        changes = diarizer.push((talk(10, SAMPLE_RATE, seed=seed)[:, 0] / 32768).astype("f4"))
        windows += len(changes.windows)
        voices.take(changes)
    assert windows > 80
    assert len(voices._pending) + len(voices._turns) < 60  # what was settled is a sum


def test_a_live_recording_names_who_is_known_once_enough_was_heard(tmp_path: Path) -> None:
    voices = LiveVoices(lambda: known(Anna=0.2))
    recording = Recording(tmp_path / "talk.wav", voices=voices)
    quiet = np.full((3 * SAMPLE_RATE, 1), round(0.2 * 32768), np.int16)
    loud = np.full((3 * SAMPLE_RATE, 1), round(0.6 * 32768), np.int16)
    for part in (quiet, loud, quiet, loud, quiet, loud, quiet):
        recording.give(part)
    recording.wait(RecognisedVoices, lambda e: _outcome(e.names, 2) == "known")
    result = recording.finish()
    outcomes = {_outcome(e.names, 2) for e in recording.seen if isinstance(e, RecognisedVoices)}
    assert outcomes == {"known"}  # nobody is asked about what a moment later is sure
    told = [e.names for e in recording.seen if isinstance(e, RecognisedVoices)][-1]
    assert {n: name.label("?") for n, name in told.by_speaker.items()} == {2: "Anna"}
    assert all(not s.name for s in result.annotation.speakers)  # a name is the person's to give
    assert told.named(result.annotation).speaker(2).name == "Anna"


def _outcome(names: Names, speaker: int) -> str:
    name = names.by_speaker.get(speaker)
    return "" if name is None else name.found.outcome


class Pinned:
    """A steered stream that says what was pinned."""

    def __init__(self) -> None:
        self.real = light()
        self.pins: list[int] = []
        self.last = Changes(0, 0, ())

    def __getattr__(self, name: str) -> object:
        return getattr(self.real, name)

    def push(self, samples: Array) -> Changes:
        self.last = self.real.push(samples)
        return self.last

    def pin(self, speaker: int) -> Changes:
        self.pins.append(speaker)
        return replace(self.last, windows=())


@pytest.mark.parametrize(("loudness", "pins"), [(0.2, [2]), (0.3, []), (0.9, [])])
def test_only_a_voice_that_is_sure_is_pinned_once(
    tmp_path: Path, loudness: float, pins: list[int]
) -> None:
    stream = Pinned()
    voices = LiveVoices(lambda: known(Anna=loudness))
    recording = Recording(tmp_path / "talk.wav", None, lambda: stream, voices=voices)
    recording.give(np.full((16 * SAMPLE_RATE, 1), round(0.2 * 32768), np.int16))
    recording.finish()
    assert stream.pins == pins


def test_voices_that_can_not_be_read_never_stop_a_recording(tmp_path: Path) -> None:
    def broken() -> Known:
        raise InputError("the voices are damaged")

    recording = Recording(tmp_path / "talk.wav", voices=LiveVoices(broken))
    recording.give(talk(4, SAMPLE_RATE, seed=1))
    trouble = recording.wait(Trouble)
    assert trouble.kind == "voices"
    assert "the recording goes on" in trouble.text
    result = recording.finish()
    assert result.diarized
    assert result.annotation.turns
    assert any(isinstance(e, Turns) for e in recording.seen)


def test_what_changes_in_the_book_is_heeded_at_once(tmp_path: Path) -> None:
    there = [known()]
    recording = Recording(tmp_path / "talk.wav", voices=LiveVoices(lambda: there[0]))
    recording.give(np.full((16 * SAMPLE_RATE, 1), round(0.2 * 32768), np.int16))
    assert not any(isinstance(e, RecognisedVoices) for e in recording.events())
    there[0] = known(Anna=0.2)
    recording.live.know_voices()
    recording.give(np.full((SAMPLE_RATE, 1), round(0.2 * 32768), np.int16))
    recording.wait(RecognisedVoices, lambda e: e.names.by_speaker[2].label("") == "Anna")
    recording.finish()


def test_merged_speakers_are_one_voice() -> None:
    voices = LiveVoices(lambda: known(Anna=0.2))
    diarizer = light()
    samples = (talk(20, SAMPLE_RATE, seed=3)[:, 0] / 32768).astype(np.float32)
    voices.take(diarizer.push(samples))
    before = voices.heard()
    labels = sorted(label for label in before if label != 99)
    keep, gone = labels[:2]
    voices.merge(keep, gone)
    after = voices.heard()
    assert gone not in after
    assert after[keep].seconds > before[keep].seconds
    voices.unmerge(gone)
    assert voices.heard().keys() == before.keys()
