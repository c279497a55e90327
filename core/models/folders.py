"""Models beside those that ship: where they lie, what they are called, and which set runs.

Each set is a folder in the platform's data folder with a ``manifest.toml`` of its own, as
:mod:`core.models.manifest` reads it. The name of the set that runs is kept in a small file in the
platform's configuration folder.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import re
import secrets
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import platformdirs

from core.atomic import why_not, write_file
from core.errors import ModelError, OutputError
from core.folders import private_folder
from core.models import manifest
from core.models.manifest import MANIFEST, ModelSet

SHIPPED = "shipped"
"""The name of the set that comes with the program."""

_log = logging.getLogger(__name__)
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,38}[a-z0-9_-])?")
# Windows opens a device for these, whatever follows a dot.
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


def checked_name(name: str) -> str:
    """``name``, if it can be a folder on every system and leads nowhere else.

    Raises
    ------
    ModelError
        It is something else, or :data:`SHIPPED`, which is taken.
    """
    if not _NAME.fullmatch(name) or _DEVICE.fullmatch(name) or ".." in name:
        raise ModelError(
            f"{name!r} can't name models: take up to 40 small letters, digits, '-', '_' and '.'"
        )
    if name == SHIPPED:
        raise ModelError(f"{SHIPPED!r} names the models that come with Voicelanes: take another")
    return name


def models_folder() -> Path:
    """Where the user's sets lie, one folder each; it needn't exist."""
    return Path(platformdirs.user_data_dir("Voicelanes", appauthor=False)) / "models"


def names() -> list[str]:
    """The user's sets that are there, sorted; a half-written one is none."""
    try:
        found = [path.parent.name for path in models_folder().glob(f"*/{MANIFEST}")]
    except OSError:
        return []
    return sorted(name for name in found if _NAME.fullmatch(name))


def load(name: str) -> ModelSet:
    """The set of that name, :data:`SHIPPED` for the one that comes with the program.

    Raises
    ------
    ModelError
        There is no such set, or its manifest isn't right.
    """
    if name == SHIPPED:
        return manifest.shipped_models()
    folder = models_folder() / checked_name(name)
    if not folder.is_dir():
        known = ", ".join([SHIPPED, *names()])
        raise ModelError(f"there are no models {name!r}; there are {known}")
    return ModelSet.load(folder)


def install(name: str, files: Mapping[str, bytes], *, replace: bool = False) -> ModelSet:
    """Put files, a manifest among them, into a new set: all of them or nothing.

    Raises
    ------
    ModelError
        The name can't be used or is taken, or the files make no intact set.
    OutputError
        They can't be written.
    """
    free_name(name, replace=replace)
    folder = models_folder() / name
    # Beside the final place, so that one rename does it; the dot keeps it out of names().
    fresh, old = (
        folder.with_name(f".{name}.{secrets.token_hex(4)}.{end}") for end in ("new", "old")
    )
    try:
        private_folder(fresh)
        for file, content in files.items():
            write_file(fresh / file, content)
        _check(ModelSet.load(fresh))
        try:
            if folder.exists():
                folder.rename(old)
            fresh.rename(folder)
        except BaseException:
            if old.exists() and not folder.exists():
                old.rename(folder)
            raise
    except OSError as error:
        raise OutputError(f"can't write the models to {folder}: {why_not(error)}") from error
    finally:
        for leftover in (fresh, old):
            shutil.rmtree(leftover, ignore_errors=True)
    return ModelSet.load(folder)


def free_name(name: str, *, replace: bool = False) -> None:
    """:class:`ModelError` unless models may be installed under ``name``."""
    checked_name(name)
    if not replace and os.path.lexists(models_folder() / name):
        raise ModelError(
            f"there are models {name!r} already: take another name, or replace them by --replace"
        )


def use(name: str) -> ModelSet:
    """Let the set of that name run from now on, once every file of it was found right.

    Raises
    ------
    ModelError
        There is no such set, or it isn't intact; the choice stays as it was.
    OutputError
        The choice can't be written.
    """
    chosen = load(name)
    _check(chosen)
    with contextlib.suppress(OSError):  # write_file says what is wrong
        private_folder(_settings().parent)
    write_file(_settings(), json.dumps({"use": name}) + "\n")
    return chosen


def chosen_name() -> str:
    """The name of the set that runs, whether it is there or not.

    Raises
    ------
    ModelError
        The file that says so can't be read.
    """
    path = _settings()
    try:
        name = json.loads(path.read_text("utf-8"))["use"]
        if not isinstance(name, str):
            raise TypeError
    except FileNotFoundError:
        return SHIPPED
    except (OSError, ValueError, KeyError, TypeError):
        raise ModelError(f"{path} doesn't name the models that run: {_WAY_BACK}") from None
    return name


def current_models(on_problem: Callable[[str], None] | None = None) -> ModelSet:
    """The set that runs.

    If the chosen one is gone or its manifest is damaged, ``on_problem`` gets a line that says so
    (without it, the log gets a warning) and the shipped set is returned.

    Raises
    ------
    ModelError
        The shipped set can't be used.
    """
    try:
        name = chosen_name()
    except ModelError as error:
        problem = str(error)
    else:
        if name == SHIPPED:
            return manifest.shipped_models()
        try:
            return load(name)
        except ModelError as error:
            problem = f"the models in use can't run: {error}; {_WAY_BACK}"
    (on_problem or _log.warning)(f"{problem}; until then the shipped ones run")
    return manifest.shipped_models()


_WAY_BACK = f"'voicelanes models use {SHIPPED}' goes back to those that came with Voicelanes"


def _settings() -> Path:
    folder = platformdirs.user_config_dir("Voicelanes", appauthor=False)
    return Path(folder) / "models.json"


def _check(found: ModelSet) -> None:
    for _, problem in found.verify_all():
        if problem:
            raise ModelError(problem)
