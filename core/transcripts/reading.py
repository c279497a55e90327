"""A transcript in whatever format it is: told by its content, not by its name."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from core.errors import InputError
from core.formats.reading import Tell, lines, read_text, unheard
from core.transcripts import captions, plain, tables, whisper
from core.transcripts.lines import Line

ENDINGS = (".srt", ".vtt", ".json", ".ctm", ".TextGrid", ".eaf", ".txt", ".md")
"""Of files with what is said, as their programs write them."""


def read_transcript(
    path: str | Path,
    recording: str = "",
    tell: Tell = unheard,
    *,
    names: Collection[str] = (),
) -> list[Line]:
    """The lines of a transcript.

    SRT, WebVTT, JSON of Whisper and its kin, SegLST, our own JSON, CTM, TextGrid, ELAN, and plain
    text with names (``Anna: ...``) or times.

    Parameters
    ----------
    recording
        The one that is wanted of a file with several.
    tell
        Told how the file was understood, where that is in doubt.
    names
        Of speakers that are known: ``Anna: ...`` in a caption then says who speaks, even if it
        stands there only once.

    Raises
    ------
    InputError
        If the file can't be read, is none of these, or there are no words in it.
    """
    path = Path(path)
    found = parse(read_text(path, tell), path.name, recording, names)
    if not any(line.words or line.text.strip() for line in found):
        raise InputError(f"{path.name}: there are no words in it, only who speaks when")
    return found


def parse(
    text: str, source: str = "transcript", recording: str = "", names: Collection[str] = ()
) -> list[Line]:
    """Like :func:`read_transcript`, for text at hand."""
    start = text.lstrip()[:400]
    if start.startswith(("{", "[")) and not plain.is_timed(start):
        return whisper.parse(text, source)
    if start.startswith("<?xml") or start.startswith("<ANNOTATION"):
        return tables.parse_eaf(text, source, recording)
    if '"ooTextFile' in start:
        return tables.parse_textgrid(text, source)
    if start.startswith("WEBVTT") or captions.is_captions(text):
        return captions.parse(text, names)
    first = next((line for _, line in lines(text) if not line.startswith(";;")), "")
    if tables.is_ctm(first):
        return tables.parse_ctm(text, source, recording)
    return plain.parse(text, source)
