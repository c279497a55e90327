"""The listing that the seed project prints: a block per speaker, a line per turn."""

from __future__ import annotations

import re

from ..annotation import Annotation
from ..errors import InputError
from ..units import clock
from .names import one_line
from .reading import Row, Tell, from_rows, lines, seconds, unheard
from .rounding import rounded

_BLOCK = re.compile(r"={9} (.*) ={9}")
_CLOCK = r"((?:[0-9]{1,5}:)?[0-9]{1,7}:[0-9]{2}\.[0-9]{3})"
_TURN = re.compile(rf"{_CLOCK} ==> {_CLOCK}")


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
    rows: list[Row] = []
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
            start, end = (_time(time, where) for time in turn.groups())
            if end < start:
                raise InputError(f"{where}: the end must not come before the start")
            rows.append(Row(start, end, label))
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
