"""The stream: 16 kHz samples in, turns out. File and microphone both go through it.

However the same samples are cut into chunks, the turns are the same. State is bounded: it grows
with the number of speakers and of turns, not with time; embeddings are handed out, not kept.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from core.annotation.values import Annotation, Turn, join_turns
from core.arrays import Array
from core.errors import EditError
from core.stream.changes import Changes, Window
from core.stream.encoder import Encoder
from core.stream.laying import balance_point, change_point, lay_turns
from core.stream.speech import FRAME, Interval, Probability, Speech, SpeechMask
from core.uisrnn.decoder import Decoded
from core.units import SAMPLE_RATE

BEAM = 20
"""Hypotheses that the decoder follows; with 10 it misses voices in long conversations."""
LAG = 60
"""A label is settled at the latest this many windows later (30 s)."""
CONTEXT = 3
"""Hops on either side of a change of speaker whose windows tell the two voices."""
MIN_SPEECH = 0.25
"""Share of a window that has to be speech, or the window says nothing about a voice."""
BLOCK = 4 * SAMPLE_RATE
"""Samples of a file that the stream is given at a time."""


class OnlineDecoder(Protocol):
    """What labels a stream of embeddings; see :class:`core.uisrnn.decoder.Decoder`."""

    rejected: Counter[str]

    def push(self, embedding: Array) -> Decoded | None:
        """Label one more embedding (dim,); None if it can't be used."""
        ...

    def finish(self) -> Decoded:
        """Settle everything."""
        ...


@runtime_checkable
class SteeredDecoder(Protocol):
    """What a person can correct while it works; see :class:`core.uisrnn.decoder.Decoder`."""

    def merge(self, keep: int, gone: int) -> Decoded: ...

    def unmerge(self, gone: int) -> Decoded: ...

    def pin(self, speaker: int) -> Decoded: ...

    def limit(self, most: int | None) -> Decoded: ...

    @property
    def folded(self) -> dict[int, int]: ...

    def relearn(self, speaker: int, embeddings: Sequence[Array], *, newest: bool) -> Decoded: ...


