"""A recording from the microphone in the window: starts it, feeds the session, ends it well.

One timer asks :class:`core.live.recording.LiveRecording` what is new; nothing here ever waits for
it. What was recorded becomes the session's recording with its first block, so a microphone that
can't be opened disturbs nothing that is open.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
from PyQt5.QtCore import QObject, QTimer, pyqtSignal, pyqtSlot

from app.listening.usual_speakers import count
from app.recording.inputs import POLL_MS, Inputs
from app.recording.problems import LiveProblems
from app.recording.steering import Steering
from app.style.wording import decimal
from app.widgets.jobs import Jobs
from core.errors import VoicelanesError
from core.units import SAMPLE_RATE, short_time, to_samples, to_seconds

if TYPE_CHECKING:
    from app.listening.listening import Listening
    from app.preferences import Preferences
    from app.session import Session
    from app.widgets.host import Host
    from core.annotation.values import Annotation
    from core.audio.devices import InputDevice
    from core.live.recording import Gap, LiveRecording, LiveResult, Moved, Status, Trouble
    from core.stream.changes import Changes

SHOW_S = 0.1
"""Least time between two changes of the lanes ..."""
SHARE = 4
"""... and at least so many times what the last one took: long meetings never hold up the window."""
NEAR = 10 * SAMPLE_RATE
"""Losses closer together than this share one marker."""


class Live(QObject):
    """One recording at a time, from Record until the second pass has been heard.

    ``state`` is that of :class:`core.live.recording.Status`, or ``idle``, or ``refining`` while the
    second pass runs.
    """

    changed = pyqtSignal()
    """Another status: level, times, losses."""
    state_changed = pyqtSignal()
    attaching = pyqtSignal()
    """What is open gives way to what is recorded, right after this."""
    sides_told = pyqtSignal(object, object, object)
    """Of a call the Path, the turns of the second pass, and what their speakers are called after
    their sides."""
    recorded = pyqtSignal(object)
    """The Path of a recording that is complete, its turns known."""

    def __init__(
        self,
        session: Session,
        inputs: Inputs,
        listening: Listening,
        preferences: Preferences,
        host: Host,
    ) -> None:
        super().__init__(host.window)
        self._session, self._inputs, self._listening = session, inputs, listening
        self._preferences, self._notices = preferences, host.notices
        self.problems = LiveProblems(self, inputs, self)
        self._steering = Steering(session, self)
        self._jobs = Jobs(self)
        self._jobs.failed.connect(self._on_refining_failed)
        self._recording: LiveRecording | None = None
        self._attached = False
        self._pending: Changes | None = None
        self._not_before = 0.0
        self._marked = 0
        self._then: list[Callable[[], None]] = []
        self._unwanted = False  # stopped before it began
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self._poll)
        inputs.unknown.connect(self._on_no_inputs)
        self.state = "idle"
        self.status: Status | None = None
        """The newest one; that of the last recording when idle."""

    @property
    def recording(self) -> bool:
        """Whether sound is still to be taken care of: closing now would end a meeting."""
        return self.state in ("starting", "recording", "paused", "interrupted")

    @property
    def busy(self) -> bool:
        return self.state != "idle"

    @property
    def in_call(self) -> bool:
        """Whether both sides of a call are recorded."""
        return self.busy and self.status is not None and bool(self.status.sides)

    @property
    def words(self) -> str:
        """What is going on, as the status bar says it."""
        status = self.status
        if self.state == "finishing" and status is not None:
            left = max(0, status.position - status.labelled)
            return self.tr("Labelling the last {}…").format(short_time(left))
        return {
            "idle": "",
            "starting": self.tr("Opening the microphone…"),
            "recording": self.tr("Recording"),
            "paused": self.tr("Paused"),
            "interrupted": self.tr("Waiting for a microphone"),
            "refining": self.tr("Comparing the voices…"),
        }.get(self.state, "")

    # what a person does

    def toggle(self) -> None:
        """Record, or pause, or go on."""
        if self.state == "idle":
            self.record()
        else:
            self.pause()

    def record(self) -> None:
        """Begin, with the chosen input."""
        if self.busy:
            return
        self._unwanted = False
        self._set("starting")
        if self._inputs.devices:
            self._inputs.release(self._begin)
        else:
            self._inputs.look(lambda: self._inputs.release(self._begin))

    def pause(self) -> None:
        """Pause, or go on after that."""
        if self._recording is not None:
            if self.state == "paused":
                self._recording.resume()
            elif self.state == "recording":
                self._recording.pause()

    def stop(self, then: Callable[[], None] | None = None) -> None:
        """End the recording; ``then`` runs when all of it is done."""
        if then is not None:
            self._then.append(then)
        self._unwanted = True
        if self._recording is not None:
            self._recording.stop()
        elif not self.busy:
            self._run_then()

    def use(self, device: InputDevice) -> None:
        """Record with this input from now on; in a call it is that side's."""
        if not (self.in_call and device.monitor):
            self._inputs.choose(device)
        self.go_on_with(device)

    def go_on_with(self, device: InputDevice) -> None:
        """Go on with this input, the same file; what comes after uses the chosen one again."""
        if self._recording is not None and self.recording:
            self._recording.switch_device(device)

    @pyqtSlot()
    def know_voices(self) -> None:
        """The voices that are remembered have changed."""
        if self._recording is not None:
            self._recording.know_voices()

    # it begins

    @property
    def folder(self) -> Path:
        """Where recordings are kept."""
        chosen = self._preferences.recordings_folder
        return Path(chosen) if chosen else platformdirs.user_documents_path() / "Voicelanes"

    def keep_in(self, folder: str) -> None:
        """Keep recordings in this folder from now on."""
        self._preferences.recordings_folder = folder
        self._inputs.changed.emit()

    def _begin(self) -> None:
        device = self._inputs.chosen
        if self._unwanted:
            self._rest()
            return
        if device is None:
            self._rest()
            self._notices.show_problem(self.problems.no_input())
            return
        try:
            computer = self._inputs.played if self._inputs.source == "call" else None
            self._recording = self._inputs.sound.record(_new_path(self.folder), device, computer)
        except (VoicelanesError, OSError) as error:
            self._rest()
            self._notices.show_problem(self.problems.no_folder(error, self.folder))
            return
        self._attached, self._pending = False, None
        self._marked = -NEAR
        if self._listening.busy and self._session.path is not None:
            self._notices.show_problem(self.problems.interrupted(self._session.path))
        self._listening.cancel()
        self._timer.start()

    @pyqtSlot()
    def _on_no_inputs(self) -> None:
        if self.state == "starting" and self._recording is None:
            self._rest()

    def _attach(self, recording: LiveRecording) -> None:
        """The first sound is on the disk: it is what the window shows from now on."""
        self._attached = True
        usual = count(self._preferences.speakers)
        self.attaching.emit()
        self._steering.begin(recording, usual.maximum if usual else None)
        self._session.open(recording.path, recording.peaks, live=True)

    # it goes on

    @pyqtSlot()
    def _poll(self) -> None:
        recording = self._recording
        if recording is None:
            return
        status = recording.status
        there = status.position > 0 and not self._listening.busy
        if not self._attached and there:
            self._attach(recording)
        finished = self._take(recording)
        self.status = status
        if self._attached:
            self._show(recording, everything=finished is not None)
        if finished is not None:
            self._end(finished)
        elif status.state != "finished":
            self._set(status.state)
        self.changed.emit()

    def _take(self, recording: LiveRecording) -> LiveResult | None:
        """All that happened; the result if that was the last."""
        from core.live.recording import (
            Finished,
            Folded,
            Gap,
            Moved,
            Pause,
            RecognisedVoices,
            Trouble,
            TroubleOver,
            Turns,
        )

        if not self._attached and recording.status.position > 0:
            return None  # the recording before is still being let go
        for event in recording.events():
            match event:
                case Turns(changes=changes):
                    before = self._pending
                    self._pending = changes if before is None else before.then(changes)
                case RecognisedVoices(names=names):
                    self._session.hear_voices(names)
                case Folded(into=into):
                    self._session.fold(into)
                case Gap():
                    self._mark_gap(event)
                case Pause():
                    self._session.pauses += ((event.at, event.seconds),)
                    text = self.tr("Paused for {}").format(short_time(to_samples(event.seconds)))
                    self._session.add_marker(event.at, text)
                case Moved():
                    text = self.tr("From here on: {}").format(event.now.name)
                    self._session.add_marker(event.at, text)
                    self._inputs.look(partial(self._tell_of_move, event))
                case Trouble():
                    self._tell(event, recording.status)
                case TroubleOver(kind=kind):
                    self._notices.withdraw(self.problems.key(kind))
                case Finished(result=result):
                    return result
        return None

    def _mark_gap(self, gap: Gap) -> None:
        self._session.gaps += ((gap.start, gap.end),)
        if gap.start - self._marked >= NEAR:
            self._marked = gap.start
            seconds = to_seconds(gap.end - gap.start)
            texts = {
                None: self.tr("{} s of sound are missing"),
                "microphone": self.tr("{} s of the microphone are missing"),
                "computer": self.tr("{} s of the computer's sound are missing"),
            }
            self._session.add_marker(gap.start, texts[gap.side].format(decimal(seconds)))

    def _tell(self, trouble: Trouble, status: Status) -> None:
        self._notices.show_problem(self.problems.of(trouble, status))
        if trouble.kind == "device":  # what there is to go on with may have changed since
            self._inputs.look(partial(self._tell_again, trouble))

    def _tell_of_move(self, moved: Moved) -> None:
        recording = self._recording
        if recording is not None and recording.status.device == moved.now:
            self._notices.show_problem(self.problems.moved(moved))

    def _tell_again(self, trouble: Trouble) -> None:
        status = self._recording.status if self._recording is not None else None
        if status is not None and trouble in status.trouble:
            self._notices.show_problem(self.problems.of(trouble, status))

    def _show(self, recording: LiveRecording, everything: bool) -> None:
        """Let the session hear what is new, unless the last time is too short ago."""
        now = time.monotonic()
        if everything or now >= self._not_before:
            self._session.hear(recording.peaks.duration)
            changes, self._pending = self._pending, None
            if changes is not None:
                self._session.apply(changes)
            after = time.monotonic()
            self._not_before = after + max(SHOW_S, SHARE * (after - now))

    # it ends

    def _end(self, result: LiveResult) -> None:
        self._timer.stop()
        self._recording = None
        self._steering.end()
        for kind in ("device", "computer", "moved", "no sound", "disk low", "models", "voices"):
            self._notices.withdraw(self.problems.key(kind))
        session = self._session
        if result.path is None or session.path != result.path:
            self._rest()
            return
        for warning in result.warnings:
            self._notices.tell(warning)
        if not result.diarized:
            session.set_live(False)
            self._rest()
            self._notices.show_problem(self.problems.without_turns(result.path))
            return
        session.finish(result.annotation, result.windows, result.speech)
        session.set_live(False)
        self._set("refining")
        preferences = self._preferences
        said = str(session.most or preferences.speakers)
        self._jobs.do(
            partial(
                result.heard_again_by_side,
                count(said),
                session.annotation,
                preferences.sensitivity,
            ),
            partial(self._on_refined, result.path),
        )

    def _on_refined(self, path: Path, found: tuple[Annotation, Mapping[int, str]]) -> None:
        if self._session.path == path and self._session.complete:
            self._session.rerun(self.tr("Second pass"), found[0])
        self.recorded.emit(path)
        if found[1]:
            self.sides_told.emit(path, *found)
        self._rest()

    @pyqtSlot(object)
    def _on_refining_failed(self, error: BaseException) -> None:
        self._notices.show_error(error)
        self._rest()

    def _rest(self) -> None:
        self._set("idle")
        self._run_then()

    def _run_then(self) -> None:
        then, self._then = self._then, []
        for run in then:
            run()

    def _set(self, state: str) -> None:
        if state != self.state:
            self.state = state
            self.state_changed.emit()

    # the end of the window

    def cancel(self) -> None:
        """Stop without a question; what was recorded is saved."""
        if self._recording is not None:
            self._recording.stop()

    def join(self, timeout_s: float) -> bool:
        if self._recording is not None and not self._recording.join(timeout_s):
            return False
        self._timer.stop()
        return self._jobs.join(timeout_s)


def _new_path(folder: Path) -> Path:
    """A file of that folder, by date and time, which isn't there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = datetime.now().strftime("%Y-%m-%d %H.%M.%S")
    paths = (folder / f"{stem}{f' ({n})' if n else ''}.wav" for n in range(1000))
    return next(path for path in paths if not path.exists())
