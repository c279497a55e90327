"""The meetings of before as a list that can be searched."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PyQt5.QtCore import QAbstractListModel, QDate, QDateTime, QLocale, QModelIndex, QObject, Qt

from app.panels.speakers_model import brief
from app.style.wording import called
from app.widgets.tables import SHOWN

if TYPE_CHECKING:
    from core.meeting.summary import MeetingSummary

SUMMARY = int(Qt.ItemDataRole.UserRole)
"""The role that gives a row's :class:`~core.meeting.summary.MeetingSummary`."""


class MeetingsModel(QAbstractListModel):
    """A row for each meeting that the search leaves, the latest first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.all: list[MeetingSummary] = []
        self.rows: list[MeetingSummary] = []
        self._words: list[str] = []

    def show(self, meetings: Iterable[MeetingSummary]) -> None:
        """List these."""
        found = sorted(meetings, key=lambda one: (-one.at, one.name))
        if found != self.all:
            self.all = found
            self._choose()

    def search(self, text: str) -> None:
        """Leave those that have every word of it in their name, folder or speakers' names."""
        words = text.casefold().split()
        if words != self._words:
            self._words = words
            self._choose()

    def _choose(self) -> None:
        self.beginResetModel()
        self.rows = [one for one in self.all if self._is_wanted(one)]
        self.endResetModel()

    def _is_wanted(self, one: MeetingSummary) -> bool:
        if not self._words:
            return True
        files = [str(path) for path in (one.path, one.recording) if path is not None]
        heap = " ".join([one.name, *files, *map(called, one.speakers)]).casefold()
        return all(word in heap for word in self._words)

    def row_of(self, path: Path | None) -> int | None:
        """Where a meeting stands."""
        return next((n for n, one in enumerate(self.rows) if one.path == path), None)

    # what stands in a row

    def who(self, one: MeetingSummary) -> str:
        """Its speakers, or why there are none."""
        if one.problem:
            return self.tr("This file can't be read")
        if one.path == one.recording:
            return self.tr("Not saved yet")
        names = ", ".join(map(called, one.speakers)) or self.tr("Nobody speaks")
        return names if one.recording is not None else self.tr("Sound not found: {}").format(names)

    def length(self, one: MeetingSummary) -> str:
        """How long it is."""
        return brief(one.duration) if one.duration is not None else ""

    def when(self, one: MeetingSummary) -> str:
        """The day, in a word where it is near, and the time of the day."""
        if not one.at:
            return ""
        at = QDateTime.fromSecsSinceEpoch(int(one.at))
        locale, form = QLocale(), QLocale.FormatType.ShortFormat
        days = at.date().daysTo(QDate.currentDate())
        near = {0: self.tr("Today"), 1: self.tr("Yesterday")}
        return f"{near.get(days) or locale.toString(at.date(), form)}, {at.toString('HH:mm')}"

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        one = self.rows[index.row()]
        if role == SUMMARY:
            return one
        if role == Qt.ItemDataRole.DisplayRole:
            return one.name
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(filter(None, (str(one.path), one.problem)))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            parts = (one.name, self.when(one), self.length(one), self.who(one))
            return ", ".join(filter(None, parts))
        return None

    def flags(self, index: QModelIndex) -> Qt.ItemFlags:
        return SHOWN

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)
