"""Which recordings of a watched folder are complete: those whose size and time rest."""

from __future__ import annotations

from collections.abc import Sequence

from core.archive.finding import Recording


class Arrivals:
    """What arrives, look by look.

    Parameters
    ----------
    rest
        Seconds that a file has to stay as it is before it counts as complete. One that doesn't
        change any more is handed out once; if it changes later, again.
    """

    def __init__(self, rest: float) -> None:
        self._rest = rest
        self._since: dict[str, tuple[str, float]] = {}
        self._handed: dict[str, str] = {}

    def complete(self, found: Sequence[Recording], now: float) -> list[Recording]:
        """Those that are complete and new since the last call; ``now`` in seconds, never less."""
        ready = []
        for recording in found:
            state, since = self._since.get(recording.source, ("", now))
            if state != recording.state:
                since = now
            self._since[recording.source] = (recording.state, since)
            if (
                now - since >= self._rest
                and recording.size
                and self._handed.get(recording.source) != recording.state
            ):
                self._handed[recording.source] = recording.state
                ready.append(recording)
        return ready
