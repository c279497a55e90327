"""Editing as a person does it: keys, clicks and drags in the window, and what they change."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PyQt5.QtCore import QEvent, QPoint, QPointF, Qt
from PyQt5.QtGui import QColor, QContextMenuEvent, QMouseEvent
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import (
    QApplication,
    QColorDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QMessageBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.editing.audition import sample
from core.annotation.overlap import minus, overlaps
from core.annotation.values import Annotation, Turn
from core.audio.peaks import Peaks
from core.units import SAMPLE_RATE as S

CTRL, ALT, SHIFT, NONE = Qt.ControlModifier, Qt.AltModifier, Qt.ShiftModifier, Qt.NoModifier
LEFT = Qt.LeftButton


def press(window: Any, *keys: int, modifier: Any = NONE) -> None:
    """Keys where the keyboard is."""
    for key in keys:
        QTest.keyClick(QApplication.focusWidget() or window, key, modifier)


def spans(window: Any) -> list[tuple[float, float, int]]:
    """All turns as (start, end, speaker), in seconds."""
    return [(t.start / S, t.end / S, t.speaker) for t in window.session.annotation.turns]


def messages(window: Any) -> list[str]:
    return [n.findChild(QLabel).text() for n in window.notices.notices]


def place(window: Any, seconds: float, lane: int | None = None) -> QPoint:
    """The point of the canvas where a time is, in a lane or in the waveform."""
    canvas = window.timeline.canvas
    heights = canvas.heights
    y = heights.axis + heights.wave * 0.8
    if lane is not None:
        y = heights.lanes_top + (lane + 0.5) * heights.lane
    return QPoint(round(canvas.x(seconds)), round(y))


def click(window: Any, seconds: float, lane: int | None = None, modifier: Any = NONE) -> None:
    where = place(window, seconds, lane)
    QTest.mouseClick(window.timeline.canvas.viewport(), LEFT, modifier, where)


def move(widget: QWidget, where: QPoint, modifier: Any = NONE) -> None:
    # QTest's own move says that no button is down
    event = QMouseEvent(QEvent.MouseMove, QPointF(where), Qt.NoButton, LEFT, modifier)
    QApplication.sendEvent(widget, event)


def drag_widget(widget: QWidget, start: QPoint, end: QPoint, modifier: Any = NONE) -> None:
    QTest.mousePress(widget, LEFT, modifier, start)
    for share in (0.2, 0.6, 1.0):
        move(widget, start + (end - start) * share, modifier)
    QTest.mouseRelease(widget, LEFT, modifier, end)


def drag(
    window: Any,
    start: tuple[float, int | None],
    end: tuple[float, int | None],
    modifier: Any = NONE,
) -> None:
    viewport = window.timeline.canvas.viewport()
    drag_widget(viewport, place(window, *start), place(window, *end), modifier)


def field(window: Any) -> QLineEdit:
    """The text field that has the keyboard."""
    found = [f for f in window.findChildren(QLineEdit, "inline") if f.isVisible()]
    assert len(found) == 1
    return found[0]


def menu_at(window: Any, seconds: float, lane: int | None) -> QMenu:
    where = place(window, seconds, lane)
    viewport = window.timeline.canvas.viewport()
    event = QContextMenuEvent(QContextMenuEvent.Mouse, where, viewport.mapToGlobal(where))
    QApplication.sendEvent(viewport, event)
    return shown_menu(window)


def shown_menu(window: Any) -> QMenu:
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def texts(menu: QMenu) -> list[str]:
    return [a.text().replace("&", "") for a in menu.actions() if not a.isSeparator()]


@pytest.fixture
def talk(window: Any, recording: Path) -> Any:
    """Six turns of two seconds by two speakers, in view in full: they start at 0, 3, 6, ..."""
    turns = [Turn(3 * n * S, (3 * n + 2) * S, n % 2) for n in range(6)]
    window.resize(1900, 900)
    window.session.open(recording, Peaks(), 20 * S)
    window.session.load(Annotation.build(turns, 20 * S))
    QApplication.processEvents()
    assert window.timeline.canvas.width() > 800, "a drag of half a second is one"
    return window


# selecting


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


# turns


def test_a_wrong_speaker_takes_a_click_and_a_key(talk: Any) -> None:
    click(talk, 4, 1)
    press(talk, Qt.Key_1)
    assert spans(talk)[1] == (3, 5, 0)
    assert talk.editing.selected_turns() == (Turn(3 * S, 5 * S, 0),)
    assert talk.session.annotation.is_edited(talk.session.annotation.turns[1])
    assert talk.actions_by_id["undo"].text() == "&Undo: Change speaker"
    press(talk, Qt.Key_Z, modifier=CTRL)
    assert spans(talk)[1] == (3, 5, 1)
    assert talk.editing.selected_turns() == (Turn(3 * S, 5 * S, 1),)
    assert talk.actions_by_id["redo"].text() == "&Redo: Change speaker"
    press(talk, Qt.Key_Y, modifier=CTRL)
    assert spans(talk)[1] == (3, 5, 0)
    press(talk, Qt.Key_Z, modifier=CTRL)
    press(talk, Qt.Key_Z, modifier=CTRL | SHIFT)
    assert spans(talk)[1] == (3, 5, 0)


def test_zero_is_somebody_new(talk: Any) -> None:
    click(talk, 4, 1)
    click(talk, 7, 0, CTRL)
    press(talk, Qt.Key_0)
    assert spans(talk)[1:3] == [(3, 5, 2), (6, 8, 2)]
    assert [s.label for s in talk.session.annotation.speakers][-1] == "Speaker 3"
    press(talk, Qt.Key_Z, modifier=CTRL)
    assert len(talk.session.annotation.speakers) == 2


def test_a_number_without_a_speaker_is_told(talk: Any) -> None:
    click(talk, 4, 1)
    press(talk, Qt.Key_7)
    assert messages(talk) == ["there is no speaker 7: press 0 to add one"]
    assert not talk.session.undo.canUndo()


def test_the_turn_at_the_playhead_is_meant_if_none_is_selected(talk: Any) -> None:
    talk.transport.seek(4 * S)
    press(talk, Qt.Key_1)
    assert spans(talk)[1] == (3, 5, 0)
    press(talk, Qt.Key_Escape)
    talk.transport.seek(round(5.5 * S))
    press(talk, Qt.Key_2)
    assert "select a turn first" in messages(talk)[0]


def test_a_merged_pair_is_split_at_the_click(talk: Any) -> None:
    click(talk, 4, 1)
    at = talk.player.position / S
    press(talk, Qt.Key_S, Qt.Key_1)
    assert spans(talk)[1:3] == [(3, at, 1), (at, 5, 0)]
    press(talk, Qt.Key_Z, Qt.Key_Z, modifier=CTRL)
    assert spans(talk)[1] == (3, 5, 1)


def test_a_split_outside_of_turns_is_told(talk: Any) -> None:
    click(talk, 2.5)
    press(talk, Qt.Key_S)
    assert messages(talk) == ["put the playhead into a turn to split it: click where to cut"]


def test_merge_with_a_neighbour(talk: Any) -> None:
    click(talk, 7, 0)
    press(talk, Qt.Key_M)
    assert (6, 14, 0) in spans(talk)
    press(talk, Qt.Key_M, modifier=SHIFT)
    assert (0, 14, 0) in spans(talk)
    press(talk, Qt.Key_M)
    assert "no other turn of this speaker" in messages(talk)[0]


def test_merge_of_what_is_selected_is_the_first_ones(talk: Any) -> None:
    click(talk, 4, 1)
    click(talk, 1, 0, CTRL)
    press(talk, Qt.Key_M)
    assert spans(talk)[0] == (0, 5, 0)


@pytest.mark.parametrize("key", [Qt.Key_Delete, Qt.Key_Backspace])
def test_delete(talk: Any, key: int) -> None:
    click(talk, 4, 1)
    click(talk, 10, 1, SHIFT)
    press(talk, key)
    assert spans(talk) == [(0, 2, 0), (12, 14, 0), (15, 17, 1)]
    assert talk.editing.selected_turns() == ()
    press(talk, key)
    assert "select the turns to delete first" in messages(talk)[0]


def test_a_missing_turn_takes_a_drag_and_a_key(talk: Any) -> None:
    drag(talk, (17.6, None), (19, None))
    press(talk, Qt.Key_2)
    start, end, speaker = spans(talk)[-1]
    assert (start, end) == (pytest.approx(17.6, abs=0.05), pytest.approx(19, abs=0.05))
    assert speaker == 1
    assert talk.timeline.selection() is None
    assert len(talk.editing.selected_turns()) == 1


def test_a_missing_turn_by_keys_alone(talk: Any) -> None:
    talk.transport.seek(18 * S)
    press(talk, Qt.Key_BracketLeft)
    press(talk, Qt.Key_Right)
    press(talk, Qt.Key_BracketRight)
    assert talk.timeline.selection() == (18, 19)
    press(talk, Qt.Key_0)
    assert spans(talk)[-1] == (18, 19, 2)


def test_t_draws_in_the_lane_that_was_picked(talk: Any) -> None:
    press(talk, Qt.Key_T)
    assert "select the time of the new turn first" in messages(talk)[0]
    click(talk, 16, 1)
    drag(talk, (17.6, None), (19, None))
    press(talk, Qt.Key_T)
    assert spans(talk)[-1][2] == 1


def test_t_draws_in_the_lane_that_was_dragged_along(talk: Any) -> None:
    click(talk, 1, 0)
    drag(talk, (17.6, 1), (19, 1))
    assert talk.timeline.names.current == 1
    press(talk, Qt.Key_T)
    assert spans(talk)[-1][2] == 1
    click(talk, 19.5, 0)
    assert talk.timeline.names.current == 0


def test_a_screen_reader_hears_what_is_selected(talk: Any) -> None:
    click(talk, 4, 1)
    assert talk.timeline.accessibleDescription().startswith("Speaker 2\n0:00:03")
    press(talk, Qt.Key_Escape)
    assert talk.timeline.accessibleDescription() == ""


def test_a_turn_over_others_may_overlap_but_not_its_own(talk: Any) -> None:
    drag(talk, (3.5, None), (6.5, None))
    press(talk, Qt.Key_1)
    start, end, speaker = next(s for s in spans(talk) if 3 < s[0] < 4)
    assert (start, end, speaker) == (pytest.approx(3.5, abs=0.05), 8, 0)
    assert (3, 5, 1) in spans(talk)


# edges


def test_brackets_move_the_edges_of_a_turn_to_the_playhead(talk: Any) -> None:
    click(talk, 4, 1)
    talk.transport.seek(round(2.5 * S))
    press(talk, Qt.Key_BracketLeft)
    talk.transport.seek(round(5.25 * S))
    press(talk, Qt.Key_BracketRight)
    assert spans(talk)[1] == (2.5, 5.25, 1)
    press(talk, Qt.Key_BracketLeft)
    assert "wrong side" in messages(talk)[0]


def test_nudges_in_a_row_are_one_step(talk: Any) -> None:
    click(talk, 4, 1)
    press(talk, *[Qt.Key_Right] * 4, modifier=SHIFT)
    assert spans(talk)[1] == (3, pytest.approx(5.2), 1)
    press(talk, *[Qt.Key_Left] * 2, modifier=CTRL | SHIFT)
    assert spans(talk)[1][0] == pytest.approx(2.9)
    press(talk, Qt.Key_Right, modifier=CTRL | SHIFT)
    press(talk, Qt.Key_Z, modifier=CTRL)
    assert spans(talk)[1] == (3, pytest.approx(5.2), 1)
    press(talk, Qt.Key_Z, modifier=CTRL)
    assert spans(talk)[1] == (3, 5, 1)
    assert not talk.session.undo.canUndo()


def test_a_nudge_stops_at_the_neighbour_and_at_the_shortest(talk: Any) -> None:
    click(talk, 1, 0)
    press(talk, *[Qt.Key_Left] * 60, modifier=CTRL | SHIFT)
    assert spans(talk)[0] == (0, 2, 0)
    press(talk, *[Qt.Key_Left] * 45, modifier=SHIFT)
    assert spans(talk)[0] == (0, pytest.approx(0.05), 0)
    assert "can't be any shorter" in messages(talk)[0]
    press(talk, *[Qt.Key_Right] * 125, modifier=SHIFT)
    assert spans(talk)[0] == (0, 6, 0), "it touches the next of the same voice, no more"


def grab(talk: Any, seconds: float, lane: int) -> bool:
    """Whether the pointer says that an edge can be dragged there."""
    viewport = talk.timeline.canvas.viewport()
    QTest.mouseMove(viewport, place(talk, 8.7, None))
    where = place(talk, seconds, lane)
    event = QMouseEvent(QEvent.MouseMove, QPointF(where), Qt.NoButton, Qt.NoButton, NONE)
    QApplication.sendEvent(viewport, event)
    return bool(viewport.cursor().shape() == Qt.SizeHorCursor)


def test_the_pointer_shows_where_edges_are(talk: Any) -> None:
    assert grab(talk, 3, 1)
    assert grab(talk, 5, 1)
    assert not grab(talk, 4, 1)
    assert not grab(talk, 3, 0)


def test_dragging_an_edge_is_one_step_and_leaves_the_view(talk: Any) -> None:
    before = talk.timeline.visible_range()
    drag(talk, (5, 1), (5.6, 1), ALT)
    assert spans(talk)[1] == (3, pytest.approx(5.6, abs=0.05), 1)
    assert talk.session.undo.count() == 1
    assert talk.timeline.visible_range() == before
    assert talk.timeline.selection() is None
    assert [t.end / S for t in talk.editing.selected_turns()] == [spans(talk)[1][1]]


def test_a_dragged_edge_snaps_unless_alt_is_held(talk: Any) -> None:
    drag(talk, (5, 1), (5.95, 1))
    assert spans(talk)[1] == (3, 6, 1), "to the start of the next turn"
    press(talk, Qt.Key_Z, modifier=CTRL)
    drag(talk, (5, 1), (5.95, 1), ALT)
    assert 5.9 < spans(talk)[1][1] < 6


def test_a_dragged_edge_snaps_to_speech(talk: Any) -> None:
    from core.stream.speech import Speech

    talk.session.load(talk.session.annotation, (), Speech(((3 * S, round(5.5 * S)),)))
    drag(talk, (5, 1), (5.45, 1))
    assert spans(talk)[1] == (3, 5.5, 1)


def test_a_dragged_edge_stops_at_its_neighbour_and_its_other_end(talk: Any) -> None:
    drag(talk, (5, 1), (9.5, 1), ALT)
    assert spans(talk)[1] == (3, 9, 1)
    drag(talk, (12, 0), (15, 0), ALT)
    start, end, _ = spans(talk)[4]
    assert 0 < end - start <= 0.011


def test_shift_drags_both_sides_of_a_change_of_speakers(talk: Any) -> None:
    touching = Annotation.build([Turn(0, 8 * S, 0), Turn(8 * S, 16 * S, 1)], 20 * S)
    talk.session.load(touching)
    drag(talk, (8, 0), (10, 0), SHIFT | ALT)
    (_, first, _), (second, _, _) = spans(talk)
    assert first == second == pytest.approx(10, abs=0.05)
    assert talk.session.undo.count() == 1


def test_esc_takes_a_drag_back(talk: Any) -> None:
    before = talk.session.annotation
    viewport = talk.timeline.canvas.viewport()
    QTest.mousePress(viewport, LEFT, NONE, place(talk, 5, 1))
    move(viewport, place(talk, 5.6, 1))
    assert talk.timeline.canvas.turns.ghosts
    press(talk, Qt.Key_Escape)
    QTest.mouseRelease(viewport, LEFT, NONE, place(talk, 5.6, 1))
    assert talk.session.annotation == before
    assert not talk.timeline.canvas.turns.ghosts


# drawing and giving with the mouse


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


# while turns still arrive


def test_unfinished_turns_stay_but_names_and_markers_can_be_given(
    qtbot: QtBot, window: Any, engine: Any, recording: Any
) -> None:
    engine.hold = "listening"
    window.open_recording(recording)
    qtbot.waitUntil(lambda: len(window.timeline.canvas.turns.lanes) == 2)
    on = {i for i, a in window.actions_by_id.items() if a.isEnabled()}
    assert not on & {"split", "merge", "delete", "draw", "give_1", "give_new", "end_later"}
    assert on >= {"rename", "recolour", "merge_speaker", "lane_up", "add_marker"}
    before = window.session.annotation.turns
    drag(window, (1, 0), (1, 1))
    drag(window, (2, 0), (2.5, 0))
    assert window.session.annotation.turns == before
    press(window, Qt.Key_F2)
    QTest.keyClicks(field(window), "Anna")
    press(window, Qt.Key_Return)
    assert window.session.annotation.speakers[0].name == "Anna"
    press(window, Qt.Key_Z, modifier=CTRL)
    assert window.session.annotation.speakers[0].name == ""
    window.cancel()
    qtbot.waitUntil(lambda: not window.listening.busy)


def test_what_one_does_while_turns_arrive_is_not_cut_off(talk: Any) -> None:
    """Ten times a second the annotation is a new one."""

    def another() -> None:
        turns = talk.session.annotation.turns
        talk.session.load(Annotation.build([*turns, Turn(18 * S, 19 * S, 4)], 20 * S))

    viewport, names = talk.timeline.canvas.viewport(), talk.timeline.names
    QTest.mousePress(viewport, LEFT, NONE, place(talk, 5.5, None))
    move(viewport, place(talk, 6.5, None))
    another()
    move(viewport, place(talk, 8.5, None))
    QTest.mouseRelease(viewport, LEFT, NONE, place(talk, 8.5, None))
    assert talk.timeline.selection() == pytest.approx((5.5, 8.5), abs=0.05)
    QTest.mousePress(viewport, LEFT, NONE, place(talk, 1, 0))
    another()
    QTest.mouseRelease(viewport, LEFT, NONE, place(talk, 1, 0))
    assert talk.transport.turn == Turn(0, 2 * S, 0)
    QTest.mousePress(names, LEFT, NONE, name_spot(talk, 1))
    move(names, name_spot(talk, 0))
    another()
    QTest.mouseRelease(names, LEFT, NONE, name_spot(talk, 0))
    assert order(talk) == [0, 4]
    talk.timeline.names.edit_name(4)
    before = field(talk).geometry().top()
    talk.session.reorder([4, 0])
    assert field(talk).geometry().top() < before
    QTest.keyClicks(field(talk), "Eve")
    press(talk, Qt.Key_Return)
    assert [s.label for s in talk.session.annotation.speakers] == ["Eve", "Speaker 1"]


def test_a_turn_that_is_dragged_is_let_go_when_turns_change(talk: Any) -> None:
    viewport = talk.timeline.canvas.viewport()
    QTest.mousePress(viewport, LEFT, NONE, place(talk, 5, 1))
    move(viewport, place(talk, 5.6, 1))
    talk.session.load(Annotation.build([Turn(0, 9 * S, 0)], 20 * S))
    move(viewport, place(talk, 5.8, 1))
    QTest.mouseRelease(viewport, LEFT, NONE, place(talk, 5.8, 1))
    assert spans(talk) == [(0, 9, 0)]


# speakers


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


def field_visible(window: Any) -> bool:
    return any(f.isVisible() for f in window.findChildren(QLineEdit, "inline"))


def name_spot(window: Any, n: int, down: float = 0.5) -> QPoint:
    rect = window.timeline.names.name_rect(n)
    return QPoint(40, round(rect.top() + rect.height() * down))


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


def order(window: Any) -> list[int]:
    return [s.id for s in window.session.annotation.speakers]


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
    talk.actions_by_id["remove_speaker"].trigger()
    assert "can't be removed" in messages(talk)[0]
    press(talk, Qt.Key_A, modifier=CTRL | SHIFT)
    press(talk, Qt.Key_1)
    talk.timeline.names.picked.emit(1)
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


# menus


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


# markers


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
    press(talk, Qt.Key_Escape)
    assert marks(talk) == [(0, "")]
    press(talk, Qt.Key_M, modifier=CTRL)
    assert not field_visible(talk), "there is one already"


def test_while_recording_a_marker_is_at_what_is_heard_now(talk: Any) -> None:
    talk.session.set_live(True)
    press(talk, Qt.Key_M, modifier=CTRL)
    press(talk, Qt.Key_Escape)
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


# review


def test_short_turns_are_reviewed_until_a_person_saw_to_them(talk: Any) -> None:
    short = [Turn(0, 4 * S, 0), Turn(5 * S, 5 * S + 900, 1), Turn(8 * S, 8 * S + 900, 1)]
    talk.session.load(Annotation.build([*short, Turn(9 * S, 15 * S, 1)], 20 * S))
    press(talk, Qt.Key_D)
    assert talk.editing.selected_turns() == (short[1],)
    assert talk.player.position == 5 * S
    press(talk, Qt.Key_D)
    assert talk.editing.selected_turns() == (short[2],)
    press(talk, Qt.Key_D)
    assert "no other short or doubtful turn" in messages(talk)[0]
    press(talk, Qt.Key_D, modifier=SHIFT)
    press(talk, Qt.Key_1)
    press(talk, Qt.Key_D)
    assert talk.editing.selected_turns() == (short[2],)
    press(talk, Qt.Key_Escape)
    press(talk, Qt.Key_D, modifier=SHIFT)
    assert len(messages(talk)) == 1, "told once more in the same notice"


# what is heard


def test_loop_of_the_selected_time(talk: Any) -> None:
    drag(talk, (4, None), (8, None))
    press(talk, Qt.Key_L)
    start, end, loop = talk.player.span
    assert (start / S, end / S) == (pytest.approx(4, abs=0.05), pytest.approx(8, abs=0.05))
    assert loop
    press(talk, Qt.Key_Escape)
    assert not talk.player.playing


def test_speed(talk: Any) -> None:
    press(talk, Qt.Key_Greater, Qt.Key_Greater)
    assert talk.player.speed == 1.5
    press(talk, *[Qt.Key_Greater] * 9)
    assert talk.player.speed == 2
    press(talk, *[Qt.Key_Less] * 20)
    assert talk.player.speed == 0.5
    press(talk, Qt.Key_0, modifier=CTRL)
    assert talk.player.speed == 1


def test_mute_and_solo_by_key_and_by_click(talk: Any) -> None:
    click(talk, 4, 1)
    press(talk, Qt.Key_X)
    silent, skipped = talk.player.left_out
    assert silent == ((3 * S, 5 * S), (9 * S, 11 * S), (15 * S, 17 * S))
    assert skipped == ()
    press(talk, Qt.Key_X)
    assert talk.player.left_out == ((), ())
    press(talk, Qt.Key_O)
    assert talk.player.left_out[1][0] == (0, 3 * S)
    press(talk, Qt.Key_O, modifier=SHIFT)
    assert talk.player.left_out == ((), ())
    names = talk.timeline.names
    QTest.mouseClick(names, LEFT, NONE, names.switch_rect(0, "mute").center().toPoint())
    assert talk.audition.muted == {0}
    QTest.mouseClick(names, LEFT, NONE, names.switch_rect(1, "solo").center().toPoint())
    assert talk.audition.soloed == {1}
    press(talk, Qt.Key_2)
    assert talk.player.left_out[0], "what is heard follows the edits"


def test_a_sample_of_a_voice_is_where_it_speaks_alone(talk: Any) -> None:
    turns = [
        Turn(0, 4 * S, 0),
        Turn(1 * S, 5 * S, 1),
        Turn(6 * S, 8 * S, 1),
        Turn(9 * S, 20 * S, 0),
    ]
    talk.session.load(Annotation.build(turns, 20 * S))
    click(talk, 4.5, 1)
    press(talk, Qt.Key_V)
    assert talk.player.span == (6 * S, 8 * S, False)
    assert talk.player.position == 6 * S
    assert sample(talk.session.annotation, 0) == Turn(9 * S, 15 * S, 0)
    together = Annotation.build([Turn(0, 9, 0), Turn(0, 9, 1)])
    assert sample(together, 1) == Turn(0, 9, 1)
    assert sample(together, 2) is None


stretches = st.lists(st.tuples(st.integers(0, 4), st.integers(1, 4)), max_size=6).map(
    lambda steps: [
        (sum(map(sum, steps[:n])) + gap, sum(map(sum, steps[: n + 1])))
        for n, (gap, _) in enumerate(steps)
    ]
)


@given(stretches, stretches)
def test_what_is_left_of_stretches(first: Any, second: Any) -> None:
    def inside(spans: Any) -> set[int]:
        return {at for start, end in spans for at in range(start, end)}

    assert inside(minus(first, second)) == inside(first) - inside(second)


# who speaks at the same time


@pytest.fixture
def chatter(talk: Any) -> Any:
    """Three speakers: the second cuts in on the first, the third says "mhm" in a turn of 1."""
    turns = [
        *(Turn(0, 4 * S, 0), Turn(3 * S, 6 * S, 1)),
        *(Turn(8 * S, 14 * S, 0), Turn(10 * S, 11 * S, 2), Turn(16 * S, 18 * S, 1)),
    ]
    talk.session.load(Annotation.build(turns, 20 * S))
    QApplication.processEvents()
    return talk


def test_b_goes_from_overlap_to_overlap_and_space_plays_it(chatter: Any) -> None:
    press(chatter, Qt.Key_B)
    assert chatter.player.position == 3 * S
    assert chatter.timeline.selection() == (3.0, 4.0)
    press(chatter, Qt.Key_Space)
    assert chatter.player.span == (3 * S, 4 * S, False)
    press(chatter, Qt.Key_Space)
    press(chatter, Qt.Key_B)
    assert chatter.timeline.selection() == (10.0, 11.0)
    press(chatter, Qt.Key_B)  # there is no other
    assert chatter.player.position == 10 * S
    assert messages(chatter) == ["nobody talks over others on that side"]
    press(chatter, Qt.Key_B, modifier=SHIFT)
    assert chatter.timeline.selection() == (3.0, 4.0)
    assert chatter.editing.selected_turns() == ()


def test_an_edge_dragged_into_anothers_turn_overlaps_it_and_can_be_undone(chatter: Any) -> None:
    before = chatter.session.annotation
    drag(chatter, (16, 1), (13, 1), Qt.AltModifier)
    (moved,) = [t for t in chatter.session.annotation.turns if t.end == 18 * S]
    assert moved.speaker == 1
    assert overlaps(chatter.session.annotation)[-1] == (moved.start, 14 * S)
    press(chatter, Qt.Key_Z, modifier=CTRL)
    assert chatter.session.annotation == before


@pytest.mark.parametrize("key", [Qt.Key_S, Qt.Key_Delete, Qt.Key_3])
def test_an_edit_of_one_of_two_leaves_the_other_alone(chatter: Any, key: Any) -> None:
    before = chatter.session.annotation
    click(chatter, 3.5, 1)
    press(chatter, key)
    after = chatter.session.annotation
    assert after != before
    assert after.turns_of(0) == before.turns_of(0)
    assert overlaps(after) == (overlaps(before)[1:] if key == Qt.Key_Delete else overlaps(before))
    press(chatter, Qt.Key_Z, modifier=CTRL)
    assert chatter.session.annotation == before


def test_only_this_voice_keeps_what_others_say_at_the_same_time(chatter: Any) -> None:
    click(chatter, 3.5, 1)
    press(chatter, Qt.Key_O)
    silent, skipped = chatter.player.left_out
    assert (silent, skipped) == ((), ((0, 3 * S), (6 * S, 16 * S), (18 * S, 20 * S)))
    press(chatter, Qt.Key_O, Qt.Key_X)  # a muted voice is silent only where it is alone
    assert chatter.player.left_out == (((4 * S, 6 * S), (16 * S, 18 * S)), ())


# everything together


def valid(a: Annotation) -> bool:
    ids = [s.id for s in a.speakers]
    apart = all(first.end <= then.start for i in ids for first, then in pairwise(a.turns_of(i)))
    inside = all(0 <= t.start < t.end <= a.duration and t.speaker in ids for t in a.turns)
    return apart and inside and list(a.turns) == sorted(a.turns) and len(set(ids)) == len(ids)


EDITS = (
    *("split", "merge", "merge_previous", "delete", "draw", "give_1", "give_2", "give_3"),
    *("give_new", "start_here", "end_here", "start_earlier", "start_later", "end_earlier"),
    *("end_later", "lane_up", "lane_down", "remove_speaker", "reset_colour", "undo", "redo"),
    *("remove_marker", "next_doubtful", "extend_on", "select_speaker", "lane_below"),
    *("next_overlap", "previous_overlap"),
)


def test_any_sequence_of_edits_and_undos_ends_where_it_began(chatter: Any) -> None:
    """Through the window's own actions, with the playhead and the selection anywhere,
    where several speak at once and where not."""
    beginning = chatter.session.annotation

    def at_random(data: st.DataObject, do: Callable[[str], None]) -> None:
        turns = chatter.session.annotation.turns
        chatter.transport.seek(data.draw(st.integers(0, 20 * 8)) * S // 8)
        if turns and data.draw(st.booleans()):
            chatter.editing.select(data.draw(st.lists(st.sampled_from(turns), max_size=3)))
        if data.draw(st.integers(0, 4)) == 0:
            chatter.editing.select([])
            start = data.draw(st.integers(0, 18))
            chatter.timeline.set_selection((start, start + data.draw(st.integers(1, 9)) / 4))
        do(data.draw(st.sampled_from(EDITS)))

    @settings(
        max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(st.data())
    def check(data: st.DataObject) -> None:
        chatter.session.load(beginning)
        # Every example begins alike, whatever the one before picked.
        chatter.timeline.clear_selection()
        chatter.editing.select([])
        chatter.speaker_editing.pick(beginning.speakers[0].id)
        chatter.transport.seek(0)
        chatter.session.add_marker(4 * S, "x")
        for _ in range(data.draw(st.integers(1, 12))):
            at_random(data, lambda name: chatter.actions_by_id[name].trigger())
            assert valid(chatter.session.annotation)
            assert set(chatter.editing.selected_turns()) <= set(chatter.session.annotation.turns)
        last, index = chatter.session.annotation, chatter.session.undo.index()
        chatter.session.undo.setIndex(0)
        assert chatter.session.annotation == beginning
        chatter.session.undo.setIndex(index)
        assert chatter.session.annotation == last

    check()


def test_a_hundred_steps_can_be_undone(talk: Any) -> None:
    beginning = talk.session.annotation
    click(talk, 4, 1)
    for n in range(120):
        press(talk, Qt.Key_1 if n % 2 == 0 else Qt.Key_2)
    assert talk.session.undo.count() == 120
    press(talk, *[Qt.Key_Z] * 120, modifier=CTRL)
    assert talk.session.annotation == beginning
