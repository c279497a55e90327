"""The windows of a long stream, on the disk until the second pass wants them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from core.diarizer import Window


class WindowStore:
    """Keeps windows in a file without a name: eight hours of embeddings are 60 MB.

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
        for window in windows:
            self._dtype = self._dtype or np.dtype(
                [
                    ("start", "<i8"),
                    ("end", "<i8"),
                    ("speech", "<f8"),
                    ("embedding", "<f4", (len(window.embedding),)),
                ]
            )
            row = np.array((window.start, window.end, window.speech, window.embedding), self._dtype)
            self._file.write(row.tobytes())

    def all(self) -> tuple[Window, ...]:
        """Every window that was added."""
        from core.diarizer import Window

        if self._dtype is None:
            return ()
        self._file.seek(0)
        rows = np.frombuffer(self._file.read(), self._dtype)
        return tuple(
            Window(int(row["start"]), int(row["end"]), row["embedding"], float(row["speech"]))
            for row in rows
        )
