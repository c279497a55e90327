"""Meetings in the window: saved, opened, recovered, by keys and real dialogs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PyQt5 import sip
from PyQt5.QtCore import QMimeData, QPointF, Qt, QUrl
from PyQt5.QtGui import QDragEnterEvent, QDropEvent
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import (
    QApplication,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
)
from pytestqt.qtbot import QtBot

from app.meetings import journal
from app.meetings.lock import MeetingLock
from core.annotation.values import Annotation, Turn
from core.formats import FORMATS, READABLE, rttm, write_annotation
from core.meeting.file import Meeting, backup_path, read_meeting, write_meeting
from core.meeting.sound import AudioFile
from core.stream.changes import Window
from core.stream.speech import Speech
from tests.core.audio.test_tracks import film

S = 16000
CTRL, SHIFT = Qt.ControlModifier, Qt.ShiftModifier
ROOT = Path(__file__).resolve().parents[3]


def press(window: Any, key: int, modifier: Any = Qt.NoModifier) -> None:
    window.activateWindow()  # where a dialog was a moment ago
    QApplication.processEvents()
    QTest.keyClick(QApplication.focusWidget() or window, key, modifier)


def idle(window: Any) -> bool:
    return not window.listening.busy and not window.meetings._jobs.busy


def messages(window: Any) -> list[str]:
    return [n.findChild(QLabel).text() for n in window.notices.notices]


def box(window: Any) -> QMessageBox:
    """The question on the screen."""
    (found,) = [b for b in window.findChildren(QMessageBox) if b.isVisible()]
    return found


def asks(window: Any) -> bool:
    return any(b.isVisible() for b in window.findChildren(QMessageBox))


def answer(window: Any, name: str) -> None:
    QTest.mouseClick(box(window).findChild(QPushButton, name), Qt.LeftButton)


def choose(window: Any, name: Path) -> None:
    """Type a name into the file dialog and press its button."""
    (dialog,) = [d for d in window.findChildren(QFileDialog) if d.isVisible()]
    field = dialog.findChild(QLineEdit, "fileNameEdit")
    field.clear()
    QTest.keyClicks(field, str(name))
    buttons = dialog.findChild(QDialogButtonBox, "buttonBox")
    accept = next(
        b for b in buttons.buttons() if buttons.buttonRole(b) == QDialogButtonBox.AcceptRole
    )
    for _ in range(40):
        if sip.isdeleted(dialog) or not dialog.isVisible():
            return
        field.completer().popup().hide()  # the list of what it could become takes the click
        QTest.mouseClick(accept, Qt.LeftButton)
        QTest.qWait(50)
    raise AssertionError(f"the dialog doesn't take {name}")


def drop(widget: Any, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    where = QPointF(widget.rect().center())
    enter = QDragEnterEvent(where.toPoint(), Qt.CopyAction, data, Qt.LeftButton, Qt.NoModifier)
    QApplication.sendEvent(widget, enter)
    event = QDropEvent(where, Qt.CopyAction, data, Qt.LeftButton, Qt.NoModifier)
    QApplication.sendEvent(widget, event)


def rename(window: Any, name: str, speaker: int = 0) -> None:
    window.session.rename(speaker, name)


def names(window: Any) -> list[str]:
    return [s.name for s in window.session.annotation.speakers]


@pytest.fixture
def beside(recording: Path) -> Path:
    return recording.with_name("talk.voicelanes.json")


@pytest.fixture
def wait(qtbot: QtBot) -> Callable[[Callable[[], bool]], None]:
    return lambda condition: qtbot.waitUntil(condition, timeout=6000)


@pytest.fixture
def saved(wait: Any, opened: Any, beside: Path) -> Any:
    """The window with a meeting that was named and saved."""
    rename(opened, "Anna")
    press(opened, Qt.Key_S, CTRL)
    wait(lambda: not opened.session.dirty and idle(opened))
    return opened


def closed(wait: Any, window: Any) -> Any:
    press(window, Qt.Key_W, CTRL)
    wait(lambda: not window.session.is_open and idle(window))
    return window


def reopened(wait: Any, window: Any, path: Path) -> Any:
    window.open_recording(path)
    wait(lambda: window.session.complete and idle(window))
    return window


# saving


def test_save_puts_the_meeting_beside_the_recording(
    wait: Any, opened: Any, beside: Path, recording: Path
) -> None:
    before = recording.read_bytes()
    assert not opened.isWindowModified()
    rename(opened, "Anna")
    assert opened.isWindowModified()
    assert "[*]" in opened.windowTitle()
    press(opened, Qt.Key_S, CTRL)
    wait(lambda: not opened.isWindowModified())
    meeting = read_meeting(beside)
    assert meeting.annotation == opened.session.annotation
    assert meeting.audio is not None
    assert (meeting.audio.path, len(meeting.audio.sha256)) == (recording, 64)
    assert meeting.models is not None
    assert recording.read_bytes() == before
    assert "talk.voicelanes.json" in opened.bar.currentMessage()
    opened.session.undo.undo()
    assert opened.isWindowModified()
    opened.session.undo.redo()
    assert not opened.isWindowModified()


def test_save_as_elsewhere_and_again(wait: Any, opened: Any, tmp_path: Path, beside: Path) -> None:
    folder = tmp_path / "else"
    folder.mkdir()
    press(opened, Qt.Key_S, CTRL | SHIFT)
    choose(opened, folder / "week 4")
    target = folder / "week 4.voicelanes.json"
    wait(target.exists)
    wait(lambda: opened.windowTitle().startswith("week 4.voicelanes.json"))
    rename(opened, "Anna")
    press(opened, Qt.Key_S, CTRL)
    wait(lambda: not opened.session.dirty)
    assert read_meeting(target).annotation.speaker(0).name == "Anna"
    assert read_meeting(backup_path(target)).annotation.speaker(0).name == ""
    assert not beside.exists()
    assert opened.recent.paths()[0] == target
    closed(wait, opened)
    reopened(wait, opened, target)
    assert names(opened)[0] == "Anna"


def test_the_sample_is_saved_elsewhere(
    wait: Any, window: Any, tmp_path: Path, recording: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window.meetings, "_read_only", recording.parent)
    reopened(wait, window, recording)
    press(window, Qt.Key_S, CTRL)
    folder = tmp_path / "mine"
    folder.mkdir()
    choose(window, folder / "sample")
    wait((folder / "sample.voicelanes.json").exists)


def test_where_nothing_can_be_written_another_place_is_asked_for(
    wait: Any, opened: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, beside: Path
) -> None:
    from core.errors import OutputError
    from core.meeting import file as module

    write = module.write_meeting

    def refusing(meeting: Meeting, path: Path, **more: Any) -> Meeting:
        if path == beside:
            raise OutputError(f"can't write {path}: the disk is read-only")
        return write(meeting, path, **more)

    monkeypatch.setattr(module, "write_meeting", refusing)
    press(opened, Qt.Key_S, CTRL)
    wait(lambda: bool(opened.findChildren(QFileDialog)))
    assert "read-only" in messages(opened)[0]
    folder = tmp_path / "else"
    folder.mkdir()
    choose(opened, folder / "talk")
    wait((folder / "talk.voicelanes.json").exists)


def test_edits_during_a_save_are_still_unsaved(wait: Any, opened: Any, beside: Path) -> None:
    rename(opened, "Anna")
    press(opened, Qt.Key_S, CTRL)
    rename(opened, "Berta")  # before the event loop hears of the save
    wait(lambda: beside.exists() and idle(opened))
    assert opened.session.dirty
    assert read_meeting(beside).annotation.speaker(0).name == "Anna"


# opening


def test_a_recording_with_a_meeting_opens_the_meeting(
    wait: Any, saved: Any, recording: Path, engine: Any
) -> None:
    before = saved.session.annotation
    closed(wait, saved)
    reopened(wait, saved, recording)
    assert engine.runs == [recording], "listened to once"
    assert saved.session.annotation == before
    assert saved.session.peaks.duration == 20 * S
    assert not saved.session.dirty
    assert "Opened the meeting talk.voicelanes.json" in messages(saved)[0]
    way = saved.notices.notices[0].findChild(QPushButton, "way")
    QTest.mouseClick(way, Qt.LeftButton)
    wait(lambda: len(engine.runs) == 2 and idle(saved))
    assert names(saved)[0] == "Anna", "what was said stays"
    assert saved.session.dirty


@pytest.mark.parametrize("how", ["dialog", "drop", "argument"])
def test_a_meeting_opens_by_its_own_file(wait: Any, saved: Any, beside: Path, how: str) -> None:
    closed(wait, saved)
    if how == "dialog":
        press(saved, Qt.Key_O, CTRL)
        choose(saved, beside)
    elif how == "drop":
        drop(saved, beside)
    else:
        saved.open_recording(beside)
    wait(lambda: saved.session.complete and idle(saved))
    assert saved.session.path.name == "talk.wav"
    assert names(saved)[0] == "Anna"


def test_voices_are_kept(wait: Any, window: Any, recording: Path, beside: Path) -> None:
    import numpy as np

    from core.meeting.sound import hashed

    voices = tuple(Window(n * S, n * S + S, np.full(4, n, np.float32), 0.5) for n in range(3))
    annotation = Annotation.build([Turn(0, 3 * S, 0)], 20 * S)
    speech = Speech(((0, 3 * S),))
    write_meeting(
        Meeting(annotation, "talk", hashed(recording), voices, speech, gaps=((S, 2 * S),)), beside
    )
    reopened(wait, window, recording)
    assert [w.start for w in window.session.windows] == [0, S, 2 * S]
    assert window.session.speech == speech
    assert window.session.gaps == ((S, 2 * S),)
    rename(window, "Anna")
    kept = beside.with_name("talk.voicelanes.npz").stat().st_mtime_ns
    press(window, Qt.Key_S, CTRL)
    wait(lambda: not window.session.dirty)
    assert beside.with_name("talk.voicelanes.npz").stat().st_mtime_ns == kept
    assert len(read_meeting(beside).windows) == 3


def test_stopping_to_listen_again_brings_everything_back(
    wait: Any, saved: Any, engine: Any
) -> None:
    rename(saved, "Berta", 1)
    before = saved.session.annotation
    engine.hold = "listening"
    press(saved, Qt.Key_F5)
    wait(engine.reached.is_set)
    assert saved.isWindowModified(), "Berta is not saved"
    press(saved, Qt.Key_Period, CTRL)
    wait(lambda: idle(saved))
    assert saved.session.annotation == before
    assert saved.session.complete
    assert saved.isWindowModified()


def test_a_damaged_meeting_offers_its_backup(
    wait: Any, saved: Any, recording: Path, beside: Path, engine: Any
) -> None:
    rename(saved, "Berta")
    press(saved, Qt.Key_S, CTRL)
    wait(lambda: not saved.session.dirty)
    closed(wait, saved)
    beside.write_text("{" * 50)
    saved.open_recording(recording)
    wait(lambda: asks(saved))
    assert "talk.voicelanes.json" in box(saved).text()
    answer(saved, "backup")
    wait(lambda: saved.session.complete and idle(saved))
    assert names(saved)[0] == "Anna"
    assert saved.session.dirty
    assert beside.read_text() == "{" * 50
    press(saved, Qt.Key_S, CTRL)
    wait(lambda: not saved.session.dirty)
    assert read_meeting(beside).annotation.speaker(0).name == "Anna"
    assert beside.with_name("talk.voicelanes.json.damaged").read_text() == "{" * 50


def test_a_meeting_of_a_newer_version_is_left_alone(
    wait: Any, saved: Any, recording: Path, beside: Path, engine: Any
) -> None:
    closed(wait, saved)
    newer = json.dumps({**json.loads(beside.read_text()), "version": 99})
    beside.write_text(newer)
    saved.open_recording(recording)
    wait(lambda: asks(saved))
    assert "newer Voicelanes" in box(saved).text()
    assert box(saved).findChild(QPushButton, "backup") is None
    QTest.keyClick(box(saved), Qt.Key_Escape)
    assert not saved.session.is_open
    saved.open_recording(recording)
    wait(lambda: asks(saved))
    answer(saved, "anew")
    wait(lambda: saved.session.complete and idle(saved))
    assert len(engine.runs) == 2
    press(saved, Qt.Key_S, CTRL)
    wait(lambda: bool(saved.findChildren(QFileDialog)))
    assert "another name" in messages(saved)[-1]
    assert beside.read_text() == newer


def test_a_damaged_meeting_without_a_way_out_is_told(
    wait: Any, window: Any, tmp_path: Path
) -> None:
    path = tmp_path / "lost.voicelanes.json"
    path.write_text("not this")
    window.open_recording(path)
    wait(lambda: bool(messages(window)))
    assert "lost.voicelanes.json" in messages(window)[0]
    assert not asks(window)


def test_a_recording_that_moved_is_found(
    wait: Any, saved: Any, recording: Path, beside: Path, tmp_path: Path
) -> None:
    closed(wait, saved)
    away = tmp_path / "archive"
    away.mkdir()
    saved.preferences.folder = str(away)
    recording.rename(away / "2026-01.wav")
    reopened(wait, saved, beside)
    assert saved.session.path == away / "2026-01.wav"
    assert names(saved)[0] == "Anna"


def test_a_recording_that_is_gone_is_asked_for(
    wait: Any,
    saved: Any,
    recording: Path,
    beside: Path,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    closed(wait, saved)
    moved = recording.rename(tmp_path_factory.mktemp("archive") / "talk.wav")
    other = tmp_path / "other.wav"
    other.write_bytes(moved.read_bytes()[:-2])
    saved.open_recording(beside)
    wait(lambda: asks(saved))
    assert "talk.wav is not there" in box(saved).text()
    answer(saved, "choose")
    choose(saved, other)
    wait(lambda: asks(saved))
    assert "not the recording of this meeting" in box(saved).text()
    answer(saved, "choose")
    choose(saved, moved)
    wait(lambda: saved.session.complete and idle(saved))
    assert saved.session.path == moved


def test_another_recording_in_its_place_is_told(
    wait: Any, saved: Any, recording: Path, beside: Path
) -> None:
    closed(wait, saved)
    sound = bytearray(recording.read_bytes())
    sound[5000] ^= 1
    recording.write_bytes(sound)
    reopened(wait, saved, beside)
    wait(lambda: any("has changed" in m for m in messages(saved)))
    closed(wait, saved)
    recording.write_bytes(sound[: len(sound) // 2])
    saved.open_recording(beside)
    wait(lambda: asks(saved))
    answer(saved, "use")
    wait(lambda: saved.session.complete and idle(saved))


# two windows


def saved_elsewhere(beside: Path) -> bytes:
    """Another window or program saves the meeting."""
    meeting = read_meeting(beside)
    write_meeting(replace(meeting, annotation=meeting.annotation.with_names({1: "Other"})), beside)
    return beside.read_bytes()


@pytest.mark.parametrize("how", ["replace", "name", "cancel"])
def test_what_somebody_else_saved_is_not_replaced_unasked(
    wait: Any, saved: Any, beside: Path, tmp_path: Path, how: str
) -> None:
    other = saved_elsewhere(beside)
    rename(saved, "Berta")
    press(saved, Qt.Key_S, CTRL)
    wait(lambda: asks(saved))
    assert "talk.voicelanes.json was saved by another window" in box(saved).text()
    assert beside.read_bytes() == other
    answer(saved, how)
    if how == "replace":
        wait(lambda: not saved.session.dirty and idle(saved))
        assert read_meeting(beside).annotation.speakers[0].name == "Berta"
        assert backup_path(beside).read_bytes() == other
        rename(saved, "Carla")
        press(saved, Qt.Key_S, CTRL)
        wait(lambda: not saved.session.dirty and idle(saved))
        assert not asks(saved)
    elif how == "name":
        choose(saved, tmp_path / "mine")
        wait(lambda: not saved.session.dirty and idle(saved))
        assert beside.read_bytes() == other
        assert read_meeting(saved.meetings.path).annotation.speakers[0].name == "Berta"
    else:
        wait(lambda: not asks(saved) and idle(saved))
        assert saved.session.dirty
        assert beside.read_bytes() == other


def test_a_meeting_that_appeared_meanwhile_is_not_replaced_unasked(
    wait: Any, opened: Any, beside: Path, recording: Path
) -> None:
    write_meeting(Meeting(opened.session.annotation, "talk"), beside)
    other = beside.read_bytes()
    rename(opened, "Anna")
    press(opened, Qt.Key_S, CTRL)
    wait(lambda: asks(opened))
    answer(opened, "cancel")
    wait(lambda: not asks(opened))
    assert beside.read_bytes() == other


def test_an_opened_meeting_is_known_as_it_was_read(wait: Any, saved: Any, beside: Path) -> None:
    closed(wait, saved)
    reopened(wait, saved, beside)
    rename(saved, "Berta")
    press(saved, Qt.Key_S, CTRL)
    wait(lambda: not saved.session.dirty and idle(saved))
    saved_elsewhere(beside)
    rename(saved, "Carla")
    press(saved, Qt.Key_S, CTRL)
    wait(lambda: asks(saved))
    answer(saved, "cancel")
    wait(lambda: not asks(saved))


def test_a_second_window_is_told_and_a_lock_of_a_dead_one_is_not_believed(
    wait: Any, opened: Any, recording: Path
) -> None:
    assert messages(opened) == []
    second = MeetingLock()
    assert str(os.getpid()) in (second.take(recording) or "")
    closed(wait, opened)
    assert second.take(recording) is None
    reopened(wait, opened, recording)
    assert any("talk.wav is open in another window, too" in m for m in messages(opened))
    second.release()
    script = (
        "import os, sys; from pathlib import Path; from app.meetings.lock import MeetingLock\n"
        "lock = MeetingLock(); assert lock.take(Path(sys.argv[1])) is None; os._exit(0)"
    )
    command = [sys.executable, "-c", script, str(recording)]
    subprocess.run(command, cwd=ROOT, check=True)
    assert second.take(recording) is None
    second.release()


# turns of others


def test_import_is_one_step(wait: Any, opened: Any, tmp_path: Path) -> None:
    before = opened.session.annotation
    other = Annotation.build([Turn(S, 2 * S, 0), Turn(19 * S, 30 * S, 1)], 30 * S, {0: "Zoë"})
    path = tmp_path / "other.rttm"
    path.write_text(rttm.render(other, "elsewhere"))
    opened.actions_by_id["import"].trigger()
    choose(opened, path)
    wait(lambda: asks(opened))
    assert "Not all of other.rttm fits" in box(opened).text()
    assert (
        "reach beyond the end of the recording and are cut there: 1"
        in box(opened).informativeText()
    )
    assert opened.session.annotation == before
    answer(opened, "import")
    wait(lambda: opened.session.dirty)
    assert [(t.start, t.end) for t in opened.session.annotation.turns] == [
        (S, 2 * S),
        (19 * S, 20 * S),
    ]
    assert names(opened) == ["Zoë", ""]
    assert opened.session.undo.undoText() == "Import turns"
    opened.session.undo.undo()
    assert opened.session.annotation == before
    short = Annotation.build([Turn(S, 2 * S, 0), Turn(3 * S, 4 * S, 1)], names={0: "Zoë"})
    path.write_text(rttm.render(short, "elsewhere"))
    drop(opened, path)
    wait(lambda: opened.session.dirty)
    assert names(opened) == ["Zoë", ""]


def test_an_import_that_loses_something_asks_before_it_replaces(
    wait: Any, opened: Any, tmp_path: Path
) -> None:
    before = opened.session.annotation
    path = tmp_path / "other.rttm"
    late = "SPEAKER x 1 100 2 <NA> <NA> Anna <NA> <NA>\nSPEAKER x 1 0 0 <NA> <NA> Anna <NA> <NA>\n"
    path.write_text(late)
    drop(opened, path)
    wait(lambda: asks(opened))
    assert "other.rttm leaves no turns on this recording" in box(opened).text()
    more = box(opened).informativeText()
    assert "other.rttm: turns without length are left out (1)" in more
    assert "Turns after the end of the recording, which are left out: 1" in more
    answer(opened, "cancel")
    wait(lambda: not asks(opened))
    assert opened.session.annotation == before
    assert not opened.session.dirty


@pytest.mark.parametrize("name", READABLE)
def test_what_can_be_exported_can_be_imported(
    wait: Any, opened: Any, tmp_path: Path, name: str
) -> None:
    turns = [Turn(S, 2 * S, 0), Turn(3 * S, 4 * S, 1)]
    other = Annotation.build(turns, 20 * S, {0: "Zoë"})
    path = write_annotation(other, tmp_path / f"talk{FORMATS[name].suffix}", name, "talk")
    drop(opened, path)
    wait(lambda: opened.session.dirty)
    assert list(opened.session.annotation.turns) == turns
    assert names(opened) == ["Zoë", ""]


def test_turns_that_are_none_change_nothing(wait: Any, opened: Any, tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear Anna")
    drop(opened, path)
    wait(lambda: bool(messages(opened)))
    assert "letter.txt" in messages(opened)[0]
    assert not opened.session.dirty


def test_turns_alone_ask_for_their_recording(
    wait: Any, window: Any, recording: Path, tmp_path: Path, engine: Any
) -> None:
    path = tmp_path / "other.rttm"
    path.write_text(rttm.render(Annotation.build([Turn(S, 2 * S, 0)]), "elsewhere"))
    drop(window, path)
    wait(lambda: asks(window))
    answer(window, "choose")
    choose(window, recording)
    wait(lambda: window.session.complete and idle(window))
    assert len(window.session.annotation.turns) == 1
    assert window.session.dirty
    assert window.meetings.path is None
    assert not engine.runs
    assert not messages(window)


def test_turns_alone_that_do_not_fit_their_recording_say_so(
    wait: Any, window: Any, recording: Path, tmp_path: Path
) -> None:
    path = tmp_path / "other.rttm"
    other = rttm.render(Annotation.build([Turn(S, 2 * S, 0), Turn(90 * S, 91 * S, 1)]), "x")
    path.write_text(other + "SPEAKER x 1 0 0 <NA> <NA> Anna <NA> <NA>\n")
    drop(window, path)
    wait(lambda: asks(window))
    answer(window, "choose")
    choose(window, recording)
    wait(lambda: window.session.complete and idle(window))
    said = messages(window)
    assert any("other.rttm: turns without length are left out (1)" in m for m in said)
    assert any(f"turns that reach beyond the end of {recording.name}: 1" in m for m in said)


# leaving


@pytest.mark.parametrize("how", ["close", "quit", "another"])
@pytest.mark.parametrize("what", ["save", "discard", "cancel"])
def test_one_question_before_changes_are_left(
    wait: Any, opened: Any, recording: Path, beside: Path, tmp_path: Path, how: str, what: str
) -> None:
    other = tmp_path / "other.wav"
    other.write_bytes(recording.read_bytes())
    rename(opened, "Anna")
    if how == "close":
        press(opened, Qt.Key_W, CTRL)
    elif how == "quit":
        press(opened, Qt.Key_Q, CTRL)
    else:
        opened.open_recording(other)
    assert "talk.wav" in box(opened).text()
    if what == "cancel":
        QTest.keyClick(box(opened), Qt.Key_Escape)
        assert opened.isVisible()
        assert names(opened)[0] == "Anna"
        assert opened.session.dirty
        return
    answer(opened, what)
    if how == "quit":
        wait(lambda: not opened.isVisible())
    elif how == "close":
        wait(lambda: not opened.session.is_open and idle(opened))
    else:
        wait(lambda: opened.session.path == other and opened.session.complete and idle(opened))
    assert beside.exists() == (what == "save")
    if what == "save":
        assert read_meeting(beside).annotation.speaker(0).name == "Anna"
    assert not list(journal.journal_folder().glob("*.json")), "nothing left to recover"


def test_without_changes_nothing_is_asked(wait: Any, saved: Any) -> None:
    press(saved, Qt.Key_Q, CTRL)
    assert not saved.isVisible()


# crashes


def journals() -> list[Path]:
    return list(journal.journal_folder().glob("*.voicelanes.json"))


def crashed(window: Any) -> None:
    """As if the process had ended here: the journal is there and nobody holds it."""
    window.meetings._journal.keep()
    window.meetings._journal.release()
    window.meetings._jobs.join(10)
    window.session.saved()
    window.meetings._journal._timer.stop()


def test_changes_are_kept_before_the_first_save(wait: Any, opened: Any, recording: Path) -> None:
    rename(opened, "Anna")
    wait(lambda: bool(journals()))
    wait(lambda: idle(opened))
    meeting = read_meeting(journals()[0])
    assert meeting.annotation == opened.session.annotation
    assert meeting.audio is not None
    assert meeting.audio.path == recording
    press(opened, Qt.Key_S, CTRL)
    wait(lambda: not journals())


def test_changes_undone_leave_no_journal(wait: Any, opened: Any) -> None:
    rename(opened, "Anna")
    wait(lambda: bool(journals()))
    opened.session.undo.undo()
    wait(lambda: not journals())


def test_without_autosave_nothing_is_kept(qtbot: QtBot, opened: Any) -> None:
    opened.preferences.autosave = False
    rename(opened, "Anna")
    qtbot.wait(700)
    assert not journals()


@pytest.mark.parametrize("what", ["recover", "discard", "skip"])
def test_what_a_crash_left_is_offered_with_its_recording(
    wait: Any, opened: Any, recording: Path, what: str, engine: Any
) -> None:
    rename(opened, "Anna")
    after = opened.session.annotation
    crashed(opened)
    closed(wait, opened)
    opened.open_recording(recording)
    wait(lambda: asks(opened))
    assert "unsaved changes to talk.wav" in box(opened).text()
    answer(opened, what)
    wait(lambda: opened.session.complete and idle(opened))
    if what == "recover":
        assert opened.session.annotation == after
        assert opened.isWindowModified()
        assert len(engine.runs) == 1
        press(opened, Qt.Key_S, CTRL)
        wait(lambda: not journals())
    else:
        assert names(opened) == ["", ""]
        assert bool(journals()) == (what == "skip")
        if what == "skip":  # another journal does not take its place
            rename(opened, "Berta")
            wait(lambda: len(journals()) == 2)


def test_recovered_changes_go_back_to_their_meeting(
    wait: Any, saved: Any, recording: Path, tmp_path: Path
) -> None:
    target = tmp_path / "else.voicelanes.json"
    press(saved, Qt.Key_S, CTRL | SHIFT)
    choose(saved, target)
    wait(target.exists)
    wait(lambda: idle(saved))
    rename(saved, "Berta")
    crashed(saved)
    closed(wait, saved)
    saved.open_recording(recording)
    wait(lambda: asks(saved))
    answer(saved, "recover")
    wait(lambda: saved.session.complete and idle(saved))
    press(saved, Qt.Key_S, CTRL)
    wait(lambda: not saved.session.dirty)
    assert read_meeting(target).annotation.speaker(0).name == "Berta"


def test_names_given_while_listening_survive_a_crash(
    wait: Any, window: Any, engine: Any, recording: Path
) -> None:
    engine.hold = "refining"
    window.open_recording(recording)
    wait(lambda: len(window.session.annotation.speakers) == 2)
    rename(window, "Anna", 1)
    crashed(window)
    engine.hold = ""
    closed(wait, window)
    window.open_recording(recording)
    wait(lambda: asks(window))
    answer(window, "recover")
    wait(lambda: window.session.complete and idle(window))
    assert names(window) == ["", "Anna"]
    assert window.isWindowModified()


def test_the_end_of_the_session_keeps_changes_unasked(wait: Any, opened: Any) -> None:
    rename(opened, "Anna")
    opened.end()
    assert not opened.isVisible()
    (path,) = journals()
    assert read_meeting(path).annotation.speaker(0).name == "Anna"


def test_a_full_disk_is_told_once(wait: Any, opened: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    rename(opened, "Anna")
    wait(lambda: bool(messages(opened)))
    rename(opened, "Berta")
    opened.meetings._journal.keep()
    wait(lambda: idle(opened))
    assert len(messages(opened)) == 1
    assert "the disk is full" in messages(opened)[0]


KILLED = """
import os, signal, sys
from pathlib import Path
from PyQt5.QtCore import QSettings, QTimer
sys.path.insert(0, {root!r})
from tests.app.conftest import Engine, SilentPlayer
from app.main import make_application
from app.window.main_window import MainWindow

