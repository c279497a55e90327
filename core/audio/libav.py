"""Compressed recordings by FFmpeg's libraries (PyAV): mp3, m4a, mp4, webm, ogg, opus, flac, ...

Time comes from the frames' time stamps: where a piece is missing (a damaged packet, a muted
microphone that sends nothing) silence takes its place, so that what follows stays in time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from io import FileIO
from pathlib import Path
from typing import NamedTuple

import av
import numpy as np
from av.audio.fifo import AudioFifo
from av.error import FFmpegError

from core.audio import headers
from core.audio.kinds import BARE, KINDS
from core.audio.source import (
    CAN_CHOOSE,
    Block,
    Track,
    block_frames,
    check_layout,
    no_samples,
    no_track,
)
from core.errors import InputError

av.logging.set_level(None)  # FFmpeg's own messages never reach the terminal

_DEMUXERS = ",".join(kind for kind in KINDS if kind not in BARE)

_NO_LENGTH = frozenset({"aac", "ac3", "eac3", "amr", "dts", "loas", "mpeg", "mpegts", "truehd"})
"""Formats without a length of their own: FFmpeg guesses it from the bit rate."""

_MAX_PLANES = 64
"""So many channels that are stored one by one can be woven into frames (libswresample)."""

_DEFAULT = 1
"""FFmpeg's mark of the stream that a file asks for (AV_DISPOSITION_DEFAULT)."""

_COVER = 0x400
"""FFmpeg's mark of a picture that stands for the recording (AV_DISPOSITION_ATTACHED_PIC)."""

_AT_ONCE = 1 << 20
"""Bytes that are read in one go; FFmpeg asks again for more."""

_UNSAFE = 8
"""From so many planes on a frame must not be asked for them."""

_BY_PLACE = frozenset({"aiff", "au", "caf", "nistsphere", "sox", "w64", "wav"})
"""Formats whose time stamps are counted from the place in the file: nothing can be missing."""

_MIN_GAP, _MAX_GAPS, _MAX_LENGTH = 0.05, 4 * 3600, 24 * 3600
"""Seconds. A shorter gap is jitter of the time stamps. More of them in all, or a time beyond the
length of the recording (at most a day where that isn't known), means damaged time stamps."""

_SOME_GAPS, _BYTES_PER_S = 300, 10
"""A file of some kB isn't believed to be hours long: so many seconds, and one for so many bytes of
it. A minute of speech, at the lowest rates in use, may have hours of a muted microphone behind."""


class Film(NamedTuple):
    """The picture beside the sound."""

    fps: Fraction
    """Frames a second."""
    timecode: str
    """Of the first frame, as the camera wrote it; empty if it didn't."""
    size: tuple[int, int]
    """Width and height in pixels."""


def film(path: Path) -> Film | None:
    """What is known of the picture of a recording; None if it has none, or can't be read."""
    options = {"format_whitelist": _DEMUXERS}
    try:
        with (
            _File(path) as file,
            av.open(file, "r", metadata_errors="ignore", options=options) as container,
        ):
            for stream in container.streams.video:
                still = getattr(stream, "disposition", 0) & _COVER
                if not still and stream.average_rate and stream.codec_context is not None:
                    told = [stream.metadata, container.metadata]
                    told += [other.metadata for other in container.streams.data]
                    timecode = next(filter(None, (tags.get("timecode") for tags in told)), "")
                    size = (stream.codec_context.width, stream.codec_context.height)
                    return Film(stream.average_rate, timecode, size)
    except (FFmpegError, OSError, ValueError):
        pass
    return None


