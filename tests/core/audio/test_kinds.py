"""One table of kinds: what may open a file is what folders and dialogs look for."""

from __future__ import annotations

import contextlib
import struct
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile
from av.format import ContainerFormat

from core.audio.kinds import ENDINGS, KINDS, is_recording
from core.audio.read import AudioReader, read_audio
from core.errors import InputError
from tests.core.audio.making import encode, make, sound, write

NOT_SOUND = {"avif", "heic", "heif", "ism", "isma", "ismv", "psp", "mks", "apl", "mac"}
"""Endings that FFmpeg has for the same demuxers: pictures, subtitles, a list of tracks, games."""


@pytest.mark.parametrize("demuxer", KINDS)
def test_every_kind_has_a_demuxer_and_all_its_endings(demuxer: str) -> None:
    known = ContainerFormat(demuxer, "r")
    assert demuxer in known.name.split(",")
    assert set(known.extensions) - NOT_SOUND <= ENDINGS


def test_no_playlist_can_be_opened() -> None:
    assert not {"hls", "concat", "dash", "applehttp", "sdp", "image2"} & set(KINDS)


@pytest.mark.parametrize("name", ["WAV", "AIFF", "AU", "CAF", "FLAC", "MP3", "OGG", "VOC", "W64"])
def test_what_soundfile_calls_its_formats_is_among_them(name: str) -> None:
    assert name in soundfile.available_formats()
    assert name.lower() in ENDINGS


def test_names() -> None:
    assert is_recording("talk.WAV")
    assert is_recording("a.b.m2ts")
    for name in ("._talk.wav", ".talk.wav", "wav", "talk.txt", "talk.", "talk.m3u8"):
        assert not is_recording(name)


def bare(path: Path, codec: str, rate: int) -> Path:
    """Packets of a codec one after the other, without a container."""
    frames = sound(2.0, rate)
    with av.open(str(path), "w", format=codec) as output:
        stream = output.add_stream(codec, rate=rate, layout="mono")
        frame = av.AudioFrame.from_ndarray((frames.T * 32767).astype(np.int16), "s16", "mono")
        frame.rate = rate
        output.mux(stream.encode(frame))
        output.mux(stream.encode())
    return path


@pytest.mark.parametrize("ending", ["g722", "722"])
def test_g722_is_known_by_its_name_only(tmp_path: Path, ending: str) -> None:
    path = bare(tmp_path / f"a.{ending}", "g722", 16_000)
    with AudioReader(path) as reader:
        samples = np.concatenate(list(reader))
        assert reader.warnings == []
    assert abs(len(samples) - 32_000) <= 320
    assert np.std(samples) == pytest.approx(np.std(sound(2.0, 16_000)), rel=0.2)
    with pytest.raises(InputError):
        read_audio(path.rename(tmp_path / "a.dat"))


def test_gsm(tmp_path: Path) -> None:
    """PyAV has no encoder: libsndfile writes the same frames, in pairs, so single ones are made."""
    frame = bytes([0xD0]) + bytes(32)
    path = tmp_path / "a.gsm"
    path.write_bytes(frame * 100)
    assert len(read_audio(path)) == 32_000
    path.write_bytes(b"Dear diary, this is no sound at all.\n" * 300)
    with pytest.raises(InputError, match="not a recording"):
        read_audio(path)


def test_mxf(tmp_path: Path) -> None:
    frames = sound(1.0, 48_000)
    path = tmp_path / "a.mxf"
    with av.open(str(path), "w", format="mxf") as output:
        video = output.add_stream("mpeg2video", rate=25)
        video.width, video.height, video.pix_fmt = 64, 64, "yuv420p"
        stream = output.add_stream("pcm_s16le", rate=48_000, layout="mono")
        for number in range(25):
            image = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), "rgb24")
            image.pts = number
            output.mux(video.encode(image))
        output.mux(video.encode())
        frame = av.AudioFrame.from_ndarray((frames.T * 32768).astype(np.int16), "s16", "mono")
        frame.rate, frame.pts = 48_000, 0
        output.mux(stream.encode(frame))
    assert len(read_audio(path)) == 16_000


# Headers that count too little, chains, and codecs where they aren't expected


@pytest.mark.parametrize("extension", ["wav", "24.wav", "float.wav", "rf64", "au", "aiff"])
def test_more_sound_than_the_header_says(tmp_path: Path, extension: str) -> None:
    path = make(tmp_path, extension, sound(30.0, 16_000, 2), 16_000)
    whole = read_audio(path)
    data = bytearray(path.read_bytes())
    width = {"24.wav": 3, "float.wav": 4}.get(extension, 2) * 2 * 16_000
    if extension == "au":
        data[8:12] = struct.pack(">I", width)
    elif extension == "aiff":
        common, at = data.index(b"COMM"), data.index(b"SSND")
        data[common + 10 : common + 14] = struct.pack(">I", 16_000)
        data[at + 4 : at + 8] = struct.pack(">I", 8 + width)
        data[4:8] = struct.pack(">I", at + 8 + width)
    elif extension == "rf64":
        at = data.index(b"ds64")
        data[at + 16 : at + 24] = struct.pack("<Q", width)
    else:
        at = data.index(b"data")
        data[at + 4 : at + 8] = struct.pack("<I", width)
        data[4:8] = struct.pack("<I", at + width)
    path.write_bytes(data)
    with AudioReader(path) as reader:
        samples = np.concatenate(list(reader))
    assert reader.info.duration in (None, len(whole))
    np.testing.assert_allclose(samples[: len(whole)], whole, atol=1e-6)
    assert len(samples) - len(whole) < 200  # chunks behind the sound
    assert len(reader.warnings) == 1
    assert "counts less than is there" in reader.warnings[0]


