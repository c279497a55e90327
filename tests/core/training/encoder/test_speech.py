"""What is learnt from, what judges and what has no speaker: prepared from corpora on disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from core.errors import InputError
from core.training.encoder.speech import (
    HELD_OUT,
    NAMELESS,
    NOISE,
    TRAIN,
    open_part,
    prepare_speech,
    teacher_center,
)
from core.units import SAMPLE_RATE


def say(path: Path, seconds: float = 0.6) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    seed = sum(map(ord, str(path)))
    sound = np.random.default_rng(seed).normal(0, 0.1, round(seconds * SAMPLE_RATE))
    soundfile.write(path, sound, SAMPLE_RATE)


def speakers(folder: Path, part: str) -> set[str]:
    speech = open_part(folder, part)
    return set(speech.speakers) if speech else set()


def test_unlabelled_clips_of_a_corpus_and_nobody_who_judges_among_them(tmp_path: Path) -> None:
    """Common Voice: three clips with a client, two without; the folder is given both ways."""
    place = tmp_path / "cv"
    for number in range(5):
        say(place / "clips" / f"common_voice_en_{number}.wav")
    rows = [f"{letter * 128}\tcommon_voice_en_{number}.mp3" for number, letter in enumerate("abc")]
    (place / "validated.tsv").write_text("\n".join(["client_id\tpath", *rows]) + "\n")
    out = tmp_path / "out"
    left_out = {f"common-voice:{'b' * 16}"}
    prepare_speech(
        {"common-voice": [place]}, out, unlabelled=[place], held_out=0.0, left_out=left_out
    )
    assert speakers(out, HELD_OUT) == left_out
    train = open_part(out, TRAIN)
    assert train is not None
    assert set(train.speakers) == {NAMELESS, *(f"common-voice:{c * 16}" for c in "ac")}
    nameless = [u.path.stem for u in train.utterances if u.speaker == NAMELESS]
    assert nameless == ["common_voice_en_3", "common_voice_en_4"]


def test_words_are_prepared_as_utterances(tmp_path: Path) -> None:
    for word in range(8):
        say(tmp_path / "words" / f"word{word}" / "0000000a_nohash_0.wav", 0.5)
        say(tmp_path / "words" / f"word{word}" / "0000000b_nohash_0.wav", 0.5)
    out = tmp_path / "out"
    say(tmp_path / "noise" / "rain.wav")
    prepare_speech(
        {"speech-commands": [tmp_path / "words"]}, out, noise=tmp_path / "noise", held_out=0.5
    )
    for part in (TRAIN, HELD_OUT):
        speech = open_part(out, part)
        assert speech is not None
        assert len(speech.speakers) == 1
        assert speech.durations.tolist() == [2 * SAMPLE_RATE] * 2
    assert speakers(out, NOISE) == {NOISE}


def test_a_folder_without_recordings_is_told(tmp_path: Path) -> None:
    say(tmp_path / "voices" / "anna" / "a.wav")
    say(tmp_path / "voices" / "ben" / "b.wav")
    (tmp_path / "clips").mkdir()
    with pytest.raises(InputError, match="no recording in"):
        prepare_speech(
            {"folders": [tmp_path / "voices"]}, tmp_path / "out", unlabelled=[tmp_path / "clips"]
        )


def test_the_center_of_a_teacher_is_found_once_for_the_same_speech(tmp_path: Path) -> None:
    for number in range(3):
        say(tmp_path / "voices" / f"v{number}" / "a.wav", 1 + number)
    out = tmp_path / "out"
    prepare_speech({"folders": [tmp_path / "voices"]}, out, held_out=0.0)
    train = open_part(out, TRAIN)
    assert train is not None

    class Lengths:
        """A teacher that says how many samples it hears, and how loud they are."""

        name, dim = "lengths", 2
        heard = 0

        def hear(self, crops: np.ndarray) -> np.ndarray:
            self.heard += len(crops)
            return np.array([[crop.size, np.abs(crop).max()] for crop in crops], np.float32)

    teacher = Lengths()
    center = teacher_center(train, out, teacher)
    assert center[0] == 25_600
    assert center[1] > 0.2
    assert teacher.heard == 3
    np.testing.assert_array_equal(teacher_center(train, out, teacher), center)
    assert teacher.heard == 3

    say(tmp_path / "voices" / "v3" / "a.wav")
    prepare_speech({"folders": [tmp_path / "voices"]}, out, held_out=0.0)
    more = open_part(out, TRAIN)
    assert more is not None
    teacher_center(more, out, teacher)
    assert teacher.heard == 7
