"""Conversations simulated from utterances, with their exact reference.

Who speaks when is drawn first (:func:`plan`) and then spoken (:func:`simulate`): lengths of turns,
pauses and overlaps are log-normal, as they are in real talk; people answer each other, come back
after a while, join late, talk more or less than others and say "mhm" while somebody else talks.
Each speaker sits in a place of a synthetic room and stays there. The same generator gives the same
conversation, to the last sample.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.annotation.values import Annotation, Turn
from core.arrays import Array
from core.errors import InputError
from core.training.data.augment import noise, room
from core.units import SAMPLE_RATE, to_samples

VoicePool = Mapping[str, Sequence[Callable[[], Array]]]
"""Utterances by speaker: each is called for its samples, (n,) at 16 kHz, silence trimmed."""

_FADE = SAMPLE_RATE // 200
_LEVEL = 10 ** (-26 / 20)
"""RMS of a voice before its own gain: -26 dB of full scale."""
_QUIET = 10 ** (-30 / 10)
"""A frame this far below its utterance's power is a pause."""
_FRAME = SAMPLE_RATE // 100
_PEAK = 0.99
_LOUD = 95
"""Percentile of the levels of a voice's frames that counts as its loud ones."""


@dataclass(frozen=True)
class LogNormal:
    """A length in seconds: exp of a normal with median ``median`` and ``sigma``, limited."""

    median: float
    sigma: float
    shortest: float
    longest: float

    def draw(self, rng: np.random.Generator) -> int:
        """One length in samples."""
        seconds = self.median * np.exp(self.sigma * rng.standard_normal())
        return max(1, to_samples(float(np.clip(seconds, self.shortest, self.longest))))


@dataclass(frozen=True)
class ConversationSettings:
    """How people talk. Times in seconds, shares and probabilities 0..1, levels in dB."""

    duration: float = 120.0
    speakers: tuple[int, int] = (2, 6)
    """Fewest and most, both possible; fewer where there are fewer voices."""
    turn: LogNormal = LogNormal(2.2, 0.8, 0.4, 20.0)
    pause: LogNormal = LogNormal(0.35, 0.9, 0.02, 6.0)
    """Between the end of a turn and the next turn, ..."""
    overlap_share: float = 0.2
    overlap: LogNormal = LogNormal(0.4, 0.7, 0.05, 3.0)
    """... or, for this share of turns, how long both speak (at most half of the first turn)."""
    breath: LogNormal = LogNormal(0.18, 0.5, 0.05, 0.4)
    """Between two utterances in one turn; belongs to the turn."""
    reply: float = 0.5
    """The next turn is by whoever spoke before the last."""
    same: float = 0.08
    """The next turn is by the same speaker, after a pause."""
    arrivals: float = 0.6
    """Everybody has said something soon after this share of the conversation."""
    activity: float = 2.0
    """Concentration of the shares of talk (Dirichlet): the higher, the more equal."""
    backchannels: float = 0.06
    """"Mhm"s of listeners per second of a turn."""
    backchannel: LogNormal = LogNormal(0.45, 0.35, 0.2, 1.0)
    backchannel_db: float = -4.0
    level_sd: float = 3.0
    """Of the levels of the speakers."""
    rooms: bool = True
    """A room for every speaker; without, everybody is recorded dry."""
    snr: tuple[float, float] | None = (10.0, 40.0)
    """Speech over noise, drawn evenly; None for no noise."""
    marked: tuple[float, float] | None = None
    """What the reference calls speech. None: whole turns. Otherwise as a person marks it: as far
    as the dry voice is less than the first (dB) below its loud frames, without pauses longer than
    the second (seconds)."""


@dataclass(frozen=True)
class Conversation:
    """What was said.

    Parameters
    ----------
    samples
        (n,) float32 at 16 kHz.
    reference
        Who speaks when, to the sample; speakers are numbered as they appear and bear their names.
    """

    samples: Array
    reference: Annotation


