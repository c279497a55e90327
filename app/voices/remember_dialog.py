"""What "Remember this voice" asks: the name, and whether that person agrees."""

from __future__ import annotations

from pathlib import Path

from PyQt5.QtCore import QCoreApplication, Qt, pyqtSignal, pyqtSlot
from PyQt5.QtGui import QIcon
from PyQt5.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QLineEdit, QWidget

from app.style.wording import called
from core.annotation.values import Speaker


def consent(path: Path) -> str:
    """What is stored, where, that it stays there, and how it is deleted."""
    return _tr(
        "A voice identifies a person: remember it only if that person agrees. Stored are voice"
        " prints and a few seconds of sound each, in {} on this computer. Nothing leaves it."
        " Speakers > Known voices > Delete removes all of it for good."
    ).format(path)


def _tr(text: str) -> str:
    return QCoreApplication.translate("remember_dialog", text)


class RememberDialog(QDialog):
    """Chooses the name that a voice is remembered by."""

    chosen = pyqtSignal(int, str)
    """The speaker's id, and the name."""

    def __init__(
        self, speaker: Speaker, names: tuple[str, ...], path: Path, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._speaker = speaker
        self._names = {name.casefold(): name for name in names}
        self.setObjectName("remember")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Remember the voice of {}").format(called(speaker)))
        self.name = QLineEdit(speaker.name)
        self.name.setObjectName("name")
        self.name.setPlaceholderText(self.tr("What this person is called"))
        self.name.textChanged.connect(self._on_text)
        self._note = _wrapped("note")
        told = _wrapped("consent")
        told.setText(consent(path))
        # both standard: past a button of one's own in front, Tab never reaches Cancel
        self._buttons = QDialogButtonBox(QDialogButtonBox.Ok | QDialogButtonBox.Cancel)
        cancel = self._buttons.button(QDialogButtonBox.Cancel)
        cancel.setAutoDefault(False)  # else Enter would cancel
        cancel.setIcon(QIcon())
        self._agree = self._buttons.button(QDialogButtonBox.Ok)
        self._agree.setText(self.tr("&Remember this voice"))
        self._agree.setIcon(QIcon())
        self._agree.setObjectName("agree")
        self._buttons.accepted.connect(self._accept)
        self._buttons.rejected.connect(self.reject)
        form = QFormLayout(self)
        form.addRow(self.tr("&Name:"), self.name)
        form.addRow(self._note)
        form.addRow(told)
        form.addRow(self._buttons)
        self.setMinimumWidth(480)
        self._on_text()

    @pyqtSlot()
    def _on_text(self) -> None:
        name = " ".join(self.name.text().split())
        there = self._names.get(name.casefold())
        if there is not None:
            text = self.tr("{} is remembered already: what is said here is added to that voice.")
            self._note.setText(text.format(there))
        else:
            self._note.setText(
                self.tr(
                    "In later meetings this voice is named where that is sure, and asked about"
                    " where it isn't."
                )
            )
        self._agree.setEnabled(bool(name))
        self._agree.setDefault(True)  # Qt gives that up while it is disabled

    def _accept(self) -> None:
        name = " ".join(self.name.text().split())
        self.accept()
        self.chosen.emit(self._speaker.id, self._names.get(name.casefold(), name))


def _wrapped(name: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
