"""Meetings on disk: nothing is lost, nothing is overwritten, whatever the file looks like."""

from __future__ import annotations

import io
import json
import os
import shutil
import tracemalloc
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.annotation.values import Annotation, Marker, Speaker, Turn
from core.errors import Cancelled, InputError, NewerVersion, OutputError
from core.formats import json_file
from core.meeting.file import (
    Meeting,
    ModelIdentity,
    backup_path,
    is_meeting,
    kept_path,
    meeting_path,
    read_meeting,
    write_meeting,
)
from core.meeting.sound import AudioFile, find, hashed
from core.models.manifest import shipped_models
from core.refine.refine import refine
from core.stream.changes import Window
from core.stream.speech import Speech
from tests.core.formats.strategies import read_or_refused

S = 16000
ANNOTATION = Annotation(
    (Turn(0, 2 * S, 0), Turn(2 * S, 5 * S, 0), Turn(4 * S, 9 * S + 1, 3, settled=False)),
    (Speaker(3, "Anna", "#0072B2"), Speaker(0), Speaker(1, "nobody")),
    10 * S,
    (Marker(3, "a"), Marker(5 * S, "b\nc")),
    ((0, 5 * S), (9 * S, 10 * S)),
)


def windows(count: int = 20, dim: int = 8) -> tuple[Window, ...]:
    rows = np.random.default_rng(1).normal(size=(count, dim)).astype(np.float32)
    hop = S // 2
    return tuple(
        Window(n * hop, n * hop + S, row, n / count, n % 3 - 1, row[:3].astype(np.float16))
        for n, row in enumerate(rows)
    )


def same_windows(one: object, other: object) -> bool:
    def plain(found: object) -> list[object]:
        return [
            (w.start, w.end, w.speech, w.embedding.tolist(), w.voice_print.tolist())
            for w in found  # type: ignore[attr-defined]
        ]

    return plain(one) == plain(other)


SPEECH = Speech(((0, 5 * S), (6 * S, 9 * S)), ((S, S + 300),))


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "talk.wav"
    path.write_bytes(os.urandom(5000))
    return path


@pytest.fixture
def meeting(recording: Path) -> Meeting:
    return Meeting(
        ANNOTATION,
        "talk",
        hashed(recording),
        windows(),
        SPEECH,
        ModelIdentity.of(shipped_models()),
        {"speakers": "2-4"},
        gaps=((S, 2 * S),),
        pauses=((3 * S, 61.25),),
    )


@pytest.fixture
def path(meeting: Meeting, recording: Path) -> Path:
    """A meeting on disk."""
    path = meeting_path(recording)
    write_meeting(meeting, path)
    return path


def test_nothing_is_lost(meeting: Meeting, path: Path, recording: Path) -> None:
    assert path.name == "talk.voicelanes.json"
    read = read_meeting(path)
    assert same_windows(read.windows, meeting.windows)
    assert read.warnings == ()
    assert read.places[0] == recording
    bare = {"windows": (), "kept": "", "places": ()}
    assert replace(read, **bare) == replace(meeting, **bare)
    assert [t.settled for t in read.annotation.turns] == [True, True, False]


def test_the_sound_track_that_was_chosen_is_kept(meeting: Meeting, tmp_path: Path) -> None:
    path = tmp_path / "film.voicelanes.json"
    write_meeting(replace(meeting, track=3), path)
    assert read_meeting(path).track == 3
    assert json.loads(path.read_text())["audio"]["track"] == 3
    write_meeting(meeting, path)
    assert read_meeting(path).track is None
    assert "track" not in json.loads(path.read_text())["audio"]


@pytest.mark.parametrize("track", [0, -1, 1001, "2", 1.5, True, [2]])
def test_a_sound_track_that_can_not_be(meeting: Meeting, tmp_path: Path, track: object) -> None:
    path = tmp_path / "film.voicelanes.json"
    write_meeting(meeting, path)
    content = json.loads(path.read_text())
    content["audio"]["track"] = track
    path.write_text(json.dumps(content))
    with pytest.raises(InputError, match="the sound track of the audio must be a number"):
        read_meeting(path)


