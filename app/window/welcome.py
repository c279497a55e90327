"""What the window shows while nothing is open: how to begin, and what there is to go on with."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from PyQt5.QtCore import QEvent, QSize, Qt, pyqtSignal, pyqtSlot
from PyQt5.QtWidgets import (
    QCommandLinkButton,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.home.meetings import PastMeetings
from app.style.icons import app_icon, icon
from app.widgets.workers import Worker
from core.units import axis_time, to_seconds

SAMPLE = Path(__file__).resolve().parents[2] / "assets" / "sample.opus"
"""The recording that comes along."""


class Welcome(QWidget):
    """Large buttons, a hint that files can be dropped, and the sample; the meetings of before, once
    there are any."""

    record_clicked = pyqtSignal()
    check_clicked = pyqtSignal()
    """Show the microphones and the level first."""
    open_clicked = pyqtSignal()
    folder_clicked = pyqtSignal()
    go_on_clicked = pyqtSignal()
    """Open what was open last, where it was left."""
    file_clicked = pyqtSignal(object)
    """A Path."""

    def __init__(
        self, sample: Path | None, run: Callable[[Worker], None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._picture = QLabel()
        self._picture.setPixmap(app_icon().pixmap(72, 72))
        self._title = QLabel(self.tr("Who speaks when?"))
        font = self._title.font()
        font.setPointSizeF(font.pointSizeF() * 1.9)
        self._title.setFont(font)
        hint = QLabel(self.tr("Record a meeting, or drop recordings here: audio or video."))
        hint.setWordWrap(True)
        hint.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        privacy = QLabel(self.tr("Everything stays on this computer."))
        self._large = (
            self._button("record", self.tr("Record a meeting"), self.record_clicked.emit),
            self._button("open", self.tr("Open recording…"), self.open_clicked.emit),
            self._button("open_folder", self.tr("Open folder…"), self.folder_clicked.emit),
        )
        self._large[0].setToolTip(
            self.tr("Record from the microphone and see who speaks while they speak (Ctrl+R)")
        )
        self._large[2].setToolTip(
            self.tr("Find out who speaks when in all recordings of a folder (Ctrl+Shift+O)")
        )
        check = QPushButton(self.tr("Choose the microphone and check its level"))
        check.setObjectName("check")
        check.setAutoDefault(True)
        check.clicked.connect(self.check_clicked)
        buttons, others = QHBoxLayout(), QHBoxLayout()
        buttons.setSpacing(12)
        self._go_on = self._link("go_on", "", "", self.go_on_clicked.emit)
        self._sample = self._link(
            "sample",
            self.tr("Try the sample"),
            self.tr("A short conversation of synthetic voices"),
            lambda: self.file_clicked.emit(sample),
        )
        self._sample.setVisible(sample is not None)
        for row, widgets in ((buttons, self._large), (others, (self._go_on, self._sample))):
            row.addStretch(1)
            for widget in widgets:
                row.addWidget(widget, 2)
            row.addStretch(1)
        self.meetings = PastMeetings(run)
        self.meetings.chosen.connect(self.file_clicked)
        self.meetings.filled.connect(self._make_room)
        column = self._column = QVBoxLayout(self)
        column.setSpacing(12)
        column.setContentsMargins(12, 12, 12, 8)
        column.addStretch(2)
        for widget in (self._picture, self._title):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(hint)
        column.addLayout(buttons)
        column.addWidget(check, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addLayout(others)
        column.addWidget(self.meetings, 1)
        column.addStretch(3)
        column.addWidget(privacy, 0, Qt.AlignmentFlag.AlignHCenter)
        self._make_room(False)

    def _button(self, name: str, text: str, clicked: Callable[[], None]) -> QPushButton:
        button = QPushButton(icon(name.partition("_")[0]), text)
        button.setObjectName(name)
        button.setAutoDefault(True)
        button.setMinimumHeight(44)
        button.setMaximumWidth(260)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        button.setIconSize(QSize(22, 22))
        button.clicked.connect(lambda: clicked())
        return button

    def _link(
        self, name: str, text: str, description: str, clicked: Callable[[], None]
    ) -> QCommandLinkButton:
        button = QCommandLinkButton(text, description)
        button.setObjectName(name)
        button.setAutoDefault(True)
        button.setMinimumWidth(200)
        button.setMaximumWidth(420)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        button.setAccessibleName(text)
        button.setAccessibleDescription(description)
        button.clicked.connect(lambda: clicked())
        return button

    def changeEvent(self, event: QEvent | None) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_large"):
            for button in self._large:
                button.setIcon(icon(button.objectName().partition("_")[0]))

    @pyqtSlot(bool)
    def _make_room(self, meetings: bool) -> None:
        """The list of meetings takes the room in which the first time has a picture."""
        for widget in (self._picture, self._title):
            widget.setVisible(not meetings)
        self.meetings.setVisible(meetings)
        for n in range(self._column.count()):
            if self._column.itemAt(n).spacerItem() is not None:
                self._column.setStretch(n, 0 if meetings else 2)

    def offer(self, left: tuple[Path, int] | None, folders: Iterable[Path], *, some: bool) -> None:
        """Show what was left at a sample, and the folders opened last; ``some`` meetings are
        expected."""
        self._go_on.setVisible(left is not None)
        if left is not None:
            path, at = left
            text = self.tr("Go on with {}").format(path.name)
            self._go_on.setText(text.replace("&", "&&"))
            self._go_on.setDescription(self.tr("at {}").format(axis_time(to_seconds(at))))
            self._go_on.setAccessibleName(text)
            self._go_on.setAccessibleDescription(self._go_on.description())
        self.meetings.show_folders(folders)
        if some:
            self._make_room(True)
