"""``voicelanes record``: a meeting from the microphone, a line per turn as it settles."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from core.cli.ending import handled
from core.cli.known import recognised, verdict
from core.cli.output import say, show, show_text
from core.cli.parser import UsageError, command, runs
from core.cli.shared import RECOVER, minutes, speaker_count

if TYPE_CHECKING:
    from core.annotation.values import Annotation, Turn
    from core.audio.devices import InputDevice
    from core.audio.levels import Level
    from core.cli.parser import Commands
    from core.live.recording import Event, LiveRecording, LiveResult, Status
    from core.pipeline import SpeakerCount
    from core.stream.diarizer import Diarizer
    from core.voices.naming import Names

_MORE = """\
Records until Ctrl+C (or for --minutes), as a WAV file with the rate and channels of the input,
and prints a line per turn as soon as it is settled. When it ends, everything is heard once more
and the turns of that second pass are printed as 'voicelanes diarize' would. Remembered voices are
named as soon as enough of them was heard ('voicelanes voices').
With --call the computer's sound is recorded, too: the other side of a call, on the second channel,
in step with the microphone on the first one. Each may be missing or come back. Nobody is on both
sides; the echo of the other side in the microphone makes no turns. The file is complete
on the disk at every moment; after a crash the next 'voicelanes record' tells of it and the window
offers to recover it."""

_EXAMPLES = """\
  voicelanes record --out talk.wav
  voicelanes record --device headset --minutes 45 --rttm --out meeting.wav
  voicelanes record --call --out call.wav
"""

_LOOK_S = 0.1
_MISSING = {
    "device": "there is sound again",
    "no sound": "there is sound again",
    "computer": "the computer's sound is there again",
}
"""Troubles, and what is said when they are over."""
_AGAIN_S = 3.0
"""A device that is gone is tried again so often."""


class _Given(NamedTuple):
    out: str
    device: str | None
    call: str | None
    minutes: float | None
    speakers: SpeakerCount | None
    first_pass: bool
    rttm: bool


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = command(commands, "record", "record and tell who speaks when", _MORE, _EXAMPLES)
    parser.add_argument("--out", metavar="FILE", required=True, help="the WAV file to make")
    parser.add_argument(
        "--device",
        metavar="NAME",
        help="an input, or a part of its name; 'voicelanes devices' lists them",
    )
    parser.add_argument(
        "--call",
        metavar="NAME",
        nargs="?",
        const="",
        help="record what the computer plays, too (NAME: which input gives that)",
    )
    parser.add_argument("--minutes", metavar="N", type=minutes, help="stop after so many minutes")
    parser.add_argument(
        "--speakers",
        metavar="N|MIN-MAX",
        type=speaker_count,
        help="how many people speak, if you know",
    )
    parser.add_argument(
        "--first-pass", action="store_true", help="no second pass when the recording ends"
    )
    parser.add_argument("--rttm", action="store_true", help="write the turns beside it: FILE.rttm")
    runs(parser, run, _Given)


def run(given: _Given) -> int:
    """Record; 1 if the recording ended for another reason than it should."""
    path = Path(given.out)
    if path.suffix.lower() != ".wav":
        raise UsageError(f"recordings are WAV files; give a name such as {path.stem}.wav")
    from core.audio.devices import find_input
    from core.live.recording import LiveRecording
    from core.live.voices import live_voices

    _tell_of_interrupted()
    device = find_input(given.device)
    live = LiveRecording(
        path,
        device,
        computer=None if given.call is None else _other_side(given.call, device),
        diarizer=_diarizer(given.speakers),
        voices=live_voices(),
    )
    try:
        # The first signal ends the recording, a second one the program.
        with handled(lambda *_: live.stop()):
            result, went_well = _follow(live, given)
    except BaseException:
        live.stop()
        live.join(10)
        raise
    return max(_tell_the_end(result, given), int(not went_well))


def _other_side(name: str, device: InputDevice) -> InputDevice:
    """What gives the computer's sound beside a microphone."""
    from core.audio.devices import computer_sound, find_input, list_inputs, no_computer_sound
    from core.errors import InputError

    if device.monitor:
        raise InputError(f"{device.name} is no microphone: name one with --device")
    found = find_input(name) if name else computer_sound(list_inputs())
    if found is None:
        raise InputError(f"the computer's sound can't be recorded: {no_computer_sound()}")
    if not found.monitor:
        raise InputError(
            f"{found.name} doesn't give what the computer plays: 'voicelanes devices' says which"
            " input is a monitor"
        )
    return found