def test_it_is_an_annotation_for_every_reader(path: Path) -> None:
    assert json_file.read(path) == (ANNOTATION, "talk")


def test_speakers_are_found_again_without_the_audio(meeting: Meeting, path: Path) -> None:
    read = read_meeting(path)
    assert read.speech is not None
    again = refine(read.windows, read.speech, 10 * S)
    assert again == refine(meeting.windows, SPEECH, 10 * S)


def test_an_annotation_alone_opens_as_a_meeting(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text(json_file.render(ANNOTATION, "x"))
    read = read_meeting(path)
    assert (read.annotation, read.audio, read.windows, read.speech) == (ANNOTATION, None, (), None)


def test_one_backup(meeting: Meeting, path: Path) -> None:
    kept = kept_path(path).stat().st_mtime_ns
    saved = read_meeting(path)
    for name in ("one", "two"):
        saved = write_meeting(replace(saved, name=name), path)
    assert read_meeting(path).name == "two"
    assert read_meeting(backup_path(path)).name == "one"
    assert same_windows(read_meeting(backup_path(path)).windows, meeting.windows)
    assert sorted(p.name for p in path.parent.iterdir()) == [
        *("talk.voicelanes.json", "talk.voicelanes.json.bak", "talk.voicelanes.npz", "talk.wav")
    ]
    assert kept_path(path).stat().st_mtime_ns == kept, "embeddings are written once"


def test_other_embeddings_replace_those_that_were_kept(meeting: Meeting, path: Path) -> None:
    write_meeting(replace(meeting, windows=windows(5), kept=""), path)
    assert len(read_meeting(path).windows) == 5
    old = read_meeting(backup_path(path))
    assert old.windows == ()
    assert "another state" in old.warnings[0]
    write_meeting(replace(meeting, windows=(), speech=None), path)
    assert read_meeting(path).kept == ""


def test_saved_elsewhere_the_embeddings_go_along(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "else"
    folder.mkdir()
    meeting = read_meeting(path)
    write_meeting(meeting, folder / "other.voicelanes.json")
    read = read_meeting(folder / "other.voicelanes.json")
    assert same_windows(read.windows, meeting.windows)
    assert read.audio == meeting.audio
    assert read.places[0] == tmp_path / "talk.wav"


@pytest.mark.parametrize("damage", [b"", b"\0" * 99, b"{", b'{"format": "voicelanes"}'])
def test_a_damaged_file_is_told_and_set_aside(meeting: Meeting, path: Path, damage: bytes) -> None:
    for n in ("", "1"):
        path.write_bytes(damage)
        with pytest.raises(InputError, match=r"talk\.voicelanes\.json"):
            read_meeting(path)
        write_meeting(meeting, path)
        assert path.with_name(f"{path.name}.damaged{n}").read_bytes() == damage
    assert not backup_path(path).exists(), "damage is no backup"


def test_a_newer_file_is_left_alone(meeting: Meeting, path: Path) -> None:
    newer = json.dumps({**json.loads(path.read_text()), "version": 99})
    path.write_text(newer)
    with pytest.raises(NewerVersion, match="newer Voicelanes"):
        read_meeting(path)
    with pytest.raises(OutputError, match="another name"):
        write_meeting(meeting, path)
    assert path.read_text() == newer


@pytest.mark.parametrize("what", ["gone", "cut", "other", "zip", "folder"])
def test_without_its_embeddings_it_opens_and_says_so(path: Path, what: str) -> None:
    kept = kept_path(path)
    content = kept.read_bytes()
    kept.unlink()
    if what == "cut":
        kept.write_bytes(content[:-9])
    elif what == "other":
        kept.write_bytes(b"x" * len(content))
    elif what == "folder":
        kept.mkdir()
    elif what == "zip":
        shutil.make_archive(str(kept.with_suffix("")), "zip", path.parent, path.name)
        kept.with_suffix(".zip").rename(kept)
    read = read_meeting(path)
    assert read.annotation == ANNOTATION
    assert (read.windows, read.kept) == ((), "")
    (line,) = read.warnings
    assert "listen again" in line
    assert "\n" not in line


def test_nothing_is_left_of_a_write_that_fails(
    meeting: Meeting, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {p: p.read_bytes() for p in path.parent.iterdir()}

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OutputError, match="the disk is full"):
        write_meeting(replace(meeting, name="new"), path)
    assert {p: p.read_bytes() for p in path.parent.iterdir()} == before


def test_recordings_of_one_stem_have_meetings_of_their_own(path: Path, recording: Path) -> None:
    other = recording.with_suffix(".mp3")
    other.touch()
    assert meeting_path(other).name == "talk.mp3.voicelanes.json"
    assert meeting_path(recording) == path
    path.write_text("damaged")
    assert meeting_path(other) == path, "to be told about"


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("a.voicelanes.json", True),
        ("A.VOICELANES.JSON", True),
        ("a.voicelanes.json.bak", True),
        ("a.json", False),
        ("a.wav", False),
    ],
)
def test_is_meeting(name: str, is_one: bool) -> None:
    assert is_meeting(name) == is_one


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"audio": []}, "audio is not"),
        ({"audio": {"path": "/x", "size": "3"}}, "number of bytes"),
        ({"audio": {"path": "/x", "size": True}}, "number of bytes"),
        ({"audio": {"path": 3, "size": 3}}, "audio is not"),
        ({"audio": {"size": 3}}, "no path"),
        ({"audio": {"path": "a\0b", "size": 3}}, "no path"),
        ({"models": 3}, "models is not"),
        ({"settings": 3}, "settings"),
        ({"complete": 3}, "settings"),
        ({"voices": "x"}, "voices is not"),
        ({"gaps": [[1]]}, "stretch of time"),
        ({"pauses": 3}, "a pause is"),
        ({"pauses": [[1]]}, "a pause is"),
        ({"pauses": [[1, None]]}, "a pause is"),
        ({"pauses": [[1, -1]]}, "number of seconds"),
        ({"origin": 3}, "settings"),
    ],
)
def test_what_is_wrong_is_named(path: Path, change: dict[str, object], problem: str) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    with pytest.raises(InputError, match=problem) as caught:
        read_meeting(path)
    assert "\n" not in str(caught.value)


