"""How a person is asked. A question never holds up the window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from PyQt5.QtCore import QCoreApplication, Qt
from PyQt5.QtWidgets import QMessageBox, QWidget

from app.meetings.questions import _DISCARD

if TYPE_CHECKING:
    from core.annotation.imported import Beyond

Then = Callable[[str], None]

_REJECT = QMessageBox.ButtonRole.RejectRole


class Answer(NamedTuple):
    """One button: what it stands for, what it says, its role."""

    id: str
    text: str
    role: QMessageBox.ButtonRole = QMessageBox.ButtonRole.AcceptRole


def _tr(text: str) -> str:
    return QCoreApplication.translate("questions", text)


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


def ask_import(
    parent: QWidget, name: str, beyond: Beyond, notes: tuple[str, ...], nothing: bool, then: Then
) -> QMessageBox:
    """ "import" turns from a file of which something is left out, or "cancel"."""
    lines = list(notes)
    if beyond.outside:
        told = _tr("Turns after the end of the recording, which are left out: {}")
        lines.append(told.format(beyond.outside))
    if beyond.cut:
        told = _tr("Turns that reach beyond the end of the recording and are cut there: {}")
        lines.append(told.format(beyond.cut))
    if nothing:
        question = _tr("{} leaves no turns on this recording. Import it all the same?").format(name)
        lines.append(_tr("The turns that are there now would be gone."))
    else:
        question = _tr("Not all of {} fits. Import the rest?").format(name)
    return ask(
        parent,
        question,
        "\n".join(lines),
        (Answer("import", _tr("&Import")), Answer("cancel", _tr("Cancel"), _REJECT)),
        then,
    )


def ask_replace(parent: QWidget, name: str, then: Then) -> QMessageBox:
    """ "replace" a meeting that somebody else saved meanwhile, or save it under another "name"."""
    return ask(
        parent,
        _tr("{} was saved by another window or program meanwhile.").format(name),
        _tr("Replacing it keeps what was saved there as the backup (.bak)."),
        (
            Answer("name", _tr("Save under another &name…")),
            Answer("replace", _tr("&Replace"), _DISCARD),
            Answer("cancel", _tr("Cancel"), _REJECT),
        ),
        then,
    )
