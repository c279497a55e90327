"""SIGTERM, or a terminal that is closed, ends a command as Ctrl+C does: what it began is undone."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

from ..runtime import ENDING


class Ended(KeyboardInterrupt):
    """Raised wherever the program is when a signal tells it to end."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@contextlib.contextmanager
def handled(handler: Callable[[int, FrameType | None], Any]) -> Iterator[None]:
    """Meanwhile the first signal that tells the program to end goes to ``handler``, any later one
    to whoever was in charge before.

    What is ignored stays so: ``nohup`` means it. Does nothing but in the main thread.
    """
    before: dict[signal.Signals, Any] = {}

    def restore() -> None:
        for number, old in before.items():
            signal.signal(number, old)

    def first(number: int, frame: FrameType | None) -> None:
        restore()
        handler(number, frame)

    if threading.current_thread() is threading.main_thread():
        for number in ENDING:
            if signal.getsignal(number) is not signal.SIG_IGN:
                before[number] = signal.signal(number, first)
    try:
        yield
    finally:
        restore()


def unwind(number: int, _frame: FrameType | None) -> None:
    """Leave everything by an exception, as temporary files are removed on the way; only once."""
    for other in ENDING:
        if other != signal.SIGINT:  # by Ctrl+C a person may still cut that short
            signal.signal(other, signal.SIG_IGN)
    raise Ended(number)
