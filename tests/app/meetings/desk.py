"""What a person does with meetings, and what the window says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PyQt5 import sip
from PyQt5.QtCore import QMimeData, QPointF, Qt, QUrl
from PyQt5.QtGui import QDragEnterEvent, QDropEvent
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import (
    QApplication,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
)

S = 16000


CTRL, SHIFT = Qt.ControlModifier, Qt.ShiftModifier


ROOT = Path(__file__).resolve().parents[3]


def press(window: Any, key: int, modifier: Any = Qt.NoModifier) -> None:
    window.activateWindow()  # where a dialog was a moment ago
    QApplication.processEvents()
    QTest.keyClick(QApplication.focusWidget() or window, key, modifier)


def idle(window: Any) -> bool:
    return not window.listening.busy and not window.meetings._jobs.busy


def messages(window: Any) -> list[str]:
    return [n.findChild(QLabel).text() for n in window.notices.notices]


def box(window: Any) -> QMessageBox:
    """The question on the screen."""
    (found,) = [b for b in window.findChildren(QMessageBox) if b.isVisible()]
    return found


def asks(window: Any) -> bool:
    return any(b.isVisible() for b in window.findChildren(QMessageBox))


def answer(window: Any, name: str) -> None:
    QTest.mouseClick(box(window).findChild(QPushButton, name), Qt.LeftButton)


def choose(window: Any, name: Path) -> None:
    """Type a name into the file dialog and press its button."""
    (dialog,) = [d for d in window.findChildren(QFileDialog) if d.isVisible()]
    field = dialog.findChild(QLineEdit, "fileNameEdit")
    field.clear()
    QTest.keyClicks(field, str(name))
    buttons = dialog.findChild(QDialogButtonBox, "buttonBox")
    accept = next(
        b for b in buttons.buttons() if buttons.buttonRole(b) == QDialogButtonBox.AcceptRole
    )
    for _ in range(40):
        if sip.isdeleted(dialog) or not dialog.isVisible():
            return
        field.completer().popup().hide()  # the list of what it could become takes the click
        QTest.mouseClick(accept, Qt.LeftButton)
        QTest.qWait(50)
    raise AssertionError(f"the dialog doesn't take {name}")


def drop(widget: Any, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    where = QPointF(widget.rect().center())
    enter = QDragEnterEvent(where.toPoint(), Qt.CopyAction, data, Qt.LeftButton, Qt.NoModifier)
    QApplication.sendEvent(widget, enter)
    event = QDropEvent(where, Qt.CopyAction, data, Qt.LeftButton, Qt.NoModifier)
    QApplication.sendEvent(widget, event)


def rename(window: Any, name: str, speaker: int = 0) -> None:
    window.session.rename(speaker, name)


def names(window: Any) -> list[str]:
    return [s.name for s in window.session.annotation.speakers]


def closed(wait: Any, window: Any) -> Any:
    press(window, Qt.Key_W, CTRL)
    wait(lambda: not window.session.is_open and idle(window))
    return window


def reopened(wait: Any, window: Any, path: Path) -> Any:
    window.open_recording(path)
    wait(lambda: window.session.complete and idle(window))
    return window
