"""The open recording as one works on it: what it is, its lanes, its sound, moving about in it."""

from __future__ import annotations

from dataclasses import dataclass

from app.playback.player import Player
from app.playback.transport import Transport
from app.session import Session
from app.timeline.view import TimelineView


@dataclass(frozen=True)
class Scene:
    """What everything that a person does works on."""

    session: Session
    timeline: TimelineView
    transport: Transport
    player: Player
