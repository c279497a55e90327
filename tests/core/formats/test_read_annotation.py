import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.annotation.values import Annotation, Turn
from core.errors import InputError
from core.formats import (
    FORMATS,
    READABLE,
    About,
    read_annotation,
    read_noscore,
    write_annotation,
)
from core.formats.names import clean, labels, one_line
from tests.core.formats.strategies import annotations, labelled, read_or_refused

PLAIN = {
    "csv": lambda text: text.replace("\0", ""),
    "tsv": one_line,
    "audacity": one_line,
    "textgrid": one_line,
    "eaf": lambda text: clean(one_line(text)),
    "srt": lambda text: " ".join(
        one_line(text).translate(str.maketrans("<>{}\\", "‹›()/")).split()
    ),
    "vtt": one_line,
    "txt": one_line,
}
"""What a name becomes in a format that can't hold every character."""

TALK = Annotation.build([Turn(0, 16_000, 0), Turn(16_000, 32_000, 1)], 32_000, {1: "Anna"})
RTTM = "SPEAKER a 1 0 1 <NA> <NA> x <NA> <NA>\n"


def test_what_can_be_read():
    """All that holds every turn: not what part was heard, nor summaries and pictures, nor what is
    read as a transcript or by editors."""
    assert set(FORMATS) - set(READABLE) == {
        *("uem", "markdown", "html", "png", "svg"),
        *("transcript", "docx", "qda", "qda-hash", "ctm"),
        *("edl", "fcpxml", "premiere", "markers", "reaper", "audition", "youtube"),
    }


@pytest.mark.parametrize("ending", ["", ".txt", ".bak", ".RTTM"])
@pytest.mark.parametrize("name", READABLE)
def test_the_content_tells_what_a_file_is(tmp_path, name, ending):
    if name != "rttm" and ending == ".RTTM":
        ending = ".x"
    path = write_annotation(TALK, tmp_path / f"talk{ending}", name, "talk")
    read, uri = read_annotation(path)
    assert (read.turns, read.speakers, uri) == (TALK.turns, TALK.speakers, "talk")


@pytest.mark.parametrize("name", READABLE)
def test_no_format_flattens_what_is_said_at_once(tmp_path, name):
    turns = [
        Turn(0, 64_000, 0),
        Turn(16_000, 32_000, 1),  # a back-channel
        Turn(48_000, 96_000, 1),  # cuts in
        Turn(48_000, 96_000, 2),  # together with the other, to the sample
        Turn(80_000, 112_000, 0),  # three at once
    ]
    built = Annotation.build(turns, 112_000, {1: "Anna"})
    path = write_annotation(built, tmp_path / f"talk{FORMATS[name].suffix}", name, "talk")
    assert labelled(read_annotation(path)[0]) == labelled(built)


@pytest.mark.slow
@given(annotations(grid=16), st.sampled_from(READABLE))
def test_what_is_written_is_told_apart_and_read_back(built, name):
    """In every format: who speaks when, to the millisecond, whatever the names are."""
    with tempfile.TemporaryDirectory() as folder:
        told = []
        ending = ".x" if built.turns else FORMATS[name].suffix  # an empty file has nothing else
        path = write_annotation(built, Path(folder, f"talk{ending}"), name, "talk")
        read, uri = read_annotation(path, tell=told.append)
        again = write_annotation(read, Path(folder, f"again{ending}"), name, "talk")
        assert labelled(read_annotation(again)[0]) == labelled(read)
    assert uri == "talk"
    assert told == []
    assert [(t.start, t.end) for t in read.turns] == [(t.start, t.end) for t in built.turns]
    clean = PLAIN.get(name, str)
    given_names = labels(built, clean)
    if all(label.strip() and clean(label) == label for label in (s.label for s in built.speakers)):
        assert labelled(read) == sorted(
            (t.start, t.end, given_names[t.speaker]) for t in built.turns
        )
    else:
        assert len({t.speaker for t in read.turns}) == len({t.speaker for t in built.turns})


@pytest.mark.parametrize("name", READABLE)
def test_its_own_ending_is_no_part_of_the_name(tmp_path, name):
    path = write_annotation(TALK, tmp_path / f"my.talk{FORMATS[name].suffix}", name, "my.talk")
    assert read_annotation(path)[1] == "my.talk"


@pytest.mark.parametrize("name", READABLE)
def test_an_annotation_without_turns_is_read(tmp_path, name):
    path = write_annotation(Annotation(), tmp_path / f"talk{FORMATS[name].suffix}", name, "talk")
    assert read_annotation(path)[0].turns == ()


