"""Whose voices are heard: mute, solo, and a sample of one voice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt5.QtCore import QObject, pyqtSignal, pyqtSlot

from app.timeline.name_list import MUTE
from app.widgets.refusals import told
from core.annotation.overlap import alone, minus, speech
from core.annotation.values import Annotation, Stretch, Turn, union
from core.errors import EditError
from core.units import SAMPLE_RATE

if TYPE_CHECKING:
    from app.editing.speakers import SpeakerEditing
    from app.playback.scene import Scene
    from app.widgets.host import Host

MARGIN = SAMPLE_RATE // 4
"""Of silence around speech that is heard, too: nothing sounds cut off."""
SAMPLE = 6 * SAMPLE_RATE
"""So much of a voice is enough to know it again."""


class Audition(QObject):
    """What the player leaves out. It is not part of the annotation: nothing here is saved."""

    changed = pyqtSignal()

    def __init__(self, scene: Scene, speakers: SpeakerEditing, host: Host) -> None:
        super().__init__(host.window)
        self.notices = host.notices
        self._session, self._timeline = scene.session, scene.timeline
        self._transport, self._player, self._speakers = scene.transport, scene.player, speakers
        self.muted: set[int] = set()
        """Ids of speakers who are silent where nobody else speaks."""
        self.soloed: set[int] = set()
        """Ids of those of whom alone something is played; everything else is jumped over."""
        self._skip_silence = False
        scene.timeline.names.switched.connect(self._on_switched)
        scene.session.annotation_changed.connect(self._apply)
        scene.session.recording_changed.connect(self._clear)

    @told
    def mute(self) -> None:
        self.toggle(self.muted, self._current())

    @told
    def solo(self) -> None:
        self.toggle(self.soloed, self._current())

    def hear_all(self) -> None:
        self._clear()

    def set_skip_silence(self, on: bool) -> None:
        """Jump over everything in which nobody speaks, in this recording and the next ones."""
        self._skip_silence = on
        self._apply()

    @told
    def play_sample(self) -> None:
        """Some seconds in which the current speaker speaks, if possible alone."""
        speaker = self._current()
        turn = sample(self._session.annotation, speaker)
        if turn is None:
            raise EditError(self.tr("this speaker has no turns to play"))
        self._transport.play_once(turn)

    def toggle(self, ids: set[int], speaker: int) -> None:
        ids ^= {speaker}
        self._apply()

    @pyqtSlot(int, str)
    def _on_switched(self, speaker: int, switch: str) -> None:
        self.toggle(self.muted if switch == MUTE else self.soloed, speaker)

    def _current(self) -> int:
        speaker = self._speakers.current
        if speaker is None:
            raise EditError(self.tr("there are no speakers yet"))
        return speaker.id

    @pyqtSlot()
    def _clear(self) -> None:
        self.muted.clear()
        self.soloed.clear()
        self._apply()

    @pyqtSlot()
    def _apply(self) -> None:
        """Tell the player which stretches to play silently and which to jump over."""
        annotation = self._session.annotation
        there = {s.id for s in annotation.speakers}
        self.muted &= there
        self.soloed &= there
        silent: tuple[Stretch, ...] = ()
        if self.muted:
            silent = minus(speech(annotation, self.muted), speech(annotation, there - self.muted))
        skipped: tuple[Stretch, ...] = ()
        everything = ((0, max(self._session.duration, 1)),)
        if self.soloed:
            skipped = minus(everything, speech(annotation, self.soloed))
        elif self._skip_silence and annotation.turns:
            heard = [(s - MARGIN, e + MARGIN) for s, e in speech(annotation, there)]
            skipped = minus(everything, union(heard))
        self._player.leave_out(silent, skipped)
        self._timeline.names.set_switches(frozenset(self.muted), frozenset(self.soloed))
        self.changed.emit()


def sample(annotation: Annotation, speaker: int) -> Turn | None:
    """The longest stretch in which this speaker speaks alone, cut to a few seconds; where others
    always speak too, the longest turn; None without turns."""
    own = [(t.start, t.end) for t in annotation.turns_of(speaker)]
    longest = max(alone(annotation, speaker) or own, key=lambda s: s[1] - s[0], default=None)
    if longest is None:
        return None
    start, end = longest
    return Turn(start, min(end, start + SAMPLE), speaker)
