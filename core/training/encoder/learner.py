"""The network while it learns: the encoder, its classes and its losses, on any Keras backend."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import keras
import numpy as np
from keras import layers, ops
from numpy.typing import NDArray

from core.atomic import write_file
from core.errors import ModelError
from core.training.config import Arrays, NetworkConfig
from core.training.encoder import losses
from core.training.encoder.learner_parts import CLIP, EMPTY, MEMORY, PARTS, LossWeights, places_of
from core.training.encoder.network import build_network, load_arrays, to_arrays
from core.training.files.export import npz_bytes, read_arrays

EXACT = ("vlad", "embedding", "unit")
"""Layers that stay in float32 under bf16: their sums and lengths need more than three digits."""


@contextmanager
def _policy(name: str) -> Iterator[None]:
    before = keras.mixed_precision.dtype_policy()
    keras.mixed_precision.set_dtype_policy(name)
    try:
        yield
    finally:
        keras.mixed_precision.set_dtype_policy(before)


class Learner(keras.Model):  # type: ignore[misc]
    """Spectrograms in, the loss of a batch out; ``train_on_batch`` does a step.

    Parameters
    ----------
    config
        Of the encoder.
    classes
        Speaker classes.
    loss
        Of the speaker classes; ``softmax`` reads the embedding before it is unit length.
    weights
        Of the parts.
    teacher
        Size of the teacher's embedding, None without one. Where it isn't the encoder's,
        a linear layer that is not exported stands between them.
    bf16
        Compute in bfloat16, keep the weights in float32.
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
    ) -> None:
        super().__init__(name="learner")
        self.config, self.loss_name, self.loss_weights = config, loss, weights
        with _policy("mixed_bfloat16" if bf16 else "float32"):
            self.network = build_network(config)
        for name in EXACT:
            self.network.get_layer(name).dtype_policy = "float32"
        self.body = keras.Model(
            self.network.input, [self.network.get_layer("embedding").output, self.network.output]
        )
        self.taught = teacher is not None
        self.translation = (
            layers.Dense(teacher, use_bias=False, name="translation")
            if self.taught and teacher != config.embedding
            else None
        )
        self.centers = self.add_weight(
            shape=(classes, config.embedding), initializer="glorot_uniform", name="centers"
        )
        # A variable and no constant: a new margin must not compile the step again.
        self.margin = self.add_weight(
            shape=(), initializer="zeros", trainable=False, name="margin", dtype="float32"
        )
        if self.taught and weights.remembering:
            fixed = {"trainable": False, "initializer": "zeros"}
            self.memory = self.add_weight(
                shape=(MEMORY, teacher), name="memory", dtype="float32", **fixed
            )
            self.remembered = self.add_weight(
                shape=(MEMORY,), name="remembered", dtype="int32", **fixed
            )
            self.remembered.assign(np.full(MEMORY, EMPTY, np.int32))
        self.parts = {name: keras.metrics.Mean(name=name) for name in PARTS}
        if self.translation is not None:
            self.translation.build((None, config.embedding))
        self.built = True

    def call(self, spectrograms: Any, training: bool = False) -> dict[str, Any]:
        raw, embedding = self.body(spectrograms, training=training)
        heard = embedding if self.translation is None else self.translation(embedding)
        return {"raw": raw, "embedding": embedding, "translated": heard}

    def compute_loss(
        self,
        x: Any = None,
        y: Any = None,
        y_pred: Any = None,
        sample_weight: Any = None,
        training: bool = True,
    ) -> Any:
        """See the class; ``y`` has ``label`` (n,) and, with a teacher, ``teacher`` (n, d)."""
        weights, labels = self.loss_weights, ops.convert_to_tensor(y["label"])
        embedding = ops.cast(y_pred["embedding"], "float32")
        total = 0.0
        if weights.speaker:
            if self.loss_name == "softmax":
                logits = losses.softmax_logits(ops.cast(y_pred["raw"], "float32"), self.centers)
            else:
                logits = losses.am_softmax_logits(embedding, self.centers, labels, self.margin)
            speaker = losses.cross_entropy(logits, labels)
            self.parts["speaker"].update_state(speaker)
            self.parts["accuracy"].update_state(losses.accuracy(logits, labels))
            total = weights.speaker * speaker
        if self.taught:
            translated = ops.cast(y_pred["translated"], "float32")
            heard = ops.convert_to_tensor(y["teacher"])
            teacher = losses.distance_to_teacher(translated, heard)
            relations = losses.distance_of_relations(embedding, heard)
            self.parts["teacher"].update_state(teacher)
            self.parts["relations"].update_state(relations)
            total = total + weights.teacher * teacher + weights.relations * relations
            if weights.remembering:
                said, known = (
                    losses.memory_logits(x, self.memory, self.remembered)
                    for x in (translated, heard)
                )
                posterior = losses.distance_of_posteriors(said, known)
                voice = losses.voice_cross_entropy(said, labels, self.remembered)
                self.parts["posterior"].update_state(posterior)
                self.parts["voice"].update_state(voice)
                total = total + weights.posterior * posterior + weights.voice * voice
                if weights.others:
                    own = losses.of_the_same_voice(labels, self.remembered)
                    others = losses.distance_of_posteriors(
                        losses.without(said, own), losses.without(known, own)
                    )
                    self.parts["others"].update_state(others)
                    total = total + weights.others * others
        return total

    def prepare(
        self, *, rate: float, steps: int, warmup: int, weight_decay: float, compiled: bool = False
    ) -> None:
        """AdamW; the rate rises over ``warmup`` steps and falls as a cosine to a hundredth."""
        schedule = keras.optimizers.schedules.CosineDecay(
            0.0,
            decay_steps=max(1, steps - warmup),
            alpha=0.01,
            warmup_target=rate,
            warmup_steps=warmup,
        )
        optimizer = keras.optimizers.AdamW(
            schedule, weight_decay=weight_decay, global_clipnorm=CLIP
        )
        optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
        optimizer.build(self.trainable_variables)
        self.compile(optimizer=optimizer, jit_compile=compiled)

    def step(
        self, spectrograms: NDArray[np.float32], targets: Mapping[str, NDArray[Any]], margin: float
    ) -> dict[str, float]:
        """One step; the loss and its parts before it."""
        self.margin.assign(margin)
        if self.taught and self.loss_weights.remembering:
            self._remember(targets)
        self.reset_metrics()
        logs = self.train_on_batch(spectrograms, dict(targets), return_dict=True)
        return {name: float(value) for name, value in logs.items()}

    def _remember(self, targets: Mapping[str, NDArray[Any]]) -> None:
        """The newest in place of the oldest."""
        places = places_of(self.done, len(targets["label"]))[:, np.newaxis]
        for variable, new in ((self.memory, "teacher"), (self.remembered, "label")):
            variable.assign(ops.scatter_update(variable.value, places, targets[new]))

    @property
    def done(self) -> int:
        """Steps that the optimizer has counted."""
        return int(self.optimizer.iterations)

    @property
    def rate(self) -> float:
        return float(self.optimizer.learning_rate)

    def embed(self, spectrograms: NDArray[np.float32]) -> NDArray[np.float32]:
        """(n, 257, frames) to (n, dim), by the network as it stands."""
        return np.asarray(self.network.predict_on_batch(spectrograms), np.float32)

    def load_arrays(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Begin with these; :class:`ModelError` if they are another network's."""
        load_arrays(self.network, self.config, arrays)

    def arrays(self) -> Arrays:
        """The encoder alone, as it is exported."""
        return to_arrays(self.network, self.config)

    # The state of a run ------------------------------------------------------------------------

    def _state(self) -> list[Any]:
        return [*self.trainable_variables, *self.non_trainable_variables, *self.optimizer.variables]

    def save_state(self, path: Path, about: Mapping[str, Any]) -> None:
        """Weights, optimizer and ``about`` into one file, replaced in one step.

        Raises
        ------
        OutputError
            The file can't be written; an older one is as it was.
        """
        arrays: dict[str, NDArray[Any]] = {
            f"{index:05d}": np.asarray(ops.convert_to_numpy(variable))
            for index, variable in enumerate(self._state())
        }
        arrays["about"] = np.array(json.dumps(dict(about)))
        write_file(path, npz_bytes(arrays))

    def load_state(self, path: Path) -> None:
        """Inverse of :meth:`save_state`.

        Raises
        ------
        ModelError
            The file holds the state of another network; nothing was changed.
        """
        arrays = read_arrays(path)
        arrays.pop("about", None)
        state = self._state()
        if [arrays[name].shape for name in sorted(arrays)] != [tuple(v.shape) for v in state]:
            raise ModelError(f"{path} was written by a run of another network: give another --out")
        for name, variable in zip(sorted(arrays), state, strict=True):
            variable.assign(arrays[name])
