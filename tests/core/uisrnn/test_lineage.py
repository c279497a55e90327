"""The tree of labels, held against plain lists that are copied for every beam."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.uisrnn.lineage import Lineage


@given(st.data())
def test_lineage_equals_copied_lists(data: st.DataObject) -> None:
    lineage, plain, settled = Lineage(), [[]], 0
    heard: list[int] = []  # by one who replaces what changed
    for _ in range(data.draw(st.integers(1, 25), label="steps")):
        moves = st.tuples(st.integers(0, len(plain) - 1), st.integers(0, 3))
        chosen = data.draw(st.lists(moves, min_size=1, max_size=5, unique=True), label="winners")
        changed = lineage.extend([parent for parent, _ in chosen], [label for _, label in chosen])
        first = lineage.count - len(changed)
        assert heard[first : first + 1] != changed[:1]
        heard[first:] = changed
        plain = [[*plain[parent], label] for parent, label in chosen]
        assert heard == plain[0]

        upto = data.draw(st.integers(settled, len(plain[0])), label="upto")
        agreeing = [rank for rank, past in enumerate(plain) if past[:upto] == plain[0][:upto]]
        assert lineage.agreeing(upto) == agreeing
        if data.draw(st.booleans(), label="keep"):
            lineage.keep(agreeing)
            plain = [plain[rank] for rank in agreeing]

        lineage.settle()
        while settled < len(plain[0]) and len({past[settled] for past in plain}) == 1:
            settled += 1
        assert lineage.settled == settled
    assert lineage.count == len(plain[0])
