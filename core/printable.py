"""Text as a terminal may get it: it obeys what is in names, and those come from elsewhere."""

from __future__ import annotations

import unicodedata

_JOINERS = "\u200c\u200d"  # within words of Persian and between the parts of an emoji


def printable(text: str) -> str:
    r"""One line, with everything that would move, colour or forge what is printed as an escape.

    That is control characters (line ends and tabs among them), line and paragraph separators, and
    what changes the direction of writing.

    >>> printable("Anna\x1b[2J\n.wav")
    'Anna\\x1b[2J\\n.wav'
    """
    if text.isprintable():
        return text
    return "".join(_escaped(character) for character in text)


def _escaped(character: str) -> str:
    dangerous = unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp")
    if not dangerous or character in _JOINERS:
        return character
    return character.encode("unicode_escape").decode("ascii")
