"""SegLST, the JSON list of segments that CHiME and meeteval score: who says what when."""

from __future__ import annotations

import json

from core.annotation.values import Annotation
from core.errors import InputError
from core.formats.json_file import text_in
from core.formats.names import labels
from core.formats.reading import LabelRow, Tell, from_rows, seconds, unheard
from core.formats.rounding import rounded
from core.units import to_seconds


def render(annotation: Annotation, uri: str) -> str:
    """One segment per turn; ``words`` is empty where nobody wrote down what is said."""
    annotation = rounded(annotation)
    names = labels(annotation, str)
    segments = ",\n  ".join(
        json.dumps(
            {
                "session_id": uri,
                "speaker": names[t.speaker],
                "start_time": to_seconds(t.start),
                "end_time": to_seconds(t.end),
                "words": t.text,
            },
        )
        for t in annotation.turns
    )
    return f"[\n  {segments}\n]\n" if segments else "[]\n"


def parse(text: str, source: str = "SegLST", tell: Tell = unheard) -> dict[str, Annotation]:
    """The annotations by the session of their segments.

    Raises
    ------
    InputError
        Names the segment.
    """
    try:
        segments = json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(f"{source}, line {error.lineno}: not JSON: {error.msg}") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{source}: not JSON that can be read: {error!s:.80}") from error
    if not isinstance(segments, list):
        raise InputError(f"{source}: SegLST is a list of segments")
    rows: dict[str, list[LabelRow]] = {}
    for number, segment in enumerate(segments, 1):
        where = f"{source}, segment {number}"
        match segment:
            case {"speaker": str(speaker), "start_time": first, "end_time": last}:
                session, said = segment.get("session_id", ""), segment.get("words", "")
            case _:
                raise InputError(f"{where}: a segment has speaker, start_time and end_time")
        if not isinstance(session, str):
            raise InputError(f"{where}: the session_id must be a text")
        # meeteval itself writes times as texts, which keep every digit
        if not all(isinstance(t, str | int | float) and t is not True for t in (first, last)):
            raise InputError(f"{where}: the times must be numbers of seconds")
        start, end = seconds(first, "start_time", where), seconds(last, "end_time", where)
        if end < start:
            raise InputError(f"{where}: the end must not come before the start")
        said = text_in(said) if isinstance(said, str) else ""
        rows.setdefault(text_in(session), []).append(LabelRow(start, end, text_in(speaker), said))
    return {uri: from_rows(rs, source=source, tell=tell) for uri, rs in rows.items()}
