"""How the second pass decides on the number of voices: the weights of
:class:`core.refine.grouping.Counting`, found on simulated conversations.

For every number of voices the share of speech that goes to a wrong voice is known, so the weights
are those with which the number chosen costs least, counting a voice too many or too few as 5 % of
the speech. Give speakers whom the encoder doesn't know, and run it again when a new encoder was
exported::

    python -m core.training.speakers.counting VOICES ...

prints the weights (to be put into :mod:`core.refine.grouping`) and what they give.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import astuple, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.arrays import Doubles
from core.atomic import writable_folder
from core.errors import VoicelanesError
from core.models.manifest import shipped_models
from core.printable import printable
from core.refine.grouping import LEAST, Counting, Grouping
from core.refine.links import WindowPlaces
from core.stream.segmentation import Segmentation
from core.stream.speech_edges import SpeechEdges
from core.training.data.conversations import ConversationSettings, LogNormal, VoicePool, simulate
from core.training.data.hearing import NOBODY, HeardConversation, hear
from core.training.data.voices import read_voices
from core.training.files.encoder_file import load_encoder

MISCOUNT = 0.05
"""Share of the speech that a voice too many or too few counts as."""
_WEAK = 5e-6
"""How much large weights cost."""
_LONG = ConversationSettings(speakers=(2, 6), turn=LogNormal(2.6, 0.8, 0.4, 20.0))
_SHORT = ConversationSettings(
    30.0, (1, 4), overlap_share=0.35, backchannels=0.12, activity=1.0, level_sd=5.0
)


def evidence(talk: HeardConversation) -> tuple[Doubles, Doubles] | None:
    """For 1, 2, ... voices what :class:`Counting` weighs (numbers, weights), and what choosing
    that number costs (numbers,); None for a conversation too short to tell."""
    if len(talk.windows) < LEAST:
        return None
    starts, ends, local = talk.windows.T
    grouping = Grouping(talk.embeddings, WindowPlaces((starts + ends) // 2, local))
    true = talk.labels
    spoken = true != NOBODY
    count = len(np.unique(true[spoken]))
    rows, costs = [], []
    for number in range(1, grouping.most + 1):
        rows.append(grouping.evidence(number))
        labels = grouping.voices(number, number).labels
        costs.append(_wrong(true[spoken], labels[spoken]) + MISCOUNT * min(abs(number - count), 3))
    return np.array(rows), np.array(costs)


def _wrong(true: NDArray[np.int64], found: NDArray[np.int64]) -> float:
    """Share of the windows that the best mapping of voices leaves wrong."""
    from scipy.optimize import linear_sum_assignment

    if not len(true):
        return 0.0
    rows, columns = (np.unique(x, return_inverse=True)[1] for x in (true, found))
    together = np.zeros((rows.max() + 1, columns.max() + 1))
    np.add.at(together, (rows, columns), 1)
    return float(1 - together[linear_sum_assignment(together, maximize=True)].sum() / len(true))


def fit(talks: Sequence[tuple[Doubles, Doubles]], first: Counting | None = None) -> Counting:
    """The weights with the lowest cost to be expected, together as large as those before."""
    from scipy.optimize import minimize

    before = np.array(astuple(first or Counting()))
    scale = np.concatenate([rows for rows, _ in talks]).std(axis=0) + 1e-6

    def loss(weights: Doubles) -> tuple[float, Doubles]:
        value, slope = 0.0, np.zeros_like(weights)
        for rows, costs in talks:
            x = rows / scale
            odds = x @ weights
            chances = np.exp(odds - odds.max())
            chances /= chances.sum()
            mean = float(chances @ costs)
            value += mean / len(talks)
            slope += x.T @ (chances * (costs - mean)) / len(talks)
        return value + _WEAK * float(weights @ weights), slope + 2 * _WEAK * weights

    starts = (np.zeros_like(before), before * scale)
    found = [minimize(loss, start, jac=True, method="L-BFGS-B") for start in starts]
    best = min(found, key=lambda result: float(result.fun)).x
    # Only their proportions matter here; a bias is weighed against them.
    best *= np.linalg.norm(before * scale) / (np.linalg.norm(best) or 1.0)
    weights = best / scale
    return Counting(*weights.round(3).tolist())


def conversations(
    voices: VoicePool, count: int, seed: int, encoder: Path | None
) -> list[HeardConversation]:
    """Long and short conversations, heard with the encoder."""
    from core.stream.encoder import OnnxEncoder

    models = shipped_models()
    ears = (
        load_encoder(encoder, models.encoder.window, models.encoder.hop).encoder
        if encoder
        else OnnxEncoder(models)
    )
    talks = []
    for number in range(count):
        rng = np.random.default_rng([seed, number])
        talk = simulate(voices, rng, _SHORT if number % 2 else _LONG)
        talks.append(hear(talk, ears, Segmentation.of(models), SpeechEdges.of(models)))
        print(f"\r{number + 1} of {count}", end="", file=sys.stderr, flush=True)
    return talks


def main(argv: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(
        prog="python -m core.training.speakers.counting",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("voices", nargs="+", metavar="VOICES", help="as for 'train speakers'")
    parser.add_argument("--encoder", type=Path, metavar="FILE", help="in place of the one shipped")
    parser.add_argument("--cache", type=Path, default=Path("counting"), metavar="DIR")
    parser.add_argument("--conversations", type=int, default=160, metavar="N")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(argv)
    try:
        voices, _ = read_voices(options.voices, writable_folder(options.cache))
        talks = conversations(voices, options.conversations, options.seed, options.encoder)
    except VoicelanesError as error:
        print(printable(str(error)), file=sys.stderr)
        return 1
    weighed = [found for talk in talks if (found := evidence(talk))]
    # Long and short ones alternate: pairs of them to learn from, the others to see what it gives.
    halves: list[list[tuple[Doubles, Doubles]]] = [[], []]
    for number, one in enumerate(weighed):
        halves[number // 2 % 2].append(one)
    learnt = fit(halves[0])
    print()
    for name, counting in (("as it is", Counting()), ("learnt", learnt)):
        weights = np.array(astuple(counting))
        cost = np.mean([costs[int((rows @ weights).argmax())] for rows, costs in halves[1]])
        print(f"{name}: cost {100 * cost:.1f} % on the other half")
    best = np.mean([costs.min() for _, costs in halves[1]])
    print(f"the best number every time: {100 * best:.1f} %")
    for field, value in zip(fields(Counting), astuple(fit(weighed)), strict=True):
        print(f"    {field.name}: float = {value:g}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
