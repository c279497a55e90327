"""The first page as a person uses it: what was before is there, found and gone on with."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from PyQt5.QtCore import QPoint, Qt
from PyQt5.QtGui import QDesktopServices
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QCommandLinkButton, QMenu, QToolButton
from pytestqt.qtbot import QtBot

from app.home.model import SUMMARY
from core.annotation.values import Annotation, Turn
from core.meeting.file import Meeting, write_meeting
from core.meeting.sound import AudioFile
from tests.app.conftest import make_recording
from tests.app.test_accessibility import check

S = 16000


def keep(folder: Path, name: str, names: dict[int, str], *, days: int = 0) -> Path:
    """A recording with its meeting, of some days after a Saturday of 2023."""
    recording = make_recording(folder / f"{name}.wav", 9)
    at = 1_700_000_000 + days * 86_400
    os.utime(recording, (at, at))
    turns = [Turn(0, 3 * S, 0), Turn(3 * S, 8 * S, 1)]
    annotation = Annotation.build(turns, 9 * S, names)
    write_meeting(
        Meeting(annotation, name, AudioFile.at(recording)), folder / f"{name}.voicelanes.json"
    )
    return recording


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A folder with meetings of two days, one that was never saved, one that is damaged."""
    folder = tmp_path / "recordings"
    folder.mkdir()
    keep(folder, "budget", {0: "Anna", 1: "Ben"}, days=1)
    keep(folder, "jour fixe", {0: "Anna", 1: "Cleo"}, days=2)
    (folder / "broken.voicelanes.json").write_text('{"format": "voicelanes", ')
    os.utime(folder / "broken.voicelanes.json", (1e9, 1e9))
    return folder


@pytest.fixture
def home(qtbot: QtBot, window: Any, kept: Path) -> Any:
    """The window with its first page, where recordings are kept in that folder."""
    window.preferences.recordings_folder = str(kept)
    window.close_recording()
    window._pages.show_recent()
    qtbot.waitUntil(lambda: rows(window) != [])
    qtbot.waitUntil(lambda: not window.work.busy)
    return window


def rows(window: Any) -> list[str]:
    """What a person reads, line by line."""
    model = window.welcome.meetings.model
    texts = (model.data(model.index(n), Qt.AccessibleTextRole) for n in range(model.rowCount()))
    return [str(text) for text in texts]


def point(window: Any, row: int) -> QPoint:
    view = window.welcome.meetings.view
    return view.visualRect(view.model().index(row)).center()


def click(window: Any, row: int) -> None:
    QTest.mouseClick(window.welcome.meetings.view.viewport(), Qt.LeftButton, pos=point(window, row))


def test_the_first_time_there_is_only_how_to_begin(qtbot: QtBot, window: Any) -> None:
    qtbot.waitUntil(lambda: not window.work.busy)
    assert not window.welcome.meetings.isVisible()
    assert window.welcome.findChild(QCommandLinkButton, "sample").isVisible()
    assert not window.welcome.findChild(QCommandLinkButton, "go_on").isVisible()


def test_meetings_with_date_length_and_speakers_the_latest_first(home: Any) -> None:
    assert home.welcome.meetings.isVisible()
    first, second, third = rows(home)
    assert first.startswith("jour fixe, ")
    assert first.endswith(":13, 9.0 s, Anna, Cleo")
    assert "16" in first
    assert second.startswith("budget, ")
    assert third.startswith("broken, ")
    assert third.endswith("This file can't be read")


def test_the_small_picture_has_a_lane_in_the_colour_of_each(home: Any) -> None:
    view = home.welcome.meetings.view
    box = view.visualRect(view.model().index(0))
    picture = view.viewport().grab(box).toImage()
    column = {picture.pixelColor(30, y).name() for y in range(picture.height())}
    later = {picture.pixelColor(100, y).name() for y in range(picture.height())}
    assert "#e69f00" in column
    assert "#e69f00" not in later
    assert "#56b4e9" in later


def test_search_by_speaker_and_by_file(home: Any) -> None:
    QTest.keyClick(home.welcome.meetings.view, Qt.Key_F, Qt.ControlModifier)
    search = home.welcome.meetings.search
    QTest.keyClicks(search, "CLEO")
    assert [row.partition(",")[0] for row in rows(home)] == ["jour fixe"]
    search.clear()
    QTest.keyClicks(search, "anna budg")
    assert [row.partition(",")[0] for row in rows(home)] == ["budget"]
    QTest.keyClicks(search, "xyz")
    assert rows(home) == []
    assert not home.welcome.meetings.view.isVisible()
    QTest.keyClick(search, Qt.Key_Escape)
    assert len(rows(home)) == 3


def test_a_click_opens_the_meeting(qtbot: QtBot, home: Any, kept: Path, engine: Any) -> None:
    click(home, 0)
    qtbot.waitUntil(lambda: home.session.complete)
    assert home.session.path == kept / "jour fixe.wav"
    assert [s.label for s in home.session.annotation.speakers] == ["Anna", "Cleo"]
    assert engine.runs == []


def test_by_keys_alone(qtbot: QtBot, home: Any, kept: Path) -> None:
    search = home.welcome.meetings.search
    search.setFocus()
    QTest.keyClicks(search, "ben")
    QTest.keyClick(search, Qt.Key_Down)
    QTest.keyClick(home.welcome.meetings.view, Qt.Key_Return)
    qtbot.waitUntil(lambda: home.session.complete)
    assert home.session.path == kept / "budget.wav"


