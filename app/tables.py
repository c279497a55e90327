"""What the tables of the panels have in common."""

from __future__ import annotations

from PyQt5.QtCore import QAbstractItemModel, QItemSelectionModel, Qt
from PyQt5.QtWidgets import QAbstractItemView, QHeaderView, QTableView

SHOWN = Qt.ItemFlags() | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
EDITABLE = SHOWN | Qt.ItemFlag.ItemIsEditable
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
SELECT_ROWS = (
    QItemSelectionModel.SelectionFlags()
    | QItemSelectionModel.SelectionFlag.ClearAndSelect
    | QItemSelectionModel.SelectionFlag.Rows
)


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
    # rows of one height: asking thousands of them for theirs would take its time
    rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    rows.setDefaultSectionSize(view.fontMetrics().height() + 8)
    columns.setHighlightSections(False)
    columns.setMinimumSectionSize(24)
    return view
