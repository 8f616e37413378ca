"""The contract that every algorithm keeps, in both precisions, against the dense definitions."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import pytest

from alsgui.core import training
from alsgui.core.brake import Brake
from alsgui.core.errors import ConfigError, Interrupted, NumericalError
from alsgui.core.model import Model
from alsgui.core.ratings import Ratings
from alsgui.core.solvers import blocks
from alsgui.core.solvers.config import (
    Config,
    EmConfig,
    ImplicitConfig,
    NmfConfig,
    NonnegativeConfig,
    ObservedConfig,
    RidgeConfig,
)
from alsgui.core.solvers.factors import Factors, Side
from alsgui.core.solvers.packed import Entries
from alsgui.core.solvers.plain import runs_plain
from alsgui.core.split import Split
from alsgui.core.steps import Epoch, Fitted, HalfStep, HalfSweep, Step
from alsgui.core.training import fitted, iter_fit
from tests.helpers.dense import DenseObjective, side_of
from tests.helpers.tiny import UNSEEN_MOVIE, UNSEEN_USER, all_training, complete, every_third_held_out, holey

pytestmark = pytest.mark.interpreted

NEVER_RISES = {"float32": 1e-6, "float64": 1e-12}
LOSS = {"float32": 1e-6, "float64": 1e-10}
SAME = {"float32": 1e-5, "float64": 1e-10}
USUAL: dict[str, Any] = {"k": 3, "lambda_u": 0.3, "lambda_m": 0.2, "epochs": 4, "tolerance": 0.0, "threads": 1}


@pytest.fixture
def several_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut even tiny data into several row blocks."""
    monkeypatch.setattr(blocks, "_BLOCK_COST", 100.0)


