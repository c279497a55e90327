"""``voicelanes models``: what runs, where it comes from, and whether it is intact."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from .parser import command

if TYPE_CHECKING:
    from ..models import ModelFile, ModelSet
    from .parser import Commands

_MORE = """\
'list' shows every model file with its licence, training data and scores. 'verify' compares each
file with the SHA-256 in models/manifest.toml, as every start does."""

_EXAMPLES = """\
  voicelanes models list
  voicelanes models verify
"""


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = command(commands, "models", "show or check the models that run", _MORE, _EXAMPLES)
    parser.add_argument("action", choices=("list", "verify"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """List or verify; 1 if a file isn't the right one."""
    from ..models import shipped_models

    models = shipped_models()
    return _verify(models) if options.action == "verify" else _list(models)


def _list(models: ModelSet) -> int:
    for entry in models.entries:
        print(entry.file)
        for label, text in _facts(entry):
            print(f"  {label:11}{text}")
    print(f"in {models.folder}")
    return 0


def _facts(entry: ModelFile) -> list[tuple[str, str]]:
    facts = [
        ("size", f"{entry.size / 1e6:.1f} MB"),
        ("sha256", entry.sha256),
        ("licence", entry.licence),
        ("source", entry.source),
        ("trained on", entry.trained_on),
    ]
    facts += [("score", f"{name}: {value:g}") for name, value in entry.scores.items()]
    return [(label, " ".join(text.split())) for label, text in facts if text]


def _verify(models: ModelSet) -> int:
    from .output import say

    code = 0
    for entry, problem in models.verify_all():
        print(f"{entry.file}: {'damaged' if problem else 'ok'}", flush=True)
        if problem:
            say(problem)
            code = 1
    return code
