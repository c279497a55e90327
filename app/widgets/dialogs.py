"""The file dialogs and what they offer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PyQt5.QtCore import QCoreApplication, Qt
from PyQt5.QtWidgets import QFileDialog, QWidget

from core.audio.kinds import ENDINGS
from core.meeting.names import SUFFIX


def _tr(text: str) -> str:
    return QCoreApplication.translate("dialogs", text)


def ask_recording(parent: QWidget, folder: str, then: Callable[[Path], None]) -> QFileDialog:
    """Let the person choose a recording; ``then`` gets it. Does not wait."""
    media = " ".join(f"*.{e} *.{e.upper()}" for e in sorted(ENDINGS))
    dialog = QFileDialog(parent, _tr("Open recording"), folder)
    dialog.setFileMode(QFileDialog.ExistingFile)
    dialog.setNameFilters(
        [f"{_tr('Audio, video and meetings')} ({media} *{SUFFIX})", f"{_tr('All files')} (*)"]
    )
    return _opened(dialog, lambda name: then(Path(name)))


def ask_recordings(parent: QWidget, folder: str, then: Callable[[Path], None]) -> QFileDialog:
    """Let the person choose a folder of recordings."""
    return _asked_folder(QFileDialog(parent, _tr("Open a folder of recordings"), folder), then)


def ask_results(parent: QWidget, folder: str, then: Callable[[Path], None]) -> QFileDialog:
    """Let the person choose where the results of a folder of recordings go."""
    return _asked_folder(QFileDialog(parent, _tr("Folder for the results"), folder), then)


def ask_meeting(parent: QWidget, path: Path, then: Callable[[Path], None]) -> QFileDialog:
    """Let the person choose where to save a meeting; asks before a file is replaced."""
    dialog = QFileDialog(parent, _tr("Save meeting as"), str(path.parent))
    dialog.setAcceptMode(QFileDialog.AcceptSave)
    dialog.setNameFilters([f"{_tr('Meeting of Voicelanes')} (*{SUFFIX})"])
    dialog.setDefaultSuffix(SUFFIX.removeprefix("."))
    dialog.selectFile(path.name)
    return _opened(dialog, lambda name: then(Path(name)))


TURNS = (
    *(".rttm", ".TextGrid", ".eaf", ".txt", ".json"),
    *(".csv", ".tsv", ".lab", ".srt", ".vtt"),
)
"""Endings of files that can be read, as their programs write them."""


def ask_turns(parent: QWidget, folder: str, then: Callable[[Path], None]) -> QFileDialog:
    """Let the person choose a file with turns of another program."""
    endings = " ".join(f"*{ending}" for ending in TURNS)
    dialog = QFileDialog(parent, _tr("Import turns"), folder)
    dialog.setFileMode(QFileDialog.ExistingFile)
    dialog.setNameFilters(
        [
            f"{_tr('Files with turns')} ({endings})",
            f"{_tr('All files')} (*)",
        ]
    )
    return _opened(dialog, lambda name: then(Path(name)))


def ask_transcript(parent: QWidget, folder: str, then: Callable[[Path], None]) -> QFileDialog:
    """Let the person choose a file with what is said."""
    from core.transcripts.reading import ENDINGS as WITH_WORDS

    endings = " ".join(f"*{ending}" for ending in WITH_WORDS)
    dialog = QFileDialog(parent, _tr("Import words"), folder)
    dialog.setFileMode(QFileDialog.ExistingFile)
    dialog.setNameFilters([f"{_tr('Transcripts')} ({endings})", f"{_tr('All files')} (*)"])
    return _opened(dialog, lambda name: then(Path(name)))


def ask_folder(parent: QWidget, title: str, then: Callable[[Path], None]) -> QFileDialog:
    """Let the person choose a folder to write into."""
    return _asked_folder(QFileDialog(parent, title), then)


def _asked_folder(dialog: QFileDialog, then: Callable[[Path], None]) -> QFileDialog:
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    return _opened(dialog, lambda name: then(Path(name)))


def _opened(dialog: QFileDialog, then: Callable[[str], None]) -> QFileDialog:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(then)
    dialog.open()
    return dialog
