"""The promises of README's Privacy, kept by the real program as the system sees it.

Python's own view of sockets isn't enough: a library may speak to the network by itself.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest
import soundfile

from core.audio.read import read_audio
from core.units import SAMPLE_RATE
from tests.e2e import screen as screens
from tests.e2e.traced import Traced, missing

ROOT = Path(__file__).resolve().parents[2]
AWAKE_S = 20
"""onnxruntime's telemetry made its first connection 10 s after the start: so long a program is
watched at least, also when its work is done."""
STAY = f"""
import sys, time
from core.cli import main
begun = time.monotonic()
code = main(sys.argv[1:])
time.sleep(max(0.0, begun + {AWAKE_S} - time.monotonic()))
sys.exit(code)
"""

pytestmark = [
    pytest.mark.skipif(bool(missing()), reason=missing() or "-"),
    pytest.mark.timeout(600),
]


@pytest.fixture
def traced(tmp_path: Path) -> Traced:
    (tmp_path / "watched").mkdir()
    return Traced(tmp_path / "watched")


@pytest.fixture
def talk(tmp_path: Path, sample: Path) -> Path:
    path = tmp_path / "talks" / "talk.wav"
    path.parent.mkdir()
    soundfile.write(path, read_audio(sample)[: 40 * SAMPLE_RATE], SAMPLE_RATE)
    return path


def run(traced: Traced, *arguments: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [*traced.command, sys.executable, "-c", STAY, *arguments],
        cwd=ROOT,
        env=traced.environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done


def outside(traced: Traced, *places: Path) -> list[Path]:
    """What was written in no place that README names, nor the fonts' lists of the system."""
    allowed = [
        *places,
        Path("/var/cache/fontconfig"),
        traced.home / ".cache/fontconfig",
    ]
    return sorted(
        path
        for path in traced.written()
        if not any(path.is_relative_to(place) or place.is_relative_to(path) for place in allowed)
    )


def test_a_tracer_sees_what_is_hidden_from_python(traced: Traced) -> None:
    """What the other tests find nothing of would be found."""
    code = (
        "import ctypes, os, socket\n"
        "libc = ctypes.CDLL(None)\n"
        "made = libc.socket(socket.AF_INET, socket.SOCK_DGRAM, 0)\n"
        "address = bytes([2, 0, 0, 9, 192, 0, 2, 1]) + bytes(8)\n"
        "libc.connect(made, address, 16)\n"
        "os.makedirs(os.path.expanduser('~/.cache/Somebody'))\n"
    )
    subprocess.run(
        [*traced.command, sys.executable, "-c", code], env=traced.environment, check=True
    )
    assert len(traced.internet()) == 2
    (call,) = traced.elsewhere()
    assert "192.0.2.1" in call
    assert outside(traced) == [traced.home / ".cache" / "Somebody"]


def test_a_command_says_no_word_to_the_network(traced: Traced, talk: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = run(traced, "diarize", str(talk), "--out", str(out), "--format", "rttm,png")
    assert done.stdout.count(" ==> ") > 5
    assert traced.internet() == []
    assert outside(traced, out) == []
    assert list(traced.temporary.iterdir()) == []


def test_an_archive_speaks_to_nobody_but_itself(
    traced: Traced, tmp_path: Path, sample: Path
) -> None:
    pytest.importorskip("distributed", reason="needs the [archive] extra")
    talks, out = tmp_path / "talks", tmp_path / "out"
    talks.mkdir()
    for number in range(2):
        soundfile.write(talks / f"{number}.wav", read_audio(sample)[: 8 * SAMPLE_RATE], SAMPLE_RATE)
    run(traced, "archive", str(talks), "--out", str(out), "--workers", "2")
    assert traced.internet(), "its processes talk over the loopback"
    assert traced.elsewhere() == []
    assert outside(traced, out, traced.temporary) == []
    assert list(traced.temporary.iterdir()) == []


@pytest.mark.display
@pytest.mark.skipif(bool(screens.missing()), reason=screens.missing() or "-")
def test_the_window_says_no_word_to_the_network(
    traced: Traced, talk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name not in traced.environment]:
        monkeypatch.delenv(name)
    for name, value in traced.environment.items():
        monkeypatch.setenv(name, value)
    with (
        screens.Screen(tmp_path) as screen,
        screens.App(screen, tmp_path, str(talk), under=traced.command) as app,
    ):
        screen.focus("talk.wav")
        started = time.monotonic()
        screens.wait_for(
            lambda: heard(app) and time.monotonic() > started + AWAKE_S, "the networks at work"
        )
        screen.focus("talk.wav")
        screen.keys("ctrl+q")
        assert app.ended_well(), app.stderr()
    assert traced.internet() == []
    places = [".config/Voicelanes", ".cache/Voicelanes", ".local/state/Voicelanes"]
    for place in places:
        assert (traced.home / place).stat().st_mode & 0o777 == 0o700, place
    assert outside(traced, *(traced.home / place for place in places)) == []


def heard(app: Any) -> bool:
    """Whether the networks are at work: their library is loaded."""
    for process in psutil.Process(app.process.pid).children(recursive=True):
        if any("onnxruntime" in mapped.path for mapped in process.memory_maps()):
            return True
    return False
