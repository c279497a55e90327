"""Audacity's label track: ``start<TAB>end<TAB>label``, times in seconds with six decimals."""

from __future__ import annotations

from pathlib import Path

from ..annotation import Annotation
from ..errors import InputError
from .names import labels
from .reading import Row, from_rows, lines, read_text, seconds
from .rounding import decimal, rounded


def render(annotation: Annotation) -> str:
    """The label track of an annotation; the label is the speaker's name."""
    annotation = rounded(annotation)
    names = labels(annotation)
    return "".join(
        f"{decimal(t.start, 6)}\t{decimal(t.end, 6)}\t{names[t.speaker]}\n"
        for t in annotation.turns
    )


def read(path: str | Path) -> Annotation:
    """The annotation in a label track; every label text is a speaker.

    Point labels have no length and are left out, as are the frequencies of spectral labels.

    Raises
    ------
    InputError
        Names the file and the line.
    """
    return parse(read_text(path), str(path))


def parse(text: str, source: str = "label track") -> Annotation:
    """Like :func:`read`, for text at hand; ``source`` is named in errors."""
    rows = []
    for number, line in lines(text):
        where = f"{source}, line {number}"
        if line.startswith("\\"):  # the frequency range of the label above
            continue
        fields = line.split("\t", 2)
        if len(fields) < 2:
            raise InputError(f"{where}: a label is start, end and text, divided by tabs")
        start, end = seconds(fields[0], "start", where), seconds(fields[1], "end", where)
        if end < start:
            raise InputError(f"{where}: the end must not come before the start")
        rows.append(Row(start, end, fields[2] if len(fields) > 2 else ""))
    return from_rows(rows)
