"""What the stream tells while it goes: windows that it heard, and changes of its turns."""

from __future__ import annotations

from dataclasses import dataclass, replace

from core.annotation.values import Annotation, Speaker, Turn
from core.arrays import Array


@dataclass(frozen=True, slots=True)
class Window:
    """What one window said: kept for the second pass, which needs no audio.

    Parameters
    ----------
    start, end
        Its samples.
    embedding
        (dim,) float32.
    speech
        Share of the window that is speech, 0..1.
    """

    start: int
    end: int
    embedding: Array
    speech: float

    @property
    def centre(self) -> int:
        """The sample whose voice the window tells."""
        return (self.start + self.end) // 2


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
    """

    position: int
    since: int
    turns: tuple[Turn, ...]
    windows: tuple[Window, ...] = ()


def merged(first: Changes, then: Changes) -> Changes:
    """The one change that does what two in a row do."""
    from dataclasses import replace

    kept = tuple(t for t in first.turns if t.end <= then.since)
    return replace(then, since=min(first.since, then.since), turns=kept + then.turns)


def applied(annotation: Annotation, changes: Changes) -> Annotation:
    """The annotation after a change.

    Linear and without joining: this runs ten times a second over up to 10,000 turns. The change's
    turns are the diarizer's, which joins them itself.
    """
    kept = [t for t in annotation.turns if t.end <= changes.since]
    turns = tuple(sorted([*kept, *changes.turns]))
    known = {s.id: s for s in annotation.speakers}
    ids = dict.fromkeys(t.speaker for t in turns)
    return replace(
        annotation,
        turns=turns,
        speakers=tuple(known.get(i) or Speaker(i) for i in ids),
        duration=max(annotation.duration, changes.position, *(t.end for t in changes.turns), 0),
    )
