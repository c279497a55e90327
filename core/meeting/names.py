"""The files of a meeting by their names: ``talk.voicelanes.json`` and what lies beside it."""

from __future__ import annotations

import contextlib
from pathlib import Path

SUFFIX = ".voicelanes.json"
KEPT_SUFFIX = ".voicelanes.npz"
BACKUP = ".bak"


def is_meeting(path: str | Path) -> bool:
    """Whether the name is that of a meeting file or its backup."""
    return Path(path).name.lower().removesuffix(BACKUP).endswith(SUFFIX)


def candidates(recording: Path) -> tuple[Path, Path]:
    """Where the meeting of a recording may lie: ``talk.voicelanes.json`` of ``talk.wav``.

    ``talk.mp3`` beside it has the second, ``talk.mp3.voicelanes.json``.
    """
    return (
        recording.with_name(recording.stem + SUFFIX),
        recording.with_name(recording.name + SUFFIX),
    )


def backup_path(path: Path) -> Path:
    """The meeting as it was before the last save; of a backup, itself."""
    return path if path.name.lower().endswith(BACKUP) else path.with_name(path.name + BACKUP)


def kept_path(path: Path) -> Path:
    """The file with the embeddings that belongs to a meeting file."""
    stem = path.name.removesuffix(BACKUP)
    cut = len(SUFFIX) if stem.lower().endswith(SUFFIX) else 0
    return path.with_name(stem[: len(stem) - cut] + KEPT_SUFFIX)


def remove(path: Path) -> None:
    """Remove a meeting file and the embeddings that belong to it, as far as they are there."""
    for file in (path, kept_path(path)):
        with contextlib.suppress(OSError):
            file.unlink()
