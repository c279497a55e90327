"""The whole job on one recording: file in, annotation out. Command line and window both call it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from os import PathLike
from typing import Any, Generic, Literal, Protocol, TypeVar

import numpy as np

from core.annotation.values import Annotation
from core.arrays import Array
from core.audio.read import AudioReader
from core.channels.reading import ShareReader, split_of
from core.channels.separation import Channels, ChannelSplit
from core.errors import Cancelled
from core.models.folders import current_models
from core.models.manifest import ModelSet
from core.refine.apart import StreamsAsOne, named_after, refine_apart
from core.refine.methods import Method, MethodName, in_turns, method_named
from core.refine.refine import SpeakerCount, refine
from core.runtime import cores
from core.stream.changes import Changes, Window
from core.stream.diarizer import BEAM, BLOCK, LAG, Diarizer, OnlineDecoder, Segmenter
from core.stream.encoder import OnnxEncoder, VoiceEncoder
from core.stream.segmentation import Segmentation, Tile
from core.stream.speech import Probability, Speech
from core.stream.speech_edges import SpeechEdges
from core.uisrnn.decoder import Decoder
from core.uisrnn.model import UISRNNModel

Engine = Literal["onnx", "keras"]

Stage = Literal["listening", "refining", "reading"]

Said = TypeVar("Said", covariant=True)
Block = TypeVar("Block")


class StreamStage(Protocol[Said]):
    """A stage of the stream."""

    latency: int

    def push(self, samples: Array) -> Said: ...

    def flush(self) -> Said: ...


__all__ = ["Engine", "Progress", "Result", "SpeakerCount", "diarize_file", "new_diarizer"]


@dataclass(frozen=True)
class Progress:
    """How far a job is: ``fraction`` of the recording (None if its length isn't known)."""

    stage: Stage
    fraction: float | None
    position: int


@dataclass(frozen=True)
class Result:
    """What a job found.

    Parameters
    ----------
    annotation
        The second pass's turns, or the first's if only that was asked for.
    first_pass
        The turns of the stream, as they are live.
    windows, speech
        The kept embeddings and the speech: all that another second pass needs.
    warnings
        One line each: what was wrong with the recording and what was done about it.
    split, lanes
        Whose the channels are, and what the lanes of the annotation's speakers are called after
        them (by id); None and nothing where the channels were mixed.
    """

    annotation: Annotation
    first_pass: Annotation
    windows: tuple[Window, ...]
    speech: Speech
    warnings: tuple[str, ...] = field(default=())
    split: ChannelSplit | None = None
    lanes: Mapping[int, str] = field(default_factory=dict)

    def with_lanes(self, annotation: Annotation) -> Annotation:
        """An annotation of the same speakers; who has no name is called after the channel."""
        names = {s.id: self.lanes[s.id] for s in annotation.speakers if s.id in self.lanes}
        unnamed = {s.id for s in annotation.speakers if not s.name}
        return annotation.with_names({i: name for i, name in names.items() if i in unnamed})


def new_diarizer(
    models: ModelSet | None = None,
    engine: Engine = "onnx",
    max_speakers: int | None = None,
    *,
    segmentation: Segmenter | None = None,
    probability: Probability | None = None,
    encoder: VoiceEncoder | None = None,
    live: bool = False,
) -> Diarizer:
    """A fresh stream with the models of a folder (default: those in use).

    ``segmentation``, ``probability`` and ``encoder`` stand in for those of the models; ``live`` is
    :class:`core.stream.diarizer.Diarizer`'s.

    Raises
    ------
    ModelError
        If a model file is missing or isn't the one that the manifest names.
    MissingExtraError
        If the reference engine is asked for and ``[train]`` isn't installed.
    """
    models = models or current_models()
    network = decoder_model(models)
    decoder: OnlineDecoder
    if engine == "keras":
        from core.training.reference.keras_encoder import KerasEncoder
        from core.training.reference.uisrnn_decoder import ReferenceDecoder

        encoder = encoder or KerasEncoder(models)
        decoder = ReferenceDecoder(network, beam_size=BEAM, max_speakers=max_speakers, lag=LAG)
    else:
        encoder = encoder or OnnxEncoder(models)
        decoder = Decoder(network, beam_size=BEAM, max_speakers=max_speakers, lag=LAG)
    return Diarizer(
        encoder,
        decoder,
        segmentation or Segmentation.of(models),
        probability or SpeechEdges.of(models),
        live=live,
    )


def decoder_model(models: ModelSet) -> UISRNNModel:
    """The UIS-RNN of a set; :class:`ModelError` as for :func:`new_diarizer`."""
    return UISRNNModel.from_npz(models.verified(models.decoder))


def diarize_file(
    path: str | PathLike[str],
    *,
    models: ModelSet | None = None,
    engine: Engine = "onnx",
    speakers: SpeakerCount | None = None,
    bias: float = 0.0,
    method: MethodName = "in-turns",
    track: int | None = None,
    channels: Channels = "mix",
    second_pass: bool = True,
    on_progress: Callable[[Progress], None] | None = None,
    on_changes: Callable[[Changes], None] | None = None,
    on_samples: Callable[[Array], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Result:
    """Who speaks when in a recording.

    Parameters
    ----------
    speakers
        How many there are. The first pass heeds the maximum, the second all of it.
    bias
        -1 (fewer) to 1 (more): where the second pass draws the line between two voices and one.
    method
        How the second pass groups windows: :data:`core.refine.methods.METHODS`.
    track
        Number of the sound track, where there are several; as for
        :class:`core.audio.read.AudioReader`.
    channels
        ``mix`` makes one sound of all channels. ``speakers`` hears every channel alone: nobody
        speaks on two of them, several may on one. ``auto`` finds out whether they are different
        people's (:mod:`core.channels.separation`), and mixes them if not, or if ``speakers`` are
        fewer than they. The recording is read twice then.
    second_pass
        False for the turns as a live session would have them.
    on_progress, on_changes, on_samples
        Called every few seconds of the recording, in this thread: how far it is, what changed
        in the turns, and the 16 kHz samples themselves (for a waveform).
    cancelled
        Asked as often; True ends the job.

    Raises
    ------
    InputError
        If the recording can't be read.
    Cancelled
        If ``cancelled`` said so.
    """
    speakers = speakers or SpeakerCount()
    windows: list[Window] = []

    def check() -> None:
        if cancelled and cancelled():
            raise Cancelled("stopped; nothing was written")

    def tell(stage: Stage, fraction: float | None) -> None:
        check()
        if on_progress:
            on_progress(Progress(stage, fraction, position))

    def refining() -> None:
        tell("refining", None)

    position = 0
    split = None
    if channels != "mix":
        split = split_of(path, channels, track, lambda r: tell("reading", r.position))
    with AudioReader(path, track) as reader:
        models = models or current_models()
        grouped_by = method_named(method, partial(decoder_model, models))
        if split and _may_be(split, speakers, channels):
            streams = _Streams(models, engine, speakers, split)
            for parts in one_ahead(streams.heard_ahead(ShareReader(reader, split).blocks())):
                check()
                changes = streams.push(parts, provisional=on_changes is not None)
                position = changes.position
                if on_samples:
                    on_samples(parts[-1])
                if on_changes:
                    on_changes(changes)
                tell("listening", reader.position)
            return streams.concluded(
                reader.warnings, second_pass, bias=bias, method=grouped_by, on_refine=refining
            )
        speech = HeardAhead(SpeechEdges.of(models))
        voices = HeardAhead(Segmentation.of(models, threads=cores()))
        diarizer = new_diarizer(
            models, engine, speakers.maximum, segmentation=voices, probability=speech
        )
        for samples in one_ahead(heard_ahead(reader, speech, voices)):
            check()
            changes = diarizer.push(samples, provisional=on_changes is not None)
            windows += changes.windows
            position = changes.position
            if on_samples:
                on_samples(samples)
            if on_changes:
                on_changes(changes)
            tell("listening", reader.position)
        warnings = tuple(reader.warnings)
    return concluded(
        diarizer,
        windows,
        position,
        warnings,
        speakers if second_pass else None,
        bias=bias,
        method=grouped_by,
        on_refine=refining,
    )


def _may_be(split: ChannelSplit, speakers: SpeakerCount, channels: Channels) -> bool:
    """Whether there may be as many speakers as shares of the channels that were found out."""
    most = speakers.maximum
    return channels == "speakers" or most is None or most >= len(split.shares)


class _Streams:
    """The channels of different people: a stream each, told as one."""

    def __init__(
        self, models: ModelSet, engine: Engine, speakers: SpeakerCount, split: ChannelSplit
    ) -> None:
        self._split, self._speakers = split, speakers
        count = len(split.shares)
        most = max(1, speakers.maximum - count + 1) if speakers.maximum else None
        self._stages = [
            (
                HeardAhead(SpeechEdges.of(models)),
                HeardAhead(Segmentation.of(models, threads=cores())),
            )
            for _ in range(count)
        ]
        self._streams = [
            new_diarizer(models, engine, most, segmentation=voices, probability=speech)
            for speech, voices in self._stages
        ]
        self._together = StreamsAsOne(count)

    def heard_ahead(self, blocks: Iterator[tuple[Array, ...]]) -> Iterator[tuple[Array, ...]]:
        """The blocks of all shares, each heard by its share's stages when it comes."""
        for parts in joined_parts(blocks):
            for stages, samples in zip(self._stages, parts, strict=False):
                for stage in stages:
                    stage.hear(samples)
            yield parts

    def push(self, parts: Sequence[Array], *, provisional: bool) -> Changes:
        """Hear more of every share."""
        return self._together.push(
            [
                stream.push(samples, provisional=provisional)
                for stream, samples in zip(self._streams, parts, strict=False)
            ]
        )

    def concluded(
        self,
        warnings: Sequence[str],
        second_pass: bool,
        *,
        bias: float,
        method: Method,
        on_refine: Callable[[], None],
    ) -> Result:
        """What comes of it; nobody speaks on two channels."""
        together = self._together
        first = [stream.finish() for stream in self._streams]
        duration = max(annotation.duration for annotation in first)
        together.end([stream.rest for stream in self._streams])
        windows = together.windows
        found = first
        if second_pass:
            on_refine()
            found = refine_apart(
                [together.windows_of(n) for n in range(len(first))],
                [stream.speech for stream in self._streams],
                duration,
                self._speakers,
                bias=bias,
                method=method,
            )
        annotation, lanes = named_after(found, self._split.names)
        return Result(
            annotation,
            named_after(first, self._split.names)[0],
            windows,
            together.speech([stream.speech for stream in self._streams]),
            (*warnings, *(line for stream in self._streams for line in _rejections(stream))),
            self._split,
            lanes,
        )


def concluded(
    diarizer: Diarizer,
    windows: Sequence[Window],
    duration: int,
    warnings: Sequence[str],
    speakers: SpeakerCount | None,
    *,
    bias: float = 0.0,
    method: Method = in_turns,
    on_refine: Callable[[], None] = lambda: None,
) -> Result:
    """What comes of a stream that has heard all of a recording; no second pass without a number
    of ``speakers``. ``on_refine`` is called before that pass."""
    first_pass = annotation = diarizer.finish()
    windows = (*windows, *diarizer.rest)
    if speakers:
        on_refine()
        annotation = refine(windows, diarizer.speech, duration, speakers, bias=bias, method=method)
    return Result(
        annotation,
        first_pass,
        windows,
        diarizer.speech,
        (*warnings, *_rejections(diarizer)),
    )


class HeardAhead(Generic[Said]):
    """A stage that hears blocks in another thread before the diarizer gets them.

    It says the same at the same block: only when it is worked out is another.
    """

    def __init__(self, stage: StreamStage[Said]) -> None:
        self._stage = stage
        self.latency = stage.latency
        self._heard: deque[Said] = deque()

    def hear(self, samples: Array) -> None:
        """What the stage says to the next block that will be pushed."""
        self._heard.append(self._stage.push(samples))

    def push(self, samples: Array) -> Said:
        return self._heard.popleft()

    def flush(self) -> Said:
        return self._stage.flush()

    def preview(self) -> Tile | None:
        """Nothing: files are not live."""
        return None


def heard_ahead(reader: AudioReader, *stages: HeardAhead[Any]) -> Iterator[Array]:
    """The blocks of a recording, each heard by the stages when it comes."""
    for samples in joined(reader.blocks()):
        for stage in stages:
            stage.hear(samples)
        yield samples


def joined(blocks: Iterator[Array]) -> Iterator[Array]:
    """Blocks of :data:`BLOCK` samples or a little more: enough windows for all processors."""
    parts: list[Array] = []
    for block in blocks:
        parts.append(block)
        if sum(map(len, parts)) >= BLOCK:
            yield np.concatenate(parts)
            parts = []
    if parts:
        yield np.concatenate(parts)


def joined_parts(blocks: Iterator[tuple[Array, ...]]) -> Iterator[tuple[Array, ...]]:
    """The same of blocks in several parts side by side, of which the last says how long it is."""
    parts: list[tuple[Array, ...]] = []
    for block in blocks:
        parts.append(block)
        if sum(len(part[-1]) for part in parts) >= BLOCK:
            yield tuple(map(np.concatenate, zip(*parts, strict=True)))
            parts = []
    if parts:
        yield tuple(map(np.concatenate, zip(*parts, strict=True)))


def one_ahead(blocks: Iterator[Block]) -> Iterator[Block]:
    """The same blocks; the next is made in another thread while this one is worked on, unless
    there is but one core to work on."""
    if cores() < 2:
        yield from blocks
        return
    with ThreadPoolExecutor(1, "reader") as pool:
        coming = pool.submit(next, blocks, None)
        while (block := coming.result()) is not None:
            coming = pool.submit(next, blocks, None)
            yield block


def _rejections(diarizer: Diarizer) -> list[str]:
    count = sum(diarizer.rejected.values())
    if not count:
        return []
    reasons = ", ".join(f"{n} {reason}" for reason, n in sorted(diarizer.rejected.items()))
    return [f"{count} windows gave no usable embedding and were left out ({reasons})"]
