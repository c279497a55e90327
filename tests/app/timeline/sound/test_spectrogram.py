"""The spectrogram is shown in place of the waveform, follows the range, and goes again."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from core.units import SAMPLE_RATE as S


@pytest.fixture
def sounding(opened: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A tone of 800 Hz in the first half, 200 Hz in the second one."""
    at = np.arange(20 * S)
    pitch = np.where(at < 10 * S, 800, 200)
    sound = (np.sin(2 * np.pi * np.cumsum(pitch) / S) * 9000).astype(np.int16)
    monkeypatch.setattr(
        type(opened.player),
        "samples",
        lambda _self, start, count: sound[start : start + count],
        raising=False,
    )
    return opened


def lit(window: Any, seconds: float) -> float:
    """The pitch of the darkest row of the panel at a time, in Hz of 1000."""
    canvas = window.timeline.canvas
    image = canvas.grab().toImage()
    heights = canvas.heights
    x = round(canvas.x(seconds))
    rows = range(round(heights.axis) + 2, round(heights.lanes_top) - 2)
    darkest = min(rows, key=lambda y: image.pixelColor(x, y).lightness())
    return 1000 * (1 - (darkest - heights.axis) / heights.wave)


def made(window: Any) -> bool:
    return window.spectrograms._made is not None and window.spectrograms._task is None


def test_it_shows_the_pitch_of_what_is_in_view(sounding: Any, qtbot: QtBot) -> None:
    sounding.actions_by_id["spectrogram_1000"].trigger()
    canvas = sounding.timeline.canvas
    assert canvas.spectrogram.isVisible()
    assert not canvas.wave.isVisible()
    qtbot.waitUntil(lambda: made(sounding))
    assert lit(sounding, 5) == pytest.approx(800, abs=60)
    assert lit(sounding, 15) == pytest.approx(200, abs=60)
    sounding.timeline.zoom_to(14, 16)
    qtbot.waitUntil(lambda: made(sounding) and sounding.spectrograms._made[0] > 10)
    assert lit(sounding, 15) == pytest.approx(200, abs=60)
    sounding.actions_by_id["spectrogram_0"].trigger()
    assert canvas.wave.isVisible()
    assert not canvas.spectrogram.isVisible()


def test_of_hours_it_says_to_zoom_in(sounding: Any, qtbot: QtBot) -> None:
    sounding.session.set_duration(3600 * S)
    sounding.timeline.set_duration(3600 * S)
    sounding.timeline.fit()
    sounding.actions_by_id["spectrogram_4000"].trigger()
    canvas = sounding.timeline.canvas
    qtbot.waitUntil(lambda: canvas.spectrogram.hint == "Zoom in to see the spectrogram")
    sounding.timeline.zoom_to(0, 20)
    qtbot.waitUntil(lambda: made(sounding) and not canvas.spectrogram.hint)


def test_another_recording_brings_its_own(sounding: Any, qtbot: QtBot) -> None:
    sounding.actions_by_id["spectrogram_8000"].trigger()
    qtbot.waitUntil(lambda: made(sounding))
    sounding.session.close()
    assert sounding.timeline.canvas.spectrogram._picture is None
