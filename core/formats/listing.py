"""The listing that the seed project prints: a block per speaker, a line per turn.

What is said in a turn follows its times.
"""

from __future__ import annotations

import re

from core.annotation.values import Annotation
from core.errors import InputError
from core.formats.names import one_line
from core.formats.reading import LabelRow, Tell, from_rows, lines, seconds, unheard
from core.formats.rounding import rounded
from core.units import clock

_BLOCK = re.compile(r"={9} (.*) ={9}")
_CLOCK = r"((?:[0-9]{1,5}:)?[0-9]{1,7}:[0-9]{2}\.[0-9]{3})"
_TURN = re.compile(rf"{_CLOCK} ==> {_CLOCK}(?:\s+(.*))?")


def render(annotation: Annotation) -> str:
    """The listing as text; unnamed speakers appear by their number, from 0.

    >>> from core.annotation.values import Turn
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
            blocks.extend(
                f"{clock(t.start)} ==> {clock(t.end)}  {t.text}".rstrip() + "\n" for t in turns
            )
    return "".join(blocks)


def is_block(line: str) -> bool:
    """Whether a line begins the block of a speaker."""
    return _BLOCK.fullmatch(line.strip()) is not None


def parse(text: str, source: str = "listing", tell: Tell = unheard) -> Annotation:
    """The annotation in a listing; each block is a speaker, also where two have one name.

    Raises
    ------
    InputError
        Names the line.
    """
    rows: list[LabelRow] = []
    taken: set[str] = set()
    label = ""
    for number, line in lines(text):
        where = f"{source}, line {number}"
        if block := _BLOCK.fullmatch(line.strip()):
            name = label = f"Speaker {int(block[1]) + 1}" if _is_number(block[1]) else block[1]
            count = 1
            while label in taken:
                count += 1
                label = f"{name} ({count})"
            taken.add(label)
        elif label and (turn := _TURN.fullmatch(line.strip())):
            start, end = (_time(time, where) for time in turn.groups()[:2])
            if end < start:
                raise InputError(f"{where}: the end must not come before the start")
            rows.append(LabelRow(start, end, label, turn[3] or ""))
        else:
            raise InputError(f"{where}: a listing has a block per speaker and a line per turn")
    return from_rows(rows, source=source, tell=tell)


def _is_number(name: str) -> bool:
    """Whether a block is that of an unnamed speaker."""
    return name.isascii() and name.isdecimal() and len(name) <= 5


def _time(text: str, where: str) -> int:
    *hours, minutes, last = text.split(":")
    whole = 3600 * int(hours[0] if hours else 0) + 60 * int(minutes)
    return seconds(str(whole + float(last)), "time", where)
