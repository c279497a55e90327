"""Subtitles that show who speaks: SubRip (SRT) and WebVTT.

What is said is broken into captions (:mod:`core.formats.spoken.captions`); a turn without words is
one that shows the name. In SRT the name is part of the text, ``Anna: Well, ...``, and marks that a
player could take for formatting become look-alikes. WebVTT has a way to name a voice, ``<v Anna>``,
and to write any character.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from core.annotation.values import Annotation
from core.errors import InputError
from core.formats.names import labels, one_line
from core.formats.reading import LabelRow, Tell, from_rows, left_out, seconds, unheard
from core.formats.rounding import rounded
from core.formats.spoken.captions import BROADCAST, Caption, CaptionStyle, captions
from core.units import to_milliseconds

_LOOK_ALIKES = str.maketrans("<>{}\\", "‹›()/")
_CLOCK = r"((?:[0-9]{1,5}:)?[0-9]{1,2}:[0-9]{2}[.,][0-9]{3})"
_TIMES = re.compile(rf"\s*{_CLOCK}\s*-->\s*{_CLOCK}(?:\s.*)?")
VOICE = re.compile(r"<v(?:\.[^\s>]*)?[ \t]([^>]*)>")
NAME = re.compile(r"(?:[-–]\s*)?(?:\[([^\]\d:]{1,40})\]:?|([^\W\d_][^:\n<>]{0,40}?):)\s+(?=\S)")
"""Before what is said: ``Anna: ``, ``[Anna] `` or ``- Anna: ``."""
_TAG = re.compile(r"</?[a-zA-Z][^>]*>|<[0-9:.]+>")
_MANY, _FEW = 20, 6
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def render_srt(annotation: Annotation, style: CaptionStyle = BROADCAST) -> str:
    """The SubRip text; where only one speaks, no name stands before what is said."""
    annotation = rounded(annotation)
    names = labels(annotation, lambda label: one_line(label).translate(_LOOK_ALIKES))
    several = len({turn.speaker for turn in annotation.turns}) > 1
    return "".join(
        f"{number}\n{_time(c.start, ',')} --> {_time(c.end, ',')}\n"
        f"{_srt_text(c, names[c.speaker])}\n\n"
        for number, c in enumerate(captions(annotation, names if several else None, style), 1)
    )


def _srt_text(caption: Caption, name: str) -> str:
    if not caption.lines:
        return name
    text = "\n".join(caption.lines).translate(_LOOK_ALIKES)
    return f"{name}:{'' if text.startswith(chr(10)) else ' '}{text}" if caption.named else text


def render_vtt(annotation: Annotation, style: CaptionStyle = BROADCAST) -> str:
    """The WebVTT text; where nobody wrote down what is said, the name in the voice tag stands in
    the cue, too, for people to see."""
    annotation = rounded(annotation)
    names = {i: label.translate(_ENTITIES) for i, label in labels(annotation).items()}
    cues = (
        f"{_time(c.start, '.')} --> {_time(c.end, '.')}\n<v {names[c.speaker]}>"
        + ("\n".join(c.lines).translate(_ENTITIES) if c.lines else names[c.speaker])
        + "\n"
        for c in captions(annotation, style=style)
    )
    return "\n".join(["WEBVTT\n", *cues])


def _time(samples: int, point: str) -> str:
    """``HH:MM:SS,mmm``; hours have more digits where they need them."""
    seconds, ms = divmod(to_milliseconds(samples), 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{point}{ms:03d}"


def is_time(line: str) -> bool:
    """Whether a line says from when to when a cue is shown."""
    return _TIMES.fullmatch(line) is not None


def parse_srt(text: str, source: str = "SRT", tell: Tell = unheard) -> Annotation:
    """The annotation in subtitles whose texts are the names of speakers, or begin with them.

    Where most texts differ, but names stand before many of them, these are the speakers, and what
    follows is what they say; a text without a name goes on with that of the one before it.

    Raises
    ------
    InputError
        Names the line.
    """
    rows = []
    silent = 0
    for start, end, shown in _cues(text, source):
        if label := " ".join(line.strip() for line in shown):
            rows.append(LabelRow(start, end, label))
        else:
            silent += 1
    left_out(silent, "subtitles without text", source, tell)
    if spoken := _by_name(rows):
        tell(f"{source}: the names before its texts were taken for the speakers")
        return from_rows(spoken, source=source, tell=tell)
    names = len({row.label for row in rows})
    if names > max(_MANY, len(rows) // 2):
        tell(f"{source}: its {names} texts were taken for the names of speakers")
    return from_rows(rows, source=source, tell=tell)


def _by_name(rows: Sequence[LabelRow]) -> list[LabelRow]:
    """The rows with the names before their texts as their labels; [] if the texts are names."""
    found = [NAME.match(row.label) for row in rows]
    names = [" ".join((m[1] or m[2]).split()) if m else "" for m in found]
    count = Counter(filter(None, names))
    often = {name: n for name, n in count.items() if n > 1}
    differ = len({row.label for row in rows})
    spoken = sum(often.values())
    if len(rows) < _FEW or names[0] not in often or 2 * differ <= len(rows):
        return []
    if 4 * spoken < len(rows) or 2 * len(often) > spoken:
        return []
    made, label = [], ""
    for row, match, name in zip(rows, found, names, strict=True):
        said = row.label
        if match and name in often:
            label, said = name, said[match.end() :]
        elif said in often:  # a turn of which nobody wrote down what is said
            label, said = said, ""
        made.append(row._replace(label=label, said=said))
    return made


def parse_vtt(text: str, source: str = "WebVTT", tell: Tell = unheard) -> Annotation:
    """The annotation in WebVTT: its voice tags (``<v Anna>``) say who speaks, and what.

    Raises
    ------
    InputError
        Names the line, or if no cue has a voice.
    """
    rows = []
    silent = 0
    for start, end, shown in _cues(text, source):
        _, *pieces = VOICE.split("\n".join(shown))
        told: dict[str, list[str]] = {}
        for voice, said in zip(pieces[::2], pieces[1::2], strict=True):
            told.setdefault(html.unescape(voice.strip()), []).append(_plain(said))
        for voice, texts in told.items():
            said = " ".join(texts).strip()
            if said == " ".join(voice.split()):  # one that shows the name alone says nothing more
                said = ""
            if voice:
                rows.append(LabelRow(start, end, voice, said))
        silent += not any(told)
    if silent and not rows:
        raise InputError(f"{source}: none of its texts says who speaks, as <v Anna> would")
    left_out(silent, "texts without a voice", source, tell)
    return from_rows(rows, source=source, tell=tell)


def _plain(text: str) -> str:
    return " ".join(html.unescape(_TAG.sub("", text)).split())


def _cues(text: str, source: str) -> Iterator[tuple[int, int, list[str]]]:
    """Start, end (samples) and lines of each cue."""
    numbered = enumerate(re.split(r"\r\n|\n|\r", text), 1)
    for number, line in numbered:
        if (times := _TIMES.fullmatch(line)) is None:
            continue  # a number, a note, a style
        where = f"{source}, line {number}"
        start, end = (_samples(time, where) for time in times.groups())
        if end < start:
            raise InputError(f"{where}: the end must not come before the start")
        shown: list[str] = []
        for _, line in numbered:
            if not line.strip():
                break
            shown.append(line)
        yield start, end, shown


def _samples(text: str, where: str) -> int:
    *hours, minutes, last = text.replace(",", ".").split(":")
    whole = 3600 * int(hours[0] if hours else 0) + 60 * int(minutes)
    return seconds(str(whole + float(last)), "time", where)
