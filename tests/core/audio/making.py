"""Small recordings in every format, made on the spot."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import soundfile
from numpy.typing import NDArray

SOUNDFILE = {
    "wav": {},
    "float.wav": {"subtype": "FLOAT"},
    "24.wav": {"subtype": "PCM_24"},
    "adpcm.wav": {"subtype": "IMA_ADPCM"},
    "rf64": {"format": "RF64"},
    "w64": {},
    "aiff": {},
    "au": {},
    "caf": {},
    "flac": {},
    "mp3": {},
    "ogg": {},
    "opus": {"format": "OGG", "subtype": "OPUS"},
}
"""Extension -> how soundfile writes it."""

PYAV = {
    "m4a": ("mp4", "aac"),
    "alac.m4a": ("ipod", "alac"),
    "mp4": ("mp4", "aac"),
    "webm": ("webm", "libopus"),
    "mka": ("matroska", "flac"),
    "aac": ("adts", "aac"),
}
"""Extension -> container and codec; mp4 gets a picture, too."""

LOSSLESS = {"wav", "24.wav", "float.wav", "rf64", "w64", "aiff", "au", "caf", "flac", "mka"}

Frames = NDArray[np.float32]


def sound(seconds: float, rate: int, channels: int = 1, seed: int = 0) -> Frames:
    """Noise below 3 kHz, float32 ``(n, channels)``, the channels nearly alike, 16-bit exact."""
    rng = np.random.default_rng(seed)
    count = round(seconds * rate)
    spectrum = np.fft.rfft(rng.standard_normal((count, 1)) + np.zeros((1, channels)), axis=0)
    spectrum[np.fft.rfftfreq(count, 1 / rate) > 3000] = 0
    noise = np.fft.irfft(spectrum, count, axis=0)
    noise *= 0.3 / np.abs(noise).max() * (1 + 0.01 * np.arange(channels))
    return (np.round(noise * 32768) / 32768).astype(np.float32)


def write(path: Path, frames: Frames, rate: int, **options: str) -> Path:
    """By soundfile, in small blocks: libsndfile's Vorbis encoder crashes on large ones."""
    with soundfile.SoundFile(path, "w", rate, frames.shape[1], **options) as file:
        for start in range(0, len(frames), 4096):
            file.write(frames[start : start + 4096])
    return path


def encode(
    path: Path,
    frames: Frames,
    rate: int,
    container: str,
    codec: str,
    *,
    layout: str = "stereo",
    picture: bool = False,
    silent: tuple[float, float] | None = None,
) -> Path:
    """By PyAV; of the stretch ``silent`` (seconds) no packets are written at all."""
    with av.open(str(path), "w", format=container) as output:
        stream = output.add_stream(codec, rate=rate, layout=layout)
        if picture:
            video = output.add_stream("mpeg4", rate=10)
            video.width, video.height, video.pix_fmt = 64, 64, "yuv420p"
            for number in range(10):
                image = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), "rgb24")
                image.pts = number
                output.mux(video.encode(image))
            output.mux(video.encode())
        if not stream.codec_context.is_open:
            stream.codec_context.open()
        size = stream.codec_context.frame_size or 1024
        convert = av.AudioResampler(stream.format.name, layout, rate)
        for start in range(0, len(frames), size):
            if silent and silent[0] <= start / rate < silent[1]:
                continue
            part = np.ascontiguousarray(frames[start : start + size].T)
            frame = av.AudioFrame.from_ndarray(part, "fltp", layout)
            frame.rate, frame.pts, frame.time_base = rate, start, Fraction(1, rate)
            for converted in convert.resample(frame):
                output.mux(stream.encode(converted))
        output.mux(stream.encode())
    return path


def make(folder: Path, extension: str, frames: Frames, rate: int) -> Path:
    """A mono or stereo recording in one of the formats above."""
    path = folder / f"sound.{extension}"
    if extension in SOUNDFILE:
        return write(path, frames, rate, **SOUNDFILE[extension])
    container, codec = PYAV[extension]
    layout = "mono" if frames.shape[1] == 1 else "stereo"
    picture = extension == "mp4"
    return encode(path, frames, rate, container, codec, layout=layout, picture=picture)
