"""Who may look into the folders and files of the program: what holds voices is nobody else's."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from core.annotation.values import Annotation, Turn
from core.archive.finding import Recording
from core.archive.results import RECORD, RecordingOutcome, write
from core.atomic import write_file
from core.folders import private_folder, temporary_folder
from core.meeting.file import Meeting, write_meeting
from core.meeting.names import backup_path, kept_path
from core.meeting.sound import AudioFile
from core.stream.changes import Window
from core.stream.speech import Speech
from core.voices.book import Sample, VoiceBook
from core.voices.enrolment import export_voice


def test_a_program_that_ends_at_once_leaves_nothing(tmp_path: Path) -> None:
    """As the window does where a worker hangs in a system call."""
    code = (
        "import sys\n"
        "from core.folders import temporary_folder\n"
        "from app.main import _end_at_once\n"
        "from pathlib import Path\n"
        "with temporary_folder(sys.argv[1]) as folder:\n"
        "    (folder / 'voice.wav').write_bytes(bytes(10))\n"
        "    assert list(Path(sys.argv[1]).iterdir()) == [folder]\n"
        "    _end_at_once(3)\n"
    )
    ended = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert ended.returncode == 3
    assert list(tmp_path.iterdir()) == []


def test_only_its_owner_may_look_and_nothing_stays(tmp_path: Path) -> None:
    with temporary_folder(tmp_path) as folder:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        (folder / "deep").mkdir()
        (folder / "deep" / "file").write_text("something")
    assert list(tmp_path.iterdir()) == []


def test_an_interruption_as_soon_as_it_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = Path.mkdir

    def interrupted(self: Path, mode: int = 0o777) -> None:
        make(self, mode)
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "mkdir", interrupted)
    with pytest.raises(KeyboardInterrupt), temporary_folder(tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def _usual() -> Iterator[None]:
    """The umask of most systems: everybody may read."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def meeting(tmp_path: Path) -> Meeting:
    window = Window(0, 25_600, np.ones(8, np.float32), 1.0)
    return Meeting(
        Annotation.build([Turn(0, 16_000, 0)], 32_000),
        "talk",
        AudioFile(tmp_path / "talk.wav", 10, "0" * 64),
        windows=(window,),
        speech=Speech(),
    )


pytestmark = pytest.mark.usefixtures("_usual")


def test_a_folder_of_an_older_version_is_closed(tmp_path: Path) -> None:
    top = tmp_path / "Voicelanes"
    (top / "archives").mkdir(parents=True)
    assert mode(top) == 0o755
    private_folder(top / "archives" / "new")
    assert mode(top) == 0o700
    assert mode(tmp_path / "Voicelanes") == 0o700
    assert (top / "archives" / "new").is_dir()


def test_remembered_voices_are_their_owners(tmp_path: Path) -> None:
    book = VoiceBook(tmp_path / "Voicelanes" / "voices.sqlite")
    clip = np.zeros(1600, np.float32)
    voice = book.remember("Anna", [Sample(np.ones(8, np.float32), "e", 2.0, "/m", 0, clip)])
    files = list(book.path.parent.iterdir())
    assert len(files) == 2, "the voices, and SQLite's journal"
    assert {mode(path) for path in files} == {0o600}
    assert mode(book.path.parent) == 0o700
    exported = export_voice(book, voice, tmp_path / "out")
    assert len(exported) == 2
    assert {mode(path) for path in exported} == {0o600}


def test_a_meeting_follows_the_umask_and_its_voice_prints_do_not(
    meeting: Meeting, tmp_path: Path
) -> None:
    path = tmp_path / "talk.voicelanes.json"
    write_meeting(meeting, path)
    assert (mode(path), mode(kept_path(path))) == (0o644, 0o600)
    path.chmod(0o600)
    write_meeting(meeting, path)
    assert mode(path) == mode(backup_path(path)) == 0o600, "a backup is no easier to read"


def test_unsaved_changes_are_their_owners(meeting: Meeting, tmp_path: Path) -> None:
    path = tmp_path / "unsaved.voicelanes.json"
    write_meeting(meeting, path, backup=False, private=True)
    assert (mode(path), mode(kept_path(path))) == (0o600, 0o600)


def test_results_of_an_archive(meeting: Meeting, tmp_path: Path) -> None:
    recording = Recording("talk.wav", "recordings/talk.wav", 10, "state")
    outcome = RecordingOutcome(
        "done", audio=meeting.audio, meeting=meeting, kept=b"prints", files={".rttm": b""}
    )
    write(tmp_path, recording, outcome, "basis", None)
    folder = tmp_path / recording.folder
    modes = {path.name: mode(path) for path in folder.iterdir()}
    assert modes.pop(RECORD) == 0o600
    assert modes.pop("talk.voicelanes.npz") == 0o600
    assert modes == {"talk.rttm": 0o644, "talk.voicelanes.json": 0o644}


def test_nobody_reads_what_is_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "secret"
    path.write_text("old")
    path.chmod(0o600)
    seen: list[int] = []
    replace = os.fsync

    def look(descriptor: int) -> None:
        seen.extend(mode(part) for part in tmp_path.glob(".secret*.part"))
        replace(descriptor)

    monkeypatch.setattr(os, "fsync", look)
    write_file(path, "new")
    assert seen == [0o600]
    assert mode(path) == 0o600


def test_of_folders_of_one_name_the_outer_is_private(tmp_path):
    private_folder(tmp_path / "cache" / "Voicelanes" / "Voicelanes")
    assert (tmp_path / "cache" / "Voicelanes").stat().st_mode & 0o777 == 0o700
