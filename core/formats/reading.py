"""What every reader of an annotation file shares: text, lines, times, and labels to speakers."""

from __future__ import annotations

import codecs
import errno
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from ..annotation import Annotation, Marker, Speaker, Turn, join_turns
from ..errors import InputError
from ..units import to_samples
from .atomic import why_not

MAX_BYTES = 64 * 2**20
"""No annotation is this large; a recording given by mistake is not read into memory."""

MAX_SECONDS = 1e7
"""Times beyond this (four months) are damage, not recordings."""

UNNAMED = re.compile(r"Speaker ([1-9][0-9]{0,4})")
"""The label of a speaker without a name, and its number from 1."""


class Row(NamedTuple):
    """One labelled stretch as a file states it; times in samples."""

    start: int
    end: int
    label: str


def read_text(path: str | Path) -> str:
    """The UTF-8 text of a file, or UTF-16 with a byte order mark, as Praat likes to write it.

    Raises
    ------
    InputError
        If the file is missing, can't be read, is far too large or isn't text.
    """
    try:
        with open(path, "rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        reason = {
            errno.ENOENT: "there is no such file",
            errno.EACCES: "there is no permission to read it",
        }.get(error.errno or 0) or why_not(error)
        raise InputError(f"can't read {path}: {reason}") from error
    if len(content) > MAX_BYTES:
        raise InputError(f"can't read {path}: it is too large to be an annotation")
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"can't read {path}: it isn't UTF-8 text") from error
    if "\0" in text:
        raise InputError(f"can't read {path}: it isn't text")
    return text


def lines(text: str) -> Iterator[tuple[int, str]]:
    """Line numbers from 1 and the lines that hold anything, without their ends."""
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), 1):
        if line.strip():
            yield number, line


def seconds(text: str | float, what: str, where: str) -> int:
    """Samples of a time in seconds: a finite number from 0 on. ``where`` opens the error line."""
    try:
        value = float(text)
    except (ValueError, OverflowError):
        value = math.nan
    if not 0 <= value <= MAX_SECONDS:
        raise InputError(f"{where}: the {what} must be a number of seconds, not {text!r:.40}")
    return to_samples(value)


def from_rows(rows: Iterable[Row], duration: int = 0) -> Annotation:
    """An annotation from labelled stretches; those without length are left out.

    The label ``Speaker 3`` is what an unnamed speaker with id 2 is shown as, so it becomes that
    speaker again; every other label becomes a name with the lowest free id.
    """
    kept = sorted(row for row in rows if row.start < row.end)
    labels = dict.fromkeys(row.label for row in kept)
    ids = {label: int(m[1]) - 1 for label in labels if (m := UNNAMED.fullmatch(label))}
    names: dict[int, str] = {}
    free = iter(sorted(set(range(len(labels) + len(ids))) - set(ids.values())))
    for label in labels:
        if label not in ids:
            ids[label] = next(free)
            names[ids[label]] = label
    turns = (Turn(r.start, r.end, ids[r.label]) for r in kept)
    speakers = (Speaker(ids[label], names.get(ids[label], "")) for label in labels)
    return annotation_of(turns, tuple(speakers), duration)


def with_markers(annotation: Annotation, markers: Iterable[Marker]) -> Annotation:
    """The annotation with these markers, as long as it must be to hold them."""
    kept = tuple(sorted(set(markers)))
    duration = max([annotation.duration, *(m.at for m in kept)])
    return replace(annotation, markers=kept, duration=duration)


def annotation_of(
    turns: Iterable[Turn], speakers: tuple[Speaker, ...], duration: int = 0
) -> Annotation:
    """The annotation with these turns in any order: overlapped ones of a speaker become one.

    Turns that only touch stay apart, because a person may have split them.
    """
    joined = tuple(join_turns(turns, gap=-1))
    return Annotation(joined, speakers, max([duration, *(t.end for t in joined)]))
