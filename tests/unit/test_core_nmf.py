"""NMF is scikit-learn's, pass by pass."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from sklearn.decomposition import NMF

import alsgui
from alsgui.core.ratings import Scale
from tests.helpers.tiny import holey

PENALTIES: dict[str, dict[str, float]] = {
    "none": {},
    "squares": {"alpha_W": 0.02},
    "absolute values": {"alpha_W": 0.02, "l1_ratio": 1.0},
    "mixed": {"alpha_W": 0.02, "l1_ratio": 0.5},
    "unlike sides": {"alpha_W": 0.03, "alpha_H": 0.01, "l1_ratio": 0.3},
}


def start(n_users: int = 30, n_movies: int = 20, k: int = 4) -> tuple[Any, Any, Any]:
    rng = np.random.default_rng(0)
    y = rng.integers(0, 6, size=(n_users, n_movies)).astype(float)
    return y, rng.random((n_users, k)), rng.random((k, n_movies))


def scikit_learns(y: Any, W: Any, H: Any, **options: Any) -> tuple[Any, Any]:
    model = NMF(W.shape[1], init="custom", tol=0, **options)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it has not converged is meant
        return model.fit_transform(y, W=W.copy(), H=H.copy()), model.components_


@pytest.mark.parametrize("epochs", [1, 10, 100])
@pytest.mark.parametrize("penalty", PENALTIES)
@pytest.mark.parametrize("method", ["cd", "mu"])
def test_factors_are_scikit_learns_after_any_number_of_passes(method: str, penalty: str, epochs: int) -> None:
    y, W, H = start()
    theirs = scikit_learns(y, W, H, solver=method, max_iter=epochs, **PENALTIES[penalty])
    ours = {name.lower(): value for name, value in PENALTIES[penalty].items()}
    model = alsgui.fit(
        alsgui.Ratings.from_dense(y), "nmf", k=4, method=method, init=(W.T, H), epochs=epochs, tolerance=0.0,
        closing=False, dtype="float64", holdout=0, **ours,
    )  # fmt: skip
    np.testing.assert_allclose(model.u.T, theirs[0], rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(model.m, theirs[1], rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("penalty", PENALTIES)
def test_the_loss_is_the_one_that_scikit_learn_documents(penalty: str) -> None:
    y, W, H = start()
    settings = {name.lower(): value for name, value in PENALTIES[penalty].items()}
    model = alsgui.fit(
        alsgui.Ratings.from_dense(y), "nmf", k=4, init=(W.T, H), epochs=3, dtype="float64", holdout=0, **settings
    )
    u, m = model.u, model.m
    ratio, alpha_w = settings.get("l1_ratio", 0.0), settings.get("alpha_w", 0.0)
    alpha_h = settings.get("alpha_h", alpha_w)
    expected = 0.5 * np.sum((y - u.T @ m) ** 2)
    for alpha, rows in ((20 * alpha_w, u), (30 * alpha_h, m)):
        expected += alpha * (ratio * np.abs(rows).sum() + 0.5 * (1 - ratio) * np.sum(rows**2))
    assert model.half_steps[-1].loss == pytest.approx(expected, rel=1e-10)


def test_single_precision_follows_double_closely_on_many_ratings() -> None:
    ratings = alsgui.Ratings.from_dense(np.random.default_rng(0).integers(1, 6, size=(1100, 1000)))
    single, double = (
        alsgui.fit(ratings, "nmf", k=4, epochs=5, dtype=dtype, tolerance=0.0) for dtype in ("float32", "float64")
    )
    assert single.half_steps[-1].loss == pytest.approx(double.half_steps[-1].loss, rel=1e-5)


def test_singular_vectors_are_a_better_start_than_chance() -> None:
    ratings = alsgui.generate("low_rank", n_users=60, n_movies=50, k=3, observed=1.0, scale=Scale(1, 5, 1))
    first = {}
    for init in ("random", "nndsvd"):
        first[init] = alsgui.fit(ratings, "nmf", k=4, init=init, epochs=1, holdout=0).history[0].loss
    assert first["nndsvd"] < first["random"]


def test_holes_are_refused_or_filled_as_they_are_told() -> None:
    with pytest.raises(alsgui.DataError, match="missing ratings"):
        alsgui.fit(holey(), "nmf", k=2)
    filled = np.nan_to_num(holey().csr.toarray())
    known = filled[filled.any(axis=1)][:, filled.any(axis=0)]
    by_hand = alsgui.fit(alsgui.Ratings.from_dense(known), "nmf", k=2, epochs=3, holdout=0, init="uniform")
    model = alsgui.fit(holey(), "nmf", k=2, fill="zero", epochs=3, holdout=0, init="uniform")
    assert np.isfinite(model.u).all() and (model.u >= 0).all()
    assert by_hand.k == model.k


def test_ratings_below_zero_are_refused_by_row() -> None:
    y = np.ones((3, 4))
    y[1, 2] = -2
    with pytest.raises(alsgui.DataError, match=r"1 ratings? (is|are) below zero, the first of user 2: -2\.0") as caught:
        alsgui.fit(alsgui.Ratings.from_dense(y), "nmf", k=2)
    assert len(caught.value.problems) == 1
