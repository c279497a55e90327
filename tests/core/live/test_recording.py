"""A live recording with a fake sound card: the same turns as from its file, and every fault."""

from __future__ import annotations

import copy
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from core.annotation.values import Annotation, Marker, Turn
from core.audio import microphone as microphone_module
from core.audio.devices import InputDevice
from core.audio.read import AudioReader, read_audio
from core.audio.recorder import find_unfinished
from core.errors import ModelError, OutputError
from core.formats import rttm
from core.live.recording import (
    Finished,
    Folded,
    Gap,
    LevelPreview,
    LiveRecording,
    LiveResult,
    Pause,
    Trouble,
    TroubleOver,
    Turns,
)
from core.pipeline import diarize_file
from core.stream.diarizer import Diarizer, OnlineDecoder
from core.stream.encoder import Columns
from core.stream.segmentation import STEP, Segmentation
from core.units import SAMPLE_RATE
from tests.core.audio.fake_sound import FakeAudio, Frames, microphone_named, noise, wait_for
from tests.core.stream.test_diarizer import (
    HesitantDecoder,
    LevelEncoder,
    LoudIsSpeech,
    real_decoder,
)
from tests.core.stream.test_segmentation import frames_of, log_of


class Levels(LevelEncoder):
    """The same for any sound."""

    def embed(self, windows: np.ndarray, columns: Sequence[Columns] | None = None) -> np.ndarray:
        return super().embed(np.minimum(np.abs(windows), 1.0), columns)


class Hesitant(HesitantDecoder):
    """It can try out what may come."""

    def fork(self) -> Hesitant:
        return copy.deepcopy(self)


def one_at_a_time(samples: np.ndarray) -> np.ndarray:
    """A network to which every third level is the same local voice."""
    levels = np.rint(np.abs(samples[495::STEP][: frames_of(len(samples))]) * 10).astype(int)
    return log_of(np.where(levels == 0, 0, 1 + levels % 3))


def stream_of(encoder: LevelEncoder, decoder: OnlineDecoder) -> Diarizer:
    stages = Segmentation(one_at_a_time), LoudIsSpeech()
    return Diarizer(encoder, decoder, *stages, live=True)


def light() -> Diarizer:
    """A stream whose voices are levels: fast enough for many examples."""
    return stream_of(Levels(), Hesitant())


