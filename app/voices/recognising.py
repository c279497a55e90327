"""Known voices as the menus and the questions below the lanes ask for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt5.QtCore import QObject, pyqtSignal, pyqtSlot

if TYPE_CHECKING:
    from app.editing.editors import Editors
    from app.playback.clip_player import ClipPlayer
    from app.voices.keeping import Remembering
    from app.voices.known import KnownVoices
    from app.voices.questions import VoiceQuestions
    from app.widgets.host import Host


class Recognising(QObject):
    """The dialogs about voices, and the samples that one hears to compare."""

    changed = pyqtSignal()
    """Voices are others than before."""

    def __init__(
        self,
        editors: Editors,
        known: KnownVoices,
        questions: VoiceQuestions,
        clips: ClipPlayer,
        host: Host,
    ) -> None:
        super().__init__(host.window)
        self._editors, self._known, self._keeping = editors, known, known.keeping
        self._clips, self._window = clips, host.window
        self._keeping.asked.connect(self._ask_to_remember)
        self._keeping.changed.connect(self.changed)
        questions.yes.connect(known.confirm)
        questions.no.connect(known.deny)
        questions.speaker_wanted.connect(self._play_speaker)
        questions.voice_wanted.connect(self._play_voice)

    def show_voices(self) -> None:
        """The voices that are remembered."""
        from app.voices.dialog import VoicesDialog

        keeping, scene = self._keeping, self._editors.scene
        scene.player.pause()
        clips = None if scene.session.live else self._clips
        dialog = VoicesDialog(keeping.jobs, clips, keeping.test(), self._window)
        dialog.changed.connect(self._known.look_again)
        dialog.changed.connect(self.changed)
        dialog.renew_wanted.connect(keeping.renew)
        keeping.changed.connect(dialog.on_changed)
        keeping.jobs.failed.connect(dialog.on_failed)
        dialog.open()

    @pyqtSlot(object)
    def _ask_to_remember(self, what: Remembering) -> None:
        from app.voices.remember_dialog import RememberDialog
        from core.voices.book import voices_path

        dialog = RememberDialog(what.speaker, what.names, voices_path(), self._window)
        dialog.chosen.connect(self._keeping.remember_as)
        dialog.open()

    @pyqtSlot(int)
    def _play_speaker(self, speaker: int) -> None:
        self._clips.stop()
        self._editors.speakers.pick(speaker)
        self._editors.audition.play_sample()

    @pyqtSlot(int)
    def _play_voice(self, voice: int) -> None:
        """The longest sample that is kept."""
        self._editors.scene.player.pause()
        self._keeping.clip_of(voice, self._clips.play)
