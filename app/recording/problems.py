"""What can go wrong with a microphone, in words, each with the ways out as buttons."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PyQt5.QtCore import QObject, QUrl, pyqtSignal
from PyQt5.QtGui import QDesktopServices

from app.widgets.notices import Problem, Way

if TYPE_CHECKING:
    from app.recording.inputs import Inputs
    from core.audio.devices import InputDevice
    from core.live.recording import Moved, Status, Trouble

PERMISSIONS = {
    "darwin": "x-apple.systempreferences:com.apple.preference.security?Privacy_Microphone",
    "win32": "ms-settings:privacy-microphone",
}
"""Where the system lets a person allow the microphone."""


class Remedies(Protocol):
    """What can be done about a recording that is in trouble."""

    @property
    def folder(self) -> Path:
        """Where recordings go."""
        ...

    def record(self) -> None: ...

    def stop(self) -> None: ...

    def go_on_with(self, device: InputDevice) -> None: ...


class LiveProblems(QObject):
    """Makes the notices of a recording; what a button can't do itself it asks the window for."""

    input_wanted = pyqtSignal()
    """Show the list of microphones."""
    folder_wanted = pyqtSignal()
    """Ask for another folder for recordings."""
    listen_wanted = pyqtSignal(object)
    """Open this Path and find its turns."""

    def __init__(self, live: Remedies, inputs: Inputs, parent: QObject) -> None:
        super().__init__(parent)
        self._live, self._inputs = live, inputs

    @staticmethod
    def key(kind: str) -> str:
        """What a notice of a lasting trouble is withdrawn by."""
        return f"live: {kind}"

    def of(self, trouble: Trouble, status: Status) -> Problem:
        """The notice of a trouble that the recording tells of."""
        makers: dict[str, Callable[[Status], list[Way]]] = {
            "device": self._after_device,
            "computer": self._after_computer,
            "no sound": self._after_silence,
            "disk low": self._before_full_disk,
            "disk full": self._after_disk,
            "writing": self._after_disk,
        }
        ways = makers[trouble.kind](status) if trouble.kind in makers else []
        mild = trouble.kind in ("steering", "models", "no sound", "voices", "computer")
        return Problem(
            _sentence(trouble.text),
            severe=not mild,
            ways=tuple(ways),
            key=self.key(trouble.kind),
            general=trouble.kind != "steering",
        )

    def _after_device(self, status: Status) -> list[Way]:
        other = self._other(status.device, call=bool(status.sides))
        ways = []
        if other is not None:
            text = self.tr("Go on with {}").format(other.name)
            ways.append(Way(text, partial(self._live.go_on_with, other)))
        ways.append(
            Way(self.tr("Try it again"), partial(self._live.go_on_with, status.device)),
        )
        return [*ways, self._stop()]

    def _after_computer(self, status: Status) -> list[Way]:
        again = partial(self._live.go_on_with, status.sides[1].device)
        return [Way(self.tr("Try it again"), again), self._stop()]

    def _other(self, gone: InputDevice, *, call: bool) -> InputDevice | None:
        """What to go on with: a microphone rather than what the loudspeakers play, which in a call
        is the other side."""
        others = [d for d in self._inputs.devices if d.key != gone.key and not (call and d.monitor)]
        return min(others, key=lambda d: d.monitor, default=None)

    def _after_silence(self, _status: Status) -> list[Way]:
        ways = [Way(self.tr("Another microphone…"), self.input_wanted.emit)]
        settings = PERMISSIONS.get(sys.platform)
        if settings is not None:
            ways.insert(0, Way(self.tr("Open the system's settings"), partial(_open, settings)))
        return ways

    def _before_full_disk(self, _status: Status) -> list[Way]:
        folder = QUrl.fromLocalFile(str(self._live.folder)).toString()
        return [Way(self.tr("Open the folder"), partial(_open, folder)), self._stop()]

    def _after_disk(self, _status: Status) -> list[Way]:
        return [self._folder()]

    def _stop(self) -> Way:
        return Way(self.tr("Stop and save"), self._live.stop)

    def _folder(self) -> Way:
        return Way(self.tr("Choose another folder…"), self.folder_wanted.emit)

    def moved(self, moved: Moved) -> Problem:
        """The sound server went on with another input."""
        before, now = moved.before, moved.now
        if now.monitor:
            text = self.tr(
                "The system took {} away: what the loudspeakers play ({}) is recorded now"
            )
        else:
            text = self.tr("The system took {} away: {} is recorded now")
        ways = [Way(self.tr("Another microphone…"), self.input_wanted.emit), self._stop()]
        back = next((d for d in self._inputs.devices if d.key == before.key), None)
        if back is not None:
            label = self.tr("Go on with {}").format(back.name)
            ways.insert(0, Way(label, partial(self._live.go_on_with, back)))
        return Problem(
            text.format(before.name, now.name),
            severe=now.monitor,
            ways=tuple(ways),
            key=self.key("moved"),
            general=True,
        )

    # what a recording can't tell itself

    def no_input(self) -> Problem:
        """There is nothing to record with."""
        from core.audio.devices import NO_INPUT

        return Problem(
            self.tr("No microphone was found: {}").format(NO_INPUT),
            ways=(Way(self.tr("Look again and record"), self._live.record),),
            key=self.key("device"),
            general=True,
        )

    def no_folder(self, error: Exception, folder: Path) -> Problem:
        """Nothing can be written there."""
        from core.atomic import why_not
        from core.errors import VoicelanesError

        if isinstance(error, VoicelanesError):
            text = _sentence(str(error))
        else:
            why = why_not(error) if isinstance(error, OSError) else str(error)
            text = self.tr("Nothing can be recorded into {}: {}").format(folder, why)
        return Problem(text, ways=(self._folder(),), key=self.key("writing"), general=True)

    def interrupted(self, path: Path) -> Problem:
        """Listening to a file was given up for the recording."""
        return Problem(
            self.tr("The analysis of {} was stopped for the recording").format(path.name),
            severe=False,
            ways=(Way(self.tr("Analyse it again"), partial(self.listen_wanted.emit, path)),),
            general=True,
        )

    def without_turns(self, path: Path) -> Problem:
        """It was recorded without models."""
        return Problem(
            self.tr("{} is recorded, but not analysed yet").format(path.name),
            ways=(Way(self.tr("Analyse it"), partial(self.listen_wanted.emit, path)),),
        )


def _sentence(line: str) -> str:
    return line[:1].upper() + line[1:]


def _open(address: str) -> None:
    QDesktopServices.openUrl(QUrl(address))
