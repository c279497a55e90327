"""Work on a whole folder, in threads: all its recordings, and one voice in all of them."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt5.QtCore import pyqtSignal

from core.errors import Cancelled, InputError

from .usual_speakers import count
from .workers import INTERVAL_S, TimeLeft, Worker

if TYPE_CHECKING:
    from core.archive.finding import Recording
    from core.archive.linking import Array
    from core.archive.results import Record
    from core.archive.tables import Linked
    from core.archive.worker import Asked
    from core.meeting import Meeting
    from core.models import ModelSet


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
    """Find the recordings of a folder and do what isn't done, in processes of Dask's.

    Parameters
    ----------
    folder, out
        Where the recordings are, and where the results go.
    speakers
        The usual number of speakers, as the settings have it.
    """

    listed = pyqtSignal(object)
    """A :class:`Listed`, once."""
    advanced = pyqtSignal(object)
    """A :class:`Step`, several times a second while recordings are worked on."""

    def __init__(self, folder: Path, out: Path, speakers: str) -> None:
        super().__init__("folder")
        self._folder, self._out, self._speakers = folder, out, speakers

    def work(self) -> None:
        from core.archive.cluster import require

        require()
        from core.archive.finding import LeftOut, find
        from core.archive.places import usual_out
        from core.archive.report import write_overview
        from core.archive.results import basis_of
        from core.archive.run import plan
        from core.archive.worker import Asked
        from core.folders import private_folder
        from core.formats.atomic import writable_folder
        from core.model_folders import current_models

        if self._out == usual_out(self._folder):
            private_folder(self._out)
        out = writable_folder(str(self._out)).resolve()
        models = current_models()
        number = count(self._speakers)
        asked = Asked("", f"{number.minimum}-{number.maximum}" if number else "")
        left_out = LeftOut()
        found = find([str(self._folder)], out, left_out=left_out, cancelled=self.stopping)
        if not found:
            lines = [f"there is no recording in the folder {self._folder}", *left_out.lines()]
            raise InputError("; ".join(lines))
        there, missing = plan(found, out, basis_of(models, asked))
        self.listed.emit(Listed(tuple(there), tuple(missing), tuple(left_out.lines())))
        if missing:
            there += self._do(missing, out, models, asked)
        write_overview(out, there, models, _known(models))

    def _do(
        self, missing: list[Recording], out: Path, models: ModelSet, asked: Asked
    ) -> list[Record]:
        from core.archive.cluster import connected
        from core.archive.run import Run

        records: list[Record] = []
        weights = {recording.folder: recording.weight for recording in missing}
        total = sum(weights.values())
        time_left = TimeLeft()
        with ExitStack() as stack:
            client = stack.enter_context(connected())
            run = stack.enter_context(Run(client, out, models, asked))
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
        from core.model_folders import current_models

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
