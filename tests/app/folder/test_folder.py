"""A folder of real recordings in the window, worked through by real processes of Dask's."""

from __future__ import annotations

import csv
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
import soundfile
from PyQt5.QtCore import Qt, QUrl
from PyQt5.QtGui import QContextMenuEvent, QDesktopServices
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication, QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from app.folder.models import RecordingsModel as M
from app.folder.models import VoiceModel as V
from core.annotation.values import Annotation
from core.archive.finding import find
from core.archive.job import Asked
from core.archive.places import own_meeting
from core.archive.results import RECORD
from core.archive.run import Run
from core.audio.read import read_audio
from core.meeting.file import read_meeting
from core.models.manifest import shipped_models
from core.units import SAMPLE_RATE as S
from core.workers import cluster
from core.workers.cluster import connected
from tests.app.editing.hands import shown_menu
from tests.app.meetings.desk import answer, asks, choose, messages, press
from tests.app.test_accessibility import check
from tests.app.window.test_main_window import drop

CTRL, SHIFT = Qt.ControlModifier, Qt.ShiftModifier
LEFT_OUT = "left out, since by their names they are no recordings: 1 .txt"
PIECES = {"monday/one.wav": (0, 20), "monday/two.wav": (7, 24), "three.wav": (55, 70)}
"""Seconds of the sample conversation: somebody speaks in both of the first two."""

Wait = Callable[[Callable[[], object]], None]


def make_folder(folder: Path, sample: Path) -> Path:
    talk = read_audio(sample)
    for name, (start, end) in PIECES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(folder / name, talk[start * S : end * S], S)
    (folder / "broken.mp3").write_bytes(b"no sound at all")
    (folder / "notes.txt").write_text("not a recording")
    return folder


@pytest.fixture
def folder(tmp_path: Path, sample: Path) -> Path:
    return make_folder(tmp_path / "talks", sample)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory, sample: Path) -> tuple[Path, Path]:
    """A folder whose recordings are all done, and its results."""
    place = tmp_path_factory.mktemp("archive")
    folder, out = make_folder(place / "talks", sample), place / "results"
    with connected(1) as client, Run(client, out, shipped_models(), Asked("")) as run:
        run.submit(find([str(folder)], out))
        while run.waiting:
            run.finished(timeout=1.0)
    return folder, out


@pytest.fixture
def wait(qtbot: QtBot) -> Wait:
    return lambda condition: qtbot.waitUntil(lambda: bool(condition()), timeout=60_000)


@pytest.fixture
def listed(window: Any, archive: tuple[Path, Path], wait: Wait) -> Any:
    """The window with that folder open and its results taken."""
    folder, out = archive
    window.preferences.results = {str(folder): str(out)}
    window.open_recording(folder)
    wait(lambda: not window.folder.busy)
    yield window
    for saved in folder.rglob("*.voicelanes.*"):
        saved.unlink()


def cells(window: Any, column: int) -> dict[str, str]:
    """What stands in a column of the list, by the name of the recording."""
    model = window.folder.panel.model
    return {
        model.index(row, M.NAME).data(): model.index(row, column).data()
        for row in range(model.rowCount())
    }


def click(window: Any, name: str) -> None:
    panel = window.folder.panel
    row = list(cells(window, M.NAME)).index(name)
    where = panel.view.visualRect(panel.model.index(row, M.NAME)).center()
    QTest.mouseClick(panel.view.viewport(), Qt.LeftButton, pos=where)


def ready(window: Any, path: Path) -> bool:
    """Whether this recording is open with its turns, and nothing goes on."""
    session = window.session
    return bool(session.path == path and session.complete and not window.listening.busy)


def workers() -> list[psutil.Process]:
    def works(process: psutil.Process) -> bool:
        try:
            return any("spawn_main" in word for word in process.cmdline())
        except psutil.Error:  # it has just ended
            return False

    return [p for p in psutil.Process().children(recursive=True) if works(p)]


def annotation(folder: Path, out: Path, name: str) -> Annotation:
    """What the archive found in a recording."""
    (recording,) = [r for r in find([str(folder)], out) if r.source == str(folder / name)]
    return read_meeting(own_meeting(out, recording)).annotation


