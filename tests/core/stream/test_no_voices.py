"""Sounds in which nobody speaks have no turns, with the models that ship."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from core.pipeline import new_diarizer
from core.stream.diarizer import BLOCK
from tests.core.stream.sounds import SOUNDS, Array

SECONDS = 25


@pytest.mark.parametrize("sound", SOUNDS, ids=lambda sound: sound.__name__)
def test_nobody_speaks(sound: Callable[[int, int], Array]) -> None:
    samples = sound(SECONDS, 0)
    assert np.abs(samples).max() < 1
    diarizer = new_diarizer()
    for start in range(0, len(samples), BLOCK):
        diarizer.push(samples[start : start + BLOCK])
    assert diarizer.finish().turns == ()
    assert not diarizer.speech.stretches
