"""Known voices in what the commands find: names that are sure, and a line for each that isn't."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..errors import VoicelanesError
from .output import say

if TYPE_CHECKING:
    from ..annotation import Annotation
    from ..diarizer import Window
    from ..models import ModelSet
    from ..naming import Name
    from ..voices import VoiceBook


def recognised(
    annotation: Annotation, windows: Sequence[Window], models: ModelSet, about: str
) -> Annotation:
    """With the names of the remembered voices that are heard for certain.

    Who they are and how sure that is goes to standard error, and so do the questions: a name that
    isn't sure gets into no file. Voices that can't be read are said, too, and nobody is named.
    """
    from ..naming import names_in
    from ..voices import VoiceBook

    book = VoiceBook()
    try:
        names = names_in(annotation, windows, models, book)
        tell_outdated(book, models)
    except VoicelanesError as error:
        say(f"{about}: nobody is recognised: {error}")
        return annotation
    after = names.named(annotation)
    for speaker in after.speakers:
        if speaker.confidence is not None:
            number = f"Speaker {speaker.id + 1}"
            say(f"{about}: {number} is {speaker.name}, {speaker.confidence:.0%} sure")
    for who, name in names.questions(after).items():
        say(f"{about}: {verdict(after.speaker(who).label, name)}")
    return after


def verdict(label: str, name: Name | None) -> str:
    """``Speaker 3: Anna?, 85% sure``, without ``?`` where it is certain, or that it is nobody who
    is known."""
    if name is None or name.voice is None:
        return f"{label}: unknown"
    mark = "" if name.found.outcome == "known" else "?"
    return f"{label}: {name.voice.name}{mark}, {name.confidence:.0%} sure"


def tell_outdated(book: VoiceBook, models: ModelSet) -> None:
    """Say which voices can't be recognised because another encoder heard them."""
    from ..enrolment import outdated

    old = outdated(book, models.encoder.sha256)
    if old:
        say(
            f"{', '.join(v.name for v in old)}: heard by another encoder and not recognised now;"
            " 'voicelanes voices renew' hears the kept samples anew"
        )
