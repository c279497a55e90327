"""The player on a real sound server: what leaves the loudspeaker, and where the cursor is then."""

from __future__ import annotations

import threading
import time
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot
from scipy.signal import correlate

from app.playback.player import Player
from core.units import SAMPLE_RATE as S
from tests.e2e.sound_server import SINK, SoundServer, missing

pytestmark = [
    pytest.mark.sound,
    pytest.mark.skipif(bool(missing()), reason=missing() or "-"),
]
pytest.importorskip("pyaudio", reason="PyAudio is not installed")


@pytest.fixture
def player(qtbot: QtBot, server: SoundServer) -> Iterator[Player]:
    player = Player()
    yield player
    player.close()


@pytest.fixture(scope="module")
def sweep(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, np.ndarray[Any, Any]]:
    """Twelve seconds of band-limited noise: every moment is told from every other."""
    noise = np.random.default_rng(1).standard_normal(12 * S)
    spectrum = np.fft.rfft(noise)
    spectrum[np.fft.rfftfreq(len(noise), 1 / S) > 5000] = 0
    sound = (np.fft.irfft(spectrum) * 6000).astype(np.int16)
    path = tmp_path_factory.mktemp("sound") / "sweep.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, S, 0, "NONE", ""))
        file.writeframes(sound.tobytes())
    return path, sound


class Listener:
    """Records the loudspeaker and notes when each piece arrived."""

    def __init__(self, server: SoundServer) -> None:
        self._process = server.listen(S)
        self.sound = np.zeros(0, np.int16)
        self.arrivals: list[tuple[float, int]] = []
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def _read(self) -> None:
        pieces: list[bytes] = []
        count = 0
        assert self._process.stdout is not None
        while piece := self._process.stdout.read1(65536):  # type: ignore[attr-defined]
            pieces.append(piece)
            count += len(piece)
            self.arrivals.append((time.monotonic(), count // 2))
        data = b"".join(pieces)
        self.sound = np.frombuffer(data[: len(data) // 2 * 2], np.int16)

    def stop(self) -> None:
        self._process.terminate()
        self._thread.join()
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._process.wait()


def offset_of(part: np.ndarray[Any, Any], whole: np.ndarray[Any, Any]) -> int:
    """Where in ``whole`` the piece ``part`` lies."""
    return int(np.argmax(correlate(whole.astype(float), part.astype(float), "valid")))


def test_what_is_heard_is_the_recording_and_the_cursor_is_there(
    qtbot: QtBot, server: SoundServer, player: Player, sweep: tuple[Path, Any]
) -> None:
    path, sound = sweep
    player.open(path)
    listener = Listener(server)
    seen: list[tuple[float, int]] = []
    try:
        player.position_changed.connect(lambda at: seen.append((time.monotonic(), at)))
        qtbot.waitUntil(lambda: len(listener.arrivals) > 10, timeout=10_000)
        player.play(2 * S, 8 * S)
        qtbot.waitUntil(lambda: seen and not player.playing, timeout=20_000)
        qtbot.wait(300)
    finally:
        listener.stop()
    assert player.position == 8 * S

    start = offset_of(sound[3 * S : 4 * S], listener.sound) - S
    # The server may mix the very first milliseconds too late. From there on, bit for bit:
    heard, played = listener.sound[start : start + 6 * S], sound[2 * S : 8 * S]
    assert np.array_equal(heard[S // 10 :], played[S // 10 :])

    times, counts = (np.array(column, float) for column in zip(*listener.arrivals, strict=True))
    late = [
        (np.interp(when, times, counts) - start + 2 * S - at) / S
        for when, at in seen
        if 3 * S < at < 7 * S
    ]
    # Measured: 3.5 ms. A cursor that counts what was handed over would be ahead by the latency.
    assert len(late) > 40
    assert abs(float(np.median(late))) < 0.08


def test_a_seek_is_heard(
    qtbot: QtBot, server: SoundServer, player: Player, sweep: tuple[Path, Any]
) -> None:
    path, sound = sweep
    player.open(path)
    listener = Listener(server)
    try:
        qtbot.waitUntil(lambda: len(listener.arrivals) > 10, timeout=10_000)
        player.play(0)
        qtbot.waitUntil(lambda: player.position > S, timeout=10_000)
        player.seek(9 * S)
        qtbot.waitUntil(lambda: player.position > 10 * S, timeout=10_000)
        player.pause()
        qtbot.wait(300)
    finally:
        listener.stop()
    before = offset_of(sound[S // 4 : S * 3 // 4], listener.sound) - S // 4
    after = offset_of(sound[9 * S : 9 * S + S // 2], listener.sound)
    assert S <= after - before < 2 * S


def test_a_server_that_dies_pauses_the_player(
    qtbot: QtBot, server: SoundServer, player: Player, sweep: tuple[Path, Any]
) -> None:
    player.open(sweep[0])
    player.play(0)
    qtbot.waitUntil(lambda: player.position > S, timeout=10_000)
    with qtbot.waitSignal(player.failed, timeout=10_000) as failed:
        server.__exit__()
    assert "\n" not in failed.args[0]
    assert not player.playing
    at = player.position
    assert S <= at < 3 * S
    with qtbot.waitSignal(player.failed, timeout=10_000):  # still no server: said again, no hang
        player.toggle()
    assert player.position == at


def test_a_suspended_sink_is_abandoned_without_waiting(
    qtbot: QtBot, server: SoundServer, player: Player, sweep: tuple[Path, Any]
) -> None:
    player.open(sweep[0])
    player.play(0)
    qtbot.waitUntil(lambda: player.position > S, timeout=10_000)
    with qtbot.waitSignal(player.failed, timeout=10_000):
        server.pactl("suspend-sink", SINK, "1")
    assert not player.playing
    server.pactl("suspend-sink", SINK, "0")
    at = player.position
    player.toggle()
    qtbot.waitUntil(lambda: player.position > at + S // 2, timeout=10_000)
