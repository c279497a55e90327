"""The cache gives back what was recorded, goes on where it was stopped, and holds nothing else."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from core.audio.read import read_audio
from core.errors import InputError, OutputError
from core.training.data import cache as cache_module
from core.training.data import recordings as recordings_module
from core.training.data.cache import INDEX, Cache
from core.training.data.corpora import Utterance, read_corpus
from core.training.data.silence import trim_silence
from core.units import SAMPLE_RATE
from core.workers.pool import Here


class Stopped(Exception):
    pass


def record(path: Path, seed: int, seconds: float = 0.6, **options: object) -> None:
    rng = np.random.default_rng(seed)
    samples = rng.normal(0, 0.1, round(seconds * SAMPLE_RATE))
    samples[:2000] = 0
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, samples, SAMPLE_RATE, **options)


@pytest.fixture
def voices(tmp_path: Path) -> list[Utterance]:
    for number in range(6):
        record(tmp_path / "voices" / f"s{number % 3}" / f"{number}.wav", number, 0.6 + number / 10)
    return read_corpus("folders", tmp_path / "voices")


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files that were decoded since."""
    names: list[str] = []
    original = recordings_module.read_audio

    def count(path: Path) -> object:
        names.append(path.name)
        return original(path)

    monkeypatch.setattr(recordings_module, "read_audio", count)
    return names


def stop_after(count: int) -> Callable[[int, int], None]:
    def progress(done: int, total: int) -> None:
        if done == count:
            raise Stopped

    return progress


def assert_same(cache: Cache, voices: list[Utterance]) -> None:
    assert list(cache.utterances) == voices
    for index, utterance in enumerate(voices):
        expected = trim_silence(read_audio(utterance.path))
        samples = cache.samples(index)
        assert samples.dtype == np.float32
        assert cache.durations[index] == len(expected)
        np.testing.assert_allclose(samples, expected, atol=1 / 32767)


