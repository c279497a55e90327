"""``voicelanes diarize``."""

import errno
import os
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf

from core.audio.together.listing import read_together
from core.formats import FORMATS, json_file, rttm
from core.pipeline import Result, SpeakerCount
from tests.core.cli.engine import (
    TURNS,
    names,
)

LISTING = """\
========= 0 =========
0:00.288 ==> 0:04.406
========= 1 =========
0:04.406 ==> 0:07.699
"""


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


def test_lanes_are_called_after_channels_of_different_people(run, pipeline, here):
    code, out, said = run("diarize", "call.wav")
    assert code == 0
    assert out == LISTING.replace("= 0 =", "= Left =").replace("= 1 =", "= Right =")
    assert said == [
        "voicelanes: call.wav: Left and Right are channels of different people, each heard alone"
        " (--channels mix makes one sound of them)"
    ]
    assert run("diarize", "talk.wav", "--channels", "speakers") == (0, LISTING, [])
    assert [call["channels"] for call in pipeline] == ["auto", "speakers"]
    assert run("diarize", "talk.wav", "--channels", "both")[0] == 2


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


def test_several_files_are_one_meeting(run, pipeline, here):
    for name, tone in (("1-anna.wav", 0.1), ("2-ben.wav", 0.2)):
        sf.write(name, np.full(32_000, tone, np.float32), 16_000)
    code, out, said = run(
        "diarize", "1-anna.wav", "2-ben.wav", "--together", "talk.together", "--offset",
        "2-ben.wav=-1.5", "--out", "turns",
    )  # fmt: skip
    assert (code, out) == (0, LISTING)
    assert "ben (2-ben.wav) starts at 0.00 s: as given" in "\n".join(said)
    assert "anna (1-anna.wav) starts at 1.50 s" in "\n".join(said)
    assert names(here / "turns") == ["talk.rttm"]
    assert [part.start for part in read_together(Path("talk.together"))] == [1.5, 0.0]


def test_what_is_wrong_with_files_of_one_meeting_is_said_and_nothing_replaced(run, pipeline, here):
    sf.write("a.wav", np.full(32_000, 0.1, np.float32), 16_000)
    Path("b.wav").write_bytes(Path("a.wav").read_bytes())
    Path("mine.together").write_text("a poem")
    for arguments, code, words in (
        (("a.wav", "b.wav", "--together", "t.together"), 1, "the same as"),
        (("a.wav", "gone.wav", "--together", "t.together"), 1, "no such file"),
        (("a.wav", "b.wav", "--together", "t.wav"), 2, "must end in .together"),
        (("a.wav", "b.wav", "--together", "t.together", "--offset", "b.wav=x"), 2, "SECONDS"),
        (("a.wav", "b.wav", "--offset", "b.wav=1"), 2, "needs --together"),
        (("a.wav", "b.wav", "--together", "mine.together"), 1, "no list of files"),
    ):
        found, _, said = run("diarize", *arguments)
        assert found == code, arguments
        assert words in said[-1]
    assert not Path("t.together").exists()
    assert Path("mine.together").read_text() == "a poem"
    assert not pipeline
