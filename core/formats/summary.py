"""The summary of a meeting to read: who spoke how much, and when, or what they said, as Markdown or
as a web page.

Both state the same numbers, those of :mod:`core.annotation.statistics`. The page needs nothing
beside itself: the picture of the lanes is inside.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping

from core.annotation.statistics import SpeakerStatistics, overlap_share, statistics
from core.annotation.values import Annotation, Turn
from core.formats.names import labels, one_line, xml
from core.formats.picture import speaker_colour
from core.formats.rounding import rounded
from core.units import clock

COLUMNS = (
    *("Speaker", "Talk time", "Share", "Turns", "Longest turn"),
    *("Overlap", "Interruptions", "Back-channels"),
)

NOTE = (
    "Overlap is the part of a speaker's talk time in which somebody else speaks, too; it counts as"
    " talk time for each of them. An interruption begins at least 0.5 s before another speaker's"
    " turn ends and outlasts it. A back-channel lies wholly inside a longer turn of another"
    " speaker."
)

_BAR = 20
"""Characters of a full bar in Markdown."""

_STYLE = """\
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; \
color: #222; background: #fff }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #ccc }
.number { text-align: right; font-variant-numeric: tabular-nums }
.bar { width: 30% }
.bar div { height: 1rem; border: 1px solid #333 }
img { width: 100% }
.note { color: #555; font-size: .9em }"""


def render_markdown(annotation: Annotation, uri: str) -> str:
    """The Markdown text (tables as GitHub, Pandoc and others know them)."""
    annotation = rounded(annotation)
    names = {i: _markdown(label) for i, label in labels(annotation).items()}
    text = [f"# {_markdown(one_line(uri))}\n", f"{headline(annotation)}\n"]
    text.append(f"| {' | '.join(COLUMNS)} | |")
    text.append("|---|" + "---:|" * (len(COLUMNS) - 1) + "---|")
    for one in statistics(annotation):
        cells = (names[one.speaker.id], *_numbers(one), _bar(one.share))
        text.append(f"| {' | '.join(cells)} |")
    text.append(f"\n{NOTE}\n")
    if annotation.markers:
        text.append("## Markers\n")
        text.extend(
            f"- {at_time(m.at)} {_markdown(one_line(m.text))}".rstrip() for m in annotation.markers
        )
        text.append("")
    if annotation.has_words:
        text.append("## What was said\n")
        for t in annotation.turns:
            time = f"{at_time(t.start)} – {at_time(t.end)}"
            said = f"  \n{_markdown(t.text)}" if t.words else ""
            text.append(f"**{names[t.speaker]}** {time}{said}\n")
    elif annotation.turns:
        text.append("## Who spoke when\n\n| From | To | Speaker |\n|---:|---:|---|")
        text.extend(f"| {_span(t)} | {names[t.speaker]} |" for t in annotation.turns)
    return "\n".join(text).rstrip("\n") + "\n"


def render_html(annotation: Annotation, uri: str, picture: bytes) -> str:
    """The text of the page; ``picture`` is the SVG of the lanes."""
    annotation = rounded(annotation)
    names = {i: xml(label) for i, label in labels(annotation).items()}
    markers = "\n".join(
        f"<li>{at_time(m.at)} <bdi>{xml(one_line(m.text))}</bdi></li>" for m in annotation.markers
    )
    said = "\n".join(
        f'<p dir="auto"><b><bdi>{names[t.speaker]}</bdi></b>'
        f' <span class="note"><bdi>{at_time(t.start)} – {at_time(t.end)}</bdi></span>'
        f"{f'<br>{xml(t.text)}' if t.words else ''}</p>"
        for t in (annotation.turns if annotation.has_words else ())
    )
    turns = "\n".join(
        f"<tr><td class=number>{at_time(t.start)}</td><td class=number>{at_time(t.end)}</td>"
        f"<td><bdi>{names[t.speaker]}</bdi></td></tr>"
        for t in annotation.turns
        if not said
    )
    image = base64.b64encode(picture).decode("ascii")
    return page_top(annotation, uri) + (
        f'<img alt="A lane of turns for each speaker, from the start of the recording to its end"'
        f' src="data:image/svg+xml;base64,{image}">\n'
        f"{table(annotation, names)}\n"
        f'<p class="note">{xml(NOTE)}</p>\n'
        + (f"<h2>Markers</h2>\n<ul>\n{markers}\n</ul>\n" if markers else "")
        + (f"<h2>What was said</h2>\n{said}\n" if said else "")
        + (
            '<h2>Who spoke when</h2>\n<table>\n<tr><th scope="col" class=number>From</th>'
            '<th scope="col" class=number>To</th><th scope="col">Speaker</th></tr>\n'
            f"{turns}\n</table>\n"
            if turns
            else ""
        )
        + "</body>\n</html>\n"
    )


def page_top(annotation: Annotation, uri: str, style: str = "") -> str:
    """A web page up to its title and headline; ``style`` is CSS beside that of the summary."""
    title = xml(one_line(uri))
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{title}</title>\n<style>\n{_STYLE}\n{style}</style>\n</head>\n<body>\n"
        f"<h1><bdi>{title}</bdi></h1>\n<p>{headline(annotation)}</p>\n"
    )


def table(annotation: Annotation, names: Mapping[int, str]) -> str:
    """Who spoke how much, as HTML; the names are HTML, by id."""
    rows = "\n".join(_row(one, names[one.speaker.id]) for one in statistics(annotation))
    head = "".join(
        f'<th scope="col"{" class=number" if n else ""}>{column}</th>'
        for n, column in enumerate(COLUMNS)
    )
    return f'<table>\n<tr>{head}<td class="bar"></td></tr>\n{rows}\n</table>'


def _row(one: SpeakerStatistics, name: str) -> str:
    numbers = "".join(f"<td class=number>{cell}</td>" for cell in _numbers(one))
    bar = f"width: {one.share:.1%}; background: {speaker_colour(one.speaker)}"
    return (
        f'<tr><th scope="row"><bdi>{name}</bdi></th>{numbers}'
        f'<td class="bar"><div style="{bar}"></div></td></tr>'
    )


def headline(annotation: Annotation) -> str:
    """One line about all of it."""
    turns, speakers = len(annotation.turns), len(annotation.speakers)
    return (
        f"{at_time(annotation.duration)} long, {speakers} speaker{'' if speakers == 1 else 's'},"
        f" {turns} turn{'' if turns == 1 else 's'},"
        f" two or more speak in {overlap_share(annotation):.1%} of the speech"
    )


def _numbers(one: SpeakerStatistics) -> tuple[str, ...]:
    return (
        at_time(one.talk_time),
        f"{one.share:.1%}",
        str(one.turns),
        at_time(one.longest),
        f"{one.overlap_share:.1%}",
        str(one.interruptions),
        str(one.backchannels),
    )


def _bar(share: float) -> str:
    full = round(share * _BAR)
    return "█" * full + "░" * (_BAR - full)


def _span(turn: Turn) -> str:
    return f"{at_time(turn.start)} | {at_time(turn.end)}"


def at_time(samples: int) -> str:
    """A place in the recording."""
    return clock(samples, hours=True)


def _markdown(text: str) -> str:
    """The text with every mark that Markdown heeds escaped."""
    return re.sub(r"([\\`*_{}\[\]()<>#+\-.!|~&$])", r"\\\1", text)
