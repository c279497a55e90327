"""The network while it learns, in plain torch: what :mod:`core.training.encoder.learner` is on
Keras.

Two to three times as fast on a CPU. Same losses, same optimizer, same arrays; the two don't follow
each other to the last digit, so a run goes on with the engine that it began with.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from core.atomic import write_file
from core.errors import ModelError
from core.training.config import Arrays, NetworkConfig
from core.training.encoder.learner_parts import (
    CLIP,
    EMPTY,
    MEMORY,
    PARTS,
    SCALE,
    SHARPNESS,
    LossWeights,
    places_of,
)
from core.training.encoder.muon import Muon
from core.training.encoder.torch_network import TorchNetwork, unit
from core.training.files.export import npz_bytes, read_arrays


class TorchLearner(nn.Module):  # type: ignore[misc]
    """See :class:`core.training.encoder.learner.Learner`; the arguments are the same, and ``muon``,
    to learn by it what is inside of the network.
    """

    def __init__(
        self,
        config: NetworkConfig,
        classes: int,
        loss: Literal["softmax", "am-softmax"],
        weights: LossWeights,
        *,
        teacher: int | None = None,
        bf16: bool = False,
        muon: bool = False,
    ) -> None:
        super().__init__()
        self.muon = muon
        self.config, self.loss_name, self.loss_weights = config, loss, weights
        self.network = TorchNetwork(config, bf16)
        self.taught = teacher is not None
        self.translation = (
            nn.Linear(config.embedding, teacher, bias=False)
            if teacher is not None and teacher != config.embedding
            else None
        )
        # Only the direction of a center counts. Adam turns every one a little at every step,
        # however small its gradient, and the longer it is the less: with thousands of classes,
        # short ones have turned away from their speaker before they see it again.
        self.centers = nn.Parameter(torch.randn(classes, config.embedding))
        self.register_buffer("met", torch.zeros(classes, dtype=torch.bool))
        kept = MEMORY if weights.remembering else 0
        self.register_buffer("memory", torch.zeros(kept, teacher or 0))
        self.register_buffer("remembered", torch.full((kept,), EMPTY))
        self.done = 0

    def prepare(
        self, *, rate: float, steps: int, warmup: int, weight_decay: float, compiled: bool = False
    ) -> None:
        """AdamW; the rate rises over ``warmup`` steps and falls as a cosine to a hundredth."""
        inner = [p for name, p in self.network.named_parameters() if _is_inner(name, p)]
        inside = {id(p) for p in inner} if self.muon else set()
        outer = [p for p in self.parameters() if id(p) not in inside]
        groups = [
            {"params": [p for p in outer if p.dim() > 1], "weight_decay": weight_decay},
            {"params": [p for p in outer if p.dim() <= 1], "weight_decay": 0.0},
        ]
        self._optimizers: list[torch.optim.Optimizer] = [torch.optim.AdamW(groups, rate, eps=1e-7)]
        if self.muon:
            self._optimizers.append(Muon(inner, rate, weight_decay))
        self._highest, self._steps, self._warmup = rate, max(1, steps - warmup), warmup
        if compiled:
            self.network.compile()

    @property
    def rate(self) -> float:
        """Learning rate of the next step."""
        if self.done < self._warmup:
            return self._highest * self.done / self._warmup
        share = min(1.0, (self.done - self._warmup) / self._steps)
        return self._highest * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * share)))

    def step(
        self, spectrograms: NDArray[np.float32], targets: Mapping[str, NDArray[Any]], margin: float
    ) -> dict[str, float]:
        """One step; the loss and its parts before it."""
        self.train()
        for optimizer in self._optimizers:
            for group in optimizer.param_groups:
                group["lr"] = self.rate
        raw, embedding = self.network(torch.from_numpy(spectrograms))
        labels = torch.from_numpy(np.asarray(targets["label"], np.int64))
        parts: dict[str, torch.Tensor] = {}
        loss = torch.zeros(())
        if self.loss_weights.speaker:
            parts["speaker"], parts["accuracy"] = self._named(raw, embedding, labels, margin)
            loss = self.loss_weights.speaker * parts["speaker"]
        if self.taught:
            heard = torch.from_numpy(np.asarray(targets["teacher"], np.float32))
            said = embedding if self.translation is None else self.translation(embedding)
            parts["teacher"] = (1.0 - (unit(said) * unit(heard)).sum(-1)).mean()
            student, teacher = unit(embedding), unit(heard)
            relations = (student @ student.T - teacher @ teacher.T).square().mean()
            parts["relations"] = relations
            loss = loss + self.loss_weights.teacher * parts["teacher"]
            loss = loss + self.loss_weights.relations * relations
            if self.loss_weights.remembering:
                self._remember(heard, labels)
                recalled = self._recalled(said, heard, labels)
                for name, part in recalled.items():
                    loss = loss + getattr(self.loss_weights, name) * part
                parts.update(recalled)
        self.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.parameters(), CLIP)
        for optimizer in self._optimizers:
            optimizer.step()
        self.done += 1
        logs = {name: float(part.detach()) for name, part in parts.items()}
        return {"loss": float(loss.detach()), **{name: logs.get(name, 0.0) for name in PARTS}}

    def _meet(self, embeddings: torch.Tensor, labels: torch.Tensor) -> None:
        """A class begins where its speaker is first heard (Qi et al. 2018, arXiv 1712.07136)."""
        new = (labels >= 0) & ~self.met[labels]
        with torch.no_grad():
            self.centers[labels[new]] = unit(embeddings[new]) * self.centers.shape[1] ** 0.5
        self.met[labels[new]] = True

    def _named(
        self, raw: torch.Tensor, embedding: torch.Tensor, labels: torch.Tensor, margin: float
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Cross-entropy and accuracy of the speaker classes."""
        self._meet(embedding.detach(), labels)
        if self.loss_name == "softmax":
            logits = raw @ self.centers.T
        else:
            cosines = unit(embedding) @ unit(self.centers).T
            logits = SCALE * (cosines - margin * _one_hot(labels, len(self.centers)))
        # A label of -1 is a voice that nobody has named.
        known = max(int((labels >= 0).sum()), 1)
        speaker = functional.cross_entropy(logits, labels, ignore_index=-1, reduction="sum")
        right = ((logits.argmax(1) == labels) & (labels >= 0)).sum()
        return speaker / known, right / known

    def _remember(self, heard: torch.Tensor, labels: torch.Tensor) -> None:
        """The newest in place of the oldest."""
        places = torch.from_numpy(places_of(self.done, len(labels)))
        self.memory[places], self.remembered[places] = heard, labels

    def _recalled(
        self, said: torch.Tensor, heard: torch.Tensor, labels: torch.Tensor
    ) -> dict[str, torch.Tensor]:
        """The parts that come of what is remembered: see :mod:`core.training.encoder.losses`."""
        known = self.remembered != EMPTY
        memory, remembered = self.memory[known], self.remembered[known]
        center = memory.mean(0)
        voices = unit(memory - center).T
        logits, wanted = (SHARPNESS * unit(x - center) @ voices for x in (said, heard))
        own = (labels[:, None] == remembered) & (labels >= 0)[:, None]
        alike, count = own.float(), own.sum(1)
        each = -(alike * logits.log_softmax(1)).sum(1) / count.clamp(min=1.0)
        parts = {
            "posterior": _distance(logits, wanted),
            "voice": each.sum() / (count > 0).sum().clamp(min=1),
        }
        if self.loss_weights.others:
            alone = (x.masked_fill(own, -1e9) for x in (logits, wanted))
            parts["others"] = _distance(*alone)
        return parts

    def embed(self, spectrograms: NDArray[np.float32]) -> NDArray[np.float32]:
        """(n, 257, frames) to (n, dim), by the network as it stands."""
        self.eval()
        with torch.inference_mode():
            embedding = self.network(torch.from_numpy(spectrograms))[1]
        return np.asarray(embedding.numpy(), np.float32)

    def load_arrays(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Begin with these; :class:`ModelError` if they are another network's."""
        self.network.load_arrays(arrays)

    def arrays(self) -> Arrays:
        """The encoder alone, as it is exported."""
        return self.network.to_arrays()

    # The state of a run ------------------------------------------------------------------------

    def save_state(self, path: Path, about: Mapping[str, Any]) -> None:
        """See :meth:`core.training.encoder.learner.Learner.save_state`."""
        arrays: dict[str, NDArray[Any]] = {
            f"weights/{name}": np.array(tensor.numpy())
            for name, tensor in self.state_dict().items()
        }
        for number, optimizer in enumerate(self._optimizers):
            for index, state in optimizer.state_dict()["state"].items():
                for name, tensor in state.items():
                    arrays[f"optimizer/{number}/{index}/{name}"] = np.array(tensor.numpy())
        arrays["about"] = np.array(json.dumps(dict(about)))
        write_file(path, npz_bytes(arrays))

    def load_state(self, path: Path) -> None:
        """Inverse of :meth:`save_state`.

        Raises
        ------
        ModelError
            The file holds the state of another network or engine; nothing was changed.
        """
        stored = read_arrays(path)
        step = json.loads(str(stored.pop("about")))["step"]
        weights = self.state_dict()
        found = {k.removeprefix("weights/"): v for k, v in stored.items() if k[:8] == "weights/"}
        if {k: v.shape for k, v in found.items()} != {
            k: tuple(v.shape) for k, v in weights.items()
        }:
            raise ModelError(
                f"{path} was written by a run of another network or engine: give another --out"
            )
        self.load_state_dict({name: torch.from_numpy(array) for name, array in found.items()})
        for number, optimizer in enumerate(self._optimizers):
            states: dict[int, dict[str, torch.Tensor]] = {}
            for key, array in stored.items():
                if key.startswith(f"optimizer/{number}/"):
                    index, name = key.split("/")[2:]
                    states.setdefault(int(index), {})[name] = torch.from_numpy(array)
            optimizer.load_state_dict({**optimizer.state_dict(), "state": states})
        self.done = int(step)


def _is_inner(name: str, parameter: torch.Tensor) -> bool:
    """Whether a parameter turns features into features: not what reads sound or shares it out."""
    outer = ("stem", "assignment", "centers")
    return parameter.dim() > 1 and not any(part in name for part in outer)


def _distance(student: torch.Tensor, teacher: torch.Tensor) -> torch.Tensor:
    """Mean Kullback-Leibler divergence of the student's logits (n, m) from the teacher's."""
    said, heard = student.log_softmax(1), teacher.log_softmax(1)
    return functional.kl_div(said, heard, reduction="batchmean", log_target=True)


def _one_hot(labels: torch.Tensor, classes: int) -> torch.Tensor:
    """(n,) to (n, classes); a label of -1 is nowhere."""
    found = torch.zeros(len(labels), classes)
    rows = torch.nonzero(labels >= 0)[:, 0]
    found[rows, labels[rows]] = 1.0
    return found