@dataclass
class _Labelled:
    """The labelled windows that can still move an edge, in time order.

    A change of speaker between two windows is found from these and the windows up to ``reach``
    samples away from them, so it is fixed only when all of those are settled.
    """

    reach: int
    windows: list[Window] = field(default_factory=list)
    labels: list[int] = field(default_factory=list)
    dropped: int = 0
    """How many settled windows are no longer in the lists."""
    settled: int = 0
    """How many of those in the lists are settled."""

    def add(self, window: Window, decoded: Decoded) -> None:
        self.windows.append(window)
        self.update(decoded)

    def update(self, decoded: Decoded) -> None:
        self.labels[decoded.first - self.dropped :] = decoded.labels
        self.settled = decoded.settled - self.dropped

    def forget(self, bound: int) -> None:
        """Drop the windows that no edge after ``bound`` depends on."""
        at_bound = bisect_right(self.windows, bound, hi=self.settled, key=lambda w: w.centre) - 1
        if at_bound < 0:
            return
        oldest = self.windows[at_bound].centre - self.reach
        done = bisect_left(self.windows, oldest, hi=at_bound, key=lambda w: w.centre)
        del self.windows[:done], self.labels[:done]
        self.dropped += done
        self.settled -= done

    def part(self, i: int) -> float:
        """How much of the way from window i to the next the pulls of their voices balance."""
        here, there = self.windows[i].embedding, self.windows[i + 1].embedding
        old = self._voice(i, -1)
        new = self._voice(i + 1, 1)
        return balance_point(
            float(np.sum((here - new) ** 2) - np.sum((here - old) ** 2)),
            float(np.sum((there - old) ** 2) - np.sum((there - new) ** 2)),
        )

    def _voice(self, edge: int, step: int) -> Array:
        """The mean of the windows beyond the window at the edge of a turn, or that one's own."""
        found: list[Array] = []
        index = edge + step
        while (
            0 <= index < len(self.labels)
            and self.labels[index] == self.labels[edge]
            and abs(self.windows[index].centre - self.windows[edge].centre) <= self.reach
        ):
            found.append(self.windows[index].embedding)
            index += step
        return np.mean(found, axis=0) if found else self.windows[edge].embedding


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
        probability: Probability,
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
        self._first_recent = 0  # of the mask's final stretches, the first that can still matter
        self._labelled = _Labelled(CONTEXT * encoder.hop)
        self._final = 0  # nothing before this sample changes any more
        self._provisional: list[Turn] = []  # the turns after it
        self._done: list[Turn] = []  # the turns before _final; the last may still grow
        self._finished = False

    @property
    def rejected(self) -> Counter[str]:
        """Windows whose embedding couldn't be used, by reason."""
        return self._decoder.rejected

    @property
    def heard(self) -> Annotation:
        """All turns as they are known now; those that are not settled may change."""
        return Annotation.build([*self._done, *self._provisional], self._position)

    @property
    def speech(self) -> Speech:
        """The speech that is final."""
        return Speech(tuple(self._mask.stretches), tuple(self._mask.pauses))

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
            self._feed_mask(self._position + self._probability.latency)
            self._mask.flush(self._position)
            self._labelled.update(self._decoder.finish())
            self._update(self._position, ())
        return Annotation.build(self._done, self._position)

    # what a person says meanwhile

    def merge(self, keep: int, gone: int) -> Changes:
        """Two speakers are one: no turn after the settled ones is ``gone``'s.

        Raises
        ------
        EditError
            If there are no two such speakers, or the decoder can't be corrected.
        """
        return self._steered(self._steerable().merge(keep, gone))

    def unmerge(self, gone: int) -> Changes:
        """Take a merge back, for what is not settled; raises as :meth:`merge` does."""
        return self._steered(self._steerable().unmerge(gone))

    def pin(self, speaker: int) -> Changes:
        """This speaker exists: no second thought takes it away; raises as :meth:`merge` does."""
        return self._steered(self._steerable().pin(speaker))

    def limit(self, most: int | None) -> Changes:
        """No more speakers than this from now on, None for any number; raises as :meth:`merge`
        does. Whom it takes for others is in :attr:`folded`."""
        return self._steered(self._steerable().limit(most))

    @property
    def folded(self) -> dict[int, int]:
        """Speakers beyond the limit, and for whom they are taken as long as it holds. Turns of
        theirs that are settled keep their label in :class:`Changes`."""
        return self._steerable().folded

    def relearn(self, said: Mapping[int, Sequence[Window]]) -> Changes:
        """A person says what these speakers said, whatever the turns say: they are known by these
        windows, in time order, alone; without any, as before. Raises as :meth:`merge` does."""
        decoder = self._steerable()
        for speaker, windows in said.items():
            newest = bool(windows) and windows[-1].start == self._newest
            embeddings = [window.embedding for window in windows]
            self._labelled.update(decoder.relearn(speaker, embeddings, newest=newest))
        return self._update(self._bound(), ())

    @property
    def _newest(self) -> int:
        """Where the newest window starts; -1 before there is one."""
        return self._labelled.windows[-1].start if self._labelled.windows else -1

    def _steerable(self) -> SteeredDecoder:
        if not isinstance(self._decoder, SteeredDecoder):
            raise EditError("the reference engine can't be corrected while it listens")
        return self._decoder

    def _steered(self, decoded: Decoded) -> Changes:
        self._labelled.update(decoded)
        return self._update(self._bound(), ())

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
            for (start, share), embedding in zip(found, embeddings, strict=True):
                decoded = self._decoder.push(embedding)
                if decoded is not None:
                    window = Window(start, start + length, embedding, share)
                    windows.append(window)
                    self._labelled.add(window, decoded)
        self._samples = self._samples[min(self._next_start - origin, len(self._samples)) :].copy()
        return tuple(windows)

    def _feed_mask(self, end: int) -> None:
        """Give the mask the probabilities that are there when this sample is."""
        known = (end - self._probability.latency) // FRAME + 1
        count = min(max(0, known - self._masked), len(self._pending))
        self._mask.push(self._pending[:count])
        self._pending = self._pending[count:]
        self._masked += count

    def _speech_between(self, start: int, end: int) -> int:
        return sum(max(0, min(e, end) - max(s, start)) for s, e in self._recent())

    # turns

    def _bound(self) -> int:
        """The sample before which neither speech nor labels can change any more."""
        certain = self._mask.certain
        labelled = self._labelled
        if not labelled.settled:
            first = min((start for start, _ in self._speech()), default=certain)
            return max(self._final, min(first, certain))
        last = labelled.settled - 1
        frontier = self._frontier()
        sure = min(certain, frontier - self._labelled.reach - 1)  # changes up to here are fixed
        for i in range(last):
            changes = labelled.labels[i] != labelled.labels[i + 1]
            if changes and labelled.windows[i + 1].centre > max(sure, self._final):
                last, frontier = i, labelled.windows[i + 1].centre
                break
        # The label of that window holds to its centre; if the stretch of speech around it has
        # ended before the next window's, to its end: no change is put into the rest of a stretch.
        centre = labelled.windows[last].centre
        ends = [end for start, end in self._recent(final=True) if start <= centre < end <= frontier]
        return max(self._final, min(*ends, certain) if ends else min(centre, certain))

    def _frontier(self) -> int:
        """The centre of the first window that isn't settled, or of the next that may come."""
        labelled = self._labelled
        if labelled.settled < len(labelled.windows):
            return labelled.windows[labelled.settled].centre
        return self._next_start + self._encoder.window // 2

    def _recent(self, *, final: bool = False) -> list[Interval]:
        """The stretches that can still matter, with the one that is going on unless ``final``."""
        recent = self._mask.stretches[self._first_recent :]
        return recent if final or self._mask.open is None else [*recent, self._mask.open]

    def _speech(self) -> list[Interval]:
        """The speech after ``_final`` as far as it is known, cut there and at the end."""
        cut = ((max(start, self._final), min(end, self._position)) for start, end in self._recent())
        return [(start, end) for start, end in cut if start < end]

    def _place(self, i: int) -> int:
        here, there = (window.centre for window in self._labelled.windows[i : i + 2])
        return change_point(here, there, self._labelled.part(i), self._recent(), self._mask.pauses)

    def _update(self, bound: int, windows: tuple[Window, ...]) -> Changes:
        turns = lay_turns(self._speech(), self._labelled.labels, self._place)
        final = [replace(t, end=min(t.end, bound)) for t in turns if t.start < bound]
        provisional = [
            replace(t, start=max(t.start, bound), settled=False) for t in turns if t.end > bound
        ]
        growing = self._done and self._done[-1].end == self._final
        last = [self._done.pop()] if growing else []
        since = last[0].start if last else self._final
        final = join_turns([*last, *final])
        self._done += final
        self._provisional = provisional
        self._final = bound
        self._labelled.forget(bound)
        self._forget_speech()
        return Changes(self._position, since, tuple(join_turns([*final, *provisional])), windows)

    def _forget_speech(self) -> None:
        """Step over the stretches that neither a coming window nor a change can need."""
        kept = self._labelled.windows[:1]
        needed = min([self._final, self._next_start, *(w.centre for w in kept)])
        stretches = self._mask.stretches
        while self._first_recent < len(stretches) and stretches[self._first_recent][1] <= needed:
            self._first_recent += 1
