"""Analyses are kept by what they hang on, bounded, private, and go all at once."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import numpy as np
import pytest

from core.annotation.values import Annotation, Turn
from core.meeting.analyses import KeptAnalyses, basis_of
from core.meeting.file import Meeting, ModelIdentity
from core.meeting.names import kept_path
from core.meeting.sound import hashed
from core.stream.changes import Window
from core.stream.speech import Speech

S = 16_000
MODELS = ModelIdentity("e" * 64, "d" * 64, "s" * 64)
BASIS = basis_of(MODELS, speakers="", bias=0.0)


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "talk.wav"
    path.write_bytes(os.urandom(5000))
    return path


@pytest.fixture
def kept(tmp_path: Path) -> KeptAnalyses:
    return KeptAnalyses(tmp_path / "Voicelanes" / "analyses")


def meeting(recording: Path, windows: int = 3) -> Meeting:
    rng = np.random.default_rng(0)
    heard = tuple(
        Window(n * S, (n + 2) * S, rng.standard_normal(8).astype(np.float32), 0)
        for n in range(windows)
    )
    annotation = Annotation.build([Turn(0, 3 * S, 0), Turn(3 * S, 5 * S, 1)], 5 * S)
    speech = Speech(((0, 5 * S),))
    return Meeting(annotation, "talk", hashed(recording), heard, speech, MODELS)


def test_an_analysis_comes_back_whole(kept: KeptAnalyses, recording: Path) -> None:
    assert not kept.may_have(recording)
    assert kept.find(recording, BASIS) is None
    kept.keep(meeting(recording), BASIS)
    elsewhere = recording.rename(recording.with_name("renamed.wav"))
    found = kept.find(elsewhere, BASIS)
    assert found is not None
    assert found.annotation == meeting(elsewhere).annotation
    assert len(found.windows) == 3
    assert found.speech is not None
    assert found.name == "renamed"
    assert found.audio is not None
    assert found.audio.path == elsewhere


def test_other_bytes_models_or_settings_are_another(kept: KeptAnalyses, recording: Path) -> None:
    kept.keep(meeting(recording), BASIS)
    assert kept.find(recording, basis_of(MODELS, speakers="3", bias=0.0)) is None
    other = ModelIdentity("f" * 64, "d" * 64, "s" * 64)
    assert kept.find(recording, basis_of(other, speakers="", bias=0.0)) is None
    recording.write_bytes(os.urandom(5000))
    assert kept.may_have(recording)
    assert kept.find(recording, BASIS) is None


def test_they_are_their_owner_s_alone(kept: KeptAnalyses, recording: Path) -> None:
    kept.keep(meeting(recording), BASIS)
    (entry,) = kept.entries()
    assert entry.name == "talk"
    for path in (entry.path, kept_path(entry.path)):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.folder.parent.stat().st_mode) == 0o700


def test_the_oldest_go_when_there_is_too_much(tmp_path: Path) -> None:
    kept = KeptAnalyses(tmp_path / "Voicelanes" / "analyses", most_bytes=0)
    paths = []
    for n in range(3):
        path = tmp_path / f"{n}.wav"
        path.write_bytes(os.urandom(1000 + n))
        kept.keep(meeting(path), BASIS)
        paths.append(path)
    assert [kept.find(path, BASIS) is not None for path in paths] == [False, False, True]
    assert len(list(kept.folder.iterdir())) == 2, "nothing is left of the others"


def test_a_damaged_one_is_as_none(kept: KeptAnalyses, recording: Path) -> None:
    kept.keep(meeting(recording), BASIS)
    (entry,) = kept.entries()
    kept_path(entry.path).write_bytes(b"no")
    assert kept.find(recording, BASIS) is None
    entry.path.write_text("{")
    assert kept.find(recording, BASIS) is None
    assert kept.entries() == []


def test_all_of_them_go_at_once(kept: KeptAnalyses, recording: Path) -> None:
    kept.keep(meeting(recording), BASIS)
    assert kept.size > 0
    kept.clear()
    assert list(kept.folder.iterdir()) == []
    assert kept.size == 0