def plan(
    rng: np.random.Generator, settings: ConversationSettings, count: int
) -> tuple[list[Turn], list[Turn]]:
    """Who of ``count`` speakers speaks when: (turns, back-channels), both in order of start.

    No two of one speaker, of either list, overlap or touch. Speakers are numbered as they appear.
    """
    length = to_samples(settings.duration)
    shortest = max(1, to_samples(settings.backchannel.shortest))
    arrivals = np.sort(rng.uniform(0, settings.arrivals * length, count))
    arrivals[:2] = 0  # it takes two
    shares = rng.dirichlet(np.full(count, settings.activity))
    free = [0] * count  # where each may speak again
    turns: list[Turn] = []
    backchannels: list[Turn] = []
    heard = 0
    floor = 0  # where the last of the turns so far ends
    while True:
        if heard < count and arrivals[heard] <= floor:
            speaker, heard = heard, heard + 1
        else:
            speaker = _next_speaker(rng, settings, turns, shares[:heard])
        start = floor + settings.pause.draw(rng)
        if turns and rng.random() < settings.overlap_share:
            start = floor - min(settings.overlap.draw(rng), turns[-1].duration // 2)
        start = max(start, free[speaker])
        if start > length - shortest:  # the time is over
            return turns, sorted(backchannels)
        end = min(start + settings.turn.draw(rng), length)
        turns.append(Turn(start, end, speaker))
        free[speaker] = end + settings.pause.draw(rng)
        floor = max(floor, end)
        listeners = [other for other in range(heard) if other != speaker]
        expected = settings.backchannels * (end - start) / SAMPLE_RATE
        for at in np.sort(rng.integers(start, end, rng.poisson(expected))).tolist():
            if not listeners:
                break
            listener = int(rng.choice(listeners))
            begin = max(at, free[listener])
            until = min(begin + settings.backchannel.draw(rng), end)
            if until - begin >= shortest:
                backchannels.append(Turn(begin, until, listener))
                free[listener] = until + settings.pause.draw(rng)


def _next_speaker(
    rng: np.random.Generator,
    settings: ConversationSettings,
    turns: Sequence[Turn],
    shares: NDArray[np.float64],
) -> int:
    """Somebody who was heard before: one who replies, goes on or comes back."""
    last = turns[-1].speaker
    chance = rng.random()
    if len(shares) == 1 or chance < settings.same:
        return last
    if chance < settings.same + settings.reply:
        for turn in reversed(turns):
            if turn.speaker != last:
                return turn.speaker
    others = shares.copy()
    others[last] = 0
    return int(rng.choice(len(shares), p=others / others.sum()))


def simulate(
    voices: VoicePool, rng: np.random.Generator, settings: ConversationSettings | None = None
) -> Conversation:
    """A conversation of some of these voices.

    Raises
    ------
    InputError
        If there is no voice, or one without a sound.
    """
    settings = settings or ConversationSettings()
    if not voices:
        raise InputError("there are no voices to talk: give a corpus with speakers")
    fewest, most = settings.speakers
    count = min(int(rng.integers(fewest, most + 1)), len(voices))
    names = [str(name) for name in rng.choice(sorted(voices), count, replace=False)]
    turns, backchannels = plan(rng, settings, count)
    length = to_samples(settings.duration)
    mixed: Array = np.zeros(length, np.float32)
    spoken: list[Turn] = []
    softer = np.float32(10 ** (settings.backchannel_db / 20))
    # Each voice draws from a generator of its own: one more utterance of one changes no other.
    for speaker, (name, own) in enumerate(zip(names, rng.spawn(count), strict=True)):
        speech = _Speech(name, voices[name], own, settings.breath)
        track: Array = np.zeros(length, np.float32)
        for turn in turns:
            if turn.speaker == speaker:
                track[turn.start : turn.end] = speech.take(turn.duration)
        for turn in backchannels:
            if turn.speaker == speaker:
                track[turn.start : turn.end] = speech.take(turn.duration) * softer
        said = [turn for turn in (*turns, *backchannels) if turn.speaker == speaker]
        spoken += _marked(track, said, *settings.marked) if settings.marked else said
        if settings.rooms:
            track = room(track, own)
        mixed += track * np.float32(_LEVEL * 10 ** (settings.level_sd * own.normal() / 20))
    if settings.snr is not None:
        mixed = noise(mixed, rng, float(rng.uniform(*settings.snr)))
    peak = float(np.abs(mixed).max(initial=0))
    if peak > _PEAK:
        mixed *= np.float32(_PEAK / peak)
    reference = Annotation.build(sorted(spoken), length, dict(enumerate(names)))
    return Conversation(mixed, reference)


def _marked(track: Array, turns: Sequence[Turn], below: float, pause: float) -> list[Turn]:
    """The turns of a dry voice (n,) as a person would mark them; see the settings."""
    frames = track[: len(track) // _FRAME * _FRAME].reshape(-1, _FRAME)
    levels = 10 * np.log10(np.square(frames, dtype=np.float64).mean(axis=1) + 1e-12)
    sounding = levels > -100
    if not sounding.any():
        return []
    loud = levels > np.percentile(levels[sounding], _LOUD) - below
    longest = to_samples(pause)
    found: list[Turn] = []
    for turn in turns:
        first, last = turn.start // _FRAME, -(-turn.end // _FRAME)
        start = end = -1
        for frame in (np.flatnonzero(loud[first:last]) + first).tolist():
            if start >= 0 and frame * _FRAME - end > longest:
                found.append(Turn(start, end, turn.speaker))
                start = -1
            if start < 0:
                start = max(frame * _FRAME, turn.start)
            end = min((frame + 1) * _FRAME, turn.end)
        if start >= 0:
            found.append(Turn(start, end, turn.speaker))
    return found


class _Speech:
    """Endless speech of one voice: its utterances in random order, with breaths between them."""

    def __init__(
        self,
        name: str,
        utterances: Sequence[Callable[[], Array]],
        rng: np.random.Generator,
        breath: LogNormal,
    ) -> None:
        self._name = name
        self._utterances = utterances
        self._rng = rng
        self._breath = breath
        self._order: list[int] = []
        self._rest: Array = np.zeros(0, np.float32)

    def take(self, count: int) -> Array:
        """The next ``count`` samples, speech at both ends, of about RMS 1."""
        taken: Array = np.zeros(count, np.float32)
        self._rest = _from_first_sound(self._rest)
        position = 0
        while True:
            if not len(self._rest):
                self._rest = self._utterance()
            part, self._rest = np.split(self._rest, [count - position])
            taken[position : position + len(part)] = faded(part)
            position += len(part)
            if position == count:
                return taken
            breath = self._breath.draw(self._rng)
            if position + breath < count:
                position += breath

    def _utterance(self) -> Array:
        """The next one that isn't silent, of RMS 1."""
        for _ in range(2 * len(self._utterances)):  # the rest of this round and all of the next
            if not self._order:
                self._order = self._rng.permutation(len(self._utterances)).tolist()
            samples = np.asarray(self._utterances[self._order.pop()](), np.float32)
            power = float(np.mean(np.square(samples, dtype=np.float64))) if len(samples) else 0.0
            if 1e-12 < power < np.inf:
                sounding = _from_first_sound(samples / np.float32(np.sqrt(power)))
                if len(sounding):
                    return sounding
        raise InputError(f"speaker {self._name} has no utterance with a sound in it")


def _from_first_sound(samples: Array) -> Array:
    """Samples of an utterance of RMS 1 from its first frame of 10 ms that is no pause."""
    frames = samples[: len(samples) // _FRAME * _FRAME].reshape(-1, _FRAME)
    sounding = np.flatnonzero(np.mean(np.square(frames), axis=1) > _QUIET)
    return samples[sounding[0] * _FRAME :] if len(sounding) else samples[:0]


def faded(samples: Array) -> Array:
    """With both ends faded, so that a cut doesn't click; no sample becomes zero."""
    faded = samples.copy()
    edge = min(_FADE, len(samples) // 2)
    ramp = (np.arange(1, edge + 1) / (edge + 1)).astype(np.float32)
    faded[:edge] *= ramp
    faded[len(faded) - edge :] *= ramp[::-1]
    return faded