@pytest.mark.parametrize(
    "extra", [b"", b"LIST\x1a\0\0\0INFOISFT\x0e\0\0\0Lavf60.16.100\0", b"\0" * 99]
)
def test_chunks_and_padding_behind_the_sound_are_no_sound(tmp_path: Path, extra: bytes) -> None:
    path = write(tmp_path / "a.wav", sound(1.0, 16_000), 16_000)
    path.write_bytes(path.read_bytes() + extra)
    with AudioReader(path) as reader:
        assert sum(map(len, reader)) == 16_000
    assert reader.warnings == []


@pytest.mark.parametrize(("rate", "channels"), [(48_000, 1), (22_050, 1), (44_100, 2), (48_000, 8)])
@pytest.mark.parametrize("second", ["ogg", "opus"])
def test_chained_ogg(tmp_path: Path, rate: int, channels: int, second: str) -> None:
    first = write(tmp_path / "1.ogg", sound(2.0, 48_000), 48_000)
    if second == "opus":
        rate = 48_000
        channels = min(channels, 2)
        options = {"format": "OGG", "subtype": "OPUS"}
        then = write(tmp_path / "2.ogg", sound(3.0, rate, channels, seed=1), rate, **options)
    else:
        then = write(tmp_path / "2.ogg", sound(3.0, rate, channels, seed=1), rate)
    alone = read_audio(then)
    path = tmp_path / "chain.ogg"
    path.write_bytes(first.read_bytes() + then.read_bytes() + first.read_bytes())
    with AudioReader(path) as reader:
        positions = []
        samples = []
        for block in reader:
            samples.append(block)
            positions.append(reader.position or 0.0)
    assert reader.warnings == []
    joined = np.concatenate(samples)
    assert abs(len(joined) - 7 * 16_000) < 1000
    assert positions == sorted(positions)
    product = np.fft.irfft(np.fft.rfft(joined) * np.conj(np.fft.rfft(alone, len(joined))))
    assert abs(int(product.argmax()) - 32_000) < 600
    assert product.max() > 0.8 * np.dot(alone, alone)


def test_a_link_of_a_chain_that_is_damaged(tmp_path: Path) -> None:
    first = write(tmp_path / "1.ogg", sound(2.0, 48_000), 48_000).read_bytes()
    broken = bytearray(first)
    broken[60:3000] = bytes(2940)
    path = tmp_path / "chain.ogg"
    path.write_bytes(first + bytes(broken) + first)
    with AudioReader(path) as reader:
        count = sum(map(len, reader))
    assert abs(count - 64_000) < 1000
    assert any("part 2" in line for line in reader.warnings)


@pytest.mark.parametrize("rate", [8_000, 16_000, 48_000])
def test_alac_in_caf_ends_when_it_ends(tmp_path: Path, rate: int) -> None:
    frames = sound(4.3, rate, 2)
    path = encode(tmp_path / "a.caf", frames, rate, "caf", "alac")
    with AudioReader(path) as reader:
        # FFmpeg trims the end of some of them twice, by less than half a packet
        assert abs(sum(map(len, reader)) - 68_800) < 2048 * 16_000 / rate
    assert reader.warnings == []


def test_mp3_in_a_wav_says_nothing_on_the_terminal(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = encode(tmp_path / "a.wav", sound(2.0, 48_000, 2), 48_000, "wav", "libmp3lame")
    assert abs(len(read_audio(path)) - 32_000) < 1500
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 500] = np.random.default_rng(0).bytes(500)
    path.write_bytes(data)
    with AudioReader(path) as reader:
        assert sum(map(len, reader)) > 24_000
    assert capfd.readouterr() == ("", "")


@pytest.mark.slow
def test_a_transport_stream_with_flipped_bytes(tmp_path: Path) -> None:
    """Damage makes up streams, and PyAV then wants their rest: an IndexError in a few of these."""
    path = encode(tmp_path / "a.ts", sound(4.0, 48_000, 2), 48_000, "mpegts", "mp2")
    valid = path.read_bytes()
    read = 0
    for seed in range(30):
        rng = np.random.default_rng(seed)
        data = bytearray(valid)
        for place in rng.integers(len(data), size=int(rng.choice([20, 100, 400]))):
            data[place] = int(rng.integers(256))
        path.write_bytes(data)
        with contextlib.suppress(InputError):
            read += len(read_audio(path)) > 0
    assert read > 15


@pytest.mark.parametrize("ending", ["wav", "w64"])
def test_samples_of_64_bits(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a.{ending}"
    frames = sound(1.0, 16_000)
    with av.open(str(path), "w") as output:
        stream = output.add_stream("pcm_s64le", rate=16_000, layout="mono")
        widen = av.AudioResampler("s64", "mono", 16_000)
        frame = av.AudioFrame.from_ndarray(frames.T.copy(), "flt", "mono")
        frame.rate, frame.pts = 16_000, 0
        for wide in widen.resample(frame):
            output.mux(stream.encode(wide))
        output.mux(stream.encode(None))
    np.testing.assert_allclose(read_audio(path), frames[:, 0], atol=1e-4)
