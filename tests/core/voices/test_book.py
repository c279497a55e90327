"""The voices that are remembered, as they lie on disk."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from core.errors import InputError, NewerVersion, OutputError
from core.voices.book import Sample, VoiceBook, voices_path

Array = NDArray[np.float32]
ROOT = Path(__file__).resolve().parents[3]


def sample(
    seed: int = 0, encoder: str = "e1", meeting: str = "/m/talk.wav", start: int = 0
) -> Sample:
    rng = np.random.default_rng(seed)
    clip = (0.1 * rng.standard_normal(32_000)).astype(np.float32)
    embedding = rng.standard_normal(256).astype(np.float32)
    return Sample(embedding, encoder, 2.0, meeting, start, clip)


@pytest.fixture
def book(tmp_path: Path) -> VoiceBook:
    return VoiceBook(tmp_path / "data" / "voices.sqlite")


def names(book: VoiceBook) -> list[str]:
    return [voice.name for voice in book.voices()]


def test_nothing_is_written_before_a_voice_is_remembered(book: VoiceBook) -> None:
    assert book.voices() == []
    assert book.profiles("e1") == {}
    with pytest.raises(InputError, match="no voice called 'Anna'"):
        book.named("Anna")
    assert not book.path.parent.exists()


def test_a_voice_is_remembered_and_comes_back_as_it_was(book: VoiceBook) -> None:
    given = [sample(0), sample(1, start=160_000)]
    anna = book.remember("  Anna  Bell ", given)
    assert (anna.name, anna.samples, anna.seconds) == ("Anna Bell", 2, 4.0)
    assert anna.encoders == {"e1"}
    again = VoiceBook(book.path)
    assert again.named("anna bell") == anna
    kept = again.samples(anna.id)
    for before, after in zip(given, kept, strict=True):
        np.testing.assert_array_equal(after.embedding, before.embedding)
        np.testing.assert_allclose(after.clip, before.clip, atol=1e-4)
        assert (after.meeting, after.start) == (before.meeting, before.start)
    assert again.profiles("e1")[anna.id].shape == (2, 256)
    assert again.profiles("e2") == {}
    if os.name == "posix":
        assert book.path.stat().st_mode & 0o077 == 0


def test_more_of_a_voice_is_added_and_the_same_stretch_counts_once(book: VoiceBook) -> None:
    anna = book.remember("Anna", [sample(0)])
    book.remember("anna", [sample(1), sample(2, meeting="/m/other.wav")])
    kept = book.samples(anna.id)
    assert [s.meeting for s in kept] == ["/m/talk.wav", "/m/other.wav"]
    np.testing.assert_array_equal(kept[0].embedding, sample(1).embedding)


def test_what_can_not_be_remembered_is_said(book: VoiceBook) -> None:
    with pytest.raises(InputError, match="too little speech"):
        book.remember("Anna", [])
    for name in ("", "  ", "a\x07"):
        with pytest.raises(InputError, match="name"):
            book.remember(name, [sample()])
    assert book.voices() == []


def test_rename_merge_and_names_that_are_taken(book: VoiceBook) -> None:
    anna = book.remember("Anna", [sample(0)])
    ben = book.remember("Ben", [sample(1, start=5)])
    book.rename(anna.id, "anna")  # its own name in another case
    with pytest.raises(InputError, match="merge the two"):
        book.rename(ben.id, "ANNA")
    book.rename(ben.id, "Benjamin")
    assert names(book) == ["anna", "Benjamin"]
    book.merge(anna.id, ben.id)
    assert names(book) == ["anna"]
    assert len(book.samples(anna.id)) == 2
    with pytest.raises(InputError, match="itself"):
        book.merge(anna.id, anna.id)


def traces(path: Path, given: Sample, name: str) -> list[str]:
    """What of a voice can be found in the bytes of its folder."""
    content = b"".join(p.read_bytes() for p in path.parent.iterdir())
    marks = {
        "name": name.encode(),
        "meeting": given.meeting.encode(),
        "embedding": given.embedding.tobytes()[:64],
        "audio": b"fLaC",
    }
    return [what for what, mark in marks.items() if mark in content]


def test_what_is_forgotten_is_gone_from_the_file(book: VoiceBook) -> None:
    given = sample(3, meeting="/secret/meeting-of-carol.wav")
    carol = book.remember("Carol Unmistakable", [given])
    kept = book.remember("Dan", [sample(4)])
    assert len(traces(book.path, given, "Carol Unmistakable")) == 4
    book.forget(carol.id)
    assert traces(book.path, given, "Carol Unmistakable") == ["audio"]  # Dan's
    book.forget(kept.id)
    assert traces(book.path, given, "Carol Unmistakable") == []
    assert book.voices() == []


def test_a_wrong_sample_is_taken_out_and_gone(book: VoiceBook) -> None:
    wrong = sample(5, meeting="/m/wrong-person.wav")
    anna = book.remember("Anna", [sample(0), wrong])
    number = book.samples(anna.id)[1].id
    book.forget_samples([number])
    assert [s.meeting for s in book.samples(anna.id)] == ["/m/talk.wav"]
    assert traces(book.path, wrong, "Anna") == ["name", "audio"]
    assert book.profiles("e1")[anna.id].shape == (1, 256)


def test_an_old_name_is_gone_too(book: VoiceBook) -> None:
    anna = book.remember("Anna Deadname", [sample(0)])
    book.rename(anna.id, "Robin")
    assert b"Deadname" not in book.path.read_bytes()


@pytest.mark.parametrize("what", ["forget", "forget_samples", "rename", "renew", "merge"])
def test_what_is_deleted_is_overwritten_in_its_place(book: VoiceBook, what: str) -> None:
    """In SQLite's journal too, and before a block of the disk is given back.

    A hard link holds the blocks of a file that is unlinked; of one that is cut its length tells.
    """
    journal = book.path.with_name("voices.sqlite-journal")
    gone = [sample(n, meeting="/secret/carol.wav", start=n) for n in range(8)]
    carol = book.remember("Carol Unmistakable", gone)
    dan = book.remember("Dan", [sample(20 + n, start=n) for n in range(8)])
    journal.touch()
    blocks = [book.path.with_name(name) for name in ("file", "undo")]
    for path, link in zip((book.path, journal), blocks, strict=True):
        os.link(path, link)
    size = book.path.stat().st_size
    kept = book.samples(carol.id)
    if what == "forget":
        book.forget(carol.id)
    elif what == "forget_samples":
        book.forget_samples([one.id for one in kept])
    elif what == "rename":
        book.rename(carol.id, "Robin")
    elif what == "renew":
        fresh = [sample(50 + n, "e2", "/m/x.wav", start=n) for n in range(8)]
        book.renew(carol.id, [replace(f, id=k.id) for f, k in zip(fresh, kept, strict=True)])
    else:
        book.merge(dan.id, carol.id)
    content, undo = (link.read_bytes() for link in blocks)
    assert len(content) >= size
    assert undo, "no journal was seen"
    assert not any(undo)
    if what in ("forget", "rename", "merge"):
        assert b"Unmistakable" not in content
    if what in ("forget", "forget_samples", "renew"):
        assert b"carol.wav" not in content
        for one in gone:
            embedding = one.embedding.tobytes()
            pieces = (embedding[at : at + 8] for at in range(0, len(embedding), 8))
            assert not any(piece in content for piece in pieces)
    assert len(book.samples(dan.id)) == (16 if what == "merge" else 8)


def test_a_change_that_was_cut_short_is_undone(book: VoiceBook) -> None:
    """A journal that is overwritten afterwards must still be there when it is needed."""
    anna = book.remember("Anna", [sample(n, start=n) for n in range(50)])
    killed = f"""