# the audio


def test_audio_that_moved_with_its_meeting(path: Path, recording: Path, tmp_path: Path) -> None:
    away = tmp_path / "away"
    away.mkdir()
    for file in (path, recording, kept_path(path)):
        file.rename(away / file.name)
    meeting = read_meeting(away / path.name)
    assert meeting.audio is not None
    assert find(meeting.audio, meeting.places, []) == away / "talk.wav"


def test_audio_is_looked_for_by_name_size_and_hash(recording: Path, tmp_path: Path) -> None:
    audio = hashed(recording)
    content = recording.read_bytes()
    folders = [tmp_path / n for n in "abc"]
    for folder in folders:
        folder.mkdir()
    (folders[0] / "talk.wav").write_bytes(b"x" * len(content))  # the name and size, other bytes
    (folders[1] / "talk.wav").write_bytes(content[:-1])
    (folders[2] / "renamed.wav").write_bytes(content)
    (folders[2] / "talk.wav").mkdir()
    recording.unlink()
    assert find(audio, [recording], [tmp_path / "none", *folders]) == folders[2] / "renamed.wav"
    assert find(audio, [recording], folders[:2]) is None
    unknown = replace(audio, sha256="")
    assert find(unknown, [recording], folders) == folders[0] / "talk.wav"
    assert find(unknown, [recording], folders[2:]) is None
    assert find(audio, [Path("a\0b"), Path("x" * 5000)], [Path("a\0b")]) is None


def test_identity_of_a_file(recording: Path, tmp_path: Path) -> None:
    audio = hashed(recording)
    assert audio.size == 5000
    assert AudioFile.at(recording).same_as(audio)
    other = tmp_path / "other"
    other.write_bytes(b"y" * 5000)
    assert AudioFile.at(other).same_as(AudioFile.at(recording)), "as far as is known"
    assert not hashed(other).same_as(audio)
    with pytest.raises(Cancelled):
        hashed(recording, lambda: True)
    for look in (hashed, AudioFile.at):
        with pytest.raises(InputError, match="can't read"):
            look(tmp_path / "none")


