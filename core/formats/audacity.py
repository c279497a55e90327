"""Audacity's label track: ``start<TAB>end<TAB>label``, times in seconds with six decimals.

Turns are region labels, markers are point labels, whose end is their start.
"""

from __future__ import annotations

from pathlib import Path

from core.annotation.values import Annotation, Marker
from core.errors import InputError
from core.formats.names import labels, one_line
from core.formats.reading import LabelRow, from_rows, lines, read_text, seconds, with_markers
from core.formats.rounding import decimal, rounded


def render(annotation: Annotation) -> str:
    """The label track of an annotation; the label is the speaker's name or the marker's text."""
    annotation = rounded(annotation)
    names = labels(annotation)
    rows = [(t.start, t.end, names[t.speaker]) for t in annotation.turns]
    rows += [(m.at, m.at, one_line(m.text)) for m in annotation.markers]
    return "".join(
        f"{decimal(start, 6)}\t{decimal(end, 6)}\t{label}\n" for start, end, label in sorted(rows)
    )


def render_speaker(annotation: Annotation, speaker: int) -> str:
    """The label track of one speaker; the label is what is said, or the name where nobody knows."""
    annotation = rounded(annotation)
    name = labels(annotation)[speaker]
    return "".join(
        f"{decimal(t.start, 6)}\t{decimal(t.end, 6)}\t{t.text or name}\n"
        for t in annotation.turns_of(speaker)
    )


def read(path: str | Path) -> Annotation:
    """The annotation in a label track; every text of a region is a speaker.

    Point labels are markers. The frequencies of spectral labels are left out.

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
        rows.append(LabelRow(start, end, fields[2] if len(fields) > 2 else ""))
    points = (Marker(row.start, row.label) for row in rows if row.start == row.end)
    return with_markers(from_rows(rows), points)
