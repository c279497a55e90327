"""The report of an archive: one page that needs nothing beside itself, and links to the results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from core.annotation.values import OKABE_ITO
from core.archive.results import Record
from core.archive.tables import Linked, linked, write_tables
from core.arrays import Array
from core.atomic import write_file
from core.formats.names import one_line, xml
from core.meeting.names import KEPT_SUFFIX
from core.models.manifest import ModelSet
from core.units import clock, to_samples
from core.voices.recognition import Limits

_STYLE = """\
body { font: 16px/1.5 system-ui, sans-serif; max-width: 75rem; margin: 2rem auto; padding: 0 1rem; \
color: #222; background: #fff }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; \
border-bottom: 1px solid #ccc }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
.bar { width: 30% }
.bar div { display: flex; height: 1.2rem; outline: 1px solid #333 }
.bar span { overflow: hidden; font-size: .75rem; line-height: 1.2rem; color: #000; \
box-shadow: inset -1px 0 #333 }
.note { color: #555; font-size: .9em }"""


def write_overview(
    out: Path,
    records: Sequence[Record],
    models: ModelSet,
    known: Mapping[str, Array] | None = None,
) -> list[Linked]:
    """Link the voices and write tables and report; ``known`` are samples of voices by name.

    Raises
    ------
    OutputError
        If something can't be written.
    """
    records = sorted(records, key=lambda r: r.recording.folder)
    speakers = linked(records, models.encoder.sha256, Limits.of(models.encoder), known)
    write_tables(out, records, speakers)
    write_file(out / "report.html", render(records, speakers))
    return speakers


def render(records: Sequence[Record], speakers: Sequence[Linked]) -> str:
    """The text of the page."""
    failed = [r for r in records if r.failed]
    done = [r for r in records if not r.failed]
    of_record: dict[str, list[Linked]] = {}
    of_voice: dict[int, list[Linked]] = {}
    for row in speakers:
        of_record.setdefault(row.record.recording.folder, []).append(row)
        of_voice.setdefault(row.voice, []).append(row)
    parts = [
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n<title>Archive</title>\n'
        f"<style>\n{_STYLE}\n</style>\n</head>\n<body>\n<h1>Archive</h1>\n"
        f"<p>{_headline(done, failed, len(of_voice))}</p>\n"
    ]
    if failed:
        parts.append(
            '<h2>Failed</h2>\n<table>\n<tr><th scope="col">Recording</th>'
            '<th scope="col">Reason</th></tr>\n'
        )
        parts += [
            f"<tr><th scope=row><bdi>{_text(r.recording.source)}</bdi></th>"
            f"<td>{_text(r.reason)}</td></tr>\n"
            for r in failed
        ]
        parts.append("</table>\n")
    if of_voice:
        parts.append(_voices(of_voice))
    if done:
        parts.append(
            '<h2>Recordings</h2>\n<table>\n<tr><th scope="col">Recording</th>'
            '<th scope="col" class=number>Length</th><th scope="col" class=number>Speakers</th>'
            '<th scope="col" class=number>Turns</th><th scope="col">Talk time</th>'
            '<th scope="col">Results</th></tr>\n'
        )
        parts += [_recording(r, of_record.get(r.recording.folder, [])) for r in done]
        parts.append("</table>\n")
    parts.append("</body>\n</html>\n")
    return "".join(parts)


def _headline(done: Sequence[Record], failed: Sequence[Record], voices: int) -> str:
    length = clock(to_samples(sum(r.duration for r in done)), hours=True)
    return (
        f"{_count(len(done), 'recording')}, {length} in all, {_count(voices, 'voice')};"
        f" {len(failed)} failed"
    )


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _voices(of_voice: dict[int, list[Linked]]) -> str:
    rows = [
        "<h2>Voices</h2>\n"
        '<p class="note">Voices of different recordings are taken for one where their voice prints'
        " are alike enough; that can be wrong. Names are those of remembered voices.</p>\n"
        '<table>\n<tr><th scope="col">Voice</th><th scope="col" class=number>Talk time</th>'
        '<th scope="col" class=number>Recordings</th><th scope="col">Where</th></tr>\n'
    ]
    for number, own in of_voice.items():
        where = ", ".join(
            f'<a href="#{_anchor(row.record)}"><bdi>{_text(row.record.recording.name)}</bdi></a>'
            f" {_seconds(row.spoken.seconds)}"
            for row in sorted(own, key=lambda row: -row.spoken.seconds)
        )
        total = sum(row.spoken.seconds for row in own)
        rows.append(
            f'<tr id="voice-{number}"><th scope=row><bdi>{_text(own[0].name)}</bdi></th>'
            f"<td class=number>{_seconds(total)}</td><td class=number>{len(own)}</td>"
            f"<td>{where}</td></tr>\n"
        )
    return "".join([*rows, "</table>\n"])


def _recording(record: Record, speakers: Sequence[Linked]) -> str:
    folder = record.recording.folder
    links = ", ".join(
        f'<a href="{xml(quote(f"{folder}/{name}", errors="replace"))}">'
        f"{_text(name.removeprefix(record.recording.name).lstrip('.'))}</a>"
        for name in record.files
        if not name.endswith(KEPT_SUFFIX)
    )
    notes = "".join(f'<br><span class="note">{_text(w)}</span>' for w in record.warnings)
    turns = sum(row.spoken.turns for row in speakers)
    return (
        f'<tr id="{_anchor(record)}"><th scope=row><bdi>{_text(record.recording.source)}</bdi>'
        f"{notes}</th><td class=number>{_seconds(record.duration)}</td>"
        f"<td class=number>{len(record.speakers)}</td><td class=number>{turns}</td>"
        f'<td class="bar">{_chart(record, speakers)}</td><td>{links}</td></tr>\n'
    )


def _chart(record: Record, speakers: Sequence[Linked]) -> str:
    """Shares of the talk time; a voice has one colour over the whole archive."""
    if not record.talk:
        return "nobody speaks"
    bars = []
    for row in sorted(speakers, key=lambda row: -row.spoken.seconds):
        share = row.spoken.seconds / record.talk
        label = f"{_text(row.name)}, {_seconds(row.spoken.seconds)}, {share:.0%}"
        colour = OKABE_ITO[(row.voice - 1) % len(OKABE_ITO)]
        bars.append(
            f'<span style="width: {share:.2%}; background: {colour}" title="{label}">'
            f"&nbsp;{_text(row.name)}</span>"
        )
    words = "; ".join(
        f"{_text(row.name)} {row.spoken.seconds / record.talk:.0%}" for row in speakers
    )
    return f'<div role="img" aria-label="{words}">{"".join(bars)}</div>'


def _anchor(record: Record) -> str:
    return xml(quote(record.recording.folder, safe="", errors="replace"))


def _seconds(seconds: float) -> str:
    return clock(to_samples(seconds), hours=True)


def _text(text: str) -> str:
    return xml(one_line(text.encode("utf-8", "replace").decode("utf-8")))
