"""What a person is asked about meetings."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt5.QtCore import QCoreApplication, QLocale
from PyQt5.QtWidgets import QMessageBox, QWidget

from app.widgets.questions import Answer, Then, ask

if TYPE_CHECKING:
    from app.meetings.opening import Opened
    from core.annotation.imported import Beyond

_DISCARD = QMessageBox.ButtonRole.DestructiveRole
_REJECT = QMessageBox.ButtonRole.RejectRole


def _tr(text: str) -> str:
    return QCoreApplication.translate("questions", text)


def ask_save(parent: QWidget, name: str, then: Then) -> QMessageBox:
    """ "save", "discard" or "cancel" the changes before something else is done."""
    return ask(
        parent,
        _tr("Save the changes to {}?").format(name),
        _tr("Otherwise they are lost. The recording itself is never changed."),
        (
            Answer("save", _tr("&Save")),
            Answer("discard", _tr("&Discard"), _DISCARD),
            Answer("cancel", _tr("Cancel"), _REJECT),
        ),
        then,
    )


def ask_recover(parent: QWidget, recording: Path, journal: Path, then: Then) -> QMessageBox:
    """ "recover", "discard" or "skip" what a crash left behind."""
    try:
        date = datetime.fromtimestamp(journal.stat().st_mtime)
        when = QLocale().toString(date, QLocale.FormatType.ShortFormat)
    except OSError:
        when = "?"
    return ask(
        parent,
        _tr("There are unsaved changes to {}.").format(recording.name),
        _tr("They are of {} and were never saved.").format(when),
        (
            Answer("recover", _tr("&Recover")),
            Answer("discard", _tr("&Discard"), _DISCARD),
            Answer("skip", _tr("&Skip (keeps them)"), _REJECT),
        ),
        then,
    )


def ask_about_damage(parent: QWidget, found: Opened, then: Then) -> QMessageBox | None:
    """What to do about a file that can't be read: "backup" or "anew"; None if there is neither."""
    answers = []
    if found.backup is not None:
        answers.append(Answer("backup", _tr("Open the &backup")))
    if found.recording is not None:
        answers.append(Answer("anew", _tr("&Analyse again")))
    if not answers:
        return None
    answers.append(Answer("cancel", _tr("Cancel"), _REJECT))
    more = _tr("The file is left as it is.")
    return ask(parent, f"{found.error}.", more, tuple(answers), then)


def ask_recording(parent: QWidget, found: Opened, then: Then) -> QMessageBox:
    """ "choose" the recording of a meeting, or "use" one that seems to be another."""
    audio = found.meeting.audio if found.meeting is not None else None
    answers = [Answer("choose", _tr("&Choose the recording…"))]
    if found.other is not None:
        question = _tr("{} is not the recording of this meeting.").format(found.other.name)
        more = _tr("It has another size or other sound, so the turns may not fit.")
        answers.append(Answer("use", _tr("&Use it all the same")))
    elif audio is not None:
        question = _tr("The recording {} is not there any more.").format(audio.path.name)
        more = _tr("It was {}. Where is it now?").format(audio.path)
    else:
        question = _tr("Which recording are these turns of?")
        more = _tr("{} holds turns and no sound.").format(found.asked.name)
    answers.append(Answer("cancel", _tr("Cancel"), _REJECT))
    return ask(parent, question, more, tuple(answers), then)


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
