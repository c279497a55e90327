"""The second pass: who speaks when in a finished recording, with all of it in view.

It works on the embeddings and the speech kept from the first pass and never touches the audio.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.annotation import Annotation
from core.clustering import Voices, cluster
from core.diarizer import Window
from core.speech import Speech
from core.turns import Place, balance_point, change_point, lay_turns


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


def refine(
    windows: Sequence[Window],
    speech: Speech,
    duration: int,
    speakers: SpeakerCount | None = None,
    heard: int = 1,
) -> Annotation:
    """The annotation of a recording from its windows and its speech.

    Parameters
    ----------
    windows, speech
        As the first pass kept them, in time order.
    duration
        Samples of the recording.
    speakers
        How many voices there may be.
    heard
        How many the first pass heard: where everything looks like one voice, this decides.

    Returns
    -------
    Speakers are numbered in the order in which they first speak.
    """
    speakers = speakers or SpeakerCount()
    if not windows:
        return Annotation.build(lay_turns(speech.stretches, [], lambda _: 0), duration)
    starts = np.array([w.start for w in windows])
    steps = np.diff(starts, prepend=starts[0])
    hop = min((step for step in steps if step > 0), default=0)
    embeddings = np.array([w.embedding for w in windows])
    follows = (steps > 0) & (steps == hop)
    voices = cluster(embeddings, follows, speakers.minimum, speakers.maximum)
    if voices.count == 1 and heard > 1 and speakers.maximum != 1:
        # A second opinion: the decoder, trained on conversations, rarely hears too many.
        voices = cluster(embeddings, follows, 2, speakers.maximum)
    turns = lay_turns(speech.stretches, voices.labels.tolist(), _changes(windows, speech, voices))
    return Annotation.build(turns, duration).numbered_by_appearance()


def _changes(windows: Sequence[Window], speech: Speech, voices: Voices) -> Place:
    def place(i: int) -> int:
        old, new = voices.labels[i], voices.labels[i + 1]
        part = balance_point(
            float(voices.pulls[i, new] - voices.pulls[i, old]),
            float(voices.pulls[i + 1, old] - voices.pulls[i + 1, new]),
        )
        here, there = windows[i].centre, windows[i + 1].centre
        return change_point(here, there, part, speech.stretches, speech.pauses)

    return place
