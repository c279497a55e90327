"""The names of speakers as a format can hold them: on one line, never empty, no two the same."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.sax.saxutils import escape

from core.annotation.values import Annotation

_NOT_IN_A_LINE = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def one_line(text: str) -> str:
    """The text with line breaks, tabs and control characters as single spaces, none at its ends."""
    return _NOT_IN_A_LINE.sub(" ", text).strip()


def labels(
    annotation: Annotation,
    clean: Callable[[str], str] = one_line,
    fold: Callable[[str], str] = str,
) -> dict[int, str]:
    """The label of every speaker id after ``clean``; two that come out the same are numbered.

    In a file that tells speakers apart by their names alone, two "Anna" would become one person.
    ``fold`` gives what must differ.
    """
    made: dict[int, str] = {}
    taken: set[str] = set()
    for speaker in annotation.speakers:
        base = label = clean(speaker.label) or f"Speaker {speaker.id + 1}"
        number = 1
        while fold(label) in taken:
            number += 1
            label = f"{base} ({number})"
        taken.add(fold(label))
        made[speaker.id] = label
    return made


def clean(text: str) -> str:
    """The text with every character that XML can't hold shown as the replacement character."""
    return _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def xml(text: str) -> str:
    """The text as XML or HTML states it, in an attribute too.

    >>> xml('<Anna & "Ben">')
    '&lt;Anna &amp; &quot;Ben&quot;&gt;'
    """
    return escape(clean(text), {'"': "&quot;"})
