"""Where the results of an archive lie. Loads nothing of what makes them."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import platformdirs

from core.archive.finding import RECORDINGS, Recording
from core.meeting.names import SUFFIX


def usual_out(folder: Path) -> Path:
    """Where the results of a folder lie unless somebody says otherwise: among the program's data.

    Folders of recordings are often on a disk that is read-only or another's.
    """
    name = hashlib.sha256(os.fsencode(os.path.abspath(folder))).hexdigest()[:8]
    return _archives() / f"{name}-{folder.name or 'root'}"


def usual_out_of_several() -> Path:
    """Where the results of recordings lie that were put together by chance."""
    return _archives() / "several"


def _archives() -> Path:
    return Path(platformdirs.user_data_dir("Voicelanes", appauthor=False)) / "archives"


def chosen_out(place: Path, folder: Path) -> Path:
    """Where the results of a folder lie if somebody says "there".

    In a folder with other things in it they get one of their own: nothing of those is replaced.
    """
    try:
        there = os.listdir(place)
    except OSError:  # what is wrong with it is told when it is written to
        return place
    if RECORDINGS in there or not there:
        return place
    return place / f"{folder.name or 'root'} - Voicelanes"


def own_meeting(out: Path, recording: Recording) -> Path:
    """The meeting file among the results; it needn't exist."""
    return out / recording.folder / f"{recording.name}{SUFFIX}"
