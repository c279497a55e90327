"""What the first pass kept for the second, in one file beside the meeting.

A zip archive of numpy arrays (``.npz``), all lengths in samples at 16 kHz::

    version     ()       int64    1
    windows     (n, 2)   int64    start and end of each window, in time order
    share       (n,)     float64  part of the window that is speech, 0..1
    embeddings  (n, d)   float32  exactly as the encoder gave them
    speech      (m, 2)   int64    stretches of speech
    pauses      (k, 2)   int64    short pauses inside them

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

from .diarizer import Window
from .errors import InputError, NewerVersion
from .formats.reading import MAX_SECONDS, MAX_VALUE
from .speech import Interval, Speech
from .units import SAMPLE_RATE

VERSION = 1
MAX_BYTES = 2**29
"""Unpacked. A day of the longest embeddings; more is damage or malice."""

_MAX_DIM = 4096

_SHAPES: dict[str, tuple[str, int]] = {
    "version": ("i", 0),
    "windows": ("i", 2),
    "share": ("f", 1),
    "embeddings": ("f", 2),
    "speech": ("i", 2),
    "pauses": ("i", 2),
}


def pack(windows: Sequence[Window], speech: Speech | None) -> bytes:
    """The bytes of the file."""
    speech = speech or Speech()
    arrays: dict[str, NDArray[Any]] = {
        "version": np.array(VERSION),
        "windows": _pairs([(w.start, w.end) for w in windows]),
        "share": np.array([w.speech for w in windows], np.float64),
        "embeddings": np.array([w.embedding for w in windows], np.float32).reshape(
            len(windows), -1 if windows else 0
        ),
        "speech": _pairs(speech.stretches),
        "pauses": _pairs(speech.pauses),
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
    version = int(arrays["version"])
    if version > VERSION:
        raise NewerVersion(
            f"{source}: written by a newer Voicelanes (version {version}, this one reads {VERSION})"
        )
    windows, share, embeddings = arrays["windows"], arrays["share"], arrays["embeddings"]
    if (
        version < 1
        or not len(windows) == len(share) == len(embeddings)
        or not (len(windows) == 0 or 1 <= embeddings.shape[1] <= _MAX_DIM)
        or not all(_in_order(arrays[name]) for name in ("speech", "pauses"))
        or not (_stretches(windows) and np.all(np.diff(windows[:, 0]) >= 0))
        or not (np.all(np.abs(embeddings) <= MAX_VALUE) and np.all((share >= 0) & (share <= 1)))
    ):
        raise InputError(f"{source}: the kept voices are damaged")
    rows = zip(
        windows.tolist(), embeddings.astype(np.float32, copy=False), share.tolist(), strict=True
    )
    made = tuple(Window(start, end, row, part) for (start, end), row, part in rows)
    return made, Speech(_intervals(arrays["speech"]), _intervals(arrays["pauses"]))


def _arrays(content: bytes, source: str) -> dict[str, NDArray[Any]]:
    arrays: dict[str, NDArray[Any]] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_BYTES:
                raise InputError(f"{source}: it is too large to be of Voicelanes")
            for name, (kind, dimensions) in _SHAPES.items():
                with archive.open(f"{name}.npy") as file:
                    arrays[name] = _array(file, kind, dimensions)
    except InputError:
        raise
    # zipfile and numpy raise whatever a damaged byte leads them to
    except Exception as error:
        raise InputError(f"{source}: it is damaged ({type(error).__name__})") from error
    return arrays


def _array(file: IO[bytes], kind: str, dimensions: int) -> NDArray[Any]:
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


def _intervals(pairs: NDArray[Any]) -> tuple[Interval, ...]:
    return tuple((start, end) for start, end in pairs.tolist())


def _stretches(pairs: NDArray[Any]) -> bool:
    possible = np.all(pairs >= 0) and np.all(pairs <= MAX_SECONDS * SAMPLE_RATE)
    return bool(possible and np.all(pairs[:, 0] < pairs[:, 1]))


def _in_order(pairs: NDArray[Any]) -> bool:
    """Whether stretches follow each other without overlap."""
    return _stretches(pairs) and bool(np.all(pairs[1:, 0] >= pairs[:-1, 1]))
