"""The samples of a remembered voice follow what a person corrects, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.annotation import edits
from core.annotation.another_pass import carried_over
from core.annotation.values import Annotation, Turn
from core.errors import InputError
from core.stream.changes import Window
from core.units import SAMPLE_RATE as S
from core.voices.book import Sample, Voice, VoiceBook
from core.voices.learning import MOST, Followed, SourceMeeting, follow, learn

TALK = Annotation.build([Turn(n * 10 * S, (n * 10 + 9) * S, n % 2) for n in range(8)], 80 * S)
ANNA = edits.rename(TALK, 0, "Anna")


@pytest.fixture
def source(tmp_path: Path) -> SourceMeeting:
    audio = tmp_path / "talk.wav"
    sf.write(audio, 0.1 * np.random.default_rng(0).standard_normal(80 * S), S)
    rows = np.eye(4, dtype=np.float32)
    windows = [
        Window(at, at + 2 * S, rows[at // (10 * S) % 2], 1.0) for at in range(0, 78 * S, S // 2)
    ]
    return SourceMeeting(windows, "e", str(audio), ("/m/talk.voicelanes.json",), audio)


@pytest.fixture
def book(tmp_path: Path) -> VoiceBook:
    return VoiceBook(tmp_path / "voices.sqlite")


@pytest.fixture
def anna(book: VoiceBook) -> Voice:
    """Remembered in another meeting."""
    old = Sample(np.eye(4, dtype=np.float32)[0], "e", 9.0, "/m/old.wav", 0, np.zeros(0, np.float32))
    return book.remember("Anna", [old])


def kept(book: VoiceBook, voice: Voice) -> list[int]:
    """Seconds at which the samples lie."""
    return sorted(s.start // S for s in book.samples(voice.id) if s.meeting != "/m/old.wav")


def test_the_longest_turns_are_learned_once(
    book: VoiceBook, anna: Voice, source: SourceMeeting
) -> None:
    assert learn(book, anna.id, source, ANNA, 0) == 4
    assert kept(book, anna) == [0, 20, 40, 60]
    assert learn(book, anna.id, source, ANNA, 0) == 0
    assert all(len(s.clip) == 6 * S for s in book.samples(anna.id) if s.meeting != "/m/old.wav")


def test_what_the_command_line_took_of_the_meetings_file_counts_as_taken(
    book: VoiceBook, anna: Voice, source: SourceMeeting
) -> None:
    learn(book, anna.id, replace(source, meeting=source.aliases[0], aliases=()), ANNA, 0)
    assert learn(book, anna.id, source, ANNA, 0) == 0


def test_a_meeting_never_drowns_the_others(
    book: VoiceBook, anna: Voice, source: SourceMeeting
) -> None:
    turns = [Turn(n * 3 * S, n * 3 * S + 2 * S + S // 2, 0) for n in range(25)]
    many = Annotation.build(turns, 80 * S)
    for _ in range(5):
        learn(book, anna.id, source, many, 0)
    assert len(kept(book, anna)) == MOST


def test_a_forgotten_voice_does_not_come_back(
    book: VoiceBook, anna: Voice, source: SourceMeeting
) -> None:
    book.forget(anna.id)
    with pytest.raises(InputError, match="forgotten"):
        learn(book, anna.id, source, ANNA, 0)
    assert book.voices() == []


def test_a_turn_that_is_given_away_is_taken_out_and_comes_back(
    book: VoiceBook, anna: Voice, source: SourceMeeting
) -> None:
    learn(book, anna.id, source, ANNA, 0)
    after = edits.reassign(ANNA, [ANNA.turns[2]], 1)
    assert follow(book, anna, source, ANNA, after, True) == Followed(0, 1)
    assert kept(book, anna) == [0, 40, 60]
    assert follow(book, anna, source, after, ANNA, True) == Followed(1, 0)
    assert kept(book, anna) == [0, 20, 40, 60]


def test_half_a_turn_given_away_is_heard_anew(
    book: VoiceBook, anna: Voice, source: SourceMeeting
) -> None:
    learn(book, anna.id, source, ANNA, 0)
    halves = edits.split(ANNA, ANNA.turns[0], 4 * S)
    after = edits.reassign(halves, [halves.turns[1]], 1)
    assert follow(book, anna, source, ANNA, after, True) == Followed(1, 1)
    (first,) = [s for s in book.samples(anna.id) if s.meeting == source.meeting and s.start == 0]
    assert first.seconds == 4


def test_a_turn_that_is_given_to_a_voice_is_learned_only_where_a_person_said_who_it_is(
    book: VoiceBook, anna: Voice, source: SourceMeeting
) -> None:
    after = edits.reassign(ANNA, [ANNA.turns[1]], 0)
    assert follow(book, anna, source, ANNA, after, taught=False) == Followed()
    recognised = tuple(replace(s, confidence=0.95) if s.name else s for s in ANNA.speakers)
    before = replace(ANNA, speakers=recognised)
    moved = edits.reassign(before, [before.turns[1]], 0)
    assert follow(book, anna, source, before, moved, taught=False) == Followed(1, 0)
    assert kept(book, anna) == [10]


def test_what_a_pass_changes_is_no_evidence(
    book: VoiceBook, anna: Voice, source: SourceMeeting
) -> None:
    learn(book, anna.id, source, ANNA, 0)
    other = Annotation.build([replace(t, speaker=t.start // (40 * S)) for t in TALK.turns], 80 * S)
    after = carried_over(ANNA, other)
    assert follow(book, anna, source, ANNA, after, True) == Followed()
    assert kept(book, anna) == [0, 20, 40, 60]


def test_taking_the_name_away_takes_all_of_the_meeting_out(
    book: VoiceBook, anna: Voice, source: SourceMeeting
) -> None:
    learn(book, anna.id, source, ANNA, 0)
    assert follow(book, anna, source, ANNA, TALK, True) == Followed(0, 4)
    assert kept(book, anna) == []
    assert len(book.samples(anna.id)) == 1  # what the other meeting gave
    assert follow(book, anna, source, TALK, ANNA, True) == Followed(4, 0)


def test_another_name_is_for_a_person_to_explain(
    book: VoiceBook, anna: Voice, source: SourceMeeting
) -> None:
    learn(book, anna.id, source, ANNA, 0)
    after = edits.rename(ANNA, 0, "Anna Bell")
    assert follow(book, anna, source, ANNA, after, True).renamed == after.speaker(0)
    assert len(kept(book, anna)) == 4


def test_a_denial_takes_the_meeting_out_and_an_undone_recognition_does_not(
    book: VoiceBook, anna: Voice, source: SourceMeeting
) -> None:
    learn(book, anna.id, source, ANNA, 0)
    recognised = tuple(replace(s, confidence=0.95) if s.name else s for s in ANNA.speakers)
    before = replace(ANNA, speakers=recognised)
    assert follow(book, anna, source, before, TALK, True) == Followed()
    assert follow(book, anna, source, before, edits.deny(before, 0, "Anna"), True).removed == 4


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 1)), max_size=6))
def test_whatever_is_corrected_the_samples_are_of_that_speakers_turns(
    source: SourceMeeting, tmp_path: Path, moves: list[tuple[int, int]]
) -> None:
    silent = replace(source, audio=None)  # clips would take their time
    book = VoiceBook(tmp_path / f"{hash(tuple(moves))}.sqlite")
    old = Sample(np.eye(4, dtype=np.float32)[0], "e", 9.0, "/m/old.wav", 0, np.zeros(0, np.float32))
    voice = book.remember("Anna", [old])
    learn(book, voice.id, silent, ANNA, 0)
    now = ANNA
    for number, speaker in moves:
        before, now = now, edits.reassign(now, [now.turns[number]], speaker)
        follow(book, voice, silent, before, now, True)
        theirs = {t.start // S for t in now.turns_of(0)}
        assert set(kept(book, voice)) == theirs
    book.path.unlink()
