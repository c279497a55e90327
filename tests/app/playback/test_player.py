"""The player against a sound card whose clock the test turns by hand."""

from __future__ import annotations

import threading
import time
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.playback import sound_card as output_module
from app.playback.pcm_cache import PcmCache
from app.playback.player import Player
from app.playback.sound_card import VANISHED
from core.units import SAMPLE_RATE as S

LATENCY = 0.1


class Card:
    """A PyAudio with one output. ``run`` lets its clock go on; it keeps what left its jack."""

    def __init__(self, rates: tuple[int, ...] = (16000, 44100), channels: int = 2) -> None:
        self.rates, self.channels, self.present = rates, channels, True
        self.streams: list[Stream] = []
        self.outputs = ["Speakers", "Headset"]
        self.refuses: int | None = None  # an output that something else has
        self.terminated = 0

    def __call__(self) -> Card:
        return self

    def get_default_output_device_info(self) -> dict[str, Any]:
        if not self.present:
            raise OSError("No Default Output Device Available")
        return {"defaultSampleRate": float(self.rates[-1])}

    def get_device_count(self) -> int:
        return len(self.outputs) + 1

    def get_device_info_by_index(self, index: int, /) -> dict[str, Any]:
        names = ["Mic", *self.outputs]
        return {
            "name": names[index],
            "maxOutputChannels": min(index, 2),
            "hostApi": 0,
            "defaultSampleRate": float(self.rates[-1]),
        }

    def get_host_api_info_by_index(self, index: int, /) -> dict[str, Any]:
        return {"name": "ALSA"}

    def get_default_input_device_info(self) -> dict[str, Any]:
        return {"index": 0}

    def open(self, **options: Any) -> Stream:
        if self.refuses is not None and options["output_device_index"] == self.refuses:
            raise OSError(-9985, "Device unavailable")
        if options["rate"] not in self.rates or options["channels"] > self.channels:
            raise OSError(-9997, "Invalid sample rate")
        self.streams.append(Stream(options))
        return self.streams[-1]

    def terminate(self) -> None:
        self.terminated += 1

    @property
    def stream(self) -> Stream:
        return self.streams[-1]


class Stream:
    def __init__(self, options: dict[str, Any]) -> None:
        self.rate, self.channels = options["rate"], options["channels"]
        self.index = options["output_device_index"]
        self.block = options["frames_per_buffer"]
        self.callback: Callable[..., tuple[bytes, int]] = options["stream_callback"]
        self.clock = 1000.0
        self.started = threading.Event()
        self.closed = False
        self.frames = 0
        self.sound: list[np.ndarray[Any, Any]] = []

    def start_stream(self) -> None:
        self.started.set()

    def get_time(self) -> float:
        if self.closed:
            raise OSError("Stream closed")
        return self.clock

    def get_output_latency(self) -> float:
        return LATENCY

    def close(self) -> None:
        self.closed = True

    def run(self, seconds: float) -> None:
        """Let the clock go on; sound is asked for as soon as the buffer has room for a block."""
        assert self.started.wait(5)
        end = self.clock + seconds
        began = 1000.0
        while True:
            leaves = began + LATENCY + self.frames / self.rate
            if leaves - LATENCY > end:
                break
            self.clock = max(self.clock, leaves - LATENCY)
            times = {"current_time": self.clock, "output_buffer_dac_time": self.clock + LATENCY}
            data, _ = self.callback(None, self.block, times, 0)
            self.sound.append(np.frombuffer(data, np.int16).reshape(-1, self.channels))
            self.frames += self.block
        self.clock = end

    @property
    def played(self) -> np.ndarray[Any, Any]:
        """Everything that was handed over, as one channel."""
        return np.concatenate(self.sound)[:, 0]


@pytest.fixture
def card() -> Card:
    return Card()


@pytest.fixture
def player(qtbot: QtBot, card: Card) -> Iterator[Player]:
    player = Player(backend=card)
    yield player
    player.close()


@pytest.fixture
def talk(tmp_path: Path) -> tuple[Path, np.ndarray[Any, Any]]:
    """Ten seconds in which every sample is different from its neighbours."""
    sound = np.random.default_rng(3).integers(-9000, 9000, 10 * S).astype(np.int16)
    path = tmp_path / "talk.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, S, 0, "NONE", ""))
        file.writeframes(sound.tobytes())
    return path, sound


