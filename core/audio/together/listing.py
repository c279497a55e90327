"""Which files a meeting consists of, and where each lies on its timeline: ``talk.together``.

It is JSON that a person can edit, and opens wherever a recording does::

    {
      "format": "voicelanes together",
      "version": 1,
      "files": [
        {"path": "1-anna.flac", "name": "Anna", "start": 0.0, "found": "metadata", "size": 81224},
        {"path": "film.mkv", "name": "Ben", "start": 2.25, "track": 2}
      ]
    }

``path`` is seen from the folder of the list, or absolute; ``name`` is what the lane is called;
``start`` in seconds from the start of the meeting. ``track`` (where there are several), ``found``
(how ``start`` was) and ``size`` (in bytes, to notice that the file is another one) may be missing.
"""

from __future__ import annotations

import json
import math
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from core.atomic import why_not, write_file
from core.audio.kinds import TOGETHER, ending
from core.errors import InputError
from core.printable import printable

Found = Literal["first", "given", "metadata", "sound", ""]
"""How a start was found: the first file's, said by a person, by the time in the files, by what both
hear, or not at all."""

MOST_FILES = 16
"""As many as channels that are told apart."""

LATEST = 86_400.0
"""Seconds. No file of a meeting begins a day after another one."""

_FORMAT, _VERSION = "voicelanes together", 1
_MOST_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class MeetingFile:
    """One file of several.

    Parameters
    ----------
    path
        Where it is.
    name
        Of the lane of who speaks in it.
    start
        Seconds from the start of the meeting, 0 or more.
    track
        Number of its sound track, where one is meant.
    found
        How ``start`` was found.
    size
        Bytes; None if it isn't known.
    """

    path: Path
    name: str
    start: float = 0.0
    track: int | None = None
    found: Found = ""
    size: int | None = None


def is_together(path: Path) -> bool:
    """Whether the name is that of a list of files."""
    return ending(path.name) == TOGETHER


def read_together(path: Path) -> tuple[MeetingFile, ...]:
    """The files of a list, which may be elsewhere by now.

    Raises
    ------
    InputError
        If it can't be read or isn't such a list.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise InputError(f"{path.name}: a list of files is never that large")
        content = json.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise InputError(f"can't read {path}: {why_not(error)}") from error
    except (ValueError, RecursionError):
        raise InputError(f"{path.name}: this is no list of files that Voicelanes wrote") from None
    if not isinstance(content, dict) or content.get("format") != _FORMAT:
        raise InputError(f"{path.name}: this is no list of files that Voicelanes wrote")
    if content.get("version") != _VERSION:
        raise InputError(f"{path.name}: a newer version wrote this list; update Voicelanes")
    files = content.get("files")
    if not isinstance(files, list) or not 1 <= len(files) <= MOST_FILES:
        raise InputError(f"{path.name}: there must be 1 to {MOST_FILES} files in the list")
    return tuple(_part(entry, path) for entry in files)


def _part(entry: Any, source: Path) -> MeetingFile:
    from core.audio.source import MAX_TRACKS  # with numpy, which the command line starts without

    if not isinstance(entry, dict) or not isinstance(entry.get("path"), str) or not entry["path"]:
        raise InputError(f"{source.name}: a file of the list has no path")
    where = entry["path"]
    start, track, size = entry.get("start", 0.0), entry.get("track"), entry.get("size")
    name, found = entry.get("name", ""), entry.get("found", "")
    if not _number(start) or not 0 <= start <= LATEST:
        raise InputError(f"{source.name}: {where} must start 0 to {LATEST:.0f} s after the first")
    whole = track is None or (isinstance(track, int) and 1 <= track <= MAX_TRACKS)
    sized = size is None or isinstance(size, int)
    if not (whole and sized and isinstance(name, str)) or "\0" in where:
        raise InputError(f"{source.name}: what it says of {printable(where)} can't be right")
    return MeetingFile(
        Path(os.path.normpath(source.absolute().parent / where)),
        printable(" ".join(name.split())) or Path(where).stem,
        float(start),
        track,
        found if found in get_args(Found) else "",
        size,
    )


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def write_together(parts: tuple[MeetingFile, ...], path: Path) -> None:
    """Write a list; paths below its folder are as seen from there.

    Raises
    ------
    OutputError
        If it can't be written; what was there still is.
    """
    folder = path.absolute().parent
    files = []
    for part in parts:
        where = part.path.absolute()
        inside = where.is_relative_to(folder)
        entry: dict[str, Any] = {
            "path": where.relative_to(folder).as_posix() if inside else str(where),
            "name": part.name,
            "start": round(part.start, 4),
        }
        if part.track is not None:
            entry["track"] = part.track
        if part.found:
            entry["found"] = part.found
        if part.size is not None:
            entry["size"] = part.size
        files.append(entry)
    content = {"format": _FORMAT, "version": _VERSION, "files": files}
    text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    write_file(path, text.encode("utf-8", "replace"))
