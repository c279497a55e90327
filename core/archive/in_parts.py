"""One long recording in parts, for several workers: the same result as of ``diarize_file``.

Reading, segmentation, voice activity and the decoder are one after the other here, but the
encoder, which takes most of the time, need not be: each window stands alone. So one worker listens
(:func:`listen`), some embed a part of the windows each (:func:`embed`; each reads the recording up
to the end of its part), and one concludes (:func:`conclude`, without the sound). Nothing depends on
how many parts there are; the embeddings are those of one process, bit by bit, on processors of one
kind.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from core.arrays import Array
from core.audio.read import AudioReader
from core.errors import Cancelled
from core.models.manifest import ModelSet
from core.pipeline import (
    Result,
    SpeakerCount,
    concluded,
    joined,
    new_diarizer,
    one_ahead,
)
from core.runtime import cores
from core.stream.changes import Window
from core.stream.diarizer import BLOCK, Cut, Diarizer
from core.stream.encoder import OnnxEncoder
from core.stream.replay import (
    Deaf,
    Everything,
    RecordedProbability,
    RecordedTiles,
    Remembered,
    RememberedSpeech,
    RememberedTiles,
)
from core.stream.segmentation import Segmentation, Tile
from core.stream.speech_edges import SpeechEdges

Tell = Callable[[float | None], None]


@dataclass(frozen=True)
class Listened:
    """A recording without its voices.

    Parameters
    ----------
    wanted
        The windows that an embedding is wanted of, in order.
    tiles
        What segmentation said.
    probabilities
        (frames,) float32, of voice activity.
    latency
        Samples from the beginning of a frame to its probability.
    duration
        Samples.
    warnings
        What was wrong with the recording, a line each.
    """

    wanted: tuple[Cut, ...]
    tiles: tuple[Tile, ...]
    probabilities: Array
    latency: int
    duration: int
    warnings: tuple[str, ...]

    def part(self, number: int, parts: int) -> tuple[Cut, ...]:
        """The windows of one of some parts that are as good as equal."""
        bounds = [len(self.wanted) * n // parts for n in (number, number + 1)]
        return self.wanted[slice(*bounds)]


def listen(
    path: Path,
    models: ModelSet,
    *,
    track: int | None = None,
    tell: Tell = lambda fraction: None,
    on_samples: Callable[[Array], None] | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Listened:
    """Where speech is, and which windows the stream would embed; raises as ``diarize_file``."""
    speech = RecordedProbability(SpeechEdges.of(models))
    voices = RecordedTiles(Segmentation.of(models, threads=cores()))
    wanted: list[Cut] = []
    deaf = Deaf(models.encoder.window, models.encoder.hop)
    diarizer = Diarizer(deaf, Everything(), voices, speech, on_cuts=wanted.extend)
    position = 0
    with AudioReader(path, track) as reader:
        for samples in one_ahead(joined(reader.blocks())):
            if cancelled():
                raise Cancelled("stopped")
            position = diarizer.push(samples, provisional=False).position
            if on_samples:
                on_samples(samples)
            tell(reader.position)
        warnings = tuple(reader.warnings)
    diarizer.finish()
    return Listened(
        tuple(wanted), tuple(voices.tiles), speech.heard, speech.latency, position, warnings
    )


def embed(
    path: Path,
    models: ModelSet,
    wanted: Sequence[Cut],
    *,
    track: int | None = None,
    tell: Tell = lambda fraction: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Array:
    """What the encoder says of some windows (:meth:`core.stream.encoder.Encoder.embed`), in their
    order.

    Raises
    ------
    InputError
        If the recording can't be read.
    Cancelled
        If ``cancelled`` said so.
    """
    encoder = OnnxEncoder(models)
    found: list[Array] = []
    kept: Array = np.zeros(0, np.float32)
    done = position = 0
    if not wanted:
        return encoder.embed(np.zeros((0, encoder.window), np.float32))
    # Windows come by the middles of what is heard in them, not by where they begin.
    order = sorted(range(len(wanted)), key=lambda n: wanted[n].window)
    starts = np.array([wanted[n].window for n in order], np.int64)
    with AudioReader(path, track) as reader:
        for samples in one_ahead(joined(reader.blocks())):
            if cancelled():
                raise Cancelled("stopped")
            kept = np.concatenate([kept, samples])
            position += len(samples)
            complete = int(np.searchsorted(starts, position - encoder.window, side="right"))
            if complete > done:
                views = sliding_window_view(kept, encoder.window)
                samples_of = views[starts[done:complete] - (position - len(kept))]
                columns = [wanted[n].columns for n in order[done:complete]]
                found.append(encoder.embed(samples_of, columns))
                done = complete
                tell(done / len(starts))
            if done == len(starts):
                break
            kept = kept[max(0, len(kept) - max(0, position - int(starts[done]))) :].copy()
    heard = np.concatenate(found)
    embeddings = np.empty_like(heard)
    embeddings[order] = heard
    return embeddings


def conclude(
    models: ModelSet,
    listened: Listened,
    embeddings: Sequence[Array],
    *,
    speakers: SpeakerCount | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Result:
    """The result, from the embeddings of all parts in their order."""
    speakers = speakers or SpeakerCount()
    entry = models.encoder
    diarizer = new_diarizer(
        models,
        max_speakers=speakers.maximum,
        segmentation=RememberedTiles(listened.tiles),
        probability=RememberedSpeech(listened.probabilities, listened.latency),
        encoder=Remembered(np.concatenate(embeddings), entry.window, entry.hop, entry.dim),
    )
    windows: list[Window] = []
    for start in range(0, listened.duration, BLOCK):
        if cancelled():
            raise Cancelled("stopped")
        silence = np.zeros(min(BLOCK, listened.duration - start), np.float32)
        windows += diarizer.push(silence, provisional=False).windows
    return concluded(diarizer, windows, listened.duration, listened.warnings, speakers)
