"""The analyses that are kept: whether any are, which they are, and how they go."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PyQt5.QtCore import QLocale, pyqtSlot
from PyQt5.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.style.wording import decimal

if TYPE_CHECKING:
    from app.preferences import Preferences

LINES = 4


class KeptAnalysesBox(QWidget):
    """A box to tick, the list, and a button that empties it."""

    def __init__(self, preferences: Preferences) -> None:
        super().__init__()
        self._preferences = preferences
        self.keep = QCheckBox(self.tr("Keep &analyses, so that a recording opens at once again"))
        self.keep.toggled.connect(self._on_keep)
        self.list = QListWidget()
        self.list.setObjectName("analyses")
        self.list.setAccessibleName(self.tr("Analyses that are kept"))
        self.list.setFixedHeight(LINES * (self.fontMetrics().height() + 4))
        self.told = QLabel()
        self.clear = QPushButton(self.tr("&Remove all"))
        self.clear.setObjectName("clear_analyses")
        self.clear.setAutoDefault(False)
        self.clear.clicked.connect(self._on_clear)
        row = QHBoxLayout()
        row.addWidget(self.told)
        row.addStretch(1)
        row.addWidget(self.clear)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for part in (self.keep, self.list):
            column.addWidget(part)
        column.addLayout(row)
        preferences.changed.connect(self.refresh)
        self.refresh()

    @pyqtSlot()
    def refresh(self) -> None:
        """Show what there is."""
        from core.meeting.analyses import KeptAnalyses

        self.keep.setChecked(self._preferences.keep_analyses)
        self.list.clear()
        entries = KeptAnalyses().entries()
        for entry in entries:
            date = QLocale().toString(
                datetime.fromtimestamp(entry.at), QLocale.FormatType.ShortFormat
            )
            QListWidgetItem(f"{entry.name} \N{EN DASH} {date}", self.list)
        size = decimal(sum(entry.size for entry in entries) / 1e6)
        text = self.tr("{} kept, {} MB") if entries else self.tr("None kept")
        self.told.setText(text.format(len(entries), size))
        self.clear.setEnabled(bool(entries))

    @pyqtSlot(bool)
    def _on_keep(self, on: bool) -> None:
        self._preferences.keep_analyses = on

    @pyqtSlot()
    def _on_clear(self) -> None:
        from core.meeting.analyses import KeptAnalyses

        KeptAnalyses().clear()
        self.refresh()
