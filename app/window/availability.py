"""What can be done when: one table, from what an action needs to whether that is there.

An action of :data:`app.actions.ACTIONS` names its ``needs``; here each of these is a predicate over
a small value that says how things stand. What an action may do is known from that value alone.
:class:`Parts` finds it out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PyQt5.QtCore import pyqtBoundSignal

from app import actions
from app.comparing.comparing import Comparing
from app.editing.speakers import SpeakerEditing
from app.folder.folder import Folder
from app.listening.listening import Listening
from app.recording.live import Live
from app.session import Session
from app.voices.known import KnownVoices
from app.window.sound_tracks import SoundTracks
from app.words.recognising import WordRecognition


@dataclass(frozen=True)
class Situation:
    """How things stand in the window, as far as an action asks for it.

    Attributes:
        open: a recording is open.
        turns, speakers: it has at least one.
        complete: the turns of the whole recording are here.
        live: it is fed by the microphone at the moment.
        listening: a pass over a file is under way.
        recognising: words are being recognised.
        microphone: the state of :class:`app.recording.live.Live`.
        can_undo, can_redo: there is a step to take back, or one that was.
        empty_lane: the current speaker has no turns.
        asked: a speaker was recognised, or may be somebody who is known.
        compared: a reference is open to compare with.
        folder: a folder of recordings is open.
        tracks: the recording has more than one sound track.
    """

    open: bool = False
    turns: bool = False
    speakers: bool = False
    complete: bool = False
    live: bool = False
    listening: bool = False
    recognising: bool = False
    microphone: str = "idle"
    can_undo: bool = False
    can_redo: bool = False
    empty_lane: bool = False
    asked: bool = False
    compared: bool = False
    folder: bool = False
    tracks: bool = False


WHEN: dict[str, Callable[[Situation], bool]] = {
    actions.RECORDING: lambda now: now.open,
    actions.TURNS: lambda now: now.turns,
    actions.SPEAKERS: lambda now: now.speakers,
    actions.COMPLETE: lambda now: now.complete,
    actions.GIVABLE: lambda now: now.complete or now.live,
    actions.SAVABLE: lambda now: now.complete or not (now.listening or now.live),
    actions.BUSY: lambda now: now.listening or now.recognising,
    actions.IDLE: lambda now: not now.listening and now.microphone == "idle",
    actions.LIVE: lambda now: now.microphone not in ("idle", "finishing", "refining"),
    actions.MICROPHONE: lambda now: now.microphone in ("idle", "recording", "paused"),
    actions.UNDO: lambda now: now.can_undo,
    actions.REDO: lambda now: now.can_redo,
    actions.EMPTY_LANE: lambda now: now.empty_lane,
    actions.ASKED: lambda now: now.asked,
    actions.COMPARED: lambda now: now.compared,
    actions.FOLDER: lambda now: now.folder,
    actions.TRACKS: lambda now: now.tracks,
}
"""Of each need, when it is met."""


def available(now: Situation) -> frozenset[str]:
    """The ids of the actions that are of use as things stand."""
    there = {need for need, met in WHEN.items() if met(now)}
    return frozenset(row.id for row in actions.ACTIONS if row.needs <= there)


@dataclass(frozen=True)
class Parts:
    """Those of the window that know how things stand."""

    session: Session
    listening: Listening
    live: Live
    speakers: SpeakerEditing
    known_voices: KnownVoices
    comparing: Comparing
    folder: Folder
    tracks: SoundTracks
    recognition: WordRecognition

    @property
    def situation(self) -> Situation:
        session = self.session
        return Situation(
            open=session.is_open,
            turns=bool(session.annotation.turns),
            speakers=bool(session.annotation.speakers),
            complete=session.complete,
            live=session.live,
            listening=self.listening.busy,
            recognising=self.recognition.busy,
            microphone=self.live.state,
            can_undo=session.undo.canUndo(),
            can_redo=session.undo.canRedo(),
            empty_lane=self.speakers.lane_is_empty,
            asked=self.known_voices.subject() is not None,
            compared=self.comparing.active,
            folder=self.folder.path is not None,
            tracks=self.tracks.several,
        )

    @property
    def changes(self) -> tuple[pyqtBoundSignal, ...]:
        """Something of it may have changed."""
        session = self.session
        return (
            *(session.recording_changed, session.annotation_changed, session.names_changed),
            *(session.undo.canUndoChanged, session.undo.canRedoChanged),
            *(self.listening.state_changed, self.live.state_changed, self.folder.changed),
            *(self.speakers.current_changed, self.comparing.changed, self.tracks.changed),
            self.recognition.changed,
        )
