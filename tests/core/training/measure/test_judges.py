"""All sets that judge, in one command."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from core.errors import InputError
from core.training.data.corpora import is_for_judging
from core.training.measure.__main__ import main
from core.training.measure.judges import SETS, judge, read_judges, table
from core.units import SAMPLE_RATE

SETS_BY_FOLDER = {judges.folder: judges for judges in SETS}


class Pitches:
    """An "encoder" whose embedding is the pitch of a tone."""

    window = SAMPLE_RATE
    hop = SAMPLE_RATE // 2
    dim = 2

    def embed(self, windows: np.ndarray) -> np.ndarray:
        peaks = np.abs(np.fft.rfft(windows, axis=1)).argmax(axis=1)
        angles = peaks * SAMPLE_RATE / windows.shape[1] / 1000
        return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def say(path: Path, pitch: float, seconds: float) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    times = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    soundfile.write(path, 0.3 * np.sin(2 * np.pi * pitch * times), SAMPLE_RATE)


@pytest.fixture
def everybody(tmp_path: Path) -> Path:
    """Three sets: sentences, words of half a second, and a corpus with a list."""
    folder = tmp_path / "judges"
    for person, pitch in (("a", 300), ("b", 700)):
        for number in range(2):
            say(folder / "4persons" / f"{person}_{number}.wav", pitch + 5 * number, 2.0)
    for number, pitch in enumerate((200, 400, 800)):
        for word in range(9):
            say(folder / "pico" / f"word{word}" / f"0000000{number}_nohash_0.wav", pitch, 0.5)
    for number in range(4):
        for take in range(14):
            path = folder / "speechocean762" / f"SPEAKER000{number}" / f"{take:09}.wav"
            say(path, 250 * (number + 1), 1.0)
    (folder / "speechocean762-heldout.txt").write_text("SPEAKER0001\nSPEAKER0003\n")
    return folder


def test_every_set_is_of_voices_that_nothing_is_learnt_from() -> None:
    for judges in SETS:
        if judges.speakers is None and judges.corpus != "speech-commands":
            assert is_for_judging(f"{judges.corpus}:anyone")
        if isinstance(judges.speakers, frozenset):
            assert all(map(is_for_judging, judges.speakers))


def test_those_of_the_list_and_twelve_utterances_of_each(everybody: Path) -> None:
    found = read_judges(SETS_BY_FOLDER["speechocean762"], everybody)
    assert {u.speaker for u in found} == {f"speechocean762:SPEAKER000{n}" for n in (1, 3)}
    assert len(found) == 24
    # All words count: it is not known yet how many make an utterance.
    assert len(read_judges(SETS_BY_FOLDER["pico"], everybody)) == 27
    (everybody / "speechocean762-heldout.txt").write_text("SPEAKER0999\n")
    with pytest.raises(InputError, match="none of those who judge"):
        read_judges(SETS_BY_FOLDER["speechocean762"], everybody)


def test_words_are_joined_before_they_are_compared(everybody: Path, tmp_path: Path) -> None:
    """Nine words of 0.5 s are two utterances of 2 s and 2.5 s: one alone would give no crop."""
    scores = judge(
        Pitches(), SETS_BY_FOLDER["pico"], everybody, tmp_path / "cache", (1.6, 9.0, None)
    )
    short, long, whole = scores
    assert short is not None
    assert whole is not None
    assert long is None
    assert (short.speakers, short.utterances, short.eer) == (3, 6, 0.0)
    assert whole.eer == 0.0
    printed = table([("words", scores)], (1.6, 9.0, None))
    assert printed.splitlines()[0] == "| EER % | speakers | 1.6 s | 9 s | whole |"
    assert printed.splitlines()[2] == "| words | 3 | 0.0 | – | 0.0 |"


def test_silence_judges_nothing(tmp_path: Path) -> None:
    path = tmp_path / "4persons" / "a_1.wav"
    path.parent.mkdir()
    soundfile.write(path, np.zeros(SAMPLE_RATE), SAMPLE_RATE)
    with pytest.raises(InputError, match="there is no speech"):
        judge(Pitches(), SETS_BY_FOLDER["4persons"], tmp_path, tmp_path / "cache")


def test_the_command_prints_the_table(
    everybody: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cache = tmp_path / "cache"
    words = ["--all", str(everybody), "--seconds", "0.83", "--cache", str(cache)]
    assert main([*words, "--sets", "4persons", "speechocean762", "tedxkr"]) == 0
    printed = capsys.readouterr()
    rows = [line.split(" | ") for line in printed.out.splitlines()]
    assert rows[0] == ["| EER %", "speakers", "0.83 s |"]
    assert [row[:2] for row in rows[2:]] == [
        ["| speechocean762, held out", "2"],
        ["| the seed's four persons", "2"],
    ]
    assert "TEDxKR: not in" in printed.err
    assert sorted(path.name for path in cache.iterdir()) == ["4persons", "speechocean762"]


def test_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in ([], ["--all", "x", "librispeech", "y"], ["--all", "x", "--seconds", "-1"]):
        with pytest.raises(SystemExit):
            main(words)
    assert main(["--all", str(tmp_path)]) == 1
    assert "there is nobody" in capsys.readouterr().err
    assert main(["--all", str(tmp_path), "--encoder", str(tmp_path / "gone.npz")]) == 1
    assert "is missing" in capsys.readouterr().err
