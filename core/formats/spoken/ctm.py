"""NIST's CTM, the words of a recording one a line, as tools that score recognisers take them.

::

    <file> 1 <start> <duration> <word> <confidence> lex <speaker>

Names are encoded as in RTTM, with ``_`` for a space.
"""

from __future__ import annotations

from core.annotation.values import Annotation
from core.formats.names import labels
from core.formats.rounding import decimal, rounded
from core.formats.rttm import encode


def render(annotation: Annotation, uri: str) -> str:
    """The words in the order of time; empty where nobody wrote down what is said."""
    annotation = rounded(annotation)
    file = encode(uri)
    names = {i: encode(label.replace(" ", "_")) for i, label in labels(annotation).items()}
    said = sorted(
        ((word, turn.speaker) for turn in annotation.turns for word in turn.words),
        key=lambda pair: (pair[0], pair[1]),
    )
    return "".join(
        f"{file} 1 {decimal(word.start)} {decimal(word.end - word.start)} {word.text}"
        f" {'NA' if word.confidence is None else f'{word.confidence:.3f}'} lex {names[speaker]}\n"
        for word, speaker in said
    )
