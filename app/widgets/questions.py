"""How a person is asked. A question never holds up the window."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QMessageBox, QWidget

Then = Callable[[str], None]


class Answer(NamedTuple):
    """One button: what it stands for, what it says, its role."""

    id: str
    text: str
    role: QMessageBox.ButtonRole = QMessageBox.ButtonRole.AcceptRole


def ask(
    parent: QWidget, question: str, more: str, answers: tuple[Answer, ...], then: Then
) -> QMessageBox:
    """Ask; ``then`` gets the id of the answer. The first is the default, the last is Esc's."""
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle("Voicelanes")
    box.setTextFormat(Qt.TextFormat.PlainText)  # a file may be named <b>
    box.setText(question)
    box.setInformativeText(more)
    buttons: list[Any] = []
    for answer in answers:
        button = box.addButton(answer.text, answer.role)
        button.setObjectName(answer.id)
        buttons.append(button)
    box.setDefaultButton(buttons[0])
    box.setEscapeButton(buttons[-1])
    box.buttonClicked.connect(lambda button: then(button.objectName()))
    box.open()
    return box
