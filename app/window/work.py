"""Work that runs beside the window: held until it has ended, and waited for when the window closes.

A QThread may only go when its thread has ended, so somebody has to hold every worker until then.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Protocol

from PyQt5.QtCore import QObject, pyqtSlot

from app.widgets.notices import NoticeArea
from app.widgets.workers import Worker

log = logging.getLogger("voicelanes")

PATIENCE_S = 10.0
"""How long closing waits for a worker that was told to stop. The window is hidden by then."""


class Stoppable(Protocol):
    """What the closing of the window has to wait for."""

    def cancel(self) -> None:
        """Stop soon."""
        ...

    def join(self, timeout_s: float) -> bool:
        """Wait for the end; False if it has not come by then."""
        ...


class Work(QObject):
    """The single workers of the window; their failures are shown as notices."""

    def __init__(self, notices: NoticeArea, parent: QObject) -> None:
        super().__init__(parent)
        self._notices = notices
        self._workers: list[Worker] = []

    @property
    def busy(self) -> bool:
        """Whether one of them has not ended yet."""
        return bool(self._workers)

    def run(self, worker: Worker) -> None:
        """Start a worker and hold it until it has ended."""
        worker.failed.connect(self._notices.show_error)
        worker.ended.connect(self._forget_ended)
        self._workers.append(worker)
        worker.start()

    @pyqtSlot()
    def _forget_ended(self) -> None:
        worker = self.sender()
        if isinstance(worker, Worker) and worker in self._workers:
            worker.join(PATIENCE_S)  # its thread takes another moment after its last signal
            self._workers.remove(worker)

    def close(self, others: Iterable[Stoppable]) -> None:
        """Tell every worker, and whatever else works, to stop; then wait for all of them."""
        everything: list[Stoppable] = [*self._workers, *others]
        for one in everything:
            one.cancel()
        stuck = [one for one in everything if not one.join(PATIENCE_S)]
        self._workers = [worker for worker in self._workers if worker in stuck]
        if stuck:
            log.error("%d workers did not stop in time", len(stuck))
            STUCK.extend([*stuck, self.parent()])


STUCK: list[object] = []
"""What did not stop, and its window, for ever: Qt aborts the process if a running thread is
destroyed."""


def anything_stuck() -> bool:
    """Whether the process has to end without taking things apart."""
    return bool(STUCK)
