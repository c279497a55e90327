"""A table for spreadsheets: RFC 4180, decimal points in every country, no cell that runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from ..annotation import Annotation
from .rounding import decimal, rounded

HEADER = ("file", "speaker", "start", "end", "duration")


def render(annotation: Annotation, uri: str) -> str:
    """One row per turn, times in seconds with three decimals."""
    annotation = rounded(annotation)
    labels = {s.id: s.label for s in annotation.speakers}
    rows = (
        (uri, labels[t.speaker], decimal(t.start), decimal(t.end), decimal(t.duration))
        for t in annotation.turns
    )
    return table([HEADER, *rows])


def table(rows: Iterable[Sequence[str]]) -> str:
    """CSV text of rows of cells, every cell neutralised and lines ended by CR LF."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue()


def harmless(cell: str) -> str:
    """The cell, with an apostrophe in front if a spreadsheet would run it as a formula.

    NUL, which no CSV reader takes (nor Python 3.10's writer), is left out.
    """
    cell = cell.replace("\0", "")
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else cell
