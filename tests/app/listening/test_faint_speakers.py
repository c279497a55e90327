"""Speakers who say so little that they may be nobody: flagged, asked about, never just dropped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QAbstractButton, QApplication, QLabel
from pytestqt.qtbot import QtBot

from core.annotation import edits
from core.annotation.values import Annotation, Turn
from core.meeting.file import read_meeting
from core.stream.changes import Window
from core.stream.speech import Speech
from core.units import SAMPLE_RATE as S

HOP, LENGTH = S // 2, S
GHOST, COUGH = 1, 3
TURNS = (
    *(Turn(0, 60 * S, 0), Turn(60 * S, 62 * S, GHOST), Turn(62 * S, 119 * S, 2)),
    Turn(119 * S + 100, 119 * S + 7300, COUGH),
)


def windows() -> tuple[Window, ...]:
    """Two voices; the third speaker's windows sound like the first voice, the fourth has none."""
    rng = np.random.default_rng(2)
    voices = rng.normal(size=(2, 32))
    rows = (voices[int(n * HOP >= 62 * S)] + 0.3 * rng.normal(size=32) for n in range(236))
    return tuple(
        Window(n * HOP, n * HOP + LENGTH, (r / np.linalg.norm(r)).astype("f4"), 1.0)
        for n, r in enumerate(rows)
    )


def load(window: Any, annotation: Annotation) -> None:
    window.session.load(annotation, windows(), Speech(((0, 119 * S),), ()))


def meeting(*turns: Turn) -> Annotation:
    return edits.rename(Annotation.build(turns or TURNS[:3], 120 * S), 0, "Anna")


def notice(window: Any) -> Any:
    return next((n for n in window.notices.notices if n.problem.key == "ghost"), None)


def said(window: Any) -> str:
    shown = notice(window)
    return "" if shown is None else shown.findChild(QLabel).text()


def press(window: Any, text: str) -> None:
    buttons = notice(window).findChildren(QAbstractButton)
    QTest.mouseClick(next(b for b in buttons if b.text() == text), Qt.LeftButton)


def looked(window: Any, qtbot: QtBot) -> None:
    """Wait until the turns as they are have been looked through."""
    ghosts = window.ghosts
    qtbot.waitUntil(lambda: ghosts._looked_at is window.session.annotation and not ghosts._looking)


@pytest.fixture
def asked(opened: Any, qtbot: QtBot) -> Any:
    load(opened, meeting())
    qtbot.waitUntil(lambda: notice(opened) is not None)
    return opened


def ids(window: Any) -> list[int]:
    return [s.id for s in window.session.annotation.speakers]


def test_a_ghost_is_told_with_whom_it_sounds_like_and_stays(asked: Any) -> None:
    assert said(asked) == "Speaker 2: 2.0 s in all, sounds most like Anna."
    assert ids(asked) == [0, 1, 2]
    assert not asked.session.undo.canUndo()
    model = asked.docks.speakers.model
    cells = [model.index(n, 0).data() for n in range(3)]
    assert cells == ["Anna", "Speaker 2 \N{BLACK FLAG}", "Speaker 3"]
    assert "sounds most like Anna" in model.index(1, 0).data(Qt.AccessibleTextRole)


def test_fold_is_one_step_and_by_hand(asked: Any, qtbot: QtBot) -> None:
    press(asked, "Fold into Anna")
    assert ids(asked) == [0, 2]
    assert asked.session.annotation.turns[0].end == 60 * S
    assert asked.session.annotation.turns[1] == Turn(60 * S, 62 * S, 0)
    assert asked.session.annotation.edited == ((60 * S, 62 * S),)
    assert asked.session.undo.undoText() == "Fold speaker"
    looked(asked, qtbot)
    assert notice(asked) is None
    QTest.keyClick(asked, Qt.Key_Z, Qt.ControlModifier)
    assert asked.session.annotation == meeting()
    looked(asked, qtbot)
    assert notice(asked) is None  # decided once, not asked again ...
    asked.actions_by_id["ghosts"].trigger()
    assert "Speaker 2" in said(asked)  # ... but on demand


def test_keep_is_remembered_with_the_meeting(asked: Any, qtbot: QtBot, tmp_path: Path) -> None:
    press(asked, "Keep")
    assert asked.session.annotation.speaker(GHOST).kept
    assert asked.session.undo.count() == 1
    looked(asked, qtbot)
    assert notice(asked) is None
    assert asked.docks.speakers.model.index(1, 0).data() == "Speaker 2"
    path = tmp_path / "kept.voicelanes.json"
    asked.meetings._write(path, None)
    qtbot.waitUntil(lambda: not asked.meetings.unsaved)
    kept = read_meeting(path)
    assert kept.annotation == asked.session.annotation
    asked.close_recording()
    qtbot.waitUntil(lambda: not asked.session.is_open)
    asked.open_recording(path)
    qtbot.waitUntil(lambda: asked.session.complete and len(asked.session.windows) > 0)
    looked(asked, qtbot)
    assert notice(asked) is None
    asked.actions_by_id["ghosts"].trigger()
    assert "no speaker says so little" in asked.notices.notices[-1].problem.message


def test_it_can_be_heard_before_it_is_decided(asked: Any, player: Any) -> None:
    press(asked, "Hear")
    assert player.playing
    assert player.position == 60 * S
    assert said(asked).startswith("Speaker 2")
    assert ids(asked) == [0, 1, 2]


def test_dismissed_it_stays_away_until_it_is_wanted(asked: Any, qtbot: QtBot) -> None:
    QTest.mouseClick(notice(asked).findChild(QAbstractButton, "dismiss"), Qt.LeftButton)
    asked.session.rename(2, "Ben")
    looked(asked, qtbot)
    assert notice(asked) is None
    assert "\N{BLACK FLAG}" in asked.docks.speakers.model.index(1, 0).data()
    asked.actions_by_id["ghosts"].trigger()
    assert said(asked).startswith("Speaker 2")


def test_one_after_the_other(opened: Any, qtbot: QtBot) -> None:
    load(opened, meeting(*TURNS))
    qtbot.waitUntil(lambda: notice(opened) is not None)
    # 0.5 s of no window: who sounds like it can't be said
    assert said(opened).startswith("Speaker 4: 0.5 s in all, too little to compare; Anna talks")
    assert said(opened).endswith("1 more like this.")
    press(opened, "Keep")
    qtbot.waitUntil(lambda: said(opened).startswith("Speaker 2"))
    press(opened, "Keep")
    looked(opened, qtbot)
    assert notice(opened) is None
    assert [s.kept for s in opened.session.annotation.speakers] == [False, True, False, True]


def test_the_question_follows_edits_and_keeps_the_keyboard(asked: Any, qtbot: QtBot) -> None:
    button = notice(asked).findChildren(QAbstractButton)[0]
    button.setFocus()
    asked.session.add_marker(S, "here")
    looked(asked, qtbot)
    assert QApplication.focusWidget() is button
    asked.session.rename(0, "Anne")
    qtbot.waitUntil(lambda: "most like Anne" in said(asked))
    asked.session.rename(GHOST, "Carl")  # somebody with a name is somebody
    looked(asked, qtbot)
    assert notice(asked) is None


def test_turns_without_voices_and_closed_recordings_raise_no_question(
    asked: Any, qtbot: QtBot
) -> None:
    asked.session.load(meeting())
    qtbot.waitUntil(lambda: notice(asked) is None)
    asked.close_recording()
    qtbot.waitUntil(lambda: not asked.session.is_open)
    assert notice(asked) is None
