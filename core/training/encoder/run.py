"""Training the speaker encoder: a run in a folder that goes on where it was stopped.

The folder holds ``state.npz`` (weights, optimizer, step; replaced in one step), ``log.jsonl`` (one
line of figures per so many steps), ``progress.png`` and, at the end, ``encoder.npz``: the arrays
that ``python -m core.training.files.export`` ships.
"""

from __future__ import annotations

import json
import math
import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from core.atomic import writable_folder, write_file
from core.errors import InputError, ModelError
from core.extras import missing_extra
from core.stream.encoder import Encoder
from core.training import require
from core.training.config import NetworkConfig, fast_config
from core.training.encoder.batches import (
    AGAIN,
    Batch,
    Batches,
    Crops,
    batches_ahead,
    first_made,
    heard_again,
)
from core.training.encoder.learner_parts import AnyLearner, LearnerEncoder, LossWeights
from core.training.files.export import npz_bytes, read_arrays

_TAUGHT = ("teacher", "relations", "posterior", "others", "voice")
"""Parts of the loss that a teacher is needed for."""
STATE = "state.npz"
LOG = "log.jsonl"
PICTURE = "progress.png"
ARRAYS = "encoder.npz"

Evaluate = Callable[[Encoder], Mapping[str, float]]
"""From an encoder, which takes windows of any length, to equal error rates in percent by name."""


@dataclass(frozen=True)
class Recipe:
    """What makes the weights what they are; a run goes on with its own recipe only.

    Parameters
    ----------
    network
        Size of the network.
    crops
        What it hears.
    loss
        Of the speaker classes.
    speaker, teacher, relations, posterior, voice, others
        Weights of the parts of the loss.
    margin
        Of AM-softmax.
    steps
        Batches in all.
    rate
        Highest learning rate; it rises over ``warmup`` steps, then falls as a cosine.
    weight_decay
        Of AdamW; biases and batch normalisation have none.
    final_share
        Share of the steps, at the end, for large-margin fine-tuning.
    final_margin, final_lengths
        Margin and lengths of crops in that share.
    bf16
        Compute in bfloat16.
    repeat
        Times that every crop is heard.
    engine
        Keras on its backend, or the same network in plain torch, faster on a CPU.
    muon
        Learn by it (:mod:`core.training.encoder.muon`), in torch.
    """

    network: NetworkConfig = field(default_factory=fast_config)
    crops: Crops = field(default_factory=Crops)
    loss: Literal["softmax", "am-softmax"] = "am-softmax"
    speaker: float = 1.0
    teacher: float = 0.0
    relations: float = 0.0
    posterior: float = 0.0
    voice: float = 0.0
    others: float = 0.0
    margin: float = 0.35
    steps: int = 20_000
    rate: float = 2e-3
    warmup: int = 500
    weight_decay: float = 1e-2
    final_share: float = 0.0
    final_margin: float = 0.5
    final_lengths: tuple[int, ...] = ()
    bf16: bool = False
    repeat: int = 1
    engine: Literal["keras", "torch"] = "keras"
    muon: bool = False

    @property
    def weights(self) -> LossWeights:
        return LossWeights(
            self.speaker, self.teacher, self.relations, self.posterior, self.voice, self.others
        )

    def is_final(self, step: int) -> bool:
        """Whether that step belongs to the large-margin fine-tuning."""
        return step >= self.steps * (1 - self.final_share)

    def crops_of(self, step: int) -> Crops:
        if self.is_final(step) and self.final_lengths:
            return replace(self.crops, lengths=self.final_lengths)
        return self.crops

    def margin_of(self, step: int) -> float:
        return self.final_margin if self.is_final(step) else self.margin


@dataclass(frozen=True)
class Pace:
    """What changes how a run goes, and nothing about its weights.

    Parameters
    ----------
    workers
        Processes that make batches; 0 for a thread.
    log_every, save_every, evaluate_every
        Steps; 0 for at the end only.
    compiled
        Let the backend compile the whole step (XLA, torch.compile).
    """

    workers: int = 0
    log_every: int = 50
    save_every: int = 500
    evaluate_every: int = 1000
    compiled: bool = False


def start_backend() -> str:
    """Import Keras and return its backend: KERAS_BACKEND, or else TensorFlow, or else torch.

    Raises
    ------
    MissingExtraError
        Keras, or anything that it could run on, is not there.
    """
    require("keras")
    if "keras" not in sys.modules and not os.environ.get("KERAS_BACKEND"):
        there = [name for name in ("tensorflow", "torch", "jax") if find_spec(name)]
        if not there:
            raise missing_extra("train", "Keras needs tensorflow or torch")
        os.environ["KERAS_BACKEND"] = there[0]
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import keras

    return str(keras.backend.backend())


