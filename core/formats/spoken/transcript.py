"""Transcripts to read, and for programs of qualitative analysis: a paragraph for each turn."""

from __future__ import annotations

from core.annotation.values import Annotation
from core.formats.names import labels, one_line
from core.formats.rounding import rounded
from core.units import clock, to_milliseconds

_MARKS = str.maketrans(dict.fromkeys(":#*[]()", " "))
"""What divides a name from the rest, here or in what reads it."""


def render(annotation: Annotation) -> str:
    """``[0:00:00.288 - 0:00:04.406] Anna: Well, ...``, with an empty line between.

    >>> from core.annotation.values import Turn, Word
    >>> said = (Word(4608, 9000, "Well,"), Word(9000, 70496, "yes."))
    >>> print(render(Annotation.build([Turn(4608, 70496, 0, words=said)])), end="")
    [0:00:00.288 - 0:00:04.406] Speaker 1: Well, yes.
    """
    annotation = rounded(annotation)
    names = labels(annotation, _name)
    return "\n".join(
        f"[{clock(t.start, hours=True)} - {clock(t.end, hours=True)}]"
        f" {names[t.speaker]}: {t.text}".rstrip()
        + "\n"
        for t in annotation.turns
    )


def render_qda(annotation: Annotation, mark: str = "") -> str:
    """``Anna: Well, ... #00:00:04-4#``: paragraphs that such programs take for those of a speaker
    (MAXQDA, ATLAS.ti, NVivo), with the time of their end as f4 writes it, to a tenth of a second.

    Parameters
    ----------
    mark
        Stands before each name.
    """
    annotation = rounded(annotation)
    names = labels(annotation, _name)
    return "".join(
        f"{mark}{names[t.speaker]}: {t.text}".rstrip() + f" {_f4(t.end)}\n"
        for t in annotation.turns
    )


def _f4(samples: int) -> str:
    tenths = (to_milliseconds(samples) + 50) // 100
    whole, tenth = divmod(tenths, 10)
    return f"#{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}-{tenth}#"


def _name(label: str) -> str:
    return " ".join(one_line(label).translate(_MARKS).split())
