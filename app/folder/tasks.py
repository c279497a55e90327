"""Work on a whole folder, in threads: all its recordings, and one voice in all of them."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt5.QtCore import pyqtSignal

from app.listening.usual_speakers import count
from app.listening.worker import TimeLeft
from app.widgets.workers import INTERVAL_S, Worker
from core.errors import Cancelled, InputError

if TYPE_CHECKING:
    from core.archive.finding import Recording
    from core.archive.job import Asked
    from core.archive.local import LocalRun
    from core.archive.results import Record
    from core.archive.run import Run
    from core.archive.tables import Linked
    from core.arrays import Array
    from core.meeting.file import Meeting
    from core.models.manifest import ModelSet


@dataclass(frozen=True)
class Listed:
    """What is in the folder: recordings with results that still hold, and those to be done."""

    there: tuple[Record, ...]
    missing: tuple[Recording, ...]
    left_out: tuple[str, ...] = ()
    """Lines about the files that were left out."""


@dataclass(frozen=True)
class Step:
    """What came since the last one.

    Attributes
    ----------
    records
        Of recordings that are done, or failed.
    fractions
        How far those are that are worked on, by :attr:`Recording.folder`.
    fraction
        How far all is, from 0 to 1.
    left_s
        Seconds that it still takes, None while that can't be told.
    """

    records: tuple[Record, ...]
    fractions: Mapping[str, float]
    fraction: float
    left_s: float | None


class FolderWork(Worker):
    """Find the recordings of a folder and do what isn't done, in processes beside the window.

    With ``[archive]`` those are Dask's, as many as there are cores; without it, a single one.

    Parameters
    ----------
    places, out
        The folder, or several files and folders, and where the results go.
    speakers
        The usual number of speakers, as the settings have it.
    """

    listed = pyqtSignal(object)
    """A :class:`Listed`, once."""
    advanced = pyqtSignal(object)
    """A :class:`Step`, several times a second while recordings are worked on."""

    def __init__(self, places: tuple[Path, ...], out: Path, speakers: str) -> None:
        super().__init__("folder")
        self._places, self._out, self._speakers = places, out, speakers

    def work(self) -> None:
        from core.archive.finding import LeftOut, find, find_several
        from core.archive.job import Asked
        from core.archive.places import usual_out, usual_out_of_several
        from core.archive.report import write_overview
        from core.archive.results import basis_of
        from core.archive.run import plan
        from core.atomic import writable_folder
        from core.folders import private_folder
        from core.models.folders import current_models

        if self._out in (usual_out(self._places[0]), usual_out_of_several()):
            private_folder(self._out)
        out = writable_folder(str(self._out)).resolve()
        models = current_models()
        number = count(self._speakers)
        asked = Asked("", f"{number.minimum}-{number.maximum}" if number else "")
        left_out = LeftOut()
        if len(self._places) == 1:
            (folder,) = self._places
            found = find([str(folder)], out, left_out=left_out, cancelled=self.stopping)
            none = f"there is no recording in the folder {folder}"
        else:
            found = find_several(self._places, out, left_out=left_out, cancelled=self.stopping)
            none = "there is no recording in these folders"
        if not found:
            raise InputError("; ".join([none, *left_out.lines()]))
        there, missing = plan(found, out, basis_of(models, asked))
        self.listed.emit(Listed(tuple(there), tuple(missing), tuple(left_out.lines())))
        if missing:
            there += self._do(missing, out, models, asked)
        write_overview(out, there, models, _known(models))

    def _do(
        self, missing: list[Recording], out: Path, models: ModelSet, asked: Asked
    ) -> list[Record]:
        records: list[Record] = []
        weights = {recording.folder: recording.weight for recording in missing}
        total = sum(weights.values())
        time_left = TimeLeft()
        with ExitStack() as stack:
            run = _run(stack, out, models, asked)
            run.submit(missing)
            while run.waiting:
                if self.stopping():
                    raise Cancelled("stopped")
                new = run.finished(timeout=INTERVAL_S)
                records += new
                for record in new:
                    del weights[record.recording.folder]
                under_way = {f: part for f, part in run.fractions.items() if f in weights}
                undone = sum(w * (1 - under_way.get(f, 0.0)) for f, w in weights.items())
                time_left.update(1 - undone / total, time.monotonic())
                step = Step(tuple(new), under_way, 1 - undone / total, time_left.seconds)
                self.advanced.emit(step)
        return records


def _run(stack: ExitStack, out: Path, models: ModelSet, asked: Asked) -> Run | LocalRun:
    """Who does the work; what it needs ends with the stack."""
    from core.extras import MODULES, absent

    if absent(*MODULES["archive"]):
        from core.archive.local import LocalRun

        return stack.enter_context(LocalRun(out, models, asked))
    from core.archive.run import Run
    from core.workers.cluster import connected

    client = stack.enter_context(connected())
    return stack.enter_context(Run(client, out, models, asked))


class VoiceSearch(Worker):
    """Where the voice of a speaker of a meeting speaks in other recordings.

    Ends with the speakers there, as :func:`core.archive.reading.elsewhere` has them.
    """

    def __init__(
        self, out: Path, records: tuple[Record, ...], meeting: Meeting, speaker: int
    ) -> None:
        super().__init__("voice")
        self._out, self._records = out, records
        self._meeting, self._speaker = meeting, speaker

    def work(self) -> list[Linked]:
        from core.archive.reading import elsewhere
        from core.models.folders import current_models

        models = current_models()
        return elsewhere(
            self._out,
            self._records,
            self._meeting,
            self._speaker,
            models,
            _known(models),
            self.stopping,
        )


def _known(models: ModelSet) -> dict[str, Array]:
    """Samples of the remembered voices; none if their file is damaged, which others tell."""
    from core.archive.linking import remembered

    try:
        return remembered(models.encoder.sha256)
    except InputError:
        return {}
