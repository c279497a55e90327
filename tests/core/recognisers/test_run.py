"""Recognisers listen to turns: a real one, and such as die, hang or have no model."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from core.annotation.values import Annotation, Turn, Word
from core.errors import Cancelled, InputError, MissingExtraError, RecogniserError
from core.recognisers.kinds import RecogniserChoice
from core.recognisers.portions import key_of, with_heard
from core.recognisers.run import HeardTurn, recognise
from core.units import SAMPLE_RATE as S

TURNS = Annotation.build([Turn(n * 2 * S, (n * 2 + 1) * S, n % 2) for n in range(4)], 9 * S)
"""Four turns of a second each, with a second between them."""


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    path = tmp_path / "talk.wav"
    noise = np.random.default_rng(1).normal(0, 0.01, 9 * S)
    soundfile.write(path, noise, S)
    return path


def texts(heard: list[HeardTurn]) -> list[str]:
    return [" ".join(word.text for word in one.words) for one in heard]


def heard_until(error: type[Exception], talk: Path, choice: RecogniserChoice, **more: float):
    """What came before it failed, and what it said then."""
    heard: list[HeardTurn] = []
    with pytest.raises(error) as caught:
        heard.extend(recognise(talk, TURNS, choice, **more))
    assert "\n" not in str(caught.value)
    return heard, str(caught.value)


@pytest.mark.slow
def test_a_real_one_hears_the_turns(sample: Path) -> None:
    pytest.importorskip("pocketsphinx")
    turns = Annotation.build([Turn(S, 3 * S, 0), Turn(6 * S, 8 * S, 1)], 60 * S)
    told: list[float] = []
    choice = RecogniserChoice("pocketsphinx")
    heard = list(recognise(sample, turns, choice, on_progress=told.append))
    assert [one.turn for one in heard] == [key_of(turn) for turn in turns.turns]
    for one in heard:
        assert one.words
        assert list(one.words) == sorted(one.words)
        assert all(w.text.isprintable() and "<" not in w.text for w in one.words)
        assert all(one.turn[0] - S // 4 <= w.middle < one.turn[1] + S // 4 for w in one.words)
    assert told == sorted(told)
    assert told[-1] == 1
    after = with_heard(turns, {one.turn: one.words for one in heard})
    assert not list(recognise(sample, after, choice))  # there is nothing left to do


def test_one_that_dies_leaves_what_it_heard(talk: Path, vosk: Callable[..., Path]) -> None:
    model = vosk("if n == 3: os.abort()")
    heard, said = heard_until(RecogniserError, talk, RecogniserChoice("vosk", model))
    assert texts(heard) == ["well", "well"]
    assert said.startswith("vosk died at 0:03.750")
    if sys.platform != "win32":
        assert "signal 6" in said


def test_one_that_dies_while_it_loads(talk: Path, vosk: Callable[..., Path]) -> None:
    model = vosk("pass", loading="os._exit(3)")
    heard, said = heard_until(RecogniserError, talk, RecogniserChoice("vosk", model))
    assert not heard
    assert said == "vosk died while it loaded its model (code 3)"


def test_one_that_never_answers_is_ended(
    talk: Path, vosk: Callable[..., Path], tmp_path: Path
) -> None:
    number = tmp_path / "number"
    code = f"if n == 2:\n    open({str(number)!r}, 'w').write(str(os.getpid()))"
    model = vosk(f"{code}\n    time.sleep(3600)")
    choice = RecogniserChoice("vosk", model)
    heard, said = heard_until(RecogniserError, talk, choice, patience_s=6)
    assert texts(heard) == ["well"]
    assert "gave no answer for 6 s" in said
    if sys.platform != "win32":
        with pytest.raises(ProcessLookupError):
            os.kill(int(number.read_text()), 0)


def test_one_that_never_loads_is_ended(
    talk: Path, vosk: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.recognisers.run.PATIENCE_S", 1.0)
    choice = RecogniserChoice("vosk", vosk("pass", loading="time.sleep(3600)"))
    heard, said = heard_until(RecogniserError, talk, choice, patience_s=1)
    assert not heard
    assert said == "vosk gave no answer for 1 s, while it loaded its model, and was ended"


def test_one_that_reports_a_fault(talk: Path, vosk: Callable[..., Path]) -> None:
    model = vosk("if n == 2: raise ValueError('bad\\nmodel')")
    heard, said = heard_until(RecogniserError, talk, RecogniserChoice("vosk", model))
    assert texts(heard) == ["well"]
    assert said.endswith("ValueError: bad model")


def test_a_program_that_fails(talk: Path, whisper_cpp: Callable[..., Path]) -> None:
    choice = RecogniserChoice("whisper.cpp", whisper_cpp(code=4))
    heard, said = heard_until(RecogniserError, talk, choice)
    assert not heard
    assert "whisper-cli ended with code 4 (error: failed to initialise)" in said


@pytest.mark.parametrize("text", [" שלום לכולם", " مرحبا بالعالم، 100٪", " 你好。", " ok 👋🏽"])
def test_any_script_stays_as_it_is(talk: Path, whisper_cpp: Callable[..., Path], text: str) -> None:
    choice = RecogniserChoice("whisper.cpp", whisper_cpp(text), "he")
    heard = {one.turn: one.words for one in recognise(talk, TURNS, choice)}
    after = with_heard(TURNS, heard)
    assert [turn.text for turn in after.turns] == [text.strip()] * 4


def test_it_stops_when_told(talk: Path, vosk: Callable[..., Path]) -> None:
    choice = RecogniserChoice("vosk", vosk("if n == 2: time.sleep(3600)"))
    told: list[float] = []
    heard: list[HeardTurn] = []
    with pytest.raises(Cancelled):
        heard.extend(
            recognise(talk, TURNS, choice, on_progress=told.append, cancelled=lambda: bool(told))
        )
    assert texts(heard) == ["well"]


@pytest.mark.parametrize(
    "attempt",
    [
        "socket.getaddrinfo('example.org', 443)",
        "socket.create_connection(('127.0.0.1', 9), 1)",
    ],
)
def test_it_has_no_network(talk: Path, vosk: Callable[..., Path], attempt: str) -> None:
    model = vosk(attempt)
    _, said = heard_until(RecogniserError, talk, RecogniserChoice("vosk", model))
    assert "has no network here" in said


def test_the_libraries_are_told_to_stay_offline(talk: Path, vosk: Callable[..., Path]) -> None:
    choice = RecogniserChoice("vosk", vosk("said = os.environ['HF_HUB_OFFLINE']"))
    assert texts(list(recognise(talk, TURNS, choice))) == ["1"] * 4


def test_what_has_words_is_left_unless_asked(talk: Path, vosk: Callable[..., Path]) -> None:
    choice = RecogniserChoice("vosk", vosk("pass"))
    own = (Word(0, S, "mine"),)
    first = key_of(TURNS.turns[0])
    before = with_heard(TURNS, {first: own})
    heard = list(recognise(talk, before, choice))
    assert first not in [one.turn for one in heard]
    assert len(heard) == 3
    assert len(list(recognise(talk, before, choice, again=True))) == 4


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("vosk", ["conf/model.conf"]),
        ("whisper.cpp", ["ggml-base.bin", "ggml-tiny.bin"]),
        ("whisper.cpp", []),
    ],
)
def test_a_wrong_folder_is_said_before_anything_is_loaded(
    talk: Path,
    tmp_path: Path,
    vosk: Callable[..., Path],
    whisper_cpp: Callable[..., Path],
    name: str,
    files: list[str],
) -> None:
    vosk("pass", loading="os._exit(3)")
    whisper_cpp()
    folder = tmp_path / "wrong"
    for file in files:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).touch()
    folder.mkdir(exist_ok=True)
    _, said = heard_until(InputError, talk, RecogniserChoice(name, folder))
    assert said.startswith(f"{folder} is no model of {name}; name ")


def test_a_folder_that_is_not_there(talk: Path, tmp_path: Path, vosk: Callable[..., Path]) -> None:
    vosk("pass")
    _, said = heard_until(InputError, talk, RecogniserChoice("vosk", tmp_path / "none"))
    assert said.startswith(f"can't read the model {tmp_path / 'none'}: ")


def test_no_model_where_one_is_needed(talk: Path, vosk: Callable[..., Path]) -> None:
    vosk("pass")
    _, said = heard_until(InputError, talk, RecogniserChoice("vosk"))
    assert said.startswith("vosk needs a model; name ")


def test_one_that_is_not_there(talk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    _, said = heard_until(MissingExtraError, talk, RecogniserChoice("whisper.cpp"))
    assert "whisper-cli" in said


def test_a_recording_that_is_none(tmp_path: Path, vosk: Callable[..., Path]) -> None:
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"nothing")
    _, said = heard_until(InputError, broken, RecogniserChoice("vosk", vosk("pass")))
    assert "broken.wav" in said
