"""Plain transcripts: ``Anna: Well, ...``, with or without a time before or behind the name."""

from __future__ import annotations

import re
from dataclasses import replace

from core.errors import InputError
from core.formats.reading import lines as lines_of
from core.transcripts.lines import Line
from core.units import clock_samples

_CLOCK = r"(?:(\d{1,3}):)?(\d{1,3}):(\d{2})(?:[.,-](\d{1,3}))?"
_BEFORE = re.compile(rf"\s*[\[(#<]?{_CLOCK}[\])#>]?(?:\s*[-–>]+\s*[\[(]?{_CLOCK}[\])]?)?\s*")
_AFTER = re.compile(rf"\s*[\[(#]{_CLOCK}[\])#]\s*$")
_NAME = re.compile(r"\s*#?\*{0,2}([^:#*\[\]()\n]{1,60}?)\*{0,2}\s*:\*{0,2}(?:\s+|$)")


def parse(text: str, source: str = "transcript") -> list[Line]:
    """The paragraphs; one without a name goes on with what the one before it says.

    Raises
    ------
    InputError
        If it names nobody and no time: then it may be any text.
    """
    found: list[tuple[int | None, int | None, str, str]] = []
    told = False
    label = ""
    for _, line in lines_of(text):
        start = end = None
        if match := _BEFORE.match(line):
            start, line = _samples(match.groups()[:4]), line[match.end() :]
            end = _samples(match.groups()[4:])
        name = _NAME.match(line)
        if name is not None and _is_name(name[1]):
            label, line = " ".join(name[1].split()), line[name.end() :]
            if match := _BEFORE.match(line):
                start, line = _samples(match.groups()[:4]), line[match.end() :]
            told = True
        if match := _AFTER.search(line):
            # f4 and MAXQDA write the time at which a paragraph ends
            end, line = _samples(match.groups()), line[: match.start()]
        told |= start is not None or end is not None
        if line.strip() or name is not None:
            found.append((start, end, label, " ".join(line.split())))
    if not told:
        raise InputError(
            f"{source}: no transcript: neither names (Anna: ...) nor times ([0:01:02] ...) in it"
        )
    return _lines(found)


def is_timed(text: str) -> bool:
    """Whether a text begins with a time, as ``[0:01:02]`` does."""
    match = _BEFORE.match(text)
    return match is not None and match[2] is not None


def _lines(found: list[tuple[int | None, int | None, str, str]]) -> list[Line]:
    made: list[Line] = []
    for n, (start, end, label, text) in enumerate(found):
        before = made[-1] if made else None
        if not text and n + 1 < len(found) and found[n + 1][0] is None:
            # A name on a line of its own: its time is that of what follows.
            found[n + 1] = (start, *found[n + 1][1:])
        elif text and start is None and end is not None:
            made.append(Line(text, before.end if before and before.end else 0, end, label))
        elif text and start is None and before and before.start is not None:
            if label == before.label:  # the next paragraph of the same utterance
                made[-1] = replace(before, text=f"{before.text} {text}")
            else:
                made.append(Line(text, label=label))
        elif text:
            made.append(Line(text, start, end, label))
    return made


def _is_name(text: str) -> bool:
    return any(sign.isalnum() for sign in text) and len(text.split()) <= 5


def _samples(parts: tuple[str | None, ...]) -> int | None:
    hours, minutes, seconds, fraction = parts
    if minutes is None or seconds is None or int(seconds) >= 60:
        return None
    return clock_samples(hours, minutes, seconds, fraction)
