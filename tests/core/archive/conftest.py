"""Short recordings of real talk, and what a whole archive of them is run with."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from core.audio.read import read_audio
from core.units import SAMPLE_RATE


@pytest.fixture(scope="session")
def talk(sample: Path) -> np.ndarray:
    """The sample conversation, as samples."""
    return read_audio(sample)


@pytest.fixture
def talks(tmp_path: Path, talk: np.ndarray) -> Path:
    """A folder with 20 recordings in two folders; one of them is broken."""
    folder = tmp_path / "talks"
    for number in range(19):
        piece = talk[number * 4 * SAMPLE_RATE :][: 4 * SAMPLE_RATE]
        path = folder / f"day {number % 2}" / f"talk {number}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, piece, SAMPLE_RATE)
    (folder / "broken.mp3").write_bytes(b"no sound at all")
    (folder / "notes.txt").write_text("not a recording")
    return folder
