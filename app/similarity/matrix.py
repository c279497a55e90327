"""How alike the voices of the speakers are: a table coloured by its numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PyQt5.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, pyqtSignal
from PyQt5.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPalette, QPen
from PyQt5.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from app.style.marks import percent
from app.style.palette import Theme, chip, contrast, mix, speaker_style
from app.style.wording import called
from app.widgets.keys import OwnKeys
from app.widgets.tables import SHOWN
from core.annotation.values import Speaker

LEAST, MOST = 0.04, 0.85
"""How much of the accent's colour is in the farthest and in the nearest pair."""
_OFFER: tuple[int, ...] = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Menu)
MOST_ROWS = 7
"""More than so many speakers are scrolled through."""
SAME, NEAR = 0.85, 0.5
"""Parts of how alike a voice is to itself, from which on another may be the same, or is near."""
WIDEST = 110
"""Pixels of a column."""


class DistancesModel(QAbstractTableModel):
    """A row and a column per speaker, in the order of the lanes."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.speakers: tuple[Speaker, ...] = ()
        self._distances: NDArray[np.float64] = np.zeros((0, 0))

    def show(self, speakers: tuple[Speaker, ...], distances: NDArray[np.float64]) -> None:
        """Take these; a cell stays current where the speakers stay."""
        same = [s.id for s in speakers] == [s.id for s in self.speakers]
        if not same:
            self.beginResetModel()
        self.speakers, self._distances = speakers, distances
        if not same:
            self.endResetModel()
        elif speakers:
            last = len(speakers) - 1
            self.dataChanged.emit(self.index(0, 0), self.index(last, last))
            for way in (Qt.Orientation.Horizontal, Qt.Orientation.Vertical):
                self.headerDataChanged.emit(way, 0, last)

    def distance(self, row: int, column: int) -> float | None:
        """None where there is nothing to compare."""
        value = float(self._distances[row, column])
        return None if np.isnan(value) else value

    def alike(self, row: int, column: int) -> float | None:
        """The mean cosine of the windows of the two, 0 if it is less."""
        distance = self.distance(row, column)
        return None if distance is None else max(0.0, 1 - distance**2 / 2)

    def _verdict(self, row: int, column: int) -> str:
        """What that means beside how alike each voice is to itself."""
        alike = self.alike(row, column) or 0.0
        own = [self.alike(one, one) or 1.0 for one in (row, column)]
        if alike >= SAME * min(own):
            return self.tr("may be one person")
        return self.tr("near") if alike >= NEAR * min(own) else self.tr("far apart")

    def nearness(self, row: int, column: int) -> float | None:
        """From 0, the farthest of all, to 1, the nearest."""
        value = self.distance(row, column)
        if value is None:
            return None
        low, high = float(np.nanmin(self._distances)), float(np.nanmax(self._distances))
        return (high - value) / (high - low) if high > low else 0.5

    def said(self, row: int, column: int) -> str:
        """A cell in words."""
        value, one, other = self.alike(row, column), self.speakers[row], self.speakers[column]
        if value is None:
            return self.tr("{} and {}: too little to compare").format(called(one), called(other))
        if row == column:
            return self.tr("The moments of {} are {} alike").format(called(one), percent(value))
        said = self.tr("{} and {} are {} alike: {}")
        return said.format(called(one), called(other), percent(value), self._verdict(row, column))

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.speakers)

    def columnCount(self, parent: QModelIndex | None = None) -> int:
        return self.rowCount(parent)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        speaker = self.speakers[section]
        if role == Qt.ItemDataRole.DecorationRole:
            return chip(speaker_style(speaker))
        if role == Qt.ItemDataRole.DisplayRole:  # the number of the lane, which is the key, too
            upright = orientation == Qt.Orientation.Vertical
            return f"{section + 1}  {called(speaker)}" if upright else f"{section + 1}"
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return called(speaker)
        return None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            value = self.alike(index.row(), index.column())
            return "\N{EN DASH}" if value is None else percent(value)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.said(index.row(), index.column())
        return None

    def flags(self, index: QModelIndex) -> Qt.ItemFlags:
        return SHOWN


class Heat(QStyledItemDelegate):
    """Paints a cell the stronger, the nearer two voices are; the number always in words."""

    def colour(self, palette: QPalette, nearness: float | None) -> QColor:
        """The ground of a cell."""
        theme = Theme.of(palette)
        if nearness is None:
            return theme.base
        return mix(theme.base, theme.accent, LEAST + (MOST - LEAST) * nearness)

    def ink(self, ground: QColor) -> QColor:
        """Black or white, whichever is read better on it."""
        return max((QColor("black"), QColor("white")), key=lambda colour: contrast(ground, colour))

    def paint(self, p: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        model, view = index.model(), self.parent()
        if not isinstance(model, DistancesModel) or not isinstance(view, DistanceMatrix):
            return
        ground = self.colour(view.palette(), model.nearness(index.row(), index.column()))
        theme = Theme.of(view.palette())
        p.save()
        p.fillRect(option.rect, ground)
        p.setPen(QPen(theme.line, 1))
        p.drawRect(option.rect.adjusted(0, 0, -1, -1))
        p.setPen(self.ink(ground))
        p.drawText(option.rect, Qt.AlignmentFlag.AlignCenter, str(index.data()))
        if index == view.currentIndex() and view.hasFocus():
            p.setPen(QPen(theme.text, 2))
            p.drawRect(option.rect.adjusted(2, 2, -3, -3))
        p.restore()


class DistanceMatrix(QTableView):
    """The table. A click or Enter on a cell offers what can be done with the two speakers."""

    cell_wanted = pyqtSignal(int, int)
    """The speakers, by id, of the cell that the person is at."""

    def __init__(self) -> None:
        super().__init__()
        self.distances = DistancesModel(self)
        self.setModel(self.distances)
        self.setObjectName("distances")
        self.setAccessibleName(self.tr("How alike the voices are"))
        self.setItemDelegate(Heat(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setHighlightSections(False)
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            header.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        self._keys = OwnKeys(self)
        self._keys.claim(self)
        self.distances.modelReset.connect(self.fit)
        self.distances.dataChanged.connect(self.fit)

    def fit(self) -> None:
        """As high as its rows, within reason; columns as wide as there is room for them."""
        metrics, count = self.fontMetrics(), len(self.distances.speakers)
        names = (
            metrics.horizontalAdvance(f"{n}  {called(s)}") + 42
            for n, s in enumerate(self.distances.speakers, 1)
        )
        least = metrics.horizontalAdvance(percent(1)) + 14
        row = metrics.height() + 8
        self.verticalHeader().setFixedWidth(min(max(names, default=least), self.width() * 2 // 5))
        self.verticalHeader().setDefaultSectionSize(row)
        self.horizontalHeader().setFixedHeight(row)
        self.setFixedHeight(row * (min(max(count, 2), MOST_ROWS) + 1) + 2 * self.frameWidth() + 2)
        room = self.viewport().width() // max(count, 1)
        self.horizontalHeader().setDefaultSectionSize(max(least, min(room, WIDEST)))

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self.fit()

    def centre_of(self, one: int, other: int) -> Any:
        """The middle of a cell on the screen, for a menu about it."""
        ids = [s.id for s in self.distances.speakers]
        index = self.distances.index(ids.index(one), ids.index(other))
        return self.viewport().mapToGlobal(self.visualRect(index).center())

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.pos())
        if index.isValid() and event.button() != Qt.MouseButton.MiddleButton:
            self._want(index)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        index = self.currentIndex()
        if event.key() in _OFFER and index.isValid():
            self._want(index)
        else:
            super().keyPressEvent(event)

    def _want(self, index: QModelIndex) -> None:
        speakers = self.distances.speakers
        self.cell_wanted.emit(speakers[index.row()].id, speakers[index.column()].id)
