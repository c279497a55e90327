"""The main window, used the way a person uses it: keys, clicks, drops."""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from PyQt5.QtCore import QEvent, QMimeData, QPoint, QPointF, QSettings, Qt, QUrl
from PyQt5.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QMouseEvent
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import (
    QApplication,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QToolButton,
)
from pytestqt.qtbot import QtBot

from core.annotation.values import Turn
from core.audio.peaks import Peaks
from core.errors import InputError, ModelError
from core.stream.changes import Changes
from core.units import SAMPLE_RATE as S
from core.units import to_seconds

CTRL, ALT, SHIFT = Qt.ControlModifier, Qt.AltModifier, Qt.ShiftModifier


def press(window: Any, key: int, modifier: Any = Qt.NoModifier) -> None:
    """A key where the keyboard is."""
    QTest.keyClick(QApplication.focusWidget() or window, key, modifier)


def idle(window: Any) -> bool:
    return not window.listening.busy


def messages(window: Any) -> list[str]:
    return [n.findChild(QLabel).text() for n in window.notices.notices]


def drop(widget: Any, *urls: QUrl) -> None:
    data = QMimeData()
    data.setUrls(list(urls))
    where = QPointF(widget.rect().center())
    enter = QDragEnterEvent(where.toPoint(), Qt.CopyAction, data, Qt.LeftButton, Qt.NoModifier)
    QApplication.sendEvent(widget, enter)
    assert enter.isAccepted()
    event = QDropEvent(where, Qt.CopyAction, data, Qt.LeftButton, Qt.NoModifier)
    QApplication.sendEvent(widget, event)


def choose(dialog: QFileDialog, name: Path) -> None:
    """Type a name into a file dialog and press its button."""
    field = dialog.findChild(QLineEdit, "fileNameEdit")
    field.clear()
    QTest.keyClicks(field, str(name))
    box = dialog.findChild(QDialogButtonBox, "buttonBox")
    accept = next(b for b in box.buttons() if box.buttonRole(b) == QDialogButtonBox.AcceptRole)
    QTest.mouseClick(accept, Qt.LeftButton)


def at_time(window: Any, seconds: float, lane: int | None = None) -> QPoint:
    """The point of the canvas where a time is, in a lane or in the waveform."""
    canvas = window.timeline.canvas
    heights = canvas.heights
    y = heights.axis + heights.wave / 2
    if lane is not None:
        y = heights.lanes_top + (lane + 0.5) * heights.lane
    return QPoint(round(canvas.x(seconds)), round(y))


# opening


def test_starts_with_how_to_begin(window: Any) -> None:
    assert window.welcome.isVisible()
    assert window.windowTitle() == "Voicelanes"
    assert window.bar.time.text() == ""
    assert not window.notices.notices


def test_the_engine_is_prepared_behind_the_first_paint(
    qtbot: QtBot, player: Any, engine: Any, settings: Any
) -> None:
    from app.window.main_window import MainWindow

    prepared: list[bool] = []
    window = MainWindow(
        settings, player=player, diarize=engine, prepare=lambda: prepared.append(True)
    )
    qtbot.addWidget(window)
    assert not prepared
    with qtbot.waitSignal(window.first_painted):
        window.show()
    qtbot.waitUntil(lambda: bool(prepared))


def test_damaged_models_are_told_at_the_start(
    qtbot: QtBot, player: Any, engine: Any, settings: Any
) -> None:
    from app.window.main_window import MainWindow

    def prepare() -> None:
        raise ModelError("models/ghostvlad.onnx is missing: reinstall Voicelanes")

    window = MainWindow(settings, player=player, diarize=engine, prepare=prepare)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: len(window.notices.notices) == 1)
    assert messages(window) == ["models/ghostvlad.onnx is missing: reinstall Voicelanes"]


