"""Which Voicelanes this is, and what it says of the works that it stands on."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from core import licences, version
from core.child import again


def git(folder: Path, *words: str) -> str:
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    done = subprocess.run(
        ["git", *who, *words], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_a_checkout_says_its_commit_and_whether_it_was_changed(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "file").write_text("one")
    git(tmp_path, "add", "file")
    git(tmp_path, "commit", "-q", "-m", "one")
    commit = git(tmp_path, "rev-parse", "--short=12", "HEAD")
    assert version.commit_of(tmp_path) == commit
    (tmp_path / "file").write_text("two")
    assert version.commit_of(tmp_path) == f"{commit}-dirty"


def test_a_folder_without_history_has_no_commit(tmp_path: Path) -> None:
    assert version.commit_of(tmp_path) == ""


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where what a package knows of itself lies, as if this were one."""
    monkeypatch.setattr(version, "_HERE", tmp_path)
    for cached in (version.commit, version._built):
        cached.cache_clear()
    yield tmp_path / "built.json"
    for cached in (version.commit, version._built):
        cached.cache_clear()


def test_a_package_says_what_it_was_built_of(built: Path) -> None:
    built.write_text(json.dumps({"commit": "0123456789ab", "releases": "https://example.org/"}))
    assert version.described() == f"{version.VERSION} (commit 0123456789ab)"
    assert version.releases() == "https://example.org/"


@pytest.mark.parametrize("content", [None, "{}", "damaged", '{"commit": ""}'])
def test_without_that_it_says_its_version_alone(built: Path, content: str | None) -> None:
    if content is not None:
        built.write_text(content)
    assert version.described() == version.VERSION
    assert version.releases() == ""


def test_a_command_of_ours_runs_from_any_folder(tmp_path: Path) -> None:
    command, environment = again("--version")
    done = subprocess.run(
        command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith(f"voicelanes {version.VERSION}")


def test_a_frozen_app_runs_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    command, _ = again("diarize", "talk.wav")
    assert command == [sys.executable, "diarize", "talk.wav"]


def test_every_work_of_others_says_its_licence() -> None:
    found = licences.parts()
    names = [part.name for part in found]
    assert len(names) == len({*names})
    assert {"Python", "numpy", "PyQt5", "PyQt5-Qt5", "PyAudio", "onnxruntime"} <= {*names}
    assert "voicelanes" not in names
    for part in found:
        assert part.licence
        assert "\n" not in part.licence
    numpy = next(part for part in found if part.name == "numpy")
    assert any("Redistribution and use" in text for text in numpy.texts)


def test_libraries_that_went_along_in_an_app_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "licences").mkdir()
    text = "Files: *\nLicense: Expat\n Permission is hereby granted\n"
    (tmp_path / "licences" / "libportaudio2_19.6.txt").write_text(text)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    last = licences.parts()[-1]
    assert (last.name, last.version, last.licence) == ("libportaudio2", "19.6", "Expat")
    assert last.texts == (text,)
