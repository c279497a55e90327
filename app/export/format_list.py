"""The list of formats in the export dialog: one is looked at, one or several are exported."""

from __future__ import annotations

from collections.abc import Callable, Collection

from PyQt5.QtCore import QModelIndex, QPoint, Qt, pyqtSignal, pyqtSlot
from PyQt5.QtGui import QMouseEvent
from PyQt5.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QStyle,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
)

from app.widgets.tables import VisibleBoxes

NAME = int(Qt.ItemDataRole.UserRole)


class FormatList(QTreeWidget):
    """Formats with a box each, under the titles of their groups.

    While no more than one is ticked, that is the one that is looked at: choosing a format is one
    click, or an arrow key. Ticking another box, by the mouse or, with Ctrl and the arrows, by
    Space, makes them several; from then on a click beside the box only looks.

    Parameters
    ----------
    groups
        Names of formats by the titles of their groups.
    title
        What a person reads for a name of either.
    chosen
        The formats that are ticked at first; the first of all if none is known.
    """

    changed = pyqtSignal()
    """Another format is looked at, or others are ticked."""

    def __init__(
        self,
        groups: dict[str, tuple[str, ...]],
        title: Callable[[str], str],
        chosen: Collection[str],
    ) -> None:
        super().__init__()
        self._ticking = False
        self._items: dict[str, QTreeWidgetItem] = {}
        self.setItemDelegate(VisibleBoxes(self))
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setItemsExpandable(False)
        self.setIndentation(self.fontMetrics().averageCharWidth())
        for group, names in groups.items():
            top = QTreeWidgetItem(self, [title(group)])
            font = self.font()
            font.setBold(True)
            top.setFont(0, font)
            top.setFlags(Qt.ItemFlag.ItemIsEnabled)
            for name in names:
                item = self._items[name] = QTreeWidgetItem(top, [title(name)])
                item.setData(0, NAME, name)
                item.setFlags(
                    Qt.ItemFlags()
                    | Qt.ItemFlag.ItemIsEnabled
                    | Qt.ItemFlag.ItemIsSelectable
                    | Qt.ItemFlag.ItemIsUserCheckable
                )
        self.expandAll()
        known = [name for name in self._items if name in chosen] or [next(iter(self._items))]
        for name, item in self._items.items():
            item.setCheckState(0, _state(name in known))
        self.setCurrentItem(self._items[known[0]])
        self.setMinimumWidth(self.sizeHintForColumn(0) + 40)
        self.currentItemChanged.connect(self._on_current)
        self.itemChanged.connect(self._on_ticked)

    @property
    def current(self) -> str:
        """The format that is looked at."""
        return str(self.currentItem().data(0, NAME))

    @property
    def chosen(self) -> tuple[str, ...]:
        """Those that are ticked, in the order of the list."""
        ticked = Qt.CheckState.Checked
        return tuple(n for n, item in self._items.items() if item.checkState(0) == ticked)

    def item_of(self, name: str) -> QTreeWidgetItem:
        """The row of a format."""
        return self._items[name]

    def box(self, item: QTreeWidgetItem) -> QPoint:
        """The middle of a row's box."""
        option = QStyleOptionViewItem(self.viewOptions())
        option.rect = self.visualItemRect(item)
        box = QStyleOptionViewItem.ViewItemFeature.HasCheckIndicator
        option.features = QStyleOptionViewItem.ViewItemFeatures() | box
        place = QStyle.SubElement.SE_ItemViewItemCheckIndicator
        return self.style().subElementRect(place, option, self).center()

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is None:
            return
        item = self.itemAt(event.pos())
        if item is not None and item.parent() is None:
            return
        near = self.style().pixelMetric(QStyle.PixelMetric.PM_IndicatorWidth)
        self._ticking = (
            item is not None and abs(event.pos().x() - self.box(item).x()) <= near // 2 + 2
        )
        super().mousePressEvent(event)
        self._ticking = False

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifiers
    ) -> QModelIndex:
        """The keys pass over the titles."""
        index = super().moveCursor(action, modifiers)
        if not index.isValid() or index.parent().isValid():
            return index
        kinds = QAbstractItemView.CursorAction
        back = action in (kinds.MoveUp, kinds.MovePrevious, kinds.MovePageUp)
        beside = self.indexAbove(index) if back else self.indexBelow(index)
        return beside if beside.isValid() else self.currentIndex()

    @pyqtSlot(QTreeWidgetItem, QTreeWidgetItem)
    def _on_current(self, item: QTreeWidgetItem, _before: QTreeWidgetItem | None) -> None:
        if item.parent() is None:  # a letter was typed that a title begins with
            self.setCurrentItem(item.child(0))
            return
        looking = QApplication.keyboardModifiers() & Qt.KeyboardModifier.ControlModifier
        if not self._ticking and not looking and len(self.chosen) <= 1:
            self.blockSignals(True)
            for other in self._items.values():
                other.setCheckState(0, _state(other is item))
            self.blockSignals(False)
            self.viewport().update()
        self.changed.emit()

    @pyqtSlot(QTreeWidgetItem, int)
    def _on_ticked(self, _item: QTreeWidgetItem, _column: int) -> None:
        self.changed.emit()


def _state(on: bool) -> Qt.CheckState:
    return Qt.CheckState.Checked if on else Qt.CheckState.Unchecked
