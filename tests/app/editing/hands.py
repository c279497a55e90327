"""What a person does to the timeline, and what it shows of turns."""

from __future__ import annotations

from typing import Any

from PyQt5.QtCore import QEvent, QPoint, QPointF, Qt
from PyQt5.QtGui import QMouseEvent
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QMenu,
    QWidget,
)

from core.units import SAMPLE_RATE as S

CTRL, ALT, SHIFT, NONE = Qt.ControlModifier, Qt.AltModifier, Qt.ShiftModifier, Qt.NoModifier


LEFT = Qt.LeftButton


def press(window: Any, *keys: int, modifier: Any = NONE) -> None:
    """Keys where the keyboard is."""
    for key in keys:
        QTest.keyClick(QApplication.focusWidget() or window, key, modifier)


def spans(window: Any) -> list[tuple[float, float, int]]:
    """All turns as (start, end, speaker), in seconds."""
    return [(t.start / S, t.end / S, t.speaker) for t in window.session.annotation.turns]


def messages(window: Any) -> list[str]:
    return [n.findChild(QLabel).text() for n in window.notices.notices]


def place(window: Any, seconds: float, lane: int | None = None) -> QPoint:
    """The point of the canvas where a time is, in a lane or in the waveform."""
    canvas = window.timeline.canvas
    heights = canvas.heights
    y = heights.axis + heights.wave * 0.8
    if lane is not None:
        y = heights.lanes_top + (lane + 0.5) * heights.lane
    return QPoint(round(canvas.x(seconds)), round(y))


def click(window: Any, seconds: float, lane: int | None = None, modifier: Any = NONE) -> None:
    where = place(window, seconds, lane)
    QTest.mouseClick(window.timeline.canvas.viewport(), LEFT, modifier, where)


def move(widget: QWidget, where: QPoint, modifier: Any = NONE) -> None:
    # QTest's own move says that no button is down
    event = QMouseEvent(QEvent.MouseMove, QPointF(where), Qt.NoButton, LEFT, modifier)
    QApplication.sendEvent(widget, event)


def drag_widget(widget: QWidget, start: QPoint, end: QPoint, modifier: Any = NONE) -> None:
    QTest.mousePress(widget, LEFT, modifier, start)
    for share in (0.2, 0.6, 1.0):
        move(widget, start + (end - start) * share, modifier)
    QTest.mouseRelease(widget, LEFT, modifier, end)


def drag(
    window: Any,
    start: tuple[float, int | None],
    end: tuple[float, int | None],
    modifier: Any = NONE,
) -> None:
    viewport = window.timeline.canvas.viewport()
    drag_widget(viewport, place(window, *start), place(window, *end), modifier)


def field(window: Any) -> QLineEdit:
    """The text field that has the keyboard."""
    found = [f for f in window.findChildren(QLineEdit, "inline") if f.isVisible()]
    assert len(found) == 1
    return found[0]


def shown_menu(window: Any) -> QMenu:
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def texts(menu: QMenu) -> list[str]:
    return [a.text().replace("&", "") for a in menu.actions() if not a.isSeparator()]


def field_visible(window: Any) -> bool:
    return any(f.isVisible() for f in window.findChildren(QLineEdit, "inline"))


def name_spot(window: Any, n: int, down: float = 0.5) -> QPoint:
    rect = window.timeline.names.name_rect(n)
    return QPoint(40, round(rect.top() + rect.height() * down))


def order(window: Any) -> list[int]:
    return [s.id for s in window.session.annotation.speakers]
