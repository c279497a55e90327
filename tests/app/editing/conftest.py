"""What is edited here: a recording with turns of two, and one in which they speak at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PyQt5.QtWidgets import (
    QApplication,
)

from core.annotation.values import Annotation, Turn
from core.audio.peaks import Peaks
from core.units import SAMPLE_RATE as S


@pytest.fixture
def talk(window: Any, recording: Path) -> Any:
    """Six turns of two seconds by two speakers, in view in full: they start at 0, 3, 6, ..."""
    turns = [Turn(3 * n * S, (3 * n + 2) * S, n % 2) for n in range(6)]
    window.resize(1900, 900)
    window.session.open(recording, Peaks(), 20 * S)
    window.session.load(Annotation.build(turns, 20 * S))
    QApplication.processEvents()
    assert window.timeline.canvas.width() > 800, "a drag of half a second is one"
    return window


@pytest.fixture
def chatter(talk: Any) -> Any:
    """Three speakers: the second cuts in on the first, the third says "mhm" in a turn of 1."""
    turns = [
        *(Turn(0, 4 * S, 0), Turn(3 * S, 6 * S, 1)),
        *(Turn(8 * S, 14 * S, 0), Turn(10 * S, 11 * S, 2), Turn(16 * S, 18 * S, 1)),
    ]
    talk.session.load(Annotation.build(turns, 20 * S))
    QApplication.processEvents()
    return talk
