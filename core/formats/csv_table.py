"""Tables for spreadsheets: decimal points in every country, no cell that runs.

CSV is that of RFC 4180; TSV has tabs between the cells and a plain line end.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ..annotation import Annotation
from .names import labels, one_line
from .rounding import decimal, rounded

HEADER = ("file", "speaker", "start", "end", "duration")


def render(annotation: Annotation, uri: str) -> str:
    """One row per turn, times in seconds with three decimals."""
    return table(_rows(annotation, uri, labels(annotation, str)))


def render_tsv(annotation: Annotation, uri: str) -> str:
    """The same columns divided by tabs."""
    rows = _rows(annotation, one_line(uri), labels(annotation))
    return table(rows, delimiter="\t", line_end="\n")


def _rows(annotation: Annotation, uri: str, names: Mapping[int, str]) -> Iterator[Sequence[str]]:
    yield HEADER
    for t in rounded(annotation).turns:
        yield uri, names[t.speaker], decimal(t.start), decimal(t.end), decimal(t.duration)


def table(rows: Iterable[Sequence[str]], *, delimiter: str = ",", line_end: str = "\r\n") -> str:
    """The text of rows of cells, every cell neutralised."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=line_end)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue()


def harmless(cell: str) -> str:
    """The cell, with an apostrophe in front if a spreadsheet would run it as a formula.

    Some pass over blanks and what can't be seen at its start, and take full-width signs for plain
    ones. NUL, which no CSV reader takes (nor Python 3.10's writer), is left out.
    """
    cell = cell.replace("\0", "")
    seen = (
        sign
        for sign in unicodedata.normalize("NFKC", cell)
        if not sign.isspace() and unicodedata.category(sign) not in ("Cc", "Cf")
    )
    return f"'{cell}" if next(seen, "") in _SIGNS or cell.startswith(_BREAKS) else cell


_SIGNS = ("=", "+", "-", "@", "\N{MINUS SIGN}")
_BREAKS = ("\t", "\r", "\n")
