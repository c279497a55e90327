"""ELAN's .eaf: a tier per speaker, times in whole milliseconds, a link to the recording.

The words of a speaker are a tier that hangs on it, within its turns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, unquote
from xml.etree import ElementTree

from core.annotation.values import Annotation
from core.annotation.words import spread
from core.errors import InputError
from core.formats.names import labels, xml
from core.formats.reading import (
    MAX_SECONDS,
    LabelRow,
    Tell,
    from_rows,
    left_out,
    read_text,
    seconds,
    unheard,
    with_said,
)
from core.formats.rounding import apart, rounded
from core.formats.textgrid import WORDS, tier_name
from core.units import to_milliseconds

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

_WORD_TYPE = (
    '<LINGUISTIC_TYPE CONSTRAINTS="Included_In" GRAPHIC_REFERENCES="false"'
    ' LINGUISTIC_TYPE_ID="word" TIME_ALIGNABLE="true"/>\n'
    "<CONSTRAINT DESCRIPTION=\"Time alignable annotations within the parent annotation's time"
    ' interval, gaps are allowed" STEREOTYPE="Included_In"/>\n'
)


def render(annotation: Annotation, audio: Path | None = None) -> str:
    """The XML text; ``audio`` is the recording that ELAN shall open with it."""
    annotation = rounded(annotation)
    names = {i: xml(label) for i, label in labels(annotation, tier_name).items()}
    # start, end, text and tier of each annotation
    rows = [(t.start, t.end, names[t.speaker], names[t.speaker]) for t in annotation.turns]
    rows += [
        (word.start, word.end, xml(word.text), names[turn.speaker] + WORDS)
        for turn in annotation.turns
        for word in apart(turn.words, turn.start, turn.end)
    ]
    # ELAN wants the slots in the order of time; each annotation has two of its own.
    edges = sorted(
        (at, number, side) for number, row in enumerate(rows) for side, at in enumerate(row[:2])
    )
    slot = {(number, side): f"ts{n}" for n, (_, number, side) in enumerate(edges, 1)}
    slots = "".join(
        f'<TIME_SLOT TIME_SLOT_ID="ts{n}" TIME_VALUE="{to_milliseconds(at)}"/>\n'
        for n, (at, _, _) in enumerate(edges, 1)
    )
    held: dict[str, list[str]] = {name: [] for name in names.values()}
    for number, (_, _, text, tier) in enumerate(rows):
        held.setdefault(tier, []).append(
            f'<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a{number + 1}"'
            f' TIME_SLOT_REF1="{slot[number, 0]}" TIME_SLOT_REF2="{slot[number, 1]}">'
            f"<ANNOTATION_VALUE>{text}</ANNOTATION_VALUE>"
            "</ALIGNABLE_ANNOTATION></ANNOTATION>\n"
        )
    tiers = "".join(_tier(name, lines) for name, lines in held.items())
    worded = _WORD_TYPE if annotation.has_words else ""
    now = datetime.now(timezone.utc).isoformat(timespec="seconds")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<ANNOTATION_DOCUMENT AUTHOR="" DATE="{now}" FORMAT="3.0" VERSION="3.0"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        ' xsi:noNamespaceSchemaLocation="http://www.mpi.nl/tools/elan/EAFv3.0.xsd">\n'
        f'<HEADER MEDIA_FILE="" TIME_UNITS="milliseconds">{_media(audio)}</HEADER>\n'
        f"<TIME_ORDER>\n{slots}</TIME_ORDER>\n{tiers}"
        '<LINGUISTIC_TYPE GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="turn"'
        f' TIME_ALIGNABLE="true"/>\n{worded}</ANNOTATION_DOCUMENT>\n'
    )


def _tier(name: str, lines: Sequence[str]) -> str:
    """A tier of turns, or of the words in those of its parent."""
    speaker = name.removesuffix(WORDS)
    kind = "turn" if speaker == name else f'word" PARENT_REF="{speaker}'
    return (
        f'<TIER LINGUISTIC_TYPE_REF="{kind}" PARTICIPANT="{speaker}" TIER_ID="{name}">\n'
        f"{''.join(lines)}</TIER>\n"
    )


def read(path: str | Path) -> tuple[Annotation, str]:
    """The annotation and the name of its recording ("" if there is no link to one).

    Every tier that hangs on no other is a speaker, named by its participant or else by itself; an
    annotation is a turn, whatever its text says. A tier ``Anna - words`` beside ``Anna`` has what
    is said. Times that ELAN left open lie evenly between those around them, as ELAN shows them.
    Where the link to the recording says at which of its times the annotation begins
    (``TIME_ORIGIN``), that is added to every time.

    Raises
    ------
    InputError
        Names the file.
    """
    return parse(read_text(path), str(path))


def parse(
    text: str, source: str = "EAF", recording: str = "", tell: Tell = unheard
) -> tuple[Annotation, str]:
    """Like :func:`read`, for text at hand; ``source`` is named in errors, and ``recording`` is the
    one that is wanted of a file with links to several."""
    rows = []
    between = without = before = 0
    tiers, uri, origin, order = _tiers(text, recording, source)
    ids = {tier.get("TIER_ID", "") for tier in tiers}
    for tier in tiers:
        name = tier.get("TIER_ID", "")
        if tier.get("PARENT_REF") is not None or name.removesuffix(WORDS) in ids - {name}:
            continue
        label = _label(tier)
        turns = _slots(tier)
        times = _times([pair for pair, _ in turns], order)
        for (first, last), _ in turns:
            start, end = times.get(first), times.get(last)
            if start is None or end is None:
                without += 1
                continue
            if end < start:
                raise InputError(f"{source}, tier {label!r:.40}: a turn ends before it starts")
            between += order[first] is None or order[last] is None
            before += start < end and end + origin <= 0
            start, end = (_samples(max(time + origin, 0), source) for time in (start, end))
            rows.append(LabelRow(start, end, label))
    if between:
        tell(f"{source}: times that ELAN left open were set evenly between others ({between})")
    left_out(without, "turns without a time", source, tell)
    left_out(before, "turns before the recording begins", source, tell)
    if before:
        rows = [row for row in rows if row.end]
    words = (
        (word, tier.label)
        for tier in texts_in(text, recording, source)
        if tier.name.endswith(WORDS) and tier.name.removesuffix(WORDS) in ids
        for row in tier.rows
        for word in spread(row.label, row.start, max(row.end, row.start + 1))
    )
    return with_said(from_rows(rows, source=source, tell=tell), words), uri


class TextTier(NamedTuple):
    """A tier with what its annotations say."""

    label: str
    """The participant, or the tier's own name."""
    name: str
    parent: str
    """The tier that it hangs on; empty for none."""
    rows: list[LabelRow]


