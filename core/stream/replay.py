"""The stream in pieces: heard once, its windows embedded elsewhere, run again without the sound.

Which windows the stream embeds depends on segmentation and speech alone, an embedding on its window
alone, and turns on all three. So :class:`core.stream.diarizer.Diarizer` runs once with
:class:`Deaf` and :class:`Everything` to tell its windows, and again with :class:`Remembered`,
:class:`RememberedTiles` and :class:`RememberedSpeech` to tell the turns: the same ones, to the last
bit.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from core.arrays import Array
from core.stream.encoder import Columns
from core.stream.segmentation import CHUNK, HOP, Tile
from core.stream.speech import FRAME, Probability
from core.uisrnn.decoder import Decoded, LocalVoice

if TYPE_CHECKING:
    from core.stream.diarizer import Segmenter


class Everything:
    """A decoder that takes every window, so that the stream hands all of them out."""

    def __init__(self) -> None:
        self.rejected: Counter[str] = Counter()
        self._count = 0

    def push(self, embedding: Array, voice: LocalVoice | None = None) -> Decoded | None:
        self._count += 1
        return Decoded(self._count - 1, (0,), self._count)

    def finish(self) -> Decoded:
        return Decoded(self._count, (), self._count)


class Deaf:
    """An encoder that hears nothing, for where only the windows are wanted."""

    dim = 1

    def __init__(self, window: int, hop: int) -> None:
        self.window, self.hop = window, hop

    def embed(self, windows: Array, columns: Sequence[Columns] | None = None) -> Array:
        return np.zeros((len(windows), self.dim), np.float32)


class RecordedTiles:
    """Segmentation that remembers what it said."""

    def __init__(self, stage: Segmenter) -> None:
        self._stage = stage
        self.latency = stage.latency
        self.tiles: list[Tile] = []

    def push(self, samples: Array) -> list[Tile]:
        return self._remembered(self._stage.push(samples))

    def flush(self) -> list[Tile]:
        return self._remembered(self._stage.flush())

    def preview(self) -> Tile | None:
        return self._stage.preview()

    def _remembered(self, tiles: list[Tile]) -> list[Tile]:
        self.tiles += tiles
        return tiles


class RememberedTiles:
    """Segmentation that was heard before: all of its tiles, as late as then."""

    latency = CHUNK

    def __init__(self, tiles: Sequence[Tile]) -> None:
        self._rest = deque(tiles)
        self._samples = 0
        self._next = CHUNK

    def push(self, samples: Array) -> list[Tile]:
        self._samples += len(samples)
        tiles = []
        while self._next <= self._samples and self._rest:
            tiles.append(self._rest.popleft())
            self._next += HOP
        return tiles

    def flush(self) -> list[Tile]:
        tiles = list(self._rest)
        self._rest.clear()
        return tiles

    def preview(self) -> Tile | None:
        return None


class RecordedProbability:
    """Voice activity that remembers what it said."""

    def __init__(self, stage: Probability) -> None:
        self._stage = stage
        self.latency = stage.latency
        self._heard: list[Array] = []

    @property
    def heard(self) -> Array:
        """Probabilities (frames,) of everything so far."""
        return np.concatenate([np.zeros(0, np.float32), *self._heard])

    def push(self, samples: Array) -> Array:
        self._heard.append(self._stage.push(samples))
        return self._heard[-1]

    def flush(self) -> Array:
        self._heard.append(self._stage.flush())
        return self._heard[-1]


class RememberedSpeech:
    """Voice activity that was heard before: all of its probabilities (frames,), as late as then."""

    def __init__(self, probabilities: Array, latency: int) -> None:
        self.latency = latency
        self._rest = probabilities
        self._samples = 0
        self._given = 0

    def push(self, samples: Array) -> Array:
        self._samples += len(samples)
        known = max(0, (self._samples - self.latency) // FRAME + 1)
        found, self._rest = np.split(self._rest, [known - self._given])
        self._given = known
        return found

    def flush(self) -> Array:
        found, self._rest = self._rest, self._rest[:0]
        return found


class Remembered:
    """An encoder that gives the embeddings of before in their order, prints for recognition behind
    the ``dim`` numbers of each included; all of them are the decoder's if ``dim`` isn't given."""

    def __init__(self, embeddings: Array, window: int, hop: int, dim: int | None = None) -> None:
        self.window, self.hop, self.dim = window, hop, dim or embeddings.shape[1]
        self._rest = embeddings

    def embed(self, windows: Array, columns: Sequence[Columns] | None = None) -> Array:
        found, self._rest = np.split(self._rest, [len(windows)])
        return found
