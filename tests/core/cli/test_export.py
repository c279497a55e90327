"""voicelanes export from outside: arguments in, exit code, lines and files out."""

import builtins
import csv
import io
import json
import sys
from dataclasses import replace

import numpy as np
import pytest
import soundfile

from core import cli
from core.annotation.values import Annotation, Speaker, Turn, Word
from core.export.meeting import TITLES, suffix
from core.formats import json_file, read_annotation, rttm, write_annotation
from core.meeting.file import Meeting, write_meeting
from core.stream.changes import Window

S = 16_000
TALK = Annotation(
    (Turn(0, 2 * S, 0), Turn(2 * S, 5 * S, 1), Turn(8 * S, 9 * S, 0)),
    (Speaker(0, "Anna"), Speaker(1, "Ben")),
    10 * S,
)


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_annotation(TALK, tmp_path / "talk.json", "json", "talk")
    return tmp_path


@pytest.fixture
def run(capsys):
    """Runs the command line; gives exit code, standard output and the lines of standard error."""

    def run(*arguments):
        code = cli.main(["export", *map(str, arguments)])
        said = capsys.readouterr()
        return code, said.out, said.err.splitlines()

    return run


def names(folder):
    return sorted(p.name for p in folder.iterdir())


def test_every_format_at_once(run, here):
    soundfile.write(here / "talk.aiff", np.zeros(10 * S), S)
    formats = ",".join(TITLES)
    code, out, said = run("talk.json", "--format", formats, "--out", "o", "--audio", "talk.aiff")
    assert (code, out) == (0, "")
    expected = {f"talk{suffix(name)}" for name in TITLES} - {"talk.wav", "talk.flac"}
    for name in ("Anna", "Ben"):
        expected |= {f"talk.{name}{end}" for end in (".wav", ".flac", ".labels.txt")}
    assert set(names(here / "o")) == expected
    assert len(said) == 1
    assert all(name in said[0] for name in expected)


def test_what_is_chosen_is_written(run, here):
    options = ["--range", "1-0:08.5", "--only", "anna", "--min-length", "1.5", "--anonymous"]
    assert run("talk.json", "--format", "csv", *options)[0] == 0
    lines = (here / "talk.csv").read_text().splitlines()
    assert lines[1:] == ["talk,Speaker 1,1.000,2.000,1.000"]
    assert run("talk.json", "--format", "rttm", "--merge-gaps", "6.1")[0] == 0
    assert len(rttm.read(here / "talk.rttm")["talk"].turns) == 2


def test_what_is_said_may_be_left_out(run, here):
    said = replace(TALK.turns[0], words=(Word(0, S, "Hello"),))
    worded = replace(TALK, turns=(said, *TALK.turns[1:]))
    write_annotation(worded, here / "said.json", "json", "said")
    assert "Anna: Hello" in run("said.json", "--format", "srt", "--out", "-")[1]
    assert "Hello" not in run("said.json", "--format", "srt", "--no-words", "--out", "-")[1]


def test_editors_have_their_frames(run, here):
    options = ["--format", "edl", "--out", "-"]
    assert "00:00:02:00 00:00:05:00" in run("talk.json", *options)[1]
    timed = ["--frame-rate", "29.97df", "--timecode", "01:00:00;00"]
    assert "01:00:02;00 01:00:05;00" in run("talk.json", *options, *timed)[1]
    assert run("talk.json", *options, "--frame-rate", "26")[0] == 2
    code, _, said = run("talk.json", *options, "--frame-rate", "25", "--timecode", "00:00:00:25")
    assert (code, said[-1].endswith("is no timecode at 25 frames a second")) == (2, True)
    code, _, said = run("talk.json", *options, "--timecode", "noon")
    assert (code, "'noon' is no timecode" in said[0]) == (1, True)


