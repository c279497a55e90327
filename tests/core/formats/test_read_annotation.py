import json

import pytest

from core.annotation import Annotation, Turn
from core.errors import InputError
from core.formats import FORMATS, read_annotation, write_annotation

TALK = Annotation.build([Turn(0, 16_000, 0), Turn(16_000, 32_000, 1)], 32_000, {1: "Anna"})
READABLE = [name for name, row in FORMATS.items() if row.parse]
RTTM = "SPEAKER a 1 0 1 <NA> <NA> x <NA> <NA>\n"


def test_what_can_be_read():
    assert READABLE == ["rttm", "audacity", "textgrid", "eaf", "json"]


@pytest.mark.parametrize("ending", ["", ".txt", ".bak", ".RTTM"])
@pytest.mark.parametrize("name", READABLE)
def test_the_content_tells_what_a_file_is(tmp_path, name, ending):
    if name != "rttm" and ending == ".RTTM":
        ending = ".x"
    path = write_annotation(TALK, tmp_path / f"talk{ending}", name, "talk")
    read, uri = read_annotation(path)
    assert (read.turns, read.speakers, uri) == (TALK.turns, TALK.speakers, "talk")


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
        ("a.txt", "========= 0 =========\n", "no annotation that Voicelanes reads"),
        ("a.html", "<!DOCTYPE html><p>x", "not XML"),
        ("a.json", json.dumps({"x": 1}), "not an annotation of Voicelanes"),
        ("a.seglst.json", "[]", "no annotation that Voicelanes reads"),
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
