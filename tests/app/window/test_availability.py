"""What is enabled when: the table alone, without a window."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from app.actions import ACTIONS
from app.window.availability import WHEN, Situation, available

NOTHING = Situation()
HEARD = Situation(open=True, turns=True, speakers=True, complete=True)
PASS = Situation(open=True, turns=True, speakers=True, listening=True)
MEETING = Situation(open=True, turns=True, speakers=True, live=True, microphone="recording")


def test_every_need_has_its_condition() -> None:
    assert {need for row in ACTIONS for need in row.needs} == set(WHEN)


def test_every_part_of_the_situation_matters() -> None:
    """What no action asks for has no place in it."""
    other = {"microphone": "recording"}
    for field in fields(Situation):
        asked = [
            replace(now, **{field.name: other.get(field.name, not getattr(now, field.name))})
            for now in (NOTHING, HEARD, PASS)
        ]
        before = [available(now) for now in (NOTHING, HEARD, PASS)]
        assert [available(now) for now in asked] != before, field.name


def test_what_needs_nothing_is_always_there() -> None:
    always = {row.id for row in ACTIONS if not row.needs}
    assert {"open", "settings", "quit", "about"} <= always
    for now in (NOTHING, HEARD, PASS, MEETING):
        assert always <= available(now)
    assert available(NOTHING) - always == {"record"}


@pytest.mark.parametrize(
    ("now", "there", "away"),
    [
        (HEARD, "save split draw give_1 merge_speaker listen_again export play close record",
         "cancel undo redo voice_yes next_mistake panel_folder stop_recording"),
        (PASS, "cancel play rename merge_speaker select_all add_marker",
         "save split give_1 listen_again export remember_voice"),
        (MEETING, "record stop_recording give_1 rename add_marker",
         "save split export listen_again cancel"),
        (replace(MEETING, microphone="paused"), "record stop_recording", "export"),
        (replace(MEETING, microphone="interrupted"), "stop_recording", "record export"),
        (replace(MEETING, microphone="starting"), "stop_recording", "record export"),
        (replace(MEETING, microphone="finishing"), "give_1", "record stop_recording export"),
        (replace(HEARD, microphone="refining"), "save split", "record stop_recording export"),
        (replace(PASS, listening=False), "save listen_again export", "cancel split"),
        (replace(HEARD, turns=False), "draw import", "split select_all next_turn"),
        (replace(HEARD, can_undo=True), "undo", "redo"),
        (replace(HEARD, can_redo=True), "redo", "undo"),
        (replace(HEARD, asked=True), "voice_yes voice_no", "next_mistake"),
        (replace(HEARD, compared=True), "next_mistake previous_mistake", "voice_yes"),
        (replace(HEARD, tracks=True), "sound_track", "cancel"),
        (replace(PASS, tracks=True), "sound_track", "save"),
        (HEARD, "save", "sound_track"),
        (replace(NOTHING, folder=True), "panel_folder", "panel_turns"),
    ],
)  # fmt: skip
def test_what_is_of_use(now: Situation, there: str, away: str) -> None:
    assert set(there.split()) <= available(now)
    assert not set(away.split()) & available(now)
