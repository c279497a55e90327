"""One recording, in a process that Dask runs: here or on another machine.

The models travel once to each worker, as a plugin that writes them into the worker's own folder.
What is found goes back as values; nothing is written but temporary files.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

from distributed import WorkerPlugin, get_worker

from core.archive.finding import Recording, is_url, local_state, open_system
from core.audio.peaks import Peaks
from core.errors import Cancelled, InputError
from core.folders import temporary_folder
from core.formats import FORMATS, PICTURES, About
from core.meeting.file import Meeting, ModelIdentity
from core.meeting.prints import pack
from core.meeting.sound import AudioFile, hashed
from core.models.manifest import MANIFEST, ModelSet
from core.pipeline import Result, SpeakerCount, diarize_file
from core.runtime import limit_cores
from core.voices.recognition import VoicePrint, voices_in

if TYPE_CHECKING:
    from distributed import Worker

PROGRESS = "voicelanes-progress"
"""The topic of Dask events (recording's folder, task, of how many, fraction of it or None)."""
_EVERY_S = 1.0

OutcomeKind = Literal["done", "unchanged", "failed"]


@dataclass(frozen=True)
class Asked:
    """What is asked of every recording; other results come of other settings.

    Parameters
    ----------
    models
        Name of the plugin that brought the models.
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


class Models(WorkerPlugin):  # type: ignore[misc]
    """A set of models for every worker, those that come later too."""

    idempotent = True  # its name tells its content: it goes to each worker once, not for each run

    def __init__(self, models: ModelSet) -> None:
        self._files = {entry.file: models.verified(entry) for entry in models.entries}
        self._files[MANIFEST] = (models.folder / MANIFEST).read_bytes()
        digest = hashlib.sha256(b"".join(self._files[name] for name in sorted(self._files)))
        self.name = f"voicelanes-models-{digest.hexdigest()[:16]}"

    def setup(self, worker: Worker) -> None:
        folder = Path(worker.local_directory) / self.name
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in self._files.items():
            (folder / name).write_bytes(content)
        _MODELS[self.name] = ModelSet.load(folder)
        self._files.clear()  # of this worker's copy: they are on its disk now


_MODELS: dict[str, ModelSet] = {}
"""What the plugins of this process brought."""


def work(recording: Recording, asked: Asked, known: str) -> RecordingOutcome:
    """Who speaks when in one recording; runs as a task of Dask.

    ``known`` is the SHA-256 of the bytes that there are results of, or "". Anything but a fault
    of the recording is raised: Dask tries again.
    """

    def job(path: Path, audio: AudioFile, task: RunningTask) -> RecordingOutcome:
        if audio.sha256 == known:
            return RecordingOutcome("unchanged", audio=audio)
        peaks = new_peaks(asked)
        result = diarize_file(
            path,
            models=models_of(asked),
            speakers=speakers_of(asked),
            track=asked.track,
            on_progress=lambda progress: task.tell(progress.fraction),
            on_samples=peaks.push if peaks else None,
            cancelled=task.unwanted,
        )
        return outcome_of(recording, asked, audio, result, peaks)

    return done_by(job, recording, asked)


CHANGED = "it changed while it was read: run again"
STOPPED = "stopped"
Done = TypeVar("Done", bound=Timed)


def done_by(
    job: Callable[[Path, AudioFile, RunningTask], Done],
    recording: Recording,
    asked: Asked,
    step: tuple[int, int] = (0, 1),
) -> Done | RecordingOutcome:
    """What a job makes of a recording that is there and rests; else the outcome that says so."""
    task = RunningTask(recording, step)
    limit_cores(asked.cores)
    started = time.monotonic()
    with ExitStack() as stack:
        try:
            path = _fetched(recording, stack, task)
            state = local_state(path)[1]
            done = job(path, hashed(path, task.unwanted), task)
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


def _fetched(recording: Recording, stack: ExitStack, task: RunningTask) -> Path:
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


def models_of(asked: Asked) -> ModelSet:
    """What the plugin brought."""
    return _MODELS[asked.models]


def new_peaks(asked: Asked) -> Peaks | None:
    """For the pictures, if any are asked for."""
    return None if PICTURES.isdisjoint(asked.formats) else Peaks()


def speakers_of(asked: Asked) -> SpeakerCount | None:
    """How many there may be; None for any number."""
    return SpeakerCount.parse(asked.speakers) if asked.speakers else None


def outcome_of(
    recording: Recording, asked: Asked, audio: AudioFile, result: Result, peaks: Peaks | None
) -> RecordingOutcome:
    """What was found, ready to be written."""
    models = models_of(asked)
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


class RunningTask:
    """What the running task knows of Dask; ``step`` is which of how many for its recording."""

    def __init__(self, recording: Recording, step: tuple[int, int] = (0, 1)) -> None:
        self._worker: Worker = get_worker()
        self._key = self._worker.get_current_task()
        self._about = (recording.folder, *step)
        self._told = time.monotonic()
        self.folder = self._worker.local_directory
        self._worker.log_event(PROGRESS, (*self._about, 0.0))  # it isn't waiting any more

    def unwanted(self) -> bool:
        """Whether nobody waits for the result any more."""
        state = self._worker.state.tasks.get(self._key)
        return state is None or state.state == "cancelled"

    def tell(self, fraction: float | None) -> None:
        """How far the task is, to whoever runs the archive."""
        if time.monotonic() - self._told >= _EVERY_S or (fraction == 1.0 and self._about[2] > 1):
            self._told = time.monotonic()
            self._worker.log_event(PROGRESS, (*self._about, fraction))
