"""What is kept of each recording, and whether it still holds.

Only the process that runs the archive writes; workers may die at any time. The record of a
recording is written last: without it, or if it is of other bytes, models or settings, the recording
is done again.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.annotation.statistics import statistics
from core.archive.finding import Recording
from core.archive.job import Asked, RecordingOutcome
from core.archive.places import own_meeting
from core.atomic import why_not, write_file
from core.errors import InputError, OutputError
from core.meeting.file import Meeting, read_meeting, write_meeting
from core.meeting.names import KEPT_SUFFIX, SUFFIX, kept_path
from core.models.manifest import ModelSet
from core.units import to_seconds
from core.voices.recognition import VoicePrint

RECORD = ".voicelanes-archive.json"
_THEIRS = "{} was changed by hand and is left as it is: open it and listen again for new turns"
VERSION = 2


@dataclass(frozen=True)
class SpeakerShare:
    """A speaker of one recording: what they are called there, how long and how often they speak.

    ``direction`` is the (dim,) mean direction of the voice and ``heard`` the seconds of speech that
    it comes from; None and 0 if they never speak alone. ``overlap`` are the ``seconds`` in which
    somebody else speaks, too.
    """

    id: int
    label: str
    seconds: float
    turns: int
    heard: float = 0.0
    direction: NDArray[np.float32] | None = None
    overlap: float = 0.0


@dataclass(frozen=True)
class Record:
    """The result of one recording, done or failed.

    Parameters
    ----------
    basis
        :func:`basis_of` the models and settings.
    sha256
        Of the recording's bytes; "" if they could not be read.
    encoder
        SHA-256 of the encoder: directions of others can't be compared.
    duration
        Seconds.
    files
        Names of what lies in the folder.
    """

    recording: Recording
    basis: str
    sha256: str
    failed: bool = False
    reason: str = ""
    passing: bool = False
    encoder: str = ""
    duration: float = 0.0
    work: float = 0.0
    warnings: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    speakers: tuple[SpeakerShare, ...] = ()

    @property
    def talk(self) -> float:
        """Seconds that anybody speaks; overlaps count for each."""
        return sum(one.seconds for one in self.speakers)


def basis_of(models: ModelSet, asked: Asked) -> str:
    """What results depend on beside the recording, as a short text."""
    parts = [VERSION, *(e.sha256 for e in models.entries), asked.speakers, sorted(asked.formats)]
    if asked.track is not None:
        parts.append(asked.track)
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def read_record(out: Path, recording: Recording) -> Record | None:
    """What is there of a recording; None if nothing is, or not all of it."""
    folder = out / recording.folder
    try:
        content = json.loads((folder / RECORD).read_text("utf-8"))
        if content.pop("version") != VERSION:
            return None
        content["recording"] = Recording(**content["recording"])
        content["speakers"] = tuple(_speaker(one) for one in content["speakers"])
        record = Record(**{**content, **{k: tuple(content[k]) for k in ("warnings", "files")}})
        complete = all((folder / name).is_file() for name in record.files)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
    return record if complete and record.recording.source == recording.source else None


def _speaker(content: dict[str, Any]) -> SpeakerShare:
    direction = content["direction"]
    if direction is not None:
        content["direction"] = np.frombuffer(base64.b64decode(direction), "<f4")
    return SpeakerShare(**content)


def _write_record(out: Path, record: Record) -> None:
    content: dict[str, Any] = {"version": VERSION, **asdict(record)}
    for one in content["speakers"]:
        if one["direction"] is not None:
            one["direction"] = base64.b64encode(one["direction"].astype("<f4").tobytes()).decode()
    text = json.dumps(content, ensure_ascii=True)
    write_file(out / record.recording.folder / RECORD, text, private=True)  # it holds voices


def write(
    out: Path, recording: Recording, outcome: RecordingOutcome, basis: str, before: Record | None
) -> Record:
    """Write what came of a recording into its folder; ``before`` is what lies there.

    Raises
    ------
    OutputError
        If it can't be written; the recording then counts as not done.
    """
    sha256 = outcome.audio.sha256 if outcome.audio else ""
    if outcome.kind == "unchanged" and before is not None:
        record = replace(before, recording=recording)
        _write_record(out, record)
        return record
    record = Record(
        recording,
        basis,
        sha256,
        warnings=outcome.warnings,
        work=round(outcome.seconds, 3),
    )
    if outcome.kind == "failed" or outcome.meeting is None:
        record = replace(record, failed=True, reason=outcome.reason, passing=outcome.passing)
        if not outcome.passing:  # else it is tried again in the next run, and what is there stays
            _new_folder(out / recording.folder)
            _remove_outdated(out / recording.folder, before)
            _write_record(out, record)
        return record
    folder = out / recording.folder
    meeting_file = own_meeting(out, recording)
    theirs = _worked_on(meeting_file)
    _new_folder(folder)
    files: dict[str, bytes] = {
        f"{recording.name}{suffix}": content for suffix, content in outcome.files.items()
    }
    for name, content in files.items():
        write_file(folder / name, content)
    kept = kept_path(meeting_file)
    meeting = replace(outcome.meeting, kept=hashlib.sha256(outcome.kept).hexdigest())
    if not theirs:
        write_file(kept, outcome.kept, private=True)
        write_meeting(meeting, meeting_file)
    record = replace(
        record,
        warnings=(*record.warnings, *([_THEIRS.format(meeting_file.name)] if theirs else ())),
        encoder=meeting.models.encoder if meeting.models else "",
        duration=to_seconds(meeting.annotation.duration),
        files=(*files, *(path.name for path in (meeting_file, kept) if path.exists())),
        speakers=spoken(meeting, outcome.voices),
    )
    _write_record(out, record)
    return record


def _new_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"can't make the folder {folder}: {why_not(error)}") from error
    with contextlib.suppress(FileNotFoundError):
        (folder / RECORD).unlink()


def _remove_outdated(folder: Path, before: Record | None) -> None:
    """Turns of what was there before the recording broke; the meeting stays, a person may have
    worked on it."""
    for name in before.files if before else ():
        if not name.endswith((SUFFIX, KEPT_SUFFIX)):
            with contextlib.suppress(OSError):
                (folder / name).unlink()


def _worked_on(meeting_file: Path) -> bool:
    """Whether a person changed the meeting that is there."""
    try:
        return read_meeting(meeting_file, voices=False).annotation.by_hand
    except InputError:
        return False  # nothing is there, or write_meeting sets it aside


def spoken(meeting: Meeting, voices: Mapping[int, VoicePrint]) -> tuple[SpeakerShare, ...]:
    """The speakers of a meeting, with what is known of their voices by id."""
    made = []
    for one in statistics(meeting.annotation):
        voice = voices.get(one.speaker.id)
        made.append(
            SpeakerShare(
                one.speaker.id,
                one.speaker.label,
                round(to_seconds(one.talk_time), 3),
                one.turns,
                round(voice.seconds, 3) if voice else 0.0,
                voice.direction if voice else None,
                round(to_seconds(one.overlapped), 3),
            )
        )
    return tuple(made)
