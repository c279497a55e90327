"""The table of turns: in step with the timeline both ways, and usable by keyboard alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PyQt5.QtCore import QItemSelectionModel, QPoint, Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication, QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from app.editing.doubts import Doubts
from app.panels.turns_model import END, LENGTH, OVERLAP, SIGN, SPEAKER, START, STATE, TurnsModel
from app.session import Session
from app.widgets.notices import NoticeArea
from core.annotation import edits
from core.annotation.values import Annotation, Turn
from core.audio.peaks import Peaks
from core.units import SAMPLE_RATE as S


@pytest.fixture
def table(opened: Any, qtbot: QtBot) -> Any:
    """The table of six turns of 2 s, every 3 s, by two speakers in turn; it has the keyboard."""
    table = opened.docks.turns
    opened.actions_by_id["find_turns"].trigger()
    table.view.setFocus()
    qtbot.waitUntil(lambda: bool(table.view.isVisible() and table.view.hasFocus()))
    return table


def press(widget: Any, *keys: Any) -> None:
    for key in keys:
        key, modifiers = key if isinstance(key, tuple) else (key, Qt.NoModifier)
        QTest.keyClick(widget, key, modifiers)
    QApplication.processEvents()  # Enter in a cell commits when the field is done with it


def editor() -> Any:
    """The field or box of the cell that is being edited."""
    return QApplication.focusWidget()


def column(table: Any, number: int) -> list[str]:
    model = table.model
    return [model.index(row, number).data() for row in range(model.rowCount())]


def marked(table: Any) -> list[int]:
    return sorted(i.row() for i in table.view.selectionModel().selectedRows())


def click(table: Any, row: int, modifiers: Any = Qt.NoModifier, at: int = SPEAKER) -> None:
    rect = table.view.visualRect(table.model.index(row, at))
    QTest.mouseClick(table.view.viewport(), Qt.LeftButton, modifiers, rect.center())


def test_a_row_per_turn_in_words(table: Any) -> None:
    assert column(table, START)[:3] == ["0:00.000", "0:03.000", "0:06.000"]
    assert column(table, END)[0] == "0:02.000"
    assert set(column(table, LENGTH)) == {"0:02.000"}
    assert column(table, SPEAKER)[:2] == ["Speaker 1", "Speaker 2"]
    assert set(column(table, STATE)) == {"settled"}
    assert table.count.text() == "6 turns"


def test_arrows_go_from_turn_to_turn_and_the_timeline_follows(opened: Any, table: Any) -> None:
    press(table.view, Qt.Key_Down, Qt.Key_Down)
    turns = opened.session.annotation.turns
    row = marked(table)[0]
    assert opened.editing.selected_turns() == (turns[row],)
    assert opened.player.position == turns[row].start
    press(table.view, Qt.Key_End)  # a key of the window, but not here
    assert opened.player.position == turns[row].start


def test_a_turn_selected_on_the_timeline_is_the_row(opened: Any, table: Any) -> None:
    opened.timeline.setFocus()
    press(opened.timeline, Qt.Key_N, Qt.Key_N)
    (turn,) = opened.editing.selected_turns()
    assert marked(table) == [opened.session.annotation.turns.index(turn)]
    assert table.view.currentIndex().row() == marked(table)[0]


def test_several_rows_are_several_turns(opened: Any, table: Any) -> None:
    click(table, 1)
    click(table, 3, Qt.ControlModifier)
    turns = opened.session.annotation.turns
    assert set(opened.editing.selected_turns()) == {turns[1], turns[3]}
    press(table.view, (Qt.Key_A, Qt.ControlModifier))
    assert set(opened.editing.selected_turns()) == set(turns)
    opened.editing.select(turns[:2])
    assert marked(table) == [0, 1]


def test_start_edited_in_place_is_one_step(opened: Any, table: Any) -> None:
    click(table, 1, at=START)
    press(table.view, Qt.Key_F2)
    QTest.keyClicks(editor(), "2.5")
    press(editor(), Qt.Key_Return)
    changed = Turn(5 * S // 2, 5 * S, 1)
    assert opened.session.annotation.turns[1] == changed
    assert opened.editing.selected_turns() == (changed,)
    assert column(table, STATE)[1] == "edited"
    assert table.view.hasFocus()
    opened.session.undo.undo()
    assert opened.session.annotation.turns[1] == Turn(3 * S, 5 * S, 1)
    assert opened.session.undo.index() == 0


@pytest.mark.parametrize(
    ("at", "text", "turn"),
    [
        (END, "0:04.25", Turn(3 * S, 17 * S // 4, 1)),
        (LENGTH, "1", Turn(3 * S, 4 * S, 1)),
    ],
)
def test_end_and_length_too(opened: Any, table: Any, at: int, text: str, turn: Turn) -> None:
    click(table, 1, at=at)
    press(table.view, Qt.Key_F2)
    QTest.keyClicks(editor(), text)
    press(editor(), Qt.Key_Return)
    assert opened.session.annotation.turns[1] == turn


@pytest.mark.parametrize("text", ["soon", "99", "9"])
def test_an_impossible_time_changes_nothing_and_says_why(
    opened: Any, table: Any, text: str
) -> None:
    before = opened.session.annotation
    click(table, 1, at=START)
    press(table.view, Qt.Key_F2)
    QTest.keyClicks(editor(), text)
    press(editor(), Qt.Key_Return)
    assert opened.session.annotation is before
    assert len(opened.notices.notices) == 1


def test_escape_leaves_the_cell_as_it_was(opened: Any, table: Any) -> None:
    before = opened.session.annotation
    click(table, 1, at=START)
    press(table.view, Qt.Key_F2)
    assert isinstance(editor(), QLineEdit)
    QTest.keyClicks(editor(), "2.5")
    press(editor(), Qt.Key_Escape)
    assert opened.session.annotation is before
    assert marked(table) == [1]


def test_a_speaker_is_chosen_or_named_in_place(opened: Any, table: Any) -> None:
    click(table, 1)
    press(table.view, Qt.Key_F2)
    assert isinstance(editor(), QComboBox)
    assert [editor().itemText(n) for n in range(editor().count())] == ["Speaker 1", "Speaker 2"]
    QTest.keyClicks(editor(), "Speaker 1")
    press(editor(), Qt.Key_Return)
    assert opened.session.annotation.turns[1].speaker == 0
    click(table, 1)
    press(table.view, Qt.Key_F2)
    QTest.keyClicks(editor(), "Ünal Çelik")
    press(editor(), Qt.Key_Return)
    annotation = opened.session.annotation
    assert annotation.speaker(annotation.turns[1].speaker).name == "Ünal Çelik"
    assert opened.session.undo.count() == 2
    opened.session.undo.undo()
    assert "Ünal Çelik" not in [s.name for s in opened.session.annotation.speakers]


def test_enter_plays_the_turn(opened: Any, table: Any) -> None:
    click(table, 2)
    press(table.view, Qt.Key_Return)
    turn = opened.session.annotation.turns[2]
    assert opened.player.playing
    assert opened.player.span[:2] == (turn.start, turn.end)


def test_space_stays_a_shortcut(opened: Any, table: Any) -> None:
    press(table.view, Qt.Key_Space)
    assert opened.player.playing


def test_deleted_turns_are_gone_from_the_table(opened: Any, table: Any) -> None:
    click(table, 2)
    a = opened.session.annotation
    opened.session.edit("Delete", edits.delete(a, [a.turns[2]]))
    assert table.model.rowCount() == 5
    assert opened.editing.selected_turns() == ()
    assert marked(table) == []
    opened.session.undo.undo()
    assert column(table, START)[2] == "0:06.000"


def test_typing_finds_and_enter_goes_on(opened: Any, table: Any, qtbot: QtBot) -> None:
    QTest.keyClick(opened, Qt.Key_F, Qt.ControlModifier)
    assert table.search.hasFocus()
    QTest.keyClicks(table.search, "speaker 2")
    assert set(column(table, SPEAKER)) == {"Speaker 2"}
    assert table.count.text() == "3 of 6 turns"
    turns = opened.session.annotation.turns
    for n in (1, 3, 5, 1):
        press(table.search, Qt.Key_Return)
        assert opened.editing.selected_turns() == (turns[n],)
        assert opened.player.position == turns[n].start
    press(table.search, Qt.Key_Down)
    assert table.view.hasFocus()
    assert opened.editing.selected_turns() == (turns[1],)
    table.search.setFocus()
    press(table.search, Qt.Key_Escape)
    assert table.model.rowCount() == 6
    assert marked(table) == [1]


def test_only_one_speaker_by_the_box(opened: Any, table: Any) -> None:
    table.speaker.setFocus()
    press(table.speaker, Qt.Key_Down)
    assert set(column(table, SPEAKER)) == {"Speaker 1"}
    opened.session.rename(0, "Anna")
    assert table.speaker.currentText() == "Anna"
    assert set(column(table, SPEAKER)) == {"Anna"}
    press(table.speaker, Qt.Key_Up)
    assert table.model.rowCount() == 6


def test_a_turn_that_the_filter_hides_stays_selected(opened: Any, table: Any) -> None:
    turns = opened.session.annotation.turns
    opened.editing.select([turns[0]])
    QTest.keyClicks(table.search, "speaker 2")
    assert marked(table) == []
    assert opened.editing.selected_turns() == (turns[0],)


def test_sorting_by_header_and_by_keyboard(opened: Any, table: Any) -> None:
    a = opened.session.annotation
    opened.session.edit("Move", edits.move_edges(a, a.turns[3], 9 * S, 9 * S + 100))
    click(table, 0)
    table.order.setFocus()
    press(table.order, Qt.Key_Down, Qt.Key_Down)
    assert table.order.currentText() == "Shortest first"
    assert column(table, START)[0] == "0:09.000"
    assert marked(table) == [1]  # the same turn, elsewhere
    header = table.view.horizontalHeader()
    middle = header.sectionViewportPosition(START) + 10
    QTest.mouseClick(header.viewport(), Qt.LeftButton, pos=QPoint(middle, header.height() // 2))
    assert column(table, START)[0] == "0:00.000"
    assert table.order.currentText() == "By time"
    QTest.mouseClick(header.viewport(), Qt.LeftButton, pos=QPoint(middle, header.height() // 2))
    assert column(table, START)[0] == "0:15.000"


def test_turns_that_overlap_have_a_sign_are_found_and_come_first(
    opened: Any, table: Any, qtbot: QtBot
) -> None:
    a = opened.session.annotation
    a = edits.move_edges(a, a.turns[1], 3 * S // 2, 5 * S)
    opened.session.edit("Move", edits.move_edges(a, a.turns[4], 11 * S, 14 * S))
    assert column(table, OVERLAP) == [SIGN, SIGN, "", "", "", ""]
    opened.session.edit("Move", edits.move_edges(a, a.turns[4], 10 * S, 14 * S))
    assert column(table, OVERLAP) == [SIGN, SIGN, "", SIGN, SIGN, ""]
    said = [table.model.index(n, OVERLAP).data(Qt.AccessibleTextRole) for n in (0, 2)]
    assert said == [
        "Overlap overlaps Speaker 2 for 0:00.500",
        "Overlap nobody else speaks",
    ]
    table.order.setFocus()
    press(table.order, Qt.Key_End)
    assert table.order.currentText() == "Most overlap first"
    assert column(table, START)[:2] == ["0:09.000", "0:10.000"]
    assert column(table, OVERLAP) == [SIGN, SIGN, SIGN, SIGN, "", ""]
    QTest.keyClicks(table.search, "overlap")
    assert column(table, OVERLAP) == [SIGN] * 4
    assert not table.model.flags(table.model.index(0, OVERLAP)) & Qt.ItemIsEditable


def test_while_turns_arrive_nothing_can_be_edited(
    window: Any, engine: Any, recording: Path, qtbot: QtBot
) -> None:
    engine.hold = "listening"
    window.open_recording(recording)
    qtbot.waitUntil(lambda: len(window.session.annotation.turns) == 3)
    table = window.docks.turns
    assert table.model.rowCount() == 3
    assert not table.model.flags(table.model.index(0, START)) & Qt.ItemIsEditable
    window.cancel()
    qtbot.waitUntil(lambda: not window.listening.busy)


def test_another_recording_starts_without_a_filter(
    opened: Any, table: Any, recording: Path, qtbot: QtBot
) -> None:
    QTest.keyClicks(table.search, "speaker 2")
    opened.open_recording(recording)
    qtbot.waitUntil(lambda: not opened.listening.busy and opened.session.complete)
    assert table.search.text() == ""
    assert table.model.rowCount() == 6


TURN = st.builds(
    lambda start, length, speaker: Turn(start * 10, (start + length) * 10, speaker),
    st.integers(0, 60),
    st.integers(1, 9),
    st.integers(0, 3),
)
MEETING = st.lists(TURN, max_size=30).map(lambda turns: Annotation.build(turns, 1000))


@settings(max_examples=60)
@given(st.lists(MEETING, min_size=1, max_size=6), st.sampled_from(range(5)), st.booleans())
def test_rows_are_exchanged_without_losing_track(
    qapp: Any, meetings: list[Annotation], by: int, descending: bool
) -> None:
    """Whatever comes, the rows are the turns, and an index that was kept is at its turn or gone."""
    session = Session()
    session.open(Path("talk.wav"), Peaks(), 1000)
    model = TurnsModel(session, Doubts(session), NoticeArea())
    model.sort(by, Qt.DescendingOrder if descending else Qt.AscendingOrder)
    selection = QItemSelectionModel(model)
    for meeting in meetings:
        session.load(meeting)
        model.take()
        rows = [model.turn(n) for n in range(model.rowCount())]
        assert sorted(t for t in rows if t) == list(meeting.turns)
        assert [model.row(t) for t in meeting.turns] == [rows.index(t) for t in meeting.turns]
        if rows:
            kept = model.index(len(rows) // 2, START)
            selection.select(kept, QItemSelectionModel.ClearAndSelect | QItemSelectionModel.Rows)
    assert all(i.row() < model.rowCount() for i in selection.selectedRows())
