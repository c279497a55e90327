"""The stream: 16 kHz samples in, turns out. File and microphone both go through it.

However the same samples are cut into chunks, the turns are the same. State is bounded: it grows
with the number of speakers and of turns, not with time; embeddings are handed out, not kept.

Segmentation hears chunks of the recording and decides a *tile* of each. In the windows of a tile
every local voice that speaks alone for long enough makes an observation, in time order, and the
decoder gives each a speaker. Turns are laid tile by tile (:mod:`core.stream.laying`), for good once
the labels in it and in the tile after it are settled. What no tile has decided yet, the newest
seconds, is heard in :meth:`Diarizer.preview`, which changes nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from core.annotation.values import Annotation, Turn, join_turns
from core.arrays import Array
from core.errors import EditError
from core.stream.changes import NOBODY, Changes, Window
from core.stream.encoder import Columns, VoiceEncoder
from core.stream.features import FFT
from core.stream.features import HOP as COLUMN
from core.stream.fusion import speech_in
from core.stream.laying import balance_point, change_point, lay_voices
from core.stream.segmentation import LOCAL, MARGIN, OFFSET, STEP, Tile, frame_at, sample_at
from core.stream.speech import (
    FRAME,
    Interval,
    Probability,
    Speech,
    SpeechMask,
    SpeechSettings,
    VoiceSpan,
)
from core.uisrnn.decoder import Decoded, LocalVoice
from core.units import SAMPLE_RATE

BEAM = 20
"""Hypotheses that the decoder follows; with 10 it misses voices in long conversations."""
LAG = 60
"""A label is settled at the latest this many windows later (30 s)."""
SPEAKS = 0.5
"""A local voice speaks in the frames in which this is as likely."""
ALONE = 2 * SAMPLE_RATE // 5
"""Samples of a window in which a local voice has to speak alone to be heard in it (0.4 s)."""
MIN_SPEECH = 0.25
"""Share of a window that has to be speech, where no local voice is heard, or it says nothing."""
CLEAR = 0.3
"""The likeliest local voice of a frame speaks in it if it is at least as likely as this; ..."""
TWO = 0.5
"""... so does the second where two voices are as likely, ..."""
SECOND = 0.2
"""... and it is as likely as this."""
SPEECH = SpeechSettings(onset=0.45, offset=0.27, fill=SAMPLE_RATE // 4)
"""What counts as speech, of the probabilities that :func:`core.stream.fusion.speech_in` gives."""
BLOCK = 10 * SAMPLE_RATE
"""Samples of a file that the stream is given at a time: two chunks of segmentation."""


class OnlineDecoder(Protocol):
    """What labels a stream of embeddings; see :class:`core.uisrnn.decoder.Decoder`."""

    rejected: Counter[str]

    def push(self, embedding: Array, voice: LocalVoice | None = None) -> Decoded | None:
        """Label one more embedding (dim,); None if it can't be used."""
        ...

    def finish(self) -> Decoded:
        """Settle everything."""
        ...


@runtime_checkable
class ForkedDecoder(Protocol):
    """A decoder that can try out what may come next."""

    def fork(self) -> OnlineDecoder: ...


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


class TooEarlyError(EditError):
    """A speaker is heard in the newest seconds alone, which may still be somebody else's.

    Parameters
    ----------
    until
        Once :attr:`Diarizer.decided` has reached this sample it is known.
    """

    def __init__(self, until: int) -> None:
        super().__init__("this speaker isn't known for certain yet: try again in ten seconds")
        self.until = until


class Segmenter(Protocol):
    """What tells local voices apart; see :class:`core.stream.segmentation.Segmentation`."""

    latency: int

    def push(self, samples: Array) -> list[Tile]: ...

    def flush(self) -> list[Tile]: ...

    def preview(self) -> Tile | None: ...


