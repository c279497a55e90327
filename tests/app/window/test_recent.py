"""The recordings opened last."""

from __future__ import annotations

from pathlib import Path

import pytest
from PyQt5.QtCore import QSettings

from app.window.recent import KEPT, MOST, RecentFiles


@pytest.fixture
def ini(tmp_path: Path) -> Path:
    return tmp_path / "settings.ini"


def reopened(ini: Path) -> RecentFiles:
    """As after a restart: from the file."""
    return RecentFiles(QSettings(str(ini), QSettings.IniFormat))


def touched(folder: Path, name: str) -> Path:
    path = folder / name
    path.touch()
    return path


@pytest.mark.parametrize("count", [0, 1, 2, MOST, MOST + 3, KEPT + 1])
def test_newest_first_after_a_restart(ini: Path, tmp_path: Path, count: int) -> None:
    settings = QSettings(str(ini), QSettings.IniFormat)
    paths = [touched(tmp_path, f"talk, {n}.wav") for n in range(count)]
    for path in paths:
        RecentFiles(settings).add(path)
    settings.sync()
    assert reopened(ini).paths() == paths[::-1][:MOST]
    assert reopened(ini).remembered() == paths[::-1][:KEPT]


def test_each_once_and_those_that_are_gone_come_back(ini: Path, tmp_path: Path) -> None:
    recent = reopened(ini)
    a, b = touched(tmp_path, "a.wav"), touched(tmp_path, "b.wav")
    for path in (a, b, a):
        recent.add(path)
    assert recent.paths() == [a, b]
    b.unlink()
    assert recent.paths() == [a]
    b.touch()
    assert recent.paths() == [a, b]
    recent.clear()
    assert recent.paths() == []


def test_folders_are_remembered_too(ini: Path, tmp_path: Path) -> None:
    recent = reopened(ini)
    a, b = tmp_path / "a", tmp_path / "b"
    for folder in (a, b, a):
        folder.mkdir(exist_ok=True)
        recent.add_folder(folder)
    assert recent.folders() == [a, b]
    b.rmdir()
    assert recent.folders() == [a]
    recent.clear()
    assert recent.folders() == []
