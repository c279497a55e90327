"""Captions to read: SRT and WebVTT, with names as ``<v Anna>``, ``Anna:`` or not at all."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace

from core.annotation.values import Word
from core.annotation.words import spread
from core.formats.subtitles import NAME, VOICE
from core.transcripts.lines import Line
from core.units import clock_samples

_CLOCK = r"(?:(\d{1,5}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,6}))?"
_TIMES = re.compile(rf"\s*{_CLOCK}\s*--+>\s*{_CLOCK}(?:\s.*)?")
_INNER = re.compile(rf"<{_CLOCK}>")
_TAG = re.compile(r"</?[a-zA-Z][^>]*>|\{\\[^}]*\}")
_DASH = re.compile(r"\s*[-–—]\s+")


def parse(text: str, names: Collection[str] = ()) -> list[Line]:
    """The captions, each a line or, where two speak in one, a line each; ``names`` are known."""
    made: list[Line] = []
    rolling, above = bool(_INNER.search(text)), ""
    for start, end, shown in cues(text):
        if rolling and shown:  # each caption of an automatic transcript repeats the line above it
            below = _plain(shown[-1])
            if above and _plain(shown[0]) == above:
                shown = shown[1:]
            above = below
        made += _pieces(start, end, shown)
    # What shows just the name says who speaks, but not what.
    return [line for line in named(made, names) if line.text != line.label]


def is_captions(text: str) -> bool:
    """Whether there is the line with the times of a caption near the beginning."""
    return any(_TIMES.fullmatch(line) for line in text[:4000].splitlines()[:40])


def cues(text: str) -> list[tuple[int | None, int | None, list[str]]]:
    """Start, end (samples) and lines of each caption; 0 and 0 where a time can't be."""
    found: list[tuple[int | None, int | None, list[str]]] = []
    blank = True
    for line in re.split(r"\r\n|\n|\r", text):
        if times := _TIMES.fullmatch(line):
            if found and not blank and found[-1][2] and found[-1][2][-1].strip().isdecimal():
                found[-1][2].pop()  # the number of this one, without a blank line before it
            start, end = _samples(times.groups()[:4]), _samples(times.groups()[4:])
            wrong = start is None or end is None
            found.append((0, 0, []) if wrong else (start, end, []))
            blank = False
        elif not line.strip():
            blank = bool(found and found[-1][2])  # automatic ones may begin with an empty line
        elif found and not blank:
            found[-1][2].append(line)
    return found


def _samples(parts: Sequence[str | None]) -> int | None:
    hours, minutes, seconds, fraction = parts
    if int(seconds or 0) >= 60 or int(minutes or 0) >= 60:
        return None
    return clock_samples(hours, minutes or "0", seconds or "0", fraction)


def _plain(text: str) -> str:
    return " ".join(html.unescape(_TAG.sub("", _INNER.sub(" ", text))).split())


def _pieces(start: int | None, end: int | None, shown: Sequence[str]) -> list[Line]:
    """What different people say in one caption."""
    whole = "\n".join(shown)
    parts: list[tuple[str, str]] = []
    if VOICE.search(whole):
        label, at = "", 0
        for voice in VOICE.finditer(whole):
            parts.append((label, whole[at : voice.start()]))
            label, at = " ".join(html.unescape(voice[1]).split()), voice.end()
        parts.append((label, whole[at:]))
    elif sum(bool(_DASH.match(_plain(line))) for line in shown) > 1:
        for line in shown:
            plain = _plain(line)
            if parts and not _DASH.match(plain):
                parts[-1] = ("", f"{parts[-1][1]} {line}")
            else:
                parts.append(("", _DASH.sub("", plain, count=1)))
    else:
        parts.append(("", whole))
    parts = [(label, part) for label, part in parts if _plain(part)]
    if len(parts) < 2 or start is None or end is None or end <= start:
        return [_line(part, label, start, end) for label, part in parts]
    total, at, made = sum(len(_plain(part)) for _, part in parts), 0, []
    for label, part in parts:
        first = start + (end - start) * at // total
        at += len(_plain(part))
        made.append(_line(part, label, first, start + (end - start) * at // total))
    return made


def _line(text: str, label: str, start: int | None, end: int | None) -> Line:
    line = Line(_plain(text), start, end, label)
    if start is None or end is None or not _INNER.search(text):
        return line
    words: list[Word] = []
    at, place = start, 0
    for mark in [*_INNER.finditer(text), None]:
        until = end if mark is None else _samples(mark.groups())
        piece = _plain(text[place : mark.start() if mark else len(text)])
        if until is None or until < at:
            return line
        if piece and until > at:
            words += spread(piece, at, until)
        elif piece:
            return line
        at, place = until, mark.end() if mark else len(text)
    return replace(line, words=tuple(words))


def named(lines: Sequence[Line], known: Collection[str] = ()) -> list[Line]:
    """Lines whose texts begin with the name of who speaks, ``Anna: ...``, have it as their label.

    What is before a colon only once may be anything ("Note:"), unless most lines begin so or it is
    a name that is known. A line without a name goes on with what the one before it said.
    """
    if any(line.label for line in lines):
        return list(lines)
    found = [NAME.match(line.text) for line in lines]
    names = [" ".join((m[1] or m[2]).split()) if m else "" for m in found]
    count = Counter(filter(None, names))
    most = 2 * sum(map(bool, names)) > len(lines)
    made, label = [], ""
    for line, match, name in zip(lines, found, names, strict=True):
        sure = name in known or ((most or count[name] > 1) and len(name.split()) <= 4)
        if line.text in known or (count[line.text] > 1 and not match):
            label = line.text
        elif match and sure:
            label = name
            gone = len(line.text[: match.end()].split())
            line = replace(line, text=line.text[match.end() :], words=line.words[gone:])
        made.append(replace(line, label=label))
    return made