def test_a_folder_is_worked_through_stopped_and_gone_on_with(
    window: Any, folder: Path, engine: Any, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "cores", lambda: 1)  # or all would be done at once somewhere
    before = sorted(folder.rglob("*"))
    panel = window.folder.panel
    press(window, Qt.Key_O, CTRL | SHIFT)
    choose(window, folder)
    wait(lambda: panel.model.count("done") >= 1)
    assert panel.isVisible()
    assert panel.progress.isVisible()
    assert 0 < panel.progress.value() < panel.progress.maximum()
    panel.toggle.setFocus()
    QTest.keyClick(panel.toggle, Qt.Key_Return)  # Stop
    wait(lambda: not window.folder.busy)
    assert not workers()
    kept = {name for name, state in cells(window, M.STATE).items() if state == "Done"}
    assert 1 <= len(kept) < 3
    assert "Waiting" in cells(window, M.STATE).values()

    waiting = next(name for name, state in cells(window, M.STATE).items() if state == "Waiting")
    click(window, waiting)
    wait(lambda: ready(window, folder / waiting))
    assert engine.runs == [folder / waiting], "it is heard as any recording"

    assert panel.toggle.text() == "Go on"
    QTest.mouseClick(panel.toggle, Qt.LeftButton)
    wait(lambda: not window.folder.busy)
    states = cells(window, M.STATE)
    assert {name for name, state in states.items() if state == "Unchanged"} == kept
    assert {name for name, state in states.items() if state == "Done"} == set(PIECES) - kept
    assert states["broken.mp3"].startswith("Failed: ")
    assert str(folder) not in states["broken.mp3"]
    assert cells(window, M.LENGTH) == {
        "broken.mp3": "–",
        **{name: f"{end - start}.0 s" for name, (start, end) in PIECES.items()},
    }
    assert panel.state.text() == "talks: 3 of 4 done, 1 failed"
    assert not workers()
    assert sorted(folder.rglob("*")) == before, "nothing is written into the folder"
    out = window.folder.out
    assert out.is_relative_to(os.environ["XDG_DATA_HOME"])
    for name, speakers in cells(window, M.SPEAKERS).items():
        if name in PIECES:
            assert int(speakers) == len(annotation(folder, out, name).speakers)

    shown: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: shown.append(url) or True)
    QTest.mouseClick(panel.report, Qt.LeftButton)
    assert "broken.mp3" in Path(shown[0].toLocalFile()).read_text("utf-8")


def test_the_window_is_closed_in_the_middle(
    window: Any, folder: Path, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "cores", lambda: 1)
    window.open_recording(folder)
    wait(lambda: window.folder.panel.model.count("working"))
    out = window.folder.out
    window.close()
    assert not window.folder.busy or window.folder.join(0.0)
    assert not workers()
    for record in out.rglob(RECORD):  # what is done is whole
        assert record.parent.name == "broken.mp3" or list(record.parent.glob("*.rttm"))


def test_rows_open_by_enter_and_click_with_their_turns(
    listed: Any, archive: tuple[Path, Path], engine: Any, wait: Wait
) -> None:
    folder, out = archive
    view = listed.folder.panel.view
    assert view.hasFocus(), "the keyboard is in the list once a folder is open"
    assert cells(listed, M.STATE) | {"broken.mp3": ""} == {
        "broken.mp3": "",
        **dict.fromkeys(PIECES, "Unchanged"),
    }
    press(listed, Qt.Key_Home)
    while view.currentIndex().data() != "monday/two.wav":
        press(listed, Qt.Key_Down)
    press(listed, Qt.Key_Return)
    wait(lambda: ready(listed, folder / "monday/two.wav"))
    assert listed.session.annotation == annotation(folder, out, "monday/two.wav")
    assert not listed.isWindowModified()
    assert listed.windowTitle().startswith("two.wav")
    click(listed, "monday/one.wav")
    wait(lambda: ready(listed, folder / "monday/one.wav"))
    assert listed.session.annotation == annotation(folder, out, "monday/one.wav")
    assert listed.timeline.hasFocus()
    assert engine.runs == [], "it is known who speaks"
    assert messages(listed) == [LEFT_OUT]


def test_what_a_person_saved_is_opened_and_what_is_unsaved_asked_about(
    listed: Any, archive: tuple[Path, Path], engine: Any, wait: Wait
) -> None:
    folder, out = archive
    before = {path: path.read_bytes() for path in out.rglob("*.json")}
    click(listed, "three.wav")
    wait(lambda: ready(listed, folder / "three.wav"))
    listed.session.rename(0, "Anna")
    press(listed, Qt.Key_S, CTRL)
    wait(lambda: not listed.isWindowModified())
    assert (folder / "three.voicelanes.json").exists()
    listed.session.rename(1, "Ben")
    click(listed, "monday/one.wav")
    wait(lambda: asks(listed))
    answer(listed, "save")
    wait(lambda: ready(listed, folder / "monday/one.wav"))
    click(listed, "three.wav")
    wait(lambda: ready(listed, folder / "three.wav"))
    assert [s.name for s in listed.session.annotation.speakers[:2]] == ["Anna", "Ben"]
    assert {path: path.read_bytes() for path in before} == before, "the results are only read"
    assert engine.runs == []


