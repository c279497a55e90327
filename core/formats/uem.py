"""UEM: which parts of which recordings are scored. A line is ``<file> <channel> <start> <end>``."""

from __future__ import annotations

from pathlib import Path

from ..annotation import union
from ..errors import InputError
from . import rttm
from .reading import lines, read_text, seconds
from .rounding import decimal, on_grid

Region = tuple[tuple[int, int], ...]
"""Stretches (start, end) in samples: sorted, apart, none empty."""


def render(uri: str, start: int, end: int) -> str:
    """The line that says: this stretch (samples) of this recording was annotated."""
    start, end = on_grid(start), on_grid(end)
    return f"{rttm.encode(uri)} 1 {decimal(start)} {decimal(end)}\n" if start < end else ""


def read(path: str | Path) -> dict[str, Region]:
    """The scored region of each recording.

    Raises
    ------
    InputError
        Names the file and the line.
    """
    return parse(read_text(path), str(path))


def parse(text: str, source: str = "UEM") -> dict[str, Region]:
    """Like :func:`read`, for text at hand; ``source`` is named in errors."""
    stretches: dict[str, list[tuple[int, int]]] = {}
    for number, line in lines(text):
        where = f"{source}, line {number}"
        fields = line.split()
        if fields[0].startswith((";;", "#")):
            continue
        if len(fields) != 4:
            raise InputError(
                f"{where}: a UEM line has 4 fields, this one {len(fields)}: file 1 start end"
            )
        start, end = seconds(fields[2], "start", where), seconds(fields[3], "end", where)
        if end <= start:
            raise InputError(f"{where}: the end must come after the start")
        stretches.setdefault(rttm.decode(fields[0]), []).append((start, end))
    return {uri: union(s) for uri, s in stretches.items()}
