"""``voicelanes record --call`` from outside: the microphone and the computer's sound."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from core import cli
from core.audio import devices, microphone
from core.audio.devices import InputDevice
from core.audio.wav import is_call
from core.live import recording
from core.units import SAMPLE_RATE
from tests.core.audio.fake_sound import FakeAudio
from tests.core.channels.calls import ADA, BEN, call
from tests.core.cli.test_record import DESK, posix

MONITOR = InputDevice(1, "Monitor of Desk", "Fake", 1, 16_000, monitor=True, playing=True)


@posix
def test_both_sides_of_a_call(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    sample: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The microphone hears one of two people, the computer plays the other one."""
    sound = call(sample, [ADA], [BEN])[: 20 * SAMPLE_RATE]

    audio, real = FakeAudio(), recording.LiveRecording
    monkeypatch.setattr(microphone, "STALLED_S", 3600.0)
    monkeypatch.setattr(devices, "list_inputs", lambda refresh=False: [DESK, MONITOR])
    monkeypatch.setattr(
        recording,
        "LiveRecording",
        lambda path, device, **given: real(path, device, backend=audio, **given),
    )

    def speak() -> None:
        streams = [audio.stream(n) for n in range(2)]
        sides = sorted(streams, key=lambda stream: stream.options["input_device_index"])
        for start in range(0, len(sound), 800):
            for side, stream in enumerate(sides):
                part = np.rint(sound[start : start + 800, side] * 32767).astype(np.int16)
                stream.give(part[:, None])
            time.sleep(0.05)
        time.sleep(0.3)
        os.kill(os.getpid(), signal.SIGINT)

    speaking = threading.Thread(target=speak, daemon=True)
    speaking.start()
    path = tmp_path / "call.wav"
    assert cli.main(["record", "--call", "--rttm", "--out", str(path)]) == 0
    speaking.join(10)
    out, said = capsys.readouterr()
    assert is_call(path)
    stored, rate = soundfile.read(path, dtype="int16")
    assert (rate, stored.shape[1]) == (16_000, 2)
    first, _, second = out.partition("\n\n")
    assert {line.split()[3] for line in first.splitlines()} == {"Microphone", "Computer"}
    assert f"wrote {path}" in said
    assert cli.main(["diarize", str(path)]) == 0
    assert second == capsys.readouterr().out
    assert "Microphone" in second
    assert "Computer" in second


@pytest.mark.parametrize(
    ("inputs", "asked", "message"),
    [
        ([DESK], ["--call"], "the computer's sound can't be recorded: "),
        ([DESK, MONITOR], ["--call", "desk [fake]"], "Desk doesn't give what the computer plays"),
        ([DESK, MONITOR], ["--call", "--device", "monitor"], "is no microphone"),
        ([DESK, MONITOR], ["--call", "nothing"], "'nothing' fits no input"),
    ],
)
def test_a_call_needs_a_microphone_and_the_computers_sound(
    inputs: list[InputDevice],
    asked: list[str],
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(devices, "list_inputs", lambda refresh=False: inputs)
    assert cli.main(["record", *asked, "--out", str(tmp_path / "call.wav")]) == 1
    assert message in capsys.readouterr().err
    assert not (tmp_path / "call.wav").exists()


def test_devices_say_where_the_computers_sound_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(devices, "list_inputs", lambda refresh=False: [DESK])
    assert cli.main(["devices"]) == 0
    assert "no monitor was found: " in capsys.readouterr().err
    monkeypatch.setattr(devices, "list_inputs", lambda refresh=False: [DESK, MONITOR])
    assert cli.main(["devices"]) == 0
    said = capsys.readouterr()
    assert ", monitor" in said.out
    assert "no monitor" not in said.err
