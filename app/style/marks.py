"""How a speaker is called where known voices come in: the name, or the question, and how sure."""

from __future__ import annotations

from dataclasses import dataclass

from PyQt5.QtCore import QCoreApplication

from app.style.wording import called
from core.annotation.values import Annotation
from core.voices.naming import Names


@dataclass(frozen=True)
class Mark:
    """What is said of one speaker beside the name.

    Attributes
    ----------
    label
        ``Anna``, or ``Speaker 3 (Anna?)`` where a person has to say.
    sure
        ``97 %``.
    note
        ``97 % sure`` or ``Anna? 85 %``, for a line of its own.
    """

    label: str
    sure: str
    note: str

    @property
    def words(self) -> str:
        """For tooltips and screen readers."""
        return _tr("recognised by the voice, {} sure").format(self.sure)


def _tr(text: str) -> str:
    return QCoreApplication.translate("voice_marks", text)


def percent(confidence: float) -> str:
    """A confidence as it is shown."""
    return _tr("{} %").format(round(100 * confidence))


def marks(annotation: Annotation, names: Names) -> dict[int, Mark]:
    """By speaker id, of those who were recognised or are asked about."""
    found = {}
    for speaker in annotation.speakers:
        if speaker.confidence is not None:
            sure = percent(speaker.confidence)
            found[speaker.id] = Mark(speaker.name, sure, _tr("{} sure").format(sure))
    for number, name in names.questions(annotation).items():
        label, sure = called(annotation.speaker(number)), percent(name.confidence)
        asked = name.voice.name if name.voice is not None else ""
        found[number] = Mark(f"{label} ({asked}?)", sure, f"{asked}? {sure}")
    return found
