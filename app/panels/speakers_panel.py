"""Who is there: names, colours, numbers and a chart of them; merge, order, add and remove."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PyQt5.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QObject,
    QPoint,
    QSize,
    Qt,
    QTimer,
    pyqtSignal,
    pyqtSlot,
)
from PyQt5.QtGui import QKeyEvent
from PyQt5.QtWidgets import (
    QColorDialog,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QScrollArea,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.editing.renaming import rename
from app.panels.speakers_chart import Bar, Chart
from app.panels.speakers_model import (
    BACKCHANNELS,
    COLUMNS,
    INTERRUPTIONS,
    LONGEST,
    NAME,
    OVERLAP,
    TALK,
    TURNS,
    SpeakersModel,
)
from app.session import Session
from app.style.icons import icon
from app.style.marks import marks
from app.style.palette import speaker_style
from app.style.wording import called
from app.widgets.keys import OwnKeys
from app.widgets.notices import NoticeArea
from app.widgets.tables import SELECT_ROWS, Filling, panel_width, table
from core.annotation import edits
from core.annotation.values import Speaker
from core.errors import EditError

PACE_MS = 300
"""While turns still arrive, the numbers are counted anew at most this often."""


class SpeakersPanel(QWidget):
    """A row per speaker of the session, and what can be done to one or more of them."""

    picked = pyqtSignal(int)
    """The person went to the row of the speaker with this id."""
    action_wanted = pyqtSignal(str)
    """The id of an action of the window, to be done to that speaker."""
    menu_wanted = pyqtSignal(QPoint)
    """What can be done to that speaker is wanted at this place on the screen."""

    def __init__(
        self, session: Session, notices: NoticeArea, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._notices = session, notices
        self._following = False
        self.model = SpeakersModel(self)
        self.view = self._make_view()
        self.buttons: dict[str, QToolButton] = {}
        self._tools = QHBoxLayout()
        self._tools.setSpacing(2)
        for name, text, tip, run in (
            ("add", self.tr("New speaker"), self.tr("Add a speaker without turns"), self.add),
            ("colour", self.tr("Colour…"), self.tr("Choose another colour"), self.choose_colour),
            (
                "merge",
                self.tr("Merge"),
                self.tr("Give all turns of the selected speakers to the first of them"),
                self.merge,
            ),
            ("up", self.tr("Move up"), self.tr("Move the lane up (Alt+Up)"), self.move_up),
            (
                "down",
                self.tr("Move down"),
                self.tr("Move the lane down (Alt+Down)"),
                self.move_down,
            ),
            (
                "remove",
                self.tr("Remove"),
                self.tr("Remove a speaker who has no turns (Del)"),
                self.remove,
            ),
        ):
            self._add_button(name, text, tip, run)
        self._tools.addSpacing(8)
        for name, text, tip in (
            (
                "remember_voice",
                self.tr("Remember"),
                self.tr("Recognise this voice in later meetings"),
            ),
            ("play_sample", self.tr("Sample"), self.tr("Play some seconds of this voice")),
            ("mute", self.tr("Mute"), self.tr("Leave this voice out, or hear it again")),
            ("solo", self.tr("Only this"), self.tr("Play only this voice, or all again")),
        ):
            self._add_button(name, text, tip, partial(self._want, name))
        self._tools.addStretch(1)
        self.number = QComboBox()
        self.number.setObjectName("number")
        self.number.setAccessibleName(self.tr("What the chart shows"))
        for column in (TALK, TURNS, LONGEST, INTERRUPTIONS, OVERLAP, BACKCHANNELS):
            self.number.addItem(self.model.titles()[column], column)
        self.chart = Chart()
        self._keys = OwnKeys(self)
        self._keys.claim(self.view, self.number, *self.buttons.values())
        self.view.installEventFilter(self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.refresh)
        self._lay_out()
        self.model.named.connect(self._rename)
        self.model.modelReset.connect(self._enable)
        self.number.activated.connect(self._draw)
        self.view.customContextMenuRequested.connect(self._on_menu)
        self.view.selectionModel().selectionChanged.connect(self._enable)
        self.view.selectionModel().currentRowChanged.connect(self._on_current)
        session.annotation_changed.connect(self._on_annotation)
        session.recording_changed.connect(self._on_annotation)
        session.names_changed.connect(self.refresh)
        self.refresh()

    def sizeHint(self) -> QSize:
        return QSize(panel_width(self.fontMetrics()), 400)

    def _make_view(self) -> QTableView:
        view = table(self.model, "speakers", self.tr("Speakers"))
        columns = view.horizontalHeader()
        columns.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        columns.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Interactive)
        Filling(view, NAME)
        view.setColumnHidden(BACKCHANNELS, True)  # the chart shows them, and the cell beside
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        return view

    def _add_button(self, name: str, text: str, tip: str, run: Callable[[], None]) -> None:
        button = QToolButton()
        button.setObjectName(name)
        button.setIcon(icon(name))
        button.setIconSize(QSize(18, 18))
        button.setAutoRaise(True)
        button.setToolTip(tip)
        button.setAccessibleName(text)
        button.setAccessibleDescription(tip)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda _on, do=run: do())
        self.buttons[name] = button
        self._tools.addWidget(button)

    def _lay_out(self) -> None:
        scroll = QScrollArea()
        scroll.setWidget(self.chart)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        title = QHBoxLayout()
        title.addWidget(QLabel(self.tr("Chart")))
        title.addWidget(self.number, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 6)
        column.addWidget(self.view, 3)
        column.addLayout(self._tools)
        column.addLayout(title)
        column.addWidget(scroll, 2)

    # the session says

    @pyqtSlot(object)
    def flag(self, lines: dict[int, str]) -> None:
        """Mark the speakers who may be nobody; each with a line that says why."""
        self.model.flag(lines)

    @pyqtSlot()
    def _on_annotation(self) -> None:
        speakers = tuple(r.speaker for r in self.model.rows)
        if self._session.complete or speakers != self._session.annotation.speakers:
            self.refresh()
        elif not self._timer.isActive():
            self._timer.start(PACE_MS)

    @pyqtSlot()
    def refresh(self) -> None:
        """Count everything anew; the selected speakers stay selected."""
        self._timer.stop()
        kept = [s.id for s in self.selected()]
        current = self.model.speaker(self.view.currentIndex().row())
        session = self._session
        self.model.show(session.annotation, marks(session.annotation, session.names))
        if kept != [s.id for s in self.selected()]:
            self._select(kept, None if current is None else current.id)
        self._draw()
        self._enable()

    @pyqtSlot()
    def _draw(self) -> None:
        column = self.number.currentData()
        self.chart.show_bars(
            self.model.titles()[column],
            tuple(
                Bar(
                    called(row.speaker),
                    self.model.value(n, column),
                    self.model.cell(n, column),
                    speaker_style(row.speaker),
                )
                for n, row in enumerate(self.model.rows)
            ),
        )

    # who is selected

    def selected(self) -> list[Speaker]:
        """In the order of the lanes."""
        rows = sorted(i.row() for i in self.view.selectionModel().selectedRows())
        return [s for row in rows if (s := self.model.speaker(row)) is not None]

    def _select(self, speakers: list[int], current: int | None = None) -> None:
        """Select these rows; it isn't the person who goes there."""
        selection = QItemSelection()
        rows = [row for s in speakers if (row := self.model.row(s)) is not None]
        for row in rows:
            selection.select(self.model.index(row, NAME), self.model.index(row, COLUMNS[-1]))
        model = self.view.selectionModel()
        self._following = True
        last = self.model.row(current) if current is not None else None
        if last is None and rows:
            last = rows[-1]
        if last is not None:
            flag = QItemSelectionModel.SelectionFlag.NoUpdate
            model.setCurrentIndex(self.model.index(last, NAME), flag)
        model.select(selection, SELECT_ROWS)
        self._following = False

    @pyqtSlot()
    def _enable(self) -> None:
        chosen, complete = len(self.selected()), self._session.complete
        for name, on in {
            "add": complete,
            "colour": chosen > 0,
            "merge": chosen > 1,
            "up": chosen > 0,
            "down": chosen > 0,
            "remove": complete and chosen > 0,
            "remember_voice": complete and chosen > 0,
            "play_sample": chosen > 0,
            "mute": chosen > 0,
            "solo": chosen > 0,
        }.items():
            self.buttons[name].setEnabled(on)

    @pyqtSlot()
    def _on_current(self) -> None:
        speaker = self.model.speaker(self.view.currentIndex().row())
        if speaker is not None and not self._following:
            self._pick(speaker.id)

    @pyqtSlot(QPoint)
    def _on_menu(self, where: QPoint) -> None:
        # the right button has just gone to the row; the menu key is about the row one is at
        speaker = self.model.speaker(self.view.currentIndex().row())
        if speaker is not None:
            self._pick(speaker.id)
            self.menu_wanted.emit(self.view.viewport().mapToGlobal(where))

    def _pick(self, speaker: int) -> None:
        # the window says it back before the selection is what it will be
        self._following = True
        self.picked.emit(speaker)
        self._following = False

    @pyqtSlot(object)
    def follow(self, speaker: int | None) -> None:
        """The person is at this speaker elsewhere in the window."""
        there = self._following or speaker in [s.id for s in self.selected()]
        if speaker is not None and not there:
            self._select([speaker])

    # what is done to them

    def _want(self, action: str) -> None:
        self._pick(self.selected()[0].id)
        self.action_wanted.emit(action)

    @pyqtSlot(int, str)
    def _rename(self, speaker: int, name: str) -> None:
        try:
            rename(self, self._session, speaker, name)
        except EditError as error:
            self._notices.show_error(error)

    def add(self) -> None:
        """A speaker without turns, whose name is then typed."""
        after, speaker = edits.new_speaker(self._session.annotation)
        try:
            self._session.edit(self.tr("New speaker"), after)
        except EditError as error:
            self._notices.show_error(error)
            return
        row = self.model.row(speaker)
        if row is not None:
            self._select([speaker])
            self.view.setFocus()
            self.view.edit(self.model.index(row, NAME))

    def choose_colour(self) -> None:
        """Ask for the colour of the selected speakers."""
        chosen = self.selected()
        if not chosen:
            return
        dialog = QColorDialog(speaker_style(chosen[0]).color, self)
        dialog.setWindowTitle(self.tr("Colour of {}").format(called(chosen[0])))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setOption(QColorDialog.ColorDialogOption.DontUseNativeDialog)
        dialog.colorSelected.connect(lambda colour: self._recolour(chosen, colour.name()))
        dialog.open()

    def _recolour(self, speakers: list[Speaker], colour: str) -> None:
        there = {s.id for s in self._session.annotation.speakers}
        for speaker in speakers:
            if speaker.id in there:
                self._session.recolour(speaker.id, colour)

    def merge(self) -> None:
        """The selected speakers are one: the first of them."""
        first, *others = self.selected()
        try:
            for other in others:
                self._session.merge_speakers(first.id, other.id)
        except EditError as error:
            self._notices.show_error(error)
        self._select([first.id])

    def move_up(self) -> None:
        self._move(-1)

    def move_down(self) -> None:
        self._move(1)

    def _move(self, by: int) -> None:
        """The selected lanes by one place, as far as there is one."""
        chosen = {s.id for s in self.selected()}
        ids = [s.id for s in self._session.annotation.speakers]
        ordered = ids if by < 0 else ids[::-1]
        for n in range(1, len(ordered)):
            if ordered[n] in chosen and ordered[n - 1] not in chosen:
                ordered[n - 1], ordered[n] = ordered[n], ordered[n - 1]
        ids = ordered if by < 0 else ordered[::-1]
        self._session.reorder(ids)

    def remove(self) -> None:
        """Remove the selected speakers; those with turns are refused."""
        after = self._session.annotation
        try:
            for speaker in self.selected():
                after = edits.remove_speaker(after, speaker.id)
            self._session.edit(self.tr("Remove speaker"), after)
        except EditError as error:
            self._notices.show_error(error)

    # the keyboard

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if watched is self.view and isinstance(event, QKeyEvent):
            run = self._keyed(event)
            if run is not None and event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if run is not None and event.type() == QEvent.Type.KeyPress:
                run()
                return True
        return super().eventFilter(watched, event)

    def _keyed(self, event: QKeyEvent) -> Callable[[], None] | None:
        alt = event.modifiers() == Qt.KeyboardModifier.AltModifier
        return {
            (Qt.Key.Key_Up, True): self.move_up,
            (Qt.Key.Key_Down, True): self.move_down,
            (Qt.Key.Key_Delete, False): self.remove,
        }.get((Qt.Key(event.key()), alt))

    def changeEvent(self, event: QEvent | None) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "buttons"):
            for name, button in self.buttons.items():
                button.setIcon(icon(name))
