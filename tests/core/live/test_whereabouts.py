"""From which input a stream is recorded, by what a sound server says."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from core.audio import devices
from core.audio.devices import PULSE, InputDevice
from core.live import whereabouts
from core.live.whereabouts import Whereabouts
from tests.core.audio.fake_sound import microphone_named, wait_for

DESK = InputDevice(3, "Desk", PULSE, 1, 48_000, source="desk")


class Server:
    """What ``pactl`` would say."""

    def __init__(self) -> None:
        self.asked = 0
        self.silent = False
        self.sources = {7: "desk", 8: "headset", 9: "speakers.monitor"}
        self.streams: dict[int, tuple[int, int]] = {}
        """Number of each: the process, and the number of the source."""

    def __call__(self, *words: str) -> Any:
        self.asked += 1
        if self.silent:
            return None
        if words == ("info",):
            return {"default_source_name": "desk"}
        if words == ("list", "sources"):
            return [
                {
                    "index": number,
                    "name": name,
                    "description": name.title(),
                    "sample_specification": "s16le 1ch 48000Hz",
                }
                for number, name in self.sources.items()
            ]
        assert words == ("list", "source-outputs")
        return [
            {"index": 1, "source": 7, "properties": {"media.name": "a filter's, of no process"}},
            *(
                {"index": n, "source": at, "properties": {"application.process.id": str(pid)}}
                for n, (pid, at) in self.streams.items()
            ),
        ]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    server = Server()
    monkeypatch.setattr(devices, "ask_server", server)
    monkeypatch.setattr(whereabouts, "ask_server", server)
    monkeypatch.setattr(whereabouts, "LOOK_S", 0.01)
    return server


@pytest.fixture
def desk(server: Server) -> Iterator[Whereabouts]:
    found = Whereabouts(DESK)
    yield found
    found.close()


def looks(server: Server, count: int = 5) -> None:
    """Until the server was asked again, often enough that something would have come of it."""
    goal = server.asked + 4 * count
    wait_for(lambda: server.asked >= goal)


ME = os.getpid()


def test_a_stream_is_followed_from_input_to_input(server: Server, desk: Whereabouts) -> None:
    server.streams = {4: (ME, 7), 5: (1, 8)}
    looks(server)
    assert desk.device.source == "desk"
    server.streams[4] = (ME, 8)
    wait_for(lambda: desk.device.source == "headset")
    assert (desk.device.name, desk.device.index, desk.device.host_api) == ("Headset", 3, PULSE)
    server.streams[4] = (ME, 9)
    wait_for(lambda: desk.device.monitor)
    server.streams[4] = (ME, 7)
    wait_for(lambda: desk.device.source == "desk")


def test_another_programs_streams_are_none_of_ours(server: Server, desk: Whereabouts) -> None:
    server.streams = {5: (1, 8)}
    looks(server)
    assert desk.device == DESK


def test_carried_away_before_the_first_look(server: Server, desk: Whereabouts) -> None:
    server.streams = {4: (ME, 8)}
    wait_for(lambda: desk.device.source == "headset")


def test_of_several_streams_the_one_at_the_input_is_followed(
    server: Server, desk: Whereabouts
) -> None:
    server.streams = {3: (ME, 8), 4: (ME, 7), 6: (ME, 9)}
    looks(server)
    assert desk.device.source == "desk"
    server.streams = {3: (ME, 7), 4: (ME, 8), 6: (ME, 9)}
    wait_for(lambda: desk.device.source == "headset")


def test_which_of_several_it_is_is_not_guessed(server: Server, desk: Whereabouts) -> None:
    server.streams = {3: (ME, 8), 6: (ME, 9)}
    looks(server)
    assert desk.device == DESK


def test_a_new_input_that_nobody_knew(server: Server, desk: Whereabouts) -> None:
    server.streams = {4: (ME, 7)}
    looks(server)
    server.sources[12] = "dock"
    server.streams[4] = (ME, 12)
    wait_for(lambda: desk.device.source == "dock")


def test_a_server_that_says_nothing(server: Server, desk: Whereabouts) -> None:
    server.streams, server.silent = {4: (ME, 8)}, True
    looks(server)
    assert desk.device == DESK
    server.silent = False
    wait_for(lambda: desk.device.source == "headset")


def test_nobody_is_asked_about_what_is_no_sound_servers(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[str] = []
    monkeypatch.setattr(
        whereabouts.threading, "Thread", lambda **options: started.append(options["name"])
    )
    found = Whereabouts(microphone_named())
    assert (found.device, started) == (microphone_named(), [])
    found.close()


def test_nobody_is_asked_after_the_end(server: Server, desk: Whereabouts) -> None:
    server.streams = {4: (ME, 7)}
    looks(server)
    desk.close()
    wait_for(lambda: "whereabouts" not in {thread.name for thread in threading.enumerate()})
