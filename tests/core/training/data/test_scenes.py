"""Recorded conversations: the reference says where the voices sound, wherever they sit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from core.annotation.values import Annotation, Turn
from core.errors import InputError
from core.formats import rttm
from core.training.data.scenes import (
    KINDS,
    PAUSE,
    SHORT,
    SceneSettings,
    Sounds,
    main,
    read_sounds,
    record,
    settings_of,
)
from core.training.data.structures import Wanted
from core.units import SAMPLE_RATE
from tests.core.training.data.test_structures import STRUCTURES, talk
from tests.core.training.data.test_voices import write_corpus
from tests.core.training.talking import band_amplitudes, timbre, voice, voices

Array = NDArray[np.float32]
NOTHING = Sounds()
SEEDS = st.integers(0, 2**32)
BARE = SceneSettings(
    20.0, Wanted((2, 3), piece=(5, 20)), ("near",), spread=0.0, noises=0.0, laughs=0.0,
    noise=(90.0, 90.0), codec=0.0,
)  # fmt: skip


def spoken(reference: Annotation) -> NDArray[np.bool_]:
    marks = np.zeros(reference.duration, np.bool_)
    for turn in reference.turns:
        marks[turn.start : turn.end] = True
    return marks


def power(samples: Array) -> float:
    return float(np.mean(np.square(samples, dtype=np.float64))) if len(samples) else 0.0


@settings(max_examples=10, deadline=None)
@given(SEEDS)
def test_reference_is_where_the_sound_is(seed: int) -> None:
    heard = record(voices(range(4)), STRUCTURES, NOTHING, np.random.default_rng(seed), BARE)
    marks = spoken(heard.reference)
    assert len(heard.samples) == heard.reference.duration == 20 * SAMPLE_RATE
    assert power(heard.samples[marks]) > 30 * power(heard.samples[~marks])  # rooms go on a little
    quietest = min(power(heard.samples[t.start : t.end]) for t in heard.reference.turns)
    assert quietest > power(heard.samples[~marks])
    assert np.abs(heard.samples).max() <= 1.0
    assert {s.name for s in heard.reference.speakers} <= set(voices(range(4)))


def with_a_pause(seconds: float) -> list[Callable[[], Array]]:
    """Utterances of one voice with a pause of noise that is far below it."""
    quiet = 1e-3 * voice(0, seconds, seed=5)
    whole = np.concatenate([voice(0, 1.0), quiet, voice(0, 1.0, seed=1)])
    return [lambda: whole]


@pytest.mark.parametrize(("pause", "parts"), [(0.6, 2), (0.2, 1)])
def test_long_pauses_within_an_utterance_are_no_speech(pause: float, parts: int) -> None:
    second = SAMPLE_RATE
    long = Annotation.build([Turn(0, 27 * second // 10, 0), Turn(4 * second, 5 * second, 1)])
    alone = replace(BARE, duration=5.0, wanted=Wanted((1, 1), piece=(5, 5)))
    heard = record(
        {"a": with_a_pause(pause)}, {"x": [long]}, NOTHING, np.random.default_rng(1), alone
    )
    first = heard.reference.turns[:parts]
    assert (first[-1].end - first[0].start) / SAMPLE_RATE == pytest.approx(2 + pause, abs=0.03)
    if parts == 2:
        assert first[1].start - first[0].end > PAUSE


@settings(max_examples=8, deadline=None)
@given(SEEDS)
def test_turn_has_the_voice_of_its_speaker(seed: int) -> None:
    calm = {"calm": STRUCTURES["calm"]}
    heard = record(voices(range(5)), calm, NOTHING, np.random.default_rng(seed), BARE)
    timbres = np.array([timbre(number) for number in range(5)])
    for turn in heard.reference.turns:
        bands = band_amplitudes(heard.samples[np.newaxis, turn.start : turn.end])
        name = f"voice {int((timbres @ bands[0]).argmax())}"
        assert heard.reference.speaker(turn.speaker).name == name


def test_people_are_up_to_so_much_louder_than_each_other() -> None:
    found = []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        uneven = replace(BARE, spread=20.0, wanted=Wanted((2, 2), (0, 0), (5, 20)))
        heard = record(voices(range(4)), {"calm": STRUCTURES["calm"]}, NOTHING, rng, uneven)
        levels = [
            power(np.concatenate([heard.samples[t.start : t.end] for t in own]))
            for s in heard.reference.speakers
            if (own := heard.reference.turns_of(s.id))
        ]
        found.append(10 * np.log10(max(levels) / min(levels)))
    assert 8 < max(found) < 21
    assert min(found) < 5


def test_far_is_more_reverberant_than_near() -> None:
    """How much is heard after the end of a turn, against the turn."""

    def after(microphone: str) -> float:
        rng = np.random.default_rng(3)
        calm = {"calm": STRUCTURES["calm"]}
        heard = record(
            voices(range(4)), calm, NOTHING, rng, replace(BARE, microphones=(microphone,))
        )
        ends = [t.end for t in heard.reference.turns[:-1]]
        tail = [power(heard.samples[end + 160 : end + 1600]) for end in ends]
        return float(np.median(tail)) / power(heard.samples[spoken(heard.reference)])

    assert after("far") > 3 * after("near")


def test_a_line_carries_a_narrow_band() -> None:
    def above(lines: float) -> float:
        rng = np.random.default_rng(2)
        heard = record(voices(range(4)), STRUCTURES, NOTHING, rng, replace(BARE, lines=lines))
        spectrum = np.abs(np.fft.rfft(heard.samples)) ** 2
        hertz = np.fft.rfftfreq(len(heard.samples), 1 / SAMPLE_RATE)
        return float(spectrum[hertz > 5000].sum() / spectrum.sum())

    assert above(1.0) < 0.02 < above(0.0)


def test_sounds_and_music_are_heard_between_turns_and_are_no_speech() -> None:
    tone = np.sin(np.arange(20 * SAMPLE_RATE) * 0.3).astype(np.float32)
    sounds = Sounds([lambda: tone[: 3 * SAMPLE_RATE]], [lambda: tone])

    def between(settings: SceneSettings) -> tuple[float, list[Annotation]]:
        talks = [
            record(voices(range(4)), STRUCTURES, sounds, np.random.default_rng(seed), settings)
            for seed in range(4)
        ]
        shares = []
        for heard in talks:
            marks = spoken(heard.reference)
            shares.append(power(heard.samples[~marks]) / power(heard.samples[marks]))
        return float(np.mean(shares)), [heard.reference for heard in talks]

    calm, turns = between(BARE)
    loud, same = between(replace(BARE, noises=30.0))
    assert same == turns
    assert loud > 3 * calm
    assert between(replace(BARE, music=1.0))[0] > 3 * calm


def test_laughing_is_no_speech() -> None:
    second = SAMPLE_RATE
    sparse = [Turn(n * 5 * second, (n * 5 + 1) * second, n % 2) for n in range(40)]

    def between(laughs: float) -> tuple[float, Annotation]:
        rng = np.random.default_rng(6)
        merry = replace(BARE, wanted=Wanted((2, 2), piece=(20, 20)), laughs=laughs)
        heard = record(voices(range(4)), {"x": [Annotation.build(sparse)]}, NOTHING, rng, merry)
        marks = spoken(heard.reference)
        return power(heard.samples[~marks]) / power(heard.samples[marks]), heard.reference

    silent, turns = between(0.0)
    merry, same = between(30.0)
    assert merry > 10 * silent
    assert same == turns


@pytest.mark.parametrize("kind", [*KINDS, SHORT])
def test_every_kind_can_be_recorded(kind: str) -> None:
    rng = np.random.default_rng(5)
    given = settings_of(kind, rng, 25.0)
    many = {"calm": STRUCTURES["calm"], "loud": [talk(n, 5, 0.3) for n in range(3)]}
    sounds = Sounds([lambda: voice(7, 2.0)], [lambda: voice(8, 20.0)])
    first, again = (
        record(voices(range(8)), many, sounds, np.random.default_rng(1), given) for _ in range(2)
    )
    np.testing.assert_array_equal(first.samples, again.samples)
    assert first.reference == again.reference
    assert len(first.samples) == 25 * SAMPLE_RATE
    assert np.isfinite(first.samples).all()
    fewest, most = given.wanted.speakers
    assert min(2, fewest) <= len(first.reference.speakers) <= most


def test_wrong_input_is_refused(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(InputError, match="there are 1 voices"):
        record(voices(range(1)), STRUCTURES, NOTHING, rng, BARE)
    mute: dict[str, list[Callable[[], Array]]] = {
        name: [lambda: np.zeros(SAMPLE_RATE, np.float32)] for name in "abc"
    }
    with pytest.raises(InputError, match="has no utterance with a sound"):
        record(mute, STRUCTURES, NOTHING, rng, BARE)
    with pytest.raises(InputError, match="take one of meeting"):
        settings_of("quarrel", rng)
    with pytest.raises(InputError, match="5 s at least, not 1"):
        settings_of("call", rng, 1.0)
    with pytest.raises(InputError, match="no sound in"):
        read_sounds([tmp_path], [])


def test_command_writes_recordings_with_their_turns_and_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus = f"librispeech={write_corpus(tmp_path / 'corpus', range(6))}"
    structures = tmp_path / "structures" / "some"
    structures.mkdir(parents=True)
    (structures / "one.rttm").write_text(rttm.render(talk(1, 2, 0.1), "one"))
    out = tmp_path / "out"
    given = [corpus, "--structures", str(structures), "--kind", "call", "--seconds", "8"]
    given += ["--cache", str(tmp_path / "cache"), "--out", str(out), "--count"]
    assert main([*given, "1"]) == 0
    first = (out / "000.flac").read_bytes()
    assert main([*given, "2"]) == 0
    assert (out / "000.flac").read_bytes() == first
    for name in ("000", "001"):
        info = soundfile.info(out / f"{name}.flac")
        assert (info.samplerate, info.channels, info.frames) == (16000, 1, 8 * 16000)
        assert rttm.read(out / f"{name}.rttm")[name].turns
    assert first != (out / "001.flac").read_bytes()
    assert main([corpus, "--structures", str(tmp_path / "cache"), "--out", str(out)]) == 1
    assert "no .rttm file" in capsys.readouterr().err
