"""Naming a speaker; a name that somebody has already is an offer to merge the two."""

from __future__ import annotations

from PyQt5.QtCore import QCoreApplication, Qt
from PyQt5.QtWidgets import QMessageBox, QWidget

from app.session import Session


def _tr(text: str) -> str:
    return QCoreApplication.translate("renaming", text)


def rename(parent: QWidget, session: Session, speaker: int, name: str) -> QMessageBox | None:
    """Give a speaker this name, everywhere at once.

    If another speaker is called so, the person is asked whether the two are one; then nothing is
    renamed before the answer, and the question is returned. Does not wait.
    """
    name = " ".join(name.split())
    other = next((s for s in session.annotation.speakers if s.name == name and name), None)
    if other is None or other.id == speaker:
        session.rename(speaker, name)
        return None
    box = QMessageBox(parent)
    box.setObjectName("offer_merge")
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle(_tr("Merge speakers"))
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(_tr("There is another speaker called {}. Are they one person?").format(name))
    box.setInformativeText(_tr("Merging gives all turns to one speaker; it can be undone."))
    merge = box.addButton(_tr("&Merge"), QMessageBox.ButtonRole.AcceptRole)
    box.addButton(_tr("&Keep apart"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(merge)

    def answered() -> None:
        there = {s.id for s in session.annotation.speakers}
        if box.clickedButton() is merge and {other.id, speaker} <= there:
            session.merge_speakers(other.id, speaker)

    box.finished.connect(answered)
    box.open()
    return box
