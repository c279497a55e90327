"""Notices: ways out as buttons, and states that last."""

from __future__ import annotations

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.widgets.notices import MOST, NoticeArea, Problem, Way


@pytest.fixture
def area(qtbot: QtBot) -> NoticeArea:
    area = NoticeArea()
    qtbot.addWidget(area)
    return area


def messages(area: NoticeArea) -> list[str]:
    return [n.findChild(QLabel).text() for n in area.notices]


def test_a_way_out_is_a_button_that_dismisses(area: NoticeArea) -> None:
    taken: list[str] = []
    ways = (Way("Use the other", lambda: taken.append("other")), Way("Stop", taken.clear))
    area.show_problem(Problem("the microphone is gone", ways=ways))
    (notice,) = area.notices
    buttons = notice.findChildren(QPushButton, "way")
    assert [b.text() for b in buttons] == ["Use the other", "Stop"]
    assert all(b.focusPolicy() == Qt.TabFocus for b in buttons)
    QTest.mouseClick(buttons[0], Qt.LeftButton)
    assert taken == ["other"]
    assert not area.notices


def test_a_state_that_lasts_is_replaced_and_withdrawn(area: NoticeArea) -> None:
    area.show_problem(Problem("9 minutes left", key="disk"))
    area.tell("something else")
    area.show_problem(Problem("8 minutes left", key="disk"))
    assert messages(area) == ["something else", "8 minutes left"]
    area.withdraw("disk")
    assert messages(area) == ["something else"]


def test_a_flood_does_not_push_a_lasting_state_away(area: NoticeArea) -> None:
    area.show_problem(Problem("no sound arrives", key="sound"))
    for n in range(2 * MOST):
        area.tell(f"notice {n}")
    assert len(messages(area)) == MOST
    assert messages(area)[0] == "no sound arrives"


def test_what_was_about_one_recording_goes_with_it(area: NoticeArea) -> None:
    area.tell("the turns may not fit")
    area.tell("the disk is nearly full", general=True)
    area.clear()
    assert messages(area) == ["the disk is nearly full"]
