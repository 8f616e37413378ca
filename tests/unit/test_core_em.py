"""EM: fill with the model's own predictions, refit; the same optimum as observed ALS, later."""

from __future__ import annotations

import numpy as np
import pytest

import alsgui
from alsgui.core.solvers.config import EmConfig
from alsgui.core.steps import HalfStep
from alsgui.core.training import iter_fit
from tests.helpers.dense import dense_y
from tests.helpers.tiny import UNSEEN_MOVIE, UNSEEN_USER, all_training, holey


@pytest.mark.parametrize("biases", [False, True])
def test_a_half_step_is_the_dense_ridge_step_on_the_filled_matrix(biases: bool) -> None:
    ratings = holey()
    config = EmConfig(
        k=3, lambda_u=0.7, lambda_m=0.4, lambda_bias=1.5, biases=biases, epochs=3, dtype="float64", closing=False,
        init="normal", tolerance=0.0,
    )  # fmt: skip
    y, mu = dense_y(ratings), ratings.mean if biases else 0.0
    first = next(step for step in iter_fit(all_training(ratings), config) if isinstance(step, HalfStep))
    before = first.factors
    for step in list(iter_fit(all_training(ratings), config))[1:]:
        if not isinstance(step, HalfStep) or step.factors is before:
            continue
        side = step.record.side
        users, movies = before.users, before.movies
        r = mu + before.user_bias[:, None] + before.movie_bias + users @ movies.T
        filled = np.where(np.isnan(y), r, y) - mu
        if side == "u":
            target, other, held, penalty = filled - before.movie_bias, movies, UNSEEN_MOVIE, 0.7
        else:
            target, other, held, penalty = filled.T - before.user_bias, users, UNSEEN_USER, 0.4
        known = np.arange(len(other)) != held
        design = np.column_stack([other, np.ones(len(other))])[known] if biases else other[known]
        ridge = np.diag([penalty] * 3 + [1.5] * biases)
        expected = np.linalg.solve(design.T @ design + ridge, design.T @ target[:, known].T).T
        expected[UNSEEN_USER if side == "u" else UNSEEN_MOVIE] = 0
        rows, bias = step.factors.of(side)
        found = np.column_stack([rows, bias]) if biases else rows
        if step.epoch > 1 or side == "m":
            np.testing.assert_allclose(found, expected, atol=1e-9)
        before = step.factors


@pytest.mark.parametrize(("k", "penalty"), [(1, 2.0), (2, 2.0), (3, 4.0)])
def test_it_ends_where_observed_als_does(k: int, penalty: float) -> None:
    ratings = alsgui.generate("low_rank", n_users=50, n_movies=40, k=k, observed=0.3, noise=0.2)
    how = {"k": k, "lambda_u": penalty, "lambda_m": penalty, "biases": False, "holdout": 0, "dtype": "float64"}
    em = alsgui.fit(ratings, "em", epochs=4000, tolerance=1e-9, init="svd", **how)
    als = alsgui.fit(ratings, "observed", epochs=400, tolerance=1e-9, lambda_power=0.0, **how)
    assert em.half_steps[-1].loss == pytest.approx(als.half_steps[-1].loss, rel=1e-3)
    assert len(em.history) > 2 * len(als.history)


def test_without_holes_one_half_step_is_the_text_books() -> None:
    ratings = alsgui.generate("chapter", n_users=9, n_movies=7)
    how = {
        "k": 2,
        "lambda_u": 0.5,
        "lambda_m": 0.5,
        "epochs": 2,
        "dtype": "float64",
        "init": "normal",
        "closing": False,
    }
    em = alsgui.fit(ratings, "em", biases=False, **how)
    ridge = alsgui.fit(ratings, "ridge", **how)
    np.testing.assert_allclose(em.u, ridge.u, atol=1e-9)
    np.testing.assert_allclose(em.m, ridge.m, atol=1e-9)