def test_a_meeting_says_how_sure_it_is(run, here):
    voices = np.eye(2, 8, dtype=np.float32)
    who = [0, 0, 1, 1, 1, None, None, None, 1]  # the last turn of Anna sounds like Ben
    heard = tuple(
        Window(n * S, (n + 1) * S, voices[v], 1.0) for n, v in enumerate(who) if v is not None
    )
    write_meeting(Meeting(TALK, "talk", None, heard), here / "sure.voicelanes.json")
    formats = ("--format", "csv,tsv,json", "--merge-gaps", "9", "--replace")
    assert run("sure.voicelanes.json", *formats)[0] == 0
    rows = list(csv.DictReader((here / "talk.csv").read_text().splitlines()))
    anna, ben = (float(row["confidence"]) for row in rows)
    assert 0 <= anna < 0.5 < ben <= 1
    assert (here / "talk.tsv").read_text().splitlines()[0].endswith("\tduration\tconfidence")
    stated = json.loads((here / "talk.json").read_text())["turns"]
    assert [round(turn["confidence"], 2) for turn in stated] == pytest.approx([anna, ben], abs=0.01)
    for name in ("csv", "tsv", "json"):
        assert len(read_annotation(here / f"talk.{name}")[0].turns) == 2
    assert "confidence" not in run("talk.json", "--format", "csv", "--out", "-")[1]


def test_captions_are_as_wide_and_high_as_wanted(run, here):
    words = tuple(Word(n * 1600, (n + 1) * 1600, f"word{n:02}") for n in range(20))
    worded = replace(TALK, turns=(replace(TALK.turns[0], words=words), *TALK.turns[1:]))
    write_annotation(worded, here / "said.json", "json", "said")
    shown = ["said.json", "--format", "vtt", "--out", "-"]
    assert "<v Anna>word00 word01 word02 word03 word04\nword05" in run(*shown)[1]
    more = ["--caption-columns", "76", "--caption-lines", "1", "--reading-speed", "40"]
    assert "<v Anna>word00 word01 word02 word03 word04 word05 word06 word" in run(*shown, *more)[1]
    code, _, said = run(*shown, "--caption-lines", "3")
    assert (code, "lines of a caption, from 1 to 2" in said[-1]) == (2, True)


def test_what_can_not_overlap_says_so(run, here):
    both = replace(TALK, turns=(Turn(0, 2 * S, 0), Turn(S, 5 * S, 1)))
    write_annotation(both, here / "both.json", "json", "both")
    told = "transcript, youtube: what is said at once stands one after the other"
    formats = ("--format", "transcript,srt,youtube", "--replace")
    assert told in run("both.json", *formats)[2][-1]
    assert "at once" not in run("both.json", *formats, "--only", "Anna")[2][-1]
    assert "at once" not in run("both.json", "--format", "srt", "--replace")[2][-1]


@pytest.mark.parametrize("name", ["rttm", "audacity", "textgrid", "eaf", "json"])
def test_every_readable_format_is_taken(run, here, name):
    path = write_annotation(TALK, here / f"in{suffix(name)}", name, "in")
    code, out, _ = run(path, "--format", "txt", "--out", "-")
    assert code == 0
    assert out.startswith("========= Anna =========\n0:00.000 ==> 0:02.000\n")
    assert not (here / "in.txt").exists()


def test_a_meeting_knows_its_recording(run, here):
    from core.meeting.sound import AudioFile

    sound = np.random.default_rng(1).integers(-9000, 9000, 10 * S).astype(np.int16)
    soundfile.write(here / "board.wav", sound, S)
    audio = AudioFile(here / "board.wav", (here / "board.wav").stat().st_size, "")
    write_meeting(Meeting(TALK, "board", audio), here / "board.voicelanes.json")
    code, _, said = run("board.voicelanes.json", "--format", "wav,eaf", "--joined", "--out", "o")
    assert (code, len(said)) == (0, 1)
    assert names(here / "o") == ["board.Anna.wav", "board.Ben.wav", "board.eaf"]
    joined, _ = soundfile.read(here / "o" / "board.Anna.wav", dtype="int16")
    assert np.array_equal(joined, np.concatenate([sound[: 2 * S], sound[8 * S : 9 * S]]))
    assert "board.wav" in (here / "o" / "board.eaf").read_text()
    code, _, _ = run("board.voicelanes.json", "--format", "wav", "--alone", "--out", "alone")
    alone, _ = soundfile.read(here / "alone" / "board.Anna.wav", dtype="int16")
    assert code == 0
    assert np.array_equal(alone[: 2 * S], sound[: 2 * S])
    code, _, said = run("board.voicelanes.json", "--format", "wav", "--audio", "none.wav")
    assert code == 1
    assert "none.wav" in said[0]


