"""Our own JSON: everything an annotation holds, nothing rounded away.

::

    {
      "format": "voicelanes",
      "version": 1,
      "recording": {"name": "meeting", "duration": 61.5},
      "speakers": [{"id": 0, "name": "Anna", "colour": "#204a87"},
                   {"id": 1, "name": "Ben", "confidence": 0.97}, {"id": 2, "name": ""}],
      "markers": [{"at": 12.5, "text": "the decision"}],
      "edited": [[0.288, 4.406]],
      "denied": [{"name": "Cleo", "where": [[5.5, 9.25]]}],
      "turns": [{"start": 0.288, "end": 4.406, "speaker": 0,
                 "words": [{"start": 0.3, "end": 0.7, "text": "Hello,", "confidence": 0.98}]}]
    }

Times are seconds; a 16 kHz sample is 0.0000625 s, which a decimal number states exactly, so that
reading gives every sample back. Speakers are in the order of their lanes; one without ``colour``
has the one that goes with its id; one with ``confidence`` was named because the voice is known, as
surely as that says (0..1); ``"kept": true`` where a person said that it is somebody, however little
they say. ``edited`` lists the stretches of time in which a person decided who speaks, ``denied``
where a person said that the voice isn't that known one. A turn that the live pass had not settled
carries ``"settled": false``; ``confidence`` of a turn, 0..1, says how sure it is who speaks (an
export has it, a meeting file doesn't, and it isn't read). ``words`` are what is said in a turn,
sorted by time; they may reach out of it, and ``confidence`` is how sure a recogniser was (0..1).
Words, colours, confidences, markers, edited and denied stretches are there only where there are
any. Keys that a reader doesn't know are skipped; a higher ``version`` is refused.

A meeting file (:mod:`core.meeting.file`) is such a file with more keys.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from core.annotation.values import (
    Annotation,
    Denial,
    Marker,
    Speaker,
    Stretch,
    Turn,
    Word,
    join_turns,
    union,
)
from core.errors import InputError, NewerVersion
from core.formats.reading import read_text, seconds
from core.units import to_seconds

VERSION = 1

_COLOUR = re.compile("(#[0-9a-fA-F]{6})?")


def render(
    annotation: Annotation,
    uri: str,
    more: Mapping[str, Any] | None = None,
    sure: Callable[[Turn], float | None] | None = None,
) -> str:
    """The JSON text of an annotation, a turn per line.

    Parameters
    ----------
    more
        Further keys.
    sure
        How sure it is who speaks in a turn, 0..1; None where nobody knows.
    """
    head: dict[str, Any] = {
        "format": "voicelanes",
        "version": VERSION,
        "recording": {"name": uri, "duration": to_seconds(annotation.duration)},
        **(more or {}),
        "speakers": [_speaker(s) for s in annotation.speakers],
    }
    if annotation.markers:
        head["markers"] = [{"at": to_seconds(m.at), "text": m.text} for m in annotation.markers]
    if annotation.edited:
        head["edited"] = stretches(annotation.edited)
    if annotation.denied:
        head["denied"] = [{"name": d.name, "where": stretches(d.where)} for d in annotation.denied]
    turns = ",\n    ".join(json.dumps(_turn(t, sure)) for t in annotation.turns)
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
    return annotation_in(content_of(text, source), source)


def content_of(text: str, source: str) -> dict[str, Any]:
    """The keys of a file of ours, of a version that can be read; their values are unchecked."""
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
        raise NewerVersion(
            f"{source}: written by a newer Voicelanes (file version {version!s:.9}, this one reads"
            f" {VERSION}); update Voicelanes to open it"
        )
    return content


def annotation_in(content: dict[str, Any], source: str) -> tuple[Annotation, str]:
    """The annotation among the keys of a file, and the name of its recording."""
    recording = content.get("recording", {})
    if not isinstance(recording, dict) or not isinstance(recording.get("name", ""), str):
        raise InputError(f"{source}: the recording is not described as it should be")
    speakers: dict[int, Speaker] = {}
    for n, item in enumerate(_list(content, "speakers", source), 1):
        speaker = _read_speaker(item, f"{source}, speaker {n}")
        if speaker.id in speakers:
            raise InputError(f"{source}, speaker {n}: the id {speaker.id} is there twice")
        speakers[speaker.id] = speaker
    turns = [
        _read_turn(turn, speakers, f"{source}, turn {n}")
        for n, turn in enumerate(_list(content, "turns", source), 1)
    ]
    markers = {
        _read_marker(marker, f"{source}, marker {n}")
        for n, marker in enumerate(_list(content, "markers", source, []), 1)
    }
    edited = union(stretches_in(content.get("edited", []), f"{source}: edited"))
    denied = [
        _read_denial(item, f"{source}, denied {n}")
        for n, item in enumerate(_list(content, "denied", source, []), 1)
    ]
    last = max([0, *(t.end for t in turns), *(m.at for m in markers), *(e for _, e in edited)])
    duration = max(_time(recording.get("duration", 0), "duration", source), last)
    # Turns of one speaker that overlap become one; those that only touch were split by hand.
    apart = tuple(join_turns(turns, gap=-1))
    annotation = Annotation(
        apart, tuple(speakers.values()), duration, tuple(sorted(markers)), edited, tuple(denied)
    )
    return annotation, text_in(recording.get("name", ""))


def stretches(items: Sequence[Stretch]) -> list[list[float]]:
    """Stretches of samples as a file states them: [start, end] in seconds."""
    return [[to_seconds(start), to_seconds(end)] for start, end in items]


def stretches_in(value: Any, where: str) -> list[Stretch]:
    """Samples of a list of [start, end] in seconds; ``where`` opens the error line."""
    if not isinstance(value, list):
        raise InputError(f"{where} must be a list")
    found: list[Stretch] = []
    for n, pair in enumerate(value, 1):
        if not isinstance(pair, list) or len(pair) != 2:
            raise InputError(f"{where}, {n}: a stretch of time is [start, end]")
        start, end = (_time(t, "time", f"{where}, {n}") for t in pair)
        if end <= start:
            raise InputError(f"{where}, {n}: the end must come after the start")
        found.append((start, end))
    return found


def text_in(value: str) -> str:
    """A text without the halves of characters that JSON can state but nothing can show."""
    return value.encode("utf-8", "replace").decode("utf-8")


def _speaker(speaker: Speaker) -> dict[str, Any]:
    fields: dict[str, Any] = {"id": speaker.id, "name": speaker.name}
    if speaker.colour:
        fields["colour"] = speaker.colour
    if speaker.confidence is not None:
        fields["confidence"] = speaker.confidence
    if speaker.kept:
        fields["kept"] = True
    return fields


def _read_speaker(item: Any, where: str) -> Speaker:
    if not isinstance(item, dict) or not isinstance(item.get("name", ""), str):
        raise InputError(f"{where}: a speaker has an id and a name")
    colour = item.get("colour", "")
    if not isinstance(colour, str) or not _COLOUR.fullmatch(colour):
        raise InputError(f"{where}: a colour is written #rrggbb")
    confidence = _confidence(item, where)
    kept = item.get("kept", False)
    if not isinstance(kept, bool):
        raise InputError(f"{where}: kept is true or false")
    name = text_in(item.get("name", ""))
    sure = confidence if name else None
    return Speaker(_id(item.get("id"), where), name, colour, sure, kept)


def _turn(turn: Turn, sure: Callable[[Turn], float | None] | None) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "start": to_seconds(turn.start),
        "end": to_seconds(turn.end),
        "speaker": turn.speaker,
    }
    if not turn.settled:
        fields["settled"] = False
    if sure and (known := sure(turn)) is not None:
        fields["confidence"] = round(known, 3)
    if turn.words:
        fields["words"] = [_word(word) for word in turn.words]
    return fields


def _word(word: Word) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "start": to_seconds(word.start),
        "end": to_seconds(word.end),
        "text": word.text,
    }
    return fields if word.confidence is None else {**fields, "confidence": word.confidence}


def _read_words(items: Any, where: str) -> tuple[Word, ...]:
    if not isinstance(items, list):
        raise InputError(f"{where}: the words of a turn are a list")
    words = []
    for item in items:
        if not isinstance(item, dict) or not {"start", "end", "text"} <= item.keys():
            raise InputError(f"{where}: a word has a start, an end and a text")
        text = item["text"]
        if not isinstance(text, str) or not text.split():
            raise InputError(f"{where}: a word has a start, an end and a text")
        start, end = _time(item["start"], "start", where), _time(item["end"], "end", where)
        if end <= start:
            raise InputError(f"{where}: the end of a word must come after its start")
        sure = _confidence(item, where)
        words.append(Word(start, end, "".join(text_in(text).split()), sure))
    return tuple(sorted(words))


def _confidence(item: Mapping[str, Any], where: str) -> float | None:
    value = item.get("confidence")
    if value is None:
        return None
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 1:
        raise InputError(f"{where}: the confidence must be a number from 0 to 1")
    return float(value)


def _read_turn(turn: Any, speakers: Mapping[int, Speaker], where: str) -> Turn:
    if not isinstance(turn, dict) or not isinstance(turn.get("settled", True), bool):
        raise InputError(f"{where}: a turn has a start, an end and a speaker")
    start = _time(turn.get("start"), "start", where)
    end = _time(turn.get("end"), "end", where)
    if end <= start:
        raise InputError(f"{where}: the end must come after the start")
    speaker_id = _id(turn.get("speaker"), where)
    if speaker_id not in speakers:
        raise InputError(f"{where}: there is no speaker with the id {speaker_id}")
    words = _read_words(turn["words"], where) if "words" in turn else ()
    return Turn(start, end, speaker_id, turn.get("settled", True), words)


def _read_marker(marker: Any, where: str) -> Marker:
    if not isinstance(marker, dict) or not isinstance(marker.get("text", ""), str):
        raise InputError(f"{where}: a marker has a time and a text")
    return Marker(_time(marker.get("at"), "time", where), text_in(marker.get("text", "")))


def _read_denial(item: Any, where: str) -> Denial:
    if not isinstance(item, dict) or not isinstance(item.get("name", ""), str):
        raise InputError(f"{where}: a name and stretches of time are needed")
    name = text_in(item.get("name", ""))
    return Denial(name, union(stretches_in(item.get("where"), f"{where}: where")))


def _list(
    content: dict[str, Any], key: str, source: str, default: list[Any] | None = None
) -> list[Any]:
    value = content.get(key, default)
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
