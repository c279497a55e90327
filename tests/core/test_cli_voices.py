"""``voicelanes refine`` and ``voicelanes voices`` from outside."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf
from numpy.typing import NDArray

from core import cli, edits
from core.annotation import Annotation, Speaker, Turn
from core.audio.identity import AudioFile
from core.cli.diarize import METHOD
from core.clustering_methods import METHODS
from core.diarizer import Window
from core.meeting import Meeting, ModelIdentity, read_meeting, write_meeting
from core.models import shipped_models
from core.pipeline import Result
from core.recognition import Limits, direction
from core.speech import Speech
from core.voices import Sample, VoiceBook

LENGTH, HOP = 25_840, 8000
DIM = shipped_models().encoder.dim
LABELS = [0] * 30 + [1] * 30 + [2] * 30 + [1] * 30


def embedding(label: int, seed: int) -> NDArray[np.float32]:
    voice = np.random.default_rng(label).normal(0, 1, DIM)
    return (voice + np.random.default_rng(100 + seed).normal(0, 0.2, DIM)).astype(np.float32)


@pytest.fixture
def meeting(tmp_path: Path) -> Path:
    """Three voices that a pass took for one; the first turn is Anna's."""
    duration = 119 * HOP + LENGTH
    audio = tmp_path / "talk.wav"
    sf.write(audio, 0.05 * np.random.default_rng(0).normal(size=duration), 16_000)
    windows = tuple(
        Window(n * HOP, n * HOP + LENGTH, embedding(label, n), 1.0)
        for n, label in enumerate(LABELS)
    )
    turns = [Turn(30 * n * HOP, 30 * (n + 1) * HOP, (0, 1, 2, 1)[n]) for n in range(4)]
    annotation = edits.rename(Annotation.build(turns, duration), 0, "Anna")
    path = tmp_path / "talk.voicelanes.json"
    write_meeting(
        Meeting(
            annotation,
            "talk",
            AudioFile.at(audio),
            windows,
            Speech(((0, duration),)),
            ModelIdentity.of(shipped_models()),
        ),
        path,
    )
    return path


def test_a_meeting_is_refined_and_names_stay(
    meeting: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["refine", str(meeting), "--speakers", "2"]) == 0
    out = capsys.readouterr()
    assert "Anna" in out.out
    assert f"wrote {meeting}" in out.err
    two = read_meeting(meeting)
    assert len({t.speaker for t in two.annotation.turns}) == 2
    assert two.settings["speakers"] == "2"
    assert cli.main(["refine", str(meeting)]) == 0
    three = read_meeting(meeting)
    assert len({t.speaker for t in three.annotation.turns}) == 3
    assert "Anna" in {s.name for s in three.annotation.speakers}
    assert "speakers" not in three.settings
    assert cli.main(["refine", str(meeting), "--fewer"]) == 0
    assert cli.main(["refine", str(meeting), "--bias", "1"]) == 0
    assert len(read_meeting(meeting).annotation.speakers) > 3


