"""A live recording with the real PyAudio against a real sound server, and what breaks there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from scipy.signal import correlate

from core.audio.devices import PULSE, InputDevice, find_input, list_inputs
from core.audio.read import read_audio
from core.formats import rttm
from core.live.recording import (
    Finished,
    Gap,
    LiveRecording,
    LiveResult,
    Moved,
    Trouble,
    Turns,
)
from core.pipeline import diarize_file
from core.units import SAMPLE_RATE
from tests.e2e.sound_server import MICROPHONE, MICROPHONE_NAME, SINK, SoundServer, missing

ROOT = Path(__file__).resolve().parents[2]

pytestmark = [
    pytest.mark.sound,
    pytest.mark.skipif(bool(missing()), reason=missing() or "-"),
]
pytest.importorskip("pyaudio", reason="PyAudio is not installed")

OTHER = "desk"
"""Name of a second microphone."""


@pytest.fixture
def microphone(server: SoundServer) -> InputDevice:
    devices = list_inputs(refresh=True)
    return find_input(MICROPHONE_NAME, devices)


def wait_for(true: Callable[[], Any], seconds: float = 30.0) -> Any:
    end = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)
    return found


def follow(live: LiveRecording, kind: type, seen: list[Any]) -> Any:
    """The first event of that kind from now on; all are kept in ``seen``."""
    done = len(seen)

    def look() -> Any:
        seen.extend(live.events())
        return next((event for event in seen[done:] if isinstance(event, kind)), None)

    return wait_for(look)


def stopped(live: LiveRecording, seen: list[Any]) -> LiveResult:
    live.stop()
    result: LiveResult = follow(live, Finished, seen).result
    assert live.join(10)
    return result


def recording(live: LiveRecording, seconds: float = 0.5) -> None:
    """Until there is so much more of it."""
    goal = live.status.position + seconds * SAMPLE_RATE
    wait_for(lambda: live.status.position >= goal)


def likeness(sound: np.ndarray, recorded: np.ndarray) -> float:
    """Correlation with the part of the recording that fits best."""
    lag = int(correlate(recorded, sound, mode="valid", method="fft").argmax())
    return float(np.corrcoef(sound, recorded[lag : lag + len(sound)])[0, 1])


def test_the_devices_of_the_server_are_listed(microphone: InputDevice) -> None:
    assert (microphone.host_api, microphone.source) == (PULSE, MICROPHONE)
    assert (microphone.rate, microphone.channels) == (16_000, 1)
    assert microphone.default
    assert not microphone.monitor
    (monitor,) = [device for device in list_inputs() if device.monitor]
    assert monitor.source == f"{SINK}.monitor"


def test_a_conversation_comes_in_as_it_was_played(
    server: SoundServer, microphone: InputDevice, tmp_path: Path, sample: Path
) -> None:
    spoken = read_audio(sample)[: 12 * SAMPLE_RATE]
    path, seen = tmp_path / "talk.wav", []
    live = LiveRecording(path, microphone)
    recording(live)
    assert server.speak((spoken * 32767).astype(np.int16)).wait(60) == 0
    recording(live, 0.7)
    result = stopped(live, seen)
    recorded, rate = soundfile.read(path, dtype="float32")
    assert rate == 16_000
    assert likeness(spoken, recorded) >= 0.999
    assert result.gaps == ()

    again = diarize_file(path, second_pass=False).first_pass
    assert len(again.speakers) == 2
    assert rttm.render(result.annotation, "talk") == rttm.render(again, "talk")
    assert sum(len(event.lags) for event in seen if isinstance(event, Turns)) > 2


@pytest.mark.parametrize(("rate", "channels"), [(44_100, 2), (48_000, 6), (8_000, 1)])
def test_any_rate_and_number_of_channels(
    rate: int, channels: int, server: SoundServer, microphone: InputDevice, tmp_path: Path
) -> None:
    words = ["load-module", "module-null-sink", "sink_name=other", f"rate={rate}"]
    assert server.pactl(*words, f"channels={channels}").returncode == 0
    device = find_input("other.monitor", list_inputs(refresh=True))
    assert (device.rate, device.channels, device.monitor) == (rate, channels, True)
    live = LiveRecording(tmp_path / "a.wav", device, diarizer=None)
    recording(live, 0.2)
    result = stopped(live, [])
    assert result.path is not None
    info = soundfile.info(tmp_path / "a.wav")
    assert (info.samplerate, info.channels) == (rate, channels)


# ---- faults


def gone(live: LiveRecording, seen: list[Any]) -> Trouble:
    """The trouble of a device that is gone."""
    trouble: Trouble = follow(live, Trouble, seen)
    assert trouble.kind == "device"
    assert "the recording is kept" in trouble.text
    assert live.status.state == "interrupted"
    return trouble


def test_a_device_is_unloaded(server: SoundServer, microphone: InputDevice, tmp_path: Path) -> None:
    """With all that the server could move the stream to: it ends."""
    live, seen = LiveRecording(tmp_path / "a.wav", microphone, diarizer=None), []
    recording(live)
    before = live.status.position
    for module in ("module-remap-source", "module-null-sink"):
        assert server.pactl("unload-module", module).returncode == 0
    gone(live, seen)
    result = stopped(live, seen)
    assert soundfile.info(tmp_path / "a.wav").frames == result.annotation.duration >= before


def test_a_suspended_source_and_the_next_device(
    server: SoundServer, microphone: InputDevice, tmp_path: Path
) -> None:
    """Here ``is_active()`` stays true and ``stop_stream()`` hangs."""
    live, seen = LiveRecording(tmp_path / "a.wav", microphone, diarizer=None), []
    recording(live)
    words = ["load-module", "module-null-sink", "sink_name=other", "rate=48000", "channels=2"]
    server.pactl(*words)
    server.pactl("suspend-source", MICROPHONE, "1")
    server.pactl("suspend-sink", SINK, "1")
    gone(live, seen)
    end = live.status.position
    live.switch_device(find_input("other.monitor", list_inputs(refresh=True)))
    gap = follow(live, Gap, seen)
    assert (gap.start, gap.why) == (end, "device")
    assert gap.end - gap.start > SAMPLE_RATE
    recording(live)
    result = stopped(live, seen)
    assert result.gaps == (gap,)
    assert soundfile.info(tmp_path / "a.wav").frames == result.annotation.duration > gap.end


def test_the_daemon_is_killed_and_another_one_comes(
    server: SoundServer, microphone: InputDevice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    live, seen = LiveRecording(tmp_path / "a.wav", microphone, diarizer=None), []
    recording(live)
    server.kill()
    gone(live, seen)
    (tmp_path / "again").mkdir()
    with SoundServer(tmp_path / "again") as another:
        for name, value in another.environment.items():
            monkeypatch.setenv(name, value)
        live.switch_device(find_input(MICROPHONE_NAME, list_inputs(refresh=True)))
        follow(live, Gap, seen)
        recording(live)
        result = stopped(live, seen)
    assert len(result.gaps) == 1


def test_a_stream_that_is_carried_to_other_inputs_says_which_is_recorded(
    server: SoundServer, microphone: InputDevice, tmp_path: Path
) -> None:
    server.add_microphone(OTHER)
    live, seen = LiveRecording(tmp_path / "a.wav", microphone, diarizer=None), []
    recording(live)
    server.carry_to(OTHER)
    moved = follow(live, Moved, seen)
    assert (moved.before.source, moved.now.source) == (MICROPHONE, OTHER)
    assert moved.now.name == f"{OTHER}_Microphone"
    assert 0 < moved.at <= live.status.position
    assert live.status.device == moved.now
    recording(live)
    # The other loudspeaker slept: for as long as nothing came there is silence in the file.
    lost = live.status.lost
    seen.extend(live.events())
    assert sum(event.end - event.start for event in seen if isinstance(event, Gap)) == lost
    server.carry_to(f"{SINK}.monitor")
    moved = follow(live, Moved, seen)
    assert live.status.state == "recording"
    assert moved.before.source == OTHER
    assert moved.now.monitor
    assert "no microphone" in str(moved)
    notes = (tmp_path / "a.wav.recording").read_text()
    assert notes.count('"moved"') == 2
    live.switch_device(microphone)
    wait_for(lambda: live.status.device == microphone)
    recording(live)
    stopped(live, seen)
    assert sum(isinstance(event, Moved) for event in seen) == 2


def test_a_microphone_that_is_unloaded_is_replaced_by_the_server(
    server: SoundServer, microphone: InputDevice, tmp_path: Path
) -> None:
    server.add_microphone(OTHER)
    live, seen = LiveRecording(tmp_path / "a.wav", microphone, diarizer=None), []
    recording(live)
    modules = server.pactl("list", "short", "modules").stdout.decode().splitlines()
    (number,) = [line.split()[0] for line in modules if f"source_name={MICROPHONE} " in line]
    assert server.pactl("unload-module", number).returncode == 0
    moved = follow(live, Moved, seen)
    assert moved.before.source == MICROPHONE
    assert moved.now.source in (OTHER, f"{OTHER}_speaker.monitor", f"{SINK}.monitor")
    recording(live)
    stopped(live, seen)


def test_nothing_but_zeros_arrives(
    server: SoundServer, microphone: InputDevice, tmp_path: Path
) -> None:
    server.pactl("set-source-mute", MICROPHONE, "1")
    live, seen = LiveRecording(tmp_path / "a.wav", microphone, diarizer=None), []
    trouble = follow(live, Trouble, seen)
    assert trouble.kind == "no sound"
    assert MICROPHONE_NAME in trouble.text
    stopped(live, seen)


# ---- in the terminal


def test_record_in_the_terminal(server: SoundServer, tmp_path: Path, sample: Path) -> None:
    spoken = read_audio(sample)[: 6 * SAMPLE_RATE]
    path = tmp_path / "talk.wav"
    command = [sys.executable, "-m", "core", "record", "--device", "virtual", "--out", str(path)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        wait_for(lambda: path.exists() and path.stat().st_size > 16_000)
        assert server.speak((spoken * 32767).astype(np.int16)).wait(60) == 0
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        out, said = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0, said
    assert f"wrote {path}" in said
    assert out.count("==>") >= 2  # each turn as it settled, and each of the second pass
    assert likeness(spoken, read_audio(path)) >= 0.999