@dataclass(frozen=True, slots=True)
class _Part:
    """What a tile said, until its turns are final."""

    end: int
    spans: tuple[VoiceSpan, ...]
    windows: tuple[Window, ...]
    first: int
    """The decoder's index of the first window."""


@dataclass
class _State:
    """Everything that a tile changes, so that a preview can change a copy of it."""

    decoder: OnlineDecoder
    mask: SpeechMask
    stretches: list[Interval] = field(default_factory=list)
    pauses: list[Interval] = field(default_factory=list)
    """Those of ``parts``; the newest may still grow."""
    parts: list[_Part] = field(default_factory=list)
    labels: list[int] = field(default_factory=list)
    """Of the windows of ``before`` and ``parts``."""
    dropped: int = 0
    """How many windows are no longer there."""
    settled: int = 0
    """How many labels, from the first of all, are settled."""
    before: _Part | None = None
    """The last part with windows whose turns are final: they still tell voices apart."""

    def fork(self) -> _State | None:
        """A copy; None if the decoder can't be tried out."""
        if not isinstance(self.decoder, ForkedDecoder):
            return None
        return replace(
            self,
            decoder=self.decoder.fork(),
            mask=self.mask.fork(),
            stretches=list(self.stretches),
            pauses=list(self.pauses),
            parts=list(self.parts),
            labels=list(self.labels),
        )

    @property
    def windows(self) -> int:
        """How many there have been."""
        return self.dropped + len(self.labels)

    def update(self, decoded: Decoded) -> None:
        start = max(decoded.first, self.dropped)
        self.labels[start - self.dropped :] = decoded.labels[start - decoded.first :]
        self.settled = decoded.settled

    def take_speech(self) -> None:
        """What the mask is sure of."""
        self.stretches += self.mask.stretches
        self.pauses += self.mask.pauses
        self.mask.stretches.clear()
        self.mask.pauses.clear()


