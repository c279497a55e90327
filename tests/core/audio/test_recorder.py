"""The recorder: whole at every moment, found after a crash, stopped by a full disk."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from core.audio import recorder as module
from core.audio.recorder import (
    DiskFull,
    Recorder,
    Unfinished,
    discard,
    find_unfinished,
    recover,
    repair,
)
from core.audio.wav import Layout, WavWriter, look_at
from core.errors import InputError, OutputError
from tests.core.audio.fake_sound import noise

ROOT = Path(__file__).resolve().parents[3]
LAYOUTS = st.builds(Layout, st.sampled_from([8_000, 44_100, 192_000]), st.integers(1, 9))


def crashed(path: Path, frames: np.ndarray, layout: Layout, **about: Any) -> Recorder:
    """A recording whose process is gone: its lock, its chance to close anything."""
    recorder = Recorder(path, layout, about)
    recorder.write(frames)
    recorder._wav._file.close()
    recorder._notes.close()
    return recorder


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@given(layout=LAYOUTS, parts=st.lists(st.integers(0, 300), max_size=5))
def test_what_is_written_can_be_read_at_every_moment(
    layout: Layout, parts: list[int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("r") / "a.wav"
    recorder = Recorder(path, layout)
    sound = noise(sum(parts), layout.channels)
    done = 0
    for count in parts:
        recorder.write(sound[done : done + count])
        done += count
        read, rate = soundfile.read(path, dtype="int16", always_2d=True)
        assert rate == layout.rate
        np.testing.assert_array_equal(read, sound[:done])
    assert recorder.frames == done
    assert not find_unfinished(path.parent)  # somebody is writing it
    recorder.close()
    assert os.listdir(path.parent) == ["a.wav"]
    np.testing.assert_array_equal(soundfile.read(path, dtype="int16", always_2d=True)[0], sound)
    assert look_at(path).healthy


def test_programs_see_who_made_it(tmp_path: Path) -> None:
    Recorder(tmp_path / "a.wav", Layout(16_000, 1)).close()
    with soundfile.SoundFile(tmp_path / "a.wav") as file:
        assert file.software == "Voicelanes"


def test_silence_is_as_long_as_asked(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "a.wav", Layout(8_000, 2))
    recorder.silence(200_001)
    recorder.close()
    read, _ = soundfile.read(tmp_path / "a.wav", always_2d=True)
    assert read.shape == (200_001, 2)
    assert not read.any()


def test_an_existing_file_is_never_touched(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_text("mine")
    with pytest.raises(OutputError, match="in the way"):
        Recorder(tmp_path / "a.wav", Layout(16_000, 1))
    assert os.listdir(tmp_path) == ["a.wav"]
    assert (tmp_path / "a.wav").read_text() == "mine"
    with pytest.raises(OutputError, match="folder doesn't exist"):
        Recorder(tmp_path / "nowhere" / "a.wav", Layout(16_000, 1))


def test_everything_goes_through_to_the_disk_every_half_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    synced: list[float] = []
    recorder = Recorder(tmp_path / "a.wav", Layout(16_000, 1), clock=lambda: now[0])
    monkeypatch.setattr(recorder._wav, "sync", lambda: synced.append(now[0]))
    for _ in range(100):
        now[0] += 0.05
        recorder.write(noise(800))
    gaps = np.diff([0.0, *synced, 5.0])
    assert gaps.max() <= 0.56
    assert len(synced) >= 9
    monkeypatch.undo()
    recorder.close()


# ---- beyond 4 GB


def test_rf64_beyond_four_gigabytes(tmp_path: Path) -> None:
    layout = Layout(192_000, 8)
    path = tmp_path / "big.wav"
    writer = WavWriter(path, layout)
    small = layout.header(1)
    frames = 2**32 // layout.frame_bytes
    os.truncate(path, layout.data_start + frames * layout.frame_bytes)  # takes no room
    writer.frames = frames
    writer.write(noise(10, 8).tobytes())
    writer.close()
    head = path.open("rb").read(len(small))
    assert (small[:4], head[:4], len(layout.header(frames))) == (b"RIFF", b"RF64", len(small))
    with soundfile.SoundFile(path) as file:
        assert (file.frames, file.format) == (frames + 10, "RF64")
        file.seek(frames)
        np.testing.assert_array_equal(file.read(dtype="int16"), noise(10, 8))
    assert look_at(path).healthy


def test_repair_beyond_four_gigabytes(tmp_path: Path) -> None:
    layout = Layout(48_000, 2)
    recorder = crashed(tmp_path / "a.wav", noise(1000, 2), layout)
    frames = 2**32 // layout.frame_bytes + 5
    os.truncate(recorder.path, layout.data_start + frames * layout.frame_bytes + 3)
    assert repair(recorder.path)
    assert soundfile.info(recorder.path).frames == frames


# ---- after a crash


@given(
    layout=LAYOUTS,
    promised=st.integers(0, 50),
    there=st.integers(0, 50),
    odd=st.integers(0, 1),
)
def test_repair_tells_what_is_there(
    layout: Layout, promised: int, there: int, odd: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever a power cut left: the header behind the samples, or ahead of them."""
    path = tmp_path_factory.mktemp("r") / "a.wav"
    sound = noise(there, layout.channels)
    path.write_bytes(layout.header(promised) + sound.tobytes() + b"x" * odd)
    before = digest(path)
    damaged = promised != there or odd > 0
    assert [u.path for u in find_unfinished(path.parent)] == [path] * damaged
    assert digest(path) == before
    assert repair(path) is damaged
    np.testing.assert_array_equal(soundfile.read(path, dtype="int16", always_2d=True)[0], sound)
    after = digest(path)
    assert (after == before) is not damaged
    assert repair(path) is False
    assert digest(path) == after


