"""Work that must not hold up the window: each piece in its own thread, heard of by signals only.

A worker ends in exactly one of ``done``, ``failed`` and ``cancelled``, followed by ``ended``. The
signals arrive in the receiver's thread in that order, so after ``ended`` nothing comes any more.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from PyQt5.QtCore import QObject, QThread, pyqtSignal, pyqtSlot

from core.errors import Cancelled

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
