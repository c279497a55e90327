"""From who seems to speak to the names in an annotation: given, asked about, or neither.

What a person said always wins: a name given by hand is never changed, nor is a voice that was
denied asked about again (:func:`core.edits.deny`). A name that was given here carries its
confidence, and goes again if the voice turns out to be none that is known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from core.annotation import Annotation, Speaker
from core.diarizer import Window
from core.edits import denies
from core.models import ModelSet
from core.recognition import Limits, Recognised, recognise, voices_in
from core.voices import Voice, VoiceBook

CERTAIN = 0.99
"""The program is never surer than this."""


@dataclass(frozen=True)
class Name:
    """Who a speaker seems to be; ``voice`` is the nearest known voice, if any is near."""

    found: Recognised
    voice: Voice | None

    @property
    def confidence(self) -> float:
        """That it is that voice, 0..1, as it is shown and kept."""
        return round(min(self.found.confidence, CERTAIN), 4)

    def label(self, otherwise: str) -> str:
        """``Anna``, or ``Speaker 3 (Anna?)`` where it has to be asked, or ``Speaker 3``."""
        if self.voice is None:
            return otherwise
        known = self.found.outcome == "known"
        return self.voice.name if known else f"{otherwise} ({self.voice.name}?)"


Names = Mapping[int, Name]
"""By speaker id; of those who speak alone somewhere."""


def names_in(
    annotation: Annotation, windows: Sequence[Window], models: ModelSet, book: VoiceBook
) -> dict[int, Name]:
    """Who of the remembered voices speaks here. ``windows`` must be of the encoder in ``models``.

    Raises
    ------
    VoicelanesError
        If the voices can't be read.
    """
    known = book.profiles(models.encoder.sha256)
    voices = {voice.id: voice for voice in book.voices()}
    heard = voices_in(annotation, windows) if known else {}
    denied = {
        speaker: {n for n in known if n in voices and denies(annotation, speaker, voices[n].name)}
        for speaker in heard
        if annotation.denied
    }
    found = recognise(heard, known, Limits.of(models.encoder), denied)
    return {
        speaker: Name(result, voices.get(result.voice) if result.voice is not None else None)
        for speaker, result in found.items()
    }


def named(annotation: Annotation, names: Names) -> Annotation:
    """With the names that are sure; those that were given before and no longer are go.

    Nobody is there twice: a name that a person gave to one speaker is given to no other.
    """
    return replace(
        annotation,
        speakers=tuple(_named(s, annotation, names.get(s.id)) for s in annotation.speakers),
    )


def questions(annotation: Annotation, names: Names) -> dict[int, Name]:
    """What to ask a person, by speaker id: is this that voice?"""
    found = {}
    for speaker in annotation.speakers:
        name = names.get(speaker.id)
        if speaker.name or name is None or name.voice is None:
            continue
        if not denies(annotation, speaker.id, name.voice.name):
            found[speaker.id] = name
    return found


def _named(speaker: Speaker, annotation: Annotation, name: Name | None) -> Speaker:
    if speaker.named_by_hand:
        return speaker
    sure = name is not None and name.voice is not None and name.found.outcome == "known"
    if sure and name is not None and name.voice is not None:
        called = name.voice.name
        taken = any(
            s.named_by_hand and s.name.casefold() == called.casefold() for s in annotation.speakers
        )
        if not taken and not denies(annotation, speaker.id, called):
            return replace(speaker, name=called, confidence=name.confidence)
    return replace(speaker, name="", confidence=None) if speaker.name else speaker
