"""The one place where a problem reaches the person: what happened, what to do, details to copy.

A notice never takes the keyboard and never blocks; it stays until it is dismissed or, unless it
is a general one, until another recording is open.
"""

from __future__ import annotations

import logging
import platform
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field

from PyQt5.QtCore import PYQT_VERSION_STR, QT_VERSION_STR, Qt, pyqtSlot
from PyQt5.QtGui import QGuiApplication
from PyQt5.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.startup import describe
from app.style.icons import icon
from core.errors import VoicelanesError
from core.version import described

log = logging.getLogger("voicelanes")

MOST = 4
"""Notices on screen at once; the oldest goes first, so that a flood never hides the lanes."""


@dataclass(frozen=True)
class Way:
    """A way out, as a button: pressing it also dismisses the notice."""

    label: str
    run: Callable[[], None]


@dataclass(frozen=True)
class Problem:
    """What a notice says.

    Attributes:
        message: one line: what happened and what to do.
        details: for whoever helps; copied together with the message, not shown.
        severe: something failed, as against something to know.
        ways: what can be done about it, the best first.
        general: not about the recording that is open, so it stays when another one is.
        key: names a state that lasts: a newer problem with it takes the place of an older one, and
            :meth:`NoticeArea.withdraw` takes it away.
    """

    message: str
    details: str = ""
    severe: bool = True
    ways: tuple[Way, ...] = field(default=(), compare=False)
    key: str = ""
    general: bool = False

    @classmethod
    def of(cls, error: BaseException) -> Problem:
        """An expected error is its own line; anything else is a defect of ours, with traceback."""
        if isinstance(error, VoicelanesError):
            return cls(str(error))
        name = type(error).__name__
        return cls(
            f"Something went wrong inside Voicelanes ({name}): your recording is untouched. "
            "Copy the details into a report.",
            "".join(traceback.format_exception(type(error), error, error.__traceback__)),
            general=True,
        )


class Notice(QFrame):
    """One problem with its buttons."""

    def __init__(self, problem: Problem, parent: QWidget) -> None:
        super().__init__(parent)
        self.problem = problem
        self.count = 1
        self.setObjectName("severe" if problem.severe else "mild")
        self.setStyleSheet(
            "QFrame#severe, QFrame#mild { background: palette(base); border-left: 6px solid }"
            "QFrame#severe { border-left-color: #D55E00 }"
            "QFrame#mild { border-left-color: #0072B2 }"
        )
        self._text = QLabel(problem.message)
        self._text.setWordWrap(True)
        # never rich text: a file may be named <b>
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setSizePolicy(QSizePolicy.Expanding, QSizePolicy.Preferred)
        self._copy = QPushButton(icon("copy"), self.tr("Copy details"))
        self._copy.setObjectName("copy")
        self._copy.setToolTip(self.tr("Copy this message, the technical details and the versions"))
        self._copy.clicked.connect(self._copy_details)
        self._dismiss = QToolButton()
        self._dismiss.setObjectName("dismiss")
        self._dismiss.setIcon(icon("dismiss"))
        self._dismiss.setAutoRaise(True)
        self._dismiss.setToolTip(self.tr("Dismiss"))
        self._dismiss.setAccessibleName(self.tr("Dismiss this notice"))
        self._dismiss.clicked.connect(self.remove)
        for button in (self._copy, self._dismiss):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._copy.setAutoDefault(True)  # Enter presses it; Space plays
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 5, 6, 5)
        row.addWidget(self._text, 1)
        for way in problem.ways:
            row.addWidget(self._button(way))
        row.addWidget(self._copy)
        row.addWidget(self._dismiss)
        self._name()

    def _button(self, way: Way) -> QPushButton:
        button = QPushButton(way.label)
        button.setObjectName("way")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAutoDefault(True)
        button.clicked.connect(self.remove)
        button.clicked.connect(lambda: way.run())
        return button

    def again(self) -> None:
        """The same happened once more."""
        self.count += 1
        self._text.setText(f"{self.problem.message} ({self.count}×)")
        self._name()

    def _name(self) -> None:
        self.setAccessibleName(self._text.text())

    def _copy_details(self) -> None:
        QGuiApplication.clipboard().setText(details(self.problem))

    @pyqtSlot()
    def remove(self) -> None:
        """Take it off the screen."""
        self.setParent(None)
        self.deleteLater()


class NoticeArea(QWidget):
    """The stack of notices; takes no room while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Notices"))
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(1)

    @property
    def notices(self) -> list[Notice]:
        """What is on screen, the oldest first."""
        return self.findChildren(Notice, options=Qt.FindChildOption.FindDirectChildrenOnly)

    @pyqtSlot(object)
    def show_problem(self, problem: Problem) -> None:
        """Show it, or count it if it is there already."""
        for notice in self.notices:
            if notice.problem.message == problem.message and not problem.key:
                notice.again()
                return
        if problem.key:
            self.withdraw(problem.key)
        # the oldest goes, a state that lasts only if there is nothing else
        dispensable = sorted(self.notices, key=lambda notice: bool(notice.problem.key))
        for notice in dispensable[: max(0, len(dispensable) - MOST + 1)]:
            notice.remove()
        notice = Notice(problem, self)
        self._rows.addWidget(notice)

    @pyqtSlot(object)
    def show_error(self, error: BaseException) -> None:
        """Show what an exception means for the person, and log the unexpected."""
        if not isinstance(error, VoicelanesError):
            log.error("failed: %s", describe(type(error), error.__traceback__))
        self.show_problem(Problem.of(error))

    @pyqtSlot(object)
    def show_caught(self, error: BaseException) -> None:
        """Show an exception that is in the log already."""
        self.show_problem(Problem.of(error))

    def tell(self, message: str, *, general: bool = False) -> None:
        """Something to know that is no failure."""
        self.show_problem(Problem(message, severe=False, general=general))

    @pyqtSlot(str)
    def tell_failure(self, message: str) -> None:
        """Something failed, said in one line."""
        self.show_problem(Problem(message))

    def withdraw(self, key: str) -> None:
        """What this problem was about is no longer so."""
        for notice in self.notices:
            if notice.problem.key == key:
                notice.remove()

    @pyqtSlot()
    def clear(self) -> None:
        """Another recording is open, or none: what was about the one before goes with it."""
        for notice in self.notices:
            if not notice.problem.general:
                notice.remove()


def details(problem: Problem) -> str:
    """The text that "Copy details" copies."""
    return "\n".join(
        [
            problem.message,
            "",
            f"Voicelanes {described()}, Python {platform.python_version()}, "
            f"Qt {QT_VERSION_STR}, PyQt {PYQT_VERSION_STR}, {platform.platform()}",
            "",
            problem.details,
        ]
    ).rstrip()
