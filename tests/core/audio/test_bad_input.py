"""Bad recordings: one clear line for what can't be read, warnings for what can be read in part."""

from __future__ import annotations

import os
import struct
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

from core.audio import libav
from core.audio.read import AudioReader, read_audio
from core.errors import InputError
from tests.core.audio.making import PYAV, SOUNDFILE, make, sound, write


def refusal(path: Path) -> str:
    """The one line with which a recording is refused."""
    with pytest.raises(InputError) as caught:
        read_audio(path)
    line = str(caught.value)
    assert "\n" not in line
    assert path.name in line
    assert len(line) < 250 + len(str(path))
    return line


def reading(path: Path) -> tuple[np.ndarray, str]:
    """Samples and warnings of a recording that can be read."""
    with AudioReader(path) as reader:
        samples = np.concatenate([*reader, np.zeros(0, np.float32)])
    assert all("\n" not in line for line in reader.warnings)
    assert np.isfinite(samples).all()
    return samples, " | ".join(reader.warnings)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.wav", b"", "is empty"),
        ("text.wav", b"Dear diary, this is no sound at all.\n" * 300, "not a recording"),
        ("letter.pdf", b"%PDF-1.4\n" + bytes(range(256)) * 20, "not a recording"),
        ("photo.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(5000), "not a recording"),
        ("head.wav", b"RIFF", "not a recording"),
        ("zeros.mp3", bytes(100_000), "not a recording"),
        ("noise.m4a", np.random.default_rng(0).bytes(300_000), "not a recording"),
        ("damaged.mp3", b"\xff\xfb\x90\x00" * 20_000, "not a recording"),
        ("radio.m3u8", b"#EXTM3U\n#EXTINF:9,\nhttps://localhost/a.ts\n", "not a recording"),
        ("list.ffconcat", b"ffconcat version 1.0\nfile /etc/hostname\n", "not a recording"),
    ],
)
def test_what_is_no_recording(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert said in refusal(path)


def test_a_picture_file(tmp_path: Path) -> None:
    path = tmp_path / "a.gif"
    path.write_bytes(b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\1\0\1\0\0\2\2D\1\0;")
    assert "not a recording" in refusal(path)


def test_folder_missing_file_and_pipe(tmp_path: Path) -> None:
    assert "is a folder" in refusal(tmp_path)
    assert "no such file" in refusal(tmp_path / "talk.wav")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        assert "not a file" in refusal(tmp_path / "pipe")


def test_name_that_no_system_allows() -> None:
    with pytest.raises(InputError, match="can't be read"):
        read_audio("a\0b.wav")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (PermissionError(13, "Permission denied"), "no permission"),
        (OSError(5, "Input/output error"), "Input/output error"),
    ],
)
def test_no_permission_and_a_failing_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, said: str
) -> None:
    """The tests may run as root, whom permissions don't stop: the system's answer is acted."""
    path = write(tmp_path / "a.wav", sound(0.1, 16_000), 16_000)

    def refuse(self: Path, *args: object, **kwargs: object) -> None:
        raise error

    monkeypatch.setattr(Path, "open", refuse)
    assert said in refusal(path)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
def test_no_permission_for_real(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", sound(0.1, 16_000), 16_000)
    path.chmod(0)
    assert "no permission" in refusal(path)


@pytest.mark.parametrize("extension", ["wav", "aiff", "w64", "au", "ogg"])
def test_a_recording_of_0_samples(tmp_path: Path, extension: str) -> None:
    path = make(tmp_path, extension, np.zeros((0, 1), np.float32), 16_000)
    assert "no samples" in refusal(path)


def test_0_samples_but_a_title(tmp_path: Path) -> None:
    """The chunk behind the empty samples isn't taken for sound."""
    path = write(tmp_path / "a.wav", np.zeros((0, 1), np.float32), 16_000)
    title = b"LIST" + struct.pack("<I", 16) + b"INFOINAM\4\0\0\0Talk"
    data = path.read_bytes() + title
    path.write_bytes(data[:4] + struct.pack("<I", len(data) - 8) + data[8:])
    assert "no samples" in refusal(path)


def test_a_film_without_sound(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    with av.open(str(path), "w") as output:
        video = output.add_stream("mpeg4", rate=10)
        video.width, video.height, video.pix_fmt = 64, 64, "yuv420p"
        output.mux(video.encode(av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), "u1"), "rgb24")))
        output.mux(video.encode())
    assert "no sound in it" in refusal(path)