application = make_application()
settings = QSettings({settings!r}, QSettings.IniFormat)
window = MainWindow(settings, player=SilentPlayer(), diarize=Engine(), prepare=lambda: None)
window.show()
edits = []

def edit():
    if not window.session.complete:
        return
    edits.append(None)
    window.session.rename(0, f"Anna {{len(edits)}}")
    if len(edits) == 30:
        QTimer.singleShot(900, lambda: os.kill(os.getpid(), signal.SIGKILL))
        timer.stop()

timer = QTimer()
timer.timeout.connect(edit)
timer.start(20)
window.open_recording(Path({recording!r}))
application.exec()
"""


def test_killed_in_mid_edit_the_next_start_offers_the_edits(
    wait: Any, window: Any, recording: Path, tmp_path: Path
) -> None:
    code = KILLED.format(
        root=str(ROOT), settings=str(tmp_path / "other.ini"), recording=str(recording)
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=os.environ, timeout=60)
    assert done.returncode == -9
    assert list(journal.journal_folder().glob("*.lock")), "its lock is still there"
    window.meetings.offer_unsaved()
    wait(lambda: asks(window))
    answer(window, "recover")
    wait(lambda: window.session.complete and idle(window))
    assert names(window) == ["Anna 30", ""], "nothing older than a second is lost"
    assert window.isWindowModified()


def test_the_sound_track_of_a_meeting_is_heard_played_and_kept(
    wait: Any, window: Any, tmp_path: Path
) -> None:
    path = film(tmp_path / "film.mkv", default=1)  # which is silent
    beside = tmp_path / "film.voicelanes.json"
    talk = Annotation.build([Turn(0, S, 0)], S)
    write_meeting(Meeting(talk, "film", AudioFile.at(path), track=3), beside)
    reopened(wait, window, path)
    assert window.session.track == window.player.track == 3
    assert window.session.peaks.query(0, S, 10)[1].max() > 0
    window.session.mark_unsaved()
    press(window, Qt.Key_S, CTRL)
    wait(lambda: not window.meetings.unsaved)
    assert read_meeting(beside).track == 3
