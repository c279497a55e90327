"""The meetings of before on the first page: a list to search, and the folders opened last."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt5.QtCore import QEvent, QModelIndex, QObject, QPoint, Qt, pyqtSignal, pyqtSlot
from PyQt5.QtGui import QKeyEvent, QKeySequence
from PyQt5.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QShortcut,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.home.model import SUMMARY, MeetingsModel
from app.home.reading import HomeReading, Stamp
from app.home.rows import MeetingRows
from app.style.icons import icon
from app.widgets.keys import OwnKeys
from app.widgets.revealing import show_in_folder
from app.widgets.workers import Worker

if TYPE_CHECKING:
    from core.meeting.summary import MeetingSummary

MOST_FOLDERS = 4
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class PastMeetings(QWidget):
    """What there is to go on with. Read in a thread; a file that can't be read is a row as well."""

    chosen = pyqtSignal(object)
    """The Path of a meeting, a recording or a folder."""
    filled = pyqtSignal(bool)
    """Whether there are any meetings, once that is known."""

    def __init__(self, run: Callable[[Worker], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run = run
        self._reading: HomeReading | None = None
        self._known: dict[Path, tuple[Stamp, MeetingSummary]] = {}
        self.model = MeetingsModel(self)
        self.search = QLineEdit()
        self.search.setObjectName("search_meetings")
        self.search.setPlaceholderText(self.tr("Search by speaker or file"))
        self.search.setAccessibleName(self.tr("Search meetings by speaker or file"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._on_search)
        self.search.installEventFilter(self)
        self.view = self._list()
        self._nothing = QLabel(self.tr("No meeting has that in its name or among its speakers"))
        self._nothing.setWordWrap(True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.view)
        self._pages.addWidget(self._nothing)
        self._folders = QHBoxLayout()
        self._keys = OwnKeys(self)
        self._keys.claim(self.view)
        self._lay_out()

    def _list(self) -> QListView:
        view = QListView()
        view.setObjectName("meetings")
        view.setAccessibleName(self.tr("Meetings"))
        view.setModel(self.model)
        view.setItemDelegate(MeetingRows(view))
        view.setUniformItemSizes(True)
        view.setMouseTracking(True)
        view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.clicked.connect(self._choose)
        view.installEventFilter(self)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._show_menu)
        return view

    def _lay_out(self) -> None:
        title = QLabel(self.tr("&Meetings"))
        title.setBuddy(self.view)
        font = title.font()
        font.setPointSizeF(font.pointSizeF() * 1.25)
        font.setBold(True)
        title.setFont(font)
        letter = self.fontMetrics().averageCharWidth()
        self.search.setMinimumWidth(letter * 16)
        self.search.setMaximumWidth(letter * 36)
        head = QHBoxLayout()
        head.addWidget(title)
        head.addSpacing(16)
        head.addLayout(self._folders)
        head.addStretch(1)
        head.addWidget(self.search, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(head)
        column.addWidget(self._pages, 1)
        finding = QShortcut(QKeySequence.StandardKey.Find, self)
        finding.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        finding.activated.connect(self.search.setFocus)

    # what is shown

    def read(self, files: Iterable[Path], folders: Iterable[Path]) -> None:
        """Look again: at what was opened of late, and at the folders that recordings are in."""
        if self._reading is not None:
            self._reading.cancel()
        self._reading = reading = HomeReading(files, folders, self._known)
        reading.found.connect(self._on_found)
        reading.done.connect(self._on_done)
        self._run(reading)

    def show_folders(self, folders: Iterable[Path]) -> None:
        """Offer the folders that were opened last."""
        while (item := self._folders.takeAt(0)) is not None:
            item.widget().hide()
            item.widget().deleteLater()
        for path in list(folders)[:MOST_FOLDERS]:
            button = QToolButton()
            button.setObjectName("folder")
            button.setIcon(icon("open"))
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setText(path.name.replace("&", "&&"))
            button.setAccessibleName(self.tr("Folder {}").format(path.name))
            button.setToolTip(str(path))
            button.setAutoRaise(True)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.clicked.connect(lambda _on=False, p=path: self.chosen.emit(p))
            self._keys.claim(button)
            self._folders.addWidget(button)

    @pyqtSlot(object)
    def _on_found(self, meetings: list[MeetingSummary]) -> None:
        """Some have been read; of the others, what was known before."""
        if self.sender() is self._reading:
            read = {one.path: one for one in meetings}
            self._show({**{one.path: one for one in self.model.all}, **read}.values())

    @pyqtSlot(object)
    def _on_done(self, meetings: list[MeetingSummary]) -> None:
        if self.sender() is self._reading:
            self._reading = None
            self._show(meetings)
            self.filled.emit(bool(meetings))

    def _show(self, meetings: Iterable[MeetingSummary]) -> None:
        at = self.view.currentIndex()
        before = self.model.rows[at.row()].path if at.isValid() else None
        self.model.show(meetings)
        self._stand_at(self.model.row_of(before))

    @pyqtSlot(str)
    def _on_search(self, text: str) -> None:
        self.model.search(text)
        self._stand_at(0 if self.model.rows and text.strip() else None)

    def _stand_at(self, row: int | None) -> None:
        if row is not None:
            self.view.setCurrentIndex(self.model.index(row))
        self._pages.setCurrentIndex(0 if self.model.rows or not self.model.all else 1)

    def changeEvent(self, event: QEvent | None) -> None:
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.PaletteChange:
            for button in self.findChildren(QToolButton, "folder"):
                button.setIcon(icon("open"))

    # what a person does

    @pyqtSlot(QModelIndex)
    def _choose(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(index.data(SUMMARY).path)

    @pyqtSlot(QPoint)
    def _show_menu(self, at: QPoint) -> None:
        index = self.view.indexAt(at)
        if not index.isValid():
            return
        one: MeetingSummary = index.data(SUMMARY)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("&Open")).triggered.connect(lambda: self.chosen.emit(one.path))
        shown = menu.addAction(self.tr("&Show in folder"))
        shown.triggered.connect(partial(self._show_in_folder, one.recording or one.path))
        menu.popup(self.view.viewport().mapToGlobal(at))

    @staticmethod
    def _show_in_folder(file: Path, _on: bool = False) -> None:
        show_in_folder([file])

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in _ENTER:
                self._choose(self.view.currentIndex())
                return True
            if watched is self.search and event.key() == Qt.Key.Key_Down:
                self.view.setFocus(Qt.FocusReason.OtherFocusReason)
                if not self.view.currentIndex().isValid():
                    self._stand_at(0 if self.model.rows else None)
                return True
            if watched is self.search and event.key() == Qt.Key.Key_Escape and self.search.text():
                self.search.clear()
                return True
        return super().eventFilter(watched, event)
