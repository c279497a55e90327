"""``voicelanes record`` and ``voicelanes devices`` from outside, with a fake sound card."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from core import cli
from core.audio import devices, microphone, recorder
from core.audio.devices import InputDevice
from core.audio.read import read_audio
from core.audio.recorder import find_interrupted, recover
from core.audio.wav import look_at
from core.cli import record
from core.formats import rttm
from core.live import recording
from core.live.voices import LiveVoices
from core.units import SAMPLE_RATE
from tests.core.audio.fake_sound import FakeAudio, microphone_named, noise, wait_for
from tests.core.live.recorded import light
from tests.core.live.test_voices import known

ROOT = Path(__file__).resolve().parents[3]
DESK = microphone_named("Desk")


RECORDING = """
import sys, threading, time
import numpy as np
from core import cli
from core.audio import devices
from core.live import recording
from tests.core.audio.fake_sound import FakeAudio, microphone_named
from tests.core.live.recorded import light

audio, real = FakeAudio(), recording.LiveRecording

def speak():
    while True:
        audio.stream().give(np.full((1600, 1), 6554, np.int16))
        time.sleep(0.1)

devices.list_inputs = lambda refresh=False: [microphone_named("Desk")]
recording.LiveRecording = lambda path, device, **given: real(
    path, device, backend=audio, **{**given, "diarizer": light, "voices": None}
)
threading.Thread(target=speak, daemon=True).start()
sys.exit(cli.main(["record", "--first-pass", "--out", sys.argv[1]]))
"""
"""A process that records until it is told to end."""


@contextlib.contextmanager
def recording_process(path: Path) -> Iterator[subprocess.Popen[str]]:
    """One that has more than a second of sound on the disk."""
    process = subprocess.Popen(
        [sys.executable, "-c", RECORDING, str(path)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        wait_for(lambda: path.exists() and path.stat().st_size > 40_000, 60)
        yield process
    finally:
        process.kill()
        process.communicate()


class Speaking:
    """A microphone that hears a recording faster than it was spoken, then does something."""

    def __init__(self, then: Callable[[Speaking], None]) -> None:
        self.audio = FakeAudio()
        self.sound = noise(8000)
        self._then = then
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def _run(self) -> None:
        stream = self.audio.stream()
        for start in range(0, len(self.sound), 1600):
            stream.give(self.sound[start : start + 1600])
        time.sleep(0.3)
        self._then(self)

    def end(self) -> None:
        if self._thread.ident is not None:
            self._thread.join(10)
        assert not self._thread.is_alive()


@pytest.fixture
def speaking(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Speaking]]:
    """Puts the fake sound card in PortAudio's place."""
    made: list[Speaking] = []
    real = recording.LiveRecording
    for limit in ("STALLED_S", "STARTING_S"):  # a busy machine is no microphone that is gone
        monkeypatch.setattr(microphone, limit, 3600.0)

    def speaking(then: Callable[[Speaking], None], **options: Any) -> Speaking:
        one = Speaking(then)
        made.append(one)
        monkeypatch.setattr(devices, "list_inputs", lambda refresh=False: [DESK])
        monkeypatch.setattr(
            recording,
            "LiveRecording",
            lambda path, device, **given: real(
                path, device, backend=one.audio, **{**given, **options}
            ),
        )
        return one

    yield speaking
    for one in made:
        one.end()


def interrupt(_: Speaking) -> None:
    os.kill(os.getpid(), signal.SIGINT)


posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")


