"""What a crash left is offered."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PyQt5.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.meetings import journal
from core.annotation.values import Annotation, Turn
from core.meeting.file import Meeting, read_meeting, write_meeting
from core.meeting.sound import AudioFile
from tests.app.meetings.desk import (
    CTRL,
    ROOT,
    SHIFT,
    S,
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
from tests.core.audio.test_tracks import film


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
    wait(lambda: window.recovery.looked)  # it has offered what there was at its own start
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
