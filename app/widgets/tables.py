"""What the tables of the panels have in common."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt5.QtCore import (
    QAbstractItemModel,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    Qt,
)
from PyQt5.QtGui import QFontMetrics, QPainter, QPalette
from PyQt5.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

SHOWN = Qt.ItemFlags() | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
EDITABLE = SHOWN | Qt.ItemFlag.ItemIsEditable
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
SELECT_ROWS = (
    QItemSelectionModel.SelectionFlags()
    | QItemSelectionModel.SelectionFlag.ClearAndSelect
    | QItemSelectionModel.SelectionFlag.Rows
)


class VisibleBoxes(QStyledItemDelegate):
    """Draws the rows of a list, with an outline around their boxes that is seen in every theme."""

    def paint(
        self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex
    ) -> None:
        super().paint(painter, option, index)
        if painter is None or index.data(Qt.ItemDataRole.CheckStateRole) is None:
            return
        own = QStyleOptionViewItem(option)
        self.initStyleOption(own, index)
        style = own.widget.style() if own.widget is not None else QApplication.style()
        place = QStyle.SubElement.SE_ItemViewItemCheckIndicator
        box = style.subElementRect(place, own, own.widget)
        ink = own.palette.color(QPalette.ColorRole.Text)
        ink.setAlphaF(0.6)
        painter.setPen(ink)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box.adjusted(0, 0, -1, -1))


WIDTH = 64
"""Characters that a panel would like to have room for, ..."""
MOST = 420
"""... and pixels that it takes of the timeline at most: with large letters its tables scroll."""


def panel_width(metrics: QFontMetrics) -> int:
    """Pixels that a panel with a table asks for."""
    return min(metrics.averageCharWidth() * WIDTH, MOST)


def table(model: QAbstractItemModel, name: str, title: str) -> QTableView:
    """A table whose rows are selected as a whole and whose cells are edited by F2 or double click.

    Tab leaves it; the arrows move within it.
    """
    view = QTableView()
    view.setObjectName(name)
    view.setAccessibleName(title)
    view.setModel(model)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    view.setEditTriggers(
        QAbstractItemView.EditTriggers()
        | QAbstractItemView.EditTrigger.DoubleClicked
        | QAbstractItemView.EditTrigger.EditKeyPressed
    )
    view.setAlternatingRowColors(True)
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.setTabKeyNavigation(False)
    rows, columns = view.verticalHeader(), view.horizontalHeader()
    rows.hide()
    if corner := view.findChild(QAbstractButton):  # Qt's, in the corner of the headers
        corner.hide()
        corner.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        corner.setAccessibleName(title)
    # rows of one height: asking thousands of them for theirs would take its time
    rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    rows.setDefaultSectionSize(view.fontMetrics().height() + 8)
    columns.setHighlightSections(False)
    columns.setMinimumSectionSize(24)
    return view


class Filling(QObject):
    """Keeps one column as wide as the others leave room for, but never too narrow for a name."""

    LEAST = 15
    """Characters."""

    def __init__(self, view: QTableView, column: int) -> None:
        super().__init__(view)
        self._view, self._column, self._least = view, column, self.LEAST
        view.viewport().installEventFilter(self)
        view.horizontalHeader().sectionResized.connect(self._on_resized)

    def take(self, column: int, least: int) -> None:
        """Fill with another column from now on, of at least so many characters."""
        self._column, self._least = column, least
        self._fill()

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if event is not None and event.type() == QEvent.Type.Resize:
            self._fill()
        return super().eventFilter(watched, event)

    def _on_resized(self, column: int) -> None:
        if column != self._column:
            self._fill()

    def _fill(self) -> None:
        header = self._view.horizontalHeader()
        others = header.length() - header.sectionSize(self._column)
        least = self._view.fontMetrics().averageCharWidth() * self._least
        header.resizeSection(self._column, max(self._view.viewport().width() - others, least))


def kept(before: Sequence[object], after: Sequence[object]) -> tuple[int, int]:
    """How many rows two lists begin with alike, and how many of the others they end with alike."""
    first = _common(before, after)
    return first, _common(before[first:][::-1], after[first:][::-1])


def _common(one: Sequence[object], other: Sequence[object]) -> int:
    count = 0
    for a, b in zip(one, other, strict=False):
        if a is not b and a != b:
            break
        count += 1
    return count
