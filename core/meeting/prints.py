"""What the first pass kept for the second, in one file beside the meeting.

A zip archive of numpy arrays (``.npz``), all lengths in samples at 16 kHz::

    version     ()       int64    3
    windows     (n, 2)   int64    start and end of each window, in order of their middles
    voices      (n,)     int64    local voice of each; -1 for none
    share       (n,)     float64  part of the window that is that voice alone, 0..1
    embeddings  (n, d)   float32  exactly as the encoder gave them
    recognition (n, r)   float16  by which voices are known again; no columns where the embeddings
                                  are for that, too
    speech      (m, 2)   int64    stretches of speech
    pauses      (k, 2)   int64    short pauses inside them
    spans       (s, 2)   int64    where local voices speak, by start
    tracks      (s,)     int64    which of them

Version 1 has no ``voices``, ``spans`` and ``tracks``: it was heard without segmentation. Up to
version 2 there is no ``recognition``.

With it the speakers are found again in seconds, without the audio, and the same as before: the
embeddings are not rounded.
"""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Sequence
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError, NewerVersion
from core.formats.reading import MAX_SECONDS, MAX_VALUE
from core.stream.changes import NOBODY, Window
from core.stream.speech import Interval, Speech
from core.units import SAMPLE_RATE

VERSION = 3
MAX_BYTES = 2**29
"""Unpacked. A day of the longest embeddings; more is damage or malice."""

_MAX_DIM = 4096
MAX_TRACK = 2**40
"""No recording has so many local voices."""

_SHAPES: dict[str, tuple[str, int]] = {
    "version": ("i", 0),
    "windows": ("i", 2),
    "share": ("f", 1),
    "embeddings": ("f", 2),
    "speech": ("i", 2),
    "pauses": ("i", 2),
}
_SINCE_2: dict[str, tuple[str, int]] = {"voices": ("i", 1), "spans": ("i", 2), "tracks": ("i", 1)}
_SINCE_3: dict[str, tuple[str, int]] = {"recognition": ("f", 2)}


def pack(windows: Sequence[Window], speech: Speech | None) -> bytes:
    """The bytes of the file."""
    speech = speech or Speech()
    arrays: dict[str, NDArray[Any]] = {
        "version": np.array(VERSION),
        "windows": _pairs([(w.start, w.end) for w in windows]),
        "share": np.array([w.speech for w in windows], np.float64),
        "embeddings": _rows([w.embedding for w in windows], np.float32),
        "recognition": _rows(
            [() if w.recognition is None else w.recognition for w in windows], np.float16
        ),
        "speech": _pairs(speech.stretches),
        "pauses": _pairs(speech.pauses),
        "voices": np.array([w.voice for w in windows], np.int64),
        "spans": _pairs([(start, end) for start, end, _ in speech.voices]),
        "tracks": np.array([track for *_, track in speech.voices], np.int64),
    }
    packed = io.BytesIO()
    # Half of an embedding is zeros, the rest is noise: more effort would take longer for nothing.
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as entry:
                np.save(entry, np.asarray(array), allow_pickle=False)
    return packed.getvalue()


