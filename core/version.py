"""Which Voicelanes this is: its version, the commit that it was made of, where new ones are found.

``VERSION`` is the one place that says it: packages, windows and files read it from here. What is
only known when a package is made lies beside this module in ``built.json``, which
``packaging/hook.py`` writes into every package.
"""

from __future__ import annotations

import functools
import json
from pathlib import Path

VERSION = "0.1.0"

_HERE = Path(__file__).resolve().parent


@functools.cache
def commit() -> str:
    """The commit this is made of, ``-dirty`` behind it if files were changed; empty if unknown."""
    known = _built().get("commit")
    if known is None and (_HERE.parent / ".git").exists():
        return commit_of(_HERE.parent)
    return known or ""


def releases() -> str:
    """Address of the page with all versions; empty where who made this package named none."""
    return _built().get("releases", "")


def described() -> str:
    """Version and commit, as a person reads them: ``0.1.0 (commit 0123456789ab)``."""
    return f"{VERSION} (commit {commit()})" if commit() else VERSION


def commit_of(checkout: Path) -> str:
    """What git says of a checkout; empty without git."""
    import subprocess  # late: the window starts without it

    # Without the first option, looking for changes writes into the repository.
    asked = ["--no-optional-locks", "status", "--porcelain=2", "--branch", "--untracked-files=no"]
    try:
        said = subprocess.run(
            ["git", *asked], cwd=checkout, capture_output=True, text=True, timeout=10, check=True
        ).stdout.splitlines()
    except (OSError, subprocess.SubprocessError):
        return ""
    found = next(line.split()[2] for line in said if line.startswith("# branch.oid "))
    if found == "(initial)":  # nothing is committed yet
        return ""
    changed = any(not line.startswith("#") for line in said)
    return f"{found[:12]}-dirty" if changed else found[:12]


@functools.cache
def _built() -> dict[str, str]:
    try:
        known = json.loads((_HERE / "built.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(name): str(value) for name, value in known.items()}
