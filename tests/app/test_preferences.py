"""Settings: typed, with a default each, the same after a restart, whatever is in the file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PyQt5.QtCore import QByteArray, QSettings
from pytestqt.qtbot import QtBot

from app.preferences import Preferences
from app.translation import LANGUAGES, wanted
from app.window.recent import RecentFiles


@pytest.fixture
def ini(tmp_path: Path) -> Path:
    return tmp_path / "settings.ini"


def reopened(ini: Path) -> Preferences:
    """As after a restart: from the file."""
    return Preferences(QSettings(str(ini), QSettings.IniFormat))


VALUES: dict[str, Any] = {
    "theme": "contrast",
    "language": "de",
    "colours": tuple(f"#00000{n}" for n in range(7)),
    "follow": False,
    "shortcuts": {"open": ("Ctrl+O", "Ctrl+,"), "play": ()},
    "input_device": "USB, Mikrofon: 2",
    "both_sides": True,
    "recordings_folder": "/home/anna/Ünïcode, and more",
    "output_device": "a=b",
    "volume": 0.25,
    "keep_analyses": False,
    "channels": "speakers",
    "speakers": "2-4",
    "sensitivity": -0.7,
    "autosave": False,
    "folder": "/tmp",
    "left": ("/home/anna/Gespräch, 2.wav", 751.25),
    "results": {"/home/anna/Gespräche": "/tmp/y"},
    "recogniser": "whisper.cpp",
    "recogniser_models": {"vosk": "/home/anna/Modelle, alle/vosk"},
    "place": QByteArray(b"\0\1\2"),
    "layout": QByteArray(b"\3,;"),
}


def test_every_setting_is_here() -> None:
    assert set(Preferences.items()) == set(VALUES)
    keys = [item.key for item in Preferences.items().values()]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("name", VALUES)
def test_each_has_a_default_and_survives_a_restart(ini: Path, name: str) -> None:
    preferences = reopened(ini)
    default = Preferences.items()[name].default
    assert getattr(preferences, name) == default
    assert default != VALUES[name]
    setattr(preferences, name, VALUES[name])
    preferences.settings.sync()
    assert getattr(reopened(ini), name) == VALUES[name]
    assert type(getattr(reopened(ini), name)) is type(default)
    setattr(preferences, name, default)
    assert preferences.settings.allKeys() == []


@pytest.mark.parametrize("name", VALUES)
@pytest.mark.parametrize("stored", ["nonsense", "", "[]", "7", ["a", "b"], "\0"])
def test_what_is_not_possible_counts_as_the_default(ini: Path, name: str, stored: Any) -> None:
    item = Preferences.items()[name]
    settings = QSettings(str(ini), QSettings.IniFormat)
    settings.setValue(item.key, stored)
    settings.sync()
    value = getattr(reopened(ini), name)
    assert type(value) is type(item.default)
    assert value == item.default or isinstance(value, (str, QByteArray))
    assert name != "theme" or value == "system"


OBJECTS = [
    r"@Variant(\0\0\0\x7f\0\0\0\xePyQt_PyObject\0\0\0\0\x5\x80\x4]q)",
    r"@Variant(\0\0\0\x7f\0\0\0\xePyQt_PyObject\0\0\0\0\x6\x80\x4}q\0.)",
    r"@Variant(\0\0\0\x1b)",
    r"@Variant(\0\0\0\t\0\0\0\x1\0\0\0\x7f)",
    r"@Variant(",
    r"@Rect(1 2 3 4)",
    r"@Invalid()",
]


@pytest.mark.parametrize("written", OBJECTS)
@pytest.mark.parametrize("name", [*VALUES, "recent"])
def test_a_value_that_is_an_object_counts_as_the_default(
    ini: Path, name: str, written: str
) -> None:
    item = Preferences.items().get(name)
    group, _, key = (item.key if item else name).rpartition("/")
    ini.write_text(f"[{group or 'General'}]\n{key}={written}\n")
    preferences = reopened(ini)
    assert wanted(preferences.settings) in LANGUAGES
    assert RecentFiles(preferences.settings).paths() == []
    before = getattr(preferences, name) if item else None
    dropped = preferences.drop_damaged()
    assert dropped in ([], [item.key] if item else [])
    if item:
        assert type(before) is type(item.default)
        assert getattr(preferences, name) == (item.default if dropped else before)
    assert preferences.drop_damaged() == []


def test_a_change_is_told_once(ini: Path, qtbot: QtBot) -> None:
    preferences = reopened(ini)
    told: list[str] = []
    preferences.changed.connect(told.append)
    for _ in range(2):
        preferences.theme = "dark"
    preferences.theme = "system"
    preferences.follow = True
    assert told == ["theme", "theme"]


def test_reset_leaves_what_was_last(ini: Path) -> None:
    preferences = reopened(ini)
    for name, value in VALUES.items():
        setattr(preferences, name, value)
    preferences.reset()
    left = {n for n, item in Preferences.items().items() if getattr(preferences, n) != item.default}
    last = {"folder", "left", "results", "place", "layout"}
    assert left == last | {"recogniser", "recogniser_models"}
