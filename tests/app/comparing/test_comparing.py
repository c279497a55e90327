"""Comparing with a reference: what is said, what is painted, and the way through the mistakes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QFileDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from core.annotation import edits
from core.annotation.values import Annotation, Turn
from core.formats import write_annotation

S = 16_000

# The window finds 0-2, 3-5, ..., 15-17, by two speakers in turn.
REFERENCE = Annotation.build(
    [
        *(Turn(a * S, (a + 2) * S, who) for a, who in ((0, 7), (3, 4), (6, 7), (9, 4))),
        Turn(12 * S, 14 * S, 4),  # taken for 7
        Turn(15 * S, 18 * S, 4),  # the last second is missed
    ],
    20 * S,
    {7: "Anna", 4: "Ben"},
)


@pytest.fixture
def reference(tmp_path: Path) -> Path:
    return write_annotation(REFERENCE, tmp_path / "right.rttm", "rttm", "talk")


def text(window: Any) -> str:
    return str(window.comparing.panel.findChild(QLabel, "der").text())


def compare(qtbot: QtBot, window: Any, path: Path) -> None:
    window.comparing.open(path)
    qtbot.waitUntil(window.comparing.rows.isVisible)


@pytest.fixture
def compared(qtbot: QtBot, opened: Any, reference: Path) -> Any:
    compare(qtbot, opened, reference)
    return opened


def test_the_rate_and_its_parts_are_said(compared: Any) -> None:
    assert compared.comparing.panel.isVisible()
    assert text(compared) == (
        "right.rttm: DER 23.1% = missed 7.7% + false alarm 0.0% + confusion 15.4%"
        " of 0:00:13.000 of speech; 2 of 2 speakers; overlap counts"
    )


def test_the_menu_asks_for_the_reference(qtbot: QtBot, opened: Any, reference: Path) -> None:
    opened.actions_by_id["compare"].trigger()
    dialog = opened.findChild(QFileDialog)
    dialog.fileSelected.emit(str(reference))
    dialog.reject()
    qtbot.waitUntil(opened.comparing.rows.isVisible)


def test_rows_show_mistakes_and_the_reference_in_the_colours_of_the_lanes(compared: Any) -> None:
    rows = compared.comparing.rows.rows
    assert [row.label for row in rows] == [
        "Missed",
        "False alarm",
        "Confusion",
        "Anna",
        "Ben",
    ]
    assert [row.boxes(0, 20, 200) for row in rows] == [
        [(170, 180)],
        [],
        [(120, 140)],
        [(0, 20), (60, 80)],
        [(30, 50), (90, 110), (120, 140), (150, 180)],
    ]
    styles = [lane.style.color for lane in compared.timeline.canvas.turns.lanes]
    assert [row.brush.color() for row in rows[3:]] == styles
    image = compared.comparing.rows.grab().toImage()
    ratio = compared.comparing.rows.width() / 20
    height = compared.comparing.rows.height() / 5
    assert image.pixelColor(round(ratio), round(3.5 * height)) == styles[0]
    assert image.pixelColor(round(4 * ratio), round(4.5 * height)) == styles[1]


def test_keys_go_from_mistake_to_mistake(compared: Any) -> None:
    QTest.keyClick(compared, Qt.Key_E)
    assert compared.player.position == 12 * S
    assert compared.transport.selection == (12.0, 14.0)
    QTest.keyClick(compared, Qt.Key_E)
    assert compared.player.position == 17 * S
    QTest.keyClick(compared, Qt.Key_E)
    assert compared.player.position == 17 * S
    QTest.keyClick(compared, Qt.Key_E, Qt.ShiftModifier)
    assert compared.transport.selection == (12.0, 14.0)
    button = compared.comparing.panel.findChild(QPushButton, "next_mistake")
    QTest.mouseClick(button, Qt.LeftButton)
    assert compared.player.position == 17 * S


def test_a_click_goes_to_the_mistake_there(compared: Any) -> None:
    rows = compared.comparing.rows
    x = round(13 / 20 * rows.width())
    QTest.mouseClick(rows, Qt.LeftButton, pos=rows.rect().topLeft() + type(rows.pos())(x, 5))
    assert compared.transport.selection == (12.0, 14.0)
    x = round(4 / 20 * rows.width())
    QTest.mouseClick(rows, Qt.LeftButton, pos=rows.rect().topLeft() + type(rows.pos())(x, 5))
    assert compared.player.position / S == pytest.approx(4, abs=0.05)


def test_an_edit_makes_the_rate_better_at_once(qtbot: QtBot, compared: Any) -> None:
    session = compared.session
    wrong = next(t for t in session.annotation.turns if t.start == 12 * S)
    session.edit("give", edits.reassign(session.annotation, [wrong], 1))
    qtbot.waitUntil(lambda: "confusion 0.0%" in text(compared))
    assert [m.kind for m in compared.comparing.mistakes] == ["missed"]
    session.undo.undo()
    qtbot.waitUntil(lambda: "confusion 15.4%" in text(compared))


def test_edges_can_be_forgiven(qtbot: QtBot, compared: Any) -> None:
    button = compared.comparing.panel.findChild(QPushButton, "collar")
    button.setFocus()
    QTest.keyClick(button, Qt.Key_Return)
    qtbot.waitUntil(lambda: "of 0:00:10.000 of speech" in text(compared))
    assert button.isChecked()


def test_rows_follow_the_visible_time(compared: Any) -> None:
    compared.timeline.zoom_to(10.0, 15.0)
    rows = compared.comparing.rows
    assert rows.mistake_at(rows._seconds(rows.width() / 2)).start == 12 * S
    assert rows.mistake_at(rows._seconds(1)) is None


def test_closing_it_leaves_nothing(qtbot: QtBot, compared: Any) -> None:
    QTest.mouseClick(
        compared.comparing.panel.findChild(QPushButton, "close_comparison"), Qt.LeftButton
    )
    assert not compared.comparing.panel.isVisible()
    assert not compared.comparing.rows.isVisible()
    assert not compared.actions_by_id["next_mistake"].isEnabled()


def test_another_recording_ends_it(compared: Any) -> None:
    compared.session.close()
    assert not compared.comparing.active
    assert not compared.comparing.panel.isVisible()


def test_what_is_no_reference_is_a_notice(qtbot: QtBot, opened: Any, tmp_path: Path) -> None:
    (tmp_path / "bad.rttm").write_text("hello")
    opened.comparing.open(tmp_path / "bad.rttm")
    qtbot.waitUntil(lambda: bool(opened.notices.notices))
    assert "bad.rttm, line 1" in opened.notices.notices[0].problem.message
    assert not opened.comparing.active


def test_a_reference_in_which_nobody_speaks(qtbot: QtBot, opened: Any, tmp_path: Path) -> None:
    (tmp_path / "empty.rttm").write_text("")
    compare(qtbot, opened, tmp_path / "empty.rttm")
    assert "there is no error rate" in text(opened)
    assert {m.kind for m in opened.comparing.mistakes} == {"false alarm"}


def test_what_the_reference_says_is_not_to_be_scored_is_not(
    qtbot: QtBot, opened: Any, reference: Path
) -> None:
    with reference.open("a") as file:
        file.write("NOSCORE talk 1 12 2 <NA> <NA> <NA> <NA> <NA>\n")
    compare(qtbot, opened, reference)
    assert text(opened) == (
        "right.rttm: DER 9.1% = missed 9.1% + false alarm 0.0% + confusion 0.0%"
        " of 0:00:11.000 of speech; 2 of 2 speakers; overlap counts"
    )
    assert [(m.kind, m.start) for m in opened.comparing.mistakes] == [("missed", 17 * S)]


def test_every_button_has_a_name_and_is_reached_by_tab(compared: Any) -> None:
    panel = compared.comparing.panel
    buttons = panel.findChildren(QPushButton)
    assert len(buttons) == 4
    for button in buttons:
        assert button.text()
        assert button.focusPolicy() == Qt.TabFocus
