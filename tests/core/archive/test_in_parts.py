"""A recording in parts gives what the whole one gives, to the last bit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from core.archive import in_parts
from core.audio.read import read_audio
from core.errors import Cancelled
from core.models.folders import current_models
from core.pipeline import Result, SpeakerCount, diarize_file

MODELS = current_models()


def exact(result: Result) -> tuple[object, ...]:
    windows = [
        (w.start, w.end, w.speech, w.voice, w.embedding.tobytes(), w.voice_print.tobytes())
        for w in result.windows
    ]
    return result.annotation, result.first_pass, result.speech, result.warnings, windows


@pytest.fixture(scope="module")
def talk(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Half a minute with another rate, a pause without windows, and something to warn of."""
    samples = read_audio(sample)[: 30 * 16000].copy()
    samples[10 * 16000 : 17 * 16000] = 0
    samples[1000] = np.nan
    path = tmp_path_factory.mktemp("parts") / "talk.wav"
    soundfile.write(path, samples, 22050, subtype="FLOAT")
    return path


@pytest.mark.parametrize("parts", [1, 3, 50])
def test_any_number_of_parts_gives_the_same(talk: Path, parts: int) -> None:
    listened = in_parts.listen(talk, MODELS)
    embeddings = [in_parts.embed(talk, MODELS, listened.part(n, parts)) for n in range(parts)]
    speakers = SpeakerCount(2, 3)
    result = in_parts.conclude(MODELS, listened, embeddings, speakers=speakers)
    whole = diarize_file(talk, models=MODELS, speakers=speakers)
    assert exact(result) == exact(whole)
    assert len(whole.windows) > 10
    assert len(whole.windows[0].voice_print) > len(whole.windows[0].embedding)
    assert whole.warnings
    assert len({turn.speaker for turn in whole.annotation.turns}) > 1


def test_silence_has_no_parts(tmp_path: Path) -> None:
    path = tmp_path / "silence.wav"
    soundfile.write(path, np.zeros(40_000), 16000)
    listened = in_parts.listen(path, MODELS)
    embeddings = [in_parts.embed(path, MODELS, listened.part(n, 2)) for n in range(2)]
    whole = diarize_file(path, models=MODELS)
    assert exact(in_parts.conclude(MODELS, listened, embeddings)) == exact(whole)


def test_it_can_be_stopped(talk: Path) -> None:
    listened = in_parts.listen(talk, MODELS)
    with pytest.raises(Cancelled):
        in_parts.listen(talk, MODELS, cancelled=lambda: True)
    with pytest.raises(Cancelled):
        in_parts.embed(talk, MODELS, listened.wanted, cancelled=lambda: True)
