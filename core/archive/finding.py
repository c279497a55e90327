"""Which recordings there are: folders searched through, files and URLs as they are given."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

from core.atomic import why_not
from core.audio.kinds import ending, is_recording
from core.errors import Cancelled, InputError, MissingExtraError
from core.extras import how_to_add
from core.meeting.names import BACKUP, KEPT_SUFFIX, SUFFIX

RECORDINGS = "recordings"
"""The folder in the output folder that holds a folder for each recording."""


@dataclass(frozen=True, slots=True, order=True)
class Recording:
    """A recording of an archive, as it was when it was looked for.

    Parameters
    ----------
    source
        Its absolute path, or its URL.
    folder
        Of its results, from the output folder on, divided by ``/``. It doesn't depend on what other
        recordings there are.
    size
        Bytes.
    state
        Changes when the file changes, and sometimes when it doesn't: time and size of a local
        file, what fsspec tells of another.
    """

    source: str
    folder: str
    size: int
    state: str

    @property
    def name(self) -> str:
        """Without folders and ending."""
        return PurePosixPath(self.folder).stem

    @property
    def weight(self) -> float:
        """How much work it is: nobody knows its length yet, so by its bytes."""
        return self.size + 10_000.0


@dataclass
class LeftOut:
    r"""What :func:`find` met and left out.

    Parameters
    ----------
    others
        How many files there are that are no recordings by their names, by the ending of the name.
    unnameable
        Recordings whose path isn't UTF-8, so that no table and no other machine could name them;
        what can't be told of the path is written as ``\xff``.
    """

    others: Counter[str] = field(default_factory=Counter)
    unnameable: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """What to say about it, a line each."""
        said = [f"{path}: {NOT_UTF8}" for path in self.unnameable]
        if self.others:
            kinds = [
                f"{count} {f'.{kind}' if kind else 'without ending'}"
                for kind, count in sorted(self.others.items(), key=lambda kind: (-kind[1], kind))
            ]
            more = len(kinds) - _KINDS_TOLD
            told = ", ".join(kinds[:_KINDS_TOLD]) + (f" and {more} more kinds" if more > 0 else "")
            said.append(f"left out, since by their names they are no recordings: {told}")
        return said


NOT_UTF8 = "its name or folder isn't UTF-8: rename it"
_KINDS_TOLD = 8
_OURS = (SUFFIX, KEPT_SUFFIX, BACKUP, ".recording")


def is_url(place: str) -> bool:
    """Whether fsspec has to read it."""
    return "://" in place


def find(
    places: Sequence[str],
    out: Path,
    *,
    left_out: LeftOut | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> list[Recording]:
    """All recordings of some folders (searched through), files and URLs, in order of their names.

    What begins with a dot and the output folder are left out, links to folders are not followed.
    Files that are no recordings by their names, and those that can't be named, go into
    ``left_out``.

    Raises
    ------
    InputError
        A place isn't there or can't be read.
    Cancelled
        ``cancelled`` said so, which is asked in each local folder.
    """
    left_out = LeftOut() if left_out is None else left_out
    places = list(dict.fromkeys(p if is_url(p) else os.path.abspath(p) for p in places))
    names = _root_names(places)
    found: dict[str, Recording] = {}
    for place in places:
        entries = (
            _remote(place, left_out)
            if is_url(place)
            else _local(place, out.resolve(), left_out, cancelled)
        )
        for source, relative, size, state in entries:
            if not _nameable(source):
                left_out.unnameable.append(shown(source))
                continue
            folder = f"{RECORDINGS}/{names[place]}{relative}"
            found.setdefault(source, Recording(source, folder, size, state))
    return sorted(found.values(), key=lambda r: r.folder)


def find_several(
    places: Sequence[Path],
    out: Path,
    *,
    left_out: LeftOut | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> list[Recording]:
    """As :func:`find`, of local files and folders that were put together by chance.

    Where the results of a recording lie depends on nothing but where itself lies, so that they are
    found again in other company.
    """
    found: dict[str, Recording] = {}
    for place in places:
        name = hashlib.sha256(os.fsencode(os.path.abspath(place.parent))).hexdigest()[:8]
        for one in find([str(place)], out, left_out=left_out, cancelled=cancelled):
            below = one.folder.removeprefix(f"{RECORDINGS}/")
            moved = replace(one, folder=f"{RECORDINGS}/{name}/{below}")
            found.setdefault(one.source, moved)
    return sorted(found.values(), key=lambda one: one.source)


FileEntry = tuple[str, str, int, str]
"""Source, path below the place (empty for a file that was given), size and state."""


def _root_names(places: Sequence[str]) -> dict[str, str]:
    """What each place is called among the results; its own name unless two share that."""
    own = {place: place.rstrip("/").rpartition("/")[2].rpartition(os.sep)[2] for place in places}
    own = {place: name.strip(":") or "root" for place, name in own.items()}
    shared = Counter(name.casefold() for name in own.values())
    for place, name in own.items():
        if shared[name.casefold()] > 1:
            own[place] = f"{hashlib.sha256(os.fsencode(place)).hexdigest()[:8]}-{name}"
    return own


def _nameable(source: str) -> bool:
    """Whether the name is text; Python keeps other bytes as lone surrogates."""
    try:
        source.encode()
    except UnicodeEncodeError:
        return False
    return True


def shown(source: str) -> str:
    """A path as text, whatever bytes are in it."""
    return os.fsencode(source).decode(errors="backslashreplace")


def _wanted(name: str, left_out: LeftOut) -> bool:
    if is_recording(name):
        return True
    if not name.startswith(".") and not name.endswith(_OURS):
        kind = ending(name)
        left_out.others[kind if _nameable(kind) and kind.isprintable() else "?"] += 1
    return False


def _local(
    place: str, out: Path, left_out: LeftOut, cancelled: Callable[[], bool]
) -> Iterator[FileEntry]:
    path = Path(place)
    if path.is_file():
        yield place, "", *local_state(path)
        return
    if not path.is_dir():
        raise InputError(f"{place}: there is no such folder; check its name")
    for folder, folders, files in os.walk(place):
        if cancelled():
            raise Cancelled("stopped")
        folders[:] = sorted(
            f for f in folders if not f.startswith(".") and Path(folder, f).resolve() != out
        )
        for name in (name for name in files if _wanted(name, left_out)):
            file = Path(folder, name)
            try:
                size, state = local_state(file)
            except InputError:  # gone since, or a broken link
                continue
            if file.is_file():
                yield str(file), f"/{file.relative_to(path).as_posix()}", size, state


def local_state(path: Path) -> tuple[int, str]:
    """Size, and size and time as text; :class:`InputError` if it can't be told."""
    try:
        status = path.stat()
    except OSError as error:
        raise InputError(f"can't read {path}: {why_not(error)}") from error
    return status.st_size, f"{status.st_size}-{status.st_mtime_ns}"


