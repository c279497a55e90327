"""The second pass: who speaks when in a finished recording, with all of it in view.

It works on the embeddings and the speech kept from the first pass and never touches the audio.
:func:`refine` does it once. :class:`Refiner` prepares it, so that other numbers of speakers, and
"fewer" or "more" of them, can be seen at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.annotation.values import Annotation
from core.arrays import Doubles, Labels
from core.refine.grouping import GroupedVoices, Grouping
from core.refine.links import WindowPlaces
from core.refine.methods import Method, in_turns
from core.stream.changes import Window
from core.stream.laying import Change, balance_point, change_point, lay_turns, lay_voices
from core.stream.speech import Speech
from core.units import SAMPLE_RATE

GHOST = 4 * SAMPLE_RATE
"""Who speaks less than this in all may be no speaker at all ..."""
GHOST_SHARE = 0.03
"""... or less than this part of all speech, ..."""
GHOST_AT_MOST = 15 * SAMPLE_RATE
"""... but not more than this."""


@dataclass(frozen=True)
class SpeakerCount:
    """How many speakers there are: at least ``minimum``, at most ``maximum`` (None: unknown)."""

    minimum: int = 1
    maximum: int | None = None

    def __post_init__(self) -> None:
        if self.minimum < 1 or (self.maximum is not None and self.maximum < self.minimum):
            raise ValueError(f"not a number of speakers: {self.minimum}-{self.maximum}")

    @classmethod
    def parse(cls, text: str) -> SpeakerCount:
        """``"3"`` or ``"2-4"``; ``ValueError`` with a line for the person otherwise."""
        match = re.fullmatch(r"\s*(\d{1,3})\s*(?:-\s*(\d{1,3})\s*)?", text)
        if match:
            low = int(match[1])
            high = int(match[2]) if match[2] else low
            if 1 <= low <= high:
                return cls(low, high)
        raise ValueError(f"{text!r} is no number of speakers; write 3, or 2-4 for a range")


class Refiner:
    """The second pass over one recording, prepared.

    Parameters
    ----------
    windows, speech
        As the first pass kept them, in time order.
    duration
        Samples of the recording.
    corrected
        An annotation that a person worked on. Where it is ``edited``, the windows in a turn are
        known to be that speaker's: all that sounds alike follows them. (That those turns stay as
        they are is :func:`core.annotation.another_pass.carried_over`'s work.)
    cancelled
        Asked between the steps, here and in :meth:`annotation`.
    method
        How windows are grouped into so many voices.

    Raises
    ------
    Cancelled
        If ``cancelled`` said so.
    """

    def __init__(
        self,
        windows: Sequence[Window],
        speech: Speech,
        duration: int,
        corrected: Annotation | None = None,
        cancelled: Callable[[], bool] | None = None,
        method: Method = in_turns,
    ) -> None:
        self._windows = windows
        self._speech = speech
        self._duration = duration
        self._grouping: Grouping | None = None
        if windows:
            embeddings = np.array([w.embedding for w in windows])
            anchors = _anchors(windows, corrected) if corrected else None
            self._grouping = Grouping(
                embeddings, WindowPlaces.of(windows), anchors, cancelled, method=method
            )

    def scores(self, bias: float = 0.0) -> Doubles:
        """What speaks for 1, 2, ... speakers; at least one number."""
        return np.zeros(1) if self._grouping is None else self._grouping.scores(bias)

    def annotation(self, speakers: SpeakerCount | None = None, bias: float = 0.0) -> Annotation:
        """The turns, speakers numbered in the order in which they first speak.

        Parameters
        ----------
        speakers
            How many there may be; speakers known from corrections are found in any case.
        bias
            -1 (fewer) to 1 (more); the number of speakers never falls as it rises. Without
            effect where the number is given.
        """
        stretches = self._speech.stretches
        if self._grouping is None:
            return Annotation.build(lay_turns(stretches, [], lambda _: 0), self._duration)
        speakers = speakers or SpeakerCount()
        voices = self._grouping.voices(speakers.minimum, speakers.maximum, bias)
        change = _changes(self._windows, self._speech, voices)
        labels = voices.labels.tolist()
        turns = lay_voices(stretches, self._speech.voices, self._windows, labels, change)
        return Annotation.build(turns, self._duration).numbered_by_appearance()


def refine(
    windows: Sequence[Window],
    speech: Speech,
    duration: int,
    speakers: SpeakerCount | None = None,
    *,
    bias: float = 0.0,
    corrected: Annotation | None = None,
    cancelled: Callable[[], bool] | None = None,
    method: Method = in_turns,
) -> Annotation:
    """The second pass in one go; see :class:`Refiner` and :meth:`Refiner.annotation`."""
    refiner = Refiner(windows, speech, duration, corrected, cancelled, method)
    return refiner.annotation(speakers, bias)


def ghosts(annotation: Annotation, windows: Sequence[Window]) -> list[tuple[int, int]]:
    """Speakers who may be no speakers: a cough, a laugh, a few words that came out odd.

    Nothing is done about them here; a person decides. Nobody who was named, edited or kept is one.

    Returns
    -------
    (speaker, who sounds most like them) by id, shortest first. Without windows of theirs, that is
    the speaker who talks most.
    """
    times = annotation.talk_time()
    limit = min(max(GHOST, GHOST_SHARE * sum(times.values())), GHOST_AT_MOST)
    by_hand = {t.speaker for t in annotation.turns if annotation.is_edited(t)}
    short = [
        s.id
        for s in annotation.speakers
        if 0 < times[s.id] < limit and not (s.name or s.kept or s.id in by_hand)
    ]
    if not short:
        return []
    means = _mean_voices(annotation, windows)
    found = []
    for ghost in sorted(short, key=lambda i: times[i]):
        others = [i for i in times if i not in short and times[i]]
        if not others:
            break
        near = [i for i in others if i in means and ghost in means]
        if near:
            nearest = max(near, key=lambda i: float(means[i] @ means[ghost]))
        else:
            nearest = max(others, key=lambda i: times[i])
        found.append((ghost, nearest))
    return found


def speaker_at(annotation: Annotation, windows: Sequence[Window]) -> Labels:
    """The id of who alone speaks at the centre of each window; -1 for nobody or several."""
    centres = np.array([w.centre for w in windows], np.int64)
    speaking = np.zeros(len(centres) + 1, np.int64)
    owners = np.zeros(len(centres) + 1, np.int64)
    for turn in annotation.turns:
        first, last = np.searchsorted(centres, (turn.start, turn.end))
        # Sums over stretches by their ends: linear in turns plus windows.
        speaking[first] += 1
        speaking[last] -= 1
        owners[first] += turn.speaker
        owners[last] -= turn.speaker
    alone = np.cumsum(speaking[:-1]) == 1
    return np.where(alone, np.cumsum(owners[:-1]), -1)


def _anchors(windows: Sequence[Window], corrected: Annotation) -> Labels:
    """The speaker of each window where a person decided; -1 elsewhere."""
    anchors = speaker_at(corrected, windows)
    starts = np.array([s for s, _ in corrected.edited], np.int64)
    ends = np.array([e for _, e in corrected.edited], np.int64)
    centres = np.array([w.centre for w in windows], np.int64)
    inside = np.searchsorted(starts, centres, "right") > np.searchsorted(ends, centres, "right")
    return np.where(inside, anchors, -1)


def _mean_voices(
    annotation: Annotation, windows: Sequence[Window]
) -> dict[int, NDArray[np.float64]]:
    """The mean direction of each speaker's windows, of length 1."""
    means: dict[int, NDArray[np.float64]] = {}
    labels = speaker_at(annotation, windows)
    for speaker in set(labels[labels >= 0].tolist()):
        own = [windows[i].embedding for i in np.flatnonzero(labels == speaker)]
        mean = np.mean(np.array(own, np.float64), axis=0)
        means[speaker] = mean / (float(np.linalg.norm(mean)) or 1.0)
    return means


def _changes(windows: Sequence[Window], speech: Speech, voices: GroupedVoices) -> Change:
    def change(i: int, j: int) -> int:
        old, new = voices.labels[i], voices.labels[j]
        part = balance_point(
            float(voices.pulls[i, new] - voices.pulls[i, old]),
            float(voices.pulls[j, old] - voices.pulls[j, new]),
        )
        here, there = windows[i].centre, windows[j].centre
        return change_point(here, there, part, speech.stretches, speech.pauses)

    return change
