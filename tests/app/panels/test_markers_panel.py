"""The list of markers: jump, edit, remove."""

from __future__ import annotations

from typing import Any

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.panels.markers_panel import AT, TEXT
from core.annotation.values import Marker
from core.units import SAMPLE_RATE as S


@pytest.fixture
def panel(opened: Any, qtbot: QtBot) -> Any:
    """Two markers in the list, which has the keyboard."""
    opened.session.add_marker(4 * S, "decision")
    opened.session.add_marker(9 * S)
    for _ in range(4):
        QTest.keyClick(opened, Qt.Key_F6)
    panel = opened.docks.markers
    qtbot.waitUntil(lambda: bool(panel.view.isVisible() and panel.view.hasFocus()))
    return panel


def press(widget: Any, key: Any) -> None:
    QTest.keyClick(widget, key)
    QApplication.processEvents()  # Enter in a cell commits when the field is done with it


def test_markers_in_order_of_time(opened: Any, panel: Any) -> None:
    opened.session.add_marker(S, "start")
    model = panel.model
    rows = [(model.index(n, AT).data(), model.index(n, TEXT).data()) for n in range(3)]
    assert rows == [("0:00:01.000", "start"), ("0:00:04.000", "decision"), ("0:00:09.000", "")]


def test_enter_or_a_click_jumps(opened: Any, panel: Any) -> None:
    press(panel.view, Qt.Key_Down)
    press(panel.view, Qt.Key_Return)
    row = panel.view.currentIndex().row()
    assert opened.player.position == opened.session.annotation.markers[row].at
    rect = panel.view.visualRect(panel.model.index(1, AT))
    QTest.mouseClick(panel.view.viewport(), Qt.LeftButton, pos=rect.center())
    assert opened.player.position == 9 * S


def test_a_text_is_typed_in_place(opened: Any, panel: Any) -> None:
    panel.view.setCurrentIndex(panel.model.index(0, TEXT))
    press(panel.view, Qt.Key_F2)
    field = QApplication.focusWidget()
    QTest.keyClicks(field, "ask  Cora")
    press(field, Qt.Key_Return)
    assert opened.session.annotation.markers[0] == Marker(4 * S, "ask Cora")
    opened.session.undo.undo()
    assert opened.session.annotation.markers[0] == Marker(4 * S, "decision")


def test_delete_removes_it_and_no_turn(opened: Any, panel: Any) -> None:
    opened.editing.select(opened.session.annotation.turns[:1])
    panel.view.selectRow(0)
    press(panel.view, Qt.Key_Delete)
    assert [m.at for m in opened.session.annotation.markers] == [9 * S]
    assert len(opened.session.annotation.turns) == 6


def test_without_markers_it_says_how_to_put_one(opened: Any, panel: Any) -> None:
    assert not panel.hint.isVisible()
    for marker in opened.session.annotation.markers:
        opened.session.remove_marker(marker)
    assert panel.hint.isVisible()
    assert "Ctrl+M" in panel.hint.text()
