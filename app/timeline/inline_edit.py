"""A small text field that lies over what it edits: the name of a lane, the text of a marker."""

from __future__ import annotations

from PyQt5.QtCore import QEvent, QRect, Qt, pyqtSignal
from PyQt5.QtGui import QFocusEvent, QKeyEvent
from PyQt5.QtWidgets import QLineEdit, QWidget

_OWN = {
    Qt.Key.Key_Escape,
    Qt.Key.Key_Return,
    Qt.Key.Key_Enter,
    Qt.Key.Key_Tab,
    Qt.Key.Key_Backtab,
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
}


class InlineEdit(QLineEdit):
    """Enter takes the text, Esc leaves it as it was, Tab and the arrows go on to another one.

    It ends with exactly one of its signals, and is gone afterwards.
    """

    done = pyqtSignal(str, int)
    """The text, and how many places to go on: 0, or 1 or -1 after Tab, Down or their reverse."""
    cancelled = pyqtSignal()

    def __init__(self, parent: QWidget, rect: QRect, text: str, name: str) -> None:
        super().__init__(text, parent)
        self._over = False
        self.setObjectName("inline")
        self.setAccessibleName(name)
        self.setGeometry(rect)
        self.selectAll()
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def event(self, event: QEvent | None) -> bool:
        if isinstance(event, QKeyEvent) and event.key() in _OWN:
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()  # Esc is also a shortcut of the window
                return True
            if event.type() == QEvent.Type.KeyPress:
                self._on_key(event.key())
                return True
        return super().event(event)

    def _on_key(self, key: int) -> None:
        if key == Qt.Key.Key_Escape:
            self._end(None)
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Down):
            self._end(1)
        elif key in (Qt.Key.Key_Backtab, Qt.Key.Key_Up):
            self._end(-1)
        else:
            self._end(0)

    def focusOutEvent(self, event: QFocusEvent | None) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (
            Qt.FocusReason.PopupFocusReason,  # its own context menu
            Qt.FocusReason.ActiveWindowFocusReason,
        ):
            self._end(0)

    def _end(self, step: int | None) -> None:
        if self._over:
            return
        self._over = True
        owner = self.parentWidget()
        had_focus = self.hasFocus()
        self.hide()
        self.deleteLater()
        if had_focus and owner is not None:
            owner.window().setFocus()
        if step is None:
            self.cancelled.emit()
        else:
            self.done.emit(self.text(), step)
