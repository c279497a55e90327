"""Turns in every format that can be read, and UEM."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from core.annotation.values import Annotation, Marker, Speaker, Turn
from core.annotation.words import spread
from core.formats import FORMATS, PICTURES, READABLE, About, read_annotation, read_noscore, uem

TALK = Annotation(
    tuple(
        replace(turn, words=tuple(spread("a <b> שלום 😀", turn.start, turn.end - 99)))
        for turn in (Turn(n * 16_000, n * 16_000 + 12_345, n % 3) for n in range(6))
    ),
    (Speaker(0, "Anna B"), Speaker(1, 'שלום "x"', "#123456"), Speaker(2)),
    120_000,
    (Marker(5, "a < b"),),
    ((0, 16_000),),
)


def seeds() -> dict[str, bytes]:
    """A file of each format."""
    found = {}
    for name in (*READABLE, "uem"):
        text = FORMATS[name].render(TALK, About("talk"))
        found[f"talk{FORMATS[name].suffix}"] = text.encode() if isinstance(text, str) else text
    found["noscore.rttm"] = b"NOSCORE talk 1 0.5 1 <NA> <NA> <NA> <NA> <NA>\n" + found["talk.rttm"]
    found["old.TextGrid"] = found["talk.TextGrid"].decode().encode("utf-16-le")
    return found


def check(path: Path) -> None:
    """Read it; what is read keeps the rules of an annotation and can be written again."""
    before = path.read_bytes()
    if path.suffix == ".uem":
        for region in uem.read(path).values():
            assert list(region) == sorted(region)
        return
    told: list[str] = []
    annotation, uri = read_annotation(path, tell=told.append)
    read_noscore(path)
    assert all(len(line.splitlines()) == 1 for line in told)
    assert isinstance(uri, str)
    check_rules(annotation)
    for name in FORMATS.keys() - PICTURES - {"docx"}:
        FORMATS[name].render(annotation, About(uri))
    assert path.read_bytes() == before, "reading changes nothing"


def check_rules(annotation: Annotation) -> None:
    """What always holds of an annotation."""
    ids = [speaker.id for speaker in annotation.speakers]
    assert len(set(ids)) == len(ids)
    assert {turn.speaker for turn in annotation.turns} <= set(ids)
    assert list(annotation.turns) == sorted(annotation.turns)
    assert annotation.duration >= max((turn.end for turn in annotation.turns), default=0)
    last: dict[int, int] = {}
    for turn in annotation.turns:
        assert last.get(turn.speaker, 0) <= turn.start
        last[turn.speaker] = turn.end
