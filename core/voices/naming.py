"""From who seems to speak to the names in an annotation: given, asked about, or neither.

What a person said always wins: a name given by hand is never changed, nor is a voice that was
denied asked about again (:func:`core.annotation.edits.deny`). A name that was given here carries
its confidence, and goes again if the voice turns out to be none that is known.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from core.annotation.edits import denies
from core.annotation.values import Annotation, Speaker

if TYPE_CHECKING:
    from core.models.manifest import ModelSet
    from core.stream.changes import Window
    from core.voices.book import Voice, VoiceBook
    from core.voices.recognition import Recognised

CERTAIN = 0.99
"""The program is never surer than this."""
CHANGED = 0.02
"""A confidence that moves by less is no news."""


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


@dataclass(frozen=True)
class Names:
    """What came of comparing the speakers of a meeting with the known voices.

    Parameters
    ----------
    by_speaker
        By id, of those who speak alone somewhere.
    known
        The names of the voices that they were compared with, casefolded.
    """

    by_speaker: Mapping[int, Name] = field(default_factory=dict)
    known: frozenset[str] = frozenset()

    def named(self, annotation: Annotation) -> Annotation:
        """With the names that are sure. One that was given before and no longer is goes, unless
        there is nothing to compare it with any more: the voice is forgotten since.

        Nobody is there twice: a name that a person gave to one speaker is given to no other.
        """
        taken = {s.name.casefold() for s in annotation.speakers if s.named_by_hand}
        return replace(
            annotation,
            speakers=tuple(self._named(s, annotation, taken) for s in annotation.speakers),
        )

    def questions(self, annotation: Annotation) -> dict[int, Name]:
        """What to ask a person, by speaker id: whether this is that voice."""
        found = {}
        for speaker in annotation.speakers:
            name = self.by_speaker.get(speaker.id)
            if speaker.name or name is None or name.voice is None:
                continue
            if not denies(annotation, speaker.id, name.voice.name):
                found[speaker.id] = name
        return found

    def _named(self, speaker: Speaker, annotation: Annotation, taken: Collection[str]) -> Speaker:
        if speaker.named_by_hand:
            return speaker
        name = self.by_speaker.get(speaker.id)
        if name is not None and name.voice is not None and name.found.outcome == "known":
            called = name.voice.name
            if called.casefold() not in taken and not denies(annotation, speaker.id, called):
                before = speaker.confidence if speaker.name == called else None
                if before is not None and abs(before - name.confidence) < CHANGED:
                    return speaker
                return replace(speaker, name=called, confidence=name.confidence)
        gone = speaker.name.casefold() in self.known
        return replace(speaker, name="", confidence=None) if gone else speaker


def names_in(
    annotation: Annotation, windows: Sequence[Window], models: ModelSet, book: VoiceBook
) -> Names:
    """Who of the remembered voices speaks here. ``windows`` must be of the encoder in ``models``.

    Raises
    ------
    VoicelanesError
        If the voices can't be read.
    """
    from core.voices.recognition import (  # the window starts without these
        Limits,
        recognise,
        voices_in,
    )

    voices = {voice.id: voice for voice in book.voices()}
    profiles = book.profiles(models.encoder.sha256) if voices else {}
    known = {n: profile for n, profile in profiles.items() if n in voices}
    heard = voices_in(annotation, windows) if known else {}
    denied = {
        speaker: {n for n in known if denies(annotation, speaker, voices[n].name)}
        for speaker in heard
        if annotation.denied
    }
    found = recognise(heard, known, Limits.of(models.encoder), denied)
    return Names(
        {
            speaker: Name(result, voices[result.voice] if result.voice is not None else None)
            for speaker, result in found.items()
        },
        frozenset(voices[n].name.casefold() for n in known),
    )