def wav(path: Path, *, rate: int = 16_000, channels: int = 1, size: int | None = None) -> Path:
    """Half a second of 16-bit WAV with a header as told."""
    data = (sound(0.5, 16_000) * 32768).astype("<i2").tobytes()
    size = len(data) if size is None else size
    layout = struct.pack(
        "<HHIIHH", 1, channels, rate, rate * channels * 2 & 0xFFFFFFFF, channels * 2 & 0xFFFF, 16
    )
    head = b"RIFF" + struct.pack("<I", min(size + 36, 0xFFFFFFFF)) + b"WAVEfmt \x10\0\0\0" + layout
    path.write_bytes(head + b"data" + struct.pack("<I", size) + data)
    return path


@pytest.mark.parametrize(
    "header",
    [
        {"rate": 0},
        {"rate": 1},
        {"rate": 2_000_000_000},
        {"rate": 0xFFFFFFFF},
        {"channels": 0},
        {"channels": 1025},
        {"channels": 65_535},
    ],
)
def test_impossible_rates_and_channel_counts(tmp_path: Path, header: dict[str, int]) -> None:
    refusal(wav(tmp_path / "a.wav", **header))


def test_a_header_that_says_5_hz_is_quoted(tmp_path: Path) -> None:
    assert "5 Hz" in refusal(wav(tmp_path / "a.wav", rate=5))


def test_1024_channels_stay_within_memory(tmp_path: Path) -> None:
    samples, _ = reading(wav(tmp_path / "a.wav", channels=1024))
    assert len(samples) == 7


@pytest.mark.parametrize("size", [0, 0xFFFFFFFF, 0xFFFFFFF0, 0x7FFFFFFF, 0x80000000])
def test_a_header_that_was_never_finished(tmp_path: Path, size: int) -> None:
    samples, warnings = reading(wav(tmp_path / "a.wav", size=size))
    assert len(samples) == 8000
    assert "never completed" in warnings


def test_a_header_that_claims_terabytes(tmp_path: Path) -> None:
    path = write(tmp_path / "a.rf64", sound(0.5, 16_000), 16_000, format="RF64")
    data = bytearray(path.read_bytes())
    at = data.index(b"ds64")
    data[at + 16 : at + 24] = struct.pack("<Q", 1 << 45)
    path.write_bytes(data)
    samples, warnings = reading(path)
    assert len(samples) >= 8000
    assert "ends early" in warnings


@pytest.mark.parametrize("extension", ["wav", "flac", "mp3", "rf64", "webm", "mka"])
def test_a_recording_that_was_cut_off(tmp_path: Path, extension: str) -> None:
    path = make(tmp_path, extension, sound(4.0, 48_000), 48_000)
    whole = read_audio(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    samples, warnings = reading(path)
    assert 24_000 < len(samples) < 40_000
    assert "the recording ends early: its header promises 4." in warnings
    assert f"{len(samples) / 16_000:.1f} s are there" in warnings
    np.testing.assert_allclose(samples[:20_000], whole[:20_000], atol=1e-6)


@pytest.mark.parametrize("extension", ["ogg", "opus"])
def test_an_ogg_that_was_cut_off(tmp_path: Path, extension: str) -> None:
    """Ogg has its length at its end only."""
    path = make(tmp_path, extension, sound(4.0, 48_000), 48_000)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    samples, warnings = reading(path)
    assert 8000 < len(samples) < 40_000
    assert "its end is missing" in warnings


def test_an_m4a_without_its_end_has_no_index(tmp_path: Path) -> None:
    path = make(tmp_path, "m4a", sound(2.0, 48_000), 48_000)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert "damaged" in refusal(path)


@pytest.mark.slow
@pytest.mark.parametrize("extension", ["flac", "ogg", "opus", "webm", "mka"])
def test_damage_inside_leaves_the_rest_in_time(tmp_path: Path, extension: str) -> None:
    path = make(tmp_path, extension, sound(6.0, 48_000), 48_000)
    whole = read_audio(path)
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 300] = np.random.default_rng(0).bytes(300)
    path.write_bytes(data)
    samples, _ = reading(path)
    assert abs(len(samples) - len(whole)) <= 1600
    np.testing.assert_allclose(samples[:16_000], whole[:16_000], atol=1e-6)
    tail = samples[-16_000:]
    product = np.fft.irfft(np.fft.rfft(tail) * np.conj(np.fft.rfft(whole[-16_000:])))
    assert product.max() > 0.8 * np.dot(tail, tail)
    late = int(product.argmax())
    assert min(late, 16_000 - late) <= 800