def test_open_by_menu_dialog(qtbot: QtBot, window: Any, recording: Path) -> None:
    press(window, Qt.Key_O, CTRL)
    dialog = window.findChild(QFileDialog)
    assert "*.opus" in dialog.nameFilters()[0]
    assert "*.mkv" in dialog.nameFilters()[0]
    choose(dialog, recording)
    qtbot.waitUntil(lambda: window.session.complete)
    assert window.timeline.isVisible()
    assert window.windowTitle().startswith("talk.wav")
    assert window.player.path == recording
    assert len(window.session.annotation.turns) == 6
    assert window.bar.found.text() == "2 speakers · 6 turns"
    assert window.bar.time.text() == "0:00:00.0 / 0:00:20.0"
    qtbot.waitUntil(lambda: window.bar.state.text() == "Ready")
    assert not window.bar.progress.isVisible()
    assert not window.bar.cancel.isVisible()


def test_welcome_button_opens_the_dialog(window: Any) -> None:
    QTest.mouseClick(window.welcome.findChild(QPushButton, "open"), Qt.LeftButton)
    assert window.findChild(QFileDialog).isVisible()


@pytest.mark.parametrize("page", ["welcome", "timeline"])
def test_drop_a_file(qtbot: QtBot, window: Any, recording: Path, page: str) -> None:
    if page == "timeline":
        window.open_recording(recording)
        qtbot.waitUntil(lambda: window.session.complete and idle(window))
        target = window.timeline.canvas.viewport()
    else:
        target = window.welcome
    drop(target, QUrl.fromLocalFile(str(recording)))
    qtbot.waitUntil(lambda: window.session.complete and idle(window))
    assert window.session.path == recording


def test_drop_of_what_is_elsewhere_is_told(window: Any) -> None:
    drop(window, QUrl("https://example.org/talk.mp3"))
    assert idle(window)
    assert messages(window) == ["That is not a file on this computer: download it first"]


def test_drop_of_a_folder_is_told(qtbot: QtBot, window: Any, tmp_path: Path) -> None:
    drop(window, QUrl.fromLocalFile(str(tmp_path)))
    qtbot.waitUntil(lambda: idle(window) and len(messages(window)) == 1)
    assert "folder" in messages(window)[0]
    assert window.welcome.isVisible()


def test_drop_of_text_is_refused(window: Any) -> None:
    data = QMimeData()
    data.setText("hello")
    event = QDragEnterEvent(QPoint(9, 9), Qt.CopyAction, data, Qt.LeftButton, Qt.NoModifier)
    event.ignore()
    QApplication.sendEvent(window, event)
    assert not event.isAccepted()


def test_recent_files_in_menu_and_on_the_first_page(
    qtbot: QtBot, opened: Any, recording: Path, tmp_path: Path
) -> None:
    press(opened, Qt.Key_W, CTRL)
    qtbot.waitUntil(lambda: [one.name for one in opened.welcome.meetings.model.rows] == ["talk"])
    menu = opened.findChild(QMenu, "recent")
    menu.aboutToShow.emit()
    assert menu.actions()[0].text() == "talk.wav"
    menu.actions()[0].trigger()
    qtbot.waitUntil(lambda: opened.session.complete and idle(opened))
    recording.unlink()
    menu.aboutToShow.emit()
    assert [a.text() for a in menu.actions()] == ["No recordings yet"]


def test_a_wrong_file_leaves_the_open_one(qtbot: QtBot, opened: Any, tmp_path: Path) -> None:
    wrong = tmp_path / "letter.wav"
    wrong.write_text("Dear Anna")
    opened.open_recording(wrong)
    qtbot.waitUntil(lambda: idle(opened) and len(messages(opened)) == 1)
    assert opened.session.path.name == "talk.wav"
    assert len(opened.session.annotation.turns) == 6
    assert "letter.wav" in messages(opened)[0]
    assert "\n" not in messages(opened)[0]


def test_a_wrong_file_disturbs_no_work(
    qtbot: QtBot, window: Any, engine: Any, recording: Path, tmp_path: Path
) -> None:
    engine.hold = "refining"
    window.open_recording(recording)
    qtbot.waitUntil(engine.reached.is_set)
    window.open_recording(tmp_path / "missing.wav")
    qtbot.waitUntil(lambda: len(messages(window)) == 1)
    assert not window.listening.cancelling
    assert window.bar.state.text() == "Comparing the voices…"
    engine.hold = ""
    window.cancel()
    qtbot.waitUntil(lambda: idle(window))


