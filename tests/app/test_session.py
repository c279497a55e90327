"""What is open, and what is said about it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from app.session import Session, applied
from app.workers import merged
from core.annotation import Annotation, Turn
from core.audio.peaks import Peaks

PATH = Path("talk.wav")


@dataclass(frozen=True)
class Changes:
    since: int
    position: int
    turns: tuple[Turn, ...]


def change(since: int, position: int, *turns: Turn) -> Any:
    return Changes(since, position, turns)


@pytest.fixture
def session(qtbot: QtBot) -> Session:
    session = Session()
    session.open(PATH, Peaks(), 100)
    return session


def test_opening_starts_anew(session: Session, qtbot: QtBot) -> None:
    session.finish(Annotation.build([Turn(0, 10, 0)], 100))
    with qtbot.waitSignal(session.recording_changed):
        session.open(Path("other.wav"), Peaks(), 50)
    assert (session.annotation, session.duration, session.complete) == (Annotation(), 50, False)


def test_closing_says_so_once(session: Session, qtbot: QtBot) -> None:
    with qtbot.waitSignal(session.recording_changed):
        session.close()
    assert not session.is_open
    assert session.peaks is None
    with qtbot.assertNotEmitted(session.recording_changed):
        session.close()


def test_duration_is_the_header_s_until_more_is_heard(session: Session, qtbot: QtBot) -> None:
    session.hear(60)
    assert session.duration == 100
    with qtbot.waitSignals([session.duration_changed, session.sound_grew]):
        session.hear(130)
    assert session.duration == 130


def test_duration_in_the_end_is_the_true_one(session: Session) -> None:
    session.finish(Annotation.build([Turn(0, 10, 0)], 90))
    assert session.duration == 90
    assert session.complete


def test_changes_replace_what_is_not_settled(session: Session, qtbot: QtBot) -> None:
    with qtbot.waitSignal(session.annotation_changed):
        session.apply(change(0, 40, Turn(0, 10, 0), Turn(20, 40, 1, settled=False)))
    session.apply(change(10, 60, Turn(20, 35, 2), Turn(40, 60, 0)))
    assert session.annotation.turns == (Turn(0, 10, 0), Turn(20, 35, 2), Turn(40, 60, 0))
    assert [s.id for s in session.annotation.speakers] == [0, 2]
    assert session.annotation.duration == 60


def test_a_name_survives_changes() -> None:
    before = Annotation.build([Turn(0, 10, 0)], names={0: "Anna"})
    after = applied(before, change(10, 30, Turn(20, 30, 1)))
    assert [s.label for s in after.speakers] == ["Anna", "Speaker 2"]


spans = st.lists(st.tuples(st.integers(1, 30), st.integers(0, 3)), max_size=8)


@given(st.lists(st.tuples(st.integers(0, 8), spans), min_size=1, max_size=6), st.data())
def test_merged_changes_do_what_they_do_one_by_one(steps: list[Any], data: st.DataObject) -> None:
    """The window may hear of any number of steps at once."""
    changes, since, position = [], 0, 0
    for advance, lengths in steps:
        turns, at = [], since
        for length, speaker in lengths:
            turns.append(Turn(at + 1, at + 1 + length, speaker))
            at += 1 + length
        position = max(position, at)
        changes.append(change(since, position, *turns))
        since = min(since + advance * 5, at)
    one_by_one = Annotation()
    for c in changes:
        one_by_one = applied(one_by_one, c)
    together = changes[0]
    for c in changes[1:]:
        together = merged(together, c)
    assert applied(Annotation(), together) == one_by_one