@pytest.fixture(params=["float32", "float64"])
def dtype(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def all_steps(split: Split, config: Config, **how: Any) -> list[Step]:
    return list(iter_fit(split, config, **how))


def model_of(steps: list[Step]) -> Model:
    assert isinstance(steps[-1], Fitted)
    assert steps[-1].trouble is None
    return steps[-1].model


def bits(factors: Factors) -> tuple[bytes, ...]:
    return tuple(part.tobytes() for part in (factors.users, factors.movies, factors.user_bias, factors.movie_bias))


class SolverContract:
    """What holds for every algorithm; subclasses name its settings and ratings."""

    kind: ClassVar[type[Config]]
    settings: ClassVar[dict[str, Any]] = {}
    takes_holes: ClassVar[bool] = True
    solves_exactly: ClassVar[bool] = True
    """Whether every half-step does, not only the closing one."""

    def solved(self, steps: list[HalfStep]) -> list[HalfStep]:
        """The half-steps whose rows are solved exactly."""
        return steps if self.solves_exactly else steps[-1:]

    def steepness(self, objective: DenseObjective, factors: Factors, side: Side) -> float:
        """How far the gradient is from what it is at the minimum."""
        return float(np.max(np.abs(objective.gradient(factors, side))))

    def config(self, **changed: Any) -> Config:
        return self.kind(**{**USUAL, **self.settings, **changed})

    def ratings(self) -> Ratings:
        return holey() if self.takes_holes else complete()

    def split(self) -> Split:
        return all_training(self.ratings())

    def biases(self) -> bool:
        return bool(getattr(self.config(), "biases", False))

    def half_steps(self, dtype: str, **changed: Any) -> tuple[DenseObjective, list[HalfStep]]:
        split, config = self.split(), self.config(dtype=dtype, **changed)
        steps = all_steps(split, config)
        return DenseObjective.of(split.training, config), [step for step in steps if isinstance(step, HalfStep)]

    def test_the_loss_never_rises(self, dtype: str) -> None:
        _, steps = self.half_steps(dtype, epochs=30)
        losses = np.array([step.record.loss for step in steps])
        assert np.all(np.diff(losses) <= NEVER_RISES[dtype] * losses[:-1])

    def test_the_loss_is_that_of_the_definitions(self, dtype: str) -> None:
        objective, steps = self.half_steps(dtype)
        for step in steps:
            assert step.record.loss == pytest.approx(objective.loss(step.factors), rel=LOSS[dtype])

    def test_the_gradient_is_zero_on_the_side_just_solved(self, dtype: str) -> None:
        objective, steps = self.half_steps(dtype)
        for step in self.solved(steps):
            steepest = self.steepness(objective, step.factors, step.record.side)
            assert steepest <= SAME[dtype] * objective.loss(step.factors)

    def test_each_half_step_is_what_brute_force_finds_row_by_row(self, dtype: str) -> None:
        objective, steps = self.half_steps(dtype)
        for step in self.solved(steps):
            found = side_of(step.factors, step.record.side, biases=self.biases())
            expected = objective.solved_rows(step.factors, step.record.side)
            np.testing.assert_allclose(found, expected, rtol=0, atol=SAME[dtype] * np.abs(expected).max())

    @pytest.mark.usefixtures("several_blocks")
    def test_a_seed_gives_the_same_bits_at_one_and_two_threads(self, dtype: str) -> None:
        one, two, again = (
            model_of(all_steps(self.split(), self.config(dtype=dtype, threads=threads))) for threads in (1, 2, 1)
        )
        assert bits(one.factors) == bits(two.factors) == bits(again.factors)
        assert [record.loss for record in one.half_steps] == [record.loss for record in two.half_steps]

    @pytest.mark.usefixtures("several_blocks")
    def test_cutting_rows_into_blocks_changes_no_factor(self) -> None:
        steps = all_steps(self.split(), self.config(dtype="float64"))
        assert sum(isinstance(step, HalfSweep) for step in steps) > len(model_of(steps).half_steps)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(blocks, "_BLOCK_COST", 1e9)
            whole = model_of(all_steps(self.split(), self.config(dtype="float64")))
        np.testing.assert_allclose(model_of(steps).u, whole.u, rtol=0, atol=1e-10)

    def test_another_seed_gives_another_start(self) -> None:
        first, second = (fitted(iter_fit(self.split(), self.config(epochs=1, seed=seed))) for seed in (0, 1))
        assert not np.array_equal(first.u, second.u)

    def test_progress_rises_to_one_within_each_half_step(self, several_blocks: None) -> None:
        done = 0.0
        for step in iter_fit(self.split(), self.config()):
            if isinstance(step, HalfSweep):
                assert done < step.done <= 1
                done = step.done
            elif isinstance(step, HalfStep):
                assert done == 1
                done = 0.0

    @pytest.mark.parametrize(("n_users", "n_movies"), [(1, 7), (7, 1), (1, 1)])
    def test_a_single_user_or_movie_can_be_fitted(self, n_users: int, n_movies: int) -> None:
        model = fitted(iter_fit(all_training(complete(n_users, n_movies)), self.config(k=2)))
        assert model.predict_block(slice(None), slice(None)).shape == (n_users, n_movies)
        assert np.isfinite(model.predict_block(slice(None), slice(None))).all()

    def test_more_attributes_than_users_and_movies_can_be_fitted(self, dtype: str) -> None:
        objective, steps = self.half_steps(dtype, k=20)
        assert np.isfinite(objective.loss(steps[-1].factors))
        assert self.steepness(objective, steps[-1].factors, "u") < 1e-3

    def test_without_ridge_too_many_attributes_are_refused_with_the_remedy(self) -> None:
        config = self.config(k=20, lambda_u=0.0, lambda_m=0.0, epochs=1)
        with pytest.raises(NumericalError) as caught:
            fitted(iter_fit(self.split(), config))
        assert "Set lambda_u above 0, or K to" in caught.value.hint

    def test_the_closing_half_step_is_recorded_and_never_raises_the_loss(self, dtype: str) -> None:
        model = model_of(all_steps(self.split(), self.config(dtype=dtype)))
        *_, before, closing = model.half_steps
        assert [record.side for record in model.half_steps] == ["u", "m"] * 4 + ["u"]
        assert closing.loss <= before.loss * (1 + NEVER_RISES[dtype])
        assert model.settled

    def test_without_the_closing_half_step_the_model_is_not_settled(self) -> None:
        model = fitted(iter_fit(self.split(), self.config(closing=False)))
        assert model.half_steps[-1].side == "m"
        assert not model.settled

    def test_five_epochs_and_five_more_are_ten_bit_for_bit(self, dtype: str) -> None:
        five, ten = (self.config(epochs=epochs, dtype=dtype) for epochs in (5, 10))
        half = fitted(iter_fit(self.split(), five))
        continued = fitted(iter_fit(self.split(), five, start=half))
        whole = fitted(iter_fit(self.split(), ten))
        assert bits(continued.factors) == bits(whole.factors)
        assert [record.loss for record in continued.history] == [record.loss for record in whole.history]
        assert [record.epoch for record in continued.history] == list(range(1, 11))

    @pytest.mark.parametrize("side", ["u", "m"])
    def test_newcomers_folded_in_together_have_the_weights_that_each_has_alone(self, side: Side) -> None:
        model = fitted(iter_fit(self.split(), self.config(dtype="float64")))
        training = self.split().training
        y = training.csr if side == "u" else training.csc
        together, biases = model.fold_in_all(Entries(y.indptr, y.indices, y.data), side)
        alone = model.fold_in_positions if side == "u" else model.fold_in_movie_positions
        for row in range(len(together)):
            span = slice(y.indptr[row], y.indptr[row + 1])
            weights, bias = alone(y.indices[span], y.data[span])
            np.testing.assert_allclose(together[row], weights, rtol=0, atol=1e-10)
            assert biases[row] == pytest.approx(bias, abs=1e-10)

    def test_folding_in_a_users_own_ratings_gives_that_users_weights(self, dtype: str) -> None:
        model = fitted(iter_fit(self.split(), self.config(dtype=dtype)))
        assert model.ratings is not None
        for row, user in enumerate(model.user_ids):
            columns, values = model.ratings.of_user(row)
            rated = {model.movie_ids[column]: float(value) for column, value in zip(columns, values, strict=True)}
            weights, bias = model.fold_in(rated)
            np.testing.assert_allclose(weights, model.u[:, row], rtol=0, atol=SAME[dtype], err_msg=user)
            assert bias == pytest.approx(float(model.user_bias[row]), abs=SAME[dtype])

    @pytest.mark.usefixtures("several_blocks")
    @pytest.mark.parametrize("threads", [1, 2])
    @pytest.mark.parametrize("act", ["stop", "cancel"])
    def test_a_fit_can_be_ended_at_every_step(self, act: str, threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(training, "CLOSING_BUDGET_SECONDS", np.inf)  # a busy machine is not a slow solve
        config = self.config(epochs=2, threads=threads)
        n_steps = len(all_steps(self.split(), config))
        outcomes = [self.ended_after(at, act, config) for at in range(n_steps - 1)]
        kept = [model for model in outcomes if model is not None]
        assert outcomes[: len(outcomes) - len(kept)] == [None] * (len(outcomes) - len(kept))
        assert all(model.settled and np.isfinite(model.u).all() for model in kept)
        assert {model.stopped for model in kept} == {"stopped" if act == "stop" else "cancelled", "epochs"}

    def ended_after(self, at: int, act: str, config: Config) -> Model | None:
        brake = Brake()
        steps: list[Step] = []
        try:
            for step in iter_fit(self.split(), config, brake):
                steps.append(step)
                if len(steps) == at + 1:
                    getattr(brake, act)()
        except Interrupted:
            assert not any(isinstance(step, HalfStep) for step in steps)
            return None
        assert any(isinstance(step, HalfStep) for step in steps)
        return model_of(steps)

    def test_a_start_is_given_as_u_and_m(self) -> None:
        rng = np.random.default_rng(0)
        n_users, n_movies = self.ratings().n_users, self.ratings().n_movies
        start = rng.standard_normal((3, n_users)), rng.standard_normal((3, n_movies))
        before = [array.copy() for array in start]
        model = fitted(iter_fit(self.split(), self.config(dtype="float64"), start=start))
        assert model.history
        for array, copy in zip(start, before, strict=True):
            np.testing.assert_array_equal(array, copy)
            assert array.flags.writeable

    @pytest.mark.parametrize("wrong", ["shape of u", "shape of m", "NaN", "K of a model", "labels of a model"])
    def test_a_start_that_does_not_fit_is_refused(self, wrong: str) -> None:
        u, m = np.ones((3, self.ratings().n_users)), np.ones((3, self.ratings().n_movies))
        starts: dict[str, Any] = {
            "shape of u": (u.T, m),
            "shape of m": (u, m[:, :-1]),
            "NaN": (u * np.nan, m),
            "K of a model": fitted(iter_fit(self.split(), self.config(k=2))),
            "labels of a model": fitted(iter_fit(all_training(complete(3, 4)), self.config())),
        }
        with pytest.raises(ConfigError):
            next(iter_fit(self.split(), self.config(), start=starts[wrong]))

    def test_a_model_goes_on_in_another_precision(self) -> None:
        single = fitted(iter_fit(self.split(), self.config(dtype="float32")))
        double = fitted(iter_fit(self.split(), self.config(dtype="float64"), start=single))
        assert double.u.dtype == np.float64
        assert double.history[-1].loss <= single.history[-1].loss

    def test_every_yielded_prediction_is_finite(self, dtype: str) -> None:
        split = every_third_held_out(holey()) if self.takes_holes else self.split()
        for step in iter_fit(split, self.config(dtype=dtype)):
            if isinstance(step, Epoch):
                assert np.isfinite(step.predictor.block(slice(None), slice(None))).all()

    def test_what_is_yielded_cannot_be_changed(self) -> None:
        for step in iter_fit(self.split(), self.config(epochs=1)):
            if isinstance(step, HalfStep):
                with pytest.raises(ValueError, match="read-only"):
                    step.factors.users[0] = 0


class HoleySolverContract(SolverContract):
    """What holds beside that for algorithms that take holes."""

    def test_rows_without_ratings_have_zero_factors_at_every_step(self, dtype: str) -> None:
        _, steps = self.half_steps(dtype)
        for step in steps:
            for rows, empty in ((step.factors.users, UNSEEN_USER), (step.factors.movies, UNSEEN_MOVIE)):
                assert not rows[empty].any()
            assert step.factors.user_bias[UNSEEN_USER] == step.factors.movie_bias[UNSEEN_MOVIE] == 0

    def test_the_kept_model_predicts_every_cell_also_of_rows_without_ratings(self) -> None:
        model = fitted(iter_fit(every_third_held_out(holey()), self.config()))
        assert np.isfinite(model.predict_block(slice(None), slice(None))).all()
        judged = len(every_third_held_out(holey()).held_out) if model.config.predicts_ratings else 0
        assert model.holdout_figures.n == judged


class TestObservedPlain(HoleySolverContract):
    kind = ObservedConfig
    settings: ClassVar = {"lambda_power": 0.0}


class TestObservedHalfWeighted(HoleySolverContract):
    kind = ObservedConfig
    settings: ClassVar = {"lambda_power": 0.5}


class TestObservedWeighted(HoleySolverContract):
    kind = ObservedConfig
    settings: ClassVar = {"lambda_power": 1.0}


class TestObservedWithoutBiases(HoleySolverContract):
    kind = ObservedConfig
    settings: ClassVar = {"biases": False, "lambda_power": 0.0}


class TestObservedWeightedWithoutBiases(HoleySolverContract):
    kind = ObservedConfig
    settings: ClassVar = {"biases": False, "lambda_power": 1.0}


class TestObservedByConjugateGradients(HoleySolverContract):
    kind = ObservedConfig
    settings: ClassVar = {"solver": "cg", "lambda_power": 1.0}
    solves_exactly = False


class TestImplicitByConjugateGradients(HoleySolverContract):
    kind = ImplicitConfig
    settings: ClassVar = {"solver": "cg", "confidence": "value"}
    solves_exactly = False


class TestImplicitByEvent(HoleySolverContract):
    kind = ImplicitConfig


class TestImplicitByValueWithPlainRidge(HoleySolverContract):
    kind = ImplicitConfig
    settings: ClassVar = {"confidence": "value", "lambda_power": 0.0, "alpha": 0.7}


class TestImplicitWithLightHoles(HoleySolverContract):
    kind = ImplicitConfig
    settings: ClassVar = {"unobserved": 0.2, "lambda_power": 0.5}


class NonnegativeContract(SolverContract):
    """The gradient is zero where a number is positive and points below zero elsewhere; brute force is SciPy's."""

    kind = NonnegativeConfig

    def steepness(self, objective: DenseObjective, factors: Factors, side: Side) -> float:
        slope, (rows, _) = objective.gradient(factors, side), factors.of(side)
        assert np.all(rows >= 0)
        return float(np.max(np.where(rows > 0, np.abs(slope), -slope)))

    def test_each_half_step_is_what_brute_force_finds_row_by_row(self, dtype: str) -> None:
        objective, steps = self.half_steps(dtype)
        for step in steps:
            rows, _ = step.factors.of(step.record.side)
            expected = objective.nonnegative_rows(step.factors, step.record.side)
            np.testing.assert_allclose(rows, expected, rtol=0, atol=10 * SAME[dtype] * np.abs(expected).max())

    def test_without_ridge_too_many_attributes_are_refused_with_the_remedy(self) -> None:
        """Signs alone determine as much as is needed: nothing is refused."""
        model = fitted(iter_fit(self.split(), self.config(k=20, lambda_u=0.0, lambda_m=0.0, epochs=1)))
        assert np.isfinite(model.u).all() and (model.u >= 0).all()

    def test_another_seed_gives_another_start(self) -> None:
        first, second = (fitted(iter_fit(self.split(), self.config(epochs=1, seed=seed))) for seed in (0, 7))
        assert not np.array_equal(first.u, second.u)


class TestNonnegativeOverObservedRatings(NonnegativeContract, HoleySolverContract):
    pass


class TestNonnegativeOverObservedRatingsWithoutRidge(NonnegativeContract, HoleySolverContract):
    settings: ClassVar = {"lambda_u": 0.0, "lambda_m": 0.0}


class TestNonnegativeOverAllCells(NonnegativeContract):
    settings: ClassVar = {"cells": "all", "lambda_u": 0.0, "lambda_m": 0.0}
    takes_holes = False


class TestNonnegativeOverHolesFilledWithMeans(NonnegativeContract, HoleySolverContract):
    settings: ClassVar = {"cells": "all", "fill": "mean"}


class NmfContract(SolverContract):
    """A half-step is one pass; the closing one is exact, with half the gradient and penalties on absolute values."""

    kind = NmfConfig
    takes_holes = False
    settings: ClassVar = {"init": "random", "alpha_w": 0.02}
    solves_exactly = False

    def steepness(self, objective: DenseObjective, factors: Factors, side: Side) -> float:
        slope, (rows, _) = objective.gradient(factors, side), factors.of(side)
        return float(np.max(np.where(rows > 0, np.abs(slope), -slope)))

    def test_each_half_step_is_what_brute_force_finds_row_by_row(self, dtype: str) -> None:
        objective, steps = self.half_steps(dtype)
        rows, _ = steps[-1].factors.of("u")
        expected = objective.nonnegative_rows(steps[-1].factors, "u")
        np.testing.assert_allclose(rows, expected, rtol=0, atol=10 * SAME[dtype] * np.abs(expected).max())

    def test_the_loss_is_that_of_the_definitions(self, dtype: str) -> None:
        objective, steps = self.half_steps(dtype)
        for step in steps:
            assert 2 * step.record.loss == pytest.approx(objective.loss(step.factors), rel=LOSS[dtype])

    def test_without_ridge_too_many_attributes_are_refused_with_the_remedy(self) -> None:
        """Signs alone determine as much as is needed: nothing is refused."""
        model = fitted(iter_fit(self.split(), self.config(k=20, alpha_w=0.0, epochs=1)))
        assert np.isfinite(model.u).all() and (model.u >= 0).all()


class TestNmfByCoordinateDescent(NmfContract):
    pass


class TestNmfByMultiplicativeUpdates(NmfContract):
    settings: ClassVar = {**NmfContract.settings, "method": "mu"}


class TestNmfOverHolesFilledWithZero(NmfContract, HoleySolverContract):
    takes_holes = True
    settings: ClassVar = {**NmfContract.settings, "fill": "zero"}


class TestNmfByMultiplicativeUpdatesOverHolesFilledWithMeans(NmfContract, HoleySolverContract):
    takes_holes = True
    settings: ClassVar = {**NmfContract.settings, "fill": "mean", "method": "mu"}


class EmContract(HoleySolverContract):
    """A half-step fits the model's own guesses too; the closing one solves the observed ratings exactly."""

    kind = EmConfig
    solves_exactly = False


class TestEm(EmContract):
    settings: ClassVar = {"init": "normal"}


class TestEmWithoutBiases(EmContract):
    settings: ClassVar = {"init": "normal", "biases": False}


class TestRidgeOverCompleteRatings(SolverContract):
    kind = RidgeConfig
    takes_holes = False


class TestRidgeFilledWithZero(HoleySolverContract):
    kind = RidgeConfig
    settings: ClassVar = {"fill": "zero"}


class TestRidgeFilledWithMovieMeans(HoleySolverContract):
    kind = RidgeConfig
    settings: ClassVar = {"fill": "mean"}


class TestWithoutKernels:
    """The NumPy solver that a fresh install begins with is the same algorithm, and a reference for the kernels."""

    @pytest.mark.parametrize("biases", [True, False])
    def test_observed_rows_are_the_definitions(self, biases: bool) -> None:
        config = ObservedConfig(**USUAL, biases=biases, accelerate=False, dtype="float64", closing=False, init="normal")
        self._check(config, every_third_held_out(holey()))

    @pytest.mark.parametrize("fill", ["zero", "mean"])
    def test_ridge_rows_are_the_definitions(self, fill: Any) -> None:
        self._check(RidgeConfig(**USUAL, fill=fill, dtype="float64", closing=False), every_third_held_out(holey()))

    @staticmethod
    def _check(config: Config, split: Split) -> None:
        assert runs_plain(config, split.training)
        plain = [step for step in all_steps(split, config, compiled=False) if isinstance(step, HalfStep)]
        solved = [step for step in all_steps(split, config) if isinstance(step, HalfStep)]
        biases = bool(getattr(config, "biases", False))
        objective = DenseObjective.of(split.training, config.resolved(split.training))
        assert len(plain) == len(solved)
        for one, other in zip(plain, solved, strict=True):
            assert one.record.loss == pytest.approx(other.record.loss, rel=1e-10)
            assert one.record.rss == pytest.approx(other.record.rss, rel=1e-8)
            assert one.record.loss == pytest.approx(objective.loss(one.factors), rel=1e-10)
            side = one.record.side
            expected = objective.solved_rows(one.factors, side)
            np.testing.assert_allclose(side_of(one.factors, side, biases=biases), expected, rtol=1e-8, atol=1e-10)
            np.testing.assert_allclose(one.factors.users, other.factors.users, rtol=1e-6, atol=1e-9)

    def test_a_row_without_an_answer_is_named(self) -> None:
        config = ObservedConfig(**(USUAL | {"lambda_u": 0.0, "lambda_m": 0.0, "k": 9}), biases=False)
        with pytest.raises(NumericalError, match="do not determine"):
            all_steps(all_training(holey()), config, compiled=False)

    def test_what_would_be_slow_or_is_not_here_waits_for_the_kernels(self) -> None:
        training = all_training(holey()).training
        assert not runs_plain(ImplicitConfig(), training)
        assert not runs_plain(ObservedConfig(restarts=2), training)
        assert not runs_plain(RidgeConfig(), training), "y has holes, which is refused elsewhere"