def others(folder: Path) -> list[Path]:
    """Files that must stay as they are, byte for byte."""
    ours = Layout(16_000, 1)
    sound = noise(100).tobytes()
    header = ours.header(100)
    files = {
        "healthy.wav": header + sound,
        "longer-in-a-chunk-after.wav": header + sound + b"LIST\x04\0\0\0INFO",
        "no-software.wav": header.replace(b"Voicelanes", b"Elsewhere!") + sound[:50],
        "other-bits.wav": header[:70] + b"\x18" + header[71:] + sound[:50],
        "short.wav": header[:40],
        "empty.wav": b"",
        "text.wav": b"RIFF and more",
        "mp3.wav": b"ID3" + bytes(300),
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
    soundfile.write(folder / "soundfile.wav", noise(99), 16_000)
    soundfile.write(folder / "rf64.wav", noise(99), 16_000, format="RF64")
    data = (folder / "soundfile.wav").read_bytes()
    (folder / "cut.wav").write_bytes(data[:-20])
    (folder / "unfinished-by-others.wav").write_bytes(data[:40] + struct.pack("<I", 0) + data[44:])
    return sorted(folder.iterdir())


def test_only_our_own_damage_is_touched(tmp_path: Path) -> None:
    paths = others(tmp_path)
    before = [digest(path) for path in paths]
    found = find_unfinished(tmp_path)
    # Bytes after the samples can't be told from samples: this one is ours and was not closed.
    assert [u.path.name for u in found] == ["longer-in-a-chunk-after.wav"]
    for path in paths:
        if path.name == "healthy.wav":
            assert repair(path) is False
        elif path.name != "longer-in-a-chunk-after.wav":
            with pytest.raises(InputError, match="left alone"):
                repair(path)
    assert [digest(path) for path in paths] == before


def test_what_macos_leaves_beside_a_recording_is_none(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "a.wav", Layout(16_000, 1))
    recorder.write(noise(16_000))
    recorder._wav._file.close()
    recorder._notes.close()
    for name in ("a.wav", "a.wav.recording"):  # whatever is in it
        (tmp_path / f"._{name}").write_bytes((tmp_path / name).read_bytes())
    assert [found.path.name for found in find_unfinished(tmp_path)] == ["a.wav"]


def test_recover_with_length_date_and_what_was_noted(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "a.wav", Layout(16_000, 1), {"device": "Desk"})
    recorder.write(noise(16_000))
    recorder.note(marker=[8000, "Budget"])
    recorder._notes.write(b'{"gap": [1')  # cut off
    recorder._wav._file.close()
    recorder._notes.close()
    (found,) = find_unfinished(tmp_path)
    assert (found.path, found.seconds) == (tmp_path / "a.wav", 1.0)
    assert abs(found.began - os.stat(found.path).st_mtime) < 60
    assert found.notes[0]["device"] == "Desk"
    assert found.notes[1:] == ({"marker": [8000, "Budget"]},)
    assert find_unfinished(tmp_path) == [found]  # "Skip" keeps it
    assert recover(found) == found.path
    assert os.listdir(tmp_path) == ["a.wav"]
    assert find_unfinished(tmp_path) == []


def test_discard_leaves_nothing(tmp_path: Path) -> None:
    crashed(tmp_path / "a.wav", noise(100), Layout(16_000, 1))
    crashed(tmp_path / "b.wav", noise(100), Layout(16_000, 1))
    first, second = sorted(find_unfinished(tmp_path), key=lambda u: u.path)
    discard(first)
    assert sorted(os.listdir(tmp_path)) == ["b.wav", "b.wav.recording"]
    recover(second)
    assert find_unfinished(tmp_path / "nowhere") == []
    with pytest.raises(InputError, match="stays"):
        discard(first)


def test_a_second_instance_leaves_a_running_recording_alone(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "a.wav", Layout(16_000, 1))
    recorder.write(noise(100))
    script = (
        "import sys; from pathlib import Path\n"
        "from core.audio.recorder import *\n"
        "from core.errors import InputError\n"
        "path = Path(sys.argv[1])\n"
        "assert find_unfinished(path.parent) == []\n"
        "for act in (recover, discard):\n"
        "    try: act(Unfinished(path, 0.0, 1.0))\n"
        "    except InputError as error: print(error)\n"
    )
    command = [sys.executable, "-c", script, str(recorder.path)]
    other = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert other.stdout.count("is being recorded by another window") == 2
    with pytest.raises(InputError, match="another window"):
        recover(Unfinished(recorder.path, 0.0, 1.0))
    recorder.write(noise(100))
    recorder.close()
    assert soundfile.info(recorder.path).frames == 200


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")
def test_kill_at_random_moments_costs_no_second(tmp_path: Path) -> None:
    count = 60
    script = [sys.executable, "-m", "tests.core.audio.recording_children"]
    done = subprocess.run(
        [*script, str(tmp_path), str(count), "1"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    killed = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(killed) == count
    # As it is, without any repair, every file opens everywhere.
    for name, given_s in killed:
        sound, rate = soundfile.read(tmp_path / name, dtype="int16")
        assert given_s - len(sound) / rate <= 1.0
        np.testing.assert_array_equal(sound, np.arange(len(sound)) % 30_000)
    found = find_unfinished(tmp_path)
    assert len(found) == count
    for unfinished in found:
        frames = soundfile.info(unfinished.path).frames
        recover(unfinished)
        assert soundfile.info(unfinished.path).frames >= frames
    assert len(os.listdir(tmp_path)) == count


# ---- a full disk


def test_the_disk_is_watched_and_the_end_comes_before_it_is_full(tmp_path: Path) -> None:
    room = [32_000 * 100]
    now = [0.0]
    recorder = Recorder(
        tmp_path / "a.wav", Layout(16_000, 1), free=lambda folder: room[0], clock=lambda: now[0]
    )
    assert recorder.seconds_left == pytest.approx(98)
    with pytest.raises(DiskFull, match="disk is full, so the recording was stopped"):  # noqa: PT012
        for _ in range(120):
            now[0] += 1
            recorder.write(noise(16_000))
            room[0] -= 32_000
    assert 95 <= recorder.frames / 16_000 <= 99
    recorder.close()
    assert soundfile.info(tmp_path / "a.wav").frames == recorder.frames


def test_a_disk_that_does_not_tell_its_room_is_written_to(tmp_path: Path) -> None:
    def unknown(folder: Path) -> int:
        raise OSError("not supported")

    recorder = Recorder(tmp_path / "a.wav", Layout(16_000, 1), free=unknown)
    recorder.write(noise(10))
    assert recorder.seconds_left is None
    recorder.close()


@pytest.mark.parametrize(
    ("number", "kind", "words"),
    [(errno.ENOSPC, DiskFull, "disk is full"), (errno.EIO, OutputError, "writing failed")],
)
def test_a_write_that_fails_half_way_keeps_whole_frames(
    number: int, kind: type, words: str, tmp_path: Path
) -> None:
    recorder = Recorder(tmp_path / "a.wav", Layout(16_000, 2))
    recorder.write(noise(1000, 2))
    real = recorder._wav._file

    class Failing:
        left = 1030  # bytes: 257 frames and a half

        def __getattr__(self, name: str) -> Any:
            return getattr(real, name)

        def write(self, data: Any) -> int:
            if self.left <= 0:
                raise OSError(number, "no")
            part = data[: self.left]
            Failing.left -= len(part)
            return real.write(part)

    recorder._wav._file = Failing()
    with pytest.raises(kind, match=words):
        recorder.write(noise(500, 2, seed=1))
    recorder._wav._file = real  # old blocks can still be written when no new one is left
    recorder.close()
    read, _ = soundfile.read(tmp_path / "a.wav", dtype="int16")
    np.testing.assert_array_equal(
        read, np.concatenate([noise(1000, 2), noise(500, 2, seed=1)[:257]])
    )


def test_a_file_that_cannot_be_completed_stays_to_be_recovered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = Recorder(tmp_path / "a.wav", Layout(16_000, 1))
    recorder.write(noise(100))
    monkeypatch.setattr(module.WavWriter, "sync", failing)
    with pytest.raises(OutputError):
        recorder.close()
    monkeypatch.undo()
    (found,) = find_unfinished(tmp_path)
    assert soundfile.info(recover(found)).frames == 100


def failing(*_: object) -> None:
    raise OSError(errno.EIO, "no")


@pytest.fixture
def small_disk(tmp_path: Path) -> Any:
    """A real file system of half a megabyte."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(mount, capture_output=True, check=False)
    except OSError:
        pytest.skip("there is no mount here")
    if mounted.returncode:
        pytest.skip("mounting a small disk is not permitted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("knows", [True, False])
def test_a_disk_that_is_really_full(knows: bool, small_disk: Path) -> None:
    """Also one that tells of more room than it has."""
    recorder = Recorder(
        small_disk / "a.wav", Layout(16_000, 1), free=None if knows else lambda folder: 1 << 40
    )
    sound = noise(16_000)
    recorder._looked = -10.0  # it looks at once
    with pytest.raises(DiskFull):  # noqa: PT012
        for _ in range(40):
            recorder._looked -= 10.0
            recorder.write(sound)
    recorder.close()
    read, _ = soundfile.read(small_disk / "a.wav", dtype="int16")
    assert len(read) == recorder.frames > 16_000 * 10
    np.testing.assert_array_equal(read, np.tile(sound[:, 0], 40)[: len(read)])
    assert os.listdir(small_disk) == ["a.wav"]
