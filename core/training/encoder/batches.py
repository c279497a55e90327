"""What the speaker encoder hears while it learns: crops of speech, made in processes of their own.

Every batch follows from the seed and its number alone, so a run that goes on from a checkpoint
hears what it would have heard, whatever made the batches and however many were under way.
"""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from core.arrays import Array
from core.stream.features import HOP, normalise, spectrogram
from core.training.data import augment
from core.training.files.teachers import TeacherEncoder

UNLABELLED = -1
SHARE = 0.8
"""How often a speaker is heard is their seconds of speech to this power."""
GAP = (10, 80)
"""Frames that are cut out of a crop, at least, and fewer than."""
UNDERNEATH = (3.0, 20.0)
"""Decibels by which a second voice is softer."""
AGAIN = 48
"""Batches in a block that is heard again; 64 crops of 1.6 s in each are 500 MB."""


class UtteranceInfo(Protocol):
    """What is known of an utterance; an empty speaker is a voice that nobody has named."""

    @property
    def speaker(self) -> str: ...


class UtteranceStore(Protocol):
    """Utterances at 16 kHz without silence around them:
    :class:`core.training.data.corpora.Cache`."""

    @property
    def utterances(self) -> Sequence[UtteranceInfo]: ...

    @property
    def durations(self) -> NDArray[np.int64]: ...

    def crop(self, index: int, start: int, length: int) -> Array: ...


@dataclass(frozen=True)
class Crops:
    """How crops are cut and changed.

    Parameters
    ----------
    batch
        Crops in a batch.
    lengths
        Samples; each batch has one of them.
    speeds
        Each is played at one of these speeds, and one voice at another speed counts as
        another speaker (Yamamoto et al. 2019, Interspeech).
    jitter
        The speed is off by up to this share, in the same class.
    noise, babble, rooms, codecs, blanks
        Share of the crops that get it (blanks: SpecAugment).
    teacher
        Let the teacher hear the crop too, before noise, rooms and the rest.
    pairs
        Two crops of each voice that is drawn, at one speed.
    equaliser
        Share of the crops whose frequencies are raised and lowered at random, for the
        teacher too.
    together
        Share of the crops that the teacher hears after noise, rooms and the rest.
    underneath
        Share of the crops with a second voice beneath, which the teacher doesn't hear: the network
        learns whose the louder one is.
    cut
        Share of the crops out of which a stretch is cut, as the stream cuts out what others say:
        the frames before and after it are heard as one piece.
    context
        Samples of the voice that the teacher hears, with the crop somewhere in them; 0
        for the crop alone. From more speech it knows better who speaks, so the network learns
        to guess from little what the teacher knows from more.
    seed
        Of all that is drawn.
    """

    batch: int = 64
    lengths: tuple[int, ...] = (25840,)
    speeds: tuple[float, ...] = (0.9, 1.0, 1.1)
    jitter: float = 0.0
    noise: float = 0.4
    babble: float = 0.2
    rooms: float = 0.4
    codecs: float = 0.2
    blanks: float = 0.3
    teacher: bool = False
    pairs: bool = False
    equaliser: float = 0.0
    together: float = 0.0
    underneath: float = 0.0
    cut: float = 0.0
    context: int = 0
    seed: int = 0


@dataclass(frozen=True)
class Batch:
    """Spectrograms (n, 257, frames), labels (n,) and the teacher's embeddings (n, dim)."""

    spectrograms: Array
    labels: NDArray[np.int32]
    heard: Array | None


