"""The speech that voices are learnt from: which corpora, under which licences, split by speaker.

>>> utterances = read_corpus("librispeech", Path("LibriSpeech"))  # doctest: +SKIP
>>> train, held = split_by_speaker(utterances, 0.1, seed=1)  # doctest: +SKIP
>>> voices = Cache.build(train, Path("cache/train"))  # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

import numpy as np

from core.errors import InputError
from core.training.data.cache import Cache
from core.training.data.catalogue import CORPORA, Corpus
from core.training.data.layouts import Utterance

__all__ = [
    "CORPORA",
    "Cache",
    "Corpus",
    "Utterance",
    "is_for_judging",
    "merge",
    "read_corpus",
    "read_held_out",
    "refuse_overlap",
    "split_by_speaker",
]


JUDGING_CORPORA = frozenset({"4persons", "ami", "hyke", "pansori", "ravdess", "tedxkr"})
"""Their speakers judge what was learnt, so nothing is learnt from them."""

# fmt: off
TEST_OTHER = frozenset(map(str, (
    367, 533, 1688, 1998, 2033, 2414, 2609, 3005, 3080, 3331, 3528, 3538, 3764, 3997, 4198, 4294,
    4350, 4852, 5442, 5484, 5764, 6070, 6128, 6432, 6938, 7018, 7105, 7902, 7975, 8131, 8188, 8280,
    8461,
)))
# fmt: on
"""Speakers of LibriSpeech's test-other (its SPEAKERS.TXT), which judges, too."""


def read_corpus(name: str, folder: Path) -> list[Utterance]:
    """The utterances of a corpus in the order of their paths, each once.

    Raises
    ------
    InputError
        No such corpus or folder, or nothing in it lies as that corpus does.
    """
    corpus = CORPORA.get(name)
    if corpus is None:
        raise InputError(f"there is no corpus {name}: take one of {', '.join(CORPORA)}")
    if not folder.is_dir():
        raise InputError(f"there is no folder {folder}: unpack {name} first")
    utterances = merge(corpus.read(folder))
    if not utterances:
        raise InputError(
            f"there is nothing of {name} in {folder}: its files lie there as {corpus.layout}"
        )
    return utterances


def merge(*corpora: Iterable[Utterance]) -> list[Utterance]:
    """Several corpora as one; of the copies of an utterance only the first is kept."""
    once: dict[tuple[str, str], Utterance] = {}
    for utterances in corpora:
        for utterance in utterances:
            once.setdefault(utterance.key, utterance)
    return list(once.values())


def read_held_out(path: Path) -> frozenset[str]:
    """Speakers to keep out of training, one per line of ``<corpus>-heldout.txt``.

    Returns
    -------
    frozenset[str]
        ``corpus:speaker`` each. A line that has its own ``corpus:`` keeps it.

    Raises
    ------
    InputError
        The file can't be read or names nobody.
    """
    try:
        lines = path.read_text("utf-8").split()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"can't read the list of speakers {path}: {error}") from error
    if not lines:
        raise InputError(f"the list of speakers {path} is empty: one speaker per line")
    namespace = path.stem.removesuffix("-heldout")
    return frozenset(line if ":" in line else f"{namespace}:{line}" for line in lines)


def is_for_judging(speaker: str) -> bool:
    """Whether a speaker is one of those that judge every encoder, in whichever corpus."""
    namespace, _, name = speaker.partition(":")
    return namespace.lower() in JUDGING_CORPORA or (
        namespace == "librispeech" and name in TEST_OTHER
    )


def split_by_speaker(
    utterances: Sequence[Utterance], held_out: float | Collection[str], seed: int = 0
) -> tuple[list[Utterance], list[Utterance]]:
    """(for training, held out): every speaker is wholly on one side.

    Speakers who judge (:func:`is_for_judging`) are held out in any case.

    Parameters
    ----------
    held_out
        A share of the other speakers, 0 to below 1, drawn with ``seed`` (the draw
        depends on the speakers' names alone, not on the order); or the speakers by name.

    Raises
    ------
    InputError
        Nobody would be left to train on, or one file is on both sides under two
        names.
    """
    speakers = sorted({u.speaker for u in utterances if not is_for_judging(u.speaker)})
    if isinstance(held_out, int | float):
        if not 0 <= held_out < 1:
            raise ValueError(f"the share held out is from 0 to below 1, not {held_out}")
        count = max(1, round(held_out * len(speakers))) if held_out and speakers else 0
        order = np.random.default_rng(seed).permutation(len(speakers))
        held_out = {speakers[index] for index in order[:count]}
    train: list[Utterance] = []
    held: list[Utterance] = []
    for utterance in utterances:
        out = utterance.speaker in held_out or is_for_judging(utterance.speaker)
        (held if out else train).append(utterance)
    if utterances and not train:
        raise InputError("all speakers are held out and none is left to train on: hold out fewer")
    refuse_overlap(train, held)
    return train, held


def refuse_overlap(
    train: Iterable[Utterance], held: Iterable[Utterance], held_out: Collection[str] = ()
) -> None:
    """Make sure that nothing is learnt from whoever judges.

    Raises
    ------
    InputError
        Names the speakers of the training set that are also held out, in ``held``,
        in the list ``held_out`` or for judging in general, or files that are in both.
    """
    held, train = list(held), list(train)
    kept_out = {utterance.speaker for utterance in held} | set(held_out)
    both = sorted({u.speaker for u in train if u.speaker in kept_out or is_for_judging(u.speaker)})
    if both:
        raise InputError(
            f"{_some(both)} must not be trained on, being held out to judge: leave them out"
        )
    files = {utterance.path.resolve() for utterance in held}
    same = sorted(str(u.path) for u in train if u.path.resolve() in files)
    if same:
        raise InputError(f"{_some(same)} would be in training and held out: read each folder once")


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return ", ".join(names[:5]) + more
