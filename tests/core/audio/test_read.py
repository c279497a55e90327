"""Every format and rate comes out as 16 kHz mono, in time, whatever the decoder's block sizes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr
from hypothesis import given
from hypothesis import strategies as st

from core.audio import read
from core.audio.read import AudioReader, read_audio
from core.audio.source import Block
from tests.core.audio.making import LOSSLESS, PYAV, SOUNDFILE, encode, make, sound, write


def lag(samples: np.ndarray, reference: np.ndarray) -> int:
    """Samples by which ``samples`` is late."""
    count = min(len(samples), len(reference))
    size = 2 * count
    product = np.fft.rfft(samples[:count], size) * np.conj(np.fft.rfft(reference[:count], size))
    peak = int(np.argmax(np.fft.irfft(product, size)))
    return peak if peak < count else peak - size


@pytest.mark.parametrize("extension", [*SOUNDFILE, *PYAV])
def test_every_format_gives_its_sound_in_time(tmp_path: Path, extension: str) -> None:
    rate = 48_000
    frames = sound(1.5, rate, channels=2)
    expected = soxr.resample(frames.mean(axis=1), rate, 16_000, quality="HQ")
    with AudioReader(make(tmp_path, extension, frames, rate)) as reader:
        assert (reader.info.sample_rate, reader.info.channels) == (rate, 2)
        assert reader.info.duration is not None
        samples = np.concatenate(list(reader))
        assert reader.warnings == []
        assert reader.position == 1.0
    assert samples.dtype == np.float32
    if extension in LOSSLESS:
        assert len(samples) == 24_000
        np.testing.assert_allclose(samples, expected, atol=1e-5)
    else:
        # a codec may add its own frame at an end; raw AAC has no way to say how much it added
        assert abs(len(samples) - 24_000) < 1500
        assert abs(lag(samples, expected)) <= (16 if extension != "aac" else 400)
    assert abs(reader.info.duration - len(samples)) < 1500


@pytest.mark.parametrize("rate", [8_000, 11_025, 22_050, 32_000, 44_100, 96_000, 192_000])
@pytest.mark.parametrize("seconds", [0.1, 1.2345])
def test_every_rate_keeps_sound_and_length(tmp_path: Path, rate: int, seconds: float) -> None:
    frames = sound(seconds, rate)
    samples = read_audio(write(tmp_path / "a.wav", frames, rate))
    expected = soxr.resample(frames[:, 0], rate, 16_000, quality="HQ")
    assert len(samples) == round(len(frames) * 16_000 / rate)
    count = min(len(samples), len(expected))
    np.testing.assert_allclose(samples[:count], expected[:count], atol=1e-6)


@pytest.mark.parametrize("count", [1, 2, 3, 160, 15_999, 16_001])
@pytest.mark.parametrize("rate", [8_000, 16_000, 44_100, 192_000])
def test_short_recordings_have_the_right_length(tmp_path: Path, count: int, rate: int) -> None:
    samples = read_audio(write(tmp_path / "a.wav", sound(1.01, 16_000)[:count], rate))
    assert len(samples) == round(count * 16_000 / rate)
    assert np.isfinite(samples).all()


@pytest.mark.parametrize("extension", ["wav", "flac", "aiff"])
def test_16_khz_mono_passes_bit_for_bit(tmp_path: Path, extension: str) -> None:
    frames = sound(2.7, 16_000)
    assert np.array_equal(read_audio(make(tmp_path, extension, frames, 16_000)), frames[:, 0])


def test_float_overshoot_is_kept(tmp_path: Path) -> None:
    frames = sound(0.2, 16_000) * np.float32(6)
    assert frames.max() > 1
    path = write(tmp_path / "a.wav", frames, 16_000, subtype="FLOAT")
    assert np.array_equal(read_audio(path), frames[:, 0])


def test_8_channels_at_192_khz(tmp_path: Path) -> None:
    frames = sound(1.3, 192_000, channels=8)
    with AudioReader(write(tmp_path / "a.wav", frames, 192_000)) as reader:
        blocks = list(reader)
    assert reader.info.channels == 8
    expected = soxr.resample(frames.mean(axis=1), 192_000, 16_000, quality="HQ")
    np.testing.assert_allclose(np.concatenate(blocks), expected, atol=1e-5)


def test_surround_sound_of_a_film(tmp_path: Path) -> None:
    frames = sound(0.5, 48_000, channels=6)
    path = encode(tmp_path / "a.mkv", frames, 48_000, "matroska", "flac", layout="5.1")
    with AudioReader(path) as reader:
        samples = np.concatenate(list(reader))
    assert reader.info.channels == 6
    assert np.std(samples) == pytest.approx(np.std(frames), rel=0.02)


def test_blocks_are_short_and_position_rises(tmp_path: Path) -> None:
    path = write(tmp_path / "a.flac", sound(5.5, 44_100), 44_100)
    with AudioReader(path) as reader:
        positions = [reader.position]
        for block in reader.blocks():
            assert block.dtype == np.float32
            assert 0 < len(block) <= 16_000
            positions.append(reader.position)
    assert positions == sorted(positions)
    assert positions[0] == 0
    assert len(set(positions)) >= 6
    assert reader.position == 1


def test_position_without_a_length(tmp_path: Path) -> None:
    """A FLAC that came through a pipe counts no samples: the place in the file tells."""
    path = write(tmp_path / "a.flac", sound(4.0, 44_100), 44_100)
    data = bytearray(path.read_bytes())
    data[21] &= 0xF0  # STREAMINFO: 36 bits of total samples
    data[22:26] = bytes(4)
    path.write_bytes(data)
    with AudioReader(path) as reader:
        positions = []
        for _ in reader:
            assert reader.position is not None
            positions.append(reader.position)
    assert all(0 <= position <= 1 for position in positions)
    assert positions == sorted(positions)


class _Cut:
    """A source that hands out given frames, cut as told."""

    format, promised, slack = "test", True, 0
    tracks, track = (), 1

    def __init__(self, frames: Block, rate: int, cuts: list[int]) -> None:
        self._frames, self._cuts = frames, cuts
        self.sample_rate, self.channels, self.frames = rate, frames.shape[1], len(frames)
        self.warnings: list[str] = []

    def blocks(self) -> Iterator[Block]:
        at = 0
        while at < len(self._frames):
            step = self._cuts.pop() if self._cuts else 5000
            yield self._frames[at : at + step]
            at += step

    def fraction(self) -> float | None:
        return None

    def close(self) -> None:
        pass


FRAMES = {(rate, n): sound(2.3, rate, n) for rate in (16_000, 22_050) for n in (1, 2)}


@pytest.mark.slow
@given(
    cuts=st.lists(st.integers(1, 30_000), max_size=12),
    rate=st.sampled_from([16_000, 22_050]),
    channels=st.sampled_from([1, 2]),
)
def test_result_does_not_depend_on_the_decoders_blocks(
    cuts: list[int], rate: int, channels: int
) -> None:
    frames = FRAMES[rate, channels]

    def through(cuts: list[int]) -> np.ndarray:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(read, "open_source", lambda *_: _Cut(frames, rate, cuts))
            return read_audio("any")

    assert np.array_equal(through(cuts), through([]))


def test_a_dead_channel_does_not_lower_the_level(tmp_path: Path) -> None:
    frames = np.zeros((32_000, 8), np.float32)
    frames[:, 5] = sound(2.0, 16_000)[:, 0]
    with AudioReader(write(tmp_path / "a.wav", frames, 16_000)) as reader:
        samples = np.concatenate(list(reader))
    assert np.array_equal(samples, frames[:, 5])
    assert reader.warnings == []


def test_channels_are_averaged_from_where_they_begin_to_sound(tmp_path: Path) -> None:
    frames = np.zeros((48_000, 2), np.float32)
    frames[:, 0] = sound(3.0, 16_000)[:, 0]
    frames[20_000:30_000, 1] = sound(3.0, 16_000, seed=1)[20_000:30_000, 0]
    samples = read_audio(write(tmp_path / "a.wav", frames, 16_000))
    assert np.array_equal(samples[:20_000], frames[:20_000, 0])
    np.testing.assert_allclose(samples[20_000:], frames[20_000:].mean(axis=1), atol=1e-7)


def test_reversed_polarity_does_not_silence_a_recording(tmp_path: Path) -> None:
    voice = sound(2.0, 16_000)[:, 0]
    frames = np.stack([voice, -voice * np.float32(0.99)], axis=1)
    with AudioReader(write(tmp_path / "a.wav", frames, 16_000)) as reader:
        samples = np.concatenate(list(reader))
    np.testing.assert_allclose(samples, voice * np.float32(0.995), atol=2e-5)
    assert len(reader.warnings) == 1
    assert "polarity" in reader.warnings[0]


@pytest.mark.parametrize("channels", [2, 64])
def test_unrelated_channels_are_not_taken_for_reversed_ones(tmp_path: Path, channels: int) -> None:
    noise = np.random.default_rng(0).standard_normal((16_000, channels)) * 0.1
    path = write(tmp_path / "a.wav", noise.astype(np.float32), 16_000, subtype="FLOAT")
    with AudioReader(path) as reader:
        samples = np.concatenate(list(reader))
    np.testing.assert_allclose(samples, noise.mean(axis=1), atol=1e-6)
    assert reader.warnings == []


def test_a_pause_without_packets_keeps_the_rest_in_time(tmp_path: Path) -> None:
    """A muted microphone in a browser's recording sends nothing for a while."""
    frames = sound(3.0, 48_000, channels=2)
    path = encode(tmp_path / "a.webm", frames, 48_000, "webm", "libopus", silent=(1.0, 2.0))
    with AudioReader(path) as reader:
        samples = np.concatenate(list(reader))
    expected = soxr.resample(frames.mean(axis=1), 48_000, 16_000, quality="HQ")
    assert not samples[17_000:31_000].any()
    assert abs(lag(samples[33_000:], expected[33_000:])) <= 160
    assert len(reader.warnings) == 1
    assert "silent there" in reader.warnings[0]


