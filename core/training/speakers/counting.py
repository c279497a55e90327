"""How the second pass decides on the number of voices: the weights of
:class:`core.refine.grouping.Counting`, found on conversations and on pieces of them.

For every number of voices the share of speech that goes to a wrong voice is known, so the weights
are those with which the number chosen costs least, counting a voice too many or too few as 5 % of
the speech. What tells two voices apart in half an hour isn't there in 30 s, so every conversation
is also cut into pieces (:data:`PIECES`); and what one person says in it must stay one voice
(:data:`ALONE`), since a channel of a call has often no other. Give folders of many kinds of talk,
recorded or made (``core.training.data.scenes``), of people whom the encoder doesn't know, with the
turns of ``NAME.flac`` in ``NAME.rttm``, and run it again when a new encoder was exported::

    python -m core.training.speakers.counting FOLDER[=2] ...

prints what weights give for conversations that they were not learnt from, folder by folder, and
those learnt from all (to be put into :mod:`core.refine.grouping`). All folders count alike unless a
number says how many times, and in each of them all whole conversations and all pieces; single
voices count three times.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, fields, replace
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.annotation.values import Annotation
from core.arrays import Doubles
from core.audio.read import AudioReader
from core.errors import InputError, VoicelanesError
from core.formats import rttm
from core.models.manifest import shipped_models
from core.printable import printable
from core.refine.grouping import LEAST, Counting, Grouping
from core.refine.links import WindowPlaces
from core.stream.encoder import OnnxEncoder
from core.stream.segmentation import Segmentation
from core.stream.speech_edges import SpeechEdges
from core.training.data.conversations import Conversation
from core.training.data.hearing import NOBODY, HeardConversation, hear
from core.training.files.encoder_file import load_encoder
from core.units import SAMPLE_RATE

MISCOUNT = 0.05
"""Share of the speech that a voice too many or too few counts as."""
PIECES = (20, 30, 45, 60, 120)
"""Seconds of the pieces that conversations are cut into, ..."""
ALONE = (25, 50, 100)
"""Windows of one person that are looked at alone, three times of each person; ..."""
_SINGLE, _TIMES = "one voice", 3.0
"""... their group, and how many times it counts."""
_SHORTER = 1.3
"""... if they are so many times as long."""
_AT_MOST = 5
"""Pieces of one length that are taken of one conversation, spread over it."""
_NEAR = 1e-4
"""How much it costs to leave the weights of before."""
_FOLDS = 4


@dataclass(frozen=True)
class Weighed:
    """A conversation or a piece of one.

    Parameters
    ----------
    group
        Of which kind it is; all groups count alike.
    conversation
        Pieces of one conversation have one number.
    evidence
        (numbers, weights) For 1, 2, ... voices what :class:`Counting` weighs, ...
    costs
        (numbers,) ... and what choosing that number costs.
    """

    group: str
    conversation: int
    evidence: Doubles
    costs: Doubles

    def chosen(self, counting: Counting) -> int:
        """The number of voices that is found."""
        return int((self.evidence @ np.array(astuple(counting))).argmax()) + 1


def evidence(talk: HeardConversation) -> tuple[Doubles, Doubles] | None:
    """For 1, 2, ... voices what :class:`Counting` weighs (numbers, weights), and what choosing
    that number costs (numbers,); None for a conversation too short to tell."""
    true = talk.labels
    spoken = true != NOBODY
    if min(len(talk.windows), int(spoken.sum())) < LEAST:
        return None
    starts, ends, local = talk.windows.T
    grouping = Grouping(talk.embeddings, WindowPlaces((starts + ends) // 2, local))
    count = len(np.unique(true[spoken]))
    rows, costs = [], []
    for number in range(1, grouping.most + 1):
        rows.append(grouping.evidence(number))
        labels = grouping.voices(number, number).labels
        costs.append(_wrong(true[spoken], labels[spoken]) + MISCOUNT * min(abs(number - count), 3))
    return np.array(rows), np.array(costs)


def pieces(talk: HeardConversation) -> Iterator[HeardConversation]:
    """Pieces of a conversation, by the centres of its windows; they know only their windows."""
    centres = (talk.windows[:, 0] + talk.windows[:, 1]) // 2
    for seconds in PIECES:
        length = seconds * SAMPLE_RATE
        if talk.reference.duration < _SHORTER * length:
            continue
        count = talk.reference.duration // length
        for number in sorted(set(np.linspace(0, count - 1, min(count, _AT_MOST)).round())):
            inside = (centres >= number * length) & (centres < (number + 1) * length)
            yield replace(talk, windows=talk.windows[inside], embeddings=talk.embeddings[inside])


def single_voices(talk: HeardConversation) -> Iterator[tuple[str, HeardConversation]]:
    """What one person says in a conversation, in pieces of so many windows, with the group."""
    labels = talk.labels
    for speaker in np.unique(labels[labels != NOBODY]):
        own = np.flatnonzero(labels == speaker)
        for count in ALONE:
            for start in range(0, min(len(own) - count + 1, 3 * count), count):
                taken = own[start : start + count]
                piece = replace(
                    talk, windows=talk.windows[taken], embeddings=talk.embeddings[taken]
                )
                yield _SINGLE, piece


def cases(talks: Iterable[tuple[str, HeardConversation]]) -> list[Weighed]:
    """Conversations of named groups, whole and in pieces."""
    found = []
    for number, (group, talk) in enumerate(talks):
        whole = [(f"{group}, whole", talk)]
        parts = ((f"{group}, pieces", piece) for piece in pieces(talk))
        for kind, part in chain(whole, parts, single_voices(talk)):
            if known := evidence(part):
                found.append(Weighed(kind, number, *known))
    return found


def _wrong(true: NDArray[np.int64], found: NDArray[np.int64]) -> float:
    """Share of the windows that the best mapping of voices leaves wrong."""
    from scipy.optimize import linear_sum_assignment

    if not len(true):
        return 0.0
    rows, columns = (np.unique(x, return_inverse=True)[1] for x in (true, found))
    together = np.zeros((rows.max() + 1, columns.max() + 1))
    np.add.at(together, (rows, columns), 1)
    return float(1 - together[linear_sum_assignment(together, maximize=True)].sum() / len(true))


def fit(
    known: Sequence[Weighed],
    first: Counting | None = None,
    times: Mapping[str, float] | None = None,
) -> Counting:
    """The weights with the lowest cost to be expected, together as large as those before.

    ``times`` says how many times a group counts, once if it doesn't.
    """
    from scipy.optimize import minimize

    before = np.array(astuple(first or Counting()))
    scale = np.concatenate([case.evidence for case in known]).std(axis=0) + 1e-6
    standing = before * scale
    sizes = Counter(case.group for case in known)
    worth = {group: (times or {}).get(group, 1.0) for group in sizes}
    whole = sum(worth.values())
    shares = [worth[case.group] / sizes[case.group] / whole for case in known]

    def loss(weights: Doubles) -> tuple[float, Doubles]:
        moved = weights - standing
        value, slope = _NEAR * float(moved @ moved), 2 * _NEAR * moved
        for case, share in zip(known, shares, strict=True):
            x = case.evidence / scale
            odds = x @ weights
            chances = np.exp(odds - odds.max())
            chances /= chances.sum()
            mean = float(chances @ case.costs)
            value += share * mean
            slope += share * (x.T @ (chances * (case.costs - mean)))
        return value, slope

    starts = (np.zeros_like(before), standing)
    found = [minimize(loss, start, jac=True, method="L-BFGS-B") for start in starts]
    best = min(found, key=lambda result: float(result.fun)).x
    # Only their proportions matter here; a bias is weighed against them.
    best *= np.linalg.norm(standing) / (np.linalg.norm(best) or 1.0)
    return Counting(*(best / scale).round(3).tolist())


def crossed(
    known: Sequence[Weighed],
    first: Counting | None = None,
    times: Mapping[str, float] | None = None,
) -> list[int]:
    """The numbers of voices that are found by weights learnt without the conversation."""
    found = [0] * len(known)
    for fold in range(_FOLDS):
        # A fold holds every fourth conversation with all of its pieces.
        learnt = fit([case for case in known if case.conversation % _FOLDS != fold], first, times)
        for n, case in enumerate(known):
            if case.conversation % _FOLDS == fold:
                found[n] = case.chosen(learnt)
    return found


def recorded(folder: Path) -> list[tuple[Path, Annotation]]:
    """The recordings below a folder with the turns beside them, in ``<name>.rttm``.

    Raises
    ------
    InputError
        If there are none, or the turns can't be read.
    """
    found = []
    for turns in sorted(folder.rglob("*.rttm")):
        sound = [p for p in sorted(turns.parent.glob(f"{turns.stem}.*")) if p != turns]
        if sound:
            known = list(rttm.read(turns).values())
            if len(known) != 1:
                raise InputError(f"{turns} has to have the turns of one recording")
            found.append((sound[0], known[0]))
    if not found:
        raise InputError(
            f"there is no recording with its turns in {folder}: give folders of NAME.flac and"
            " NAME.rttm"
        )
    return found


def hear_all(
    folders: Sequence[Path], encoder: Path | None
) -> Iterator[tuple[str, HeardConversation]]:
    """The recordings of each folder, with its name; raises as :func:`recorded` and
    :class:`core.audio.read.AudioReader` do."""
    models = shipped_models()
    ears = (
        load_encoder(encoder, models.encoder.window, models.encoder.hop).encoder
        if encoder
        else OnnxEncoder(models)
    )
    for folder in folders:
        for path, reference in recorded(folder):
            print(f"\r{printable(path.name)}\033[K", end="", file=sys.stderr, flush=True)
            with AudioReader(path) as reader:
                samples = np.concatenate([np.zeros(0, np.float32), *reader])
            # Who speaks after the last turn of the reference is not known.
            end = min(len(samples), max(turn.end for turn in reference.turns) + SAMPLE_RATE)
            talk = Conversation(samples[:end], Annotation.build(reference.turns, end))
            yield folder.name, hear(talk, ears, Segmentation.of(models), SpeechEdges.of(models))


def _folder(text: str) -> tuple[Path, float]:
    name, mark, times = text.rpartition("=")
    return (Path(name), float(times)) if mark and times.isdigit() else (Path(text), 1.0)


def main(argv: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(
        prog="python -m core.training.speakers.counting",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folders", nargs="+", type=_folder, metavar="FOLDER[=TIMES]")
    parser.add_argument("--encoder", type=Path, metavar="FILE", help="in place of the one shipped")
    options = parser.parse_args(argv)
    try:
        known = cases(hear_all([folder for folder, _ in options.folders], options.encoder))
    except VoicelanesError as error:
        print(printable(str(error)), file=sys.stderr)
        return 1
    now = [case.chosen(Counting()) for case in known]
    times = {_SINGLE: _TIMES}
    for folder, count in options.folders:
        times |= {f"{folder.name}, whole": count, f"{folder.name}, pieces": count}
    learnt = crossed(known, times=times)
    print("\r\033[Kcost %: now, learnt from other conversations, the best number every time")
    for group in dict.fromkeys(case.group for case in known):
        own = [n for n, case in enumerate(known) if case.group == group]
        costs = [np.mean([known[n].costs[found[n] - 1] for n in own]) for found in (now, learnt)]
        costs.append(np.mean([known[n].costs.min() for n in own]))
        print(f"{group} ({len(own)}): " + ", ".join(f"{100 * cost:.1f}" for cost in costs))
    for field, value in zip(fields(Counting), astuple(fit(known, times=times)), strict=True):
        print(f"    {field.name}: float = {value:g}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
