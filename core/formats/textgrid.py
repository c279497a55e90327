"""Praat's TextGrid: an interval tier per speaker whose intervals tile the recording.

An interval with text is a turn; the text is the speaker's name. The words of a speaker have a tier
of their own, and the markers are the points of another. What is read may be of Praat's long
or short form: like Praat, the reader heeds quoted texts, numbers that stand alone and flags, and
skips all else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from core.annotation.values import Annotation, Marker
from core.annotation.words import spread
from core.errors import InputError
from core.formats.names import labels, one_line
from core.formats.reading import (
    LabelRow,
    Tell,
    from_rows,
    read_text,
    seconds,
    unheard,
    with_markers,
    with_said,
)
from core.formats.rounding import SAMPLES_PER_MS, apart, decimal, rounded

NOBODY = "nobody"
"""The tier, empty, where there is no speaker: Praat opens no grid without a tier."""

WORDS = " - words"
"""Ends the name of the tier that holds a speaker's words, as in the Montreal Forced Aligner."""
SILENCES = frozenset({"sil", "sp", "silent", "silence"})
_BY_TEXT = frozenset({"speaker", "speakers", "diarization"})
"""A single tier of that name has the speakers as its texts."""
_TOKEN = re.compile(
    r'(?P<text>"[^"]*(?:""[^"]*)*")'
    r"|(?<!\S)(?P<number>[-+]?[0-9]+(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?)(?!\S)"
    r"|(?P<flag><exists>|<absent>)"
    r"|(?<!\S)!.*"
)


def render(annotation: Annotation) -> str:
    """The text of the grid, in Praat's long form."""
    annotation = rounded(annotation)
    end = max(annotation.duration, SAMPLES_PER_MS)
    tiers: list[tuple[str, list[tuple[int, int, str]]]] = []
    for speaker_id, label in labels(annotation, tier_name).items():
        turns = annotation.turns_of(speaker_id)
        tiers.append((label, list(_tiled([(t.start, t.end, label) for t in turns], end))))
        if said := sorted(word for turn in turns for word in turn.words):
            rows = [(w.start, w.end, w.text) for w in apart(said, 0, end)]
            tiers.append((label + WORDS, list(_tiled(rows, end))))
    tiers = tiers or [(NOBODY, [(0, end, "")])]
    text = [
        'File type = "ooTextFile"\nObject class = "TextGrid"\n\n'
        f"xmin = 0 \nxmax = {decimal(end)} \n"
        f"tiers? <exists> \nsize = {len(tiers) + bool(annotation.markers)} \nitem []: \n"
    ]
    for number, (name, intervals) in enumerate(tiers, 1):
        text.append(
            f'    item [{number}]:\n        class = "IntervalTier" \n'
            f"        name = {_quoted(name)} \n"
            f"        xmin = 0 \n        xmax = {decimal(end)} \n"
            f"        intervals: size = {len(intervals)} \n"
        )
        text.extend(
            f"        intervals [{n}]:\n            xmin = {decimal(start)} \n"
            f"            xmax = {decimal(stop)} \n            text = {_quoted(label)} \n"
            for n, (start, stop, label) in enumerate(intervals, 1)
        )
    if annotation.markers:
        points: dict[int, str] = {}  # Praat allows one at a time
        for marker in annotation.markers:
            points[marker.at] = "; ".join(filter(None, [points.get(marker.at), marker.text]))
        text.append(
            f'    item [{len(tiers) + 1}]:\n        class = "TextTier" \n'
            '        name = "markers" \n'
            f"        xmin = 0 \n        xmax = {decimal(end)} \n"
            f"        points: size = {len(points)} \n"
        )
        text.extend(
            f"        points [{n}]:\n            number = {decimal(at)} \n"
            f"            mark = {_quoted(one_line(mark))} \n"
            for n, (at, mark) in enumerate(points.items(), 1)
        )
    return "".join(text)


def read(path: str | Path) -> Annotation:
    """The annotation in a grid.

    A tier is a speaker, and its intervals with any text but "sil" and the like are turns. In a
    single tier called "speaker", "speakers" or "diarization" the texts are the speakers. A tier
    ``Anna - words`` beside ``Anna`` has what she says. Points are markers.

    Raises
    ------
    InputError
        Names the file and the tier.
    """
    return parse(read_text(path), str(path))