@pytest.mark.parametrize(
    ("real", "name"),
    [
        ("mp3", "talk.wav"),
        ("wav", "talk.mp3"),
        ("flac", "talk"),
        ("wav", "talk.raw"),
        ("m4a", "talk.opus"),
        ("opus", "Gespräch 你好.flac"),
        ("wav", "http:a:b.wav"),
    ],
)
def test_the_content_decides_not_the_name(tmp_path: Path, real: str, name: str) -> None:
    path = make(tmp_path, real, sound(0.5, 48_000), 48_000).rename(tmp_path / name)
    assert abs(len(read_audio(path)) - 8000) < 1500


def test_sample_conversation(sample: Path) -> None:
    if not sample.is_file():
        pytest.skip("the sample conversation isn't there")
    with AudioReader(sample) as reader:
        count = sum(map(len, reader))
        assert reader.warnings == []
    assert 60 * 16_000 <= count <= 90 * 16_000


_MEMORY = """
import resource, sys
from core.audio.read import AudioReader
with AudioReader(sys.argv[1]) as reader:
    count = sum(len(block) for block in reader)
print(count, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="peak memory is read by the resource module")
def test_memory_does_not_grow_with_the_recording(tmp_path: Path) -> None:
    """15 min of 48 kHz stereo would be 345 MB as float32; 10 s of it take as much memory."""
    path = write(tmp_path / "a.wav", sound(1.0, 48_000, channels=2), 48_000)
    with path.open("rb") as file:
        head = bytearray(file.read(44))
    assert head[36:40] == b"data"

    def peak(seconds: int) -> int:
        size = seconds * 48_000 * 4
        head[4:8], head[40:44] = (size + 36).to_bytes(4, "little"), size.to_bytes(4, "little")
        with path.open("r+b") as file:
            file.write(head)
            file.truncate(44 + size)  # sparse: silence that takes no room on the disk
        done = subprocess.run(
            [sys.executable, "-c", _MEMORY, str(path)], check=True, capture_output=True, text=True
        )
        count, kilobytes = map(int, done.stdout.split())
        assert count == seconds * 16_000
        return kilobytes // (1024 if sys.platform == "darwin" else 1)

    assert peak(900) - peak(10) < 20_000


def test_soundfile_and_pyav_agree(tmp_path: Path) -> None:
    """FLAC goes through PyAV; libsndfile is the reference for its values."""
    path = write(tmp_path / "a.flac", sound(1.0, 16_000), 16_000, subtype="PCM_24")
    assert np.array_equal(read_audio(path), soundfile.read(path, dtype="float32")[0])
