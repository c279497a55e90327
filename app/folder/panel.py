"""A folder of recordings as a list: how far each is, how far all are, and one voice in all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt5.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QSize,
    Qt,
    pyqtBoundSignal,
    pyqtSignal,
    pyqtSlot,
)
from PyQt5.QtGui import QKeyEvent
from PyQt5.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QProgressBar,
    QStackedWidget,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.folder.models import RecordingRow, RecordingsModel, VoiceModel
from app.panels.speakers_model import brief
from app.widgets.keys import OwnKeys
from app.widgets.status import STEPS
from app.widgets.tables import table
from core.units import to_samples

if TYPE_CHECKING:
    from core.archive.tables import Linked

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class FolderPanel(QWidget):
    """The list of recordings; over it, for as long as a person likes, where one voice speaks."""

    chosen = pyqtSignal(object)
    """A :class:`~app.folder.models.RecordingRow` was clicked, or Enter pressed on it."""
    voice_chosen = pyqtSignal(object)
    """The same with a :class:`~core.archive.tables.Linked`."""
    toggled = pyqtSignal()
    """Stop, or go on."""
    place_clicked = pyqtSignal()
    """Choose where the results go."""
    report_clicked = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = RecordingsModel(self)
        self.voice_model = VoiceModel(self.model, self)
        self.state = QLabel()
        self.state.setAccessibleName(self.tr("State of the folder"))
        self.state.setTextFormat(Qt.TextFormat.PlainText)  # a folder may be named <b>
        self.progress = QProgressBar()
        self.progress.setAccessibleName(self.tr("Progress over all recordings"))
        self.progress.setMaximumWidth(240)
        self.progress.setTextVisible(False)
        self.toggle = self._button("toggle", "", self.toggled)
        self.place = self._button("place", self.tr("Results in…"), self.place_clicked)
        self.report = self._button("report", self.tr("Report"), self.report_clicked)
        self.report.setToolTip(self.tr("Show a page with all recordings, voices and talk times"))
        self.view = self._view(self.model, "recordings", self.tr("Recordings of the folder"))
        self.voice_view = self._view(
            self.voice_model, "elsewhere", self.tr("Where this voice speaks elsewhere")
        )
        self.voice = QLabel()
        self.voice.setTextFormat(Qt.TextFormat.PlainText)
        self.voice.setWordWrap(True)
        self.back = self._button("back", self.tr("All recordings"))
        self.back.setToolTip(self.tr("Back to the list of all recordings (Esc)"))
        self.back.clicked.connect(self.show_all)
        self._pages = QStackedWidget()
        self._keys = OwnKeys(self)
        self._keys.claim(self.view, self.voice_view)
        self._keys.claim(self.toggle, self.place, self.report, self.back)
        self._lay_out()

    def sizeHint(self) -> QSize:
        return QSize(600, self.fontMetrics().height() * 13)

    def _button(self, name: str, text: str, asks: pyqtBoundSignal | None = None) -> QToolButton:
        button = QToolButton()
        button.setObjectName(name)
        button.setText(text)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if asks is not None:
            button.clicked.connect(lambda: asks.emit())
        return button

    def _view(self, model: RecordingsModel | VoiceModel, name: str, title: str) -> QTableView:
        view = table(model, name, title)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        columns, letter = view.horizontalHeader(), self.fontMetrics().averageCharWidth()
        for column in range(model.columnCount()):
            columns.resizeSection(column, letter * 16)
        columns.resizeSection(model.NAME, letter * 44)
        if isinstance(model, RecordingsModel):  # a reason may be long
            columns.setSectionResizeMode(model.STATE, QHeaderView.ResizeMode.Stretch)
        view.clicked.connect(self._choose)
        view.installEventFilter(self)
        return view

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.state)
        head.addWidget(self.progress, 1)
        head.addWidget(self.toggle)
        head.addStretch(1)
        head.addWidget(self.place)
        head.addWidget(self.report)
        above = QHBoxLayout()
        above.addWidget(self.voice, 1)
        above.addWidget(self.back)
        found = QWidget()
        column = QVBoxLayout(found)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(above)
        column.addWidget(self.voice_view, 1)
        self._pages.addWidget(self.view)
        self._pages.addWidget(found)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 6)
        column.addLayout(head)
        column.addWidget(self._pages, 1)

    # what is shown

    @property
    def current_view(self) -> QTableView:
        """The table that is on top."""
        return self.view if self._pages.currentIndex() == 0 else self.voice_view

    def show_rows(self, folder: Path, rows: Sequence[RecordingRow], opened: Path | None) -> None:
        """List these; the keyboard stays at its recording, if that is still there."""
        at = self.view.currentIndex().row()
        before = Path(self.model.rows[at].recording.source) if at >= 0 else None
        self.model.show(folder, rows)
        places = (self.model.row_of(path) for path in (before, opened))
        row = next((row for row in places if row is not None), 0)
        self.view.setCurrentIndex(self.model.index(row, self.model.NAME))

    def show_state(self, text: str, fraction: float | None, *, busy: bool) -> None:
        """In words, and how far all is; None shows that something goes on but not how far."""
        self.state.setText(text)
        self.progress.setVisible(busy)
        self.progress.setRange(0, 0 if fraction is None else STEPS)
        self.progress.setValue(round((fraction or 0.0) * STEPS))
        if busy:
            self.toggle.setText(self.tr("Stop"))
            self.toggle.setToolTip(self.tr("Stop the work; what is done is kept"))
        elif self.model.count("waiting"):
            self.toggle.setText(self.tr("Go on"))
            self.toggle.setToolTip(self.tr("Go on with the recordings that are not done yet"))
        else:
            self.toggle.setText(self.tr("Look again"))
            self.toggle.setToolTip(self.tr("Look for recordings that are new or have changed"))

    def show_place(self, out: Path, report: bool) -> None:
        """Where the results go, and whether there is a report of them."""
        self.place.setToolTip(
            self.tr("Results go to {}; choose another folder for them").format(out)
        )
        self.report.setEnabled(report)

    def show_voice(self, name: str, recording: str, rows: Sequence[Linked]) -> None:
        """Where the voice of this speaker of this recording speaks."""
        if rows:
            time = brief(to_samples(sum(row.spoken.seconds for row in rows)))
            if len(rows) == 1:
                text = self.tr("{} of {} speaks in 1 other recording, {}")
                text = text.format(name, recording, time)
            else:
                text = self.tr("{} of {} speaks in {} other recordings, {} in all")
                text = text.format(name, recording, len(rows), time)
        else:
            text = self.tr("{} of {} speaks in no other recording").format(name, recording)
        missing = len(self.model.rows) - self.model.count("done", "unchanged")
        if missing:
            text += self.tr("; without results, so not searched: {}").format(missing)
        self.voice.setText(text)
        self.voice_model.show(rows)
        self.voice_view.setCurrentIndex(self.voice_model.index(0, self.voice_model.NAME))
        self._pages.setCurrentIndex(1)
        self.enter()

    @pyqtSlot()
    def show_all(self) -> None:
        """Back to the list."""
        self._pages.setCurrentIndex(0)
        self.enter()

    def enter(self) -> None:
        """Give the keyboard to the table."""
        self.current_view.setFocus(Qt.FocusReason.OtherFocusReason)

    def mark(self, path: Path | None) -> None:
        """This recording is the open one."""
        row = self.model.row_of(path)
        if row is not None and row != self.view.currentIndex().row():
            self.view.setCurrentIndex(self.model.index(row, self.model.NAME))

    # what a person does

    @pyqtSlot(QModelIndex)
    def _choose(self, index: QModelIndex) -> None:
        if not index.isValid():
            return
        if index.model() is self.model:
            self.chosen.emit(self.model.rows[index.row()])
        else:
            self.voice_chosen.emit(self.voice_model.rows[index.row()])

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if isinstance(event, QKeyEvent) and isinstance(watched, QTableView):
            pressed = event.type() == QEvent.Type.KeyPress
            if event.key() in _ENTER and pressed:
                self._choose(watched.currentIndex())
                return True
            if event.key() == Qt.Key.Key_Escape and watched is self.voice_view:
                event.accept()
                if pressed:
                    self.show_all()
                return True
        return super().eventFilter(watched, event)
