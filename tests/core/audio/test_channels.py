"""Any number of channels, in every container that holds so many. A crash would end pytest."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from core.audio.read import AudioReader
from core.errors import InputError
from tests.core.audio.making import Frames, write

RATE = 48_000

BY_SOUNDFILE = {
    "wav": (64, {}),
    "rf64": (64, {"format": "RF64"}),
    "w64": (64, {}),
    "aiff": (64, {}),
    "au": (64, {}),
    "caf": (64, {}),
    "flac": (8, {}),
    "ogg": (64, {}),
}
"""Extension -> most channels that are tried, and how soundfile writes it."""

BY_PYAV = {
    "opus": ("ogg", "libopus", 64),
    "webm": ("webm", "libopus", 64),
    "pcm.mka": ("matroska", "pcm_s16le", 64),
    "mov": ("mov", "pcm_s16le", 64),
    "flac.mka": ("matroska", "flac", 8),
    "wv": ("wv", "wavpack", 8),
    "tta": ("tta", "tta", 16),
    "m4a": ("mp4", "aac", 16),
    "ts": ("mpegts", "aac", 8),
    "alac.m4a": ("ipod", "alac", 8),
}
"""Extension -> container, codec and the most channels that FFmpeg reads and writes there."""

LAYOUTS = {
    1: "mono", 2: "stereo", 3: "3.0", 4: "4.0", 5: "5.0", 6: "5.1", 7: "6.1(back)", 8: "7.1",
    16: "hexadecagonal",
}  # fmt: skip
ALAC = {3: "3.0", 4: "4.0", 5: "5.0", 6: "5.1", 7: "6.1(back)", 8: "7.1(wide)"}


def tones(channels: int) -> Frames:
    """A fifth of a second of one tone, in each channel a little louder; (n, channels)."""
    time = np.arange(RATE // 5) / RATE
    gains = 0.3 * (1 + np.arange(channels)) / channels
    return (np.sin(2 * np.pi * 300 * time)[:, np.newaxis] * gains).astype(np.float32)


def written(path: Path, container: str, codec: str, frames: Frames) -> Path:
    """By PyAV from packed frames: it can't fill more than 7 planes either."""
    channels = frames.shape[1]
    layout = LAYOUTS.get(channels, f"{channels} channels")
    options: dict[str, str] = {}
    if codec == "libopus":
        layout, options = f"{channels} channels", {"mapping_family": "255"}
    elif codec == "alac":
        layout = ALAC.get(channels, layout)
    with av.open(str(path), "w", format=container) as output:
        stream = output.add_stream(codec, rate=RATE, layout=layout, options=options)
        stream.codec_context.open()
        size = stream.codec_context.frame_size or 1024
        convert = av.AudioResampler(stream.format.name, layout, RATE)
        for start in range(0, len(frames), size):
            part = np.ascontiguousarray(frames[start : start + size]).reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(part, "flt", layout)
            frame.rate, frame.pts, frame.time_base = RATE, start, Fraction(1, RATE)
            for converted in convert.resample(frame):
                output.mux(stream.encode(converted))
        output.mux(stream.encode())
    return path


def check(path: Path, frames: Frames) -> None:
    with AudioReader(path) as reader:
        samples = np.concatenate(list(reader))
    assert reader.info.channels == frames.shape[1]
    assert abs(len(samples) - 3200) < 1100
    middle = slice(800, 2400)
    assert np.std(samples[middle]) == pytest.approx(np.std(frames.mean(axis=1)), rel=0.35)  # LFE


def counts(most: int) -> list[int]:
    return [n for n in (*range(1, 18), 24, 31, 32, 33, 48, 63, 64) if n <= most]


@pytest.mark.parametrize("extension", BY_SOUNDFILE)
def test_what_soundfile_writes(tmp_path: Path, extension: str) -> None:
    most, options = BY_SOUNDFILE[extension]
    for channels in counts(most):
        frames = tones(channels)
        check(write(tmp_path / f"{channels}.{extension}", frames, RATE, **options), frames)


@pytest.mark.parametrize("extension", BY_PYAV)
def test_what_ffmpeg_writes(tmp_path: Path, extension: str) -> None:
    container, codec, most = BY_PYAV[extension]
    tried = counts(most)
    if codec == "aac":
        tried = [n for n in tried if n in LAYOUTS]  # it takes no others
    for channels in tried:
        frames = tones(channels)
        check(written(tmp_path / f"{channels}.{extension}", container, codec, frames), frames)


def test_more_channels_than_can_be_taken_apart(tmp_path: Path) -> None:
    path = write(tmp_path / "a.ogg", tones(80), RATE)
    with pytest.raises(InputError, match=r"80 channels of vorbis.*convert it to wav"):
        AudioReader(path)
    check(write(tmp_path / "a.wav", tones(80), RATE), tones(80))


def test_the_channels_are_those_of_the_file(tmp_path: Path) -> None:
    """None is lost or mixed up: only one of eight sounds."""
    for silent_but in range(8):
        frames = np.zeros((RATE // 5, 8), np.float32)
        frames[:, silent_but] = tones(1)[:, 0]
        path = written(tmp_path / f"{silent_but}.wv", "wv", "wavpack", frames)
        with AudioReader(path) as reader:
            samples = np.concatenate(list(reader))
        assert np.std(samples) == pytest.approx(np.std(frames[:, silent_but]), rel=0.05)


def test_channels_that_come_later_in_the_stream(tmp_path: Path) -> None:
    """A chained file: mono, then eight channels, then mono again."""
    path = tmp_path / "chained.ogg"
    parts = [write(tmp_path / f"{n}.ogg", tones(n), RATE).read_bytes() for n in (1, 8, 1)]
    path.write_bytes(b"".join(parts))
    with AudioReader(path) as reader:
        assert sum(map(len, reader)) == pytest.approx(3 * 3200, abs=600)
    path.write_bytes(b"".join([parts[1], parts[0]]))
    with AudioReader(path) as reader:
        assert reader.info.channels == 8
        assert sum(map(len, reader)) == pytest.approx(2 * 3200, abs=600)
