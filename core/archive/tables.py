"""The tables of an archive: recordings, and who speaks how long in which, as CSV and Parquet."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.archive.linking import RecordingSpeaker, link, names, threshold
from core.archive.results import Record, SpeakerShare
from core.arrays import Array
from core.atomic import write_file
from core.extras import absent
from core.formats.csv_table import table
from core.voices.recognition import Limits

TableRow = dict[str, Any]

SUMMARY: dict[str, str] = {
    "recording": "string",
    "state": "string",
    "reason": "string",
    "duration_s": "double",
    "talk_s": "double",
    "speakers": "int64",
    "turns": "int64",
    "warnings": "string",
    "work_s": "double",
    "sha256": "string",
    "folder": "string",
}
"""The columns of a row for each recording, and their types as Arrow names them."""
SPEAKERS: dict[str, str] = {
    "voice": "int64",
    "name": "string",
    "recording": "string",
    "speaker": "string",
    "seconds": "double",
    "turns": "int64",
    "overlap_s": "double",
    "folder": "string",
}
"""The columns of a row for each speaker of each recording."""


@dataclass(frozen=True)
class Linked:
    """A speaker of a recording with the identity over the archive.

    Parameters
    ----------
    voice
        From 1 on, by the time that the voice talks in all.
    name
        Of the known voice that it is; else "Voice 7".
    """

    voice: int
    name: str
    known: bool
    record: Record
    spoken: SpeakerShare


def linked(
    records: Sequence[Record],
    encoder: str,
    limits: Limits | None,
    known: Mapping[str, Array] | None = None,
) -> list[Linked]:
    """Every speaker of every recording with an identity; the voices that talk most come first.

    Parameters
    ----------
    encoder, limits
        SHA-256 of the encoder in use, and its limits. What another encoder heard, and without
        limits everything, stays on its own.
    known
        Samples of known voices by name.
    """
    rows: list[tuple[Record, SpeakerShare]] = []
    voices: list[RecordingSpeaker] = []
    for number, record in enumerate(records):
        for one in record.speakers:
            comparable = limits is not None and record.encoder == encoder
            rows.append((record, one))
            voices.append(
                RecordingSpeaker(number, one.direction if comparable else None, one.heard)
            )
    found = link(voices, threshold(limits)) if limits else list(range(len(voices)))
    named = names(voices, found, known or {}, limits)
    talk: dict[int, float] = {}
    for identity, (_, one) in zip(found, rows, strict=True):
        talk[identity] = talk.get(identity, 0.0) + one.seconds
    order = sorted(talk, key=lambda identity: (-talk[identity], identity))
    number_of = {identity: n for n, identity in enumerate(order, 1)}
    made = [
        Linked(
            number_of[identity],
            named.get(identity, f"Voice {number_of[identity]}"),
            identity in named,
            record,
            one,
        )
        for identity, (record, one) in zip(found, rows, strict=True)
    ]
    return sorted(made, key=lambda row: (row.voice, row.record.recording.folder, row.spoken.id))


def write_tables(out: Path, records: Sequence[Record], speakers: Sequence[Linked]) -> None:
    """Write ``summary`` and ``speakers`` as ``.csv`` and, with ``[archive]``, as ``.parquet``.

    Raises
    ------
    OutputError
        If one can't be written.
    """
    for name, columns, rows in (
        ("summary", SUMMARY, [_summary(r) for r in records]),
        ("speakers", SPEAKERS, [_speaker(s) for s in speakers]),
    ):
        cells = [[_cell(row[column]) for column in columns] for row in rows]
        write_file(out / f"{name}.csv", table([list(columns), *cells]))
        if not absent("pyarrow"):
            write_file(out / f"{name}.parquet", _parquet(columns, rows))


def _summary(record: Record) -> TableRow:
    return {
        "recording": record.recording.source,
        "state": "failed" if record.failed else "done",
        "reason": record.reason,
        "duration_s": record.duration,
        "talk_s": round(record.talk, 3),
        "speakers": len(record.speakers),
        "turns": sum(one.turns for one in record.speakers),
        "warnings": "; ".join(record.warnings),
        "work_s": record.work,
        "sha256": record.sha256,
        "folder": record.recording.folder,
    }


def _speaker(row: Linked) -> TableRow:
    return {
        "voice": row.voice,
        "name": row.name,
        "recording": row.record.recording.source,
        "speaker": row.spoken.label,
        "seconds": row.spoken.seconds,
        "turns": row.spoken.turns,
        "overlap_s": row.spoken.overlap,
        "folder": row.record.recording.folder,
    }


def _cell(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else _text(str(value))


def _text(text: str) -> str:
    # A file's name may hold bytes that are no text.
    return text.encode("utf-8", "replace").decode("utf-8")


def _parquet(columns: Mapping[str, str], rows: Sequence[TableRow]) -> bytes:
    import pyarrow
    from pyarrow import parquet

    schema = pyarrow.schema([(c, pyarrow.type_for_alias(kind)) for c, kind in columns.items()])
    arrays = {
        c: [_text(row[c]) if kind == "string" else row[c] for row in rows]
        for c, kind in columns.items()
    }
    content = io.BytesIO()
    parquet.write_table(pyarrow.table(arrays, schema=schema), content)
    return content.getvalue()
