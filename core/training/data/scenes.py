"""Conversations as they are recorded: voices laid onto the turns of real ones, in real places.

Who speaks when comes from people who really talked (:mod:`core.training.data.structures`); what
they say comes from a corpus of voices, phrase by phrase, so that nobody is cut off within a word
more often than needed. Then it is recorded: everybody at the same microphone, near or far, or on a
telephone line of their own; loud and quiet people; doors and dogs and laughter; music under the
speech; what a codec leaves of it. The reference says where the voices sound, as a person marks it.

::

    python -m core.training.data.scenes VOICES ... --structures FOLDER ... --kind meeting --out DIR

writes DIR/000.flac and 000.rttm, 001.flac ... A file that is there already is kept, so the same
command goes on where it was stopped. The same voices, structures, sounds and seed give the same
conversations.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.annotation.values import Annotation, Turn, join_turns
from core.arrays import Array
from core.atomic import writable_folder, write_file
from core.errors import InputError, VoicelanesError
from core.formats import rttm
from core.training.data.augment import (
    coloured,
    laughter,
    line,
    low_pass,
    opus,
    room_response,
    speech_power,
)
from core.training.data.conversations import Conversation, LogNormal, VoicePool, faded
from core.training.data.layouts import audio_files
from core.training.data.recordings import read_recording
from core.training.data.silence import loud_enough
from core.training.data.structures import Structures, Wanted, plan_along, read_structures
from core.units import SAMPLE_RATE, to_samples, to_seconds

Sound = Callable[[], Array]
Span = tuple[int, int]

PAUSE = to_samples(0.3)
"""Longer pauses within what somebody says are no speech, as people mark it."""
_FRAME = SAMPLE_RATE // 100
_CUT_AT = 6
"""Frames of a pause in which a phrase may end."""
_BREATH = LogNormal(0.18, 0.5, 0.05, 0.4)
_FEWEST = to_samples(0.4)
"""Less than this is not filled with another utterance."""
_AUDIBLE = 6.0
"""dB by which the quietest person is above noise and music: what can't be heard isn't speech."""
_PEAK = 0.99
_SHORTEST = 5.0
"""Seconds."""


@dataclass(frozen=True)
class SceneSettings:
    """How a conversation is recorded. Times in seconds, shares and probabilities 0..1."""

    duration: float = 180.0
    wanted: Wanted = field(default_factory=Wanted)
    microphones: tuple[str, ...] = ("near", "far", "mixed")
    """One of them is drawn. ``near``: everybody close to it; ``far``: one on the table, people at
    different distances; ``mixed``: one person near, the others far away."""
    lines: float = 0.0
    """How likely everybody is on a telephone line of their own."""
    spread: float = 12.0
    """dB between the loudest and the quietest person, at most."""
    noises: float = 2.0
    """Sounds per minute: steps, dogs, sneezes, ..."""
    laughs: float = 0.5
    """Laughs per minute; laughing is not speech."""
    music: float = 0.0
    """How likely there is music, under the speech and alone."""
    noise: tuple[float, float] = (12.0, 45.0)
    """dB of speech over the noise that is always there."""
    codec: float = 0.3
    """How likely the recording is kept at a low bit rate or with a narrow band."""


KINDS: Mapping[str, SceneSettings] = {
    "meeting": SceneSettings(wanted=Wanted((4, 5), (0.03, 0.35)), spread=20.0, laughs=1.0),
    "call": SceneSettings(
        120.0, Wanted((2, 2), (0.0, 0.25)), ("near",), lines=1.0, spread=14.0, noises=1.0, codec=0.1
    ),
    "interview": SceneSettings(
        wanted=Wanted((2, 2), (0.0, 0.12)), microphones=("near", "mixed"), spread=20.0
    ),
    "radio": SceneSettings(
        240.0, Wanted((3, 6), (0.0, 0.15)), ("near",), lines=0.1, spread=8.0, music=0.9, codec=0.6
    ),
    "heated": SceneSettings(120.0, Wanted((2, 3), (0.2, 0.6)), spread=15.0, laughs=1.0),
}
SHORT = "short"
"""Half a minute of any of the kinds."""


@dataclass(frozen=True)
class Sounds:
    """What is heard beside the voices; each is called for its samples, (n,) at 16 kHz."""

    noises: Sequence[Sound] = field(default=())
    music: Sequence[Sound] = field(default=())


def settings_of(
    kind: str, rng: np.random.Generator, duration: float | None = None
) -> SceneSettings:
    """The settings of a conversation of this kind, of ``duration`` seconds or the usual length.

    Raises
    ------
    InputError
        If there is no such kind, or it is too short to talk in.
    """
    if duration is not None and duration < _SHORTEST:
        raise InputError(f"a conversation lasts {_SHORTEST:g} s at least, not {duration:g}")
    if kind == SHORT:
        kind = sorted(KINDS)[int(rng.integers(len(KINDS)))]
        duration = duration or 30.0
    if kind not in KINDS:
        raise InputError(f"there is no kind {kind!r}: take one of {', '.join([*KINDS, SHORT])}")
    settings = KINDS[kind]
    return replace(settings, duration=duration) if duration else settings


def record(
    voices: VoicePool,
    structures: Structures,
    sounds: Sounds,
    rng: np.random.Generator,
    settings: SceneSettings,
) -> Conversation:
    """A conversation of some of these voices.

    Raises
    ------
    InputError
        If there are fewer voices than people wanted, or one without a sound.
    """
    if len(voices) < settings.wanted.speakers[1]:
        raise InputError(
            f"{settings.wanted.speakers[1]} people are to talk and there are {len(voices)} voices"
        )
    length = to_samples(settings.duration)
    with_music = bool(sounds.music) and rng.random() < settings.music
    opening = to_samples(float(rng.uniform(2, 6))) if with_music and rng.random() < 0.5 else 0
    turns = plan_along(structures, rng, to_seconds(length - opening), settings.wanted)
    turns = [Turn(t.start + opening, t.end + opening, t.speaker) for t in turns]
    count = len({turn.speaker for turn in turns})
    names = [str(name) for name in rng.choice(sorted(voices), count, replace=False)]
    place = _Place(rng, settings, count)
    spoken: list[Turn] = []
    tracks: list[Array] = []
    # Each voice draws from a generator of its own: one more utterance of one changes no other.
    for speaker, (name, own) in enumerate(zip(names, rng.spawn(count), strict=True)):
        said = [turn for turn in turns if turn.speaker == speaker]
        dry, spans = _speak(_Phrases(name, voices[name], own), said, length)
        spoken += [Turn(start, end, speaker) for start, end in spans]
        _laugh(dry, said, own, settings.laughs / count)
        tracks.append(place.hear(dry, spans, speaker, own))
    mixed: Array = np.asarray(sum(tracks, np.zeros(length, np.float32)), np.float32)
    powers = [p for track in tracks if (p := speech_power(track)) > 0]
    if powers:
        _add_around(mixed, min(powers), sounds, rng, settings, with_music, opening)
    if rng.random() < settings.codec:
        mixed = (
            opus(mixed, int(rng.integers(8000, 32000)))
            if rng.random() < 0.6
            else low_pass(mixed, float(rng.uniform(3000.0, 7000.0)))
        )
    peak = float(np.abs(mixed).max(initial=0.0)) or 1.0
    mixed = mixed * np.float32(_PEAK / peak * 10 ** (-float(rng.uniform(0, 24)) / 20))
    joined = join_turns(spoken)
    return Conversation(mixed, Annotation.build(joined, length, dict(enumerate(names))))


def _add_around(
    mixed: Array,
    quietest: float,
    sounds: Sounds,
    rng: np.random.Generator,
    settings: SceneSettings,
    with_music: bool,
    opening: int,
) -> None:
    """Sounds, music and noise into the mix (n,); the last two leave the quietest to be heard."""
    speech = speech_power(mixed)
    most = quietest / 10 ** (_AUDIBLE / 10)
    for _ in range(rng.poisson(settings.noises * settings.duration / 60) if sounds.noises else 0):
        sound = _crop(sounds.noises[int(rng.integers(len(sounds.noises)))](), rng, 0.3, 4.0)
        power = speech_power(sound)
        at = int(rng.integers(len(mixed)))
        sound = sound[: len(mixed) - at]
        if power > 0:
            loud = speech / 10 ** (float(rng.uniform(-3, 25)) / 10)
            mixed[at : at + len(sound)] += sound * np.float32(np.sqrt(loud / power))
    if with_music:
        at = 0 if opening else int(rng.integers(len(mixed) // 4))
        while at < len(mixed):
            part = _crop(sounds.music[int(rng.integers(len(sounds.music)))](), rng, 8.0, 40.0, 1.0)
            part = part[: len(mixed) - at]
            power = speech_power(part)
            if power > 0:
                under = min(speech / 10 ** (float(rng.uniform(3, 25)) / 10), most)
                gain = np.full(len(part), np.sqrt(under / power), np.float32)
                if opening and not at:  # alone it is as loud as speech, and goes down for it
                    fall = np.interp(np.arange(len(part)), (opening - SAMPLE_RATE, opening), (1, 0))
                    gain = gain + fall.astype(np.float32) * np.float32(np.sqrt(speech / power) / 2)
                mixed[at : at + len(part)] += part * gain
            at += len(part) + to_samples(float(rng.exponential(20.0)))
    floor = min(speech / 10 ** (float(rng.uniform(*settings.noise)) / 10), most)
    mixed += coloured(len(mixed), rng, float(rng.uniform(0.0, 2.0))) * np.float32(np.sqrt(floor))


def _crop(
    sound: Array, rng: np.random.Generator, shortest: float, longest: float, fade: float = 0.02
) -> Array:
    """A stretch of a sound, faded in and out."""
    length = min(len(sound), to_samples(float(rng.uniform(shortest, longest))))
    start = int(rng.integers(len(sound) - length + 1))
    part = np.array(sound[start : start + length], np.float32)
    edge = min(to_samples(fade), length // 2)
    ramp = np.linspace(0, 1, edge, dtype=np.float32)
    part[:edge] *= ramp
    part[length - edge :] *= ramp[::-1]
    return part


class _Place:
    """Where people sit, how loud they are, and what carries their voices."""

    def __init__(self, rng: np.random.Generator, settings: SceneSettings, count: int) -> None:
        self._lines = rng.random() < settings.lines
        self._rt60 = float(rng.uniform(0.15, 0.8))
        microphone = settings.microphones[int(rng.integers(len(settings.microphones)))]
        near = {"near": count, "mixed": 1}.get(microphone, 0)
        close = rng.permutation(count) < near
        # Direct sound over the room's: beyond the critical distance it is below it.
        self._direct = [float(rng.uniform(8, 20) if c else rng.uniform(-6, 5)) for c in close]
        # Somebody is the loudest and somebody the quietest; who sits far away is quieter.
        quiet = rng.random(count) + (~close if 0 < near < count else 0)
        quiet = (quiet - quiet.min()) / (np.ptp(quiet) or 1.0)
        self._levels = -float(rng.uniform(0, settings.spread)) * quiet

    def hear(
        self, dry: Array, spans: Sequence[Span], speaker: int, rng: np.random.Generator
    ) -> Array:
        """What of a voice (n,) arrives: its loudness where it speaks is that of its place."""
        from scipy import signal

        response = room_response(rng, self._rt60, self._direct[speaker])
        heard: Array = np.asarray(signal.oaconvolve(dry, response)[: len(dry)], np.float32)
        spoken = [heard[start:end] for start, end in spans]
        power = speech_power(np.concatenate(spoken)) if spoken else 0.0
        if power <= 0:
            return heard
        heard *= np.float32(0.05 / np.sqrt(power))
        if self._lines:
            heard = line(heard, rng)
        return np.asarray(heard * np.float32(10 ** (self._levels[speaker] / 20)), np.float32)


def _speak(phrases: _Phrases, turns: Sequence[Turn], length: int) -> tuple[Array, list[Span]]:
    """A voice (length,) that speaks in these turns, and where it sounds."""
    track: Array = np.zeros(length, np.float32)
    spans: list[Span] = []
    for turn in turns:
        said, where = phrases.take(turn.duration)
        track[turn.start : turn.start + len(said)] = said
        spans += [(turn.start + start, turn.start + end) for start, end in where]
    return track, spans


def _laugh(
    track: Array, turns: Sequence[Turn], rng: np.random.Generator, per_minute: float
) -> None:
    """Laughs of this voice into its track (n,), where it doesn't speak."""
    for _ in range(rng.poisson(per_minute * len(track) / SAMPLE_RATE / 60) if turns else 0):
        turn = turns[int(rng.integers(len(turns)))]
        laugh = laughter(track[turn.start : turn.end], rng)
        at = int(rng.integers(len(track)))
        laugh = laugh[: len(track) - at]
        if not any(t.start < at + len(laugh) and at < t.end for t in turns):
            track[at : at + len(laugh)] = laugh * np.float32(10 ** (float(rng.uniform(-9, 6)) / 20))