# the embeddings


@given(st.binary(max_size=3), st.floats(0, 1))
def test_damaged_embeddings_are_refused(put: bytes, where: float) -> None:
    from core.meeting.prints import pack, unpack

    content = pack(windows(3), SPEECH)
    at = round(where * len(content))
    damaged = content[:at] + put + content[at + len(put) :]
    read = read_or_refused(lambda: unpack(damaged, "x.npz"))
    if read is not None:
        refine(*read, 10 * S)


@pytest.mark.parametrize(
    ("kept", "speech"),
    [
        ((Window(5, 4, np.zeros(2, np.float32), 0.5),), SPEECH),
        ((Window(0, 4, np.full(2, np.nan, np.float32), 0.5),), SPEECH),
        ((Window(0, 4, np.zeros(2, np.float32), 2.0),), SPEECH),
        ((Window(0, 4, np.zeros(0, np.float32), 0.5),), SPEECH),
        ((Window(0, 4, np.full(2, 1e30, np.float32), 0.5),), SPEECH),
        ((Window(0, 4, np.zeros(5000, np.float32), 0.5),), SPEECH),
        ((Window(0, 2**62, np.zeros(2, np.float32), 0.5),), SPEECH),
        (tuple(reversed(windows(2))), SPEECH),
        ((), Speech(((5, 4),))),
        ((), Speech(((5, 9), (8, 10)))),
        ((), Speech(((-5, 9),))),
        ((), Speech(voices=((5, 4, 0),))),
        ((), Speech(voices=((5, 9, 0), (4, 9, 1)))),
        ((), Speech(voices=((-5, 9, 0),))),
        ((), Speech(voices=((5, 9, 2**41),))),
        ((Window(0, 4, np.zeros(2, np.float32), 0.5, -(2**41)),), SPEECH),
    ],
)
def test_impossible_embeddings_are_refused(kept: tuple[Window, ...], speech: Speech) -> None:
    from core.meeting.prints import pack, unpack

    with pytest.raises(InputError, match="damaged"):
        unpack(pack(kept, speech), "x.npz")


def test_local_voices_are_kept() -> None:
    from core.meeting.prints import pack, unpack

    speech = Speech(((0, 9),), ((2, 3),), ((0, 5, 7), (3, 9, 4), (3, 9, 8)))
    kept, heard = unpack(pack(windows(4), speech), "x.npz")
    assert heard == speech
    assert [w.voice for w in kept] == [-1, 0, 1, -1]


def test_voices_kept_before_there_were_local_ones_are_read() -> None:
    from core.meeting.prints import unpack

    kept, speech = unpack(zipped(speech=np.array([[0, 9]])), "x.npz")
    assert [(w.start, w.end, w.speech, w.voice) for w in kept] == [(0, 5, 0.5, -1)]
    assert speech == Speech(((0, 9),))
    assert refine(kept, speech, 10).turns


def test_no_embeddings_are_some_too() -> None:
    from core.meeting.prints import pack, unpack

    assert unpack(pack((), None), "x.npz") == ((), Speech())


