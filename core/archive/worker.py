"""One recording, in a process that Dask runs: here or on another machine.

The models travel once to each worker, as a plugin that writes them into the worker's own folder.
What is found goes back as values.
"""

from __future__ import annotations

import hashlib
import time
from pathlib import Path
from typing import TYPE_CHECKING

from distributed import WorkerPlugin, get_worker

from core.archive.finding import Recording
from core.archive.job import Asked, RecordingOutcome, heard
from core.models.manifest import MANIFEST, ModelSet

if TYPE_CHECKING:
    from distributed import Worker

PROGRESS = "voicelanes-progress"
"""The topic of Dask events (recording's folder, task, of how many, fraction of it or None)."""
_EVERY_S = 1.0


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


def models_of(asked: Asked) -> ModelSet:
    """What the plugin brought."""
    return _MODELS[asked.models]


def work(recording: Recording, asked: Asked, known: str) -> RecordingOutcome:
    """:func:`core.archive.job.heard` as a task of Dask, which tries again what it raises."""
    return heard(recording, asked, models_of(asked), known, RunningTask(recording))


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
