"""Annotation file formats, one module each.

``FORMATS`` says what can be written; :func:`write_annotation` writes it in one step. The readers
are in the modules: :mod:`.rttm`, :mod:`.audacity`, :mod:`.json_file`, :mod:`.uem`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from ..annotation import Annotation
from . import audacity, csv_table, json_file, listing, rttm
from .atomic import write_file


class Format(NamedTuple):
    """How an annotation is written: the ending of the file and its text from (annotation, uri)."""

    suffix: str
    render: Callable[[Annotation, str], str]


FORMATS: dict[str, Format] = {
    "rttm": Format(".rttm", rttm.render),
    "csv": Format(".csv", csv_table.render),
    "json": Format(".json", json_file.render),
    "txt": Format(".txt", listing.render),
    # Audacity reads .txt only; the double ending keeps it apart from the listing.
    "audacity": Format(".labels.txt", audacity.render),
}


def write_annotation(annotation: Annotation, path: str | Path, format: str, uri: str) -> Path:
    """Write an annotation as one of ``FORMATS``; ``uri`` names the recording in the file.

    Raises
    ------
    OutputError
        If it can't be written; a file that was there before is unchanged.
    """
    return write_file(path, FORMATS[format].render(annotation, uri))
