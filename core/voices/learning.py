"""What a person says and corrects in a meeting makes the profile of a remembered voice better.

Evidence comes only to voices that the person chose to remember, and only by their hand: *learn*
takes the turns of the speaker who, a person said, is that voice; :func:`follow` goes along with
what is then corrected. A turn given to that speaker adds a sample, one taken away removes it, a
denial removes all that came from this meeting, and undoing does the opposite. What a pass of the
program changes is no evidence, neither for nor against.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.annotation.edits import denies
from core.annotation.values import Annotation, Speaker, Stretch, Turn
from core.stream.changes import Window
from core.voices.book import Place, Voice, VoiceBook
from core.voices.enrolment import samples_of

MOST = 12
"""Samples of a voice from one meeting: corrections must not drown what other meetings gave."""
KEPT = 0.9
"""A sample stays while so much of it lies in turns of that speaker."""


@dataclass(frozen=True)
class SourceMeeting:
    """A meeting that voices are learned from.

    Parameters
    ----------
    windows, encoder
        The kept embeddings, and the SHA-256 of the encoder that made them.
    meeting
        What samples from here are said to come from.
    aliases
        What else they may be said to come from: the meeting's file beside the recording's.
    audio
        The recording, for the clips, if it is there.
    track
        Number of the sound track that was heard, if it was chosen.
    """

    windows: Sequence[Window]
    encoder: str
    meeting: str
    aliases: tuple[str, ...] = ()
    audio: Path | None = None
    track: int | None = None

    @property
    def meetings(self) -> tuple[str, ...]:
        return (self.meeting, *self.aliases)


@dataclass(frozen=True)
class Followed:
    """What corrections did to the samples of a voice.

    ``renamed`` is the speaker who was that voice and has another name now: nothing was done, for
    only a person knows whether the name or the voice is another.
    """

    added: int = 0
    removed: int = 0
    renamed: Speaker | None = None


def learn(
    book: VoiceBook,
    voice: int,
    source: SourceMeeting,
    annotation: Annotation,
    speaker: int,
    turns: Collection[Turn] | None = None,
) -> int:
    """Add turns of a speaker to a voice, all or only ``turns``; how many samples that gave.

    Stretches that it has samples of already are left out.

    Raises
    ------
    VoicelanesError
        If the recording can't be read, or the voices can't be written.
    """
    there = book.places(voice, source.meetings)
    chosen = annotation.turns_of(speaker) if turns is None else turns
    fresh = {t for t in chosen if not any(p.start < t.end and t.start < p.end for p in there)}
    samples = samples_of(
        annotation,
        speaker,
        source.windows,
        source.encoder,
        source.meeting,
        source.audio,
        fresh,
        source.track,
    )[: max(0, MOST - len(there))]
    if samples:
        book.add_samples(voice, samples)
    return len(samples)


def follow(
    book: VoiceBook,
    voice: Voice,
    source: SourceMeeting,
    before: Annotation,
    after: Annotation,
    taught: bool,
) -> Followed:
    """Let the samples of a voice follow what was corrected from one annotation to the next.

    Parameters
    ----------
    taught
        A person said in this meeting who of the speakers this voice is.
    """
    was, now = called(before, voice.name), called(after, voice.name)
    if was is None and now is None:
        return Followed()
    there = book.places(voice.id, source.meetings)
    if now is None and was is not None:
        other = next((s for s in after.speakers if s.id == was.id and s.name), None)
        denied = other is not None and denies(after, was.id, voice.name)
        if was.named_by_hand and other is not None and not denied:
            return Followed(renamed=other if there else None)
        if not (was.named_by_hand or denies(after, was.id, voice.name)):
            return Followed()  # the program gave the name and it went: that says nothing
    touched = [p for p in there if now is None or _by_hand((p.start, p.end), before, after)]
    gone = misplaced(touched, after, now)
    if gone:
        book.forget_samples(gone)
    added = 0
    if now is not None and was is None:
        # Said just now, or again: whoever said it first took the samples.
        if taught and now.named_by_hand and not there:
            added = learn(book, voice.id, source, after, now.id)
    elif now is not None and was is not None and (taught or now.confidence is not None):
        known = set(before.turns_of(was.id))
        came = {
            t
            for t in after.turns_of(now.id)
            if t not in known and _by_hand((t.start, t.end), before, after)
        }
        added = learn(book, voice.id, source, after, now.id, came) if came else 0
    return Followed(added, len(gone))


def called(annotation: Annotation, name: str) -> Speaker | None:
    """The speaker of that name, in whichever case."""
    wanted = name.casefold()
    return next((s for s in annotation.speakers if s.name.casefold() == wanted), None)


def misplaced(
    places: Sequence[Place], annotation: Annotation, speaker: Speaker | None
) -> list[int]:
    """The samples that lie in no turn of that speaker any more."""
    own = annotation.turns_of(speaker.id) if speaker is not None else ()
    return [
        place.sample
        for place in places
        if _shared((place.start, place.end), own) < KEPT * (place.end - place.start)
    ]


def _by_hand(stretch: Stretch, *annotations: Annotation) -> bool:
    """Whether a person had a hand in it, in one of them: undoing takes that out of the other."""
    return any(
        start < stretch[1] and stretch[0] < end for a in annotations for start, end in a.edited
    )


def _shared(stretch: Stretch, turns: Sequence[Turn]) -> int:
    return sum(max(0, min(stretch[1], t.end) - max(stretch[0], t.start)) for t in turns)
