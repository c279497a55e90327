"""Both sides of a call from a real sound server, and what a headset does to them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from scipy.signal import correlate

from core.audio.devices import InputDevice, computer_sound, find_input, list_inputs
from core.audio.read import read_audio
from core.live.recording import Gap, LiveRecording, Moved, Trouble, TroubleOver
from core.units import SAMPLE_RATE
from tests.e2e.sound_server import MICROPHONE, MICROPHONE_NAME, SINK, SoundServer, missing
from tests.e2e.test_live_core import follow, likeness, recording, stopped, wait_for

pytestmark = [
    pytest.mark.sound,
    pytest.mark.skipif(bool(missing()), reason=missing() or "-"),
]
pytest.importorskip("pyaudio", reason="PyAudio is not installed")

CALLERS = "callers"
"""The loudspeaker of the computer; the other one is only there for the microphone to hear it."""


@pytest.fixture
def sides(server: SoundServer) -> tuple[InputDevice, InputDevice]:
    server.add_loudspeaker(CALLERS, 48_000)
    devices = list_inputs(refresh=True)
    return find_input(MICROPHONE_NAME, devices), find_input(f"{CALLERS}.monitor", devices)


def both_there(live: LiveRecording) -> None:
    wait_for(lambda: live.status.sides and all(side.there for side in live.status.sides))


def alike(said: np.ndarray, heard: np.ndarray) -> float:
    """The usual likeness of half a second: what is put in step is a few samples longer."""
    pieces = np.split(said[: len(said) // 8000 * 8000], len(said) // 8000)
    loud = [piece for piece in pieces if piece.std() > 0.02]
    assert len(loud) > 4
    return float(np.median([likeness(piece, heard) for piece in loud]))


def test_what_the_system_plays_is_the_computers_sound(server: SoundServer) -> None:
    server.add_loudspeaker(CALLERS, 48_000)
    found = computer_sound(list_inputs(refresh=True))
    assert found is not None
    assert found.source == f"{SINK}.monitor"
    server.pactl("set-default-sink", CALLERS)
    found = computer_sound(list_inputs(refresh=True))
    assert found is not None
    assert found.source == f"{CALLERS}.monitor"


def test_each_side_comes_in_as_it_was_said(
    server: SoundServer,
    sides: tuple[InputDevice, InputDevice],
    tmp_path: Path,
    sample: Path,
) -> None:
    spoken = read_audio(sample)
    here, there = spoken[: 6 * SAMPLE_RATE], spoken[20 * SAMPLE_RATE : 26 * SAMPLE_RATE]
    path, seen = tmp_path / "call.wav", []
    live = LiveRecording(path, sides[0], computer=sides[1], diarizer=None)
    both_there(live)
    recording(live, 1)
    speaking = server.speak((here * 32767).astype(np.int16))
    answering = server.speak((there * 32767).astype(np.int16), sink=CALLERS)
    assert (speaking.wait(60), answering.wait(60)) == (0, 0)
    recording(live, 1)
    stopped(live, seen)
    stored, rate = soundfile.read(path, dtype="float32")
    assert (rate, stored.shape[1]) == (48_000, 2)
    for channel, said, other in zip(stored.T, (here, there), (there, here), strict=True):
        heard = channel[::3]  # nothing above 8 kHz was said
        assert alike(said, heard) >= 0.95
        assert alike(other, heard) < 0.5


def test_two_that_hear_the_same_are_in_step(
    server: SoundServer, tmp_path: Path, sample: Path
) -> None:
    """The microphone hears the loudspeaker, whose monitor is the other side."""
    devices = list_inputs(refresh=True)
    microphone, computer = find_input(MICROPHONE_NAME, devices), computer_sound(devices)
    assert computer is not None
    live = LiveRecording(tmp_path / "call.wav", microphone, computer=computer, diarizer=None)
    both_there(live)
    recording(live, 1)
    spoken = read_audio(sample)[: 10 * SAMPLE_RATE]
    assert server.speak((spoken * 32767).astype(np.int16)).wait(60) == 0
    recording(live, 1)
    stopped(live, [])
    stored, rate = soundfile.read(tmp_path / "call.wav", dtype="float32")
    apart = correlate(stored[:, 0], stored[:, 1], method="fft")
    lag = (int(apart.argmax()) - len(stored) + 1) / rate
    assert abs(lag) < 0.06  # the server fills the buffers of two streams at different times


def test_a_headset_that_changes_its_profile(
    server: SoundServer, sides: tuple[InputDevice, InputDevice], tmp_path: Path
) -> None:
    """The source disappears, and comes back with another rate."""
    live, seen = LiveRecording(tmp_path / "a.wav", sides[0], computer=sides[1], diarizer=None), []
    both_there(live)
    recording(live, 1)
    server.unload(f"source_name={MICROPHONE}")
    trouble = follow(live, Trouble, seen)
    assert trouble.kind == "device"
    assert "the other side is recorded on" in trouble.text
    assert live.status.state == "recording"
    assert [side.there for side in live.status.sides] == [False, True]
    recording(live, 1)
    server.add_source(MICROPHONE, SINK, 8000, MICROPHONE_NAME)
    gap = follow(live, Gap, seen)
    assert gap.side == "microphone"
    assert gap.end - gap.start > SAMPLE_RATE
    wait_for(lambda: live.status.sides[0].there)
    assert live.status.sides[0].device.rate == 8000
    server.speak((np.random.default_rng(0).standard_normal(16_000) * 6000).astype(np.int16))
    recording(live, 2)
    result = stopped(live, seen)
    assert "device" in [event.kind for event in seen if isinstance(event, TroubleOver)]
    assert [g.side for g in result.gaps if g.end - g.start > 1000] == ["microphone"]
    stored, rate = soundfile.read(tmp_path / "a.wav", dtype="int16")
    assert rate == 48_000
    start, end = (round(at * 3) for at in (gap.start, gap.end))
    assert not stored[start + 100 : end - 100, 0].any()
    assert np.abs(stored[end:, 0]).max() > 1000


def test_the_computers_sound_is_followed_to_another_output(
    server: SoundServer, tmp_path: Path
) -> None:
    devices = list_inputs(refresh=True)
    computer = computer_sound(devices)
    assert computer is not None
    microphone = find_input(MICROPHONE_NAME, devices)
    live, seen = LiveRecording(tmp_path / "a.wav", microphone, computer=computer, diarizer=None), []
    both_there(live)
    server.add_loudspeaker(CALLERS, 44_100)
    server.pactl("set-default-sink", CALLERS)
    moved: Moved = follow(live, Moved, seen)
    assert (moved.before.source, moved.now.source) == (f"{SINK}.monitor", f"{CALLERS}.monitor")
    both_there(live)
    assert live.status.sides[1].device.rate == 44_100
    sound = (np.random.default_rng(0).standard_normal(32_000) * 6000).astype(np.int16)
    assert server.speak(sound, sink=CALLERS).wait(20) == 0
    recording(live, 1)
    stopped(live, seen)
    stored, _ = soundfile.read(tmp_path / "a.wav", dtype="int16")
    assert np.abs(stored[:, 1]).max() > 1000
    assert np.abs(stored[:, 0]).max() < 100
