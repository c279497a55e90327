"""The speech of an encoder's training in a folder: who is learnt, who judges, and noise.

``train``, ``held-out`` and ``noise`` are caches (:mod:`core.training.data.cache`); the last two may
be missing. The folder is all that a machine needs which only trains.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from core.arrays import Array
from core.atomic import write_file
from core.errors import InputError
from core.stream.encoder import Encoder
from core.training.data.cache import INDEX, Cache
from core.training.data.corpora import merge, read_corpus, split_by_speaker
from core.training.data.layouts import AUDIO, Utterance, audio_files
from core.training.encoder.batches import Batches, Crops
from core.training.files.teachers import TeacherEncoder, open_teachers
from core.training.measure.evaluate import LENGTHS, JudgedUtterance, evaluate_each
from core.units import to_samples
from core.workers.pool import Pool

TRAIN, HELD_OUT, NOISE = "train", "held-out", "noise"
NAMELESS = ""
"""The speaker of speech without speakers."""
CENTER_CROPS = 512
"""Of as many utterances is the mean that is taken off a teacher."""
CENTER_SECONDS = 1.6
JUDGES = 100
"""Speakers who judge at most: all pairs of their crops are compared."""


def prepare_speech(
    sources: Mapping[str, Sequence[Path]],
    folder: Path,
    *,
    unlabelled: Sequence[Path] = (),
    noise: Path | None = None,
    held_out: float = 0.1,
    left_out: Collection[str] = (),
    seed: int = 1,
    on_progress: Callable[[int, int], None] | None = None,
    pool: Pool | None = None,
) -> None:
    """Read corpora, hold speakers out and decode everything; what is there is not done again.

    Parameters
    ----------
    sources
        Folders by corpus.
    unlabelled
        Folders of speech without speakers; what a corpus has of it, whether to learn
        from or to judge, is left out.
    noise
        Folder of recordings without speech.
    held_out
        Share of the speakers who judge.
    left_out
        Speakers who judge besides, as ``corpus:speaker``.
    pool
        Who decodes, as :meth:`Cache.build` has it.

    Raises
    ------
    InputError
        A folder is missing or empty, or nobody is left to learn.
    """
    spoken = merge(*(read_corpus(name, f) for name, folders in sources.items() for f in folders))
    spoken, out = split_by_speaker(spoken, left_out)
    train, held = split_by_speaker(spoken, held_out, seed)
    known = {utterance.path.resolve() for utterance in train + held + out}
    train += [
        utterance
        for place in unlabelled
        for utterance in _loose(place, NAMELESS)
        if utterance.path.resolve() not in known
    ]
    Cache.build(train, folder / TRAIN, on_progress=on_progress, pool=pool)
    if held or out:
        Cache.build(held + out, folder / HELD_OUT, on_progress=on_progress, pool=pool)
    if noise is not None:
        Cache.build(_loose(noise, NOISE), folder / NOISE, on_progress=on_progress, pool=pool)


def _loose(folder: Path, speaker: str) -> list[Utterance]:
    """Every recording under a folder, whoever is in it."""
    paths = sorted(path for path in audio_files(folder) if path.is_file())
    if not paths:
        raise InputError(f"there is no recording in {folder}: give a folder of {', '.join(AUDIO)}")
    return [Utterance(path, speaker, folder.name, str(path.relative_to(folder))) for path in paths]


def open_part(folder: Path, part: str) -> Cache | None:
    """A part of prepared speech, None where there is none."""
    return Cache.load(folder / part) if (folder / part / INDEX).exists() else None


def make_batches(folder: Path, crops: Crops, teachers: Sequence[str] = ()) -> Batches:
    """Batches of prepared speech; travels to the processes that make them.

    Parameters
    ----------
    teachers
        See :func:`core.training.files.teachers.open_teachers`. Each process has its own.
    """
    train = Cache.load(folder / TRAIN)
    center = partial(teacher_center, train, folder)
    taught = open_teachers(teachers, center) if crops.teacher else None
    return Batches(train, train.speakers, crops, open_part(folder, NOISE), taught)


def teacher_center(speech: Cache, folder: Path, teacher: TeacherEncoder) -> Array:
    """(dim,): what a teacher says of all voices alike, the mean over crops of many utterances.

    Kept in ``folder``, where every process of a run and every later one finds it, as long as the
    speech is the same.
    """
    each = zip(speech.utterances, speech.durations, strict=True)
    said = "".join(f"{utterance.speaker} {length}\n" for utterance, length in each)
    digest = hashlib.sha256(said.encode()).hexdigest()[:12]
    path = folder / f"center-{teacher.name}-{digest}.npy"
    if path.exists():
        return np.asarray(np.load(path, allow_pickle=False), np.float32)
    length = to_samples(CENTER_SECONDS)
    total = np.zeros(teacher.dim)
    chosen = np.unique(np.linspace(0, len(speech) - 1, CENTER_CROPS).astype(int))
    for index in chosen:
        there = int(speech.durations[index])
        crop = speech.crop(index, max(0, there - length) // 2, min(length, there))
        total += teacher.hear(np.resize(crop, length)[np.newaxis])[0]
    content = io.BytesIO()
    center = np.asarray(total / len(chosen), np.float32)
    np.save(content, center, allow_pickle=False)
    write_file(path, content.getvalue())
    return center


def held_out_rates(
    folder: Path, lengths: Sequence[float | None] = LENGTHS
) -> Callable[[Encoder], dict[str, float]] | None:
    """What measures an encoder on the speakers who judge; None where there are none.

    The equal error rates are in percent by length (``1.6 s``, ``whole``). A length that
    the recordings are too short for is left out.
    """
    held = open_part(folder, HELD_OUT)
    if held is None:
        return None
    judges = set(held.speakers[:JUDGES])

    def voice(index: int) -> JudgedUtterance:
        return JudgedUtterance(held.utterances[index].speaker, lambda: held.samples(index))

    voices = [voice(i) for i, u in enumerate(held.utterances) if u.speaker in judges]

    def rates(encoder: Encoder) -> dict[str, float]:
        scores = evaluate_each(encoder, voices, lengths)
        return {
            "whole" if score.seconds is None else f"{score.seconds:g} s": 100 * score.eer
            for score in scores
            if score is not None
        }

    return rates
