"""Every setting of the window, once: its key, its default and what it may be.

>>> preferences = Preferences(settings)  # doctest: +SKIP
>>> preferences.follow                   # doctest: +SKIP
True
>>> preferences.theme = "dark"           # doctest: +SKIP

A value that isn't possible (an old version's, one typed into the file) counts as the default, and
the window says so when it starts. The
models that run aren't here: the command line shares that choice (:mod:`core.models.folders`), nor
is the list of recent files (:mod:`app.window.recent`).
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Mapping
from typing import Any, Generic, TypeVar, overload

from PyQt5.QtCore import QByteArray, QObject, QSettings, pyqtSignal

from core.annotation.values import OKABE_ITO

T = TypeVar("T")


def stored(settings: QSettings, key: str) -> Any:
    """What is stored; None if that is nothing, or can't be made into an object any more."""
    try:
        return settings.value(key)
    except Exception:  # PyQt raises whatever the pickle of a Python object leads it to
        return None


Shortcuts = Mapping[str, tuple[str, ...]]
"""Keys as portable text by the id of an action; () for none. Others have those of the table."""


class Item(Generic[T]):
    """One setting, an attribute of :class:`Preferences`."""

    def __init__(self, key: str, default: T) -> None:
        self.key, self.default = key, default

    def read(self, stored: Any) -> T:
        """The value that is stored; an exception if it isn't a possible one."""
        raise NotImplementedError

    def write(self, value: T) -> Any:
        """As it is stored."""
        return value

    def __set_name__(self, _owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, owner: None, kind: type) -> Item[T]: ...

    @overload
    def __get__(self, owner: Preferences, kind: type) -> T: ...

    def __get__(self, owner: Preferences | None, kind: type) -> Item[T] | T:
        if owner is None:
            return self
        found = stored(owner.settings, self.key)
        try:
            return self.default if found is None else self.read(found)
        except _NOT_POSSIBLE:
            return self.default

    def __set__(self, owner: Preferences, value: T) -> None:
        before = self.__get__(owner, Preferences)
        if value == self.default:
            owner.settings.remove(self.key)
        else:
            owner.settings.setValue(self.key, self.write(value))
        if value != before:
            owner.changed.emit(self.name)


class Flag(Item[bool]):
    """Yes or no."""

    def read(self, stored: Any) -> bool:
        # an ini file gives text
        return {"true": True, "false": False}.get(str(stored).lower(), self.default)


class Text(Item[str]):
    """Any text."""

    def read(self, stored: Any) -> str:
        if not isinstance(stored, str):  # an ini file gives a list where there are commas
            return ", ".join(stored)
        return stored


class Choice(Item[str]):
    """One of a few."""

    def __init__(self, key: str, *choices: str) -> None:
        """The first of the choices is the default."""
        super().__init__(key, choices[0])
        self.choices = choices

    def read(self, stored: Any) -> str:
        if stored not in self.choices:
            raise ValueError(stored)
        return str(stored)


class Number(Item[float]):
    """From -1 to 1."""

    def read(self, stored: Any) -> float:
        number = float(stored)
        if not -1 <= number <= 1:
            raise ValueError(stored)
        return number


class Colours(Item[tuple[str, ...]]):
    """One colour for each of the first speakers, ``#rrggbb``."""

    def read(self, stored: Any) -> tuple[str, ...]:
        colours = tuple(stored.split())
        good = all(re.fullmatch("#[0-9a-fA-F]{6}", colour) for colour in colours)
        if not good or len(colours) != len(self.default):
            raise ValueError(stored)
        return colours

    def write(self, value: tuple[str, ...]) -> str:
        return " ".join(value)


class Bytes(Item[QByteArray]):
    """What Qt wants to remember of a window."""

    def __init__(self, key: str) -> None:
        super().__init__(key, QByteArray())

    def read(self, stored: Any) -> QByteArray:
        return QByteArray(stored)


class ShortcutsItem(Item[Shortcuts]):
    """The shortcuts that differ from the table of actions."""

    def __init__(self, key: str) -> None:
        super().__init__(key, {})

    def read(self, stored: Any) -> Shortcuts:
        chosen = json.loads(stored)
        return {str(action): tuple(map(str, keys)) for action, keys in chosen.items()}

    def write(self, value: Shortcuts) -> str:
        return json.dumps({action: list(keys) for action, keys in value.items()})


