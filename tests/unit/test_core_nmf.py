"""NMF is scikit-learn's, pass by pass."""

from __future__ import annotations

import warnings
from typing import Any, Literal

import numpy as np
import pytest
from sklearn.decomposition import NMF

import alsgui
from alsgui.core.ratings import Ratings, Scale
from alsgui.core.solvers import blocks
from alsgui.core.solvers.blocks import Workers
from alsgui.core.solvers.config import NmfConfig
from alsgui.core.solvers.factors import Factors
from alsgui.core.solvers.nmf_rows import NmfProblem
from alsgui.core.solvers.packed import Point
from alsgui.core.solvers.problem import Solved
from tests.helpers.tiny import UNSEEN_MOVIE, UNSEEN_USER, holey

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


@pytest.mark.parametrize("tol", [0.1, 0.01, 0.001])
@pytest.mark.parametrize("penalty", ["none", "unlike sides"])
@pytest.mark.parametrize("method", ["cd", "mu"])
def test_the_preset_ends_where_scikit_learn_ends(method: str, penalty: str, tol: float) -> None:
    y, W, H = start()
    peer = NMF(4, init="custom", solver=method, tol=tol, max_iter=1000, **PENALTIES[penalty])
    w = peer.fit_transform(y, W=W.copy(), H=H.copy())
    options = {"n_components": 4, "init": "custom", "solver": method, "tol": tol, "max_iter": 1000}
    keywords = alsgui.presets.sklearn_nmf(**options, **PENALTIES[penalty])
    model = alsgui.fit(Ratings.from_dense(y), **keywords, init=(W.T, H), dtype="float64", holdout=0)
    assert (len(model.history), model.stopped) == (peer.n_iter_, "tolerance")
    np.testing.assert_allclose(model.u.T, w, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("method", ["cd", "mu"])
def test_a_fit_that_goes_on_ends_where_one_that_never_paused_does(method: str) -> None:
    y, W, H = start()
    how: dict[str, Any] = {
        "k": 4, "method": method, "sklearn_tol": 0.003, "tolerance": 0.0, "dtype": "float64", "holdout": 0
    }  # fmt: skip
    ratings = Ratings.from_dense(y)
    whole = alsgui.fit(ratings, "nmf", init=(W.T, H), epochs=1000, **how)
    part = alsgui.fit(ratings, "nmf", init=(W.T, H), epochs=5, **how)
    further = alsgui.fit(ratings, "nmf", init=part, epochs=1000, **how)
    assert part.stopped == "epochs"
    assert len(further.history) == len(whole.history)
    assert np.array_equal(further.u, whole.u)


def test_movies_first_is_scikit_learns_iteration_of_the_transposed_matrix() -> None:
    y, W, H = start()
    theirs = scikit_learns(y.T.copy(), H.T, W.T, max_iter=10, alpha_W=0.03, alpha_H=0.01)
    model = alsgui.fit(
        Ratings.from_dense(y), "nmf", k=4, order="mu", init=(W.T, H), epochs=10, tolerance=0.0, closing=False,
        dtype="float64", holdout=0, alpha_h=0.03, alpha_w=0.01,
    )  # fmt: skip
    np.testing.assert_allclose(model.m.T, theirs[0], rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(model.u, theirs[1], rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("fill", ["zero", "mean"])
@pytest.mark.parametrize("init", ["random", "nndsvd", "nndsvda"])
def test_starts_are_scikit_learns_of_the_filled_matrix(init: str, fill: str) -> None:
    y = np.random.default_rng(0).integers(1, 6, size=(14, 11)).astype(float)
    y[np.random.default_rng(1).random(y.shape) < 0.2] = np.nan
    filled = np.where(np.isnan(y), np.nanmean(y, axis=0) if fill == "mean" else 0.0, y)
    options: dict[str, Any] = {"n_components": 5, "init": init, "random_state": 3, "max_iter": 1, "tol": 0}
    peer = NMF(**options)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        w = peer.fit_transform(filled)
    keywords = alsgui.presets.sklearn_nmf(**options)
    model = alsgui.fit(Ratings.from_dense(y), **keywords, fill=fill, dtype="float64", holdout=0)
    np.testing.assert_allclose(model.u.T, w, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(model.m, peer.components_, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("fill", ["zero", "mean"])
def test_filled_holes_count_as_ratings_and_rows_without_any_stay_out(fill: Literal["zero", "mean"]) -> None:
    y = holey().csr.toarray()
    seen = y > 0
    users, movies = seen.any(axis=1), seen.any(axis=0)
    means = np.divide(y.sum(axis=0), seen.sum(axis=0), where=movies, out=np.zeros(len(movies)))
    known = np.where(seen, y, means if fill == "mean" else 0.0)[users][:, movies].astype(float)
    rng = np.random.default_rng(0)
    W, H = rng.random((len(y), 2)), rng.random((2, y.shape[1]))
    theirs = scikit_learns(known, W[users], H[:, movies], max_iter=5)
    model = alsgui.fit(
        holey(), "nmf", k=2, fill=fill, init=(W.T, H), epochs=5, tolerance=0.0, closing=False, dtype="float64",
        holdout=0,
    )  # fmt: skip
    np.testing.assert_allclose(model.u.T[users], theirs[0], rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(model.m[:, movies], theirs[1], rtol=1e-6, atol=1e-9)
    assert not model.u[:, UNSEEN_USER].any() and not model.m[:, UNSEEN_MOVIE].any()


@pytest.mark.parametrize("penalty", PENALTIES)
def test_folding_in_is_scikit_learns_transform_taken_to_its_end(penalty: str) -> None:
    y, W, H = start()
    settings = {name.lower(): value for name, value in PENALTIES[penalty].items()}
    model = alsgui.fit(
        Ratings.from_dense(y), "nmf", k=4, init=(W.T, H), epochs=20, dtype="float64", holdout=0, **settings
    )
    peer = NMF(4, init="custom", tol=1e-14, max_iter=100_000, **PENALTIES[penalty])
    peer.fit(y, W=W.copy(), H=H.copy())
    peer.components_ = np.ascontiguousarray(model.m)
    newcomer = np.random.default_rng(5).integers(0, 6, size=(1, 20)).astype(float)
    weights, _ = model.fold_in(dict(zip(model.movie_ids, newcomer[0], strict=True)))
    np.testing.assert_allclose(weights, peer.transform(newcomer)[0], rtol=1e-6, atol=1e-8)


def test_a_start_below_zero_begins_at_zero() -> None:
    y, W, H = start()
    W[0], H[1] = -W[0], -H[1]
    ours = alsgui.fit(Ratings.from_dense(y), "nmf", k=4, init=(W.T, H), epochs=3, dtype="float64", holdout=0)
    clipped = np.maximum(W, 0).T, np.maximum(H, 0)
    same = alsgui.fit(Ratings.from_dense(y), "nmf", k=4, init=clipped, epochs=3, dtype="float64", holdout=0)
    assert np.array_equal(ours.u, same.u) and np.array_equal(ours.m, same.m)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_sums_taken_with_the_users_are_the_bits_of_a_pass_for_the_movies(
    dtype: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "_BLOCK_COST", 3000.0)
    y, W, H = start(n_users=61, n_movies=23)
    ratings, config = Ratings.from_dense(y), NmfConfig(k=4, dtype=dtype)
    none = (np.zeros(61, dtype), np.zeros(23, dtype))
    problem = NmfProblem(ratings, config)
    point = Point.of(Factors(W.astype(dtype), np.ascontiguousarray(H.T, dtype), *none), problem.layout)

    def solved(problem: NmfProblem, side: Literal["u", "m"], point: Point) -> Solved:
        with Workers(2, lambda: False) as workers:
            *shares, last = problem.solve(side, point, workers)
        assert isinstance(last, Solved) and shares[-1] == 1.0 and shares == sorted(shares)
        return last

    point = point.replaced("u", solved(problem, "u", point).rows)
    ahead, anew = solved(problem, "m", point), solved(NmfProblem(ratings, config), "m", point)
    assert ahead.rows.tobytes() == anew.rows.tobytes()
    assert (ahead.loss, ahead.watched) == (anew.loss, anew.watched)
