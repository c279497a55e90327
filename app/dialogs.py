"""The file dialogs and what they offer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PyQt5.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, Qt
from PyQt5.QtWidgets import QFileDialog, QWidget

from core.formats import FORMATS

AUDIO = ("wav", "flac", "mp3", "ogg", "oga", "opus", "m4a", "aac", "wma", "aiff", "aif", "au",
         "w64", "rf64", "caf", "amr", "3gp")  # fmt: skip
VIDEO = ("mp4", "m4v", "mov", "mkv", "webm", "avi", "mpg", "mpeg", "ts", "wmv", "flv")

NAMES = {
    "rttm": QT_TRANSLATE_NOOP("dialogs", "RTTM, for scoring tools"),
    "csv": QT_TRANSLATE_NOOP("dialogs", "Table (CSV), for spreadsheets"),
    "json": QT_TRANSLATE_NOOP("dialogs", "JSON, for programs"),
    "txt": QT_TRANSLATE_NOOP("dialogs", "Text, to read"),
    "audacity": QT_TRANSLATE_NOOP("dialogs", "Audacity labels"),
}
"""What a format is for; one that isn't here goes by its own name."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("dialogs", text)


def ask_recording(parent: QWidget, folder: str, then: Callable[[Path], None]) -> QFileDialog:
    """Let the person choose a recording; ``then`` gets it. Does not wait."""
    media = " ".join(f"*.{e} *.{e.upper()}" for e in AUDIO + VIDEO)
    dialog = QFileDialog(parent, _tr("Open recording"), folder)
    dialog.setFileMode(QFileDialog.ExistingFile)
    dialog.setNameFilters([f"{_tr('Audio and video')} ({media})", f"{_tr('All files')} (*)"])
    return _opened(dialog, lambda name: then(Path(name)))


def ask_target(
    parent: QWidget, folder: str, stem: str, then: Callable[[Path, str], None]
) -> QFileDialog:
    """Let the person choose where to write and as what; ``then`` gets path and format.

    The dialog itself asks before an existing file is replaced.
    """
    filters = {
        f"{_tr(NAMES.get(name, name))} (*{row.suffix})": name for name, row in FORMATS.items()
    }
    dialog = QFileDialog(parent, _tr("Save turns as"), folder)
    dialog.setAcceptMode(QFileDialog.AcceptSave)
    dialog.setNameFilters(list(filters))

    def chosen_format() -> str:
        return filters[dialog.selectedNameFilter()]

    def ending(_filter: str = "") -> None:
        # with the ending added by the dialog, it is the final name that it asks about
        dialog.setDefaultSuffix(FORMATS[chosen_format()].suffix.removeprefix("."))

    dialog.filterSelected.connect(ending)
    ending()
    dialog.selectFile(stem)
    return _opened(dialog, lambda name: then(Path(name), chosen_format()))


def _opened(dialog: QFileDialog, then: Callable[[str], None]) -> QFileDialog:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(then)
    dialog.open()
    return dialog
