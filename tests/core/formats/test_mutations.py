"""Damaged files: read or refused in one line, soon, and never written to.

``VOICELANES_MUTATIONS=10000`` tries that many (default 600).
"""

import os
import random
import time

import pytest

from core.annotation.values import Annotation, Marker, Speaker, Turn
from core.annotation.words import spread
from core.errors import VoicelanesError
from core.formats import FORMATS, PICTURES, READABLE, About, read_annotation

COUNT = int(os.environ.get("VOICELANES_MUTATIONS", "600"))
ABOUT = About("talk")
PATIENCE_S = 5.0

TALK = Annotation(
    tuple(
        Turn(
            n * 16_000,
            n * 16_000 + 12_345,
            n % 3,
            words=tuple(spread("a <b> 😀", n * 16_000, n * 16_000 + 9000)),
        )
        for n in range(6)
    ),
    (Speaker(0, "Anna B"), Speaker(1, 'שלום "x"', "#123456"), Speaker(2)),
    120_000,
    (Marker(5, "a < b"),),
    ((0, 16_000),),
)
PIECES = [
    *(b"", b"\0", b"\xff", b"\xff\xfe", b'"', b"<", b">", b"&", b"{", b"[", b"]", b",", b"\n"),
    *(b"\t", b"-1", b"0", b"1e999", b"nan", b"99999999999999999999", b"<NA>", b"null", b"true"),
    *(b"%", b"%00", b"\\u0000", b"\\ud800", b"&#0;", b"<![CDATA[", b"<!--", b"]]>", b"<exists>"),
    *(b"SPEAKER", b'"IntervalTier"', b"!", "٣".encode(), "²".encode(), b"\xed\xa0\x80"),
]


def mutated(content: bytes, rng: random.Random) -> bytes:
    """The content with some damage: bytes changed, pieces put in, parts lost or doubled."""
    data = bytearray(content)
    for _ in range(rng.choice((1, 1, 2, 3, 8, 30))):
        at = rng.randrange(len(data) + 1)
        end = min(len(data), at + rng.choice((0, 1, 3, 10, 200)))
        kind = rng.randrange(6)
        if kind == 0 and at < len(data):
            data[at] = rng.randrange(256)
        elif kind == 1:
            data[at:at] = rng.choice(PIECES)
        elif kind == 2:
            data[at:end] = rng.choice(PIECES)
        elif kind == 3:
            del data[at:end]
        elif kind == 4:
            data[at:at] = data[at:end] * rng.choice((1, 2, 50))
        else:
            other = rng.randrange(len(data) + 1)
            data[at:end], data[other:other] = data[other : other + 20], data[at:end]
    return bytes(data) if rng.random() < 0.95 else bytes(data)[: rng.randrange(len(data) + 1)]


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", READABLE)
def test_a_damaged_file_is_read_or_refused(tmp_path, name):
    rendered = FORMATS[name].render(TALK, ABOUT)
    good = rendered.encode() if isinstance(rendered, str) else rendered
    rng = random.Random(f"{name} 1")
    path = tmp_path / f"talk{FORMATS[name].suffix}"
    read = refused = 0
    for number in range(COUNT // len(READABLE)):
        content = mutated(good, rng)
        path.write_bytes(content)
        began = time.monotonic()
        try:
            annotation, uri = read_annotation(path)
        except VoicelanesError as error:
            refused += 1
            lines = str(error).splitlines()
        else:
            read += 1
            lines = [uri]
            check(annotation)
        assert len(lines) == 1, (number, content)
        assert time.monotonic() - began < PATIENCE_S, (number, content)
        assert path.read_bytes() == content
    assert read, "the damage is so heavy that nothing is tested"
    assert refused
    assert os.listdir(tmp_path) == [path.name]


def check(annotation: Annotation) -> None:
    """The rules that every annotation keeps; it can be written in every format of text, too."""
    ids = [s.id for s in annotation.speakers]
    assert len(set(ids)) == len(ids)
    assert {t.speaker for t in annotation.turns} <= set(ids)
    assert list(annotation.turns) == sorted(annotation.turns)
    assert annotation.duration >= max((t.end for t in annotation.turns), default=0)
    last: dict[int, int] = {}
    for turn in annotation.turns:
        assert last.get(turn.speaker, 0) <= turn.start
        last[turn.speaker] = turn.end
    for name in FORMATS.keys() - PICTURES - {"docx"}:
        FORMATS[name].render(annotation, ABOUT)
