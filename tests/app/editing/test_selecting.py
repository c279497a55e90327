"""Turns are selected by clicks and keys, and reviewed."""

from __future__ import annotations

from typing import Any

from PyQt5.QtCore import Qt
from pytestqt.qtbot import QtBot

from core.annotation.values import Annotation, Turn
from core.units import SAMPLE_RATE as S
from tests.app.editing.hands import (
    CTRL,
    SHIFT,
    click,
    messages,
    press,
)


def test_clicks_select_one_several_and_all_between(talk: Any) -> None:
    turns = talk.session.annotation.turns
    click(talk, 1, 0)
    assert talk.editing.selected_turns() == (turns[0],)
    click(talk, 7, 0, CTRL)
    assert talk.editing.selected_turns() == (turns[0], turns[2])
    click(talk, 1, 0, CTRL)
    assert talk.editing.selected_turns() == (turns[2],)
    click(talk, 13, 0, SHIFT)
    assert set(talk.editing.selected_turns()) == set(turns[2:5])
    assert talk.editing.selected_turns()[-1] == turns[4]
    click(talk, 2.5)
    assert talk.editing.selected_turns() == ()


def test_keys_select_and_walk(talk: Any) -> None:
    turns = talk.session.annotation.turns
    press(talk, Qt.Key_A, modifier=CTRL)
    assert talk.editing.selected_turns() == turns
    press(talk, Qt.Key_Escape)
    press(talk, Qt.Key_N, Qt.Key_N)
    press(talk, Qt.Key_N, modifier=SHIFT)
    assert talk.editing.selected_turns() == (turns[1], turns[2])
    press(talk, Qt.Key_P, modifier=SHIFT)
    assert set(talk.editing.selected_turns()) == set(turns[:3])
    press(talk, Qt.Key_Escape, Qt.Key_Home, Qt.Key_N)
    press(talk, Qt.Key_K)
    assert talk.editing.selected_turns() == (turns[2],)
    press(talk, Qt.Key_J)
    assert talk.editing.selected_turns() == (turns[0],)
    press(talk, Qt.Key_A, modifier=CTRL | SHIFT)
    assert set(talk.editing.selected_turns()) == set(turns[::2])


def test_keys_go_from_lane_to_lane(talk: Any) -> None:
    turns = talk.session.annotation.turns
    click(talk, 7, 0)
    press(talk, Qt.Key_Down, modifier=CTRL)
    assert talk.editing.selected_turns()[0].speaker == 1
    assert talk.timeline.names.current == 1
    press(talk, Qt.Key_Down, modifier=CTRL)
    press(talk, Qt.Key_Up, modifier=CTRL)
    assert talk.editing.selected_turns() == (turns[2],)


def test_the_outside_can_select(talk: Any, qtbot: QtBot) -> None:
    turns = talk.session.annotation.turns
    with qtbot.waitSignal(talk.editing.selection_changed) as changed:
        talk.editing.select([turns[3], Turn(1, 2, 0), turns[1]])
    assert changed.args == [(turns[3], turns[1])]
    assert talk.transport.turn == turns[1]


def test_short_turns_are_reviewed_until_a_person_saw_to_them(talk: Any) -> None:
    short = [Turn(0, 4 * S, 0), Turn(5 * S, 5 * S + 900, 1), Turn(8 * S, 8 * S + 900, 1)]
    talk.session.load(Annotation.build([*short, Turn(9 * S, 15 * S, 1)], 20 * S))
    press(talk, Qt.Key_D)
    assert talk.editing.selected_turns() == (short[1],)
    assert talk.player.position == 5 * S
    press(talk, Qt.Key_D)
    assert talk.editing.selected_turns() == (short[2],)
    press(talk, Qt.Key_D)
    assert "no other doubtful turn" in messages(talk)[0]
    press(talk, Qt.Key_D, modifier=SHIFT)
    press(talk, Qt.Key_1)
    press(talk, Qt.Key_D)
    assert talk.editing.selected_turns() == (short[2],)
    press(talk, Qt.Key_Escape)
    press(talk, Qt.Key_D, modifier=SHIFT)
    assert len(messages(talk)) == 1, "told once more in the same notice"