class _Phrases:
    """Endless speech of one voice, in phrases: it ends in a pause wherever there is one."""

    def __init__(self, name: str, utterances: Sequence[Sound], rng: np.random.Generator) -> None:
        self._name = name
        self._utterances = utterances
        self._rng = rng
        self._order: list[int] = []
        self._rest: Array = np.zeros(0, np.float32)
        self._sounds: NDArray[np.bool_] = np.zeros(0, bool)

    def take(self, most: int) -> tuple[Array, list[Span]]:
        """Up to ``most`` samples that begin with a sound, of RMS 1, and where there is speech."""
        parts: list[Array] = []
        spans: list[Span] = []
        at = 0
        while True:
            part, sounds = self._part(most - at)
            parts.append(part)
            for start, end in _stretches(sounds):
                start, end = at + start * _FRAME, min(at + end * _FRAME, at + len(part))
                if spans and start - spans[-1][1] <= PAUSE:
                    start = spans.pop()[0]
                spans.append((start, end))
            at += len(part)
            breath = _BREATH.draw(self._rng)
            if most - at - breath < _FEWEST:
                return np.concatenate(parts), spans
            parts.append(np.zeros(breath, np.float32))
            at += breath

    def _part(self, most: int) -> tuple[Array, NDArray[np.bool_]]:
        """The rest of an utterance, or as much of it as fits, to a pause if there is one."""
        if not self._sounds.any():
            self._next()
        first = int(self._sounds.argmax())
        self._rest, self._sounds = self._rest[first * _FRAME :], self._sounds[first:]
        frames = -(-most // _FRAME)
        if frames < len(self._sounds):
            frames = self._cut(max(1, most // _FRAME))
        part, sounds = self._rest[: frames * _FRAME][:most], self._sounds[:frames]
        self._rest, self._sounds = self._rest[frames * _FRAME :], self._sounds[frames:]
        sounding = np.flatnonzero(sounds)
        sounds = sounds[: sounding[-1] + 1]
        return faded(part[: len(sounds) * _FRAME]), sounds

    def _cut(self, frames: int) -> int:
        """Where to stop, at most after so many frames."""
        for start, end in reversed(_stretches(~self._sounds[: frames + 1])):
            if end - start >= _CUT_AT and start >= frames // 2:
                return start
        late = self._rest[frames * 3 // 4 * _FRAME : frames * _FRAME].reshape(-1, _FRAME)
        return (
            frames * 3 // 4 + int(np.square(late).sum(axis=1).argmin()) + 1
            if frames > 20
            else frames
        )

    def _next(self) -> None:
        for _ in range(2 * len(self._utterances)):  # the rest of this round and all of the next
            if not self._order:
                self._order = self._rng.permutation(len(self._utterances)).tolist()
            samples = np.asarray(self._utterances[self._order.pop()](), np.float32)
            frames = samples[: len(samples) // _FRAME * _FRAME].reshape(-1, _FRAME)
            if len(frames) and np.isfinite(frames).all():
                sounds = loud_enough(frames)
                if sounds.any():
                    level = np.sqrt(np.square(frames[sounds], dtype=np.float64).mean())
                    self._rest, self._sounds = (frames / level).reshape(-1), sounds
                    return
        raise InputError(f"speaker {self._name} has no utterance with a sound in it")


def _stretches(marks: NDArray[np.bool_]) -> list[Span]:
    """(start, end) of every run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], marks.astype(np.int8), [0]))))
    return [(int(start), int(end)) for start, end in edges.reshape(-1, 2)]


def read_sounds(noises: Sequence[Path], music: Sequence[Path]) -> Sounds:
    """The recordings below these folders.

    Raises
    ------
    InputError
        If a folder has none.
    """

    def below(folder: Path) -> list[Sound]:
        found: list[Sound] = [partial(read_recording, path) for path in audio_files(folder)]
        if not found:
            raise InputError(f"there is no sound in {folder}")
        return found

    return Sounds(
        [sound for folder in noises for sound in below(folder)],
        [sound for folder in music for sound in below(folder)],
    )


def write_conversation(folder: Path, name: str, conversation: Conversation) -> None:
    """``name.flac`` and ``name.rttm`` in the folder; the second is there only with the first."""
    import io

    import soundfile

    file = io.BytesIO()
    soundfile.write(file, conversation.samples, SAMPLE_RATE, format="FLAC", subtype="PCM_16")
    write_file(folder / f"{name}.flac", file.getvalue())
    write_file(folder / f"{name}.rttm", rttm.render(conversation.reference, name))


def main(argv: Sequence[str] | None = None) -> int:
    """The command."""
    from core.training.data.voices import read_voices

    parser = argparse.ArgumentParser(
        prog="python -m core.training.data.scenes",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("voices", nargs="+", metavar="VOICES", help="as for 'train speakers'")
    parser.add_argument("--structures", nargs="+", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--noise", nargs="+", type=Path, default=[], metavar="FOLDER")
    parser.add_argument("--music", nargs="+", type=Path, default=[], metavar="FOLDER")
    parser.add_argument("--kind", choices=[*KINDS, SHORT], default="meeting")
    parser.add_argument("--seconds", type=float, metavar="S", help="in place of the usual length")
    parser.add_argument("--count", type=int, default=16, metavar="N")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--cache", type=Path, default=Path("voices"), metavar="DIR")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    options = parser.parse_args(argv)
    try:
        folder = writable_folder(options.out)
        structures = read_structures(options.structures)
        sounds = read_sounds(options.noise, options.music)
        voices, _ = read_voices(options.voices, writable_folder(options.cache))
        for number in range(options.count):
            if (folder / f"{number:03}.rttm").exists():
                continue
            rng = np.random.default_rng([options.seed, number])
            settings = settings_of(options.kind, rng, options.seconds)
            talk = record(voices, structures, sounds, rng, settings)
            write_conversation(folder, f"{number:03}", talk)
            print(f"\r{number + 1} of {options.count}", end="", file=sys.stderr, flush=True)
    except VoicelanesError as error:
        print(error, file=sys.stderr)
        return 1
    print(file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
