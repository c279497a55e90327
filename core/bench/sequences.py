"""Generated models and conversations: what the decoder is measured and tested with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from core.uisrnn.model import UISRNNModel

Vectors = npt.NDArray[np.float64]


def conversation(
    rng: np.random.Generator,
    length: int,
    dim: int,
    speakers: int,
    *,
    noise: float = 0.5,
    change: float = 0.13,
) -> Vectors:
    """Embeddings (length, dim) like the encoder's: not negative, about half zeros, of norm 1.

    Parameters
    ----------
    noise
        Norm of what is added to the speaker's own direction (of norm 1).
    change
        Probability that the next embedding is by a speaker drawn anew.
    """
    voices = _directions(rng.normal(size=(speakers, dim)) ** 3)  # further apart than normal
    turns = np.where(rng.random(length) < change, rng.integers(speakers, size=length), -1)
    turns[0] = 0
    latest = np.maximum.accumulate(np.where(turns >= 0, np.arange(length), 0))
    noises = rng.normal(size=(length, dim)) * (noise / np.sqrt(dim))
    return _directions(voices[turns[latest]] + noises)


def following_model(
    rng: np.random.Generator, dim: int, *, crp_alpha: float = 1.0, spread: float = 0.5
) -> UISRNNModel:
    """A model that behaves as a trained one: a speaker's mean follows the speaker's embeddings."""
    gain = np.sqrt(dim) / 4
    unit = np.eye(dim)

    def noisy(matrix: Vectors, scale: float = 0.1) -> Vectors:
        noise: Vectors = rng.normal(size=matrix.shape)
        return matrix + float(scale / np.sqrt(dim)) * noise

    zeros = np.zeros((dim, dim))
    bias = np.concatenate([np.zeros(dim), -np.ones(dim), np.zeros(dim)])  # quick to follow
    return _model(
        gru_w_ih=np.concatenate([noisy(zeros), noisy(zeros), noisy(gain * unit)]),
        gru_w_hh=noisy(np.zeros((3 * dim, dim)), 0.3),
        gru_b_ih=bias,
        gru_b_hh=0.05 * rng.normal(size=3 * dim),
        w1=noisy(unit),
        b1=0.01 * rng.normal(size=dim),
        w2=noisy(0.8 * unit / gain, 0.02),
        b2=(0.2 + 0.1 * rng.random(dim)) / np.sqrt(dim),
        h0=0.05 * rng.normal(size=dim),
        sigma2=(0.5 + rng.random(dim)) * spread**2 / dim,
        transition_bias=0.13,
        crp_alpha=crp_alpha,
    )


def random_model(
    rng: np.random.Generator, dim: int, hidden: int, *, crp_alpha: float = 1.0
) -> UISRNNModel:
    """A model of random weights, nothing like a trained one."""

    def weights(*shape: int) -> Vectors:
        normal: Vectors = rng.normal(size=shape)
        return normal / float(np.sqrt(shape[-1]))

    return _model(
        gru_w_ih=3 * weights(3 * hidden, dim),
        gru_w_hh=weights(3 * hidden, hidden),
        gru_b_ih=0.1 * rng.normal(size=3 * hidden),
        gru_b_hh=0.1 * rng.normal(size=3 * hidden),
        w1=weights(hidden, hidden),
        b1=0.1 * rng.normal(size=hidden),
        w2=weights(dim, hidden),
        b2=0.1 * rng.normal(size=dim),
        h0=0.1 * rng.normal(size=hidden),
        sigma2=0.02 + 0.2 * rng.random(dim),
        transition_bias=float(rng.uniform(0.05, 0.6)),
        crp_alpha=crp_alpha,
    )


def _model(*, transition_bias: float, crp_alpha: float, **arrays: Vectors) -> UISRNNModel:
    floats = {name: array.astype(np.float32) for name, array in arrays.items()}
    return UISRNNModel(**floats, transition_bias=transition_bias, crp_alpha=crp_alpha)


@dataclass(frozen=True)
class Case:
    """One sequence to label with one model and beam size."""

    model: UISRNNModel
    embeddings: Vectors
    beam_size: int
    passes: int


def cases(count: int, *, longer: int = 1) -> Iterator[Case]:
    """Different cases, the same ones every time.

    They go through beam sizes 1, 2, 5, 10; crp_alpha 1 and 0.001; sigma2 as it is and ten times
    that; models that follow and random ones; 2 to 10 speakers, and in every fifth case nearly
    every embedding is by a new one. Every seventh case has two passes. Lengths are 5 to 40
    embeddings (times `longer`), few where the beam is wide: the package is slow.
    """
    for number in range(count):
        rng = np.random.default_rng(number)
        dim = int(rng.choice([12, 16, 24, 32]))
        beam_size = (1, 2, 5, 10)[number % 4]
        longest = longer * {1: 40, 2: 24, 5: 14, 10: 10}[beam_size]
        alpha = float(rng.choice([1.0, 1e-3]))
        if rng.random() < 0.8:
            model = following_model(rng, dim, crp_alpha=alpha, spread=rng.uniform(0.05, 0.3))
        else:
            model = random_model(rng, dim, int(rng.choice([8, 20, 32])), crp_alpha=alpha)
        if rng.random() < 0.5:
            model = replace(model, sigma2=np.float32(10) * model.sigma2)
        length = int(rng.integers(longest // 2, longest + 1))
        if number % 5 == 0:
            length = length * 2 // 3  # the package's time goes with its square
            model = following_model(rng, dim, spread=0.03)
            talk = conversation(rng, length, dim, speakers=length, noise=0.1, change=0.9)
        else:
            talk = conversation(
                rng,
                length,
                dim,
                int(rng.integers(2, 11)),
                noise=rng.uniform(0.1, 0.7),
                change=rng.uniform(0.2, 0.7),
            )
        yield Case(model, talk, beam_size, 2 if number % 7 == 0 else 1)


def _directions(vectors: Vectors) -> Vectors:
    positive = np.maximum(vectors, 0.0) + 1e-5  # the package can't train on exact zeros
    return np.asarray(positive / np.linalg.norm(positive, axis=-1, keepdims=True))
