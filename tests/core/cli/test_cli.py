"""The command line: usage, streams, signals, and what the small commands print."""

import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf

from core import cli
from core.cli import output
from core.pipeline import Progress
from tests.core.cli.engine import (
    names,
)

ROOT = Path(__file__).resolve().parents[3]


posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals and devices")


def outside(*arguments, **settings):
    """The command line in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "core", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        **settings,
    )


def test_commands_are_what_the_window_hands_over():
    names = [
        "diarize",
        "record",
        "devices",
        "archive",
        "watch",
        "export",
        "refine",
        "words",
        "voices",
        "compare",
        "score",
        "models",
        "bench",
        "doctor",
        "train",
    ]
    assert list(cli.COMMANDS) == names


@pytest.mark.parametrize("command", [[], *([c] for c in cli.COMMANDS), ["bench", "file"]])
def test_help_teaches(run, command):
    code, out, said = run(*command, "--help")
    assert (code, said) == (0, [])
    assert f"usage: voicelanes {' '.join(command)}".strip() in out
    if command != ["bench", "file"]:
        assert f"  voicelanes {' '.join(command)}" in out.partition("examples:")[2]


def test_version(run):
    code, out, _ = run("--version")
    assert code == 0
    assert out.startswith("voicelanes ")


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ([], "COMMAND"),
        (["dance"], "dance"),
        (["diarize"], "FILE"),
        (["diarize", "a.wav", "--speakers", "0"], "'0' is no number of speakers"),
        (["diarize", "a.wav", "--speakers", "4-2"], "'4-2'"),
        (["diarize", "a.wav", "--speakers", "many"], "write 3, or 2-4"),
        (["diarize", "a.wav", "--bias", "1.5"], "from -1 to 1, not '1.5'"),
        (["diarize", "a.wav", "--bias", "nan"], "from -1 to 1, not 'nan'"),
        (["diarize", "a.wav", "--speakers", "2", "--fewer"], "not allowed with"),
        (["diarize", "a.wav", "--format", "rttm,doc"], "doc is no format; there are rttm"),
        (["diarize", "a.wav", "--format", ","], "nothing is no format"),
        (["diarize", "a.wav", "--engine", "magic"], "magic"),
        (["diarize", "a.wav", "--speed"], "--speed"),
        (["compare", "a.wav"], "two files or more"),
        (["score", "a.rttm"], "HYP"),
        (["score", "a", "b", "--collar", "-1"], "seconds from 0 on"),
        (["score", "a", "b", "--collar", "nan"], "seconds from 0 on"),
        (["models", "burn"], "burn"),
        (["bench"], "decoder|file"),
        (["bench", "file", "--minutes", "0"], "more than 0"),
    ],
)
def test_wrong_usage_is_one_line_and_code_2(run, pipeline, arguments, problem):
    code, out, said = run(*arguments)
    assert (code, out, len(said)) == (2, "", 1)
    assert said[0].startswith("voicelanes: ")
    assert problem in said[0]
    assert "--help" in said[0]
    assert not pipeline


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_bar_with_the_time_left_on_a_terminal(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setattr(output, "PATIENCE_S", 0.0)
    with output.progress_bar("talk.wav") as on_progress:
        for step in range(1, 4):
            time.sleep(0.11)  # the bar is drawn ten times a second
            on_progress(Progress("listening", step / 4, 0))
        on_progress(Progress("refining", None, 0))
    shown = sys.stderr.getvalue()
    assert "talk.wav: listening  50%" in shown
    assert "refining" in shown
    left = re.findall(r", (.+?) left", shown)
    assert len(left) >= 5
    assert set(left) <= {"?", "00:00", "00:01"}, "three quarters took a third of a second"


def test_quick_work_has_no_bar(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    with output.progress_bar("talk.wav") as on_progress:
        on_progress(Progress("listening", 1.0, 0))
    assert sys.stderr.getvalue().strip() == ""


@posix
def test_ctrl_c_ends_in_one_line_and_leaves_nothing(tmp_path):
    files = [tmp_path / "a.wav", tmp_path / "b.wav"]
    for path in files:
        with sf.SoundFile(path, "w", 16_000, 1) as file:
            for _ in range(10):
                file.write(np.random.default_rng(0).normal(0, 0.1, 960_000))
    started = subprocess.Popen(
        [sys.executable, "-m", "core", "diarize", "--out", tmp_path / "out", *files],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert started.stdout.readline().endswith("a.wav\n")
    started.send_signal(signal.SIGINT)
    _, said = started.communicate(timeout=60)
    assert started.returncode == 130
    assert said == "voicelanes: stopped; no half-written file is left behind\n"
    assert names(tmp_path / "out") == []


@posix
@pytest.mark.parametrize("sign", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_whatever_ends_a_command_leaves_no_temporary_files(tmp_path, sign):
    number = getattr(signal, sign)
    started = subprocess.Popen(
        [sys.executable, "-m", "core", "bench", "file"],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not names(tmp_path):
        assert started.poll() is None, started.stderr.read()
        time.sleep(0.02)
    started.send_signal(number)
    _, said = started.communicate(timeout=60)
    assert started.returncode == 128 + number
    assert said.endswith("voicelanes: stopped; no half-written file is left behind\n")
    assert names(tmp_path) == []


@posix
def test_who_started_a_command_with_nohup_means_it(tmp_path):
    code = (
        "import os, signal\n"
        "signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
        "from core.cli.ending import handled, unwind\n"
        "with handled(unwind):\n"
        "    os.kill(os.getpid(), signal.SIGHUP)\n"
        "print('goes on')"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "goes on\n"), done.stderr


@posix
def test_a_reader_that_goes_away_is_no_error():
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "core", "models", "list"],
        cwd=ROOT,
        stdout=write,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_output_that_cannot_be_written_is_said():
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "core", "models", "list"],
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert done.returncode == 1
    assert done.stderr == (
        "voicelanes: standard output: reading or writing failed: the disk is full\n"
    )


@posix
def test_a_name_that_is_no_text_is_said_and_not_a_crash(tmp_path):
    name = os.fsencode(tmp_path) + b"/\xff\xfe.wav"
    done = subprocess.run(
        [sys.executable, "-m", "core", "diarize", name], cwd=ROOT, capture_output=True
    )
    assert done.returncode == 1
    assert done.stderr.count(b"\n") == 1
    assert b"no such file" in done.stderr


def test_models_are_listed_and_verified(run):
    code, out, _ = run("models", "list")
    assert code == 0
    assert all(word in out for word in ("ghostvlad.onnx", "uisrnn.npz", "licence", "trained on"))
    code, out, said = run("models", "verify")
    assert (code, said) == (0, [])
    assert out.count(": ok") == 5


def test_a_damaged_model_is_named(run, monkeypatch, tmp_path):
    import shutil

    from core.models import manifest

    folder = tmp_path / "models"
    shutil.copytree(manifest.shipped_models().folder, folder)
    with open(folder / "uisrnn.npz", "r+b") as file:
        file.seek(100)
        file.write(b"x")
    damaged = manifest.ModelSet.load(folder)
    monkeypatch.setattr(manifest, "shipped_models", lambda: damaged)
    code, out, said = run("models", "verify")
    assert code == 1
    assert "uisrnn.npz: damaged" in out
    assert len(said) == 1
    assert "uisrnn.npz" in said[0]


def test_bench_file_ends_with_a_line_of_json(sample):
    done = outside("bench", "file", sample, "--minutes", "0.5", "--first-pass")
    assert done.returncode == 0
    figures = json.loads(done.stdout.splitlines()[-1])
    assert figures["bench"] == "file"
    assert figures["audio_s"] == 30.0
    assert figures["turns"] >= figures["speakers"] >= 1
    assert figures["times_real_time"] == pytest.approx(30 / figures["wall_s"], rel=0.01, abs=0.06)
    if sys.platform != "win32":
        assert 20 < figures["peak_rss_mb"] < 2000


@pytest.mark.parametrize("quick", [False, True])
def test_bench_decoder_ends_with_a_line_of_json(run, monkeypatch, quick):
    monkeypatch.setattr(
        "core.bench.decoder.run", lambda *, quick: {"speedup": 60 + quick, "identical": "200/200"}
    )
    code, out, _ = run("bench", "decoder", *["--quick"] * quick)
    assert code == 0
    figures = json.loads(out.splitlines()[-1])
    assert figures == {"bench": "decoder", "speedup": 60 + quick, "identical": "200/200"}


def test_bench_file_refuses_what_holds_no_speech(run, here):
    sf.write("silence.wav", np.zeros(16_000), 16_000)
    code, _, said = run("bench", "file", "silence.wav", "--minutes", "0.1")
    assert code == 1
    assert "holds no speech" in said[-1]


def test_fewer_or_more_speakers_are_asked_for(run, pipeline, here):
    for options in ((), ("--fewer",), ("--more",), ("--bias", "-0.25")):
        run("diarize", "talk.wav", *options)
    assert [call["bias"] for call in pipeline] == [0.0, -0.5, 0.5, -0.25]
