"""What a live recording tells: its state, what happened, what it left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from core.annotation.values import Annotation
from core.audio.devices import InputDevice
from core.audio.levels import Level
from core.live.sides import SideHeard

if TYPE_CHECKING:
    from core.refine.refine import SpeakerCount
    from core.stream.changes import Changes, Window
    from core.stream.speech import Speech
    from core.voices.naming import Names

State = Literal["starting", "recording", "paused", "interrupted", "finishing", "finished"]
"""``interrupted``: the device is gone and another may be chosen. ``finishing``: stopped, the file
is complete, the last labels are on their way."""

TroubleKind = Literal[
    "device",
    "computer",
    "no sound",
    "disk low",
    "disk full",
    "writing",
    "models",
    "steering",
    "voices",
]

Why = Literal["overflow", "device"]

SideName = Literal["microphone", "computer"]
"""The sides of a call, in the order of their channels."""


@dataclass(frozen=True)
class Gap:
    """Silence in the file that nobody made: sound was lost there. Samples at 16 kHz.

    ``side`` is that of a call whose channel is silent; None where all is.
    """

    start: int
    end: int
    why: Why
    side: SideName | None = None


@dataclass(frozen=True)
class Pause:
    """Here the recording was paused; the time of the pause isn't in the file."""

    at: int
    seconds: float


@dataclass(frozen=True)
class Moved:
    """The sound server carried the recording to another input; it goes on without a gap.

    Parameters
    ----------
    at
        Sample of the recording (16 kHz) at which that was noticed: within a second or so.
    before, now
        What was recorded, and what is.
    """

    at: int
    before: InputDevice
    now: InputDevice

    def __str__(self) -> str:
        what = " (what the loudspeakers play, no microphone)" if self.now.monitor else ""
        return (
            f"the sound server took {self.before.name} away from the recording:"
            f" {self.now.name} is recorded now{what}"
        )


@dataclass(frozen=True)
class Turns:
    """The diarizer heard more, or was corrected.

    Parameters
    ----------
    changes
        What that changed, as from a file.
    lags
        Seconds from the end of each new window to now.
    """

    changes: Changes
    lags: tuple[float, ...] = ()


@dataclass(frozen=True)
class RecognisedVoices:
    """Who of the known voices the speakers seem to be, by label, as far as they were heard."""

    names: Names


@dataclass(frozen=True)
class Folded:
    """There are more speakers than a person said there are.

    Parameters
    ----------
    into
        From the label of each who is beyond the limit to that for whom they are taken, in all
        turns, as long as no other event of this kind comes.
    """

    into: Mapping[int, int]


@dataclass(frozen=True)
class Trouble:
    """Something the person should know.

    Parameters
    ----------
    kind
        ``device``: it can't be opened or gives nothing any more; the recording is kept and goes
        on with another one. ``computer``: the same of the computer's sound in a call, where
        ``device`` is the microphone. ``no sound``: only zeros arrive. ``disk low``. ``disk full``,
        ``writing``: the recording has ended, what came before is saved. ``models``: no turns, the
        recording goes on. ``steering``: a merge or the like was not possible. ``voices``: those
        that are known can't be read, nobody is recognised.
    text
        One line with what to do.
    """

    kind: TroubleKind
    text: str


@dataclass(frozen=True)
class TroubleOver:
    """A trouble is gone."""

    kind: TroubleKind


