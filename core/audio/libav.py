"""Compressed recordings by FFmpeg's libraries (PyAV): mp3, m4a, mp4, webm, ogg, opus, flac, ...

Time comes from the frames' time stamps: where a piece is missing (a damaged packet, a muted
microphone that sends nothing) silence takes its place, so that what follows stays in time.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import FileIO
from pathlib import Path

import av
import numpy as np
from av.audio.fifo import AudioFifo
from av.error import FFmpegError

from ..errors import InputError
from . import headers
from .source import Block, block_frames, check_layout, no_samples

av.logging.set_level(None)  # FFmpeg's own messages never reach the terminal

_DEMUXERS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mp3,aac,flac,ogg,wav,w64,aiff,au,caf,asf,avi,flv,"
    "mpeg,mpegts,ac3,eac3,amr,dts,loas,wv,ape,tta,tak,voc,nistsphere,truehd,mpc,mpc8,rm,xwma"
)
"""Demuxers that may open a file. Playlists (hls, concat, dash) aren't among them: they would open
other files, and even the network, at the word of a text file."""

_NO_LENGTH = frozenset({"aac", "ac3", "eac3", "amr", "dts", "loas", "mpeg", "mpegts", "truehd"})
"""Formats without a length of their own: FFmpeg guesses it from the bit rate."""

_MIN_GAP, _MAX_GAPS, _MAX_LENGTH = 0.05, 4 * 3600, 24 * 3600
"""Seconds. A shorter gap is jitter of the time stamps. More of them in all, or a time beyond the
length of the recording (at most a day where that isn't known), means damaged time stamps."""


class AvSource:
    """The first audio stream of a file, by libavformat and libavcodec; see :class:`Source`."""

    def __init__(self, path: Path, size: int) -> None:
        self._size = size
        self._file = _File(path)  # not by name: FFmpeg would take "a:b.wav" for a protocol
        try:
            self._container = av.open(
                self._file, "r", metadata_errors="ignore", options={"format_whitelist": _DEMUXERS}
            )
        except (FFmpegError, OSError, ValueError) as error:
            self._file.close()
            raise _not_readable(path) from error
        try:
            self._open(path)
        except BaseException:
            self.close()
            raise

    def _open(self, path: Path) -> None:
        container = self._container
        if not container.streams.audio:
            raise InputError(f"{path.name}: there is no sound in it; give a file that has some.")
        self._stream = stream = container.streams.audio[0]
        if stream.codec_context is None:
            raise InputError(f"{path.name}: its codec isn't known; convert it to wav or flac.")
        self._damaged = 0
        self._decoded = self._decode()
        first = next(self._decoded, None)
        if first is None:
            raise _not_readable(path) if self._damaged else no_samples(path)
        self._first: av.AudioFrame = first
        self.sample_rate = first.sample_rate
        self.channels = first.layout.nb_channels
        check_layout(path, self.sample_rate, self.channels)

        name = container.format.name
        self.format = f"{name.split(',')[0]} {stream.codec_context.name}"
        self.frames: int | None = None
        if stream.duration and stream.time_base:
            self.frames = round(stream.duration * stream.time_base * self.sample_rate)
        elif container.duration and container.duration > 0:
            self.frames = round(container.duration * self.sample_rate / 1_000_000)
        self.promised = name not in _NO_LENGTH
        self.warnings: list[str] = []
        if name == "mp3":
            self.promised = headers.mp3_counts_frames(path)
        elif name == "ogg" and not headers.ogg_has_end(path):
            self.warnings.append(headers.NO_END)
        elif name == "wav" and headers.wav_is_unfinished(path):
            self.warnings.append(headers.UNFINISHED)

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
        rate, base = self.sample_rate, self._first.time_base
        size = block_frames(rate, self.channels)
        origin = (self._container.start_time or 0) * rate // 1_000_000
        longest = self.frames + rate if self.frames and self.promised else _MAX_LENGTH * rate
        joiner = _Joiner(self._first)
        done = silence = 0
        frame: av.AudioFrame | None = self._first
        while frame is not None:
            if frame.pts is not None and base is not None:
                gap = frame.pts * base.numerator * rate // base.denominator - origin - done
                believed = done + gap <= longest and silence + gap <= _MAX_GAPS * rate
                if gap > _MIN_GAP * rate and believed:
                    yield from joiner.take()
                    for start in range(0, gap, size):
                        yield np.zeros((min(size, gap - start), self.channels), np.float32)
                    silence += gap if done else 0
                    done += gap
            try:
                done += joiner.add(frame)
            except (FFmpegError, ValueError):
                self._damaged += 1
            if joiner.samples >= size:
                yield from joiner.take()
            frame = next(self._decoded, None)
        yield from joiner.take()
        if self._damaged:
            self.warnings.append(f"damaged pieces left out: {self._damaged}")
        if silence:
            self.warnings.append(f"{silence / rate:.1f} s are missing inside; silent there")

    def fraction(self) -> float | None:
        return None if self._file.closed else min(1.0, self._file.tell() / max(1, self._size))

    def close(self) -> None:
        self._container.close()
        self._file.close()


def _not_readable(path: Path) -> InputError:
    return InputError(
        f"{path.name}: this is not a recording, or its start is damaged;"
        " give a wav, flac, mp3, ogg, opus, m4a, mp4 or webm file."
    )


class _File(FileIO):
    """A file that refuses to go to an impossible place as C does; PyAV prints the exception."""

    def seek(self, offset: int, whence: int = 0, /) -> int:
        try:
            return super().seek(offset, whence)
        except (OSError, ValueError, OverflowError):
            return -1


class _Joiner:
    """Joins the short frames of a codec, and brings them all to the layout of the first one."""

    def __init__(self, first: av.AudioFrame) -> None:
        self._rate, self._layout = first.sample_rate, first.layout.name
        self._channels = first.layout.nb_channels
        self._format = ""
        self._fifo = AudioFifo()
        self._blocks: list[Block] = []
        self._resampler: av.AudioResampler | None = None
        self._from: tuple[str, str, int] | None = None

    @property
    def samples(self) -> int:
        return self._fifo.samples + sum(map(len, self._blocks))

    def add(self, frame: av.AudioFrame) -> int:
        """How many samples that were; other than the frame's own where the rate is another."""
        before = self.samples
        frames = [frame]
        if frame.sample_rate != self._rate or frame.layout.nb_channels != self._channels:
            frames = self._adapted(frame)
        for item in frames:
            if item.format.name != self._format:
                self._drain()
                self._format = item.format.name
            item.pts = None  # a fifo refuses time stamps that don't follow on
            self._fifo.write(item)
        return self.samples - before

    def take(self) -> list[Block]:
        """What came together since the last time."""
        self._drain()
        blocks, self._blocks = self._blocks, []
        return blocks

    def _drain(self) -> None:
        frame = self._fifo.read() if self._fifo.samples else None
        if frame is not None:
            self._blocks.append(_floats(frame))
        self._fifo = AudioFifo()

    def _adapted(self, frame: av.AudioFrame) -> list[av.AudioFrame]:
        """AAC may begin in mono and turn to stereo."""
        key = (frame.format.name, frame.layout.name, frame.sample_rate)
        if self._resampler is None or key != self._from:
            self._resampler = av.AudioResampler(frame.format.name, self._layout, self._rate)
            self._from = key
        return self._resampler.resample(frame)


def _floats(frame: av.AudioFrame) -> Block:
    values = frame.to_ndarray()
    values = values.T if frame.format.is_planar else values.reshape(-1, frame.layout.nb_channels)
    if values.dtype.kind == "f":
        return values.astype(np.float32, copy=False)
    full = np.float32(2 ** (8 * values.dtype.itemsize - 1))
    scaled: Block = values.astype(np.float32) / full
    return scaled - np.float32(1) if values.dtype.kind == "u" else scaled
