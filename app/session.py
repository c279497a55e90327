"""What is open: a recording, its sound in outline, its turns. All that views listen to."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt5.QtCore import QObject, pyqtSignal, pyqtSlot
from PyQt5.QtWidgets import QUndoStack

from app.undo import PASS, Edit, Overlay, UndoState, marker_step
from core.annotation import edits
from core.annotation.another_pass import CarriedOver, carried_over, carry_over
from core.annotation.values import Annotation, Marker, Turn
from core.errors import EditError
from core.voices.naming import Names

if TYPE_CHECKING:
    from core.audio.peaks import Peaks
    from core.stream.changes import Changes, Window
    from core.stream.speech import Speech

DEPTH = 1000
"""Steps that can be undone."""


class Session(QObject):
    """One recording at a time, or none. Lives in the GUI thread.

    The duration is never less than what was heard or annotated; before everything is heard it is
    what the file's header says.

    While turns still arrive (not ``complete``) a person can name, colour, order and merge speakers
    and put markers, and while it is recorded give turns to others and say how many speakers there
    are; that lies over what the stream says. All other edits have to wait. Every edit is a step of
    ``undo``; the end of a pass takes what was said before into its turns and begins a new stack.
    """

    recording_changed = pyqtSignal()
    """Another recording is open, or none."""
    duration_changed = pyqtSignal()
    sound_grew = pyqtSignal()
    """``peaks`` holds more than before."""
    annotation_changed = pyqtSignal()
    live_changed = pyqtSignal()
    """A recording from the microphone began or ended."""
    dirty_changed = pyqtSignal(bool)
    """Whether there is something that isn't saved."""
    names_changed = pyqtSignal()
    """Who the speakers seem to be is known anew: ``names``."""
    loaded = pyqtSignal()
    """The turns of the whole recording are here, from a pass or a file."""
    reran = pyqtSignal()
    """The turns of another second pass took their place, as a step."""
    pass_told = pyqtSignal(int, int, int)
    """What another second pass changed: speakers before and now, turns that are others now."""
    named_as_one = pyqtSignal(object)
    """Pairs of ids of speakers whom a person named, or gave turns, and who are one voice to the
    pass that came last; they are still apart."""
    speakers_merged = pyqtSignal(int, int)
    """While turns still arrive: (kept, gone), for the decoder to heed."""
    speakers_parted = pyqtSignal(int)
    """Such a merge was undone: the one who was gone."""
    turns_given = pyqtSignal(object)
    """Likewise: these turns, a tuple, are of another speaker now, who is theirs."""
    turns_taken_back = pyqtSignal(object)
    """That was undone."""
    most_changed = pyqtSignal(int)
    """There are no more speakers than this; 0 for any number."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.path: Path | None = None
        self.track: int | None = None
        """Number of the sound track that is open, if it was chosen."""
        self.peaks: Peaks | None = None
        self.annotation = Annotation()
        self.duration = 0
        self.complete = False
        """The turns of the whole recording are here: nothing was cancelled or cut off."""
        self.windows: Sequence[Window] = ()
        self.speech: Speech | None = None
        """With ``windows``, what another second pass needs; known once ``complete``."""
        self.names = Names()
        """Who of the known voices the speakers seem to be."""
        self.gaps: tuple[tuple[int, int], ...] = ()
        """(start, end) in samples that the microphone lost."""
        self.pauses: tuple[tuple[int, float], ...] = ()
        """(sample, seconds) where the recording was paused."""
        self.undo = QUndoStack(self)
        self.undo.setUndoLimit(DEPTH)
        self.undo.cleanChanged.connect(self._on_clean)
        self._live = False
        self._heard = Annotation()
        self._overlay = Overlay()
        self._pass = 0
        self._folded: Mapping[int, int] = {}

    @pyqtSlot(bool)
    def _on_clean(self, clean: bool) -> None:
        self.dirty_changed.emit(not clean)

    @property
    def is_open(self) -> bool:
        return self.path is not None

    @property
    def dirty(self) -> bool:
        """Whether there are edits since the last :meth:`saved`."""
        return not self.undo.isClean()

    @property
    def live(self) -> bool:
        """A recording from the microphone is running."""
        return self._live

    def open(
        self,
        path: Path,
        peaks: Peaks,
        duration: int = 0,
        *,
        live: bool = False,
        track: int | None = None,
    ) -> None:
        """Start anew with this recording (with that sound track of it), still without turns.

        ``peaks`` may grow later; ``duration`` is what the header says, 0 if it doesn't.
        """
        changed, self._live = live != self._live, live  # so that who hears of it knows
        self._set(path, peaks, duration, track)
        if changed:
            self.live_changed.emit()

    def close(self) -> None:
        """Back to nothing open."""
        if self.is_open:
            self._set(None, None, 0)
            self.set_live(False)

    def _set(
        self, path: Path | None, peaks: Peaks | None, duration: int, track: int | None = None
    ) -> None:
        self.path, self.peaks, self.duration, self.track = path, peaks, duration, track
        self.annotation, self.complete = Annotation(), False
        self._heard, self._overlay, self._folded = Annotation(), Overlay(), {}
        self.windows, self.speech = (), None
        self.names = Names()
        self.gaps, self.pauses = (), ()
        self.undo.clear()
        self.recording_changed.emit()

    def set_live(self, live: bool) -> None:
        """Whether the microphone feeds this recording."""
        if live != self._live:
            self._live = live
            self.live_changed.emit()

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

    # what the passes say

    def apply(self, changes: Changes) -> None:
        """Take in a step of the first pass."""
        self._heard = changes.applied_to(self._heard)
        self._lay_over()

    def hear_voices(self, names: Names) -> None:
        """Who the speakers seem to be; while turns still arrive, what is sure is their name."""
        self.names = names
        if not self.complete:
            self._lay_over()
        self.names_changed.emit()

    def fold(self, into: Mapping[int, int]) -> None:
        """The stream takes these speakers for others, as there are more than ``most``."""
        self._folded = into
        self._lay_over()

    def _lay_over(self) -> None:
        """What the stream, the known voices and the person say, the later before the earlier."""
        self._annotate(self.names.named(self._overlay.on(self._heard, self._folded)))

    def finish(
        self, annotation: Annotation, windows: Sequence[Window] = (), speech: Speech | None = None
    ) -> None:
        """The turns of the whole recording, in place of what was known; what was said stays."""
        unsaved = self.dirty
        self.load(carried_over(self.annotation, annotation), windows, speech)
        if unsaved:
            self.mark_unsaved()

    def load(
        self, annotation: Annotation, windows: Sequence[Window] = (), speech: Speech | None = None
    ) -> None:
        """The turns of the whole recording exactly as they were kept."""
        self.complete = True
        self.windows, self.speech = windows, speech
        self._annotate(annotation)
        self.undo.clear()
        self.set_duration(annotation.duration)
        self.loaded.emit()

    def rerun(self, name: str, annotation: Annotation) -> None:
        """The turns of another second pass, as one step; what a person did stays."""
        self._pass += 1
        before = self.annotation
        carried = carry_over(before, annotation)
        self.edit(name, carried.annotation, (PASS, self._pass))
        self.reran.emit()
        after = self.annotation
        changed = len(edits.added(before, after))
        self.pass_told.emit(len(before.speakers), len(after.speakers), changed)
        self._tell_of_one(carried)

    def keep_said(self, before: Annotation) -> None:
        """What a person said of the turns of an earlier pass holds for these, too: no step."""
        carried = carry_over(before, self.annotation)
        self.load(carried.annotation, self.windows, self.speech)
        self._tell_of_one(carried)

    def _tell_of_one(self, carried: CarriedOver) -> None:
        if carried.as_one:
            self.named_as_one.emit(carried.as_one)

    def name_voices(self, after: Annotation) -> None:
        """The names of known voices belong to the pass that heard them: they are part of its step,
        or of none where it is none."""
        if self.undo.count() == 0:
            self._annotate(after)
        else:
            self.edit(self.tr("Recognise voices"), after, (PASS, self._pass))

    # what a person does

    def edit(self, name: str, after: Annotation, join: Hashable = None) -> None:
        """One step to be undone: ``after`` comes from this annotation by
        :mod:`core.annotation.edits`.

        With the same ``join`` as the step before it becomes part of that. Raises EditError while
        turns still arrive.
        """
        if not self.complete:
            raise EditError(self._too_early)
        if after != self.annotation:
            self.undo.push(Edit(name, self._show, self.annotation, after, join))

    @property
    def _too_early(self) -> str:
        return self.tr("turns can be changed once the whole recording has been heard")

    def rename(self, speaker: int, name: str) -> None:
        self._mark(self.tr("Rename speaker"), edits.rename(self.annotation, speaker, name))

    def confirm(self, speaker: int, name: str) -> None:
        """A person says that this speaker is the known voice of that name."""
        self._mark(self.tr("Confirm voice"), edits.confirm(self.annotation, speaker, name))

    def deny(self, speaker: int, name: str) -> None:
        """A person says that it is not."""
        self._mark(self.tr("Not this voice"), edits.deny(self.annotation, speaker, name))

    def recolour(self, speaker: int, colour: str) -> None:
        self._mark(self.tr("Change colour"), edits.recolour(self.annotation, speaker, colour))

    def reorder(self, ids: Sequence[int]) -> None:
        self._mark(self.tr("Move lane"), edits.reorder(self.annotation, ids))

    def add_marker(self, at: int, text: str = "") -> None:
        # While the microphone is on, sound may be further than the turns.
        wide = replace(self.annotation, duration=max(self.duration, self.annotation.duration))
        after = edits.add_marker(wide, at, text)
        self._mark(self.tr("Add marker"), after, marker_step(at))

    def put_no_marker(self, at: int) -> None:
        """The marker that was put there just now isn't wanted: as if it had never been."""
        step = self.undo.command(self.undo.index() - 1)
        if isinstance(step, Edit) and step.puts_marker(at):
            step.undo()
            step.setObsolete(True)
            self.undo.undo()  # which drops an obsolete step

    def edit_marker(self, marker: Marker, text: str) -> None:
        """Another text; the first one right after it was put belongs to putting it."""
        join = None if marker.text else marker_step(marker.at)
        after = edits.edit_marker(self.annotation, marker, text)
        self._mark(self.tr("Edit marker"), after, join)

    def remove_marker(self, marker: Marker) -> None:
        self._mark(self.tr("Remove marker"), edits.remove_marker(self.annotation, marker))

    def merge_speakers(self, keep: int, gone: int) -> None:
        name = self.tr("Merge speakers")
        if self.complete:
            self.edit(name, edits.merge_speakers(self.annotation, keep, gone))
        else:
            after = self._overlay.merging(self.annotation, keep, gone)
            self.undo.push(Edit(name, self._show, self._overlay, after))

    def give(self, turns: Iterable[Turn], speaker: int) -> None:
        """While it is recorded: these turns are that speaker's. Raises EditError if they can't."""
        if not self._live:
            raise EditError(self._too_early)
        if all(s.id != speaker for s in self.annotation.speakers):
            raise EditError(
                self.tr("another speaker can be added once the whole recording has been heard")
            )
        after = self._overlay.giving(self.annotation, turns, speaker)
        if after != self._overlay:
            self.undo.push(Edit(self.tr("Change speaker"), self._show, self._overlay, after))

    @property
    def most(self) -> int:
        """How many speakers a person said there are while it was recorded; 0 for any number."""
        return self._overlay.most

    def set_most(self, most: int) -> None:
        """While it is recorded: there are no more speakers than this; 0 for any number."""
        if self._live and most != self.most:
            after = replace(self._overlay, most=most)
            self.undo.push(Edit(self.tr("Number of speakers"), self._show, self._overlay, after))

    def saved(self) -> None:
        """Everything as it is now has been saved."""
        self.undo.setClean()

    def mark_unsaved(self) -> None:
        """What is here now is not on disk, though no step led to it."""
        self.undo.resetClean()

    def _mark(self, name: str, after: Annotation, join: Hashable = None) -> None:
        """An edit of anything but turns, which is possible at any time."""
        if self.complete:
            self.edit(name, after, join)
        else:
            overlay = self._overlay.taken_in(self.annotation, after)
            if overlay != self._overlay:
                self.undo.push(Edit(name, self._show, self._overlay, overlay, join))

    def _show(self, state: UndoState) -> None:
        if isinstance(state, Overlay):
            before, self._overlay = self._overlay, state
            self._lay_over()
            for gone in before.merged.keys() - state.merged.keys():
                self.speakers_parted.emit(gone)
            for gone in state.merged.keys() - before.merged.keys():
                self.speakers_merged.emit(state.merged[gone], gone)
            for turns in before.given[len(state.given) :]:
                self.turns_taken_back.emit(turns)
            for turns in state.given[len(before.given) :]:
                self.turns_given.emit(turns)
            if state.most != before.most:
                self.most_changed.emit(state.most)
        else:
            self._annotate(state)

    def _annotate(self, annotation: Annotation) -> None:
        self.annotation = annotation
        self.set_duration(self.duration)
        self.annotation_changed.emit()
