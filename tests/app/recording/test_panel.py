"""The panel to record with: microphones, level, what is said about it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PyQt5.QtCore import QPoint, QPointF, Qt
from PyQt5.QtGui import QWheelEvent
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication, QFileDialog, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from app.recording.level_meter import GREEN, RED, LevelBar, LevelMeter
from app.window.main_window import MainWindow
from core.audio.levels import Level
from core.units import SAMPLE_RATE as S
from tests.app.studio import DESK, HEADSET, SPEAKERS, Studio, wait_running


@pytest.fixture
def window(studio_window: MainWindow) -> Any:
    return studio_window


@pytest.fixture
def panel(qtbot: QtBot, window: Any, studio: Studio) -> Any:
    """The panel, asked for, with the level of the chosen microphone."""
    click(window.welcome.findChild(QPushButton, "check"))
    wait_running(studio, qtbot)
    qtbot.waitUntil(lambda: window.capture.devices.count() == len(studio.devices))
    return window.capture


def click(widget: Any) -> None:
    QTest.mouseClick(widget, Qt.LeftButton)


def choose(panel: Any, index: int) -> None:
    """As by the list that pops up."""
    panel.devices.setCurrentIndex(index)
    panel.devices.activated.emit(index)


def test_no_microphone_is_touched_before_it_is_asked_for(qtbot: QtBot, window: Any) -> None:
    qtbot.wait(200)
    assert not window.capture.isVisible()
    assert window.inputs.devices == []


def test_first_page_offers_to_record_first(window: Any) -> None:
    record = window.welcome.findChild(QPushButton, "record")
    opening = window.welcome.findChild(QPushButton, "open")
    assert record.isVisible()
    assert record.x() < opening.x()
    assert record.width() >= opening.width()


def test_the_list_says_all_about_each_input(panel: Any) -> None:
    texts = [panel.devices.itemText(i) for i in range(panel.devices.count())]
    assert texts[0] == "Desk · Fake · mono · default"
    assert texts[1] == "Headset · Fake · mono"
    assert texts[2] == "Monitor of speakers · Fake · stereo · what this computer plays"


def test_the_level_is_shown_before_recording(qtbot: QtBot, panel: Any, studio: Studio) -> None:
    studio.give(1, level=3000)
    qtbot.waitUntil(lambda: panel.meter.word.text() == "good")
    assert panel.meter.number.text().endswith("dB")
    studio.give(1, level=40_000)
    qtbot.waitUntil(lambda: panel.meter.word.text() == "clipping")
    assert "Record" in panel.hint.text()
    assert panel.facts.text().startswith("room for ")


def test_zeros_are_told_with_what_to_do(qtbot: QtBot, panel: Any, studio: Studio) -> None:
    studio.give(4, level=0)
    qtbot.waitUntil(lambda: panel.meter.word.text() == "silence")
    assert panel.hint.text().startswith("No sound arrives: ")


def test_a_choice_is_remembered(
    qtbot: QtBot, window: Any, panel: Any, studio: Studio, settings: Any
) -> None:
    opened = len(studio.audio.streams)
    choose(panel, 1)
    qtbot.waitUntil(lambda: len(studio.audio.streams) > opened)
    assert window.inputs.chosen == HEADSET
    assert settings.value("capture/device") == HEADSET.key
    studio.devices = [replace(DESK, name="New"), HEADSET]
    click(panel.again)
    qtbot.waitUntil(lambda: panel.devices.count() == 2)
    assert panel.devices.currentText().startswith("Headset")
    studio.devices = [DESK]
    click(panel.again)
    qtbot.waitUntil(lambda: panel.devices.count() == 1)
    assert panel.devices.currentText().startswith("Desk")


def test_the_wheel_never_switches_the_microphone(window: Any, panel: Any) -> None:
    at = QPointF(panel.devices.rect().center())
    event = QWheelEvent(
        at, panel.devices.mapToGlobal(at.toPoint()), QPoint(), QPoint(0, -240),
        Qt.NoButton, Qt.NoModifier, Qt.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(panel.devices, event)
    assert window.inputs.chosen == DESK


def test_hiding_the_panel_lets_go_of_the_microphone(
    qtbot: QtBot, window: Any, panel: Any, studio: Studio
) -> None:
    assert window.actions_by_id["panel_capture"].isChecked()
    window.actions_by_id["panel_capture"].trigger()
    assert not panel.isVisible()
    qtbot.waitUntil(lambda: all(s.closed for s in studio.audio.streams))


def test_recording_takes_over_the_microphone_and_stop_turns_it_off(
    qtbot: QtBot, window: Any, panel: Any, studio: Studio
) -> None:
    preview = studio.audio.streams[0]
    click(panel.record)
    qtbot.waitUntil(lambda: len(studio.audio.streams) == 2 and studio.audio.streams[1].running)
    assert preview.closed
    studio.give(2)
    qtbot.waitUntil(lambda: panel.elapsed.text() == "0:00:02.0")
    assert not panel.record.isEnabled()
    assert not panel.again.isEnabled()
    assert "nothing lost" in panel.facts.text()
    assert "labels" in panel.facts.text()
    assert "room for" in panel.facts.text()
    assert panel.meter.number.text().endswith("dB")
    click(panel.stop)
    qtbot.waitUntil(lambda: not window.live.busy)
    assert not panel.isVisible()
    assert not window.actions_by_id["panel_capture"].isChecked()
    qtbot.waitUntil(lambda: all(s.closed for s in studio.audio.streams))


def test_another_microphone_in_mid_recording(
    qtbot: QtBot, window: Any, panel: Any, studio: Studio
) -> None:
    click(panel.record)
    qtbot.waitUntil(lambda: len(studio.audio.streams) == 2 and studio.audio.streams[1].running)
    studio.give(1)
    qtbot.waitUntil(lambda: window.session.live)
    choose(panel, 2)
    qtbot.waitUntil(lambda: len(studio.audio.streams) == 3 and studio.audio.streams[2].running)
    studio.give(1)
    qtbot.waitUntil(lambda: window.session.duration >= 2 * S)
    assert window.live.status.device == SPEAKERS
    assert panel.devices.currentText().startswith("Monitor")


def test_the_marker_button_marks_this_moment(
    qtbot: QtBot, window: Any, panel: Any, studio: Studio
) -> None:
    click(panel.record)
    qtbot.waitUntil(lambda: len(studio.audio.streams) == 2 and studio.audio.streams[1].running)
    studio.give(2)
    qtbot.waitUntil(lambda: window.session.duration == 2 * S)
    click(panel.marker)
    assert [m.at for m in window.session.annotation.markers] == [2 * S]


def test_the_folder_is_chosen_and_used(
    qtbot: QtBot, window: Any, panel: Any, studio: Studio, tmp_path: Path
) -> None:
    there = tmp_path / "there"
    there.mkdir()
    click(panel.folder)
    dialog = window.findChild(QFileDialog)
    field = dialog.findChild(QLineEdit, "fileNameEdit")
    field.setText(str(there))
    QTest.keyClick(field, Qt.Key_Return)
    qtbot.waitUntil(lambda: window.preferences.recordings_folder == str(there))
    assert panel.folder.text().endswith("there")
    click(panel.record)
    qtbot.waitUntil(lambda: len(studio.audio.streams) == 2 and studio.audio.streams[1].running)
    studio.give(1)
    qtbot.waitUntil(lambda: window.session.live)
    assert window.session.path.parent == there


def test_a_device_that_gives_nothing_says_so(qtbot: QtBot, window: Any, studio: Studio) -> None:
    studio.audio.accepts = lambda rate, channels: False
    window.actions_by_id["panel_capture"].trigger()
    qtbot.waitUntil(lambda: "can't be opened" in window.capture.hint.text())


def test_controls_are_named_and_reached_by_tab(panel: Any) -> None:
    for control in (
        *(panel.record, panel.pause, panel.stop, panel.marker),
        *(panel.devices, panel.again, panel.folder),
    ):
        assert control.accessibleName()
        assert control.focusPolicy() & Qt.TabFocus
    for label in (panel.elapsed, panel.facts, panel.meter):
        assert label.accessibleName()


def test_the_bar_turns_red_only_where_it_is_too_loud(qtbot: QtBot) -> None:
    bar = LevelBar()
    qtbot.addWidget(bar)
    bar.resize(200, 16)

    def colours() -> set[str]:
        picture = bar.grab().toImage()
        return {picture.pixelColor(x, 8).name() for x in range(picture.width())}

    bar.set_level(Level(peak=-30.0, hold=-30.0, rms=-35.0))
    assert GREEN.name() in colours()
    assert RED.name() not in colours()
    bar.set_level(Level(peak=-0.5, hold=-0.5, rms=-1.0, clipping=True))
    assert RED.name() in colours()


def test_the_meter_says_it_in_words_too(qtbot: QtBot) -> None:
    meter = LevelMeter()
    qtbot.addWidget(meter)
    meter.set_level(Level(peak=-0.2, hold=-0.2, rms=-4.0, clipping=True))
    assert (meter.number.text(), meter.word.text()) == ("0 dB", "clipping")
    assert meter.accessibleDescription() == "clipping"
    meter.set_level(None)
    assert (meter.number.text(), meter.word.text()) == ("", "")
