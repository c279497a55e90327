"""A person corrects what is heard while it is recorded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from core.annotation.values import Turn
from core.live.recording import (
    Folded,
    Trouble,
    Turns,
)
from core.stream.diarizer import Diarizer
from tests.core.audio.fake_sound import wait_for
from tests.core.live.recorded import (
    Levels,
    Recording,
    stream_of,
    voice,
)
from tests.core.stream.test_diarizer import (
    real_decoder,
)


def steered() -> Diarizer:
    """With the real decoder."""
    return stream_of(Levels(), real_decoder(lag=20))


def test_a_merge_steers_and_a_name_stays(start: Callable[..., Recording]) -> None:
    recording = start(diarizer=steered)
    pause = np.zeros((16_000, 1), np.int16)
    for level in (0.2, 0.4, 0.2, 0.4):
        recording.give(np.concatenate([voice(level), pause]))
    recording.settle()
    wait_for(lambda: recording.live.status.labelled > 11 * 16_000)
    recording.live.merge(0, 1)
    recording.live.rename(0, "Ada")
    recording.live.merge(0, 7)
    trouble = recording.wait(Trouble)
    assert (trouble.kind, trouble.text) == ("steering", "Speaker 8 is not there any more")
    recording.events()
    merged_at = len(recording.seen)
    for level in (0.4, 0.6, 0.2, 0.4):
        recording.give(np.concatenate([voice(level), pause]))
    result = recording.finish()
    later = [t for e in recording.seen[merged_at:] if isinstance(e, Turns) for t in e.changes.turns]
    assert {t.speaker for t in later if t.start > 12 * 16_000} == {0, 2}
    assert [s.label for s in result.annotation.speakers] == ["Ada", "Speaker 3"]
    assert {s.name for s in result.second_pass().speakers} >= {"Ada"}


def test_a_merge_can_be_taken_back(start: Callable[..., Recording]) -> None:
    recording = start(diarizer=steered)
    pause = np.zeros((16_000, 1), np.int16)
    for level in (0.2, 0.4, 0.2):
        recording.give(np.concatenate([voice(level), pause]))
    recording.settle()
    wait_for(lambda: recording.live.status.labelled > 8 * 16_000)
    recording.live.merge(0, 1)
    recording.live.unmerge(1)
    recording.give(np.concatenate([voice(0.4), pause]))
    assert len(recording.finish().annotation.speakers) == 2


def test_a_limit_holds_from_then_on_and_can_be_lifted(start: Callable[..., Recording]) -> None:
    recording = start(diarizer=steered)
    pause = np.zeros((16_000, 1), np.int16)
    for level in (0.2, 0.2, 0.4, 0.4, 0.6):
        recording.give(np.concatenate([voice(level), pause]))
    recording.settle()
    wait_for(lambda: recording.live.status.labelled > 14 * 16_000)
    recording.live.rename(2, "Cleo")
    recording.live.limit(2)
    into = recording.wait(Folded).into
    assert len(into) == 1
    assert 2 not in into, "who has a name is not the one to go"
    recording.give(np.concatenate([voice(0.8), pause, voice(0.9), *[pause] * 8]))
    recording.settle()
    wait_for(lambda: recording.live.status.labelled > 27 * 16_000)  # nothing is open any more
    limited = len(recording.events())
    turns = [t for e in recording.seen if isinstance(e, Turns) for t in e.changes.turns]
    assert {into.get(t.speaker, t.speaker) for t in turns} == {0, 1, 2} - into.keys()
    recording.live.limit(None)
    assert recording.wait(Folded, lambda event: not event.into)
    recording.give(np.concatenate([voice(0.1), pause]))
    result = recording.finish()
    assert isinstance(recording.seen[limited], Folded | Turns)
    assert [s.id for s in result.annotation.speakers] == [0, 1, 2, 3]


def test_the_result_has_no_more_speakers_than_were_said(start: Callable[..., Recording]) -> None:
    recording = start(diarizer=steered)
    pause = np.zeros((16_000, 1), np.int16)
    for level in (0.2, 0.4, 0.6, 0.2):
        recording.give(np.concatenate([voice(level), pause]))
    recording.live.limit(2)
    result = recording.finish()
    assert len(result.annotation.speakers) == 2
    assert result.annotation.edited == ()


def test_turns_that_are_given_stay_and_their_voice_is_known(
    start: Callable[..., Recording], path: Path
) -> None:
    """With two speakers at most, a third voice is taken for one of them; a person knows better."""
    recording = start(diarizer=steered)
    pause = np.zeros((16_000, 1), np.int16)
    recording.live.limit(2)
    for level in (0.2, 0.4, 0.2, 0.4, 0.6):
        recording.give(np.concatenate([voice(level), pause]))
    recording.settle()
    wait_for(lambda: recording.live.status.labelled > 14 * 16_000)
    heard: list[Any] = []
    for event in recording.events():
        if isinstance(event, Turns):
            heard = [t for t in heard if t.end <= event.changes.since] + [*event.changes.turns]
    wrong = heard[-1].speaker
    right = 1 - wrong
    third = (12 * 16_000, 14 * 16_000)
    number = recording.live.give([third], right)
    assert '"given": [[192000, 224000, ' in (path.parent / "talk.wav.recording").read_text()
    for level in (0.6, 0.2, 0.6, 0.4):
        recording.give(np.concatenate([voice(level), pause]))
    recording.settle()
    wait_for(lambda: recording.live.status.labelled > 26 * 16_000)
    again = recording.live.give([third], wrong)
    recording.live.take_back(again)
    result = recording.finish()

    def who(second: float) -> list[int]:
        at = second * 16_000
        return [t.speaker for t in result.annotation.turns if t.start <= at < t.end]

    assert number != again
    assert [who(s) for s in (13, 16, 22)] == [[right]] * 3
    assert [who(s) for s in (1, 7, 19)] == [[0]] * 3
    assert [who(s) for s in (4, 10, 25)] == [[1]] * 3
    assert result.annotation.edited == (third,)
    assert [t.speaker for t in result.second_pass().turns if t.start <= 13 * 16_000 < t.end]
    assert result.second_pass().edited == (third,)
    assert not [e for e in recording.seen if isinstance(e, Trouble)]


def test_a_turn_of_nobody_is_told_and_stays_as_it_was_said(
    start: Callable[..., Recording],
) -> None:
    recording = start(diarizer=steered)
    recording.give(voice(0.2, 12.0))
    recording.settle()
    wait_for(lambda: recording.live.status.labelled > 11 * 16_000)
    recording.live.give([(0, 8000)], 5)
    trouble = recording.wait(Trouble, lambda t: t.kind == "steering")
    assert trouble.text == "Speaker 6 is not there any more"
    assert recording.finish().annotation.turns[0] == Turn(0, 8000, 5)


def test_a_speaker_of_the_newest_seconds_is_corrected_as_soon_as_they_are_known(
    start: Callable[..., Recording],
) -> None:
    """What is shown there is a first guess: a name, a merge wait until it is for certain."""
    recording = start(diarizer=steered)
    recording.give(np.concatenate([voice(0.2, 4.0), voice(0.4, 3.0)]))
    recording.settle()
    recording.wait(Turns, lambda e: {t.speaker for t in e.changes.turns} == {0, 1})
    recording.live.rename(1, "Ben")
    recording.live.merge(0, 1)
    recording.give(np.concatenate([voice(0.4, 3.0), voice(0.2, 4.0), voice(0.4, 4.0)]))
    recording.settle()
    wait_for(lambda: recording.live.status.labelled > 17 * 16_000)
    recording.events()
    merged = [e for e in recording.seen if isinstance(e, Turns)][-1].changes.turns
    assert {t.speaker for t in merged} == {0}
    result = recording.finish()
    assert {t.speaker for t in result.annotation.turns} == {0}
    assert not [e for e in recording.seen if isinstance(e, Trouble)]
