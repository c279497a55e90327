"""Work that must not hold up the window: each piece in its own thread, heard of by signals only.

A worker ends in exactly one of ``done``, ``failed`` and ``cancelled``, followed by ``ended``. The
signals arrive in the receiver's thread in that order, so after ``ended`` nothing comes any more.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PyQt5.QtCore import QObject, QThread, pyqtSignal, pyqtSlot

from core.errors import Cancelled
from core.stream.changes import merged

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from core.audio.peaks import Peaks
    from core.pipeline import Progress, Result
    from core.stream.changes import Changes

INTERVAL_S = 0.1
"""Least time between two reports to the window: more often than this nobody sees."""


class Worker(QObject):
    """One run of :meth:`work` in a QThread."""

    done = pyqtSignal(object)
    """What :meth:`work` returned."""
    failed = pyqtSignal(object)
    """The exception that ended it."""
    cancelled = pyqtSignal()
    ended = pyqtSignal()

    def __init__(self, name: str) -> None:
        super().__init__()  # no parent: a child can't be moved to a thread
        self._stop = threading.Event()
        self._thread = QThread()
        self._thread.setObjectName(name)
        self.moveToThread(self._thread)
        self._thread.started.connect(self._run)

    def work(self) -> Any:
        """The work itself; raises :class:`Cancelled` soon after :meth:`cancel`."""
        raise NotImplementedError

    def start(self) -> None:
        """Begin; only once."""
        self._thread.start()

    def cancel(self) -> None:
        """Ask it to stop; ``ended`` says that it has."""
        self._stop.set()

    def stopping(self) -> bool:
        """Whether it was asked to stop."""
        return self._stop.is_set()

    def join(self, timeout_s: float) -> bool:
        """Wait for the thread's end; False if it is still running after ``timeout_s``."""
        return bool(self._thread.wait(round(timeout_s * 1000)))

    @pyqtSlot()
    def _run(self) -> None:
        try:
            result = self.work()
        except Cancelled:
            self.cancelled.emit()
        except BaseException as error:  # nothing may die silently, not even SystemExit
            self.failed.emit(error)
        else:
            if self.stopping():  # it was done before it looked at the flag
                self.cancelled.emit()
            else:
                self.done.emit(result)
        finally:
            self.ended.emit()
            self._thread.quit()


class Task(Worker):
    """A function without arguments: loading what is needed later, writing a file."""

    def __init__(self, name: str, function: Callable[[], Any]) -> None:
        super().__init__(name)
        self._function = function

    def work(self) -> Any:
        return self._function()


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
    """

    advanced = pyqtSignal(object)
    """An :class:`Advance`, at most every :data:`INTERVAL_S`."""

    def __init__(
        self,
        path: Path,
        peaks: Peaks,
        diarize: Callable[..., Result | None] | None = None,
    ) -> None:
        super().__init__("listen")
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
        self._changes = changes if self._changes is None else merged(self._changes, changes)
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
    on_progress: Callable[[Progress], None],
    on_samples: Callable[[NDArray[np.float32]], None],
    cancelled: Callable[[], bool],
    **_: Any,
) -> None:
    """In place of diarizing: the sound of a recording whose turns are known already."""
    from core.audio.read import AudioReader
    from core.pipeline import Progress

    position = 0
    with AudioReader(path) as reader:
        for samples in reader:
            if cancelled():
                raise Cancelled("stopped")
            position += len(samples)
            on_samples(samples)
            on_progress(Progress("reading", reader.position, position))


def header_duration(path: Path) -> int | None:
    """Length of a recording in samples by its header; raises InputError if it can't be opened."""
    from core.audio.read import AudioReader

    with AudioReader(path) as reader:
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
