"""What the window asks of the remembered voices, as functions that run in a thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PyQt5.QtCore import QCoreApplication

from app.style.marks import percent
from app.style.wording import called
from core.voices.naming import Names

if TYPE_CHECKING:
    from core.annotation.values import Annotation, Speaker
    from core.stream.changes import Window
    from core.voices.book import Voice, VoiceBook
    from core.voices.learning import SourceMeeting


def _tr(text: str) -> str:
    return QCoreApplication.translate("voice_looks", text)


@dataclass(frozen=True)
class Look:
    """A look at the open meeting.

    Attributes
    ----------
    source, annotation
        The meeting, and its turns now.
    before
        The turns that the samples of the voices have followed so far; None if there are none.
    taught
        Ids of voices of which a person said here who they are.
    confirmed
        Those among them of whom no sample was taken yet.
    foreign
        Other models heard the meeting: nothing can be compared.
    """

    source: SourceMeeting
    annotation: Annotation
    before: Annotation | None
    taught: frozenset[int]
    confirmed: frozenset[int]
    foreign: bool


@dataclass
class LookResult:
    """What came of it.

    Attributes
    ----------
    names
        Who the speakers seem to be.
    taught
        Ids of voices with samples from this meeting.
    learned
        Samples were added or removed.
    renamed
        Voices whose speaker has another name now, with that speaker.
    settled
        Voices about which there is nothing to ask any more.
    offers
        Voices after which a speaker was named by hand just now, though nobody said it is theirs.
    outdated
        Voices that the encoder in use can't recognise.
    """

    names: Names = field(default_factory=Names)
    taught: set[int] = field(default_factory=set)
    learned: bool = False
    renamed: list[tuple[Voice, Speaker]] = field(default_factory=list)
    settled: list[Voice] = field(default_factory=list)
    offers: list[tuple[Voice, Speaker]] = field(default_factory=list)
    outdated: list[Voice] = field(default_factory=list)


def look(wanted: Look) -> LookResult | None:
    """Let the samples follow the corrections, then compare; None if no voice is remembered.

    Nothing is compared where other models heard the meeting: the names stay as they are.
    """
    from core.voices.book import VoiceBook

    book = VoiceBook()
    voices = book.voices()
    if not voices or wanted.foreign:
        return None
    from core.models.folders import current_models
    from core.voices.enrolment import outdated
    from core.voices.naming import names_in

    outcome = LookResult()
    for voice in voices:
        _follow(book, voice, wanted, outcome)
    models = current_models()
    outcome.names = names_in(wanted.annotation, wanted.source.windows, models, book)
    outcome.outdated = outdated(book, models.encoder.sha256)
    return outcome


def _follow(book: VoiceBook, voice: Voice, wanted: Look, outcome: LookResult) -> None:
    from core.voices.learning import called, follow, learn

    source, before, after = wanted.source, wanted.before, wanted.annotation
    speaker = called(after, voice.name)
    if voice.id in wanted.confirmed and speaker is not None:
        outcome.learned |= learn(book, voice.id, source, after, speaker.id) > 0
    there = bool(book.places(voice.id, source.meetings))
    if there:
        outcome.taught.add(voice.id)
    if before is None or before is after:
        return
    taught = there or voice.id in wanted.taught
    followed = follow(book, voice, source, before, after, taught)
    outcome.learned |= bool(followed.added or followed.removed)
    if followed.renamed is not None:
        outcome.renamed.append((voice, followed.renamed))
    elif speaker is not None and speaker.named_by_hand and not taught:
        if called(before, voice.name) is None:
            outcome.offers.append((voice, speaker))
    else:
        outcome.settled.append(voice)


def remember(name: str, source: SourceMeeting, annotation: Annotation, speaker: int) -> Voice:
    """Remember a speaker's voice by the longest turns."""
    from core.voices.book import VoiceBook
    from core.voices.enrolment import samples_of

    samples = samples_of(
        annotation,
        speaker,
        source.windows,
        source.encoder,
        source.meeting,
        source.audio,
        track=source.track,
    )
    return VoiceBook().remember(name, samples)


def teach(voice: int, source: SourceMeeting, annotation: Annotation, speaker: int) -> int:
    """More of a voice that is remembered; how many samples."""
    from core.voices.book import VoiceBook
    from core.voices.learning import learn

    return learn(VoiceBook(), voice, source, annotation, speaker)


def renew() -> tuple[int, Sequence[Voice]]:
    """Hear the kept samples anew: how many voices are known again, and those without a sample."""
    from core.models.folders import current_models
    from core.stream.encoder import OnnxEncoder
    from core.voices.book import VoiceBook
    from core.voices.enrolment import renew

    models = current_models()
    return renew(VoiceBook(), models, OnnxEncoder(models))


def test(annotation: Annotation, windows: Sequence[Window]) -> list[str]:
    """A line per speaker of a meeting: who of the remembered voices it seems to be."""
    from core.models.folders import current_models
    from core.voices.book import VoiceBook
    from core.voices.naming import names_in

    names = names_in(annotation, windows, current_models(), VoiceBook())
    lines = []
    for speaker in annotation.speakers:
        name = names.by_speaker.get(speaker.id)
        if name is None or name.voice is None:
            lines.append(_tr("{}: nobody who is known").format(called(speaker)))
            continue
        known = name.found.outcome == "known"
        text = _tr("{}: {}, {} sure") if known else _tr("{}: perhaps {}, {} sure")
        sure = percent(name.confidence)
        lines.append(text.format(called(speaker), name.voice.name, sure))
    return lines
