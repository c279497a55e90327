"""What isn't part of every install: what belongs to which extra, and the command that adds it.

Nobody has registered the project's name with a package registry, so anybody could: no command here
asks for Voicelanes by its name.
"""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

from core.errors import MissingExtraError

Extra = Literal["archive", "train", "words"]

MODULES: dict[Extra, tuple[str, ...]] = {
    "archive": ("cryptography", "distributed", "fsspec", "pyarrow"),
    "train": (
        "tensorflow",
        "keras",
        "torch",
        "uisrnn",
        "librosa",
        "numba",
        "h5py",
        "onnx",
        "matplotlib",
    ),
    "words": ("faster_whisper",),
}
"""What can be imported where an extra is installed."""

_ROOT = Path(__file__).resolve().parents[1]


def absent(*modules: str) -> list[str]:
    """Those of ``modules`` that can't be imported here; none of them is loaded."""
    return [module for module in modules if find_spec(module) is None]


def pip_install(*what: str) -> str:
    """The command line that installs something for the Python that runs this program."""
    if getattr(sys, "frozen", False):  # there is none, and nothing can be added
        return "install this version of Voicelanes again"
    command = [sys.executable, "-m", "pip", "install", *what]
    return subprocess.list2cmdline(command) if sys.platform == "win32" else shlex.join(command)


def how_to_add(extra: Extra) -> str:
    """What to do to have an extra in this installation: a command, wherever there is one.

    It installs again, with the extra, what Voicelanes was installed from. Where that is gone, it
    names the packages.
    """
    if getattr(sys, "frozen", False):
        return f"this program can't be added to; install Voicelanes from its source, with [{extra}]"
    if (_ROOT / "pyproject.toml").is_file():
        return pip_install("-e", f"{_ROOT}[{extra}]")
    source = _source()
    if source is not None:
        return pip_install(f"{source}[{extra}]")
    return pip_install(*_requirements(extra))


def missing_extra(extra: Extra, what: str) -> MissingExtraError:
    """The error for "this needs an extra"; ``what`` needs it, and why, without a full stop."""
    return MissingExtraError(f"{what}: {how_to_add(extra)}")


def _source() -> Path | None:
    """The folder or wheel that Voicelanes was installed from (PEP 610), if it is still there."""
    from urllib.request import url2pathname  # much is loaded with it

    try:
        noted = metadata.distribution("voicelanes").read_text("direct_url.json")
    except metadata.PackageNotFoundError:
        return None
    url = urlsplit(json.loads(noted)["url"] if noted else "")
    if url.scheme != "file":
        return None
    path = Path(url2pathname(unquote(url.path) if sys.platform != "win32" else url.path))
    return path if path.exists() else None


def _requirements(extra: Extra) -> list[str]:
    """What an extra asks for on this machine, without its markers."""
    from packaging.requirements import Requirement  # a bare Python reads this module, too

    try:
        texts = metadata.requires("voicelanes") or []
    except metadata.PackageNotFoundError:
        return list(MODULES[extra])
    asked = [Requirement(text) for text in texts]
    return [
        f"{one.name}{one.specifier}"
        for one in asked
        if one.marker is not None
        and one.marker.evaluate({"extra": extra})
        and not one.marker.evaluate({"extra": ""})
    ]
