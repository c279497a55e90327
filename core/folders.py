"""Folders that only the person who runs the program may look into."""

from __future__ import annotations

import contextlib
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

APPLE_DOUBLE = "._"
"""So the names begin of what macOS leaves beside each file on a foreign disk."""


def private_folder(folder: Path) -> Path:
    """Make sure that a folder of the program's own exists, and that nobody else looks into it.

    That goes for all of the platform's folder that is called after the program, also if an older
    version made it readable.

    Raises
    ------
    OSError
        It can't be made.
    """
    own = next((f for f in (folder, *folder.parents) if f.name == "Voicelanes"), folder)
    while own.parent.name == "Voicelanes":  # Qt's are of the maker and of the program
        own = own.parent
    own.parent.mkdir(parents=True, exist_ok=True)
    own.mkdir(mode=0o700, exist_ok=True)
    if own.stat().st_mode & 0o077:
        with contextlib.suppress(OSError):  # another's, on purpose
            own.chmod(0o700)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextlib.contextmanager
def temporary_folder(inside: str | Path | None = None) -> Iterator[Path]:
    """A new folder that only this user may read; gone with all that is in it after the block.

    Unlike :class:`tempfile.TemporaryDirectory` it is gone too if the exception by which a signal
    ends the program comes while the folder is made: its name is known before it is there.

    Parameters
    ----------
    inside
        Where; the system's place for such files by default.
    """
    folder = Path(inside or tempfile.gettempdir(), f"voicelanes-{secrets.token_hex(8)}")
    _in_use.add(folder)
    try:
        folder.mkdir(mode=0o700)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        _in_use.discard(folder)


_in_use: set[Path] = set()


def remove_temporary_folders() -> None:
    """Remove those whose blocks won't end any more: for where the program has to stop at once."""
    for folder in tuple(_in_use):
        shutil.rmtree(folder, ignore_errors=True)
