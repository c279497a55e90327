"""The dialog that exports: as what, which part, where to, and how it will look."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PyQt5.QtCore import (
    QCoreApplication,
    QSettings,
    Qt,
    QTimer,
    pyqtSignal,
    pyqtSlot,
)
from PyQt5.QtGui import QFontDatabase, QPixmap
from PyQt5.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
)

from app.export.options import ExportOptions
from app.export.tasks import NAMES, ExportPreview, Job
from app.preferences import stored
from app.widgets.host import Host
from core.annotation.values import Annotation, Stretch
from core.export.meeting import AUDIO, TITLES, in_the_way, suffix
from core.formats import About

PAUSE_MS = 200
"""The preview waits so long for the next key."""

_LAST = "export/format"


class ExportDialog(QDialog):
    """Chooses one export.

    Parameters
    ----------
    annotation, about
        What is exported, and the recording.
    selection
        The time that is selected on the timeline: offered as the part.
    """

    chosen = pyqtSignal(object)
    """A :class:`~app.export.tasks.Job`, to be done."""

    def __init__(
        self,
        annotation: Annotation,
        about: About,
        selection: Stretch | None,
        settings: QSettings,
        host: Host,
    ) -> None:
        super().__init__(host.window)
        self.setWindowTitle(self.tr("Export"))
        self.setWindowFlag(Qt.WindowType.WindowContextHelpButtonHint, False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._annotation, self._about = annotation, about
        self._settings, self._run = settings, host.run
        self._asked: Job | None = None
        self._previewing = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._ask_preview)

        self._formats = self._format_list()
        self._options = ExportOptions(annotation, selection)
        self._options.changed.connect(self._on_change)
        self._build_preview()
        folder = about.audio.parent if about.audio else Path.home()
        self._target = QLineEdit(str(folder / f"{about.uri}{suffix(self.format)}"))
        self._target.setObjectName("target")
        self._target.setAccessibleName(self.tr("File"))
        self._hint = QLabel()
        self._hint.setObjectName("hint")
        self._hint.setWordWrap(True)
        self._lay_out()
        self._formats.currentRowChanged.connect(self._on_format)
        self._target.textChanged.connect(self._on_change)
        self._suffix = suffix(self.format)
        self._on_format()
        self._formats.setFocus()

    @property
    def format(self) -> str:
        """The format that is chosen, a key of ``core.export.meeting.TITLES``."""
        return str(self._formats.currentItem().data(Qt.ItemDataRole.UserRole))

    # the parts

    def _format_list(self) -> QListWidget:
        formats = QListWidget()
        formats.setObjectName("formats")
        formats.setAccessibleName(self.tr("Format"))
        last = str(stored(self._settings, _LAST) or "")
        for name in TITLES:
            item = QListWidgetItem(QCoreApplication.translate("formats", NAMES[name]), formats)
            item.setData(Qt.ItemDataRole.UserRole, name)
            if name == last:
                formats.setCurrentItem(item)
        if formats.currentRow() < 0:
            formats.setCurrentRow(0)
        formats.setMinimumWidth(formats.sizeHintForColumn(0) + 30)
        return formats

    def _build_preview(self) -> None:
        self._text = QPlainTextEdit()
        self._text.setObjectName("preview")
        self._text.setReadOnly(True)
        self._text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._text.setTabChangesFocus(True)
        self._picture = QLabel()
        self._picture.setObjectName("picture")
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        scroll = QScrollArea()
        scroll.setWidget(self._picture)
        scroll.setWidgetResizable(True)
        for widget in (self._text, scroll):
            widget.setAccessibleName(self.tr("Preview"))
        self._shown = QStackedWidget()
        self._shown.addWidget(self._text)
        self._shown.addWidget(scroll)

    def _lay_out(self) -> None:
        right = QVBoxLayout()
        right.addWidget(self._options)
        right.addWidget(self._shown, 1)
        top = QHBoxLayout()
        top.addWidget(self._formats)
        top.addLayout(right, 1)
        browse = QPushButton(self.tr("&Browse…"))
        browse.setObjectName("browse")
        browse.clicked.connect(self._browse)
        browse.setAutoDefault(False)
        row = QHBoxLayout()
        label = QLabel(self.tr("&File"))
        label.setBuddy(self._target)
        for widget in (label, self._target, browse):
            row.addWidget(widget)
        self._buttons = QDialogButtonBox(QDialogButtonBox.Ok | QDialogButtonBox.Cancel)
        self._buttons.button(QDialogButtonBox.Ok).setText(self.tr("&Export"))
        self._buttons.accepted.connect(self._confirm)
        self._buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addLayout(top, 1)
        column.addLayout(row)
        column.addWidget(self._hint)
        column.addWidget(self._buttons)
        self.resize(860, 600)

    # what the person does

    @pyqtSlot()
    @pyqtSlot(int)
    def _on_format(self, _row: int = 0) -> None:
        self._options.set_sound(self.format in AUDIO)
        target, ending = self._target.text(), suffix(self.format)
        if target.lower().endswith(self._suffix.lower()):
            self._target.setText(target[: -len(self._suffix)] + ending)
        self._suffix = ending
        self._on_change()

    @pyqtSlot()
    def _on_change(self, *_what: object) -> None:
        job, problem = self._job()
        self._hint.setText(problem)
        self._buttons.button(QDialogButtonBox.Ok).setEnabled(job is not None)
        if job is not None and job != self._asked:
            self._timer.start()

    def _browse(self) -> None:
        dialog = QFileDialog(self, self.tr("Export to"), self._target.text())
        dialog.setAcceptMode(QFileDialog.AcceptSave)
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)  # it is asked about once, here
        dialog.setDefaultSuffix(self._suffix.removeprefix("."))
        dialog.setNameFilter(f"{self._formats.currentItem().text()} (*{self._suffix})")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._target.setText)
        dialog.open()

    def _job(self) -> tuple[Job | None, str]:
        """What is asked for, or None and why it can't be done."""
        options, problem = self._options.options()
        if problem:
            return None, problem
        text = self._target.text().strip()
        if not Path(text).name:
            return None, self.tr("Choose a file to write")
        return self._checked(Job(self._annotation, Path(text), self.format, options, self._about))

    def _checked(self, job: Job) -> tuple[Job | None, str]:
        if not job.files:
            return None, self.tr("Nobody speaks in what is chosen")
        if not job.target.parent.is_dir():
            return None, self.tr("There is no folder {}").format(job.target.parent)
        audio = job.about.audio
        for file in in_the_way(job.files):
            if audio is not None and audio.exists() and file.samefile(audio):
                return None, self.tr("{} is the recording itself: choose another name").format(
                    file.name
                )
        return job, ""

    @pyqtSlot()
    def _confirm(self) -> None:
        job, _ = self._job()
        if job is None:
            return
        there = in_the_way(job.files)
        if not there:
            self._choose(job)
            return
        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setObjectName("replace")
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle(self.tr("Replace?"))
        box.setTextFormat(Qt.TextFormat.PlainText)
        names = ", ".join(file.name for file in there[:5]) + ("…" if len(there) > 5 else "")
        box.setText(self.tr("Already there: {}").format(names))
        yes = box.addButton(self.tr("&Replace"), QMessageBox.ButtonRole.AcceptRole)
        yes.setObjectName("yes")
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        yes.clicked.connect(lambda: self._choose(replace(job, replace=True)))
        box.open()

    def _choose(self, job: Job) -> None:
        self._settings.setValue(_LAST, job.format)
        self.chosen.emit(job)
        self.accept()

    # the preview

    @pyqtSlot()
    def _ask_preview(self) -> None:
        job, _ = self._job()
        if job is None:
            return
        if self._previewing:  # one at a time; this one when that has ended
            self._timer.start()
            return
        self._asked, self._previewing = job, True
        worker = ExportPreview(job)
        worker.done.connect(self._show_preview)
        worker.ended.connect(self._preview_ended)
        self._run(worker)

    @pyqtSlot(object)
    def _show_preview(self, result: tuple[Job, str | bytes]) -> None:
        job, content = result
        if job != self._asked:
            return
        if isinstance(content, str):
            self._text.setPlainText(content)
            self._shown.setCurrentIndex(0)
            return
        picture = QPixmap()
        picture.loadFromData(content)
        width = max(self._shown.width() - 30, 200)
        self._picture.setPixmap(
            picture.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)
            if picture.width() > width
            else picture
        )
        self._shown.setCurrentIndex(1)

    @pyqtSlot()
    def _preview_ended(self) -> None:
        self._previewing = False
