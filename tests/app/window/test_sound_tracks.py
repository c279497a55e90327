"""A film with several sound tracks: the person is told, and chooses, by menu and by notice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QLabel, QListWidget, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from core.annotation.values import Annotation, Turn
from core.audio.read import AudioReader
from core.meeting.file import backup_path, read_meeting
from core.pipeline import Result
from core.stream.speech import Speech
from tests.core.audio.test_tracks import film

S = 16_000


@pytest.fixture
def engine() -> Any:
    """Hears the true sound of the track, with one turn all over it."""

    def diarize(path: Path, *, track: int | None, on_samples: Any, **_: Any) -> Any:
        with AudioReader(path, track) as reader:
            for samples in reader:
                on_samples(samples)
        turns = Annotation.build([Turn(0, S, 0)], S)
        return Result(turns, turns, (), Speech(), tuple(reader.warnings))

    return diarize


@pytest.fixture
def shown(qtbot: QtBot, window: Any, tmp_path: Path) -> Any:
    """The window with a film open of which the default, the first track, is silent."""
    window.open_recording(film(tmp_path / "film.mkv", default=1))
    heard(qtbot, window, None)
    return window


def heard(qtbot: QtBot, window: Any, track: int | None) -> None:
    def done() -> bool:
        ready = window.session.complete and not window.listening.busy and not window.work.busy
        return bool(ready and window.session.track == track)

    qtbot.waitUntil(done)


def loudest(window: Any) -> float:
    return float(window.session.peaks.query(0, S, 10)[1].max())


def tracks(window: Any) -> QListWidget:
    (listed,) = [one for one in window.findChildren(QListWidget, "tracks") if one.isVisible()]
    return listed


def notice(window: Any) -> Any:
    (one,) = [n for n in window.notices.notices if "sound tracks" in n.findChild(QLabel).text()]
    return one


def pick(window: Any, row: int) -> None:
    listed = tracks(window)
    listed.setFocus()
    QTest.keyClick(listed, Qt.Key_Home)
    for _ in range(row):
        QTest.keyClick(listed, Qt.Key_Down)
    QTest.keyClick(listed, Qt.Key_Return)


def test_another_track_is_chosen_by_the_menu(qtbot: QtBot, shown: Any) -> None:
    assert loudest(shown) == 0
    assert shown.actions_by_id["sound_track"].isEnabled()
    shown.actions_by_id["sound_track"].trigger()
    listed = tracks(shown)
    assert [listed.item(row).text() for row in range(listed.count())] == [
        "1: eng, mono, the default", "2: deu, mono", "3: fra, mono",
    ]  # fmt: skip
    assert listed.currentRow() == 0
    pick(shown, 2)
    heard(qtbot, shown, 3)
    assert loudest(shown) > 0
    assert shown.player.track == 3
    assert not shown.notices.notices, "what was said of the first is no longer so"
    shown.actions_by_id["sound_track"].trigger()
    assert tracks(shown).currentRow() == 2
    QTest.keyClick(tracks(shown), Qt.Key_Escape)
    assert shown.session.track == 3


def test_the_notice_lets_choose(qtbot: QtBot, shown: Any) -> None:
    ways = notice(shown).findChildren(QPushButton, "way")
    assert [way.text() for way in ways] == ["Choose track…"]
    QTest.mouseClick(ways[0], Qt.LeftButton)
    pick(shown, 1)
    heard(qtbot, shown, 2)
    assert loudest(shown) > 0


def test_the_one_that_is_heard_stays_open(shown: Any) -> None:
    shown.session.mark_unsaved()
    shown.actions_by_id["sound_track"].trigger()
    pick(shown, 0)
    assert not shown.listening.busy
    assert not shown.findChildren(QMessageBox), "nothing is left, so nothing is asked"


@pytest.mark.parametrize("answer", ["cancel", "discard"])
def test_unsaved_changes_are_asked_about(qtbot: QtBot, shown: Any, answer: str) -> None:
    shown.session.mark_unsaved()
    shown.actions_by_id["sound_track"].trigger()
    pick(shown, 2)
    (box,) = [b for b in shown.findChildren(QMessageBox) if b.isVisible()]
    assert "Save the changes to film.mkv?" in box.text()
    QTest.mouseClick(box.findChild(QPushButton, answer), Qt.LeftButton)
    if answer == "discard":
        heard(qtbot, shown, 3)
    else:
        assert not shown.listening.busy
        assert shown.session.track is None
        assert shown.meetings.unsaved


def test_the_choice_is_saved_in_the_meeting(qtbot: QtBot, shown: Any, tmp_path: Path) -> None:
    beside = tmp_path / "film.voicelanes.json"
    shown.actions_by_id["save"].trigger()
    qtbot.waitUntil(lambda: shown.meetings.path == beside)
    shown.actions_by_id["sound_track"].trigger()
    pick(shown, 2)
    heard(qtbot, shown, 3)
    assert shown.isWindowModified(), "the file still has the turns of the first"
    assert read_meeting(beside).track is None
    shown.actions_by_id["save"].trigger()
    qtbot.waitUntil(lambda: not shown.meetings.unsaved)
    assert read_meeting(beside).track == 3
    assert read_meeting(backup_path(beside)).track is None
    shown.close_recording()
    shown.open_recording(tmp_path / "film.mkv")
    heard(qtbot, shown, 3)


def test_a_recording_with_one_track_offers_no_choice(
    qtbot: QtBot, shown: Any, recording: Path
) -> None:
    shown.open_recording(recording)
    qtbot.waitUntil(lambda: shown.session.path == recording)
    heard(qtbot, shown, None)
    assert not shown.actions_by_id["sound_track"].isEnabled()
    assert not shown.notices.notices
