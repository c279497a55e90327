"""What a crash left of a recording is offered at the next start."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from app.meetings import journal
from app.recording.recovery import RecoveryDialog
from app.window.main_window import MainWindow
from core.annotation import edits
from core.annotation.values import Annotation, Turn
from core.audio.read import read_audio
from core.audio.recorder import Recorder, _register, find_interrupted, find_unfinished
from core.audio.wav import Layout
from core.meeting.file import Meeting, write_meeting
from core.meeting.sound import AudioFile
from core.units import SAMPLE_RATE as S
from tests.app.studio import Studio
from tests.core.audio.fake_sound import noise


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "recordings"
    folder.mkdir()
    return folder


@pytest.fixture
def start(
    qtbot: QtBot, player: Any, engine: Any, settings: Any, folder: Path
) -> Iterator[Callable[[], Any]]:
    """Start the program; it finds what is in the folder."""
    windows = []

    def start() -> Any:
        sound = Studio.new().sound()
        window = MainWindow(
            settings, player=player, diarize=engine, prepare=lambda: None, sound=sound
        )
        window.preferences.recordings_folder = str(folder)
        qtbot.addWidget(window, before_close_func=lambda _: window.end())
        windows.append(window)
        window.show()
        return window

    yield start
    for window in windows:
        window.end()


def interrupted(path: Path, seconds: int, **note: Any) -> Path:
    """A recording as it is left when its program is killed."""
    recorder = Recorder(path, Layout(S, 1))
    recorder.write(noise(seconds * S))
    if note:
        recorder.note(**note)
    beside = path.with_name(path.name + ".recording")
    sound, notes = path.read_bytes(), beside.read_bytes()
    recorder.close()
    path.write_bytes(sound + b"\x01\x00\x02")  # a block that the header doesn't tell of
    beside.write_bytes(notes)
    _register(path)
    return path


def dialog(window: Any) -> RecoveryDialog | None:
    return next((d for d in window.findChildren(RecoveryDialog) if d.isVisible()), None)


def shown(qtbot: QtBot, window: Any) -> RecoveryDialog:
    qtbot.waitUntil(lambda: dialog(window) is not None)
    found = dialog(window)
    assert found is not None
    return found


def click(widget: Any, name: str) -> None:
    QTest.mouseClick(widget.findChild(QPushButton, name), Qt.LeftButton)


def test_nothing_is_asked_where_nothing_was_interrupted(
    qtbot: QtBot, start: Any, folder: Path
) -> None:
    whole = Recorder(folder / "whole.wav", Layout(S, 1))
    whole.write(noise(S))
    whole.close()
    window = start()
    qtbot.waitUntil(lambda: window.recovery.looked)
    assert dialog(window) is None


def test_recover_opens_it_with_its_markers(
    qtbot: QtBot, start: Any, engine: Any, folder: Path
) -> None:
    path = interrupted(folder / "talk.wav", 6, marker=[2 * S, "decision"])
    window = start()
    box = shown(qtbot, window)
    assert "talk.wav" in box.list.item(0).text()
    assert "0:00:06.0" in box.list.item(0).text()
    click(box, "recover")
    qtbot.waitUntil(lambda: window.session.complete and not window.listening.busy)
    assert window.session.path == path
    assert len(read_audio(path)) == 6 * S + 1
    assert [(m.at, m.text) for m in window.session.annotation.markers] == [(2 * S, "decision")]
    assert find_unfinished(folder) == []


def test_one_in_any_other_folder_is_offered_too(
    qtbot: QtBot, start: Any, folder: Path, tmp_path: Path
) -> None:
    """As 'voicelanes record --out elsewhere/x.wav' leaves it."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    path = interrupted(elsewhere / "x.wav", 2)
    gone = interrupted(elsewhere / "gone.wav", 2)
    gone.unlink()
    window = start()
    box = shown(qtbot, window)
    assert box.list.count() == 1
    click(box, "recover")
    qtbot.waitUntil(lambda: window.session.complete and not window.listening.busy)
    assert window.session.path == path
    assert not path.with_name("x.wav.recording").exists()
    assert find_interrupted(folder) == []