def test_a_damaged_time_stamp_does_not_move_the_rest(tmp_path: Path) -> None:
    path = make(tmp_path, "webm", sound(12.0, 48_000), 48_000)
    data = bytearray(path.read_bytes())
    second = data.index(b"\x1f\x43\xb6\x75", data.index(b"\x1f\x43\xb6\x75") + 4)
    stamp = data.index(b"\xe7\x82", second)  # the cluster's time, two bytes of milliseconds
    data[stamp + 2 : stamp + 4] = b"\xff\xff"
    whole = read_audio(path)
    path.write_bytes(data)
    samples, _ = reading(path)
    assert np.array_equal(samples, whole)


def test_damage_inside_an_mp3_loses_a_few_frames(tmp_path: Path) -> None:
    path = make(tmp_path, "mp3", sound(6.0, 48_000), 48_000)
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 2000] = np.random.default_rng(0).bytes(2000)
    path.write_bytes(data)
    samples, warnings = reading(path)
    assert len(samples) > 5.5 * 16_000
    assert "damaged pieces left out" in warnings


def test_nan_and_infinity(tmp_path: Path) -> None:
    frames = sound(1.0, 16_000)
    frames[100:103, 0] = np.nan, np.inf, -np.inf
    path = write(tmp_path / "a.wav", frames, 16_000, subtype="FLOAT")
    samples, warnings = reading(path)
    assert "3 values were not numbers" in warnings
    frames[100:103] = 0
    assert np.array_equal(samples, frames[:, 0])


def test_nan_in_one_channel_spares_the_other(tmp_path: Path) -> None:
    frames = sound(1.0, 48_000, channels=2)
    frames[:, 1] = np.nan
    path = write(tmp_path / "a.wav", frames, 48_000, subtype="FLOAT")
    samples, warnings = reading(path)
    assert np.std(samples) == pytest.approx(np.std(frames[:, 0]), rel=0.01)
    assert "48000 values" in warnings


@pytest.mark.parametrize("value", [1e30, 3e38, -3e38])
def test_one_huge_value_does_not_poison_the_rest(tmp_path: Path, value: float) -> None:
    frames = sound(1.0, 48_000)
    clean = read_audio(write(tmp_path / "clean.wav", frames, 48_000, subtype="FLOAT"))
    frames[24_000] = value
    samples, warnings = reading(write(tmp_path / "a.wav", frames, 48_000, subtype="FLOAT"))
    assert "1 values are far beyond full scale" in warnings
    assert np.abs(samples).max() < 4
    far = np.abs(np.arange(16_000) - 8000) > 400
    np.testing.assert_allclose(samples[far], clean[far], atol=1e-3)


