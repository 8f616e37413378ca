"""Acceleration, conjugate gradients, starts by name, and half-steps by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import alsgui
from alsgui.core.brake import Brake
from alsgui.core.errors import ConfigError
from alsgui.core.ratings import Ratings
from alsgui.core.solvers import alternation
from alsgui.core.solvers.config import CONFIGS, ObservedConfig
from alsgui.core.split import split
from alsgui.core.steps import Epoch, Fitted, HalfStep, Step
from alsgui.core.training import Training, iter_fit
from tests.helpers.dense import DenseObjective
from tests.helpers.tiny import all_training, holey

PLAIN: dict[str, Any] = {"lambda_u": 0.3, "lambda_m": 0.3, "tolerance": 0.0, "threads": 1, "init": "normal"}


@pytest.fixture(scope="module")
def ratings() -> Ratings:
    return alsgui.generate("movies", n_users=120, n_movies=90, density=0.15)


def losses(ratings: Ratings, **settings: Any) -> list[float]:
    config = ObservedConfig(**{**PLAIN, "k": 5, "lambda_u": 3.0, "lambda_m": 3.0, "closing": False, **settings})
    return [step.record.loss for step in iter_fit(all_training(ratings), config) if isinstance(step, HalfStep)]


def half_steps_until(curve: list[float], target: float) -> int:
    return next(at for at, loss in enumerate(curve) if loss <= target)


def test_acceleration_takes_far_fewer_half_steps_to_the_same_loss(ratings: Ratings) -> None:
    weak = {"lambda_u": 0.5, "lambda_m": 0.5, "epochs": 150}
    plain, fast = (losses(ratings, accelerate=accelerate, **weak) for accelerate in (False, True))
    assert fast[-1] == pytest.approx(plain[-1], rel=1e-2)
    target = 1.001 * min(*plain, *fast)
    assert half_steps_until(fast, target) < 0.6 * half_steps_until(plain, target)


def test_a_half_step_that_would_raise_the_loss_is_taken_back(ratings: Ratings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alternation, "RELAXATION", 3.5)  # far too much: without the safeguard it diverges
    curve = np.array(losses(ratings, epochs=20))
    assert np.all(np.diff(curve) <= 1e-6 * curve[:-1])


def test_what_is_yielded_is_solved_for_the_other_side_also_when_accelerated(ratings: Ratings) -> None:
    parts = all_training(ratings)
    config = ObservedConfig(**{**PLAIN, "k": 3, "epochs": 6, "dtype": "float64"})
    objective = DenseObjective.of(parts.training, config)
    for step in iter_fit(parts, config):
        if isinstance(step, HalfStep):
            slope = objective.gradient(step.factors, step.record.side)
            assert np.max(np.abs(slope)) < 1e-8 * objective.loss(step.factors)


@pytest.mark.parametrize("algorithm", ["observed", "implicit"])
def test_conjugate_gradients_come_to_the_loss_of_exact_solving(ratings: Ratings, algorithm: str) -> None:
    ends = [
        alsgui.fit(all_training(ratings), algorithm, k=6, solver=solver, epochs=60, tolerance=0.0, dtype="float64")
        for solver in ("exact", "cg")
    ]
    assert ends[1].half_steps[-1].loss == pytest.approx(ends[0].half_steps[-1].loss, rel=5e-3)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_ridge_that_shrinks_all_factors_to_nothing_ends_gradients_and_not_the_fit(dtype: str) -> None:
    parts = all_training(alsgui.generate("movies", n_users=60, n_movies=50, density=0.2))
    how: dict[str, Any] = {"k": 1, "lambda_power": 1.0, "init": "uniform", "accelerate": False, "solver": "cg"}
    model = alsgui.fit(parts, "implicit", lambda_u=1e4, lambda_m=3e4, epochs=80, tolerance=0.0, dtype=dtype, **how)
    assert len(model.history) == 80 and np.isfinite(model.history[-1].loss)
    assert np.abs(model.m).max() < 1e-20


def test_with_as_many_steps_as_unknowns_conjugate_gradients_are_exact() -> None:
    parts = all_training(holey())
    how = {**PLAIN, "k": 3, "epochs": 1, "accelerate": False, "dtype": "float64", "closing": False}
    exact, relaxed = (
        alsgui.fit(parts, solver=solver, cg_steps=12, **{**how, "init": "normal"}) for solver in ("exact", "cg")
    )
    everything = slice(None), slice(None)  # its axes are turned, which changes no prediction
    np.testing.assert_allclose(relaxed.predict_block(*everything), exact.predict_block(*everything), atol=1e-9)


def test_rows_are_solved_exactly_up_to_24_attributes_unless_told() -> None:
    parts = all_training(holey())
    for k, solver, exact in ((24, "auto", True), (25, "auto", False), (25, "exact", True), (2, "cg", False)):
        config = ObservedConfig(**{**PLAIN, "k": k, "solver": solver})
        assert Training(parts, config).problem.exact is exact


def test_turning_both_sides_changes_no_prediction_and_no_penalty(ratings: Ratings) -> None:
    parts = all_training(ratings)
    config = ObservedConfig(**{**PLAIN, "k": 6, "solver": "cg", "dtype": "float64"}).resolved(parts.training)
    problem = config.problem(parts.training)
    point = Training(parts, config).problem.layout
    rng = np.random.default_rng(0)
    momentum = alternation.Momentum(
        alternation.Point(
            point,
            point.pack("u", rng.standard_normal((120, 6)), np.zeros(120)),
            point.pack("m", rng.standard_normal((90, 6)), np.zeros(90)),
        )
    )
    axes = problem.rotation(momentum.point)
    assert axes is not None
    np.testing.assert_allclose(axes @ axes.T, np.eye(6), atol=1e-12)
    turned = momentum.turned(axes).point
    np.testing.assert_allclose(turned.left @ turned.right.T, momentum.point.left @ momentum.point.right.T, atol=1e-10)
    assert np.sum(turned.left**2) == pytest.approx(np.sum(momentum.point.left**2))


class TestGoingOn:
    @pytest.mark.parametrize("solver", ["exact", "cg"])
    @pytest.mark.parametrize("algorithm", ["observed", "implicit"])
    def test_gives_the_bits_of_a_fit_that_never_paused(self, ratings: Ratings, algorithm: str, solver: str) -> None:
        parts, how = split(ratings, 0.1), {"k": 5, "solver": solver, "tolerance": 0.0}
        whole = alsgui.fit(parts, algorithm, epochs=9, **how)
        half = alsgui.fit(parts, algorithm, epochs=4, **how)
        again = alsgui.fit(parts, algorithm, epochs=5, init=half, **how)
        assert again.u.tobytes() == whole.u.tobytes() and again.m.tobytes() == whole.m.tobytes()

    def test_does_so_from_a_file(self, ratings: Ratings, tmp_path: Any) -> None:
        parts, how = split(ratings, 0.1), {"k": 5, "tolerance": 0.0}
        whole = alsgui.fit(parts, epochs=9, **how)
        alsgui.save_model(alsgui.fit(parts, epochs=4, **how), tmp_path / "m.alsgui")
        half = alsgui.load_model(tmp_path / "m.alsgui")
        assert half.split is not None
        again = alsgui.fit(half.split, epochs=5, init=half, **how)
        assert again.u.tobytes() == whole.u.tobytes()

    def test_with_another_lambda_starts_without_momentum(self, ratings: Ratings) -> None:
        parts = all_training(ratings)
        half = alsgui.fit(parts, k=4, epochs=5, tolerance=0.0)
        config = ObservedConfig(k=4, epochs=5, tolerance=0.0, lambda_u=9.0, lambda_m=9.0)
        steps = [step for step in iter_fit(parts, config, start=half) if isinstance(step, HalfStep)]
        curve = np.array([step.record.loss for step in steps])
        assert np.all(np.diff(curve) <= 1e-6 * curve[:-1])
        first = alsgui.fit(parts, k=4, epochs=1, init=half.factors, lambda_u=9.0, lambda_m=9.0, tolerance=0.0)
        assert first.half_steps[0].loss == curve[0]


class TestByHand:
    def steps(self, ratings: Ratings, by_hand_from: int, **settings: Any) -> tuple[list[Step], Fitted]:
        brake = Brake()
        config = ObservedConfig(**{**PLAIN, "k": 30, "epochs": 6, **settings})
        brake.by_hand = by_hand_from == 0
        steps: list[Step] = []
        for step in iter_fit(all_training(ratings), config, brake):
            steps.append(step)
            if isinstance(step, Epoch) and step.record.epoch == by_hand_from:
                brake.by_hand = True
        assert isinstance(steps[-1], Fitted)
        return steps, steps[-1]

    def test_every_half_step_is_exact_and_plain(self, ratings: Ratings) -> None:
        steps, end = self.steps(ratings, 0, dtype="float64")
        objective = DenseObjective.of(ratings, end.model.config)
        for step in steps:
            if isinstance(step, HalfStep):
                slope = objective.gradient(step.factors, step.record.side)
                assert np.max(np.abs(slope)) < 1e-8 * objective.loss(step.factors)
        assert isinstance(end.model.config, ObservedConfig)
        assert (end.model.config.solver, end.model.config.accelerate) == ("exact", False)

    @pytest.mark.parametrize("by_hand_from", [0, 2])
    def test_the_acts_make_the_model_again_to_the_bit(self, ratings: Ratings, by_hand_from: int) -> None:
        _, end = self.steps(ratings, by_hand_from)
        assert [act.epochs for act in end.acts] == ([6] if by_hand_from == 0 else [2, 4])
        model = None
        for act in end.acts:
            settings = {name: value for name, value in act.to_json().items() if name not in ("algorithm", "init")}
            start: Any = model if model is not None else act.init
            model = alsgui.fit(all_training(ratings), init=start, **settings)
        assert model is not None and model.u.tobytes() == end.model.u.tobytes()


class TestStarts:
    @pytest.mark.parametrize(
        ("algorithm", "init"), [(name, init) for name, kind in CONFIGS.items() for init in kind.inits]
    )
    def test_every_start_can_be_fitted_and_is_seeded(self, ratings: Ratings, algorithm: str, init: str) -> None:
        complete = Ratings.from_dense(np.random.default_rng(0).integers(1, 6, size=(20, 15)))
        one, same, other = (
            alsgui.fit(complete, algorithm, k=3, init=init, epochs=2, holdout=0, seed=seed) for seed in (1, 1, 2)
        )
        assert np.isfinite(one.u).all() and one.u.tobytes() == same.u.tobytes()
        if init not in ("nndsvd", "nndsvda"):
            assert one.u.tobytes() != other.u.tobytes()

    def test_singular_vectors_begin_lower_than_chance(self, ratings: Ratings) -> None:
        assert losses(ratings, init="svd", epochs=1)[0] < losses(ratings, init="normal", epochs=1)[0]

    def test_more_attributes_than_rows_can_be_started_by_singular_vectors(self) -> None:
        model = alsgui.fit(all_training(holey()), k=40, init="svd", epochs=2)
        assert np.isfinite(model.u).all()

    def test_an_unknown_start_is_refused_with_what_there_is(self) -> None:
        with pytest.raises(ConfigError, match=r"init is magic\. Use normal, uniform, svd, means or unit"):
            alsgui.fit(holey(), init="magic")


def test_a_row_whose_numbers_overflow_is_named() -> None:
    y = np.full((4, 5), 1e30)
    y[0, 0] = 2e30
    with pytest.raises(alsgui.NumericalError, match=r"user|movie|not a finite"):
        alsgui.fit(Ratings.from_dense(y), k=30, lambda_u=1e-30, lambda_m=1e-30, epochs=3, holdout=0, init="normal")
