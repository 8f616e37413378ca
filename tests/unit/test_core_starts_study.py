"""Several starts of one fit: what they agree in, what they do not, and what an alignment brings together."""

from __future__ import annotations

from dataclasses import replace
from threading import Event

import numpy as np
import pytest

import alsgui
from alsgui.core.brake import Brake
from alsgui.core.errors import Interrupted, NumericalError
from alsgui.core.generate import generate
from alsgui.core.model import Model
from alsgui.core.solvers.config import make_config
from alsgui.core.solvers.factors import Factors
from alsgui.core.split import split
from alsgui.core.starts_study import at_length_one, compared, matched_to, r_apart, rotated, study
from alsgui.core.steps import Fitted


def model_of(**settings: object) -> Model:
    ratings = generate("movies", n_users=30, n_movies=40, density=0.5)
    return alsgui.fit(ratings, **{"k": 3, "epochs": 5, "threads": 1} | settings)  # type: ignore[arg-type]


def with_factors(model: Model, users: np.ndarray, movies: np.ndarray) -> Model:
    return replace(model, factors=replace(model.factors, users=users.copy(), movies=movies.copy()))


def test_a_planted_rotation_is_recovered() -> None:
    model = model_of(dtype="float64")
    turn, _ = np.linalg.qr(np.random.default_rng(1).normal(size=(3, 3)))
    turned = with_factors(model, model.factors.users @ turn, model.factors.movies @ turn)
    users, movies = rotated(turned.factors, model.factors)
    np.testing.assert_allclose(users, model.factors.users, atol=1e-10)
    np.testing.assert_allclose(movies, model.factors.movies, atol=1e-10)
    found = compared(model.config, [model, turned]).starts[1]
    assert found.u_before > 0.1 and found.u_after < 1e-9 and found.m_after < 1e-9


def test_a_planted_order_and_scale_are_recovered() -> None:
    model = model_of(algorithm="nonnegative", dtype="float64")
    scale = np.array([2.0, 0.5, 7.0])
    order = [2, 0, 1]
    moved = Factors(
        (model.factors.users / scale)[:, order].copy(), (model.factors.movies * scale)[:, order].copy(),
        model.factors.user_bias, model.factors.movie_bias,
    )  # fmt: skip
    for found, wanted in zip(matched_to(moved, model.factors), at_length_one(model.factors), strict=True):
        np.testing.assert_allclose(found, wanted, atol=1e-12)


def test_how_far_predictions_are_apart_is_over_every_cell() -> None:
    one, other = model_of(), model_of(seed=5)
    everyone, everything = slice(None), slice(None)
    difference = one.predictor.block(everyone, everything) - other.predictor.block(everyone, everything)
    assert r_apart(one.predictor, other.predictor) == pytest.approx(np.sqrt(np.mean(difference**2)), rel=1e-4)
    assert r_apart(one.predictor, one.predictor) < 1e-6


def test_a_study_fits_every_seed_and_compares_with_the_lowest_objective() -> None:
    parts = split(generate("movies", n_users=30, n_movies=40, density=0.5))
    told: list[tuple[int, float]] = []
    config = make_config("observed", k=2, epochs=3, threads=1, seed=7, restarts=4)
    found = study(parts, config, Brake(), 3, lambda number, done: told.append((number, done)))
    assert [start.seed for start in found.starts] == [7, 8, 9]
    assert found.starts[found.best].loss == min(start.loss for start in found.starts)
    assert found.starts[found.best].r_apart < 1e-6 and found.starts[found.best].u_after < 1e-6
    assert all(start.u_after <= start.u_before + 1e-9 for start in found.others)
    alone = alsgui.fit(parts, k=2, epochs=3, threads=1, seed=8)
    assert found.starts[1].loss == alone.half_steps[-1].loss
    assert {number for number, _ in told} == {0, 1, 2} and all(0 <= done <= 1 for _, done in told)
    assert found.ranges is None


def test_non_negative_factors_have_a_range_of_loadings() -> None:
    parts = split(generate("movies", n_users=30, n_movies=40, density=0.5))
    config = make_config("nonnegative", k=2, epochs=3, threads=1)
    found = study(parts, config, Brake(), 2)
    assert found.ranges is not None and found.ranges.low.shape == (40, 2)
    assert np.all(found.ranges.low <= found.ranges.high)
    twice = compared(found.config, [found.model, found.model])
    assert twice.ranges is not None and twice.ranges.n_starts == 2
    np.testing.assert_array_equal(twice.ranges.spread, 0)


def test_an_attribute_that_died_is_counted() -> None:
    model = model_of()
    users = model.factors.users.copy()
    users[:, 1] = 0
    dead = with_factors(model, users, model.factors.movies)
    assert [start.n_lost for start in compared(model.config, [model, dead]).starts] == [0, 1]
    nothing = with_factors(model, np.zeros_like(users), np.zeros_like(model.factors.movies))
    assert compared(model.config, [nothing]).starts[0].u_before == 0


def test_a_study_that_is_ended_keeps_what_is_complete() -> None:
    parts = split(generate("movies", n_users=30, n_movies=40, density=0.5))
    config = make_config("observed", k=2, epochs=3, threads=1)

    def ending_at(start: int) -> tuple[Brake, object]:
        brake = Brake()
        return brake, lambda number, done: brake.set() if number == start else None

    brake, told = ending_at(2)
    assert len(study(parts, config, brake, 5, told).starts) == 2  # type: ignore[arg-type]
    brake, told = ending_at(1)
    with pytest.raises(Interrupted):
        study(parts, config, brake, 5, told)  # type: ignore[arg-type]
    ended = Event()
    ended.set()
    with pytest.raises(Interrupted):
        study(parts, config, ended, 5)


def test_a_row_without_an_answer_ends_the_study_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    model = model_of()
    assert model.split is not None
    trouble = NumericalError("User 3 has no answer.", "Raise lambda.")
    ended = [Fitted(model, trouble)]
    monkeypatch.setattr("alsgui.core.starts_study.Training.steps", lambda self: iter(ended))
    with pytest.raises(NumericalError, match="User 3"):
        study(model.split, model.config, Brake(), 2)
