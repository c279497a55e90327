"""``voicelanes words``: what a recogniser hears, in the meeting file."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from core.annotation.values import Annotation, Turn
from core.audio.read import read_audio
from core.meeting.file import Meeting, read_meeting, write_meeting
from core.meeting.sound import hashed
from core.units import SAMPLE_RATE as S
from tests.core.recognisers.stand_ins import put_vosk, put_whisper_cpp

TURNS = Annotation.build([Turn(n * 2 * S, (n * 2 + 1) * S, n % 2) for n in range(4)], 9 * S)


@pytest.fixture
def vosk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    return partial(put_vosk, tmp_path, monkeypatch)


@pytest.fixture
def meeting(here: Path) -> Path:
    """Four turns of a second in nine seconds of noise."""
    sound = here / "talk.wav"
    soundfile.write(sound, np.random.default_rng(1).normal(0, 0.01, 9 * S), S)
    path = here / "talk.voicelanes.json"
    write_meeting(Meeting(TURNS, "talk", hashed(sound)), path)
    return path


def said(path: Path) -> list[str]:
    return [turn.text for turn in read_meeting(path).annotation.turns]


@pytest.mark.slow
def test_a_real_one_writes_into_the_meeting(here: Path, run: Any, sample: Path) -> None:
    pytest.importorskip("pocketsphinx")
    sound = here / "talk.wav"
    soundfile.write(sound, read_audio(sample)[: 8 * S], S)
    turns = Annotation.build([Turn(S, 3 * S, 0), Turn(6 * S, 8 * S, 1)], 8 * S)
    path = here / "talk.voicelanes.json"
    write_meeting(Meeting(turns, "talk", hashed(sound)), path)
    code, _, lines = run("words", "talk.wav", "--with", "pocketsphinx")
    assert code == 0
    assert lines[-1] == "voicelanes: talk.voicelanes.json: words of 2 turns"
    assert all(said(path))
    assert read_meeting(path.with_name(path.name + ".bak")).annotation == turns


def test_what_was_heard_before_it_died_stays_and_is_not_heard_again(
    meeting: Path, run: Any, vosk: Callable[..., Path], here: Path
) -> None:
    died = here / "died"
    code = f"if n == 3 and not os.path.exists({str(died)!r}):\n    open({str(died)!r}, 'w').close()"
    model = vosk(f"{code}\n    os.abort()")
    command = ("words", meeting.name, "--with", "vosk", "--model", model)
    code, _, lines = run(*command)
    assert code == 1
    assert "words of 2 turns; 2 not heard yet" in lines[-2]
    assert lines[-1].startswith("voicelanes: talk.voicelanes.json: vosk died at 0:03.750")
    assert said(meeting) == ["well", "well", "", ""]
    code, _, lines = run(*command)
    assert code == 0
    assert lines == ["voicelanes: talk.voicelanes.json: words of 2 turns"]
    assert said(meeting) == ["well"] * 4
    code, _, lines = run(*command)
    assert code == 0
    assert "all turns have words; --again" in lines[-1]


def test_one_that_never_answers(meeting: Path, run: Any, vosk: Callable[..., Path]) -> None:
    model = vosk("time.sleep(3600 * (n > 1))")
    code, _, lines = run("words", meeting, "--with", "vosk", "--model", model, "--patience", "6")
    assert code == 1
    assert "gave no answer for 6 s, at 0:01.750, and was ended" in lines[-1]
    assert said(meeting) == ["well", "", "", ""]


def test_again_replaces(meeting: Path, run: Any, vosk: Callable[..., Path], here: Path) -> None:
    word = here / "word"
    word.write_text("one")
    command = ("words", meeting, "--with", "vosk", "--model")
    model = vosk(f"said = open({str(word)!r}).read()")
    assert run(*command, model)[0] == 0
    word.write_text("two")
    assert run(*command, model, "--again")[0] == 0
    assert said(meeting) == ["two"] * 4


def test_right_to_left(
    meeting: Path, run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = put_whisper_cpp(tmp_path, monkeypatch, " שלום עולם")
    assert run("words", meeting, "--with", "whisper.cpp", "--model", model)[0] == 0
    assert said(meeting) == ["שלום עולם"] * 4


def test_a_meeting_that_was_saved_meanwhile_keeps_both(
    meeting: Path, run: Any, vosk: Callable[..., Path]
) -> None:
    """As by a window; here the recogniser itself does it."""
    path = str(meeting)
    code = (
        "if n == 2:\n"
        f"    text = open({path!r}, encoding='utf-8').read()\n"
        '    text = text.replace(\'"name": ""\', \'"name": "Anna"\', 1)\n'
        f"    open({path!r}, 'w', encoding='utf-8').write(text)"
    )
    assert run("words", meeting, "--with", "vosk", "--model", vosk(code))[0] == 0
    assert said(meeting) == ["well"] * 4
    assert read_meeting(meeting).annotation.speakers[0].name == "Anna"


@pytest.mark.parametrize(
    ("more", "line"),
    [
        ((), "vosk needs a model; name an unpacked model"),
        (("--model", "."), "is no model of vosk; name an unpacked model"),
        (("--model", "none"), "can't read the model"),
        (("--language", "de"), "vosk can't be told a language"),
    ],
)
def test_no_model_or_a_wrong_one(
    meeting: Path, run: Any, vosk: Callable[..., Path], more: tuple[str, ...], line: str
) -> None:
    vosk(loading="os._exit(3)")
    before = meeting.read_bytes()
    code, _, lines = run("words", meeting, "--with", "vosk", *more)
    assert code == 1
    assert len(lines) == 1
    assert line in lines[0]
    assert meeting.read_bytes() == before


def test_a_recording_without_a_meeting_is_told_apart_first(
    meeting: Path, run: Any, vosk: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.pipeline import Result

    meeting.unlink()
    result = Result(TURNS, TURNS, (), (), ())
    monkeypatch.setattr("core.pipeline.diarize_file", lambda *a, **k: result)
    code, _, lines = run("words", "talk.wav", "--with", "vosk", "--model", vosk())
    assert (code, lines[-1]) == (0, "voicelanes: talk.voicelanes.json: words of 4 turns")
    assert said(meeting) == ["well"] * 4


def test_a_recording_that_is_gone_or_another(
    meeting: Path, run: Any, vosk: Callable[..., Path], here: Path
) -> None:
    model = vosk()
    soundfile.write(here / "talk.wav", np.zeros(S), S)
    code, _, lines = run("words", "talk.wav", "--with", "vosk", "--model", model)
    assert code == 1
    assert "it has changed since talk.voicelanes.json was saved" in lines[-1]
    (here / "talk.wav").unlink()
    code, _, lines = run("words", meeting, "--with", "vosk", "--model", model)
    assert code == 1
    assert "its recording is not there" in lines[-1]
