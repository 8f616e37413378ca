"""Presets: the peers' conventions, held by gradients on our factors and on the peers' own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import sparse
from threadpoolctl import threadpool_limits

import alsgui
from alsgui.core.errors import ConfigError
from alsgui.core.ratings import Ratings
from alsgui.core.solvers.config import make_config
from alsgui.core.solvers.factors import Factors
from alsgui.core.steps import HalfStep
from alsgui.core.training import iter_fit
from tests.helpers.dense import DenseObjective
from tests.helpers.tiny import UNSEEN_MOVIE, UNSEEN_USER, all_training, complete, holey

presets = alsgui.presets

GRADIENTS: dict[str, tuple[Any, Ratings]] = {
    "textbook": ({}, complete()),
    "spark": ({}, holey()),
    "spark, implicit": ({"implicitPrefs": True, "alpha": 2.0}, holey()),
    "implicit": ({"use_cg": False}, holey()),
    "cmfrec": ({"use_cg": False}, holey()),
    "cmfrec, scaled": (
        {"use_cg": False, "user_bias": False, "item_bias": False, "center": False, "scale_lam": True}, holey()
    ),
    "lenskit, implicit": ({"feedback": "implicit"}, holey()),
    "recommenderlab": ({}, holey()),
    "zhou2008": ({}, holey()),
}  # fmt: skip


@pytest.mark.parametrize("name", GRADIENTS)
def test_the_gradient_is_zero_on_the_side_just_solved(name: str) -> None:
    options, ratings = GRADIENTS[name]
    keywords = presets.PRESETS[name.split(",", maxsplit=1)[0]][0](**options) | {"k": 3, "epochs": 3, "dtype": "float64"}
    config = make_config(**keywords).resolved(ratings)
    objective = DenseObjective.of(ratings, config)
    steps = [step for step in iter_fit(all_training(ratings), config) if isinstance(step, HalfStep)]
    assert len(steps) == 6  # and no closing one
    for step in steps:
        slope = objective.gradient(step.factors, step.record.side)
        assert np.max(np.abs(slope)) <= 1e-9 * objective.loss(step.factors)


def test_lenskits_biases_are_damped_means_that_stay() -> None:
    ratings = holey()
    model = alsgui.fit(all_training(ratings), **presets.lenskit(embedding_size=2, epochs=3, damping=5.0))
    y = ratings.csr.toarray()
    seen = y != 0
    errors = np.where(seen, y - y[seen].mean(), 0)
    c = errors.sum(axis=0) / (seen.sum(axis=0) + 5)
    b = np.where(seen, errors - c, 0).sum(axis=1) / (seen.sum(axis=1) + 5)
    np.testing.assert_allclose(model.movie_bias, c, atol=1e-6)
    np.testing.assert_allclose(model.user_bias, b, atol=1e-6)


def test_lenskits_factors_solve_what_its_biases_leave() -> None:
    ratings = holey()
    keywords = presets.lenskit(embedding_size=2, epochs=2) | {"dtype": "float64"}
    *_, step = (step for step in iter_fit(all_training(ratings), make_config(**keywords)) if isinstance(step, HalfStep))
    objective = DenseObjective.of(ratings, make_config(**keywords).resolved(ratings))
    slope = objective.gradient(step.factors, "m")[:, :2]  # without the bias, which is held
    assert np.max(np.abs(slope)) <= 1e-9 * objective.loss(step.factors)


def test_lenskits_newcomers_have_a_damped_bias() -> None:
    ratings = all_training(holey())
    model = alsgui.fit(ratings, **presets.lenskit(embedding_size=2, epochs=3) | {"closing": True})
    columns, values = ratings.training.of_user(0)
    rated = {model.movie_ids[column]: float(value) for column, value in zip(columns, values, strict=True)}
    weights, bias = model.fold_in(rated)
    np.testing.assert_allclose(weights, model.u[:, 0], atol=1e-5)
    assert bias == pytest.approx(float(model.user_bias[0]), abs=1e-5)


def test_softimpute_makes_em_steps_from_orthonormal_users() -> None:
    keywords = presets.softimpute(rank_max=2, lambda_=1.0, maxit=4, thresh=0.0)
    model = alsgui.fit(all_training(holey()), **keywords)
    assert [record.side for record in model.half_steps] == ["m", "u"] * 4
    assert np.all(np.diff([record.loss for record in model.half_steps]) <= 0)


def test_scikit_learns_options_become_ours() -> None:
    keywords = presets.sklearn_nmf(
        n_components=3, solver="mu", alpha_W=0.1, alpha_H=0.2, l1_ratio=0.5, max_iter=7, tol=0.01
    )
    config = make_config(**keywords)
    assert config.to_json() | {
        "k": 3, "method": "mu", "alpha_w": 0.1, "alpha_h": 0.2, "l1_ratio": 0.5, "epochs": 7, "tolerance": 0,
        "sklearn_tol": 0.01,
        "init": "nndsvda", "closing": False,
    } == config.to_json()  # fmt: skip


@pytest.mark.parametrize(
    ("name", "options", "reason"),
    [
        ("r_als", {"WList": [[[1.0, 0.5]]]}, "counts or is missing"),
        ("r_als", {"fixed": [[1]]}, "held at zero"),
        ("r_als", {"uniC": True}, "know no neighbours"),
        ("r_als", {"uniS": True}, "know no neighbours"),
        ("r_als", {"closureC": [[1.0, 1.0]]}, "sum of a user's weights"),
        ("sklearn_nmf", {"beta_loss": "kullback-leibler"}, "squared error alone"),
        ("sklearn_nmf", {"shuffle": True}, "bits repeat"),
        ("sklearn_nmf", {"init": "nndsvdar"}, "not filled by chance"),
        ("spark", {"nonnegative": True}, "no penalty by count"),
        ("cmfrec", {"user_bias": False}, "both sides have biases"),
        ("cmfrec", {"scale_lam": True}, "never penalised by count"),
        ("recommenderlab", {"normalize": "center"}, "normalised ratings instead"),
        ("softimpute", {"type": "svd"}, "no singular values"),
    ],
)
def test_what_cannot_be_imitated_is_refused_with_the_reason(name: str, options: dict[str, Any], reason: str) -> None:
    with pytest.raises(ConfigError, match=reason):
        presets.PRESETS[name][0](**options)


@pytest.mark.parametrize("name", presets.PRESETS)
def test_every_preset_can_be_fitted_and_says_what_differs(name: str) -> None:
    function, line = presets.PRESETS[name]
    assert line.endswith(".") and (function.__doc__ or "").strip()
    ratings = complete() if name in ("textbook", "sklearn_nmf") else holey()
    model = alsgui.fit(all_training(ratings), **{**function(), "k": 2, "epochs": 2})
    assert np.isfinite(model.u).all()


def test_an_option_that_the_peer_does_not_have_is_a_mistake() -> None:
    with pytest.raises(TypeError, match="unexpected keyword"):
        presets.spark(lambda_=3)


def factors_of(users: Any, movies: Any, b: Any = 0, c: Any = 0) -> Factors:
    users, movies = np.array(users, float), np.array(movies, float)
    return Factors(users, movies, np.zeros(len(users)) + b, np.zeros(len(movies)) + c)


def test_the_implicit_packages_own_factors_have_no_gradient_in_our_objective() -> None:
    package = pytest.importorskip("implicit.cpu.als", reason="the package implicit is not installed")
    ratings = holey()
    with threadpool_limits(limits=1, user_api="blas"):  # it warns otherwise
        model = package.AlternatingLeastSquares(
            factors=3, regularization=0.5, alpha=2.0, iterations=20, use_cg=False, num_threads=1, random_state=0,
            dtype=np.float64,
        )  # fmt: skip
        model.fit(sparse.csr_matrix(ratings.csr.astype(np.float32)), show_progress=False)
    keywords = presets.implicit(factors=3, regularization=0.5, alpha=2.0)
    objective = DenseObjective.of(ratings, make_config(**keywords).resolved(ratings))
    factors = factors_of(model.user_factors, model.item_factors)
    slope = np.delete(objective.gradient(factors, "m"), UNSEEN_MOVIE, axis=0)
    assert np.max(np.abs(slope)) < 1e-4 * objective.loss(factors)


def test_cmfrecs_own_factors_have_no_gradient_in_our_objective() -> None:
    package = pytest.importorskip("cmfrec", reason="cmfrec is not installed")
    ratings = holey()
    model = package.CMF(
        k=3, lambda_=2.0, niter=30, use_cg=False, verbose=False, nthreads=1, use_float=False, random_state=1
    )
    model.fit(ratings.csr.tocoo())
    keywords = presets.cmfrec(k=3, lambda_=2.0, use_cg=False)
    objective = DenseObjective.of(ratings, make_config(**keywords).resolved(ratings))
    factors = factors_of(model.A_, model.B_, model.user_bias_, model.item_bias_)
    slope = np.delete(objective.gradient(factors, "u"), UNSEEN_USER, axis=0)
    assert np.max(np.abs(slope)) < 1e-6 * objective.loss(factors)
