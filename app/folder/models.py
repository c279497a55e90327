"""The recordings of a folder, and the places where one voice speaks, as tables."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from PyQt5.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from app.panels.speakers_model import brief
from app.widgets.tables import RIGHT, SHOWN
from core.units import to_samples

if TYPE_CHECKING:
    from core.archive.finding import Recording
    from core.archive.results import Record
    from core.archive.tables import Linked

RowState = Literal["waiting", "working", "done", "unchanged", "failed"]


@dataclass(frozen=True)
class RecordingRow:
    """A recording, and how far it is.

    Attributes
    ----------
    fraction
        From 0 to 1, while it is worked on.
    record
        What came of it, once something has.
    """

    recording: Recording
    state: RowState = "waiting"
    fraction: float = 0.0
    record: Record | None = None


class _Table(QAbstractTableModel):
    """Cells of text that can't be edited: what both tables are."""

    _numbers: tuple[int, ...] = ()
    """Columns that are set at the right."""

    def titles(self) -> tuple[str, ...]:
        """The names of the columns."""
        raise NotImplementedError

    def cell(self, row: int, column: int) -> str:
        """What stands there."""
        raise NotImplementedError

    def columnCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.titles())

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return self.titles()[section]

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = index.row(), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self.cell(row, column)
        if role == Qt.ItemDataRole.TextAlignmentRole and column in self._numbers:
            return RIGHT
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{self.titles()[column]}: {self.cell(row, column)}"
        return None

    def flags(self, index: QModelIndex) -> Qt.ItemFlags:
        return SHOWN


class RecordingsModel(_Table):
    """A row for each recording of the folder, in order of their names."""

    NAME, LENGTH, SPEAKERS, STATE = range(4)
    _numbers = (LENGTH, SPEAKERS)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[RecordingRow] = []
        self._folder = Path()
        self._at: dict[str, int] = {}
        self._working: set[str] = set()

    def show(self, folder: Path, rows: Sequence[RecordingRow]) -> None:
        """Begin anew with these."""
        self.beginResetModel()
        self._folder = folder
        self.rows = sorted(rows, key=lambda row: self.name(row.recording))
        self._at = {row.recording.folder: n for n, row in enumerate(self.rows)}
        self._working = set()
        self.endResetModel()

    def take(self, records: Sequence[Record], fractions: Mapping[str, float]) -> None:
        """Some are done, and these are worked on."""
        changed: dict[str, RecordingRow] = {}
        for folder in self._working - fractions.keys():  # or its process died: it will begin again
            changed[folder] = replace(self.rows[self._at[folder]], state="waiting", fraction=0.0)
        for folder, fraction in fractions.items():
            row = self.rows[self._at[folder]]
            changed[folder] = replace(row, state="working", fraction=fraction)
        for record in records:
            state: RowState = "failed" if record.failed else "done"
            changed[record.recording.folder] = RecordingRow(record.recording, state, record=record)
        self._working = set(fractions)
        for folder, row in changed.items():
            n = self._at[folder]
            self.rows[n] = row
            self.dataChanged.emit(self.index(n, 0), self.index(n, self.STATE))

    def halt(self) -> None:
        """Nothing is worked on any more."""
        self.take((), {})

    def count(self, *states: RowState) -> int:
        """How many are in one of these states."""
        return sum(row.state in states for row in self.rows)

    def row_of(self, path: Path | None) -> int | None:
        """Where a recording stands."""
        return next((n for n, r in enumerate(self.rows) if Path(r.recording.source) == path), None)

    def name(self, recording: Recording) -> str:
        """From the folder on."""
        try:
            return os.path.relpath(recording.source, self._folder)
        except ValueError:  # on another drive
            return recording.source

    def titles(self) -> tuple[str, ...]:
        return (
            self.tr("Recording"),
            self.tr("Length"),
            self.tr("Speakers"),
            self.tr("State"),
        )

    def cell(self, row: int, column: int) -> str:
        r = self.rows[row]
        if column == self.NAME:
            return self.name(r.recording)
        if column == self.STATE:
            return self._state(r)
        if r.record is None or r.record.failed:
            return "–"
        if column == self.LENGTH:
            return brief(to_samples(r.record.duration))
        return str(len(r.record.speakers))

    def _state(self, row: RecordingRow) -> str:
        if row.state == "working":
            return self.tr("Working, {} %").format(int(row.fraction * 100))
        if row.state == "failed":
            return self.tr("Failed: {}").format(self._reason(row))
        return {
            "waiting": self.tr("Waiting"),
            "done": self.tr("Done"),
            "unchanged": self.tr("Unchanged"),
        }[row.state]

    def _reason(self, row: RecordingRow) -> str:
        """Without the name, which the row has already."""
        reason = row.record.reason if row.record else ""
        name = os.path.basename(row.recording.source)
        return reason.replace(row.recording.source, name).removeprefix(f"{name}: ")

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)


class VoiceModel(_Table):
    """A row for each recording in which a voice speaks."""

    NAME, SPEAKER, TIME, TURNS = range(4)
    _numbers = (TIME, TURNS)

    def __init__(self, recordings: RecordingsModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._recordings = recordings
        self.rows: list[Linked] = []

    def show(self, rows: Sequence[Linked]) -> None:
        """Begin anew with these."""
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def titles(self) -> tuple[str, ...]:
        return (
            self.tr("Recording"),
            self.tr("Speaker there"),
            self.tr("Talk time"),
            self.tr("Turns"),
        )

    def cell(self, row: int, column: int) -> str:
        r = self.rows[row]
        return {
            self.NAME: self._recordings.name(r.record.recording),
            self.SPEAKER: r.spoken.label,
            self.TIME: brief(to_samples(r.spoken.seconds)),
            self.TURNS: str(r.spoken.turns),
        }[column]

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)
