"""Voices that are known while the microphone is on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.window.main_window import MainWindow
from core.annotation.values import Annotation
from core.live.voices import live_voices
from core.meeting.file import read_meeting
from core.stream.changes import Changes, Window
from core.stream.speech import Speech
from core.units import SAMPLE_RATE as S
from tests.app.knowing import (
    DIM,
    HOP,
    LENGTH,
    PERHAPS,
    SURE,
    click,
    kept,
    know,
    names,
    press,
    settled,
    shown,
    voice,
)
from tests.app.studio import Stream, Studio, wait_running


class Voiced(Stream):
    """The same stream, with longer turns and the voices of the two speakers."""

    turn = 5 * S

    def __init__(self, *voices: Any) -> None:
        super().__init__()
        self.voices, self.next = voices, 0
        self.rng = np.random.default_rng(0)

    def push(self, samples: Any) -> Changes:
        changes = super().push(samples)
        windows = []
        while self.next + LENGTH <= self.position:
            who = (self.next + LENGTH // 2) // self.turn % 2
            # No voice sounds exactly the same twice.
            heard = self.voices[who] + self.rng.normal(0, 0.01, DIM).astype(np.float32)
            windows.append(Window(self.next, self.next + LENGTH, heard, 1.0))
            self.next += HOP
        return replace(changes, windows=tuple(windows))

    def finish(self) -> Annotation:
        found = super().finish()
        self.speech = Speech(tuple((t.start, t.end) for t in found.turns), ())
        return found


@pytest.fixture
def window(studio_window: MainWindow) -> Any:
    return studio_window


def record(window: Any, studio: Studio, qtbot: QtBot, *voices: Any, seconds: int = 24) -> None:
    studio.stream = Voiced(*voices)
    studio.voices = live_voices
    press(window, Qt.Key_R, Qt.ControlModifier)
    wait_running(studio, qtbot)
    give(window, studio, qtbot, seconds)


def give(window: Any, studio: Studio, qtbot: QtBot, seconds: int) -> None:
    """Sound, in pieces that the ring has room for."""
    for _ in range(0, seconds, 4):
        before = window.session.duration if window.session.live else 0
        studio.give(4)
        qtbot.waitUntil(
            lambda n=before + 4 * S: window.session.live and window.session.duration == n
        )


def stop(window: Any, qtbot: QtBot) -> Path:
    press(window, Qt.Key_R, Qt.ControlModifier | Qt.ShiftModifier)
    qtbot.waitUntil(lambda: not window.live.busy)
    qtbot.waitUntil(lambda: not window.meetings.unsaved)
    settled(window, qtbot)
    assert not window.meetings.unsaved  # comparing the voices changes nothing afterwards
    return Path(window.meetings.path)


def test_a_sure_name_appears_while_people_talk_and_is_saved(
    window: Any, studio: Studio, qtbot: QtBot
) -> None:
    know("Anna", 0)
    record(window, studio, qtbot, voice(0, SURE), voice(1))
    qtbot.waitUntil(lambda: names(window) == ["Anna", "Speaker 2"])
    assert shown(window)[0].startswith("Anna  9")
    assert studio.stream.pinned == [0]  # the decoder doesn't give that voice up again
    assert not window.session.undo.canUndo()  # nobody did anything
    file = stop(window, qtbot)
    assert names(window) == ["Anna", "Speaker 2"]
    saved = read_meeting(file).annotation
    assert saved.speakers[0].confidence == window.session.annotation.speakers[0].confidence
    assert kept("Anna") == [("talk.wav", 0)]


def test_what_the_person_types_wins_over_what_is_recognised(
    window: Any, studio: Studio, qtbot: QtBot
) -> None:
    know("Anna", 0)
    record(window, studio, qtbot, voice(0, SURE), voice(1), seconds=4)
    window.session.rename(0, "Zoe")
    give(window, studio, qtbot, 20)
    qtbot.waitUntil(lambda: bool(window.session.names.by_speaker))
    assert names(window) == ["Zoe", "Speaker 2"]
    stop(window, qtbot)
    assert names(window) == ["Zoe", "Speaker 2"]


def test_an_unsure_voice_is_asked_about_and_yes_teaches_after_the_end(
    window: Any, studio: Studio, qtbot: QtBot
) -> None:
    know("Anna", 0)
    record(window, studio, qtbot, voice(0, PERHAPS), voice(1))
    qtbot.waitUntil(lambda: len(window.voice_questions.rows) == 1)
    assert names(window) == ["Speaker 1", "Speaker 2"]
    assert studio.stream.pinned == []
    (question,) = window.voice_questions.rows
    assert not question.findChild(QPushButton, "hear_voice").isVisible()  # it would be recorded
    click(window.voice_questions.rows[0].findChild(QPushButton, "voice_yes"))
    assert names(window) == ["Anna", "Speaker 2"]
    assert window.session.undo.count() == 1
    qtbot.waitUntil(lambda: studio.stream.pinned == [0])
    stop(window, qtbot)
    assert names(window)[0] == "Anna"
    assert window.session.annotation.speakers[0].named_by_hand
    mine = window.session.path.name
    assert [where for where, _ in kept("Anna")] == [mine, mine, mine, "talk.wav"]


def test_no_holds_while_they_talk_on_and_after_the_end(
    window: Any, studio: Studio, qtbot: QtBot
) -> None:
    know("Anna", 0)
    record(window, studio, qtbot, voice(0, PERHAPS), voice(1), seconds=20)
    qtbot.waitUntil(lambda: len(window.voice_questions.rows) == 1)
    click(window.voice_questions.rows[0].findChild(QPushButton, "voice_no"))
    assert window.voice_questions.rows == []
    press(window, Qt.Key_Z, Qt.ControlModifier)
    assert len(window.voice_questions.rows) == 1
    press(window, Qt.Key_Y, Qt.ShiftModifier)
    give(window, studio, qtbot, 4)
    assert window.voice_questions.rows == []
    stop(window, qtbot)
    assert window.voice_questions.rows == []
    assert not any(s.name for s in window.session.annotation.speakers)