def time_in(path: Path) -> float | None:
    """When a recording was begun by its own word; None if it doesn't say.

    Seconds since 1970 in UTC, or, of broadcast WAV, in the time of the recorder: those of one kind
    can be held against each other.
    """
    options = {"format_whitelist": _DEMUXERS}
    try:
        with (
            _File(path) as file,
            av.open(file, "r", metadata_errors="ignore", options=options) as container,
        ):
            tags = {key.lower(): text for key, text in container.metadata.items()}
            reference = tags.get("time_reference", "")
            if reference.isdecimal() and container.streams.audio:
                day = datetime.fromisoformat(f"{tags.get('date', '1970-01-01')}T00:00:00+00:00")
                return day.timestamp() + int(reference) / container.streams.audio[0].rate
            return datetime.fromisoformat(tags["creation_time"].replace("Z", "+00:00")).timestamp()
    except (FFmpegError, OSError, ValueError, KeyError, OverflowError):
        return None


class AvSource:
    """One audio stream of a file, by libavformat and libavcodec; see :class:`Source`.

    Parameters
    ----------
    path, size
        The file and its length in bytes.
    track
        Number of the sound track to read; None for the one that the file asks for, or the first.
    part
        Bytes from and to: only these are the recording.
    bare
        The demuxer for a file without a header, which can't be known by its content.
    whole
        Read a WAV to the end of the file, whatever its header says.
    """

    def __init__(
        self,
        path: Path,
        size: int,
        track: int | None = None,
        *,
        part: tuple[int, int] | None = None,
        bare: str | None = None,
        whole: bool = False,
    ) -> None:
        begin, end = part or (0, size)
        self._size = end - begin
        # Not by name: FFmpeg would take "a:b.wav" for a protocol.
        self._file = _File(path) if part is None else _Part(path, begin, end)
        options = {"format_whitelist": bare or _DEMUXERS}
        if whole:
            options["ignore_length"] = "1"
        try:
            self._container = av.open(
                self._file, "r", format=bare, metadata_errors="ignore", options=options
            )
        except (FFmpegError, OSError, ValueError) as error:
            self._file.close()
            raise _not_readable(path) from error
        try:
            self._open(path, track)
        except BaseException:
            self.close()
            raise

    def _open(self, path: Path, track: int | None) -> None:
        container = self._container
        if not container.streams.audio:
            raise InputError(f"{path.name}: there is no sound in it; give a file that has some.")
        self.tracks, self.track = _tracks(container), 1
        if len(self.tracks) > 1:
            self.track = _chosen(path, container, self.tracks, track)
        elif track not in (None, 1):
            raise no_track(path, track)
        self._stream = stream = container.streams.audio[self.track - 1]
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
        if first.format.is_planar and self.channels > _MAX_PLANES:
            raise InputError(
                f"{path.name}: {self.channels} channels of {stream.codec_context.name} are more"
                f" than the {_MAX_PLANES} that can be read; convert it to wav."
            )

        name = container.format.name
        self.format = f"{name.split(',')[0]} {stream.codec_context.name}"
        self.frames: int | None = None
        if stream.duration and stream.time_base:
            self.frames = round(stream.duration * stream.time_base * self.sample_rate)
        elif container.duration and container.duration > 0:
            self.frames = round(container.duration * self.sample_rate / 1_000_000)
        self.promised = name not in _NO_LENGTH and name not in BARE
        self.slack = first.samples  # ALAC in CAF counts whole packets
        self.warnings: list[str] = []
        if len(self.tracks) > 1 and track is None:
            said = ", ".join(map(str, self.tracks))
            self.warnings.append(
                f"there are {len(self.tracks)} sound tracks: {said}; number {self.track} is heard,"
                f" {CAN_CHOOSE}"
            )
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
            except IndexError:  # at the end, PyAV wants the rest of streams that damage made up
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
        most = min(_MAX_GAPS, _SOME_GAPS + self._size // _BYTES_PER_S) * rate
        if self._container.format.name in _BY_PLACE:
            most = 0
        joiner = _Joiner(self._first)
        done = silence = 0
        frame: av.AudioFrame | None = self._first
        while frame is not None:
            if frame.pts is not None and base is not None:
                gap = frame.pts * base.numerator * rate // base.denominator - origin - done
                believed = done + gap <= longest and silence + gap <= most
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


def _tracks(container: av.container.InputContainer) -> tuple[Track, ...]:
    """The sound tracks, if there are several."""
    streams = container.streams.audio
    if len(streams) < 2:
        return ()
    found = []
    for number, stream in enumerate(streams, 1):
        context = stream.codec_context
        language = " ".join((stream.language or "").split())
        found.append(
            Track(
                number,
                channels=context.channels if context is not None else 0,
                language="" if language == "und" else language[:8],
                title=" ".join(stream.metadata.get("title", "").split())[:40],
                default=bool(getattr(stream, "disposition", 0) & _DEFAULT),  # PyAV 12 has none
            )
        )
    if all(one.default for one in found):  # MP4 marks whatever may be played: it says nothing
        found = [replace(one, default=False) for one in found]
    return tuple(found)


def _chosen(
    path: Path, container: av.container.InputContainer, tracks: tuple[Track, ...], track: int | None
) -> int:
    """The number of the track to read; what can't be decoded isn't taken unasked."""
    if track is not None:
        if not 1 <= track <= len(tracks):
            raise no_track(path, track, tracks)
        return track
    streams = container.streams.audio
    known = [one for one in tracks if streams[one.number - 1].codec_context is not None]
    wanted = [one for one in known if one.default]
    return (wanted or known or list(tracks))[0].number


def _not_readable(path: Path) -> InputError:
    """The error for what no decoder knows."""
    return InputError(
        f"{path.name}: this is not a recording, or its start is damaged;"
        " give a wav, flac, mp3, ogg, opus, m4a, mp4 or webm file."
    )


class _File(FileIO):
    """A file that behaves as C's: it refuses to go to an impossible place (PyAV prints the
    exception), and reads in pieces, whatever length a damaged header has FFmpeg ask for."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(_AT_ONCE, size) if size and size > 0 else _AT_ONCE) or b""

    def seek(self, offset: int, whence: int = 0, /) -> int:
        try:
            return super().seek(offset, whence)
        except (OSError, ValueError, OverflowError):
            return -1


class _Part(_File):
    """Some bytes in the middle of a file, as if they were all of it."""

    def __init__(self, path: Path, begin: int, end: int) -> None:
        super().__init__(path)
        self._begin, self._end = begin, end
        super().seek(begin)

    def read(self, size: int | None = -1, /) -> bytes:
        left = max(0, self._end - super().tell())
        return super().read(left if size is None or size < 0 else min(size, left)) if left else b""

    def seek(self, offset: int, whence: int = 0, /) -> int:
        bases = {0: self._begin, 1: super().tell(), 2: self._end}
        place = bases.get(whence, -offset - 1) + offset
        return super().seek(place) - self._begin if place >= self._begin else -1

    def tell(self) -> int:
        return super().tell() - self._begin


_WIDE = "s64"
"""The format of samples that PyAV makes no arrays of."""


class _Joiner:
    """Joins the short frames of a codec, and brings them all to the layout of the first one.

    Of frames with 8 and more channels stored one by one, PyAV counts more planes than there are
    and reads beyond them, which ends the process: these are woven into one first.
    """

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
        other = frame.sample_rate != self._rate or frame.layout.nb_channels != self._channels
        unsafe = frame.format.is_planar and self._channels >= _UNSAFE
        if other or unsafe or frame.format.packed.name == _WIDE:
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
        """Packed, with the channels and the rate of the first: AAC may turn from mono to stereo."""
        key = (frame.format.name, frame.layout.name, frame.sample_rate)
        if self._resampler is None or key != self._from:
            packed = frame.format.packed.name
            packed = "dbl" if packed == _WIDE else packed
            self._resampler = av.AudioResampler(packed, self._layout, self._rate)
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