class Batches:
    """Makes batches.

    Parameters
    ----------
    voices
        Utterances; those of speakers not in ``speakers`` are never touched.
    speakers
        In the order of their classes; "" is taken as voices without a name.
    noises
        Recordings without speech; without any, noise is made.
    teacher
        Embeds what it hears; needed where the crops are for it.
    """

    def __init__(
        self,
        voices: UtteranceStore,
        speakers: Sequence[str],
        crops: Crops,
        noises: UtteranceStore | None = None,
        teacher: TeacherEncoder | None = None,
    ) -> None:
        if crops.teacher and teacher is None:
            raise ValueError("crops for a teacher need the teacher")
        self.voices, self.crops, self.noises, self.teacher = voices, crops, noises, teacher
        order = {speaker: index for index, speaker in enumerate(s for s in speakers if s)}
        self.speakers = tuple(order)
        self._of: dict[str, list[int]] = {speaker: [] for speaker in speakers}
        for index, utterance in enumerate(voices.utterances):
            if utterance.speaker in self._of:
                self._of[utterance.speaker].append(index)
        self._of = {speaker: indices for speaker, indices in self._of.items() if indices}
        self._names = list(self._of)
        self._class = [order.get(name, UNLABELLED) for name in self._names]
        # A second of speech counts nearly the same, whoever says it. By speakers, or by the root of
        # their utterances, the thousands who say a few words each were most of what was heard, and
        # the network got worse at everybody else.
        shares = np.array(
            [float(voices.durations[self._of[name]].sum()) for name in self._names], np.float64
        )
        shares **= SHARE
        self._shares = shares / shares.sum()

    @property
    def classes(self) -> int:
        """Speaker classes, those of other speeds included."""
        return len(self.speakers) * len(self.crops.speeds)

    def batch(self, step: int, crops: Crops | None = None) -> Batch:
        """The batch of that step."""
        crops = crops or self.crops
        rng = np.random.default_rng([crops.seed, step])
        length = int(rng.choice(crops.lengths))
        each = 2 if crops.pairs else 1
        drawn = -(-crops.batch // each)
        rows = rng.choice(len(self._names), drawn, p=self._shares).repeat(each)
        speeds = rng.integers(len(crops.speeds), size=drawn).repeat(each)
        made = [
            self._row(np.random.default_rng(r), int(i), int(speed), length, crops)
            for r, i, speed in zip(
                rng.integers(2**63, size=crops.batch), rows[: crops.batch], speeds, strict=False
            )
        ]
        spectrograms, labels, contexts = zip(*made, strict=True)
        return Batch(
            np.stack(spectrograms),
            np.array(labels, np.int32),
            self.teacher.hear(np.stack(contexts)) if self.teacher and crops.teacher else None,
        )

    def _row(
        self, rng: np.random.Generator, row: int, speed: int, length: int, crops: Crops
    ) -> tuple[Array, int, Array]:
        factor = crops.speeds[speed] * (1 + crops.jitter * float(rng.uniform(-1, 1)))
        factor = min(max(factor, 0.5), 2.0)
        # Nothing is drawn for what isn't asked for: older recipes hear what they heard.
        gap = int(rng.integers(*GAP)) if crops.cut and rng.random() < crops.cut else 0
        context = self._spoken(rng, row, max(length, crops.context) + gap * HOP, factor)
        if rng.random() < crops.equaliser:
            context = augment.equaliser(context, rng)
        long = length + gap * HOP
        start = int(rng.integers(len(context) - long + 1))
        label = self._class[row]
        if label != UNLABELLED:
            label += speed * len(self.speakers)
        if rng.random() < crops.together:
            context = self._changed(rng, row, context, crops)
            heard = context[start : start + long]
        else:
            heard = self._changed(rng, row, context[start : start + long], crops)
        if crops.underneath and rng.random() < crops.underneath:
            other = self._other(rng, row, len(heard))
            heard = augment.babble(heard, rng, float(rng.uniform(*UNDERNEATH)), [other], 1)
        spec = normalise(spectrogram(heard))
        if gap:
            at = int(rng.integers(spec.shape[1] - gap + 1))
            spec = np.delete(spec, slice(at, at + gap), axis=1)
            context = context[: len(context) - gap * HOP]
        if rng.random() < crops.blanks:
            spec = augment.spec_augment(spec, rng)
        return spec, label, context

    def _spoken(self, rng: np.random.Generator, row: int, length: int, factor: float) -> Array:
        """A crop of one speaker at that speed; short utterances are joined, then repeated."""
        needed = int(np.ceil(length * factor)) + 64
        indices = self._of[self._names[row]]
        one = int(rng.choice(indices))
        if self.voices.durations[one] >= needed:
            crop = self._stretch(rng, self.voices, one, needed)
        else:
            parts = [self._stretch(rng, self.voices, one, needed)]
            if self._class[row] != UNLABELLED:
                others = [int(index) for index in rng.permutation(indices)[:64] if index != one]
                while others and sum(map(len, parts)) < needed:
                    parts.append(self._stretch(rng, self.voices, others.pop(), needed))
            crop = np.resize(np.concatenate(parts), needed)
        return np.asarray(augment.speed(crop, factor)[:length], np.float32)

    @staticmethod
    def _stretch(
        rng: np.random.Generator, voices: UtteranceStore, index: int, length: int
    ) -> Array:
        """A random stretch of an utterance, all of it where it is shorter."""
        spare = max(0, int(voices.durations[index]) - length)
        start = int(rng.integers(spare + 1))
        return voices.crop(index, start, min(length, int(voices.durations[index])))

    def _changed(self, rng: np.random.Generator, row: int, clean: Array, crops: Crops) -> Array:
        """As it would reach a microphone, in the order in which sound gets there."""
        heard = clean
        if rng.random() < crops.rooms:
            heard = augment.room(heard, rng)
        if rng.random() < crops.babble:
            others = [self._other(rng, row, len(heard)) for _ in range(int(rng.integers(3, 7)))]
            heard = augment.babble(heard, rng, float(rng.uniform(10, 22)), others, len(others))
        if rng.random() < crops.noise:
            heard = augment.noise(heard, rng, float(rng.uniform(3, 25)), self._noise(rng, heard))
        if rng.random() < crops.codecs:
            heard = augment.codec(heard, rng)
        return heard

    def _other(self, rng: np.random.Generator, row: int, length: int) -> Array:
        """Speech of somebody else, or of anybody where there is no other."""
        other = row
        if len(self._names) > 1:
            other = int(rng.integers(len(self._names) - 1))
            other += other >= row
        index = int(rng.choice(self._of[self._names[other]]))
        return self._stretch(rng, self.voices, index, length)

    def _noise(self, rng: np.random.Generator, heard: Array) -> Array | None:
        if self.noises is None or not len(self.noises.utterances):
            return None
        index = int(rng.integers(len(self.noises.utterances)))
        return self._stretch(rng, self.noises, index, len(heard))


# Ahead of the network ----------------------------------------------------------------------------

_own: dict[str, Batches] = {}


def _start(make: Callable[[], Batches]) -> None:
    # One thread each: with many processes, the threads of BLAS would only wait for each other.
    threadpool_limits(1)
    _own["batches"] = make()


def _batch(step: int, crops: Crops) -> Batch:
    return _own["batches"].batch(step, crops)


@contextmanager
def batches_ahead(
    make: Callable[[], Batches],
    crops_of: Callable[[int], Crops],
    steps: range,
    *,
    workers: int = 0,
    ahead: int = 8,
) -> Iterator[Iterator[Batch]]:
    """The batches of ``steps`` in order, made before they are asked for.

    Parameters
    ----------
    make
        Called once in each process; it must travel there (a module's function or a
        ``functools.partial`` of one).
    crops_of
        Of a step.
    workers
        Processes; 0 for one thread of this process.
    ahead
        Batches that are made or waiting at most.
    """
    pool: Executor
    submit: Callable[[int], Future[Batch]]
    if workers:
        # A fork would copy the locks of the frameworks' threads as they happen to stand.
        context = multiprocessing.get_context("spawn")
        processes = ProcessPoolExecutor(workers, context, initializer=_start, initargs=(make,))
        pool = processes

        def submit(step: int) -> Future[Batch]:
            return processes.submit(_batch, step, crops_of(step))
    else:
        here = make()
        thread = ThreadPoolExecutor(1)
        pool = thread

        def submit(step: int) -> Future[Batch]:
            return thread.submit(here.batch, step, crops_of(step))

    waiting: deque[Future[Any]] = deque()
    try:
        yield _in_order(submit, steps, waiting, ahead)
    finally:
        pool.shutdown(cancel_futures=True)


def first_made(steps: range, times: int) -> range:
    """Which batches are made for ``steps`` of a run in which each is heard ``times`` times."""
    block = AGAIN if times > 1 else 1
    first, last = steps.start // (block * times), -(-steps.stop // (block * times))
    return range(first * block, last * block)


def heard_again(made: Iterator[Batch], times: int, steps: range) -> Iterator[Batch]:
    """Every crop ``times`` times, the later times in the company of crops of other batches.

    On a CPU a crop costs as much to make as to learn from. Blocks of ``AGAIN`` batches are heard
    as they were made, then with their rows dealt out anew.

    Parameters
    ----------
    made
        Those of :func:`first_made`.
    steps
        That are asked for; the block in which they begin is made again.
    """
    skipped = steps.start - first_made(steps, times).start * times
    return islice(_in_blocks(made, times), skipped, skipped + len(steps))


def _in_blocks(made: Iterator[Batch], times: int) -> Iterator[Batch]:
    while True:
        block: list[Batch] = []
        for batch in islice(made, AGAIN):
            block.append(batch)
            yield batch
        if not block:
            return
        for time in range(1, times):
            for place in range(len(block)):
                yield _dealt(block, place, time)


def _dealt(block: list[Batch], place: int, time: int) -> Batch:
    """Row i of the new batch comes from another batch of the block for every i.

    Batches of one length are dealt among themselves.
    """
    shape = block[place].spectrograms.shape
    alike = [number for number, batch in enumerate(block) if batch.spectrograms.shape == shape]
    place, count = alike.index(place), len(alike)
    sources = [block[alike[(place + time * (row + 1)) % count]] for row in range(shape[0])]
    heard = [source.heard[row] for row, source in enumerate(sources) if source.heard is not None]
    return Batch(
        np.stack([source.spectrograms[row] for row, source in enumerate(sources)]),
        np.array([source.labels[row] for row, source in enumerate(sources)], np.int32),
        np.stack(heard) if heard else None,
    )


def _in_order(
    submit: Callable[[int], Future[Batch]], steps: range, waiting: deque[Future[Any]], ahead: int
) -> Iterator[Batch]:
    for step in steps:
        waiting.append(submit(step))
        if len(waiting) >= ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()