class Diarizer:
    """Samples in, turns out.

    Parameters
    ----------
    encoder, decoder
        Embedding of a window, label of an embedding. The decoder must be new.
    segmentation, probability
        Local voices and voice activity; they must be new too.
    live
        Whether :class:`Changes` hold what the newest seconds may be, too, every hop of the
        encoder. What becomes of them in the end doesn't depend on it.
    on_cuts
        Told of the windows that are about to be embedded for good.
    """

    def __init__(
        self,
        encoder: VoiceEncoder,
        decoder: OnlineDecoder,
        segmentation: Segmenter,
        probability: Probability,
        *,
        live: bool = False,
        on_cuts: Callable[[Sequence[Cut]], None] = lambda cuts: None,
    ) -> None:
        self._encoder = encoder
        self._on_cuts = on_cuts
        self._segmentation = segmentation
        self._probability = probability
        self._live = live
        self._state = _State(decoder, SpeechMask(SPEECH, STEP, OFFSET))
        self._shown: _State | None = None  # with what may come
        self._known = _Known()
        self._position = 0
        self._finished = False
        self._samples: Array = np.zeros(0, np.float32)  # those that a window may still need
        self._heard: Array = np.zeros(0, np.float32)  # of frames, as voice activity has it
        self._first_heard = 0
        self._final = 0  # turns before this sample are final
        self._since = 0
        """Turns that end until here are in ``_done``; ``_open`` are the other final ones."""
        self._done: list[Turn] = []
        self._open: list[Turn] = []
        self._provisional: list[Turn] = []
        self._stretches: list[Interval] = []
        self._pauses: list[Interval] = []
        self._spans: list[VoiceSpan] = []
        self.rest: tuple[Window, ...] = ()
        """The windows that only :meth:`finish` completed."""

    @property
    def rejected(self) -> Counter[str]:
        """How many embeddings were unusable, by reason."""
        return self._state.decoder.rejected

    @property
    def heard(self) -> Annotation:
        """All turns as they are known now; those that are not settled may change."""
        return Annotation.build([*self._done, *self._open, *self._provisional], self._position)

    @property
    def decided(self) -> int:
        """The sample before which all windows there will be have been handed out."""
        return self._state.parts[-1].end if self._state.parts else self._final

    @property
    def speech(self) -> Speech:
        """The speech that is final."""
        return Speech(tuple(self._stretches), tuple(self._pauses), tuple(self._spans))

    def push(self, samples: Array, *, provisional: bool = True) -> Changes:
        """Hear more samples, (n,) float32 at 16 kHz.

        ``provisional``: False where nobody wants to see the turns that may still change.
        """
        if self._finished:
            raise ValueError("the stream is finished")
        samples = np.asarray(samples, np.float32)
        since = self._since
        hop = self._encoder.hop
        # However the samples are cut: what may come is heard where the last hop ends.
        end = (self._position + len(samples)) // hop * hop - self._position if self._live else 0
        windows: list[Window] = []
        closed: list[Turn] = []
        if end > 0:
            windows = self._hear(samples[:end])
            closed = self._settle()
            self._preview()
            samples = samples[end:]
        windows += self._hear(samples)
        closed += self._settle()
        return self._changes(since, closed, windows, provisional)

    def finish(self) -> Annotation:
        """End of the stream: everything is settled."""
        if not self._finished:
            self._finished = True
            self._heard = np.concatenate([self._heard, self._probability.flush()])
            self.rest = tuple(self._take_all(self._segmentation.flush()))
            state = self._state
            state.mask.flush(self._position)
            state.take_speech()
            state.update(state.decoder.finish())
            self._shown = None
            self._settle()
            self._move_speech(state, self._position)
            self._done += self._open
            self._open, self._provisional = [], []
        return Annotation.build(self._done, self._position)

    # what a person says meanwhile

    def merge(self, keep: int, gone: int) -> Changes:
        """Two speakers are one: no turn after the settled ones is ``gone``'s.

        Raises
        ------
        EditError
            If there are no two such speakers, or the decoder can't be corrected.
        TooEarlyError
            If there will most likely be such speakers.
        """
        decoded = self._steerable(keep, gone).merge(keep, gone)
        # Labels that the decoder has settled are not yet turns that are.
        state = self._state
        state.labels[:] = [keep if label == gone else label for label in state.labels]
        return self._steered(decoded)

    def unmerge(self, gone: int) -> Changes:
        """Take a merge back, for what is not settled; raises as :meth:`merge` does."""
        return self._steered(self._steerable(gone).unmerge(gone))

    def pin(self, speaker: int) -> Changes:
        """A speaker exists: no second thought takes it away; raises as :meth:`merge` does."""
        return self._steered(self._steerable(speaker).pin(speaker))

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
        decoder = self._steerable(*said)
        parts = [part for part in (self._state.before, *self._state.parts) if part is not None]
        newest = next((p.windows[-1] for p in reversed(parts) if p.windows), None)
        for speaker, windows in said.items():
            is_newest = newest is not None and any(w.is_same(newest) for w in windows[-1:])
            embeddings = [window.embedding for window in windows]
            self._state.update(decoder.relearn(speaker, embeddings, newest=is_newest))
        return self._shown_anew()

    def _steerable(self, *speakers: int) -> SteeredDecoder:
        """The decoder, which has heard these speakers, or will never."""
        decoder = self._state.decoder
        if not isinstance(decoder, SteeredDecoder):
            raise EditError("the reference engine can't be corrected while it listens")
        known = {turn.speaker for turn in (*self._done, *self._open)} | {*self._state.labels}
        coming = {turn.speaker for turn in self._provisional} - known
        if not coming.isdisjoint(speakers):
            raise TooEarlyError(self._position)
        return decoder

    def _steered(self, decoded: Decoded) -> Changes:
        self._state.update(decoded)
        return self._shown_anew()

    def _shown_anew(self) -> Changes:
        since = self._since
        closed = self._settle()
        self._preview()
        return self._changes(since, closed, ())

    # tiles, their windows and labels

    def _hear(self, samples: Array) -> list[Window]:
        self._position += len(samples)
        self._samples = np.concatenate([self._samples, samples])
        self._heard = np.concatenate([self._heard, self._probability.push(samples)])
        return self._take_all(self._segmentation.push(samples))

    def _take_all(self, tiles: Iterable[Tile]) -> list[Window]:
        windows: list[Window] = []
        for tile in tiles:
            windows += self._take(tile, self._state)
            self._forget(tile.end)
        return windows

    def _take(self, tile: Tile, state: _State, known: _Known | None = None) -> tuple[Window, ...]:
        """Add what a tile says to a state."""
        speech = speech_in(tile, self._heard, self._first_heard)
        state.mask.push(speech[tile.own])
        state.take_speech()
        first = state.windows
        windows = []
        cuts = _cuts(tile, speech, self._encoder, self._position)
        if known is None:
            self._on_cuts(cuts)
        for window in self._observed(cuts, known):
            voice = None if window.voice == NOBODY else LocalVoice(window.voice, window.centre)
            decoded = state.decoder.push(window.embedding, voice)
            if decoded is not None:
                windows.append(window)
                state.update(decoded)
        end = min(sample_at(tile.end), self._position)
        state.parts.append(_Part(end, tuple(_spans(tile, end)), tuple(windows), first))
        return tuple(windows)

    def _observed(self, cuts: Sequence[Cut], known: _Known | None) -> list[Window]:
        """The windows that the cuts become; ``known`` are embeddings that may be had again."""
        keys = [(cut.window, cut.columns.tobytes()) for cut in cuts]
        new = [n for n, key in enumerate(keys) if known is None or key not in known.before]
        found: dict[int, Array] = {}
        if new:
            views = sliding_window_view(self._samples, self._encoder.window)
            origin = self._position - len(self._samples)
            samples = views[[cuts[n].window - origin for n in new]]
            embeddings = self._encoder.embed(samples, [cuts[n].columns for n in new])
            found = dict(zip(new, embeddings, strict=True))
        windows = []
        for n, (cut, key) in enumerate(zip(cuts, keys, strict=True)):
            row = found[n] if known is None or n in found else known.before[key]
            if known is not None:
                known.now[key] = row
            embedding, behind = np.split(row, [self._encoder.dim])
            # Half precision changes no name, and the second pass needs none of it.
            recognition = behind.astype(np.float16) if len(behind) else None
            windows.append(Window(cut.start, cut.end, embedding, cut.share, cut.voice, recognition))
        return windows

    def _preview(self) -> None:
        """Hear what no tile has decided yet."""
        self._shown = None
        if not self._live or self._finished:
            return
        tile = self._segmentation.preview()
        if tile is None or (state := self._state.fork()) is None:
            return
        self._known = _Known(self._known.now)
        self._take(tile, state, self._known)
        self._shown = state

    def _forget(self, frame: int) -> None:
        """Let go of the sound and speech that no tile from this frame on needs."""
        origin = self._position - len(self._samples)
        oldest = sample_at(max(0, frame - MARGIN)) - self._encoder.window
        self._samples = self._samples[max(0, min(oldest - origin, len(self._samples))) :].copy()
        unheard = max(0, sample_at(max(0, frame - MARGIN)) // FRAME - 1)
        if unheard > self._first_heard:
            self._heard = self._heard[unheard - self._first_heard :].copy()
            self._first_heard = unheard

    # turns

    def _settle(self) -> list[Turn]:
        """Lay the turns that are final now; those that won't be listed again are returned."""
        state = self._state
        final: list[Turn] = []
        before = self._final
        while state.parts and self._is_settled(state):
            final += self._laid(state, 0)
            part = state.parts.pop(0)
            self._spans += part.spans
            self._move_speech(state, self._final)
            self._final = part.end
            if part.windows:
                state.before = part
                gone = part.first - state.dropped
                del state.labels[:gone]
                state.dropped += gone
        if self._final == before:
            return []
        self._open = join_turns([*self._open, *final])
        growing = [t.start for t in self._open if t.end == self._final]
        self._since = min(growing, default=self._final)
        closed = [t for t in self._open if t.end <= self._since]
        self._open = [t for t in self._open if t.end > self._since]
        self._done += closed
        return closed

    def _is_settled(self, state: _State) -> bool:
        """Whether nothing can change the turns of the first part any more."""
        if self._finished:
            return True
        if len(state.parts) < 2:
            return False
        part, after = state.parts[:2]
        known = max([part.end, *(window.centre + 1 for window in after.windows[-1:])])
        return state.mask.certain >= known and state.settled >= after.first + len(after.windows)

    def _move_speech(self, state: _State, until: int) -> None:
        """Speech that is over here goes to what is final."""
        for here, done in ((state.stretches, self._stretches), (state.pauses, self._pauses)):
            over = sum(end <= until for _, end in here)
            done += here[:over]
            del here[:over]

    def _laid(self, state: _State, number: int) -> list[Turn]:
        """The turns of a part, by its own windows and those before and after it."""
        part = state.parts[number]
        heard = [p for p in (state.before, *state.parts[:number]) if p is not None and p.windows]
        parts = [*heard[-1:], *state.parts[number : number + 2]]
        windows = [window for p in parts for window in p.windows]
        first = parts[0].first - state.dropped
        labels = state.labels[first : first + len(windows)]
        start = state.parts[number - 1].end if number else self._final
        growing = [state.mask.open] if state.mask.open else []
        speech = [
            (max(s, start), min(e, part.end))
            for s, e in [*state.stretches, *growing]
            if s < part.end and e > start
        ]
        change = _Balance(windows, labels, [*state.stretches, *growing], state.pauses)
        return lay_voices(speech, part.spans, windows, labels, change)

    def _changes(
        self,
        since: int,
        closed: Sequence[Turn],
        windows: Sequence[Window],
        provisional: bool = True,
    ) -> Changes:
        state = self._shown or self._state
        coming = [
            replace(turn, settled=False)
            for number, part in enumerate(state.parts)
            if provisional and part.end > self._final
            for turn in self._laid(state, number)
        ]
        self._provisional = coming
        turns = join_turns([*closed, *self._open, *coming])
        shown = state.parts[-1].end if state.parts else self._final
        return Changes(self._position, since, tuple(turns), tuple(windows), shown)


class _Known:
    """Embeddings of the preview before, by window and what was heard of it, and of this one."""

    def __init__(self, before: Mapping[_Key, Array] | None = None) -> None:
        self.before = before or {}
        self.now: dict[_Key, Array] = {}


_Key = tuple[int, bytes]


@dataclass(frozen=True, slots=True)
class Cut:
    """What of a window is heard for one voice.

    Parameters
    ----------
    window
        Its first sample.
    columns
        The frames of its spectrogram that are heard.
    start, end, share, voice
        As in :class:`Window`.
    """

    window: int
    columns: Columns
    start: int
    end: int
    share: float
    voice: int


def _cuts(tile: Tile, speech: Array, encoder: VoiceEncoder, position: int) -> list[Cut]:
    """What is heard in a tile, in time order: of each window the voices that speak alone in it
    for long enough, or all speech where there is none. Each has its middle in the tile."""
    hop, length = encoder.hop, encoder.window
    on = tile.voices > SPEAKS
    alone = on & (on.sum(axis=1, keepdims=True) == 1)
    spoken = speech > SPEAKS
    start = sample_at(tile.first)
    earliest = max(0, -(-(start - length) // hop))
    latest = (min(sample_at(tile.end), position - length)) // hop
    centres = np.arange((length - FFT) // COLUMN + 1) * COLUMN + FFT // 2
    cuts = []
    for window in range(earliest * hop, latest * hop + 1, hop):
        first = max(frame_at(window) - tile.origin, 0)
        last = min(frame_at(window + length - 1) + 1 - tile.origin, len(on))
        if last <= first:
            continue
        heard = [
            (int(tile.tracks[k]), frames)
            for k in range(LOCAL)
            if len(frames := np.flatnonzero(alone[first:last, k])) * STEP >= ALONE
        ]
        if not heard:
            frames = np.flatnonzero(spoken[first:last])
            if len(frames) * STEP >= MIN_SPEECH * length:
                heard.append((NOBODY, frames))
        rows = (window + centres - OFFSET) // STEP - tile.origin - first
        for voice, frames in heard:
            begins = sample_at(tile.origin + first + int(frames[0]))
            ends = min(sample_at(tile.origin + first + int(frames[-1]) + 1), position)
            if not tile.first <= frame_at((begins + ends) // 2) < tile.end:
                continue
            chosen = np.zeros(last - first, np.bool_)
            chosen[frames] = True
            inside = (rows >= 0) & (rows < len(chosen))
            columns = np.flatnonzero(inside)[chosen[rows[inside]]]
            if len(columns) >= _LEAST_COLUMNS:
                share = min(1.0, len(frames) * STEP / length)
                cuts.append(Cut(window, columns, begins, ends, share, voice))
    return sorted(cuts, key=lambda cut: ((cut.start + cut.end) // 2, cut.window, cut.voice))


_LEAST_COLUMNS = 16
"""With less of a spectrogram nobody is known (0.16 s)."""


def _spans(tile: Tile, until: int) -> list[VoiceSpan]:
    """Where each local voice speaks in the frames that a tile decides."""
    voices = tile.voices[tile.own]
    order = np.argsort(-voices, axis=1, kind="stable")
    rows = np.arange(len(voices))
    speaks = np.zeros(voices.shape, np.bool_)
    likeliest = voices[rows, order[:, 0]] >= CLEAR
    speaks[rows[likeliest], order[likeliest, 0]] = True
    both = likeliest & (tile.overlap[tile.own] > TWO) & (voices[rows, order[:, 1]] > SECOND)
    speaks[rows[both], order[both, 1]] = True
    spans = []
    for k in range(LOCAL):
        edges = np.flatnonzero(np.diff(speaks[:, k].astype(np.int8), prepend=0, append=0))
        for first, last in edges.reshape(-1, 2).tolist():
            start, end = (min(sample_at(tile.first + n), until) for n in (first, last))
            if start < end:
                spans.append((start, end, int(tile.tracks[k])))
    return sorted(spans)


class _Balance:
    """Where the voice changes between two windows: see :mod:`core.stream.laying`."""

    def __init__(
        self,
        windows: Sequence[Window],
        labels: Sequence[int],
        stretches: Sequence[Interval],
        pauses: Sequence[Interval],
    ) -> None:
        self._windows, self._labels = windows, labels
        self._stretches, self._pauses = stretches, pauses
        self._means: dict[int, Array] = {}

    def __call__(self, i: int, j: int) -> int:
        here, there = self._windows[i], self._windows[j]
        old, new = self._mean(self._labels[i]), self._mean(self._labels[j])
        part = balance_point(_nearer(here.embedding, new, old), _nearer(there.embedding, old, new))
        return change_point(here.centre, there.centre, part, self._stretches, self._pauses)

    def _mean(self, label: int) -> Array:
        if label not in self._means:
            own = zip(self._windows, self._labels, strict=True)
            self._means[label] = np.mean([w.embedding for w, of in own if of == label], axis=0)
        return self._means[label]


def _nearer(embedding: Array, other: Array, own: Array) -> float:
    """How much farther it is to another voice than to its own."""
    return float(np.sum((embedding - other) ** 2) - np.sum((embedding - own) ** 2))
