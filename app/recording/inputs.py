"""The microphones of this machine: which there are, which one is chosen, how loud it is now.

And the outputs, for whoever wants to choose one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PyQt5.QtCore import QObject, QTimer, pyqtSignal, pyqtSlot

from app.widgets.jobs import Jobs

if TYPE_CHECKING:
    from app.preferences import Preferences
    from app.widgets.host import Host
    from core.audio.devices import InputDevice
    from core.audio.levels import Level
    from core.audio.outputs import OutputDevice
    from core.live.recording import LevelPreview, LiveRecording

Source = Literal["microphone", "computer", "call"]
"""What is recorded: what is heard here, what the computer plays, or both sides of a call."""
POLL_MS = 60
"""A level meter that moves less often looks broken."""


@dataclass(frozen=True)
class Sound:
    """What stands between the window and the sound card; a test brings its own."""

    inputs: Callable[[], list[InputDevice]]
    """Looks for the devices that are there now; takes a moment."""
    preview: Callable[[InputDevice], LevelPreview]
    record: Callable[[Path, InputDevice, InputDevice | None], LiveRecording]
    """The last one gives the computer's sound, where both sides of a call are recorded."""
    outputs: Callable[[], list[OutputDevice]] = lambda: []
    """Looks for what plays."""


def real_sound() -> Sound:
    """By :mod:`core.live.recording`, which is loaded on first use."""

    def inputs() -> list[InputDevice]:
        from core.audio.devices import list_inputs

        return list_inputs(refresh=True)

    def preview(device: InputDevice) -> LevelPreview:
        from core.live.recording import LevelPreview

        return LevelPreview(device)

    def record(path: Path, device: InputDevice, computer: InputDevice | None) -> LiveRecording:
        from core.live.recording import LiveRecording
        from core.live.voices import live_voices

        return LiveRecording(path, device, computer=computer, voices=live_voices())

    def outputs() -> list[OutputDevice]:
        from core.audio.outputs import list_outputs

        return list_outputs()

    return Sound(inputs, preview, record, outputs)


class Inputs(QObject):
    """The list of inputs, the chosen one, and the level of that before anything is recorded.

    Nothing is opened and nobody is asked for devices before a person wants to record or to see
    the level: a window that only opens files never touches the microphone.
    """

    changed = pyqtSignal()
    """Another list or another choice."""
    outputs_changed = pyqtSignal()
    level_changed = pyqtSignal()
    unknown = pyqtSignal()
    """Looking for devices failed."""

    def __init__(self, preferences: Preferences, sound: Sound, host: Host) -> None:
        super().__init__(host.window)
        self._preferences, self._notices = preferences, host.notices
        self.sound = sound
        self._jobs = Jobs(self)
        self._jobs.failed.connect(host.notices.show_error)
        self._preview: LevelPreview | None = None
        self._opened: LevelPreview | None = None  # on its way to here
        self._wanted = False
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self._poll)
        self.devices: list[InputDevice] = []
        """The default one first."""
        self.outputs: list[OutputDevice] = []
        self.known = False
        """Whether anybody has looked yet."""
        self.level: Level | None = None
        """Of the preview; None while there is none."""
        self.problem = ""
        """Why the preview hears nothing."""

    @property
    def chosen(self) -> InputDevice | None:
        """The one that was chosen last if it is there, else the system's; None without any."""
        key = self._preferences.input_device
        return next((d for d in self.devices if key and d.key == key), None) or next(
            iter(self.devices), None
        )

    @property
    def played(self) -> InputDevice | None:
        """What gives the computer's sound; None where nothing does."""
        from core.audio.devices import computer_sound

        return computer_sound(self.devices)

    @property
    def source(self) -> Source:
        """What is recorded."""
        if self.chosen is not None and self.chosen.monitor:
            return "computer"
        return "call" if self._preferences.both_sides and self.played else "microphone"

    def choose_source(self, source: Source) -> None:
        """Record this, also in future."""
        self._preferences.both_sides = source == "call"
        fitting = [d for d in self.devices if not d.monitor]
        if source == "computer":
            fitting = [self.played] if self.played is not None else []
        if fitting and self.chosen not in fitting:
            self.choose(fitting[0])
        else:
            self.changed.emit()

    @property
    def looking(self) -> bool:
        return self._jobs.busy

    @property
    def listening(self) -> bool:
        """Whether the level is shown."""
        return self._wanted

    def choose(self, device: InputDevice) -> None:
        """Take this one, also in future."""
        self._preferences.input_device = device.key
        self._restart()
        self.changed.emit()

    def look(self, then: Callable[[], None] | None = None) -> None:
        """Look for devices; ``then`` runs when they are known, and not if that fails."""
        self._close()  # PortAudio sees new devices only while it is not in use

        def found(devices: list[InputDevice]) -> None:
            self.devices, self.known = devices, True
            self._restart()
            self.changed.emit()
            if then is not None:
                then()

        self._jobs.do(self.sound.inputs, found, self._on_failed)

    def look_for_outputs(self) -> None:
        """List what plays; where that isn't possible there is the system's alone."""

        def found(outputs: list[OutputDevice]) -> None:
            self.outputs = outputs
            self.outputs_changed.emit()

        self._jobs.do(self.sound.outputs, found, lambda _error: found([]))

    def _on_failed(self, error: BaseException) -> None:
        self.changed.emit()
        self._notices.show_error(error)
        self.unknown.emit()

    # the level before recording

    def listen(self, on: bool) -> None:
        """Show the level of the chosen input, or let go of it."""
        if on == self._wanted:
            return
        self._wanted = on
        if on and not self.known:
            self.look()
        else:
            self._restart()

    def release(self, then: Callable[[], None]) -> None:
        """Let go of the input; ``then`` runs when it is free for the recording."""
        self._wanted = False
        self._close()
        self._jobs.do(lambda: None, lambda _: then())

    def _restart(self) -> None:
        self._close()
        if self._wanted and self.chosen is not None:
            device = self.chosen
            self._jobs.do(lambda: self._open(device), self._on_preview)

    def _open(self, device: InputDevice) -> LevelPreview | None:
        if not self._wanted:
            return None
        self._opened = self.sound.preview(device)
        return self._opened

    def _on_preview(self, preview: LevelPreview | None) -> None:
        self._opened = None
        if preview is None:
            return
        if not self._wanted or self._preview is not None or preview.device != self.chosen:
            self._jobs.do(preview.close)  # somebody thought better of it meanwhile
            return
        self._preview = preview
        self._timer.start()

    def _close(self) -> None:
        """Closing joins the device's thread: it takes a moment, so it happens in another one."""
        self._timer.stop()
        preview, self._preview = self._preview, None
        if preview is not None:
            self._jobs.do(preview.close)
        self.level, self.problem = None, ""
        self.level_changed.emit()

    @pyqtSlot()
    def _poll(self) -> None:
        if self._preview is not None:
            self.level = self._preview.level()
            error = self._preview.error
            self.problem = str(error) if error is not None else ""
            self.level_changed.emit()

    # the end of the window

    def cancel(self) -> None:
        self._wanted = False
        self._close()

    def join(self, timeout_s: float) -> bool:
        ended = self._jobs.join(timeout_s)
        if self._opened is not None:
            self._opened.close()
        return ended
