"""How alike the voices of a meeting sound: a map of its windows, distances between its speakers.

What is prepared depends on the windows alone; each annotation is then laid over it in a moment, so
that map and distances follow every edit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.annotation.values import Annotation, Turn
from core.arrays import Array, Doubles, Labels
from core.errors import Cancelled
from core.runtime import single_blas_thread
from core.similarity.layout import laid_out

if TYPE_CHECKING:
    from core.stream.changes import Window


SHOWN = 6000
"""More points than this nobody can tell apart on a screen."""
_SOME = 1000
"""Windows that are copied at a time: the window's thread gets its turn in between."""
NOBODY = -1
"""The label of a window at whose centre nobody speaks, or several do."""


@dataclass(frozen=True)
class Picture:
    """An annotation seen by its voices.

    Parameters
    ----------
    annotation
        Which one.
    labels
        (n,) id of the speaker of each window, or :data:`NOBODY`.
    shown
        Indices of the windows that are drawn, in time order: all, or :data:`SHOWN` of them with
        every speaker among them.
    distances
        (s, s) between the speakers, in their order; see :meth:`Similarity.distances`.
    """

    annotation: Annotation
    labels: Labels
    shown: Labels
    distances: Doubles


class Similarity:
    """The windows of one recording, prepared.

    Parameters
    ----------
    windows
        As the first pass kept them, in time order; at least one.
    cancelled
        Asked between the steps; True ends the work with :class:`Cancelled`.

    Attributes
    ----------
    places
        (n, 2) where each window is on the map, within -1..1; see :mod:`core.similarity.layout`.
    """

    def __init__(
        self, windows: Sequence[Window], cancelled: Callable[[], bool] = lambda: False
    ) -> None:
        # late: the window starts without the engine
        from core.refine.links import WindowPlaces
        from core.refine.space import unit_length, whitened

        def go_on() -> None:
            if cancelled():
                raise Cancelled("stopped; the map is not ready")

        single_blas_thread()
        self.windows = windows
        self._voices = np.empty((len(windows), len(windows[0].embedding)), np.float32)
        for start in range(0, len(windows), _SOME):
            go_on()
            some = windows[start : start + _SOME]
            self._voices[start : start + _SOME] = [w.embedding for w in some]
        self._voices /= np.maximum(np.linalg.norm(self._voices, axis=1, keepdims=True), 1e-9)
        go_on()
        directions: Array = self._voices
        if len(windows) >= 3:
            found = whitened(self._voices, WindowPlaces.of(windows).follows)
            directions = unit_length(found)
        go_on()
        self.places = laid_out(directions, go_on)

    def picture(self, annotation: Annotation) -> Picture:
        """How this annotation looks."""
        from core.refine.refine import speaker_at

        labels = speaker_at(annotation, self.windows)
        ids = [s.id for s in annotation.speakers]
        return Picture(annotation, labels, thinned(labels), self.distances(labels, ids))

    def distances(self, labels: Labels, speakers: Sequence[int]) -> Doubles:
        """How far the windows of one speaker are from those of another on average, (s, s).

        Root mean square of the Euclidean distances between embeddings of length 1, over all pairs
        of windows: 0 for one and the same, about 1.4 for nothing in common. On the diagonal it is
        how much a voice varies; where the distance of two speakers is hardly larger, they may be
        one. NaN where there are no such pairs.
        """
        count = np.array([np.count_nonzero(labels == s) for s in speakers])
        means: Doubles = np.zeros((len(speakers), self._voices.shape[1]))
        for n, speaker in enumerate(speakers):
            if count[n]:
                means[n] = self._voices[labels == speaker].mean(axis=0, dtype=np.float64)
        alike = means @ means.T
        with np.errstate(divide="ignore", invalid="ignore"):
            within = (count * np.diag(alike) - 1) / (count - 1)  # no window is paired with itself
        alike[np.diag_indices_from(alike)] = np.where(count > 1, within, np.nan)
        alike[count == 0] = alike[:, count == 0] = np.nan
        return np.asarray(np.sqrt(np.maximum(2 - 2 * alike, 0)))

    def parts(self, picture: Picture, chosen: Iterable[int]) -> list[tuple[Turn, int, int]]:
        """The parts of turns that these windows stand for: (turn, start, end), in time order.

        A turn is divided among the windows whose centres lie in it, half-way between them; what is
        before the first goes to the first, what is behind the last to the last. Windows of
        :data:`NOBODY` stand for nothing.
        """
        labels, windows, turns = picture.labels, self.windows, picture.annotation.turns
        starts = np.array([t.start for t in turns], np.int64)
        parts: list[tuple[Turn, int, int]] = []
        for i in sorted(i for i in chosen if labels[i] != NOBODY):
            at = windows[i].centre
            turn = _turn_at(turns, starts, at, int(labels[i]))
            start, end = turn.start, turn.end
            if i > 0 and (before := windows[i - 1].centre) >= start:
                start = (before + at + 1) // 2
            if i + 1 < len(windows) and (after := windows[i + 1].centre) < end:
                end = (at + after + 1) // 2
            if parts and parts[-1][0] is turn and parts[-1][2] == start:
                parts[-1] = (turn, parts[-1][1], end)
            elif start < end:
                parts.append((turn, start, end))
        return parts


def thinned(labels: Labels, most: int = SHOWN) -> Labels:
    """Indices of at most ``most`` of the windows, in order, with a fair share of every label.

    A label with few windows keeps all of them; the others give way.
    """
    found, counts = np.unique(labels, return_counts=True)
    share = most // max(len(found), 1)
    rare = counts <= share
    # What is left when every other label has its share goes to those who have most.
    others = int((~rare).sum())
    left = most - int(counts[rare].sum()) - share * others
    beyond = int(counts[~rare].sum()) - share * others
    kept = []
    for label, count, all_of_it in zip(found, counts, rare, strict=True):
        own = np.flatnonzero(labels == label)
        if not all_of_it:
            more = int(count) - share
            room = max(1, share + min(more, left * more // beyond))
            own = own[np.linspace(0, len(own) - 1, room).round().astype(np.int64)]
        kept.append(own)
    return np.sort(np.concatenate(kept)) if kept else np.zeros(0, np.int64)


def _turn_at(turns: Sequence[Turn], starts: Labels, at: int, speaker: int) -> Turn:
    """The turn of this speaker at a sample; there is one."""
    n = int(np.searchsorted(starts, at, "right")) - 1
    while turns[n].speaker != speaker or turns[n].end <= at:
        n -= 1
    return turns[n]
