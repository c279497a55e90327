"""The table of turns, in step with the timeline: find, sort, edit in place, play."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from PyQt5.QtCore import (
    QAbstractItemModel,
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QSignalBlocker,
    QSize,
    Qt,
    pyqtSignal,
    pyqtSlot,
)
from PyQt5.QtGui import QKeyEvent
from PyQt5.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.editing.turns import Editing
from app.panels.turns_model import (
    COLUMNS,
    END,
    HOUR,
    LENGTH,
    OVERLAP,
    SPEAKER,
    START,
    STATE,
    SURE,
    WORDS,
    TurnsModel,
)
from app.session import Session
from app.style.wording import called
from app.widgets.keys import OwnKeys
from app.widgets.notices import NoticeArea
from app.widgets.tables import SELECT_ROWS, Filling, panel_width, table
from core.annotation.values import Turn
from core.units import clock

_READING = (START, SPEAKER, WORDS, END, LENGTH, STATE, SURE, OVERLAP)
"""The order of the columns where there are words: what is read first is in view."""
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_UP, _DOWN = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder


class TurnsTable(QWidget):
    """All turns of the session; the selected rows are the selected turns of the timeline."""

    chosen = pyqtSignal(object)
    """The person went to this Turn: it is to be shown."""
    play_requested = pyqtSignal(object)
    """A Turn."""

    def __init__(self, session: Session, editing: Editing, notices: NoticeArea) -> None:
        super().__init__()
        self._session, self._editing = session, editing
        self._following = self._writing = False
        self.model = TurnsModel(session, editing.doubts, notices, self)
        self.search = QLineEdit()
        self.search.setObjectName("find")
        self.search.setPlaceholderText(self.tr("Find a word, name, time or state"))
        self.search.setAccessibleName(self.tr("Find turns"))
        self.search.setClearButtonEnabled(True)
        self.speaker = QComboBox()
        self.speaker.setObjectName("of")
        self.speaker.setAccessibleName(self.tr("Turns of which speaker"))
        self.speaker.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.speaker.setMinimumContentsLength(9)
        self.order = QComboBox()
        self.order.setObjectName("order")
        self.order.setAccessibleName(self.tr("Order of the turns"))
        for text, column, order in (
            (self.tr("By time"), START, _UP),
            (self.tr("By end"), END, _UP),
            (self.tr("Shortest first"), LENGTH, _UP),
            (self.tr("Longest first"), LENGTH, _DOWN),
            (self.tr("By speaker"), SPEAKER, _UP),
            (self.tr("By state"), STATE, _UP),
            (self.tr("Least sure first"), SURE, _UP),
            (self.tr("Most overlap first"), OVERLAP, _DOWN),
        ):
            self.order.addItem(text, (column, order))
        self.count = QLabel()
        self.count.setAccessibleName(self.tr("Number of turns shown"))
        self.view = self._make_view()
        self._keys = OwnKeys(self)
        self._keys.claim(self.view, self.speaker, self.order)
        for widget in (self.view, self.search):
            widget.installEventFilter(self)
        self._lay_out()
        self._connect()
        self._on_recording()

    def sizeHint(self) -> QSize:
        return QSize(panel_width(self.fontMetrics()), 300)

    def _fit_columns(self) -> None:
        """Times as wide as the longest of this recording; the speaker gets the rest."""
        longest = clock(self._session.duration, hours=self._session.duration >= HOUR)
        metrics, header = self.fontMetrics(), self.view.horizontalHeader()
        for column in (START, END, LENGTH):
            header.resizeSection(column, metrics.horizontalAdvance(longest) + 12)
        widest = max(metrics.horizontalAdvance(word) for word in self.model.states())
        header.resizeSection(STATE, widest + 12)
        header.resizeSection(SURE, metrics.horizontalAdvance(self.model.titles()[SURE] + "0") + 12)
        header.resizeSection(OVERLAP, header.minimumSectionSize())
        self._show_words()

    def _show_words(self) -> None:
        """Words have a column as soon as there are any, or a person wants to write some."""
        shown = self._writing or self._session.annotation.has_words
        header = self.view.horizontalHeader()
        if shown == self.view.isColumnHidden(WORDS):
            self.view.setColumnHidden(WORDS, not shown)
            for place, column in enumerate(_READING if shown else COLUMNS):
                header.moveSection(header.visualIndex(column), place)
            self._filling.take(WORDS if shown else SPEAKER, Filling.LEAST * (2 if shown else 1))
            names = (header.sectionSizeHint(SPEAKER), self.view.sizeHintForColumn(SPEAKER))
            header.resizeSection(SPEAKER, max(names))

    def write_words(self) -> None:
        """Write what is said in the selected turn, or the first one."""
        self._writing = True
        self._show_words()
        turns = self._editing.selected_turns()
        row = self.model.row(turns[-1]) if turns else 0
        if row is None:  # the filter hides it
            self.search.clear()
            self.speaker.setCurrentIndex(0)
            self._filter()
            row = self.model.row(turns[-1]) or 0
        index = self.model.index(row, WORDS)
        self.view.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.view.setCurrentIndex(index)
        self.view.scrollTo(index)
        self.view.edit(index)

    def _make_view(self) -> QTableView:
        view = table(self.model, "turns", self.tr("Turns"))
        view.setItemDelegateForColumn(SPEAKER, SpeakerDelegate(self.model, view))
        columns = view.horizontalHeader()
        columns.setSortIndicator(START, _UP)
        self._filling = Filling(view, SPEAKER)
        view.setColumnHidden(WORDS, True)
        view.setSortingEnabled(True)  # which sorts by the indicator at once
        return view

    def _lay_out(self) -> None:
        top, bottom = QHBoxLayout(), QHBoxLayout()
        top.addWidget(self.search, 1)
        top.addWidget(self.speaker)
        bottom.addWidget(self.order)
        bottom.addStretch(1)
        bottom.addWidget(self.count)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 6)
        column.addLayout(top)
        column.addWidget(self.view, 1)
        column.addLayout(bottom)

    def _connect(self) -> None:
        self._session.annotation_changed.connect(self._on_annotation)
        self._session.recording_changed.connect(self._on_recording)
        self._session.duration_changed.connect(self._fit_columns)
        self._editing.selection_changed.connect(self._follow)
        self.model.edited.connect(self._on_edited)
        self.model.shown.connect(self._count)
        self.search.textChanged.connect(self._filter)
        self.speaker.activated.connect(self._filter)
        self.order.activated.connect(self._on_order)
        header = self.view.horizontalHeader()
        header.sortIndicatorChanged.connect(self._on_sorted)
        self.view.selectionModel().selectionChanged.connect(self._on_selected)
        self.view.selectionModel().currentRowChanged.connect(self._on_current)

    # the session says

    @pyqtSlot()
    def _on_recording(self) -> None:
        self._writing = False
        self.search.clear()
        self.speaker.setCurrentIndex(0)
        self._on_annotation()
        self._fit_columns()

    @pyqtSlot()
    def _on_annotation(self) -> None:
        with self._quietly():
            self.model.take()
        self._show_words()
        self._list_speakers()
        self._follow(self._editing.selected_turns())

    def _list_speakers(self) -> None:
        wanted: list[tuple[int | None, str]] = [(None, self.tr("All speakers"))]
        wanted += [(s.id, called(s)) for s in self.model.speakers()]
        box = self.speaker
        if wanted == [(box.itemData(n), box.itemText(n)) for n in range(box.count())]:
            return
        chosen = box.currentData()
        with QSignalBlocker(box):
            box.clear()
            for speaker, name in wanted:
                if speaker is None:
                    box.addItem(name, None)
                else:
                    box.addItem(self.model.icon(speaker), name, speaker)
            box.setCurrentIndex(max(0, box.findData(chosen)) if chosen is not None else 0)
        self._filter()

    # selecting, both ways

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        """What changes in here is not the person's doing."""
        before, self._following = self._following, True
        try:
            yield
        finally:
            self._following = before

    @pyqtSlot(object)
    def _follow(self, turns: Sequence[Turn]) -> None:
        """Select these turns' rows; the last one is brought into view."""
        rows = [row for t in turns if (row := self.model.row(t)) is not None]
        selection = self.view.selectionModel()
        if {i.row() for i in selection.selectedRows()} == set(rows):
            return
        with self._quietly():
            selection.select(self._ranges(rows), SELECT_ROWS)
            if rows:
                column = max(self.view.currentIndex().column(), 0)
                last = self.model.index(rows[-1], column)
                selection.setCurrentIndex(last, QItemSelectionModel.SelectionFlag.NoUpdate)
                self.view.scrollTo(last)

    def _ranges(self, rows: Sequence[int]) -> QItemSelection:
        """Rows next to each other as one range: thousands of single ones would be slow."""
        made, ordered = QItemSelection(), sorted(rows)
        first = 0
        for n in range(1, len(ordered) + 1):
            if n == len(ordered) or ordered[n] != ordered[n - 1] + 1:
                top = self.model.index(ordered[first], START)
                made.select(top, self.model.index(ordered[n - 1], COLUMNS[-1]))
                first = n
        return made

    def _selected(self) -> list[Turn]:
        """The turns of the selected rows, the current one last."""
        current = self.view.currentIndex().row()
        rows = sorted(i.row() for i in self.view.selectionModel().selectedRows())
        rows.sort(key=lambda row: row == current)
        return [turn for row in rows if (turn := self.model.turn(row)) is not None]

    @pyqtSlot()
    def _on_selected(self) -> None:
        if not self._following:
            with self._quietly():
                self._editing.select(self._selected())

    @pyqtSlot(QModelIndex)
    def _on_current(self, index: QModelIndex) -> None:
        turn = self.model.turn(index.row())
        if turn is not None and not self._following:
            self.chosen.emit(turn)

    @pyqtSlot(object)
    def _on_edited(self, turn: Turn) -> None:
        self._editing.select([turn])
        self.chosen.emit(turn)

    # finding and sorting

    @pyqtSlot()
    def _filter(self) -> None:
        with self._quietly():
            self.model.set_filter(self.search.text(), self.speaker.currentData())
        self._follow(self._editing.selected_turns())

    @pyqtSlot()
    def _on_order(self) -> None:
        column, order = self.order.currentData()
        self.view.horizontalHeader().setSortIndicator(column, order)

    @pyqtSlot()
    def _on_sorted(self) -> None:
        header = self.view.horizontalHeader()
        here = (header.sortIndicatorSection(), header.sortIndicatorOrder())
        rows = [self.order.itemData(n) for n in range(self.order.count())]
        self.order.setCurrentIndex(rows.index(here) if here in rows else -1)
        self._follow(self._editing.selected_turns())

    @pyqtSlot(int, int)
    def _count(self, shown: int, turns: int) -> None:
        if shown < turns:
            self.count.setText(self.tr("{} of {} turns").format(shown, turns))
        else:
            self.count.setText(
                self.tr("1 turn") if turns == 1 else self.tr("{} turns").format(turns)
            )

    def go_to_next(self) -> None:
        """Select the next of the turns shown, from the top again after the last."""
        count = self.model.rowCount()
        if count:
            here = self.view.currentIndex().row() if self._selected() else -1
            self.view.selectRow((here + 1) % count)

    # the keyboard

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if isinstance(event, QKeyEvent):
            override = event.type() == QEvent.Type.ShortcutOverride
            pressed = event.type() == QEvent.Type.KeyPress
            if watched is self.view and pressed and event.key() in _ENTER:
                turns = self._selected()
                if turns:
                    self.play_requested.emit(turns[-1])
                return True
            if watched is self.search:
                if override and event.key() == Qt.Key.Key_Escape and self.search.text():
                    event.accept()
                    return True
                if pressed and event.key() == Qt.Key.Key_Escape:
                    self.search.clear()
                    return True
                if pressed and event.key() in _ENTER:
                    self.go_to_next()
                    return True
                if pressed and event.key() == Qt.Key.Key_Down:
                    self.view.setFocus()
                    if not self._selected():
                        self.go_to_next()
                    return True
        return super().eventFilter(watched, event)


class SpeakerDelegate(QStyledItemDelegate):
    """Edits a speaker by choosing one or typing a name."""

    def __init__(self, model: TurnsModel, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model

    def createEditor(
        self, parent: QWidget | None, option: QStyleOptionViewItem, index: QModelIndex
    ) -> QWidget:
        box = QComboBox(parent)
        box.setEditable(True)
        box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        box.setAccessibleName(self.tr("Speaker of this turn"))
        for speaker in self._model.speakers():
            box.addItem(self._model.icon(speaker.id), called(speaker))
        box.activated.connect(lambda: self._commit(box))
        return box

    def _commit(self, box: QComboBox) -> None:
        self.commitData.emit(box)
        self.closeEditor.emit(box)

    def setEditorData(self, editor: QWidget | None, index: QModelIndex) -> None:
        if isinstance(editor, QComboBox):
            editor.setCurrentText(str(index.data()))
            editor.lineEdit().selectAll()

    def setModelData(
        self, editor: QWidget | None, model: QAbstractItemModel | None, index: QModelIndex
    ) -> None:
        if isinstance(editor, QComboBox) and model is not None:
            model.setData(index, editor.currentText())
