"""Calibration of a fitted UIS-RNN: the setting with the lowest DER on conversations.

The dimensions of an embedding are not independent, so the likelihood as fitted is far too sure of
itself and hears new speakers everywhere. A temperature (a factor on sigma2), the prior weight of a
new speaker and the probability of a change are found by trying all settings of a grid on
conversations of people who were not trained on, with the live stream's own turns.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from core.atomic import write_file
from core.errors import InputError
from core.scoring import Score, score, total
from core.training.data.hearing import HeardConversation
from core.training.files.export import Calibration, calibrated, npz_bytes
from core.uisrnn.model import UISRNNModel


@dataclass(frozen=True)
class Grid:
    """The settings that are tried, all with all."""

    sigma2_factors: tuple[float, ...] = (3.0, 4.0, 5.0, 6.0, 8.0, 11.0, 15.0)
    crp_alphas: tuple[float, ...] = (3e-1, 1e-1, 3e-2, 1e-2)
    transition_biases: tuple[float, ...] = (0.05, 0.02)
    """Besides the fitted one."""

    def points(self, fitted: Calibration) -> list[Calibration]:
        """Every setting once, that of the UIS-RNN as it was fitted first."""
        biases = (fitted.transition_bias, *self.transition_biases)
        points = product(self.sigma2_factors, self.crp_alphas, biases)
        return list(dict.fromkeys([fitted, *(Calibration(*point) for point in points)]))


def as_fitted(arrays: Mapping[str, NDArray[Any]]) -> Calibration:
    """The setting that changes nothing."""
    return Calibration(1.0, float(arrays["crp_alpha"]), float(arrays["transition_bias"]))


@dataclass(frozen=True)
class Trial:
    """What one setting gave, over all conversations together."""

    calibration: Calibration
    score: Score
    counts_right: int
    """Conversations in which the number of speakers was right."""

    @property
    def der(self) -> float:
        """Diarization error rate, no collar, overlap scored; 0 where there is no speech."""
        return self.score.der or 0.0


def calibrate(
    fitted: Mapping[str, NDArray[Any]],
    conversations: Sequence[HeardConversation],
    grid: Grid,
    record: Path,
    on_trial: Callable[[int, int, Trial], None] | None = None,
) -> list[Trial]:
    """Try every setting; the best first, of equals the one that comes first in the grid.

    Parameters
    ----------
    fitted
        The arrays of the decoder as it was fitted.
    conversations
        Of speakers who were not trained on.
    record
        A JSON file, written after every trial; what it holds already is not tried again.
    on_trial
        Told the trials that are done, their number, and the last one.

    Raises
    ------
    InputError
        If there is nothing to calibrate on, or the record is no record.
    """
    if not any(heard.reference.turns for heard in conversations):
        raise InputError("there is no conversation with speech to calibrate on")
    points = grid.points(as_fitted(fitted))
    known = {trial.calibration: trial for trial in _read(record)}
    trials: list[Trial] = []
    for point in points:
        if point not in known:
            known[point] = attempt(fitted, conversations, point)
            write_file(record, json.dumps([asdict(t) for t in known.values()], indent=1) + "\n")
        trials.append(known[point])
        if on_trial:
            on_trial(len(trials), len(points), trials[-1])
    return sorted(trials, key=lambda trial: trial.der)


def attempt(
    fitted: Mapping[str, NDArray[Any]],
    conversations: Sequence[HeardConversation],
    point: Calibration,
) -> Trial:
    """The score of one setting, through the very bytes that would be shipped."""
    model = UISRNNModel.from_npz(npz_bytes(calibrated(fitted, point)))
    scores = [
        score(heard.reference, heard.turns(model), region=((0, heard.reference.duration),))
        for heard in conversations
    ]
    return Trial(point, total(scores), sum(s.speakers == s.found for s in scores))


def _read(record: Path) -> list[Trial]:
    if not record.exists():
        return []
    try:
        return [
            Trial(Calibration(**t["calibration"]), Score(**t["score"]), t["counts_right"])
            for t in json.loads(record.read_text("utf-8"))
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{record} is no record of trials: remove it to try again") from error
