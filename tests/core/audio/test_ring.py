"""The ring: what goes in comes out in order, and what finds no room is counted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.audio.ring import Ring

STEPS = st.lists(st.one_of(st.integers(1, 12), st.none()), max_size=40)


@given(capacity=st.integers(1, 20), width=st.integers(1, 4), steps=STEPS)
def test_nothing_is_lost_unseen(capacity: int, width: int, steps: list[int | None]) -> None:
    """Numbers say which frame it was: out comes what went in, with the holes told exactly."""
    ring = Ring(capacity, width)
    given_frames = 0
    expected = 0  # the frame that has to come next
    waiting = 0
    dropped = 0

    def take() -> None:
        nonlocal expected, waiting
        for block in ring.read():
            expected += block.lost
            for start in range(0, len(block.data), width):
                assert block.data[start : start + width] == bytes([expected % 251] * width)
                expected += 1
        waiting = 0

    for step in steps:
        if step is None:
            take()
            continue
        numbers = range(given_frames, given_frames + step)
        ring.write(b"".join(bytes([n % 251] * width) for n in numbers), 0, 1.0)
        given_frames += step
        if waiting + step > capacity:
            dropped += step
        else:
            waiting += step
        assert ring.dropped == dropped
    take()
    ring.write(bytes([given_frames % 251] * width), 0, 2.0)  # tells of a hole before it
    take()
    assert expected == given_frames + 1


def test_losses_of_the_sound_card_and_its_own_add_up() -> None:
    ring = Ring(4, 2)
    ring.write(b"aabb", 3, 1.0)
    ring.write(b"cccccc", 5, 2.0)  # no room
    assert ring.read() == [(3, b"aabb", 1.0)]
    ring.write(b"dd", 1, 3.0)
    assert ring.read() == [(5 + 3 + 1, b"dd", 3.0)]
    assert ring.read() == []
    assert ring.dropped == 3


@pytest.mark.parametrize(("capacity", "width"), [(0, 2), (8, 0)])
def test_a_ring_without_room_is_a_mistake(capacity: int, width: int) -> None:
    with pytest.raises(ValueError, match="room"):
        Ring(capacity, width)
