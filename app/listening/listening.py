"""Opening a recording: runs one :class:`~app.listening.worker.Listen` at a time and feeds the
session.

A recording is looked at first, beside whatever goes on: a file that can't be read disturbs nothing.
Then the work under way is told to stop, and the new recording waits until it has, so that nothing
late of the old one ever reaches the new.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt5.QtCore import QObject, pyqtSignal, pyqtSlot

from app.listening.worker import Advance, Listen, header_duration, read_only
from app.session import Session
from app.widgets.host import Host
from app.widgets.notices import Problem, Way
from app.widgets.status import left
from app.widgets.workers import Task
from core.errors import InputError

if TYPE_CHECKING:
    from core.pipeline import Progress, Result

MOMENT_S = 10.0
"""For a thread that has sent its last signal: it needs microseconds, unless the machine sleeps."""

SEVERAL_TRACKS = "sound tracks"
"""Key of the notice that there are other sound tracks than the one that is heard."""


class Listening(QObject):
    """The state of the work on the open recording, in words and as a fraction."""

    state_changed = pyqtSignal()
    split_told = pyqtSignal(object)
    """The channels are different people's: the Result with their ``split``."""
    finished = pyqtSignal()
    """The session has the turns of the whole recording."""
    stopped = pyqtSignal()
    """The pass ended early, by the person or by an error; the session has what was found."""
    track_wanted = pyqtSignal()
    """The person wants to choose one of several sound tracks."""

    def __init__(self, session: Session, diarize: Callable[..., Result], host: Host) -> None:
        super().__init__(host.window)
        self._session, self._diarize, self._notices = session, diarize, host.notices
        self._probe: Task | None = None
        self._probed: Path | None = None
        self._wanted: Path | None = None
        self._track: int | None = None
        self._worker: Listen | None = None
        self._next: Callable[[], None] | None = None
        self.state = ""
        """What is going on, as the status bar says it."""
        self.fraction: float | None = None

    @property
    def busy(self) -> bool:
        return self._worker is not None or self._probe is not None

    @property
    def cancelling(self) -> bool:
        return self._worker is not None and self._worker.stopping()

    def open(self, path: Path, track: int | None = None) -> None:
        """Begin with this recording; what is open stays until this one proves readable.

        ``track`` is the number of the sound track that was chosen, if one was.
        """
        self._wanted, self._track = path, track
        if self._probe is None:
            self._look()

    def show(
        self, path: Path, duration: int, load: Callable[[], None], track: int | None = None
    ) -> None:
        """Open a recording whose turns are known: ``load`` puts them into the session.

        The sound is read for its picture only.
        """
        self._wanted, self._track = None, track
        self._after_current(partial(self._start, path, duration, track, load))

    def close(self) -> None:
        """Close the recording, stopping the work on it."""
        self._wanted = None
        self._after_current(self._close)

    def cancel(self) -> None:
        """Stop the work; what was found stays."""
        self._wanted = self._next = None
        if self._worker is not None:
            self._worker.cancel()
            self._say(self.tr("Stopping…"))

    def join(self, timeout_s: float) -> bool:
        """Wait for the work to end; False if it has not by then."""
        return all(w is None or w.join(timeout_s) for w in (self._probe, self._worker))

    def _say(self, state: str, fraction: float | None = None) -> None:
        self.state, self.fraction = state, fraction
        self.state_changed.emit()

    # is it a recording at all?

    def _look(self) -> None:
        path = self._probed = self._wanted
        if path is None:
            return
        self._probe = Task("probe", partial(header_duration, path, self._track))
        self._probe.done.connect(self._on_readable)
        self._probe.failed.connect(self._on_unreadable)
        self._probe.ended.connect(self._on_looked)
        self._probe.start()
        self.state_changed.emit()

    @pyqtSlot(object)
    def _on_readable(self, duration: int | None) -> None:
        if self._wanted is not None and self._wanted == self._probed:
            self._after_current(partial(self._start, self._wanted, duration or 0, self._track))

    @pyqtSlot(object)
    def _on_unreadable(self, error: BaseException) -> None:
        if self._wanted == self._probed:
            self._notices.show_error(error)

    @pyqtSlot()
    def _on_looked(self) -> None:
        if self._probe is not None:
            self._probe.join(MOMENT_S)
        self._probe = None
        if self._wanted != self._probed:
            self._look()  # another one was asked for meanwhile
        self.state_changed.emit()

    # the work

    def _after_current(self, then: Callable[[], None]) -> None:
        if self._worker is None:
            then()
        else:
            self._next = then
            self._worker.cancel()
            self._say(self.tr("Stopping…"))

    def _start(
        self,
        path: Path,
        duration: int,
        track: int | None,
        load: Callable[[], None] | None = None,
    ) -> None:
        from core.audio.peaks import Peaks

        peaks = Peaks()
        worker = self._worker = Listen(path, peaks, read_only if load else self._diarize, track)
        worker.advanced.connect(self._on_advanced)
        worker.done.connect(self._on_done)
        worker.failed.connect(self._on_failed)
        worker.cancelled.connect(self._on_cancelled)
        worker.ended.connect(self._on_ended)
        self._session.open(path, peaks, duration, track=track)
        if load:
            load()
            self._say(self.tr("Reading the sound…"))
        else:
            self._say(self.tr("Loading the models…"))
        worker.start()

    def _close(self) -> None:
        self._session.close()
        self._say("")

    @pyqtSlot(object)
    def _on_advanced(self, advance: Advance) -> None:
        if self._next is not None:
            return  # it is about to be replaced
        self._session.hear(advance.heard)
        if advance.changes is not None:
            self._session.apply(advance.changes)
        if advance.progress is not None and not self.cancelling:
            self._say(self._words(advance.progress, advance.left_s), advance.progress.fraction)

    def _words(self, progress: Progress, left_s: float | None) -> str:
        if progress.stage == "reading":
            return self.tr("Reading the sound…")
        if progress.stage != "listening":
            return self.tr("Comparing the voices…")
        if progress.fraction is None:
            return self.tr("Analysing")
        words = self.tr("Analysing {} %").format(int(progress.fraction * 100))
        return words if left_s is None else f"{words}, {left(left_s)}"

    @pyqtSlot(object)
    def _on_done(self, result: Result | None) -> None:
        if self._next is not None:
            return
        if result is None:  # the turns were known
            self._say(self.tr("Ready"))
            return
        self._session.finish(result.annotation, result.windows, result.speech)
        if result.split is not None:
            self.split_told.emit(result)
        self._say(self.tr("Ready") if result.annotation.turns else self.tr("No speech found"))
        for warning in result.warnings:
            self._warn(warning)
        self.finished.emit()

    def _warn(self, warning: str) -> None:
        from core.audio.source import CAN_CHOOSE

        if warning.endswith(CAN_CHOOSE):
            ways = (Way(self.tr("Choose track…"), self.track_wanted.emit),)
            self._notices.show_problem(
                Problem(warning, severe=False, ways=ways, key=SEVERAL_TRACKS)
            )
        else:
            self._notices.tell(warning)

    @pyqtSlot(object)
    def _on_failed(self, error: BaseException) -> None:
        nothing_heard = self._session.peaks is None or self._session.peaks.duration == 0
        if isinstance(error, InputError) and nothing_heard and not self._session.annotation.turns:
            self._close()
        else:
            self._say(self.tr("Incomplete"))
            self.stopped.emit()
        self._notices.show_error(error)

    @pyqtSlot()
    def _on_cancelled(self) -> None:
        self._say(self.tr("Stopped"))
        if self._next is None:
            self.stopped.emit()

    @pyqtSlot()
    def _on_ended(self) -> None:
        if self._worker is not None:
            self._worker.join(MOMENT_S)
        self._worker = None
        then, self._next = self._next, None
        if then is not None:
            then()
        self.state_changed.emit()
