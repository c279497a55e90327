"""The panel of speakers: names, numbers, chart, colours, merging, order, by mouse and keyboard."""

from __future__ import annotations

from typing import Any

import pytest
from PyQt5.QtCore import QPoint, Qt
from PyQt5.QtGui import QColor, QImage
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication, QColorDialog, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from app.panels.speakers_model import (
    BACKCHANNELS,
    INTERRUPTIONS,
    LONGEST,
    NAME,
    OVERLAP,
    SHARE,
    TALK,
    TURNS,
    brief,
)
from core.annotation import edits
from core.annotation.values import OKABE_ITO
from core.units import SAMPLE_RATE as S


@pytest.fixture
def panel(opened: Any, qtbot: QtBot) -> Any:
    """Two speakers with three turns of 2 s each; the table has the keyboard."""
    panel = opened.docks.speakers
    panel.view.setFocus()
    qtbot.waitUntil(lambda: bool(panel.view.isVisible() and panel.view.hasFocus()))
    return panel


def cells(panel: Any, row: int) -> list[str]:
    return [panel.model.index(row, column).data() for column in range(panel.model.columnCount())]


def press(widget: Any, key: Any, modifiers: Any = Qt.NoModifier) -> None:
    QTest.keyClick(widget, key, modifiers)
    QApplication.processEvents()  # Enter in a cell commits when the field is done with it


def click(panel: Any, row: int, modifiers: Any = Qt.NoModifier) -> None:
    rect = panel.view.visualRect(panel.model.index(row, NAME))
    QTest.mouseClick(panel.view.viewport(), Qt.LeftButton, modifiers, rect.center())


def type_name(panel: Any, row: int, name: str) -> None:
    click(panel, row)
    press(panel.view, Qt.Key_F2)
    field = QApplication.focusWidget()
    QTest.keyClicks(field, name)
    press(field, Qt.Key_Return)


def names(window: Any) -> list[str]:
    return [s.label for s in window.session.annotation.speakers]


def test_the_numbers_of_every_speaker(panel: Any) -> None:
    assert cells(panel, 0) == ["Speaker 1", "6.0 s", "50 %", "3", "2.0 s", "0", "0 %", "0"]
    assert len({cells(panel, n)[0] for n in range(panel.model.rowCount())}) == 2


def test_an_interruption_counts_and_shares_follow_an_edit(opened: Any, panel: Any) -> None:
    a = opened.session.annotation
    opened.session.edit("Move", edits.move_edges(a, a.turns[1], S, 5 * S))
    assert cells(panel, 1) == ["Speaker 2", "8.0 s", "57 %", "3", "4.0 s", "1", "12 %", "0"]
    assert cells(panel, 0)[SHARE] == "43 %"


