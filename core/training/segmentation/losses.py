"""How far the network is from who speaks, whoever of its voices is whom."""

from __future__ import annotations

from itertools import permutations

import torch
from torch.nn import functional

from core.stream.segmentation import CLASSES, LOCAL

ORDERS = tuple(permutations(range(LOCAL)))
"""All ways to say which voice of the network is which person."""


def _classes() -> torch.Tensor:
    """The class by which voices speak, as bits; three at once have none, and count as nobody."""
    table = torch.zeros(1 << LOCAL, dtype=torch.long)
    for number, voices in enumerate(CLASSES):
        table[sum(1 << voice for voice in voices)] = number
    return table


_CLASSES = _classes()
_BITS = torch.tensor([1 << voice for voice in range(LOCAL)])


def classes(voices: torch.Tensor) -> torch.Tensor:
    """(..., LOCAL) of bool to the class of each frame, (...)."""
    return _CLASSES[(voices * _BITS).sum(-1)]


def permuted_loss(log_probabilities: torch.Tensor, voices: torch.Tensor) -> torch.Tensor:
    """Cross-entropy of the classes, with the order of the voices that fits each chunk best.

    Parameters
    ----------
    log_probabilities
        (batch, frames, 7) of the network.
    voices
        (batch, frames, LOCAL) of bool: who speaks.

    Returns
    -------
    Tensor
        The mean over the batch.
    """
    each = [
        functional.nll_loss(
            log_probabilities.transpose(1, 2), classes(voices[..., list(order)]), reduction="none"
        ).mean(1)
        for order in ORDERS
    ]
    return torch.stack(each).amin(0).mean()


def kept_loss(log_probabilities: torch.Tensor, taught: torch.Tensor) -> torch.Tensor:
    """Kullback-Leibler divergence from what the teacher says, (batch, frames, 7) both: a mean."""
    each = functional.kl_div(log_probabilities, taught, reduction="none", log_target=True)
    return each.sum(-1).mean()
