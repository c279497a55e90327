"""What "Recognise words" asks: which recogniser, its model, and what is spoken."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PyQt5.QtCore import Qt, pyqtSignal, pyqtSlot
from PyQt5.QtGui import QIcon
from PyQt5.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)

from app.preferences import Preferences
from app.widgets import dialogs
from core.errors import VoicelanesError
from core.recognisers.kinds import Recogniser, RecogniserChoice, checked


class RecogniserDialog(QDialog):
    """Chooses one of the recognisers that are on this machine.

    Parameters
    ----------
    found
        At least one.
    some
        Whether there are turns that have words already.
    """

    chosen = pyqtSignal(object, bool)
    """A :class:`~core.recognisers.kinds.RecogniserChoice`, checked; whether turns that have words
    are heard, too."""

    def __init__(
        self, found: Sequence[Recogniser], preferences: Preferences, some: bool, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self._found: dict[str, Recogniser] = {r.name: r for r in found}
        self.setObjectName("recogniser")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowFlag(Qt.WindowType.WindowContextHelpButtonHint, False)
        self.setWindowTitle(self.tr("Recognise words"))
        self.which = QComboBox()
        self.which.setObjectName("which")
        self.which.addItems(list(self._found))
        self.model = QLineEdit()
        self.model.setObjectName("model")
        self.model.setAccessibleName(self.tr("Model folder"))
        browse = QPushButton(self.tr("&Browse…"))
        browse.setAutoDefault(False)
        browse.clicked.connect(self._browse)
        self.language = QLineEdit()
        self.language.setObjectName("language")
        self.again = QCheckBox(self.tr("&Also turns that have words, in place of those"))
        self.again.setEnabled(some)
        self._wanted = _wrapped("wanted")
        self._problem = _wrapped("problem")
        told = _wrapped("told")
        told.setText(
            self.tr("Everything happens on this machine: nothing is downloaded, nothing is sent.")
        )
        # both standard: past a button of one's own in front, Tab never reaches Cancel
        buttons = QDialogButtonBox(QDialogButtonBox.Ok | QDialogButtonBox.Cancel)
        cancel = buttons.button(QDialogButtonBox.Cancel)
        cancel.setAutoDefault(False)  # else Enter would cancel
        cancel.setIcon(QIcon())
        go = buttons.button(QDialogButtonBox.Ok)
        go.setText(self.tr("Recog&nise"))
        go.setIcon(QIcon())
        go.setObjectName("go")
        go.setDefault(True)
        buttons.accepted.connect(self._accept)
        buttons.rejected.connect(self.reject)
        folder = QHBoxLayout()
        folder.addWidget(self.model, 1)
        folder.addWidget(browse)
        form = QFormLayout(self)
        form.addRow(self.tr("&Recogniser:"), self.which)
        form.addRow(self.tr("Model folder:"), folder)
        form.addRow("", self._wanted)
        form.addRow(self.tr("&Language:"), self.language)
        form.addRow("", self.again)
        form.addRow(told)
        form.addRow(self._problem)
        form.addRow(buttons)
        self.setMinimumWidth(560)
        if preferences.recogniser in self._found:
            self.which.setCurrentText(preferences.recogniser)
        self.which.currentTextChanged.connect(self._on_which)
        self._on_which()

    @pyqtSlot()
    def _on_which(self) -> None:
        recogniser = self._found[self.which.currentText()]
        self.model.setText(self._preferences.recogniser_models.get(recogniser.name, ""))
        self._wanted.setText(
            {
                "faster-whisper": self.tr(
                    "A folder with model.bin, config.json and tokenizer.json."
                ),
                "whisper.cpp": self.tr("A folder with a file ggml-*.bin or *.gguf, or the file."),
                "vosk": self.tr("The folder of an unpacked model, with am/final.mdl in it."),
                "pocketsphinx": self.tr(
                    "Leave it empty for its own model, which is English; or a folder with mdef, a"
                    " *.lm.bin and a *.dict."
                ),
            }[recogniser.name]
        )
        self.language.setEnabled(recogniser.languages)
        self.language.setPlaceholderText(
            self.tr("found out; or a code such as de")
            if recogniser.languages
            else self.tr("that of the model")
        )
        self._problem.clear()

    def _browse(self) -> None:
        title = self.tr("Model folder of {}").format(self.which.currentText())
        dialogs.ask_folder(self, title, lambda path: self.model.setText(str(path)))

    @pyqtSlot()
    def _accept(self) -> None:
        recogniser, model = self._found[self.which.currentText()], self.model.text().strip()
        language = self.language.text().strip() if recogniser.languages else ""
        choice = RecogniserChoice(recogniser.name, Path(model) if model else None, language)
        try:
            choice = checked(choice)
        except VoicelanesError as error:  # here, where it can be put right
            self._problem.setText(str(error)[:1].upper() + str(error)[1:])
            self.model.setFocus()
            return
        preferences = self._preferences
        preferences.recogniser = recogniser.name
        models = {k: v for k, v in preferences.recogniser_models.items() if k != recogniser.name}
        preferences.recogniser_models = {**models, recogniser.name: model} if model else models
        self.accept()
        self.chosen.emit(choice, self.again.isEnabled() and self.again.isChecked())


def _wrapped(name: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
