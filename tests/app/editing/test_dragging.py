"""Turns are drawn and given by the mouse."""

from __future__ import annotations

from typing import Any

import pytest
from PyQt5.QtCore import QPoint
from PyQt5.QtTest import QTest

from tests.app.editing.hands import (
    CTRL,
    LEFT,
    NONE,
    SHIFT,
    click,
    drag,
    move,
    place,
    spans,
)


def test_shift_drag_in_a_lane_draws_a_turn(talk: Any) -> None:
    drag(talk, (17.6, 1), (19, 1), SHIFT)
    start, end, speaker = spans(talk)[-1]
    assert (start, end) == (pytest.approx(17.6, abs=0.05), pytest.approx(19, abs=0.05))
    assert speaker == 1


def test_a_drawn_turn_snaps_to_where_others_end(talk: Any) -> None:
    drag(talk, (5.05, 0), (5.95, 0), SHIFT)
    assert (5, 6, 0) in spans(talk), "from the end of one to the start of the next"


def test_dragging_a_turn_to_another_lane_gives_it(talk: Any) -> None:
    click(talk, 10, 1)
    click(talk, 4, 1, CTRL)
    drag(talk, (4, 1), (4.1, 0))
    assert spans(talk)[1] == (3, 5, 0)
    assert spans(talk)[3] == (9, 11, 0), "and all that are selected with it"
    assert talk.session.undo.count() == 1


def test_dragging_a_turn_below_the_lanes_makes_a_new_speaker(talk: Any) -> None:
    canvas = talk.timeline.canvas
    start = place(talk, 4, 1)
    QTest.mousePress(canvas.viewport(), LEFT, NONE, start)
    move(canvas.viewport(), start + QPoint(0, 20))
    assert canvas.drop_area.isVisible()
    end = QPoint(start.x(), canvas.height() - 4)
    move(canvas.viewport(), end)
    QTest.mouseRelease(canvas.viewport(), LEFT, NONE, end)
    assert spans(talk)[1] == (3, 5, 2)
    assert not canvas.drop_area.isVisible()


def test_dragging_along_a_turn_selects_time(talk: Any) -> None:
    drag(talk, (3.6, 1), (4.4, 1))
    assert talk.timeline.selection() == pytest.approx((3.6, 4.4), abs=0.05)
    assert talk.session.undo.count() == 0


def test_shift_click_beside_turns_selects_time_up_to_there(talk: Any) -> None:
    click(talk, 6)
    click(talk, 9, None, SHIFT)
    assert talk.timeline.selection() == pytest.approx((6, 9), abs=0.05)
