"""Tables for spreadsheets: decimal points in every country, no cell that runs.

CSV is that of RFC 4180; TSV has tabs between the cells and a plain line end. Read back is also what
a spreadsheet makes of it: columns in another order, semicolons, and then decimal commas.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from core.annotation.values import Annotation, Turn
from core.errors import InputError
from core.formats.names import labels, one_line
from core.formats.reading import LabelRow, Tell, from_rows, seconds, unheard
from core.formats.rounding import decimal, rounded

HEADER = ("file", "speaker", "start", "end", "duration")
WORDS, CONFIDENCE = "words", "confidence"
"""Where there are any words, and where it is known how sure (0..1) it is who speaks."""
_Sure = Callable[[Turn], float | None] | None


def render(annotation: Annotation, uri: str, sure: _Sure = None) -> str:
    """One row per turn, times in seconds with three decimals."""
    return table(_rows(annotation, uri, labels(annotation, _whole), sure))


def render_tsv(annotation: Annotation, uri: str, sure: _Sure = None) -> str:
    """The same columns divided by tabs."""
    rows = _rows(annotation, one_line(uri), labels(annotation), sure)
    return table(rows, delimiter="\t", line_end="\n")


def _whole(label: str) -> str:
    return label.replace("\0", "")  # as in every cell


def _rows(
    annotation: Annotation, uri: str, names: Mapping[int, str], sure: _Sure
) -> Iterator[Sequence[str]]:
    worded = annotation.has_words
    yield (*HEADER, *([WORDS] if worded else []), *([CONFIDENCE] if sure else []))
    for t in rounded(annotation).turns:
        cells = [uri, names[t.speaker], decimal(t.start), decimal(t.end), decimal(t.duration)]
        if worded:
            cells.append(t.text)
        if sure:
            known = sure(t)
            cells.append("" if known is None else f"{known:.2f}")
        yield cells


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


def is_header(line: str) -> bool:
    """Whether a line names the columns of such a table."""
    return _delimiter(line) is not None


def parse(text: str, source: str = "table", tell: Tell = unheard) -> dict[str, Annotation]:
    """The annotations in a table by the name of their recording ("" if there is no such column).

    Raises
    ------
    InputError
        Names the line.
    """
    header = text.lstrip().partition("\n")[0]
    delimiter = _delimiter(header)
    if delimiter is None:
        raise InputError(f"{source}: a table has the columns {', '.join(HEADER[1:4])}")
    reader = csv.reader(io.StringIO(text.lstrip(), newline=""), delimiter=delimiter)
    rows: dict[str, list[LabelRow]] = {}
    try:
        columns = {name.strip().casefold(): n for n, name in enumerate(next(reader))}
        for cells in reader:
            if not any(cells):
                continue
            where = f"{source}, line {reader.line_num}"
            try:
                row = {name: _stated(cells[n]) for name, n in columns.items() if n < len(cells)}
                start, end = (_time(row[what], what, delimiter, where) for what in ("start", "end"))
                rows.setdefault(row.get("file", ""), []).append(
                    LabelRow(start, end, row["speaker"], row.get(WORDS, ""))
                )
            except KeyError as missing:
                raise InputError(f"{where}: there is no cell for the {missing.args[0]}") from None
            if end < start:
                raise InputError(f"{where}: the end must not come before the start")
    except csv.Error as error:
        raise InputError(f"{source}, line {reader.line_num}: {error!s:.80}") from error
    return {uri: from_rows(rs, source=source, tell=tell) for uri, rs in rows.items()}


def _delimiter(header: str) -> str | None:
    for delimiter in "\t,;":
        names = {name.strip().strip('"').casefold() for name in header.split(delimiter)}
        if {"speaker", "start", "end"} <= names:
            return delimiter
    return None


def _time(cell: str, what: str, delimiter: str, where: str) -> int:
    return seconds(cell.replace(",", ".") if delimiter == ";" else cell, what, where)


def _stated(cell: str) -> str:
    """What :func:`harmless` was given."""
    return cell[1:] if cell[:1] == "'" and harmless(cell[1:]) == cell else cell


_SIGNS = ("=", "+", "-", "@", "\N{MINUS SIGN}")
_BREAKS = ("\t", "\r", "\n")
