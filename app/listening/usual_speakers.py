"""Recordings are diarized with the number of speakers, or fewer or more, as the settings say."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.preferences import Preferences

if TYPE_CHECKING:
    from core.pipeline import Result
    from core.refine.refine import SpeakerCount


class Diarize:
    """``core.pipeline.diarize_file`` as the settings want it; runs in a worker's thread."""

    def __init__(self, preferences: Preferences) -> None:
        self._preferences = preferences
        self._mixed: set[Path] = set()
        self._read()  # the settings belong to the window's thread
        preferences.changed.connect(self._read)

    def _read(self) -> None:
        self._speakers = self._preferences.speakers
        self._bias = self._preferences.sensitivity
        self._channels = self._preferences.channels

    def mix(self, path: Path) -> None:
        """Make one sound of the channels of this recording from now on."""
        self._mixed.add(path)

    def __call__(self, path: Path, **rest: Any) -> Result:
        from core.pipeline import diarize_file

        channels: Any = "mix" if path in self._mixed else self._channels
        return diarize_file(
            path, speakers=count(self._speakers), bias=self._bias, channels=channels, **rest
        )


def count(text: str) -> SpeakerCount | None:
    """A number of speakers as it is written; None for any, or where it isn't one."""
    from core.refine.refine import SpeakerCount

    try:
        return SpeakerCount.parse(text) if text.strip() else None
    except ValueError:
        return None
