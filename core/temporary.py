"""Folders for what nobody is to find afterwards, however the program is told to end."""

from __future__ import annotations

import contextlib
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path


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
    try:
        folder.mkdir(mode=0o700)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
