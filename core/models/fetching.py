"""Published model files, downloaded only when a person asks for them.

A file counts as there once its git blob id is right: the SHA-1 of ``blob <size>``, a zero byte and
the content, by which the commit that is named here pins it. A download that was cut is resumed.
"""

from __future__ import annotations

import hashlib
import http.client
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import platformdirs

from core.atomic import why_not
from core.errors import InputError, ModelError, OutputError
from core.folders import private_folder

LARGEST = 512 * 1024 * 1024
"""Bytes after which a download can't be what was asked for."""
_BLOCK = 1 << 18
_ATTEMPTS = 4
_TIMEOUT_S = 30.0

OnBytes = Callable[[str, int, "int | None"], None]
"""Called with a file's name, the bytes that are there and all of them (None: not known)."""


@dataclass(frozen=True)
class PublishedFile:
    """A file at a commit: ``path`` in the repository, ``blob`` its git id, and where it is from."""

    path: str
    blob: str
    licence: str
    source: str
    trained_on: str

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


@dataclass(frozen=True)
class Published:
    """An encoder and a decoder that belong together, and the address that their paths follow."""

    base: str
    encoder: PublishedFile
    decoder: PublishedFile

    @property
    def files(self) -> tuple[PublishedFile, PublishedFile]:
        return self.encoder, self.decoder


_COMMIT = "ed0985950cbac6dc699bf54f58dbbc813110d3f7"
_FROM = f"taylorlu/Speaker-Diarization at {_COMMIT[:12]}"

PUBLISHED = {
    "vgg": Published(
        f"https://raw.githubusercontent.com/taylorlu/Speaker-Diarization/{_COMMIT}/",
        PublishedFile(
            "ghostvlad/pretrained/weights.h5",
            "369d34b9d1e1558bcf4894ad89a380747e99eb74",
            "CC BY 4.0: Xie, Nagrani, Chung, Zisserman (VGG, University of Oxford), ICASSP 2019",
            f"ghostvlad/pretrained/weights.h5 of {_FROM}, converted",
            "VoxCeleb2, by VGG",
        ),
        PublishedFile(
            "pretrained/saved_model.uisrnn_benchmark",
            "2e0152c156cc8488e88c2db75ebc80458f153a71",
            "Apache-2.0, as the repository it is from",
            f"pretrained/saved_model.uisrnn_benchmark of {_FROM}, converted",
            "conversations joined from utterances, embedded by the encoder beside it",
        ),
    )
}


def blob_id(path: Path) -> str:
    """The git blob id of a file's content."""
    with open(path, "rb") as file:
        digest = hashlib.sha1(b"blob %d\0" % path.stat().st_size, usedforsecurity=False)
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def downloads_folder(name: str) -> Path:
    """Where downloads wait until they are complete; the platform's cache."""
    return Path(platformdirs.user_cache_dir("Voicelanes", appauthor=False)) / "fetch" / name


def fetch(file: PublishedFile, base: str, folder: Path, on_bytes: OnBytes | None = None) -> Path:
    """The file in ``folder``, downloaded unless it is there, its blob id right.

    Raises
    ------
    InputError
        The server can't be reached, refuses, or was cut off again and again. What has
        come stays, under another name, and the next call goes on from there.
    ModelError
        What came is another file; it is gone again.
    OutputError
        It can't be written.
    """
    done, part = folder / file.name, folder / f"{file.name}.part"
    try:
        private_folder(folder)
        if done.exists():
            if blob_id(done) == file.blob:
                return done
            done.unlink()
        _download(file, base + file.path, part, on_bytes)
        found = blob_id(part)
        if found != file.blob:
            part.unlink()
            raise ModelError(
                f"{base}{file.path} is not the file that was published (git blob {found[:12]}... "
                f"instead of {file.blob[:12]}...): nothing was installed"
            )
        part.replace(done)
    except OSError as error:
        raise OutputError(f"can't write {part}: {why_not(error)}") from error
    return done


def _download(file: PublishedFile, url: str, part: Path, on_bytes: OnBytes | None) -> None:
    """All of ``url`` in ``part``; OSError only if that can't be written."""
    reason = "the connection was cut"
    for _ in range(_ATTEMPTS):
        start = part.stat().st_size if part.exists() else 0
        request = urllib.request.Request(url, headers={"User-Agent": "Voicelanes"})
        if start:
            request.add_header("Range", f"bytes={start}-")
        try:
            answer = urllib.request.urlopen(request, timeout=_TIMEOUT_S)
        except urllib.error.HTTPError as error:
            error.close()
            if error.code == 416:  # nothing follows: it is complete, or it isn't ours
                if blob_id(part) == file.blob:
                    return
                part.unlink()
                continue
            raise InputError(f"{url} can't be had: the server says {error.code}") from error
        except (OSError, http.client.HTTPException) as error:
            raise InputError(
                f"can't reach {url} ({_line(error)}): check the network and try again"
            ) from error
        with answer:
            resumed = answer.status == 206 and _follows(answer, start)
            with _opened(part, "ab" if resumed else "wb") as out:
                have = start if resumed else 0
                length = answer.length
                total = None if length is None else have + length
                while True:
                    try:
                        block = answer.read(_BLOCK)
                    except (OSError, http.client.HTTPException) as error:
                        reason = _line(error)
                        break
                    if not block:
                        if total is None or have >= total:
                            return
                        reason = f"the connection was cut after {have} of {total} bytes"
                        break
                    have += len(block)
                    if have > LARGEST:
                        out.truncate(0)
                        raise InputError(f"{url} has more bytes than such a file: it was stopped")
                    out.write(block)
                    if on_bytes:
                        on_bytes(file.name, have, total)
    raise InputError(f"{url} didn't come whole ({reason}): try again, it goes on where it stopped")


def _follows(answer: http.client.HTTPResponse, start: int) -> bool:
    return (answer.headers.get("Content-Range") or "").startswith(f"bytes {start}-")


def _opened(part: Path, mode: str) -> IO[bytes]:
    return open(part, mode)


def _line(error: Exception) -> str:
    reason = getattr(error, "reason", None) or error
    return " ".join(str(reason).split()) or type(error).__name__
