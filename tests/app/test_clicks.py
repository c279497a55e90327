"""How many clicks it takes: by what is in sight alone, from one state to the next."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PyQt5.QtCore import QPoint, Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication, QDialog, QDialogButtonBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.window.main_window import MainWindow
from core.units import SAMPLE_RATE as S
from tests.app.editing.hands import field, name_spot
from tests.app.studio import Studio, wait_running


class Mouse:
    """Clicks on what a person sees, and counts."""

    def __init__(self) -> None:
        self.clicks = 0

    def click(self, widget: QWidget, at: QPoint | None = None) -> None:
        self._look_at(widget)
        QTest.mouseClick(widget, Qt.LeftButton, pos=at or widget.rect().center())
        self.clicks += 1

    def double_click(self, widget: QWidget, at: QPoint) -> None:
        self._look_at(widget)
        QTest.mouseDClick(widget, Qt.LeftButton, pos=at)
        self.clicks += 2

    @staticmethod
    def _look_at(widget: QWidget) -> None:
        assert widget.isVisible()
        assert widget.isEnabled()
        assert not widget.visibleRegion().isEmpty()


@pytest.fixture
def mouse() -> Mouse:
    return Mouse()


def test_from_start_to_a_saved_meeting(
    qtbot: QtBot, studio_window: MainWindow, studio: Studio, mouse: Mouse
) -> None:
    window: Any = studio_window
    mouse.click(window.welcome.findChild(QPushButton, "record"))
    wait_running(studio, qtbot)
    studio.give(4)
    qtbot.waitUntil(lambda: window.session.live and window.session.duration == 4 * S)
    mouse.click(window.capture.stop)
    qtbot.waitUntil(lambda: not window.live.busy and window.meetings.path is not None)
    qtbot.waitUntil(lambda: not window.meetings.unsaved)
    assert window.meetings.path.is_file()
    assert mouse.clicks == 2


def test_from_open_to_named_speakers(opened: Any, mouse: Mouse) -> None:
    names = ("Anna", "Ben")
    for number, name in enumerate(names):
        mouse.double_click(opened.timeline.names, name_spot(opened, number))
        QTest.keyClicks(field(opened), name)
        QTest.keyClick(QApplication.focusWidget(), Qt.Key_Return)
    assert [s.name for s in opened.session.annotation.speakers] == list(names)
    assert mouse.clicks == 2 * len(names)


def test_from_open_to_exported(qtbot: QtBot, opened: Any, recording: Path, mouse: Mouse) -> None:
    mouse.click(opened.tools.widgetForAction(opened.actions_by_id["export"]))
    dialog = next(d for d in opened.findChildren(QDialog) if d.isVisible())
    button = dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.Ok)
    qtbot.waitUntil(button.isEnabled)
    mouse.click(button)
    qtbot.waitUntil(lambda: "Exported" in opened.bar.currentMessage())
    assert [p for p in recording.parent.glob("talk.*") if p != recording]
    assert mouse.clicks == 2
