"""Recognition across meetings, measured."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from numpy.typing import NDArray

from core.errors import InputError
from core.training.measure.recognition import calibration_of, measure

Array = NDArray[np.float32]


class Pitch:
    """An encoder that hears nothing but the spectrum below 4 kHz, coarsely."""

    window, hop, dim = 16_000, 16_000, 64

    def embed(self, windows: Array) -> Array:
        spectrum = np.abs(np.fft.rfft(windows, axis=1))[:, : 64 * 60]
        return np.square(spectrum).reshape(len(windows), 64, 60).sum(axis=2).astype(np.float32)


def tone(frequency: float, seconds: float) -> Array:
    at = np.arange(int(seconds * 16_000)) / 16_000
    return (0.1 * np.sin(2 * np.pi * frequency * at)).astype(np.float32)


def people(count: int, seconds: float = 8) -> dict[str, list[Callable[[], Array]]]:
    return {
        f"p{n}": [partial(tone, 200 + 250 * n + part, seconds) for part in range(7)]
        for n in range(count)
    }


def test_voices_that_differ_are_named_and_it_is_repeatable() -> None:
    found = measure(Pitch(), people(5))
    assert (found.speakers, found.pieces) == (5, 10)
    assert found.eer < 0.05
    assert found.named > 0.9
    assert found.misnamed < 0.05
    assert found.perhaps <= found.sure
    assert found.slope > 0
    assert measure(Pitch(), people(5)) == found
    assert set(calibration_of(found)) == {
        "voice_sure",
        "voice_perhaps",
        "voice_slope",
        "voice_offset",
    }


def test_people_who_say_too_little_are_left_out_and_it_is_said() -> None:
    short = {name: list(said[:3]) for name, said in people(4).items()}
    with pytest.raises(InputError, match="give a corpus of more"):
        measure(Pitch(), short)
