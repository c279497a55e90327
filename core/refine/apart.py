"""Several streams of one recording, a share of its channels each, as one: nobody is on two.

Speakers, local voices and windows of share ``k`` of ``n`` get the numbers ``k``, ``n + k``,
``2 n + k`` and so on, so that all of them differ and each tells its share.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from core.annotation.values import Annotation, Turn, union
from core.arrays import Doubles, Labels
from core.refine.methods import Method, in_turns
from core.refine.refine import Refiner, SpeakerCount
from core.stream.changes import NOBODY, Changes, Window
from core.stream.speech import Speech
from core.units import SAMPLE_RATE


class StreamsAsOne:
    """What several streams tell, as one stream would.

    Parameters
    ----------
    count
        How many streams there are.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._listed: list[list[Turn]] = [[] for _ in range(count)]
        self._windows: list[list[Window]] = [[] for _ in range(count)]

    def push(self, changes: Sequence[Changes]) -> Changes:
        """The one change for one of each stream, in their order."""
        since = min(change.since for change in changes)
        for number, change in enumerate(changes):
            before = [turn for turn in self._listed[number] if since < turn.end <= change.since]
            own = [replace(t, speaker=self._numbered(number, t.speaker)) for t in change.turns]
            self._listed[number] = before + own
            self._windows[number] += change.windows
        return Changes(
            min(change.position for change in changes),
            since,
            tuple(sorted(turn for turns in self._listed for turn in turns)),
            self._sorted([change.windows for change in changes]),
            min(change.shown for change in changes),
        )

    def end(self, windows: Sequence[Iterable[Window]]) -> tuple[Window, ...]:
        """Take the windows that only the ends of the streams completed; the same, as one's."""
        for number, own in enumerate(windows):
            self._windows[number] += own
        return self._sorted(windows)

    @property
    def windows(self) -> tuple[Window, ...]:
        """All that there were."""
        return self._sorted(self._windows)

    def windows_of(self, number: int) -> Sequence[Window]:
        """Those of one stream, as it numbers them."""
        return self._windows[number]

    def speech(self, parts: Sequence[Speech]) -> Speech:
        """All speech; pauses are where nobody else speaks."""
        stretches = union(stretch for part in parts for stretch in part.stretches)
        spans = (
            (start, end, self._numbered(number, voice))
            for number, part in enumerate(parts)
            for start, end, voice in part.voices
        )
        pauses = [pause for part in parts for pause in part.pauses]
        spoken = [part.stretches for part in parts]
        free = [p for p in pauses if sum(_meets(p, stretches) for stretches in spoken) == 1]
        return Speech(stretches, tuple(sorted(free)), tuple(sorted(spans)))

    def _numbered(self, number: int, own: int) -> int:
        return own * self._count + number

    def _sorted(self, windows: Sequence[Iterable[Window]]) -> tuple[Window, ...]:
        found = [
            window
            if window.voice == NOBODY
            else replace(window, voice=self._numbered(number, window.voice))
            for number, own in enumerate(windows)
            for window in own
        ]
        return tuple(sorted(found, key=lambda window: window.centre))


def _meets(pause: tuple[int, int], stretches: Sequence[tuple[int, int]]) -> bool:
    first = int(np.searchsorted([end for _, end in stretches], pause[0], "right"))
    return first < len(stretches) and stretches[first][0] < pause[1]


def refine_apart(
    windows: Sequence[Sequence[Window]],
    speech: Sequence[Speech],
    duration: int,
    speakers: SpeakerCount | None = None,
    *,
    bias: float = 0.0,
    corrected: Annotation | None = None,
    method: Method = in_turns,
) -> list[Annotation]:
    """The second pass over each of several streams; ``speakers`` are those of all of them.

    Parameters
    ----------
    windows, speech, duration, bias, method
        As for :func:`core.refine.refine.refine`; the first two for each stream.
    corrected
        The same, with the speakers of all streams as :class:`StreamsAsOne` numbers them.
    """
    refiners = [
        Refiner(own, heard, duration, _of_stream(corrected, n, len(windows)), method=method)
        for n, (own, heard) in enumerate(zip(windows, speech, strict=True))
    ]
    counts = shared_out([refiner.scores(bias) for refiner in refiners], speakers or SpeakerCount())
    return [
        refiner.annotation(SpeakerCount(count, count))
        for refiner, count in zip(refiners, counts, strict=True)
    ]


