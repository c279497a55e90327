"""The works of others that this program stands on: which, under which licence, and the texts.

Read from what is installed: the packages that a plain install brings, and, in a packaged app, the
libraries of the system that went along, whose texts lie in its folder ``licences``.
"""

from __future__ import annotations

import re
import sys
import sysconfig
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

PYTHON_TEXT = "LICENSE.txt"
"""Python's licence, in the folder of its library and in a packaged app's."""
_TEXT = re.compile(r"(licen[cs]e|copying|copyright|notice|authors)", re.IGNORECASE)
_CLASSIFIER = "License :: OSI Approved :: "
_KNOWN = {"PyQt5-Qt5": "LGPL-3.0-only"}
"""Where the package itself says it in words alone."""


@dataclass(frozen=True)
class Part:
    """One work: its name, version and licence as it says itself, and the texts it comes with."""

    name: str
    version: str
    licence: str
    texts: tuple[str, ...] = ()


def parts() -> list[Part]:
    """All that runs in this program beside its own code, by name; Python itself comes first."""
    brought = plain_install().items()
    works = (_part(one) for name, one in brought if one is not None and name != "voicelanes")
    found = sorted(works, key=lambda part: part.name.lower())
    return [_python(), *found, *_bundled()]


def _python() -> Part:
    folder = getattr(sys, "_MEIPASS", sysconfig.get_path("stdlib"))
    text = Path(folder, PYTHON_TEXT)
    texts = (text.read_text("utf-8", "replace"),) if text.is_file() else ()
    return Part("Python", sys.version.split()[0], "PSF-2.0", texts)


def plain_install() -> dict[str, metadata.Distribution | None]:
    """All distributions that a plain install brings without any extra, by name, Voicelanes too;
    None for one that isn't there."""
    from packaging.requirements import Requirement  # late: a bare Python reads this module, too
    from packaging.utils import canonicalize_name

    known: dict[str, metadata.Distribution | None] = {}
    todo = ["voicelanes"]
    while todo:
        name = canonicalize_name(todo.pop())
        if name in known:
            continue
        try:
            known[name] = found = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            known[name] = None
            continue
        for text in found.requires or []:
            asked = Requirement(text)
            if asked.marker is None or asked.marker.evaluate({"extra": ""}):
                todo.append(asked.name)
    return known


def _part(found: metadata.Distribution) -> Part:
    about = found.metadata
    name = about["Name"]
    said = _first(about, "License-Expression") or _KNOWN.get(name) or _first(about, "License")
    if not said or "\n" in said.strip() or len(said) > 80:  # some put the whole text there
        groups = [c for c in about.get_all("Classifier") or [] if c.startswith(_CLASSIFIER)]
        said = ", ".join(c.removeprefix(_CLASSIFIER) for c in groups) or said.partition("\n")[0]
    texts = [
        Path(str(file.locate())).read_text("utf-8", "replace")
        for file in found.files or []
        if ".dist-info" in file.parts[0]
        and _TEXT.search(file.name)
        and Path(str(file.locate())).is_file()
    ]
    return Part(name, found.version, said.strip() or "see its text", tuple(texts))


def _first(about: metadata.PackageMetadata, field: str) -> str:
    return next(iter(about.get_all(field) or []), "")


def _bundled() -> list[Part]:
    """Libraries of the system in a packaged app: a file each, ``NAME_VERSION.txt``."""
    folder = Path(getattr(sys, "_MEIPASS", ""), "licences")
    if not getattr(sys, "frozen", False) or not folder.is_dir():
        return []
    found = []
    for path in sorted(folder.glob("*.txt")):
        name, _, version = path.stem.partition("_")
        text = path.read_text("utf-8", "replace")
        names = dict.fromkeys(re.findall(r"^License: *(\S.*)$", text, re.MULTILINE))
        said = ", ".join(list(names)[:3]) or "see its text"
        found.append(Part(name, version, said, (text,)))
    return found
