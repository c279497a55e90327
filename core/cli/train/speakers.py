"""``voicelanes train speakers``: a UIS-RNN from simulated conversations."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from core.cli.output import show
from core.cli.parser import UsageError, command, runs, whole_number
from core.cli.shared import add_workers
from core.units import to_samples

if TYPE_CHECKING:
    from core.cli.parser import Commands
    from core.models.manifest import ModelSet
    from core.training.data.voices import OnStep
    from core.training.files.encoder_file import Loose

_MORE = """\
Simulates conversations of the speakers in VOICES, lets the live stream hear them, fits a UIS-RNN
to what it heard (uisrnn on torch, the [train] install) and calibrates it on conversations of other
speakers. VOICES is the folder of a cache, or CORPUS=FOLDER for a corpus as it was unpacked.
Calibrate on speakers that the encoder was not trained on either, or it will be too sure of itself.

Everything is kept in DIR as it comes: the same command goes on where a training was stopped. What
comes out doesn't depend on --workers or --scheduler, which need the [archive] install; workers on
other machines need this version of Voicelanes, and VOICES and DIR under the same paths."""

_EXAMPLES = """\
  voicelanes train speakers librispeech=LibriSpeech --out speakers
  voicelanes train speakers cache/train --others cache/held-out --out speakers
  voicelanes train speakers cache/train --encoder runs/a/encoder.npz --out speakers
  python -m core.training.files.export encoder.npz speakers/fitted.npz  (as 'train speakers' tells)
