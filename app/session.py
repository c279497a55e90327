"""What is open: a recording, its sound in outline, its turns. All that views listen to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt5.QtCore import QObject, pyqtSignal

from core.annotation import Annotation, Speaker

if TYPE_CHECKING:
    from core.audio.peaks import Peaks
    from core.diarizer import Changes


class Session(QObject):
    """One recording at a time, or none. Lives in the GUI thread.

    The duration is never less than what was heard or annotated; before everything is heard it is
    what the file's header says.
    """

    recording_changed = pyqtSignal()
    """Another recording is open, or none."""
    duration_changed = pyqtSignal()
    sound_grew = pyqtSignal()
    """``peaks`` holds more than before."""
    annotation_changed = pyqtSignal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.path: Path | None = None
        self.peaks: Peaks | None = None
        self.annotation = Annotation()
        self.duration = 0
        self.complete = False
        """The turns of the whole recording are here: nothing was cancelled or cut off."""

    @property
    def is_open(self) -> bool:
        return self.path is not None

    def open(self, path: Path, peaks: Peaks, duration: int = 0) -> None:
        """Start anew with this recording, still without turns.

        ``peaks`` may grow later; ``duration`` is what the header says, 0 if it doesn't.
        """
        self._set(path, peaks, duration)

    def close(self) -> None:
        """Back to nothing open."""
        if self.is_open:
            self._set(None, None, 0)

    def _set(self, path: Path | None, peaks: Peaks | None, duration: int) -> None:
        self.path, self.peaks, self.duration = path, peaks, duration
        self.annotation, self.complete = Annotation(), False
        self.recording_changed.emit()

    def set_duration(self, samples: int) -> None:
        """The length in samples as far as known; what is already there is never cut."""
        samples = max(samples, self.annotation.duration)
        if samples != self.duration:
            self.duration = samples
            self.duration_changed.emit()

    def hear(self, samples: int) -> None:
        """The sound is known up to this sample."""
        self.set_duration(max(samples, self.duration))
        self.sound_grew.emit()

    def apply(self, changes: Changes) -> None:
        """Take in a step of the first pass."""
        self._annotate(applied(self.annotation, changes))

    def finish(self, annotation: Annotation) -> None:
        """The turns of the whole recording, in place of what was known."""
        self.complete = True
        self._annotate(annotation)
        self.set_duration(annotation.duration)

    def _annotate(self, annotation: Annotation) -> None:
        self.annotation = annotation
        self.set_duration(self.duration)
        self.annotation_changed.emit()


def applied(annotation: Annotation, changes: Changes) -> Annotation:
    """The annotation after a change.

    Linear and without joining: this runs ten times a second over up to 10,000 turns. The change's
    turns are the diarizer's, which joins them itself.
    """
    kept = [t for t in annotation.turns if t.end <= changes.since]
    turns = tuple(sorted([*kept, *changes.turns]))
    known = {s.id: s for s in annotation.speakers}
    ids = dict.fromkeys(t.speaker for t in turns)
    return replace(
        annotation,
        turns=turns,
        speakers=tuple(known.get(i) or Speaker(i) for i in ids),
        duration=max(annotation.duration, changes.position, *(t.end for t in changes.turns), 0),
    )