class Places(Item[Mapping[str, str]]):
    """A folder for each of some folders."""

    def __init__(self, key: str) -> None:
        super().__init__(key, {})

    def read(self, stored: Any) -> Mapping[str, str]:
        return {str(folder): str(place) for folder, place in json.loads(stored).items()}

    def write(self, value: Mapping[str, str]) -> str:
        return json.dumps(dict(value))


class Spot(Item[tuple[str, float]]):
    """A file, and seconds from its start."""

    def __init__(self, key: str) -> None:
        super().__init__(key, ("", 0.0))

    def read(self, stored: Any) -> tuple[str, float]:
        path, seconds = json.loads(stored)
        if not 0 <= float(seconds) < float("inf"):
            raise ValueError(stored)
        return str(path), float(seconds)

    def write(self, value: tuple[str, float]) -> str:
        return json.dumps(value)


class Preferences(QObject):
    """The settings; each is read from and written to the store at once."""

    changed = pyqtSignal(str)
    """The name of a setting that has another value now."""

    theme = Choice("theme", "system", "light", "dark", "contrast")
    language = Text("language", "")
    """Code of a translation such as "de"; empty for the system's."""
    colours = Colours("colours", OKABE_ITO)
    """Of speakers for whom no colour was chosen, by id."""
    follow = Flag("follow", True)
    """Keep the playhead in view."""
    shortcuts = ShortcutsItem("shortcuts")

    input_device = Text("capture/device", "")
    """Name of the microphone; empty for the system's."""
    both_sides = Flag("recording/both_sides", False)
    """Whether the computer's sound is recorded beside the microphone."""
    recordings_folder = Text("capture/folder", "")
    """Where new recordings are kept; empty for a folder among the person's documents."""
    output_device = Text("playback/device", "")
    """Name of what plays; empty for the system's."""
    keep_analyses = Flag("keep_analyses", True)
    """Finished analyses are kept, so that a recording is there at once when it is opened again."""
    volume = Number("playback/volume", 1.0)
    """From 0 to 1."""

    speakers = Text("second_pass/speakers", "")
    """How many there usually are, "3" or "2-4"; empty for any number."""
    channels = Choice("second_pass/channels", "auto", "mix", "speakers")
    """What the channels of a recording are: found out, one sound, or a speaker at least each."""
    sensitivity = Number("second_pass/sensitivity", 0.0)
    """From -1, where voices that are a little alike are one speaker, to 1, where they are two."""

    autosave = Flag("autosave", True)
    """Keep unsaved changes where a crash can't reach them."""

    folder = Text("folder", "")
    """Where the last recording was opened."""
    left = Spot("left")
    """The recording that was open last, and where its playhead was."""
    results = Places("folder/results")
    """Where the results of a folder of recordings lie, if not where they usually do."""
    recogniser = Text("words/recogniser", "")
    """The recogniser that was used last."""
    recogniser_models = Places("words/models")
    """The model folder of each recogniser."""
    place = Bytes("place")
    """Where the window was."""
    layout = Bytes("layout")
    """Which of its parts are shown, and where."""

    def __init__(self, settings: QSettings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.settings = settings
        # Qt reads the file at the first question, and PyQt leaves the error of a Python object that
        # can't be made from it to whichever call comes then.
        with contextlib.suppress(SystemError):
            settings.allKeys()

    @classmethod
    def items(cls) -> dict[str, Item[Any]]:
        """Every setting by name."""
        return {name: item for name, item in vars(cls).items() if isinstance(item, Item)}

    def drop_damaged(self) -> list[str]:
        """Forget the values that can't be what is stored for them, so that each is the default
        from now on; their keys."""
        damaged = []
        for item in self.items().values():
            if self.settings.contains(item.key):
                found = stored(self.settings, item.key)
                try:
                    if found is None:
                        raise ValueError(item.key)
                    item.read(found)
                except _NOT_POSSIBLE:
                    self.settings.remove(item.key)
                    damaged.append(item.key)
        return damaged

    def reset(self) -> None:
        """The defaults for all that a person chooses; where things were last stays."""
        for name, item in self.items().items():
            if name not in _REMEMBERED:
                setattr(self, name, item.default)


_NOT_POSSIBLE = (ValueError, TypeError, AttributeError, RecursionError)
_REMEMBERED = {"folder", "left", "results", "place", "layout", "recogniser", "recogniser_models"}
