"""Writing a file so that there is always either the old one or the new one, never half of one."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from pathlib import Path

from ..errors import OutputError

_REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EFBIG: "the file would be too large for this disk",
    errno.EACCES: "there is no permission to write there",
    errno.EPERM: "there is no permission to write there",
    errno.EROFS: "the disk is read-only",
    errno.EISDIR: "it is a folder",
    errno.ENOENT: "its folder doesn't exist",
    errno.ENOTDIR: "a part of the path is a file, not a folder",
    errno.ENAMETOOLONG: "the name is too long",
    errno.EEXIST: "a file of that name is in the way",
}


def why_not(error: OSError) -> str:
    """The reason of a failed write or read in plain words."""
    return _REASONS.get(error.errno or 0) or (error.strerror or str(error)).lower()


def write_file(path: str | Path, data: bytes | str, *, private: bool = False) -> Path:
    """Write ``data`` (text as UTF-8) to ``path`` in one step.

    The bytes go to a temporary file in the same folder, reach the disk and then take the name.
    On any failure, an interrupt too, the temporary file is removed and an existing file is as
    it was. A link is followed; a device or pipe such as ``/dev/stdout`` is written to directly.
    A file that is there keeps its rights; a new one is readable by whom the umask says, and by its
    owner alone if ``private``.

    Raises
    ------
    OutputError
        Names the path and the reason.
    """
    content = data.encode("utf-8", "replace") if isinstance(data, str) else data
    target = Path(os.path.realpath(path))
    try:
        mode = _mode_of(target)
        if mode is not None and stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, "is a folder")
        if mode is not None and not stat.S_ISREG(mode):
            target.write_bytes(content)
        else:
            _replace(target, content, 0o600 if private and mode is None else mode)
    except OSError as error:
        raise OutputError(
            f"can't write {path}: {why_not(error)}; choose another place with more room or rights"
            if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS)
            else f"can't write {path}: {why_not(error)}"
        ) from error
    return Path(path)


def writable_folder(path: str | Path) -> Path:
    """Make sure that the folder exists and takes files, before long work is done for it.

    Raises
    ------
    OutputError
        Names the folder and the reason.
    """
    folder = Path(path)
    probe = folder / f".voicelanes-{secrets.token_hex(4)}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        os.close(os.open(probe, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        probe.unlink()
    except OSError as error:
        raise OutputError(
            f"can't write into the folder {path}: {why_not(error)}; choose another one"
        ) from error
    return folder


def _mode_of(target: Path) -> int | None:
    try:
        return target.stat().st_mode
    except FileNotFoundError:
        return None


def _replace(target: Path, content: bytes, mode: int | None) -> None:
    # The name is cut so that the temporary one fits wherever the final one does.
    temporary = target.with_name(f".{target.name[:40]}.{secrets.token_hex(4)}.part")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        # Nobody may read meanwhile what only some may read afterwards.
        with open(os.open(temporary, flags, 0o666 if mode is None else 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            os.chmod(temporary, stat.S_IMODE(mode))
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    # After a power cut the new name should be there too. Not every system can do this.
    with contextlib.suppress(OSError, AttributeError):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
