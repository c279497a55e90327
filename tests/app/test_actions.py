"""The one table of actions: consistent in itself, and everything that uses it shows all of it."""

from __future__ import annotations

from collections import Counter
from operator import attrgetter
from typing import Any

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtGui import QKeySequence
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QMenu, QTextBrowser, QToolBar, QToolButton, QWidgetAction
from pytestqt.qtbot import QtBot

from app import actions
from app.actions import (
    ACTIONS,
    BUSY,
    COMPLETE,
    IDLE,
    LIVE,
    MENUS,
    MICROPHONE,
    RECORDING,
    REDO,
    SAVABLE,
    SPEAKERS,
    TURNS,
    UNDO,
)


def test_ids_are_unique() -> None:
    assert len({a.id for a in ACTIONS}) == len(ACTIONS)


def test_no_shortcut_is_given_twice() -> None:
    keys = Counter(
        QKeySequence(k, QKeySequence.PortableText).toString() for a in ACTIONS for k in a.keys
    )
    assert [k for k, n in keys.items() if n > 1 or not k] == []


def test_no_mnemonic_is_given_twice_in_a_menu() -> None:
    def letter(text: str) -> str:
        return text[text.index("&") + 1].lower()

    for menu in MENUS:
        listed = [a for a in ACTIONS if a.menu == menu]
        submenus = {a.submenu for a in listed}
        for submenu in submenus:
            letters = Counter(letter(a.text) for a in listed if a.submenu == submenu)
            if not submenu:
                letters += Counter(letter(title) for title in submenus if title)
            if menu == actions.FILE:
                letters["r"] += 1  # Open recent
            if menu == actions.GO:
                letters["m"] += 1  # To marker
            assert [k for k, n in letters.items() if n > 1] == []


def test_needs_are_known() -> None:
    known = {
        RECORDING,
        TURNS,
        COMPLETE,
        SPEAKERS,
        UNDO,
        REDO,
        BUSY,
        IDLE,
        SAVABLE,
        LIVE,
        MICROPHONE,
        actions.COMPARED,
        actions.EMPTY_LANE,
        actions.ASKED,
        actions.FOLDER,
        actions.TRACKS,
        actions.GIVABLE,
    }
    assert {n for a in ACTIONS for n in a.needs} <= known


def test_every_handler_is_there(window: Any) -> None:
    for row in ACTIONS:
        assert callable(attrgetter(row.handler)(window)), row.id


def test_menus_hold_every_action_once(window: Any) -> None:
    listed = [
        action.objectName()
        for menu in window.menuBar().findChildren(QMenu)
        for action in menu.actions()
        if action.objectName() in window.actions_by_id
    ]
    assert sorted(listed) == sorted(a.id for a in ACTIONS)


def test_toolbar_holds_the_actions_with_icons_and_never_the_keyboard(window: Any) -> None:
    bar = window.findChild(QToolBar, "tools")
    shown = [a for a in bar.actions() if not (a.isSeparator() or isinstance(a, QWidgetAction))]
    assert [a.objectName() for a in shown] == [a.id for a in ACTIONS if a.icon]
    for action in shown:
        button = bar.widgetForAction(action)
        assert not action.icon().isNull()
        assert button.focusPolicy() == Qt.NoFocus
        assert button.accessibleName()


def test_tooltips_name_the_keys(window: Any) -> None:
    assert window.actions_by_id["open"].toolTip().endswith("(Ctrl+O)")
    assert window.actions_by_id["log_folder"].toolTip()


@pytest.mark.parametrize("key", [Qt.Key_F1, Qt.Key_Question])
def test_help_sheet_lists_every_action_with_a_key(qtbot: QtBot, window: Any, key: int) -> None:
    QTest.keyClick(window, key)
    sheet = window.findChild(QTextBrowser, "sheet")
    assert sheet.isVisible()
    text = sheet.toPlainText()
    for row in ACTIONS:
        if row.keys:
            assert row.label in text
            assert ", ".join(actions.key_names(row)) in text
    for how, what in actions.MOUSE:
        assert how in text
        assert what in text


def test_only_what_makes_sense_is_enabled(window: Any) -> None:
    on = {i for i, a in window.actions_by_id.items() if a.isEnabled()}
    recording = {"record", "panel_capture", "recordings_folder"}
    always = {"open", "open_folder", "quit", "settings"}
    always |= {"shortcuts", "guide", "tour", "log_folder", "new_version", "about"}
    assert on == always | {"voices"} | recording


def test_with_turns_all_but_cancel_and_undo_is_enabled(opened: Any) -> None:
    off = {i for i, a in opened.actions_by_id.items() if not a.isEnabled()}
    elsewhere = {"next_mistake", "previous_mistake", "voice_yes", "voice_no", "remove_speaker"}
    elsewhere |= {"mini_view"}
    assert (
        off
        == {"cancel", "undo", "redo", "stop_recording", "panel_folder", "sound_track"} | elsewhere
    )


def test_every_control_has_a_name_for_screen_readers(opened: Any) -> None:
    for button in opened.findChildren(QToolButton):
        if button.isVisible() and not button.objectName().startswith("qt_"):
            assert button.accessibleName() or button.text(), button