@dataclass(frozen=True)
class LiveResult:
    """What a recording left.

    Parameters
    ----------
    path
        The file; None if there was never a sound to make one for.
    annotation
        The turns of the first pass, with the merges, names and markers that were said, and the
        turns that were given to others.
    windows, speech
        All that a second pass needs (:func:`core.refine.refine.refine`); empty without models.
    gaps, pauses
        Where sound is missing, and where the recording was paused.
    diarized
        Whether the recording was heard to its end: False without models.
    warnings
        A line each.
    sides
        Of a call what a second pass needs of each side, where nobody is on both.
    """

    path: Path | None
    annotation: Annotation
    windows: tuple[Window, ...] = ()
    speech: Speech | None = None
    gaps: tuple[Gap, ...] = ()
    pauses: tuple[Pause, ...] = ()
    diarized: bool = False
    warnings: tuple[str, ...] = ()
    sides: tuple[SideHeard, ...] = ()

    def second_pass(
        self,
        speakers: SpeakerCount | None = None,
        corrected: Annotation | None = None,
        bias: float = 0.0,
    ) -> Annotation:
        """The turns after hearing everything; names and markers are carried over. Of a call who
        has no name is called after their side. Else as :meth:`heard_again`."""
        from core.annotation.another_pass import carried_over
        from core.refine.apart import called_after

        found, lanes = self.heard_again_by_side(speakers, corrected, bias)
        return called_after(carried_over(self.annotation, found), found, lanes)

    def heard_again(
        self,
        speakers: SpeakerCount | None = None,
        corrected: Annotation | None = None,
        bias: float = 0.0,
    ) -> Annotation:
        """The turns alone after hearing everything.

        ``corrected`` is the annotation with what a person decided meanwhile, which is heeded.
        ``bias`` goes from -1 (fewer speakers) to 1 (more).
        """
        return self.heard_again_by_side(speakers, corrected, bias)[0]

    def heard_again_by_side(
        self,
        speakers: SpeakerCount | None = None,
        corrected: Annotation | None = None,
        bias: float = 0.0,
    ) -> tuple[Annotation, Mapping[int, str]]:
        """As :meth:`heard_again`, and of a call the names of the speakers after their sides."""
        from core.channels.reading import SIDES
        from core.refine.apart import named_after, refine_apart
        from core.refine.refine import refine
        from core.stream.speech import Speech

        corrected = corrected or self.annotation
        if self.sides:
            parts = refine_apart(
                [side.windows for side in self.sides],
                [side.speech for side in self.sides],
                self.annotation.duration,
                speakers,
                bias=bias,
                corrected=corrected,
            )
            return named_after(parts, SIDES)
        found = refine(
            self.windows,
            self.speech or Speech(),
            self.annotation.duration,
            speakers,
            bias=bias,
            corrected=corrected,
        )
        return found, {}


@dataclass(frozen=True)
class Finished:
    """The last event: everything is on the disk and labelled."""

    result: LiveResult


Event: TypeAlias = (
    Turns | Folded | RecognisedVoices | Gap | Pause | Moved | Trouble | TroubleOver | Finished
)

_QUIET = Level()


@dataclass(frozen=True)
class SideStatus:
    """A moment of one side of a call.

    Parameters
    ----------
    name
        Which.
    device
        The input in use.
    there
        Whether it gives sound.
    level
        Its meter.
    lost
        Samples (16 kHz) of its channel that are missing so far.
    """

    name: SideName
    device: InputDevice
    there: bool = False
    level: Level = _QUIET
    lost: int = 0


@dataclass(frozen=True)
class Status:
    """A moment of a recording. Times in samples at 16 kHz unless they end in ``_s``.

    Parameters
    ----------
    state
        See :data:`State`.
    device
        The input in use, as far as the system tells.
    rate, channels
        Of the file; 0 before the device is open.
    position
        Recorded so far.
    labelled
        The diarizer has heard so much.
    level
        The meter; it also moves while paused.
    free_s
        Seconds until the disk is full, None if that can't be told.
    lost
        Samples lost so far, in all gaps (of a call: of both sides).
    overflows
        How often the sound card lost some.
    lag_s
        How old the oldest sound without a label is, or the last label was when it came.
    trouble
        What is wrong at this moment, newest last.
    sides
        Of a call the microphone and the computer's sound; ``device`` and ``level`` are the
        former's. Empty for a single input.
    """

    state: State
    device: InputDevice
    rate: int = 0
    channels: int = 0
    position: int = 0
    labelled: int = 0
    level: Level = _QUIET
    free_s: float | None = None
    lost: int = 0
    overflows: int = 0
    lag_s: float = 0.0
    trouble: tuple[Trouble, ...] = ()
    sides: tuple[SideStatus, ...] = ()
