"""The whole job on one recording: file in, annotation out. Command line and window both call it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from os import PathLike
from typing import Any, Generic, Literal, Protocol, TypeVar

import numpy as np

from core.annotation.values import Annotation
from core.arrays import Array
from core.audio.read import AudioReader
from core.errors import Cancelled
from core.models.folders import current_models
from core.models.manifest import ModelSet
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

Said = TypeVar("Said", covariant=True)


class StreamStage(Protocol[Said]):
    """A stage of the stream."""

    latency: int

    def push(self, samples: Array) -> Said: ...

    def flush(self) -> Said: ...


__all__ = ["Engine", "Progress", "Result", "SpeakerCount", "diarize_file", "new_diarizer"]


@dataclass(frozen=True)
class Progress:
    """How far a job is: ``fraction`` of the recording (None if its length isn't known)."""

    stage: Literal["listening", "refining", "reading"]
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
    """

    annotation: Annotation
    first_pass: Annotation
    windows: tuple[Window, ...]
    speech: Speech
    warnings: tuple[str, ...] = field(default=())


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

    def refining() -> None:
        check()
        if on_progress:
            on_progress(Progress("refining", None, position))

    position = 0
    with AudioReader(path, track) as reader:
        models = models or current_models()
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
            if on_progress:
                on_progress(Progress("listening", reader.position, position))
        warnings = tuple(reader.warnings)
    return concluded(
        diarizer,
        windows,
        position,
        warnings,
        speakers if second_pass else None,
        bias=bias,
        method=method_named(method, partial(decoder_model, models)),
        on_refine=refining,
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


def one_ahead(blocks: Iterator[Array]) -> Iterator[Array]:
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
