"""What a list of past meetings shows of each: when, how long, who, and its lanes in small.

Nothing here raises because of a file: one that can't be read is listed, with the reason.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from core.annotation.statistics import talked
from core.annotation.values import Annotation, Speaker
from core.errors import InputError
from core.folders import APPLE_DOUBLE
from core.meeting.file import read_meeting
from core.meeting.names import BACKUP, SUFFIX, is_meeting
from core.meeting.sound import AudioFile, find

COLUMNS = 192
"""Of the small picture."""


@dataclass(frozen=True)
class MeetingSummary:
    """A past meeting as a list shows it.

    Attributes
    ----------
    path
        What to open: the meeting file, or a recording without one.
    name
        Of the recording, without folder and ending.
    at
        When it was recorded, in seconds since 1970: the time of the recording as a file, or that
        of the meeting file where the recording is gone.
    recording
        Where the sound is; None if it isn't where the meeting says.
    duration
        Samples; None where that isn't known.
    speakers
        Those who speak, in the order of the lanes.
    lanes
        Of each of them, :data:`COLUMNS` bytes: how much of that part of the recording they speak,
        from 0 to 255.
    problem
        One line: why the meeting can't be read; "" if it can.
    audio, places
        The recording as the meeting knows it, and where it may be.
    """

    path: Path
    name: str
    at: float
    recording: Path | None = None
    duration: int | None = None
    speakers: tuple[Speaker, ...] = ()
    lanes: tuple[bytes, ...] = ()
    problem: str = ""
    audio: AudioFile | None = None
    places: tuple[Path, ...] = ()


def meeting_files(folders: Iterable[Path]) -> list[Path]:
    """The meeting files that lie in folders, each once, the one written last first."""
    found: dict[Path, float] = {}
    for folder in folders:
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    named = is_meeting(entry.name) and not entry.name.lower().endswith(BACKUP)
                    # what isn't a file (a pipe) could be waited for, for ever
                    if named and not entry.name.startswith(APPLE_DOUBLE) and entry.is_file():
                        found[Path(entry.path)] = entry.stat().st_mtime
        except (OSError, ValueError):
            continue
    return sorted(found, key=lambda path: -found[path])


def summary_of(file: Path) -> MeetingSummary:
    """What a list shows of the meeting in a file."""
    name = file.name[: -len(SUFFIX)] if is_meeting(file) else file.stem
    try:
        meeting = read_meeting(file, voices=False)
    except InputError as error:
        return MeetingSummary(file, name, _time_of(file), problem=str(error))
    annotation = meeting.annotation
    speaking = {turn.speaker for turn in annotation.turns}
    speakers = tuple(speaker for speaker in annotation.speakers if speaker.id in speaking)
    found = MeetingSummary(
        file,
        meeting.name or name,
        0.0,
        duration=annotation.duration,
        speakers=speakers,
        lanes=lanes_of(annotation, speakers),
        audio=meeting.audio,
        places=meeting.places,
    )
    return with_recording(found)


def with_recording(summary: MeetingSummary) -> MeetingSummary:
    """The same with the recording where it is now; what was read of the meeting stays."""
    recording = find(summary.audio, summary.places, ()) if summary.audio is not None else None
    return replace(summary, recording=recording, at=_time_of(recording or summary.path))


def summary_without_meeting(recording: Path) -> MeetingSummary:
    """What a list shows of a recording that was opened and never saved."""
    return MeetingSummary(recording, recording.stem, _time_of(recording), recording)


def lanes_of(annotation: Annotation, speakers: Iterable[Speaker]) -> tuple[bytes, ...]:
    """Of each speaker, how much of each of :data:`COLUMNS` parts they speak, from 0 to 255."""
    edges = np.linspace(0, max(annotation.duration, 1), COLUMNS + 1)
    lanes = []
    for speaker in speakers:
        turns = np.array([(t.start, t.end) for t in annotation.turns_of(speaker.id)], np.float64)
        shares = np.diff(np.interp(edges, *talked(*turns.T))) / (edges[1] - edges[0])
        lanes.append(np.ceil(shares.clip(0, 1) * 255).astype(np.uint8).tobytes())
    return tuple(lanes)


def _time_of(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except (OSError, ValueError):
        return 0.0
