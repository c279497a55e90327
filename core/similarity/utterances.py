"""How far apart the voices of utterances are: one embedding each, Euclidean distances between them.

Embeddings have length 1, so a distance lies between 0 (one voice) and about 1.4.

An utterance goes through the network in one piece. On the seed's twelve utterances of four persons
that separates better than the mean over windows of 1.6 s does: 3.7 against 2.8 standard deviations
between the distances within and across persons. Silence is cut at both ends only, 40 dB below
the loudest part; cutting deeper (20 or 30 dB) removes quiet speech and made it worse.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.arrays import Array
from core.audio.read import AudioReader
from core.errors import InputError
from core.stream.encoder import Encoder, for_recognition
from core.units import SAMPLE_RATE

PIECE = 20 * SAMPLE_RATE
"""A longer utterance is embedded in pieces of this length, to keep memory small."""

LONGEST = 600 * SAMPLE_RATE
"""Longer than this is a recording, not an utterance."""

_SILENCE_DB = 40.0
_FRAME = SAMPLE_RATE // 100


def embed_file(path: str | Path, encoder: Encoder, track: int | None = None) -> Array:
    """The print of the voice in a file (in that sound track of it), of length 1.

    Raises
    ------
    InputError
        If it can't be read, holds no sound or is no utterance (longer than ten minutes).
    """
    blocks: list[Array] = []
    length = 0
    with AudioReader(path, track) as reader:
        for block in reader:
            blocks.append(block)
            length += len(block)
            if length > LONGEST:
                raise InputError(
                    f"{path} is longer than ten minutes; compare takes utterances of one voice,"
                    " use 'voicelanes diarize' for conversations"
                )
    samples = trimmed(np.concatenate(blocks)) if blocks else np.zeros(0, np.float32)
    if not len(samples):
        raise InputError(f"{path} holds no sound to compare; give an utterance of a voice")
    embedding = embed_utterance(samples, encoder)
    if not np.isfinite(embedding).all():
        raise InputError(f"{path} holds nothing that sounds like a voice; give an utterance of one")
    return embedding


def embed_utterance(samples: Array, encoder: Encoder) -> Array:
    """The print for recognition of 16 kHz samples (n,), of length 1.

    Less than the encoder's window is repeated until it fills one. NaN where the network finds
    nothing at all.
    """
    if len(samples) < encoder.window:
        samples = np.resize(samples, encoder.window)
    pieces = np.array_split(samples, -(-len(samples) // PIECE))
    rows = np.concatenate([encoder.embed(piece[np.newaxis]) for piece in pieces])
    mean = for_recognition(rows, encoder.dim).mean(axis=0)
    with np.errstate(invalid="ignore"):  # an embedding of zeros becomes NaN
        return np.asarray(mean / np.linalg.norm(mean), np.float32)


def trimmed(samples: Array) -> Array:
    """The samples without the silence at both ends; empty if there is nothing else."""
    frames = samples[: len(samples) // _FRAME * _FRAME].reshape(-1, _FRAME)
    power = np.mean(np.square(frames, dtype=np.float64), axis=1)
    loud = np.flatnonzero(power > power.max(initial=0.0) * 10 ** (-_SILENCE_DB / 10))
    return samples[loud[0] * _FRAME : (loud[-1] + 1) * _FRAME] if len(loud) else samples[:0]


def distances(embeddings: Array) -> NDArray[np.float64]:
    """Euclidean distances (n, n) between embeddings (n, dim)."""
    wide = embeddings.astype(np.float64)
    return np.asarray(np.linalg.norm(wide[:, np.newaxis] - wide[np.newaxis], axis=2))


def persons(paths: Sequence[str | Path]) -> list[str]:
    """Who speaks in each file, going by the names: ``a_1.wav`` and ``a_2.wav`` are one person.

    That is the folder and the name up to the number at its end. Other files are a person each.
    """
    found = []
    for path in map(Path, paths):
        numbered = re.fullmatch(r"(.*[^\W_\d])[\W_]*\d+", path.stem)
        found.append(str(path.parent / (numbered[1] if numbered else path.name)))
    return found


def render(matrix: NDArray[np.float64], groups: Sequence[str]) -> str:
    """The matrix as the seed's ``predict.py`` prints it, a bar and a row of stars between groups.

    The seed groups by three; here a group is a run of equal ``groups``. If none repeats, the
    matrix isn't divided.
    """
    runs = [len(list(run)) for _, run in groupby(groups)]
    ends = set(np.cumsum(runs)) if max(runs, default=0) > 1 else set()
    text = []
    for i, row in enumerate(matrix, 1):
        for j, distance in enumerate(row, 1):
            text.append(f"{distance:.2f}  " + ("| " if j in ends else ""))
        text.append("\n\n" + ("*" * 80 + "\n\n" if i in ends else ""))
    return "".join(text)


@dataclass(frozen=True)
class Separation:
    """How well distances within persons lie below those across persons."""

    within: float
    """The largest distance within a person."""
    across: float
    """The smallest distance across persons."""
    exceptions: tuple[tuple[int, int, float], ...]
    """Pairs (i, j, distance) of one person that are not below every distance across."""


def separation(matrix: NDArray[np.float64], groups: Sequence[str]) -> Separation | None:
    """Whether the distances tell the groups apart; None without pairs of both kinds."""
    pairs = [(i, j, float(matrix[i, j])) for i, j in combinations(range(len(groups)), 2)]
    same = [pair for pair in pairs if groups[pair[0]] == groups[pair[1]]]
    other = [d for i, j, d in pairs if groups[i] != groups[j]]
    if not same or not other:
        return None
    nearest = min(other)
    return Separation(
        max(d for _, _, d in same), nearest, tuple(pair for pair in same if pair[2] >= nearest)
    )
