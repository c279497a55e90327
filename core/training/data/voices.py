"""Voices for conversations: from caches and corpora on disk to utterances by speaker."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import partial
from pathlib import Path

from core.arrays import Array
from core.errors import InputError
from core.training.data.conversations import VoicePool
from core.training.data.corpora import Cache, is_for_judging, read_corpus, split_by_speaker
from core.training.data.layouts import Utterance
from core.workers.pool import Pool

OnStep = Callable[[str, int, int, str], None]
"""Told the stage, the steps of it that are done, their number, and a few words."""


def read_voices(
    sources: Sequence[str],
    folder: Path,
    left_out: Collection[str] = (),
    on_step: OnStep = lambda stage, done, total, words: None,
    pool: Pool | None = None,
) -> tuple[VoicePool, list[Utterance]]:
    """The voices of some sources together, and their utterances.

    Parameters
    ----------
    sources
        Each the folder of a cache, or ``CORPUS=FOLDER`` for a corpus as it was unpacked, which is
        decoded and trimmed into a cache first.
    folder
        Where those caches are made.
    left_out
        Speakers who must not be heard, as ``corpus:speaker``; those who judge every model
        (:func:`core.training.data.corpora.is_for_judging`) are left out in any case.
    on_step
        Told how many utterances of a corpus are decoded.
    pool
        Who decodes, as :meth:`Cache.build` has it.

    Raises
    ------
    InputError
        If there is no such corpus, folder or cache, or nobody in it.
    """
    voices: dict[str, list[Callable[[], Array]]] = {}
    utterances: list[Utterance] = []
    keys: set[tuple[str, str]] = set()
    for source in sources:
        cache = _cache(source, folder, on_step, pool)
        for index, utterance in enumerate(cache.utterances):
            nameless = not utterance.speaker  # speech that the encoder's training has, too
            judges = utterance.speaker in left_out or is_for_judging(utterance.speaker)
            if nameless or judges or utterance.key in keys:  # two sources may have one excerpt
                continue
            keys.add(utterance.key)
            utterances.append(utterance)
            voices.setdefault(utterance.speaker, []).append(partial(cache.samples, index))
    if not voices:
        raise InputError(f"there is no speaker to learn from in {', '.join(sources)}")
    return voices, utterances


def part(
    voices: VoicePool, utterances: Sequence[Utterance], share: float, seed: int
) -> list[VoicePool]:
    """Two groups of speakers: the larger to learn from, a share of all to calibrate on.

    Raises
    ------
    InputError
        If there are too few for two in each group, without which nobody would take turns.
    """
    sides = split_by_speaker(utterances, share, seed)
    groups = [{u.speaker: voices[u.speaker] for u in side} for side in sides]
    if min(map(len, groups)) < 2:
        raise InputError(
            f"{len(voices)} speakers are too few to learn from some and calibrate on others: "
            "give more, or more to calibrate on"
        )
    return list(groups)


def _cache(source: str, folder: Path, on_step: OnStep, pool: Pool | None) -> Cache:
    corpus, given, place = source.partition("=")
    if not given:
        return Cache.load(Path(source))
    utterances = read_corpus(corpus, Path(place))

    def on_progress(done: int, total: int) -> None:
        on_step(source, done, total, "decoded")

    made = folder / f"{corpus}-{Path(place).resolve().name}"
    return Cache.build(utterances, made, on_progress=on_progress, pool=pool)
