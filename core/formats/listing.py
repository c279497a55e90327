"""The listing that the seed project prints: a block per speaker, a line per turn."""

from __future__ import annotations

from ..annotation import Annotation
from ..units import clock
from .names import one_line
from .rounding import rounded


def render(annotation: Annotation) -> str:
    """The listing as text; unnamed speakers appear by their number, from 0.

    >>> from core.annotation import Turn
    >>> print(render(Annotation.build([Turn(4608, 70496, 0)])), end="")
    ========= 0 =========
    0:00.288 ==> 0:04.406
    """
    annotation = rounded(annotation)
    blocks = []
    for speaker in annotation.speakers:
        turns = annotation.turns_of(speaker.id)
        if turns:
            blocks.append(f"========= {one_line(speaker.name) or speaker.id} =========\n")
            blocks.extend(f"{clock(t.start)} ==> {clock(t.end)}\n" for t in turns)
    return "".join(blocks)
