"""What hatchling does besides packing: the import name ``voicelanes``, and what is built of what.

The folders ``app`` and ``core`` are packages of these names in a checkout. In site-packages they
would collide with other people's, so a wheel has them below ``voicelanes``, and every mention of
one of our modules gets that in front: in imports, docstrings and texts. Code has nothing else that
depends on where it lies: classes are pickled under the name that their module has there.

An editable install is the checkout's folder on the path, and the small package ``voicelanes`` of
this folder, which both have.
"""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKAGES = ("app", "core")
DATA = ("models", "assets", "docs/guide")
LEFT_OUT = (
    "assets/screenshots",
    "assets/make_sample.py",
    "assets/translations/*.py",
    "assets/translations/*.ts",
)

_MENTIONED = re.compile(rf"(?<![\w./])(?:{'|'.join(PACKAGES)})(?:\.\w+)+")
_FROM = re.compile(rf"^(\s*from )({'|'.join(PACKAGES)})(?= import\b)", re.MULTILINE)
_IMPORT = re.compile(rf"^([ >]*)import ({'|'.join(PACKAGES)})$", re.MULTILINE)


class CustomBuildHook(BuildHookInterface):
    """Called by hatchling before it packs."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name what goes into the package beside, or instead of, what pyproject.toml selects."""
        root = Path(self.root)
        self._made = Path(tempfile.mkdtemp(prefix="voicelanes-"))
        if self.target_name == "wheel" and version == "editable":
            folder = root / "packaging" / "voicelanes"
            build_data["force_include_editable"] = {str(folder): "voicelanes"}
        elif self.target_name == "wheel":
            lay_out(root, self._made / "voicelanes")
            build_data["force_include"][str(self._made / "voicelanes")] = "voicelanes"
        else:
            write_built(root, self._made / "built.json")
            build_data["force_include"][str(self._made / "built.json")] = "core/built.json"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Packed: what was made for it goes."""
        shutil.rmtree(self._made, ignore_errors=True)


def lay_out(root: Path, target: Path) -> None:
    """Make the package ``voicelanes`` of a checkout: the sources under their new names, the data.

    Raises
    ------
    ValueError
        A source names one of our packages in a way that this doesn't understand.
    """
    ignored = shutil.ignore_patterns("__pycache__", "*.pyc", "py.typed")
    shutil.copytree(root / "packaging" / "voicelanes", target, ignore=ignored)
    for name in (*PACKAGES, *DATA):
        shutil.copytree(root / name, target / name, ignore=ignored)
    for pattern in LEFT_OUT:
        for path in target.glob(pattern):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    known = set(modules(root))
    for path in sorted(target.rglob("*.py")):
        text = path.read_text("utf-8")
        path.write_text(renamed(text, known, str(path.relative_to(target))), "utf-8", newline="\n")
    write_built(root, target / "core" / "built.json")


def modules(root: Path) -> Iterator[str]:
    """All our modules, as a checkout names them."""
    for package in PACKAGES:
        for path in (root / package).rglob("*.py"):
            yield ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


def renamed(text: str, known: set[str], where: str = "a source") -> str:
    """A source as it is below ``voicelanes``; ``known`` are the modules of the checkout."""
    tree = ast.parse(text, where)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            name = f"{node.value.id}.{node.attr}"
            if name in known:
                raise ValueError(f"{where}:{node.lineno}: import what {name} has by 'from'")

    def below(found: re.Match[str]) -> str:
        words = found[0].split(".")
        ours = any(".".join(words[:n]) in known for n in range(2, len(words) + 1))
        return f"voicelanes.{found[0]}" if ours else found[0]

    text = _MENTIONED.sub(below, text)
    text = _FROM.sub(r"\1voicelanes.\2", text)
    text = _IMPORT.sub(r"\1from voicelanes import \2", text)
    for node in ast.walk(ast.parse(text, where)):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if any(name.partition(".")[0] in PACKAGES for name in names):
            raise ValueError(f"{where}:{node.lineno}: this import isn't understood")
    return text


def write_built(root: Path, target: Path) -> None:
    """What ``core/version.py`` reads in a package: the commit, and where versions are offered.

    The page is taken from the environment, ``VOICELANES_RELEASES``: who publishes knows it.
    """
    given = root / "core" / "built.json"  # in an sdist
    if given.exists():
        shutil.copyfile(given, target)
        return
    sys.path.insert(0, str(root))
    try:
        from core.version import commit_of
    finally:
        sys.path.remove(str(root))
    known = {
        "commit": commit_of(root) if (root / ".git").exists() else "",
        "releases": os.environ.get("VOICELANES_RELEASES", ""),
    }
    target.write_text(json.dumps(known, indent=1) + "\n", "utf-8", newline="\n")
