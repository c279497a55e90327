"""The stream: 16 kHz samples in, turns out. File and microphone both go through it.

However the same samples are cut into chunks, the turns are the same. State is bounded: it grows
with the number of speakers and of turns, not with time; embeddings are handed out, not kept.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from core.annotation import Annotation, Turn
from core.decoder import Decoded
from core.encoder import Encoder
from core.speech import FRAME, SpeechMask, SpeechProbability
from core.turns import join_neighbours, lay_turns, midpoint

Array = NDArray[np.float32]

BEAM = 20
"""Hypotheses that the decoder follows; with 10 it misses voices in long conversations."""
LAG = 60
"""A label is settled at the latest this many windows later (30 s)."""
MIN_SPEECH = 0.25
"""Share of a window that has to be speech, or the window says nothing about a voice."""


class OnlineDecoder(Protocol):
    """What labels a stream of embeddings; see :class:`core.decoder.Decoder`."""

    rejected: Counter[str]

    def push(self, embedding: Array) -> Decoded | None:
        """Label one more embedding (dim,); None if it can't be used."""
        ...

    def finish(self) -> Decoded:
        """Settle everything."""
        ...


@dataclass(frozen=True, slots=True)
class Window:
    """What one window said: kept for the second pass, which needs no audio.

    Parameters
    ----------
    start, end
        Its samples.
    embedding
        (dim,) float32.
    speech
        Share of the window that is speech, 0..1.
    """

    start: int
    end: int
    embedding: Array
    speech: float

    @property
    def centre(self) -> int:
        """The sample whose voice the window tells."""
        return (self.start + self.end) // 2


@dataclass(frozen=True, slots=True)
class Changes:
    """What a push changed.

    Parameters
    ----------
    position
        Samples heard so far.
    since
        Turns that end at or before this sample are as they were, settled, and not listed.
    turns
        All turns after ``since``, in place of those that were there.
    windows
        The windows that this push completed.
    """

    position: int
    since: int
    turns: tuple[Turn, ...]
    windows: tuple[Window, ...] = ()


@dataclass
class _Labels:
    """The labelled windows that can still move an edge."""

    centres: list[int] = field(default_factory=list)
    labels: list[int] = field(default_factory=list)
    dropped: int = 0
    """How many settled windows are no longer in the lists."""
    settled: int = 0
    """Settled windows counted from the first of the stream."""

    def forget(self, bound: int) -> None:
        """Drop the settled windows that lie before the one which holds at ``bound``."""
        settled = self.settled - self.dropped
        done = 0
        while done + 1 < settled and self.centres[done + 1] <= bound:
            done += 1
        del self.centres[:done], self.labels[:done]
        self.dropped += done


