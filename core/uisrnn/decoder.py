"""UIS-RNN beam search that takes one embedding at a time, for ever (arXiv 1810.04719, section 3.5).

The labels are those of ``uisrnn`` 0.1.2 (``test_iteration=1``, ``look_ahead=1``, same beam size)
over the embeddings so far. That needs its arithmetic too: float32 likelihoods and sums, priors in
float64, the same matrix sorted by the same sort. What makes it fast is what it leaves out:

- Scoring a speaker needs only the mean that its state predicts, so the network runs for the
  winners of a frame and not for its candidates, and once for beams that share a state.
- A speaker that nobody has heard is one constant state, slot 0 below.
- States are immutable and shared: a beam is a row of slot numbers, and a frame copies numbers.

What the package can't do is to hear that two observations are of one moment, or of one stretch of
speech: see :class:`LocalVoice`. Without one, all is as in the package.

Nor can it be corrected meanwhile. Here a person can say that two speakers are
one, or that there are no more than so many: then several states are one voice, known by the label
of one of its speakers, and the others are *merged*. And a person can say what a speaker said.
"""

from __future__ import annotations

import copy
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from core.arrays import Array, Doubles
from core.errors import EditError
from core.runtime import single_blas_thread
from core.uisrnn.lineage import Lineage
from core.uisrnn.model import UISRNNModel
from core.uisrnn.states import Ints, SpeakerStates

Scalar = TypeVar("Scalar", bound=np.generic)

__all__ = ["Decoded", "Decoder", "UISRNNModel", "decode"]

# Scores are sums in float32, as the package's. From here on they no longer tell nats apart, so
# this much comes off all of them (exactly: see `_push`). The package would need hours to get here.
_SCORE_LIMIT = np.float32(2.0**24)
_SCORE_STEP = np.float32(2.0**23)
# Squares of larger values overflow float32, and smaller ones are zeros in it.
_LARGEST = 1e15
_SMALLEST = float(np.finfo(np.float32).tiny)


_CHANGE_IN = 0.02
"""Probability that a local voice, which segmentation took for one, becomes another speaker's ..."""
_CHANGE_AT = 0.3
"""... and that a new local voice isn't the speaker who was heard last."""
_APART = 5.0
"""Log likelihood against one speaker having two local voices at one moment ..."""
_MOMENT = 14400
"""... which fades over so many samples (0.9 s)."""
_REMEMBERED = 160000
"""Samples for which a local voice that is silent is known (10 s)."""


@dataclass(frozen=True, slots=True)
class LocalVoice:
    """Which voice of a short stretch of sound an observation is of.

    Parameters
    ----------
    track
        The number of that voice, the same for all of its observations; see
        :class:`core.stream.segmentation.Tile`.
    at
        The sample at the centre of the observation; they come in order.
    """

    track: int
    at: int


@dataclass(frozen=True)
class Decoded:
    """The labels that an embedding brought or changed.

    So a consumer keeps a list and does ``labels[decoded.first:] = decoded.labels``.

    Attributes
    ----------
    first
        Index of the first embedding whose label is new or another than before.
    labels
        Current best labels of the embeddings `first` to the newest. Speakers are numbered
        from 0 in the order they appear.
    settled
        Labels of embeddings with a smaller index never change again.
    """

    first: int
    labels: tuple[int, ...]
    settled: int


def unusable(embedding: npt.ArrayLike, dim: int) -> str | None:
    """Why an embedding can't be given to a beam: its kind, shape or values; None if it can."""
    try:
        x = np.asarray(embedding)
    except ValueError:  # rows of several lengths
        return "wrong shape"
    if x.dtype.kind not in "fiu":
        return "not numbers"
    if x.shape != (dim,):
        return "wrong shape"
    peak = float(np.abs(x).max())
    if not math.isfinite(peak):
        return "non-finite"
    if peak < _SMALLEST:
        return "zero"
    return "too large" if peak > _LARGEST else None


