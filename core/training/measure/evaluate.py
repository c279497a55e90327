"""How well an encoder tells voices apart: the equal error rate over crops of unseen speakers.

The protocol, the same for every figure of the project: silence trimmed; of each speaker up to 12
utterances; of each utterance up to two crops of the stated length that don't overlap; every pair
of crops is scored by cosine, pairs from one utterance left out; one equal error rate over all.
Utterances that are shorter than the crop give none. What is compared is the print for recognition
(:func:`core.stream.encoder.for_recognition`). With no length stated, an utterance is
the mean of its windows, as the encoder's own ``window`` cuts them with half of it in common.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from core.arrays import Array
from core.errors import InputError
from core.scoring import eer
from core.stream.encoder import Encoder, for_recognition
from core.units import to_samples

LENGTHS = (0.5, 0.83, 1.6, 2.4, None)
"""Seconds; None is whole utterances."""
UTTERANCES = 12
"""Of a speaker, at most."""
CROPS = 2
"""Of an utterance, at most."""


class DecodersPrint:
    """An encoder of which nothing is compared but what the decoder gets."""

    def __init__(self, encoder: Encoder) -> None:
        self.window, self.hop, self.dim = encoder.window, encoder.hop, encoder.dim
        self._encoder = encoder

    def embed(self, windows: Array) -> Array:
        """See :meth:`core.stream.encoder.Encoder.embed`."""
        return self._encoder.embed(windows)[:, : self.dim]


@dataclass(frozen=True)
class JudgedUtterance:
    """A trimmed utterance to evaluate on: who speaks, and its (n,) samples at 16 kHz when asked."""

    speaker: str
    samples: Callable[[], Array]


@dataclass(frozen=True)
class EncoderScore:
    """The equal error rate of one length, and what it was measured on."""

    seconds: float | None
    eer: float
    """A fraction."""
    speakers: int
    utterances: int
    crops: int
    same: int
    """Pairs of crops of one speaker."""
    different: int

    def __str__(self) -> str:
        length = "whole" if self.seconds is None else f"{self.seconds:g} s"
        return (
            f"{length}: EER {100 * self.eer:.1f} % ({self.speakers} speakers, {self.utterances} "
            f"utterances, {self.crops} crops, {self.same} + {self.different} pairs)"
        )


def evaluate(
    encoder: Encoder,
    voices: Iterable[JudgedUtterance],
    lengths: Sequence[float | None] = LENGTHS,
    *,
    on_progress: Callable[[int], None] | None = None,
) -> list[EncoderScore]:
    """The equal error rate for each length in seconds; see the module for the protocol.

    Parameters
    ----------
    voices
        In the order in which a speaker's first 12 count; each is read once.
    on_progress
        Called with the count of utterances done.

    Raises
    ------
    InputError
        A length leaves fewer than two speakers, or no speaker with two utterances.
    """
    rows: dict[float | None, list[tuple[str, int, Array]]] = {length: [] for length in lengths}
    taken: dict[str, int] = {}
    done = 0
    for voice in voices:
        if taken.get(voice.speaker, 0) >= UTTERANCES:
            continue
        taken[voice.speaker] = taken.get(voice.speaker, 0) + 1
        samples = voice.samples()
        for length in lengths:
            for embedding in _embeddings(encoder, samples, length):
                rows[length].append((voice.speaker, done, embedding))
        done += 1
        if on_progress:
            on_progress(done)
    return [_score(length, rows[length]) for length in lengths]


def evaluate_each(
    encoder: Encoder, voices: Sequence[JudgedUtterance], lengths: Sequence[float | None] = LENGTHS
) -> list[EncoderScore | None]:
    """As :func:`evaluate`, but None for a length that the recordings are too short for."""
    scores: list[EncoderScore | None] = []
    for length in lengths:
        try:
            scores += evaluate(encoder, voices, [length])
        except InputError:
            scores.append(None)
    return scores


def crops(samples: Array, length: int, count: int = CROPS) -> Array:
    """Up to ``count`` stretches of ``length`` that don't overlap: (k, length), k from 0.

    Each is from the middle of its part of the utterance, away from the soft edges of speech.
    """
    fit = min(count, len(samples) // length)
    starts = [((2 * part + 1) * len(samples) // fit - length) // 2 for part in range(fit)]
    found = [samples[start : start + length] for start in starts]
    return np.array(found, np.float32).reshape(fit, length)


def _embeddings(encoder: Encoder, samples: Array, seconds: float | None) -> Array:
    if seconds is not None:
        return for_recognition(encoder.embed(crops(samples, to_samples(seconds))), encoder.dim)
    window = encoder.window
    if not len(samples):
        return for_recognition(encoder.embed(np.zeros((0, window), np.float32)), encoder.dim)
    whole = samples if len(samples) >= window else np.resize(samples, window)
    count = 1 + -(-(len(whole) - window) // (window // 2))
    starts = np.linspace(0, len(whole) - window, count).astype(int)
    windows = np.array([whole[start : start + window] for start in starts], np.float32)
    rows = for_recognition(encoder.embed(windows), encoder.dim)
    return np.asarray(_unit(rows).mean(axis=0, keepdims=True))


def _score(seconds: float | None, rows: Sequence[tuple[str, int, Array]]) -> EncoderScore:
    names, speakers = np.unique([speaker for speaker, _, _ in rows], return_inverse=True)
    utterances = np.array([utterance for _, utterance, _ in rows], np.int64)
    first, second = np.triu_indices(len(rows), 1)
    other = utterances[first] != utterances[second]
    first, second = first[other], second[other]
    if len(rows):
        together = speakers[first] == speakers[second]
    if not len(rows) or together.all() or not together.any():
        raise InputError(
            f"{len(names)} speakers with {len(set(utterances.tolist()))} utterances of "
            f"{'any length' if seconds is None else f'{seconds:g} s'} make no pairs to compare: "
            "take more or longer recordings"
        )
    embeddings = _unit(np.stack([embedding for _, _, embedding in rows]))
    scores = np.asarray(embeddings @ embeddings.T)[first, second]
    return EncoderScore(
        seconds,
        eer(scores[together], scores[~together]),
        len(names),
        len(set(utterances.tolist())),
        len(rows),
        int(together.sum()),
        int((~together).sum()),
    )


def _unit(embeddings: Array) -> Array:
    lengths = np.linalg.norm(embeddings, axis=1, keepdims=True)
    return np.asarray(embeddings / (lengths + np.float32(1e-9)))
