"""What a list of past meetings shows of each."""

from __future__ import annotations

import os
import wave
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.annotation.values import Annotation, Turn
from core.meeting.file import Meeting, write_meeting
from core.meeting.sound import AudioFile
from core.meeting.summary import (
    COLUMNS,
    lanes_of,
    meeting_files,
    summary_of,
    summary_without_meeting,
)

S = 16000


def kept(folder: Path, name: str = "talk", *, at: int = 1_700_000_000) -> Path:
    """A recording and its meeting: Anna, then Speaker 2, then both."""
    recording = folder / f"{name}.wav"
    with wave.open(str(recording), "wb") as file:
        file.setparams((1, 2, S, 0, "NONE", ""))
        file.writeframes(bytes(2 * S))
    os.utime(recording, (at, at))
    turns = [Turn(0, 50 * S, 0), Turn(50 * S, 100 * S, 1), Turn(75 * S, 100 * S, 0)]
    annotation = Annotation.build(turns, 100 * S, {0: "Anna"})
    path = folder / f"{name}.voicelanes.json"
    write_meeting(Meeting(annotation, name, AudioFile.at(recording)), path)
    return path


def test_a_meeting_in_short(tmp_path: Path) -> None:
    found = summary_of(kept(tmp_path))
    assert (found.name, found.problem) == ("talk", "")
    assert (found.at, found.duration) == (1_700_000_000, 100 * S)
    assert found.recording == tmp_path / "talk.wav"
    assert [speaker.label for speaker in found.speakers] == ["Anna", "Speaker 2"]
    anna, second = found.lanes
    half, quarter = COLUMNS // 2, COLUMNS // 4
    assert anna == b"\xff" * half + b"\0" * quarter + b"\xff" * quarter
    assert second == b"\0" * half + b"\xff" * half


def test_the_recording_is_gone(tmp_path: Path) -> None:
    path = kept(tmp_path)
    (tmp_path / "talk.wav").unlink()
    found = summary_of(path)
    assert found.recording is None
    assert found.at == path.stat().st_mtime
    assert len(found.speakers) == 2


def test_what_cannot_be_read_is_listed_with_the_reason(tmp_path: Path) -> None:
    for name, content in {
        "half": b'{"format": "voicelanes", "version": 1, "turns": [',
        "newer": b'{"format": "voicelanes", "version": 99}',
        "other": b"\x89PNG\r\n",
        "empty": b"",
    }.items():
        path = tmp_path / f"{name}.voicelanes.json"
        path.write_bytes(content)
        found = summary_of(path)
        assert found.name == name
        assert found.problem
        assert "\n" not in found.problem
        assert found.lanes == ()
    gone = summary_of(tmp_path / "gone.voicelanes.json")
    assert gone.problem
    assert gone.at == 0


def test_the_files_of_folders_the_last_written_first(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
    old, new = kept(first, "old"), kept(second, "new")
    os.utime(old, (1e9, 1e9))
    kept(first, "old")  # now there is a backup, too
    os.utime(old, (1e9, 1e9))
    (first / "._old.voicelanes.json").touch()
    (first / "folder.voicelanes.json").mkdir()
    (first / "notes.json").write_text("{}")
    if hasattr(os, "mkfifo"):
        os.mkfifo(first / "pipe.voicelanes.json")
    folders = (first, second, first, tmp_path / "none", tmp_path / "nul\0")
    assert meeting_files(folders) == [new, old]


def test_a_recording_that_was_never_saved(tmp_path: Path) -> None:
    recording = tmp_path / "talk.mp3"
    recording.touch()
    os.utime(recording, (1e9, 1e9))
    found = summary_without_meeting(recording)
    assert (found.path, found.name, found.at) == (recording, "talk", 1e9)
    assert found.duration is None


@given(
    st.lists(st.tuples(st.integers(0, 900), st.integers(1, 99), st.integers(0, 3)), max_size=30),
    st.integers(0, 2000),
)
def test_each_column_has_the_share_that_is_spoken(
    rows: list[tuple[int, int, int]], duration: int
) -> None:
    annotation = Annotation.build([Turn(a, a + n, who) for a, n, who in rows], duration)
    edges = np.linspace(0, max(annotation.duration, 1), COLUMNS + 1)
    for speaker, lane in zip(
        annotation.speakers, lanes_of(annotation, annotation.speakers), strict=True
    ):
        turns = annotation.turns_of(speaker.id)
        assert len(lane) == COLUMNS
        for n, value in enumerate(lane):
            start, end = edges[n], edges[n + 1]
            spoken = sum(max(0.0, min(t.end, end) - max(t.start, start)) for t in turns)
            assert abs(value - 255 * spoken / (end - start)) <= 1.001
