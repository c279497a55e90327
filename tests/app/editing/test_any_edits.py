"""Any sequence of edits, and its way back."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PyQt5.QtCore import Qt

from core.annotation.values import Annotation
from core.units import SAMPLE_RATE as S
from tests.app.editing.hands import (
    CTRL,
    click,
    press,
)


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
