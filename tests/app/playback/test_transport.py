"""Playing is driven from one place: the bar, its keys, and what they do to the player."""

from __future__ import annotations

from typing import Any

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication, QComboBox, QSlider, QToolBar

from app.playback.transport import SPEEDS
from core.units import SAMPLE_RATE as S

CTRL, SHIFT, NONE = Qt.ControlModifier, Qt.ShiftModifier, Qt.NoModifier


def press(window: Any, key: int, modifier: Any = NONE) -> None:
    QTest.keyClick(QApplication.focusWidget() or window, key, modifier)


def button(window: Any, name: str) -> Any:
    bar = window.findChild(QToolBar, "tools")
    return bar.widgetForAction(window.actions_by_id[name])


def click(window: Any, name: str) -> None:
    QTest.mouseClick(button(window, name), Qt.LeftButton)


def test_all_of_playing_is_on_the_bar(opened: Any) -> None:
    names = ("play", "stop_playing", "skip_back", "skip_on", "play_turn", "skip_silence")
    places = [button(opened, name).x() for name in names]
    assert places == sorted(places)
    for control in (opened.findChild(QComboBox, "speed"), opened.findChild(QSlider, "volume")):
        assert control.isVisible()
        assert control.accessibleName()


def test_five_seconds_back_and_on(opened: Any) -> None:
    opened.transport.seek(8 * S)
    click(opened, "skip_back")
    assert opened.player.position == 3 * S
    press(opened, Qt.Key_Comma)
    assert opened.player.position == 0
    press(opened, Qt.Key_Period)
    click(opened, "skip_on")
    assert opened.player.position == min(10 * S, opened.session.duration)


def test_stop_goes_back_to_where_it_began(opened: Any) -> None:
    opened.transport.seek(2 * S)
    press(opened, Qt.Key_Space)
    assert opened.player.playing
    opened.player.seek(5 * S)
    click(opened, "stop_playing")
    assert not opened.player.playing
    assert opened.player.position == 2 * S
    opened.player.seek(5 * S)
    press(opened, Qt.Key_Space, CTRL)
    assert opened.player.position == 5 * S, "nothing played"


def test_speed_by_list_and_by_key_are_one(opened: Any) -> None:
    speed = opened.findChild(QComboBox, "speed")
    speed.setFocus()
    QTest.keyClick(speed, Qt.Key_Down)
    QTest.keyClick(speed, Qt.Key_Down)
    assert opened.player.speed == 1.5 == SPEEDS[speed.currentIndex()]
    opened.timeline.setFocus()
    opened.actions_by_id["slower"].trigger()
    assert opened.player.speed == 1.25 == SPEEDS[speed.currentIndex()]
    opened.actions_by_id["normal_speed"].trigger()
    assert speed.currentText() == "1×"


def test_the_volume_is_remembered(opened: Any) -> None:
    volume = opened.findChild(QSlider, "volume")
    volume.setFocus()
    QTest.keyClick(volume, Qt.Key_PageDown)
    assert opened.preferences.volume == pytest.approx(0.9)
    assert opened.player.volume == pytest.approx(0.9)
    assert "90 %" in volume.toolTip()


def test_silence_is_jumped_over_with_a_margin(opened: Any) -> None:
    click(opened, "skip_silence")
    silent, skipped = opened.player.left_out
    assert silent == ()
    turns = opened.session.annotation.turns
    assert skipped
    for start, end in skipped:
        assert not any(t.start < end + S // 4 and start - S // 4 < t.end for t in turns)
    opened.audition.toggle(opened.audition.soloed, turns[0].speaker)
    lone = opened.player.left_out[1]
    assert sum(e - s for s, e in lone) > sum(e - s for s, e in skipped), "a voice alone leaves more"
    opened.audition.hear_all()
    click(opened, "skip_silence")
    assert opened.player.left_out == ((), ())
