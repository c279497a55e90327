"""Recordings that a crash or a power cut interrupted: offered at the start, until decided about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PyQt5.QtCore import QLocale, QObject, Qt, pyqtSignal, pyqtSlot
from PyQt5.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.widgets.jobs import Jobs
from app.widgets.questions import Answer, ask
from core.units import short_time, to_samples

if TYPE_CHECKING:
    from app.widgets.host import Host
    from core.annotation.values import Marker
    from core.audio.recorder import Unfinished


class Recovery(QObject):
    """Looks for interrupted recordings and does with each what a person decides.

    Those that another window is still writing are never offered, and what is skipped comes again
    at the next start.
    """

    recovered = pyqtSignal(object, object)
    """The Path of a recording that is whole again, the one that was recovered last, and the
    markers that were put in it, a tuple."""
    discarded = pyqtSignal(object)
    """The Path of one that is deleted."""
    nothing_found = pyqtSignal()
    """No recording was interrupted."""

    def __init__(self, host: Host) -> None:
        super().__init__(host.window)
        self._window = host.window
        self._jobs = Jobs(self)
        self._jobs.failed.connect(host.notices.show_error)
        self.looked = False
        """Whether it is known what there is."""

    def offer(self, folder: Path) -> None:
        """Ask about the interrupted recordings in a folder and elsewhere, if there are any."""

        def look() -> list[Unfinished]:
            from core.audio.recorder import find_interrupted

            return find_interrupted(folder)

        self._jobs.do(look, self._on_found)

    def _on_found(self, found: list[Unfinished]) -> None:
        self.looked = True
        if not found:
            self.nothing_found.emit()
        elif self._window.isVisible():
            dialog = RecoveryDialog(found, self._window)
            dialog.recover.connect(self._recover)
            dialog.discard.connect(self._discard)
            dialog.open()

    @pyqtSlot(object)
    def _recover(self, unfinished: Unfinished) -> None:
        def recover() -> Path:
            from core.audio.recorder import recover

            return recover(unfinished)

        self._jobs.do(recover, lambda path: self.recovered.emit(path, _markers(unfinished)))

    @pyqtSlot(object)
    def _discard(self, unfinished: Unfinished) -> None:
        def discard() -> None:
            from core.audio.recorder import discard

            discard(unfinished)

        self._jobs.do(discard, lambda _: self.discarded.emit(unfinished.path))

    def cancel(self) -> None:
        """The window closes."""

    def join(self, timeout_s: float) -> bool:
        return self._jobs.join(timeout_s)


class RecoveryDialog(QDialog):
    """The list of interrupted recordings, and what can be done with the selected one."""

    recover = pyqtSignal(object)
    discard = pyqtSignal(object)

    def __init__(self, found: list[Unfinished], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("recovery")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Interrupted recordings"))
        text = QLabel(
            self.tr(
                "Voicelanes or the computer ended while these were recorded. "
                "What was recorded until then is on the disk."
            )
        )
        text.setWordWrap(True)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Interrupted recordings"))
        self.list.itemDoubleClicked.connect(lambda _: self._decide(self.recover.emit))
        for unfinished in found:
            item = QListWidgetItem(_described(unfinished))
            item.setToolTip(str(unfinished.path))
            item.setData(Qt.ItemDataRole.UserRole, unfinished)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        row = QHBoxLayout()
        recover = self._button("recover", self.tr("&Recover and open"), row)
        recover.setDefault(True)
        recover.clicked.connect(lambda: self._decide(self.recover.emit))
        discard = self._button("discard", self.tr("&Discard…"), row)
        discard.clicked.connect(self._ask_to_discard)
        skip = self._button("skip", self.tr("&Skip (keeps them)"), row)
        skip.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(text)
        column.addWidget(self.list)
        column.addLayout(row)
        self.resize(560, 280)

    def _button(self, name: str, text: str, row: QHBoxLayout) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        row.addWidget(button)
        return button

    def _decide(self, say: Callable[[Any], None]) -> None:
        item = self.list.takeItem(self.list.currentRow())
        if item is not None:
            say(item.data(Qt.ItemDataRole.UserRole))
        if self.list.count() == 0:
            self.accept()

    def _ask_to_discard(self) -> None:
        item = self.list.currentItem()
        if item is None:
            return
        unfinished = item.data(Qt.ItemDataRole.UserRole)

        def answered(answer: str) -> None:
            if answer == "delete":
                self._decide(self.discard.emit)

        ask(
            self,
            self.tr("Delete {} for good?").format(unfinished.path.name),
            self.tr("It is {} long and can't be brought back.").format(_length(unfinished)),
            (
                Answer("delete", self.tr("&Delete"), QMessageBox.ButtonRole.DestructiveRole),
                Answer("keep", self.tr("&Keep it"), QMessageBox.ButtonRole.RejectRole),
            ),
            answered,
        )


def _described(unfinished: Unfinished) -> str:
    began = datetime.fromtimestamp(unfinished.began)
    date = QLocale().toString(began, QLocale.FormatType.ShortFormat)
    return f"{unfinished.path.name}\n{date} · {_length(unfinished)}"


def _length(unfinished: Unfinished) -> str:
    return short_time(to_samples(unfinished.seconds))


def _markers(unfinished: Unfinished) -> tuple[Marker, ...]:
    """The markers among the notes that were kept beside the sound."""
    from core.annotation.values import Marker

    found = []
    for note in unfinished.notes:
        match note.get("marker"):
            case [int(at), str(text)]:
                found.append(Marker(at, text))
    return tuple(found)
