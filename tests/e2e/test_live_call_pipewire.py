"""Both sides of a call from a real PipeWire."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from core.audio.devices import computer_sound, find_input, list_inputs
from core.audio.read import read_audio
from core.live.recording import LiveRecording
from core.units import SAMPLE_RATE
from tests.e2e.pipewire_server import CALLERS, MICROPHONE, ROOM, PipeWireServer, missing
from tests.e2e.test_live_call import alike, both_there
from tests.e2e.test_live_core import recording, stopped

pytestmark = [
    pytest.mark.sound,
    pytest.mark.skipif(bool(missing()), reason=missing() or "-"),
]
pytest.importorskip("pyaudio", reason="PyAudio is not installed")


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PipeWireServer]:
    server = PipeWireServer(tmp_path)
    try:
        server.__enter__()
    except OSError as error:
        pytest.skip(str(error))
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    yield server
    server.__exit__()


def test_each_side_comes_in_as_it_was_said(
    server: PipeWireServer, tmp_path: Path, sample: Path
) -> None:
    devices = list_inputs(refresh=True)
    microphone, computer = find_input(MICROPHONE, devices), computer_sound(devices)
    assert computer is not None
    assert computer.source == f"{CALLERS}.monitor"
    path = tmp_path / "call.wav"
    live = LiveRecording(path, microphone, computer=computer, diarizer=None)
    both_there(live)
    recording(live, 1)
    spoken = read_audio(sample)
    here, there = spoken[: 6 * SAMPLE_RATE], spoken[20 * SAMPLE_RATE : 26 * SAMPLE_RATE]
    speaking = server.speak((here * 32767).astype(np.int16), SAMPLE_RATE, ROOM)
    answering = server.speak((there * 32767).astype(np.int16), SAMPLE_RATE, CALLERS)
    assert (speaking.wait(60), answering.wait(60)) == (0, 0)
    recording(live, 1)
    stopped(live, [])
    stored, rate = soundfile.read(path, dtype="float32")
    assert (rate, stored.shape[1]) == (48_000, 2)
    for channel, said, other in zip(stored.T, (here, there), (there, here), strict=True):
        assert alike(said, channel[::3]) >= 0.95
        assert alike(other, channel[::3]) < 0.5
