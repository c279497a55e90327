"""Conversations as the live stream hears them: its windows, their embeddings, who speaks in them.

The stream itself does it. :class:`core.stream.diarizer.Diarizer` runs with a decoder that takes
every window, so windows are cut and left out here exactly as they are there, mixed ones included.
What it heard is kept, and :meth:`HeardConversation.turns` runs the same stream on it again with
another decoder, in a moment, without the audio.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.annotation.values import Annotation, Turn
from core.arrays import Array, Labels
from core.stream.changes import Window
from core.stream.diarizer import BEAM, BLOCK, LAG, Diarizer, Segmenter
from core.stream.encoder import VoiceEncoder
from core.stream.replay import (
    Everything,
    RecordedProbability,
    RecordedTiles,
    Remembered,
    RememberedSpeech,
    RememberedTiles,
)
from core.stream.segmentation import LOCAL, Tile
from core.stream.speech import Probability
from core.training.data.conversations import Conversation
from core.training.files.export import npz_bytes
from core.uisrnn.decoder import Decoder, unusable
from core.uisrnn.model import UISRNNModel

NOBODY = -1
"""The label of a window in which no one of the reference speaks."""


@dataclass(frozen=True)
class HeardConversation:
    """What the stream heard of one conversation.

    Parameters
    ----------
    reference
        Who spoke when.
    windows
        (n, 3) int64, start, end and local voice of each window; see
        :class:`core.stream.diarizer.Window`.
    embeddings
        (n, dim) float32.
    tiles
        What segmentation said.
    probabilities
        (frames,) float32, of voice activity.
    window, hop
        The encoder's, in samples.
    latency
        Samples from the beginning of a frame to its probability.
    """

    reference: Annotation
    windows: Labels
    embeddings: Array
    tiles: tuple[Tile, ...]
    probabilities: Array
    window: int
    hop: int
    latency: int

    @property
    def labels(self) -> Labels:
        """(n,) int64: who speaks most in each window, :data:`NOBODY` if no one does."""
        return dominant_speakers(self.reference, self.windows[:, 0], self.windows[:, 1])

    def training_pair(self) -> tuple[Array, Labels]:
        """Embeddings and labels of the windows that can be learnt from: usable, with a speaker."""
        labels = self.labels
        kept = np.array(
            [
                label != NOBODY and unusable(row, row.size) is None
                for row, label in zip(self.embeddings, labels, strict=True)
            ],
            np.bool_,
        )
        return self.embeddings[kept], labels[kept]

    def turns(self, model: UISRNNModel) -> Annotation:
        """The turns that a live stream with this decoder gives, with the stream's own settings."""
        diarizer = Diarizer(
            Remembered(self.embeddings, self.window, self.hop),
            Decoder(model, beam_size=BEAM, lag=LAG),
            RememberedTiles(self.tiles),
            RememberedSpeech(self.probabilities, self.latency),
        )
        diarizer.push(np.zeros(self.reference.duration, np.float32), provisional=False)
        return diarizer.finish()

    def to_bytes(self) -> bytes:
        """As an ``.npz``; the same bytes for the same conversation."""
        turns = [(turn.start, turn.end, turn.speaker) for turn in self.reference.turns]
        names = [(s.id, s.name) for s in self.reference.speakers]
        return npz_bytes(
            {
                "turns": np.array(turns, np.int64).reshape(-1, 3),
                "speakers": np.array([i for i, _ in names], np.int64),
                "names": np.array([name for _, name in names], np.str_),
                "duration": np.array(self.reference.duration),
                "windows": self.windows,
                "embeddings": self.embeddings,
                **packed_tiles(self.tiles),
                "probabilities": self.probabilities,
                "stream": np.array([self.window, self.hop, self.latency]),
            }
        )

    @classmethod
    def from_bytes(cls, content: bytes) -> HeardConversation:
        """What :meth:`to_bytes` wrote; ``ValueError``, ``KeyError`` or ``OSError`` if damaged."""
        with np.load(io.BytesIO(content), allow_pickle=False) as stored:
            turns = [Turn(*row) for row in stored["turns"].tolist()]
            names = dict(zip(stored["speakers"].tolist(), stored["names"].tolist(), strict=True))
            window, hop, latency = stored["stream"].tolist()
            return cls(
                Annotation.build(turns, int(stored["duration"]), names),
                stored["windows"],
                stored["embeddings"],
                unpacked_tiles(stored),
                stored["probabilities"],
                window,
                hop,
                latency,
            )


def hear(
    conversation: Conversation,
    encoder: VoiceEncoder,
    segmentation: Segmenter,
    probability: Probability,
) -> HeardConversation:
    """Let the live stream hear a conversation; ``segmentation`` and ``probability`` must be new."""
    recorded = RecordedProbability(probability)
    tiles = RecordedTiles(segmentation)
    diarizer = Diarizer(encoder, Everything(), tiles, recorded)
    windows: list[Window] = []
    for start in range(0, len(conversation.samples), BLOCK):
        samples = conversation.samples[start : start + BLOCK]
        windows += diarizer.push(samples, provisional=False).windows
    diarizer.finish()
    windows += diarizer.rest
    return HeardConversation(
        conversation.reference,
        np.array([(w.start, w.end, w.voice) for w in windows], np.int64).reshape(-1, 3),
        np.array([w.embedding for w in windows], np.float32).reshape(-1, encoder.dim),
        tuple(tiles.tiles),
        recorded.heard,
        encoder.window,
        encoder.hop,
        probability.latency,
    )


def dominant_speakers(reference: Annotation, starts: Labels, ends: Labels) -> Labels:
    """The id of who speaks most in each window (n,); of two alike, who was heard first."""
    if not reference.speakers:
        return np.full(len(starts), NOBODY, np.int64)
    spoken = np.zeros((len(reference.speakers), len(starts)), np.int64)
    row = {speaker.id: n for n, speaker in enumerate(reference.speakers)}
    for turn in reference.turns:
        overlap = np.minimum(turn.end, ends) - np.maximum(turn.start, starts)
        spoken[row[turn.speaker]] += np.maximum(overlap, 0)
    ids = np.array([speaker.id for speaker in reference.speakers], np.int64)
    labels: Labels = np.where(spoken.any(axis=0), ids[spoken.argmax(axis=0)], NOBODY)
    return labels


def packed_tiles(tiles: Sequence[Tile]) -> dict[str, NDArray[Any]]:
    """Tiles as arrays of a file; see :func:`unpacked_tiles`."""
    rows = [(t.first, t.end, t.origin, len(t.speech), *t.tracks.tolist()) for t in tiles]
    heard = [np.column_stack([t.voices, t.speech, t.overlap]) for t in tiles]
    return {
        "tiles": np.array(rows, np.int64).reshape(-1, 4 + LOCAL),
        "segmentation": np.concatenate([np.zeros((0, LOCAL + 2), np.float32), *heard]),
    }


def unpacked_tiles(stored: Mapping[str, NDArray[Any]]) -> tuple[Tile, ...]:
    """Tiles that :func:`packed_tiles` packed; ``KeyError`` or ``ValueError`` if damaged."""
    tiles = []
    heard = np.asarray(stored["segmentation"], np.float32)
    for first, end, origin, rows, *tracks in stored["tiles"].tolist():
        own, heard = np.split(heard, [rows])
        voices, speech, overlap = own[:, :LOCAL], own[:, LOCAL], own[:, LOCAL + 1]
        tiles.append(Tile(first, end, origin, voices, speech, overlap, np.array(tracks)))
    return tuple(tiles)
