"""How many voices there are is learnt from conversations."""

from __future__ import annotations

from dataclasses import astuple, replace

import numpy as np

from core.annotation.values import Annotation, Turn
from core.refine.grouping import Counting
from core.training.data.hearing import NOBODY, HeardConversation
from core.training.speakers.counting import evidence, fit

HOP, WINDOW = 8000, 25_840


def talk(voices: int, seed: int) -> HeardConversation:
    """Turns of eight windows; each voice has its own direction."""
    rng = np.random.default_rng(seed)
    means = rng.normal(0, 1, (voices, 32))
    labels = np.repeat(np.arange(6) % voices, 8)
    found = means[labels] + rng.normal(0, 0.4, (len(labels), 32))
    starts = np.arange(len(labels)) * HOP
    windows = np.stack([starts, starts + WINDOW, np.full(len(starts), NOBODY)], axis=1)
    centres = starts + WINDOW // 2
    turns = [
        Turn(int(c) - HOP // 2, int(c) + HOP // 2, int(v))
        for c, v in zip(centres, labels, strict=True)
    ]
    reference = Annotation.build(turns, int(starts[-1]) + WINDOW)
    return HeardConversation(
        reference, windows, found.astype(np.float32), (), np.ones(1, np.float32), WINDOW, HOP, 512
    )


def test_choosing_the_true_number_costs_nothing_and_is_learnt() -> None:
    counts = [1, 2, 3, 1, 2, 3]
    talks = [evidence(talk(count, seed)) for seed, count in enumerate(counts)]
    known = [pair for pair in talks if pair]
    assert len(known) == len(counts)
    for count, (_, costs) in zip(counts, known, strict=True):
        assert costs[count - 1] == costs.min()
        assert costs[count - 1] < 0.05
    spoilt = Counting(clarity=0, more=9, alone=0, changes=0, turns=0)
    for counting, right in ((spoilt, False), (fit(known, spoilt), True)):
        chosen = [int((rows @ np.array(astuple(counting))).argmax()) + 1 for rows, _ in known]
        assert (chosen == counts) is right


def test_a_conversation_too_short_to_tell_is_left_out() -> None:
    long = talk(2, 0)
    short = replace(long, windows=long.windows[:3], embeddings=long.embeddings[:3])
    assert evidence(short) is None
