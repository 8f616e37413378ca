"""Non-negative rows against SciPy's solver, dead attributes, and the best fit of rank 2."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import nnls

import alsgui
from alsgui.core.attributes import empty_attributes, words_about_empty
from alsgui.core.solvers.kernels.nnls import nonnegative_row
from tests.helpers.tiny import holey


def solved(F: Any, y: Any, start: Any) -> Any:
    """Our row for min |F x - y|, from a start."""
    K = F.shape[1]
    x = np.array(start, float)
    nonnegative_row(F.T @ F, F.T @ y, x, np.empty(K, np.int64), np.empty((K, K)), np.empty(K))
    return x


@given(
    st.integers(0, 100_000), st.integers(1, 9), st.integers(1, 12), st.sampled_from(["plain", "zero", "twice", "all"])
)
def test_a_row_is_as_good_as_scipys_from_any_start_also_where_columns_depend_on_one_another(
    seed: int, K: int, n: int, kind: str
) -> None:
    rng = np.random.default_rng(seed)
    F, y = rng.standard_normal((n, K)), rng.standard_normal(n)
    if kind in ("zero", "all"):
        F[:, rng.integers(K)] = 0
    if kind in ("twice", "all"):
        F[:, -1] = 2 * F[:, 0]
    best = nnls(F, y)[1] ** 2
    for start in (np.zeros(K), rng.standard_normal(K), np.abs(rng.standard_normal(K))):
        x = solved(F, y, start)
        assert (x >= 0).all()
        assert np.sum((F @ x - y) ** 2) <= best + 1e-9 * (1 + y @ y)


@given(st.integers(0, 100_000), st.integers(1, 9))
def test_the_conditions_of_the_minimum_hold(seed: int, K: int) -> None:
    rng = np.random.default_rng(seed)
    F, y = rng.standard_normal((K + 3, K)), rng.standard_normal(K + 3)
    x = solved(F, y, rng.random(K))
    slope = F.T @ (y - F @ x)
    assert np.all(slope <= 1e-9)
    assert np.all(np.abs(slope[x > 0]) <= 1e-9)


@pytest.mark.parametrize("seed", range(20))
def test_five_starts_come_to_the_best_fit_of_rank_two_on_every_draw_of_the_chapter(seed: int) -> None:
    ratings = alsgui.generate("chapter", seed=seed)
    best = float(np.sum(np.linalg.svd(ratings.csr.toarray().astype(float), compute_uv=False)[2:] ** 2))
    model = alsgui.fit(
        ratings, "nonnegative", k=2, cells="all", tolerance=1e-7, restarts=5, epochs=1000, dtype="float64", threads=1
    )
    assert (model.u >= 0).all() and (model.m >= 0).all()
    assert model.half_steps[-1].rss <= 1.001 * best


def test_an_attribute_that_died_is_said_with_the_remedy_and_is_no_error() -> None:
    ratings = alsgui.generate("chapter", n_users=6, n_movies=5)
    u, m = np.ones((2, 6)), np.ones((2, 5))
    u[1] = m[1] = -1
    model = alsgui.fit(ratings, "nonnegative", k=2, cells="all", init=(u, m), epochs=5)
    assert empty_attributes(model.factors) == (2,)
    assert words_about_empty(model.factors) == (
        "Attribute 2 is empty. Start with numbers above zero (init uniform), or take several restarts."
    )
    assert words_about_empty(alsgui.fit(ratings, "nonnegative", k=2, epochs=5).factors) is None


def test_several_dead_attributes_are_said_together() -> None:
    ratings = alsgui.generate("chapter", n_users=6, n_movies=5)
    model = alsgui.fit(ratings, "nonnegative", k=3, cells="all", init=(-np.ones((3, 6)), -np.ones((3, 5))), epochs=1)
    assert (words_about_empty(model.factors) or "").startswith("Attributes 1, 2, 3 are empty.")


@pytest.mark.parametrize("cells", ["all", "observed"])
def test_a_free_side_without_a_single_answer_gets_the_shortest(cells: str) -> None:
    ratings = alsgui.generate("chapter", n_users=6, n_movies=5)
    u = np.abs(np.random.default_rng(0).standard_normal((4, 6)))
    u[3] = u[2]
    model = alsgui.fit(
        ratings, "nonnegative", k=4, cells=cells, free="m", order="mu", epochs=1, init=(u, np.zeros((4, 5))),
        closing=False, dtype="float64", half_steps=1,
    )  # fmt: skip
    y = ratings.csr.toarray().astype(float)
    np.testing.assert_allclose(model.m, np.linalg.lstsq(u.T, y, rcond=None)[0], atol=1e-9)


def test_rows_over_all_cells_take_holes_only_as_they_are_told() -> None:
    with pytest.raises(alsgui.DataError, match="missing ratings"):
        alsgui.fit(holey(), "nonnegative", k=2, cells="all")
    assert (alsgui.fit(holey(), "nonnegative", k=2, cells="all", fill="zero").u >= 0).all()


@pytest.mark.parametrize("scale", ["largest", "length"])
def test_a_scaled_m_is_the_same_over_all_cells_as_over_every_observed_one(scale: str) -> None:
    ratings = alsgui.generate("chapter", n_users=12, n_movies=9, seed=4)
    rng = np.random.default_rng(2)
    init = rng.random((3, 12)), rng.random((3, 9))
    one, other = (
        alsgui.fit(
            ratings, "nonnegative", k=3, cells=cells, scale_m=scale, order="mu", init=init, epochs=6, holdout=0,
            half_steps=10, closing=False, dtype="float64",
        )
        for cells in ("all", "observed")
    )  # fmt: skip
    np.testing.assert_allclose(one.m, other.m, atol=1e-9)
    np.testing.assert_allclose(one.u, other.u, atol=1e-9)
    rss, loss = ([getattr(step, name) for step in one.half_steps] for name in ("rss", "loss"))
    np.testing.assert_allclose(rss, [step.rss for step in other.half_steps])
    np.testing.assert_allclose(rss, loss)
    sizes = np.abs(one.m).max(axis=1) if scale == "largest" else np.linalg.norm(one.m, axis=1)
    np.testing.assert_allclose(sizes, 1)
