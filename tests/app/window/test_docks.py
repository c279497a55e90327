"""The panels: shown by the View menu, reached by F6, away without a recording, remembered."""

from __future__ import annotations

from typing import Any

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QAbstractButton, QApplication, QDockWidget, QTabBar
from pytestqt.qtbot import QtBot

from core.annotation import edits

NAMES = ("speakers", "turns", "markers", "similarity")


def dock(window: Any, name: str) -> Any:
    return window.findChild(QDockWidget, f"dock_{name}")


def there(window: Any) -> list[str]:
    """Panels that a person can get at: shown, or behind a tab."""
    return [name for name in NAMES if not dock(window, name).isHidden()]


def test_without_a_recording_there_is_only_the_welcome(window: Any) -> None:
    assert there(window) == []
    assert window.welcome.isVisible()


def test_the_timeline_has_most_of_the_window(opened: Any, qtbot: QtBot) -> None:
    opened.resize(1180, 720)
    qtbot.waitUntil(lambda: opened.width() == 1180)
    assert there(opened) == list(NAMES)
    assert opened.timeline.width() > 0.55 * opened.width()
    assert opened.timeline.height() > 0.75 * opened.height()
    assert dock(opened, "speakers").visibleRegion().isEmpty() is False  # in front of the tabs


@pytest.mark.parametrize("name", NAMES)
def test_the_view_menu_shows_and_hides(opened: Any, name: str) -> None:
    action = opened.actions_by_id[f"panel_{name}"]
    assert action.isChecked()
    action.trigger()
    assert name not in there(opened)
    action.trigger()
    assert name in there(opened)


def test_a_panel_that_is_closed_is_not_checked(opened: Any) -> None:
    button = dock(opened, "speakers").findChild(QAbstractButton, "qt_dockwidget_closebutton")
    QTest.mouseClick(button, Qt.LeftButton)
    assert there(opened) == ["turns", "markers", "similarity"]
    assert not opened.actions_by_id["panel_speakers"].isChecked()
    opened.close_recording()
    assert there(opened) == []
    assert opened.actions_by_id["panel_turns"].isChecked()


def test_f6_goes_round(opened: Any, qtbot: QtBot) -> None:
    docks = opened.docks
    parts = (docks.speakers, docks.turns, docks.words, docks.markers, docks.similarity)
    views = [part.view for part in parts]
    turn = opened.session.annotation.turns[0]
    opened.session.edit("x", edits.say(opened.session.annotation, turn, "a word"))
    for view in (*views, opened.timeline):
        QTest.keyClick(opened, Qt.Key_F6)
        qtbot.waitUntil(view.hasFocus)
    for view in (*reversed(views), opened.timeline):
        QTest.keyClick(opened, Qt.Key_F6, Qt.ShiftModifier)
        qtbot.waitUntil(view.hasFocus)
    opened.actions_by_id["panel_turns"].trigger()
    for view in (views[0], *views[2:], opened.timeline):
        QTest.keyClick(opened, Qt.Key_F6)
        qtbot.waitUntil(view.hasFocus)


def test_places_sizes_and_what_is_shown_are_remembered(
    opened: Any, qtbot: QtBot, player: Any, engine: Any, recording: Any
) -> None:
    from app.window.main_window import MainWindow

    opened.actions_by_id["panel_markers"].trigger()
    opened.addDockWidget(Qt.BottomDockWidgetArea, dock(opened, "turns"))
    opened.resizeDocks([dock(opened, "turns")], [260], Qt.Vertical)
    QApplication.processEvents()
    height = dock(opened, "turns").height()
    opened.close_recording()  # the panels are away when the window is closed
    qtbot.waitUntil(lambda: not opened.session.is_open)
    opened.close()
    again = MainWindow(opened.settings, player=player, diarize=engine, prepare=lambda: None)
    qtbot.addWidget(again)
    again.show()
    assert there(again) == []
    again.open_recording(recording)
    qtbot.waitUntil(lambda: again.session.complete and not again.listening.busy)
    assert there(again) == ["speakers", "turns", "similarity"]
    assert not again.actions_by_id["panel_markers"].isChecked()
    assert again.dockWidgetArea(dock(again, "turns")) == Qt.BottomDockWidgetArea
    assert abs(dock(again, "turns").height() - height) <= 40


def test_a_damaged_layout_is_the_default(
    window: Any, qtbot: QtBot, player: Any, engine: Any, settings: Any
) -> None:
    from app.window.main_window import MainWindow

    settings.setValue("layout", b"nonsense")
    other = MainWindow(settings, player=player, diarize=engine, prepare=lambda: None)
    qtbot.addWidget(other)
    assert all(other.actions_by_id[f"panel_{name}"].isChecked() for name in NAMES)


def test_the_names_of_panels_are_never_cut(opened: Any) -> None:
    bar = next(b for b in opened.findChildren(QTabBar) if b.accessibleName() == "Panels")
    assert bar.elideMode() == Qt.ElideNone
    assert bar.usesScrollButtons()
