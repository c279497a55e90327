"""One long recording by several tasks of Dask, as :mod:`core.archive.in_parts` cuts it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.archive import in_parts
from core.archive.finding import Recording
from core.archive.job import (
    CHANGED,
    STOPPED,
    Asked,
    RecordingOutcome,
    Timed,
    done_by,
    new_peaks,
    outcome_of,
    speakers_of,
)
from core.archive.worker import RunningTask, models_of
from core.audio.peaks import Peaks
from core.errors import Cancelled
from core.meeting.sound import AudioFile
from core.runtime import limit_cores


@dataclass(frozen=True)
class HeardRecording(Timed):
    """What :func:`listening` leaves for those that go on."""

    audio: AudioFile
    listened: in_parts.Listened
    peaks: Peaks | None


@dataclass(frozen=True)
class Embedding(Timed):
    """What :func:`embedding` leaves: a row for each of one part's windows."""

    embeddings: NDArray[np.float32]


def listening(
    recording: Recording, asked: Asked, known: str, tasks: int
) -> HeardRecording | RecordingOutcome:
    """The first of so many tasks for one recording, and the last if there is an outcome."""
    task = RunningTask(recording, (0, tasks))

    def job(path: Path, audio: AudioFile) -> HeardRecording | RecordingOutcome:
        if audio.sha256 == known:
            return RecordingOutcome("unchanged", audio=audio)
        peaks = new_peaks(asked)
        listened = in_parts.listen(
            path,
            models_of(asked),
            track=asked.track,
            tell=task.tell,
            on_samples=peaks.push if peaks else None,
            cancelled=task.unwanted,
        )
        return HeardRecording(audio, listened, peaks)

    return done_by(job, recording, asked, task)


def embedding(
    recording: Recording,
    asked: Asked,
    before: HeardRecording | RecordingOutcome,
    part: int,
    tasks: int,
) -> Embedding | RecordingOutcome:
    """One of the tasks after :func:`listening`, which embeds the windows of its part."""
    if isinstance(before, RecordingOutcome):
        return before

    task = RunningTask(recording, (part + 1, tasks))

    def job(path: Path, audio: AudioFile) -> Embedding | RecordingOutcome:
        if audio.sha256 != before.audio.sha256:
            return RecordingOutcome("failed", CHANGED, passing=True)
        wanted = before.listened.part(part, tasks - 2)
        models = models_of(asked)
        return Embedding(
            in_parts.embed(
                path,
                models,
                wanted,
                track=asked.track,
                tell=task.tell,
                cancelled=task.unwanted,
            )
        )

    return done_by(job, recording, asked, task)


def concluding(
    recording: Recording,
    asked: Asked,
    before: HeardRecording | RecordingOutcome,
    parts: Sequence[Embedding | RecordingOutcome],
) -> RecordingOutcome:
    """The last task, which needs no sound."""
    task = RunningTask(recording)
    limit_cores(asked.cores)
    started = time.monotonic()
    embeddings = []
    if isinstance(before, RecordingOutcome):
        return before
    for part in parts:
        if isinstance(part, RecordingOutcome):
            return part
        embeddings.append(part.embeddings)
    try:
        result = in_parts.conclude(
            models_of(asked),
            before.listened,
            embeddings,
            speakers=speakers_of(asked),
            cancelled=task.unwanted,
        )
    except Cancelled:
        return RecordingOutcome("failed", STOPPED, passing=True)
    outcome = outcome_of(recording, asked, models_of(asked), before.audio, result, before.peaks)
    spent = sum(part.seconds for part in (before, *parts))
    return replace(outcome, seconds=spent + time.monotonic() - started)
