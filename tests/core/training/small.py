"""Networks that are built in a moment, for tests."""

from __future__ import annotations

import numpy as np

from core.training.config import Arrays, NetworkConfig


def small_config(**changes: object) -> NetworkConfig:
    """A network of every kind of layer that is built in a moment."""
    values: dict[str, object] = {
        "stem_filters": 4,
        "stem_stride": 2,
        "stages": ((3, 6, 1), (4, 8, 2)),
        "pool_height": 2,
        "features": 5,
        "embedding": 7,
    }
    return NetworkConfig(**{**values, **changes})  # type: ignore[arg-type]


def random_arrays(config: NetworkConfig, seed: int = 0) -> Arrays:
    """Arrays for ``config``, none as an initialiser would give it, all variances positive."""
    rng = np.random.default_rng(seed)
    arrays: Arrays = {}
    for name, shape in config.shapes().items():
        values = rng.standard_normal(shape)
        if name.endswith("kernel"):
            values *= np.sqrt(2 / np.prod(shape[:-1]))
        elif name.endswith("variance"):
            values = 0.5 + abs(values)
        arrays[name] = values.astype(np.float32)
    return arrays
