"""Conversations as the live stream hears them: its windows, their embeddings, who speaks in them.

The stream itself does it. :class:`core.stream.diarizer.Diarizer` runs with a decoder that takes
every window, so windows are cut and left out here exactly as they are there, mixed ones included.
What it heard is kept, and :meth:`HeardConversation.turns` runs the same stream on it again with
another decoder, in a moment, without the audio.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np

from core.annotation.values import Annotation, Turn
from core.arrays import Array, Labels
from core.stream.changes import Window
from core.stream.diarizer import BEAM, BLOCK, LAG, Diarizer
from core.stream.encoder import Encoder
from core.stream.replay import Everything, RecordedProbability, Remembered, RememberedSpeech
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
    starts
        (n,) int64, the first sample of each window that held enough speech.
    embeddings
        (n, dim) float32.
    probabilities
        (frames,) float32, of speech.
    window, hop
        The encoder's, in samples.
    latency
        Samples from the beginning of a frame to its probability.
    """

    reference: Annotation
    starts: Labels
    embeddings: Array
    probabilities: Array
    window: int
    hop: int
    latency: int

    @property
    def labels(self) -> Labels:
        """(n,) int64: who speaks most in each window, :data:`NOBODY` if no one does."""
        return dominant_speakers(self.reference, self.starts, self.window)

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
            RememberedSpeech(self.probabilities, self.latency),
        )
        diarizer.push(np.zeros(self.reference.duration, np.float32))
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
                "starts": self.starts,
                "embeddings": self.embeddings,
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
                stored["starts"],
                stored["embeddings"],
                stored["probabilities"],
                window,
                hop,
                latency,
            )


def hear(
    conversation: Conversation, encoder: Encoder, probability: Probability
) -> HeardConversation:
    """Let the live stream hear a conversation; ``probability`` must be new."""
    recorded = RecordedProbability(probability)
    diarizer = Diarizer(encoder, Everything(), recorded)
    windows: list[Window] = []
    for start in range(0, len(conversation.samples), BLOCK):
        windows += diarizer.push(conversation.samples[start : start + BLOCK]).windows
    diarizer.finish()
    return HeardConversation(
        conversation.reference,
        np.array([w.start for w in windows], np.int64),
        np.array([w.embedding for w in windows], np.float32).reshape(-1, encoder.dim),
        recorded.heard,
        encoder.window,
        encoder.hop,
        probability.latency,
    )


def dominant_speakers(reference: Annotation, starts: Labels, window: int) -> Labels:
    """The id of who speaks most in each window (n,); of two alike, who was heard first."""
    if not reference.speakers:
        return np.full(len(starts), NOBODY, np.int64)
    spoken = np.zeros((len(reference.speakers), len(starts)), np.int64)
    row = {speaker.id: n for n, speaker in enumerate(reference.speakers)}
    for turn in reference.turns:
        overlap = np.minimum(turn.end, starts + window) - np.maximum(turn.start, starts)
        spoken[row[turn.speaker]] += np.maximum(overlap, 0)
    ids = np.array([speaker.id for speaker in reference.speakers], np.int64)
    labels: Labels = np.where(spoken.any(axis=0), ids[spoken.argmax(axis=0)], NOBODY)
    return labels
