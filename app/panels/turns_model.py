"""The turns as a table: sorted and filtered here, so that 10,000 of them stay quick."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PyQt5.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, pyqtSignal, pyqtSlot

from app.editing.doubts import Doubts
from app.session import Session
from app.style.marks import percent
from app.style.palette import SpeakerStyle, chip, speaker_style
from app.style.wording import called
from app.widgets.notices import NoticeArea
from app.widgets.tables import EDITABLE, RIGHT, SHOWN, kept
from core.annotation import edits
from core.annotation.overlap import covered, overlaps, speaking
from core.annotation.values import Annotation, Speaker, Stretch, Turn
from core.errors import EditError
from core.units import SAMPLE_RATE, clock, parse_time

START, END, LENGTH, SPEAKER, STATE, SURE, OVERLAP, WORDS = COLUMNS = range(8)
TURN = int(Qt.ItemDataRole.UserRole)
"""The role of the turn itself."""
HOUR = 3600 * SAMPLE_RATE
SIGN = "\N{DOUBLE VERTICAL LINE}"
"""Stands beside a turn in which somebody else speaks, too."""


class TurnsModel(QAbstractTableModel):
    """One row per turn of a session's annotation that passes the filter.

    After an edit only the rows that differ are exchanged, so selection and scrolling stay where
    they are. Editing a cell is one step of the session's undo stack.
    """

    edited = pyqtSignal(object)
    """The turn as it is after one of its cells was edited."""
    shown = pyqtSignal(int, int)
    """Rows that pass the filter, and turns in all."""

    def __init__(
        self, session: Session, doubts: Doubts, notices: NoticeArea, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._doubts = doubts
        doubts.changed.connect(self._on_doubts)
        self._notices = notices
        self._session = session
        self._annotation = Annotation()
        self._overlaps: tuple[Stretch, ...] = ()
        self._labels: dict[int, str] = {}
        self._icons: dict[int, Any] = {}
        self._styles: dict[int, SpeakerStyle] = {}
        self._rows: list[Turn] = []
        self._row_of: dict[Turn, int] | None = None
        self._sorted = (START, Qt.SortOrder.AscendingOrder)
        self._text = ""
        self._speaker: int | None = None
        self.take()

    # what is shown

    def turn(self, row: int) -> Turn | None:
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def row(self, turn: Turn) -> int | None:
        """Where a turn stands; None if the filter hides it."""
        if self._row_of is None:
            self._row_of = {t: n for n, t in enumerate(self._rows)}
        return self._row_of.get(turn)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; turns that are alike there stay in the order of time."""
        if 0 <= column < len(COLUMNS) and (column, order) != self._sorted:
            self._sorted = (column, order)
            self._rearrange()

    def set_filter(self, text: str, speaker: int | None) -> None:
        """Show only turns with this text in one of their cells, and of this speaker."""
        text = " ".join(text.casefold().split())
        if (text, speaker) != (self._text, self._speaker):
            self._text, self._speaker = text, speaker
            self._rearrange()

    def _rearrange(self) -> None:
        self.beginResetModel()
        self._set(self._wanted())
        self.endResetModel()

    def take(self) -> None:
        """Show the session's annotation as it is now."""
        before, self._annotation = self._annotation, self._session.annotation
        self._overlaps = overlaps(self._annotation)
        styles = {s.id: speaker_style(s) for s in self._annotation.speakers}
        if before.speakers != self._annotation.speakers or styles != self._styles:
            self._labels = {s.id: called(s) for s in self._annotation.speakers}
            self._icons = {i: chip(style) for i, style in styles.items()}
            self._styles = styles
        old, new = self._rows, self._wanted()
        first, last = kept(old, new)
        gone, come = len(old) - first - last, len(new) - first - last
        none = QModelIndex()
        if gone > come:
            self.beginRemoveRows(none, first + come, first + gone - 1)
            self._set(new)
            self.endRemoveRows()
        elif come > gone:
            self.beginInsertRows(none, first + gone, first + come - 1)
            self._set(new)
            self.endInsertRows()
        else:
            self._set(new)
        if new:  # one signal for all: only what is on screen is asked for again
            self.dataChanged.emit(self.index(0, 0), self.index(len(new) - 1, COLUMNS[-1]))

    @pyqtSlot()
    def _on_doubts(self) -> None:
        if self._sorted[0] == SURE:
            self._rearrange()
        elif self._rows:
            last = self.index(len(self._rows) - 1, SURE)
            self.dataChanged.emit(self.index(0, SURE), last)

    def _set(self, rows: list[Turn]) -> None:
        self._rows, self._row_of = rows, None
        self.shown.emit(len(rows), len(self._annotation.turns))

    def _wanted(self) -> list[Turn]:
        turns: Sequence[Turn] = self._annotation.turns
        if self._speaker is not None:
            turns = [t for t in turns if t.speaker == self._speaker]
        if self._text:
            turns = [t for t in turns if self._text in self._line(t)]
        column, order = self._sorted
        descending = order == Qt.SortOrder.DescendingOrder
        if column == START:
            return list(turns)[:: -1 if descending else 1]
        return sorted(turns, key=self._keys()[column], reverse=descending)

    def _keys(self) -> dict[int, Callable[[Turn], Any]]:
        lanes = {s.id: n for n, s in enumerate(self._annotation.speakers)}
        return {
            END: lambda t: t.end,
            LENGTH: lambda t: t.duration,
            SPEAKER: lambda t: lanes[t.speaker],
            STATE: self.state,
            SURE: lambda t: self._doubts.confidence(t) or 0.0,
            OVERLAP: self.overlapped,
            WORDS: lambda t: t.text.casefold(),
        }

    def _line(self, turn: Turn) -> str:
        cells = [self._cell(turn, column) for column in COLUMNS]
        if cells[OVERLAP]:
            cells[OVERLAP] += " " + self.titles()[OVERLAP]
        return " ".join(cells).casefold()

    def state(self, turn: Turn) -> str:
        """Who decided on a turn, and whether that may still change."""
        edited, settled, provisional = self.states()
        if self._annotation.is_edited(turn):
            return edited
        return settled if turn.settled else provisional

    def overlapped(self, turn: Turn) -> int:
        """Samples of a turn in which somebody else speaks, too."""
        return covered(self._overlaps, turn)

    def overlap(self, turn: Turn) -> str:
        """Over whom a turn lies and how long, in words."""
        over = self.overlapped(turn)
        if not over:
            return self.tr("nobody else speaks")
        there = {t.speaker for t in speaking(self._annotation, turn.start, turn.end)}
        others = (called(s) for s in self.speakers() if s.id in there and s.id != turn.speaker)
        return self.tr("overlaps {} for {}").format(", ".join(others), clock(over))

    def states(self) -> tuple[str, str, str]:
        """The words for a turn that a person had a hand in, one that stays, one that may not."""
        return self.tr("edited"), self.tr("settled"), self.tr("open")

    def speakers(self) -> tuple[Speaker, ...]:
        """Those of the annotation, in the order of the lanes."""
        return self._annotation.speakers

    def icon(self, speaker: int) -> Any:
        return self._icons[speaker]

    def _cell(self, turn: Turn, column: int) -> str:
        if column == SPEAKER:
            return self._labels[turn.speaker]
        if column == STATE:
            return self.state(turn)
        if column == OVERLAP:
            return SIGN if self.overlapped(turn) else ""
        if column == WORDS:
            return turn.text
        if column == SURE:
            sure = self._doubts.confidence(turn)
            return "" if sure is None else percent(sure)
        if column == LENGTH:
            return clock(turn.duration, hours=turn.duration >= HOUR)
        hours = self._annotation.duration >= HOUR
        return clock(turn.start if column == START else turn.end, hours=hours)

    # the model of the view

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return SIGN if section == OVERLAP else self.titles()[section]
        said = (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole)
        return self.titles()[section] if role in said else None

    def titles(self) -> tuple[str, ...]:
        """The names of the columns."""
        return (
            self.tr("Start"),
            self.tr("End"),
            self.tr("Length"),
            self.tr("Speaker"),
            self.tr("State"),
            self.tr("Sure"),
            self.tr("Overlap"),
            self.tr("Words"),
        )

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        turn = self.turn(index.row()) if index.isValid() else None
        if turn is None:
            return None
        column = index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return self._cell(turn, column)
        if role == Qt.ItemDataRole.DecorationRole and column == SPEAKER:
            return self._icons[turn.speaker]
        if role == Qt.ItemDataRole.TextAlignmentRole and column in (START, END, LENGTH, SURE):
            return RIGHT
        if role == Qt.ItemDataRole.ToolTipRole and column == WORDS:
            return turn.text or None
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.overlap(turn) if self.overlapped(turn) else None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            cell = self.overlap(turn) if column == OVERLAP else self._cell(turn, column)
            return f"{self.titles()[column]} {cell}"
        return turn if role == TURN else None

    def flags(self, index: QModelIndex) -> Qt.ItemFlags:
        fixed = index.column() in (STATE, SURE, OVERLAP)
        return EDITABLE if self._session.complete and not fixed else SHOWN

    # editing

    def setData(self, index: QModelIndex, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """A time or a length as text; a speaker by name, a new one if nobody is called so."""
        turn = self.turn(index.row()) if index.isValid() else None
        text = " ".join(str(value).split())
        if role != Qt.ItemDataRole.EditRole or turn is None:
            return False
        if text == self._cell(turn, index.column()):
            return False
        try:
            if index.column() == SPEAKER:
                self._give(turn, text)
            elif index.column() == WORDS:
                after = edits.say(self._session.annotation, turn, text)
                self._session.edit(self.tr("Write words"), after)
            else:
                self._move(turn, index.column(), text)
        except EditError as error:
            self._notices.show_error(error)
            return False
        return True

    def _give(self, turn: Turn, name: str) -> None:
        a = self._session.annotation
        if not name:
            raise EditError(self.tr("a turn needs a speaker: choose one, or type a new name"))
        found = next((s.id for s in a.speakers if name in (s.name, called(s))), None)
        if found is None:
            a, found = edits.new_speaker(a, name)
        self._session.edit(self.tr("Change speaker"), edits.reassign(a, [turn], found))
        self._landed(turn.start, found)

    def _move(self, turn: Turn, column: int, text: str) -> None:
        samples = parse_time(text)
        if samples is None:
            raise EditError(
                self.tr("{} is no time: write 83.5, 1:23.5 or 1:02:03").format(text or "–")
            )
        start, end = {
            START: (samples, turn.end),
            END: (turn.start, samples),
            LENGTH: (turn.start, turn.start + samples),
        }[column]
        a = self._session.annotation
        if max(start, end) > a.duration:
            raise EditError(
                self.tr("the recording ends at {}").format(clock(a.duration, hours=True))
            )
        name = self.tr("Change start") if column == START else self.tr("Change end")
        self._session.edit(name, edits.move_edges(a, turn, start, end))
        self._landed(start, turn.speaker)

    def _landed(self, at: int, speaker: int) -> None:
        """Turns that come to overlap become one, so look where the edited one has gone."""
        for turn in self._session.annotation.turns_of(speaker):
            if turn.start <= at < turn.end:
                self.edited.emit(turn)
