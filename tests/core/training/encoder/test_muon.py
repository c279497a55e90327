"""The optimizer that turns a matrix by as much in every direction."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.train


def test_muon_turns_a_matrix_by_as_much_in_every_direction() -> None:
    torch = pytest.importorskip("torch")
    from core.training.encoder.muon import Muon, orthogonal

    torch.manual_seed(0)
    for shape in ((8, 40), (40, 8), (16, 4, 3, 3)):
        matrix = torch.randn(shape)
        matrix[0] *= 30  # one direction that outweighs the others
        values = torch.linalg.svdvals(orthogonal(matrix.reshape(len(matrix), -1)))
        assert 0.4 < values.min() <= values.max() < 1.4
    # It finds the lowest point, also along directions with a tenth of the slope of others.
    goal, weight = torch.randn(6, 12), torch.nn.Parameter(torch.zeros(6, 12))
    scales = torch.logspace(0, -1, 12)
    optimizer = Muon([weight], 0.2)
    losses = []
    for step in range(200):
        optimizer.param_groups[0]["lr"] = 0.2 * (1 - step / 200)
        optimizer.zero_grad()
        loss = (((weight - goal) * scales) ** 2).sum()
        loss.backward()
        losses.append(float(loss.detach()))
        optimizer.step()
    assert losses[-1] < 0.02 * losses[0]
    assert ((weight - goal).abs() < 0.5).all()
