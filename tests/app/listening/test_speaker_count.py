"""The number of speakers: seen at once, taken as one step, or not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PyQt5.QtCore import QEvent, QPointF, Qt
from PyQt5.QtGui import QMouseEvent
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.stream.changes import Window
from core.stream.speech import Speech
from core.units import SAMPLE_RATE as S


@pytest.fixture
def panel(opened: Any) -> Any:
    hear(opened)
    return opened.speaker_count


def hear(opened: Any) -> None:
    """Three voices, 6 s each, over 18 s."""
    rng = np.random.default_rng(1)
    voices = rng.normal(size=(3, 32))
    windows = []
    for n in range(34):
        vector = voices[n // 12] + 0.3 * rng.normal(size=32)
        vector = (vector / np.linalg.norm(vector)).astype(np.float32)
        windows.append(Window(n * S // 2, n * S // 2 + S, vector, 1.0))
    opened.session.finish(opened.session.annotation, windows, Speech(((0, 18 * S),), ()))


def speakers(annotation: Any) -> int:
    return len({turn.speaker for turn in annotation.turns})


def test_without_voices_it_says_why_it_is_off(opened: Any) -> None:
    panel = opened.speaker_count
    assert panel.isVisible()
    assert not panel.number.isEnabled()
    assert "analyse the recording again" in panel.toolTip()


def test_a_number_is_one_step(opened: Any, panel: Any, qtbot: QtBot) -> None:
    before = opened.session.annotation
    panel.number.setFocus()
    QTest.keyClick(panel.number, Qt.Key_Down)
    qtbot.waitUntil(lambda: speakers(opened.session.annotation) == 1)
    assert opened.session.undo.count() == 1
    QTest.keyClick(opened, Qt.Key_Z, Qt.ControlModifier)
    assert opened.session.annotation == before


def test_the_slider_previews_and_esc_takes_nothing(opened: Any, panel: Any, qtbot: QtBot) -> None:
    before = opened.session.annotation
    panel.slider.setFocus()
    QTest.keyClick(panel.slider, Qt.Key_Home)
    qtbot.waitUntil(lambda: opened.timeline.canvas.annotation != before)
    assert opened.session.annotation == before
    QTest.keyClick(panel.slider, Qt.Key_Escape)
    assert opened.timeline.canvas.annotation == before
    assert panel.slider.value() == 0
    assert not opened.session.undo.canUndo()


def test_enter_takes_the_preview_as_one_step(opened: Any, panel: Any, qtbot: QtBot) -> None:
    before = opened.session.annotation
    panel.slider.setFocus()
    QTest.keyClick(panel.slider, Qt.Key_End)
    QTest.keyClick(panel.slider, Qt.Key_Return)
    qtbot.waitUntil(lambda: opened.session.annotation != before)
    assert opened.timeline.canvas.annotation == opened.session.annotation
    assert panel.slider.value() == 10
    assert opened.session.undo.count() == 1
    opened.session.undo.undo()
    assert opened.session.annotation == before


def test_letting_go_of_the_mouse_takes_it(opened: Any, panel: Any, qtbot: QtBot) -> None:
    before = opened.session.annotation
    slider = panel.slider
    middle = slider.rect().center()
    QTest.mousePress(slider, Qt.LeftButton, pos=middle)
    QApplication.sendEvent(  # QTest moves with no button held
        slider,
        QMouseEvent(
            QEvent.MouseMove,
            QPointF(slider.rect().topRight()),
            Qt.NoButton,
            Qt.LeftButton,
            Qt.NoModifier,
        ),
    )
    qtbot.waitUntil(lambda: opened.timeline.canvas.annotation != before)
    assert not opened.session.undo.canUndo()
    QTest.mouseRelease(slider, Qt.LeftButton, pos=slider.rect().topRight())
    qtbot.waitUntil(lambda: opened.session.annotation != before)
    assert opened.session.undo.count() == 1


def test_the_control_shows_what_the_turns_come_from(opened: Any, panel: Any, qtbot: QtBot) -> None:
    before = opened.session.annotation
    panel.number.setFocus()
    QTest.keyClick(panel.number, Qt.Key_Down)
    qtbot.waitUntil(lambda: opened.session.annotation != before)
    assert panel.number.currentIndex() == 1
    opened.session.rename(opened.session.annotation.speakers[0].id, "Ada")
    assert panel.number.currentIndex() == 1
    for expected in (1, 0):
        QTest.keyClick(opened, Qt.Key_Z, Qt.ControlModifier)
        assert panel.number.currentIndex() == expected
        assert panel.slider.isEnabled() == (expected == 0)
    QTest.keyClick(opened, Qt.Key_Z, Qt.ControlModifier | Qt.ShiftModifier)
    assert panel.number.currentIndex() == 1
    QTest.keyClick(opened, Qt.Key_Z, Qt.ControlModifier)
    opened.session.rename(before.speakers[0].id, "Bob")  # the number lies on no branch any more
    assert panel.number.currentIndex() == 0


def test_the_slider_starts_where_the_settings_are(opened: Any, panel: Any, qtbot: QtBot) -> None:
    opened.preferences.sensitivity = -0.4
    assert panel.slider.value() == 0  # these turns were found without it
    hear(opened)
    assert panel.slider.value() == -4
    before = opened.session.annotation
    panel.slider.setFocus()
    QTest.keyClick(panel.slider, Qt.Key_End)
    qtbot.waitUntil(lambda: opened.timeline.canvas.annotation != before)
    QTest.keyClick(panel.slider, Qt.Key_Escape)
    assert panel.slider.value() == -4
