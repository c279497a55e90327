"""Speakers are named, merged, moved and coloured."""

from __future__ import annotations

from typing import Any

import pytest
from PyQt5.QtCore import QPoint, Qt
from PyQt5.QtGui import QColor, QContextMenuEvent
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import (
    QApplication,
    QColorDialog,
    QLineEdit,
    QMenu,
    QMessageBox,
)
from pytestqt.qtbot import QtBot

from tests.app.editing.hands import (
    CTRL,
    LEFT,
    NONE,
    SHIFT,
    click,
    drag_widget,
    field,
    field_visible,
    move,
    name_spot,
    order,
    press,
    shown_menu,
    spans,
    texts,
)


def test_names_are_typed_in_their_place_one_after_the_other(talk: Any) -> None:
    press(talk, Qt.Key_N, Qt.Key_F2)
    QTest.keyClicks(field(talk), "Anna 1?")
    press(talk, Qt.Key_Tab)
    QTest.keyClicks(field(talk), "Ben")
    press(talk, Qt.Key_Return)
    assert [s.label for s in talk.session.annotation.speakers] == ["Anna 1?", "Ben"]
    assert not talk.findChildren(QLineEdit, "inline") or not field_visible(talk)
    assert talk.actions_by_id["undo"].text() == "&Undo: Rename speaker"
    press(talk, Qt.Key_Space)
    assert talk.player.playing, "the keyboard is the window's again"


def test_double_click_on_a_name_and_esc_leaves_it(talk: Any) -> None:
    QTest.mouseDClick(talk.timeline.names, LEFT, NONE, name_spot(talk, 1))
    QTest.keyClicks(field(talk), "Ben")
    press(talk, Qt.Key_Escape)
    assert not field_visible(talk)
    assert talk.session.annotation.speakers[1].name == ""
    assert talk.timeline.visible_range() == (0, 20)


def test_a_click_elsewhere_takes_the_name(talk: Any) -> None:
    press(talk, Qt.Key_F2)
    QTest.keyClicks(field(talk), "Anna")
    talk.setFocus()
    assert talk.session.annotation.speakers[0].name == "Anna"


@pytest.mark.parametrize("merge", [True, False])
def test_the_same_name_twice_offers_a_merge(talk: Any, qtbot: QtBot, merge: bool) -> None:
    talk.session.rename(0, "Anna")
    click(talk, 4, 1)
    press(talk, Qt.Key_F2)
    QTest.keyClicks(field(talk), "Anna")
    press(talk, Qt.Key_Return)
    box = talk.findChild(QMessageBox, "offer_merge")
    role = QMessageBox.AcceptRole if merge else QMessageBox.RejectRole
    button = next(b for b in box.buttons() if box.buttonRole(b) == role)
    QTest.mouseClick(button, LEFT)
    names = [s.name for s in talk.session.annotation.speakers]
    assert names == (["Anna"] if merge else ["Anna", ""])


def test_a_name_dragged_onto_another_merges(talk: Any) -> None:
    names = talk.timeline.names
    drag_widget(names, name_spot(talk, 1), name_spot(talk, 0))
    assert {t.speaker for t in talk.session.annotation.turns} == {0}
    assert talk.actions_by_id["undo"].text() == "&Undo: Merge speakers"
    press(talk, Qt.Key_Z, modifier=CTRL)
    assert len(talk.session.annotation.speakers) == 2


def test_a_name_dragged_between_others_moves_the_lane(talk: Any) -> None:
    click(talk, 4, 1)
    press(talk, Qt.Key_0)
    names = talk.timeline.names
    drag_widget(names, name_spot(talk, 2), name_spot(talk, 0, 0.1))
    assert order(talk) == [2, 0, 1]
    drag_widget(names, name_spot(talk, 0), name_spot(talk, 1, 0.95))
    assert order(talk) == [0, 2, 1]
    QTest.mousePress(names, LEFT, NONE, name_spot(talk, 0))
    move(names, name_spot(talk, 2, 0.95))
    press(talk, Qt.Key_Escape)
    QTest.mouseRelease(names, LEFT, NONE, name_spot(talk, 2, 0.95))
    assert order(talk) == [0, 2, 1]