def test_one_of_several_recordings_must_be_named(tmp_path):
    path = tmp_path / "all.rttm"
    path.write_text(RTTM + RTTM.replace(" a ", " b "))
    with pytest.raises(InputError, match=r"all\.rttm holds turns of 2 recordings \(a, b\)"):
        read_annotation(path)
    assert read_annotation(path, "b")[1] == "b"
    with pytest.raises(InputError, match="2 recordings"):
        read_annotation(path, "c")
    path.write_text(RTTM)
    assert read_annotation(path, "c")[1] == "a"


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("a.csv", "file,speaker\n", "no annotation that Voicelanes reads"),
        ("a.csv", "speaker,start,end\nAnna,1\n", "line 2: there is no cell for the end"),
        ("a.csv", "speaker,start,end\nAnna,1,x\n", "line 2: the end must be a number"),
        ("a.csv", "speaker,start,end\nAnna,2,1\n", "line 2: the end must not come before"),
        ("a.txt", "========= 0 =========\nhello\n", "line 2: a listing has a block per speaker"),
        ("a.lab", "0 1 Anna\n0 Anna\n", "line 2: a turn is start, end and speaker"),
        ("a.srt", "1\n00:00:02,000 --> 00:00:01,000\nAnna\n", "line 2: the end must not come"),
        ("a.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\nhello\n", "none of its texts says who"),
        ("a.uem", "talk 1 0 10\n", "no annotation that Voicelanes reads"),
        ("a.TextGrid", b"ooBinaryFile\x08TextGrid", "binary file of Praat; save it as text"),
        ("a.html", "<!DOCTYPE html><p>x", "not XML"),
        ("a.json", json.dumps({"x": 1}), "not an annotation of Voicelanes"),
        ("a.seglst.json", "[1]", "segment 1: a segment has speaker"),
        ("a.seglst.json", '[{"speaker":"a","start_time":true,"end_time":2}]', "the times must be"),
        ("a.seglst.json", '[{"speaker":"a","start_time":0,"end_time":"x"}]', "end_time must be"),
        ("a.eaf", "", "nothing in it"),
        ("a.rttm", "hello", "line 1: this is not RTTM"),
        ("a.wav", b"RIFF\0\0", "isn't text"),
    ],
)
def test_other_files_are_refused_by_name(tmp_path, name, content, problem):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError, match=problem) as caught:
        read_annotation(path)
    assert name in str(caught.value)


def test_empty_files_mean_that_nobody_speaks(tmp_path):
    for name in ("a.rttm", "a.labels.txt"):
        (tmp_path / name).write_text("\n")
        assert read_annotation(tmp_path / name) == (Annotation(), "a")


def test_the_unscored_stretches_of_a_reference(tmp_path):
    path = tmp_path / "a.rttm"
    path.write_text(RTTM + "NOSCORE a 1 2 1 <NA> <NA> <NA> <NA> <NA>\n")
    assert read_noscore(path, "talk") == ((32_000, 48_000),)
    path.write_text(path.read_text() + "NOSCORE b 1 5 1 <NA> <NA> <NA> <NA> <NA>\n")
    assert (read_noscore(path, "b"), read_noscore(path, "c")) == (((80_000, 96_000),), ())
    assert read_noscore(write_annotation(TALK, tmp_path / "a.csv", "csv", "talk")) == ()


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_table_that_a_spreadsheet_saved(tmp_path, separator):
    """In another country: semicolons, decimal commas, other columns, in another order."""
    point = "," if separator == ";" else "."
    rows = [["Start", "End", "Note", "Speaker"], [f"0{point}5", f"1{point}25", "", "Anna B"], []]
    path = tmp_path / "a.csv"
    path.write_bytes(b"\xef\xbb\xbf" + "\r\n".join(map(separator.join, rows)).encode())
    read, uri = read_annotation(path)
    assert (labelled(read), uri) == ([(8000, 20_000, "Anna B")], "a")


def test_a_table_with_several_recordings(tmp_path):
    path = tmp_path / "all.csv"
    path.write_text("file,speaker,start,end\na,Anna,0,1\nb,Ben,1,2\n")
    with pytest.raises(InputError, match=r"2 recordings \(a, b\)"):
        read_annotation(path)
    assert labelled(read_annotation(path, "b")[0]) == [(16_000, 32_000, "Ben")]


def test_subtitles_of_others(tmp_path):
    """Notes, classes and two voices in a cue; what has no voice is left out and told."""
    path = tmp_path / "a.vtt"
    path.write_text(
        "WEBVTT - a title\n\nNOTE about it\n\nintro\n00:00.500 --> 00:01.500 align:start\n"
        "<v.loud Anna &amp; Co>Hello</v>\n<v Ben>there\n\n00:02.000 --> 01:00:03.000\n(music)\n"
    )
    told = []
    read, _ = read_annotation(path, tell=told.append)
    assert labelled(read) == [(8000, 24_000, "Anna & Co"), (8000, 24_000, "Ben")]
    assert told == ["a.vtt: texts without a voice are left out (1)"]
    path = tmp_path / "a.srt"
    path.write_text(
        "".join(f"{n}\n00:00:{n:02}.000 --> 00:00:{n:02}.900\nthey say {n}\n\n" for n in range(50))
    )
    assert len(read_annotation(path, tell=told.append)[0].speakers) == 50
    assert told[1:] == ["a.srt: its 50 texts were taken for the names of speakers"]


def test_lab_of_others(tmp_path):
    path = tmp_path / "a.lab"
    told = []
    path.write_text("0 3600000 sil\n3600000 10000000 Anna Meyer\n")
    read, _ = read_annotation(path, tell=told.append)
    assert labelled(read) == [(0, 5760, "sil"), (5760, 16_000, "Anna Meyer")]
    assert told == ["a.lab: its times were taken for steps of 100 ns, as HTK writes them"]


def test_segments_of_others_have_times_as_texts(tmp_path):
    path = tmp_path / "hyp.json"
    segment = {"session_id": "s1", "speaker": "A", "start_time": "0.5", "end_time": "1.25"}
    path.write_text(json.dumps([{**segment, "words": "hello"}, {**segment, "session_id": "s2"}]))
    assert labelled(read_annotation(path, "s2")[0]) == [(8000, 20_000, "A")]
    with pytest.raises(InputError, match="2 recordings"):
        read_annotation(path)


@pytest.mark.slow
@given(st.sampled_from(READABLE), st.text(max_size=80), st.integers(0, 300), st.integers(0, 9))
def test_any_change_is_read_or_refused_in_one_line(name, put, at, lost):
    text = FORMATS[name].render(TALK, About("talk"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a")
        path.write_text(text[:at] + put + text[at + lost :], "utf-8", "replace")
        read_or_refused(lambda: read_annotation(path))
