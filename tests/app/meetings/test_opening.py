"""A meeting is opened with its recording."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import (
    QFileDialog,
    QPushButton,
)

from core.annotation.values import Annotation, Turn
from core.meeting.file import Meeting, read_meeting, write_meeting
from core.stream.changes import Window
from core.stream.speech import Speech
from tests.app.meetings.desk import (
    CTRL,
    S,
    answer,
    asks,
    box,
    choose,
    closed,
    drop,
    idle,
    messages,
    names,
    press,
    rename,
    reopened,
)


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
