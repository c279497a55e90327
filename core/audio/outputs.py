"""The outputs that this machine has, as PortAudio knows them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from core.audio.devices import PREFERRED
from core.audio.portaudio import Backend, portaudio, terminate
from core.errors import OutputError


@dataclass(frozen=True)
class OutputDevice:
    """An output as it is offered.

    Parameters
    ----------
    index
        PortAudio's number; good as long as the backend that told it. What to remember is ``key``.
    name, host_api
        As shown to the person.
    rate
        What it takes by itself, in Hz.
    """

    index: int
    name: str
    host_api: str
    rate: int

    @property
    def key(self) -> str:
        """What finds it again another day."""
        return f"{self.name} [{self.host_api}]"


def list_outputs(backend: Callable[[], Backend] = portaudio) -> list[OutputDevice]:
    """The outputs, empty if there are none; new ones are seen only while no stream is open.

    Takes up to a second. Raises :class:`OutputError` if PortAudio can't be used at all.
    """
    try:
        audio = backend()
    except (ImportError, OSError) as error:
        raise OutputError(f"the sound system can't be used: {error}") from error
    try:
        found = list(outputs(audio))
    finally:
        terminate(audio)
    # Windows shows every device once for each of its ways to play; the best one is enough.
    there = {device.host_api for device in found}
    best = next((api for api in PREFERRED if api in there), None)
    return [d for d in found if d.host_api == best or d.host_api not in PREFERRED]


def outputs(audio: Backend) -> Iterator[OutputDevice]:
    """All that an open backend knows."""
    for index in range(audio.get_device_count()):
        try:
            info = audio.get_device_info_by_index(index)
            if int(info["maxOutputChannels"]) < 1:
                continue
            api = str(audio.get_host_api_info_by_index(int(info["hostApi"]))["name"])
        except OSError:
            continue
        name = str(info["name"]).strip() or f"output {index}"
        yield OutputDevice(index, name, api, round(float(info["defaultSampleRate"])) or 48_000)