class Diarizer:
    """Samples in, turns out.

    Parameters
    ----------
    encoder, decoder
        Embedding of a window, label of an embedding. The decoder must be new.
    probability, mask
        The two stages of voice activity; they must be new too.
    """

    def __init__(
        self,
        encoder: Encoder,
        decoder: OnlineDecoder,
        probability: SpeechProbability,
        mask: SpeechMask | None = None,
    ) -> None:
        self._encoder = encoder
        self._decoder = decoder
        self._probability = probability
        self._mask = mask or SpeechMask()
        self._position = 0
        self._samples: Array = np.zeros(0, np.float32)  # from _next_start on
        self._next_start = 0  # of the next window
        self._pending: Array = np.zeros(0, np.float32)  # probabilities not yet in the mask
        self._masked = 0  # frames in the mask
        self._stretches: list[tuple[int, int]] = []  # all that are final
        self._first_recent = 0  # of those, the first that can still matter
        self._labels = _Labels()
        self._final = 0  # nothing before this sample changes any more
        self._done: list[Turn] = []  # the turns before _final; the last may still grow
        self._finished = False

    @property
    def rejected(self) -> Counter[str]:
        """Windows whose embedding couldn't be used, by reason."""
        return self._decoder.rejected

    @property
    def speech(self) -> tuple[tuple[int, int], ...]:
        """The stretches of speech (start, end) that are final, in samples."""
        return tuple(self._stretches)

    def push(self, samples: Array) -> Changes:
        """Hear more samples, (n,) float32 at 16 kHz."""
        if self._finished:
            raise ValueError("the stream is finished")
        samples = np.asarray(samples, np.float32)
        self._position += len(samples)
        self._samples = np.concatenate([self._samples, samples])
        self._pending = np.concatenate([self._pending, self._probability.push(samples)])
        windows = self._label(self._complete_windows())
        self._feed_mask(self._position)
        return self._update(self._bound(), windows)

    def finish(self) -> Annotation:
        """End of the stream: everything is settled."""
        if not self._finished:
            self._finished = True
            self._pending = np.concatenate([self._pending, self._probability.flush()])
            self._feed_mask(self._position + FRAME)
            self._stretches += self._mask.flush(self._position)
            labels = self._labels
            decoded = self._decoder.finish()
            labels.labels[decoded.first - labels.dropped :] = decoded.labels
            labels.settled = labels.dropped + len(labels.labels)
            self._update(self._position, ())
        return Annotation.build(self._done, self._position)

    # windows and their labels

    def _complete_windows(self) -> list[tuple[int, float]]:
        """(start, share of speech) of the windows that are complete and hold enough speech."""
        found: list[tuple[int, float]] = []
        length = self._encoder.window
        while self._next_start + length <= self._position:
            # The mask as it is known at the end of the window, whatever has arrived since.
            end = self._next_start + length
            self._feed_mask(end)
            share = self._speech_between(self._next_start, end) / length
            if share >= MIN_SPEECH:
                found.append((self._next_start, share))
            self._next_start += self._encoder.hop
        return found

    def _label(self, found: list[tuple[int, float]]) -> tuple[Window, ...]:
        length = self._encoder.window
        origin = self._position - len(self._samples)
        windows: list[Window] = []
        if found:
            views = sliding_window_view(self._samples, length)
            embeddings = self._encoder.embed(views[[start - origin for start, _ in found]])
            labels = self._labels
            for (start, share), embedding in zip(found, embeddings, strict=True):
                decoded = self._decoder.push(embedding)
                if decoded is None:
                    continue
                windows.append(Window(start, start + length, embedding, share))
                labels.centres.append(windows[-1].centre)
                labels.labels[decoded.first - labels.dropped :] = decoded.labels
                labels.settled = decoded.settled
        self._samples = self._samples[min(self._next_start - origin, len(self._samples)) :].copy()
        return tuple(windows)

    def _feed_mask(self, end: int) -> None:
        """Give the mask the probabilities of all frames that end at or before this sample."""
        count = min(max(0, end // FRAME - self._masked), len(self._pending))
        self._stretches += self._mask.push(self._pending[:count])
        self._pending = self._pending[count:]
        self._masked += count

    def _speech_between(self, start: int, end: int) -> int:
        return sum(max(0, min(e, end) - max(s, start)) for s, e in self._recent())

    # turns

    def _bound(self) -> int:
        """The sample before which neither speech nor labels can change any more."""
        labels = self._labels
        settled = labels.settled - labels.dropped
        if settled:
            # The next change of speaker lies between the centres of two windows; where they are
            # further apart than a hop, within a hop of the middle.
            upcoming = self._next_start + self._encoder.window // 2
            following = [*labels.centres[settled : settled + 1], upcoming][0]
            labelled = (labels.centres[settled - 1] + following - self._encoder.hop) // 2
        else:
            labelled = min((start for start, _ in self._speech()), default=self._position)
        return max(self._final, min(labelled, self._mask.certain))

    def _recent(self) -> list[tuple[int, int]]:
        """The stretches that can still matter, with the one that is going on."""
        recent = self._stretches[self._first_recent :]
        return recent if self._mask.open is None else [*recent, self._mask.open]

    def _speech(self) -> list[tuple[int, int]]:
        """The speech after ``_final`` as far as it is known, cut there and at the end."""
        cut = ((max(start, self._final), min(end, self._position)) for start, end in self._recent())
        return [(start, end) for start, end in cut if start < end]

    def _update(self, bound: int, windows: tuple[Window, ...]) -> Changes:
        labels = self._labels
        turns = lay_turns(self._speech(), labels.labels, midpoint(labels.centres))
        final = [replace(t, end=min(t.end, bound)) for t in turns if t.start < bound]
        provisional = [
            replace(t, start=max(t.start, bound), settled=False) for t in turns if t.end > bound
        ]
        growing = self._done and self._done[-1].end == self._final
        last = [self._done.pop()] if growing else []
        since = last[0].start if last else self._final
        final = join_neighbours([*last, *final])
        self._done += final
        self._final = bound
        # Windows that are still to come count the speech in them.
        needed = min(bound, self._next_start)
        while (
            self._first_recent < len(self._stretches)
            and self._stretches[self._first_recent][1] <= needed
        ):
            self._first_recent += 1
        labels.forget(bound)
        return Changes(
            self._position, since, tuple(join_neighbours([*final, *provisional])), windows
        )
