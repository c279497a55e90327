"""Several sound tracks in one file: the default is heard, it is said, another can be chosen."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from core.archive.in_parts import listen
from core.audio.read import AudioReader, read_audio
from core.cli import main
from core.errors import InputError
from core.models.manifest import shipped_models
from core.voices.enrolment import cut
from tests.core.audio.making import sound, write

RATE = 48_000


def film(path: Path, default: int | None, silent: int = 1) -> Path:
    """A Matroska film with three tracks of 1 s; number ``silent`` has nothing in it."""
    with av.open(str(path), "w", format="matroska") as output:
        streams = []
        for number, language in enumerate(("eng", "deu", "fra"), 1):
            stream = output.add_stream("pcm_s16le", rate=RATE, layout="mono")
            stream.metadata["language"] = language
            stream.disposition = 1 if number == default else 0
            streams.append(stream)
        for number, stream in enumerate(streams, 1):
            frames = sound(1.0, RATE, seed=number) * np.float32(number != silent)
            frame = av.AudioFrame.from_ndarray((frames.T * 32767).astype(np.int16), "s16", "mono")
            frame.rate, frame.pts, frame.time_base = RATE, 0, Fraction(1, RATE)
            output.mux(stream.encode(frame))
    return path


def heard(path: Path, track: int | None = None) -> tuple[np.ndarray, AudioReader]:
    with AudioReader(path, track) as reader:
        return np.concatenate(list(reader)), reader


def test_the_default_is_heard_and_the_others_are_named(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mkv", default=2)
    samples, reader = heard(path)
    assert np.array_equal(samples, heard(path, 2)[0])
    assert samples.any()
    assert reader.info.track == 2
    assert [one.language for one in reader.info.tracks] == ["eng", "deu", "fra"]
    (line,) = reader.warnings
    assert "3 sound tracks: 1 (eng, mono), 2 (deu, mono, the default), 3 (fra, mono)" in line
    assert "number 2 is heard" in line


def test_each_can_be_chosen(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mkv", default=2)
    first, reader = heard(path, 1)
    assert not first.any()
    assert reader.warnings == []  # it was asked for
    third = heard(path, 3)[0]
    assert not np.array_equal(third, heard(path, 2)[0])


def test_without_a_default_the_first(tmp_path: Path) -> None:
    samples, reader = heard(film(tmp_path / "a.mkv", default=None, silent=3))
    assert reader.info.track == 1
    assert samples.any()
    assert "number 1 is heard" in reader.warnings[0]


@pytest.mark.parametrize("track", [0, 4, -1])
def test_a_track_that_is_not_there(tmp_path: Path, track: int) -> None:
    with pytest.raises(InputError, match=r"no sound track .*the tracks are 1 \(eng"):
        AudioReader(film(tmp_path / "a.mkv", default=2), track)


def test_there_is_only_one(tmp_path: Path) -> None:
    for name in ("a.wav", "a.flac"):
        path = write(tmp_path / name, sound(1.0, 16_000), 16_000)
        assert np.array_equal(read_audio(path), heard(path, 1)[0])
        assert heard(path)[1].warnings == []
        with pytest.raises(InputError, match="there is only one"):
            AudioReader(path, 2)


def test_the_command_says_it_and_takes_a_number(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = film(tmp_path / "a.mkv", default=2)
    assert main(["diarize", str(path)]) == 0
    assert "number 2 is heard" in capsys.readouterr().err
    assert main(["diarize", str(path), "--track", "3"]) == 0
    assert "is heard" not in capsys.readouterr().err
    assert main(["diarize", str(path), "--track", "9"]) == 1
    assert "there is no sound track 9" in capsys.readouterr().err


@pytest.fixture
def interview(tmp_path: Path, sample: Path) -> Path:
    """A film of 30 s whose first track, the default, is silent."""
    speech = np.round(read_audio(sample)[: 30 * 16_000] * 32767).astype(np.int16)
    path = tmp_path / "in" / "interview.mkv"
    path.parent.mkdir()
    with av.open(str(path), "w", format="matroska") as output:
        streams = [output.add_stream("pcm_s16le", rate=16_000, layout="mono") for _ in range(2)]
        for stream, samples in zip(streams, (np.zeros_like(speech), speech), strict=True):
            frame = av.AudioFrame.from_ndarray(samples[np.newaxis], "s16", "mono")
            frame.rate, frame.pts, frame.time_base = 16_000, 0, Fraction(1, 16_000)
            output.mux(stream.encode(frame))
    return path


def test_a_voice_is_added_from_the_chosen_track(
    interview: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["voices", "add", "Anna", str(interview)]) == 1
    assert main(["voices", "add", "Anna", str(interview), "--track", "2"]) == 0
    capsys.readouterr()
    assert main(["voices", "list"]) == 0
    assert "Anna" in capsys.readouterr().out


@pytest.mark.slow
def test_an_archive_is_heard_from_the_chosen_track(interview: Path, tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="needs the extra [archive]")
    for track, spoken in (("1", False), ("2", True)):
        out = tmp_path / track
        given = ["archive", str(interview.parent), "--out", str(out), "--format", "rttm"]
        assert main([*given, "--workers", "1", "--track", track]) == 0
        (rttm,) = out.rglob("interview.rttm")
        assert ("SPEAKER" in rttm.read_text("utf-8")) == spoken


def test_parts_of_an_archive_and_clips_of_voices_are_of_the_chosen_track(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mkv", default=1)  # which is silent
    heard_of = {}
    for track in (None, 3):
        blocks: list[np.ndarray] = []
        listened = listen(path, shipped_models(), track=track, on_samples=blocks.append)
        heard_of[track] = np.concatenate(blocks)
        assert bool(listened.warnings) == (track is None)
        (clip,) = cut(path, [(1000, 9000)], track)
        assert np.array_equal(clip, heard_of[track][1000:9000])
    assert not heard_of[None].any()
    assert np.array_equal(heard_of[3], heard(path, 3)[0])


@pytest.mark.parametrize("command", ["archive", "watch"])
def test_a_track_of_an_archive_is_a_number(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, str(tmp_path), "--out", str(tmp_path / "r"), "--track", "none"]) == 2
    assert "the number of a sound track" in capsys.readouterr().err
