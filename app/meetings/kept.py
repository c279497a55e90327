"""Analyses that were kept, as they hang on the settings of the window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.meetings import opening

if TYPE_CHECKING:
    from app.preferences import Preferences
    from core.meeting.file import Meeting
    from core.meeting.sound import AudioFile


class AnalysesOfSettings:
    """Finds and keeps them by the models and settings that are in use."""

    def __init__(self, preferences: Preferences) -> None:
        self._preferences = preferences

    def may_have(self, recording: Path) -> bool:
        """Whether to look closer."""
        from core.meeting.analyses import KeptAnalyses

        return self._preferences.keep_analyses and KeptAnalyses().may_have(recording)

    def finder(self) -> Callable[[Path], Meeting | None]:
        """What looks for the analysis of a recording, in a thread."""
        from core.meeting.analyses import KeptAnalyses

        basis = self._basis() if self._preferences.keep_analyses else None
        if basis is None:
            return lambda _recording: None
        return lambda recording: KeptAnalyses().find(recording, basis)

    def keeper(self, meeting: Meeting) -> Callable[[AudioFile], None] | None:
        """What keeps this analysis once the hash of the recording is known; None to keep none.

        A sound track that a person chose is not the one that opening the file would analyse.
        """
        basis = self._basis() if self._preferences.keep_analyses else None
        if basis is None or not meeting.complete or meeting.track is not None:
            return None

        def keep(audio: AudioFile) -> None:
            from core.meeting.analyses import KeptAnalyses

            KeptAnalyses().keep(replace(meeting, audio=audio), basis)

        return keep

    def _basis(self) -> str | None:
        from core.meeting.analyses import basis_of

        models = opening.current_identity()
        if models is None:
            return None
        preferences = self._preferences
        return basis_of(
            models,
            speakers=preferences.speakers,
            bias=preferences.sensitivity,
            channels=preferences.channels,
        )
