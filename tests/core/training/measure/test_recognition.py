"""Recognition across meetings, measured."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from numpy.typing import NDArray

from core.errors import InputError
from core.training.measure.recognition import Compared, calibration_of, compared, judged

Array = NDArray[np.float32]


class Pitch:
    """An encoder that hears nothing but the spectrum below 4 kHz, coarsely. It tells the decoder
    nothing: that stands behind, for recognition."""

    window, hop, dim = 16_000, 16_000, 2

    def embed(self, windows: Array) -> Array:
        spectrum = np.abs(np.fft.rfft(windows, axis=1))[:, : 64 * 60]
        power = np.square(spectrum).reshape(len(windows), 64, 60).sum(axis=2).astype(np.float32)
        return np.concatenate([np.ones((len(windows), 2), np.float32), power], axis=1)


def tone(frequency: float, seconds: float) -> Array:
    at = np.arange(int(seconds * 16_000)) / 16_000
    return (0.1 * np.sin(2 * np.pi * frequency * at)).astype(np.float32)


def people(count: int, seconds: float = 8) -> dict[str, list[Callable[[], Array]]]:
    return {
        f"p{n}": [partial(tone, 200 + 250 * n + part, seconds) for part in range(7)]
        for n in range(count)
    }


def test_voices_that_differ_are_named_and_it_is_repeatable() -> None:
    both = compared(Pitch(), people(5))
    found = judged([both])
    assert (found.speakers, found.pieces) == (5, 20)  # twice two pieces of each
    assert both.others.shape == (20, 4)
    assert found.eer < 0.05
    assert found.named > 0.9
    assert found.misnamed < 0.05
    assert found.perhaps <= found.sure
    assert found.slope > 0
    assert judged([compared(Pitch(), people(5))]) == found
    assert set(calibration_of(found)) == {
        "voice_sure",
        "voice_perhaps",
        "voice_slope",
        "voice_offset",
    }


def test_every_set_weighs_the_same_whatever_its_size() -> None:
    """Where strangers of one set are as alike as known people, the limit lies between the sets'."""
    apart = Compared(3, np.full(10, 0.9), np.full((10, 2), 0.1))
    alike = Compared(40, np.full(1000, 0.9), np.full((1000, 39), 0.8))
    assert judged([apart]).sure == pytest.approx(0.1)
    both = judged([apart, alike])
    assert both.sure == pytest.approx(0.8)
    assert (both.speakers, both.pieces) == (43, 1010)
    # Half of the strangers are of either set, though one has a hundred times the pieces.
    half = judged(
        [apart, Compared(40, alike.own, np.where(np.arange(39) < 1, 0.8, 0.1) + 0 * alike.others)]
    )
    assert half.perhaps == pytest.approx(0.8)
    assert judged([apart] * 19 + [alike]).perhaps == pytest.approx(0.1)


def test_people_who_say_too_little_are_left_out_and_it_is_said() -> None:
    short = {name: list(said[:3]) for name, said in people(4).items()}
    with pytest.raises(InputError, match="give a corpus of more"):
        compared(Pitch(), short)
