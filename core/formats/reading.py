"""What every reader of an annotation file shares: text, lines, times, and labels to speakers."""

from __future__ import annotations

import codecs
import errno
import math
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from core.annotation.values import Annotation, Marker, Speaker, Turn, Word, join_turns
from core.annotation.words import spread, with_words
from core.atomic import why_not
from core.errors import InputError
from core.units import to_samples

MAX_BYTES = 64 * 2**20
"""No annotation is this large; a recording given by mistake is not read into memory."""

MAX_SECONDS = 1e7
"""Times beyond this (four months) are damage, not recordings."""

MAX_VALUE = 1e6
"""No encoder gives more in an embedding; the square of far more is no number any longer."""

Tell = Callable[[str], object]
"""Takes a line that says what of a file is left out, or how it was understood."""


def unheard(line: str) -> None:
    """A :data:`Tell` for where nobody asks."""


UNNAMED = re.compile(r"Speaker ([1-9][0-9]{0,4})")
"""The label of a speaker without a name, and its number from 1."""


class LabelRow(NamedTuple):
    """One labelled stretch as a file states it; times in samples."""

    start: int
    end: int
    label: str
    said: str = ""
    """The words in it, where the file has room for them."""


def read_text(path: str | Path, tell: Tell = unheard) -> str:
    """The text of a file: UTF-8, or UTF-16 with or without a byte order mark.

    A text file of Praat, which until 2010 wrote what the machine used, may also be in the
    characters of an old Mac or in Latin-1; ``tell`` then takes a line about it.

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
    if content.startswith(b"ooBinaryFile"):
        raise InputError(f"can't read {path}: it is a binary file of Praat; save it as text there")
    try:
        text = content.decode(_encoding(content))
    except UnicodeDecodeError as error:
        if not content.startswith(_PRAAT):
            raise InputError(f"can't read {path}: it isn't UTF-8 text") from error
        text = _old_praat(content, path, tell)
    if "\0" in text:
        raise InputError(f"can't read {path}: it isn't text")
    return text


_PRAAT = b'File type = "ooTextFile'


def _encoding(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    # Text that begins with two characters of ASCII has a zero in each of them.
    zeros = [byte == 0 for byte in content[:4]]
    if zeros == [True, False, True, False]:
        return "utf-16-be"
    if zeros == [False, True, False, True]:
        return "utf-16-le"
    return "utf-8-sig"


def _old_praat(content: bytes, path: str | Path, tell: Tell) -> str:
    """The text of a file from before Praat wrote Unicode."""
    # Letters with accents are below 0xa0 on an old Mac, and from 0xc0 on elsewhere.
    mac = sum(0x80 <= byte < 0xA0 for byte in content)
    latin = sum(byte >= 0xC0 for byte in content)
    name, encoding = ("an old Mac", "mac-roman") if mac > latin else ("Latin-1", "latin-1")
    tell(f"{path}: it is old and was read as text of {name}; look whether the names are right")
    return content.decode(encoding)


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


def left_out(count: int, what: str, source: str, tell: Tell) -> None:
    """Tell how many there were of what isn't read, if there were any.

    >>> left_out(2, "turns without length", "a.rttm", print)
    a.rttm: turns without length are left out (2)
    """
    if count:
        tell(f"{source}: {what} are left out ({count})")


def from_rows(
    rows: Iterable[LabelRow], duration: int = 0, *, source: str = "", tell: Tell = unheard
) -> Annotation:
    """An annotation from labelled stretches; those without length are left out, and told.

    The label ``Speaker 3`` is what an unnamed speaker with id 2 is shown as, so it becomes that
    speaker again; every other label becomes a name with the lowest free id. Words of which a file
    says only in which stretch they are said share its time, each as long as its letters.
    """
    rows = list(rows)
    kept = sorted(row for row in rows if row.start < row.end)
    left_out(len(rows) - len(kept), "turns without length", source, tell)
    labels = dict.fromkeys(row.label for row in kept)
    ids = {label: int(m[1]) - 1 for label in labels if (m := UNNAMED.fullmatch(label))}
    names: dict[int, str] = {}
    free = iter(sorted(set(range(len(labels) + len(ids))) - set(ids.values())))
    for label in labels:
        if label not in ids:
            ids[label] = next(free)
            names[ids[label]] = label
    turns = (
        Turn(r.start, r.end, ids[r.label], words=tuple(spread(r.said, r.start, r.end)))
        for r in kept
    )
    speakers = (Speaker(ids[label], names.get(ids[label], "")) for label in labels)
    return annotation_of(turns, tuple(speakers), duration)


def with_said(annotation: Annotation, words: Iterable[tuple[Word, str]]) -> Annotation:
    """The annotation with words, each with the label of who says it."""
    ids = {speaker.label: speaker.id for speaker in annotation.speakers}
    laid = with_words(annotation.turns, ((word, ids.get(label)) for word, label in words))
    return replace(annotation, turns=tuple(laid))


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