def _tell_of_interrupted() -> None:
    """Say what a crash left, in one line however much it is."""
    from core.audio.recorder import find_interrupted
    from core.units import short_time, to_samples

    if found := find_interrupted():
        first, more = found[0], len(found) - 1
        which = f"{first.path} ({short_time(to_samples(first.seconds))})"
        were = f"and {more} more were" if more else "was"
        say(f"{which} {were} interrupted while recording; {RECOVER}")


def _diarizer(count: SpeakerCount | None) -> Callable[[], Diarizer]:
    def make() -> Diarizer:
        from core.pipeline import new_diarizer

        return new_diarizer(max_speakers=count.maximum if count else None, live=True)

    return make


def _follow(live: LiveRecording, given: _Given) -> tuple[LiveResult, bool]:
    """Print what happens until the end: what it left, and whether it ended as it should."""
    from core.live.recording import (
        Finished,
        Gap,
        Moved,
        RecognisedVoices,
        Trouble,
        TroubleOver,
        Turns,
    )

    limit = given.minutes * 60 if given.minutes else None
    lines, again, voices = Lines(), Again(live, given.device), _Voices()
    went_well = True
    shown = _StatusLine()
    while True:
        for event in live.events():
            shown.clear()
            if isinstance(event, Turns):
                for turn in lines.settled(event.changes.since, event.changes.turns):
                    _print_turn(turn, live.status)
            elif isinstance(event, RecognisedVoices):
                for line in voices.news(event.names):
                    say(line)
            elif isinstance(event, Trouble):
                say(event.text)
                if event.kind == "device" and not (live.status.rate or live.status.sides):
                    live.stop()  # nothing was recorded yet: let the person choose
                went_well &= event.kind not in ("disk full", "writing")
            elif isinstance(event, Gap | Moved | TroubleOver):
                _tell_of(event)
            elif isinstance(event, Finished):
                for turn in lines.rest(event.result.annotation.turns):
                    _print_turn(turn, live.status)
                return event.result, went_well
        status = live.status
        again.look(status)
        shown.show(status)
        if limit is not None and status.position >= limit * 16_000:
            live.stop()
        time.sleep(_LOOK_S)


class Lines:
    """Which turns can't change any more; each is given once, in order."""

    def __init__(self) -> None:
        self._open: list[Turn] = []
        self._told = 0

    def settled(self, since: int, turns: tuple[Turn, ...]) -> Iterator[Turn]:
        """Take in a change; the turns that it leaves as they are."""
        yield from self._tell([turn for turn in self._open if turn.end <= since])
        self._open = [turn for turn in self._open if turn.end <= since] + list(turns)

    def rest(self, turns: tuple[Turn, ...]) -> Iterator[Turn]:
        """Of all turns, those that were not given yet."""
        yield from self._tell(turns)

    def _tell(self, turns: list[Turn] | tuple[Turn, ...]) -> Iterator[Turn]:
        for turn in turns:
            if turn.end > self._told:
                self._told = turn.end
                yield turn


class Again:
    """Tries the device again once it is gone: in a terminal nobody can choose another."""

    def __init__(self, live: LiveRecording, name: str | None) -> None:
        self._live, self._name = live, name
        self._next = 0.0

    def look(self, status: Status) -> None:
        from core.audio.devices import find_input, list_inputs
        from core.errors import InputError

        if status.sides:  # a call looks for its devices itself
            return
        if status.state != "interrupted" or time.monotonic() < self._next:
            return
        with contextlib.suppress(InputError):
            devices = list_inputs(refresh=True)
            self._live.switch_device(find_input(self._name, devices))
        self._next = time.monotonic() + _AGAIN_S


