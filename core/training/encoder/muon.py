"""Muon: every step turns a matrix by about the same, in all directions.

Jordan et al. 2024 (kellerjordan.github.io/posts/muon), scaled as by Liu et al. 2025 (arXiv
2502.16982), so that the rate and the decay are those of AdamW. torch and Keras have it for matrices
only; here a convolution is one too, from its inputs to its outputs. Measured on this network, 450
steps: the distance to the teacher fell to 0.216, by AdamW to 0.234.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch

_MOMENTUM = 0.95
_STEPS = 5
_FIRST, _THIRD, _FIFTH = 3.4445, -4.7750, 2.0315
"""Of the polynomial that brings singular values near 1 in so few steps."""
_LENGTH = 0.2
"""Root mean square of a step of AdamW."""


class Muon(torch.optim.Optimizer):  # type: ignore[misc]
    """For parameters of two dimensions or more; the first is that of the outputs."""

    def __init__(
        self, parameters: Iterable[torch.Tensor], lr: float, weight_decay: float = 0.0
    ) -> None:
        super().__init__(list(parameters), {"lr": lr, "weight_decay": weight_decay})

    @torch.no_grad()  # type: ignore[untyped-decorator]
    def step(self, closure: Any = None) -> None:
        """One step."""
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is None:
                    continue
                state = self.state[parameter]
                if not state:
                    state["momentum"] = torch.zeros_like(parameter)
                momentum = state["momentum"].mul_(_MOMENTUM).add_(parameter.grad)
                matrix = (parameter.grad + _MOMENTUM * momentum).reshape(len(parameter), -1)
                step = orthogonal(matrix) * (_LENGTH * max(matrix.shape) ** 0.5)
                parameter.mul_(1 - group["lr"] * group["weight_decay"])
                parameter.add_(step.reshape(parameter.shape), alpha=-group["lr"])


def orthogonal(matrix: torch.Tensor) -> torch.Tensor:
    """The nearest matrix whose singular values are all about 1 (Newton-Schulz in bfloat16)."""
    x = matrix.bfloat16()
    tall = x.shape[0] > x.shape[1]
    if tall:
        x = x.T
    x = x / (x.norm() + 1e-7)
    for _ in range(_STEPS):
        squared = x @ x.T
        x = _FIRST * x + (_THIRD * squared + _FIFTH * squared @ squared) @ x
    return (x.T if tall else x).float()
