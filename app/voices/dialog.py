"""The voices that are remembered: inspect, hear, repair, rename, merge, export, test, delete."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PyQt5.QtCore import Qt, pyqtSignal, pyqtSlot
from PyQt5.QtGui import QIcon
from PyQt5.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QMenu,
    QMessageBox,
    QPushButton,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.voices.remember_dialog import consent
from app.voices.tables import SamplesModel, VoicesModel
from app.widgets.dialogs import ask_folder
from app.widgets.notices import Problem
from app.widgets.questions import Answer, ask
from app.widgets.tables import table

if TYPE_CHECKING:
    from app.playback.clip_player import ClipPlayer
    from app.widgets.jobs import Jobs
    from core.voices.book import Sample, Voice, VoiceBook


@dataclass(frozen=True)
class Shelf:
    """What the dialog shows, read in a thread."""

    voices: Sequence[Voice]
    encoder: str
    least: float


class VoicesDialog(QDialog):
    """Everything that is known of voices on this machine, and what can be done to it.

    Parameters
    ----------
    jobs
        Where the voices are read and written, in order with what else does that.
    clips
        Plays a sample; None while the microphone would hear it.
    test
        Says line by line who of the voices speaks in the open recording; None without one. Called
        in a thread.
    """

    changed = pyqtSignal()
    """The voices are others than before."""
    renew_wanted = pyqtSignal()
    """Let the encoder in use hear the kept samples."""

    def __init__(
        self,
        jobs: Jobs,
        clips: ClipPlayer | None,
        test: Callable[[], Sequence[str]] | None,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._jobs, self._clips, self._test = jobs, clips, test
        self._closed = False
        self._encoder, self._least = "", -1.0
        self._wanted: int | None = None  # the voice to be selected
        self.setObjectName("voices")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Known voices"))
        self.resize(980, 520)
        self.voices, self.samples = VoicesModel(self), SamplesModel(self)
        self.voice_view = table(self.voices, "known_voices", self.tr("Voices"))
        self.voice_view.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.sample_view = table(self.samples, "voice_samples", self.tr("Samples of this voice"))
        for view in (self.voice_view, self.sample_view):
            columns = view.horizontalHeader()
            columns.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
            columns.setStretchLastSection(True)
        self.buttons: dict[str, QPushButton] = {}
        self._message = QLabel()
        self._message.setObjectName("message")
        self._message.setWordWrap(True)
        self._message.setTextFormat(Qt.TextFormat.PlainText)
        self._message.hide()
        self._lay_out()
        self.voices.renamed.connect(self._rename)
        self.voice_view.selectionModel().selectionChanged.connect(self._on_voice)
        self.sample_view.selectionModel().selectionChanged.connect(self._enable)
        self.sample_view.doubleClicked.connect(self.play)
        if clips is not None:
            clips.failed.connect(self._say)
        self.refresh()

    def _lay_out(self) -> None:
        self.banner = QFrame()
        self.banner.setObjectName("outdated")
        self.banner.setStyleSheet(
            "QFrame#outdated { background: palette(base); border-left: 6px solid #D55E00 }"
        )
        self._outdated = QLabel()
        self._outdated.setWordWrap(True)
        row = QHBoxLayout(self.banner)
        row.addWidget(self._outdated, 1)
        self._add(row, "renew", self.tr("&Hear the samples anew"), self._renew)
        left = self._side(
            self.voice_view,
            ("rename", self.tr("&Rename"), self.rename),
            ("merge", self.tr("&Merge with…"), self.merge),
            ("export", self.tr("&Export…"), self.export),
            ("forget", self.tr("&Delete…"), self.forget),
            ("test", self.tr("&Test on the open recording"), self.test),
        )
        right = self._side(
            self.sample_view,
            ("play", self.tr("&Play"), self.play),
            ("remove", self.tr("Delete &samples"), self.remove),
        )
        splitter = QSplitter()
        splitter.addWidget(left)
        splitter.addWidget(right)
        splitter.setChildrenCollapsible(False)
        splitter.setSizes([480, 500])
        self.where = QLabel()
        self.where.setObjectName("consent")
        self.where.setWordWrap(True)
        self.where.setTextFormat(Qt.TextFormat.PlainText)
        close = QDialogButtonBox(QDialogButtonBox.Close)
        close.button(QDialogButtonBox.Close).setIcon(QIcon())  # Qt's own is black, in the dark too
        close.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self.banner)
        column.addWidget(splitter, 1)
        column.addWidget(self._message)
        column.addWidget(self.where)
        column.addWidget(close)

    def _side(self, view: QTableView, *buttons: tuple[str, str, Callable[[], None]]) -> QWidget:
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(view, 1)
        row = QHBoxLayout()
        for name, text, run in buttons:
            self._add(row, name, text, run)
        row.addStretch(1)
        column.addLayout(row)
        return side

    def _add(self, row: QHBoxLayout, name: str, text: str, run: Callable[[], None]) -> None:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _on, do=run: do())
        self.buttons[name] = button
        row.addWidget(button)

    # what is there

    def refresh(self) -> None:
        """Read the voices anew; the selected one stays selected."""

        def read() -> Shelf:
            from core.models.folders import current_models
            from core.voices.recognition import Limits

            encoder = current_models().encoder
            limits = Limits.of(encoder)
            return Shelf(_book().voices(), encoder.sha256, limits.perhaps if limits else -1.0)

        self._do(read, self._on_read)

    def _on_read(self, shelf: Shelf) -> None:
        chosen = self._wanted if self._wanted is not None else self._chosen_id()
        self._wanted = None
        self._encoder, self._least = shelf.encoder, shelf.least
        self.where.setText(consent(_book().path))
        self.voices.show(shelf.voices, shelf.encoder)
        old = [v.name for v in shelf.voices if v.encoders - {shelf.encoder}]
        self._outdated.setText(
            self.tr(
                "Another encoder heard samples of {}: voice prints of two encoders can't be"
                " compared. The samples that were kept can be heard anew by the one in use."
            ).format(", ".join(old))
        )
        self.banner.setVisible(bool(old))
        ids = [voice.id for voice in shelf.voices]
        if ids:
            self.voice_view.selectRow(ids.index(chosen) if chosen in ids else 0)
        if not self._message.text() and not ids:
            self._say(
                self.tr(
                    "No voice is remembered. Right-click a speaker and choose Remember this voice."
                )
            )
        self._on_voice()

    def _chosen_id(self) -> int | None:
        voice = self.voice()
        return None if voice is None else voice.id

    def voice(self) -> Voice | None:
        """The selected one."""
        rows = self.voice_view.selectionModel().selectedRows()
        row = rows[0].row() if rows else -1
        return self.voices.voices[row] if 0 <= row < len(self.voices.voices) else None

    @pyqtSlot()
    def _on_voice(self) -> None:
        voice = self.voice()
        self._enable()
        if voice is None:
            self.samples.show((), (), "", 0.0)
            return

        def read() -> tuple[list[Sample], list[float | None]]:
            from core.voices.enrolment import likeness

            samples = _book().samples(voice.id)
            return samples, likeness(samples)

        def show(found: tuple[list[Sample], list[float | None]]) -> None:
            if self._chosen_id() == voice.id:
                self.samples.show(*found, self._encoder, self._least)
                if found[0]:
                    self.sample_view.selectRow(0)
                self._enable()

        self._do(read, show)

    def chosen_samples(self) -> list[Sample]:
        """The selected ones."""
        rows = sorted(i.row() for i in self.sample_view.selectionModel().selectedRows())
        return [self.samples.samples[n] for n in rows if n < len(self.samples.samples)]

    @pyqtSlot()
    def _enable(self) -> None:
        voice, samples = self.voice() is not None, self.chosen_samples()
        for name, on in {
            "rename": voice,
            "merge": voice and len(self.voices.voices) > 1,
            "export": voice,
            "forget": voice,
            "test": self._test is not None and bool(self.voices.voices),
            "play": self._clips is not None and any(len(s.clip) for s in samples),
            "remove": bool(samples),
        }.items():
            self.buttons[name].setEnabled(on)

    # what is done

    def rename(self) -> None:
        """Type the name in its place."""
        rows = self.voice_view.selectionModel().selectedRows()
        if rows:
            self.voice_view.setFocus()
            self.voice_view.edit(rows[0])

    @pyqtSlot(int, str)
    def _rename(self, voice: int, name: str) -> None:
        self._change(lambda book: book.rename(voice, name))

    def merge(self) -> None:
        """Ask which other voice is the same person's."""
        keep = self.voice()
        if keep is None:
            return
        menu = QMenu(self)
        menu.setObjectName("merge_voices")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addSection(self.tr("{} is the same person as").format(keep.name))
        for other in self.voices.voices:
            if other.id != keep.id:
                entry = menu.addAction(other.name.replace("&", "&&"))
                entry.triggered.connect(partial(self._merge, keep, other))
        button = self.buttons["merge"]
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))

    def _merge(self, keep: Voice, gone: Voice, _checked: bool) -> None:
        def answered(answer: str) -> None:
            if answer == "merge":
                self._change(lambda book: book.merge(keep.id, gone.id))

        ask(
            self,
            self.tr("Give all samples of {} to {}?").format(gone.name, keep.name),
            self.tr("They are one voice then; this can't be undone."),
            (
                Answer("merge", self.tr("&Merge")),
                Answer("cancel", self.tr("Cancel"), QMessageBox.ButtonRole.RejectRole),
            ),
            answered,
        )

    def export(self) -> None:
        """Ask where to, and write all that is known of the voice."""
        voice = self.voice()
        if voice is not None:
            ask_folder(self, self.tr("Export voice to"), partial(self._export, voice))

    def _export(self, voice: Voice, folder: Path) -> None:
        def write() -> list[Path]:
            from core.voices.enrolment import export_voice

            return export_voice(_book(), voice, folder)

        def done(files: list[Path]) -> None:
            text = self.tr("Files written into {1}: {0}").format(len(files), folder)
            self._say(text)

        self._do(write, done)

    def forget(self) -> None:
        """Delete the voice, after a question."""
        voice = self.voice()
        if voice is None:
            return

        def answered(answer: str) -> None:
            if answer == "delete":
                text = self.tr("{} is deleted").format(voice.name)
                self._change(lambda book: book.forget(voice.id), text)

        ask(
            self,
            self.tr("Delete the voice of {} for good?").format(voice.name),
            self.tr(
                "All {} samples are overwritten on the disk and can't be brought back. Names in"
                " meetings stay."
            ).format(voice.samples),
            (
                Answer("delete", self.tr("&Delete"), QMessageBox.ButtonRole.DestructiveRole),
                Answer("keep", self.tr("&Keep it"), QMessageBox.ButtonRole.RejectRole),
            ),
            answered,
        )

    def play(self) -> None:
        """Play the first selected sample."""
        sample = next((s for s in self.chosen_samples() if len(s.clip)), None)
        if sample is not None and self._clips is not None:
            self._clips.play(sample.clip)

    def remove(self) -> None:
        """Delete the selected samples: they are somebody else's."""
        ids = [sample.id for sample in self.chosen_samples()]
        if ids:
            text = self.tr("Samples deleted: {}").format(len(ids))
            self._change(lambda book: book.forget_samples(ids), text)

    def test(self) -> None:
        """Say who of the voices speaks in the open recording."""
        if self._test is not None:
            self._do(self._test, lambda lines: self._say("\n".join(lines)))

    def _renew(self) -> None:
        self.buttons["renew"].setEnabled(False)
        self._say(self.tr("The kept samples are being heard…"))
        self.renew_wanted.emit()

    @pyqtSlot()
    def on_changed(self) -> None:
        """Something else changed the voices."""
        self.buttons["renew"].setEnabled(True)
        self._say("")
        self.refresh()

    def _do(self, function: Callable[[], Any], done: Callable[[Any], None]) -> None:
        """Run it in the thread; the dialog may be gone when it is done."""

        def go_on(result: Any) -> None:
            if not self._closed:
                done(result)

        def failed(error: BaseException) -> None:
            if not self._closed:
                self.on_failed(error)

        self._jobs.do(function, go_on, failed)

    def _change(self, how: Callable[[VoiceBook], object], told: str = "") -> None:
        def done(_result: Any) -> None:
            self._say(told)
            self.refresh()
            self.changed.emit()

        self._do(lambda: how(_book()), done)

    @pyqtSlot(str)
    def _say(self, text: str) -> None:
        self._message.setText(text)
        self._message.setVisible(bool(text))

    @pyqtSlot(object)
    def on_failed(self, error: BaseException) -> None:
        """Say what went wrong with the voices."""
        self.buttons["renew"].setEnabled(True)
        self._say(Problem.of(error).message)
        self._enable()

    def done(self, result: int) -> None:
        """Closed: what plays ends."""
        self._closed = True
        if self._clips is not None:
            self._clips.stop()
        super().done(result)


def _book() -> VoiceBook:
    from core.voices.book import VoiceBook

    return VoiceBook()
