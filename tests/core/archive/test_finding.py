"""What counts as a recording, and what its results are called."""

from __future__ import annotations

from pathlib import Path

import fsspec
import pytest

from core.archive.finding import find
from core.archive.watching import Arrivals
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


def test_what_fsspec_reads() -> None:
    with fsspec.open("memory://archive-test/day/a.wav", "wb") as file:
        file.write(b"sound")
    (one,) = find(["memory://archive-test"], Path("out"))
    assert one.folder == "recordings/archive-test/day/a.wav"
    assert one.size == 5
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