class Decoder:
    """Labels a stream of embeddings with speakers.

    Memory and time per embedding depend on the number of speakers, not on how many embeddings
    there have been, but for labels that are not settled: 4 bytes each in at most every beam.
    A doubt about an early label can live for ever; only `lag` puts a limit to it.

    Parameters
    ----------
    model
        The UIS-RNN.
    beam_size
        How many hypotheses survive an embedding.
    max_speakers
        Candidates that would open one more speaker never enter; None for no limit.
    lag
        A label settles at the latest this many embeddings later: beams that disagree with
        the best one on it are dropped. None: only when all beams agree, as the package has it.

    Attributes
    ----------
    rejected
        How many embeddings were unusable, by reason. They get no label and no index.
    """

    def __init__(
        self,
        model: UISRNNModel,
        *,
        beam_size: int = 10,
        max_speakers: int | None = None,
        lag: int | None = None,
    ) -> None:
        if beam_size < 1:
            raise ValueError(f"beam_size has to be at least 1, not {beam_size}")
        if max_speakers is not None and max_speakers < 1:
            raise ValueError(f"max_speakers has to be at least 1, not {max_speakers}")
        if lag is not None and lag < 0:
            raise ValueError(f"lag has to be at least 0, not {lag}")
        single_blas_thread()
        self.model = model
        self.beam_size = beam_size
        self.max_speakers = max_speakers
        self.lag = lag
        self.rejected: Counter[str] = Counter()
        self._lineage = Lineage()
        self._states = SpeakerStates(model)
        self._log_stay = np.log(1 - model.transition_bias)
        self._log_change = np.log(model.transition_bias)
        self._log_alpha = np.log(model.crp_alpha)
        # One row per beam, best first. Columns are speakers; a beam's first column without a
        # speaker is its candidate for a new one (slot 0, log_turns = log alpha), and further
        # columns, which only other beams use, are impossible (-inf).
        self._scores: Array = np.zeros(1, np.float32)  # negative log likelihoods
        self._slots: Ints = np.zeros((1, 1), np.intp)
        self._turns: Ints = np.zeros((1, 1), np.intp)  # the package's block_counts
        self._log_turns: Doubles = np.full((1, 1), self._log_alpha)  # of the whole voice
        self._all_turns: Ints = np.zeros(1, np.intp)
        self._speakers: Ints = np.zeros(1, np.intp)
        self._last: Ints = np.full(1, -1, np.intp)
        # Of each local voice, when it was heard last and which column it was then, beam by beam.
        self._tracks: dict[int, tuple[int, Ints]] = {}
        self._track: int | None = None  # that of the newest embedding
        self._merged: dict[int, int] = {}  # from the speaker who is gone to the one who is kept
        self._folded: set[int] = set()  # those of the merged who are so only because of the cap
        self._pinned: set[int] = set()

    @property
    def count(self) -> int:
        """Number of embeddings labelled so far."""
        return self._lineage.count

    @property
    def n_speakers(self) -> int:
        """Number of speakers in the best labelling so far."""
        return int(self._speakers[0])

    def push(self, embedding: npt.ArrayLike, voice: LocalVoice | None = None) -> Decoded | None:
        """Label one more embedding (D,).

        With a local voice its speaker most likely stays the one that this voice had, and is not
        the one of another local voice that was heard at the same moment.

        Returns what it changed, or None (and a count in `rejected`) if it can't be used.
        """
        reason = unusable(embedding, self.model.dim)
        if reason is None:
            changed = self._push(np.asarray(embedding, dtype=np.float32), voice)
            if changed:
                return self._settle(changed, self.count if self.lag is None else self.lag)
            reason = "no finite likelihood"
        self.rejected[reason] += 1
        return None

    def fork(self) -> Decoder:
        """A decoder that goes on from here by itself: what it is given changes nothing here."""
        other = copy.copy(self)
        other.rejected = self.rejected.copy()
        other._lineage, other._states = self._lineage.fork(), self._states.fork()
        for name in ("_scores", "_slots", "_turns", "_log_turns", "_all_turns", "_speakers"):
            setattr(other, name, getattr(self, name).copy())
        # Those in it are replaced, never changed; `_last` likewise.
        other._tracks = self._tracks.copy()
        other._merged, other._folded = self._merged.copy(), self._folded.copy()
        other._pinned = self._pinned.copy()
        return other

    def finish(self) -> Decoded:
        """Settle everything in favour of the best beam. What is pushed later continues from it."""
        return self._settle([], 0)

    def merge(self, keep: int, gone: int) -> Decoded:
        """A person says that two speakers are one: `gone` is no label any more from now on.

        Both states go on, as two ways in which one voice sounds, so that whatever was taken for
        either of them still is. Going from one to the other is no turn, and the voice has had the
        turns of both. Beams that see one of the speakers begin elsewhere are dropped: numbers mean
        the same in all that remain.

        Returns what it changed: labels that were settled before stay.

        Raises
        ------
        EditError
            There are no two such speakers.
        """
        for speaker in (keep, gone):
            self._check(speaker)
        if keep == gone:
            raise EditError("a speaker can't be merged with itself")
        self._agree_on(keep, gone)
        self._merged[gone] = keep
        return self._regrouped()

    def unmerge(self, gone: int) -> Decoded:
        """Take the merge of `gone` back, for what is not settled and what comes.

        Raises
        ------
        EditError
            This speaker was not merged with another.
        """
        if gone not in self._merged or gone in self._folded:
            raise EditError(f"Speaker {gone + 1} was not merged")
        del self._merged[gone]
        return self._regrouped()

    def pin(self, speaker: int) -> Decoded:
        """A person knows this speaker: beams in which that voice does not begin there are dropped.

        Raises
        ------
        EditError
            There is no such speaker.
        """
        self._check(speaker)
        self._agree_on(speaker)
        self._pinned.add(speaker)
        return self._relabelled()

    def limit(self, most: int | None) -> Decoded:
        """From now on no beam has more than `most` voices; None: any number.

        Beams that have no more go on. If all have more, the voices of the best one that are
        likeliest to be the same are taken for one each (`folded`), as by :meth:`merge`; another
        limit takes that back, for what is not settled and what comes. Of two voices the pinned
        one keeps its label, else the one heard more.
        """
        if most is not None and most < 1:
            raise ValueError(f"max_speakers has to be at least 1, not {most}")
        self.max_speakers = most
        return self._regrouped()

    @property
    def folded(self) -> dict[int, int]:
        """For whom speakers are taken only because of the limit: by label, never one of these."""
        return {speaker: self._voice(speaker) for speaker in sorted(self._folded)}

    def relearn(
        self, speaker: int, embeddings: Sequence[npt.ArrayLike], *, newest: bool = False
    ) -> Decoded:
        """A person says what was this speaker's, whatever the labels were: in every beam the
        speaker is known by these embeddings alone.

        Without effect where there are none, and for speakers who are merged: which of the
        embeddings were whose of them is not known. No label changes by it but of beams that drop
        out.

        Parameters
        ----------
        embeddings
            In the order in which they were heard.
        newest
            The last of them is the newest that was pushed: to go on is to be this voice.

        Raises
        ------
        EditError
            There never was such a speaker.
        """
        if not 0 <= speaker < self.n_speakers:
            raise EditError(f"Speaker {speaker + 1} is not there any more")
        heard = [np.asarray(x, np.float32) for x in embeddings if not unusable(x, self.model.dim)]
        alone = speaker not in self._merged and speaker not in self._merged.values()
        if heard and alone:
            self._agree_on(speaker)
            state: Ints = np.zeros(1, np.intp)
            for x in heard:
                state = self._states.feed(x, state, in_use=self._slots)
            self._slots[:, speaker] = state
            if newest:
                self._last = np.full_like(self._last, speaker)
                if self._track is not None:
                    at, columns = self._tracks[self._track]
                    self._tracks[self._track] = at, np.full_like(columns, speaker)
        return self._relabelled()

    def _check(self, speaker: int) -> None:
        if not 0 <= speaker < self.n_speakers or speaker in self._merged:
            raise EditError(f"Speaker {speaker + 1} is not there any more")

    def _agree_on(self, *speakers: int) -> None:
        """Keep the beams in which these are the speakers that they are in the best one."""
        self._keep(self._lineage.agreeing(max(map(self._lineage.opening, speakers)) + 1))

    def _regrouped(self) -> Decoded:
        """Other columns are one voice than before: fold anew, and give each the turns of all."""
        for speaker in self._folded:
            del self._merged[speaker]
        self._folded.clear()
        if self.max_speakers is not None:
            self._fold(self.max_speakers)
        voices = self._voices()
        turns = self._turns @ (voices[:, None] == voices)
        known = np.arange(len(voices)) < self._speakers[:, None]
        self._log_turns = np.where(known, np.log(np.maximum(turns, 1)), -np.inf)
        self._offer_newcomer(range(len(self._speakers)))
        return self._relabelled()

    def _fold(self, most: int) -> None:
        fits = self._speakers - len(self._merged) <= most
        if not fits.any():
            self._agree_on(*range(self.n_speakers))
            while self.n_speakers - len(self._merged) > most:
                gone, keep = self._likeliest_one()
                self._merged[gone] = keep
                self._folded.add(gone)
            fits = self._speakers - len(self._merged) <= most
        self._keep(fits.nonzero()[0].tolist())

    def _likeliest_one(self) -> tuple[int, int]:
        """Two voices of the best beam, (gone, kept): taking them for one costs least likelihood.

        That is Ward's criterion, so of two real voices and a cough the cough is gone, however
        much the two are alike. Two pinned voices come last.
        """
        voices = self._voices()[: self.n_speakers]
        labels = np.unique(voices)
        sizes, distances = self._states.apart(
            self._slots[0, : self.n_speakers], voices == labels[:, None]
        )
        pinned = np.isin(labels, [self._voice(speaker) for speaker in self._pinned])
        costs = distances * (sizes * sizes[:, None]) / (sizes + sizes[:, None])
        costs[pinned & pinned[:, None]] += 1 + costs.max()
        np.fill_diagonal(costs, np.inf)
        pair = divmod(int(costs.argmin()), len(labels))
        gone, keep = sorted(pair, key=lambda i: (pinned[i], sizes[i], -i))
        return int(labels[gone]), int(labels[keep])

    def _relabelled(self) -> Decoded:
        first, labels = self._lineage.open_labels()
        self._lineage.settle()
        return Decoded(first, self._named(labels), self._lineage.settled)

    def _voices(self) -> Ints:
        """Whose label each column gives."""
        voices = np.arange(self._slots.shape[1])
        for column in self._merged:
            voices[column] = self._voice(column)
        return voices

    def _voice(self, label: int) -> int:
        while label in self._merged:
            label = self._merged[label]
        return label

    def _named(self, labels: list[int]) -> tuple[int, ...]:
        return tuple(map(self._voice, labels) if self._merged else labels)

    def _settle(self, changed: list[int], lag: int) -> Decoded:
        """Drop the beams that differ from the best one further back than `lag`, then settle."""
        self._keep(self._lineage.agreeing(self.count - lag))
        self._lineage.settle()
        first = self.count - len(changed)
        return Decoded(first, self._named(changed), self._lineage.settled)

    def _keep(self, ranks: list[int]) -> None:
        if len(ranks) < len(self._scores):
            self._lineage.keep(ranks)
            self._scores = self._scores[ranks]
            self._take(np.asarray(ranks, np.intp))
            columns = int(self._speakers.max()) + 1
            self._slots = self._slots[:, :columns]
            self._turns = self._turns[:, :columns]
            self._log_turns = self._log_turns[:, :columns]

    def _push(self, x: Array, voice: LocalVoice | None = None) -> list[int]:
        """One step of the search: the labels it changed; none if no score is finite."""
        beams, columns = self._slots.shape
        before, log_stay, log_change = self._expectation(voice)
        prior = (log_change + self._log_turns) - np.log(self._all_turns + self.model.crp_alpha)[
            :, None
        ]
        if self.count:
            self._put(prior, before, log_stay)
            if voice is not None:
                self._keep_apart(prior, voice)
        loss = (self._states.losses(x).take(self._slots) - prior).astype(np.float32)
        candidates = np.full((self.beam_size, columns), np.inf)
        candidates[:beams] = self._scores[:, None] + loss
        # The package sorts this very matrix, padding included; so do we, for its order of ties.
        order = candidates.argsort(axis=None)[: self.beam_size]
        # It counts scores of exactly zero out too (underflow), but from the end of the list.
        order = order[: np.count_nonzero((candidates < np.inf) & (candidates != 0))]
        if order.size == 0:
            return []
        self._scores = candidates.ravel()[order].astype(np.float32)
        parents, labels = np.divmod(order, columns)
        if self._scores[0] >= _SCORE_LIMIT:  # multiples of 2 here, so the difference is exact
            self._scores -= _SCORE_STEP
        self._advance(x, parents, labels, before.take(parents))
        self._track = None if voice is None else voice.track
        if voice is not None:
            self._remember(voice, labels)
        return self._lineage.extend(parents.tolist(), labels.tolist())

    def _put(self, prior: Doubles, columns: Ints, value: np.floating[Any]) -> None:
        """Give a column of each beam, and those that are one voice with it, another prior."""
        if self._merged:
            voices = self._voices()
            prior[voices == voices[columns][:, None]] = value
        prior[np.arange(len(columns)), columns] = value

    # what segmentation knows

    def _expectation(
        self, voice: LocalVoice | None
    ) -> tuple[Ints, np.floating[Any], np.floating[Any]]:
        """Who is expected to go on, (beams,), and the log probabilities of that and of a change."""
        if voice is None:
            return self._last, self._log_stay, self._log_change
        known = self._tracks.get(voice.track)
        change = _CHANGE_AT if known is None else _CHANGE_IN
        before = self._last if known is None else known[1]
        return before, np.log(1 - change), np.log(change)

    def _keep_apart(self, prior: Doubles, voice: LocalVoice) -> None:
        """Whoever is heard in another local voice at this moment is an unlikely speaker of it."""
        voices = self._voices()
        for track, (at, columns) in self._tracks.items():
            near = 1 - (voice.at - at) / _MOMENT
            if track != voice.track and near > 0:
                prior[voices == voices[columns][:, None]] -= _APART * near

    def _remember(self, voice: LocalVoice, labels: Ints) -> None:
        self._tracks[voice.track] = (voice.at, labels)
        gone = [t for t, (at, _) in self._tracks.items() if voice.at - at > _REMEMBERED]
        for track in gone:
            del self._tracks[track]

    def _advance(self, x: Array, parents: Ints, labels: Ints, before: Ints) -> None:
        """Winner i is the beam ``parents[i]`` after its speaker ``labels[i]`` was given `x`;
        ``before[i]`` is who was expected to go on."""
        self._take(parents)
        beam = np.arange(len(parents))
        fed = self._slots[beam, labels]
        self._slots[beam, labels] = 0
        self._slots[beam, labels] = self._states.feed(x, fed, in_use=self._slots)

        if self._merged:
            voices = self._voices()
            speaking = voices[labels]
            turn_begins = speaking != voices[before]
            self._turns[beam, labels] += turn_begins
            group = voices == speaking[:, None]
            turns = np.sum(self._turns, axis=1, where=group)
            # Whoever goes on in a local voice may have begun in a beam that counted no turn.
            self._log_turns = np.where(
                group, np.log(np.maximum(turns, 1))[:, None], self._log_turns
            )
        else:
            turn_begins = labels != before
            self._turns[beam, labels] += turn_begins
            self._log_turns[beam, labels] = np.log(np.maximum(self._turns[beam, labels], 1))
        self._all_turns += turn_begins
        self._last = labels
        opened = labels == self._speakers
        self._speakers += opened
        columns = int(self._speakers.max()) + 1
        if columns != self._slots.shape[1]:
            self._slots = _with_columns(self._slots, columns, 0)
            self._turns = _with_columns(self._turns, columns, 0)
            self._log_turns = _with_columns(self._log_turns, columns, -np.inf)
        self._offer_newcomer(opened.nonzero()[0].tolist())

    def _offer_newcomer(self, ranks: Iterable[int]) -> None:
        """Make one more speaker possible in these beams, unless there are enough."""
        for rank in ranks:
            known = int(self._speakers[rank])
            if self.max_speakers is None or known - len(self._merged) < self.max_speakers:
                self._log_turns[rank, known] = self._log_alpha

    def _take(self, ranks: Ints) -> None:
        self._slots = self._slots.take(ranks, axis=0)
        self._turns = self._turns.take(ranks, axis=0)
        self._log_turns = self._log_turns.take(ranks, axis=0)
        self._all_turns = self._all_turns.take(ranks)
        self._speakers = self._speakers.take(ranks)
        self._last = self._last.take(ranks)
        self._tracks = {t: (at, who.take(ranks)) for t, (at, who) in self._tracks.items()}