def train_encoder(
    make: Callable[[], Batches],
    recipe: Recipe,
    out: Path,
    *,
    pace: Pace | None = None,
    evaluate: Evaluate | None = None,
    start_from: Path | None = None,
    tell: Callable[[Mapping[str, Any]], None] | None = None,
) -> Path:
    """Train, or go on training, and return the path of the arrays.

    Parameters
    ----------
    make
        See :func:`core.training.encoder.batches.batches_ahead`.
    out
        Folder of the run. The same call goes on from the state in it.
    evaluate
        On speakers who are held out.
    start_from
        Arrays to begin with, of the same network.
    tell
        Gets every line of the log.

    Raises
    ------
    InputError
        The folder holds a run of another recipe or of other speakers.
    ModelError
        The loss is no longer a number, or the arrays are another network's.
    OutputError
        The folder can't be written.
    """
    pace = pace or Pace()
    batches = make()
    teacher = batches.teacher if recipe.crops.teacher else None
    if recipe.weights.taught and teacher is None:
        raise ValueError("the recipe needs a teacher, and crops for it")
    if recipe.muon and recipe.engine != "torch":
        raise InputError("Muon learns in torch: give --engine torch")
    writable_folder(out)
    about = {
        "recipe": json.loads(json.dumps(asdict(recipe))),
        "speakers": list(batches.speakers),
        "teacher": teacher.name if teacher else "",
    }
    if not batches.classes and recipe.speaker:
        raise InputError("there is no speaker with a name to learn: give a corpus with speakers")
    first = _check_state(out / STATE, about) if (out / STATE).exists() else 0
    classes = max(1, batches.classes) if recipe.speaker else 1
    learner = _learner(recipe, classes, None if teacher is None else teacher.dim)
    learner.prepare(
        rate=recipe.rate,
        steps=recipe.steps,
        warmup=recipe.warmup,
        weight_decay=recipe.weight_decay,
        compiled=pace.compiled,
    )
    if start_from is not None:
        learner.load_arrays(read_arrays(start_from))
    if first:
        learner.load_state(out / STATE)

    encoder = LearnerEncoder(learner, recipe.crops.lengths[0], recipe.network.embedding)
    log = _Log(out, first, tell)
    steps = range(first, recipe.steps)
    # With --large-margin crops change on the way: a batch is made as for the step that hears it.
    with batches_ahead(
        make,
        lambda batch: recipe.crops_of(batch * recipe.repeat),
        first_made(steps, recipe.repeat),
        workers=pace.workers,
        # While a block is heard again, the next one is made.
        ahead=8 if recipe.repeat == 1 else AGAIN,
    ) as ahead:
        step = first
        heard = heard_again(ahead, recipe.repeat, steps)
        try:
            for step, batch in enumerate(heard, start=first + 1):
                _step(learner, recipe, batch, step, log)
                last = step == recipe.steps
                save = last or _due(step, pace.save_every)
                judge = evaluate is not None and (last or _due(step, pace.evaluate_every))
                if save or judge or _due(step, pace.log_every):
                    log.write(step, learner.rate)
                if judge and evaluate is not None:
                    log.write_rates(step, evaluate(encoder))
                if save:
                    learner.save_state(out / STATE, {**about, "step": step})
        except KeyboardInterrupt:
            # What was learnt since the last state is kept. The step under way may have changed
            # the weights already: it is the optimizer who counts.
            log.write(step, learner.rate)
            learner.save_state(out / STATE, {**about, "step": learner.done})
            raise
    return write_file(out / ARRAYS, npz_bytes(learner.arrays()))


def _due(step: int, every: int) -> bool:
    return bool(every) and step % every == 0


def _learner(recipe: Recipe, classes: int, teacher: int | None) -> AnyLearner:
    """With its first weights drawn by the recipe's seed."""
    weights = recipe.weights
    make: Callable[..., AnyLearner]
    if recipe.engine == "torch":
        require("torch")
        import torch

        from core.training.encoder.torch_learner import TorchLearner

        torch.manual_seed(recipe.crops.seed)
        make = partial(TorchLearner, muon=recipe.muon)
    else:
        start_backend()
        import keras

        from core.training.encoder.learner import Learner as make

        keras.utils.set_random_seed(recipe.crops.seed)
    return make(recipe.network, classes, recipe.loss, weights, teacher=teacher, bf16=recipe.bf16)


def _step(learner: AnyLearner, recipe: Recipe, batch: Batch, step: int, log: _Log) -> None:
    """One step, counted from 1."""
    targets: dict[str, NDArray[Any]] = {"label": batch.labels}
    if batch.heard is not None:
        targets["teacher"] = batch.heard
    figures = learner.step(batch.spectrograms, targets, recipe.margin_of(step - 1))
    if not math.isfinite(figures["loss"]):
        raise ModelError(
            f"the loss is not a number any more at step {step}: try a lower --rate; "
            "the last saved state is still there"
        )
    if batch.heard is None:
        figures = {k: v for k, v in figures.items() if k not in _TAUGHT}
    log.add(figures, len(batch.labels))


