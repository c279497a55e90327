"""Markers are put, named, found and listed."""

from __future__ import annotations

from typing import Any

import pytest
from PyQt5.QtCore import QPoint, Qt
from PyQt5.QtGui import QContextMenuEvent
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import (
    QApplication,
    QMenu,
)

from core.annotation.values import Annotation
from core.units import SAMPLE_RATE as S
from tests.app.editing.hands import (
    CTRL,
    LEFT,
    NONE,
    SHIFT,
    field,
    field_visible,
    messages,
    press,
    shown_menu,
    texts,
)


def marks(window: Any) -> list[tuple[float, str]]:
    return [(m.at / S, m.text) for m in window.session.annotation.markers]


def test_a_marker_with_its_text_is_one_step(talk: Any) -> None:
    talk.transport.seek(4 * S)
    press(talk, Qt.Key_M, modifier=CTRL)
    QTest.keyClicks(field(talk), "decision 1")
    press(talk, Qt.Key_Return)
    assert marks(talk) == [(4, "decision 1")]
    press(talk, Qt.Key_Z, modifier=CTRL)
    assert marks(talk) == []
    press(talk, Qt.Key_Y, modifier=CTRL)
    assert marks(talk) == [(4, "decision 1")]


def test_a_marker_may_stay_without_text(talk: Any) -> None:
    press(talk, Qt.Key_M, modifier=CTRL)
    press(talk, Qt.Key_Return)
    assert marks(talk) == [(0, "")]
    press(talk, Qt.Key_M, modifier=CTRL)
    assert not field_visible(talk), "there is one already"


def test_escape_takes_a_new_marker_back_without_a_trace(talk: Any) -> None:
    press(talk, Qt.Key_M, modifier=CTRL)
    QTest.keyClicks(field(talk), "no")
    press(talk, Qt.Key_Escape)
    assert marks(talk) == []
    assert not talk.session.undo.canUndo()
    assert not talk.session.undo.canRedo()
    talk.transport.seek(4 * S)
    press(talk, Qt.Key_M, modifier=CTRL)
    QTest.keyClicks(field(talk), "decision")
    press(talk, Qt.Key_Return)
    press(talk, Qt.Key_M, modifier=CTRL | SHIFT)
    press(talk, Qt.Key_Escape)
    assert marks(talk) == [(4, "decision")]


def test_while_recording_a_marker_is_at_what_is_heard_now(talk: Any) -> None:
    talk.session.set_live(True)
    press(talk, Qt.Key_M, modifier=CTRL)
    press(talk, Qt.Key_Return)
    assert marks(talk) == [(20, "")]


@pytest.fixture
def marked(talk: Any) -> Any:
    for at, text in ((4, "one"), (9, "two"), (14, "")):
        talk.session.add_marker(at * S, text)
    talk.timeline.canvas.grab()
    return talk


def test_keys_go_from_marker_to_marker(marked: Any) -> None:
    visited = []
    for key in (Qt.Key_PageDown, Qt.Key_PageDown, Qt.Key_PageDown, Qt.Key_PageUp):
        press(marked, key, modifier=CTRL)
        visited.append(marked.player.position / S)
    assert visited == [4, 9, 14, 9]
    press(marked, Qt.Key_M, modifier=CTRL | SHIFT)
    assert field(marked).text() == "two"
    QTest.keyClicks(field(marked), "second")
    press(marked, Qt.Key_Return)
    assert marks(marked)[1] == (9, "second")
    press(marked, Qt.Key_Delete, modifier=CTRL)
    assert [at for at, _ in marks(marked)] == [4, 14]
    press(marked, Qt.Key_Delete, modifier=CTRL)
    assert "go to a marker first" in messages(marked)[0]


def test_the_flag_of_a_marker(marked: Any) -> None:
    canvas = marked.timeline.canvas
    flag = QPoint(round(canvas.x(9)) + 6, round(canvas.heights.axis) + 8)
    viewport = canvas.viewport()
    QTest.mouseClick(viewport, LEFT, NONE, flag)
    assert marked.player.position == 9 * S
    QTest.mouseDClick(viewport, LEFT, NONE, flag)
    assert field(marked).text() == "two"
    press(marked, Qt.Key_Escape)
    event = QContextMenuEvent(QContextMenuEvent.Mouse, flag, viewport.mapToGlobal(flag))
    QApplication.sendEvent(viewport, event)
    menu = shown_menu(marked)
    next(a for a in menu.actions() if a.objectName() == "remove_marker").trigger()
    menu.close()
    assert [at for at, _ in marks(marked)] == [4, 14]


def test_the_menu_lists_the_markers(marked: Any) -> None:
    menu = marked.findChild(QMenu, "markers_menu")
    menu.aboutToShow.emit()
    assert texts(menu) == ["0:00:04.000  one", "0:00:09.000  two", "0:00:14.000"]
    menu.actions()[1].trigger()
    assert marked.player.position == 9 * S
    marked.session.edit("none", Annotation.build(marked.session.annotation.turns, 20 * S))
    menu.aboutToShow.emit()
    assert texts(menu) == ["No markers yet"]
