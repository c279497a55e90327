"""The network and its training in plain torch are those of Keras."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.errors import InputError, ModelError
from core.training.encoder.learner_parts import AnyLearner, LossWeights
from core.training.encoder.run import ARRAYS, STATE, train_encoder
from tests.core.training.encoder.test_run import (
    CROPS,
    PACE,
    RECIPE,
    Mels,
    losses,
    make_batches,
)
from tests.core.training.small import random_arrays, small_config

pytestmark = [pytest.mark.train, pytest.mark.usefixtures("tensorflow")]


@pytest.fixture(autouse=True)
def plain_kernels(tensorflow: None) -> Iterator[None]:
    """The backward pass of oneDNN takes minutes for layers as narrow as these."""
    import torch

    with torch.backends.mkldnn.flags(enabled=False):
        yield


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"stem_stride": 1, "pool_height": 3, "epsilon": 1e-3},
        {"activation": "linear", "clusters": 3, "ghosts": 1},
    ],
    ids=["fast-like", "published-like", "linear"],
)
def test_the_same_arrays_give_the_same_embeddings(changes: dict[str, object]) -> None:
    import torch

    from core.training.encoder.network import build_network, load_arrays
    from core.training.encoder.torch_network import TorchNetwork

    config = small_config(**changes)
    arrays = random_arrays(config, seed=5)
    keras = build_network(config)
    load_arrays(keras, config, arrays)
    network = TorchNetwork(config)
    network.load_arrays(arrays)
    spectrograms = np.random.default_rng(2).standard_normal((2, 257, 97)).astype(np.float32)
    network.eval()
    with torch.inference_mode():
        found = network(torch.from_numpy(spectrograms))[1].numpy()
    theirs = np.asarray(keras(spectrograms, training=False))
    assert np.ptp(theirs) > 0.01
    np.testing.assert_allclose(found, theirs, atol=1e-5)
    back = network.to_arrays()
    assert back.keys() == arrays.keys()
    for name, array in arrays.items():
        np.testing.assert_array_equal(back[name], array)
    with pytest.raises(ModelError, match="another network"):
        network.load_arrays(random_arrays(small_config(features=6)))


@pytest.mark.parametrize(
    ("loss", "teacher", "weights"),
    [
        ("softmax", None, LossWeights()),
        ("am-softmax", 7, LossWeights(0.3, 10.0, 20.0)),
        ("am-softmax", 9, LossWeights(0.3, 10.0, 20.0)),
        ("am-softmax", 7, LossWeights(0.0, 10.0, 0.0, 1.0, 1.0)),
        ("am-softmax", 9, LossWeights(0.1, 0.0, 0.0, 0.0, 1.0)),
        ("am-softmax", 9, LossWeights(0.0, 10.0, 0.0, 0.5, 0.0, 2.0)),
    ],
)
def test_a_step_is_that_of_keras(
    loss: str, teacher: int | None, weights: LossWeights, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same loss and parts, and after the step nearly the same arrays."""
    from core.training.encoder.learner import Learner
    from core.training.encoder.torch_learner import TorchLearner

    # Two batches and a half: some places are empty at first, and the third goes round the end.
    for module in ("learner", "torch_learner", "learner_parts"):
        monkeypatch.setattr(f"core.training.encoder.{module}.MEMORY", 15)
    config = small_config()
    rng = np.random.default_rng(3)
    centers = rng.standard_normal((4, config.embedding)).astype(np.float32)
    translation = rng.standard_normal((config.embedding, teacher or 1)).astype(np.float32)
    spectrograms = rng.standard_normal((6, 257, 97)).astype(np.float32)
    targets = {"label": np.array([0, 3, -1, 2, 2, -1], np.int32)}
    if teacher:
        targets["teacher"] = rng.random((6, teacher)).astype(np.float32)

    logs, after = [], []
    for kind in (Learner, TorchLearner):
        learner: AnyLearner = kind(config, 4, loss, weights, teacher=teacher)
        learner.prepare(rate=1e-3, steps=10, warmup=2, weight_decay=0.01)
        learner.load_arrays(random_arrays(config, seed=5))
        _assign(learner, centers, translation)
        for _ in range(3):  # the first has a rate of zero
            logs.append(learner.step(spectrograms, targets, 0.2))
        assert learner.done == 3
        after.append((learner.rate, learner.arrays()))
    for theirs, ours in zip(logs[:3], logs[3:], strict=True):
        assert theirs.keys() == ours.keys()
        for name in theirs:
            assert ours[name] == pytest.approx(theirs[name], rel=2e-3, abs=2e-4), name
    assert after[1][0] == pytest.approx(after[0][0])
    # Adam makes steps of a whole rate of gradients that are all but rounding: not every element
    # goes the same way, but together they do.
    before = random_arrays(config, seed=5)
    theirs, ours = (
        np.concatenate([(found[1][name] - before[name]).ravel() for name in before])
        for found in after
    )
    assert np.linalg.norm(ours - theirs) <= 0.2 * np.linalg.norm(theirs)


