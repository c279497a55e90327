"""A tour of two minutes on the sample: what can be done with what one sees, step by step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PyQt5.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QEvent, QObject, QPoint, Qt, pyqtSlot
from PyQt5.QtGui import QKeyEvent
from PyQt5.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

if TYPE_CHECKING:
    from app.session import Session
    from app.widgets.host import Host

STEPS: tuple[tuple[str, str], ...] = (
    (
        QT_TRANSLATE_NOOP(
            "Tour",
            "Each lane is a speaker, each block a turn; above it the sound, in the colours of "
            "whoever speaks. Click to go somewhere, Space plays, the wheel scrolls, Ctrl+wheel "
            "zooms.",
        ),
        "lanes",
    ),
    (
        QT_TRANSLATE_NOOP(
            "Tour",
            "Double-click a name to type who it is. Drag a name onto another one if both are the "
            "same person; M and S beside it mute a voice, or play it alone.",
        ),
        "names",
    ),
    (
        QT_TRANSLATE_NOOP(
            "Tour",
            "A turn of the wrong speaker? Click it and press the number of the right lane: 1, 2, "
            "3 … and 0 for somebody new. Ctrl+Z takes anything back.",
        ),
        "lanes",
    ),
    (
        QT_TRANSLATE_NOOP(
            "Tour",
            "More or fewer speakers than were found? Say how many here, and see at once what "
            "would change. D goes to the next turn that is worth a look.",
        ),
        "count",
    ),
    (
        QT_TRANSLATE_NOOP(
            "Tour",
            "Who speaks how much, all turns as a table, what is said, markers, and how alike the "
            "voices are: each in a tab. Ctrl+F finds.",
        ),
        "panels",
    ),
    (
        QT_TRANSLATE_NOOP(
            "Tour",
            "Ctrl+S keeps all of it beside the recording; Ctrl+Shift+E writes it for other "
            "programs, or as a page that plays every turn. Ctrl+R records a meeting of your own.",
        ),
        "tools",
    ),
)
"""What is said, and in front of which part of the window."""


class Tour(QObject):
    """Shows a balloon per step; Esc or Skip ends it at any time."""

    def __init__(
        self,
        session: Session,
        open_sample: Callable[[], None],
        parts: Mapping[str, QWidget],
        host: Host,
    ) -> None:
        super().__init__(host.window)
        self._session, self._open_sample = session, open_sample
        self.parts = dict(parts)
        self._window = host.window
        self.balloon: Balloon | None = None
        self.step = -1

    def start(self) -> None:
        """From the first step; on the sample, if nothing is open."""
        if not self._session.is_open:
            self._session.recording_changed.connect(self._on_open)
            self._open_sample()
        else:
            self.go(0)

    @pyqtSlot()
    def _on_open(self) -> None:
        self._session.recording_changed.disconnect(self._on_open)
        if self._session.is_open:
            self.go(0)

    def go(self, step: int) -> None:
        """To a step; the one after the last ends it."""
        if self.balloon is None:
            self.balloon = Balloon(self._window)
            self.balloon.next.clicked.connect(lambda: self.go(self.step + 1))
            self.balloon.back.clicked.connect(lambda: self.go(self.step - 1))
            self.balloon.skip.clicked.connect(self.end)
        if not 0 <= step < len(STEPS):
            self.end()
            return
        self.step = step
        text, place = STEPS[step]
        self.balloon.say(QCoreApplication.translate("Tour", text), step, len(STEPS))
        self.balloon.stand_by(self.parts[place])

    @pyqtSlot()
    def end(self) -> None:
        """Away with it; it can be started again."""
        if self.balloon is not None:
            self.balloon.hide()
            self.balloon.deleteLater()
            self.balloon = None
            self.parts["lanes"].setFocus()
        self.step = -1


class Balloon(QFrame):
    """A text with Back, Next and Skip, in front of what it is about."""

    WIDTH = 380

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("balloon")
        self.setStyleSheet(
            "QFrame#balloon { background: palette(base); border: 2px solid palette(highlight);"
            " border-radius: 6px }"
        )
        self.setFixedWidth(self.WIDTH)
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.back = QPushButton(self.tr("Back"))
        self.next = QPushButton(self.tr("Next"))
        self.skip = QPushButton(self.tr("Skip the tour"))
        row = QHBoxLayout()
        row.addWidget(self.skip)
        row.addStretch(1)
        for button in (self.back, self.next):
            row.addWidget(button)
        for button in (self.skip, self.back, self.next):
            button.setAutoDefault(True)
        column = QVBoxLayout(self)
        column.addWidget(self.text)
        column.addLayout(row)

    def say(self, text: str, step: int, steps: int) -> None:
        """Show the text of a step."""
        self.text.setText(f"{step + 1}/{steps}  {text}")
        self.setAccessibleName(text)
        self.back.setEnabled(step > 0)
        last = step == steps - 1
        self.next.setText(self.tr("Done") if last else self.tr("Next"))
        self.skip.setVisible(not last)

    def stand_by(self, widget: QWidget) -> None:
        """In the middle of a widget, within the window."""
        window = self.parentWidget()
        self.adjustSize()
        middle = widget.mapTo(window, widget.rect().center()) - self.rect().center()
        left = min(max(middle.x(), 8), window.width() - self.width() - 8)
        top = min(max(middle.y(), 8), window.height() - self.height() - 8)
        self.move(QPoint(left, top))
        self.show()
        self.raise_()
        self.next.setFocus()

    def event(self, event: QEvent | None) -> bool:
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()  # Esc is also a shortcut of the window
                return True
            if event.type() == QEvent.Type.KeyPress:
                self.skip.click()
                return True
        return super().event(event)
