"""The command line of this program once more, in a process of its own.

A frozen app has no Python that could be given code: what runs beside it is always a command.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path


def again(*arguments: str) -> tuple[list[str], dict[str, str]]:
    """What to start to run a command of ours: words of a command line, and its environment."""
    if getattr(sys, "frozen", False):
        return [sys.executable, *arguments], dict(os.environ)
    package = __name__.rpartition(".")[0]
    root = str(Path(__file__).resolve().parents[package.count(".") + 1])
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    return [sys.executable, "-m", package, *arguments], environment
