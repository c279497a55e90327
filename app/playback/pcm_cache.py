"""The sound of a recording, decoded once into a temporary file that can be read from anywhere."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.audio.read import AudioReader
from core.errors import OutputError, VoicelanesError

BYTES = 2
"""Of one sample: 115 MB an hour."""


class PcmCache:
    """16 kHz mono int16 in a temporary file that vanishes with the process, however it ends.

    One thread appends, any other reads what is already there: so a recording can be played while
    it is still being decoded, and every seek is exact to the sample in every format.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._lock = threading.Lock()
        self._length = 0
        self._complete = False
        try:
            self._file = tempfile.TemporaryFile(dir=folder, buffering=0)  # noqa: SIM115
        except OSError as error:
            raise OutputError(
                f"no temporary file for playback ({error.strerror}): free some disk space"
            ) from error

    @property
    def length(self) -> int:
        """Samples that can be read."""
        return self._length

    @property
    def complete(self) -> bool:
        """Whether nothing will be appended any more."""
        return self._complete

    def append(self, samples: NDArray[np.float32]) -> None:
        """Add samples at the end; beyond full scale they are clipped. Raises ``OutputError``."""
        scaled = np.clip(np.rint(samples * 32768), -32768, 32767)
        data = memoryview(scaled.astype("<i2").tobytes())
        with self._lock:
            if self._file.closed:
                return
            try:
                self._file.seek(self._length * BYTES)
                while data:
                    data = data[self._file.write(data) :]
            except OSError as error:
                raise OutputError(
                    f"playback is cut short ({error.strerror}): free some disk space"
                ) from error
            self._length += len(samples)

    def finish(self) -> None:
        """Nothing more will come."""
        self._complete = True

    def read(self, start: int, count: int) -> NDArray[np.int16]:
        """Up to ``count`` samples from ``start`` on: fewer, or none, where no more is there yet."""
        with self._lock:
            count = min(count, self._length - start)
            if count <= 0 or self._file.closed:
                return np.zeros(0, np.int16)
            self._file.seek(start * BYTES)
            return np.frombuffer(self._file.read(count * BYTES), "<i2").astype(np.int16)

    def close(self) -> None:
        """Give the disk space back. Reading gives nothing from now on."""
        with self._lock:
            self._file.close()


class Decoding:
    """A thread that decodes a recording into a cache, from now on.

    Parameters
    ----------
    path
        Anything that :class:`core.audio.read.AudioReader` opens.
    folder
        Where the temporary file goes; None is the system's place for such files.
    track
        Number of the sound track; None for the one that the file asks for.
    """

    def __init__(
        self,
        path: Path,
        folder: Path | None = None,
        reader: Callable[[Path], AudioReader] | None = None,
        track: int | None = None,
    ) -> None:
        self.cache = PcmCache(folder)
        self.error: str | None = None
        """Why there is no (more) sound, in one line."""
        self._cancelled = threading.Event()
        self._thread = threading.Thread(
            target=self._run,
            args=(path, reader or partial(AudioReader, track=track)),
            name="player-decode",
            daemon=True,
        )
        self._thread.start()

    def _run(self, path: Path, reader: Callable[[Path], AudioReader]) -> None:
        try:
            with reader(path) as opened:
                for block in opened:
                    if self._cancelled.is_set():
                        return
                    self.cache.append(block)
        except VoicelanesError as error:
            self.error = str(error)
        except Exception as error:  # a decoder's defect must not end in silence without a word
            self.error = f"{path.name}: decoding for playback failed ({error})"
        finally:
            self.cache.finish()

    def close(self, wait: bool = False) -> None:
        """Drop the sound; the thread ends with its present block."""
        self._cancelled.set()
        self.cache.close()
        if wait:
            self._thread.join()
