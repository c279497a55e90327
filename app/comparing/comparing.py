"""Compare with a reference: opens it, keeps the comparison up to date, goes through mistakes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PyQt5.QtCore import QObject, QTimer, pyqtSignal, pyqtSlot
from PyQt5.QtWidgets import QFileDialog, QWidget

from app.comparing.panel import ComparePanel
from app.playback.scene import Scene
from app.style.palette import Theme
from app.timeline.mistakes import ErrorNames, ErrorRows, next_mistake, previous_mistake, seconds_of
from app.widgets.dialogs import TURNS
from app.widgets.host import Host
from app.widgets.workers import Task
from core.annotation.values import Annotation
from core.scoring import Comparison, Mistake
from core.units import to_samples

if TYPE_CHECKING:
    from core.formats.uem import Region

PAUSE_MS = 250
"""After an edit the comparison waits so long for the next one."""


class _Reference(NamedTuple):
    name: str
    turns: Annotation
    noscore: Region


class Comparing(QObject):
    """One reference at a time, or none."""

    changed = pyqtSignal()
    """There is a comparison now, or there is none any more."""

    def __init__(self, scene: Scene, host: Host) -> None:
        super().__init__(host.window)
        self._window, self._run = host.window, host.run
        self._session, self._timeline = scene.session, scene.timeline
        self._transport, self._player = scene.transport, scene.player
        session, timeline = scene.session, scene.timeline
        self.panel = ComparePanel()
        self.rows = ErrorRows(Theme.of(timeline.palette()))
        self._names = ErrorNames(self.rows)
        self._shown((self.rows, self._names), False)
        timeline.add_rows(self._names, self.rows)
        self._reference: _Reference | None = None
        self._comparison: Comparison | None = None
        self._comparing = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._compare)
        session.annotation_changed.connect(self._on_change)
        session.recording_changed.connect(self.close)
        timeline.range_changed.connect(self.rows.set_range)
        self.rows.clicked.connect(self._on_click)
        self.panel.next_clicked.connect(self.next)
        self.panel.previous_clicked.connect(self.previous)
        self.panel.close_clicked.connect(self.close)
        self.panel.rules_changed.connect(self._on_change)

    @property
    def active(self) -> bool:
        """A reference is open."""
        return self._reference is not None

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """Where the turns differ from the reference, by start."""
        return self._comparison.mistakes if self._comparison else ()

    def choose(self) -> None:
        """Ask for a reference and open it."""
        path = self._session.path
        if path is None:
            return
        dialog = QFileDialog(self._window, self.tr("Compare with a reference"), str(path.parent))
        dialog.setFileMode(QFileDialog.ExistingFile)
        dialog.setNameFilters(
            [
                self.tr("Annotations") + f" ({' '.join(f'*{ending}' for ending in TURNS)})",
                self.tr("All files") + " (*)",
            ]
        )
        dialog.fileSelected.connect(lambda name: self.open(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def open(self, path: Path) -> None:
        """Read the reference and compare; what can't be read is a notice."""
        recording = self._session.path
        if recording is None:
            return

        def read() -> tuple[Path, _Reference]:
            from core.formats import read_annotation, read_noscore

            name = recording.stem
            turns, noscore = read_annotation(path, name)[0], read_noscore(path, name)
            return recording, _Reference(path.name, turns, noscore)

        task = Task("reference", read)
        task.done.connect(self._on_read)
        self._run(task)

    @pyqtSlot(object)
    def _on_read(self, found: tuple[Path, _Reference]) -> None:
        recording, reference = found
        if recording == self._session.path:
            self._reference = reference
            self._compare()

    @pyqtSlot()
    def close(self) -> None:
        """Back to no reference."""
        if self._reference is not None:
            self._reference = self._comparison = None
            self._timer.stop()
            self._shown((self.panel, self.rows, self._names), False)
            self.changed.emit()

    @pyqtSlot()
    def next(self) -> None:
        """Select the next stretch with a mistake and go there."""
        self._go(next_mistake(self.mistakes, self._player.position))

    @pyqtSlot()
    def previous(self) -> None:
        """Select the stretch with a mistake before and go there."""
        self._go(previous_mistake(self.mistakes, self._player.position))

    def _go(self, mistake: Mistake | None) -> None:
        if mistake is not None:
            self._transport.seek(mistake.start)
            self._timeline.set_selection(seconds_of(mistake))

    @pyqtSlot(float)
    def _on_click(self, seconds: float) -> None:
        mistake = self.rows.mistake_at(seconds)
        if mistake is None:
            self._transport.seek(to_samples(seconds))
        else:
            self._go(mistake)

    # the comparison

    @pyqtSlot()
    def _on_change(self) -> None:
        if self._reference is not None:
            self._timer.start()

    @pyqtSlot()
    def _compare(self) -> None:
        if self._reference is None:
            return
        if self._comparing:  # one at a time; the newest when that has ended
            self._timer.start()
            return
        self._comparing = True
        reference, annotation = self._reference, self._session.annotation
        collar = self.panel.collar

        def work() -> tuple[_Reference, Annotation, Comparison]:
            from core.scoring import compare

            found = compare(reference.turns, annotation, collar=collar, excluded=reference.noscore)
            return reference, annotation, found

        task = Task("compare", work)
        task.done.connect(self._on_compared)
        task.ended.connect(self._on_ended)
        self._run(task)

    @pyqtSlot(object)
    def _on_compared(self, found: tuple[_Reference, Annotation, Comparison]) -> None:
        reference, annotation, comparison = found
        if reference is not self._reference:
            return
        self._comparison = comparison
        self.panel.show_score(reference.name, comparison.score)
        self.rows.theme = Theme.of(self._timeline.palette())
        self.rows.set_range(*self._timeline.visible_range())
        self.rows.show_comparison(comparison, reference.turns, annotation.speakers)
        self._shown((self.rows, self._names), True)
        self._names.updateGeometry()
        self._names.update()
        self.changed.emit()

    @pyqtSlot()
    def _on_ended(self) -> None:
        self._comparing = False

    def _shown(self, widgets: tuple[QWidget, ...], shown: bool) -> None:
        for widget in widgets:
            widget.setVisible(shown)
