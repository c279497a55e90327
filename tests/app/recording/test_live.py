"""A meeting from the microphone, in the window: recorded, shown, paused, named, kept."""

from __future__ import annotations

import wave
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PyQt5.QtCore import QPoint, QPointF, Qt
from PyQt5.QtGui import QWheelEvent
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import (
    QApplication,
    QLabel,
    QMenu,
    QMessageBox,
    QPushButton,
    QSystemTrayIcon,
    QToolBar,
)
from pytestqt.qtbot import QtBot

from app.window.main_window import MainWindow
from core.audio import microphone
from core.audio.devices import InputDevice
from core.audio.read import read_audio
from core.units import SAMPLE_RATE as S
from tests.app.studio import DESK, HEADSET, SPEAKERS, Studio, wait_running

CTRL, SHIFT = Qt.ControlModifier, Qt.ShiftModifier


@pytest.fixture
def window(studio_window: MainWindow) -> Any:
    return studio_window


@pytest.fixture
def live(qtbot: QtBot, window: Any, studio: Studio) -> Any:
    """The window while it records, with three seconds of sound."""
    press(window, Qt.Key_R, CTRL)
    wait_running(studio, qtbot)
    studio.give(3)
    qtbot.waitUntil(lambda: window.session.live and window.session.duration == 3 * S)
    qtbot.waitUntil(lambda: len(window.session.annotation.turns) == 2)
    return window


def press(window: Any, key: int, modifier: Any = Qt.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget() or window, key, modifier)


def click(widget: Any) -> None:
    QTest.mouseClick(widget, Qt.LeftButton)


def messages(window: Any) -> list[str]:
    return [n.findChild(QLabel).text() for n in window.notices.notices]


def way(window: Any, label: str) -> QPushButton:
    """The button of a notice."""
    buttons = window.notices.findChildren(QPushButton, "way")
    return next(b for b in buttons if b.text() == label)


def ways(window: Any) -> list[str]:
    return [b.text() for b in window.notices.findChildren(QPushButton, "way")]


def question(window: Any) -> QMessageBox | None:
    return next((b for b in window.findChildren(QMessageBox) if b.isVisible()), None)


def answer(window: Any, name: str) -> None:
    box = question(window)
    assert box is not None
    click(box.findChild(QPushButton, name))


def stopped(qtbot: QtBot, window: Any) -> None:
    """All of it is done: the second pass was heard and the meeting saved."""
    qtbot.waitUntil(lambda: not window.live.busy)
    qtbot.waitUntil(lambda: not window.meetings.unsaved)


