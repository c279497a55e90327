"""Looks in a thread which meetings there are, and what they are about."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt5.QtCore import pyqtSignal

from app.widgets.workers import INTERVAL_S, Worker
from core.errors import Cancelled
from core.meeting.names import candidates, is_meeting

if TYPE_CHECKING:
    from core.meeting.summary import MeetingSummary

MOST_LISTED = 500
"""Meetings: of more, those that were written last."""

Stamp = tuple[int, int]
"""What changes when a file does: its time and size."""


class HomeReading(Worker):
    """The meetings in the folders of some files, and in other folders; ends with all of them.

    Parameters
    ----------
    files
        What was opened of late: recordings and meetings. A recording without a meeting is listed,
        too.
    folders
        Where recordings are kept.
    known
        What was read before, by file: used again where nothing has changed, and added to.
    """

    found = pyqtSignal(object)
    """A list of those read so far, now and then."""

    def __init__(
        self,
        files: Iterable[Path],
        folders: Iterable[Path],
        known: dict[Path, tuple[Stamp, MeetingSummary]],
    ) -> None:
        super().__init__("home")
        self._files, self._folders, self._known = list(files), list(folders), known

    def work(self) -> list[MeetingSummary]:
        from core.meeting.summary import meeting_files, summary_without_meeting

        beside = dict.fromkeys([*self._folders, *(path.parent for path in self._files)])
        kept = [path for path in self._files if _is_json(path) and path.is_file()]
        listed = dict.fromkeys([*kept, *meeting_files(beside)])
        summaries: list[MeetingSummary] = []
        told = time.monotonic()
        for path in list(listed)[:MOST_LISTED]:
            if self.stopping():
                raise Cancelled("stopped")
            summaries.append(self._read(path))
            if time.monotonic() - told > INTERVAL_S:
                self.found.emit(list(summaries))
                told = time.monotonic()
        covered = {summary.recording for summary in summaries}
        damaged = {summary.path for summary in summaries if summary.problem}
        for path in self._files:
            told_of = path in covered or not damaged.isdisjoint(candidates(path))
            if not told_of and not _is_json(path) and path.is_file():
                summaries.append(summary_without_meeting(path))
        return summaries

    def _read(self, path: Path) -> MeetingSummary:
        from core.meeting.summary import summary_of, with_recording

        stamp = _stamp(path)
        before = self._known.get(path)
        if before is not None and before[0] == stamp:
            return with_recording(before[1])
        summary = summary_of(path)
        self._known[path] = (stamp, summary)
        return summary


def _is_json(path: Path) -> bool:
    return is_meeting(path) or path.suffix.lower() == ".json"


def _stamp(path: Path) -> Stamp:
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return (0, 0)
    return (found.st_mtime_ns, found.st_size)
