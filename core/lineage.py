"""The labels that the beams of a search gave, as a tree.

Beams share most of their past. A node holds the label of one embedding and points back to the node
of the embedding before; a beam is the node at its end, its *tip*. As soon as all tips descend from
one node, everything up to it is settled: no later embedding can change those labels, and they
leave the tree. So the tree holds only what is still open, and an embedding costs what it changed.
"""

from __future__ import annotations

from collections.abc import Sequence


class _Node:
    __slots__ = ("children", "index", "label", "parent")

    def __init__(self, parent: _Node | None, label: int, index: int) -> None:
        self.parent = parent
        self.label = label
        self.index = index
        self.children = 0


class Lineage:
    """The pasts of all beams, best beam first.

    Attributes:
        count: number of embeddings labelled so far.
        settled: embeddings with an index below have the same label in every beam, for ever.
        labels: the best beam's labels of embeddings ``settled`` to ``count - 1``.
    """

    def __init__(self) -> None:
        self.count = 0
        self.labels: list[int] = []
        self._root = _Node(None, -1, -1)  # the last settled embedding
        self._tips = [self._root]
        self._path: list[_Node] = []  # from below the root to the best tip

    @property
    def settled(self) -> int:
        return self._root.index + 1

    def extend(self, parents: Sequence[int], labels: Sequence[int]) -> None:
        """Beam i continues the former beam ``parents[i]`` with ``labels[i]``; others end."""
        former = self._tips
        self._tips = []
        for parent, label in zip(parents, labels, strict=True):
            node = former[parent]
            node.children += 1
            self._tips.append(_Node(node, label, self.count))
        self.count += 1
        self._prune(former)
        self._follow_best()

    def keep(self, ranks: Sequence[int]) -> None:
        """Keep only these beams; the best one, 0, has to be among them and first."""
        former = self._tips
        self._tips = [former[rank] for rank in ranks]
        kept = set(ranks)
        self._prune([tip for rank, tip in enumerate(former) if rank not in kept])

    def agreeing(self, upto: int) -> list[int]:
        """The beams that share the best one's past below index ``upto``."""
        if upto <= self.settled:
            return list(range(len(self._tips)))
        node = self._path[upto - 1 - self.settled]
        return [rank for rank, tip in enumerate(self._tips) if _ancestor(tip, upto - 1) is node]

    def settle(self) -> None:
        """Take from the tree all that every beam agrees on."""
        done = 0
        while done < len(self._path) and self._root.children == 1:
            self._root = self._path[done]
            self._root.parent = None
            done += 1
        del self._path[:done]
        del self.labels[:done]

    def _prune(self, ended: list[_Node]) -> None:
        """Take out the branches that these nodes end."""
        for tip in ended:
            node = tip
            while node.children == 0 and node.parent is not None:
                node = node.parent
                node.children -= 1

    def _follow_best(self) -> None:
        """Bring ``labels`` up to the best tip: back to where it leaves the former best path."""
        branch: list[_Node] = []
        node = self._tips[0]
        first = self.settled
        while node is not self._root and (
            node.index - first >= len(self._path) or self._path[node.index - first] is not node
        ):
            branch.append(node)
            assert node.parent is not None
            node = node.parent
        branch.reverse()
        fork = node.index + 1 - first
        self._path[fork:] = branch
        self.labels[fork:] = [node.label for node in branch]


def _ancestor(node: _Node, index: int) -> _Node:
    while node.index > index:
        assert node.parent is not None
        node = node.parent
    return node
