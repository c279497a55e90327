"""One recording, wherever it is worked on: what is asked, and what comes of it as values.

Nothing is written but temporary files. :mod:`core.archive.worker` does it as a task of Dask,
:mod:`core.archive.local` in a process beside this one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, Protocol, TypeVar

from core.archive.finding import Recording, is_url, local_state, open_system
from core.audio.peaks import Peaks
from core.errors import Cancelled, InputError
from core.folders import temporary_folder
from core.formats import FORMATS, PICTURES, About
from core.meeting.file import Meeting, ModelIdentity
from core.meeting.prints import pack
from core.meeting.sound import AudioFile, hashed
from core.models.manifest import ModelSet
from core.pipeline import Result, SpeakerCount, diarize_file
from core.runtime import limit_cores
from core.voices.recognition import VoicePrint, voices_in

OutcomeKind = Literal["done", "unchanged", "failed"]


@dataclass(frozen=True)
class Asked:
    """What is asked of every recording; other results come of other settings.

    Parameters
    ----------
    models
        Name of the plugin that brought the models to Dask's workers.
    speakers
        As ``--speakers`` takes it, "" for any number.
    formats
        Keys of :data:`core.formats.FORMATS`.
    cores
        That one recording may take.
    track
        Number of the sound track to hear in each; None for the one that it asks for.
    """

    models: str
    speakers: str = ""
    formats: tuple[str, ...] = ("rttm",)
    cores: int = 1
    track: int | None = None


@dataclass(frozen=True, kw_only=True)
class Timed:
    """What a task made, and the ``seconds`` that it took."""

    seconds: float = 0.0


@dataclass(frozen=True)
class RecordingOutcome(Timed):
    """What came of a recording.

    Parameters
    ----------
    kind
        ``unchanged``: its bytes are those of the results that are there. ``failed``: it can't be
        used, ``reason`` says why in a line, and trying again would not help unless ``passing``.
    audio
        The bytes of the recording.
    meeting, kept
        The meeting without its windows, and those as the bytes of :mod:`core.meeting.prints`.
    voices
        Speakers by id with the mean direction of their voice.
    files
        What to write, by the ending of the name.
    """

    kind: OutcomeKind
    reason: str = ""
    passing: bool = False
    audio: AudioFile | None = None
    meeting: Meeting | None = None
    kept: bytes = b""
    voices: Mapping[int, VoicePrint] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


class Asker(Protocol):
    """What a job knows of whoever wants it done."""

    @property
    def folder(self) -> str | None:
        """Where temporary files go; None for the system's place."""
        ...

    def unwanted(self) -> bool:
        """Whether nobody waits for the result any more."""
        ...

    def tell(self, fraction: float | None) -> None:
        """How far it is."""
        ...


CHANGED = "it changed while it was read: run again"
STOPPED = "stopped"
Done = TypeVar("Done", bound=Timed)


def heard(
    recording: Recording, asked: Asked, models: ModelSet, known: str, task: Asker
) -> RecordingOutcome:
    """Who speaks when in one recording.

    ``known`` is the SHA-256 of the bytes that there are results of, or "". Anything but a fault
    of the recording is raised.
    """

    def job(path: Path, audio: AudioFile) -> RecordingOutcome:
        if audio.sha256 == known:
            return RecordingOutcome("unchanged", audio=audio)
        peaks = new_peaks(asked)
        result = diarize_file(
            path,
            models=models,
            speakers=speakers_of(asked),
            track=asked.track,
            on_progress=lambda progress: task.tell(progress.fraction),
            on_samples=peaks.push if peaks else None,
            cancelled=task.unwanted,
        )
        return outcome_of(recording, asked, models, audio, result, peaks)

    return done_by(job, recording, asked, task)


def done_by(
    job: Callable[[Path, AudioFile], Done],
    recording: Recording,
    asked: Asked,
    task: Asker,
) -> Done | RecordingOutcome:
    """What a job makes of a recording that is there and rests; else the outcome that says so."""
    limit_cores(asked.cores)
    started = time.monotonic()
    with ExitStack() as stack:
        try:
            path = _fetched(recording, stack, task)
            state = local_state(path)[1]
            done = job(path, hashed(path, task.unwanted))
            if local_state(path)[1] != state:
                return RecordingOutcome("failed", CHANGED, passing=True)
        except InputError as error:
            return RecordingOutcome("failed", str(error), audio=_audio(recording))
        except Cancelled:
            return RecordingOutcome("failed", STOPPED, passing=True)
    task.tell(1.0)
    return replace(done, seconds=time.monotonic() - started)


def _audio(recording: Recording) -> AudioFile:
    return AudioFile(Path(recording.source), recording.size)


def _fetched(recording: Recording, stack: ExitStack, task: Asker) -> Path:
    """Where the recording lies as a file; a copy of what only fsspec can read."""
    if not is_url(recording.source):
        return Path(recording.source)
    system, remote = open_system(recording.source)
    folder = stack.enter_context(temporary_folder(task.folder))
    # Under its own name: formats and messages state it.
    path = folder / Path(recording.folder).name
    try:
        system.get_file(remote, str(path))
    except FileNotFoundError as error:
        raise InputError(f"{recording.source}: it isn't there any more") from error
    return path


def new_peaks(asked: Asked) -> Peaks | None:
    """For the pictures, if any are asked for."""
    return None if PICTURES.isdisjoint(asked.formats) else Peaks()


def speakers_of(asked: Asked) -> SpeakerCount | None:
    """How many there may be; None for any number."""
    return SpeakerCount.parse(asked.speakers) if asked.speakers else None


def outcome_of(
    recording: Recording,
    asked: Asked,
    models: ModelSet,
    audio: AudioFile,
    result: Result,
    peaks: Peaks | None,
) -> RecordingOutcome:
    """What was found, ready to be written."""
    annotation = result.annotation
    about = About(recording.name, Path(recording.source), peaks, track=asked.track)
    files = {
        FORMATS[name].suffix: _bytes(FORMATS[name].render(annotation, about))
        for name in asked.formats
    }
    meeting = Meeting(
        annotation,
        recording.name,
        AudioFile(Path(recording.source), audio.size, audio.sha256),
        track=asked.track,
        speech=result.speech,
        models=ModelIdentity.of(models),
        settings={"speakers": asked.speakers} if asked.speakers else {},
    )
    return RecordingOutcome(
        "done",
        audio=audio,
        meeting=meeting,
        kept=pack(result.windows, result.speech),
        voices=voices_in(annotation, result.windows),
        files=files,
        warnings=result.warnings,
    )


def _bytes(content: str | bytes) -> bytes:
    return content.encode("utf-8", "replace") if isinstance(content, str) else content
