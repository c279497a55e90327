"""Turns, speakers and the annotation of a recording: immutable values and pure operations.

Rules that always hold:

* A turn lasts at least one sample: ``start < end``, both integer samples at 16 kHz from the start.
* Turns are sorted by (start, end, speaker). Two turns of one speaker never overlap, and touch only
  where a person split them; turns of different speakers may overlap.
* A turn has the words that are said in it, sorted by time. Their times are what was heard; where a
  person moved an edge of the turn they may reach out of it, and they stay with it.
* Every turn's speaker is listed in ``speakers``, in the order of the lanes: that of appearance
  unless a person chose another. Speakers keep their ``id`` for the life of the annotation, so that
  colours never jump. A speaker may have no turn.

What a person does to an annotation is in :mod:`core.annotation.edits`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from core.annotation.writing import joined
from core.units import to_seconds

OKABE_ITO = ("#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7")
"""The colours of speakers by id, in every picture: people with any kind of colour vision tell the
seven apart (Okabe and Ito, 2008). From the 8th on they repeat under a pattern."""


@dataclass(frozen=True, order=True, slots=True)
class Word:
    """One word, with the marks that are written together with it: ``well,`` or ``"Yes!"``.

    Parameters
    ----------
    start, end
        Integer samples at 16 kHz, ``0 <= start < end``.
    text
        Without blanks; not empty.
    confidence
        How sure the recogniser was, 0..1; None where nobody said so. Not part of equality or order.
    """

    start: int
    end: int
    text: str
    confidence: float | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"a word needs 0 <= start < end, got {self.start}..{self.end}")

    @property
    def middle(self) -> int:
        """The sample that says in which turn it is said."""
        return (self.start + self.end) // 2


@dataclass(frozen=True, order=True, slots=True)
class Turn:
    """One stretch of speech of one speaker.

    Parameters
    ----------
    start, end
        Integer samples at 16 kHz, ``0 <= start < end``.
    speaker
        The id of a :class:`Speaker`.
    settled
        False while the live decoder may still change the label. Not part of equality or order.
    words
        What is said in it, sorted by time; () where nobody wrote it down.
    """

    start: int
    end: int
    speaker: int
    settled: bool = field(default=True, compare=False)
    words: tuple[Word, ...] = field(default=(), hash=False, repr=False)

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"a turn needs 0 <= start < end, got {self.start}..{self.end}")

    @property
    def duration(self) -> int:
        """Length in samples."""
        return self.end - self.start

    @property
    def text(self) -> str:
        """What is said in it, on one line; empty where nobody wrote it down."""
        return joined(word.text for word in self.words)

    def overlap(self, other: Turn) -> int:
        """Samples that both turns cover; 0 if none."""
        return max(0, min(self.end, other.end) - max(self.start, other.start))

    def part(self, start: int, end: int) -> Turn:
        """What of the turn lies from one sample inside it to another, with its words.

        Parts that make up the whole turn have all of its words, each once: a word belongs where its
        middle is, and one that reaches out of the turn to the first or the last part.
        """
        start, end = max(start, self.start), min(end, self.end)
        if not self.words or (start, end) == (self.start, self.end):
            return replace(self, start=start, end=end)
        words = tuple(
            word
            for word in self.words
            if (start == self.start or word.middle >= start)
            and (end == self.end or word.middle < end)
        )
        return replace(self, start=start, end=end, words=words)


@dataclass(frozen=True, slots=True)
class Speaker:
    """A voice of this annotation: a stable number, and the name and colour that people see.

    ``colour`` is ``#rrggbb``, or empty for the one that goes with the ``id``. ``confidence`` is how
    sure it is (0..1) that a name is right which was given because the voice is known
    (:mod:`core.voices.naming`); None for a name that a person gave. ``kept``: a person said that
    this is somebody, however little they say (see :func:`core.refine.refine.ghosts`).
    """

    id: int
    name: str = ""
    colour: str = ""
    confidence: float | None = None
    kept: bool = False

    @property
    def label(self) -> str:
        """The name, or ``Speaker 1`` for the unnamed speaker with id 0."""
        return self.name or f"Speaker {self.id + 1}"

    @property
    def named_by_hand(self) -> bool:
        """Whether a person gave the name: nothing but a person changes it."""
        return bool(self.name) and self.confidence is None


@dataclass(frozen=True, order=True, slots=True)
class Marker:
    """A sample that a person wants to find again, and why."""

    at: int
    text: str = ""


Stretch = tuple[int, int]
"""(start, end) in samples."""


@dataclass(frozen=True, slots=True)
class Denial:
    """A person said that the voice in these stretches isn't the known voice of that name.

    It is about stretches of time, so it outlives any other pass that numbers the speakers anew.
    """

    name: str
    where: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Annotation:
    """Who speaks when in one recording.

    Use :meth:`build` to make one from loose turns: it sorts, joins touching turns of one speaker
    and lists the speakers.

    >>> a = Annotation.build([Turn(0, 10, 0), Turn(10, 30, 0), Turn(20, 40, 1)], duration=50)
    >>> len(a.turns), [s.label for s in a.speakers]
    (2, ['Speaker 1', 'Speaker 2'])
    """

    turns: tuple[Turn, ...] = ()
    speakers: tuple[Speaker, ...] = ()
    duration: int = 0
    """Length of the recording in samples; never less than the end of the last turn."""
    markers: tuple[Marker, ...] = ()
    """Sorted by time."""
    edited: tuple[Stretch, ...] = ()
    """Where a person decided who speaks, or that nobody does: sorted, apart from each other.
    No second pass changes the turns there."""
    denied: tuple[Denial, ...] = ()
    """Which known voices a person said they are not, where."""

    @classmethod
    def build(
        cls,
        turns: Iterable[Turn],
        duration: int = 0,
        names: Mapping[int, str] | None = None,
    ) -> Annotation:
        """Make a valid annotation: turns of one speaker that touch or overlap become one turn."""
        joined = tuple(sorted(join_turns(turns)))
        ids = dict.fromkeys(t.speaker for t in joined)
        names = names or {}
        return cls(
            joined,
            tuple(Speaker(i, names.get(i, "")) for i in ids),
            max([duration, *(t.end for t in joined)]),
        )

    def speaker(self, speaker_id: int) -> Speaker:
        """The speaker with this id. Raises ``KeyError`` if there is none."""
        for speaker in self.speakers:
            if speaker.id == speaker_id:
                return speaker
        raise KeyError(speaker_id)

    def turns_of(self, speaker_id: int) -> tuple[Turn, ...]:
        """The turns of one speaker, in time order."""
        return tuple(t for t in self.turns if t.speaker == speaker_id)

    def talk_time(self) -> dict[int, int]:
        """Samples of speech by speaker id; overlapped speech counts for each speaker."""
        total = {s.id: 0 for s in self.speakers}
        for turn in self.turns:
            total[turn.speaker] += turn.duration
        return total

    def edges(self) -> tuple[int, ...]:
        """All starts and ends, sorted, without repeats: where the edge-jump keys stop."""
        return tuple(sorted({e for t in self.turns for e in (t.start, t.end)}))

    def with_names(self, names: Mapping[int, str]) -> Annotation:
        """The same turns with some speakers renamed, by a person."""
        return replace(
            self,
            speakers=tuple(
                replace(s, name=names[s.id], confidence=None) if s.id in names else s
                for s in self.speakers
            ),
        )

    @property
    def by_hand(self) -> bool:
        """Whether a person said anything in it that another pass has to keep."""
        named = any(s.named_by_hand or s.colour for s in self.speakers)
        return bool(named or self.markers or self.edited or self.denied or self.has_words)

    @property
    def has_words(self) -> bool:
        """Whether anybody wrote down anything of what is said."""
        return any(turn.words for turn in self.turns)

    def is_edited(self, turn: Turn) -> bool:
        """Whether a person had a hand in this turn."""
        after = bisect_right(self.edited, turn.start, key=lambda stretch: stretch[1])
        return after < len(self.edited) and self.edited[after][0] < turn.end

    def relabelled(self, to: Callable[[int], int]) -> Annotation:
        """Every speaker id replaced by ``to(id)``; the turns of speakers that meet are joined."""
        names: dict[int, str] = {}
        for s in self.speakers:
            names[to(s.id)] = names.get(to(s.id)) or s.name
        turns = (replace(t, speaker=to(t.speaker)) for t in self.turns)
        return Annotation.build(turns, self.duration, names)

    def numbered_by_appearance(self) -> Annotation:
        """Speakers renumbered 0, 1, 2, ... in the order in which they first speak."""
        order = {s.id: n for n, s in enumerate(self.speakers)}
        return self.relabelled(lambda i: order[i])

    def __str__(self) -> str:
        return (
            f"{len(self.turns)} turns of {len(self.speakers)} speakers"
            f" in {to_seconds(self.duration):.1f} s"
        )


def join_turns(turns: Iterable[Turn], gap: int = 0) -> list[Turn]:
    """Join turns of one speaker that overlap, touch or are at most ``gap`` samples apart.

    A joined turn is settled only if all of its parts are.
    """
    last: dict[int, list[Turn]] = {}
    reach: dict[int, int] = {}
    done: list[Turn] = []
    for turn in sorted(turns):
        previous = last.get(turn.speaker)
        if previous is not None and turn.start <= reach[turn.speaker] + gap:
            previous.append(turn)
            reach[turn.speaker] = max(reach[turn.speaker], turn.end)
        else:
            if previous is not None:
                done.append(one_turn(previous))
            last[turn.speaker], reach[turn.speaker] = [turn], turn.end
    done.extend(map(one_turn, last.values()))
    return sorted(done)


def one_turn(turns: Sequence[Turn]) -> Turn:
    """Turns of one speaker as one that covers them, with all their words; at least one is needed.

    It is settled only if all of them are.
    """
    if len(turns) == 1:
        return turns[0]
    return replace(
        turns[0],
        start=min(t.start for t in turns),
        end=max(t.end for t in turns),
        settled=all(t.settled for t in turns),
        words=tuple(sorted(word for turn in turns for word in turn.words)),
    )


def union(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """The same time as sorted stretches that don't overlap or touch."""
    joined: list[Stretch] = []
    for start, end in sorted(stretches):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)
