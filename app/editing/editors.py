"""All that a person does to what is open: turns, speakers, markers, which voices are heard."""

from __future__ import annotations

from dataclasses import dataclass

from app.editing.audition import Audition
from app.editing.markers import Marking
from app.editing.speakers import SpeakerEditing
from app.editing.turns import Editing
from app.playback.scene import Scene
from app.widgets.host import Host


@dataclass(frozen=True)
class Editors:
    """The scene and what changes it; menus, panels and keys lead to these."""

    scene: Scene
    turns: Editing
    speakers: SpeakerEditing
    markers: Marking
    audition: Audition

    @classmethod
    def of(cls, scene: Scene, host: Host) -> Editors:
        """One of each."""
        speakers = SpeakerEditing(scene, host)
        return cls(
            scene,
            Editing(scene, host),
            speakers,
            Marking(scene, host),
            Audition(scene, speakers, host),
        )
