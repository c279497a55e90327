"""ELAN's .eaf: a tier per speaker, times in whole milliseconds, a link to the recording."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path
from urllib.parse import quote, unquote
from xml.etree import ElementTree

from ..annotation import Annotation
from ..errors import InputError
from ..units import SAMPLE_RATE, to_milliseconds
from .names import labels, xml
from .reading import MAX_SECONDS, Row, from_rows, read_text
from .rounding import rounded

_MIME = {
    ".wav": "audio/x-wav",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".mp4": "video/mp4",
    ".flac": "audio/flac",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".webm": "video/webm",
}


def render(annotation: Annotation, audio: Path | None = None) -> str:
    """The XML text; ``audio`` is the recording that ELAN shall open with it."""
    annotation = rounded(annotation)
    # ELAN wants the slots in the order of time; each turn has two of its own.
    edges = sorted(
        (at, number, side)
        for number, turn in enumerate(annotation.turns)
        for side, at in enumerate((turn.start, turn.end))
    )
    slot = {(number, side): f"ts{n}" for n, (_, number, side) in enumerate(edges, 1)}
    slots = "".join(
        f'<TIME_SLOT TIME_SLOT_ID="ts{n}" TIME_VALUE="{to_milliseconds(at)}"/>\n'
        for n, (at, _, _) in enumerate(edges, 1)
    )
    names = {i: xml(label) for i, label in labels(annotation).items()}
    turns: dict[int, list[str]] = {i: [] for i in names}
    for number, turn in enumerate(annotation.turns):
        turns[turn.speaker].append(
            f'<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a{number + 1}"'
            f' TIME_SLOT_REF1="{slot[number, 0]}" TIME_SLOT_REF2="{slot[number, 1]}">'
            f"<ANNOTATION_VALUE>{names[turn.speaker]}</ANNOTATION_VALUE>"
            "</ALIGNABLE_ANNOTATION></ANNOTATION>\n"
        )
    tiers = "".join(
        f'<TIER LINGUISTIC_TYPE_REF="turn" PARTICIPANT="{names[i]}" TIER_ID="{names[i]}">\n'
        f"{''.join(lines)}</TIER>\n"
        for i, lines in turns.items()
    )
    now = datetime.now(timezone.utc).isoformat(timespec="seconds")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<ANNOTATION_DOCUMENT AUTHOR="" DATE="{now}" FORMAT="3.0" VERSION="3.0"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        ' xsi:noNamespaceSchemaLocation="http://www.mpi.nl/tools/elan/EAFv3.0.xsd">\n'
        f'<HEADER MEDIA_FILE="" TIME_UNITS="milliseconds">{_media(audio)}</HEADER>\n'
        f"<TIME_ORDER>\n{slots}</TIME_ORDER>\n{tiers}"
        '<LINGUISTIC_TYPE GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="turn"'
        ' TIME_ALIGNABLE="true"/>\n</ANNOTATION_DOCUMENT>\n'
    )


def read(path: str | Path) -> tuple[Annotation, str]:
    """The annotation and the name of its recording ("" if there is no link to one).

    Every tier that hangs on no other is a speaker, named by its participant or else by itself; an
    annotation is a turn, whatever its text says. Times that ELAN left open are left out.

    Raises
    ------
    InputError
        Names the file.
    """
    return parse(read_text(path), str(path))


def parse(text: str, source: str = "EAF") -> tuple[Annotation, str]:
    """Like :func:`read`, for text at hand; ``source`` is named in errors."""
    root = _root(text, source)
    header = root.find("HEADER")
    unit = "milliseconds" if header is None else header.get("TIME_UNITS", "milliseconds")
    if unit != "milliseconds":
        raise InputError(f"{source}: its times are in {unit!r:.40}; only milliseconds are read")
    times = {
        slot.get("TIME_SLOT_ID"): _time(value, source)
        for slot in root.iterfind("TIME_ORDER/TIME_SLOT")
        if (value := slot.get("TIME_VALUE")) is not None
    }
    rows = []
    for tier in root.iterfind("TIER"):
        if tier.get("PARENT_REF") is not None:
            continue
        label = (tier.get("PARTICIPANT") or tier.get("TIER_ID") or "").strip()
        for turn in tier.iterfind("ANNOTATION/ALIGNABLE_ANNOTATION"):
            start = times.get(turn.get("TIME_SLOT_REF1"))
            end = times.get(turn.get("TIME_SLOT_REF2"))
            if start is None or end is None:
                continue
            if end < start:
                raise InputError(f"{source}, tier {label!r:.40}: a turn ends before it starts")
            rows.append(Row(start, end, label))
    return from_rows(rows), _uri(header)


def _media(audio: Path | None) -> str:
    if audio is None:
        return ""
    link = audio.absolute().as_uri()
    near = "./" + quote(audio.name, errors="surrogateescape")
    kind = _MIME.get(audio.suffix.lower(), "unknown")
    return (
        f'<MEDIA_DESCRIPTOR MEDIA_URL="{xml(link)}" MIME_TYPE="{kind}"'
        f' RELATIVE_MEDIA_URL="{xml(near)}"/>'
    )


def _uri(header: ElementTree.Element | None) -> str:
    media = None if header is None else header.find("MEDIA_DESCRIPTOR")
    link = "" if media is None else media.get("MEDIA_URL", "")
    return Path(unquote(link).replace("\\", "/").rpartition("/")[2]).stem


def _root(text: str, source: str) -> ElementTree.Element:
    # ELAN declares no entities. A file that does could make a short text a very long one.
    if "<!ENTITY" in text:
        raise InputError(f"{source}: it declares entities, which no file of ELAN does")
    try:
        root = ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise InputError(f"{source}: not XML that can be read: {error!s:.80}") from error
    if root.tag != "ANNOTATION_DOCUMENT":
        raise InputError(f"{source}: this is XML, but not of ELAN")
    return root


def _time(value: str, source: str) -> int:
    """Samples of whole milliseconds."""
    text = value.strip()
    if (
        not (text.isascii() and text.isdecimal())
        or len(text) > 10
        or int(text) > MAX_SECONDS * 1000
    ):
        raise InputError(f"{source}: {value!r:.40} is no time in milliseconds")
    return int(text) * SAMPLE_RATE // 1000
