"""What counts as a recording, and what its results are called."""

from __future__ import annotations

import os
import sys
import zipfile
from pathlib import Path

import fsspec
import pytest

from core.archive.finding import LeftOut, find, open_system
from core.archive.watching import Arrivals
from core.audio.kinds import ENDINGS
from core.errors import Cancelled, InputError


def made(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"sound")
    return folder


def test_sound_is_found_recursively(tmp_path: Path) -> None:
    names = ("a.wav", "deep/er/b.MP4", "notes.txt", ".hidden/c.wav", "._a.wav", "out/d.wav")
    talks = made(tmp_path / "talks", *names)
    found = find([str(talks)], talks / "out")
    assert [r.folder for r in found] == [
        "recordings/talks/a.wav",
        "recordings/talks/deep/er/b.MP4",
    ]
    assert found[1].name == "b"


def test_every_kind_that_can_be_read_is_found(tmp_path: Path) -> None:
    names = [f"a.{ending}" for ending in ENDINGS]
    assert {"a.sph", "a.voc", "a.wv", "a.tta", "a.mp2", "a.aifc", "a.m4b", "a.spx"} <= {*names}
    found = find([str(made(tmp_path / "talks", *names))], tmp_path / "out")
    assert sorted(Path(r.source).name for r in found) == sorted(names)


def test_what_is_left_out_is_told(tmp_path: Path) -> None:
    names = ("a.wav", "a.txt", "b.txt", "README", "._a.wav", ".hidden", "a.voicelanes.json")
    left_out = LeftOut()
    find([str(made(tmp_path, *names))], tmp_path / "out", left_out=left_out)
    (line,) = left_out.lines()
    assert line.endswith("no recordings: 2 .txt, 1 without ending")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux allows such names")
@pytest.mark.parametrize("name", [b"bad\xff.wav", b"fold\xe4r/good.wav"])
def test_a_name_that_is_not_utf_8_is_told_and_the_others_are_found(
    tmp_path: Path, name: bytes
) -> None:
    made(tmp_path, "good.wav", os.fsdecode(name))
    left_out = LeftOut()
    found = find([str(tmp_path)], tmp_path / "out", left_out=left_out)
    assert [Path(r.source).name for r in found] == ["good.wav"]
    (line,) = left_out.lines()
    assert "isn't UTF-8: rename it" in line
    assert "\\x" in line
    assert line.isprintable()


def test_looking_through_a_large_folder_can_be_stopped(tmp_path: Path) -> None:
    made(tmp_path, "a/one.wav", "b/two.wav")
    answers = iter((False, True))
    with pytest.raises(Cancelled):
        find([str(tmp_path)], tmp_path / "out", cancelled=lambda: next(answers))


def test_folders_of_one_name_stay_apart(tmp_path: Path) -> None:
    places = [str(made(tmp_path / day / "talks", "a.wav")) for day in ("mon", "tue")]
    found = find([*places, places[0]], tmp_path / "out")
    assert len({r.folder for r in found}) == len(found) == 2
    assert find([str(tmp_path / "mon/talks/a.wav")], tmp_path)[0].folder == "recordings/a.wav"


def test_what_fsspec_reads(tmp_path: Path) -> None:
    with fsspec.open("memory://archive-test/day/a.wav", "wb") as file:
        file.write(b"sound")
    (one,) = find(["memory://archive-test"], Path("out"))
    assert one.folder == "recordings/archive-test/day/a.wav"
    assert one.size == 5
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as file:
        file.writestr("day/a.wav", b"sound")
    (one,) = find([f"zip://day::file://{tmp_path}/a.zip"], Path("out"))
    assert one.source == f"zip://day/a.wav::file://{tmp_path}/a.zip"
    assert open_system(one.source)[0].cat_file("day/a.wav") == b"sound"
    with pytest.raises(InputError):
        find(["nonsense://archive-test"], Path("out"))


def test_a_file_is_complete_when_it_rests(tmp_path: Path) -> None:
    made(tmp_path, "a.wav")
    arrivals = Arrivals(rest=5)

    def look(now: float) -> list[str]:
        found = find([str(tmp_path)], tmp_path / "out")
        return [r.name for r in arrivals.complete(found, now)]

    assert look(0) == []
    (tmp_path / "a.wav").write_bytes(b"more sound")
    assert look(4) == []
    assert look(8) == []
    assert look(9) == ["a"]
    assert look(20) == []
    (tmp_path / "a.wav").write_bytes(b"quite another sound")
    assert look(21) == []
    assert look(26) == ["a"]
