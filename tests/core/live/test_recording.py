"""A live recording: the same turns as of the file, and what is shown meanwhile."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from core.annotation.values import Marker
from core.audio.read import read_audio
from core.audio.recorder import find_unfinished
from core.errors import ModelError, OutputError
from core.formats import rttm
from core.live.recording import (
    LevelPreview,
    Trouble,
    Turns,
)
from core.pipeline import diarize_file
from core.stream.diarizer import Diarizer
from core.units import SAMPLE_RATE
from tests.core.audio.fake_sound import FakeAudio, microphone_named, noise, wait_for
from tests.core.live.recorded import (
    Hesitant,
    Recording,
    from_file,
    light,
    stream_of,
    talk,
    voice,
)
from tests.core.stream.test_diarizer import (
    LevelEncoder,
)


@settings(max_examples=12)
@given(
    rate=st.sampled_from([8_000, 16_000, 22_050, 44_100, 48_000]),
    channels=st.integers(1, 4),
    block=st.integers(50, 3000),
    seed=st.integers(0, 1000),
    lost=st.sampled_from([0, 0, 4321]),
)
def test_live_turns_are_those_of_the_file(
    rate: int,
    channels: int,
    block: int,
    seed: int,
    lost: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path = tmp_path_factory.mktemp("live") / "talk.wav"
    recording = Recording(path, microphone_named(rate=rate, channels=channels))
    sound = talk(6.0, rate, channels, seed)
    half = len(sound) // 2
    recording.give(sound[:half], block)
    if lost:
        time.sleep(0.3)  # a loss can't be longer than the time it took
    recording.give(sound[half:], block, lost=lost)
    result = recording.finish()
    stored, stored_rate = soundfile.read(path, dtype="int16", always_2d=True)
    assert stored_rate == rate
    if lost:
        (gap,) = result.gaps
        assert gap.end - gap.start == pytest.approx(lost * 16_000 / rate, abs=2)
        assert not stored[half : half + lost].any()
        stored = np.delete(stored, np.s_[half : half + lost], axis=0)
    np.testing.assert_array_equal(stored, sound)
    again = from_file(path, light())
    assert rttm.render(result.annotation, "talk") == rttm.render(again, "talk")
    assert result.annotation.duration == again.duration
    assert fixed(recording.seen) <= set(result.annotation.turns)


def fixed(events: list[Any]) -> set[Any]:
    """The turns that a window was told would never change again."""
    turns: list[Any] = []
    since = 0
    for event in events:
        if isinstance(event, Turns):
            since = event.changes.since
            turns = [t for t in turns if t.end <= since] + list(event.changes.turns)
    return {t for t in turns if t.end <= since}


def test_the_shipped_models_say_the_same_live_and_from_the_file(
    start: Callable[..., Recording], path: Path, sample: Path
) -> None:
    from core.pipeline import new_diarizer

    stream = partial(new_diarizer, live=True)
    recording = start(microphone_named(rate=48_000, channels=2), diarizer=stream)
    sound = read_audio(sample)[: 18 * SAMPLE_RATE].repeat(3)
    both = np.stack([sound, sound * np.float32(0.5)], axis=1)
    recording.give((both * 32767).astype(np.int16), 960)
    result = recording.finish()
    again = diarize_file(path, second_pass=False)
    assert len(again.first_pass.turns) > 1
    assert rttm.render(result.annotation, "talk") == rttm.render(again.first_pass, "talk")
    assert result.speech == again.speech
    assert len(result.windows) == len(again.windows) > 10
    for live, file in zip(result.windows, again.windows, strict=True):
        assert live.is_same(file)
        assert live.speech == file.speech
        np.testing.assert_array_equal(live.embedding, file.embedding)
        np.testing.assert_array_equal(live.voice_print, file.voice_print)
    second = diarize_file(path).annotation
    assert result.second_pass().turns == second.turns


def test_state_level_and_waveform(start: Callable[..., Recording]) -> None:
    recording = start()
    assert recording.live.status.state == "starting"
    sound = noise(32_000)
    recording.give(sound)
    wait_for(lambda: recording.live.status.position == 32_000)
    wait_for(lambda: -30 < recording.live.status.level.rms < -10)
    status = recording.live.status
    assert (status.state, status.rate, status.channels) == ("recording", 16_000, 1)
    assert (status.lost, status.overflows, status.trouble) == (0, 0, ())
    assert status.free_s is None or status.free_s > 0
    wait_for(lambda: recording.live.status.labelled >= 28_000)
    _low, high = recording.live.peaks.query(0, 16_000, 1)
    assert high[0] == pytest.approx(sound[:16_000].max() / 32768, abs=1e-3)
    recording.finish()
    assert recording.live.peaks.duration == 32_000


def test_recording_begins_while_models_still_load(
    start: Callable[..., Recording], path: Path
) -> None:
    loaded = threading.Event()

    def slow() -> Diarizer:
        loaded.wait()
        return light()

    recording = start(diarizer=slow)
    sound = talk(5.0, 16_000)
    try:
        recording.give(sound)
        wait_for(lambda: recording.live.status.position == len(sound))
        status = recording.live.status
        assert (status.labelled, status.trouble) == (0, ())
        first_lag = wait_for(lambda: recording.live.status.lag_s)
        wait_for(lambda: recording.live.status.lag_s > first_lag)  # it grows and is shown
        wait_for(lambda: recording.live.peaks.duration == len(sound))
    finally:
        loaded.set()  # and it catches up; its thread ends with this test, whatever comes of it
    wait_for(lambda: recording.live.status.labelled >= len(sound) - 4000)
    result = recording.finish()
    assert result.diarized
    assert result.annotation.turns == from_file(path, light()).turns


def test_without_models_there_is_still_a_recording(
    start: Callable[..., Recording], path: Path
) -> None:
    def missing() -> Diarizer:
        raise ModelError("models/ghostvlad.onnx is missing: reinstall Voicelanes")

    recording = start(diarizer=missing)
    recording.give(noise(16_000))
    trouble = recording.wait(Trouble)
    assert trouble.kind == "models"
    assert "ghostvlad.onnx is missing" in trouble.text
    result = recording.finish()
    assert (result.diarized, result.annotation.turns, len(result.warnings)) == (False, (), 1)
    assert result.annotation.duration == 16_000
    assert soundfile.info(path).frames == 16_000


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_defect_in_the_stream_costs_no_sound(start: Callable[..., Recording], path: Path) -> None:
    class Broken(LevelEncoder):
        def embed(self, windows: np.ndarray, columns: object = None) -> np.ndarray:
            raise ZeroDivisionError("float division")

    recording = start(diarizer=lambda: stream_of(Broken(), Hesitant()))
    recording.give(voice(0.4, 3.0))
    trouble = recording.wait(Trouble, lambda t: t.kind == "models")
    assert "ZeroDivisionError: float division" in trouble.text
    recording.give(noise(16_000))
    assert recording.finish().diarized is False
    assert soundfile.info(path).frames == 64_000


def test_pause_leaves_out_and_is_marked(start: Callable[..., Recording], path: Path) -> None:
    recording = start()
    first, left_out, then = noise(8000), noise(8000, seed=1), noise(8000, seed=2)
    recording.give(first)
    recording.settle()
    recording.live.pause()
    wait_for(lambda: recording.live.status.state == "paused")
    recording.give(left_out)
    time.sleep(0.1)
    recording.live.resume()
    wait_for(lambda: recording.live.status.state == "recording")
    recording.give(then)
    recording.settle()
    result = recording.finish()
    (pause,) = result.pauses
    assert pause.at == 8000
    assert pause.seconds > 0.1
    assert pause in recording.seen
    np.testing.assert_array_equal(
        soundfile.read(path, dtype="int16", always_2d=True)[0], np.concatenate([first, then])
    )
    assert result.gaps == ()


def test_markers_names_and_the_notes_for_after_a_crash(
    start: Callable[..., Recording], path: Path
) -> None:
    recording = start(diarizer=None)
    recording.give(noise(8000))
    recording.settle()
    marker = recording.live.add_marker("Budget")
    assert marker == Marker(8000, "Budget")
    recording.live.mark(Marker(4000, "earlier"))
    notes = (path.parent / "talk.wav.recording").read_text()
    assert '"marker": [8000, "Budget"]' in notes
    assert find_unfinished(path.parent) == []  # this instance is writing it
    result = recording.finish()
    assert result.annotation.markers == (Marker(4000, "earlier"), Marker(8000, "Budget"))
    assert not (path.parent / "talk.wav.recording").exists()


def test_an_existing_file_is_refused_at_once(path: Path) -> None:
    path.write_text("mine")
    with pytest.raises(OutputError, match="is there already"):
        Recording(path)
    assert path.read_text() == "mine"


def test_preview_shows_the_level(impatient: None) -> None:
    audio = FakeAudio()
    preview = LevelPreview(microphone_named("Desk"), audio)
    audio.stream().give(noise(320, level=3000))
    assert preview.error is None
    assert -30 < preview.level().rms < -10
    wait_for(lambda: preview.error)
    assert "Desk gives no sound" in str(preview.error)
    preview.close()
