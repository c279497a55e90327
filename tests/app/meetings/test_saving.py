"""A meeting is saved: beside its recording, elsewhere, in two windows, on leaving."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import (
    QFileDialog,
)

from app.meetings import journal
from app.meetings.lock import MeetingLock
from core.meeting.file import Meeting, backup_path, read_meeting, write_meeting
from tests.app.meetings.desk import (
    CTRL,
    ROOT,
    SHIFT,
    answer,
    asks,
    box,
    choose,
    closed,
    idle,
    messages,
    names,
    press,
    rename,
    reopened,
)


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


def test_a_save_while_one_is_under_way_waits_for_it(wait: Any, opened: Any, beside: Path) -> None:
    """And doesn't take the other for somebody else's."""
    for name in ("Anna", "Berta", "Carla"):
        rename(opened, name)
        press(opened, Qt.Key_S, CTRL)
    wait(lambda: not opened.session.dirty and idle(opened))
    assert not asks(opened)
    assert read_meeting(beside).annotation.speaker(0).name == "Carla"


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
