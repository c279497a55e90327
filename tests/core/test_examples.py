"""The examples in the docstrings of ``core`` are true."""

from __future__ import annotations

import doctest
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Only modules with examples are loaded: of the others some need [train].
MODULES = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for path in sorted((ROOT / "core").rglob("*.py"))
    if any(line.lstrip().startswith(">>> ") for line in path.read_text("utf-8").splitlines())
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_are_true(name: str) -> None:
    results = doctest.testmod(import_module(name), optionflags=doctest.IGNORE_EXCEPTION_DETAIL)
    assert results.failed == 0


def test_the_public_face_shows_how_it_is_used() -> None:
    assert doctest.testmod(import_module("core")).attempted == 4
