"""Recordings, in many containers and codecs."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from core.audio.read import AudioReader
from tests.core.audio.making import PYAV, SOUNDFILE, encode, make, sound, write

_MORE = {
    "ts": ("mpegts", "mp2"),
    "mpg": ("mpeg", "mp2"),
    "avi": ("avi", "mp2"),
    "flv": ("flv", "aac"),
    "mov": ("mov", "pcm_s16le"),
    "mp3.wav": ("wav", "libmp3lame"),
    "alac.caf": ("caf", "alac"),
    "wv": ("wv", "wavpack"),
    "tta": ("tta", "tta"),
    "ac3": ("ac3", "ac3"),
    "opus.mka": ("matroska", "libopus"),
}


def seeds() -> dict[str, bytes]:
    """Valid recordings of a third of a second, by name."""
    found = {}
    frames = sound(0.3, 48_000, 2)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for extension in (*SOUNDFILE, *PYAV):
            found[f"sound.{extension}"] = make(place, extension, frames, 48_000).read_bytes()
        for extension, (container, codec) in _MORE.items():
            path = encode(place / f"more.{extension}", frames, 48_000, container, codec)
            found[path.name] = path.read_bytes()
        for extension in ("voc", "wav", "ogg"):  # more channels than PyAV gives by itself
            channels = 2 if extension == "voc" else 9
            path = write(place / f"wide.{extension}", sound(0.3, 48_000, channels), 48_000)
            found[path.name] = path.read_bytes()
        first, second = found["sound.ogg"], found["sound.opus"]
        found["chained.ogg"] = first + second + first
        found["bare.gsm"] = (bytes([0xD0]) + bytes(range(32))) * 40
        found["bare.g722"] = bytes(range(256)) * 8
    return found


def check(path: Path) -> None:
    """Read it as every command does: finite samples, and lines for the person."""
    with AudioReader(path) as reader:
        for block in reader:
            assert block.dtype == np.float32
            assert len(block)
            assert np.isfinite(block).all()
        assert all(len(line.splitlines()) == 1 for line in reader.warnings)
