"""Texts as words and words as a text: blanks between them, but none between Chinese or Japanese."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

_SIGN = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_OPENING = "「『（《【〈"
_MARK = "\u3001-\u3007\u3009\u300b\u300d\u300f\u3011-\u303f\uff01-\uff07\uff09-\uff0f\uff1a-\uff20"
_TOKEN = re.compile(
    rf"[{_OPENING}]*[{_SIGN}][{_MARK}]*|[^{_SIGN}{_OPENING}]+|[{_OPENING}]+(?![{_SIGN}])"
)
_CLOSE = re.compile(rf"[{_SIGN}{_OPENING}{_MARK}]")


def tokens(text: str) -> list[str]:
    """The words of a text; in a script without blanks each sign is one.

    >>> tokens("Well, yes!  你好。OK")
    ['Well,', 'yes!', '你', '好。', 'OK']
    """
    return [word for chunk in text.split() for word in _TOKEN.findall(chunk)]


def joined(texts: Iterable[str]) -> str:
    """The text of words.

    >>> joined(["Well,", "你", "好。", "OK"])
    'Well, 你好。 OK'
    """
    texts = list(texts)
    made = texts[:1]
    for before, text in pairwise(texts):
        close = _CLOSE.match(before[-1:]) and _CLOSE.match(text)
        made.append(text if close else f" {text}")
    return "".join(made)
