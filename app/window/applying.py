"""A setting is another: what it is about follows at once."""

from __future__ import annotations

from collections.abc import Mapping

from PyQt5.QtCore import QObject, pyqtSlot
from PyQt5.QtWidgets import QAction

from app.playback.clip_player import ClipPlayer
from app.playback.scene import Scene
from app.preferences import Preferences
from app.settings import shortcuts
from app.style.palette import use_colours
from app.style.theme import use_theme


class Applying(QObject):
    """Follows the preferences; theme and colours are in use before there is anything to paint."""

    def __init__(
        self,
        preferences: Preferences,
        scene: Scene,
        clips: ClipPlayer,
        actions: Mapping[str, QAction],
    ) -> None:
        super().__init__(preferences)
        self._preferences, self._scene, self._clips = preferences, scene, clips
        self._actions = actions
        shortcuts.apply(actions, preferences.shortcuts)
        self._use_output()
        self._use_volume()
        preferences.changed.connect(self._on_changed)

    @pyqtSlot(str)
    def _on_changed(self, name: str) -> None:
        preferences = self._preferences
        if name == "theme":
            use_theme(preferences.theme)
        elif name == "shortcuts":
            shortcuts.apply(self._actions, preferences.shortcuts)
        elif name == "follow":
            self._scene.timeline.follow = preferences.follow
        elif name == "colours":
            use_colours(preferences.colours)
            self._scene.session.annotation_changed.emit()  # everybody paints speakers anew
        elif name == "output_device":
            self._use_output()
        elif name == "volume":
            self._use_volume()

    def _use_output(self) -> None:
        device = self._preferences.output_device
        self._scene.player.set_device(device)
        self._clips.device = device

    def _use_volume(self) -> None:
        self._scene.player.set_volume(max(self._preferences.volume, 0.0))