def parse(text: str, source: str = "TextGrid", tell: Tell = unheard) -> Annotation:
    """Like :func:`read`, for text at hand; ``source`` is named in errors."""
    tiers, markers, duration = tiers_in(text, source)
    by_text = len(tiers) == 1 and tiers[0][0].casefold() in _BY_TEXT
    names = {name for name, _ in tiers}
    turns = (
        row if by_text else row._replace(label=name)
        for name, rows in tiers
        if name.removesuffix(WORDS) == name or name.removesuffix(WORDS) not in names
        for row in rows
        if row.label and (row.label == name or row.label.casefold() not in SILENCES)
    )
    words = (
        (word, name.removesuffix(WORDS))
        for name, rows in tiers
        if name.endswith(WORDS) and name.removesuffix(WORDS) in names
        for row in rows
        if row.label.casefold() not in SILENCES
        for word in spread(row.label, row.start, max(row.end, row.start + 1))
    )
    annotation = with_said(from_rows(turns, duration, source=source, tell=tell), words)
    return with_markers(annotation, markers)


def tier_name(label: str) -> str:
    """A speaker's name as that of a tier: not one that would be taken for the words of another."""
    name = one_line(label)
    return f"{name.removesuffix(WORDS)} \N{EN DASH} words" if name.endswith(WORDS) else name


def tiers_in(text: str, source: str) -> tuple[list[tuple[str, list[LabelRow]]], list[Marker], int]:
    """The tiers of intervals with their names, the points, and the length in samples."""
    tokens = _Tokens(text, source)
    if tokens.text("file type") not in ("ooTextFile", "ooTextFile short"):
        raise InputError(f"{source}: this is not a text file of Praat")
    if tokens.text("object class") != "TextGrid":
        raise InputError(f"{source}: Praat wrote this, but it is not a TextGrid")
    tokens.number("start")
    duration = tokens.time("end")
    tiers: list[tuple[str, list[LabelRow]]] = []
    markers: list[Marker] = []
    for number in range(1, tokens.count("number of tiers") + 1 if tokens.exists() else 1):
        tokens.where = f"{source}, tier {number}"
        tier = _tier(tokens, markers)
        if tier is not None:
            tiers.append(tier)
    return tiers, markers, duration


def _tiled(rows: Iterable[tuple[int, int, str]], end: int) -> Iterator[tuple[int, int, str]]:
    """Stretches that don't overlap, and the silences between them, without a gap."""
    at = 0
    for start, stop, text in rows:
        if at < start:
            yield at, start, ""
        yield start, stop, text
        at = stop
    if at < end:
        yield at, end, ""


def _tier(tokens: _Tokens, markers: list[Marker]) -> tuple[str, list[LabelRow]] | None:
    """The name of the next tier and its intervals; None for points, which go to the markers."""
    kind = tokens.text("class")
    name = tokens.text("name").strip()
    tokens.number("start")
    tokens.number("end")
    count = tokens.count("number of intervals")
    if kind == "TextTier":
        for _ in range(count):
            markers.append(Marker(tokens.time("time"), tokens.text("mark").strip()))
        return None
    if kind != "IntervalTier":
        raise InputError(f"{tokens.where}: its class must be IntervalTier or TextTier")
    rows = []
    for _ in range(count):
        start, end = tokens.time("start"), tokens.time("end")
        if end < start:
            raise InputError(f"{tokens.where}: an interval ends before it starts")
        rows.append(LabelRow(start, end, tokens.text("text").strip()))
    return name, rows


class _Tokens:
    """What Praat heeds in the text, one after the other; ``where`` opens the error line."""

    def __init__(self, text: str, where: str) -> None:
        self._found = (m for m in _TOKEN.finditer(text) if m.lastgroup)
        self.where = where

    def text(self, what: str) -> str:
        return self._next("text", what)[1:-1].replace('""', '"')

    def number(self, what: str) -> str:
        return self._next("number", what)

    def time(self, what: str) -> int:
        return seconds(self.number(what), what, self.where)

    def count(self, what: str) -> int:
        text = self.number(what)
        if not text.isdecimal() or len(text) > 7:
            raise InputError(f"{self.where}: the {what} must be a whole number, not {text:.40}")
        return int(text)

    def exists(self) -> bool:
        return self._next("flag", "flag <exists>") == "<exists>"

    def _next(self, kind: str, what: str) -> str:
        match = next(self._found, None)
        if match is None:
            raise InputError(f"{self.where}: the file ends before the {what}; it was cut off")
        if match.lastgroup != kind:
            raise InputError(f"{self.where}: the {what} is missing, there is {match[0]!r:.40}")
        return match[0]


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
