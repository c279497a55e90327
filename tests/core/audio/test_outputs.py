"""What plays, as PortAudio tells of it."""

from __future__ import annotations

from typing import Any

import pytest

from core.audio.outputs import list_outputs
from core.errors import OutputError


class Machine:
    """A PyAudio that knows some devices: name, host API, output channels."""

    def __init__(self, *devices: tuple[str, str, int]) -> None:
        self.devices = devices
        self.terminated = False

    def __call__(self) -> Any:
        return self

    def get_device_count(self) -> int:
        return len(self.devices)

    def get_device_info_by_index(self, index: int) -> dict[str, Any]:
        name, _, channels = self.devices[index]
        if name == "broken":
            raise OSError("Internal PortAudio error")
        return {
            "name": name,
            "maxOutputChannels": channels,
            "hostApi": index,
            "defaultSampleRate": 44100.0,
        }

    def get_host_api_info_by_index(self, index: int) -> dict[str, Any]:
        return {"name": self.devices[index][1]}

    def terminate(self) -> None:
        self.terminated = True


def test_only_what_plays_is_listed() -> None:
    machine = Machine(("Mic", "ALSA", 0), ("broken", "ALSA", 2), ("Headset", "ALSA", 2))
    (device,) = list_outputs(machine)
    assert (device.index, device.key, device.rate) == (2, "Headset [ALSA]", 44100)
    assert machine.terminated


def test_windows_shows_each_output_once() -> None:
    machine = Machine(
        ("Speakers", "MME", 2), ("Speakers", "Windows WASAPI", 2), ("ASIO box", "ASIO", 2)
    )
    assert [d.key for d in list_outputs(machine)] == [
        "Speakers [Windows WASAPI]",
        "ASIO box [ASIO]",
    ]


def test_without_a_sound_system_it_is_said() -> None:
    def broken() -> Any:
        raise OSError("no PortAudio")

    with pytest.raises(OutputError, match="no PortAudio"):
        list_outputs(broken)
