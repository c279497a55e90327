"""The speakers and their numbers as a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PyQt5.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, pyqtSignal

from app.style.marks import Mark
from app.style.palette import SpeakerStyle, chip, speaker_style
from app.style.wording import called, decimal
from app.widgets.tables import EDITABLE, RIGHT, SHOWN
from core.annotation.statistics import SpeakerStatistics, statistics
from core.annotation.values import Annotation, Speaker
from core.units import SAMPLE_RATE, clock, to_seconds

NAME, TALK, SHARE, TURNS, LONGEST, INTERRUPTIONS, OVERLAP, BACKCHANNELS = COLUMNS = range(8)


class SpeakersModel(QAbstractTableModel):
    """One row per speaker, in the order of the lanes."""

    named = pyqtSignal(int, str)
    """The person wrote this name for the speaker with this id."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[SpeakerStatistics, ...] = ()
        self._styles: list[SpeakerStyle] = []
        self._marks: Mapping[int, Mark] = {}
        self._flagged: dict[int, str] = {}

    def show(self, annotation: Annotation, marks: Mapping[int, Mark]) -> None:
        """Take the numbers of this annotation; rows keep their place where speakers do."""
        rows = statistics(annotation)
        known, self._marks = self._marks, marks
        before, self._styles = self._styles, [speaker_style(r.speaker) for r in rows]
        if [r.speaker.id for r in rows] != [r.speaker.id for r in self.rows]:
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()
        elif rows != self.rows or before != self._styles or known != marks:
            self.rows = rows
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, COLUMNS[-1]))

    def flag(self, lines: dict[int, str]) -> None:
        """Mark these speakers, by id, each with a line that says why."""
        before, self._flagged = self._flagged, lines
        if lines != before and self.rows:
            self.dataChanged.emit(self.index(0, NAME), self.index(len(self.rows) - 1, NAME))

    def speaker(self, row: int) -> Speaker | None:
        return self.rows[row].speaker if 0 <= row < len(self.rows) else None

    def row(self, speaker: int) -> int | None:
        """Where a speaker stands."""
        return next((n for n, r in enumerate(self.rows) if r.speaker.id == speaker), None)

    def titles(self) -> tuple[str, ...]:
        """The names of the columns, in full."""
        return (
            self.tr("Name"),
            self.tr("Talk time"),
            self.tr("Share of the talk time"),
            self.tr("Turns"),
            self.tr("Longest turn"),
            self.tr("Interruptions of others"),
            self.tr("Overlap with others"),
            self.tr("Back-channels inside others' turns"),
        )

    def headings(self) -> tuple[str, ...]:
        """The same as short as a narrow panel wants them."""
        return (
            self.tr("Name"),
            self.tr("Talk"),
            self.tr("Share"),
            self.tr("Turns"),
            self.tr("Longest"),
            self.tr("Interruptions"),
            self.tr("Overlap"),
            self.tr("Back-channels"),
        )

    def value(self, row: int, column: int) -> float:
        """A number of a speaker: seconds, a share from 0 to 1, or a count."""
        r = self.rows[row]
        return {
            TALK: to_seconds(r.talk_time),
            SHARE: r.share,
            TURNS: float(r.turns),
            LONGEST: to_seconds(r.longest),
            INTERRUPTIONS: float(r.interruptions),
            OVERLAP: r.overlap_share,
            BACKCHANNELS: float(r.backchannels),
        }[column]

    def cell(self, row: int, column: int) -> str:
        """What stands there."""
        r = self.rows[row]
        if column == NAME:
            mark = self._marks.get(r.speaker.id)
            return called(r.speaker) if mark is None else f"{mark.label}  {mark.sure}"
        if column in (TALK, LONGEST):
            return brief(r.talk_time if column == TALK else r.longest)
        if column in (SHARE, OVERLAP):
            return self.tr("{} %").format(round(self.value(row, column) * 100))
        return str(round(self.value(row, column)))

    # the model of the view

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return self.headings()[section]
            if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
                return self.titles()[section]
        return None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        row, column = index.row(), index.column()
        speaker = self.rows[row].speaker
        flag = self._flagged.get(speaker.id, "") if column == NAME else ""
        if role == Qt.ItemDataRole.DisplayRole:
            return self.cell(row, column) + (" \N{BLACK FLAG}" if flag else "")
        if role == Qt.ItemDataRole.EditRole:
            return speaker.name if column == NAME else self.cell(row, column)
        if role == Qt.ItemDataRole.DecorationRole and column == NAME:
            return chip(speaker_style(speaker))
        if role == Qt.ItemDataRole.TextAlignmentRole and column != NAME:
            return RIGHT
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            said = f"{self.titles()[column]}: {index.data()}"
            if column == INTERRUPTIONS:  # a narrow panel has no room for both
                said += f"\n{self.titles()[BACKCHANNELS]}: {self.cell(row, BACKCHANNELS)}"
            mark = self._marks.get(speaker.id) if column == NAME else None
            if mark is not None:
                said = f"{said} ({mark.words})"
            return f"{said}\n{flag}" if flag else said
        return None

    def flags(self, index: QModelIndex) -> Qt.ItemFlags:
        return EDITABLE if index.column() == NAME else SHOWN

    def setData(self, index: QModelIndex, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        speaker = self.speaker(index.row())
        if role != Qt.ItemDataRole.EditRole or speaker is None:
            return False
        name = " ".join(str(value).split())
        if name != speaker.name:
            self.named.emit(speaker.id, name)
        return True


def brief(samples: int) -> str:
    """A length as short as it can be told: ``9.4 s``, ``12:05`` or ``1:02:03``.

    >>> brief(150_400), brief(725 * 16_000), brief(3723 * 16_000)
    ('9.4 s', '12:05', '1:02:03')
    """
    if samples < 60 * SAMPLE_RATE:
        return f"{decimal(int(samples / SAMPLE_RATE * 10) / 10)} s"
    return clock(samples, hours=samples >= 3600 * SAMPLE_RATE).partition(".")[0]
