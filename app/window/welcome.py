"""What the window shows while nothing is open: how to begin."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PyQt5.QtCore import QEvent, QSize, Qt, pyqtSignal
from PyQt5.QtWidgets import (
    QCommandLinkButton,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.style.icons import app_icon, icon

MOST_RECENT = 4
SAMPLE = Path(__file__).resolve().parents[2] / "assets" / "sample.opus"
"""The recording that comes along."""


class Welcome(QWidget):
    """Two large buttons, a hint that files can be dropped, what was opened last, the sample."""

    record_clicked = pyqtSignal()
    check_clicked = pyqtSignal()
    """Show the microphones and the level first."""
    open_clicked = pyqtSignal()
    file_clicked = pyqtSignal(object)
    """A Path."""

    def __init__(self, sample: Path | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        picture = QLabel()
        picture.setPixmap(app_icon().pixmap(72, 72))
        title = QLabel(self.tr("Who speaks when?"))
        font = title.font()
        font.setPointSizeF(font.pointSizeF() * 1.9)
        title.setFont(font)
        hint = QLabel(self.tr("Record a meeting, or drop a recording here: audio or video."))
        privacy = QLabel(self.tr("Everything stays on this computer."))
        privacy.setForegroundRole(privacy.foregroundRole())
        self._record = self._button("record", self.tr("Record a meeting"))
        self._record.setToolTip(
            self.tr("Record from the microphone and see who speaks while they speak (Ctrl+R)")
        )
        self._record.clicked.connect(self.record_clicked)
        self._open = self._button("open", self.tr("Open recording…"))
        self._open.clicked.connect(self.open_clicked)
        check = QPushButton(self.tr("Choose the microphone and check its level"))
        check.setObjectName("check")
        check.setAutoDefault(True)
        check.clicked.connect(self.check_clicked)
        buttons = QHBoxLayout()
        buttons.setSpacing(16)
        buttons.addStretch(1)
        buttons.addWidget(self._record)
        buttons.addWidget(self._open)
        buttons.addStretch(1)
        self._files = QVBoxLayout()
        self._files.setSpacing(0)
        self._sample = sample
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addStretch(2)
        for widget in (picture, title, hint):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addLayout(buttons)
        column.addWidget(check, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(8)
        column.addLayout(self._files)
        column.addStretch(3)
        column.addWidget(privacy, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(8)
        self.set_recent(())

    def _button(self, name: str, text: str) -> QPushButton:
        button = QPushButton(icon(name), text)
        button.setObjectName(name)
        button.setAutoDefault(True)
        button.setMinimumSize(220, 44)
        button.setIconSize(QSize(22, 22))
        return button

    def changeEvent(self, event: QEvent | None) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_open"):
            for button in (self._record, self._open):
                button.setIcon(icon(button.objectName()))

    def set_recent(self, paths: Iterable[Path]) -> None:
        """Offer these, the newest first, and the sample."""
        while (item := self._files.takeAt(0)) is not None:
            item.widget().hide()
            item.widget().deleteLater()
        for path in list(paths)[:MOST_RECENT]:
            self._offer(path, path.name, str(path.parent))
        if self._sample is not None:
            self._offer(
                self._sample,
                self.tr("Try the sample"),
                self.tr("A short conversation of synthetic voices"),
            )

    def _offer(self, path: Path, text: str, description: str) -> None:
        button = QCommandLinkButton(text.replace("&", "&&"), description)
        button.setAutoDefault(True)
        button.setFixedWidth(420)
        button.setAccessibleName(text)
        button.setAccessibleDescription(description)
        button.clicked.connect(lambda: self.file_clicked.emit(path))
        self._files.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
