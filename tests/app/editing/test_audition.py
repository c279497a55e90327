"""What is heard of the turns: loops, speed, one voice alone, two at once."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PyQt5.QtCore import Qt
from PyQt5.QtTest import QTest

from app.editing.audition import sample
from core.annotation.overlap import minus, overlaps
from core.annotation.values import Annotation, Turn
from core.units import SAMPLE_RATE as S
from tests.app.editing.hands import (
    CTRL,
    LEFT,
    NONE,
    SHIFT,
    click,
    drag,
    messages,
    press,
)


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