import os, sqlite3
from pathlib import Path
from core.voices import book as books
books._blank = lambda journal: None
book = books.VoiceBook(Path({str(book.path)!r}))
with book._open(write=True) as db:
    db.execute("PRAGMA cache_size = 1")  # so that it is written before the end
    db.execute("DELETE FROM voice")
    db.execute("UPDATE sqlite_sequence SET seq = 77")
    os._exit(9)
"""
    assert subprocess.run([sys.executable, "-c", killed], cwd=ROOT).returncode == 9
    assert book.path.with_name("voices.sqlite-journal").stat().st_size > 0
    assert len(book.samples(anna.id)) == 50


def test_voices_of_another_encoder_are_renewed(book: VoiceBook) -> None:
    anna = book.remember("Anna", [sample(0)])
    old = book.samples(anna.id)[0]
    fresh = Sample(old.embedding[::-1].copy(), "e2", 2.0, old.meeting, old.start, old.clip, old.id)
    book.renew(anna.id, [fresh])
    assert book.profiles("e1") == {}
    assert book.profiles("e2")[anna.id].shape == (1, 256)
    assert book.named("Anna").encoders == {"e2"}


@pytest.mark.parametrize("damage", ["text", "cut", "page"])
def test_a_damaged_file_is_told_and_left_as_it_is(book: VoiceBook, damage: str) -> None:
    book.remember("Anna", [sample(n, start=n) for n in range(4)])
    content = bytearray(book.path.read_bytes())
    if damage == "text":
        content = bytearray(b"this is no database, is it? " * 100)
    elif damage == "cut":
        del content[len(content) // 2 :]
    else:
        content[4096 : 3 * 4096] = b"\xa5" * (2 * 4096)
    book.path.write_bytes(content)
    for attempt in (
        book.voices,
        lambda: book.remember("Ben", [sample(9)]),
        lambda: book.forget(1),
    ):
        with pytest.raises(InputError, match="damaged"):
            attempt()
    assert book.path.read_bytes() == content


def test_a_newer_file_and_another_programs_file_are_left_alone(book: VoiceBook) -> None:
    book.remember("Anna", [sample()])
    with sqlite3.connect(book.path) as db:
        db.execute("PRAGMA user_version = 9")
    db.close()
    with pytest.raises(NewerVersion):
        book.voices()
    other = VoiceBook(book.path.with_name("other.sqlite"))
    with sqlite3.connect(other.path) as db:
        db.execute("CREATE TABLE mail (text)")
    db.close()
    with pytest.raises(InputError, match="something else"):
        other.remember("Anna", [sample()])


def test_another_program_that_holds_the_file_is_waited_for_then_told(
    book: VoiceBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.voices.book._PATIENCE", 0.05)
    book.remember("Anna", [sample()])
    other = sqlite3.connect(book.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OutputError, match="another program"):
        book.remember("Ben", [sample(1)])
    assert names(book) == ["Anna"]  # reading goes on
    other.execute("ROLLBACK")
    other.close()
    book.remember("Ben", [sample(1)])
    assert names(book) == ["Anna", "Ben"]


def test_two_processes_lose_nothing(book: VoiceBook) -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from pathlib import Path\n"
        "from core.voices.book import VoiceBook\n"
        "from tests.core.voices.test_book import sample\n"
        "for n in range(5):\n"
        "    VoiceBook(Path(sys.argv[2])).remember(f'{sys.argv[3]}{n}', [sample(n)])\n"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(ROOT), str(book.path), who])
        for who in ("anna", "ben")
    ]
    assert [process.wait(60) for process in running] == [0, 0]
    assert names(book) == [f"{who}{n}" for who in ("anna", "ben") for n in range(5)]


def test_a_place_that_can_not_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError):
        VoiceBook(tmp_path / "file" / "voices.sqlite").remember("Anna", [sample()])


def test_the_platforms_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("platformdirs.user_data_dir", lambda *_, **__: str(tmp_path / "V"))
    assert voices_path() == tmp_path / "V" / "voices.sqlite"
    assert VoiceBook().path == voices_path()


ODD = {
    "two bytes": ("embedding", b"\0\1", "sample 1 has no embedding"),
    "five bytes": ("embedding", b"12345", "sample 1 has no embedding"),
    "text": ("embedding", "abcd", "sample 1 has no embedding"),
    "NaN": ("embedding", np.full(256, np.nan, "<f4").tobytes(), "embedding of sample 1 is none"),
    "too large": (
        "embedding",
        np.full(256, 1e30, "<f4").tobytes(),
        "embedding of sample 1 is none",
    ),
    "no length": ("seconds", "long", "has no time"),
    "endless": ("seconds", 1e300, "has no time"),
    "no time": ("start", "soon", "has no time"),
    "no clip": ("clip", b"fLaC\0\0\0\x22damaged", "clip of sample 1 can't be read"),
    "a number as clip": ("clip", 5, "clip of sample 1 can't be read"),
    "no meeting": ("meeting", b"\xff", "doesn't say where it comes from"),
}


@pytest.mark.parametrize("what", ODD)
def test_a_damaged_value_is_one_clear_line_and_nothing_is_written(
    book: VoiceBook, what: str
) -> None:
    column, value, problem = ODD[what]
    anna = book.remember("Anna", [sample(0), sample(1, start=160_000)])
    with sqlite3.connect(book.path) as db:
        db.execute(f"UPDATE sample SET {column} = ? WHERE id = 1", (value,))
    db.close()
    before = book.path.read_bytes()
    told = set()
    for read in (book.voices, lambda: book.samples(anna.id), lambda: book.profiles("e1")):
        try:
            read()
        except InputError as error:
            told.add(str(error))
    assert any(problem in line and "damaged" in line for line in told)
    assert all(len(line.splitlines()) == 1 for line in told)
    assert book.path.read_bytes() == before
    book.forget(anna.id)
    assert book.voices() == []


def test_embeddings_of_several_lengths_are_no_voice(book: VoiceBook) -> None:
    book.remember("Anna", [sample(0), sample(1, start=160_000)])
    with sqlite3.connect(book.path) as db:
        db.execute("UPDATE sample SET embedding = ? WHERE id = 1", (b"\0\0\x80\x3f",))
    db.close()
    with pytest.raises(InputError, match="embeddings of several lengths"):
        book.profiles("e1")