class _Voices:
    """Who was said to speak; said again only if it is somebody else, or sure now."""

    def __init__(self) -> None:
        self._said: dict[int, str] = {}

    def news(self, names: Names) -> Iterator[str]:
        for speaker, name in sorted(names.by_speaker.items()):
            who = f"Speaker {speaker + 1}"
            label = name.label(who)
            if self._said.get(speaker) != label:
                self._said[speaker] = label
                yield verdict(who, name)


def _meter(level: Level, width: int) -> str:
    bar = "#" * round((max(level.peak, -60.0) + 60) / 60 * width)
    return f"[{bar:<{width}}] {level.peak:4.0f} dB {level.words}"


class _StatusLine:
    """The time, level and lag on a terminal's last line."""

    def __init__(self) -> None:
        self._seen = sys.stderr.isatty()
        self._width = 0

    def show(self, status: Status) -> None:
        if not self._seen:
            return
        from core.units import clock

        sides = [side.level for side in status.sides] or [status.level]
        meters = [_meter(level, 20 // len(sides)) for level in sides]
        words = [
            clock(status.position, hours=True)[:-2],
            *meters,
            f"labels {status.lag_s:.1f} s behind",
            f"{status.lost / 16_000:.1f} s lost" if status.lost else "",
            status.state if status.state != "recording" else "",
        ]
        line = "  ".join(filter(None, words))
        print(f"\r{line:<{self._width}}", end="", file=sys.stderr, flush=True)
        self._width = len(line)

    def clear(self) -> None:
        if self._seen and self._width:
            print(f"\r{'':<{self._width}}\r", end="", file=sys.stderr, flush=True)
            self._width = 0


def _print_turn(turn: Turn, status: Status) -> None:
    from core.units import clock

    who = _on_side(turn.speaker, len(status.sides)) if status.sides else turn.speaker
    show(f"{clock(turn.start)} ==> {clock(turn.end)}  {who}")


def _on_side(speaker: int, sides: int) -> str:
    """A speaker of a call by the side, and a number where it is not the first one there."""
    from core.channels.reading import SIDES

    own, side = divmod(speaker, sides)
    return f"{SIDES[side]} {own + 1}" if own else SIDES[side]


def _tell_of(event: Event) -> None:
    from core.live.recording import Gap, Moved, TroubleOver
    from core.units import clock

    if isinstance(event, Gap):
        seconds = (event.end - event.start) / 16_000
        of = {None: "sound", "microphone": "the microphone", "computer": "the computer's sound"}
        what = f"{seconds:.2f} s of {of[event.side]}"
        say(f"{what} are missing at {clock(event.start)}; there is silence there")
    elif isinstance(event, Moved):
        say(f"{clock(event.at)}: {event}")
    elif isinstance(event, TroubleOver) and event.kind in _MISSING:
        say(_MISSING[event.kind])


def _tell_the_end(result: LiveResult, given: _Given) -> int:
    from core.formats import listing
    from core.models.folders import current_models
    from core.units import to_seconds

    if result.path is None:
        say("nothing was recorded: no sound came before the end")
        return 1
    annotation = result.annotation
    if result.diarized and not given.first_pass:
        annotation = result.second_pass(given.speakers).numbered_by_appearance()
    if result.diarized:
        models = current_models(on_problem=say)
        annotation = recognised(annotation, result.windows, models, result.path.name)
        if annotation.turns and not given.first_pass:
            show_text(f"\n{listing.render(annotation)}")
    if result.diarized and not annotation.turns:
        say("no speech found")
    written = [str(result.path), *(_rttm(annotation, result) if given.rttm else [])]
    say(f"wrote {', '.join(written)} ({to_seconds(result.annotation.duration):.1f} s)")
    return 0 if result.diarized else 1


def _rttm(annotation: Annotation, result: LiveResult) -> list[str]:
    from core.formats import write_annotation

    if not (result.diarized and result.path):
        return []
    path = result.path.with_suffix(".rttm")
    return [str(write_annotation(annotation, path, "rttm", path.stem))]
