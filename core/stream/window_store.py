"""The windows of a long stream, on the disk until the second pass wants them."""

from __future__ import annotations

import os
import tempfile
from bisect import bisect_left
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from core.stream.changes import Window


class WindowStore:
    """Keeps windows in a file without a name: eight hours of them are 60 MB.

    Used in a ``with``; the file ends with it, or with the process, however that ends.
    """

    def __init__(self) -> None:
        self._file: Any = tempfile.TemporaryFile(prefix="voicelanes-")  # noqa: SIM115
        self._dtype: np.dtype[Any] | None = None

    def __enter__(self) -> WindowStore:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, windows: Iterable[Window]) -> None:
        """Append in time order."""
        self._file.seek(0, os.SEEK_END)
        for window in windows:
            behind = () if window.recognition is None else window.recognition
            self._dtype = self._dtype or np.dtype(
                [
                    ("start", "<i8"),
                    ("end", "<i8"),
                    ("speech", "<f8"),
                    ("voice", "<i8"),
                    ("embedding", "<f4", (len(window.embedding),)),
                    ("recognition", "<f2", (len(behind),)),
                ]
            )
            row = np.array(
                (window.start, window.end, window.speech, window.voice, window.embedding, behind),
                self._dtype,
            )
            self._file.write(row.tobytes())

    def all(self) -> tuple[Window, ...]:
        """Every window that was added."""
        return self._rows(0, self._count())

    def between(self, start: int, end: int) -> tuple[Window, ...]:
        """The windows whose centre lies between these samples, the first included; without
        reading any others but a few."""
        first, last = (
            bisect_left(range(self._count()), at, key=lambda n: self._rows(n, n + 1)[0].centre)
            for at in (start, end)
        )
        return self._rows(first, last)

    def _count(self) -> int:
        end: int = self._file.seek(0, os.SEEK_END)
        return end // self._dtype.itemsize if self._dtype is not None else 0

    def _rows(self, first: int, last: int) -> tuple[Window, ...]:
        from core.stream.changes import Window

        if self._dtype is None:
            return ()
        size = self._dtype.itemsize
        self._file.seek(first * size)
        rows = np.frombuffer(self._file.read(max(0, last - first) * size), self._dtype)
        return tuple(
            Window(
                int(row["start"]),
                int(row["end"]),
                row["embedding"],
                float(row["speech"]),
                int(row["voice"]),
                row["recognition"] if len(row["recognition"]) else None,
            )
            for row in rows
        )
