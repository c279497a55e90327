"""The menus of turns, of selected time and of empty places."""

from __future__ import annotations

from typing import Any

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtGui import QContextMenuEvent
from PyQt5.QtWidgets import (
    QApplication,
    QMenu,
)

from core.annotation.values import Annotation, Turn
from core.units import SAMPLE_RATE as S
from tests.app.editing.hands import (
    CTRL,
    drag,
    place,
    press,
    shown_menu,
    spans,
    texts,
)


def menu_at(window: Any, seconds: float, lane: int | None) -> QMenu:
    where = place(window, seconds, lane)
    viewport = window.timeline.canvas.viewport()
    event = QContextMenuEvent(QContextMenuEvent.Mouse, where, viewport.mapToGlobal(where))
    QApplication.sendEvent(viewport, event)
    return shown_menu(window)


def test_the_menu_of_a_turn_selects_it_and_names_the_speakers(talk: Any) -> None:
    talk.session.rename(0, "Anna & Co")
    menu = menu_at(talk, 4, 1)
    assert talk.editing.selected_turns() == (talk.session.annotation.turns[1],)
    assert {"Split at the playhead", "Delete turns"} <= set(texts(menu))
    give = next(a.menu() for a in menu.actions() if a.menu())
    assert [a.text() for a in give.actions()] == [
        "&1  Anna && Co",
        "&2  Speaker 2",
        "&New speaker",
    ]
    give.actions()[0].trigger()
    assert spans(talk)[1] == (3, 5, 0)
    menu.close()


def test_the_menu_gives_to_those_without_a_number_too(talk: Any) -> None:
    turns = [Turn(n * S, (n + 1) * S, n) for n in range(12)]
    talk.session.load(Annotation.build(turns, 20 * S))
    menu = menu_at(talk, 0.5, 0)
    give = next(a.menu() for a in menu.actions() if a.menu())
    assert len(give.actions()) == 13
    give.actions()[11].trigger()
    assert spans(talk)[0] == (0, 1, 11)
    menu.close()


def test_a_menu_keeps_the_selection_it_was_opened_in(talk: Any) -> None:
    press(talk, Qt.Key_A, modifier=CTRL)
    menu_at(talk, 4, 1).close()
    assert len(talk.editing.selected_turns()) == 6


def test_the_menu_of_selected_time_draws(talk: Any) -> None:
    drag(talk, (17.6, None), (19, None))
    menu = menu_at(talk, 18, None)
    assert "New turn" in texts(menu)
    next(a for a in menu.actions() if a.objectName() == "draw").trigger()
    assert len(talk.session.annotation.turns) == 7
    menu.close()


def test_the_menu_of_an_empty_place_is_about_that_place(talk: Any) -> None:
    menu_at(talk, 18, 1).close()
    assert talk.player.position / S == pytest.approx(18, abs=0.05)
    assert talk.timeline.names.current == 1
