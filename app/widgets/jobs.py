"""Functions that run one after the other in a thread, in the order in which they were given."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple

from PyQt5.QtCore import QObject, pyqtSignal, pyqtSlot

from app.widgets.workers import Task

MOMENT_S = 10.0
"""For a thread that has sent its last signal: it needs microseconds, unless the machine sleeps."""


class _Job(NamedTuple):
    function: Callable[[], Any]
    done: Callable[[Any], None] | None
    failed: Callable[[BaseException], None] | None


class Jobs(QObject):
    """Of two writes to one file the later is the last, and the window waits for neither."""

    failed = pyqtSignal(object)
    """The exception of a function that was given no ``failed`` of its own."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: deque[_Job] = deque()
        self._job: _Job | None = None
        self._task: Task | None = None

    @property
    def busy(self) -> bool:
        return self._task is not None

    def do(
        self,
        function: Callable[[], Any],
        done: Callable[[Any], None] | None = None,
        failed: Callable[[BaseException], None] | None = None,
    ) -> None:
        """Run it after all that was given before; then ``done`` gets what it returned, here."""
        self._waiting.append(_Job(function, done, failed))
        self._next()

    def join(self, timeout_s: float) -> bool:
        """Run everything to its end, for the closing of the window; False if something hangs.

        Nobody hears of it: what is to happen afterwards has to have happened before.
        """
        if self._task is not None and not self._task.join(timeout_s):
            return False
        waiting, self._waiting = self._waiting, deque()
        for job in waiting:
            try:
                job.function()
            except Exception as error:
                self.failed.emit(error)
        return True

    def cancel(self) -> None:
        """Nothing here can be stopped half-way; it takes a moment."""

    def _next(self) -> None:
        if self._task is not None or not self._waiting:
            return
        self._job = self._waiting.popleft()
        self._task = Task("job", self._job.function)
        self._task.done.connect(self._on_done)
        self._task.failed.connect(self._on_failed)
        self._task.ended.connect(self._on_ended)
        self._task.start()

    @pyqtSlot(object)
    def _on_done(self, result: Any) -> None:
        if self._job is not None and self._job.done is not None:
            self._job.done(result)

    @pyqtSlot(object)
    def _on_failed(self, error: BaseException) -> None:
        if self._job is not None and self._job.failed is not None:
            self._job.failed(error)
        else:
            self.failed.emit(error)

    @pyqtSlot()
    def _on_ended(self) -> None:
        if self._task is not None:
            self._task.join(MOMENT_S)
        self._task = self._job = None
        self._next()