def test_a_backchannel_counts_apart_and_is_said_beside_the_interruptions(
    opened: Any, panel: Any
) -> None:
    a = opened.session.annotation
    opened.session.edit("Draw", edits.draw(a, S // 2, S, 1))
    assert cells(panel, 1)[INTERRUPTIONS:] == ["0", "8 %", "1"]
    assert cells(panel, 0)[INTERRUPTIONS:] == ["0", "8 %", "0"]
    said = panel.model.index(1, INTERRUPTIONS).data(Qt.AccessibleTextRole)
    assert said == "Interruptions of others: 0\nBack-channels inside others' turns: 1"


def test_lengths_are_as_short_as_they_can_be_told() -> None:
    times = (0, S - 1, 59 * S, 60 * S, 725 * S, 3600 * S)
    assert [brief(t) for t in times] == ["0.0 s", "0.9 s", "59.0 s", "1:00", "12:05", "1:00:00"]


def test_a_name_is_everywhere_at_once_and_can_be_undone(opened: Any, panel: Any) -> None:
    type_name(panel, 0, "Anna")
    assert names(opened)[0] == "Anna"
    assert opened.docks.turns.model.index(0, 3).data() == "Anna"
    assert opened.timeline.names.accessibleDescription().startswith("Anna")
    opened.session.undo.undo()
    assert names(opened)[0] == "Speaker 1"


@pytest.mark.parametrize("merge", [True, False])
def test_a_name_that_is_taken_offers_the_merge(opened: Any, panel: Any, merge: bool) -> None:
    type_name(panel, 0, "Anna")
    type_name(panel, 1, "Anna")
    box = opened.findChild(QMessageBox, "offer_merge")
    assert "Anna" in box.text()
    text = "&Merge" if merge else "&Keep apart"
    button = next(b for b in box.findChildren(QPushButton) if b.text() == text)
    QTest.mouseClick(button, Qt.LeftButton)
    assert names(opened) == (["Anna"] if merge else ["Anna", "Speaker 2"])
    if merge:
        assert cells(panel, 0)[TURNS] == "6"


def test_the_chart_shows_the_same_numbers(opened: Any, panel: Any) -> None:
    a = opened.session.annotation
    opened.session.edit("Move", edits.move_edges(a, a.turns[1], 3 * S, 7 * S // 2))
    for n, column in enumerate((TALK, TURNS, LONGEST, INTERRUPTIONS, OVERLAP, BACKCHANNELS)):
        assert panel.number.itemData(n) == column
        if n:
            press(panel.number, Qt.Key_Down)
        assert panel.number.currentIndex() == n
        bars = panel.chart.bars
        assert [b.text for b in bars] == [cells(panel, row)[column] for row in range(2)]
        assert panel.model.titles()[column] in panel.chart.accessibleName()
        assert all(b.text in panel.chart.accessibleDescription() for b in bars)
    press(panel.number, Qt.Key_Home)
    picture = panel.chart.grab().toImage().convertToFormat(QImage.Format_RGB32)
    ratio = picture.devicePixelRatio()
    for n in range(2):
        middle = panel.chart.bar_rect(n).center() * ratio
        assert picture.pixelColor(middle.toPoint()) == QColor(OKABE_ITO[n])
    assert panel.chart.bar_rect(0).width() > panel.chart.bar_rect(1).width()


def test_a_colour_is_chosen_in_a_dialog(opened: Any, panel: Any) -> None:
    click(panel, 1)
    QTest.mouseClick(panel.buttons["colour"], Qt.LeftButton)
    dialog = panel.findChild(QColorDialog)
    assert dialog.currentColor() == QColor(OKABE_ITO[1])
    dialog.setCurrentColor(QColor("#123456"))
    press(dialog, Qt.Key_Return)
    assert opened.session.annotation.speakers[1].colour == "#123456"
    assert opened.timeline.canvas.turns.lanes[1].style.color == QColor("#123456")


def test_selected_speakers_are_merged_into_the_first(opened: Any, panel: Any) -> None:
    assert not panel.buttons["merge"].isEnabled()
    click(panel, 0)
    click(panel, 1, Qt.ControlModifier)
    QTest.mouseClick(panel.buttons["merge"], Qt.LeftButton)
    assert names(opened) == ["Speaker 1"]
    assert [s.id for s in panel.selected()] == [0]
    opened.session.undo.undo()
    assert names(opened) == ["Speaker 1", "Speaker 2"]


def test_lanes_are_reordered_by_keys_and_buttons(opened: Any, panel: Any) -> None:
    click(panel, 0)
    press(panel.view, Qt.Key_Down, Qt.AltModifier)
    assert names(opened) == ["Speaker 2", "Speaker 1"]
    assert [s.id for s in panel.selected()] == [0]
    QTest.mouseClick(panel.buttons["up"], Qt.LeftButton)
    assert names(opened) == ["Speaker 1", "Speaker 2"]
    QTest.mouseClick(panel.buttons["up"], Qt.LeftButton)  # as far up as it goes
    assert names(opened) == ["Speaker 1", "Speaker 2"]


def test_a_speaker_is_added_named_and_removed(opened: Any, panel: Any) -> None:
    panel.buttons["add"].setFocus()
    press(panel.buttons["add"], Qt.Key_Return)
    field = QApplication.focusWidget()
    QTest.keyClicks(field, "Cora")
    press(field, Qt.Key_Return)
    assert names(opened) == ["Speaker 1", "Speaker 2", "Cora"]
    assert cells(panel, 2)[TALK] == "0.0 s"
    press(panel.view, Qt.Key_Delete)
    assert names(opened) == ["Speaker 1", "Speaker 2"]
    assert not opened.notices.notices


def test_a_speaker_with_turns_is_not_removed(opened: Any, panel: Any) -> None:
    click(panel, 0)
    press(panel.view, Qt.Key_Delete)
    assert names(opened) == ["Speaker 1", "Speaker 2"]
    assert len(opened.notices.notices) == 1


def test_the_row_is_the_speaker_of_the_window_both_ways(opened: Any, panel: Any) -> None:
    click(panel, 1)
    assert opened.speaker_editing.current.id == 1
    opened.editing.select([opened.session.annotation.turns[0]])
    assert [s.id for s in panel.selected()] == [0]


def test_a_voice_is_heard_muted_and_heard_alone(opened: Any, panel: Any) -> None:
    click(panel, 1)
    QTest.mouseClick(panel.buttons["play_sample"], Qt.LeftButton)
    turns = [(t.start, t.end) for t in opened.session.annotation.turns_of(1)]
    assert opened.player.span[:2] in turns
    QTest.mouseClick(panel.buttons["mute"], Qt.LeftButton)
    assert opened.audition.muted == {1}
    QTest.mouseClick(panel.buttons["solo"], Qt.LeftButton)
    assert opened.audition.soloed == {1}


def test_while_turns_arrive_names_can_be_given(
    window: Any, engine: Any, recording: Any, qtbot: QtBot
) -> None:
    engine.hold = "listening"
    window.open_recording(recording)
    panel = window.docks.speakers
    qtbot.waitUntil(lambda: panel.model.rowCount() == 2)
    type_name(panel, 0, "Anna")
    assert names(window)[0] == "Anna"
    assert cells(panel, 0)[NAME] == "Anna"
    assert not panel.buttons["add"].isEnabled()
    window.cancel()
    qtbot.waitUntil(lambda: not window.listening.busy)


def test_nothing_is_selected_by_a_click_beside_the_rows(panel: Any) -> None:
    click(panel, 0)
    QTest.mouseClick(panel.view.viewport(), Qt.LeftButton, pos=QPoint(5, 150))
    assert panel.selected() == []
    assert not panel.buttons["colour"].isEnabled()