def texts_in(text: str, recording: str = "", source: str = "EAF") -> list[TextTier]:
    """What is said in each tier whose annotations have times; those that end before they start have
    none."""
    tiers, _, origin, order = _tiers(text, recording, source)
    made = []
    for tier in tiers:
        slots = _slots(tier)
        times = _times([pair for pair, _ in slots], order)
        rows = []
        for (first, last), said in slots:
            start, end = times.get(first), times.get(last)
            if start is not None and end is not None and said:
                at, until = (_samples(max(t + origin, 0), source) for t in (start, end))
                rows.append(LabelRow(at, until, said))
        made.append(
            TextTier(_label(tier), tier.get("TIER_ID", ""), tier.get("PARENT_REF", ""), rows)
        )
    return made


def _label(tier: ElementTree.Element) -> str:
    return (tier.get("PARTICIPANT") or tier.get("TIER_ID") or "").strip()


def _slots(tier: ElementTree.Element) -> list[tuple[tuple[str, str], str]]:
    """The two slots and the text of each annotation."""
    return [
        (
            (turn.get("TIME_SLOT_REF1", ""), turn.get("TIME_SLOT_REF2", "")),
            " ".join((turn.findtext("ANNOTATION_VALUE") or "").split()),
        )
        for turn in tier.iterfind("ANNOTATION/ALIGNABLE_ANNOTATION")
    ]


def _tiers(
    text: str, recording: str, source: str
) -> tuple[list[ElementTree.Element], str, int, dict[str, int | None]]:
    """The tiers, the name of the recording, at which of its milliseconds the annotation begins, and
    the milliseconds of the slots."""
    root = _root(text, source)
    header = root.find("HEADER")
    unit = "milliseconds" if header is None else header.get("TIME_UNITS", "milliseconds")
    if unit != "milliseconds":
        raise InputError(f"{source}: its times are in {unit!r:.40}; only milliseconds are read")
    order: dict[str, int | None] = {}
    for slot in root.iterfind("TIME_ORDER/TIME_SLOT"):
        value = slot.get("TIME_VALUE")
        order[slot.get("TIME_SLOT_ID", "")] = None if value is None else _ms(value, source)
    uri, origin = _linked(header, recording, source)
    return root.findall("TIER"), uri, origin, order


def _times(
    turns: Sequence[tuple[str, str]], order: Mapping[str, int | None]
) -> dict[str, float | None]:
    """Milliseconds of the slots of a tier; one without a value lies evenly between those of the
    tier around it that have one, and has none (None) where there are none."""
    place = {slot: n for n, slot in enumerate(order)}
    used = {slot for turn in turns for slot in turn if slot in place}
    slots = sorted(used, key=place.__getitem__)
    known = [n for n, slot in enumerate(slots) if order[slot] is not None]
    times: dict[str, float | None] = {slot: order[slot] for slot in slots}
    for left, right in pairwise(known):
        start, end = order[slots[left]], order[slots[right]]
        assert start is not None
        assert end is not None
        for n in range(left + 1, right):
            times[slots[n]] = start + (end - start) * (n - left) / (right - left)
    return times


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


def _linked(header: ElementTree.Element | None, recording: str, source: str) -> tuple[str, int]:
    """The name of the recording, and at which of its milliseconds the annotation begins.

    Of several links it is the one to ``recording``, or else the first.
    """
    media = [] if header is None else header.findall("MEDIA_DESCRIPTOR")
    links = [
        (Path(unquote(m.get("MEDIA_URL", "")).replace("\\", "/").rpartition("/")[2]).stem, m)
        for m in media
    ]
    if not links:
        return "", 0
    uri, link = next((pair for pair in links if pair[0] == recording), links[0])
    text = link.get("TIME_ORIGIN", "").strip() or "0"
    return uri, -_ms(text[1:], source) if text.startswith("-") else _ms(text, source)


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


def _ms(value: str, source: str) -> int:
    """Whole milliseconds."""
    text = value.strip()
    if (
        not (text.isascii() and text.isdecimal())
        or len(text) > 10
        or int(text) > MAX_SECONDS * 1000
    ):
        raise InputError(f"{source}: {value!r:.40} is no time in milliseconds")
    return int(text)


def _samples(ms: float, source: str) -> int:
    return seconds(ms / 1000, "time", source)
