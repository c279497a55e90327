"""How far a diarization is from the reference: the diarization error rate and its parts.

DER = (missed + false alarm + confused speech) / reference speech, with the best one-to-one mapping
of speakers (NIST RT evaluations; computed by pyannote.metrics). Where two people speak at once both
count, so that DER can exceed 100 %.

The rules change the figure, so a score always carries them:

* the collar, as in md-eval and dscore, is cut out on *each side* of every edge of the reference;
* overlapped speech is scored unless it is skipped;
* only the region is scored: a UEM's, or else from the first to the last edge of both sides.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .annotation import Annotation
from .formats.uem import Region
from .units import to_samples

if TYPE_CHECKING:
    from pyannote.core import Annotation as PyannoteAnnotation


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
    from pyannote.core import Segment, Timeline
    from pyannote.metrics.diarization import DiarizationErrorRate

    if region is None:
        region = extent(reference, hypothesis)
    # All times are whole samples in pyannote too, so that its sums are exact.
    # Its collar is the whole width around an edge, ours is one side.
    metric = DiarizationErrorRate(collar=2.0 * to_samples(collar), skip_overlap=skip_overlap)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parts = metric.compute_components(
            _for_pyannote(reference),
            _for_pyannote(hypothesis),
            uem=Timeline([Segment(start, end) for start, end in region]),
        )
    return Score(
        round(parts["total"]),
        round(parts["missed detection"]),
        round(parts["false alarm"]),
        round(parts["confusion"]),
        _speakers_in(reference, region),
        _speakers_in(hypothesis, region),
    )


def total(scores: Iterable[Score]) -> Score:
    """The score of several recordings together: of the summed durations, not a mean of rates."""
    return sum(scores, Score())


def extent(*annotations: Annotation) -> Region:
    """From the first to the last edge of all turns; empty where there are none."""
    edges = [edge for a in annotations for t in a.turns for edge in (t.start, t.end)]
    return ((min(edges), max(edges)),) if edges else ()


def _for_pyannote(annotation: Annotation) -> PyannoteAnnotation:
    from pyannote.core import Annotation as PyannoteAnnotation
    from pyannote.core import Segment

    converted = PyannoteAnnotation()
    for number, turn in enumerate(annotation.turns):
        converted[Segment(turn.start, turn.end), number] = turn.speaker
    return converted


def _speakers_in(annotation: Annotation, region: Region) -> int:
    return len(
        {
            turn.speaker
            for turn in annotation.turns
            if any(turn.start < end and start < turn.end for start, end in region)
        }
    )
