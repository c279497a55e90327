"""LAB, one turn per line: ``<start> <end> <speaker>``, as pyannote and HTK-like tools read it.

Fields are divided by spaces, so that names are encoded as in RTTM ("Anna B" is ``Anna%20B``).
"""

from __future__ import annotations

from ..annotation import Annotation
from .names import labels
from .rounding import decimal, rounded
from .rttm import speaker_token


def render(annotation: Annotation) -> str:
    """The LAB text of an annotation."""
    annotation = rounded(annotation)
    tokens = {i: speaker_token(label) for i, label in labels(annotation, str).items()}
    return "".join(
        f"{decimal(t.start)} {decimal(t.end)} {tokens[t.speaker]}\n" for t in annotation.turns
    )
