"""SegLST, the JSON list of segments that CHiME and meeteval score: who from when to when."""

from __future__ import annotations

import json

from ..annotation import Annotation
from ..units import to_seconds
from .names import labels
from .rounding import rounded


def render(annotation: Annotation, uri: str) -> str:
    """One segment per turn. Nobody wrote down what is said, so ``words`` is empty."""
    annotation = rounded(annotation)
    names = labels(annotation, str)
    segments = ",\n  ".join(
        json.dumps(
            {
                "session_id": uri,
                "speaker": names[t.speaker],
                "start_time": to_seconds(t.start),
                "end_time": to_seconds(t.end),
                "words": "",
            },
        )
        for t in annotation.turns
    )
    return f"[\n  {segments}\n]\n" if segments else "[]\n"
