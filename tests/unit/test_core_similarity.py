"""Rows in blocks of like predictions: planted blocks are found, and distances are those of r."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import pdist

from alsgui.core import similarity
from alsgui.core.similarity import BlockOrder, RowBlock, k_means, keeping, metric_points, named, similar_blocks


def planted(n_blocks: int, per_block: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows that lie closely about one of some far centres, in any order; the other side; who belongs where."""
    rng = np.random.default_rng(seed)
    truth = rng.permutation(np.repeat(np.arange(n_blocks), per_block))
    centres = 3 * rng.standard_normal((n_blocks, 6))
    return centres[truth] + 0.1 * rng.standard_normal((len(truth), 6)), rng.standard_normal((40, 6)), truth


@given(st.integers(2, 30), st.integers(1, 20), st.integers(1, 6))
def test_points_have_the_distances_of_the_rows_of_r(n: int, m: int, width: int) -> None:
    rng = np.random.default_rng(n * m)
    rows, others = rng.standard_normal((n, width)), rng.standard_normal((m, width))
    np.testing.assert_allclose(
        pdist(metric_points(rows, others)) * np.sqrt(m), pdist(rows @ others.T), rtol=1e-6, atol=1e-7
    )


@pytest.mark.parametrize("seed", range(5))
def test_planted_blocks_are_found_and_stand_by_falling_mean(seed: int) -> None:
    rows, others, truth = planted(5, 20, seed)
    found = similar_blocks(rows, others, 5)
    assert sorted(found.order) == list(range(100))
    for block in found.blocks:
        assert len(set(truth[found.order[block.start : block.stop]])) == 1
    r = rows @ others.T
    means = [r[found.order[block.start : block.stop]].mean() for block in found.blocks]
    assert means == sorted(means, reverse=True)
    for block in found.blocks:
        assert np.all(np.diff(r[found.order[block.start : block.stop]].mean(axis=1)) <= 1e-9)


def test_by_leaves_neighbours_are_more_alike_than_by_mean() -> None:
    rng = np.random.default_rng(1)
    rows, others = rng.standard_normal((200, 8)), rng.standard_normal((30, 8))

    def step(order: np.ndarray) -> float:
        return float(np.linalg.norm(np.diff((rows @ others.T)[order], axis=0), axis=1).mean())

    by_mean, by_leaves = (similar_blocks(rows, others, 2, by_leaves=way) for way in (False, True))
    assert step(by_leaves.order) < 0.95 * step(by_mean.order)
    assert sorted(by_leaves.order) == list(range(200))


def test_a_block_with_too_many_rows_for_leaves_stays_by_mean(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(similarity, "MOST_LEAVES", 3)
    rows, others, _ = planted(2, 10)
    np.testing.assert_array_equal(
        similar_blocks(rows, others, 2, by_leaves=True).order, similar_blocks(rows, others, 2).order
    )


def test_the_same_rows_are_always_in_the_same_order() -> None:
    rows, others, _ = planted(4, 30)
    np.testing.assert_array_equal(similar_blocks(rows, others).order, similar_blocks(rows, others).order)


@pytest.mark.parametrize("n", [0, 1, 2, 30])
def test_few_or_equal_rows_are_one_block_or_none(n: int) -> None:
    found = similar_blocks(np.ones((n, 3)), np.ones((4, 3)))
    assert found.order.tolist() == list(range(n))
    assert len(found.blocks) == min(n, 1)


def test_without_another_side_rows_stay_as_they_are() -> None:
    assert similar_blocks(np.ones((3, 2)), np.empty((0, 2))).order.tolist() == [0, 1, 2]


def test_a_block_that_runs_empty_leaves_one_block_fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    real = similarity.kmeans2

    def refusing(points: np.ndarray, n: int, *rest: object, **more: object) -> object:
        if n > 2:
            raise similarity.ClusterError
        return real(points, n, *rest, **more)

    monkeypatch.setattr(similarity, "kmeans2", refusing)
    rows, others, _ = planted(2, 10)
    assert len(similar_blocks(rows, others, 4).blocks) == 2


def test_many_rows_are_assigned_to_the_centres_of_a_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(similarity, "_SAMPLE", 40)
    rows, others, truth = planted(3, 50)
    labels = k_means(metric_points(rows, others), 3)
    assert len(set(zip(labels.tolist(), truth.tolist(), strict=True))) == 3


def test_a_block_is_called_by_what_is_typical_of_it_not_by_what_is_frequent() -> None:
    genres = ["Drama", "Drama|Horror", "Drama|Horror", "Drama|War", "Drama|War", "Drama|War", "(no genres listed)"]
    order = BlockOrder(np.arange(7), (RowBlock(0, 3), RowBlock(3, 6), RowBlock(6, 7)))
    assert [block.name for block in named(order, genres).blocks] == ["Horror", "War", ""]
    assert named(order, None) is order


def test_an_order_of_a_selection_names_the_rows_of_the_whole() -> None:
    order = BlockOrder(np.array([1, 0, 2]), (RowBlock(0, 3),))
    assert keeping(order, np.array([10, 20, 30])).order.tolist() == [20, 10, 30]
