"""JSON of recognisers: Whisper, whisperX, faster-whisper, whisper.cpp and Vosk; and SegLST."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from core.annotation.values import Word
from core.annotation.words import spread
from core.errors import InputError
from core.formats.json_file import text_in
from core.formats.reading import MAX_SECONDS
from core.transcripts.lines import Line
from core.units import to_samples

_KINDS = "Whisper, whisperX, faster-whisper, whisper.cpp, Vosk, SegLST or Voicelanes"


def parse(text: str, source: str = "transcript") -> list[Line]:
    """The lines in the JSON of any of these programs.

    Raises
    ------
    InputError
        If it isn't JSON, or not theirs.
    """
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{source}: not JSON that can be read: {error!s:.80}") from error
    return _lines(content, source)


def _lines(content: Any, source: str) -> list[Line]:
    match content:
        case {"format": "voicelanes", "turns": list(turns)}:
            names = {
                s["id"]: s.get("name") or f"Speaker {s['id'] + 1}"
                for s in content.get("speakers", [])
                if isinstance(s, dict) and isinstance(s.get("id"), int)
            }
            return [_segment(t, names.get(t.get("speaker"), "")) for t in _dicts(turns)]
        case {"transcription": list(segments)}:
            return [_of_cpp(segment) for segment in _dicts(segments)]
        case {"segments": list(segments)}:
            return [line for segment in _dicts(segments) for line in _by_speaker(segment)]
        case {"result": list(words), "text": str(said)}:
            return [_segment({"text": said, "words": words}, "")]
        case {"text": str(), **rest} if not rest:  # Vosk heard nothing
            return []
        case [*items] if items and all(isinstance(item, dict) for item in items):
            if all("start_time" in item and "words" in item for item in items):
                return [_of_seglst(item) for item in items]
            if all("word" in item for item in items):
                return [_segment({"words": items}, "")]
            if all("result" in item or set(item) == {"text"} for item in items):
                return [line for item in items for line in _lines(item, source)]
            if all("text" in item for item in items):
                return [line for item in items for line in _by_speaker(item)]
        case []:
            return []
    raise InputError(f"{source}: this JSON is no transcript of {_KINDS}")


def _dicts(items: Sequence[Any]) -> Iterable[dict[str, Any]]:
    return (item for item in items if isinstance(item, dict))


def _text(value: Any) -> str:
    return " ".join(text_in(value).split()) if isinstance(value, str) else ""


def _samples(value: Any, scale: float = 1.0) -> int | None:
    """Samples of a time; None for what is none."""
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return to_samples(value * scale) if 0 <= value * scale <= MAX_SECONDS else None


def _sure(item: Mapping[str, Any]) -> float | None:
    for key in ("confidence", "probability", "score", "conf", "p"):
        value = item.get(key)
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1:
            return float(value)
    return None


def _by_speaker(segment: dict[str, Any]) -> list[Line]:
    """A segment; where its words say that several speak in it, as whisperX does, one for each."""
    own = _text(segment.get("speaker"))
    words = [w for w in segment.get("words") or [] if isinstance(w, dict)]
    if len({_text(w.get("speaker")) or own for w in words}) < 2:
        return [_segment(segment, own or (_text(words[0].get("speaker")) if words else ""))]
    groups: list[tuple[str, list[dict[str, Any]]]] = []
    for word in words:
        label = _text(word.get("speaker")) or (groups[-1][0] if groups else own)
        if not groups or groups[-1][0] != label:
            groups.append((label, []))
        groups[-1][1].append(word)
    return [_segment({"words": group}, label) for label, group in groups]


def _segment(segment: Mapping[str, Any], label: str) -> Line:
    start, end = _samples(segment.get("start")), _samples(segment.get("end"))
    items = segment.get("words")
    stated = [
        (_text(w.get("word", w.get("text"))), _samples(w.get("start")), _samples(w.get("end")), w)
        for w in _dicts(items if isinstance(items, list) else [])
    ]
    words = _filled(stated, start, end)
    text = _text(segment.get("text")) or " ".join(text for text, *_ in stated)
    return Line(text, start, end, label, words)


def _filled(
    stated: Sequence[tuple[str, int | None, int | None, Mapping[str, Any]]],
    start: int | None,
    end: int | None,
) -> tuple[Word, ...]:
    """The words; those without times, such as numbers in whisperX, lie between their neighbours.

    () if none has a time that can be.
    """
    made: list[Word] = []
    waiting: list[str] = []
    at = start

    def put(until: int) -> None:
        if waiting:
            begin = until - 1 if at is None else min(at, until - 1)
            made.extend(spread(" ".join(waiting), max(begin, 0), max(until, begin + 1, 1)))
            waiting.clear()

    for text, first, last, item in stated:
        if not text:
            continue
        if first is None or last is None or last < first or (at is not None and last < at):
            waiting.append(text)
            continue
        put(max(first, 1))
        last = max(last, first + 1)
        parts = spread(text, first, last)
        sure = _sure(item)
        made += [Word(w.start, w.end, w.text, sure) for w in parts]
        at = first
    if not made:
        return ()
    if waiting:
        at = made[-1].end
        put(max(end or 0, at + 1))
    return tuple(sorted(made))


def _of_cpp(segment: Mapping[str, Any]) -> Line:
    """Of whisper.cpp: times in milliseconds; tokens, where it was asked for them, are parts of
    words, and a blank begins the next word."""
    times = segment.get("offsets")
    times = times if isinstance(times, dict) else {}
    start, end = _samples(times.get("from"), 1e-3), _samples(times.get("to"), 1e-3)
    pieces: list[dict[str, Any]] = []
    tokens = segment.get("tokens")
    for token in _dicts(tokens if isinstance(tokens, list) else []):
        text, when = token.get("text"), token.get("offsets")
        if not isinstance(text, str) or text.startswith("[_") or not isinstance(when, dict):
            continue
        first, last = _samples(when.get("from"), 1e-3), _samples(when.get("to"), 1e-3)
        if pieces and not text.startswith(" "):
            pieces[-1]["text"] += text
            pieces[-1]["end"] = last if last is not None else pieces[-1]["end"]
            pieces[-1]["p"] = min(pieces[-1]["p"], _sure(token) or 0.0)
        else:
            pieces.append({"text": text, "start": first, "end": last, "p": _sure(token) or 0.0})
    stated = [(_text(piece["text"]), piece["start"], piece["end"], piece) for piece in pieces]
    said = _text(segment.get("text"))
    whole = " ".join(text for text, *_ in stated)
    # A character may be split between tokens, which then hold only halves of it.
    words = _filled(stated, start, end) if whole == said else ()
    return Line(said, start, end, _text(segment.get("speaker")), words)


def _of_seglst(segment: Mapping[str, Any]) -> Line:
    return Line(
        _text(segment.get("words")),
        _samples(segment.get("start_time")),
        _samples(segment.get("end_time")),
        _text(segment.get("speaker")),
    )