"""


class _Given(NamedTuple):
    voices: tuple[str, ...]
    out: str
    others: tuple[str, ...] | None
    leave_out: tuple[str, ...]
    models: str | None
    encoder: str | None
    window: float | None
    hop: float | None
    conversations: int
    calibrations: int
    iterations: int
    seed: int
    lda: int | None
    workers: int | None
    scheduler: str | None


def add(kinds: Commands) -> None:
    """Declare ``train speakers``."""
    parser = command(kinds, "speakers", "train the decoder that tells speakers", _MORE, _EXAMPLES)
    parser.add_argument("voices", nargs="+", metavar="VOICES", help="speech to learn from")
    parser.add_argument("--out", required=True, metavar="DIR", help="where everything is kept")
    parser.add_argument(
        "--others",
        nargs="+",
        metavar="VOICES",
        help="speech to calibrate on (default: a fifth of the speakers)",
    )
    parser.add_argument(
        "--leave-out", nargs="+", default=[], metavar="FILE", help="lists of speakers who judge"
    )
    parser.add_argument("--models", metavar="DIR", help="the encoder's models (default: our own)")
    parser.add_argument(
        "--encoder",
        metavar="FILE",
        help="in place of their encoder: encoder.npz of a training, of any size, or an .onnx",
    )
    for option, meaning in (("--window", "of its windows"), ("--hop", "from one to the next")):
        parser.add_argument(
            option,
            type=_seconds,
            metavar="S",
            help=f"seconds {meaning} (default: those of the models)",
        )
    count = whole_number(1, 10_000_000, "a number from 1 on")
    for option, default, meaning in (
        ("--conversations", 200, "conversations to learn from"),
        ("--calibrations", 24, "conversations to calibrate on"),
        ("--iterations", 200, "steps of the fit"),
        ("--seed", 1, "of everything random"),
    ):
        meaning = f"{meaning} (default: {default})"
        parser.add_argument(option, type=count, default=default, metavar="N", help=meaning)
    parser.add_argument(
        "--lda",
        type=whole_number(0, 4096, "a number from 0 to 4096"),
        metavar="N",
        help="directions of the linear discriminant analysis in which an encoder.npz is to end "
        "(default: 128; 0 for none)",
    )
    add_workers(
        parser, "processes that decode, and make and hear conversations (default: this one)"
    )
    runs(parser, run, _Given)


def run(given: _Given) -> int:
    """Train, or go on; the last lines say what came out and what to do with it."""
    from core.atomic import writable_folder
    from core.models.manifest import ModelSet, shipped_models
    from core.stream.segmentation import Segmentation
    from core.stream.speech_edges import SpeechEdges
    from core.training import require
    from core.training.data.corpora import read_held_out
    from core.training.data.voices import part, read_voices
    from core.training.files.lda import DIRECTIONS
    from core.training.speakers.fitting import FitSettings
    from core.training.speakers.run import Ears, SpeakerTraining, train_speakers
    from core.workers.pool import opened

    require("torch", "uisrnn")
    models = ModelSet.load(Path(given.models)) if given.models else shipped_models()
    heard = _encoder(given, models)
    if given.lda and not heard.size:
        raise UsageError("--lda belongs to --encoder with an encoder.npz")
    identity = f"{heard.identity} {models.speech.sha256}"
    # By their bytes: other machines have other folders.
    ears = Ears(
        heard.encoder,
        partial(Segmentation.of_bytes, Segmentation.file(models)),
        partial(SpeechEdges.of_bytes, *SpeechEdges.files(models)),
        identity,
    )
    folder = writable_folder(given.out)
    left_out = {name for path in given.leave_out for name in read_held_out(Path(path))}
    settings = SpeakerTraining(
        conversations=given.conversations,
        calibrations=given.calibrations,
        seed=given.seed,
        lda=(DIRECTIONS if given.lda is None else given.lda) if heard.size else 0,
        fit=FitSettings(iterations=given.iterations, seed=given.seed),
    )
    caches = folder / "caches"
    with opened(given.workers, given.scheduler) as pool, _bars() as on_step:
        voices, utterances = read_voices(given.voices, caches, left_out, on_step, pool)
        if given.others:
            others, _ = read_voices(given.others, caches, left_out, on_step, pool)
        else:
            voices, others = part(voices, utterances, 0.2, given.seed)
        trained = train_speakers(voices, others, ears, folder, settings, on_step, pool)
    for which, trial in (("as fitted", trained.as_fitted), ("calibrated", trained.best)):
        show(f"{which}: DER {100 * trial.der:.1f} % on conversations of {len(others)} others")
    found = trained.best.calibration
    name = given.encoder or "ENCODER.npz"
    words = [f"python -m core.training.files.export {name} {trained.fitted}"]
    words += [f"--sigma2-factor {found.sigma2_factor:g}", f"--crp-alpha {found.crp_alpha:g}"]
    words += [f"--transition-bias {found.transition_bias:.6g}"]
    words += [f"--config {heard.size}"] if heard.size else []
    words += [f"--lda {trained.lda}"] if trained.lda else []
    show(" ".join(words))
    return 0


def _encoder(given: _Given, models: ModelSet) -> Loose:
    """What hears."""
    from core.stream.encoder import OnnxEncoder
    from core.training.files.encoder_file import Loose, load_encoder

    if not given.encoder:
        if given.window or given.hop:
            raise UsageError("--window and --hop belong to --encoder")
        return Loose(OnnxEncoder(models), models.encoder.sha256)
    return load_encoder(
        Path(given.encoder),
        to_samples(given.window) if given.window else models.encoder.window,
        to_samples(given.hop) if given.hop else models.encoder.hop,
    )


@contextmanager
def _bars() -> Iterator[OnStep]:
    """A bar for each stage on standard error; in a log a line every minute."""
    from tqdm import tqdm

    pause = 0.1 if sys.stderr.isatty() else 60.0
    bars: dict[str, tqdm] = {}

    def on_step(stage: str, done: int, total: int, words: str) -> None:
        if stage not in bars:
            for bar in bars.values():
                bar.close()
            bars[stage] = tqdm(total=total, desc=stage, file=sys.stderr, mininterval=pause)
        bars[stage].set_postfix_str(words, refresh=False)
        bars[stage].update(done - bars[stage].n)

    try:
        yield on_step
    finally:
        for bar in bars.values():
            bar.close()


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0.05 <= value <= 60:
        raise argparse.ArgumentTypeError(f"give seconds from 0.05 to 60, not {text!r}")
    return value
