import errno
import os
import re
import stat
import sys

import pytest

from core.annotation.values import Annotation, Turn
from core.atomic import writable_folder, write_file
from core.errors import OutputError
from core.formats import FORMATS, About, write_annotation

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX files only")


def names(folder):
    return sorted(p.name for p in folder.iterdir())


def test_text_and_bytes_are_written_and_nothing_else_is_left(tmp_path):
    write_file(tmp_path / "a.txt", "Zoë\n")
    write_file(tmp_path / "b.bin", b"\0\1")
    assert (tmp_path / "a.txt").read_bytes() == "Zoë\n".encode()
    assert (tmp_path / "b.bin").read_bytes() == b"\0\1"
    assert names(tmp_path) == ["a.txt", "b.bin"]


@posix
def test_the_old_file_survives_a_write_that_fails_half_way(tmp_path):
    """The system itself ends the write, as it does on a full disk."""
    import resource

    path = tmp_path / "a.txt"
    path.write_text("old")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5000, limits[1]))
    try:
        with pytest.raises(OutputError, match=r"can't write .*a\.txt: the file would be too large"):
            write_file(path, b"x" * 100_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert path.read_text() == "old"
    assert names(tmp_path) == ["a.txt"]


@pytest.mark.parametrize("step", ["fsync", "replace"])
@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space"), KeyboardInterrupt()])
def test_the_old_file_survives_a_failure_at_any_step(tmp_path, monkeypatch, step, error):
    path = tmp_path / "a.txt"
    path.write_text("old")

    def fails(*_):
        raise error

    monkeypatch.setattr(os, step, fails)
    expected = OutputError if isinstance(error, OSError) else KeyboardInterrupt
    with pytest.raises(expected) as caught:
        write_file(path, "new")
    monkeypatch.undo()
    if expected is OutputError:
        assert "the disk is full" in str(caught.value)
    assert path.read_text() == "old"
    assert names(tmp_path) == ["a.txt"]


def test_a_folder_in_the_way_and_a_missing_folder_are_named(tmp_path):
    with pytest.raises(OutputError, match="it is a folder"):
        write_file(tmp_path, "x")
    with pytest.raises(OutputError, match="its folder doesn't exist"):
        write_file(tmp_path / "none" / "a.txt", "x")
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="a part of the path is a file"):
        write_file(tmp_path / "file" / "a.txt", "x")


@posix
def test_a_link_is_followed_and_rights_are_kept(tmp_path):
    (tmp_path / "real.txt").write_text("old")
    (tmp_path / "real.txt").chmod(0o640)
    (tmp_path / "link.txt").symlink_to("real.txt")
    write_file(tmp_path / "link.txt", "new")
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real.txt").read_text() == "new"
    assert stat.S_IMODE((tmp_path / "real.txt").stat().st_mode) == 0o640


@posix
def test_a_new_file_has_the_rights_that_files_have_here(tmp_path):
    write_file(tmp_path / "a.txt", "x")
    (tmp_path / "b.txt").write_text("x")
    modes = {(tmp_path / n).stat().st_mode for n in ("a.txt", "b.txt")}
    assert len(modes) == 1


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_device_is_written_to_and_not_replaced():
    write_file("/dev/null", "x")
    with pytest.raises(OutputError, match="the disk is full"):
        write_file("/dev/full", "x")
    assert stat.S_ISCHR(os.stat("/dev/full").st_mode)
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


@posix
def test_a_long_name_fits_and_a_too_long_one_is_named(tmp_path):
    write_file(tmp_path / ("a" * 255), "x")
    with pytest.raises(OutputError, match="the name is too long"):
        write_file(tmp_path / ("a" * 256), "x")


def test_a_folder_is_made_and_tried(tmp_path):
    folder = writable_folder(tmp_path / "a" / "b")
    assert folder.is_dir()
    assert names(folder) == []
    (tmp_path / "file").write_text("")
    for bad in (tmp_path / "file", tmp_path / "file" / "c"):
        with pytest.raises(OutputError, match="choose another one"):
            writable_folder(bad)


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_written(tmp_path, name):
    built = Annotation.build([Turn(4608, 70_496, 0)])
    path = tmp_path / f"talk{FORMATS[name].suffix}"
    assert write_annotation(built, path, name, "talk") == path
    rendered = FORMATS[name].render(built, About("talk"))
    rendered = rendered if isinstance(rendered, bytes) else rendered.encode()
    if name == "docx":  # so does it, in more than one place
        assert path.read_bytes().startswith(b"PK")
        return
    dates = rb'DATE="[^"]*"'  # EAF states when it was written
    assert re.sub(dates, b"", path.read_bytes()) == re.sub(dates, b"", rendered)


def test_no_two_formats_share_an_ending():
    assert len({f.suffix for f in FORMATS.values()}) == len(FORMATS)
