"""Every control has a name for screen readers, and Tab or a menu gets there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QDockWidget,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QMessageBox,
    QScrollBar,
    QTabBar,
    QTableView,
    QTextEdit,
    QToolBar,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.recording.recovery import RecoveryDialog
from app.voices.remember_dialog import RememberDialog
from app.window.sound_tracks import TrackDialog
from app.words.recogniser_dialog import RecogniserDialog
from core.audio.source import Track
from core.recognisers.kinds import RECOGNISERS

CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QTabBar,
    QTextEdit,
)
COMPOUND = (QComboBox, QAbstractSpinBox, QLineEdit, QTabBar, QTableView)
"""What has controls of its own: arrows, and the corner of a table."""
PARTS = (QScrollBar, QHeaderView, QMenu)
"""Moved by the keys of what they belong to."""


def controls(root: QWidget) -> Iterator[QWidget]:
    """What a person uses in a window, without the inner parts of compound controls."""
    for kind in CONTROLS:
        for widget in root.findChildren(kind):
            inner = isinstance(widget.parent(), COMPOUND)
            drawn = widget.isVisible() and widget.window() is root
            if drawn and not inner and not isinstance(widget, PARTS):
                yield widget


def name(root: QWidget, widget: Any) -> str:
    """What a screen reader says: the name, else the text, else that of the label beside it."""
    if widget.accessibleName():
        return str(widget.accessibleName())
    if isinstance(widget, QAbstractButton):
        return str(widget.text())
    labels = [label.text() for label in root.findChildren(QLabel) if label.buddy() is widget]
    return " ".join(labels)


def by_menu(window: Any, widget: QWidget) -> bool:
    """Whether a menu or shortcut does the same, so that the button needn't hold the keyboard."""
    if isinstance(widget.parent(), QDockWidget):  # close and float: View menu
        return True
    if isinstance(widget, QToolButton) and isinstance(widget.parent(), QToolBar):
        action = widget.defaultAction()
        return action is None or action.objectName() in window.actions_by_id
    return widget is window.timeline.follow_button


def reached(root: QWidget) -> set[Any]:
    """All that has the keyboard once while Tab is pressed until it comes round."""
    seen: list[Any] = []
    while (focus := QApplication.focusWidget()) is not None and focus not in seen:
        seen.append(focus)
        QTest.keyClick(focus, Qt.Key_Tab)
    return {*seen, *(w.parent() for w in seen)}


def check(window: Any, root: QWidget) -> None:
    nameless = [w for w in controls(root) if not name(root, w).strip()]
    assert not nameless, [(w.metaObject().className(), w.objectName()) for w in nameless]
    seen = reached(root)
    lost = [
        (w.metaObject().className(), w.objectName(), name(root, w))
        for w in controls(root)
        if w.isEnabled() and w not in seen and not by_menu(window, w)
    ]
    assert not lost


@pytest.mark.parametrize("panel", ["speakers", "turns", "markers", "words", "similarity"])
def test_the_window(opened: Any, qtbot: QtBot, panel: str) -> None:
    opened.session.add_marker(1000, "here")
    opened.editing.select(opened.session.annotation.turns[:1])
    dock = opened.findChild(QDockWidget, f"dock_{panel}")
    dock.raise_()
    opened.timeline.setFocus()
    qtbot.waitUntil(lambda: not getattr(opened.docks, panel).visibleRegion().isEmpty())
    opened.notices.tell("so it is")
    check(opened, opened)


def test_the_first_page(window: Any) -> None:
    window.welcome.setFocus()
    QTest.keyClick(window, Qt.Key_Tab)
    check(window, window)


