"""What the stream tells while it goes: windows that it heard, and changes of its turns."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from core.annotation.values import Annotation, Speaker, Turn
from core.arrays import Array, Halves

NOBODY = -1
"""The voice of a window in which segmentation hears no single one."""


@dataclass(frozen=True, slots=True)
class Window:
    """What one window said of one voice: kept for the second pass, which needs no audio.

    Parameters
    ----------
    start, end
        Its samples, from the first to the last in which the voice speaks.
    embedding
        (dim,) float32, for the decoder and the second pass.
    speech
        How much of the window the voice speaks alone, 0..1.
    voice
        The local voice (:attr:`core.stream.segmentation.Tile.tracks`) that is heard in it, or
        :data:`NOBODY`: all speech in the window, whoever speaks.
    recognition
        (r,) float16, by which the voice is known again; None if the embedding is for that, too.
    """

    start: int
    end: int
    embedding: Array
    speech: float
    voice: int = NOBODY
    recognition: Halves | None = None

    @property
    def voice_print(self) -> Array:
        """float32: what known voices and those of other recordings are compared by."""
        if self.recognition is None:
            return self.embedding
        return np.asarray(self.recognition, np.float32)

    @property
    def centre(self) -> int:
        """The sample whose voice the window tells."""
        return (self.start + self.end) // 2

    def beyond(self, sample: int) -> int:
        """How many of its samples come at or after another."""
        return max(0, self.end - max(self.start, sample))

    def is_same(self, other: Window) -> bool:
        """Whether the other is of the same voice at the same time."""
        return (self.start, self.end, self.voice) == (other.start, other.end, other.voice)


@dataclass(frozen=True, slots=True)
class Changes:
    """What a push changed.

    Parameters
    ----------
    position
        Samples heard so far.
    since
        Turns that end at or before this sample are as they were, settled, and not listed.
    turns
        All turns after ``since``, in place of those that were there.
    windows
        The windows that this push completed.
    shown
        The sample up to which ``turns`` say who speaks.
    """

    position: int
    since: int
    turns: tuple[Turn, ...]
    windows: tuple[Window, ...] = ()
    shown: int = 0

    def then(self, later: Changes) -> Changes:
        """The one change that does what this and a later one do in a row; its windows are the
        later one's."""
        kept = tuple(t for t in self.turns if t.end <= later.since)
        return replace(later, since=min(self.since, later.since), turns=kept + later.turns)

    def applied_to(self, annotation: Annotation) -> Annotation:
        """The annotation after the change.

        Linear and without joining: this runs ten times a second over up to 10,000 turns. The
        change's turns are the diarizer's, which joins them itself.
        """
        kept = [t for t in annotation.turns if t.end <= self.since]
        turns = tuple(sorted([*kept, *self.turns]))
        known = {s.id: s for s in annotation.speakers}
        ids = dict.fromkeys(t.speaker for t in turns)
        return replace(
            annotation,
            turns=turns,
            speakers=tuple(known.get(i) or Speaker(i) for i in ids),
            duration=max(annotation.duration, self.position, *(t.end for t in self.turns), 0),
        )
