"""``voicelanes score`` and ``voicelanes compare``."""

import csv
import io

import numpy as np
import pytest
import soundfile as sf

from core.formats import FORMATS, READABLE, rttm, write_annotation
from tests.core.cli.engine import (
    names,
)


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
