"""What the segmentation network learns from: 10 s of a conversation, and who speaks in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import soundfile
from numpy.typing import NDArray

from core.annotation.values import Turn
from core.arrays import Array
from core.errors import InputError
from core.formats import rttm
from core.stream.segmentation import CHUNK, LOCAL, OFFSET, STEP
from core.units import SAMPLE_RATE

Marks = NDArray[np.bool_]

FRAMES = 589
"""Frames in which the network answers to :data:`CHUNK` samples."""
_CENTRES = STEP * np.arange(1, FRAMES + 1) + OFFSET + STEP // 2
"""The sample of the chunk around which each of them is centred."""
_AT_ONCE = 2
"""Voices that the network can say of one frame."""


class Chunk(NamedTuple):
    """Samples (:data:`CHUNK`,) float32, and which voice speaks in which frame: (FRAMES, LOCAL)."""

    samples: Array
    voices: Marks


@dataclass(frozen=True)
class Recorded:
    """A conversation on disk.

    Parameters
    ----------
    path
        16 kHz, one channel, in a format that can be read from anywhere in it.
    length
        In samples.
    turns
        Who speaks when.
    """

    path: Path
    length: int
    turns: tuple[Turn, ...]

    def chunk(self, start: int) -> Chunk:
        """From sample ``start`` on, with silence after the end."""
        samples: Array = np.zeros(CHUNK, np.float32)
        heard, _ = soundfile.read(self.path, CHUNK, start, dtype="float32")
        samples[: len(heard)] = heard
        return Chunk(samples, marks(self.turns, start))


def read_conversations(folders: Sequence[Path]) -> list[Recorded]:
    """Every recording below ``folders`` that has its turns beside it, in ``<name>.rttm``.

    Raises
    ------
    InputError
        If a folder has none, or a recording isn't 16 kHz with one channel.
    """
    found: list[Recorded] = []
    for folder in folders:
        before = len(found)
        for turns in sorted(folder.rglob("*.rttm")):
            for suffix in (".flac", ".wav"):
                path = turns.with_suffix(suffix)
                if path.is_file():
                    found.append(_recorded(path, turns))
                    break
        if len(found) == before:
            raise InputError(
                f"there is no conversation in {folder}: give folders of NAME.flac and NAME.rttm,"
                " as 'python -m core.training.data.scenes' writes them"
            )
    return found


def _recorded(path: Path, turns: Path) -> Recorded:
    try:
        info = soundfile.info(path)
    except soundfile.LibsndfileError as error:
        raise InputError(f"can't read {path}: {error.error_string}") from error
    if info.samplerate != SAMPLE_RATE or info.channels != 1:
        raise InputError(f"{path} has to be 16 kHz with one channel: convert it first")
    annotations = list(rttm.read(turns).values())
    if len(annotations) != 1:
        raise InputError(f"{turns} has to have the turns of one recording")
    return Recorded(path, info.frames, annotations[0].turns)


def marks(turns: Sequence[Turn], start: int) -> Marks:
    """Who of the turns speaks in the chunk from sample ``start`` on.

    Returns
    -------
    (FRAMES, LOCAL) of bool
        The voices that speak most, that which speaks first in front; others are left out. Of more
        than two at once, the two that speak most in the chunk.
    """
    centres = _CENTRES + start
    rows: dict[int, Marks] = {}
    for turn in turns:
        if turn.start < start + CHUNK and turn.end > start:
            row = rows.setdefault(turn.speaker, np.zeros(FRAMES, bool))
            row |= (turn.start <= centres) & (centres < turn.end)
    loudest = sorted((row for row in rows.values() if row.any()), key=np.sum, reverse=True)[:LOCAL]
    spoken = np.zeros(FRAMES, np.int64)
    kept = []
    for row in loudest:
        row = row & (spoken < _AT_ONCE)
        spoken += row
        if row.any():
            kept.append(row)
    found = np.zeros((FRAMES, LOCAL), bool)
    for number, row in enumerate(sorted(kept, key=lambda row: int(row.argmax()))):
        found[:, number] = row
    return found


def batch(
    conversations: Sequence[Recorded], size: int, seed: int, number: int
) -> tuple[Array, Marks]:
    """Chunks of random places of random conversations.

    Returns
    -------
    samples : (size, 1, CHUNK)
    voices : (size, FRAMES, LOCAL)
        Both follow from the conversations, ``seed`` and ``number`` alone.
    """
    rng = np.random.default_rng([seed, number])
    chunks = []
    for _ in range(size):
        talk = conversations[int(rng.integers(len(conversations)))]
        chunks.append(talk.chunk(int(rng.integers(max(1, talk.length - CHUNK + 1)))))
    return np.stack([c.samples for c in chunks])[:, None], np.stack([c.voices for c in chunks])