def _check_state(path: Path, about: Mapping[str, Any]) -> int:
    """The step that the state in the folder has reached."""
    try:
        found = json.loads(str(read_arrays(path)["about"]))
        recipe, speakers, step = found["recipe"], found["speakers"], int(found["step"])
        teacher = found.get("teacher", about["teacher"])  # older states don't tell
    except (KeyError, ValueError, TypeError) as error:
        raise ModelError(f"{path} is not the state of a run: give another --out") from error
    # Older states lack what recipes have had since: it is as if it had been left out.
    usual = json.loads(json.dumps(asdict(Recipe())))
    recipe = {**usual, **recipe, "crops": {**usual["crops"], **recipe.get("crops", {})}}
    for name, value in about["recipe"].items():
        if recipe.get(name) != value:
            raise InputError(
                f"{path.parent} holds a run with another {name}: give its recipe to go on, "
                "or another --out to begin anew"
            )
    if teacher != about["teacher"]:
        raise InputError(
            f"{path.parent} holds a run taught by {teacher or 'nobody'}: give that --teacher to go "
            "on, or another --out to begin anew"
        )
    if speakers != about["speakers"]:
        raise InputError(
            f"{path.parent} holds a run with other speakers: give its corpora to go on, "
            "or another --out to begin anew"
        )
    return step


# The log -----------------------------------------------------------------------------------------


class _Log:
    """Lines of figures; what a run that goes on will do again is taken out first."""

    def __init__(
        self, out: Path, first: int, tell: Callable[[Mapping[str, Any]], None] | None
    ) -> None:
        self._out, self._tell = out, tell
        self._sums: dict[str, float] = {}
        self._steps = self._crops = 0
        self._since = time.perf_counter()
        self.lines = [line for line in read_log(out) if line["step"] <= first]
        write_file(out / LOG, "".join(f"{json.dumps(line)}\n" for line in self.lines))

    def add(self, figures: Mapping[str, float], crops: int) -> None:
        for name, value in figures.items():
            self._sums[name] = self._sums.get(name, 0.0) + value
        self._steps += 1
        self._crops += crops

    def write(self, step: int, rate: float) -> None:
        """Means of the steps since the last line."""
        if not self._steps:
            return
        seconds = time.perf_counter() - self._since
        means = {name: round(value / self._steps, 6) for name, value in self._sums.items()}
        self._append(
            {"step": step, **means, "rate": rate, "crops_per_s": round(self._crops / seconds, 1)}
        )
        self._sums.clear()
        self._steps = self._crops = 0

    def write_rates(self, step: int, rates: Mapping[str, float]) -> None:
        """Equal error rates, and the picture."""
        self._append({"step": step, "eer": {name: round(v, 3) for name, v in rates.items()}})
        draw_log(self.lines, self._out / PICTURE)

    def _append(self, line: dict[str, Any]) -> None:
        self.lines.append(line)
        with open(self._out / LOG, "a", encoding="utf-8") as file:
            file.write(f"{json.dumps(line)}\n")
        self._since = time.perf_counter()
        if self._tell is not None:
            self._tell(line)


def read_log(out: Path) -> list[dict[str, Any]]:
    """The lines of a run's log; one that was cut off by a crash is left out."""
    path = out / LOG
    lines: list[dict[str, Any]] = []
    if path.exists():
        for text in path.read_text("utf-8").splitlines():
            try:
                lines.append(json.loads(text))
            except ValueError:
                break
    return lines


def draw_log(lines: list[dict[str, Any]], path: Path) -> bool:
    """Loss and equal error rate over the steps, as PNG; False without matplotlib."""
    if find_spec("matplotlib") is None:
        return False
    import io

    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 6), layout="constrained")
    FigureCanvasAgg(figure)
    above, below = figure.subplots(2, 1, sharex=True)
    learnt = [line for line in lines if "loss" in line]
    for name in ("loss", "speaker"):
        above.plot([x["step"] for x in learnt], [x[name] for x in learnt], label=name)
    above.set_ylabel("loss")
    above.legend()
    judged = [line for line in lines if "eer" in line]
    for name in sorted({name for line in judged for name in line["eer"]}):
        points = [(x["step"], x["eer"][name]) for x in judged if name in x["eer"]]
        below.plot(*np.array(points).T, marker=".", label=name)
    below.set(xlabel="step", ylabel="EER %", ylim=(0, None))
    if judged:
        below.legend()
    content = io.BytesIO()
    figure.savefig(content, format="png", dpi=120)
    write_file(path, content.getvalue())
    return True
