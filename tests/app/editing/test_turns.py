"""Turns are split, merged, given, drawn and cut, by keys."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PyQt5.QtCore import QEvent, QPointF, Qt
from PyQt5.QtGui import QMouseEvent
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import (
    QApplication,
)
from pytestqt.qtbot import QtBot

from core.annotation.values import Annotation, Turn, join_turns
from core.units import SAMPLE_RATE as S
from tests.app.editing.hands import (
    ALT,
    CTRL,
    LEFT,
    NONE,
    SHIFT,
    click,
    drag,
    field,
    messages,
    move,
    name_spot,
    order,
    place,
    press,
    spans,
)


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


def test_undoing_a_pass_selects_nothing(talk: Any) -> None:
    """One digit would give all that it brought to somebody."""
    before = talk.session.annotation
    ones = [replace(turn, speaker=0) for turn in before.turns]
    talk.session.rerun("Number of speakers", Annotation.build(join_turns(ones), before.duration))
    click(talk, 4, 0)
    press(talk, Qt.Key_Z, modifier=CTRL)
    assert talk.session.annotation == before
    assert talk.editing.selected_turns() == ()
    press(talk, Qt.Key_Y, modifier=CTRL)
    assert talk.editing.selected_turns() == ()