def test_one_click_records_and_lanes_grow(qtbot: QtBot, window: Any, studio: Studio) -> None:
    click(window.welcome.findChild(QPushButton, "record"))
    wait_running(studio, qtbot)
    studio.give(1)
    qtbot.waitUntil(lambda: window.session.live)
    assert window.timeline.isVisible()
    assert window.capture.isVisible()
    for seconds in (3, 5):
        studio.give(2)
        qtbot.waitUntil(lambda s=seconds: window.session.duration == s * S)
        qtbot.waitUntil(lambda s=seconds: len(window.session.annotation.turns) == (s + 1) // 2)
    turns = window.session.annotation.turns
    assert [t.speaker for t in turns] == [0, 1, 0]
    assert [t.settled for t in turns] == [True, True, False]
    assert window.bar.state.text() == "Recording"
    assert window.capture.elapsed.text() == "0:00:05.0"


def test_record_begins_at_once_and_keeps_what_was_edited(
    qtbot: QtBot, window: Any, studio: Studio, recording: Path
) -> None:
    window.preferences.autosave = False
    window.open_recording(recording)
    qtbot.waitUntil(lambda: window.session.complete and not window.listening.busy)
    window.session.rename(0, "Anna")
    window.notices.tell("about the turns of before")
    edited = window.session.annotation
    press(window, Qt.Key_R, CTRL)
    wait_running(studio, qtbot)
    studio.give(3)
    qtbot.waitUntil(lambda: window.session.live and window.session.duration == 3 * S)
    assert question(window) is None
    assert messages(window) == [
        "What you changed in talk.wav is kept: it is there when you open that again."
    ]
    click(window.capture.stop)
    stopped(qtbot, window)
    assert len(read_audio(window.session.path)) == 3 * S
    click(way(window, "Open talk.wav"))
    qtbot.waitUntil(lambda: question(window) is not None)
    answer(window, "recover")
    qtbot.waitUntil(lambda: window.session.path == recording and window.session.complete)
    assert window.session.annotation == edited
    assert window.meetings.unsaved


def hear_one_voice(live: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second pass takes all who speak for one."""
    from core.annotation.values import Annotation
    from core.live.recording import LiveResult

    heard = [replace(turn, speaker=0) for turn in live.session.annotation.turns]
    one = Annotation.build(heard, live.session.duration)
    monkeypatch.setattr(LiveResult, "heard_again_by_side", lambda *_: (one, {}))


def test_a_name_that_was_typed_follows_the_voice_through_stop(
    qtbot: QtBot, live: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one voice says more than the one who was named."""
    hear_one_voice(live, monkeypatch)
    live.session.rename(1, "Maria")
    click(live.capture.stop)
    stopped(qtbot, live)
    assert [s.label for s in live.session.annotation.speakers] == ["Maria"]


def test_two_names_on_one_voice_are_asked_about(
    qtbot: QtBot, live: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    hear_one_voice(live, monkeypatch)
    live.session.rename(0, "Anna")
    live.session.rename(1, "Maria")
    click(live.capture.stop)
    stopped(qtbot, live)
    assert [s.label for s in live.session.annotation.speakers] == ["Anna", "Maria"]
    assert "Anna and Maria sound like one person" in messages(live)[-1]
    assert ways(live) == ["Both are Anna", "Both are Maria"]
    click(way(live, "Both are Maria"))
    assert [s.label for s in live.session.annotation.speakers] == ["Maria"]
    press(live, Qt.Key_Z, CTRL)
    assert [s.label for s in live.session.annotation.speakers] == ["Anna", "Maria"]


def test_stop_runs_the_second_pass_and_saves(qtbot: QtBot, live: Any, studio: Studio) -> None:
    path = live.session.path
    press(live, Qt.Key_R, CTRL | SHIFT)
    stopped(qtbot, live)
    assert not live.session.live
    assert live.session.complete
    assert live.player.path == path
    assert live.meetings.path is not None
    assert live.meetings.path.parent == path.parent
    with wave.open(str(path)) as file:
        assert file.getnframes() == 3 * S
    assert live.recent.paths() == [path]
    assert not live.capture.isVisible()
    assert live.timeline.visible_range()[0] == 0


def test_the_second_pass_is_as_the_settings_want_it(
    qtbot: QtBot, live: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.refine import refine

    asked: list[Any] = []
    real = refine.refine

    def heard(*rest: Any, **settings: Any) -> Any:
        asked.append((rest[3], settings["bias"]))
        return real(*rest, **settings)

    monkeypatch.setattr(refine, "refine", heard)
    live.preferences.speakers, live.preferences.sensitivity = "2-4", 0.7
    click(live.capture.stop)
    stopped(qtbot, live)
    assert asked == [(refine.SpeakerCount(2, 4), 0.7)]
    assert live.speaker_count.slider.value() == 7


def test_what_is_recorded_is_what_was_heard(qtbot: QtBot, live: Any, studio: Studio) -> None:
    from tests.core.audio.fake_sound import noise

    click(live.capture.stop)
    stopped(qtbot, live)
    heard = read_audio(live.session.path)
    assert np.array_equal(np.round(heard * 32768), noise(3 * S)[:, 0])


def test_pause_and_go_on(qtbot: QtBot, live: Any, studio: Studio) -> None:
    press(live, Qt.Key_R, CTRL)
    qtbot.waitUntil(lambda: live.live.state == "paused")
    assert live.capture.pause.text() == "Go on"
    studio.give(2)  # is not recorded
    qtbot.waitUntil(lambda: live.live.status.level.peak > -90)
    click(live.capture.pause)
    qtbot.waitUntil(lambda: live.live.state == "recording")
    studio.give(1)
    qtbot.waitUntil(lambda: live.session.duration == 4 * S)
    (marker,) = live.session.annotation.markers
    assert marker.at == 3 * S
    assert marker.text.startswith("Paused for 0:00:0")
    click(live.capture.stop)
    stopped(qtbot, live)
    assert [at for at, _ in live.session.pauses] == [3 * S]


def test_names_and_markers_stay_after_the_second_pass(
    qtbot: QtBot, live: Any, studio: Studio
) -> None:
    live.session.rename(0, "Ada")
    press(live, Qt.Key_M, CTRL)
    qtbot.waitUntil(lambda: studio.stream.pinned == [0])
    assert [m.at for m in live.session.annotation.markers] == [3 * S]
    press(live, Qt.Key_Return)
    click(live.capture.stop)
    stopped(qtbot, live)
    assert "Ada" in [s.name for s in live.session.annotation.speakers]
    assert [m.at for m in live.session.annotation.markers] == [3 * S]


def test_a_merge_steers_the_stream_and_can_be_undone(
    qtbot: QtBot, live: Any, studio: Studio
) -> None:
    live.session.merge_speakers(0, 1)
    qtbot.waitUntil(lambda: studio.stream.merged == {1: 0})
    studio.give(4)
    qtbot.waitUntil(lambda: live.session.duration == 7 * S)
    qtbot.waitUntil(lambda: len(live.session.annotation.turns) == 4)
    assert {t.speaker for t in live.session.annotation.turns} == {0}
    press(live, Qt.Key_Z, CTRL)
    qtbot.waitUntil(lambda: studio.stream.merged == {})


def test_scrolling_back_suspends_following_and_one_click_resumes(
    qtbot: QtBot, live: Any, studio: Studio
) -> None:
    for seconds in range(13, 64, 10):  # more than this a microphone's ring can't hold
        studio.give(10)
        qtbot.waitUntil(lambda s=seconds: live.session.duration == s * S)
    end = live.timeline.visible_range()[1]
    assert end == pytest.approx(63, abs=0.1)
    viewport = live.timeline.canvas.viewport()
    at = QPointF(viewport.rect().center())
    for _ in range(5):
        event = QWheelEvent(
            at, viewport.mapToGlobal(at.toPoint()), QPoint(), QPoint(0, 240),
            Qt.NoButton, Qt.NoModifier, Qt.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(viewport, event)
    assert not live.timeline.follow
    shown = live.timeline.visible_range()
    assert shown[1] < 63
    studio.give(5)
    qtbot.waitUntil(lambda: live.session.duration == 68 * S)
    assert live.timeline.visible_range() == shown
    click(live.timeline.follow_button)
    studio.give(1)
    qtbot.waitUntil(lambda: live.timeline.visible_range()[1] == pytest.approx(69, abs=0.1))


def test_going_back_by_key_looks_there(qtbot: QtBot, live: Any, studio: Studio) -> None:
    press(live, Qt.Key_Home)
    assert not live.timeline.follow
    studio.give(2)
    qtbot.waitUntil(lambda: live.session.duration == 5 * S)
    assert live.timeline.position == 0


def test_recording_cannot_be_overlooked(qtbot: QtBot, live: Any, studio: Studio) -> None:
    """Red, one clock, one Pause; amber while it is paused."""
    panel = live.capture
    assert panel.badge.isVisible()
    assert panel.badge.text() == "● Recording"
    assert "#C00000" in panel.badge.styleSheet()
    assert live.windowTitle().startswith("● ")
    assert not panel.record.isVisible()
    bar = live.findChild(QToolBar, "tools")
    assert bar.widgetForAction(live.actions_by_id["record"]) is None
    assert not live.timeline.names._clock_shown
    click(panel.pause)
    qtbot.waitUntil(lambda: panel.badge.text() == "‖ Paused")
    assert "#FFC400" in panel.badge.styleSheet()
    assert live.windowTitle().startswith("‖ ")
    click(panel.stop)
    stopped(qtbot, live)
    assert not live.windowTitle().startswith(("●", "‖"))
    assert bar.widgetForAction(live.actions_by_id["record"]).isVisible()
    assert live.timeline.names._clock_shown


def test_the_mini_view_stays_in_front_and_does_what_the_panel_does(
    qtbot: QtBot, live: Any, studio: Studio
) -> None:
    live.session.rename(0, "Anna")
    click(live.capture.mini)
    mini = live.capturing._mini
    qtbot.waitUntil(mini.isVisible)
    assert not live.isVisible()
    assert mini.windowFlags() & Qt.WindowStaysOnTopHint
    assert mini.badge.text() == "● Recording"
    assert "Anna" in [label.text() for label in mini.findChildren(QLabel)]
    studio.give(2)
    qtbot.waitUntil(lambda: mini.elapsed.text() == "0:00:05.0")
    click(mini.marker)
    assert len(live.session.annotation.markers) == 1
    click(mini.pause)
    qtbot.waitUntil(lambda: mini.badge.text() == "‖ Paused")
    assert mini.pause.text() == "Go on"
    click(mini.whole)
    qtbot.waitUntil(live.isVisible)
    assert live.capturing._mini is None
    live.capturing.show_mini()
    click(live.capturing._mini.stop)
    stopped(qtbot, live)
    qtbot.waitUntil(live.isVisible)
    assert live.capturing._mini is None


def test_the_tray_is_there_only_while_it_is_recorded(
    qtbot: QtBot, window: Any, studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", staticmethod(lambda: True))
    tray = window.capturing.tray
    press(window, Qt.Key_R, CTRL)
    wait_running(studio, qtbot)
    studio.give(3)
    qtbot.waitUntil(lambda: window.session.live and tray.shown)
    pause = next(a for a in tray._menu.actions() if a.text() == "Pause")
    pause.trigger()
    qtbot.waitUntil(lambda: window.live.state == "paused" and pause.text() == "Go on")
    window.hide()
    tray._icon.activated.emit(QSystemTrayIcon.Trigger)
    assert window.isVisible()
    next(a for a in tray._menu.actions() if a.text() == "Stop and save").trigger()
    stopped(qtbot, window)
    assert not tray.shown


def test_space_plays_nothing_and_says_why(live: Any) -> None:
    press(live, Qt.Key_Space)
    assert live.player.path is None
    assert "after Stop" in live.bar.currentMessage()
    assert live.live.state == "recording"


def test_a_lost_block_is_filled_and_marked(qtbot: QtBot, live: Any, studio: Studio) -> None:
    studio.give(1, lost=0)
    stream = studio.open_stream()
    stream.adc = 0.0  # a driver without a clock: ours has to do
    qtbot.wait(300)
    studio.give(1, lost=0.5)
    qtbot.waitUntil(lambda: live.live.status.lost > 0)
    qtbot.waitUntil(lambda: len(live.session.annotation.markers) == 1)
    (marker,) = live.session.annotation.markers
    assert marker.at == 4 * S
    assert "missing" in marker.text
    assert len(live.session.gaps) == 1
    assert "s lost" in live.capture.facts.text()


def test_a_microphone_that_is_gone_offers_the_next(
    qtbot: QtBot, live: Any, studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio.open_stream().stalled = True
    with monkeypatch.context() as impatient:
        impatient.setattr(microphone, "STALLED_S", 1.5)
        qtbot.waitUntil(lambda: live.live.state == "interrupted")
    qtbot.waitUntil(lambda: "Go on with Headset" in ways(live))
    assert "Desk" in messages(live)[-1]
    opened = len(studio.audio.streams)
    click(way(live, "Go on with Headset"))
    qtbot.waitUntil(lambda: len(studio.audio.streams) > opened and studio.audio.streams[-1].running)
    studio.give(1)
    qtbot.waitUntil(lambda: live.live.state == "recording")
    qtbot.waitUntil(lambda: live.live.status.lost > 0)
    qtbot.waitUntil(lambda: not live.notices.notices)
    assert live.live.status.device == HEADSET
    assert len(live.session.annotation.markers) == 1
    path = live.session.path
    click(live.capture.stop)
    stopped(qtbot, live)
    assert len(read_audio(path)) == live.session.duration > 4 * S
    assert live.preferences.input_device == ""


def carried(live: Any, device: InputDevice) -> None:
    """The sound server goes on with this input, and says so."""
    capture = live.live._recording._capture
    capture._whereabouts.device = device


def test_an_input_that_the_system_took_is_told_with_the_way_back(
    qtbot: QtBot, live: Any, studio: Studio
) -> None:
    headset = replace(HEADSET, source="headset")
    carried(live, headset)
    qtbot.waitUntil(lambda: "The system took Desk away: Headset is recorded now" in messages(live))
    assert live.live.status.device == headset
    assert live.capture.devices.currentText().startswith("Headset")
    (marker,) = live.session.annotation.markers
    assert marker.text == "From here on: Headset"
    assert ways(live)[:3] == ["Go on with Desk", "Another microphone…", "Stop and save"]
    opened = len(studio.audio.streams)
    click(way(live, "Go on with Desk"))
    qtbot.waitUntil(lambda: len(studio.audio.streams) > opened and studio.audio.streams[-1].running)
    studio.give(1)
    qtbot.waitUntil(lambda: live.live.status.device == DESK)
    qtbot.waitUntil(lambda: not live.notices.notices)
    assert live.preferences.input_device == ""


def test_what_the_loudspeakers_play_is_no_microphone(
    qtbot: QtBot, live: Any, studio: Studio
) -> None:
    carried(live, replace(SPEAKERS, source="speakers.monitor"))
    qtbot.waitUntil(lambda: any("what the loudspeakers play" in m for m in messages(live)))
    click(live.capture.stop)
    stopped(qtbot, live)
    assert not live.notices.notices


def test_no_sound_is_told_and_withdrawn(qtbot: QtBot, live: Any, studio: Studio) -> None:
    studio.give(3.2, level=0)
    qtbot.waitUntil(lambda: any("No sound arrives" in m for m in messages(live)))
    click(way(live, "Another microphone…"))
    qtbot.waitUntil(lambda: live.capture.devices.view().isVisible())
    live.capture.devices.hidePopup()
    studio.give(3.2, level=0)
    studio.give(1)
    qtbot.waitUntil(lambda: not live.notices.notices)


def test_a_disk_that_fills_up_warns_and_then_stops(qtbot: QtBot, live: Any, studio: Studio) -> None:
    studio.room = 60 * 2 * S
    qtbot.wait(1100)
    studio.give(0.5)
    qtbot.waitUntil(lambda: any("nearly full" in m for m in messages(live)))
    studio.room = 0
    qtbot.wait(1100)
    studio.give(0.5)
    qtbot.waitUntil(lambda: any("disk is full" in m for m in messages(live)))
    assert "Choose another folder…" in ways(live)
    stopped(qtbot, live)
    assert len(read_audio(live.session.path)) >= 3 * S


def test_without_models_it_is_recorded_all_the_same(
    qtbot: QtBot, window: Any, studio: Studio, engine: Any
) -> None:
    studio.models = False
    press(window, Qt.Key_R, CTRL)
    wait_running(studio, qtbot)
    studio.give(3)
    qtbot.waitUntil(lambda: window.session.duration == 3 * S)
    qtbot.waitUntil(lambda: any("ghostvlad.onnx is missing" in m for m in messages(window)))
    assert "no labels" in window.capture.facts.text()
    click(window.capture.stop)
    qtbot.waitUntil(lambda: not window.live.busy)
    path = window.session.path
    assert len(read_audio(path)) == 3 * S
    click(way(window, "Analyse it"))
    qtbot.waitUntil(lambda: window.session.complete and not window.listening.busy)
    assert engine.runs == [path]


def test_closing_asks_one_question(qtbot: QtBot, live: Any, studio: Studio) -> None:
    live.close()
    assert live.isVisible()
    answer(live, "keep")
    studio.give(1)
    qtbot.waitUntil(lambda: live.session.duration == 4 * S)
    path = live.session.path
    live.activateWindow()
    qtbot.waitUntil(live.isActiveWindow)
    press(live, Qt.Key_Q, CTRL)
    answer(live, "stop")
    qtbot.waitUntil(lambda: not live.isVisible())
    assert len(read_audio(path)) == 4 * S
    assert question(live) is None


def test_the_end_of_the_desktop_session_asks_nothing(
    qtbot: QtBot, live: Any, studio: Studio
) -> None:
    path = live.session.path
    live.end()
    assert not live.isVisible()
    assert len(read_audio(path)) == 3 * S


def test_opening_a_file_asks_first(qtbot: QtBot, live: Any, recording: Path) -> None:
    live.open_recording(recording)
    answer(live, "keep")
    assert live.session.live
    mine = live.session.path
    live.open_recording(recording)
    answer(live, "stop")
    qtbot.waitUntil(lambda: live.session.path == recording and live.session.complete)
    assert len(read_audio(mine)) == 3 * S
    assert question(live) is None


def test_a_file_that_is_listened_to_makes_way(
    qtbot: QtBot, window: Any, studio: Studio, engine: Any, recording: Path
) -> None:
    engine.hold = "listening"
    window.open_recording(recording)
    qtbot.waitUntil(engine.reached.is_set)
    press(window, Qt.Key_R, CTRL)
    wait_running(studio, qtbot)
    studio.give(1)
    qtbot.waitUntil(lambda: window.session.live)
    assert window.session.path != recording
    assert "The analysis of talk.wav was stopped for the recording" in messages(window)
    assert "Analyse it again" in ways(window)


def test_a_microphone_that_cannot_be_opened_disturbs_nothing(
    qtbot: QtBot, window: Any, studio: Studio, recording: Path
) -> None:
    window.open_recording(recording)
    qtbot.waitUntil(lambda: window.session.complete and not window.listening.busy)
    studio.audio.accepts = lambda rate, channels: False
    press(window, Qt.Key_R, CTRL)
    qtbot.waitUntil(lambda: any("can't be opened" in m for m in messages(window)))
    assert window.session.path == recording
    studio.audio.accepts = lambda rate, channels: True
    qtbot.waitUntil(lambda: "Go on with Headset" in ways(window))
    click(way(window, "Go on with Headset"))
    wait_running(studio, qtbot)
    studio.give(1)
    qtbot.waitUntil(lambda: window.session.live)


def test_stop_before_the_microphone_gives_anything(
    qtbot: QtBot, window: Any, studio: Studio
) -> None:
    press(window, Qt.Key_R, CTRL)
    wait_running(studio, qtbot)
    press(window, Qt.Key_R, CTRL | SHIFT)
    qtbot.waitUntil(lambda: not window.live.busy)
    assert window.welcome.isVisible()
    assert not window.session.is_open


def test_no_microphone_says_what_to_do(qtbot: QtBot, window: Any, studio: Studio) -> None:
    studio.devices = []
    press(window, Qt.Key_R, CTRL)
    qtbot.waitUntil(lambda: any("No microphone was found" in m for m in messages(window)))
    assert not window.live.busy
    studio.devices = [DESK]
    click(way(window, "Look again and record"))
    wait_running(studio, qtbot)
    studio.give(1)
    qtbot.waitUntil(lambda: window.session.live)


def test_a_folder_that_cannot_be_written_asks_for_another(
    qtbot: QtBot, window: Any, studio: Studio, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    window.preferences.recordings_folder = str(tmp_path / "file" / "recordings")
    press(window, Qt.Key_R, CTRL)
    qtbot.waitUntil(lambda: "Choose another folder…" in ways(window))
    assert not window.live.busy


def test_another_recording_right_after(qtbot: QtBot, live: Any, studio: Studio) -> None:
    first = live.session.path
    click(live.capture.stop)
    stopped(qtbot, live)
    press(live, Qt.Key_R, CTRL)
    qtbot.waitUntil(lambda: live.live.busy)
    opened = len(studio.audio.streams)
    qtbot.waitUntil(lambda: studio.open_stream() is not None or len(studio.audio.streams) > opened)
    wait_running(studio, qtbot)
    studio.give(1)
    qtbot.waitUntil(lambda: live.session.live)
    assert live.session.path != first
    assert first.exists()


# what the stream can be told


def at(window: Any, second: float, lane: int) -> QPoint:
    canvas = window.timeline.canvas
    height = canvas.heights
    return QPoint(round(canvas.x(second)), round(height.lanes_top + (lane + 0.5) * height.lane))


def click_turn(window: Any, second: float, lane: int) -> None:
    point = at(window, second, lane)
    QTest.mouseClick(window.timeline.canvas.viewport(), Qt.LeftButton, Qt.NoModifier, point)


def lanes(window: Any) -> list[int]:
    return [t.speaker for t in window.session.annotation.turns]


def grow(qtbot: QtBot, window: Any, studio: Studio, seconds: int) -> None:
    """So much more is heard, and its turns are there."""
    end = window.session.duration + seconds * S
    studio.give(seconds)
    qtbot.waitUntil(lambda: window.session.duration == end)
    qtbot.waitUntil(lambda: window.session.annotation.duration == end)


def test_a_number_of_speakers_limits_what_is_heard_at_once(
    qtbot: QtBot, live: Any, studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.refine import refine

    asked: list[Any] = []
    real = refine.refine
    monkeypatch.setattr(
        refine, "refine", lambda *rest, **more: asked.append(rest[3]) or real(*rest, **more)
    )
    panel = live.speaker_count
    assert panel.number.isEnabled()
    assert not panel.slider.isEnabled()
    assert panel.toolTip() == "No more speakers than this are told apart, from now on"
    panel.number.setFocus()
    press(live, Qt.Key_Down)
    assert studio.stream.most in (None, 1)
    qtbot.waitUntil(lambda: lanes(live) == [0, 0])
    assert studio.stream.most == 1
    assert live.session.annotation.edited == ()
    grow(qtbot, live, studio, 4)
    assert set(lanes(live)) == {0}
    assert panel.number.currentIndex() == 1
    assert live.session.undo.undoText() == "Number of speakers"
    press(live, Qt.Key_Z, CTRL)
    qtbot.waitUntil(lambda: lanes(live) == [0, 1, 0, 1])
    assert studio.stream.most is None
    assert panel.number.currentIndex() == 0
    panel.number.setFocus()
    for _ in range(2):
        press(live, Qt.Key_Down)
    qtbot.waitUntil(lambda: studio.stream.most == 2)
    click(live.capture.stop)
    stopped(qtbot, live)
    assert asked == [refine.SpeakerCount(2, 2)]


def test_settings_with_a_number_limit_the_stream_until_another_is_chosen(
    qtbot: QtBot, window: Any, studio: Studio
) -> None:
    window.preferences.speakers = "2-4"
    press(window, Qt.Key_R, CTRL)
    wait_running(studio, qtbot)
    studio.give(3)
    qtbot.waitUntil(lambda: studio.stream.most == 4)
    panel = window.speaker_count
    assert panel.number.currentIndex() == 0
    panel.number.setFocus()
    press(window, Qt.Key_Down)
    qtbot.waitUntil(lambda: studio.stream.most == 1)
    press(window, Qt.Key_Z, CTRL)
    qtbot.waitUntil(lambda: studio.stream.most == 4)


def test_a_turn_is_given_by_its_number_while_recording(
    qtbot: QtBot, live: Any, studio: Studio
) -> None:
    grow(qtbot, live, studio, 4)
    assert lanes(live) == [0, 1, 0, 1]
    click_turn(live, 2.5, 1)
    press(live, Qt.Key_1)
    assert lanes(live) == [0, 0, 0, 1]
    given = live.session.annotation.turns[1]
    assert live.session.annotation.is_edited(given)
    assert live.editing.selected_turns() == (given,)
    qtbot.waitUntil(lambda: studio.stream.relearnt == [[0, 1]])
    grow(qtbot, live, studio, 4)
    assert lanes(live) == [0, 0, 0, 1, 0, 1]
    click(live.capture.stop)
    stopped(qtbot, live)
    assert live.session.annotation.turns == (given,), "all that a pass without voices leaves"


def test_giving_a_turn_can_be_undone_while_recording(
    qtbot: QtBot, live: Any, studio: Studio
) -> None:
    grow(qtbot, live, studio, 4)
    click_turn(live, 4.5, 0)
    press(live, Qt.Key_2)
    assert lanes(live) == [0, 1, 1, 1]
    press(live, Qt.Key_Z, CTRL)
    assert lanes(live) == [0, 1, 0, 1]
    qtbot.waitUntil(lambda: studio.stream.relearnt == [[0, 1], [0, 1]])


def test_the_turn_that_goes_on_is_given_by_the_menu(
    qtbot: QtBot, live: Any, studio: Studio
) -> None:
    grow(qtbot, live, studio, 2)
    turn = live.session.annotation.turns[2]
    assert not turn.settled
    live.timeline.canvas.menu_wanted.emit(live.timeline.canvas.hit(at(live, 4.5, 0)), QPoint())
    studio.give(0.5)
    qtbot.waitUntil(lambda: live.session.annotation.duration == 5.5 * S)
    assert [t.start for t in live.editing.selected_turns()] == [turn.start]
    menu = next(m for m in live.findChildren(QMenu, "context") if m.isVisible())
    give = next(a.menu() for a in menu.actions() if a.menu() is not None)
    next(a for a in give.actions() if "Speaker 2" in a.text()).trigger()
    menu.close()
    assert lanes(live) == [0, 1, 1]
    assert live.session.annotation.turns[2].end == 5.5 * S


def test_giving_all_of_a_speaker_is_a_merge(qtbot: QtBot, live: Any, studio: Studio) -> None:
    grow(qtbot, live, studio, 4)
    click_turn(live, 2.5, 1)
    press(live, Qt.Key_A, CTRL | SHIFT)
    press(live, Qt.Key_1)
    qtbot.waitUntil(lambda: studio.stream.merged == {1: 0})
    assert set(lanes(live)) == {0}
    assert studio.stream.relearnt == []
    press(live, Qt.Key_Z, CTRL)
    qtbot.waitUntil(lambda: studio.stream.merged == {})


def test_what_has_to_wait_for_the_end_says_so(qtbot: QtBot, live: Any, studio: Studio) -> None:
    click_turn(live, 0.5, 0)
    press(live, Qt.Key_0)
    assert any("another speaker can be added once" in m for m in messages(live))
    live.timeline.select_turn(None)
    live.timeline.set_selection((0.5, 1.0))
    press(live, Qt.Key_2)
    assert any("turns can be changed once" in m for m in messages(live))
    assert lanes(live) == [0, 1]
    on = {i for i, a in live.actions_by_id.items() if a.isEnabled()}
    assert not on & {"split", "merge", "delete", "draw", "end_later"}
