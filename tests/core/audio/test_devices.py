"""The inputs: what is offered, how it is found again, what is said if it isn't there."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest

from core.audio import devices
from core.audio.devices import InputDevice, find_input, list_inputs, permission_hint
from core.errors import InputError
from tests.core.audio.fake_sound import FakeAudio


def device(name: str, api: int = 0, channels: int = 2, rate: float = 48_000.0) -> dict[str, Any]:
    return {
        "name": name,
        "hostApi": api,
        "maxInputChannels": channels,
        "defaultSampleRate": rate,
    }


@pytest.fixture(autouse=True)
def no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices.shutil, "which", lambda name: None)


def test_inputs_only_with_the_default_first_and_monitors_last() -> None:
    audio = FakeAudio(
        devices=[
            device("Monitor of Speakers"),
            device("Speakers", channels=0),
            device("Webcam", channels=1, rate=16_000.0),
            device("USB Mixer", channels=8, rate=96_000.0),
        ],
        default=3,
    )
    assert list_inputs(backend=audio) == [
        InputDevice(3, "USB Mixer", "ALSA", 8, 96_000, default=True),
        InputDevice(2, "Webcam", "ALSA", 1, 16_000),
        InputDevice(0, "Monitor of Speakers", "ALSA", 2, 48_000, monitor=True),
    ]
    assert audio.terminated == 1


def test_no_devices() -> None:
    assert list_inputs(backend=FakeAudio()) == []
    with pytest.raises(InputError, match="no microphone was found: plug one in"):
        find_input(None, [])


def test_no_sound_system() -> None:
    def broken() -> FakeAudio:
        raise OSError("no PortAudio")

    with pytest.raises(InputError, match=r"can't be used \(no PortAudio\)"):
        list_inputs(backend=broken)


def test_windows_shows_each_device_once() -> None:
    long = "Microphone Array (Realtek High Definition Audio)"
    audio = FakeAudio(
        devices=[
            device(long[:31], api=1, rate=44_100.0),
            device("Old Game Port", api=1),
            device(long, api=2, rate=44_100.0),
            device(long, api=3, rate=48_000.0),
        ],
        default=0,
    )
    found = list_inputs(backend=audio)
    assert [(d.name, d.host_api, d.default) for d in found] == [
        (long, "Windows WASAPI", True),
        ("Old Game Port", "MME", False),
    ]


def test_an_alias_that_takes_any_count_of_channels_is_recorded_in_stereo() -> None:
    audio = FakeAudio(devices=[device("sysdefault", channels=128), device("Studio", channels=64)])
    assert [d.channels for d in list_inputs(backend=audio)] == [2, 64]


def source(name: str, description: str, layout: str) -> dict[str, str]:
    return {"name": name, "description": description, "sample_specification": layout}


SERVER = {
    ("info",): {"default_source_name": "mic"},
    ("list", "sources"): [
        source("out.monitor", "Monitor of Out", "s16le 2ch 44100Hz"),
        source("mic", "Headset", "s24le 1ch 48000Hz"),
        source("odd", "Odd", "?"),
    ],
}


def test_the_inputs_of_a_sound_server_take_the_place_of_its_alias(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def pactl(command: list[str], **_: Any) -> subprocess.CompletedProcess[bytes]:
        answer = json.dumps(SERVER[tuple(command[2:])]).encode()
        return subprocess.CompletedProcess(command, 0, stdout=answer)

    monkeypatch.setattr(devices.sys, "platform", "linux")
    monkeypatch.setattr(devices.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(devices.subprocess, "run", pactl)
    aliases = [device("pulse", channels=32), device("default", channels=32)]
    cards = [device("HDA Intel: ALC256 (hw:0,0)"), *aliases]
    found = list_inputs(backend=FakeAudio(devices=cards, default=2))
    assert found == [
        InputDevice(1, "Headset", "PulseAudio", 1, 48_000, default=True, source="mic"),
        InputDevice(0, "HDA Intel: ALC256 (hw:0,0)", "ALSA", 2, 48_000),
        InputDevice(
            1, "Monitor of Out", "PulseAudio", 2, 44_100, monitor=True, source="out.monitor"
        ),
    ]


@pytest.mark.parametrize("answer", [b"", b"not json", b'{"a": 1}', b"[]"])
def test_a_server_that_talks_nonsense_changes_nothing(
    answer: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devices.sys, "platform", "linux")
    monkeypatch.setattr(devices.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(
        devices.subprocess,
        "run",
        lambda command, **_: subprocess.CompletedProcess(command, 0, stdout=answer),
    )
    found = list_inputs(backend=FakeAudio(devices=[device("default", channels=32)]))
    assert [d.name for d in found] == ["default"]


THERE = [
    InputDevice(4, "Webcam", "ALSA", 1, 16_000, default=True),
    InputDevice(5, "USB Mixer", "ALSA", 8, 96_000),
    InputDevice(6, "USB Mixer 2", "ALSA", 8, 96_000),
    InputDevice(1, "Headset", "PulseAudio", 1, 48_000, source="alsa_input.pci"),
]


@pytest.mark.parametrize(
    ("name", "number"),
    [
        (None, 0),
        ("", 0),
        ("webcam", 0),
        ("usb mixer", 1),
        ("Mixer 2", 2),
        ("5", 1),
        ("Webcam [ALSA]", 0),
        ("alsa_input.pci", 3),
        ("head", 3),
    ],
)
def test_an_input_is_found_by_what_a_person_types(name: str | None, number: int) -> None:
    assert find_input(name, THERE) is THERE[number]


@pytest.mark.parametrize("name", ["usb", "piano", "1"])
def test_an_input_that_is_not_clear_is_refused_with_all_there_are(name: str) -> None:
    with pytest.raises(InputError) as caught:
        find_input(name, THERE)
    assert all(d.key in str(caught.value) for d in THERE)


@pytest.mark.parametrize(
    ("platform", "words"),
    [("darwin", "System Settings"), ("win32", "desktop apps"), ("linux", "muted")],
)
def test_the_way_out_of_silence_is_that_of_the_system(platform: str, words: str) -> None:
    assert words in permission_hint(platform)
