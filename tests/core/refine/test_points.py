"""Points in groups, against their definitions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.arrays import Array, Labels
from core.refine import points as groups


@st.composite
def grouped(draw: st.DrawFn) -> tuple[Array, Labels]:
    """Points and labels, each group with a point."""
    count = draw(st.integers(1, 30))
    rng = np.random.default_rng(draw(st.integers(0, 999)))
    points = rng.normal(0, 1, (count, 3)).astype(np.float32)
    return points, groups.renumbered(rng.integers(0, draw(st.integers(1, 5)), count))


@given(grouped())
def test_means_and_squared_distances(case: tuple[Array, Labels]) -> None:
    points, labels = case
    centers = groups.means(points, labels)
    for group in range(labels.max() + 1):
        np.testing.assert_allclose(centers[group], points[labels == group].mean(axis=0), atol=1e-5)
    expected = ((points[:, np.newaxis] - centers) ** 2).sum(axis=2)
    np.testing.assert_allclose(groups.squares(points, centers), expected, atol=1e-4)
    np.testing.assert_array_equal(groups.nearest(points, centers), expected.argmin(axis=1))


def test_distances_are_in_units_of_the_variance_within() -> None:
    rng = np.random.default_rng(0)
    labels = np.arange(4000) % 2
    points = rng.normal(0, 3, (4000, 4)) + 30 * labels[:, np.newaxis]
    found = groups.distances(points.astype(np.float32), labels)
    assert found[np.arange(4000), labels].mean() == pytest.approx(4)
    assert found[np.arange(4000), 1 - labels].mean() == pytest.approx(4 + 4 * 100, rel=0.05)


@given(grouped())
def test_k_means_only_ever_comes_closer_and_loses_no_group(case: tuple[Array, Labels]) -> None:
    points, labels = case

    def spread(found: Labels) -> float:
        return float(((points - groups.means(points, found)[found]) ** 2).sum())

    found = groups.k_means(points, labels)
    assert spread(found) <= spread(labels) + 1e-4
    assert set(found.tolist()) == set(labels.tolist())


@given(grouped(), st.data())
def test_wards_clusters_are_cut_to_any_number_and_lie_within_each_other(
    case: tuple[Array, Labels], data: st.DataObject
) -> None:
    points, _ = case
    merges = groups.ward(points)
    wanted = data.draw(st.integers(1, len(points)))
    fine = groups.cut(merges, len(points), wanted)
    assert set(fine.tolist()) == set(range(wanted))
    if wanted > 1:
        coarse = groups.cut(merges, len(points), wanted - 1)
        assert all(len(set(coarse[fine == group].tolist())) == 1 for group in range(wanted))