def _of_stream(corrected: Annotation | None, number: int, count: int) -> Annotation | None:
    """What a person decided of one stream: somebody of another isn't heard on it."""
    if corrected is None:
        return None
    turns = tuple(turn for turn in corrected.turns if turn.speaker % count == number)
    return replace(corrected, turns=turns)


def shared_out(scores: Sequence[Doubles], speakers: SpeakerCount) -> list[int]:
    """How many speak on each of several streams, at least one.

    Parameters
    ----------
    scores
        For each stream what speaks for 1, 2, ... speakers.
    speakers
        How many there are in all, where that can be.
    """
    best: dict[int, tuple[float, list[int]]] = {0: (0.0, [])}
    for own in scores:
        longer: dict[int, tuple[float, list[int]]] = {}
        for total, (score, counts) in best.items():
            for count, more in enumerate(np.maximum(own, _NEVER).tolist(), 1):
                known = longer.get(total + count)
                if known is None or score + more > known[0]:
                    longer[total + count] = score + more, [*counts, count]
        best = longer
    low, high = min(best), max(best)
    least = min(max(speakers.minimum, low), high)
    most = min(max(speakers.maximum or high, least), high)
    return max((best[total] for total in range(least, most + 1)), key=lambda found: found[0])[1]


_NEVER = -1e6


def named_after(
    parts: Sequence[Annotation], names: Sequence[str]
) -> tuple[Annotation, dict[int, str]]:
    """The annotations of several streams as one, and its speakers' names after the streams'.

    Speakers are numbered in the order in which they first speak. Where several are on one stream
    they are told apart by a number: Left 1, Left 2.
    """
    count = len(parts)
    turns = [
        replace(turn, speaker=turn.speaker * count + number)
        for number, part in enumerate(parts)
        for turn in part.turns
    ]
    found = Annotation.build(turns, max(part.duration for part in parts))
    place = {s.id: n for n, s in enumerate(found.speakers)}
    on = Counter(s.id % count for s in found.speakers)
    seen: Counter[int] = Counter()
    lanes = {}
    for speaker in found.speakers:
        number = speaker.id % count
        seen[number] += 1
        mark = f" {seen[number]}" if on[number] > 1 else ""
        lanes[place[speaker.id]] = names[number] + mark
    return found.numbered_by_appearance(), lanes


def called_after(annotation: Annotation, found: Annotation, lanes: Mapping[int, str]) -> Annotation:
    """The annotation with everybody who has no name called after a lane of another one, in whose
    turns they speak most.

    Parameters
    ----------
    found, lanes
        As :func:`named_after` gives them.
    """
    count = max(annotation.duration, found.duration) // _GRID + 1
    there: Labels = np.full(count, -1, np.int64)
    for turn in found.turns:
        there[turn.start // _GRID : turn.end // _GRID] = turn.speaker
    names = {}
    for speaker in annotation.speakers:
        parts = [there[t.start // _GRID : t.end // _GRID] for t in annotation.turns_of(speaker.id)]
        own = np.concatenate([there[:0], *parts])
        heard = np.bincount(own[own >= 0])
        if not speaker.name and heard.any() and int(heard.argmax()) in lanes:
            names[speaker.id] = lanes[int(heard.argmax())]
    return annotation.with_names(names)


_GRID = SAMPLE_RATE // 10
"""Finely enough to tell who is who."""
