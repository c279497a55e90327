"""Reading by FFmpeg's libraries (PyAV): m4a, mp4, webm, mp3, aac, mkv, and whatever is damaged.

Time comes from the frames' time stamps: where a piece is missing (a damaged packet, a muted
microphone that sends nothing) silence takes its place, so that what follows stays in time.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.error import FFmpegError

from ..errors import InputError
from . import headers
from .decoders import Block, check_layout

av.logging.set_level(None)  # FFmpeg's own messages never reach the terminal

_DEMUXERS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mp3,aac,flac,ogg,wav,w64,aiff,au,caf,asf,avi,flv,"
    "mpeg,mpegts,ac3,eac3,amr,dts,loas,wv,ape,tta,tak,voc,nistsphere,truehd,mpc,mpc8,rm,dsf,xwma"
)
"""Demuxers that may open a file. Playlists (hls, concat, dash) aren't among them: they would open
other files, and even the network, at the word of a text file."""

_NO_LENGTH = frozenset({"aac", "ac3", "eac3", "amr", "dts", "loas", "mpeg", "mpegts", "truehd"})
"""Formats without a length of their own: FFmpeg guesses it from the bit rate."""

_MIN_GAP = Fraction(1, 10)
_MAX_GAP = 3600
_MAX_GAPS = 4 * 3600
"""Seconds: shorter gaps are jitter of the time stamps, longer ones are damaged time stamps."""


class AvSource:
    """One audio stream of a file, by libavformat and libavcodec."""

    def __init__(self, path: Path, size: int, head: bytes) -> None:
        self._path, self._size = path, size
        self.warnings: list[str] = []
        self._file = path.open("rb")  # not by name: FFmpeg would take "a:b.wav" for a protocol
        try:
            self._container = av.open(
                self._file,
                metadata_errors="ignore",
                options={"format_whitelist": _DEMUXERS},
            )
        except (FFmpegError, OSError, ValueError, UnicodeError) as error:
            self._file.close()
            raise InputError(
                f"{path.name}: this is not a recording that can be read, or its start is damaged;"
                " wav, flac, mp3, ogg, opus, m4a, mp4 and webm can be."
            ) from error
        try:
            self._open_stream()
        except BaseException:
            self.close()
            raise

    def _open_stream(self) -> None:
        path = self._path
        stream = next(iter(self._container.streams.audio), None)
        if stream is None:
            raise InputError(
                f"{path.name}: there is no sound in it; give a file with an audio track."
            )
        name = self._container.format.name
        self._stream = stream
        self.format = f"{name.split(',')[0]} {stream.codec_context.name}"
        self._frames = self._decode()
        self._damaged = 0
        self._first = next(self._frames, None)
        if self._first is None:
            raise InputError(
                f"{path.name}: there are no samples in it, or none can be decoded;"
                " record or export it again."
            )
        self.sample_rate = self._first.sample_rate
        self.channels = self._first.layout.nb_channels
        check_layout(path, self.sample_rate, self.channels)
        self.frames: int | None = None
        if stream.duration and stream.time_base:
            self.frames = round(stream.duration * stream.time_base * self.sample_rate)
        elif self._container.duration and self._container.duration > 0:
            self.frames = round(self._container.duration * self.sample_rate / 1_000_000)
        self.promised = name not in _NO_LENGTH and (
            name != "mp3" or headers.mp3_counts_frames(path)
        )

    def _decode(self) -> Iterator[av.AudioFrame]:
        """Every frame that can be decoded; damaged packets are counted and passed over."""
        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets, None)
            except (FFmpegError, OSError, ValueError):
                self._damaged += 1
                return
            if packet is None:
                return
            try:
                frames = packet.decode()
            except (FFmpegError, ValueError):
                self._damaged += 1
                continue
            for frame in frames:
                if isinstance(frame, av.AudioFrame) and frame.samples > 0:
                    yield frame

    def blocks(self) -> Iterator[Block]:
        rate, done, silence = self.sample_rate, 0, 0
        frame: av.AudioFrame | None = self._first
        self._first = None
        origin = Fraction(self._container.start_time or 0, 1_000_000)
        convert = _Converter(frame) if frame is not None else None
        while frame is not None and convert is not None:
            if frame.pts is not None and frame.time_base is not None:
                due = round((frame.pts * frame.time_base - origin) * rate)
                gap = due - done
                if _MIN_GAP * rate < gap < _MAX_GAP * rate and silence + gap < _MAX_GAPS * rate:
                    for start in range(0, gap, rate):
                        yield np.zeros((min(rate, gap - start), self.channels), np.float32)
                    if done:
                        silence += gap
                    done += gap
            block = convert(frame)
            if len(block):
                done += len(block)
                yield block
            frame = next(self._frames, None)
        if self._damaged:
            self.warnings.append(f"{self._damaged} damaged pieces were left out")
        if silence:
            self.warnings.append(
                f"{silence / rate:.1f} s are missing inside; silence is in their place"
            )

    def fraction(self) -> float | None:
        return None if self._file.closed else min(1.0, self._file.tell() / max(1, self._size))

    def close(self) -> None:
        self._container.close()
        self._file.close()


class _Converter:
    """Frames of any sample format to float32 ``(n, channels)`` in the layout of the first one."""

    def __init__(self, first: av.AudioFrame) -> None:
        self._layout, self._rate = first.layout.name, first.sample_rate
        self._channels = first.layout.nb_channels
        self._resampler: av.AudioResampler | None = None
        self._key: tuple[str, str, int] | None = None

    def __call__(self, frame: av.AudioFrame) -> Block:
        if frame.layout.name != self._layout or frame.sample_rate != self._rate:
            frames = self._adapted(frame)
            blocks = [self._floats(f) for f in frames]
            return np.concatenate(blocks) if blocks else np.zeros((0, self._channels), np.float32)
        return self._floats(frame)

    def _adapted(self, frame: av.AudioFrame) -> list[av.AudioFrame]:
        """AAC may start as mono and turn stereo; the rest of the code sees one layout."""
        key = (frame.format.name, frame.layout.name, frame.sample_rate)
        if self._resampler is None or key != self._key:
            self._resampler = av.AudioResampler("flt", self._layout, self._rate)
            self._key = key
        frame.pts = None
        return self._resampler.resample(frame)

    def _floats(self, frame: av.AudioFrame) -> Block:
        values = frame.to_ndarray()
        if not frame.format.is_planar:
            values = values.reshape(-1, self._channels)
        else:
            values = values.T
        if values.dtype == np.uint8:
            return (values.astype(np.float32) - 128) / 128
        if values.dtype.kind == "i":
            return values.astype(np.float32) / np.float32(2 ** (8 * values.dtype.itemsize - 1))
        return np.ascontiguousarray(values, dtype=np.float32)
