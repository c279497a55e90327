"""Whether a voice of this meeting is one that is known: yes, perhaps, or no.

A voice is compared with each known one by the cosine of their mean directions. From which cosine on
two voices are one depends on the encoder, so the limits come with it: ``[ghostvlad.calibration]``
of its manifest, measured on people it was not trained on
(``python -m core.training.measure.recognition``). A wrong name is worse than none. So a voice is
named only

* from :data:`Limits.sure` on, where one stranger in a hundred would be taken for one of ten
  known people,
* with at least :data:`ENOUGH` seconds of speech,
* if the next known voice is clearly further away,
* and if nobody else in the meeting, who says more than a word, is as close to that name: nobody
  is there twice.

Else, from :data:`Limits.perhaps` on, it is asked about: "Speaker 3 (Anna?)".
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.annotation.values import Annotation
from core.arrays import Array
from core.models.manifest import EncoderEntry
from core.refine.refine import speaker_at
from core.stream.changes import Window
from core.units import to_seconds

Verdict = Literal["known", "unsure", "unknown"]

ENOUGH = 8.0
"""Seconds of speech below which nobody is named without being asked about."""
LITTLE = 2.0
"""Seconds of speech below which nobody is even asked about."""
CLEAR = 0.3
"""The log odds by which the best name has to be ahead of the next."""


@dataclass(frozen=True)
class Limits:
    """From which cosine on a voice is named or asked about, for one encoder.

    Parameters
    ----------
    sure, perhaps
        Cosines, ``perhaps <= sure``.
    slope, offset
        The probability that two voices are one is ``1 / (1 + exp(-(slope * cosine + offset)))``
        if before hearing them both were equally likely.
    """

    sure: float
    perhaps: float
    slope: float
    offset: float

    @classmethod
    def of(cls, encoder: EncoderEntry) -> Limits | None:
        """The limits of an encoder; None if they were not measured."""
        try:
            return cls(*(float(encoder.calibration[f"voice_{n}"]) for n in cls.__match_args__))
        except (KeyError, TypeError, ValueError):
            return None

    def probability(self, cosine: float) -> float:
        """That two voices so alike are one."""
        logit = min(max(self.slope * cosine + self.offset, -50.0), 50.0)
        return 1 / (1 + math.exp(-logit))


@dataclass(frozen=True)
class VoicePrint:
    """What a meeting holds of one voice: the (dim,) mean direction, and the seconds of it."""

    direction: Array
    seconds: float


@dataclass(frozen=True)
class Recognised:
    """What came of comparing one voice with those that are known.

    Parameters
    ----------
    outcome
        ``known``: it can be named. ``unsure``: it has to be asked about. ``unknown``: a stranger.
    voice
        The number of the known voice that is nearest; None for a stranger.
    confidence
        The probability that it is that voice, 0..1.
    cosine
        To that voice.
    """

    outcome: Verdict
    voice: int | None
    confidence: float
    cosine: float


STRANGER = Recognised("unknown", None, 0.0, 0.0)


def voices_in(annotation: Annotation, windows: Sequence[Window]) -> dict[int, VoicePrint]:
    """Each speaker of an annotation who has windows of their own, by id.

    The seconds are those of windows at whose centre nobody else speaks, each moment once.
    """
    labels = speaker_at(annotation, windows)
    found: dict[int, VoicePrint] = {}
    for speaker in sorted(set(labels[labels >= 0].tolist())):
        own = [windows[i] for i in np.flatnonzero(labels == speaker)]
        length = reached = 0
        for window in own:
            length += window.beyond(reached)
            reached = max(reached, window.end)
        found[speaker] = VoicePrint(direction([w.voice_print for w in own]), to_seconds(length))
    return found


def direction(embeddings: Sequence[Array]) -> Array:
    """The mean of the directions of embeddings, (dim,) of length 1."""
    rows = np.array(embeddings, np.float64)
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    mean = rows.mean(axis=0)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), np.float32)


def recognise(
    heard: Mapping[int, VoicePrint],
    known: Mapping[int, Array],
    limits: Limits | None,
    denied: Mapping[int, Collection[int]] | None = None,
) -> dict[int, Recognised]:
    """Who of the known voices the voices of a meeting are.

    Parameters
    ----------
    heard
        The voices of one meeting by speaker id.
    known
        (k, dim) samples of each known voice, from the same encoder.
    limits
        Of that encoder; without them nobody is named or asked about.
    denied
        The known voices that a person said a speaker is not, by speaker id.
    """
    if not known or limits is None:
        return dict.fromkeys(heard, STRANGER)
    numbers = list(known)
    profiles = np.stack([direction(list(known[n])) for n in numbers])
    cosines = {s: profiles @ voice.direction for s, voice in heard.items()}
    for speaker, others in (denied or {}).items():
        cosines[speaker][[numbers.index(n) for n in others]] = -1.0
    nearest = {s: int(np.argmax(row)) for s, row in cosines.items()}
    results: dict[int, Recognised] = {}
    for speaker, row in cosines.items():
        best = nearest[speaker]
        cosine = float(row[best])
        if cosine < limits.perhaps or heard[speaker].seconds < LITTLE:
            results[speaker] = Recognised("unknown", None, 0.0, cosine)
            continue
        rivals = [float(c) for n, c in enumerate(row) if n != best]
        rivals += [
            float(r[best])
            for s, r in cosines.items()
            if s != speaker and nearest[s] == best and heard[s].seconds >= LITTLE
        ]
        named = (
            cosine >= limits.sure
            and heard[speaker].seconds >= ENOUGH
            and limits.slope * (cosine - max(rivals, default=-1.0)) >= CLEAR
        )
        outcome: Verdict = "known" if named else "unsure"
        chance = limits.probability(cosine)
        results[speaker] = Recognised(outcome, numbers[best], chance, cosine)
    return results
