"""The markers as a list: jump to one, change its text, remove it."""

from __future__ import annotations

from typing import Any

from PyQt5.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QSize,
    Qt,
    pyqtSignal,
    pyqtSlot,
)
from PyQt5.QtGui import QKeyEvent
from PyQt5.QtWidgets import (
    QHeaderView,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from app.session import Session
from app.widgets.keys import OwnKeys
from app.widgets.notices import NoticeArea
from app.widgets.tables import EDITABLE, SHOWN, table
from core.annotation.values import Marker
from core.errors import EditError
from core.units import clock

AT, TEXT = range(2)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class MarkersModel(QAbstractTableModel):
    """One row per marker of the session, in order of time; the texts can be edited."""

    def __init__(self, session: Session, notices: NoticeArea, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._notices = session, notices
        self.markers: tuple[Marker, ...] = ()

    def take(self) -> None:
        """Show the session's markers as they are now."""
        markers = self._session.annotation.markers
        if len(markers) != len(self.markers):
            self.beginResetModel()
            self.markers = markers
            self.endResetModel()
        elif markers != self.markers:
            self.markers = markers
            self.dataChanged.emit(self.index(0, AT), self.index(len(markers) - 1, TEXT))

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.markers)

    def columnCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else 2

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return (self.tr("Time"), self.tr("Text"))[section]

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or role not in (
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.EditRole,
        ):
            return None
        marker = self.markers[index.row()]
        return marker.text if index.column() == TEXT else clock(marker.at, hours=True)

    def flags(self, index: QModelIndex) -> Qt.ItemFlags:
        return EDITABLE if index.column() == TEXT else SHOWN

    def setData(self, index: QModelIndex, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        text = " ".join(str(value).split())
        if role != Qt.ItemDataRole.EditRole or text == self.markers[index.row()].text:
            return False
        try:
            self._session.edit_marker(self.markers[index.row()], text)
        except EditError as error:
            self._notices.show_error(error)
            return False
        return True


class MarkersPanel(QWidget):
    """The list, and what to do while it is empty."""

    jump = pyqtSignal(int)
    """Go to this sample."""

    def __init__(
        self, session: Session, notices: NoticeArea, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._notices = session, notices
        self.model = MarkersModel(session, notices, self)
        self.hint = QLabel(self.tr("No markers yet. Ctrl+M puts one at the playhead."))
        self.hint.setWordWrap(True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.view = table(self.model, "markers", self.tr("Markers"))
        columns = self.view.horizontalHeader()
        columns.setSectionResizeMode(TEXT, QHeaderView.ResizeMode.Stretch)
        columns.resizeSection(AT, self.fontMetrics().horizontalAdvance("0:00:00.000") + 16)
        self._keys = OwnKeys(self)
        self._keys.claim(self.view)
        self.view.installEventFilter(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 6)
        column.addWidget(self.hint)
        column.addWidget(self.view, 1)
        self.view.clicked.connect(self._go)
        session.annotation_changed.connect(self._take)
        session.recording_changed.connect(self._take)
        self._take()

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().averageCharWidth() * 40, 300)

    @pyqtSlot()
    def _take(self) -> None:
        self.model.take()
        self.hint.setVisible(not self.model.markers)

    @pyqtSlot(QModelIndex)
    def _go(self, index: QModelIndex) -> None:
        if index.isValid():
            self.jump.emit(self.model.markers[index.row()].at)

    def _remove(self) -> None:
        rows = sorted(i.row() for i in self.view.selectionModel().selectedRows())
        try:
            for marker in [self.model.markers[row] for row in rows]:
                self._session.remove_marker(marker)
        except EditError as error:
            self._notices.show_error(error)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if watched is self.view and isinstance(event, QKeyEvent):
            override = event.type() == QEvent.Type.ShortcutOverride
            pressed = event.type() == QEvent.Type.KeyPress
            if event.key() == Qt.Key.Key_Delete and (override or pressed):
                event.accept()
                if pressed:
                    self._remove()
                return True
            if event.key() in _ENTER and pressed:
                self._go(self.view.currentIndex())
                return True
        return super().eventFilter(watched, event)
