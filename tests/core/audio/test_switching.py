"""Another microphone in the same file: its sound in the file's rate and channels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.audio.switching import Adapter
from core.audio.wav import Layout
from tests.core.audio.fake_sound import noise


def through(adapter: Adapter, frames: np.ndarray, block: int) -> np.ndarray:
    parts = [adapter.push(frames[i : i + block]) for i in range(0, len(frames), block)]
    return np.concatenate([*parts, adapter.flush()])


@given(
    rates=st.tuples(*[st.sampled_from([8_000, 16_000, 44_100, 48_000])] * 2),
    channels=st.tuples(st.integers(1, 4), st.integers(1, 4)),
    block=st.integers(1, 3000),
)
def test_length_and_shape_are_those_of_the_file(
    rates: tuple[int, int], channels: tuple[int, int], block: int
) -> None:
    adapter = Adapter(rates[0], channels[0], Layout(rates[1], channels[1]))
    frames = noise(rates[0] // 10, channels[0])
    out = through(adapter, frames, max(block, 100))
    assert out.dtype == np.int16
    assert out.shape[1] == channels[1]
    assert len(out) == pytest.approx(rates[1] / 10, abs=2)
    if rates[0] == rates[1] and channels[0] == channels[1]:
        np.testing.assert_array_equal(out, frames)


def test_a_voice_comes_into_every_channel_and_no_channel_is_forgotten() -> None:
    mono = noise(100)
    np.testing.assert_array_equal(
        Adapter(16_000, 1, Layout(16_000, 3)).push(mono), mono.repeat(3, axis=1)
    )
    loud = np.array([[32767, 32767, 30000], [-32768, -32768, -32768]], np.int16)
    mixed = Adapter(16_000, 3, Layout(16_000, 1)).push(loud)
    assert mixed.tolist() == [[31844], [-32768]]