def unpack(content: bytes, source: str) -> tuple[tuple[Window, ...], Speech]:
    """The windows and the speech; ``source`` is named in errors.

    Raises
    ------
    InputError
        If it is damaged, from a newer version or states something impossible.
    """
    arrays = _arrays(content, source)
    windows, share, embeddings = arrays["windows"], arrays["share"], arrays["embeddings"]
    with np.errstate(over="ignore"):  # what is too large becomes infinite, and is found below
        recognition = arrays["recognition"].astype(np.float16, copy=False)
    if (
        not len(windows) == len(share) == len(embeddings) == len(arrays["voices"])
        or not len(windows) == len(recognition)
        or recognition.shape[1] > _MAX_DIM
        or not len(arrays["spans"]) == len(arrays["tracks"])
        or not (len(windows) == 0 or 1 <= embeddings.shape[1] <= _MAX_DIM)
        or not all(_in_order(arrays[name]) for name in ("speech", "pauses"))
        or not (_stretches(windows) and np.all(np.diff(windows.sum(axis=1) // 2) >= 0))
        or not (_stretches(arrays["spans"]) and np.all(np.diff(arrays["spans"][:, 0]) >= 0))
        or not all(np.all(abs(arrays[name]) <= MAX_TRACK) for name in ("voices", "tracks"))
        or not (np.all(np.abs(embeddings) <= MAX_VALUE) and np.all((share >= 0) & (share <= 1)))
        or not np.all(np.isfinite(recognition))
    ):
        raise InputError(f"{source}: the kept voices are damaged")
    rows = zip(
        windows.tolist(),
        embeddings.astype(np.float32, copy=False),
        share.tolist(),
        arrays["voices"].tolist(),
        recognition if recognition.size else [None] * len(windows),
        strict=True,
    )
    made = tuple(
        Window(start, end, row, part, voice, known_by)
        for (start, end), row, part, voice, known_by in rows
    )
    tracks = arrays["tracks"].tolist()
    spans = zip(_intervals(arrays["spans"]), tracks, strict=True)
    voices = tuple((start, end, track) for (start, end), track in spans)
    return made, Speech(_intervals(arrays["speech"]), _intervals(arrays["pauses"]), voices)


def _arrays(content: bytes, source: str) -> dict[str, NDArray[Any]]:
    arrays: dict[str, NDArray[Any]] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_BYTES:
                raise InputError(f"{source}: it is too large to be of Voicelanes")
            for name, (kind, dimensions) in _SHAPES.items():
                arrays[name] = _array(archive, name, kind, dimensions)
                if name == "version":
                    _check_version(int(arrays[name]), source)
            if int(arrays["version"]) > 1:
                for name, (kind, dimensions) in _SINCE_2.items():
                    arrays[name] = _array(archive, name, kind, dimensions)
            else:
                arrays["voices"] = np.full(len(arrays["windows"]), NOBODY)
                arrays["spans"], arrays["tracks"] = _pairs(()), np.zeros(0, np.int64)
            if int(arrays["version"]) > 2:
                for name, (kind, dimensions) in _SINCE_3.items():
                    arrays[name] = _array(archive, name, kind, dimensions)
            else:
                arrays["recognition"] = np.zeros((len(arrays["windows"]), 0), np.float16)
    except (InputError, NewerVersion):
        raise
    # zipfile and numpy raise whatever a damaged byte leads them to
    except Exception as error:
        raise InputError(f"{source}: it is damaged ({type(error).__name__})") from error
    return arrays


def _check_version(version: int, source: str) -> None:
    if version > VERSION:
        raise NewerVersion(
            f"{source}: written by a newer Voicelanes (version {version}, this one reads {VERSION})"
        )
    if version < 1:
        raise InputError(f"{source}: the kept voices are damaged")


def _array(archive: zipfile.ZipFile, name: str, kind: str, dimensions: int) -> NDArray[Any]:
    with archive.open(f"{name}.npy") as file:
        return _read(file, kind, dimensions)


def _read(file: IO[bytes], kind: str, dimensions: int) -> NDArray[Any]:
    """An array whose header is believed only as far as there are bytes for it."""
    version = np.lib.format.read_magic(file)  # type: ignore[no-untyped-call]
    v1, v2 = np.lib.format.read_array_header_1_0, np.lib.format.read_array_header_2_0
    shape, fortran, dtype = (v1 if version == (1, 0) else v2)(file)  # type: ignore[no-untyped-call]
    size = math.prod(shape) * dtype.itemsize
    if dtype.kind != kind or len(shape) != dimensions or not 0 <= size <= MAX_BYTES:
        raise ValueError(f"{dtype} {shape}")
    if kind == "i" and dimensions == 2 and shape[1] != 2:
        raise ValueError(f"{dtype} {shape}")
    content = bytearray()
    while piece := file.read(min(2**20, size - len(content))):
        content += piece
    array = np.frombuffer(content, dtype) if size else np.empty(0, dtype)
    return array.reshape(shape, order="F" if fortran else "C")


def _pairs(stretches: Sequence[Interval]) -> NDArray[np.int64]:
    return np.array(stretches, np.int64).reshape(-1, 2)


def _rows(rows: Sequence[Any], kind: type[np.floating[Any]]) -> NDArray[Any]:
    return np.array(rows, kind).reshape(len(rows), -1 if rows else 0)


def _intervals(pairs: NDArray[Any]) -> tuple[Interval, ...]:
    return tuple((start, end) for start, end in pairs.tolist())


def _stretches(pairs: NDArray[Any]) -> bool:
    possible = np.all(pairs >= 0) and np.all(pairs <= MAX_SECONDS * SAMPLE_RATE)
    return bool(possible and np.all(pairs[:, 0] < pairs[:, 1]))


def _in_order(pairs: NDArray[Any]) -> bool:
    """Whether stretches follow each other without overlap."""
    return _stretches(pairs) and bool(np.all(pairs[1:, 0] >= pairs[:-1, 1]))