def _remote(place: str, left_out: LeftOut) -> Iterator[FileEntry]:
    system, path = open_system(place)
    try:
        if system.isfile(path):
            yield place, "", int(system.size(path) or 0), str(system.ukey(path))
            return
        files: list[str] = sorted(system.find(path))
    except (OSError, ValueError) as error:
        raise InputError(f"can't read {place}: {error}") from error
    chain = "".join(place.partition("::")[1:])  # of what it lies in, as of zip://::file://a.zip
    for file in files:
        relative = file[len(path.rstrip("/")) :]
        if all(part and not part.startswith(".") for part in relative[1:].split("/")) and _wanted(
            file.rpartition("/")[2], left_out
        ):
            yield (
                system.unstrip_protocol(file) + chain,
                relative,
                int(system.size(file) or 0),
                str(system.ukey(file)),
            )


def open_system(url: str) -> tuple[Any, str]:
    """The fsspec file system of a URL, and the path in it.

    Raises
    ------
    MissingExtraError
        fsspec, or what it needs for this kind of URL, isn't installed.
    InputError
        It is no URL that fsspec knows, or there is no way in.
    """
    try:
        from fsspec.core import url_to_fs

        system, path = url_to_fs(url)
    except ImportError as error:
        of_fsspec = "requires" in str(error)
        remedy = "install it, and for each worker" if of_fsspec else how_to_add("archive")
        raise MissingExtraError(f"can't read {url}: {error}: {remedy}") from error
    except (OSError, ValueError) as error:
        raise InputError(f"can't read {url}: {error}") from error
    return system, str(path)