def test_keys_move_a_lane_and_the_number_goes_with_the_place(talk: Any) -> None:
    click(talk, 4, 1)
    press(talk, Qt.Key_Up, modifier=CTRL | SHIFT)
    assert order(talk) == [1, 0]
    press(talk, Qt.Key_Up, modifier=CTRL | SHIFT)
    assert order(talk) == [1, 0]
    press(talk, Qt.Key_2)
    assert spans(talk)[1] == (3, 5, 0)
    press(talk, Qt.Key_Down, modifier=CTRL | SHIFT)
    assert order(talk) == [1, 0]


def test_merge_by_menu(talk: Any) -> None:
    click(talk, 4, 1)
    press(talk, Qt.Key_J, modifier=CTRL | SHIFT)
    menu = shown_menu(talk)
    assert texts(menu) == ["1  Speaker 1"]
    QTest.keyClick(menu, Qt.Key_1)
    assert order(talk) == [1]


def test_colours(talk: Any) -> None:
    click(talk, 4, 1)
    press(talk, Qt.Key_C, modifier=CTRL | SHIFT)
    dialog = talk.findChild(QColorDialog)
    dialog.setCurrentColor(QColor("#8844cc"))
    QTest.keyClick(dialog, Qt.Key_Return)
    assert talk.session.annotation.speakers[1].colour == "#8844cc"
    assert talk.timeline.canvas.turns.lanes[1].style.color.name() == "#8844cc"
    talk.actions_by_id["reset_colour"].trigger()
    assert talk.session.annotation.speakers[1].colour == ""


def test_an_empty_lane_can_go(talk: Any) -> None:
    click(talk, 4, 1)
    assert not talk.actions_by_id["remove_speaker"].isEnabled()
    press(talk, Qt.Key_A, modifier=CTRL | SHIFT)
    press(talk, Qt.Key_1)
    talk.timeline.names.picked.emit(1)
    assert talk.actions_by_id["remove_speaker"].isEnabled()
    talk.actions_by_id["remove_speaker"].trigger()
    assert order(talk) == [0]


def test_names_by_keyboard_alone(talk: Any) -> None:
    names = talk.timeline.names
    names.setFocus()
    QTest.keyClick(names, Qt.Key_Down)
    QTest.keyClick(names, Qt.Key_Down)
    assert names.current == 1
    event = QContextMenuEvent(QContextMenuEvent.Keyboard, QPoint())
    QApplication.sendEvent(names, event)
    assert "Rename" in texts(shown_menu(talk))
    shown_menu(talk).close()
    QTest.keyClick(names, Qt.Key_Return)
    QTest.keyClicks(field(talk), "Ben")
    press(talk, Qt.Key_Return)
    assert talk.session.annotation.speakers[1].name == "Ben"


def test_picking_a_lane_leaves_no_turn_of_another_selected(talk: Any) -> None:
    click(talk, 4, 1)
    (turn,) = talk.editing.selected_turns()
    talk.timeline.names.picked.emit(turn.speaker)
    assert talk.editing.selected_turns() == (turn,)
    talk.timeline.names.picked.emit(1 - turn.speaker)
    assert talk.editing.selected_turns() == ()
    assert talk.speaker_editing.current.id == 1 - turn.speaker


def test_who_can_be_merged_has_the_number_of_the_lane(talk: Any) -> None:
    talk.timeline.names.picked.emit(0)
    press(talk, Qt.Key_J, modifier=CTRL | SHIFT)
    menu = talk.findChild(QMenu, "merge_with")
    assert [a.text()[:4] for a in menu.actions() if not a.isSeparator()] == ["&2  "]
    menu.close()