class Recording:
    """A live recording and the hand on its microphone."""

    def __init__(
        self,
        path: Path,
        device: InputDevice | None = None,
        diarizer: Callable[[], Diarizer] | None = light,
        **options: Any,
    ) -> None:
        self.audio = FakeAudio()
        self.device = device or microphone_named()
        self.live = LiveRecording(
            path, self.device, diarizer=diarizer, backend=self.audio, **options
        )
        self.seen: list[Any] = []

    def give(self, frames: Frames, block: int = 320, number: int = -1, lost: int = 0) -> None:
        """Speak into the newest microphone (or the one with this number)."""
        stream = self.audio.stream(number % len(self.audio.streams) if self.audio.streams else 0)
        ahead = round(10 * stream.rate)
        for start in range(0, len(frames), block):
            stream.give(frames[start : start + block], lost if start == 0 else 0)
            if start % ahead < block <= ahead and start:
                self.settle()

    def settle(self) -> None:
        """Until everything given is on the disk."""
        stream = self.audio.streams[-1]
        before = -1
        while before != (before := self.live.status.position) or not before:
            time.sleep(0.12)
        assert stream is self.audio.streams[-1]

    def events(self) -> list[Any]:
        self.seen += self.live.events()
        return self.seen

    def wait(self, kind: type, true: Callable[[Any], bool] = lambda event: True) -> Any:
        """The first event of that kind."""
        return wait_for(
            lambda: next((e for e in self.events() if isinstance(e, kind) and true(e)), None)
        )

    def finish(self) -> LiveResult:
        self.live.stop()
        result: LiveResult = self.wait(Finished).result
        assert self.live.join(5)
        assert self.live.status.state == "finished"
        assert not self.live.running
        return result


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that takes its time is no microphone that is gone."""
    monkeypatch.setattr(microphone_module, "STALLED_S", 3600.0)
    monkeypatch.setattr(microphone_module, "STARTING_S", 3600.0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "talk.wav"


@pytest.fixture
def start(path: Path) -> Iterator[Callable[..., Recording]]:
    started: list[Recording] = []

    def start(*arguments: Any, **options: Any) -> Recording:
        started.append(Recording(path, *arguments, **options))
        return started[-1]

    yield start
    for recording in started:
        for stream in recording.audio.streams:
            stream.stalled = False
        recording.live.stop()
        assert recording.live.join(10)


def talk(seconds: float, rate: int, channels: int = 1, seed: int = 0) -> Frames:
    """Voices of several levels with pauses between."""
    rng = np.random.default_rng(seed)
    parts: list[np.ndarray] = []
    left = round(seconds * rate)
    while left > 0:
        count = min(left, int(rng.integers(rate // 4, 2 * rate)))
        level = rng.choice([0.0, 0.0, 0.2, 0.4, 0.6])
        parts.append(np.full(count, level * 32768))
        left -= count
    mono = np.concatenate(parts)[:, None]
    return np.repeat(mono, channels, axis=1).astype(np.int16)


def from_file(path: Path, diarizer: Diarizer) -> Annotation:
    with AudioReader(path) as reader:
        for samples in reader:
            diarizer.push(samples)
    return diarizer.finish()


# ---- the same turns


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
    second = diarize_file(path).annotation
    assert result.second_pass().turns == second.turns


# ---- what is shown meanwhile


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


# ---- faults


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(microphone_module, "STALLED_S", 0.4)
    monkeypatch.setattr(microphone_module, "STARTING_S", 0.6)


@pytest.mark.usefixtures("impatient")
def test_a_device_that_goes_away_and_the_next_one(
    start: Callable[..., Recording], path: Path
) -> None:
    recording = start(microphone_named("Old", rate=16_000))
    before = talk(3.0, 16_000)
    recording.give(before)
    recording.audio.streams[0].stalled = True
    trouble = recording.wait(Trouble, lambda t: t.kind == "device")
    assert "Old gives no sound any more: the recording is kept" in trouble.text
    assert recording.live.status.state == "interrupted"
    assert recording.live.status.trouble == (trouble,)
    assert soundfile.info(path).frames == len(before)

    recording.live.switch_device(microphone_named("New", rate=48_000, channels=2))
    wait_for(lambda: len(recording.audio.streams) == 2)
    after = talk(3.0, 48_000, 2, seed=5)
    recording.give(after[:960])
    recording.wait(TroubleOver, lambda over: over.kind == "device")
    gap = recording.wait(Gap)
    recording.give(after[960:], 960)
    assert gap.why == "device"
    assert gap.start == len(before)
    assert gap.end > gap.start
    result = recording.finish()
    stored, rate = soundfile.read(path, dtype="int16")
    assert rate == 16_000
    np.testing.assert_array_equal(stored[: len(before)], before[:, 0])
    assert not stored[gap.start : gap.end].any()
    assert len(stored) == pytest.approx(gap.end + len(after) / 3, abs=2)
    assert stored[gap.end :].max() == pytest.approx(after.max(), rel=0.2)
    assert result.gaps == (gap,)
    assert result.annotation.turns == from_file(path, light()).turns
    assert not recording.audio.streams[0].closed


@pytest.mark.usefixtures("impatient")
def test_time_of_an_interruption_counts_and_that_of_a_pause_does_not(
    start: Callable[..., Recording],
) -> None:
    recording = start(diarizer=None)
    recording.give(noise(8000))
    recording.wait(Trouble)
    recording.live.pause()
    gap = recording.wait(Gap)
    assert gap.end - gap.start > 0.4 * 16_000
    time.sleep(0.5)
    recording.live.resume()
    recording.wait(Pause)
    assert recording.live.status.state == "interrupted"
    recording.live.switch_device(recording.device)
    wait_for(lambda: len(recording.audio.streams) == 2)
    recording.give(noise(8000))
    recording.settle()
    result = recording.finish()
    assert result.pauses[0].seconds > 0.5
    silent = sum(g.end - g.start for g in result.gaps)
    assert result.annotation.duration == 16_000 + silent == 16_000 + recording.live.status.lost


def test_another_device_is_chosen_while_all_is_well(
    start: Callable[..., Recording], path: Path
) -> None:
    recording = start(diarizer=None)
    recording.give(noise(8000))
    recording.live.switch_device(microphone_named("Other", channels=3))
    wait_for(lambda: len(recording.audio.streams) == 2)
    recording.give(np.repeat(noise(8000, seed=1), 3, axis=1))
    recording.settle()
    result = recording.finish()
    stored, _ = soundfile.read(path, dtype="int16")
    np.testing.assert_array_equal(stored[:8000], noise(8000)[:, 0])
    np.testing.assert_array_equal(stored[-8000:], noise(8000, seed=1)[:, 0])
    assert sum(g.end - g.start for g in result.gaps) == len(stored) - 16_000
    assert recording.audio.streams[0].closed


def test_a_device_that_cannot_be_opened_leaves_no_file(
    path: Path, start: Callable[..., Recording], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(self: FakeAudio, **options: Any) -> None:
        raise OSError(-9985, "Device unavailable")

    monkeypatch.setattr(FakeAudio, "open", refused)
    recording = start()
    trouble = recording.wait(Trouble)
    assert "Device unavailable" in trouble.text
    assert recording.live.status.state == "starting"
    monkeypatch.undo()
    recording.live.switch_device(recording.device)  # once it is free
    recording.give(noise(4000))
    recording.wait(TroubleOver)
    assert recording.finish().path == path


def test_stopped_before_any_sound(start: Callable[..., Recording], path: Path) -> None:
    result = start().finish()
    assert (result.path, result.annotation.duration) == (None, 0)
    assert list(path.parent.iterdir()) == []


def test_only_zeros_are_told_with_the_way_out(start: Callable[..., Recording]) -> None:
    recording = start(diarizer=None)
    recording.give(np.zeros((16_000 * 3, 1), np.int16))
    trouble = recording.wait(Trouble)
    assert trouble.kind == "no sound"
    assert trouble.text.startswith("no sound arrives from Desk: ")
    recording.give(noise(1600))
    recording.wait(TroubleOver, lambda over: over.kind == "no sound")
    recording.finish()


def test_overflows_are_counted_filled_and_marked(
    start: Callable[..., Recording], path: Path
) -> None:
    recording = start(diarizer=None)
    recording.give(noise(8000))
    time.sleep(0.3)
    recording.give(noise(8000, seed=1), lost=4000)
    gap = recording.wait(Gap)
    assert gap == Gap(8000, 12_000, "overflow")
    recording.settle()
    assert (recording.live.status.overflows, recording.live.status.lost) == (1, 4000)
    recording.finish()
    stored, _ = soundfile.read(path, dtype="int16")
    expected = np.concatenate([noise(8000), np.zeros((4000, 1), np.int16), noise(8000, seed=1)])
    np.testing.assert_array_equal(stored, expected[:, 0])


def test_a_disk_that_fills_up(start: Callable[..., Recording], path: Path) -> None:
    room = [32_000 * 30]
    recording = start(free=lambda folder: room[0])
    recording.give(talk(2.0, 16_000))
    low = recording.wait(Trouble)
    assert low.kind == "disk low"
    assert recording.live.status.free_s == pytest.approx(28, abs=1)
    time.sleep(1.1)
    room[0] = 0
    recording.give(talk(2.0, 16_000))
    full = recording.wait(Trouble, lambda t: t.kind == "disk full")
    assert "everything before is saved" in full.text
    result = recording.wait(Finished).result  # without a stop
    assert soundfile.info(path).frames >= 32_000
    assert result.annotation.turns == from_file(path, light()).turns
    assert result.diarized
    assert recording.audio.streams[0].closed


# ---- steering


def steered() -> Diarizer:
    """With the real decoder."""
    return stream_of(Levels(), real_decoder(lag=20))


def voice(level: float, seconds: float = 2.0) -> Frames:
    return np.full((round(seconds * 16_000), 1), round(level * 32768), np.int16)


def test_a_merge_steers_and_a_name_stays(start: Callable[..., Recording]) -> None:
    recording = start(diarizer=steered)
    pause = np.zeros((16_000, 1), np.int16)
    for level in (0.2, 0.4, 0.2, 0.4):
        recording.give(np.concatenate([voice(level), pause]))
    recording.settle()
    wait_for(lambda: recording.live.status.labelled > 11 * 16_000)
    recording.live.merge(0, 1)
    recording.live.rename(0, "Ada")
    recording.live.merge(0, 7)
    trouble = recording.wait(Trouble)
    assert (trouble.kind, trouble.text) == ("steering", "Speaker 8 is not there any more")
    recording.events()
    merged_at = len(recording.seen)
    for level in (0.4, 0.6, 0.2, 0.4):
        recording.give(np.concatenate([voice(level), pause]))
    result = recording.finish()
    later = [t for e in recording.seen[merged_at:] if isinstance(e, Turns) for t in e.changes.turns]
    assert {t.speaker for t in later if t.start > 12 * 16_000} == {0, 2}
    assert [s.label for s in result.annotation.speakers] == ["Ada", "Speaker 3"]
    assert {s.name for s in result.second_pass().speakers} >= {"Ada"}


def test_a_merge_can_be_taken_back(start: Callable[..., Recording]) -> None:
    recording = start(diarizer=steered)
    pause = np.zeros((16_000, 1), np.int16)
    for level in (0.2, 0.4, 0.2):
        recording.give(np.concatenate([voice(level), pause]))
    recording.settle()
    wait_for(lambda: recording.live.status.labelled > 8 * 16_000)
    recording.live.merge(0, 1)
    recording.live.unmerge(1)
    recording.give(np.concatenate([voice(0.4), pause]))
    assert len(recording.finish().annotation.speakers) == 2


def test_a_limit_holds_from_then_on_and_can_be_lifted(start: Callable[..., Recording]) -> None:
    recording = start(diarizer=steered)
    pause = np.zeros((16_000, 1), np.int16)
    for level in (0.2, 0.2, 0.4, 0.4, 0.6):
        recording.give(np.concatenate([voice(level), pause]))
    recording.settle()
    wait_for(lambda: recording.live.status.labelled > 14 * 16_000)
    recording.live.rename(2, "Cleo")
    recording.live.limit(2)
    into = recording.wait(Folded).into
    assert len(into) == 1
    assert 2 not in into, "who has a name is not the one to go"
    recording.give(np.concatenate([voice(0.8), pause, voice(0.9), *[pause] * 8]))
    recording.settle()
    wait_for(lambda: recording.live.status.labelled > 27 * 16_000)  # nothing is open any more
    limited = len(recording.events())
    turns = [t for e in recording.seen if isinstance(e, Turns) for t in e.changes.turns]
    assert {into.get(t.speaker, t.speaker) for t in turns} == {0, 1, 2} - into.keys()
    recording.live.limit(None)
    assert recording.wait(Folded, lambda event: not event.into)
    recording.give(np.concatenate([voice(0.1), pause]))
    result = recording.finish()
    assert isinstance(recording.seen[limited], Folded | Turns)
    assert [s.id for s in result.annotation.speakers] == [0, 1, 2, 3]


def test_the_result_has_no_more_speakers_than_were_said(start: Callable[..., Recording]) -> None:
    recording = start(diarizer=steered)
    pause = np.zeros((16_000, 1), np.int16)
    for level in (0.2, 0.4, 0.6, 0.2):
        recording.give(np.concatenate([voice(level), pause]))
    recording.live.limit(2)
    result = recording.finish()
    assert len(result.annotation.speakers) == 2
    assert result.annotation.edited == ()


def test_turns_that_are_given_stay_and_their_voice_is_known(
    start: Callable[..., Recording], path: Path
) -> None:
    """With two speakers at most, a third voice is taken for one of them; a person knows better."""
    recording = start(diarizer=steered)
    pause = np.zeros((16_000, 1), np.int16)
    recording.live.limit(2)
    for level in (0.2, 0.4, 0.2, 0.4, 0.6):
        recording.give(np.concatenate([voice(level), pause]))
    recording.settle()
    wait_for(lambda: recording.live.status.labelled > 14 * 16_000)
    heard: list[Any] = []
    for event in recording.events():
        if isinstance(event, Turns):
            heard = [t for t in heard if t.end <= event.changes.since] + [*event.changes.turns]
    wrong = heard[-1].speaker
    right = 1 - wrong
    third = (12 * 16_000, 14 * 16_000)
    number = recording.live.give([third], right)
    assert '"given": [[192000, 224000, ' in (path.parent / "talk.wav.recording").read_text()
    for level in (0.6, 0.2, 0.6, 0.4):
        recording.give(np.concatenate([voice(level), pause]))
    recording.settle()
    wait_for(lambda: recording.live.status.labelled > 26 * 16_000)
    again = recording.live.give([third], wrong)
    recording.live.take_back(again)
    result = recording.finish()

    def who(second: float) -> list[int]:
        at = second * 16_000
        return [t.speaker for t in result.annotation.turns if t.start <= at < t.end]

    assert number != again
    assert [who(s) for s in (13, 16, 22)] == [[right]] * 3
    assert [who(s) for s in (1, 7, 19)] == [[0]] * 3
    assert [who(s) for s in (4, 10, 25)] == [[1]] * 3
    assert result.annotation.edited == (third,)
    assert [t.speaker for t in result.second_pass().turns if t.start <= 13 * 16_000 < t.end]
    assert result.second_pass().edited == (third,)
    assert not [e for e in recording.seen if isinstance(e, Trouble)]


def test_a_turn_of_nobody_is_told_and_stays_as_it_was_said(
    start: Callable[..., Recording],
) -> None:
    recording = start(diarizer=steered)
    recording.give(voice(0.2, 12.0))
    recording.settle()
    wait_for(lambda: recording.live.status.labelled > 11 * 16_000)
    recording.live.give([(0, 8000)], 5)
    trouble = recording.wait(Trouble, lambda t: t.kind == "steering")
    assert trouble.text == "Speaker 6 is not there any more"
    assert recording.finish().annotation.turns[0] == Turn(0, 8000, 5)


def test_a_speaker_of_the_newest_seconds_is_corrected_as_soon_as_they_are_known(
    start: Callable[..., Recording],
) -> None:
    """What is shown there is a first guess: a name, a merge wait until it is for certain."""
    recording = start(diarizer=steered)
    recording.give(np.concatenate([voice(0.2, 4.0), voice(0.4, 3.0)]))
    recording.settle()
    recording.wait(Turns, lambda e: {t.speaker for t in e.changes.turns} == {0, 1})
    recording.live.rename(1, "Ben")
    recording.live.merge(0, 1)
    recording.give(np.concatenate([voice(0.4, 3.0), voice(0.2, 4.0), voice(0.4, 4.0)]))
    recording.settle()
    wait_for(lambda: recording.live.status.labelled > 17 * 16_000)
    recording.events()
    merged = [e for e in recording.seen if isinstance(e, Turns)][-1].changes.turns
    assert {t.speaker for t in merged} == {0}
    result = recording.finish()
    assert {t.speaker for t in result.annotation.turns} == {0}
    assert not [e for e in recording.seen if isinstance(e, Trouble)]


# ---- before the recording


def test_preview_shows_the_level(impatient: None) -> None:
    audio = FakeAudio()
    preview = LevelPreview(microphone_named("Desk"), audio)
    audio.stream().give(noise(320, level=3000))
    assert preview.error is None
    assert -30 < preview.level().rms < -10
    wait_for(lambda: preview.error)
    assert "Desk gives no sound" in str(preview.error)
    preview.close()