def test_an_existing_file_needs_a_yes(run, here, monkeypatch):
    (here / "talk.srt").write_text("old")
    code, _, said = run("talk.json", "--format", "csv,srt")
    assert (code, len(said)) == (1, 1)
    assert "talk.srt is there already" in said[0]
    assert (here / "talk.srt").read_text() == "old"
    assert run("talk.json", "--format", "srt", "--replace")[0] == 0
    assert run("talk.json", "--format", "srt", "--yes")[0] == 0

    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setattr(sys, "stdin", Terminal())
    for answer, expected in [("", 1), ("n", 1), ("y", 0), ("Yes", 0)]:
        monkeypatch.setattr(builtins, "input", lambda _, answer=answer: answer)
        (here / "talk.srt").write_text("old")
        assert run("talk.json", "--format", "srt")[0] == expected
        assert ((here / "talk.srt").read_text() == "old") == bool(expected)


def test_nothing_is_written_when_one_of_several_files_is_in_the_way(run, here):
    (here / "talk.srt").write_text("old")
    assert run("talk.json", "--format", "csv,srt")[0] == 1
    assert not (here / "talk.csv").exists()


def test_out_is_a_folder_or_a_file(run, here):
    assert run("talk.json", "--format", "json", "--out", "deep/er")[0] == 0
    assert json_file.read(here / "deep" / "er" / "talk.json")[0] == TALK
    assert run("talk.json", "--format", "csv", "--out", "mine.CSV")[0] == 0
    assert (here / "mine.CSV").is_file()


def test_a_picture_is_printed_as_it_is(here, capsysbinary):
    assert cli.main(["export", "talk.json", "--format", "png", "--out", "-"]) == 0
    assert capsysbinary.readouterr().out.startswith(b"\x89PNG")


def test_a_bad_file_does_not_stop_the_others(run, here):
    (here / "bad.eaf").write_text("<a")
    code, _, said = run("bad.eaf", "talk.json", "--format", "lab", "--out", "o")
    assert code == 1
    assert "bad.eaf" in said[0]
    assert names(here / "o") == ["talk.lab"]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["talk.json"], "--format"),
        (["talk.json", "--format", "doc"], "doc is no format; there are rttm, uem"),
        (["talk.json", "--format", "csv", "--only", "Cleo"], "no speaker Cleo; there are Anna"),
        (["talk.json", "--format", "csv", "--range", "5"], "give a range"),
        (["talk.json", "--format", "csv", "--range", "9-3"], "give a range"),
        (["talk.json", "--format", "csv", "--range", "90-"], "after the end at 10.0 s"),
        (["talk.json", "--format", "csv", "--merge-gaps", "-1"], "give seconds"),
        (["talk.json", "--format", "csv", "--min-length", "nan"], "give seconds"),
        (["talk.json", "--format", "csv,srt", "--out", "-"], "one file in one format"),
        (["talk.json", "--format", "wav", "--out", "-"], "written to files"),
    ],
)
def test_wrong_usage_is_one_line(run, here, arguments, problem):
    code, out, said = run(*arguments)
    assert (code, out, len(said)) == (2, "", 1)
    assert problem in said[0]
    assert names(here) == ["talk.json"]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["none.rttm", "--format", "csv"], "no such file"),
        (["talk.json", "--format", "wav"], "say where the recording is"),
    ],
)
def test_what_is_at_fault_is_one_line(run, here, arguments, problem):
    code, out, said = run(*arguments)
    assert (code, out, len(said)) == (1, "", 1)
    assert problem in said[0]
