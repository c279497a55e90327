"""Opening a recording: runs one :class:`~app.workers.Listen` at a time and feeds the session.

A new recording while another is being worked on waits until that has stopped, so that nothing late
of the old one ever reaches the new.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt5.QtCore import QObject, pyqtSignal, pyqtSlot

from .session import Session
from .workers import Advance, Listen

if TYPE_CHECKING:
    from core.pipeline import Progress, Result


class Listening(QObject):
    """The state of the work on the open recording, in words and as a fraction."""

    state_changed = pyqtSignal()
    failed = pyqtSignal(object)
    """The exception that ended the work."""
    warned = pyqtSignal(str)
    """One line about the recording that the person should know."""

    def __init__(
        self,
        session: Session,
        diarize: Callable[..., Result] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._diarize = diarize
        self._worker: Listen | None = None
        self._next: Callable[[], None] | None = None
        self.state = ""
        """What is going on, as the status bar says it."""
        self.fraction: float | None = None

    @property
    def busy(self) -> bool:
        return self._worker is not None

    @property
    def cancelling(self) -> bool:
        return self._worker is not None and self._worker.stopping()

    @property
    def _shown(self) -> bool:
        """Whether what is worked on is what is open; not before it proved readable."""
        return self._session.peaks is self._peaks

    def open(self, path: Path) -> None:
        """Begin with this recording; what is open stays until this one proves readable."""
        self._after_current(lambda: self._start(path))

    def close(self) -> None:
        """Close the recording, stopping the work on it."""
        self._after_current(self._close)

    def cancel(self) -> None:
        """Stop the work; what was found stays."""
        if self._worker is not None:
            self._worker.cancel()
            self._say(self.tr("Stopping…"))

    def join(self, timeout_s: float) -> bool:
        """Wait for the work to end; False if it has not by then."""
        return self._worker is None or self._worker.join(timeout_s)

    def _after_current(self, then: Callable[[], None]) -> None:
        if self._worker is None:
            then()
        else:
            self._next = then
            self.cancel()

    def _start(self, path: Path) -> None:
        from core.audio.peaks import Peaks

        self._path, self._peaks = path, Peaks()
        worker = self._worker = Listen(path, self._peaks, self._diarize)
        worker.opened.connect(self._on_opened)
        worker.advanced.connect(self._on_advanced)
        worker.done.connect(self._on_done)
        worker.failed.connect(self._on_failed)
        worker.cancelled.connect(self._on_cancelled)
        worker.ended.connect(self._on_ended)
        self._say(self.tr("Opening…"))
        worker.start()

    def _close(self) -> None:
        self._session.close()
        self._say("")

    def _say(self, state: str, fraction: float | None = None) -> None:
        self.state, self.fraction = state, fraction
        self.state_changed.emit()

    @pyqtSlot(object)
    def _on_opened(self, duration: int | None) -> None:
        if self.cancelling:
            return
        self._session.open(self._path, self._peaks, duration or 0)
        self._say(self.tr("Loading the models…"))

    @pyqtSlot(object)
    def _on_advanced(self, advance: Advance) -> None:
        if self._next is not None or not self._shown:
            return  # it is about to be replaced, or was never shown
        self._session.hear(advance.heard)
        if advance.changes is not None:
            self._session.apply(advance.changes)
        if advance.progress is not None and not self.cancelling:
            self._say(self._words(advance.progress, advance.left_s), advance.progress.fraction)

    def _words(self, progress: Progress, left_s: float | None) -> str:
        if progress.stage != "listening":
            return self.tr("Comparing the voices…")
        if progress.fraction is None:
            return self.tr("Listening")
        words = self.tr("Listening {} %").format(int(progress.fraction * 100))
        return words if left_s is None else f"{words}, {self._left(left_s)}"

    def _left(self, seconds: float) -> str:
        if seconds < 99.5:
            return self.tr("{} s left").format(max(1, round(seconds)))
        minutes = round(seconds / 60)
        if minutes < 100:
            return self.tr("{} min left").format(minutes)
        return self.tr("{} h {} min left").format(minutes // 60, minutes % 60)

    @pyqtSlot(object)
    def _on_done(self, result: Result) -> None:
        self._session.finish(result.annotation)
        self._say(self.tr("Ready") if result.annotation.turns else self.tr("No speech found"))
        for warning in result.warnings:
            self.warned.emit(warning)

    @pyqtSlot(object)
    def _on_failed(self, error: BaseException) -> None:
        self._say(self.tr("Incomplete") if self._shown else "")
        self.failed.emit(error)

    @pyqtSlot()
    def _on_cancelled(self) -> None:
        self._say(self.tr("Stopped") if self._session.is_open else "")

    @pyqtSlot()
    def _on_ended(self) -> None:
        if self._worker is not None:
            self._worker.join(10)  # a moment at most: its last signal is here already
        self._worker = None
        then, self._next = self._next, None
        if then is not None:
            then()
        else:
            self.state_changed.emit()
