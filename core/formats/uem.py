"""UEM: which parts of which recordings are scored. A line is ``<file> <channel> <start> <end>``."""

from __future__ import annotations

from pathlib import Path

from ..annotation import union
from ..errors import InputError
from . import rttm
from .reading import Tell, left_out, lines, read_text, seconds, unheard
from .rounding import decimal, on_grid

Region = tuple[tuple[int, int], ...]
"""Stretches (start, end) in samples: sorted, apart, none empty."""


def render(uri: str, start: int, end: int) -> str:
    """The line that says: this stretch (samples) of this recording was annotated."""
    start, end = on_grid(start), on_grid(end)
    return f"{rttm.encode(uri)} 1 {decimal(start)} {decimal(end)}\n" if start < end else ""


def read(path: str | Path, tell: Tell = unheard) -> dict[str, Region]:
    """The scored region of each recording; stretches without length are left out, and told.

    A recording of which nothing is left has an empty region.

    Raises
    ------
    InputError
        Names the file and the line.
    """
    return parse(read_text(path), str(path), tell)


def parse(text: str, source: str = "UEM", tell: Tell = unheard) -> dict[str, Region]:
    """Like :func:`read`, for text at hand; ``source`` is named in errors."""
    stretches: dict[str, list[tuple[int, int]]] = {}
    empty = 0
    for number, line in lines(text):
        where = f"{source}, line {number}"
        fields = line.split()
        if fields[0].startswith((";;", "#")):
            continue
        if len(fields) < 4:
            raise InputError(
                f"{where}: a UEM line has 4 fields, this one {len(fields)}: file 1 start end"
            )
        start, end = seconds(fields[-2], "start", where), seconds(fields[-1], "end", where)
        if end < start:
            raise InputError(f"{where}: the end must come after the start")
        # From the right, because the name may be one with spaces.
        found = stretches.setdefault(" ".join(map(rttm.decode, fields[:-3])), [])
        if start < end:
            found.append((start, end))
        else:
            empty += 1
    left_out(empty, "stretches without length", source, tell)
    return {uri: union(s) for uri, s in stretches.items()}
