"""LAB, one turn per line: ``<start> <end> <speaker>``, as pyannote and HTK-like tools read it.

Fields are divided by spaces, so that names are encoded as in RTTM ("Anna B" is ``Anna%20B``). HTK
itself counts in whole steps of 100 ns.
"""

from __future__ import annotations

import re

from ..annotation import Annotation
from ..errors import InputError
from .names import labels
from .reading import Row, Tell, from_rows, lines, seconds, unheard
from .rounding import decimal, rounded
from .rttm import decode, speaker_label, speaker_token

_TURN = re.compile(r"\s*([0-9][0-9.eE+-]*) +([0-9][0-9.eE+-]*) +(\S.*?)\s*")
_HTK = 100_000
"""Whole numbers beyond this are steps of 100 ns (0.01 s), not seconds (28 hours)."""


def render(annotation: Annotation) -> str:
    """The LAB text of an annotation."""
    annotation = rounded(annotation)
    tokens = {i: speaker_token(label) for i, label in labels(annotation, str).items()}
    return "".join(
        f"{decimal(t.start)} {decimal(t.end)} {tokens[t.speaker]}\n" for t in annotation.turns
    )


def is_turn(line: str) -> bool:
    """Whether a line is one of LAB."""
    return _TURN.fullmatch(line) is not None


def parse(text: str, source: str = "LAB", tell: Tell = unheard) -> Annotation:
    """The annotation in a LAB text.

    Raises
    ------
    InputError
        Names the line.
    """
    found: list[tuple[str, str, str, str]] = []
    for number, line in lines(text):
        where = f"{source}, line {number}"
        match = _TURN.fullmatch(line)
        if match is None:
            raise InputError(f"{where}: a turn is start, end and speaker, divided by spaces")
        found.append((where, match[1], match[2], match[3]))
    times = [time for _, start, end, _ in found for time in (start, end)]
    htk = all(t.isdecimal() for t in times) and any(len(t) < 20 and int(t) > _HTK for t in times)
    if htk:
        tell(f"{source}: its times were taken for steps of 100 ns, as HTK writes them")
    rows = []
    for where, first, last, field in found:
        start, end = (
            seconds(float(time) * 1e-7 if htk else time, what, where)
            for time, what in ((first, "start"), (last, "end"))
        )
        if end < start:
            raise InputError(f"{where}: the end must not come before the start")
        words = field.split()
        name = speaker_label(field) if len(words) == 1 else " ".join(map(decode, words))
        rows.append(Row(start, end, name))
    return from_rows(rows, source=source, tell=tell)