def test_the_last_of_many_drops_wins(
    qtbot: QtBot, window: Any, engine: Any, recording: Path, tmp_path: Path
) -> None:
    others = [tmp_path / f"{n}.wav" for n in range(4)]
    for other in others:
        other.write_bytes(recording.read_bytes())
        window.open_recording(other)
    qtbot.waitUntil(lambda: idle(window))
    assert window.session.path == others[-1]
    assert window.session.complete


def test_no_sound_in_the_file_leaves_nothing_open(
    qtbot: QtBot, window: Any, recording: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(*_: Any, **__: Any) -> None:
        raise InputError("talk.wav: there are no samples in it; record it again.")

    monkeypatch.setattr(window.listening, "_diarize", nothing)
    window.open_recording(recording)
    qtbot.waitUntil(lambda: idle(window) and len(messages(window)) == 1)
    assert not window.session.is_open
    assert window.welcome.isVisible()


# while listening


def test_lanes_grow_while_listening(
    qtbot: QtBot, window: Any, engine: Any, recording: Path
) -> None:
    engine.hold = "listening"
    window.open_recording(recording)
    qtbot.waitUntil(lambda: window.bar.state.text().startswith("Analysing"))
    qtbot.waitUntil(lambda: len(window.timeline.canvas.turns.lanes) > 0)
    assert window.bar.cancel.isVisible()
    assert window.bar.progress.isVisible()
    assert window.session.duration == 20 * S, "the length is known before all is heard"
    assert not window.actions_by_id["save"].isEnabled()
    window.cancel()
    qtbot.waitUntil(lambda: idle(window))


@pytest.mark.parametrize("how", ["click", "key", "enter"])
def test_cancel_keeps_what_was_found(
    qtbot: QtBot, window: Any, engine: Any, recording: Path, how: str
) -> None:
    engine.hold = "refining"
    window.open_recording(recording)
    qtbot.waitUntil(lambda: window.bar.state.text() == "Comparing the voices…")
    if how == "click":
        QTest.mouseClick(window.bar.cancel, Qt.LeftButton)
    elif how == "key":
        press(window, Qt.Key_Period, CTRL)
    else:
        window.bar.cancel.setFocus()
        QTest.keyClick(window.bar.cancel, Qt.Key_Return)
    qtbot.waitUntil(lambda: idle(window))
    assert window.bar.state.text() == "Stopped"
    assert not window.session.complete
    assert len(window.session.annotation.turns) == 6
    assert not messages(window)
    engine.hold = ""
    press(window, Qt.Key_F5)
    qtbot.waitUntil(lambda: window.session.complete)
    assert len(engine.runs) == 2


def test_second_pass_replaces_the_first(
    qtbot: QtBot, window: Any, engine: Any, recording: Path
) -> None:
    engine.turns = (Turn(0, 5 * S, 0), Turn(5 * S, 9 * S, 1), Turn(9 * S, 12 * S, 2))
    window.open_recording(recording)
    qtbot.waitUntil(lambda: window.session.complete)
    turns = window.session.annotation.turns
    assert [(t.start, t.end) for t in turns] == [(t.start, t.end) for t in engine.turns]
    assert len({t.speaker for t in turns}) == 3, "whatever colours they keep from the first pass"
    assert len(window.timeline.canvas.turns.lanes) == 3


def test_another_file_while_listening(
    qtbot: QtBot, window: Any, engine: Any, recording: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.wav"
    other.write_bytes(recording.read_bytes())
    engine.hold = "listening"
    window.open_recording(recording)
    qtbot.waitUntil(engine.reached.is_set)
    engine.hold = ""
    window.open_recording(other)
    qtbot.waitUntil(lambda: window.session.complete and idle(window))
    assert window.session.path == other
    assert engine.runs == [recording, other]
    assert len(window.session.annotation.turns) == 6


def test_close_file_while_listening(
    qtbot: QtBot, window: Any, engine: Any, recording: Path
) -> None:
    engine.hold = "listening"
    window.open_recording(recording)
    qtbot.waitUntil(engine.reached.is_set)
    qtbot.waitUntil(lambda: window.session.is_open)
    press(window, Qt.Key_W, CTRL)
    qtbot.waitUntil(lambda: idle(window) and not window.session.is_open)
    assert window.welcome.isVisible()
    assert window.bar.state.text() == ""


@pytest.mark.parametrize("stage", ["", "loading", "listening", "refining"])
@pytest.mark.parametrize("how", ["close", "quit"])
def test_closing_the_window_in_mid_work(
    qtbot: QtBot, window: Any, engine: Any, recording: Path, stage: str, how: str
) -> None:
    """Nothing is left running: the fixture ``nothing_left`` looks."""
    engine.hold = stage
    window.open_recording(recording)
    if stage:
        qtbot.waitUntil(engine.reached.is_set)
    if how == "quit":
        press(window, Qt.Key_Q, CTRL)
    else:
        window.close()
    assert not window.isVisible()
    assert window.listening.join(0)


def test_closing_while_the_engine_loads(
    qtbot: QtBot, player: Any, engine: Any, settings: Any
) -> None:
    from app.window.main_window import MainWindow

    loading = threading.Event()

    def prepare() -> None:
        loading.set()
        time.sleep(0.2)

    window = MainWindow(settings, player=player, diarize=engine, prepare=prepare)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(loading.is_set)
    window.close()


def test_a_worker_that_hangs_keeps_nobody_waiting(
    window: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a read from a network drive that is gone: the window closes, main() then ends hard."""
    from app.widgets.workers import Task
    from app.window import work

    monkeypatch.setattr(work, "PATIENCE_S", 0.05)
    monkeypatch.setattr(work, "STUCK", [])
    assert not work.anything_stuck()
    release = threading.Event()
    task = Task("hangs", release.wait)
    window.work.run(task)
    window.close()
    assert not window.isVisible()
    assert work.anything_stuck()
    release.set()
    assert task.join(5)


# problems


def test_expected_error_is_one_line(
    qtbot: QtBot, window: Any, engine: Any, recording: Path
) -> None:
    engine.error = InputError("talk.wav is cut off at 0:20; copy it again")
    window.open_recording(recording)
    qtbot.waitUntil(lambda: idle(window))
    assert messages(window) == ["talk.wav is cut off at 0:20; copy it again"]
    assert window.bar.state.text() == "Incomplete"
    assert len(window.session.annotation.turns) == 6, "what was found stays"


def test_defect_is_told_with_traceback_to_copy(
    qtbot: QtBot, window: Any, engine: Any, recording: Path
) -> None:
    engine.error = ZeroDivisionError("by <b>zero</b>")
    window.open_recording(recording)
    qtbot.waitUntil(lambda: idle(window))
    (message,) = messages(window)
    assert "ZeroDivisionError" in message
    (notice,) = window.notices.notices
    QTest.mouseClick(notice.findChild(QPushButton, "copy"), Qt.LeftButton)
    copied = QGuiApplication.clipboard().text()
    assert "Traceback" in copied
    assert "Python " in copied
    QTest.mouseClick(notice.findChild(QToolButton, "dismiss"), Qt.LeftButton)
    qtbot.waitUntil(lambda: window.notices.notices == [])


def test_warnings_of_the_recording_are_told(
    qtbot: QtBot, window: Any, engine: Any, recording: Path
) -> None:
    engine.warnings = ["talk.wav ends early: 3 s are missing"]
    window.open_recording(recording)
    qtbot.waitUntil(lambda: messages(window) == engine.warnings)


def test_no_sound_card_is_told_once(window: Any) -> None:
    for _ in range(3):
        window.player.failed.emit("No sound output answers: plug in a headset")
    assert messages(window) == ["No sound output answers: plug in a headset (3×)"]


def test_a_flood_of_notices_leaves_room(window: Any) -> None:
    for n in range(20):
        window.notices.tell(f"notice {n}")
    assert messages(window) == [f"notice {n}" for n in range(16, 20)]


def test_uncaught_error_in_a_slot_is_told(
    qtbot: QtBot, window: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.startup import Reporter

    monkeypatch.setattr(sys, "excepthook", sys.__excepthook__)
    with Reporter() as reporter:
        reporter.caught.connect(window.notices.show_error)
        try:
            raise KeyError("lost")
        except KeyError:
            sys.excepthook(*sys.exc_info())
    assert "KeyError" in messages(window)[0]


# playing and moving


def test_space_plays_and_pauses(opened: Any) -> None:
    press(opened, Qt.Key_Space)
    assert opened.player.playing
    assert opened.actions_by_id["play"].iconText() == "Pause"
    press(opened, Qt.Key_Space)
    assert not opened.player.playing


def test_space_plays_whatever_has_the_keyboard(opened: Any) -> None:
    opened.notices.tell("something")
    (notice,) = opened.notices.notices
    button = notice.findChild(QPushButton, "copy")
    QGuiApplication.clipboard().clear()
    button.setFocus()
    QTest.keyClick(button, Qt.Key_Space)
    assert opened.player.playing
    assert QGuiApplication.clipboard().text() == ""


def test_space_in_a_text_field_writes(opened: Any) -> None:
    press(opened, Qt.Key_G, CTRL)
    field = opened.findChild(QLineEdit, "time")
    field.clear()
    QTest.keyClicks(field, "0 n?")
    assert field.text() == "0 n?"
    assert not opened.player.playing


def test_play_from_the_end_starts_over(opened: Any) -> None:
    press(opened, Qt.Key_End)
    assert opened.player.position == 20 * S
    press(opened, Qt.Key_Space)
    assert opened.player.span[0] == 0


def test_click_seeks(opened: Any) -> None:
    QTest.mouseClick(opened.timeline.canvas.viewport(), Qt.LeftButton, pos=at_time(opened, 7.5))
    assert to_seconds(opened.player.position) == pytest.approx(7.5, abs=0.05)
    assert opened.bar.time.text().startswith("0:00:07.")


@pytest.mark.parametrize("modifier", [CTRL, ALT])
def test_jump_between_turn_edges(opened: Any, modifier: Any) -> None:
    # turns of two seconds start at 0, 3, 6, ...
    visited = []
    for _ in range(4):
        press(opened, Qt.Key_Right, modifier)
        visited.append(opened.player.position / S)
    assert visited == [2, 3, 5, 6]
    for _ in range(5):
        press(opened, Qt.Key_Left, modifier)
        visited.append(opened.player.position / S)
    assert visited[4:] == [5, 3, 2, 0, 0]


def test_edge_jump_back_while_playing_gets_past_the_edge(opened: Any) -> None:
    press(opened, Qt.Key_Space)
    opened.player.seek(3 * S + 100)
    press(opened, Qt.Key_Left, CTRL)
    assert opened.player.position == 2 * S


def test_small_steps_home_and_end(opened: Any) -> None:
    press(opened, Qt.Key_Left)
    assert opened.player.position == 0
    press(opened, Qt.Key_Right)
    press(opened, Qt.Key_Right)
    press(opened, Qt.Key_Left)
    assert opened.player.position == S
    press(opened, Qt.Key_End)
    press(opened, Qt.Key_Right)
    assert opened.player.position == 20 * S
    press(opened, Qt.Key_Home)
    assert opened.player.position == 0


def test_next_and_previous_turn(opened: Any) -> None:
    turns = opened.session.annotation.turns
    press(opened, Qt.Key_N)
    assert opened.timeline.selected_turn() == turns[0]
    for _ in range(9):
        press(opened, Qt.Key_N)
    assert opened.timeline.selected_turn() == turns[-1]
    assert opened.player.position == turns[-1].start
    press(opened, Qt.Key_P)
    assert opened.timeline.selected_turn() == turns[-2]
    press(opened, Qt.Key_Escape)
    opened.player.seek(7 * S)
    press(opened, Qt.Key_P)
    assert opened.timeline.selected_turn() == turns[2], "the one that began before the playhead"


def test_double_click_loops_just_that_turn(opened: Any) -> None:
    turn = opened.session.annotation.turns[1]
    where = at_time(opened, 4.0, lane=1)
    view = opened.timeline.canvas.viewport()
    QTest.mouseClick(view, Qt.LeftButton, pos=where)
    QTest.mouseDClick(view, Qt.LeftButton, pos=where)
    assert opened.timeline.selected_turn() == turn
    assert opened.player.playing
    assert opened.player.span == (turn.start, turn.end, True)
    assert opened.player.position == turn.start


def test_paused_loop_goes_on_looping(opened: Any) -> None:
    turn = opened.session.annotation.turns[0]
    press(opened, Qt.Key_N)
    press(opened, Qt.Key_Space, SHIFT)
    press(opened, Qt.Key_Space)
    opened.player.seek(S)
    press(opened, Qt.Key_Space)
    assert opened.player.span == (turn.start, turn.end, True)
    assert opened.player.position == S


def test_a_click_elsewhere_ends_the_loop_and_plays_on(opened: Any) -> None:
    press(opened, Qt.Key_N)
    press(opened, Qt.Key_Space, SHIFT)
    QTest.mouseClick(opened.timeline.canvas.viewport(), Qt.LeftButton, pos=at_time(opened, 10.0))
    assert opened.player.playing
    assert opened.player.span[1:] == (None, False)
    assert to_seconds(opened.player.position) == pytest.approx(10.0, abs=0.05)


def drag(opened: Any, start: float, end: float) -> None:
    view = opened.timeline.canvas.viewport()
    QTest.mousePress(view, Qt.LeftButton, pos=at_time(opened, start))
    for share in (0.3, 0.6, 1.0):
        # QTest's own move says that no button is down
        where = QPointF(at_time(opened, start + (end - start) * share))
        move = QMouseEvent(QEvent.MouseMove, where, Qt.NoButton, Qt.LeftButton, Qt.NoModifier)
        QApplication.sendEvent(view, move)
    QTest.mouseRelease(view, Qt.LeftButton, pos=at_time(opened, end))


def test_space_plays_the_selected_time(opened: Any) -> None:
    drag(opened, 4.0, 8.0)
    press(opened, Qt.Key_Space)
    start, end, loop = opened.player.span
    assert to_seconds(start) == pytest.approx(4.0, abs=0.1)
    assert to_seconds(end) == pytest.approx(8.0, abs=0.1)
    assert not loop


def test_zoom_to_selection_then_escape_then_fit(opened: Any) -> None:
    drag(opened, 4.0, 8.0)
    press(opened, Qt.Key_E, CTRL)
    assert opened.timeline.visible_range() == pytest.approx((4.0, 8.0), abs=0.1)
    press(opened, Qt.Key_Escape)
    assert opened.timeline.selection() is None
    assert opened.timeline.visible_range() == pytest.approx((4.0, 8.0), abs=0.1)
    press(opened, Qt.Key_Escape)
    assert opened.timeline.visible_range() == pytest.approx((0.0, 20.0))


@pytest.mark.parametrize(
    ("nearer", "further"),
    [(Qt.Key_1, Qt.Key_3), (Qt.Key_Plus, Qt.Key_Minus), (Qt.Key_Equal, Qt.Key_Minus)],
)
def test_zoom_keys(opened: Any, nearer: int, further: int) -> None:
    def span() -> float:
        start, end = opened.timeline.visible_range()
        return float(end - start)

    press(opened, nearer, CTRL)
    press(opened, nearer, CTRL)
    assert span() < 20
    closer = span()
    press(opened, further, CTRL)
    assert closer < span() < 20
    press(opened, Qt.Key_F, CTRL | SHIFT)
    assert span() == pytest.approx(20)


def test_scroll_by_screen_suspends_following_and_f_resumes_it(opened: Any) -> None:
    follow = opened.actions_by_id["follow"]
    assert follow.isChecked()
    press(opened, Qt.Key_1, CTRL)
    press(opened, Qt.Key_1, CTRL)
    press(opened, Qt.Key_PageDown)
    assert opened.timeline.visible_range()[0] > 0
    assert not follow.isChecked()
    press(opened, Qt.Key_F)
    assert follow.isChecked()
    assert opened.timeline.visible_range()[0] == 0, "the playhead is in view again"


def test_go_to_time(opened: Any) -> None:
    press(opened, Qt.Key_J, CTRL)
    field = opened.findChild(QLineEdit, "time")
    field.selectAll()
    QTest.keyClicks(field, "0:12.25")
    QTest.keyClick(field, Qt.Key_Return)
    assert opened.player.position == 12.25 * S


def test_go_to_the_end_as_it_is_shown(opened: Any) -> None:
    end = 20 * S + 960
    opened.session.set_duration(end)
    press(opened, Qt.Key_End)
    assert opened.bar.time.text() == "0:00:20.1 / 0:00:20.1"
    press(opened, Qt.Key_Home)
    press(opened, Qt.Key_G, CTRL)
    field = opened.findChild(QLineEdit, "time")
    field.selectAll()
    QTest.keyClicks(field, "20.1")
    QTest.keyClick(field, Qt.Key_Return)
    assert opened.player.position == end


@pytest.mark.parametrize("text", ["", "soon", "0:75", "5:00", "-3"])
def test_go_to_refuses_what_is_no_time_in_the_recording(opened: Any, text: str) -> None:
    press(opened, Qt.Key_G, CTRL)
    field = opened.findChild(QLineEdit, "time")
    field.clear()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key_Return)
    assert field.isVisible()
    assert opened.player.position == 0


# the window


def test_place_is_remembered(
    qtbot: QtBot, window: Any, player: Any, engine: Any, settings: Any
) -> None:
    from app.window.main_window import MainWindow

    window.resize(980, 555)
    window.close()
    again = MainWindow(settings, player=player, diarize=engine, prepare=lambda: None)
    qtbot.addWidget(again)
    assert (again.width(), again.height()) == (980, 555)


def test_log_folder(window: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from PyQt5.QtGui import QDesktopServices

    shown: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: shown.append(url) or True)
    window.actions_by_id["log_folder"].trigger()
    assert Path(shown[0].toLocalFile()).is_dir()


def test_every_lane_is_painted_when_a_recording_ends(qtbot: QtBot, window: Any) -> None:
    """All of it comes into view while the panel above the lanes goes and leaves them more room."""
    session, canvas = window.session, window.timeline.canvas
    session.open(Path("talk.wav"), Peaks(), 0, live=True)
    window.capture.show()
    for n in range(8):
        session.hear((n + 1) * 10 * S)
        turn = Turn(n * 10 * S + 1, (n + 1) * 10 * S - S, n % 4)
        session.apply(Changes((n + 1) * 10 * S, n * 10 * S, (turn,)))
        window.timeline.set_position((n + 1) * 10.0)
        QApplication.processEvents()
    session.finish(session.annotation)
    session.set_live(False)
    window.capture.hide()
    QApplication.processEvents()
    panel = canvas.lanes_panel
    assert panel.viewRect().height() == canvas.lanes_height()
    assert canvas.turns.boundingRect() == panel.viewRect()


def test_a_damaged_setting_is_told_and_the_window_starts(
    qtbot: QtBot, player: Any, engine: Any, tmp_path: Path
) -> None:
    from app.window.main_window import MainWindow

    path = tmp_path / "settings.ini"
    object_ = r"@Variant(\0\0\0\x7f\0\0\0\xePyQt_PyObject\0\0\0\0\x5\x80\x4]q)"
    path.write_text(f"[General]\ntheme={object_}\nrecent={object_}\n[export]\nlast={object_}\n")
    settings = QSettings(str(path), QSettings.IniFormat)
    window = MainWindow(settings, player=player, diarize=engine, prepare=lambda: None)
    qtbot.addWidget(window)
    (notice,) = window.notices.notices
    assert notice.problem.message == "Some settings could not be read and are as at first: theme"
    assert window.preferences.theme == "system"
    assert not settings.contains("theme")


def test_the_length_of_what_is_selected_is_told(opened: Any) -> None:
    bar = opened.bar
    assert bar.selected.text() == ""
    opened.timeline.set_selection((1.0, 4.5))
    assert bar.selected.text() == "selected: 0:00:03.5"
    opened.editing.select(opened.session.annotation.turns[:2])
    assert bar.selected.text() == "2 turns selected: 0:00:04.0"
    opened.editing.select(opened.session.annotation.turns[:1])
    assert bar.selected.text() == "selected: 0:00:02.0"
    opened.transport.escape()
    assert bar.selected.text() == ""


def test_what_another_pass_changed_is_told(opened: Any) -> None:
    from dataclasses import replace

    from core.annotation.values import Annotation

    before = opened.session.annotation
    three = [replace(turn, speaker=n % 3) for n, turn in enumerate(before.turns)]
    opened.session.rerun("Second pass", Annotation.build(three, before.duration))
    told = opened.bar.currentMessage()
    assert told.startswith("Second pass: 2 → 3 speakers, 4 turns changed")
    opened.session.rerun("Second pass", opened.session.annotation)
    assert opened.bar.currentMessage() == "Second pass: nothing changed"