def opened(player: Player, qtbot: QtBot, path: Path) -> None:
    player.open(path)
    qtbot.waitUntil(lambda: player._decoding.cache.complete)  # type: ignore[union-attr]


def turn_clock(qtbot: QtBot, card: Card, seconds: float) -> None:
    qtbot.waitUntil(lambda: bool(card.streams) and card.stream.started.is_set())
    card.stream.run(seconds)


def test_position_is_what_has_left_the_sound_card(
    qtbot: QtBot, player: Player, card: Card, talk: tuple[Path, Any]
) -> None:
    path, sound = talk
    opened(player, qtbot, path)
    player.play(2 * S)
    turn_clock(qtbot, card, 0.05)
    assert player.position == 2 * S  # asked for, but not yet heard
    turn_clock(qtbot, card, 1.05)
    assert player.position == pytest.approx(3 * S, abs=1)
    turn_clock(qtbot, card, 0.01)  # between two callbacks
    assert player.position == pytest.approx(3 * S + 160, abs=1)
    played = card.stream.played
    assert np.array_equal(played, sound[2 * S : 2 * S + len(played)])


def test_plays_to_the_end_of_the_stretch_and_not_a_sample_more(
    qtbot: QtBot, player: Player, card: Card, talk: tuple[Path, Any]
) -> None:
    path, sound = talk
    opened(player, qtbot, path)
    states: list[bool] = []
    player.state_changed.connect(states.append)
    player.play(S, 2 * S + 123)
    turn_clock(qtbot, card, 1.0 + 123 / S + LATENCY - 0.002)
    assert player.playing
    turn_clock(qtbot, card, 0.01)
    qtbot.waitUntil(lambda: not player.playing)
    assert player.position == 2 * S + 123
    assert states == [True, False]
    played = card.stream.played
    assert np.array_equal(played[: S + 123], sound[S : 2 * S + 123])
    assert not played[S + 123 :].any()


