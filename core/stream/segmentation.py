"""Segmentation: who of up to three local voices speaks when, two of them at a time.

A network (pyannote's segmentation-3.0: Plaquet & Bredin 2023) hears chunks of 10 s,
one every 5 s. It knows its voices within one chunk only: :attr:`Tile.tracks` says which of them
go on from chunk to chunk. Of each chunk the middle counts, where the network hears what comes
before and after: the *tile* of a chunk is the frames that are nearest to its centre.

Time goes by frames of :data:`STEP` samples. Frame ``g`` of a recording covers the samples from
``270 g + 90`` to ``270 g + 360``, around which the network's answer is centred; frame 0 has the 90
samples before it as well (:func:`frame_at`, :func:`sample_at`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import permutations
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from core import runtime
from core.errors import ModelError
from core.models import ModelSet
from core.units import SAMPLE_RATE

Array = NDArray[np.float32]
Network: TypeAlias = Callable[[Array], Array]
"""Samples (n,) to the log-probabilities (frames, 7) of :data:`CLASSES`."""

STEP = 270
"""Samples per frame (16.875 ms)."""
OFFSET = 90
"""Frame ``g`` begins at sample ``STEP * g + OFFSET``."""
CHUNK = 592 * STEP
"""Samples that the network hears at a time (9.99 s); it answers with 589 frames."""
HOP = 296 * STEP
"""Samples from one chunk to the next (4.995 s)."""
MARGIN = 60
"""Frames around its own (1 s) that a tile also gives, as its chunk hears them."""
LOCAL = 3
"""Voices that the network tells apart within a chunk."""
CLASSES = ((), (0,), (1,), (2,), (0, 1), (0, 2), (1, 2))
"""Which local voices speak, for each output of the network."""

_WITH = [[n for n, who in enumerate(CLASSES) if voice in who] for voice in range(LOCAL)]
_TWO = [n for n, who in enumerate(CLASSES) if len(who) > 1]
_LEAST = HOP
"""Shorter recordings are completed with silence. Alone, whatever sounds in less than 2 s is taken
for speech: the network brings all that it hears to one level."""
_LEAD = 1
"""A chunk that begins at sample ``STEP * n`` is answered from frame ``n + 1`` on."""
_CENTRE = 495
"""Around this sample of a chunk its first frame is, the others :data:`STEP` apart."""
_BEFORE = 146
"""Frames of a chunk before its tile: half of what it shares with the chunk before."""
_CERTAIN = 0.2
"""A voice goes on if giving it to another costs at least this much more."""
_TOGETHER = SAMPLE_RATE // 2
"""Samples that both chunks must give a voice before it goes on (0.5 s)."""


def frame_at(sample: int) -> int:
    """The frame that covers a sample of the recording."""
    return max(0, (sample - OFFSET) // STEP)


def sample_at(frame: int) -> int:
    """The first sample of a frame."""
    return frame * STEP + OFFSET if frame > 0 else 0


@dataclass(frozen=True, slots=True, eq=False)
class Tile:
    """What one chunk decides, with the margin around it.

    Parameters
    ----------
    first, end
        The frames that it decides: from ``first`` to the one before ``end``.
    origin
        The frame of row 0 of the arrays, up to :data:`MARGIN` before ``first``; they end up to
        :data:`MARGIN` after ``end``, as far as the chunk hears.
    voices
        (rows, 3) How likely each local voice speaks in each frame.
    speech, overlap
        (rows,) How likely anybody speaks, and two at once.
    tracks
        (3,) int64, a number for each local voice. A voice that surely goes on from the chunk
        before keeps its number, all others have new ones.
    """

    first: int
    end: int
    origin: int
    voices: Array
    speech: Array
    overlap: Array
    tracks: NDArray[np.int64]

    @property
    def own(self) -> slice:
        """The rows of the frames that the tile decides."""
        return slice(self.first - self.origin, self.end - self.origin)


@dataclass(frozen=True, slots=True, eq=False)
class _Chunk:
    """What the network says about a chunk: (frames, ...) from the recording's frame ``first``."""

    first: int
    voices: Array
    speech: Array
    overlap: Array

    @classmethod
    def of(cls, start: int, log_probabilities: Array) -> _Chunk:
        """Of a chunk that starts at sample ``start``, a multiple of :data:`STEP`."""
        p = np.exp(log_probabilities)
        voices = [p[:, classes].sum(axis=1) for classes in _WITH]
        speech = np.float32(1) - p[:, 0]
        return cls(start // STEP + _LEAD, np.stack(voices, 1), speech, p[:, _TWO].sum(axis=1))

    @property
    def end(self) -> int:
        return self.first + len(self.voices)

    def tile(self, first: int, end: int, tracks: NDArray[np.int64], *, last: bool) -> Tile:
        """The frames from ``first`` to ``end``; what the network doesn't reach is as its nearest.

        ``last``: nothing comes after ``end``.
        """
        origin = max(0 if self.first == _LEAD else self.first, first - MARGIN)
        until = end if last else min(self.end, end + MARGIN)
        rows = np.clip(np.arange(origin, until) - self.first, 0, len(self.voices) - 1)
        return Tile(
            first, end, origin, self.voices[rows], self.speech[rows], self.overlap[rows], tracks
        )


class Segmentation:
    """Samples in, tiles out, one for each chunk as soon as its last sample is there.

    It doesn't matter how the samples are cut, nor how many threads there are, to the last bit.
    Samples that are not finite count as silence.

    Parameters
    ----------
    network
        What hears a chunk; it is called from several threads if there are several.
    threads
        The chunks of one :meth:`push` are heard by so many threads.
    """

    window = CHUNK
    hop = HOP
    latency = CHUNK
    """Samples from the beginning of a frame to when its tile is there, at most."""

    def __init__(self, network: Network, threads: int = 1) -> None:
        self._network = network
        self._threads = threads
        self._samples: Array = np.zeros(0, np.float32)
        self._start = 0  # sample of the recording with which _samples begins
        self._next = 0  # sample with which the next chunk begins
        self._decided = 0  # frames that tiles have decided
        self._before: tuple[_Chunk, NDArray[np.int64]] | None = None  # with its tracks
        self._numbers = 0  # tracks so far

    @classmethod
    def of(cls, models: ModelSet, threads: int = 1) -> Segmentation:
        """With a set's own network, or the program's if it has none.

        Raises
        ------
        ModelError
            If the file is missing or damaged.
        """
        return cls.of_bytes(cls.file(models), threads)

    @staticmethod
    def file(models: ModelSet) -> bytes:
        """The content of the file, for where the folder isn't; raises as :meth:`of`."""
        return models.own_or_shipped("segmentation")

    @classmethod
    def of_bytes(cls, onnx: bytes, threads: int = 1) -> Segmentation:
        """From the content of the file.

        Raises
        ------
        ModelError
            If onnxruntime doesn't accept it, or it is another kind of network.
        """
        return cls(onnx_network(onnx), threads)

    def push(self, samples: Array) -> list[Tile]:
        """The tiles of the chunks that these samples (n,) complete."""
        finite = np.isfinite(samples)
        heard = samples if finite.all() else np.where(finite, samples, np.float32(0))
        self._samples = np.concatenate([self._samples, heard])
        starts = range(self._next, self._start + len(self._samples) - CHUNK + 1, HOP)
        if not starts:
            return []
        tiles = []
        for chunk in self._hear([(start, start + CHUNK) for start in starts]):
            end = chunk.first + _BEFORE + HOP // STEP
            tracks = self._tracks(chunk)
            tiles.append(chunk.tile(self._decided, end, tracks, last=False))
            self._decided = end
            self._before = chunk, tracks
            self._numbers = max(self._numbers, int(tracks.max()) + 1)
        # The last chunk of all may begin at any later sample.
        self._samples = self._samples[starts[-1] - self._start :].copy()
        self._start, self._next = starts[-1], starts[-1] + HOP
        return tiles

    def flush(self) -> list[Tile]:
        """The tile of the last chunk, which ends with the recording; none without a sample."""
        last = self.preview()
        if last is None:
            return []
        self._decided = last.end
        return [last]

    def preview(self) -> Tile | None:
        """What :meth:`flush` would give if the stream ended now; nothing is changed."""
        total = self._start + len(self._samples)
        end = frame_at(total - 1) + 1 if total else 0
        if end <= self._decided:
            return None
        start = max(0, total - CHUNK) // STEP * STEP
        (chunk,) = self._hear([(start, total)])
        return chunk.tile(self._decided, end, self._tracks(chunk), last=True)

    def _hear(self, chunks: Sequence[tuple[int, int]]) -> list[_Chunk]:
        """What the network says about chunks from one sample of the recording to another."""
        # One at a time: a batch would round differently.
        if len(chunks) < 2 or self._threads < 2:
            return [self._hear_one(chunk) for chunk in chunks]
        with ThreadPoolExecutor(min(self._threads, len(chunks))) as pool:
            return list(pool.map(self._hear_one, chunks))

    def _hear_one(self, chunk: tuple[int, int]) -> _Chunk:
        start, end = chunk
        samples = self._samples[start - self._start : end - self._start]
        if len(samples) >= _LEAST:
            return _Chunk.of(start, self._network(samples))
        answer = self._network(np.pad(samples, (0, _LEAST - len(samples))))
        # Only the frames whose middle is sound.
        return _Chunk.of(start, answer[: max(1, -(-(len(samples) - _CENTRE) // STEP))])

    def _tracks(self, chunk: _Chunk) -> NDArray[np.int64]:
        """The numbers of the local voices, of those that go on from the chunk before its own."""
        tracks = np.arange(self._numbers, self._numbers + LOCAL, dtype=np.int64)
        if self._before is None:
            return tracks
        before, numbers = self._before
        count = min(before.end, chunk.end) - chunk.first
        then = before.voices[chunk.first - before.first :][:count].astype(np.float64)
        now = chunk.voices[:count].astype(np.float64)
        apart = np.square(then[:, :, np.newaxis] - now[:, np.newaxis]).mean(axis=0)
        voices = np.arange(LOCAL)
        costs = {order: float(apart[voices, order].sum()) for order in permutations(range(LOCAL))}
        best = min(costs, key=costs.__getitem__)
        for voice, other in enumerate(best):
            elsewhere = min(cost for order, cost in costs.items() if order[voice] != other)
            together = np.minimum(then[:, voice], now[:, other]).sum() * STEP
            if elsewhere - costs[best] >= _CERTAIN and together >= _TOGETHER:
                tracks[other] = numbers[voice]
        return tracks


def onnx_network(onnx: bytes) -> Network:
    """The network of a file, on one thread of onnxruntime for each call.

    Raises
    ------
    ModelError
        If onnxruntime doesn't accept it, or it is another kind of network.
    """
    session = runtime.session(onnx, threads=1)
    outputs = [(output.name, output.shape[-1:]) for output in session.get_outputs()]
    if outputs != [("log_probabilities", [len(CLASSES)])]:
        raise ModelError("the network for segmentation is of another version")

    def network(samples: Array) -> Array:
        (found,) = session.run(None, {"samples": samples[np.newaxis, np.newaxis]})
        return np.asarray(found[0])

    return network
