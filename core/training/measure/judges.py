"""The voices that judge every encoder, set by set, and the table of their equal error rates.

A folder has one folder for each set, named as below, each as its corpus is unpacked; the lists of
speakers lie beside them. A set that isn't there is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from core.errors import InputError
from core.stream.encoder import Encoder
from core.training.data.cache import Cache
from core.training.data.corpora import TEST_OTHER, read_corpus, read_held_out
from core.training.data.layouts import Utterance
from core.training.measure.evaluate import (
    LENGTHS,
    UTTERANCES,
    EncoderScore,
    JudgedUtterance,
    evaluate_each,
)


@dataclass(frozen=True)
class Judges:
    """A set of voices that nothing is learnt from.

    Parameters
    ----------
    name
        As the table has it.
    folder
        Where it lies in the folder of all sets.
    corpus
        How its files lie.
    speakers
        Name of the list with the speakers who judge, or the speakers; None for all of them.
    """

    name: str
    folder: str
    corpus: str
    speakers: str | frozenset[str] | None = None


SETS = (
    Judges(
        "LibriSpeech test-other",
        "librispeech",
        "librispeech",
        frozenset(f"librispeech:{number}" for number in TEST_OTHER),
    ),
    Judges("TEDxKR", "tedxkr", "tedxkr"),
    Judges(
        "speechocean762, held out",
        "speechocean762",
        "speechocean762",
        "speechocean762-heldout.txt",
    ),
    Judges("the seed's four persons", "4persons", "4persons"),
    Judges("alphanumeric, held out", "alphanumeric", "alphanumeric", "alphanumeric-heldout.txt"),
    Judges("PICO, joined words", "pico", "speech-commands"),
    Judges("RAVDESS, acted", "ravdess", "ravdess"),
)

NAMES = tuple(judges.folder for judges in SETS)


def read_judges(judges: Judges, folder: Path, most: int | None = UTTERANCES) -> list[Utterance]:
    """The utterances of a set that count: so many of each speaker, the first, or all their words.

    Raises
    ------
    InputError
        The set or its list isn't there.
    """
    wanted = judges.speakers
    if isinstance(wanted, str):
        wanted = read_held_out(folder / wanted)
    taken: Counter[str] = Counter()
    found = []
    for utterance in read_corpus(judges.corpus, folder / judges.folder):
        if wanted is not None and utterance.speaker not in wanted:
            continue
        taken[utterance.speaker] += 1
        # Words are joined to utterances first: how many words make twelve isn't known yet.
        if most is None or utterance.session or taken[utterance.speaker] <= most:
            found.append(utterance)
    if not found:
        raise InputError(f"none of those who judge is in {folder / judges.folder}")
    return found


def judge(
    encoder: Encoder,
    judges: Judges,
    folder: Path,
    cache: Path,
    lengths: Sequence[float | None] = LENGTHS,
) -> list[EncoderScore | None]:
    """The equal error rates of an encoder over a set; None for a length nobody speaks for.

    Parameters
    ----------
    folder
        Of all sets.
    cache
        Where decoded speech is kept, so that the next encoder needn't wait for it.

    Raises
    ------
    InputError
        The set isn't there.
    OutputError
        The cache can't be written.
    """
    speech = Cache.build(read_judges(judges, folder), cache / judges.folder)
    if not len(speech):
        raise InputError(f"there is no speech in {folder / judges.folder}")
    voices = [
        JudgedUtterance(utterance.speaker, partial(speech.samples, index))
        for index, utterance in enumerate(speech.utterances)
    ]
    return evaluate_each(encoder, voices, lengths)


def table(
    rows: Sequence[tuple[str, Sequence[EncoderScore | None]]], lengths: Sequence[float | None]
) -> str:
    """Equal error rates in percent as a Markdown table; sets in rows, lengths in columns."""
    columns = ["whole" if length is None else f"{length:g} s" for length in lengths]
    lines = [["EER %", "speakers", *columns], ["---"] * (2 + len(columns))]
    for name, scores in rows:
        speakers = max((score.speakers for score in scores if score), default=0)
        rates = [f"{100 * score.eer:.1f}" if score else "–" for score in scores]
        lines.append([name, str(speakers), *rates])
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
