"""What is open, and what is said about it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from app.session import Session
from core.annotation import edits
from core.annotation.values import Annotation, Turn, join_turns
from core.audio.peaks import Peaks
from core.errors import EditError
from core.stream.changes import Changes

PATH = Path("talk.wav")


def change(since: int, position: int, *turns: Turn) -> Changes:
    return Changes(position, since, turns)


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
    after = change(10, 30, Turn(20, 30, 1)).applied_to(before)
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
        one_by_one = c.applied_to(one_by_one)
    together = changes[0]
    for c in changes[1:]:
        together = together.then(c)
    assert together.applied_to(Annotation()) == one_by_one


def test_what_is_said_while_turns_arrive_stays_and_can_be_undone(session: Session) -> None:
    session.apply(change(0, 40, Turn(0, 10, 0), Turn(20, 30, 1)))
    session.rename(1, "Ben")
    session.merge_speakers(0, 1)
    session.add_marker(15, "here")
    session.apply(change(30, 60, Turn(40, 50, 1)))
    assert [(t.start, t.speaker) for t in session.annotation.turns] == [(0, 0), (20, 0), (40, 0)]
    assert [s.label for s in session.annotation.speakers] == ["Ben"]
    session.undo.undo()
    session.undo.undo()
    assert [(t.start, t.speaker) for t in session.annotation.turns] == [(0, 0), (20, 1), (40, 1)]
    assert [s.label for s in session.annotation.speakers] == ["Speaker 1", "Ben"]
    assert session.annotation.markers == ()


def test_turns_can_be_changed_only_once_all_is_heard(session: Session) -> None:
    session.apply(change(0, 40, Turn(0, 10, 0)))
    with pytest.raises(EditError):
        session.edit("Delete", edits.delete(session.annotation, session.annotation.turns))
    session.finish(Annotation.build([Turn(0, 10, 0)], 100))
    before = session.annotation
    session.edit("Delete", edits.delete(before, before.turns))
    assert session.annotation.turns == ()
    assert session.undo.undoText() == "Delete"
    session.undo.undo()
    assert session.annotation == before


def test_dirty_until_saved(session: Session, qtbot: QtBot) -> None:
    session.finish(Annotation.build([Turn(0, 10, 0)], 100))
    assert not session.dirty
    with qtbot.waitSignal(session.dirty_changed):
        session.rename(0, "Anna")
    assert session.dirty
    session.saved()
    assert not session.dirty
    session.undo.undo()
    assert session.dirty


def test_what_was_said_while_turns_arrived_is_still_to_be_saved(session: Session) -> None:
    session.apply(change(0, 20, Turn(0, 10, 0)))
    session.rename(0, "Anna")
    session.finish(Annotation.build([Turn(0, 10, 0)], 100))
    assert session.annotation.speaker(0).name == "Anna"
    assert session.dirty
    session.saved()
    assert not session.dirty


def test_another_pass_is_one_step_and_keeps_edits(session: Session) -> None:
    session.finish(Annotation.build([Turn(0, 10, 0), Turn(20, 30, 1)], 100))
    session.edit("Give", edits.reassign(session.annotation, session.annotation.turns[1:], 0))
    mine = session.annotation
    # a pass that heeds the correction, but not to the sample, and numbers the voices anew
    heeding = [Turn(0, 10, 1), Turn(20, 28, 1), Turn(28, 40, 0)]
    session.rerun("Speakers: 3", Annotation.build(heeding, 100))
    assert [(t.start, t.end, t.speaker) for t in session.annotation.turns] == [
        (0, 10, 0),
        (20, 30, 0),
        (30, 40, 1),
    ]
    session.undo.undo()
    assert session.annotation == mine


def test_the_stream_hears_of_merges_and_of_their_undoing(session: Session) -> None:
    said: list[tuple[int, ...]] = []
    session.speakers_merged.connect(lambda keep, gone: said.append((keep, gone)))
    session.speakers_parted.connect(lambda gone: said.append((gone,)))
    session.apply(change(0, 60, Turn(0, 10, 0), Turn(20, 30, 1)))
    session.merge_speakers(0, 1)
    session.undo.undo()
    session.undo.redo()
    session.rename(0, "Ada")
    assert said == [(0, 1), (1,), (0, 1)]


def test_speakers_made_one_while_turns_arrive_stay_one(session: Session) -> None:
    session.apply(change(0, 60, Turn(0, 10, 0), Turn(20, 30, 1), Turn(40, 50, 2)))
    session.merge_speakers(0, 1)
    assert session.annotation.edited == ((0, 10), (20, 30))
    session.finish(Annotation.build([Turn(0, 10, 0), Turn(20, 30, 0), Turn(40, 50, 2)], 100))
    session.rerun(
        "Second pass", Annotation.build([Turn(0, 10, 0), Turn(20, 30, 1), Turn(40, 50, 2)], 100)
    )
    labels = [t.speaker for t in session.annotation.turns]
    assert labels[0] == labels[1] != labels[2]


@pytest.fixture
def recorded(session: Session) -> Session:
    """Three speakers so far, while it is recorded."""
    session.open(PATH, Peaks(), live=True)
    session.apply(
        change(0, 70, *(Turn(10 * n, 10 * n + 8, n % 3) for n in range(6)), Turn(60, 70, 0))
    )
    return session


def test_turns_are_given_only_while_it_is_recorded(session: Session, recorded: Session) -> None:
    turns = recorded.annotation.turns
    with pytest.raises(EditError, match="another speaker can be added once"):
        recorded.give(turns[:1], 7)
    recorded.give(turns[:0], 1)
    assert recorded.undo.count() == 0
    recorded.set_live(False)
    with pytest.raises(EditError, match="once the whole recording has been heard"):
        recorded.give(turns[:1], 1)
    recorded.set_most(2)
    assert recorded.most == 0


def test_speakers_beyond_the_limit_are_others_as_long_as_it_holds(recorded: Session) -> None:
    said: list[Any] = []
    recorded.most_changed.connect(said.append)
    recorded.rename(2, "Cleo")
    recorded.merge_speakers(0, 1)
    recorded.give(recorded.annotation.turns[2:3], 0)
    recorded.set_most(1)
    recorded.fold({0: 2})
    assert {t.speaker for t in recorded.annotation.turns} == {2}
    assert [s.label for s in recorded.annotation.speakers] == ["Cleo"]
    recorded.apply(change(60, 90, Turn(60, 75, 0), Turn(80, 90, 1)))
    assert {t.speaker for t in recorded.annotation.turns} == {2}
    recorded.undo.undo()
    recorded.fold({})
    assert [t.speaker for t in recorded.annotation.turns] == [0, 0, 0, 0, 0, 2, 0, 0]
    assert said == [1, 0]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_what_was_said_while_it_was_recorded_outlives_any_pass(
    qtbot: QtBot, data: st.DataObject
) -> None:
    session = Session()
    session.open(PATH, Peaks(), live=True)
    steered: list[Any] = []
    session.turns_given.connect(steered.append)
    session.turns_taken_back.connect(lambda turns: steered.remove(turns))
    heard = Annotation()
    for end in range(20, 100, 20):
        turns = [
            Turn(start, start + 5, data.draw(st.integers(0, 3)))
            for start in range(end - 20, end, 5)
        ]
        arrived = change(end - 20, end, *join_turns(turns))
        session.apply(arrived)
        heard = arrived.applied_to(heard)
        there = st.sampled_from([s.id for s in session.annotation.speakers])
        what = data.draw(st.sampled_from(["give", "give", "merge", "undo", "nothing"]))
        if what == "give":
            chosen = data.draw(st.sets(st.sampled_from(session.annotation.turns), max_size=3))
            to = data.draw(there)
            session.give([t for t in chosen if t.speaker != to], to)
        elif what == "merge" and len(session.annotation.speakers) > 1:
            keep, gone = data.draw(st.lists(there, min_size=2, max_size=2, unique=True))
            session.merge_speakers(keep, gone)
        elif what == "undo":
            session.undo.undo()
    before = session.annotation
    by_hand = [t for t in before.turns if before.is_edited(t)]
    for turns in steered[-1:]:  # whatever arrived since
        for turn in turns:
            assert any(t.start <= turn.start and turn.end <= t.end for t in by_hand)
    session.finish(heard)
    other = [Turn(start, start + 10, data.draw(st.integers(0, 3))) for start in range(0, 80, 10)]
    session.rerun("Second pass", Annotation.build(other, 100))
    after = session.annotation
    for at in range(80):
        if any(s <= at < e for s, e in before.edited):
            assert [t.speaker for t in after.turns if t.start <= at < t.end] == [
                t.speaker for t in by_hand if t.start <= at < t.end
            ]
    assert after.edited == before.edited


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_a_name_typed_while_recording_never_ends_on_nobody(session: Session, data: Any) -> None:
    """Live edits, and a second pass that parts and joins the voices as it likes."""
    session.open(PATH, Peaks(), live=True)
    voices = st.lists(st.integers(0, 3), min_size=8, max_size=8)
    first = [Turn(10 * n, 10 * n + 10, who) for n, who in enumerate(data.draw(voices))]
    session.apply(change(0, 80, *join_turns(first)))
    for name in data.draw(st.lists(st.sampled_from(("Maria", "Anna", "Ben")), unique=True)):
        present = [s.id for s in session.annotation.speakers]
        session.rename(data.draw(st.sampled_from(present)), name)
    if data.draw(st.booleans()) and len(session.annotation.speakers) > 1:
        keep, gone = [s.id for s in session.annotation.speakers][:2]
        session.merge_speakers(keep, gone)
    typed = {s.name for s in session.annotation.speakers if s.name}
    session.finish(Annotation.build(join_turns(first), 100))
    for name in ("Second pass", "Number of speakers"):
        second = [Turn(10 * n, 10 * n + 10, who) for n, who in enumerate(data.draw(voices))]
        session.rerun(name, Annotation.build(join_turns(second), 100))
        after = session.annotation
        assert typed <= {s.name for s in after.speakers if after.turns_of(s.id)}


def test_two_names_on_one_voice_are_told(session: Session, qtbot: QtBot) -> None:
    session.finish(Annotation.build([Turn(0, 30, 0), Turn(40, 60, 1)], 100))
    session.rename(0, "Anna")
    session.rename(1, "Maria")
    one = Annotation.build([Turn(0, 30, 0), Turn(40, 60, 0)], 100)
    with qtbot.waitSignal(session.named_as_one) as said:
        session.rerun("Second pass", one)
    assert said.args == [((0, 1),)]
    assert [t.speaker for t in session.annotation.turns] == [0, 1]
