"""The command line from outside: arguments in, exit code, lines and files out."""

import csv
import errno
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
from core.annotation.values import Annotation, Turn
from core.cli import output
from core.errors import InputError
from core.formats import FORMATS, READABLE, json_file, rttm, write_annotation
from core.pipeline import Progress, Result, SpeakerCount

ROOT = Path(__file__).resolve().parents[3]
posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals and devices")

TURNS = Annotation.build([Turn(4608, 70_496, 0), Turn(70_496, 123_184, 1)], 130_000)
LISTING = """\
========= 0 =========
0:00.288 ==> 0:04.406
========= 1 =========
0:04.406 ==> 0:07.699
"""


@pytest.fixture
def pipeline(monkeypatch):
    """Stands in for the engine: knows talk.wav and others, fails on bad*.wav; records its calls."""
    calls = []

    def diarize_file(path, **settings):
        calls.append({"path": path, **settings})
        if Path(path).name.startswith("bad"):
            raise InputError(f"{path}: this is not a recording; give another file.")
        settings["on_progress"](Progress("listening", 0.5, 65_000))
        if settings["on_samples"]:
            settings["on_samples"](np.zeros(16_000, np.float32))
        settings["on_progress"](Progress("refining", None, 130_000))
        found = Annotation(duration=9) if Path(path).name.startswith("silent") else TURNS
        return Result(found, found, (), (), ("one channel is dead",) if "dead" in path else ())

    monkeypatch.setattr("core.pipeline.diarize_file", diarize_file)
    return calls


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(capsys):
    """Runs the command line; gives exit code, standard output and the lines of standard error."""

    def run(*arguments):
        code = cli.main([str(a) for a in arguments])
        said = capsys.readouterr()
        return code, said.out, said.err.splitlines()

    return run


def names(folder):
    return sorted(p.name for p in folder.iterdir())


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


# Usage ------------------------------------------------------------------------------------------


