"""RTTM, the format in which diarization is exchanged and scored.

One line per turn::

    SPEAKER <file> 1 <onset> <duration> <NA> <NA> <speaker> <NA> <NA>

Fields are divided by white space, so that a name can't hold any. Names are therefore
percent-encoded where they must be ("Anna B" is ``Anna%20B``) and decoded when read. An unnamed
speaker, shown as "Speaker 2", is written ``speaker2``.

Other programs do write names with spaces. What a field is, is then told by the fields around it:
two numbers and two times ``<NA>`` stand between the two names, and at most a confidence and a
lookahead after the second. A line that can be taken in two ways is refused.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes

from ..annotation import Annotation, Stretch, union
from ..errors import InputError
from .names import labels
from .reading import (
    UNNAMED,
    Row,
    Tell,
    from_rows,
    left_out,
    lines,
    read_text,
    seconds,
    unheard,
)
from .rounding import decimal, rounded

_UNNAMED_TOKEN = re.compile(r"speaker([1-9][0-9]{0,4})")

_OTHER_TYPES = {
    *("SEGMENT", "NOSCORE", "NO_RT_METADATA", "LEXEME", "NON-LEX", "NON-SPEECH"),
    *("FILLER", "EDIT", "IP", "SU", "CB", "A/P", "SPKR-INFO"),
}

TYPES = frozenset({"SPEAKER", *_OTHER_TYPES})
"""What a line may begin with, by the RTTM specification."""

_NONE = frozenset({"<NA>", "<na>", "NA", "N/A", "-"})


def render(annotation: Annotation, uri: str) -> str:
    """The RTTM text of an annotation; ``uri`` names the recording."""
    annotation = rounded(annotation)
    file = encode(uri)
    tokens = {i: speaker_token(label) for i, label in labels(annotation, str).items()}
    return "".join(
        f"SPEAKER {file} 1 {decimal(t.start)} {decimal(t.duration)}"
        f" <NA> <NA> {tokens[t.speaker]} <NA> <NA>\n"
        for t in annotation.turns
    )


def read(path: str | Path, tell: Tell = unheard) -> dict[str, Annotation]:
    """The annotations of an RTTM file by the name of their recording.

    Lines of other types than SPEAKER and comments (``;;``) are skipped, turns of no length too;
    ``tell`` takes a line about those and about NOSCORE lines, which :func:`noscore` reads.

    Raises
    ------
    InputError
        Names the file and the line.
    """
    return parse(read_text(path), str(path), tell)


def parse(text: str, source: str = "RTTM", tell: Tell = unheard) -> dict[str, Annotation]:
    """Like :func:`read`, for text at hand; ``source`` is named in errors."""
    rows: dict[str, list[Row]] = {}
    unscored = 0
    for where, fields in _records(text, source):
        unscored += fields[0] == "NOSCORE"
        if fields[0] == "SPEAKER":
            uri, start, end, name = _stretch(fields, where)
            rows.setdefault(uri, []).append(Row(start, end, speaker_label(name)))
    left_out(unscored, "NOSCORE lines, which only scoring heeds,", source, tell)
    return {uri: from_rows(rs, source=source, tell=tell) for uri, rs in rows.items()}


def noscore(text: str, source: str = "RTTM") -> dict[str, tuple[Stretch, ...]]:
    """The stretches (samples) that a reference says are not to be scored, by recording.

    Raises
    ------
    InputError
        Names the file and the line.
    """
    found: dict[str, list[Stretch]] = {}
    for where, fields in _records(text, source):
        if fields[0] == "NOSCORE":
            uri, start, end, _ = _stretch(fields, where)
            if start < end:
                found.setdefault(uri, []).append((start, end))
    return {uri: union(stretches) for uri, stretches in found.items()}


def _records(text: str, source: str) -> Iterator[tuple[str, list[str]]]:
    """Where each line stands, as errors name it, and its fields; comments are left out."""
    for number, line in lines(text):
        fields = line.split()
        if fields[0].startswith((";;", "#")):
            continue
        if fields[0] not in TYPES:
            raise InputError(
                f"{source}, line {number}: this is not RTTM; a line begins with SPEAKER"
            )
        yield f"{source}, line {number}", fields


def _stretch(fields: list[str], where: str) -> tuple[str, int, int, str]:
    """The recording, start and end (samples) and the field of the speaker."""
    channel = _channel(fields, where)
    onset, length = fields[channel + 1 : channel + 3]
    name = _name(fields, channel, where)
    uri = " ".join(map(decode, fields[1:channel]))
    start = seconds(onset, "onset", where)
    # The end is rounded as a time of its own, not as a rounded start plus a rounded length.
    long = seconds(length, "duration", where)
    return (
        uri,
        start,
        seconds(float(onset) + float(length), "end", where) if long else start,
        name,
    )


def _channel(fields: list[str], where: str) -> int:
    """Which field is the channel, between the name of the recording and the two times."""
    if len(fields) < 8:
        raise InputError(
            f"{where}: a {fields[0]} line has 10 fields, this one {len(fields)}:"
            f" {fields[0]} file 1 onset duration <NA> <NA> name <NA> <NA>"
        )
    timed = [
        at
        for at in range(2, len(fields) - 5)
        if _is_number(fields[at + 1]) and _is_number(fields[at + 2])
    ]
    for fits in (
        [at for at in timed if fields[at + 3] in _NONE and fields[at + 4] in _NONE],
        [at for at in timed if not (_is_number(fields[at + 3]) or "." in fields[at])],
    ):
        if len(fits) == 1:
            return fits[0]
        if fits:
            break
    else:
        if len(fields) <= 10 and not _is_number(fields[5]):
            return 2  # the line of a turn, with something in it that is no time
    raise _unclear(fields, where)


def _name(fields: list[str], channel: int, where: str) -> str:
    """The field of the speaker, with the words of its name if there are several."""
    words = fields[channel + 5 :]
    standard = len(fields) == 10 and channel == 2
    for _ in range(2):
        last = words[-1]
        if len(words) == 1 or not (last in _NONE or _is_number(last)):
            break
        # Confidences lie between 0 and 1: "Speaker 2" may be a name, and then "Speaker 1" is, too.
        if last.isdecimal() and not (standard and last in ("0", "1")):
            raise _unclear(fields, where)
        words = words[:-1]
    if len(words) == 1:
        return words[0]
    if any(word in _NONE for word in words):
        raise _unclear(fields, where)
    return encode(" ".join(map(decode, words)))


def _unclear(fields: list[str], where: str) -> InputError:
    return InputError(
        f"{where}: a name with spaces makes it unclear which field is which; write %20 for a space:"
        f" {' '.join(fields):.100}"
    )


def _is_number(field: str) -> bool:
    try:
        return math.isfinite(float(field))
    except ValueError:
        return False


def encode(name: str) -> str:
    """A name as one RTTM field; :func:`decode` gives it back.

    >>> encode("Anna B"), encode("Zoë"), encode("")
    ('Anna%20B', 'Zoë', '<NA>')
    """
    return "".join(c if _plain(c) else _quote(c) for c in name) or "<NA>"


def decode(field: str) -> str:
    """The name in an RTTM field; one that isn't percent-encoded text stays as it is."""
    if field == "<NA>":
        return ""
    try:
        return unquote_to_bytes(field).decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return field


def speaker_token(label: str) -> str:
    """The RTTM field for a speaker's label."""
    if unnamed := UNNAMED.fullmatch(label):
        return f"speaker{unnamed[1]}"
    field = encode(label)
    # Somebody who is really called speaker1 must not be taken for the unnamed one.
    return _quote(field[0]) + field[1:] if _UNNAMED_TOKEN.fullmatch(field) else field


def speaker_label(field: str) -> str:
    """The label that :func:`speaker_token` was given."""
    if unnamed := _UNNAMED_TOKEN.fullmatch(field):
        return f"Speaker {unnamed[1]}"
    return decode(field)


def _plain(c: str) -> bool:
    return c.isprintable() and not c.isspace() and c not in '%<>"'


def _quote(c: str) -> str:
    # quote() leaves letters alone; here even a letter has to go.
    quoted = quote(c, safe="", errors="surrogatepass")
    return quoted if quoted != c else f"%{ord(c):02X}"
