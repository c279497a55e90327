"""What the window shows while nothing is open: how to begin."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtWidgets import QCommandLinkButton, QLabel, QPushButton, QVBoxLayout, QWidget

from .icons import app_icon

MOST_RECENT = 4


class Welcome(QWidget):
    """A large button, a hint that files can be dropped, the recordings opened last, the sample."""

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
        hint = QLabel(self.tr("Drop a recording here: audio or video, of any length."))
        privacy = QLabel(self.tr("Everything stays on this computer."))
        privacy.setForegroundRole(privacy.foregroundRole())
        self._open = QPushButton(self.tr("Open recording…"))
        self._open.setObjectName("open")
        self._open.setAutoDefault(True)
        self._open.setMinimumWidth(220)
        self._open.setMinimumHeight(40)
        self._open.clicked.connect(self.open_clicked)
        self._files = QVBoxLayout()
        self._files.setSpacing(0)
        self._sample = sample
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addStretch(2)
        for widget in (picture, title, hint, self._open):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(8)
        column.addLayout(self._files)
        column.addStretch(3)
        column.addWidget(privacy, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(8)
        self.set_recent(())

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
