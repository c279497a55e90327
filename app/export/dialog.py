"""The dialog that exports: as what (one format or several), which part, where to, and how that will
look."""

from __future__ import annotations

import json
from collections.abc import Sequence
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
from PyQt5.QtGui import QColor, QFontDatabase, QPalette, QPixmap, QTextOption
from PyQt5.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QTextBrowser,
    QVBoxLayout,
)

from app.export.format_list import FormatList
from app.export.groups import GROUPS
from app.export.options import ExportOptions
from app.export.tasks import NAMES, ExportPreview, Job, WebPage, several
from app.preferences import stored
from app.widgets.host import Host
from core.annotation.overlap import overlaps
from core.annotation.values import Annotation, Stretch
from core.export.meeting import AUDIO, in_the_way, suffix
from core.formats import AFTER_ANOTHER, About

PAUSE_MS = 200
"""The preview waits so long for the next key."""

PAGE_STYLE = (
    "th, td { padding: 2px 8px 2px 0 } th { text-align: left } .number { text-align: right }"
)

_LAST, _HABITS = "export/formats", "export/options"
_ONE = "export/format"
"""What versions before remembered."""


class ExportDialog(QDialog):
    """Chooses what is exported.

    Parameters
    ----------
    annotation, about
        What is exported, and the recording.
    selection
        The time that is selected on the timeline: offered as the part.
    """

    chosen = pyqtSignal(object)
    """A tuple of :class:`~app.export.tasks.Job`, to be done."""

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
        self._overlap = bool(overlaps(annotation))
        self._settings, self._run = settings, host.run
        self._asked: Job | None = None
        self._previewing = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._ask_preview)

        self._formats = self._format_list()
        self._options = ExportOptions(annotation, selection)
        self._options.restore(self._habits())
        self._options.changed.connect(self._on_change)
        self._build_preview()
        folder = about.audio.parent if about.audio else Path.home()
        self._ending = ""
        """Of the file's name in the field: none where it stands for several files."""
        self._target = QLineEdit(str(folder / about.uri))
        self._target.setObjectName("target")
        self._hint = QLabel()
        self._hint.setObjectName("hint")
        self._hint.setWordWrap(True)
        self._lay_out()
        room = host.window.screen().availableSize()
        self.resize(min(960, room.width()), min(680, room.height()))
        self._formats.changed.connect(self._on_format)
        self._target.textChanged.connect(self._on_change)
        self._on_format()
        self._formats.setFocus()

    @property
    def format(self) -> str:
        """The format that is looked at, a key of ``core.export.meeting.TITLES``."""
        return self._formats.current

    # the parts

    def _format_list(self) -> FormatList:
        def title(name: str) -> str:
            return QCoreApplication.translate("formats", NAMES.get(name, name))

        last = stored(self._settings, _LAST) or stored(self._settings, _ONE) or ()
        # an ini file gives a list of one back as text
        chosen = [last] if isinstance(last, str) else last if isinstance(last, list) else ()
        formats = FormatList(GROUPS, title, chosen)
        formats.setObjectName("formats")
        formats.setAccessibleName(self.tr("Formats"))
        formats.setToolTip(self.tr("Tick several boxes to export several files at once"))
        return formats

    def _habits(self) -> dict[str, object]:
        try:
            habits = json.loads(str(stored(self._settings, _HABITS) or "{}"))
        except (ValueError, RecursionError):  # an edited file
            return {}
        return habits if isinstance(habits, dict) else {}

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
        self._page = QTextBrowser()
        self._page.setObjectName("page")
        self._page.setOpenLinks(False)
        palette = self._page.palette()  # as a browser shows it, whatever the theme
        palette.setColor(QPalette.ColorRole.Base, QColor("#ffffff"))
        palette.setColor(QPalette.ColorRole.Text, QColor("#222222"))
        self._page.setPalette(palette)
        self._page.document().setDefaultStyleSheet(PAGE_STYLE)
        self._page.setWordWrapMode(QTextOption.WrapMode.WordWrap)
        font = self._page.font()
        font.setPointSizeF(font.pointSizeF() * 0.8)  # there is more of it than room
        self._page.setFont(font)
        for widget in (self._text, scroll, self._page):
            widget.setAccessibleName(self.tr("Preview"))
        self._shown = QStackedWidget()
        self._shown.addWidget(self._text)
        self._shown.addWidget(scroll)
        self._shown.addWidget(self._page)

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
        self._label = QLabel()
        self._label.setBuddy(self._target)
        for widget in (self._label, self._target, browse):
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

    # what the person does

    @pyqtSlot()
    def _on_format(self) -> None:
        chosen = self._formats.chosen
        self._options.show_for((*chosen, self.format))
        several = len(chosen) > 1
        self._label.setText(self.tr("&Files") if several else self.tr("&File"))
        self._target.setAccessibleName(self.tr("Files") if several else self.tr("File"))
        if chosen:
            ending = "" if several else suffix(chosen[0])
            target = self._target.text()
            if target.lower().endswith(self._ending.lower()):
                self._target.setText(target[: len(target) - len(self._ending)] + ending)
            self._ending = ending
        self._on_change()

    @pyqtSlot()
    def _on_change(self, *_what: object) -> None:
        jobs, problem = self._jobs()
        self._hint.setText(problem or self._told(jobs))
        self._buttons.button(QDialogButtonBox.Ok).setEnabled(bool(jobs))
        shown = self._shown_job()
        if shown is not None and shown != self._asked:
            if self._asked is None or shown.format != self._asked.format:
                # nobody should take what is there for the beginning of another format
                self._asked = None
                self._text.setPlainText(self.tr("The preview comes in a moment…"))
                self._shown.setCurrentWidget(self._text)
            self._timer.start()

    def _told(self, jobs: Sequence[Job]) -> str:
        """Which files there will be, if that isn't said by the field, and what they can't hold."""
        told = []
        if len(jobs) > 1:
            files = [file.name for job in jobs for file in job.files]
            told.append(self.tr("{} files: {}").format(len(files), ", ".join(files)))
        if self._overlap and any(job.format in AFTER_ANOTHER for job in jobs):
            told.append(
                self.tr("What is said at once stands one after the other, by when it begins.")
            )
        return "\n".join(told)

    def _browse(self) -> None:
        dialog = QFileDialog(self, self.tr("Export to"), self._target.text())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if len(self._formats.chosen) > 1:
            dialog.setFileMode(QFileDialog.FileMode.Directory)
            dialog.setDirectory(str(Path(self._target.text()).parent))
            dialog.fileSelected.connect(self._take_folder)
        else:
            dialog.setAcceptMode(QFileDialog.AcceptSave)
            dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)  # it is asked about once
            dialog.setDefaultSuffix(self._ending.removeprefix("."))
            title = self._formats.item_of(self.format).text(0)
            dialog.setNameFilter(f"{title} (*{self._ending})")
            dialog.fileSelected.connect(self._target.setText)
        dialog.open()

    @pyqtSlot(str)
    def _take_folder(self, folder: str) -> None:
        self._target.setText(str(Path(folder, Path(self._target.text()).name or self._about.uri)))

    def _files(self, formats: Sequence[str]) -> dict[str, Path]:
        """Where each format goes."""
        target = Path(self._target.text().strip())
        if not target.name:
            return {}
        if len(formats) == 1 and tuple(formats) == self._formats.chosen:
            return {formats[0]: target}
        return several(target, formats)

    def _jobs(self) -> tuple[tuple[Job, ...], str]:
        """What is asked for; nothing, and why, if it can't be done."""
        options, problem = self._options.options()
        chosen = self._formats.chosen
        if not problem and not chosen:
            problem = self.tr("Tick at least one format")
        files = self._files(chosen)
        if not problem and not files:
            problem = self.tr("Choose a file to write")
        if problem:
            return (), problem
        about = self._options.about(self._about)
        jobs = tuple(
            Job(self._annotation, file, name, options, about) for name, file in files.items()
        )
        problem = next(filter(None, map(self._problem, jobs)), "")
        return ((), problem) if problem else (jobs, "")

    def _problem(self, job: Job) -> str:
        """Why this can't be done."""
        if job.format in AUDIO and not job.files:
            return self.tr("Nobody speaks in what is chosen")
        if not job.target.parent.is_dir():
            return self.tr("There is no folder {}").format(job.target.parent)
        audio = job.about.audio
        for file in in_the_way(job.files):
            if audio is not None and audio.exists() and file.samefile(audio):
                told = self.tr("{} is the recording itself: choose another name")
                return told.format(file.name)
        return ""

    def _shown_job(self) -> Job | None:
        """What is looked at, whether it is ticked or not."""
        options, problem = self._options.options()
        target = self._files((self.format,)).get(self.format)
        if problem or target is None:
            return None
        about = self._options.about(self._about)
        return Job(self._annotation, target, self.format, options, about)

    @pyqtSlot()
    def _confirm(self) -> None:
        jobs, _ = self._jobs()
        if not jobs:
            return
        there = in_the_way([file for job in jobs for file in job.files])
        if not there:
            self._choose(jobs)
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
        replacing = tuple(replace(job, replace=True) for job in jobs)
        yes.clicked.connect(lambda: self._choose(replacing))
        box.open()

    def _choose(self, jobs: tuple[Job, ...]) -> None:
        self._settings.setValue(_LAST, [job.format for job in jobs])
        self._settings.setValue(_HABITS, json.dumps(self._options.habits))
        self._settings.remove(_ONE)
        self.chosen.emit(jobs)
        self.accept()

    # the preview

    @pyqtSlot()
    def _ask_preview(self) -> None:
        job = self._shown_job()
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
    def _show_preview(self, result: tuple[Job, str | bytes | WebPage]) -> None:
        job, content = result
        if job != self._asked:
            return
        if isinstance(content, str):
            self._text.setPlainText(content)
            self._shown.setCurrentIndex(0)
            return
        if isinstance(content, WebPage):
            width = max(self._shown.width() - 60, 200)
            self._page.setHtml(content.html.replace("<img ", f'<img width="{width}" '))
            self._shown.setCurrentWidget(self._page)
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
