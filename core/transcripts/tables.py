"""Transcripts with tiers or columns: TextGrid, ELAN and CTM."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core.annotation.values import Word
from core.annotation.words import spread
from core.errors import InputError
from core.formats import eaf, rttm, textgrid
from core.formats.reading import LabelRow, lines, seconds
from core.transcripts.lines import Line

_PHONES = " - phones"
_GAP = 16_000
"""A pause of a second parts the words of a CTM into lines."""
_NOT_SAID = frozenset({"<NA>", "<ALT_BEGIN>", "<ALT>", "<ALT_END>", "(%hesitation)"})


def parse_textgrid(text: str, source: str = "TextGrid") -> list[Line]:
    """The intervals with text, a line each.

    A tier ``Anna - words``, as the Montreal Forced Aligner and Voicelanes write it, has the times
    of the words; then the tier ``Anna`` isn't read.
    """
    tiers, _, _ = textgrid.tiers_in(text, source)
    names = {name for name, _ in tiers}
    made: list[Line] = []
    for name, rows in tiers:
        if name.endswith(_PHONES) or name + textgrid.WORDS in names:
            continue
        label = name.removesuffix(textgrid.WORDS)
        said = [r for r in rows if r.label and r.label.casefold() not in textgrid.SILENCES]
        if label != name or label.casefold() == "words":
            made += _by_words(said, label if label != name else "")
        elif any(row.label != name for row in said):  # else the intervals just name who speaks
            made += [Line(" ".join(row.label.split()), row.start, row.end, name) for row in said]
    return sorted(made, key=_order)


def parse_eaf(text: str, source: str = "EAF", recording: str = "") -> list[Line]:
    """The annotations with times, a line each; those of a tier ``Anna - words`` are words."""
    tiers = eaf.texts_in(text, recording, source)
    worded = {t.name for t in tiers if t.name.endswith(textgrid.WORDS)}
    made: list[Line] = []
    for tier in tiers:
        if tier.name + textgrid.WORDS in worded:
            continue
        if tier.name in worded:
            made += _by_words(tier.rows, tier.label.removesuffix(textgrid.WORDS))
        elif not tier.parent:
            made += [
                Line(row.label, row.start, row.end, tier.label)
                for row in tier.rows
                if row.label != tier.label
            ]
    return sorted(made, key=_order)


def parse_ctm(text: str, source: str = "CTM", recording: str = "") -> list[Line]:
    """The words of a CTM: recording, channel, start, length, word, and perhaps how sure that is,
    what kind of word it is, and who says it.

    Raises
    ------
    InputError
        Names the line.
    """
    rows: dict[tuple[str, str, str], list[tuple[LabelRow, float | None]]] = {}
    for number, line in lines(text):
        if line.lstrip().startswith(";;"):
            continue
        fields = line.split()
        where = f"{source}, line {number}"
        if not 5 <= len(fields) <= 8:
            raise InputError(f"{where}: a word has a recording, a channel, a start and a length")
        uri, channel, first, length, word, *more = fields
        uri = rttm.decode(uri)
        start = seconds(first, "start", where)
        end = start + seconds(length, "length", where)
        if word in _NOT_SAID or (len(more) > 1 and more[1] not in ("lex", "<NA>", "misc")):
            continue
        label = rttm.decode(more[2].replace("\N{LOW LINE}", " ")) if len(more) > 2 else ""
        label = "" if label in ("<NA>", "unknown") else label
        key = (uri, channel, label)
        rows.setdefault(key, []).append((LabelRow(start, end, word), _sure(more)))
    uris = dict.fromkeys(uri for uri, _, _ in rows)
    if len(uris) > 1 and recording not in uris:
        raise InputError(
            f"{source} holds words of {len(uris)} recordings"
            f" ({', '.join(sorted(uris))[:80]}); keep one of them in the file"
        )
    wanted = recording if recording in uris else next(iter(uris), "")
    channels = len({channel for uri, channel, _ in rows if uri == wanted})
    made: list[Line] = []
    for (uri, channel, label), own in rows.items():
        if uri == wanted:
            who = label or (f"channel {channel}" if channels > 1 else "")
            made += _by_words([row for row, _ in own], who, [sure for _, sure in own])
    return sorted(made, key=_order)


def is_ctm(line: str) -> bool:
    """Whether a line may be one of a CTM."""
    fields = line.split()
    if not 5 <= len(fields) <= 8:
        return False
    try:
        return float(fields[2]) >= 0 and float(fields[3]) >= 0
    except ValueError:
        return False


def _sure(more: Sequence[str]) -> float | None:
    try:
        value = float(more[0])
    except (ValueError, IndexError):
        return None
    return value if 0 <= value <= 1 else None


def _order(line: Line) -> tuple[int, int]:
    return line.start or 0, line.end or 0


def _by_words(
    rows: Iterable[LabelRow], label: str, sure: Sequence[float | None] = ()
) -> list[Line]:
    """Lines of words, parted at pauses."""
    words = [
        Word(part.start, part.end, part.text, sure[n] if sure else None)
        for n, row in enumerate(rows)
        for part in spread(row.label, row.start, max(row.end, row.start + 1))
    ]
    made: list[list[Word]] = []
    for word in sorted(words):
        if not made or word.start - made[-1][-1].end > _GAP:
            made.append([])
        made[-1].append(word)
    return [
        Line(" ".join(w.text for w in own), own[0].start, own[-1].end, label, tuple(own))
        for own in made
    ]
