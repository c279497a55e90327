"""Both sides of a call in the window: chosen before, two meters, what becomes of a side."""

from __future__ import annotations

from typing import Any

import pytest
import soundfile
from PyQt5.QtCore import Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.recording.mini import MiniView
from app.window.main_window import MainWindow
from core.audio.wav import is_call
from tests.app.studio import DESK, SPEAKERS, Studio, wait_running
from tests.core.audio.fake_sound import FakeStream, noise

MICROPHONE, COMPUTER, BOTH = range(3)


@pytest.fixture
def window(studio_window: MainWindow) -> Any:
    return studio_window


@pytest.fixture
def panel(qtbot: QtBot, window: Any, studio: Studio) -> Any:
    QTest.mouseClick(window.welcome.findChild(QPushButton, "check"), Qt.LeftButton)
    wait_running(studio, qtbot)
    qtbot.waitUntil(lambda: window.capture.devices.count() == len(studio.devices))
    return window.capture


def told(window: Any) -> str:
    return " ".join(n.findChild(QLabel).text() for n in window.notices.notices)


def choose(panel: Any, source: int) -> None:
    """As by the list that pops up."""
    panel.sources.setCurrentIndex(source)
    panel.sources.activated.emit(source)


def sides(qtbot: QtBot, studio: Studio) -> list[FakeStream]:
    """The streams of the microphone and of the computer's sound, once both run."""

    def both() -> list[FakeStream]:
        running = [s for s in studio.audio.streams if s.running and not s.closed]
        number = {s.options["input_device_index"]: s for s in running}
        return [number[d.index] for d in (DESK, SPEAKERS) if d.index in number]

    qtbot.waitUntil(lambda: len(both()) == 2)
    return both()


def speak(streams: list[FakeStream], seconds: float, *levels: float) -> None:
    """Both hear something for so long."""
    for n in range(round(seconds * 50)):
        for stream, level in zip(streams, levels, strict=True):
            stream.give(noise(stream.rate // 50, stream.channels, seed=n, level=level))


def record_a_call(qtbot: QtBot, window: Any, studio: Studio) -> list[FakeStream]:
    choose(window.capture, BOTH)
    QTest.mouseClick(window.capture.record, Qt.LeftButton)
    streams = sides(qtbot, studio)
    speak(streams, 2, 4000, 500)
    qtbot.waitUntil(lambda: window.live.state == "recording" and window.live.in_call)
    return streams


def test_a_person_chooses_what_is_recorded(qtbot: QtBot, window: Any, panel: Any) -> None:
    assert panel.sources.currentIndex() == MICROPHONE
    assert [panel.sources.itemText(n) for n in range(3)] == [
        "Microphone",
        "Computer's sound",
        "Both (a call)",
    ]
    choose(panel, COMPUTER)
    assert window.inputs.chosen == SPEAKERS
    assert panel.devices.currentText().startswith("Monitor of speakers")
    choose(panel, BOTH)
    assert window.inputs.chosen == DESK
    assert (panel.sources.currentIndex(), panel.devices.currentIndex()) == (BOTH, 0)
    assert window.preferences.both_sides
    choose(panel, MICROPHONE)
    assert (panel.sources.currentIndex(), window.inputs.source) == (MICROPHONE, "microphone")


def test_where_the_computers_sound_cannot_be_had_that_is_said(
    qtbot: QtBot, window: Any, panel: Any, studio: Studio
) -> None:
    choose(panel, BOTH)
    studio.devices.remove(SPEAKERS)
    QTest.mouseClick(panel.again, Qt.LeftButton)
    qtbot.waitUntil(lambda: panel.devices.count() == 2)
    assert panel.sources.currentIndex() == MICROPHONE
    assert not panel.sources.model().item(BOTH).isEnabled()
    assert "Not possible here: " in panel.sources.toolTip()
    assert "PipeWire" in panel.sources.toolTip()


def test_two_meters_that_say_whose_they_are(
    qtbot: QtBot, window: Any, panel: Any, studio: Studio
) -> None:
    assert not panel.computer_meter.isVisible()
    record_a_call(qtbot, window, studio)
    qtbot.waitUntil(lambda: panel.computer_meter.isVisible())
    assert panel.meter.name.text() == "Microphone"
    assert panel.computer_meter.name.text() == "Computer"
    assert panel.computer_meter.accessibleName() == "Level of Computer"
    qtbot.waitUntil(lambda: bool(panel.computer_meter.number.text() and panel.meter.number.text()))
    here, there = (
        int(meter.number.text().split()[0]) for meter in (panel.meter, panel.computer_meter)
    )
    assert here > there + 10
    assert not panel.sources.isEnabled()
    QTest.mouseClick(panel.mini, Qt.LeftButton)
    (mini,) = [w for w in QApplication.topLevelWidgets() if isinstance(w, MiniView)]
    qtbot.waitUntil(lambda: mini.computer_meter.isVisible())
    mini.close()
    window.live.stop()
    qtbot.waitUntil(lambda: window.live.state == "idle")
    assert panel.meter.name.text() == ""
    path = window.session.path
    assert is_call(path)
    assert soundfile.info(path).channels == 2


def test_a_side_that_goes_away_is_told_and_the_other_is_recorded_on(
    qtbot: QtBot, window: Any, panel: Any, studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    streams = record_a_call(qtbot, window, studio)
    gone = window.live._recording._capture._sides[1].microphone
    monkeypatch.setattr(type(gone), "gone", property(lambda self: self is gone))
    streams[1].stalled = True
    speak(streams[:1], 1, 4000)
    qtbot.waitUntil(lambda: "gives no sound any more" in told(window))
    assert window.live.state == "recording"
    qtbot.waitUntil(lambda: len(studio.audio.streams) > 3)
    again = sides(qtbot, studio)
    speak(again, 2, 4000, 500)
    qtbot.waitUntil(
        lambda: any(
            m.text.endswith("computer's sound are missing")
            for m in window.session.annotation.markers
        )
    )
    qtbot.waitUntil(lambda: "gives no sound any more" not in told(window))
    streams[1].stalled = False
    window.live.stop()
    qtbot.waitUntil(lambda: window.live.state == "idle")
