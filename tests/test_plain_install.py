"""Every command and every action of the window where there is nothing but the plain install."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
import soundfile

from app.actions import ACTIONS
from core.audio.read import read_audio
from core.cli import COMMANDS
from core.units import SAMPLE_RATE
from tests.plain import make_plain_environment, run_in

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="links need rights there"),
    pytest.mark.timeout(600),
]

ARCHIVE, TRAIN = "[archive]", "[train]"
SCORED = "reference.rttm turns/talk.rttm"

COMMAND_LINES = [
    # what is typed, the exit code, and what is said
    ("diarize talk.wav --out turns --format rttm,json,textgrid,html,png,svg,wav,flac", 0, ""),
    ("diarize talk.wav --method spectral", 0, "==>"),
    ("diarize talk.wav --engine keras", 1, TRAIN),
    ("record --out mine.wav", 1, "microphone"),
    ("devices", 1, "microphone"),
    ("archive talks --out results", 1, ARCHIVE),
    ("watch talks --out results", 1, ARCHIVE),
    ("export turns/talk.rttm --format srt,csv,docx,edl --out exported", 0, ""),
    ("refine none.voicelanes.json --speakers 2", 1, "none.voicelanes.json"),
    ("words talk.wav --with faster-whisper --model models", 1, "[words]"),
    ("voices add Anna talk.wav", 0, "Anna"),
    ("voices list", 0, "Anna"),
    ("voices test talk.wav", 0, ""),
    ("voices remove Anna", 0, "Anna"),
    ("compare talk.wav talk.wav --picture distances.png --csv distances.csv", 0, ""),
    (f"score {SCORED}", 0, ""),
    ("models list", 0, "shipped"),
    ("models verify", 0, "ok"),
    ("models import --encoder a.h5 --speakers b.uisrnn --name own", 1, TRAIN),
    ("models fetch vgg", 1, TRAIN),
    ("models use shipped", 0, "shipped"),
    ("bench file talk.wav --minutes 0.2", 0, '"bench"'),
    ("bench refine --windows 50", 0, "{"),
    ("bench decoder --quick", 1, TRAIN),
    ("bench archive", 1, ARCHIVE),
    ("doctor", 0, ARCHIVE),
    ("train encoder folders=talks --prepare --held-out 0.5 --out trained", 0, "1 speakers"),
    ("train encoder trained/voices --out trained", 1, TRAIN),
    ("train speakers folders=talks --out trained", 1, TRAIN),
]

IDLE = {
    *("cancel", "undo", "redo", "voice_yes", "voice_no"),
    *("previous_mistake", "next_mistake", "panel_folder", "sound_track", "remove_speaker"),
}
"""Actions of no use in what the test does, and so disabled."""

TYPE_THEM = """
import contextlib, io, json, sys
from core import cli

lines, told = json.loads(sys.argv[1]), sys.stdout
for line in lines:
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = cli.main(line.split())
    print(json.dumps({"line": line, "code": code, "said": said.getvalue()}), file=told, flush=True)
"""

DO_EVERYTHING = """
import json, sys
from pathlib import Path
from PyQt5.QtCore import QTimer
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication, QLabel
from app.actions import ACTIONS
from app.main import make_application
from app.window.main_window import MainWindow
from app.startup import Reporter

def until(condition):
    for _ in range(1200):
        if condition():
            return
        QTest.qWait(50)
    raise SystemExit(f"waited in vain: {condition}")

def tell(**what):
    print(json.dumps(what), flush=True)

def messages():
    found = [n.findChild(QLabel).text() for n in window.notices.notices]
    window.notices.clear()
    return found

def tidy():
    for widget in QApplication.topLevelWidgets():
        if widget is not window and widget.isVisible():
            widget.close()

application = make_application()
with Reporter() as reporter:
    reporter.caught.connect(lambda error: tell(id="defect", said=[repr(error)]))
    window = MainWindow()
    window.show()
    QTest.qWait(50)
    window.open_recording(Path("talk.wav").resolve())
    until(lambda: window.session.complete)
    undo = window.actions_by_id["undo"]
    for row in sorted(ACTIONS, key=lambda row: row.id in ("listen_again", "close", "quit")):
        if window.session.complete:
            window.editing.select(window.session.annotation.turns[3:4])
        action = window.actions_by_id[row.id]
        ready = action.isEnabled()
        if row.id == "close":
            window.folder.open(Path("talks").resolve())
            until(lambda: not window.folder.busy)
            states = [row.state for row in window.folder.panel.model.rows]
            tell(id="drop a folder", said=[*messages(), *states], ready=True)
        action.trigger()
        QTest.qWait(20)
        tidy()
        if row.id not in ("undo", "add_marker") and undo.isEnabled():
            undo.trigger()
        tell(id=row.id, said=messages(), ready=ready)
    window.end()
    until(lambda: not window.isVisible())
    tell(id="the end", said=[], ready=True)
"""


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment with nothing but the plain install."""
    return make_plain_environment(tmp_path_factory.mktemp("plain") / "env")


@pytest.fixture
def desk(tmp_path: Path, sample: Path) -> Path:
    """A folder with a piece of talk by four, turns of it, and a folder of recordings."""
    soundfile.write(
        tmp_path / "talk.wav", read_audio(sample)[57 * SAMPLE_RATE : 75 * SAMPLE_RATE], SAMPLE_RATE
    )
    shutil.copy(sample.with_suffix(".rttm"), tmp_path / "reference.rttm")
    for speaker in ("anna", "ben"):
        (tmp_path / "talks" / speaker).mkdir(parents=True)
        shutil.copy(tmp_path / "talk.wav", tmp_path / "talks" / speaker)
    return tmp_path


def test_the_environment_has_no_extra(python: Path, tmp_path: Path) -> None:
    code = """
import json
from core.extras import MODULES, absent
import core.pipeline, app.window.main_window
print(json.dumps({"absent": {extra: absent(*names) == list(names)
                             for extra, names in MODULES.items()}}))
"""
    assert run_in(python, code, cwd=tmp_path) == [
        {"absent": {"archive": True, "train": True, "words": True}}
    ]


def test_every_command(python: Path, desk: Path) -> None:
    assert {line.split()[0] for line, _, _ in COMMAND_LINES} == set(COMMANDS)
    lines = [line for line, _, _ in COMMAND_LINES]
    done = {told["line"]: told for told in run_in(python, TYPE_THEM, json.dumps(lines), cwd=desk)}
    for line, code, part in COMMAND_LINES:
        said: Any = done[line]["said"]
        assert done[line]["code"] == code, f"{line}: {said}"
        assert part in said, line
        assert "defect in Voicelanes" not in said, line
        assert "No module named" not in said, line
    assert not (desk / "results").exists()


def test_every_action_of_the_window(python: Path, desk: Path) -> None:
    told = run_in(python, DO_EVERYTHING, cwd=desk)
    said: dict[Any, Any] = {}
    for one in told:
        said.setdefault(one["id"], []).extend(one["said"])  # type: ignore[arg-type]
    assert "defect" not in said, said["defect"]
    assert {row.id for row in ACTIONS} <= said.keys()
    assert not [text for texts in said.values() for text in texts if "No module" in text]
    assert not [text for text in said["open_folder"] if ARCHIVE in text]
    assert said["drop a folder"][-2:] == ["done", "done"]
    assert "the end" in said
    idle = {str(one["id"]) for one in told if not one["ready"]}
    assert idle <= IDLE
