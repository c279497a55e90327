"""The picture is bright where the pitch is, at the moment at which it is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.playback.spectrogram import spectrogram

S = 16_000


def tone(pitch: float, seconds: float = 1.0) -> np.ndarray:
    return (np.sin(2 * np.pi * pitch * np.arange(int(seconds * S)) / S) * 8000).astype(np.int16)


@pytest.mark.parametrize(("pitch", "top"), [(300, 1000), (1000, 4000), (3500, 8000)])
def test_a_tone_is_a_line_at_its_pitch(pitch: float, top: int) -> None:
    picture = spectrogram(tone(pitch), 40, 200, top)
    rows = picture[:, 5:-5].mean(axis=1)
    at = (200 - np.argmax(rows) - 0.5) / 200 * top
    assert at == pytest.approx(pitch, abs=top / 200 + 20)
    assert rows.max() > 240
    assert np.median(rows) < 160


def test_what_changes_changes_where_it_does() -> None:
    picture = spectrogram(np.concatenate([tone(500), tone(2000)]), 100, 160, 4000)
    highest = [(160 - np.argmax(picture[:, n]) - 0.5) / 160 * 4000 for n in (20, 80)]
    assert highest == [pytest.approx(500, abs=60), pytest.approx(2000, abs=60)]


@given(st.integers(0, 3000), st.integers(0, 50), st.integers(0, 30), st.integers(100, 8000))
def test_any_size_of_anything(count: int, columns: int, rows: int, top: int) -> None:
    sound = np.random.default_rng(count).integers(-32768, 32768, count).astype(np.int16)
    picture = spectrogram(sound, columns, rows, top)
    assert picture.shape == (rows, columns)
    assert picture.dtype == np.uint8
    assert not spectrogram(np.zeros(count, np.int16), columns, rows, top).any()
