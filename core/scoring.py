"""How far a diarization is from the reference: the diarization error rate and its parts.

Also the equal error rate, by which encoders are compared (:func:`eer`).

DER = (missed + false alarm + confused speech) / reference speech, with the best one-to-one mapping
of speakers (NIST RT evaluations). Where two people speak at once both count, so that DER can
exceed 100 %. Everything is counted in whole samples; the tests hold it to pyannote.metrics, which
gives the same and takes minutes for a meeting of 10,000 turns.

The rules change the figure, so a score always carries them:

* the collar, as in md-eval and dscore, is cut out on *each side* of every edge of the reference;
* overlapped speech is scored unless it is skipped;
* only the region is scored: a UEM's, or else from the first to the last edge of both sides; what
  the reference says is not to be scored (NOSCORE) never is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.annotation.values import Annotation
from core.units import to_samples

if TYPE_CHECKING:  # the window shows comparisons, and starts without the formats
    from core.formats.uem import Region

Integers = NDArray[np.int64]
Mask = NDArray[np.bool_]
Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class Score:
    """Samples of speech by what became of them, over one recording or several."""

    total: int = 0
    """Reference speech; where two people speak, both count."""
    missed: int = 0
    false_alarm: int = 0
    confusion: int = 0
    speakers: int = 0
    """Speakers in the scored region of the reference."""
    found: int = 0
    """Speakers in the scored region of the hypothesis."""

    @property
    def errors(self) -> int:
        """Samples of all three kinds of error."""
        return self.missed + self.false_alarm + self.confusion

    @property
    def der(self) -> float | None:
        """Diarization error rate as a fraction; None where the reference has no speech."""
        return self.errors / self.total if self.total else None

    def __add__(self, other: Score) -> Score:
        return Score(
            self.total + other.total,
            self.missed + other.missed,
            self.false_alarm + other.false_alarm,
            self.confusion + other.confusion,
            self.speakers + other.speakers,
            self.found + other.found,
        )


def score(
    reference: Annotation,
    hypothesis: Annotation,
    *,
    collar: float = 0.0,
    skip_overlap: bool = False,
    region: Region | None = None,
    excluded: Region = (),
) -> Score:
    """Compare a hypothesis with the reference of the same recording.

    Parameters
    ----------
    collar
        Seconds that are not scored on each side of every edge of a reference turn.
    skip_overlap
        Leave out the stretches in which two or more people of the reference speak.
    region
        What is scored, in samples; without it all from the first to the last edge of both sides.
    excluded
        What isn't, in samples.
    """
    pieces = _Pieces(reference, hypothesis, collar, skip_overlap, region, excluded)
    return pieces.score()


MistakeKind = Literal["missed", "false alarm", "confusion"]


class Mistake(NamedTuple):
    """A stretch (samples) in which something is wrong."""

    start: int
    end: int
    kind: MistakeKind
    voices: int
    """How many of them are missed, too many or taken for others: 2 only where people overlap."""


@dataclass(frozen=True)
class Comparison:
    """A hypothesis held against the reference."""

    score: Score
    mistakes: tuple[Mistake, ...]
    """By start. Their lengths times their voices add up to the parts of the score."""
    matched: Mapping[int, int]
    """From the ids of speakers of the reference to those of the hypothesis that stand for them;
    without those whom nobody stands for."""


def compare(
    reference: Annotation,
    hypothesis: Annotation,
    *,
    collar: float = 0.0,
    skip_overlap: bool = False,
    region: Region | None = None,
    excluded: Region = (),
) -> Comparison:
    """Like :func:`score`, with where the mistakes are and who stands for whom."""
    pieces = _Pieces(reference, hypothesis, collar, skip_overlap, region, excluded)
    return Comparison(pieces.score(), tuple(pieces.mistakes()), pieces.matched())


class _Pieces:
    """Reference and hypothesis cut at every edge: between two neighbours nothing changes, so that
    each piece counts as one."""

    def __init__(
        self,
        reference: Annotation,
        hypothesis: Annotation,
        collar: float,
        skip_overlap: bool,
        region: Region | None,
        excluded: Region,
    ) -> None:
        from scipy.optimize import linear_sum_assignment

        self._reference, self._hypothesis = reference, hypothesis
        if region is None:
            region = extent(reference, hypothesis)
        reach = to_samples(collar)
        collars = [(e - reach, e + reach) for t in reference.turns for e in (t.start, t.end)]
        stretches = [
            *region,
            *excluded,
            *collars,
            *((t.start, t.end) for a in (reference, hypothesis) for t in a.turns),
        ]
        self._points = np.unique(np.array(stretches, np.int64))
        self._spoken = _by_speaker(reference, self._points)
        self._heard = _by_speaker(hypothesis, self._points)
        self._r, self._h = self._spoken.sum(axis=0), self._heard.sum(axis=0)
        self._inside = _covered(region, self._points) & ~_covered(excluded, self._points)
        self._scored = self._inside & ~_covered(collars, self._points)
        if skip_overlap:
            self._scored &= self._r < 2
        self._length = np.diff(self._points) * self._scored
        self._together = (self._spoken * self._length) @ self._heard.T
        self._pairs = linear_sum_assignment(self._together, maximize=True)

    def score(self) -> Score:
        r, h, length = self._r, self._h, self._length
        right = self._together[self._pairs].sum()
        return Score(
            int(r @ length),
            int(np.maximum(r - h, 0) @ length),
            int(np.maximum(h - r, 0) @ length),
            int(np.minimum(r, h) @ length - right),
            int((self._spoken @ self._inside > 0).sum()),
            int((self._heard @ self._inside > 0).sum()),
        )

    def matched(self) -> dict[int, int]:
        return {
            self._reference.speakers[row].id: self._hypothesis.speakers[column].id
            for row, column in zip(*self._pairs, strict=True)
            if self._together[row, column] > 0
        }

    def mistakes(self) -> list[Mistake]:
        rows, columns = self._pairs
        right = (self._spoken[rows] & self._heard[columns]).sum(axis=0)
        counts: dict[MistakeKind, Integers] = {
            "missed": np.maximum(self._r - self._h, 0),
            "false alarm": np.maximum(self._h - self._r, 0),
            "confusion": np.minimum(self._r, self._h) - right,
        }
        found = []
        for kind, count in counts.items():
            count = np.concatenate([[0], count * self._scored, [0]])
            # Where the count changes a run begins or ends; pieces between lie in one.
            edges = np.flatnonzero(np.diff(count))
            for first, last in pairwise(edges.tolist()):
                if count[first + 1]:
                    start, end = int(self._points[first]), int(self._points[last])
                    found.append(Mistake(start, end, kind, int(count[first + 1])))
        return sorted(found)


def total(scores: Iterable[Score]) -> Score:
    """The score of several recordings together: of the summed durations, not a mean of rates."""
    return sum(scores, Score())


def extent(*annotations: Annotation) -> Region:
    """From the first to the last edge of all turns; empty where there are none."""
    edges = [edge for a in annotations for t in a.turns for edge in (t.start, t.end)]
    return ((min(edges), max(edges)),) if edges else ()


def eer(scores_same: Floats, scores_different: Floats) -> float:
    """Equal error rate of a verification: where as many of both kinds of pairs are judged wrongly.

    A pair is accepted from the threshold on. Between the two thresholds where the rates cross
    they are taken as straight lines; equal scores can't be told apart by any threshold.

    Parameters
    ----------
    scores_same, scores_different
        (n,) and (m,) similarities of pairs of one speaker and of two. Neither may be empty.

    Returns
    -------
    float
        From 0 to 1; 0.5 is chance.
    """
    if not len(scores_same) or not len(scores_different):
        raise ValueError("an equal error rate needs pairs of one speaker and of two")
    same, different = np.sort(scores_same), np.sort(scores_different)
    thresholds = np.unique(np.concatenate([same, different]))
    rejected = np.append(np.searchsorted(same, thresholds), len(same)) / len(same)
    accepted = 1 - np.append(np.searchsorted(different, thresholds), len(different)) / len(
        different
    )
    # rejected rises from 0 to 1 and accepted falls from 1 to 0: they cross once.
    after = int(np.argmax(rejected >= accepted))
    low, high = accepted[after - 1] - rejected[after - 1], rejected[after] - accepted[after]
    share = low / (low + high)
    return float(rejected[after - 1] + share * (rejected[after] - rejected[after - 1]))


def _by_speaker(annotation: Annotation, points: Integers) -> Integers:
    """Who speaks (1 or 0) in each piece between points: speakers x pieces."""
    rows = [
        _covered([(t.start, t.end) for t in annotation.turns_of(s.id)], points)
        for s in annotation.speakers
    ]
    return np.array(rows, np.int64).reshape(len(rows), max(len(points) - 1, 0))


def _covered(stretches: Sequence[tuple[int, int]], points: Integers) -> Mask:
    """Which pieces between points lie in a stretch; every end of a stretch is a point."""
    edges = np.searchsorted(points, np.array(stretches, np.int64).reshape(-1, 2))
    change = np.zeros(len(points), np.int64)
    np.add.at(change, edges[:, 0], 1)
    np.add.at(change, edges[:, 1], -1)
    return np.asarray(np.cumsum(change)[:-1] > 0)
