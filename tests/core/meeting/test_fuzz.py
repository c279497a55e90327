"""Mutated meeting files: each is read or refused in one line, and never replaced.

``VOICELANES_FUZZ=10000 python -m pytest tests/core/meeting/test_fuzz.py`` tries as many of them;
the suite takes a short share.
"""

from __future__ import annotations

import copy
import json
import os
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.annotation.values import Annotation, Marker, Speaker, Turn
from core.errors import OutputError, VoicelanesError
from core.meeting.file import Meeting, kept_path, read_meeting, write_meeting
from core.meeting.sound import hashed
from core.refine.refine import refine
from core.stream.changes import Window
from core.stream.speech import Speech

COUNT = int(os.environ.get("VOICELANES_FUZZ", "600"))
ODD: tuple[Any, ...] = (
    *(None, True, -1, 0, 1e308, 10**400, 0.1, "", "\0", "\ud800", "x" * 3000, [], {}, [[]]),
    *({"id": 0}, [1, 2, 3], "../../etc/passwd", "#12345", float("nan")),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A meeting with everything in it."""
    recording = tmp_path / "talk.wav"
    recording.write_bytes(b"sound" * 50)
    turns = tuple(Turn(n * 16000, n * 16000 + 16000, n % 2) for n in range(12))
    annotation = Annotation(
        turns,
        (Speaker(1, "Anna", "#0072B2"), Speaker(0)),
        200_000,
        (Marker(5, "a"),),
        ((0, 16000),),
    )
    rows = np.random.default_rng(0).normal(size=(20, 8)).astype(np.float32)
    windows = tuple(
        Window(n * 8000, n * 8000 + 16000, row, 0.5, n % 3 - 1, row.astype(np.float16))
        for n, row in enumerate(rows)
    )
    path = tmp_path / "talk.voicelanes.json"
    meeting = Meeting(
        annotation,
        "talk",
        hashed(recording),
        windows,
        Speech(((0, 9000),), voices=((0, 500, 1), (70, 900, 0))),
    )
    write_meeting(meeting, path)
    return path


def bytes_changed(chance: random.Random, content: bytes) -> bytes:
    """Some bytes flipped, cut out, doubled or put in."""
    changed = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 5, 40))):
        at = chance.randrange(len(changed) + 1)
        span = chance.choice((1, 1, 4, 200))
        match chance.randrange(4):
            case 0:
                changed[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                del changed[at : at + span]
            case 2:
                changed[at:at] = changed[at : at + span]
            case _:
                changed[at:at] = bytes(chance.choices(b'0123456789-.eE{}[]",:\\\0\xff', k=span))
    return bytes(changed)


def values_changed(chance: random.Random, content: bytes) -> bytes:
    """JSON still, with odd values in odd places."""
    tree = json.loads(content)
    for _ in range(chance.choice((1, 1, 3))):
        node: Any = tree
        while True:
            keys = list(node) if isinstance(node, dict) else list(range(len(node)))
            if not keys:
                break
            key = chance.choice(keys)
            below = node[key]
            if isinstance(below, (dict, list)) and below and chance.random() < 0.8:
                node = below
                continue
            if chance.random() < 0.2:
                del node[key]
            else:
                node[key] = copy.deepcopy(chance.choice(ODD))
            break
    return json.dumps(tree).encode()


def files(path: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in path.parent.iterdir()}


def refused(error: VoicelanesError) -> None:
    assert str(error)
    assert len(str(error).splitlines()) == 1, str(error)[:300]


def test_whatever_the_file_holds(path: Path) -> None:
    chance = random.Random(5)
    good, kept = path.read_bytes(), kept_path(path).read_bytes()
    intact = 0
    for n in range(COUNT):
        change = chance.choice((bytes_changed, values_changed))
        path.write_bytes(change(chance, good))
        kept_path(path).write_bytes(bytes_changed(chance, kept) if n % 3 == 0 else kept)
        before = files(path)
        try:
            meeting = read_meeting(path)
        except VoicelanesError as error:
            refused(error)
        else:
            intact += 1
            if meeting.windows and meeting.speech is not None and n % 20 == 0:
                refine(meeting.windows, meeting.speech, meeting.annotation.duration)
            # what was read can be written and read again, the same
            if n % 10 == 0:
                other = path.parent / "again.voicelanes.json"
                write_meeting(meeting, other)
                assert read_meeting(other).annotation == meeting.annotation
                for file in (other, kept_path(other), path.parent / f"{other.name}.bak"):
                    file.unlink(missing_ok=True)
        assert files(path) == before, "reading changes nothing"
    assert 0 < intact < COUNT


def test_saving_over_what_was_there_loses_none_of_it(path: Path) -> None:
    chance = random.Random(7)
    good = path.read_bytes()
    meeting = read_meeting(path)
    for _ in range(max(20, COUNT // 20)):
        mutant = chance.choice((bytes_changed, values_changed))(chance, good)
        path.write_bytes(mutant)
        try:
            write_meeting(meeting, path)
        except OutputError as error:
            refused(error)
            assert path.read_bytes() == mutant
        else:
            assert mutant in files(path).values(), "it is the backup, or set aside"
            assert read_meeting(path).annotation == meeting.annotation
        for file in path.parent.glob("*.damaged*"):
            file.unlink()
