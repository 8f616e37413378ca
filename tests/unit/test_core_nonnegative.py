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
from alsgui.core.solvers.kernels.nnls import nonnegative_row, nonnegative_rows
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


def rows_of(kind: str, rng: np.random.Generator, n_rows: int, K: int) -> tuple[Any, Any]:
    """One matrix of the other side, and what many rows are to reproduce with it."""
    n = K + int(rng.integers(0, 40))
    F = rng.standard_normal((n, K)) if kind == "plain" else rng.random((n, K))
    if kind == "alike":
        F = F[:, :1] + 1e-3 * rng.standard_normal((n, K))
    if kind == "sparse":
        F *= rng.random((n, K)) < 0.3
    y = rng.integers(1, 6, (n_rows, n)).astype(float) if kind != "plain" else rng.standard_normal((n_rows, n))
    return F, y


@pytest.mark.parametrize("kind", ["plain", "positive", "sparse", "alike"])
@pytest.mark.parametrize("K", [1, 2, 5, 12, 20])
def test_no_row_of_thousands_misses_the_conditions_of_the_minimum(kind: str, K: int) -> None:
    """From far and near, since rounding decides in one row of hundreds where an attribute stops at zero."""
    rng = np.random.default_rng(K)
    F, y = rows_of(kind, rng, 1500, K)
    A, b = F.T @ F + 1e-3 * np.eye(K), y @ F
    size = np.abs(b).max(axis=1, keepdims=True) + 1e-300
    for start in (0.0, 1.0, 100.0):
        x = start * rng.random((len(y), K))
        nonnegative_rows(0, len(x), A, b, x)
        slope = (b - x @ A) / size
        assert (x >= 0).all()
        assert np.max(slope) <= 1e-9, "nothing is to be gained by raising a number"
        assert np.max(np.abs(slope) * (x > 0)) <= 1e-9, "nor by changing one that is not zero"


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
