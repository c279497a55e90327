"""Which keys belong to the control that has the focus rather than to the window's shortcuts."""

from __future__ import annotations

from PyQt5.QtCore import QEvent, QObject, Qt
from PyQt5.QtGui import QKeyEvent
from PyQt5.QtWidgets import QAbstractItemView, QAbstractSlider, QComboBox, QToolButton, QWidget

_ARROWS = {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right}
_PAGES = {Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}
_ENTER = {Qt.Key.Key_Return, Qt.Key.Key_Enter}
_VIEW = _ARROWS | _PAGES | _ENTER | {Qt.Key.Key_F2}
_PLAIN = Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier


class OwnKeys(QObject):
    """Keeps the keys that tables, lists and boxes need from the shortcuts of the window.

    Arrows and paging move within a table, box or slider, F2 edits, Ctrl+A selects all rows, Enter
    presses a tool button. Space, letters and digits stay shortcuts: Space plays wherever one is.
    """

    def claim(self, *widgets: QWidget) -> None:
        """Watch these."""
        for widget in widgets:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride and _wanted(watched, event):
                event.accept()
                return True
            pressed = event.type() == QEvent.Type.KeyPress and event.key() in _ENTER
            if pressed and isinstance(watched, QToolButton):
                watched.click()
                return True
        return super().eventFilter(watched, event)


def _wanted(watched: QObject | None, event: QKeyEvent) -> bool:
    key, plain = event.key(), not event.modifiers() & ~_PLAIN
    if isinstance(watched, QAbstractItemView):
        if event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            return key == Qt.Key.Key_A
        return plain and key in _VIEW
    if isinstance(watched, QComboBox | QAbstractSlider):
        return plain and key in _ARROWS | _PAGES
    return isinstance(watched, QToolButton) and plain and key in _ENTER