@pytest.mark.parametrize(
    "action", ["go_to", "shortcuts", "guide", "settings", "export", "about", "new_version"]
)
def test_the_dialogs(opened: Any, qtbot: QtBot, action: str) -> None:
    opened.actions_by_id[action].trigger()
    dialog = next(d for d in opened.findChildren(QDialog) if d.isVisible())
    qtbot.waitUntil(lambda: bool(dialog.isActiveWindow()))
    assert dialog.windowTitle()
    tabs = getattr(dialog, "tabs", None)
    for n in range(tabs.count() if tabs is not None else 1):
        if tabs is not None:
            tabs.setCurrentIndex(n)
            tabs.tabBar().setFocus()
        elif QApplication.focusWidget() is None:
            QTest.keyClick(dialog, Qt.Key_Tab)
        check(opened, dialog)
    QTest.keyClick(dialog, Qt.Key_Escape)
    assert not dialog.isVisible()


def recogniser(window: Any) -> QDialog:
    return RecogniserDialog(list(RECOGNISERS.values()), window.preferences, True, window)


def remember(window: Any) -> QDialog:
    """With a name, so that it can be agreed to."""
    speaker = window.session.annotation.speakers[0]
    return RememberDialog(replace(speaker, name="Anna"), ("Ben",), Path("voices"), window)


def tracks(window: Any) -> QDialog:
    return TrackDialog([Track(1, 2), Track(2, 1)], 1, window)


def recovery(window: Any) -> QDialog:
    return RecoveryDialog([], window)


@pytest.mark.parametrize("make", [recogniser, remember, tracks, recovery])
def test_the_dialogs_that_need_an_occasion(
    opened: Any, qtbot: QtBot, make: Callable[[Any], QDialog]
) -> None:
    dialog = make(opened)
    dialog.open()
    qtbot.waitUntil(lambda: bool(dialog.isActiveWindow()))
    check(opened, dialog)
    QTest.keyClick(dialog, Qt.Key_Escape)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)


def test_the_offer_to_merge(opened: Any, qtbot: QtBot) -> None:
    opened.session.rename(0, "Anna")
    panel = opened.docks.speakers
    panel.model.setData(panel.model.index(1, 0), "Anna")
    box = opened.findChild(QMessageBox, "offer_merge")
    qtbot.waitUntil(lambda: bool(box.isActiveWindow()))
    check(opened, box)
    QTest.keyClick(box, Qt.Key_Return)
    assert len(opened.session.annotation.speakers) == 1


def test_tables_say_what_a_cell_is(opened: Any) -> None:
    for model in (opened.docks.turns.model, opened.docks.speakers.model):
        for column in range(model.columnCount()):
            said = model.index(0, column).data(Qt.AccessibleTextRole)
            assert model.titles()[column] in said
            assert model.index(0, column).data() in said


def test_a_meeting_is_put_right_by_keyboard_alone(opened: Any, qtbot: QtBot) -> None:
    """Name a speaker, give a turn to another, move an edge, find, undo: no mouse."""

    def press(key: Any, modifiers: Any = Qt.NoModifier) -> None:
        QTest.keyClick(QApplication.focusWidget() or opened, key, modifiers)
        QApplication.processEvents()

    opened.timeline.setFocus()
    press(Qt.Key_F6)
    qtbot.waitUntil(opened.docks.speakers.view.hasFocus)
    press(Qt.Key_Home)
    press(Qt.Key_F2)
    QTest.keyClicks(QApplication.focusWidget(), "Anna")
    press(Qt.Key_Return)
    assert opened.session.annotation.speaker(0).name == "Anna"
    press(Qt.Key_F, Qt.ControlModifier)
    QTest.keyClicks(QApplication.focusWidget(), "Speaker 2")
    press(Qt.Key_Return)
    press(Qt.Key_Down)
    (turn,) = opened.editing.selected_turns()
    assert turn.speaker == 1
    press(Qt.Key_1)  # to the first lane
    assert opened.editing.selected_turns()[0].speaker == 0
    assert len(opened.session.annotation.turns_of(1)) == 2
    press(Qt.Key_Z, Qt.ControlModifier)
    assert len(opened.session.annotation.turns_of(1)) == 3
