"""Our own JSON: everything an annotation holds, nothing rounded away.

::

    {
      "format": "voicelanes",
      "version": 1,
      "recording": {"name": "meeting", "duration": 61.5},
      "speakers": [{"id": 0, "name": "Anna"}, {"id": 1, "name": ""}],
      "turns": [{"start": 0.288, "end": 4.406, "speaker": 0}]
    }

Times are seconds; a 16 kHz sample is 0.0000625 s, which a decimal number states exactly, so that
reading gives every sample back. A turn that the live pass had not settled carries
``"settled": false``. Keys that a reader doesn't know are skipped; a higher ``version`` is refused.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

from ..annotation import Annotation, Speaker, Turn
from ..errors import InputError
from ..units import to_seconds
from .reading import read_text, seconds

VERSION = 1


def render(annotation: Annotation, uri: str) -> str:
    """The JSON text of an annotation, a turn per line."""
    head = {
        "format": "voicelanes",
        "version": VERSION,
        "recording": {"name": uri, "duration": to_seconds(annotation.duration)},
        "speakers": [{"id": s.id, "name": s.name} for s in annotation.speakers],
    }
    turns = ",\n    ".join(json.dumps(_turn(t)) for t in annotation.turns)
    listed = f"[\n    {turns}\n  ]" if turns else "[]"
    fields = [f"{json.dumps(k)}: {json.dumps(v)}" for k, v in head.items()]
    return "{\n  " + ",\n  ".join([*fields, f'"turns": {listed}']) + "\n}\n"


def read(path: str | Path) -> tuple[Annotation, str]:
    """The annotation and the name of its recording.

    Raises
    ------
    InputError
        If it isn't JSON, isn't ours, is from a newer version or states something impossible.
    """
    return parse(read_text(path), str(path))


def parse(text: str, source: str = "annotation") -> tuple[Annotation, str]:
    """Like :func:`read`, for text at hand; ``source`` is named in errors."""
    try:
        content = json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise InputError(f"{source}, line {error.lineno}: not JSON: {error.msg}") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{source}: not JSON that can be read: {error!s:.80}") from error
    if not isinstance(content, dict) or content.get("format") != "voicelanes":
        raise InputError(f"{source}: this is not an annotation of Voicelanes")
    version = content.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise InputError(f"{source}: the version of the file is missing")
    if version > VERSION:
        raise InputError(
            f"{source}: written by a newer Voicelanes (file version {version}, this one reads"
            f" {VERSION}); update Voicelanes to open it"
        )
    return _annotation(content, source)


def _turn(turn: Turn) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "start": to_seconds(turn.start),
        "end": to_seconds(turn.end),
        "speaker": turn.speaker,
    }
    return fields if turn.settled else {**fields, "settled": False}


def _annotation(content: dict[str, Any], source: str) -> tuple[Annotation, str]:
    recording = content.get("recording", {})
    if not isinstance(recording, dict) or not isinstance(recording.get("name", ""), str):
        raise InputError(f"{source}: the recording is not described as it should be")
    names: dict[int, str] = {}
    for n, speaker in enumerate(_list(content, "speakers", source), 1):
        where = f"{source}, speaker {n}"
        if not isinstance(speaker, dict) or not isinstance(speaker.get("name", ""), str):
            raise InputError(f"{where}: a speaker has an id and a name")
        number = _id(speaker.get("id"), where)
        if number in names:
            raise InputError(f"{where}: the id {number} is there twice")
        names[number] = speaker.get("name", "")
    turns = []
    for n, turn in enumerate(_list(content, "turns", source), 1):
        where = f"{source}, turn {n}"
        if not isinstance(turn, dict) or not isinstance(turn.get("settled", True), bool):
            raise InputError(f"{where}: a turn has a start, an end and a speaker")
        start = _time(turn.get("start"), "start", where)
        end = _time(turn.get("end"), "end", where)
        if end <= start:
            raise InputError(f"{where}: the end must come after the start")
        speaker_id = _id(turn.get("speaker"), where)
        if speaker_id not in names:
            raise InputError(f"{where}: there is no speaker with the id {speaker_id}")
        turns.append(Turn(start, end, speaker_id, turn.get("settled", True)))
    built = Annotation.build(turns, _time(recording.get("duration", 0), "duration", source), names)
    # Speakers keep the order of the file, those who have no turn at the moment too.
    speakers = tuple(Speaker(i, name) for i, name in names.items())
    return replace(built, speakers=speakers), recording.get("name", "")


def _list(content: dict[str, Any], key: str, source: str) -> list[Any]:
    value = content.get(key)
    if not isinstance(value, list):
        raise InputError(f"{source}: the list of {key} is missing")
    return value


def _id(value: Any, where: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 10**6:
        raise InputError(f"{where}: the id of a speaker must be a whole number from 0 on")
    return value


def _time(value: Any, what: str, where: str) -> int:
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        raise InputError(f"{where}: the {what} must be a number of seconds")
    return seconds(value, what, where)


def _no_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is not a number")