@posix
def test_turns_in_the_terminal_and_in_the_file_until_ctrl_c(
    speaking: Callable[..., Speaking],
    tmp_path: Path,
    sample: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    one = speaking(interrupt)
    samples = read_audio(sample)[: 16 * SAMPLE_RATE]
    one.sound = (samples * 32767).astype(np.int16)[:, None]
    one.start()
    path = tmp_path / "talk.wav"
    asked = ["--device", "desk", "--rttm", "--speakers", "1-5", "--out", str(path)]
    assert cli.main(["record", *asked]) == 0
    out, said = capsys.readouterr()
    stored, rate = soundfile.read(path, dtype="int16")
    assert rate == 16_000
    np.testing.assert_array_equal(stored, one.sound[:, 0])
    assert f"wrote {path}, {path.with_suffix('.rttm')} (16.0 s)" in said

    first, _, second = out.partition("\n\n")
    assert cli.main(["diarize", "--speakers", "1-5", str(path)]) == 0
    assert second == capsys.readouterr().out
    assert cli.main(["diarize", "--first-pass", "--out", str(tmp_path / "d"), str(path)]) == 0
    turns = rttm.read(tmp_path / "d" / "talk.rttm")["talk"].turns
    lines = [line.split() for line in first.splitlines()]
    assert [line[3] for line in lines] == [str(t.speaker) for t in turns]
    assert len(turns) == 2
    assert rttm.read(tmp_path / "talk.rttm")["talk"].duration > 15 * 16_000
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@posix
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_end_leaves_a_whole_file(number: signal.Signals, tmp_path: Path) -> None:
    path = tmp_path / "talk.wav"
    with recording_process(path) as process:
        process.send_signal(number)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 0, said
    assert f"wrote {path}" in said
    found = look_at(path)
    assert found is not None
    assert found.healthy
    sound, rate = soundfile.read(path, dtype="int16")
    assert (rate, len(sound)) == (16_000, found.frames)
    assert len(sound) > 16_000
    assert set(sound.tolist()) == {6554}
    assert os.listdir(tmp_path) == ["talk.wav"]
    assert find_interrupted() == []


@posix
def test_what_a_kill_interrupted_is_told_the_next_time(
    speaking: Callable[..., Speaking], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def said_by_record(name: str) -> list[str]:
        speaking(interrupt, diarizer=None).start()
        cli.main(["record", "--out", str(tmp_path / name)])
        lines = capsys.readouterr().err.splitlines()
        return [line for line in lines if "interrupted while recording" in line]

    (tmp_path / "elsewhere").mkdir()
    path = tmp_path / "elsewhere" / "x.wav"
    with recording_process(path) as process:
        assert said_by_record("first.wav") == []  # it is being recorded
        process.kill()
        process.wait()
    (line,) = said_by_record("second.wav")
    (found,) = find_interrupted()
    assert line.startswith(f"voicelanes: {path} (0:0")
    assert line.endswith("start voicelanes without a command: the window offers to recover it")
    cli.main(["doctor"])
    assert f"end of a recording: {path} was interrupted" in capsys.readouterr().out
    recover(found)
    assert said_by_record("third.wav") == []
    assert soundfile.info(path).frames > 16_000


@posix
def test_of_several_interrupted_one_line_tells(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a.wav", "b.wav"):
        with recording_process(tmp_path / name) as process:
            process.kill()
            process.wait()
    record._tell_of_interrupted()
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"voicelanes: {tmp_path / 'b.wav'} (")
    assert "and 1 more were interrupted" in line


def test_it_stops_by_itself_after_some_minutes(
    speaking: Callable[..., Speaking], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = speaking(lambda _: None, diarizer=None)
    one.sound = noise(16_000)
    one.start()
    path = tmp_path / "talk.wav"
    assert cli.main(["record", "--minutes", "0.01", "--out", str(path)]) == 1
    assert soundfile.info(path).frames == 16_000
    assert "wrote" in capsys.readouterr().err  # and 1, for there are no turns


def test_a_device_that_cannot_be_opened_ends_it(
    speaking: Callable[..., Speaking], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = speaking(lambda _: None, diarizer=None)
    one.audio.accepts = lambda rate, channels: False
    assert cli.main(["record", "--out", str(tmp_path / "talk.wav")]) == 1
    said = capsys.readouterr().err
    assert "Desk can't be opened" in said
    assert list(tmp_path.iterdir()) == []


@posix
def test_a_device_that_is_gone_is_tried_again(
    speaking: Callable[..., Speaking],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(microphone, "STALLED_S", 0.3)

    def come_back(one: Speaking) -> None:
        wait_for(lambda: len(one.audio.streams) == 2)
        one.audio.stream(1).give(noise(1600))
        time.sleep(0.2)
        interrupt(one)

    one = speaking(come_back, diarizer=None)
    one.start()
    path = tmp_path / "talk.wav"
    cli.main(["record", "--out", str(path)])
    said = capsys.readouterr().err
    assert "Desk gives no sound any more: the recording is kept" in said
    assert "of sound are missing at 0:00.500" in said
    assert "there is sound again" in said
    assert soundfile.info(path).frames > 8000 + 1600 + 0.2 * 16_000


@posix
def test_a_full_disk_ends_it_with_everything_saved(
    speaking: Callable[..., Speaking],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    room = [1 << 40]
    monkeypatch.setattr(recorder, "_LOOK_S", 0.0)

    def fill(one: Speaking) -> None:
        room[0] = 0
        one.audio.stream().give(noise(1600))

    one = speaking(fill, diarizer=None, free=lambda folder: room[0])
    one.start()
    path = tmp_path / "talk.wav"
    assert cli.main(["record", "--out", str(path)]) == 1
    assert "the disk is full, so the recording was stopped" in capsys.readouterr().err
    assert soundfile.info(path).frames == 8000


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--out", "talk.mp3"], 2, "recordings are WAV files; give a name such as talk.wav"),
        ([], 2, "--out"),
        (["--out", "talk.wav", "--minutes", "0"], 2, "minutes"),
        (["--out", "talk.wav", "--device", "piano"], 1, "'piano' fits no input"),
        (["--out", "there.wav"], 1, "is there already"),
    ],
)
def test_what_cannot_be_is_said_in_a_line(
    arguments: list[str],
    code: int,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(devices, "list_inputs", lambda refresh=False: [DESK])
    Path("there.wav").write_text("mine")
    assert cli.main(["record", *arguments]) == code
    assert words in capsys.readouterr().err
    assert os.listdir() == ["there.wav"]
    assert Path("there.wav").read_text() == "mine"


def test_the_status_line_is_for_terminals(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    status = recording.Status("recording", DESK, position=16_000 * 61, lost=8000, lag_s=0.25)
    record._StatusLine().show(status)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    line = record._StatusLine()
    line.show(status)
    assert "0:01:01.0" in (shown := capsys.readouterr().err)
    assert "labels 0.2 s behind  0.5 s lost" in shown
    line.clear()
    assert capsys.readouterr().err.strip() == ""


def test_devices_are_listed_a_line_each(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = [DESK, InputDevice(1, "What is played", "ALSA", 2, 44_100, monitor=True)]
    monkeypatch.setattr(devices, "list_inputs", lambda refresh: found)
    assert cli.main(["devices"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Desk [Fake], 16000 Hz mono, default",
        "What is played [ALSA], 44100 Hz stereo, monitor",
    ]
    found.clear()
    assert cli.main(["devices"]) == 1
    assert "no microphone was found: plug one in" in capsys.readouterr().err


@posix
def test_known_voices_are_said_while_it_records(
    speaking: Callable[..., Speaking], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    voices = LiveVoices(lambda: known(Anna=0.2))
    one = speaking(interrupt, diarizer=light, voices=voices)
    one.sound = np.full((12 * SAMPLE_RATE, 1), round(0.2 * 32768), np.int16)
    one.start()
    assert cli.main(["record", "--first-pass", "--out", str(tmp_path / "talk.wav")]) == 0
    said = [line for line in capsys.readouterr().err.splitlines() if "Anna" in line]
    assert len(said) == 1  # said once
    assert said[0].startswith("voicelanes: Speaker 3: Anna, ")
