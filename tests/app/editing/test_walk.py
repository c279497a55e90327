"""The walk through the doubtful turns plays each, asks, and leaves off when all were seen."""

from __future__ import annotations

from typing import Any

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtTest import QTest
from pytestqt.qtbot import QtBot

from core.annotation.values import Annotation, Turn
from core.units import SAMPLE_RATE as S
from tests.app.editing.hands import CTRL, messages, press


@pytest.fixture
def doubtful(talk: Any) -> Any:
    """Three short turns among long ones."""
    turns = [
        Turn(0, 4 * S, 0),
        Turn(4 * S, 4 * S + S // 4, 1),
        Turn(5 * S, 9 * S, 1),
        Turn(9 * S, 9 * S + S // 4, 0),
        Turn(10 * S, 14 * S, 0),
        Turn(15 * S, 15 * S + S // 4, 1),
    ]
    talk.session.load(Annotation.build(turns, 20 * S))
    talk.timeline.setFocus()
    return talk


def asked(window: Any) -> float:
    return window.walk._turn.start / S  # type: ignore[no-any-return]


def test_each_is_played_asked_about_and_left_or_put_right(doubtful: Any) -> None:
    press(doubtful, Qt.Key_D, modifier=CTRL)
    walk = doubtful.walk
    assert walk.isVisible()
    assert asked(doubtful) == 4
    assert doubtful.player.playing
    assert doubtful.player.span[:2] == (4 * S, 4 * S + S // 4)
    assert "Is this Speaker 2?" in walk.text.text()
    assert "3 left" in walk.text.text()
    press(doubtful, Qt.Key_Return)
    assert doubtful.session.undo.undoText() == "Confirm speaker"
    assert asked(doubtful) == 9
    press(doubtful, Qt.Key_2)
    assert [t.speaker for t in doubtful.session.annotation.turns if t.start == 9 * S] == [1]
    assert asked(doubtful) == 15
    press(doubtful, Qt.Key_D)
    assert walk.text.text() == "All doubtful turns have been looked at."
    assert not walk.right.isVisible()
    QTest.mouseClick(walk.end, Qt.LeftButton)
    assert not walk.isVisible()
    press(doubtful, Qt.Key_Z, modifier=CTRL)
    press(doubtful, Qt.Key_Z, modifier=CTRL)
    assert doubtful.session.annotation.edited == ()


def test_where_all_is_sure_it_says_so(doubtful: Any) -> None:
    doubtful.session.load(Annotation.build([Turn(0, 9 * S, 0)], 20 * S))
    press(doubtful, Qt.Key_D, modifier=CTRL)
    assert "sure who speaks in every turn" in messages(doubtful)[0]
    assert not doubtful.walk.isVisible()


def test_another_recording_ends_it(doubtful: Any) -> None:
    press(doubtful, Qt.Key_D, modifier=CTRL)
    doubtful.session.close()
    assert not doubtful.walk.isVisible()


def test_what_was_said_is_learnt_from(
    doubtful: Any, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    learnt: list[bool] = []
    doubtful.walk.learn_wanted.connect(lambda: learnt.append(True))
    doubtful.session.windows = (None,)
    monkeypatch.setattr(type(doubtful.editing.doubts), "_find", lambda _self: None)
    doubtful.editing.doubts._sure = dict.fromkeys(doubtful.session.annotation.turns[1:4:2], 0.5)
    press(doubtful, Qt.Key_D, modifier=CTRL)
    assert not doubtful.walk.learn.isVisible()
    press(doubtful, Qt.Key_Return)
    assert doubtful.walk.learn.isVisible()
    QTest.mouseClick(doubtful.walk.learn, Qt.LeftButton)
    assert learnt == [True]
    assert not doubtful.walk.isVisible()
    doubtful.session.windows = ()
