"""What people read of speakers and numbers, in the language of the window."""

from __future__ import annotations

from PyQt5.QtCore import QCoreApplication, QLocale

from core.annotation.values import Speaker


def called(speaker: Speaker) -> str:
    """The name, or ``Speaker 1`` for the unnamed speaker with id 0."""
    return speaker.name or _tr("Speaker {}").format(speaker.id + 1)


def decimal(value: float, digits: int = 1) -> str:
    """A number with so many digits behind its point or comma."""
    return QLocale().toString(value, "f", digits)


def _tr(text: str) -> str:
    return QCoreApplication.translate("wording", text)
