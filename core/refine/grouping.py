"""Telling apart the voices of one recording from the embeddings of its windows.

How alike two embeddings of one voice are depends on room, microphone and language more than on
the voices: on clean speech two strangers are less alike than two moments of one person are in a
noisy room. So nothing here compares a similarity with a fixed number. The recording itself shows
how much a voice varies (:func:`core.refine.space.whitened`). In that space the windows are grouped
once for every number of voices, by one of :mod:`core.refine.methods`. Which number it is,
:class:`Counting` says: how much better more voices describe the windows, and whether they take
turns or alternate at random, as the halves of one voice do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass

import numpy as np

from core.arrays import Array, Doubles, Labels
from core.errors import Cancelled
from core.refine.links import WindowPlaces
from core.refine.methods import INDEPENDENT, Material, Method, in_turns
from core.refine.points import distances, means, nearest, squares
from core.refine.space import unit_length

LEAST = 16
"""With fewer windows (some 9 s of speech) there is one voice unless more are asked for: they prove
too little."""
FEW = 8
"""Windows of a group that is neither small nor large."""
MOST = 10
"""No more voices than this are looked for unless asked for."""
SHORT = 50
"""Windows up to which a recording is short; 30 s of talk have about so many."""
SWING = 0.5
"""How fast the cost of one more voice changes with the bias; at its ends nothing else counts."""
_ROUNDS = 20
_FREE = -1
_TOUCHING = 1e-3
"""Voices nearer to each other than this part of how far their windows are from them are one."""
_NOTHING = 1e-9
"""Variation of directions that is only rounding."""


@dataclass(frozen=True)
class Counting:
    """What speaks for a number of voices, per window; found by
    :mod:`core.training.speakers.counting`."""

    gain: float = 1.058
    """Log likelihood gained over one voice, ..."""
    described: float = -1.469
    """... what describing so many voices costs (half the BIC), ..."""
    clarity: float = 8.794
    """... windows lie closer to their own voice than to the next (0..1), ..."""
    more: float = -0.328
    """... each voice after the first, ..."""
    alone: float = 5.032
    """... that it is only one, ..."""
    changes: float = -5.637
    """... the part of the steps from window to window that change the voice, ..."""
    turns: float = 5.138
    """... how much smaller that is than if the windows were shuffled, ..."""
    short: float = -0.93
    """... each voice after the first where the recording is short: few windows prove little, ..."""
    smallest: float = 0.916
    """... the logarithm of how many windows the smallest group has, against :data:`FEW`, ..."""
    nearest: float = 1.709
    """... that of the squared distance of the two voices nearest to each other, against that of
    windows from their voice: the halves of one voice are never far apart, ..."""
    nearest_short: float = 2.583
    """... and the same where the recording is short."""


@dataclass(frozen=True)
class GroupedVoices:
    """What was found.

    Parameters
    ----------
    labels
        (n,) voice of each window, 0 .. count - 1.
    pulls
        (n, count): squared distance of each window to the mean of each voice, in units in which
        windows of one voice are about as far from their mean as there are dimensions.
    """

    labels: Labels
    pulls: Doubles

    @property
    def count(self) -> int:
        """Number of voices."""
        return self.pulls.shape[1]


class Grouping:
    """Windows prepared for being grouped by voice, again and again in a moment.

    Parameters
    ----------
    embeddings
        (n, dim), in time order, none of them zero.
    places
        Where the windows are, and their local voices.
    anchors
        (n,) for windows whose speaker is known for certain the speaker's number, -1 for the
        others. Windows of one such speaker always end in one voice, those of two never do.
    cancelled
        Asked between the steps; True ends the work with :class:`Cancelled`.
    counting
        How the number is decided.
    method
        How the windows are grouped into a number of voices.
    """

    def __init__(
        self,
        embeddings: Array,
        places: WindowPlaces,
        anchors: Labels | None = None,
        cancelled: Callable[[], bool] | None = None,
        counting: Counting | None = None,
        method: Method = in_turns,
    ) -> None:
        self._cancelled = cancelled
        self._count = len(embeddings)
        self._anchors = np.full(self._count, _FREE) if anchors is None else anchors
        unit = unit_length(np.asarray(embeddings, np.float32))
        self._material = Material(unit, places, self._check)
        self._method = method
        self._partitions: dict[int, Labels] = {}
        self._scores = self._score(counting or Counting())

    def voices(
        self, minimum: int = 1, maximum: int | None = None, bias: float = 0.0
    ) -> GroupedVoices:
        """The windows grouped.

        Parameters
        ----------
        minimum, maximum
            Of the number of voices. With fewer windows than ``minimum`` each is a voice; speakers
            known for certain are never fewer than they are.
        bias
            From -1, as few voices as may be, to 1, many. The number never falls as it rises.
        """
        if not self._count:
            return GroupedVoices(np.zeros(0, np.int64), np.zeros((0, 0)))
        certain = len(np.unique(self._anchors[self._anchors != _FREE]))
        most = len(self._material.landmarks)
        lowest = min(max(minimum, certain), most)
        highest = max(lowest, min(maximum or MOST, most))
        wanted = self._number(lowest, highest, bias)
        # What is known for certain may leave a group without windows: then one more is looked for.
        for groups in range(wanted, min(wanted + certain, most) + 1):
            labels = self._anchored(self._labels(groups))
            if labels.max() + 1 >= wanted:
                break
        return GroupedVoices(labels, distances(self._material.points, labels))

    # the number

    @property
    def most(self) -> int:
        """The largest number that is looked for: no more than windows that stand alone, for as many
        groups as windows leave nothing around them, whoever speaks."""
        return min(MOST, len(self._material.landmarks), int(_independent(self._count)))

    def _score(self, counting: Counting) -> Doubles:
        """For 1, 2, ... voices what speaks for so many."""
        if self._count < LEAST:
            return np.where(np.arange(self.most) == 0, 0.0, -np.inf)
        distinct = np.sort(np.unique(self._material.embeddings, axis=0, return_index=True)[1])
        if len(distinct) < self._count:  # what is heard again proves nothing
            material = self._material
            embeddings = material.embeddings[distinct]
            once = Grouping(
                embeddings,
                material.places.those(distinct),
                None,
                self._cancelled,
                counting,
                self._method,
            )
            return once._scores
        numbers = range(1, self.most + 1)
        self._partition(numbers)
        evidence = np.array([self.evidence(n) for n in numbers])
        return np.asarray(evidence @ np.array(astuple(counting)))

    def evidence(self, groups: int) -> list[float]:
        """What :class:`Counting` weighs, for a number from 1 to :attr:`most`."""
        self._check()
        labels, points = self._labels(groups), self._material.points
        dimensions = points.shape[1]
        around, whole = (
            float(((points - means(points, found)[found]) ** 2).sum()) or 1.0
            for found in (labels, np.zeros_like(labels))
        )
        independent = _independent(self._count)
        after = np.flatnonzero(self._material.places.follows[1:]) + 1
        changes = float(np.mean(labels[after] != labels[after - 1])) if len(after) else 0.0
        shares = np.bincount(labels) / len(labels)
        short = min(1.0, SHORT / self._count) ** 2
        nearest = _nearest(points, labels, around / len(labels)) if groups > 1 else 0.0
        return [
            -0.5 * dimensions * float(np.log(max(around / whole, 1e-9))),
            0.5 * groups * dimensions * float(np.log(independent)) / independent,
            _clarity(self._material.directions, labels),
            groups - 1.0,
            float(groups == 1),
            changes,
            1.0 - float(shares @ shares) - changes if groups > 1 else 0.0,
            (groups - 1.0) * short,
            float(np.log(max(shares.min() * self._count, 1.0) / FEW)) if groups > 1 else 0.0,
            nearest,
            nearest * short,
        ]

    def scores(self, bias: float = 0.0) -> Doubles:
        """What speaks for 1, 2, ... voices, up to :attr:`most`; ``bias`` as for :meth:`voices`."""
        bias = min(max(bias, -1.0), 1.0)
        # A cost per voice that falls with the bias: the best number can only rise with it.
        cost = -SWING * bias / (1.001 - abs(bias))
        return np.asarray(self._scores - cost * np.arange(len(self._scores)))

    def _number(self, lowest: int, highest: int, bias: float) -> int:
        known = self.scores(bias)[lowest - 1 : highest]
        if not len(known):
            return lowest  # more than are looked for: as few more as were asked
        return lowest + int(np.argmax(known))

    # the groups

    def _labels(self, groups: int) -> Labels:
        """Of all windows."""
        if groups not in self._partitions:
            self._partition([groups])
        return self._partitions[groups]

    def _partition(self, numbers: Sequence[int]) -> None:
        """Group the windows into so many voices, for each of these numbers."""
        self._check()
        self._partitions.update(zip(numbers, self._method(self._material, numbers), strict=True))

    def _anchored(self, labels: Labels) -> Labels:
        """The groups that come of it when the anchored windows are where they belong."""
        held = np.flatnonzero(self._anchors != _FREE)
        if not len(held):
            return labels
        from scipy.optimize import linear_sum_assignment

        speakers, owners = np.unique(self._anchors[held], return_inverse=True)
        together = np.zeros((len(speakers), int(labels.max()) + 1))
        np.add.at(together, (owners, labels[held]), 1)
        group = linear_sum_assignment(together, maximize=True)[1][owners]
        labels = labels.copy()
        labels[held] = group
        kept, labels = np.unique(labels, return_inverse=True)
        group = np.searchsorted(kept, group)
        directions = self._material.directions
        for _ in range(_ROUNDS):
            moved = nearest(directions, means(directions, labels))
            moved[held] = group
            if np.array_equal(moved, labels) or len(np.unique(moved)) <= labels.max():
                break
            labels = moved
        return labels

    def _check(self) -> None:
        if self._cancelled and self._cancelled():
            raise Cancelled("stopped; the turns are as they were")


def _independent(count: int) -> float:
    """As how many windows that stand alone so many overlapping ones are."""
    return max(3.0, INDEPENDENT * count)


def _clarity(points: Array, labels: Labels) -> float:
    """Mean simplified silhouette: 1 where windows lie at their own mean; 0 for a single group."""
    if labels.max() == 0:
        return 0.0
    found = squares(points, means(points, labels))
    rows = np.arange(len(points))
    own = found[rows, labels].copy()
    found[rows, labels] = np.inf
    return float(np.mean(1 - np.sqrt((own + _NOTHING) / (found.min(axis=1) + _NOTHING))))


def _nearest(points: Array, labels: Labels, around: float) -> float:
    """Logarithm of the smallest squared distance between two voices, in units of ``around``: the
    mean one of windows from their own voice."""
    centers = means(points, labels)
    apart = squares(centers, centers)
    np.fill_diagonal(apart, np.inf)
    return float(np.log(max(float(apart.min()) / around, _TOUCHING)))