def test_loop_goes_on_without_a_gap(
    qtbot: QtBot, player: Player, card: Card, talk: tuple[Path, Any]
) -> None:
    path, sound = talk
    opened(player, qtbot, path)
    player.play(1000, 1000 + S // 2, loop=True)
    turn_clock(qtbot, card, 2.2 + LATENCY)
    assert player.position == pytest.approx(1000 + 0.2 * S, abs=2)
    played = card.stream.played
    once = sound[1000 : 1000 + S // 2]
    assert np.array_equal(played, np.resize(once, len(played)))
    assert player.playing


def test_speed_and_what_is_left_out_outlive_the_device(
    qtbot: QtBot, player: Player, card: Card, talk: tuple[Path, Any]
) -> None:
    path, sound = talk
    opened(player, qtbot, path)
    player.set_speed(2.0)
    player.leave_out([(0, 100)], [(4 * S, 6 * S)])
    player.play(2 * S)
    turn_clock(qtbot, card, 0.5 + LATENCY)
    assert player.speed == 2
    assert player.position == pytest.approx(3 * S, abs=2)
    turn_clock(qtbot, card, 0.75)
    assert player.position == pytest.approx(6.5 * S, abs=700), "after the jump"
    player.set_speed(1.0)
    before = card.stream.frames
    player.play(0, 200)
    turn_clock(qtbot, card, 0.5)
    qtbot.waitUntil(lambda: not player.playing)
    heard = card.stream.played[before:]
    assert not heard[:100].any()
    assert np.array_equal(heard[100:200], sound[100:200])


def test_seek_while_playing_keeps_the_end(
    qtbot: QtBot, player: Player, card: Card, talk: tuple[Path, Any]
) -> None:
    opened(player, qtbot, talk[0])
    player.play(0, 5 * S)
    turn_clock(qtbot, card, 1.0)
    player.seek(4 * S)
    assert player.position == 4 * S
    turn_clock(qtbot, card, 0.03)
    assert player.position == 4 * S  # what is still in the buffer is from before
    turn_clock(qtbot, card, 2.0)
    qtbot.waitUntil(lambda: not player.playing)
    assert player.position == 5 * S


def test_pause_and_play_on(
    qtbot: QtBot, player: Player, card: Card, talk: tuple[Path, Any]
) -> None:
    path, sound = talk
    opened(player, qtbot, path)
    player.play(0)
    turn_clock(qtbot, card, 1.0 + LATENCY)
    player.toggle()
    at = player.position
    assert at == pytest.approx(S, abs=1)
    before = card.stream.frames
    turn_clock(qtbot, card, 1.0)
    assert not card.stream.played[before:].any()
    assert player.position == at
    before = card.stream.frames
    player.toggle()
    turn_clock(qtbot, card, 0.5)
    assert len(card.streams) == 1  # the device stayed open: no delay
    heard = card.stream.played[before:]
    assert np.array_equal(heard, sound[at : at + len(heard)])


def test_a_seek_while_paused_moves_the_cursor_only(
    qtbot: QtBot, player: Player, card: Card, talk: tuple[Path, Any]
) -> None:
    opened(player, qtbot, talk[0])
    with qtbot.waitSignal(player.position_changed) as moved:
        player.seek(7 * S)
    assert moved.args == [7 * S]
    assert not card.streams
    player.seek(-5)
    assert player.position == 0


def test_plays_what_is_decoded_and_waits_for_the_rest(
    qtbot: QtBot, player: Player, card: Card, talk: tuple[Path, Any], monkeypatch: Any
) -> None:
    path, _ = talk
    go_on = threading.Event()
    append = PcmCache.append

    def slow(self: PcmCache, samples: Any) -> None:
        if self.length >= 2 * S:
            go_on.wait(10)
        append(self, samples)

    monkeypatch.setattr(PcmCache, "append", slow)
    player.open(path)
    qtbot.waitUntil(lambda: player._decoding.cache.length == 2 * S)  # type: ignore[union-attr]
    player.play(S)
    turn_clock(qtbot, card, 3.0)
    assert player.playing
    assert player.position == 2 * S
    go_on.set()
    qtbot.waitUntil(lambda: player._decoding.cache.complete)  # type: ignore[union-attr]
    turn_clock(qtbot, card, 1.0 + LATENCY)
    assert player.position == pytest.approx(3 * S, abs=0.1 * S)


@pytest.mark.parametrize(("rates", "channels"), [((44100,), 1), ((48000,), 2), ((22050,), 2)])
def test_a_device_without_16_khz(
    qtbot: QtBot, tmp_path: Path, rates: tuple[int, ...], channels: int
) -> None:
    card = Card(rates, channels)
    path = tmp_path / "tone.wav"
    tone = (8000 * np.sin(2 * np.pi * 440 * np.arange(3 * S) / S)).astype(np.int16)
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, S, 0, "NONE", ""))
        file.writeframes(tone.tobytes())
    player = Player(backend=card)
    try:
        opened(player, qtbot, path)
        player.play(0)
        turn_clock(qtbot, card, 2.0 + LATENCY)
        assert player.position == pytest.approx(2 * S, abs=2)
        played = card.stream.played[: rates[0]]
        expected = 8000 * np.sin(2 * np.pi * 440 * np.arange(len(played)) / rates[0])
        assert np.corrcoef(played, expected)[0, 1] > 0.999
    finally:
        player.close()


def test_without_an_output_device(
    qtbot: QtBot, player: Player, card: Card, talk: tuple[Path, Any]
) -> None:
    card.present = False
    opened(player, qtbot, talk[0])
    with qtbot.waitSignal(player.failed) as failed:
        player.play(3 * S)
    assert "no sound output" in failed.args[0]
    assert "\n" not in failed.args[0]
    assert not player.playing
    assert player.position == 3 * S
    card.present = True  # plugged in
    player.toggle()
    turn_clock(qtbot, card, 1.0 + LATENCY)
    assert player.position == pytest.approx(4 * S, abs=1)


def test_the_chosen_output_is_opened_and_changed_while_it_plays(
    qtbot: QtBot, player: Player, card: Card, talk: tuple[Path, Any]
) -> None:
    player.told.connect(lambda text: pytest.fail(text))
    opened(player, qtbot, talk[0])
    player.set_device("Headset [ALSA]")
    player.play(2 * S)
    turn_clock(qtbot, card, 1.0 + LATENCY)
    assert card.stream.index == 2
    player.set_device("Speakers [ALSA]")
    assert player.playing
    qtbot.waitUntil(lambda: len(card.streams) == 2)
    turn_clock(qtbot, card, 1.0 + LATENCY)
    assert card.stream.index == 1
    assert player.position == pytest.approx(4 * S, abs=1)
    qtbot.waitUntil(lambda: card.streams[0].closed)


