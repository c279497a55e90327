"""How far a diarization is from the reference: the diarization error rate and its parts.

Also the equal error rate, by which encoders are compared (:func:`eer`).

DER = (missed + false alarm + confused speech) / reference speech, with the best one-to-one mapping
of speakers (NIST RT evaluations). Where two people speak at once both count, so that DER can
exceed 100 %. Everything is counted in whole samples; the tests hold it to pyannote.metrics, which
gives the same and takes minutes for a meeting of 10,000 turns.

The rules change the figure, so a score always carries them:

* the collar, as in md-eval and dscore, is cut out on *each side* of every edge of the reference;
* overlapped speech is scored unless it is skipped;
* only the region is scored: a UEM's, or else from the first to the last edge of both sides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .annotation import Annotation
from .formats.uem import Region
from .units import to_samples

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
    """
    from scipy.optimize import linear_sum_assignment

    if region is None:
        region = extent(reference, hypothesis)
    reach = to_samples(collar)
    collars = [(e - reach, e + reach) for t in reference.turns for e in (t.start, t.end)]
    # Between two neighbouring points nothing changes, so that each piece counts as one.
    stretches = [
        *region,
        *collars,
        *((t.start, t.end) for a in (reference, hypothesis) for t in a.turns),
    ]
    points = np.unique(np.array(stretches, np.int64))
    spoken, heard = _by_speaker(reference, points), _by_speaker(hypothesis, points)
    r, h = spoken.sum(axis=0), heard.sum(axis=0)
    inside = _covered(region, points)
    scored = inside & ~_covered(collars, points)
    if skip_overlap:
        scored &= r < 2
    length = np.diff(points) * scored
    together = (spoken * length) @ heard.T
    right = together[linear_sum_assignment(together, maximize=True)].sum()
    return Score(
        int(r @ length),
        int(np.maximum(r - h, 0) @ length),
        int(np.maximum(h - r, 0) @ length),
        int(np.minimum(r, h) @ length - right),
        int((spoken @ inside > 0).sum()),
        int((heard @ inside > 0).sum()),
    )


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
