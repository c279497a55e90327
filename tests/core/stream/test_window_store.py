"""Windows on the disk: all that went in comes out."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.stream.changes import Window
from core.stream.window_store import WindowStore

FLOATS = st.floats(-1, 1, width=32)


def windows(recognition: st.SearchStrategy[object]) -> st.SearchStrategy[list[Window]]:
    return st.lists(
        st.builds(
            Window,
            start=st.integers(0, 2**40),
            end=st.integers(0, 2**40),
            embedding=arrays(np.float32, 5, elements=FLOATS),
            speech=st.floats(0, 1),
            voice=st.integers(-1, 2**40),
            recognition=recognition,
        ),
        max_size=6,
    )


BY_ONE_ENCODER = st.one_of(
    st.tuples(windows(rows), windows(rows))
    for rows in (st.none(), arrays(np.float16, 3, elements=st.floats(-1, 1, width=16)))
)


@given(both=BY_ONE_ENCODER)
def test_windows_come_back_as_they_were(both: tuple[list[Window], list[Window]]) -> None:
    first, second = both
    with WindowStore() as store:
        store.add(first)
        store.add(second)
        found = store.all()
    assert [(w.start, w.end, w.speech, w.voice) for w in found] == [
        (w.start, w.end, w.speech, w.voice) for w in [*first, *second]
    ]
    for there, here in zip(found, [*first, *second], strict=True):
        np.testing.assert_array_equal(there.embedding, here.embedding)
        assert there.embedding.dtype == np.float32
        np.testing.assert_array_equal(there.voice_print, here.voice_print)
        assert (there.recognition is None) == (here.recognition is None)


@given(
    starts=st.lists(st.integers(0, 100), max_size=20),
    span=st.tuples(st.integers(-5, 120), st.integers(-5, 120)),
)
def test_the_windows_of_a_stretch(starts: list[int], span: tuple[int, int]) -> None:
    every = [Window(s, s + 10, np.full(3, s, np.float32), 1.0) for s in sorted(starts)]
    with WindowStore() as store:
        assert store.between(*span) == ()
        store.add(every[: len(every) // 2])
        found = store.between(*span)
        store.add(every[len(every) // 2 :])  # reading in between loses nothing
        assert [w.start for w in store.all()] == [w.start for w in every]
        whole = store.between(*span)
    inside = [w.start for w in every if span[0] <= w.centre < span[1]]
    assert [w.start for w in whole] == inside
    assert [w.start for w in found] == inside[: len(found)]
