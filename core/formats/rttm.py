"""RTTM, the format in which diarization is exchanged and scored.

One line per turn::

    SPEAKER <file> 1 <onset> <duration> <NA> <NA> <speaker> <NA> <NA>

Fields are divided by white space, so that a name can't hold any. Names are therefore
percent-encoded where they must be ("Anna B" is ``Anna%20B``) and decoded when read. An unnamed
speaker, shown as "Speaker 2", is written ``speaker2``.
"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes

from ..annotation import Annotation
from ..errors import InputError
from .names import labels
from .reading import UNNAMED, Row, from_rows, lines, read_text, seconds
from .rounding import decimal, rounded

_UNNAMED_TOKEN = re.compile(r"speaker([1-9][0-9]{0,4})")

_OTHER_TYPES = {
    *("SEGMENT", "NOSCORE", "NO_RT_METADATA", "LEXEME", "NON-LEX", "NON-SPEECH"),
    *("FILLER", "EDIT", "IP", "SU", "CB", "A/P", "SPKR-INFO"),
}

TYPES = frozenset({"SPEAKER", *_OTHER_TYPES})
"""What a line may begin with, by the RTTM specification."""


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


def read(path: str | Path) -> dict[str, Annotation]:
    """The annotations of an RTTM file by the name of their recording.

    Lines of other types than SPEAKER and comments (``;;``) are skipped, turns of no length too.

    Raises
    ------
    InputError
        Names the file and the line.
    """
    return parse(read_text(path), str(path))


def parse(text: str, source: str = "RTTM") -> dict[str, Annotation]:
    """Like :func:`read`, for text at hand; ``source`` is named in errors."""
    rows: dict[str, list[Row]] = {}
    for number, line in lines(text):
        where = f"{source}, line {number}"
        fields = line.split()
        if fields[0].startswith((";;", "#")) or fields[0] in _OTHER_TYPES:
            continue
        if fields[0] != "SPEAKER":
            raise InputError(f"{where}: this is not RTTM; a line begins with SPEAKER")
        if len(fields) < 8:
            raise InputError(
                f"{where}: a SPEAKER line has 10 fields, this one {len(fields)}:"
                " SPEAKER file 1 onset duration <NA> <NA> name <NA> <NA>"
            )
        start = seconds(fields[3], "onset", where)
        length = seconds(fields[4], "duration", where)
        # The end is rounded as a time of its own, not as a rounded start plus a rounded length.
        end = seconds(float(fields[3]) + float(fields[4]), "end", where) if length else start
        rows.setdefault(decode(fields[1]), []).append(Row(start, end, speaker_label(fields[7])))
    return {uri: from_rows(rs) for uri, rs in rows.items()}


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