def zipped(header: bytes | None = None, zeros: int = 0, **arrays: np.ndarray) -> bytes:
    """A file as version 1 of :func:`core.meeting.prints.pack` made it, with other arrays or with
    any header of the embeddings and so many zeros after it."""
    made = {
        "version": np.array(1),
        "windows": np.array([[0, 5]]),
        "share": np.array([0.5]),
        "embeddings": np.zeros((1, 2), np.float32),
        "speech": np.zeros((0, 2), np.int64),
        "pauses": np.zeros((0, 2), np.int64),
        **arrays,
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in made.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as entry:
                if name == "embeddings" and header is not None:
                    entry.write(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header)
                    for _ in range(zeros // 2**20):
                        entry.write(bytes(2**20))
                else:
                    np.save(entry, array)
    return packed.getvalue()


LOCAL: dict[str, np.ndarray] = {
    "version": np.array(2),
    "spans": np.zeros((0, 2), np.int64),
    "tracks": np.zeros(0, np.int64),
}


AGAIN: dict[str, np.ndarray] = {
    **LOCAL,
    "version": np.array(3),
    "voices": np.zeros(1, np.int64),
}


def test_prints_that_are_for_both_are_kept_once() -> None:
    """What version 2 wrote, and encoders without a print for recognition."""
    from core.meeting.prints import pack, unpack

    for content in (
        zipped(**LOCAL, voices=np.zeros(1, np.int64)),
        zipped(**AGAIN, recognition=np.zeros((1, 0), np.float16)),
    ):
        ((window,), _) = unpack(content, "x.npz")
        assert window.voice_print is window.embedding
        assert unpack(pack((window,), None), "x.npz")[0][0].recognition is None
    ((window,), _) = unpack(zipped(**AGAIN, recognition=np.full((1, 4), 0.5, np.float16)), "x.npz")
    assert window.voice_print.tolist() == [0.5] * 4
    assert window.recognition is not None
    assert (window.recognition.dtype, window.voice_print.dtype) == (np.float16, np.float32)


def of_shape(shape: str, kind: str = "<f4") -> bytes:
    return (
        f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}}}".ljust(117).encode()
        + b"\n"
    )


@pytest.mark.parametrize(
    "content",
    [
        zipped(embeddings=np.zeros((1, 0), np.float32)),
        zipped(embeddings=np.full((1, 2), 1e300)),
        zipped(windows=np.array([[0, 5]], np.int8), share=np.array([1e300])),
        zipped(of_shape("(1, 2)")),
        zipped(of_shape("(1, 99999999999999)")),
        zipped(of_shape("(99999999999, 99999999999)")),
        zipped(of_shape("(-1, 2)")),
        zipped(of_shape("(0, 99999999999999999999999999)")),
        zipped(of_shape("(1, 2)", "|O")),
        zipped(version=np.array(0)),
        zipped(version=np.array(2)),
        zipped(**LOCAL, voices=np.zeros(2, np.int64)),
        zipped(**LOCAL, voices=np.array([0.5])),
        zipped(**{**LOCAL, "spans": np.array([[0, 5]])}, voices=np.array([0])),
        zipped(**{**LOCAL, "spans": np.array([[0, 5, 1]])}, voices=np.array([0])),
        zipped(**AGAIN),
        zipped(**AGAIN, recognition=np.ones((2, 4), np.float16)),
        zipped(**AGAIN, recognition=np.ones(1, np.float16)),
        zipped(**AGAIN, recognition=np.full((1, 4), np.nan, np.float16)),
        zipped(**AGAIN, recognition=np.full((1, 4), 1e5)),
    ],
    ids=map(str, range(20)),
)
def test_impossible_shapes_and_values_are_refused(content: bytes) -> None:
    from core.meeting.prints import unpack

    with pytest.raises(InputError, match="damaged"):
        unpack(content, "x.npz")


@pytest.mark.slow
def test_a_bomb_is_refused_in_little_memory() -> None:
    """Little that unpacks to much, with a header that says so and with one that lies."""
    from core.meeting.prints import unpack

    bombs = [zipped(of_shape(f"(1, {n})"), 640 * 2**20) for n in (160 * 2**20, 2)]
    tracemalloc.start()
    try:
        for bomb in bombs:
            assert len(bomb) < 2**20
            with pytest.raises(InputError, match="too large to be of Voicelanes"):
                unpack(bomb, "x.npz")
        assert tracemalloc.get_traced_memory()[1] < 2**24
    finally:
        tracemalloc.stop()


def test_what_macos_leaves_beside_a_recording_is_not_taken_for_it(tmp_path: Path) -> None:
    folder = tmp_path / "moved"
    folder.mkdir()
    (tmp_path / "talk.wav").write_bytes(b"sound" * 999)
    audio = hashed(tmp_path / "talk.wav")
    (folder / "._other.wav").write_bytes(b"sound" * 999)
    assert find(audio, [], [folder]) is None
    assert find(replace(audio, sha256=""), [], [folder]) is None
    (folder / "other.wav").write_bytes(b"sound" * 999)
    assert find(audio, [], [folder]) == folder / "other.wav"