def test_skip_keeps_it_for_the_next_start(qtbot: QtBot, start: Any, folder: Path) -> None:
    path = interrupted(folder / "talk.wav", 2)
    before = path.read_bytes()
    first = start()
    QTest.keyClick(shown(qtbot, first), Qt.Key_Escape)
    assert path.read_bytes() == before
    first.end()
    shown(qtbot, start())


def test_discard_asks_once_and_deletes(qtbot: QtBot, start: Any, folder: Path) -> None:
    path = interrupted(folder / "talk.wav", 2)
    other = interrupted(folder / "other.wav", 3)
    window = start()
    box = shown(qtbot, window)
    row = next(n for n in range(2) if "talk.wav" in box.list.item(n).text())
    box.list.setCurrentRow(row)
    click(box, "discard")
    question = box.findChild(QMessageBox)
    click(question, "keep")
    assert path.exists()
    click(box, "discard")
    question = next(b for b in box.findChildren(QMessageBox) if b.isVisible())
    click(question, "delete")
    qtbot.waitUntil(lambda: not path.exists())
    assert other.exists()
    assert box.list.count() == 1


def test_what_another_window_records_is_left_alone(qtbot: QtBot, start: Any, folder: Path) -> None:
    recorder = Recorder(folder / "running.wav", Layout(S, 1))
    recorder.write(noise(S))
    try:
        window = start()
        qtbot.waitUntil(lambda: window.recovery.looked)
        assert dialog(window) is None
    finally:
        recorder.close()


def test_a_crash_after_live_edits_asks_once_and_brings_all_back(
    qtbot: QtBot, start: Any, folder: Path
) -> None:
    """The sound went on after the names were kept beside it."""
    path = interrupted(folder / "talk.wav", 6, marker=[S, "agenda"])
    duration = 4 * S
    turns = [Turn(0, 2 * S, 0), Turn(2 * S, 4 * S, 1)]
    annotation = Annotation.build(turns, duration, {1: "Maria"})
    annotation = edits.add_marker(annotation, S, "agenda")
    annotation = edits.add_marker(annotation, 3 * S, "decision")
    meeting = Meeting(
        annotation, "talk", AudioFile(path, 4 * 2 * S, "0" * 64), complete=False, gaps=((0, 10),)
    )
    journal.journal_folder().mkdir(parents=True, exist_ok=True)
    write_meeting(meeting, next(iter(journal._slots(path))), backup=False, private=True)
    window = start()
    box = shown(qtbot, window)
    assert not [b for b in window.findChildren(QMessageBox) if b.isVisible()]
    click(box, "recover")
    qtbot.waitUntil(lambda: window.session.complete and not window.listening.busy)
    assert not [b for b in window.findChildren(QMessageBox) if b.isVisible()]
    assert window.session.path == path
    after = window.session.annotation
    assert [(m.at, m.text) for m in after.markers] == [(S, "agenda"), (3 * S, "decision")]
    (maria,) = [s for s in after.speakers if s.name == "Maria"]
    assert after.turns_of(maria.id)
    assert window.session.gaps == ((0, 10),)
    assert window.meetings.unsaved
    window.meetings.save()
    qtbot.waitUntil(lambda: not journal.all_journals() and not window.meetings.unsaved)
    assert journal.find(path) is None


def test_a_deleted_recording_takes_its_unsaved_changes_along(
    qtbot: QtBot, start: Any, folder: Path
) -> None:
    path = interrupted(folder / "talk.wav", 6)
    meeting = Meeting(
        Annotation.build([Turn(0, S, 0)], S, {0: "Ada"}), "talk", AudioFile(path, 9, "0" * 64)
    )
    journal.journal_folder().mkdir(parents=True, exist_ok=True)
    write_meeting(meeting, next(iter(journal._slots(path))), backup=False, private=True)
    box = shown(qtbot, start())
    click(box, "discard")
    click(next(b for b in box.findChildren(QMessageBox) if b.isVisible()), "delete")
    qtbot.waitUntil(lambda: not path.exists() and journal.find(path) is None)