def test_a_damaged_meeting_says_what_can_be_done(qtbot: QtBot, home: Any) -> None:
    click(home, 2)
    qtbot.waitUntil(lambda: bool(home.notices.notices))
    assert "broken" in home.notices.notices[0].problem.message
    assert home.welcome.isVisible()


def test_what_was_opened_and_never_saved_is_there(
    qtbot: QtBot, opened: Any, recording: Path
) -> None:
    QTest.keyClick(opened, Qt.Key_W, Qt.ControlModifier)
    qtbot.waitUntil(lambda: len(rows(opened)) == 1)
    assert rows(opened)[0].startswith("talk, Today, ")
    assert rows(opened)[0].endswith(", Not saved yet")
    menu = opened.findChild(QMenu, "recent")
    menu.aboutToShow.emit()
    menu.actions()[-1].trigger()  # clear this list
    qtbot.waitUntil(lambda: rows(opened) == [])
    qtbot.waitUntil(lambda: not opened.welcome.meetings.isVisible())


def test_what_is_saved_is_listed_by_its_meeting(qtbot: QtBot, opened: Any, recording: Path) -> None:
    opened.session.rename(0, "Anna")
    opened.meetings.save()
    qtbot.waitUntil(lambda: not opened.meetings.unsaved)
    QTest.keyClick(opened, Qt.Key_W, Qt.ControlModifier)
    qtbot.waitUntil(lambda: len(rows(opened)) == 1 and "Anna, Speaker 2" in rows(opened)[0])
    recording.unlink()
    opened._pages.show_recent()
    qtbot.waitUntil(lambda: "Sound not found: Anna, Speaker 2" in rows(opened)[0])


def test_a_meeting_that_changes_or_goes_is_read_again(qtbot: QtBot, home: Any, kept: Path) -> None:
    shutil.copy(kept / "budget.voicelanes.json", kept / "jour fixe.voicelanes.json")
    (kept / "broken.voicelanes.json").unlink()
    home._pages.show_recent()
    qtbot.waitUntil(lambda: len(rows(home)) == 2)
    assert all("Ben" in row for row in rows(home))


def test_go_on_where_it_was_left(
    qtbot: QtBot, opened: Any, recording: Path, settings: Any, player: Any, engine: Any
) -> None:
    from app.window.main_window import MainWindow

    opened.transport.seek(7 * S)
    opened.meetings.save()
    qtbot.waitUntil(lambda: not opened.meetings.unsaved)
    opened.close()
    again = MainWindow(settings, player=player, diarize=engine, prepare=lambda: None)
    qtbot.addWidget(again, before_close_func=lambda _: again.meetings.end())
    with qtbot.waitExposed(again):
        again.show()
    button = again.welcome.findChild(QCommandLinkButton, "go_on")
    qtbot.waitUntil(button.isVisible)
    assert (button.text(), button.description()) == ("Go on with talk.wav", "at 0:00:07")
    QTest.mouseClick(button, Qt.LeftButton)
    qtbot.waitUntil(lambda: again.session.complete and again.player.position == 7 * S)
    assert again.session.path == recording
    assert engine.runs == [recording]


def test_nothing_is_left_of_a_recording_that_is_gone(
    qtbot: QtBot, opened: Any, recording: Path
) -> None:
    recording.unlink()
    QTest.keyClick(opened, Qt.Key_W, Qt.ControlModifier)
    qtbot.waitUntil(opened.welcome.isVisible)
    assert not opened.welcome.findChild(QCommandLinkButton, "go_on").isVisible()


def test_folders_opened_last_are_offered(
    qtbot: QtBot, home: Any, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.recent.add_folder(kept)
    home._pages.show_recent()
    button = home.welcome.findChild(QToolButton, "folder")
    assert (button.text(), button.toolTip()) == ("recordings", str(kept))
    taken: list[Path] = []
    monkeypatch.setattr(home.folder, "open", taken.append)
    QTest.mouseClick(button, Qt.LeftButton)
    assert taken == [kept]


def test_a_row_tells_its_file(home: Any) -> None:
    view = home.welcome.meetings.view
    tips = [view.model().index(n).data(Qt.ToolTipRole) for n in range(3)]
    assert tips[0].endswith("jour fixe.voicelanes.json")
    assert "not JSON" in tips[2]
    assert view.model().index(0).data(SUMMARY).name == "jour fixe"


def test_many_meetings_come_bit_by_bit(qtbot: QtBot, home: Any, kept: Path) -> None:
    text = (kept / "budget.voicelanes.json").read_text()
    for n in range(300):
        (kept / f"{n}.voicelanes.json").write_text(text)
    home._pages.show_recent()
    home._pages.show_recent()  # the first look is given up
    qtbot.waitUntil(lambda: len(rows(home)) == 303)
    qtbot.waitUntil(lambda: not home.work.busy)


def test_a_row_is_shown_in_its_folder(
    qtbot: QtBot, home: Any, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[Any] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: shown.append(url) or True)
    view = home.welcome.meetings.view
    view.customContextMenuRequested.emit(point(home, 1))
    menu = next(m for m in home.welcome.meetings.findChildren(QMenu) if m.isVisible())
    assert [action.text() for action in menu.actions()] == ["&Open", "&Show in folder"]
    QTest.mouseClick(menu, Qt.LeftButton, pos=menu.actionGeometry(menu.actions()[1]).center())
    qtbot.waitUntil(lambda: shown != [])
    assert shown[0].toLocalFile() == str(kept)


def test_every_control_has_a_name_and_tab_gets_there(home: Any, kept: Path) -> None:
    home.recent.add_folder(kept)
    home._pages.show_recent()
    home.welcome.setFocus()
    QTest.keyClick(home, Qt.Key_Tab)
    check(home, home)