def _with_columns(rows: npt.NDArray[Scalar], columns: int, filling: float) -> npt.NDArray[Scalar]:
    """`rows` cut or filled up to this many columns."""
    lacking = columns - rows.shape[1]
    if lacking <= 0:
        return rows[:, :columns]
    return np.pad(rows, ((0, 0), (0, lacking)), constant_values=filling)


def decode(
    model: UISRNNModel,
    embeddings: npt.ArrayLike,
    *,
    beam_size: int = 10,
    max_speakers: int | None = None,
    passes: int = 1,
) -> npt.NDArray[np.int64]:
    """Label a whole sequence (N, D): (N,) int64, -1 for embeddings that can't be used.

    With ``passes=2`` (the package's ``test_iteration``) the sequence is heard twice, with what was
    learnt of the speakers the first time, and the labels are those of the second time.
    """
    if passes < 1:
        raise ValueError(f"passes has to be at least 1, not {passes}")
    rows = list(np.asarray(embeddings))
    decoder = Decoder(model, beam_size=beam_size, max_speakers=max_speakers)
    labels: list[int] = []
    usable: list[bool] = []
    for _ in range(passes):
        usable = []
        for row in rows:
            decoded = decoder.push(row)
            usable.append(decoded is not None)
            if decoded is not None:
                labels[decoded.first :] = decoded.labels
    result = np.full(len(rows), -1, np.int64)
    kept = np.asarray(usable, np.bool_)
    result[kept] = labels[len(labels) - int(kept.sum()) :]
    return result