def test_commands_are_what_the_window_hands_over():
    names = [
        "diarize",
        "record",
        "devices",
        "archive",
        "watch",
        "export",
        "refine",
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


# diarize ----------------------------------------------------------------------------------------


def test_the_listing_goes_to_standard_output_and_nothing_is_written(run, pipeline, here):
    assert run("diarize", "talk.wav") == (0, LISTING, [])
    assert names(here) == []
    assert pipeline[0]["speakers"] is None
    assert (pipeline[0]["engine"], pipeline[0]["second_pass"]) == ("onnx", True)


def test_a_name_that_begins_with_a_dash_and_an_option_after_it(run, pipeline, here):
    Path("--x.wav").touch()
    assert run("diarize", "--out", "d", "--", "--x.wav")[0] == 0
    assert names(here / "d") == ["--x.rttm"]
    code, _, said = run("diarize", "--", "--x.wav", "--out", "e")
    assert code == 2
    assert "--out stands after --, where everything is a file: put it before" in said[-1]
    assert not Path("e").exists()


def test_options_reach_the_engine(run, pipeline, here):
    run("diarize", "talk.wav", "--speakers", "2-4", "--first-pass", "--engine", "keras")
    assert pipeline[0]["speakers"] == SpeakerCount(2, 4)
    assert (pipeline[0]["engine"], pipeline[0]["second_pass"]) == ("keras", False)


def test_out_means_rttm(run, pipeline, here):
    code, out, said = run("diarize", "x/my talk.wav", "--out", "a/b")
    assert (code, out) == (0, LISTING)
    assert names(here / "a" / "b") == ["my talk.rttm"]
    read = rttm.read(here / "a" / "b" / "my talk.rttm")
    assert read["my talk"].turns == TURNS.turns
    assert said == [f"voicelanes: wrote {Path('a/b/my talk.rttm')}"]


def test_every_format_and_the_picture(run, pipeline, here):
    formats = ", ".join(FORMATS).replace("txt", "TXT").replace("png, ", "")
    code, _, said = run("diarize", "talk.wav", "--format", formats, "--picture")
    assert code == 0
    assert names(here) == sorted(f"talk{row.suffix}" for row in FORMATS.values())
    assert (here / "talk.txt").read_text() == LISTING
    assert json_file.read(here / "talk.json") == (TURNS, "talk")
    assert (here / "talk.png").read_bytes().startswith(b"\x89PNG")
    assert all(name in said[0] for name in names(here))


def test_several_files_are_named_and_a_bad_one_does_not_stop_the_others(run, pipeline, here):
    code, out, said = run("diarize", "a.wav", "bad.wav", "b.wav", "--out", "out")
    assert code == 1
    assert out == f"a.wav\n{LISTING}\nbad.wav\n\nb.wav\n{LISTING}"
    assert names(here / "out") == ["a.rttm", "b.rttm"]
    assert [s for s in said if "wrote" not in s] == [
        "voicelanes: bad.wav: this is not a recording; give another file."
    ]


def test_a_defect_in_one_file_does_not_stop_the_others_either(run, pipeline, here, monkeypatch):
    def broken(path, **_):
        if path == "a.wav":
            raise ZeroDivisionError("nobody\nthought of it")
        return Result(TURNS, TURNS, (), ())

    monkeypatch.setattr("core.pipeline.diarize_file", broken)
    code, out, said = run("diarize", "a.wav", "b.wav")
    assert code == 70
    assert out.endswith(LISTING)
    assert len(said) == 1
    assert "a.wav: defect in Voicelanes (ZeroDivisionError: nobody thought of it)" in said[0]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_traceback_only_with_debug_wherever_it_stands(run, pipeline, here, place):
    arguments = ["diarize", "bad.wav"]
    assert len(run(*arguments)[2]) == 1
    arguments.insert(place, "--debug")
    code, _, said = run(*arguments)
    assert code == 1
    assert said[0].startswith("Traceback")
    assert said[-1].startswith("voicelanes: bad.wav")


def test_warnings_are_a_line_each(run, pipeline, here):
    assert run("diarize", "dead.wav")[2] == ["voicelanes: dead.wav: one channel is dead"]


def test_a_silent_recording_is_no_error(run, pipeline, here):
    code, out, said = run("diarize", "silent.wav", "--out", "out", "--picture")
    assert (code, out) == (0, "")
    assert said[0] == "voicelanes: silent.wav: no speech found"
    assert (here / "out" / "silent.rttm").read_bytes() == b""


@pytest.mark.parametrize("second", ["other/talk.flac", "talk.wav", "TALK.mp3"])
def test_two_recordings_never_share_a_file(run, pipeline, here, second):
    code, out, said = run("diarize", "talk.wav", second, "--out", "out")
    assert (code, out, len(said)) == (2, "", 1)
    assert "talk.wav" in said[0]
    assert second in said[0]
    assert not pipeline
    assert run("diarize", "talk.wav", second)[0] == 0, "nothing is written, nothing to share"


def test_a_folder_that_cannot_be_written_is_told_before_the_work(run, pipeline, here):
    (here / "file").write_text("")
    code, out, said = run("diarize", "talk.wav", "--out", "file")
    assert (code, out, len(said)) == (1, "", 1)
    assert "can't write into the folder file" in said[0]
    assert not pipeline


def test_the_old_file_survives_a_full_disk(run, pipeline, here, monkeypatch):
    (here / "talk.rttm").write_text("old")

    def full(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    code, _, said = run("diarize", "talk.wav", "--format", "rttm")
    assert code == 1
    assert "can't write talk.rttm: the disk is full" in said[0]
    assert (here / "talk.rttm").read_text() == "old"
    assert names(here) == ["talk.rttm"]


def test_an_old_file_is_replaced(run, pipeline, here):
    (here / "talk.rttm").write_text("old")
    assert run("diarize", "talk.wav", "--format", "rttm")[0] == 0
    assert (here / "talk.rttm").read_text().startswith("SPEAKER talk 1 0.288 4.118")


def test_the_real_engine_on_the_sample(run, here, sample):
    code, out, _ = run("diarize", sample, "--out", "out", "--speakers", "2", "--picture")
    assert code == 0
    assert out.startswith("========= 0 =========\n0:0")
    (found,) = rttm.read(here / "out" / "sample.rttm").values()
    assert len(found.speakers) == 2
    code, out, _ = run("score", sample.with_suffix(".rttm"), here / "out")
    assert code == 0
    assert float(out.splitlines()[1].split()[1]) < 60


def test_bad_recordings_are_one_line_each_and_code_1(run, here):
    sf.write("silence.wav", np.zeros(32_000), 16_000)
    (here / "empty.wav").write_bytes(b"")
    (here / "text.wav").write_text("this is no sound\n" * 50)
    (here / "folder").mkdir()
    bad = ["empty.wav", "text.wav", "folder", "missing.wav"]
    code, out, said = run("diarize", *bad, "silence.wav", "--out", "out")
    assert code == 1
    assert names(here / "out") == ["silence.rttm"]
    assert len(said) == len(bad) + 2
    assert all(name in line for name, line in zip(bad, said, strict=False))
    assert "==" not in out


# Streams and signals ----------------------------------------------------------------------------


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


# compare ----------------------------------------------------------------------------------------


def test_compare_prints_tells_and_writes(run, here, shared):
    folder = shared / "eval" / "4persons"
    files = [folder / f"{n}.wav" for n in ("a_1", "a_2", "x_1", "x_2")]
    code, out, said = run("compare", *files, "--csv", "d.csv", "--picture", "d.png")
    assert code == 0
    rows = [line for line in out.splitlines() if line and "*" not in line]
    assert [row.count("| ") for row in rows] == [2] * 4
    assert out.count("*" * 80) == 2
    assert "every distance within a person" in said[0]
    table = list(csv.reader(io.StringIO((here / "d.csv").read_bytes().decode(), newline="")))
    assert table[0] == ["", *(f.name for f in files)]
    assert [row[0] for row in table[1:]] == [f.name for f in files]
    for printed, (_, *cells) in zip(rows, table[1:], strict=True):
        values = printed.replace("|", "").split()
        assert [f"{float(c):.2f}" for c in cells] == values
    assert (here / "d.png").read_bytes().startswith(b"\x89PNG")


def test_compare_says_what_is_wrong_with_a_file(run, here):
    sf.write("a_1.wav", np.zeros(16_000), 16_000)
    code, out, said = run("compare", "a_1.wav", "a_2.wav", "--csv", "d.csv")
    assert (code, out, len(said)) == (1, "", 1)
    assert "a_1.wav holds no sound" in said[0]
    assert names(here) == ["a_1.wav"]


# score ------------------------------------------------------------------------------------------


def lines(uri, *turns):
    return "".join(
        f"SPEAKER {uri} 1 {a:.3f} {b - a:.3f} <NA> <NA> {who} <NA> <NA>\n" for a, b, who in turns
    )


@pytest.fixture
def scored(here):
    (here / "ref").mkdir()
    (here / "hyp").mkdir()
    (here / "ref" / "one.rttm").write_text(lines("one", (0, 6, "A"), (6, 10, "B")))
    (here / "ref" / "two.rttm").write_text(lines("two", (0, 30, "A")))
    (here / "hyp" / "one.rttm").write_text(lines("one", (1, 9, "x"), (9, 12, "y")))
    (here / "hyp" / "two.rttm").write_text(lines("two", (0, 30, "z")))
    return here


def table(out):
    """Recording -> DER, missed, false alarm and confusion in %, speakers."""
    rows = [line.split() for line in out.splitlines()[1:-1]]
    return {r[0]: (r[1], r[2], r[5], r[8], " ".join(r[-3:])) for r in rows}


def test_scores_per_file_and_in_total(run, scored):
    code, out, said = run("score", "ref", "hyp")
    assert (code, said) == (0, [])
    assert table(out) == {
        "one": ("60.00", "10.00", "20.00", "30.00", "2 of 2"),
        "two": ("0.00", "0.00", "0.00", "0.00", "1 of 1"),
        "total": ("15.00", "2.50", "5.00", "7.50", "3 of 3"),
    }
    assert "1.00 s" in out
    rules = out.splitlines()[-1]
    assert rules.startswith("rules: no collar; overlapped speech scored; region from the first to")


def test_the_rules_in_use_are_said(run, scored):
    (scored / "s.uem").write_text("one 1 0 5\ntwo 1 0 10\n")
    code, out, _ = run(
        "score", "ref", "hyp", "--uem", "s.uem", "--collar", "0.25", "--skip-overlap"
    )
    assert code == 0
    assert out.splitlines()[-1].startswith(
        "rules: collar 0.25 s on each side of the reference's edges;"
        " overlapped speech not scored; region from s.uem"
    )
    assert table(out)["one"] == ("15.79", "15.79", "0.00", "0.00", "1 of 1")


def test_a_missing_hypothesis_is_all_missed_and_said(run, scored):
    (scored / "hyp" / "two.rttm").unlink()
    (scored / "hyp" / "three.rttm").write_text(lines("three", (0, 1, "x")))
    code, out, said = run("score", "ref", "hyp")
    assert code == 0
    assert table(out)["two"] == ("100.00", "100.00", "0.00", "0.00", "0 of 1")
    assert "two has no hypothesis: all of its speech counts as missed" in said[0]
    assert "three" in said[1]
    assert "has no reference" in said[1]


def test_an_empty_hypothesis_is_one(run, scored):
    (scored / "hyp" / "two.rttm").write_text("")
    code, out, said = run("score", "ref", "hyp")
    assert (code, said) == (0, [])
    assert table(out)["two"][0] == "100.00"


def test_files_are_matched_by_their_names_too(run, scored):
    (scored / "hyp" / "one.rttm").write_text(lines("other", (1, 9, "x"), (9, 12, "y")))
    _, out, said = run("score", "ref", "hyp")
    assert table(out)["one"][0] == "60.00"
    assert "one is compared with other" in said[0]


def test_two_single_files_are_compared_whatever_they_are_called(run, scored):
    _, out, said = run("score", "ref/one.rttm", "hyp/two.rttm")
    assert "one" in table(out)
    assert "one is compared with two" in said[0]


def test_several_hypotheses_are_those_of_several_recordings(run, scored):
    _, expected, _ = run("score", "ref", "hyp")
    code, out, said = run("score", "ref", "hyp/two.rttm", "hyp/one.rttm")
    assert (code, out, said) == (0, expected, [])
    code, _, said = run("score", "ref", "hyp", "hyp/one.rttm")
    assert code == 1
    assert "both hold turns of one: keep one of the two, or score one after the other" in said[0]


def test_endings_in_capitals_count_and_what_a_mac_leaves_behind_does_not(run, scored):
    _, expected, _ = run("score", "ref", "hyp")
    (scored / "hyp" / "one.rttm").rename(scored / "hyp" / "one.RTTM")
    (scored / "hyp" / "._two.rttm").write_bytes(b"\0\5\x16\7Mac OS X")
    (scored / "ref" / "._two.rttm").write_bytes(b"\0\5\x16\7Mac OS X")
    assert run("score", "ref", "hyp") == (0, expected, [])


def test_a_uem_may_name_the_file_and_hold_an_empty_stretch(run, scored):
    (scored / "s.uem").write_text("one 1 0 5\none 1 7 7\ntwo 1 0 10\n")
    _, expected, said = run("score", "ref", "hyp", "--uem", "s.uem")
    assert said == ["voicelanes: s.uem: stretches without length are left out (1)"]
    (scored / "s.uem").write_text("one.wav 1 0 5\ntwo 1 0 10\n")
    code, out, said = run("score", "ref", "hyp", "--uem", "s.uem")
    assert (code, out) == (0, expected)
    assert said == ["voicelanes: one is scored where the UEM says so of one.wav"]


def test_noscore_lines_of_the_reference_are_heeded(run, scored):
    before = table(run("score", "ref", "hyp")[1])["one"]
    with open(scored / "ref" / "one.rttm", "a") as file:
        file.write("NOSCORE one 1 0 1000 <NA> <NA> <NA> <NA> <NA>\n")
    with open(scored / "hyp" / "two.rttm", "a") as file:
        file.write("NOSCORE two 1 0 1000 <NA> <NA> <NA> <NA> <NA>\n")
    code, out, said = run("score", "ref", "hyp")
    assert code == 0
    assert before[0] != "-"
    assert table(out)["one"] == ("-", "-", "-", "-", "0 of 0")
    assert table(out)["two"][0] != "-"
    assert len(said) == 1
    assert "one: not scored where NOSCORE lines of" in said[0]


@pytest.mark.parametrize("name", READABLE)
@pytest.mark.parametrize("folder", ["ref", "hyp"])
def test_every_readable_format_is_scored_as_rttm_is(run, scored, folder, name):
    _, expected, _ = run("score", "ref", "hyp")
    path = scored / folder / "one.rttm"
    turns = rttm.read(path)["one"]
    path.unlink()
    path = write_annotation(turns, path.with_name(f"one{FORMATS[name].suffix}"), name, "one")
    assert run("score", "ref", "hyp") == (0, expected, [])
    pair = ["ref/one.rttm", "hyp/one.rttm"]
    pair[folder == "hyp"] = f"{folder}/{path.name}"
    code, out, said = run("score", *pair)
    assert (code, said) == (0, [])
    assert table(out)["one"] == table(expected)["one"]


def test_in_a_folder_rttm_counts_and_what_holds_no_turns_is_left_out(run, scored):
    _, expected, _ = run("score", "ref", "hyp")
    (scored / "hyp" / "one.lab").write_text("0.0 1.0 somebody\n")
    (scored / "hyp" / "notes.txt").write_text("hello\n")
    (scored / "hyp" / "talk.wav").write_bytes(b"RIFF")
    code, out, said = run("score", "ref", "hyp")
    assert (code, out) == (0, expected)
    assert len(said) == 1
    assert "notes.txt is left out: it holds no turns that Voicelanes reads" in said[0]
    (scored / "hyp" / "two.rttm").rename(scored / "hyp" / "two.rttm.bak")
    for ending in ("lab", "srt"):
        (scored / "hyp" / f"two.{ending}").write_text("0.0 1.0 somebody\n")
    code, _, said = run("score", "ref", "hyp")
    assert code == 1
    assert "both hold turns of two: keep one of the two" in said[-1]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["ref", "none"], "can't read none: there is no such file"),
        (["ref", "."], "no file with turns in the folder ."),
        (["ref", "bad.txt"], "bad.txt: no annotation that Voicelanes reads"),
        (["ref", "hyp", "--uem", "bad.txt"], "bad.txt, line 1"),
        (["ref", "hyp", "--uem", "other.uem"], "names none of the recordings"),
        (["twice", "hyp"], "both hold turns of one"),
    ],
)
def test_what_cannot_be_scored_is_said(run, scored, arguments, problem):
    (scored / "bad.txt").write_text("hello\n")
    (scored / "other.uem").write_text("three 1 0 5\n")
    (scored / "twice").mkdir()
    for name in ("a", "b"):
        (scored / "twice" / f"{name}.rttm").write_text(lines("one", (0, 1, "A")))
    code, out, said = run("score", *arguments)
    assert (code, out) == (1, "")
    assert problem in said[-1]


# models, doctor, bench --------------------------------------------------------------------------


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
    assert figures["times_real_time"] == pytest.approx(30 / figures["wall_s"], rel=0.01)
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
