"""``voicelanes devices``: the inputs that ``record`` can use."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from .output import say, show
from .parser import command

if TYPE_CHECKING:
    from .parser import Commands

_MORE = """\
One line per input: its name and host API in brackets, rate and channels. The first one is used
unless another is named. A monitor gives what this machine plays."""

_EXAMPLES = """\
  voicelanes devices
  voicelanes record --device headset --out talk.wav
"""


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = command(commands, "devices", "list microphones and other inputs", _MORE, _EXAMPLES)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the inputs; 1 if there are none."""
    from ..audio.devices import NO_INPUT, list_inputs

    devices = list_inputs(refresh=True)
    for device in devices:
        marks = [", default"] * device.default + [", monitor"] * device.monitor
        show(f"{device}{''.join(marks)}")
    if not devices:
        say(f"no microphone was found: {NO_INPUT}")
    return 0 if devices else 1