def test_what_comes_out_is_what_was_recorded(voices: list[Utterance], tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    built = Cache.build(voices, tmp_path / "cache", on_progress=lambda *counts: seen.append(counts))
    assert seen == [(done, 6) for done in range(1, 7)]
    assert built.problems == ()
    for cache in (built, Cache.load(tmp_path / "cache")):
        assert_same(cache, voices)
        assert cache.speakers == ("voices:s0", "voices:s1", "voices:s2")
        assert len(cache) == 6
        assert sorted(i for indices in cache.of_speaker().values() for i in indices) == [*range(6)]
        for speaker, indices in cache.of_speaker().items():
            assert {cache.utterances[index].speaker for index in indices} == {speaker}


def test_crops(voices: list[Utterance], tmp_path: Path) -> None:
    cache = Cache.build(voices, tmp_path / "cache")
    whole = cache.samples(3)
    np.testing.assert_array_equal(cache.crop(3, 100, 800), whole[100:900])
    np.testing.assert_array_equal(cache.crop(3, len(whole), 0), whole[:0])
    for start, length in ((-1, 10), (0, len(whole) + 1), (5, -1)):
        with pytest.raises(ValueError, match="not in an utterance"):
            cache.crop(3, start, length)
    whole[:] = 0  # a copy, and the cache is as it was
    assert cache.samples(3).any()


def test_words_of_a_session_are_one_utterance(tmp_path: Path, read: list[str]) -> None:
    """Seven words of 0.6 s: 2.4 s, and the rest with them; three of another speaker; a sentence."""
    folder = tmp_path / "words"
    for number in range(7):
        record(folder / f"word{number}" / "00000001_nohash_0.wav", number)
    for number in range(3):
        record(folder / f"word{number}" / "00000002_nohash_0.wav", 50 + number)
    record(tmp_path / "voices" / "anna" / "a.wav", 99, 1.0)
    words = read_corpus("speech-commands", folder)
    sentence = read_corpus("folders", tmp_path / "voices")
    cache = Cache.build(words + sentence, tmp_path / "cache")
    assert len(read) == 11
    assert [(u.speaker, u.id) for u in cache.utterances] == [
        ("speech-commands:00000001", "word0/00000001_nohash_0+6"),
        ("speech-commands:00000002", "word0/00000002_nohash_0+2"),
        ("voices:anna", "a.wav"),
    ]
    said = [trim_silence(read_audio(u.path)) for u in words if u.speaker.endswith("1")]
    whole = np.concatenate(said)
    assert cache.durations[0] == len(whole)
    np.testing.assert_allclose(cache.samples(0), whole, atol=1 / 32767)
    # A crop over two words and a half.
    np.testing.assert_array_equal(cache.crop(0, 3000, 20000), cache.samples(0)[3000:23000])
    assert cache.of_speaker()["speech-commands:00000002"] == [1]
    # What was joined is what was kept: nothing is read again.
    read.clear()
    assert Cache.build(words + sentence, tmp_path / "cache").utterances == cache.utterances
    assert Cache.load(tmp_path / "cache").utterances == cache.utterances
    assert not read


def test_a_second_build_decodes_nothing(
    voices: list[Utterance], tmp_path: Path, read: list[str]
) -> None:
    Cache.build(voices, tmp_path / "cache")
    assert len(read) == 6
    files = {p: p.read_bytes() for p in (tmp_path / "cache").iterdir()}
    assert_same(Cache.build(voices, tmp_path / "cache"), voices)
    assert len(read) == 6
    assert {p: p.read_bytes() for p in (tmp_path / "cache").iterdir()} == files


@pytest.mark.parametrize("count", [1, 3, 5])
def test_a_stopped_build_goes_on(
    voices: list[Utterance], tmp_path: Path, read: list[str], count: int
) -> None:
    whole = Cache.build(voices, tmp_path / "whole")
    with pytest.raises(Stopped):
        Cache.build(voices, tmp_path / "cache", on_progress=stop_after(count), pool=Here(1))
    assert len(Cache.load(tmp_path / "cache")) == count
    read.clear()
    assert_same(Cache.build(voices, tmp_path / "cache"), voices)
    assert len(read) == 6 - count
    one, other = (
        (tmp_path / name / "shard-0000.int16").read_bytes() for name in ("whole", "cache")
    )
    assert one == other
    assert whole.speakers == Cache.load(tmp_path / "cache").speakers


def test_a_build_killed_within_a_line_goes_on(voices: list[Utterance], tmp_path: Path) -> None:
    Cache.build(voices[:4], tmp_path / "cache")
    with open(tmp_path / "cache" / "shard-0000.int16", "ab") as shard:
        shard.write(b"\1" * 999)
    with open(tmp_path / "cache" / INDEX, "a") as index:
        index.write('{"path": "half a li')
    assert len(Cache.load(tmp_path / "cache")) == 4
    assert_same(Cache.build(voices, tmp_path / "cache"), voices)
    assert_same(Cache.load(tmp_path / "cache"), voices)


def test_lines_without_their_samples_are_read_again(
    voices: list[Utterance], tmp_path: Path, read: list[str]
) -> None:
    Cache.build(voices, tmp_path / "cache")
    shard = tmp_path / "cache" / "shard-0000.int16"
    os.truncate(shard, shard.stat().st_size - 2)
    read.clear()
    assert len(Cache.load(tmp_path / "cache")) == 5
    assert_same(Cache.build(voices, tmp_path / "cache"), voices)
    assert read == [voices[-1].path.name]


def test_a_changed_file_is_read_again(
    voices: list[Utterance], tmp_path: Path, read: list[str]
) -> None:
    Cache.build(voices, tmp_path / "cache")
    record(voices[2].path, 99, 2.0)
    read.clear()
    assert_same(Cache.build(voices, tmp_path / "cache"), voices)
    assert read == [voices[2].path.name]


def test_the_cache_is_of_the_utterances_asked_for_and_of_no_others(
    voices: list[Utterance], tmp_path: Path
) -> None:
    Cache.build(voices, tmp_path / "cache")
    fewer = [u for u in reversed(voices) if u.speaker != "voices:s1"]
    assert_same(Cache.build(fewer, tmp_path / "cache"), fewer)
    assert Cache.load(tmp_path / "cache").speakers == ("voices:s0", "voices:s2")
    again = Cache.build([*voices, *voices], tmp_path / "cache")
    assert_same(again, voices)


def test_shards(voices: list[Utterance], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache_module, "SHARD", 15000)
    with pytest.raises(Stopped):
        Cache.build(voices, tmp_path / "cache", on_progress=stop_after(4), pool=Here(1))
    assert_same(Cache.build(voices, tmp_path / "cache"), voices)
    assert len(list((tmp_path / "cache").glob("shard-*"))) == 3
    one = Cache.build(voices[:1], tmp_path / "cache")
    assert_same(one, voices[:1])
    assert len(list((tmp_path / "cache").glob("shard-*"))) == 1


def test_what_cannot_be_used_is_told_and_left_out(voices: list[Utterance], tmp_path: Path) -> None:
    folder = tmp_path / "voices" / "s1"
    (folder / "broken.wav").write_bytes(b"not a recording at all")
    soundfile.write(folder / "silent.wav", np.zeros(SAMPLE_RATE), SAMPLE_RATE)
    (folder / "gone.flac").symlink_to("nowhere")
    everything = read_corpus("folders", tmp_path / "voices")
    assert len(everything) == 9
    cache = Cache.build(everything, tmp_path / "cache")
    assert_same(cache, voices)
    assert len(cache.problems) == 3
    assert any("silent.wav: only 0.00 s of it are speech" in line for line in cache.problems)


def test_recordings_beyond_full_scale_are_kept_whole(tmp_path: Path) -> None:
    path = tmp_path / "loud" / "anna" / "a.wav"
    path.parent.mkdir(parents=True)
    samples = np.random.default_rng(0).normal(0, 0.8, SAMPLE_RATE).astype(np.float32)
    soundfile.write(path, samples, SAMPLE_RATE, subtype="FLOAT")
    cache = Cache.build(read_corpus("folders", tmp_path / "loud"), tmp_path / "cache")
    assert np.abs(samples).max() > 2
    np.testing.assert_allclose(cache.samples(0), samples, atol=1e-4)


def test_other_formats_and_rates(tmp_path: Path) -> None:
    times = np.arange(48000) / 48000
    tone = 0.3 * np.sin(2 * np.pi * 440 * times)
    (tmp_path / "mixed" / "anna").mkdir(parents=True)
    for name in ("a.wav", "b.flac", "c.mp3", "d.opus"):
        options = {"format": "OGG", "subtype": "OPUS"} if name == "d.opus" else {}
        soundfile.write(tmp_path / "mixed" / "anna" / name, tone, 48000, **options)
    cache = Cache.build(read_corpus("folders", tmp_path / "mixed"), tmp_path / "cache")
    assert len(cache) == 4
    for index in range(4):
        middle = cache.samples(index)[2000:14000]
        peak = np.abs(np.fft.rfft(middle)).argmax() * SAMPLE_RATE / len(middle)
        assert peak == pytest.approx(440, abs=2)


def test_no_cache_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no cache of speech"):
        Cache.load(tmp_path)
    (tmp_path / INDEX).write_text('{"voicelanes-cache": 0}\n')
    with pytest.raises(InputError, match="no cache of speech"):
        Cache.load(tmp_path)


def test_a_place_that_takes_nothing_is_an_error(voices: list[Utterance], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match="can't write"):
        Cache.build(voices, tmp_path / "file")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_an_error(
    voices: list[Utterance], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Cache.build(voices[:2], tmp_path / "cache")

    class Full(cache_module._Writer):
        def __init__(self, folder: Path, kept: list[object]) -> None:
            super().__init__(folder, kept)  # type: ignore[arg-type]
            self._shard.close()
            self._shard = open("/dev/full", "wb")  # noqa: SIM115

        def __exit__(self, *_: object) -> None:
            self._shard.raw.close()
            self._index.close()

    monkeypatch.setattr(cache_module, "_Writer", Full)
    with pytest.raises(OutputError, match="the disk is full"):
        Cache.build(voices, tmp_path / "cache")
    assert len(Cache.load(tmp_path / "cache")) == 2
