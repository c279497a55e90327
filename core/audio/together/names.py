"""What the lanes of several files are called: the people's names, as far as the files' tell."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path

_ZOOM = re.compile(r"audio(?=[^\W\d_])(?P<name>.*?)\d{5,}")
_CRAIG = re.compile(r"\d{1,2}-(?P<name>.+?)(_\d{4})?")
_RIVERSIDE = re.compile(r"riverside_(?P<name>.+?)_.*", re.IGNORECASE)
_CAMEL = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])")


def names_of(paths: Sequence[Path]) -> tuple[str, ...]:
    """A name for each file, no two the same.

    >>> names_of([Path("audioJohnSmith11234567890.m4a"), Path("1-ben_berg.flac")])
    ('John Smith', 'ben berg')
    >>> names_of([Path("talk-anna.wav"), Path("talk-ben.wav")])
    ('anna', 'ben')
    """
    stems = [path.stem for path in paths]
    found = [_recorders(stem) for stem in stems]
    if not any(found) and len(set(stems)) > 1:
        alike = takewhile(lambda letters: len(set(letters)) == 1, zip(*stems, strict=False))
        shared = "".join(letters[0] for letters in alike)
        cut = max(shared.rfind(mark) for mark in " -_.") + 1
        found = [stem[cut:] for stem in stems]
    names = [_spaced(name) or stem for name, stem in zip(found, stems, strict=True)]
    count, seen = Counter(names), Counter[str]()
    told = []
    for name in names:
        seen[name] += 1
        told.append(f"{name} {seen[name]}" if count[name] > 1 else name)
    return tuple(told)


def _recorders(stem: str) -> str:
    """The name within one that Zoom, Craig or Riverside gave; empty if it is none."""
    for pattern in (_ZOOM, _CRAIG, _RIVERSIDE):
        if match := pattern.fullmatch(stem):
            name = match["name"]
            return _CAMEL.sub(" ", name) if pattern is _ZOOM else name
    return ""


def _spaced(name: str) -> str:
    return " ".join(re.sub(r"[_\s]+", " ", name).split())
