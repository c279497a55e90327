"""The speech that voices are learnt from: which corpora, under which licences, split by speaker.

>>> utterances = read_corpus("librispeech", Path("LibriSpeech"))  # doctest: +SKIP
>>> train, held = split_by_speaker(utterances, 0.1, seed=1)  # doctest: +SKIP
>>> voices = Cache.build(train, Path("cache/train"))  # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.errors import InputError
from core.training.cache import Cache
from core.training.layouts import (
    Reader,
    Utterance,
    by_path,
    read_folders,
    read_speechocean762,
)

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


@dataclass(frozen=True)
class Corpus:
    """A corpus that can be read.

    Parameters
    ----------
    name, source
        What it is called, and where it is published.
    licence
        As its publishers state it.
    layout
        How its files lie, for the person who gave the wrong folder.
    read
        From a folder to its utterances.
    may_ship
        Weights that were trained on it may be shipped: its licence is known and allows
        commercial use and derivatives.
    """

    name: str
    licence: str
    source: str
    layout: str
    read: Reader
    may_ship: bool


CORPORA: dict[str, Corpus] = {
    corpus.name: corpus
    for corpus in (
        Corpus(
            "slr38",
            "CC BY-NC-ND 4.0",
            "Free ST Chinese Mandarin Corpus (ST-CMDS-20170001_1), openslr.org/38",
            "20170001P00001A0001.wav",
            by_path("slr38", r"(?P<id>\d{8}(?P<speaker>P\d{5}[A-Z])\d{4})\.wav"),
            may_ship=False,
        ),
        Corpus(
            "vctk",
            "CC BY 4.0 (0.92), ODC-By 1.0 (0.80)",
            "CSTR VCTK Corpus, University of Edinburgh, datashare.ed.ac.uk/handle/10283/3443",
            "wav48/p225/p225_001.wav or wav48_silence_trimmed/p225/p225_001_mic1.flac",
            # The second microphone hears the same words.
            by_path("vctk", r"(?P<id>(?P<speaker>p\d{3}|s5)_\d{3})(?:_mic1)?\.(?:wav|flac)"),
            may_ship=True,
        ),
        Corpus(
            "voxceleb1",
            "CC BY 4.0 for the lists; the sound belongs to the owners of the videos",
            "VoxCeleb1, Visual Geometry Group, University of Oxford",
            "id10001/1zcIwhmdeo4/00001.wav",
            by_path(
                "voxceleb1",
                r"(?P<speaker>id1\d{4})/(?P<id>[^/]+/\d{5})\.(?:wav|flac|aac|m4a)",
                "voxceleb",
            ),
            may_ship=False,
        ),
        Corpus(
            "voxceleb2",
            "CC BY 4.0 for the lists; the sound belongs to the owners of the videos",
            "VoxCeleb2, Visual Geometry Group, University of Oxford",
            "id00012/21Uxsk56VDQ/00001.m4a",
            by_path(
                "voxceleb2",
                r"(?P<speaker>id0\d{4})/(?P<id>[^/]+/\d{5})\.(?:wav|flac|aac|m4a)",
                "voxceleb",
            ),
            may_ship=False,
        ),
        Corpus(
            "librispeech",
            "CC BY 4.0",
            "LibriSpeech and Mini LibriSpeech, openslr.org/12 and openslr.org/31",
            "train-clean-5/1088/134315/1088-134315-0000.flac",
            by_path("librispeech", r"(?P<id>(?P<speaker>\d+)-\d+-\d{4})\.(?:flac|wav|mp3|ogg)"),
            may_ship=True,
        ),
        Corpus(
            "speechocean762",
            "CC BY 4.0",
            "speechocean762, openslr.org/101, github.com/jimbozhang/speechocean762",
            "WAVE/SPEAKER0001/000010011.WAV",
            read_speechocean762,
            may_ship=True,
        ),
        Corpus(
            "speech-commands",
            "CC BY 4.0",
            "Speech Commands, P. Warden, arXiv 1804.03209",
            "bed/00176480_nohash_0.wav",
            by_path(
                "speech-commands",
                r"(?P<id>[^/]+/(?P<speaker>[0-9a-f]{8})_nohash_\d+)\.(?:wav|flac)",
            ),
            may_ship=True,
        ),
        Corpus(
            "alphanumeric",
            "MIT",
            "alphanumeric-audio-dataset, github.com/Sakshee5/alphanumeric-audio-dataset",
            "audio_data/Addresses/R_14L9qNxUlipFmsF.wav",
            by_path("alphanumeric", r"(?P<id>[^/]+/(?P<speaker>R_\w{15}))\.(?:wav|m4a|mp3)"),
            may_ship=True,
        ),
        Corpus(
            "fsdd",
            "CC BY-SA 4.0",
            "Free Spoken Digit Dataset, github.com/Jakobovski/free-spoken-digit-dataset",
            "recordings/0_george_0.wav",
            by_path("fsdd", r"(?P<id>\d_(?P<speaker>[a-z]+)_\d+)\.wav"),
            may_ship=True,
        ),
        Corpus(
            "folders",
            "unknown: the person who has it knows",
            "any folder with a folder of audio for each speaker",
            "<speaker>/**/*.wav, .flac, .mp3, .opus, .m4a",
            read_folders,
            may_ship=False,
        ),
    )
}

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

    Raises:
        InputError: no such corpus or folder, or nothing in it lies as that corpus does.
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

    Returns:
        ``corpus:speaker`` each. A line that has its own ``corpus:`` keeps it.

    Raises:
        InputError: the file can't be read or names nobody.
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

    Args:
        held_out: a share of the other speakers, 0 to below 1, drawn with ``seed`` (the draw
            depends on the speakers' names alone, not on the order); or the speakers by name.

    Raises:
        InputError: nobody would be left to train on, or one file is on both sides under two
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

    Raises:
        InputError: names the speakers of the training set that are also held out, in ``held``,
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
