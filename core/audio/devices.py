"""The inputs that this machine has: microphones, and what is being played where that can be heard.

PortAudio knows the devices that were there when its first user came, so a fresh list is possible
only while nothing plays or records. On Linux its ALSA side sees one "default" for all that a
PulseAudio or PipeWire server has; the server's own inputs are listed in its place, and opened by
their name (the ALSA plugin reads it from the environment).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any

from core.audio.portaudio import Backend, portaudio, terminate
from core.errors import InputError

PULSE = "PulseAudio"
"""Host API of an input that a sound server names."""

_SERVER_WITHIN_S = 3.0
_SERVER_DEVICES = ("pulse", "pipewire", "default")
"""PortAudio's names for "whatever the sound server says", best first."""
_ALIASES = {*_SERVER_DEVICES, "sysdefault", "jack", "oss", "samplerate", "speexrate", "dmix", "up"}
_ANY_CHANNELS = 32
"""An alias that offers so many takes whatever it is asked for; a microphone has one or two."""
_MONITOR = ".monitor"
"""Sound servers call the monitor of an output like that output, with this behind."""
_MONITORS = ("monitor of", _MONITOR, "loopback", "stereo mix", "what u hear", "blackhole")
PREFERRED = ("Windows WASAPI", "Windows DirectSound", "MME", "Windows WDM-KS")
"""Windows shows every device once for each of these; the first one that has it is used."""
_MME_LETTERS = 31
"""MME cuts names off here."""


@dataclass(frozen=True)
class InputDevice:
    """An input as it is offered.

    Parameters
    ----------
    index
        PortAudio's number; good until the next refresh. What to remember is ``key``.
    name, host_api
        As shown to the person.
    channels, rate
        What it gives by itself, in Hz; recorded like that.
    default
        Whether the system prefers it.
    monitor
        Whether it gives what this machine plays, not what a microphone hears.
    source
        The sound server's own name of it; empty for what PortAudio opens by index.
    playing
        Of monitors whether it gives what goes to the system's own output.
    """

    index: int
    name: str
    host_api: str
    channels: int
    rate: int
    default: bool = False
    monitor: bool = False
    source: str = ""
    playing: bool = False

    @property
    def sleeps(self) -> bool:
        """Whether it gives nothing at all while nothing is played, as WASAPI's loopback does."""
        return self.monitor and self.host_api == "Windows WASAPI"

    @property
    def key(self) -> str:
        """What finds it again another day."""
        return f"{self.name} [{self.host_api}]"

    def __str__(self) -> str:
        channels = {1: "mono", 2: "stereo"}.get(self.channels, f"{self.channels} channels")
        return f"{self.key}, {self.rate} Hz {channels}"


_known: list[InputDevice] | None = None
_lock = Lock()


def list_inputs(
    refresh: bool = False, backend: Callable[[], Backend] | None = None
) -> list[InputDevice]:
    """The inputs, the default one first; empty if there are none.

    Parameters
    ----------
    refresh
        Look again. Takes up to a few seconds, and sees new devices only while no stream is open
        in this process. Otherwise the list is the one of the last time.

    Raises
    ------
    InputError
        If PortAudio can't be used at all.
    """
    global _known
    with _lock:
        if _known is None or refresh or backend is not None:
            found = _look(backend or portaudio)
            if backend is not None:
                return found
            _known = found
        return list(_known)


def find_input(name: str | None, devices: Sequence[InputDevice] | None = None) -> InputDevice:
    """The input of that name, key or number, or a part of the name that only one has.

    ``None`` or an empty name is the default. Raises an :class:`InputError` that lists what there
    is if nothing or more than one input fits.
    """
    devices = list_inputs() if devices is None else devices
    if not devices:
        raise InputError(f"no microphone was found: {NO_INPUT}")
    if not name:
        return devices[0]
    wanted = name.casefold().strip()
    for fits in (
        [d for d in devices if wanted in (d.key.casefold(), d.source.casefold())],
        [d for d in devices if wanted == d.name.casefold()],
        [d for d in devices if wanted == str(d.index) and not d.source],
        [d for d in devices if wanted in d.key.casefold()],
    ):
        if len(fits) == 1 or (fits and len({d.name for d in fits}) == 1):
            return fits[0]
    there = "; ".join(d.key for d in devices)
    raise InputError(f"{name!r} fits no input or more than one; there are: {there}")


def computer_sound(devices: Sequence[InputDevice]) -> InputDevice | None:
    """The input that gives what this computer plays; None where there is none."""
    monitors = [device for device in devices if device.monitor]
    return next((d for d in monitors if d.playing), next(iter(monitors), None))


def no_computer_sound(platform: str = sys.platform) -> str:
    """Why the computer's sound can't be recorded where there is no such input, and what helps."""
    if platform == "darwin":
        return (
            "macOS gives no program what the computer plays: install a virtual device such as"
            " BlackHole, and play into a Multi-Output Device (Audio MIDI Setup) that has it"
        )
    if platform == "win32":
        return (
            "what the computer plays is heard through WASAPI's loopback:"
            " pip install PyAudioWPatch, or turn on 'Stereo Mix' in the sound settings"
        )
    return (
        "what the computer plays is heard through PulseAudio or PipeWire (Debian: pipewire-pulse,"
        " pulseaudio-utils for pactl, libasound2-plugins)"
    )


