"""Meeting files, and the voices kept beside them."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from core.meeting.file import Meeting, ModelIdentity, kept_path, read_meeting, write_meeting
from core.meeting.prints import unpack
from core.meeting.sound import AudioFile
from core.refine.refine import refine
from core.stream.changes import Window
from core.stream.speech import Speech
from tests.fuzz.annotations import TALK, check_rules

NAME = "talk.voicelanes.json"


def seeds() -> dict[str, bytes]:
    """A meeting with everything in it, and its voices."""
    rows = np.random.default_rng(0).normal(size=(20, 8)).astype(np.float32)
    windows = tuple(
        Window(n * 8000, n * 8000 + 16_000, row, 0.5, n % 3 - 1, row[:3].astype(np.float16))
        for n, row in enumerate(rows)
    )
    meeting = Meeting(
        TALK,
        "talk",
        AudioFile(Path("/home/anna/talk.wav"), 1000, "0" * 64),
        windows,
        Speech(((0, 60_000), (70_000, 90_000)), ((5000, 6000),), ((0, 9000, 1), (70, 900, 0))),
        ModelIdentity("a" * 64, "b" * 64, "c" * 64),
        {"speakers": "2-4"},
        gaps=((1000, 2000),),
        pauses=((3000, 2.5),),
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, NAME)
        write_meeting(meeting, path)
        beside = kept_path(path)
        return {NAME: path.read_bytes(), beside.name: beside.read_bytes()}


def check(path: Path) -> None:
    """Read it; a meeting can be written and read again, voices can be grouped again."""
    before = path.read_bytes()
    if path.suffix == ".npz":
        windows, speech = unpack(before, path.name)
        refine(windows, speech, TALK.duration)
        return
    meeting = read_meeting(path)
    check_rules(meeting.annotation)
    assert path.read_bytes() == before, "reading changes nothing"
    with tempfile.TemporaryDirectory() as folder:
        again = Path(folder, NAME)
        write_meeting(meeting, again)
        assert read_meeting(again).annotation == meeting.annotation
