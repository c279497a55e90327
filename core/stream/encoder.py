"""GhostVLAD: a window of speech to a speaker embedding, and to a print that recognition compares.

The last layer of the network is fitted for the decoder and costs recognition, so what goes into it
comes out as well: known voices and links over an archive compare that.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol, TypeAlias

import numpy as np

from core import runtime
from core.arrays import Array, Labels
from core.errors import ModelError
from core.models.manifest import ModelSet
from core.stream.features import normalise, spectrogram

Columns: TypeAlias = Labels
"""Numbers of the frames of a spectrogram that are heard, in order."""

SHORTEST = 48
"""Frames that the network is given at least (0.48 s): fewer are repeated."""


def heard_of(spectrogram: Array, columns: Columns | None) -> Array:
    """Some frames of a spectrogram (257, frames), or all of them; in one piece of memory."""
    if columns is None:
        return np.ascontiguousarray(spectrogram)
    if 0 < len(columns) < SHORTEST:
        columns = np.resize(columns, SHORTEST)
    return np.ascontiguousarray(spectrogram[:, columns])


def for_recognition(rows: Array, dim: int) -> Array:
    """What recognition compares of what :meth:`Encoder.embed` gave: (n, r).

    That stands behind the ``dim`` numbers of the decoder; where nothing does, they are for both.
    """
    return rows[:, dim:] if rows.shape[1] > dim else rows


class Encoder(Protocol):
    """What makes embeddings of windows.

    Attributes
    ----------
    window
        Samples at 16 kHz in a window.
    hop
        Samples from one window to the next in a stream.
    dim
        Size of an embedding for the decoder.
    """

    window: int
    hop: int
    dim: int

    def embed(self, windows: Array) -> Array:
        """Embeddings (n, dim) float32 of windows (n, window) float32; (n, dim + r) with a print for
        recognition behind each, which :func:`for_recognition` takes.

        A row depends on its own window only, to the last bit: it doesn't matter which windows
        come in one call. A window with values that are not finite gives a row that is not finite.
        """
        ...


class VoiceEncoder(Encoder, Protocol):
    """An encoder that can listen to a part of a window: to one voice, where it speaks alone."""

    def embed(self, windows: Array, columns: Sequence[Columns] | None = None) -> Array:
        """As :meth:`Encoder.embed`; ``columns`` are which frames of the spectrogram are heard of
        each window, all without."""
        ...


class OnnxEncoder:
    """The encoder that ships, on onnxruntime.

    Windows go through the network one at a time: a batch would round differently than a single
    window does (by 3e-8) and saves no time. Several windows are spread over ``threads``.

    Raises
    ------
    ModelError
        The file is missing, damaged or not what the manifest says.
    """

    def __init__(self, models: ModelSet, threads: int | None = None) -> None:
        entry = models.encoder
        self._start(models.verified(entry), entry.window, entry.hop, threads)
        if self.dim != entry.dim:
            raise ModelError(
                f"{entry.file} makes embeddings of {self.dim} instead of the manifest's "
                f"{entry.dim}: {models.remedy}"
            )

    @classmethod
    def of_bytes(
        cls, onnx: bytes, window: int, hop: int, threads: int | None = None
    ) -> OnnxEncoder:
        """An encoder that belongs to no set of models yet; ``window`` and ``hop`` in samples.

        Raises
        ------
        ModelError
            It is nothing that onnxruntime accepts.
        """
        encoder = cls.__new__(cls)
        encoder._start(onnx, window, hop, threads)
        return encoder

    def _start(self, onnx: bytes, window: int, hop: int, threads: int | None) -> None:
        self.window, self.hop = window, hop
        self._onnx = onnx  # onnxruntime keeps it anyway
        self._threads = threads or runtime.cores()
        self._session = runtime.session(onnx, threads=1)
        self.dim, *more = (int(output.shape[-1]) for output in self._session.get_outputs())
        self._size = self.dim + sum(more)

    def __reduce__(self) -> tuple[Any, ...]:
        """To another process go the bytes; it has as many threads as that one has cores."""
        return OnnxEncoder.of_bytes, (self._onnx, self.window, self.hop)

    def embed(self, windows: Array, columns: Sequence[Columns] | None = None) -> Array:
        """See :meth:`Encoder.embed`; safe to call from several threads."""
        embeddings = np.empty((len(windows), self._size), np.float32)
        heard = [None] * len(windows) if columns is None else columns
        if len(windows) < 2 or self._threads < 2:
            for row, window in enumerate(windows):
                embeddings[row] = self._embed_one(window, heard[row])
            return embeddings
        # A pool of this call's own costs 0.1 ms and leaves no thread behind.
        with ThreadPoolExecutor(min(self._threads, len(windows))) as pool:
            for row, embedding in enumerate(pool.map(self._embed_one, windows, heard)):
                embeddings[row] = embedding
        return embeddings

    def _embed_one(self, window: Array, columns: Columns | None) -> Array:
        spec = heard_of(normalise(spectrogram(window)), columns)
        prints = self._session.run(None, {"spectrogram": spec[np.newaxis]})
        return np.concatenate([of_one[0] for of_one in prints])
