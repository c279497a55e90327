"""``voicelanes devices``: the inputs that ``record`` can use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.cli.output import say, show
from core.cli.parser import command, runs

if TYPE_CHECKING:
    from core.cli.parser import Commands

_MORE = """\
One line per input: its name and host API in brackets, rate and channels. The first one is used
unless another is named. A monitor gives what this machine plays: the other side of a call
('record --call')."""

_EXAMPLES = """\
  voicelanes devices
  voicelanes record --device headset --out talk.wav
"""


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = command(commands, "devices", "list microphones and other inputs", _MORE, _EXAMPLES)
    runs(parser, run)


def run() -> int:
    """Print the inputs; 1 if there are none."""
    from core.audio.devices import NO_INPUT, computer_sound, list_inputs, no_computer_sound

    devices = list_inputs(refresh=True)
    for device in devices:
        marks = [", default"] * device.default + [", monitor"] * device.monitor
        show(f"{device}{''.join(marks)}")
    if devices and computer_sound(devices) is None:
        say(f"no monitor was found: {no_computer_sound()}")
    if not devices:
        say(f"no microphone was found: {NO_INPUT}")
    return 0 if devices else 1
