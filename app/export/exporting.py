"""Export from the menu to the files: what is asked, the work, and what the status bar says."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt5.QtCore import QObject, QSettings, pyqtSlot

from app.widgets.notices import Problem, Way
from app.widgets.revealing import show_in_folder
from core.units import to_samples

if TYPE_CHECKING:
    from app.editing.doubts import Doubts
    from app.export.tasks import Job
    from app.playback.scene import Scene
    from app.widgets.host import Host

MOST_TOLD = 4
"""Names of files; of more it is said how many."""


class Exporting(QObject):
    """One export after the other, each in a thread of its own."""

    def __init__(self, scene: Scene, doubts: Doubts, settings: QSettings, host: Host) -> None:
        super().__init__(host.window)
        self._scene, self._doubts = scene, doubts
        self._settings, self._host = settings, host

    def ask(self) -> None:
        """Ask what to export, where to and how, with a preview."""
        from app.export.dialog import ExportDialog
        from core.formats import About

        session, selection = self._scene.session, self._scene.transport.selection
        path = session.path
        if path is None:
            return
        dialog = ExportDialog(
            session.annotation,
            About(
                path.stem,
                path,
                session.peaks,
                track=session.track,
                sure=self._doubts.sureness(),
            ),
            (to_samples(selection[0]), to_samples(selection[1])) if selection else None,
            self._settings,
            self._host,
        )
        dialog.chosen.connect(self._export)
        dialog.open()

    @pyqtSlot(object)
    def _export(self, jobs: tuple[Job, ...]) -> None:
        from app.export.tasks import Export

        bar = self._host.bar
        task = Export(jobs)
        task.done.connect(self._on_done)
        task.failed.connect(bar.clearMessage)
        task.cancelled.connect(bar.clearMessage)
        task.progressed.connect(self._on_progress)
        bar.showMessage(self.tr("Exporting…"))
        self._host.run(task)

    @pyqtSlot(int)
    def _on_progress(self, percent: int) -> None:
        self._host.bar.showMessage(self.tr("Exporting… {} %").format(percent))

    @pyqtSlot(object)
    def _on_done(self, files: tuple[Path, ...]) -> None:
        names = ", ".join(file.name for file in files[:MOST_TOLD])
        if len(files) > MOST_TOLD:
            names = self.tr("{} and {} more").format(names, len(files) - MOST_TOLD)
        told = self.tr("Exported {} to {}").format(names, files[0].parent)
        self._host.bar.showMessage(told, 8000)
        way = Way(self.tr("Show in folder"), partial(self._show, files))
        self._host.notices.show_problem(Problem(told, severe=False, ways=(way,), key="exported"))

    def _show(self, files: tuple[Path, ...]) -> None:
        if not show_in_folder(files):
            told = self.tr("The files are in {}").format(files[0].parent)
            self._host.notices.tell(told)
