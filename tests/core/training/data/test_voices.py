"""Voices for conversations come from caches and corpora, and never from those who judge."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from core.errors import InputError
from core.training.data.corpora import Cache, read_corpus
from core.training.data.voices import part, read_voices
from tests.core.training.talking import voice


def write_corpus(folder: Path, speakers: range | list[int]) -> Path:
    """Two utterances of each speaker, named as LibriSpeech names them."""
    for number in speakers:
        for take in range(2):
            path = folder / str(number) / "7" / f"{number}-7-{take:04}.flac"
            path.parent.mkdir(parents=True, exist_ok=True)
            soundfile.write(path, 0.1 * voice(number, 1.0 + take), 16000)
    return folder


def test_corpus_and_cache_together(tmp_path: Path) -> None:
    whole = write_corpus(tmp_path / "whole", range(3))
    again = write_corpus(tmp_path / "again", range(2, 5))  # 2 is in both
    cache = tmp_path / "cache"
    Cache.build(read_corpus("librispeech", again), cache)
    sources = [f"librispeech={whole}", str(cache)]
    steps: list[tuple[str, int, int, str]] = []
    voices, utterances = read_voices(
        sources, tmp_path / "made", on_step=lambda *step: steps.append(step)
    )
    assert steps == [(sources[0], done, 6, "decoded") for done in range(1, 7)]
    assert list(voices) == [f"librispeech:{n}" for n in range(5)]
    assert [len(spoken) for spoken in voices.values()] == [2] * 5
    assert len(utterances) == 10
    for number, spoken in enumerate(voices.values()):
        lengths = sorted(len(load()) for load in spoken)
        assert lengths == [16000, 32000]
        expected = 0.1 * voice(number, 1.0)
        np.testing.assert_allclose(min((load() for load in spoken), key=len), expected, atol=1e-3)


def test_those_who_judge_are_not_heard(tmp_path: Path) -> None:
    judge = 1688  # of LibriSpeech's test-other
    source = f"librispeech={write_corpus(tmp_path / 'corpus', [1, 2, judge])}"
    voices, utterances = read_voices([source], tmp_path, {"librispeech:2"})
    assert list(voices) == ["librispeech:1"]
    assert {u.speaker for u in utterances} == {"librispeech:1"}
    with pytest.raises(InputError, match="no speaker to learn from"):
        read_voices([source], tmp_path, {"librispeech:1", "librispeech:2"})


def test_speech_of_nobody_known_is_not_heard(tmp_path: Path) -> None:
    known, unknown = read_corpus("librispeech", write_corpus(tmp_path / "corpus", [1, 2]))[1:3]
    Cache.build([known, replace(unknown, speaker="")], tmp_path / "cache")
    voices, utterances = read_voices([str(tmp_path / "cache")], tmp_path)
    assert list(voices) == ["librispeech:1"]
    assert [u.path for u in utterances] == [known.path]


def test_part_keeps_speakers_whole(tmp_path: Path) -> None:
    source = f"librispeech={write_corpus(tmp_path / 'corpus', range(10))}"
    voices, utterances = read_voices([source], tmp_path)
    learnt, others = part(voices, utterances, 0.3, seed=4)
    assert (len(learnt), len(others)) == (7, 3)
    assert learnt.keys() | others.keys() == voices.keys()
    assert part(voices, utterances, 0.3, seed=4)[1].keys() == others.keys()
    with pytest.raises(InputError, match="10 speakers are too few"):
        part(voices, utterances, 0.1, seed=4)


def test_what_is_not_there(tmp_path: Path) -> None:
    for source, problem in (
        (str(tmp_path), "no cache"),
        (f"librispeech={tmp_path}/nowhere", "no folder"),
        (f"books={tmp_path}", "no corpus books"),
    ):
        with pytest.raises(InputError, match=problem):
            read_voices([source], tmp_path)
