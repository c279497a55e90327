"""From which input a sound server takes what is recorded: it may carry a stream to another one.

Where a microphone is unplugged, or a person says so in the system's sound settings, PulseAudio and
PipeWire go on with another input, in the same stream: PortAudio tells nobody. The server is asked,
by ``pactl``, for the stream of this process. Without ``pactl`` it can't be known; other systems
end a stream whose device goes away.
"""

from __future__ import annotations

import os
import threading
from contextlib import suppress

from core.audio.devices import InputDevice, ask_server, server_inputs

LOOK_S = 1.0
"""The server is asked so often."""


class Whereabouts:
    """Follows the stream that was opened for an input, in a thread of its own.

    Make it when the stream is open, :meth:`close` it with the stream. Nobody is asked about an
    input that isn't a sound server's.

    Parameters
    ----------
    device
        The input that was to be opened.
    """

    def __init__(self, device: InputDevice) -> None:
        self.device = device
        """Where the sound comes from, as the server said last."""
        self._stream = self._source = -1  # the server's numbers; -1 for not known
        self._closing = threading.Event()
        if device.source:
            threading.Thread(target=self._run, name="whereabouts", daemon=True).start()

    def close(self) -> None:
        """Ask no more."""
        self._closing.set()

    def _run(self) -> None:
        while not self._closing.wait(LOOK_S):
            self._look()

    def _look(self) -> None:
        streams = _own_streams()
        if self._stream in streams and streams[self._stream] == self._source:
            return
        inputs = server_inputs(self.device.index)
        if self._stream not in streams:
            self._stream = self._ours(streams, inputs)
        source = streams.get(self._stream, -1)
        if source in inputs:
            self._source, self.device = source, inputs[source]

    def _ours(self, streams: dict[int, int], inputs: dict[int, InputDevice]) -> int:
        """The newest stream at the input that was to be opened, or the only one there is."""
        device = self.device
        there = [
            stream
            for stream, source in streams.items()
            if source in inputs and inputs[source].source == device.source
        ]
        return max(there or (list(streams) if len(streams) == 1 else []), default=-1)


def _own_streams() -> dict[int, int]:
    """Of each stream that this process records, by the server's numbers: its source."""
    answer = ask_server("list", "source-outputs")
    found = {}
    for stream in answer if isinstance(answer, list) else []:
        with suppress(AttributeError, KeyError, TypeError, ValueError):  # a server of another kind
            if stream["properties"]["application.process.id"] == str(os.getpid()):
                found[int(stream["index"])] = int(stream["source"])
    return found
