"""Sizes of the network, and that weights of another network are refused by name."""

from __future__ import annotations

import numpy as np
import pytest

from core.errors import ModelError
from core.training.config import BATCH_NORM, NetworkConfig, fast_config, published_config
from tests.core.training.small import random_arrays, small_config


def parameters(config: NetworkConfig) -> int:
    """Trained parameters: the running mean and variance are not."""
    untrained = {f"bn/{part}" for part in BATCH_NORM[2:]}
    return sum(
        int(np.prod(shape))
        for name, shape in config.shapes().items()
        if not name.endswith(tuple(untrained))
    )


def test_published_network_has_the_parameters_of_the_paper() -> None:
    assert round(parameters(published_config()) / 1e6, 2) == 7.66
    assert published_config().rows == 7
    assert published_config().shapes()["features/kernel"] == (7, 1, 512, 512)


def test_fast_network() -> None:
    assert round(parameters(fast_config()) / 1e6, 2) == 1.76
    assert fast_config().rows == 4
    assert fast_config().shapes()["stage3a/conv1/kernel"] == (1, 1, 64, 48)


def test_shapes_are_those_of_the_stored_weights(shared) -> None:
    with np.load(shared / "models" / "ghostvlad-fast-v0.npz") as stored:
        assert fast_config().shapes() == {name: stored[name].shape for name in stored.files}


def test_only_the_first_block_of_a_stage_strides_and_projects() -> None:
    blocks = [(block.name, block.stride, block.projected) for block in fast_config().blocks()]
    assert blocks[:3] == [("stage2a", 1, True), ("stage2b", 1, False), ("stage3a", 2, True)]
    assert len(blocks) == 11


@pytest.mark.parametrize("config", [fast_config(), published_config(), small_config()])
def test_json_and_back(config: NetworkConfig) -> None:
    assert NetworkConfig.from_json(config.to_json()) == config


def test_weights_of_another_network_are_refused_by_name() -> None:
    config = small_config()
    arrays = random_arrays(config)
    config.check(arrays)
    with pytest.raises(ModelError, match=r"stem/kernel is \(7, 7, 1, 5\) instead of"):
        config.check({**arrays, "stem/kernel": np.zeros((7, 7, 1, 5))})
    with pytest.raises(ModelError, match="unknown extra/kernel"):
        config.check({**arrays, "extra/kernel": np.zeros(1)})
    del arrays["vlad/centers"]
    with pytest.raises(ModelError, match="lack vlad/centers"):
        config.check(arrays)
