"""The labels that the beams of a search gave, as a tree.

Beams share most of their past. A segment holds the labels that some beams share and no others;
a beam is a leaf, and its labels are those of the segments from the root to it. Where only one
branch of a fork survives, it grows together with the stem, so n beams need at most 2 n - 1
segments of a few bytes per embedding, however old a difference between two of them is.
"""

from __future__ import annotations

import copy
from array import array
from collections.abc import Sequence


class _Segment:
    """Inner segments have at least two children, whose first labels differ."""

    __slots__ = ("children", "labels", "parent")

    def __init__(self, parent: _Segment | None, labels: Sequence[int]) -> None:
        self.parent = parent
        self.children: list[_Segment] = []
        self.labels = array("i", labels)

    def path(self) -> list[_Segment]:
        """From the root to this segment."""
        segments = [self]
        while segments[-1].parent is not None:
            segments.append(segments[-1].parent)
        segments.reverse()
        return segments

    def end(self) -> None:
        """Leave the tree; a sibling that is alone then takes in the stem."""
        stem = self.parent
        assert stem is not None, "one beam always survives"
        self.parent = None
        stem.children.remove(self)
        if len(stem.children) == 1:
            child = stem.children.pop()
            stem.labels.extend(child.labels)
            child.labels = stem.labels
            child.parent = stem.parent
            if stem.parent is not None:
                stem.parent.children[stem.parent.children.index(stem)] = child


class Lineage:
    """The pasts of all beams, best beam first.

    Attributes
    ----------
    count
        Number of embeddings labelled so far.
    settled
        As :meth:`settle` left it: embeddings with an index below have the same label in
        every beam, so no later one can change it. These labels are no longer here.
    """

    def __init__(self) -> None:
        self.count = 0
        self.settled = 0
        self._tips = [_Segment(None, ())]
        self._settled_speakers = 0  # speakers are numbered as they appear

    def fork(self) -> Lineage:
        """The same pasts, to go on with by themselves."""
        other = copy.copy(self)
        twins: dict[_Segment, _Segment] = {}
        waiting = [self._tips[0].path()[0]]
        while waiting:
            segment = waiting.pop()
            twin = _Segment(twins[segment.parent] if segment.parent else None, segment.labels)
            if twin.parent is not None:
                twin.parent.children.append(twin)
            twins[segment] = twin
            waiting += reversed(segment.children)
        other._tips = [twins[tip] for tip in self._tips]
        return other

    def extend(self, parents: Sequence[int], labels: Sequence[int]) -> list[int]:
        """Beam i continues the former beam ``parents[i]`` with ``labels[i]``; others end.

        Returns the end of the best beam's labels, from where they leave the former best beam's.
        """
        former_best = set(self._tips[0].path())
        changed: list[int] = []
        for segment in self._tips[parents[0]].path():
            if segment not in former_best:
                changed += segment.labels
        changed.append(labels[0])
        former = self._tips
        heirs = [0] * len(former)
        for parent in parents:
            heirs[parent] += 1
        self._tips = []
        for parent, label in zip(parents, labels, strict=True):
            tip = former[parent]
            if heirs[parent] == 1:
                tip.labels.append(label)
            else:
                tip.children.append(_Segment(tip, (label,)))
                tip = tip.children[-1]
            self._tips.append(tip)
        self.count += 1
        for tip, number in zip(former, heirs, strict=True):
            if number == 0:
                tip.end()
        return changed

    def keep(self, ranks: Sequence[int]) -> None:
        """Keep only these beams, in this order: the first of them is the best one now."""
        kept = set(ranks)
        for rank, tip in enumerate(self._tips):
            if rank not in kept:
                tip.end()
        self._tips = [self._tips[rank] for rank in ranks]

    def agreeing(self, upto: int) -> list[int]:
        """The beams with the best one's labels at all indices below `upto`."""
        shared: _Segment | None = None  # on the path of all these beams
        reached = self.settled
        for segment in self._tips[0].path():
            if reached >= upto:
                break
            reached += len(segment.labels)
            shared = segment
        return [
            rank for rank, tip in enumerate(self._tips) if shared is None or shared in tip.path()
        ]

    def open_labels(self) -> tuple[int, list[int]]:
        """The best beam's labels that are not settled, and the index of the first of them."""
        labels: list[int] = []
        for segment in self._tips[0].path():
            labels += segment.labels
        return self.settled, labels

    def opening(self, speaker: int) -> int:
        """The index at which the best beam first heard this speaker; 0 if that is settled."""
        if speaker < self._settled_speakers:
            return 0
        first, labels = self.open_labels()
        return first + labels.index(speaker)

    def settle(self) -> None:
        """Let go of the labels that all beams share."""
        root = self._tips[0].path()[0]
        self._settled_speakers = max([self._settled_speakers, *(s + 1 for s in root.labels)])
        self.settled += len(root.labels)
        del root.labels[:]
