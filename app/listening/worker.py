"""The pass over one recording in its own thread, and how long it still takes."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PyQt5.QtCore import pyqtSignal

from app.widgets.workers import INTERVAL_S, Worker
from core.errors import Cancelled

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from core.audio.peaks import Peaks
    from core.pipeline import Progress, Result
    from core.stream.changes import Changes


def prepare_engine() -> None:
    """Load the engine's libraries and verify the models in use; raises the first ModelError.

    Where the chosen ones are gone the shipped ones will run, and what is raised says so.
    """
    import core.pipeline  # noqa: F401
    from core.errors import ModelError
    from core.models.folders import current_models

    problems: list[str] = []
    models = current_models(on_problem=problems.append)
    for entry in models.entries:
        models.verified(entry)
    if problems:
        raise ModelError(problems[0])


@dataclass(frozen=True)
class Advance:
    """What came in since the last report.

    Attributes:
        progress: the newest progress, None before the first.
        changes: all changes of the turns in one, None if there were none.
        heard: samples of the recording that the waveform holds.
        left_s: seconds until the stage is done, None while that can't be told.
    """

    progress: Progress | None
    changes: Changes | None
    heard: int
    left_s: float | None


class Listen(Worker):
    """Diarize one recording, reporting as it goes.

    Parameters
    ----------
    path
        The recording.
    peaks
        Gets the sound as it is read; this worker is its one writer.
    diarize
        ``core.pipeline.diarize_file`` or something with its signature.
    track
        Number of the sound track to hear; None for the one that the file asks for.
    """

    advanced = pyqtSignal(object)
    """An :class:`Advance`, at most every :data:`INTERVAL_S`."""

    def __init__(
        self,
        path: Path,
        peaks: Peaks,
        diarize: Callable[..., Result | None] | None = None,
        track: int | None = None,
    ) -> None:
        super().__init__("listen")
        self._track = track
        self._path = path
        self._peaks = peaks
        self._diarize = diarize
        self._heard = 0
        self._progress: Progress | None = None
        self._changes: Changes | None = None
        self._time_left = TimeLeft()
        self._reported = 0.0

    def work(self) -> Result | None:
        diarize = self._diarize or pipeline()
        try:
            return diarize(
                self._path,
                track=self._track,
                on_progress=self._on_progress,
                on_changes=self._on_changes,
                on_samples=self._on_samples,
                cancelled=self.stopping,
            )
        finally:
            self._report()  # what came since the last one, however it ended

    def _on_samples(self, samples: NDArray[np.float32]) -> None:
        self._peaks.push(samples)
        self._heard += len(samples)
        self._report_if_due()

    def _on_changes(self, changes: Changes) -> None:
        self._changes = changes if self._changes is None else self._changes.then(changes)
        self._report_if_due()

    def _on_progress(self, progress: Progress) -> None:
        if self._progress is None or progress.stage != self._progress.stage:
            self._time_left = TimeLeft()
            self._reported = 0.0  # a new stage shows at once
        self._progress = progress
        self._time_left.update(progress.fraction, time.monotonic())
        self._report_if_due()

    def _report_if_due(self) -> None:
        if time.monotonic() - self._reported >= INTERVAL_S:
            self._report()

    def _report(self) -> None:
        self._reported = time.monotonic()
        self.advanced.emit(
            Advance(self._progress, self._changes, self._heard, self._time_left.seconds)
        )
        self._changes = None


def pipeline() -> Callable[..., Result]:
    """``core.pipeline.diarize_file``, loaded on first use: its libraries take their time."""
    from core.pipeline import diarize_file

    return diarize_file


def read_only(
    path: Path,
    *,
    track: int | None = None,
    on_progress: Callable[[Progress], None],
    on_samples: Callable[[NDArray[np.float32]], None],
    cancelled: Callable[[], bool],
    **_: Any,
) -> None:
    """In place of diarizing: the sound of a recording whose turns are known already."""
    from core.audio.read import AudioReader
    from core.pipeline import Progress

    position = 0
    with AudioReader(path, track) as reader:
        for samples in reader:
            if cancelled():
                raise Cancelled("stopped")
            position += len(samples)
            on_samples(samples)
            on_progress(Progress("reading", reader.position, position))


def header_duration(path: Path, track: int | None = None) -> int | None:
    """Length of a recording (of that sound track) in samples by its header; raises InputError if
    it can't be opened."""
    from core.audio.read import AudioReader

    with AudioReader(path, track) as reader:
        return reader.info.duration


class TimeLeft:
    """Seconds until a fraction reaches 1, by its pace so far."""

    TRUST_S = 1.0
    """No estimate before this: the first moments tell nothing."""

    def __init__(self) -> None:
        self._first: tuple[float, float] | None = None
        self.seconds: float | None = None

    def update(self, fraction: float | None, now: float) -> None:
        """Take in the fraction done at a time in seconds of any clock that only goes forward."""
        if fraction is None:
            self.seconds = None
            return
        if self._first is None:
            self._first = (fraction, now)
        gained, took = fraction - self._first[0], now - self._first[1]
        if gained > 0 and took >= self.TRUST_S:
            self.seconds = max(0.0, (1 - fraction) * took / gained)