def test_a_meeting_is_refined_by_the_method_that_is_asked_for(
    meeting: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in METHODS:
        assert cli.main(["refine", str(meeting), "--speakers", "3", "--method", name]) == 0
        after = read_meeting(meeting)
        assert len({t.speaker for t in after.annotation.turns}) == 3
        assert after.settings.get("method", METHOD) == name
    assert cli.main(["refine", str(meeting)]) == 0
    assert "method" not in read_meeting(meeting).settings
    capsys.readouterr()
    assert cli.main(["refine", str(meeting), "--method", "magic"]) == 2
    told = capsys.readouterr()
    assert all(name in told.err for name in METHODS)
    assert cli.main(["diarize", "--help"]) == 0
    told = capsys.readouterr()
    assert all(name in told.out for name in METHODS)


def test_what_can_not_be_refined(
    meeting: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert cli.main(["refine", str(meeting), "--bias", "3"]) == 2
    assert cli.main(["refine", str(tmp_path / "none.voicelanes.json")]) == 1
    (tmp_path / "talk.voicelanes.npz").unlink()
    before = meeting.read_bytes()
    assert cli.main(["refine", str(meeting), "--speakers", "2"]) == 1
    assert "no voices are kept" in capsys.readouterr().err
    assert meeting.read_bytes() == before


def test_a_voice_of_a_meeting_is_remembered_recognised_and_forgotten(
    meeting: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def said(*arguments: str, code: int = 0) -> str:
        assert cli.main(["voices", *arguments]) == code
        captured = capsys.readouterr()
        return captured.out + captured.err

    file = str(meeting)
    assert "no voice is remembered" in said("list")
    assert "by --speaker" in said("add", "Anna", file, code=2)
    assert "there is Anna, Speaker 2, Speaker 3" in said(
        "add", "Anna", file, "--speaker", "Zoe", code=1
    )
    consent = said("add", "Anna", file, "--speaker", "anna")
    assert "only if that person agrees" in consent
    assert "'voicelanes voices remove' deletes it for good" in consent
    assert "Anna: 1 samples, 15 s" in said("list")
    assert f"from 0:00.000 of {file}" in said("list", "Anna")
    verdicts = said("test", file).splitlines()
    assert verdicts[0].startswith("Anna: Anna, ")
    assert verdicts[1:] == ["Speaker 2: unknown", "Speaker 3: unknown"]

    said("add", "Ben", file, "--speaker", "Speaker 2")
    said("rename", "Ben", "Benjamin")
    said("export", "Benjamin", "--out", str(tmp_path / "out"))
    content = json.loads((tmp_path / "out" / "Benjamin.json").read_text())
    assert [s["clip"] for s in content["samples"]] == ["Benjamin-1.flac", "Benjamin-2.flac"]
    assert sf.info(str(tmp_path / "out" / "Benjamin-1.flac")).duration == 6
    assert "1 samples are left" in said("remove", "Benjamin", "--sample", "2")
    assert "none 7" in said("remove", "Benjamin", "--sample", "7", code=2)
    said("merge", "Anna", "Benjamin")
    assert "3: " not in said("list", "Anna")
    assert "is forgotten" in said("remove", "Anna")
    assert "no voice called 'Anna'" in said("remove", "Anna", code=1)


def test_another_encoder_makes_voices_unknown_until_they_are_heard_anew(
    meeting: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli.main(["voices", "add", "Anna", str(meeting), "--speaker", "Anna"]) == 0
    book = VoiceBook()
    (anna,) = book.voices()
    old = book.samples(anna.id)
    book.renew(anna.id, [replace(s, encoder="another") for s in old])
    capsys.readouterr()
    assert cli.main(["voices", "test", str(meeting)]) == 0
    captured = capsys.readouterr()
    assert "voices renew" in captured.err
    assert "Anna: unknown" in captured.out
    assert cli.main(["voices", "renew"]) == 0
    assert book.named("Anna").encoders == {shipped_models().encoder.sha256}
    assert len(book.samples(anna.id)) == len(old)
    capsys.readouterr()
    assert cli.main(["voices", "list"]) == 0
    assert "renew" not in capsys.readouterr().err


def test_a_recording_of_one_person_is_remembered(
    sample: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["voices", "add", "Anna", str(sample)]) == 0
    assert "Anna: " in capsys.readouterr().out
    (anna,) = VoiceBook().voices()
    assert all(len(s.clip) for s in VoiceBook().samples(anna.id))


def test_the_bench_of_the_second_pass_prints_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["bench", "refine", "--windows", "300"]) == 0
    figures = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert figures["windows"] == 300
    assert figures["speakers"] == 5


# known voices in what the other commands find


def known(name: str, vector: NDArray[np.float32], encoder: str = "") -> None:
    clip = np.zeros(0, np.float32)
    sha256 = encoder or shipped_models().encoder.sha256
    VoiceBook().remember(name, [Sample(vector, sha256, 20.0, "/m/old.wav", 0, clip)])


def between(label: int) -> NDArray[np.float32]:
    """A voice that is as like that one as is asked about, and not named."""
    limits = Limits.of(shipped_models().encoder)
    assert limits is not None
    cosine = (limits.sure + limits.perhaps) / 2
    own = direction([embedding(label, n) for n in range(30)])
    other = np.random.default_rng(77).normal(0, 1, DIM)
    other -= (other @ own) * own
    other /= np.linalg.norm(other)
    return (cosine * own + np.sqrt(1 - cosine**2) * other).astype(np.float32)


def test_refine_names_who_is_sure_and_asks_about_the_rest(
    meeting: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    known("Ben", direction([embedding(1, n) for n in range(30)]))
    known("Cleo", between(2))
    assert cli.main(["refine", str(meeting), "--speakers", "3"]) == 0
    captured = capsys.readouterr()
    assert "========= Ben =========" in captured.out
    assert "Cleo" not in captured.out
    assert "Speaker 2 is Ben, 9" in captured.err
    assert "Speaker 3: Cleo?, " in captured.err
    after = read_meeting(meeting).annotation
    assert [s.name for s in after.speakers] == ["Anna", "Ben", ""]
    assert after.speaker(0).confidence is None
    assert 0.9 < (after.speaker(1).confidence or 0) < 1

    # What a person says is kept: no to the one, a name for the other.
    said = edits.rename(edits.deny(after, 2, "Cleo"), 1, "Zoe")
    write_meeting(replace(read_meeting(meeting), annotation=said), meeting)
    assert cli.main(["refine", str(meeting), "--speakers", "3"]) == 0
    captured = capsys.readouterr()
    assert "Ben" not in captured.out + captured.err
    assert "Cleo" not in captured.out + captured.err
    assert [s.label for s in read_meeting(meeting).annotation.speakers] == [
        "Anna",
        "Zoe",
        "Speaker 3",
    ]


def test_refine_leaves_a_meeting_alone_that_another_encoder_heard(
    meeting: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    known("Ben", direction([embedding(1, n) for n in range(30)]))
    was = read_meeting(meeting)
    write_meeting(replace(was, models=ModelIdentity("other", "d", "s")), meeting)
    assert cli.main(["refine", str(meeting), "--speakers", "3"]) == 0
    assert "Ben" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("vector", "label", "said"),
    [
        (direction([embedding(1, n) for n in range(30)]), "Ben", "Speaker 2 is Ben"),
        (between(1), "Speaker_2", "Speaker 2: Ben?"),
    ],
)
def test_diarize_writes_no_name_that_is_not_sure(
    vector: NDArray[np.float32],
    label: str,
    said: str,
    meeting: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known("Ben", vector)
    kept = read_meeting(meeting)
    turns = replace(kept.annotation, speakers=tuple(map(Speaker, range(3))))
    found = Result(turns, turns, tuple(kept.windows), kept.speech or Speech(), ())
    monkeypatch.setattr("core.pipeline.diarize_file", lambda path, **_: found)
    out = meeting.parent / "out"
    formats = "rttm,csv,srt,json"
    assert cli.main(["diarize", "talk.wav", "--out", str(out), "--format", formats]) == 0
    captured = capsys.readouterr()
    assert said in captured.err
    written = {path.suffix: path.read_text() for path in out.iterdir()}
    assert len(written) == 4
    sure = label == "Ben"
    assert ("Ben" in captured.out) == sure
    assert all(("Ben" in text) == sure for text in written.values()), written


def test_voices_that_can_not_be_read_stop_no_other_command(
    meeting: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    VoiceBook().path.parent.mkdir(parents=True)
    VoiceBook().path.write_bytes(b"no database at all" * 100)
    assert cli.main(["refine", str(meeting), "--speakers", "3"]) == 0
    captured = capsys.readouterr()
    assert "nobody is recognised" in captured.err
    assert "========= Anna =========" in captured.out
