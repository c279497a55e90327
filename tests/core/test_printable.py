"""Nothing that a terminal would obey, or that looks like a line of ours, gets to a terminal."""

from __future__ import annotations

import ast
import os
import pty
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.annotation.values import Annotation, Turn
from core.cli import main
from core.formats import json_file
from core.printable import printable

ROOT = Path(__file__).resolve().parents[2]
EVIL = "a\x1b[2Jb\rc\x9b31md\u202ee"


@given(st.text())
def test_only_what_stands_still_is_left(text: str) -> None:
    shown = printable(text)
    left = {unicodedata.category(c) for c in shown if c not in "\u200c\u200d"}
    assert left.isdisjoint({"Cc", "Cf", "Zl", "Zp"})
    assert len(shown.splitlines()) <= 1


@pytest.mark.parametrize("text", ["Zoë Müller", "김민준", "می‌خواهم", "👩‍🔬 lab", "a b"])
def test_names_of_people_stay_as_they_are(text: str) -> None:
    assert printable(text) == text


@pytest.fixture
def evil(tmp_path: Path, sample: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a recording, a broken one and a meeting whose names do harm."""
    monkeypatch.chdir(tmp_path)
    shutil.copyfile(sample, tmp_path / f"{EVIL}\nok: all is well.opus")
    (tmp_path / f"{EVIL} broken.wav").write_bytes(b"nothing")
    (tmp_path / f"{EVIL}.rttm").write_text(
        "SPEAKER a\x1b[2Jb\x9b31m 1 0.0 5.0 <NA> <NA> who <NA> <NA>\n", encoding="utf-8"
    )
    annotation = Annotation.build(
        [Turn(0, 16_000, 0), Turn(16_000, 32_000, 1)], 32_000, {0: EVIL, 1: "Ben"}
    )
    (tmp_path / "meeting.voicelanes.json").write_text(json_file.render(annotation, EVIL))
    return tmp_path


@pytest.mark.slow
def test_no_command_prints_a_name_as_it_is(evil: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sound, broken = f"{EVIL}\nok: all is well.opus", f"{EVIL} broken.wav"
    meeting, turns = "meeting.voicelanes.json", f"{EVIL}.rttm"
    for words in (
        ["diarize", sound, broken, "--out", EVIL],
        ["diarize", broken, "--debug"],
        ["diarize", broken, f"--{EVIL}"],
        ["refine", meeting, broken],
        ["export", meeting, broken, "--format", "csv", "--out", EVIL],
        ["score", turns, turns],
        ["compare", broken, broken],
        ["voices", "test", sound, broken],
        ["models", "use", EVIL],
        [EVIL],
    ):
        main(words)
        said = capsys.readouterr()
        for stream in (said.out, said.err):
            assert not {"\x1b", "\x9b", "\u202e"} & set(stream), words
            assert "b\rc" not in stream, words  # a bar begins its line anew, if this takes long
            assert "\nok: all" not in stream
        assert "\\x1b[2J" in said.out + said.err, words


def test_turns_on_a_terminal_and_in_a_pipe(evil: Path) -> None:
    """A program gets what would be in the file; a terminal nothing that it obeys."""
    command = [sys.executable, "-m", "core", "export", "meeting.voicelanes.json"]
    command += ["--format", "csv", "--out", "-"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    piped = subprocess.run(command, env=environment, capture_output=True, check=True).stdout
    assert b"\x1b[2J" in piped
    terminal, side = pty.openpty()
    subprocess.run(command, env=environment, stdout=side, check=True)
    os.close(side)
    shown = os.read(terminal, 100_000)
    os.close(terminal)
    assert b"\x1b" not in shown
    assert b"\\x1b[2J" in shown


def test_commands_print_by_the_one_function() -> None:
    """Beside the bar of levels, which has no names, and turns for another program."""
    allowed = {"output.py": 4, "record.py": 2, "export.py": 1}
    found: dict[str, int] = {}
    for path in [*(ROOT / "core" / "cli").glob("*.py"), ROOT / "app" / "main.py"]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Name) and node.id == "print":
                found[path.name] = found.get(path.name, 0) + 1
    assert found == allowed