@pytest.mark.parametrize("gone", [True, False], ids=["gone", "taken"])
def test_without_the_chosen_output_the_systems_plays_and_that_is_said_once(
    qtbot: QtBot, player: Player, card: Card, talk: tuple[Path, Any], gone: bool
) -> None:
    if gone:
        card.outputs.pop()
    else:
        card.refuses = 2
    said: list[str] = []
    player.told.connect(said.append)
    opened(player, qtbot, talk[0])
    player.set_device("Headset [ALSA]")
    for n in (1, 2):
        player.play(0)
        qtbot.waitUntil(lambda n=n: len(card.streams) == n)
        turn_clock(qtbot, card, 1.0 + LATENCY)
        qtbot.waitUntil(lambda: player.position == pytest.approx(S, abs=1))
        assert card.stream.index is None
        qtbot.waitUntil(lambda: len(said) == 1)
        player.pause()
        player._idle.timeout.emit()  # it has been quiet for a while
    assert "Headset" in said[0]
    assert "system's output" in said[0]


def test_a_device_that_vanishes_is_abandoned(
    qtbot: QtBot, player: Player, card: Card, talk: tuple[Path, Any], monkeypatch: Any
) -> None:
    monkeypatch.setattr(output_module, "STALLED_S", 0.2)
    monkeypatch.setattr(output_module, "STARTING_S", 0.3)
    opened(player, qtbot, talk[0])
    player.play(0)
    turn_clock(qtbot, card, 1.0 + LATENCY)
    stream = card.stream
    with qtbot.waitSignal(player.failed, timeout=9000) as failed:  # no callback comes any more
        time.sleep(0.25)
    assert failed.args == [VANISHED]
    assert len(card.streams) == 2  # it was tried once more
    assert not player.playing
    assert player.position == pytest.approx(S, abs=1)
    for limit in ("STALLED_S", "STARTING_S"):  # from here on nothing is lost, however busy it is
        monkeypatch.setattr(output_module, limit, 60.0)
    player.toggle()  # another stream; the lost one is never touched again
    turn_clock(qtbot, card, 0.5 + LATENCY)
    assert card.stream is not stream
    assert not stream.closed
    assert card.terminated == 0
    assert player.position == pytest.approx(1.5 * S, abs=2)


def test_an_output_that_only_stuck_is_opened_again_and_nobody_told(
    qtbot: QtBot, player: Player, card: Card, talk: tuple[Path, Any], monkeypatch: Any
) -> None:
    monkeypatch.setattr(output_module, "STALLED_S", 0.2)
    told: list[str] = []
    player.failed.connect(told.append)
    opened(player, qtbot, talk[0])
    player.play(0, 4 * S)
    for n in (1, 2, 3):
        qtbot.waitUntil(lambda n=n: len(card.streams) == n)
        turn_clock(qtbot, card, 1.0 + LATENCY)
        qtbot.waitUntil(lambda n=n: player.position == pytest.approx(n * S, abs=2))
        assert player.playing
    turn_clock(qtbot, card, 1.0 + LATENCY)
    qtbot.waitUntil(lambda: not player.playing)
    assert player.position == 4 * S
    assert told == []


def test_an_unreadable_file_says_so_when_it_is_played(
    qtbot: QtBot, player: Player, tmp_path: Path
) -> None:
    path = tmp_path / "notes.wav"
    path.write_text("not a recording")
    opened(player, qtbot, path)
    with qtbot.waitSignal(player.failed) as failed:
        player.play()
    assert "notes.wav" in failed.args[0]
    assert not player.playing


def test_closing_gives_everything_back(
    qtbot: QtBot, player: Player, card: Card, talk: tuple[Path, Any]
) -> None:
    opened(player, qtbot, talk[0])
    player.play(0)
    turn_clock(qtbot, card, 0.5)
    player.close()
    assert card.stream.closed
    assert card.terminated == 1
    assert not [t for t in threading.enumerate() if t.name.startswith("player-")]
    player.play(0)  # nothing is open: nothing happens
    assert not player.playing


def test_cache_reads_back_exactly_and_clips(tmp_path: Path) -> None:
    cache = PcmCache(tmp_path)
    cache.append(np.array([0, 0.5, -0.5, 1.5, -3], np.float32))
    cache.append(np.array([0.25], np.float32))
    assert cache.read(1, 100).tolist() == [16384, -16384, 32767, -32768, 8192]
    assert cache.read(6, 1).tolist() == []
    assert cache.length == 6
    cache.close()
    assert cache.read(0, 1).tolist() == []
    assert not list(tmp_path.iterdir())