def test_digital_silence_is_a_recording(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", np.zeros((44_100, 2), np.float32), 44_100)
    samples, warnings = reading(path)
    assert len(samples) == 16_000
    assert not samples.any()
    assert warnings == ""


def test_an_unknown_codec(tmp_path: Path) -> None:
    path = make(tmp_path, "webm", sound(0.5, 48_000), 48_000)
    path.write_bytes(path.read_bytes().replace(b"A_OPUS", b"A_ZZZZ"))
    assert "codec isn't known" in refusal(path)


MUTATIONS = 20


@pytest.mark.parametrize("extension", [*SOUNDFILE, *PYAV])
def test_mutated_recordings_never_surprise(
    tmp_path: Path, extension: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """Samples or an InputError, nothing else, and not a word on the terminal."""
    valid = make(tmp_path, extension, sound(0.3, 48_000, 2), 48_000).read_bytes()
    rng = np.random.default_rng(sum(extension.encode()))
    path = tmp_path / f"mutated.{extension}"
    lines = []
    for _ in range(MUTATIONS):
        path.write_bytes(_mutated(valid, rng))
        try:
            reading(path)
        except InputError as error:
            lines.append(str(error))
    assert not any("\n" in line for line in lines)
    assert capfd.readouterr() == ("", "")


def _mutated(valid: bytes, rng: np.random.Generator) -> bytes:
    data = bytearray(valid)
    reach = int(rng.choice([48, 300, len(data)]))  # mostly the header
    at = int(rng.integers(min(reach, len(data))))
    length = int(rng.integers(1, 64))
    match rng.integers(7):
        case 0:
            for _ in range(length):
                data[rng.integers(min(reach, len(data)))] = rng.integers(256)
        case 1:
            del data[at:]
        case 2:
            del data[at : at + length]
        case 3:
            data[at : at + length] = b"\xff" * length
        case 4:
            data[at : at + length] = bytes(length)
        case 5:
            data[at:at] = rng.bytes(length * 40)
        case _:
            size = int(rng.choice([0, 1, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF]))
            data[at : at + 4] = struct.pack(rng.choice(["<I", ">I"]), size)
    return bytes(data)


def test_damage_that_libsndfile_reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read up to there is kept (a network drive that goes away, say)."""
    path = write(tmp_path / "a.wav", sound(3.0, 16_000), 16_000)
    whole = soundfile.SoundFile.read
    calls: list[int] = []

    def fail(self: soundfile.SoundFile, *args: object, **kwargs: object) -> np.ndarray:
        calls.append(1)
        if len(calls) > 2:
            raise soundfile.LibsndfileError(2)
        return whole(self, *args, **kwargs)

    monkeypatch.setattr(soundfile.SoundFile, "read", fail)
    samples, warnings = reading(path)
    assert len(samples) == 32_000
    assert "damaged inside" in warnings


@pytest.mark.parametrize("part", [None, (0, 300), (100, 200)])
def test_a_header_that_asks_for_gigabytes_gets_what_is_there(
    tmp_path: Path, part: tuple[int, int] | None
) -> None:
    """FFmpeg reads in one go what a damaged WavPack says its block is long."""
    path = tmp_path / "a.wv"
    path.write_bytes(bytes(range(250)))
    begin, end = part or (0, 250)
    with libav._File(path) if part is None else libav._Part(path, begin, end) as file:
        assert file.read(1 << 60) == path.read_bytes()[begin:end]
        assert file.read(1 << 60) == b""


def stretched(path: Path, frames: np.ndarray, container: str, codec: str, hours: float) -> Path:
    """A recording whose second half says that it comes hours later."""
    rate = 48_000
    with av.open(str(path), "w", format=container) as output:
        stream = output.add_stream(codec, rate=rate, layout="mono")
        for half, begin in ((frames[:rate], 0), (frames[rate:], round((hours * 3600 + 1) * rate))):
            frame = av.AudioFrame.from_ndarray((half.T * 32767).astype(np.int16), "s16", "mono")
            frame.rate, frame.pts, frame.time_base = rate, begin, Fraction(1, rate)
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return path


def test_a_small_file_is_not_believed_to_be_hours_long(tmp_path: Path) -> None:
    frames = sound(2.0, 48_000)
    muted = stretched(tmp_path / "muted.mka", frames, "matroska", "pcm_s16le", 0.5)
    samples, warnings = reading(muted)
    assert abs(len(samples) / 16_000 - 1802) < 0.2
    assert "1800.0 s are missing inside; silent there" in warnings
    damaged = stretched(tmp_path / "damaged.mpg", frames, "mpeg", "mp2", 3.0)
    assert damaged.stat().st_size < 200_000
    samples, warnings = reading(damaged)
    assert abs(len(samples) / 16_000 - 2) < 0.2
    assert "missing" not in warnings


def test_where_time_is_the_place_in_the_file_nothing_is_missing(tmp_path: Path) -> None:
    """A CAF whose packets are said to hold many frames each, found by the fuzzer."""
    path = write(tmp_path / "a.caf", sound(0.5, 48_000, 2), 48_000)
    content = bytearray(path.read_bytes())
    at = content.index(b"desc") + 12
    content[at + 16 : at + 24] = struct.pack(">II", 16, 30_000)  # bytes and frames of a packet
    path.write_bytes(content)
    samples, warnings = reading(path)
    assert len(samples) <= 8000
    assert "missing" not in warnings
