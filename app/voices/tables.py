"""The remembered voices, and the samples of one of them, as tables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PyQt5.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, pyqtSignal

from app.panels.speakers_model import brief
from app.style.wording import decimal
from app.widgets.tables import EDITABLE, RIGHT, SHOWN
from core.units import clock, to_samples

if TYPE_CHECKING:
    from core.voices.book import Sample, Voice


class Rows(QAbstractTableModel):
    """A table of texts; a subclass says which."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cells: list[tuple[str, ...]] = []

    def headings(self) -> tuple[str, ...]:
        raise NotImplementedError

    def _set(self, cells: list[tuple[str, ...]]) -> None:
        self.beginResetModel()
        self._cells = cells
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._cells)

    def columnCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.headings())

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.headings()[section]
        return None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._cells):
            return None
        text = self._cells[index.row()][index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return text
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{self.headings()[index.column()]}: {text}"
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() in self.numbers:
            return RIGHT
        return None

    numbers: tuple[int, ...] = ()
    """The columns that hold numbers."""

    def flags(self, index: QModelIndex) -> Qt.ItemFlags:
        return SHOWN


class VoicesModel(Rows):
    """A row per voice, by name."""

    renamed = pyqtSignal(int, str)
    """The id of a voice, and the name that a person wrote for it."""
    numbers = (1, 2)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.voices: Sequence[Voice] = ()

    def headings(self) -> tuple[str, ...]:
        return (
            self.tr("Name"),
            self.tr("Samples"),
            self.tr("Speech"),
            self.tr("Since"),
            self.tr("State"),
        )

    def show(self, voices: Sequence[Voice], encoder: str) -> None:
        """``encoder`` is the SHA-256 of the one in use."""
        self.voices = voices
        self._set(
            [
                (
                    voice.name,
                    str(voice.samples),
                    brief(to_samples(voice.seconds)),
                    voice.remembered[:10],
                    self._state(voice, encoder),
                )
                for voice in voices
            ]
        )

    def _state(self, voice: Voice, encoder: str) -> str:
        if not voice.samples:
            return self.tr("no samples: not recognised")
        if encoder not in voice.encoders:
            return self.tr("heard by another encoder: not recognised")
        return self.tr("recognised")

    def flags(self, index: QModelIndex) -> Qt.ItemFlags:
        return EDITABLE if index.column() == 0 else SHOWN

    def setData(self, index: QModelIndex, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        name = " ".join(str(value).split())
        if role != Qt.ItemDataRole.EditRole or not 0 <= index.row() < len(self.voices):
            return False
        if name and name != self.voices[index.row()].name:
            self.renamed.emit(self.voices[index.row()].id, name)
        return True


class SamplesModel(Rows):
    """A row per sample: where it comes from, and how like the others it is."""

    numbers = (1, 2)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.samples: Sequence[Sample] = ()
        self.suspects: frozenset[int] = frozenset()
        """Rows that are so unlike the others that it may be somebody else."""

    def headings(self) -> tuple[str, ...]:
        return (
            self.tr("Meeting"),
            self.tr("At"),
            self.tr("Length"),
            self.tr("Added"),
            self.tr("Like the others"),
        )

    def show(
        self, samples: Sequence[Sample], like: Sequence[float | None], encoder: str, least: float
    ) -> None:
        """``least`` is the cosine below which two voices are not taken for one."""
        self.samples = samples
        self.suspects = frozenset(n for n, c in enumerate(like) if c is not None and c < least)
        cells: list[tuple[str, ...]] = []
        for n, (sample, cosine) in enumerate(zip(samples, like, strict=True)):
            words = "–" if cosine is None else decimal(cosine, 2)
            if n in self.suspects:
                words = self.tr("{}: somebody else?").format(words)
            if sample.encoder != encoder:
                words = self.tr("{}, another encoder").format(words)
            cells.append(
                (
                    Path(sample.meeting).name,
                    clock(sample.start, hours=sample.start >= 3600 * 16_000).partition(".")[0],
                    brief(to_samples(sample.seconds)),
                    sample.added[:16],
                    words,
                )
            )
        self._set(cells)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if index.isValid() and index.row() < len(self.samples):
            if role == Qt.ItemDataRole.ToolTipRole and index.column() == 0:
                return self.samples[index.row()].meeting
            if role == Qt.ItemDataRole.FontRole and index.row() in self.suspects:
                return bold()
        return super().data(index, role)


def bold() -> Any:
    from PyQt5.QtGui import QFont, QGuiApplication

    font = QFont(QGuiApplication.font())
    font.setBold(True)
    return font
