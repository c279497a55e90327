"""Whether a side of a call is there again, and where the computer's sound goes now."""

from __future__ import annotations

import threading

from core.audio.devices import InputDevice, server_inputs
from core.live.events import SideName

LOOK_S = 2.0
"""The server is asked so often, and other devices are tried again."""


class Seeker:
    """Looks for the devices of a call, in a thread of its own.

    A headset that changes its profile goes away and comes back at another rate, maybe under
    another name; and what the computer plays goes to another output when one is plugged in. A
    sound server is asked for both; other devices can only be tried again. ``close()`` it at the
    end.

    Parameters
    ----------
    microphone, computer
        Those that were chosen. Where the computer's sound is that of the server's own output, it
        is followed to wherever that is.
    """

    def __init__(self, microphone: InputDevice, computer: InputDevice) -> None:
        self._wanted: dict[SideName, InputDevice] = {"microphone": microphone, "computer": computer}
        self._follows = computer.playing
        self._there: dict[SideName, InputDevice | None] = {}
        self._was_away: set[SideName] = set()
        self._wake, self._closed = threading.Event(), False
        threading.Thread(target=self._run, name="seeker", daemon=True).start()

    def prefer(self, side: SideName, device: InputDevice) -> None:
        """A person chose another device for a side."""
        self._wanted[side] = device
        self._follows = self._follows and side != "computer"
        self._there.pop(side, None)

    def found(self, side: SideName, device: InputDevice, is_on: bool) -> InputDevice | None:
        """What to open for a side, which has this device now; None where nothing is to be done.
        Each is said once per look."""
        there = self._there.pop(side, None)
        if there is None or not is_on:
            return there
        away = side in self._was_away
        if away and there.source == self._wanted[side].source:
            self._was_away.discard(side)
        followed = side == "computer" and self._follows
        return there if there.source != device.source and (away or followed) else None

    def look_now(self) -> None:
        """Something is amiss: don't wait for the next look."""
        self._wake.set()

    def close(self) -> None:
        """Look no more."""
        self._closed = True
        self._wake.set()

    def _run(self) -> None:
        while not self._closed:
            if self._wake.wait(LOOK_S):
                self._wake.clear()
            self._look()

    def _look(self) -> None:
        asked: dict[int, list[InputDevice]] = {}
        for side, wanted in list(self._wanted.items()):
            if not wanted.source:
                self._there[side] = wanted
                continue
            if wanted.index not in asked:
                asked[wanted.index] = list(server_inputs(wanted.index).values())
            self._there[side] = self._best(side, wanted, asked[wanted.index])

    def _best(
        self, side: SideName, wanted: InputDevice, there: list[InputDevice]
    ) -> InputDevice | None:
        kin = [device for device in there if device.monitor == (side == "computer")]
        preferred = next((device for device in kin if device.default or device.playing), None)
        if side == "computer" and self._follows:
            return preferred or next(iter(kin), None)
        same = next((device for device in there if device.source == wanted.source), None)
        if same is None:
            self._was_away.add(side)
        return same or preferred or next(iter(kin), None)