NO_INPUT = "plug one in, start the sound server, or look at the system's sound settings"


def permission_hint(platform: str = sys.platform) -> str:
    """What to do where the system gives silence instead of the microphone."""
    if platform == "darwin":
        return (
            "allow it in System Settings > Privacy & Security > Microphone, for Voicelanes or the"
            " terminal that started it, then start Voicelanes again"
        )
    if platform == "win32":
        return (
            "allow it in Settings > Privacy & security > Microphone: 'Microphone access' and"
            " 'Let desktop apps access your microphone'"
        )
    return "check that it isn't muted (alsamixer, pavucontrol or the system's sound settings)"


@contextmanager
def chosen_source(device: InputDevice) -> Iterator[None]:
    """While a stream is opened: the sound server gives this input."""
    if not device.source:
        yield
        return
    with _environment:
        before = {name: os.environ.get(name) for name in _CHOOSE}
        os.environ.update(dict.fromkeys(_CHOOSE, device.source))
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value


_CHOOSE = ("PULSE_SOURCE", "PIPEWIRE_NODE")
"""Where ALSA's plugins for PulseAudio and for PipeWire look for the input to open."""
_environment = Lock()


def _look(backend: Callable[[], Backend]) -> list[InputDevice]:
    try:
        audio = backend()
    except (ImportError, OSError) as error:
        raise InputError(f"the sound system can't be used ({error}): {NO_INPUT}") from error
    try:
        found = list(_by_portaudio(audio))
    finally:
        terminate(audio)
    found = _once_each(found)
    server = next((d for name in _SERVER_DEVICES for d in found if d.name == name), None)
    if server is not None:
        # PipeWire's own plugin can't be told to listen to what is played.
        sources = [
            s for s in _by_server(server.index) if not (s.monitor and server.name == "pipewire")
        ]
        if sources:
            found = sources + [d for d in found if d.name not in _ALIASES]
            if any(d.default for d in sources):
                found = [replace(d, default=bool(d.source) and d.default) for d in found]
    return sorted(found, key=lambda d: (not d.default, d.monitor))


def _by_portaudio(audio: Backend) -> Iterator[InputDevice]:
    try:
        default = int(audio.get_default_input_device_info()["index"])
    except (OSError, KeyError):
        default = -1
    for index in range(audio.get_device_count()):
        try:
            info = audio.get_device_info_by_index(index)
            channels = int(info["maxInputChannels"])
            if channels < 1:
                continue
            api = str(audio.get_host_api_info_by_index(int(info["hostApi"]))["name"])
        except OSError:
            continue
        name = str(info["name"]).strip() or f"input {index}"
        if channels >= _ANY_CHANNELS and name in _ALIASES:
            channels = 2
        yield InputDevice(
            index,
            name,
            api,
            channels,
            round(float(info["defaultSampleRate"])) or 48_000,
            default=index == default,
            monitor=any(word in name.casefold() for word in _MONITORS),
        )


def _once_each(devices: Iterable[InputDevice]) -> list[InputDevice]:
    """Without the repeats of the host APIs that show the same hardware on Windows."""
    devices = list(devices)
    defaults = {_short(d) for d in devices if d.default and d.host_api in PREFERRED}
    kept = [d for d in devices if d.host_api not in PREFERRED]
    seen: set[str] = set()
    for api in PREFERRED:
        found = [d for d in devices if d.host_api == api and _short(d) not in seen]
        kept += [replace(d, default=_short(d) in defaults) for d in found]
        seen |= {_short(d) for d in found}
    return sorted(kept, key=lambda d: d.index)


def _short(device: InputDevice) -> str:
    return device.name[:_MME_LETTERS].strip()


def _by_server(index: int) -> Iterator[InputDevice]:
    """The sources of a PulseAudio or PipeWire server; none if it can't be asked."""
    if not sys.platform.startswith("linux") or shutil.which("pactl") is None:
        return
    yield from server_inputs(index).values()


def server_inputs(index: int) -> dict[int, InputDevice]:
    """The inputs of a sound server, by the server's own numbers.

    Parameters
    ----------
    index
        PortAudio's number of what leads to the server.
    """
    info, sources = ask_server("info"), ask_server("list", "sources")
    info = info if isinstance(info, dict) else {}
    default = str(info.get("default_source_name", ""))
    playing = f"{info.get('default_sink_name', '')}{_MONITOR}"
    found: dict[int, InputDevice] = {}
    for source in sources if isinstance(sources, list) else []:
        layout = str(source.get("sample_specification", "")).split()  # "s16le 1ch 16000Hz"
        numbers = [part.rstrip("chHz") for part in layout[1:]]
        if len(numbers) != 2 or not all(number.isdigit() for number in numbers):
            continue
        name = str(source["name"])
        found[int(source.get("index", len(found)))] = InputDevice(
            index,
            str(source.get("description") or name),
            PULSE,
            int(numbers[0]),
            int(numbers[1]),
            default=name == default,
            monitor=name.endswith(_MONITOR),
            source=name,
            playing=name == playing,
        )
    return found


def ask_server(*words: str) -> Any:
    """What ``pactl`` says, or nothing if it says nothing."""
    try:
        answer = subprocess.run(
            ["pactl", "--format=json", *words],
            capture_output=True,
            timeout=_SERVER_WITHIN_S,
            check=True,
        )
        return json.loads(answer.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