def test_one_voice_is_found_elsewhere_and_opened_there(
    listed: Any, archive: tuple[Path, Path], wait: Wait
) -> None:
    folder, out = archive
    with (out / "speakers.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    one, two = str(folder / "monday/one.wav"), str(folder / "monday/two.wav")
    voices = {r["voice"] for r in rows if r["recording"] == one}
    voice = next(r for r in rows if r["recording"] == two and r["voice"] in voices)
    expected = [r for r in rows if r["voice"] == voice["voice"] and r["recording"] != two]

    click(listed, "monday/two.wav")
    wait(lambda: ready(listed, folder / "monday/two.wav"))
    table = listed.docks.speakers.view
    (row,) = [n for n in range(table.model().rowCount())
              if table.model().index(n, 0).data() == voice["speaker"]]  # fmt: skip
    where = table.visualRect(table.model().index(row, 0)).center()
    QTest.mouseClick(table.viewport(), Qt.RightButton, pos=where)
    event = QContextMenuEvent(QContextMenuEvent.Mouse, where, table.viewport().mapToGlobal(where))
    QApplication.sendEvent(table.viewport(), event)
    menu = shown_menu(listed)
    action = listed.actions_by_id["find_voice"]
    QTest.mouseClick(menu, Qt.LeftButton, pos=menu.actionGeometry(action).center())
    panel = listed.folder.panel
    wait(panel.voice_view.isVisible)
    listed.activateWindow()
    wait(panel.voice_view.hasFocus)
    found = [
        tuple(panel.voice_model.index(n, c).data() for c in (V.NAME, V.SPEAKER, V.TURNS))
        for n in range(panel.voice_model.rowCount())
    ]
    assert sorted(found) == sorted(
        (os.path.relpath(r["recording"], folder), r["speaker"], r["turns"]) for r in expected
    )
    assert f"{voice['speaker']} of two.wav" in panel.voice.text()
    check(listed, listed)

    panel.voice_view.setFocus()
    press(listed, Qt.Key_Home)
    chosen = panel.voice_model.rows[0]
    press(listed, Qt.Key_Return)
    path = Path(chosen.record.recording.source)
    wait(lambda: ready(listed, path) and listed.editing.selected_turns())
    first = listed.session.annotation.turns_of(chosen.spoken.id)[0]
    assert listed.player.position == first.start
    assert list(listed.editing.selected_turns()) == [first]
    assert listed.speaker_editing.current.id == chosen.spoken.id

    panel.voice_view.setFocus()
    press(listed, Qt.Key_Escape)
    assert panel.view.hasFocus()
    check(listed, listed)


def test_a_voice_needs_a_folder_to_look_in(opened: Any, wait: Wait) -> None:
    press(opened, Qt.Key_V, CTRL | SHIFT)
    assert any("folder" in message for message in messages(opened) if message != LEFT_OUT)
    QTest.mouseClick(opened.notices.findChild(QPushButton, "way"), Qt.LeftButton)
    (dialog,) = [d for d in opened.findChildren(QFileDialog) if d.isVisible()]
    dialog.reject()


def test_a_voice_that_can_not_be_compared_is_told(listed: Any, recording: Path, wait: Wait) -> None:
    listed.open_recording(recording)  # heard by an engine that keeps no voices
    wait(lambda: ready(listed, recording))
    press(listed, Qt.Key_V, CTRL | SHIFT)
    wait(lambda: any("too little" in message for message in messages(listed)))


def test_the_results_go_where_a_person_says(
    listed: Any, archive: tuple[Path, Path], tmp_path: Path, wait: Wait
) -> None:
    folder, out = archive
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(out, elsewhere)
    (elsewhere / "report.html").unlink()
    panel = listed.folder.panel
    QTest.mouseClick(panel.place, Qt.LeftButton)
    choose(listed, elsewhere)
    wait(lambda: not listed.folder.busy)
    assert panel.model.count("unchanged") == 3, "what is there is taken"
    assert str(elsewhere) in panel.place.toolTip()
    assert (elsewhere / "report.html").exists()
    assert listed.preferences.results == {str(folder): str(elsewhere)}


def test_the_panel_is_put_away_and_comes_back(listed: Any, archive: tuple[Path, Path]) -> None:
    action = listed.actions_by_id["panel_folder"]
    assert action.isEnabled()
    assert action.isChecked()
    action.trigger()
    assert not listed.folder.panel.isVisible()
    action.trigger()
    assert listed.folder.panel.isVisible()


def test_f6_comes_by_the_list(listed: Any, archive: tuple[Path, Path], wait: Wait) -> None:
    click(listed, "three.wav")
    wait(lambda: ready(listed, archive[0] / "three.wav"))
    wait(listed.timeline.hasFocus)
    press(listed, Qt.Key_F6, SHIFT)
    wait(listed.folder.panel.view.hasFocus)
    check(listed, listed)


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in the plain install: no Dask."""
    monkeypatch.setitem(sys.modules, "distributed", None)


@pytest.mark.usefixtures("plain")
def test_without_dask_one_process_does_the_same(
    window: Any, folder: Path, archive: tuple[Path, Path], wait: Wait
) -> None:
    before = sorted(folder.rglob("*"))
    press(window, Qt.Key_O, CTRL | SHIFT)
    choose(window, folder)
    wait(lambda: window.folder.panel.model.count("working"))
    assert len(workers()) == 1
    wait(lambda: not window.folder.busy)
    assert not workers()
    states = cells(window, M.STATE)
    assert states["broken.mp3"].startswith("Failed: ")
    assert {name: states[name] for name in PIECES} == dict.fromkeys(PIECES, "Done")
    assert messages(window) == [LEFT_OUT]
    assert sorted(folder.rglob("*")) == before
    for name in PIECES:
        assert annotation(folder, window.folder.out, name) == annotation(*archive, name)
    assert (window.folder.out / "report.html").exists()
    click(window, "three.wav")
    wait(lambda: ready(window, folder / "three.wav"))
    window.folder.start()
    wait(lambda: not window.folder.busy)
    assert window.folder.panel.model.count("unchanged") == 3, "what is done isn't done again"


@pytest.mark.usefixtures("plain")
def test_without_dask_it_is_stopped_at_once(window: Any, folder: Path, wait: Wait) -> None:
    window.open_recording(folder)
    wait(lambda: window.folder.panel.model.count("working"))
    QTest.mouseClick(window.folder.panel.toggle, Qt.LeftButton)
    wait(lambda: not window.folder.busy)
    assert not workers()
    assert window.folder.panel.model.count("waiting")
    assert window.folder.panel.toggle.text() == "Go on"


@pytest.mark.usefixtures("plain")
def test_a_process_that_dies_takes_one_recording_with_it(
    window: Any, folder: Path, wait: Wait
) -> None:
    window.open_recording(folder)
    wait(lambda: workers() and window.folder.panel.model.count("working"))
    workers()[0].kill()
    wait(lambda: not window.folder.busy)
    states = cells(window, M.STATE)
    died = [name for name, state in states.items() if "process that worked on it died" in state]
    assert len(died) == 1
    window.folder.start()
    wait(lambda: not window.folder.busy)
    done = [state for state in cells(window, M.STATE).values() if state in ("Done", "Unchanged")]
    assert len(done) == 3


@pytest.mark.usefixtures("plain")
def test_several_files_are_dropped_at_once(
    window: Any, folder: Path, tmp_path: Path, wait: Wait
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(folder / "three.wav", other / "one.wav")
    dropped = (folder / "monday/one.wav", folder / "notes.txt", other / "one.wav")
    drop(window, *(QUrl.fromLocalFile(str(path)) for path in dropped))
    wait(lambda: window.folder.path is not None and not window.folder.busy)
    states = list(cells(window, M.STATE).items())
    assert states == [("other/one.wav", "Done"), ("talks/monday/one.wav", "Done")]
    assert window.folder.panel.state.text() == "Several recordings: 2 of 2 done"
    assert messages(window) == []
    assert window.folder.panel.isVisible()
    click(window, "other/one.wav")
    wait(lambda: ready(window, other / "one.wav"))
    # in other company they are known again
    dropped = (folder / "monday/two.wav", folder / "monday/one.wav")
    drop(window, *(QUrl.fromLocalFile(str(path)) for path in dropped))
    wait(lambda: len(cells(window, M.STATE)) == 2 and not window.folder.busy)
    assert cells(window, M.STATE) == {"one.wav": "Unchanged", "two.wav": "Done"}


def test_a_recording_and_what_belongs_to_it_are_one(window: Any, folder: Path, wait: Wait) -> None:
    recording = folder / "three.wav"
    drop(window, *map(QUrl.fromLocalFile, (str(folder / "notes.txt"), str(recording))))
    wait(lambda: ready(window, recording))
    assert window.folder.path is None


def test_a_folder_without_recordings_is_told(window: Any, tmp_path: Path, wait: Wait) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    drop(window, QUrl.fromLocalFile(str(empty)))
    wait(lambda: messages(window) and not window.folder.busy)
    assert messages(window) == [f"there is no recording in the folder {empty}"]
    assert not window.folder.panel.isVisible()
    assert window.welcome.isVisible()
