"""What a person is asked about a recording that runs. A question never holds up the window."""

from __future__ import annotations

from collections.abc import Callable

from PyQt5.QtCore import QCoreApplication, Qt
from PyQt5.QtWidgets import QFileDialog, QMessageBox, QWidget

from app.widgets.questions import Answer, ask


def _tr(text: str) -> str:
    return QCoreApplication.translate("recording", text)


def ask_stop(parent: QWidget, stop: Callable[[], None]) -> QMessageBox:
    """Whether to end the recording for what else is to be done."""
    return ask(
        parent,
        _tr("A meeting is being recorded."),
        _tr("It can be stopped and saved first."),
        (
            Answer("stop", _tr("&Stop and save")),
            Answer("keep", _tr("&Keep recording"), QMessageBox.ButtonRole.RejectRole),
        ),
        lambda answer: stop() if answer == "stop" else None,
    )


def ask_folder(parent: QWidget, folder: str, then: Callable[[str], None]) -> QFileDialog:
    """Let a person choose where recordings are kept."""
    dialog = QFileDialog(parent, _tr("Folder for recordings"), folder)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(then)
    dialog.open()
    return dialog
