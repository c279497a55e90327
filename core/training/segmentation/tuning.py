"""Fine-tuning the segmentation network on conversations, in a folder that goes on where it stopped.

The network learns who speaks in chunks of 10 s (:func:`permuted_loss`), and is held to what it
said of the same chunks before it was tuned (:func:`kept_loss`): the conversations are made, and
what it knows of real ones is not to get lost. The folder holds ``state.pt`` (weights, optimizer,
step; replaced in one step), ``log.jsonl`` and ``segmentation.pt``: the weights so far, a state dict
that ``python -m core.training.segmentation.export`` takes.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from core.atomic import writable_folder, write_file
from core.errors import InputError, ModelError
from core.runtime import single_torch_thread
from core.training.segmentation.chunks import Recorded, batch
from core.training.segmentation.losses import kept_loss, permuted_loss
from core.training.segmentation.network import SegmentationNetwork, load

STATE = "state.pt"
LOG = "log.jsonl"
WEIGHTS = "segmentation.pt"
_LARGEST = 1.0
"""Norm of the gradient of a step, at most."""

State = Mapping[str, torch.Tensor]


@dataclass(frozen=True)
class TuningRecipe:
    """What makes the weights what they are; a run goes on with its own recipe only.

    Parameters
    ----------
    steps, size
        Batches in all, and chunks in each.
    rate
        Highest learning rate; it rises over ``warmup`` steps and then falls as a cosine.
    keep
        Weight of what the untuned network says, beside 1 for who speaks.
    mix
        Share of the tuned weights in those that come out, 0..1; the rest are the untuned ones.
    dropout
        Between the layers of the LSTM.
    seed
        Of the chunks.
    """

    steps: int = 2000
    size: int = 16
    rate: float = 1e-4
    warmup: int = 50
    keep: float = 0.5
    mix: float = 1.0
    dropout: float = 0.0
    seed: int = 1

    def rate_of(self, step: int) -> float:
        """The learning rate of a step, from 0 on."""
        rise = min(1.0, (step + 1) / max(1, self.warmup))
        return self.rate * rise * 0.5 * (1 + math.cos(math.pi * min(1.0, step / self.steps)))


@dataclass(frozen=True)
class TuningPace:
    """How often a run is logged and kept, in steps; nothing of it changes the weights."""

    log_every: int = 20
    save_every: int = 100


def tune(
    start: State,
    conversations: Sequence[Recorded],
    recipe: TuningRecipe,
    out: Path,
    pace: TuningPace | None = None,
    tell: Callable[[Mapping[str, Any]], None] = lambda line: None,
) -> Path:
    """Tune, or go on, and return the path of the weights.

    Parameters
    ----------
    start
        The weights to begin with, which are also the teacher.
    out
        Folder of the run.
    tell
        Gets every line of the log.

    Raises
    ------
    InputError
        If the folder holds a run of another recipe, other weights or other conversations.
    ModelError
        If the weights are another network's, or the loss is no longer a number.
    OutputError
        If the folder can't be written.
    """
    pace = pace or TuningPace()
    folder = writable_folder(out)
    # By their names and lengths: the same folders may lie elsewhere on the next day.
    talks = sorted(f"{t.path.parent.name}/{t.path.name} {t.length}" for t in conversations)
    about = {"recipe": asdict(recipe), "conversations": talks, "weights": _digest(start)}
    with single_torch_thread():
        teacher = load(start)
        student = load(start, recipe.dropout).train()
        optimizer = torch.optim.AdamW(student.parameters(), lr=recipe.rate, weight_decay=0.0)
        first = _go_on(folder / STATE, about, student, optimizer)
        sums = np.zeros(3)
        began = time.monotonic()
        for step in range(first, recipe.steps):
            for group in optimizer.param_groups:
                group["lr"] = recipe.rate_of(step)
            torch.manual_seed(recipe.seed + step)  # dropout, the same whenever a run goes on
            samples, voices = batch(conversations, recipe.size, recipe.seed, step)
            said = student(torch.from_numpy(samples))
            with torch.no_grad():
                taught = teacher(torch.from_numpy(samples))
            right = permuted_loss(said, torch.from_numpy(voices))
            kept = kept_loss(said, taught)
            loss = right + recipe.keep * kept
            if not math.isfinite(float(loss.detach())):
                raise ModelError(
                    f"at step {step} the loss is no longer a number: go on from the last state"
                    " with a lower --rate in another folder"
                )
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(student.parameters(), _LARGEST)
            optimizer.step()
            sums += float(right.detach()), float(kept.detach()), 1
            done = step + 1
            if done % pace.log_every == 0 or done == recipe.steps:
                line = {
                    "step": done,
                    "loss": round(sums[0] / sums[2], 4),
                    "kept": round(sums[1] / sums[2], 4),
                    "rate": recipe.rate_of(step),
                    "chunks_per_second": round(
                        sums[2] * recipe.size / (time.monotonic() - began), 2
                    ),
                }
                sums[:], began = 0, time.monotonic()
                with open(folder / LOG, "a", encoding="utf-8") as log:
                    log.write(json.dumps(line) + "\n")
                tell(line)
            if done % pace.save_every == 0 or done == recipe.steps:
                state = {"about": json.dumps(about), "step": done}
                state |= {"network": student.state_dict(), "optimizer": optimizer.state_dict()}
                # In this order: where the state says that all is done, the weights are there.
                write_file(folder / WEIGHTS, _bytes(mixed(teacher, student, recipe.mix)))
                write_file(folder / STATE, _bytes(state))
    return folder / WEIGHTS


def mixed(first: SegmentationNetwork, second: SegmentationNetwork, share: float) -> State:
    """A state dict with ``share`` of the second's weights and the rest of the first's."""
    others = second.state_dict()
    return {
        name: torch.lerp(array, others[name], share) for name, array in first.state_dict().items()
    }


def _go_on(
    path: Path,
    about: Mapping[str, Any],
    network: SegmentationNetwork,
    optimizer: torch.optim.Optimizer,
) -> int:
    """Take up the state of a run if there is one; the step to go on with."""
    if not path.exists():
        return 0
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
        before, step = json.loads(state["about"]), int(state["step"])
    except Exception as error:  # torch raises what it meets
        raise InputError(f"{path} is no state of a run: give another folder") from error
    if before != json.loads(json.dumps(about)):
        raise InputError(
            f"{path.parent} holds a run of another recipe or of other conversations or of other"
            " weights: give the same again, or another folder"
        )
    network.load_state_dict(state["network"])
    optimizer.load_state_dict(state["optimizer"])
    return step


def _digest(state: State) -> str:
    """What tells weights from others."""
    digest = hashlib.sha256()
    for name in sorted(state):
        digest.update(state[name].contiguous().numpy().tobytes())
    return digest.hexdigest()


def _bytes(content: object) -> bytes:
    file = io.BytesIO()
    torch.save(content, file)
    return file.getvalue()
