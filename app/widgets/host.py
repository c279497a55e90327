"""What the window does for its parts: they get it as one value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PyQt5.QtWidgets import QMainWindow, QWidget

from app.widgets.notices import NoticeArea
from app.widgets.status import StatusBar
from app.widgets.workers import Worker


@dataclass(frozen=True)
class Host:
    """The window as its parts need it.

    Attributes:
        window: the parent of parts and dialogs.
        notices: where problems are shown; nothing that failed goes another way.
        bar: says what happens, for a moment.
        run: starts a worker and holds it until it has ended; its failure is a notice.
    """

    window: QMainWindow
    notices: NoticeArea
    bar: StatusBar
    run: Callable[[Worker], None]


def to_front(window: QWidget) -> None:
    """Show a window, over the others and with the keyboard."""
    window.show()
    window.raise_()
    window.activateWindow()