def test_a_class_begins_where_its_speaker_is_first_heard() -> None:
    import torch

    from core.training.encoder.torch_learner import TorchLearner

    torch.manual_seed(0)  # other classes begin anywhere, and one may lie nearer by chance
    learner = TorchLearner(small_config(), 4, "am-softmax", LossWeights())
    learner.prepare(rate=1e-3, steps=10, warmup=2, weight_decay=0.0)
    rng = np.random.default_rng(3)
    spectrograms = rng.standard_normal((3, 257, 97)).astype(np.float32)
    labels = {"label": np.array([2, 2, -1], np.int32)}
    first = learner.step(spectrograms, labels, 0.0)
    assert learner.met.tolist() == [False, False, True, False]
    assert first["accuracy"] == 1.0
    learner.step(spectrograms, labels, 0.0)
    assert learner.met.tolist() == [False, False, True, False]


def _assign(learner: AnyLearner, centers: np.ndarray, translation: np.ndarray) -> None:
    import torch

    from core.training.encoder.torch_learner import TorchLearner

    if isinstance(learner, TorchLearner):
        with torch.no_grad():
            learner.centers.copy_(torch.from_numpy(centers))
            learner.met.fill_(True)
            if learner.translation is not None:
                learner.translation.weight.copy_(torch.from_numpy(translation.T))
        return
    learner.centers.assign(centers)  # type: ignore[attr-defined]
    if learner.translation is not None:  # type: ignore[attr-defined]
        learner.translation.kernel.assign(translation)  # type: ignore[attr-defined]


@pytest.mark.parametrize("taught", [False, True])
def test_a_run_that_goes_on_hears_and_learns_the_same(
    taught: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped in the middle of a block that is heard twice."""
    monkeypatch.setattr("core.training.encoder.batches.AGAIN", 3)
    recipe, make = replace(RECIPE, engine="torch", repeat=2), functools.partial(make_batches, CROPS)
    if taught:  # with what is remembered, and with the state of two optimizers
        crops = replace(CROPS, teacher=True, pairs=True, together=0.5)
        recipe = replace(recipe, crops=crops, speaker=0, teacher=1, posterior=1, voice=1, muon=True)
        make = functools.partial(make_batches, crops, Mels())
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    train_encoder(make, recipe, whole, pace=replace(PACE, save_every=7))

    class Stopped(Exception):
        pass

    def stop(line: object) -> None:
        if (parts / STATE).exists():
            raise Stopped

    with pytest.raises(Stopped):
        train_encoder(make, recipe, parts, pace=replace(PACE, save_every=7), tell=stop)
    assert len(losses(parts)) == 8
    train_encoder(make, recipe, parts, pace=replace(PACE, save_every=7))
    np.testing.assert_allclose(losses(parts), losses(whole), rtol=1e-4)
    with np.load(parts / ARRAYS) as found:
        recipe.network.check(dict(found))
    if taught:

        class Other(Mels):
            name = "another"

        make = functools.partial(make_batches, recipe.crops, Other())
        with pytest.raises(InputError, match="a run taught by mels"):
            train_encoder(make, recipe, parts)

    # Its state is none of Keras.
    from core.training.encoder.learner import Learner

    learner = Learner(RECIPE.network, 6, recipe.loss, LossWeights())
    learner.prepare(rate=1e-3, steps=10, warmup=2, weight_decay=0.01)
    with pytest.raises(ModelError, match="another --out"):
        learner.load_state(whole / STATE)
