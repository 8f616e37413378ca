"""Figures that other programs and closed forms agree with, and how a fit ends."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import Ridge

import alsgui
from alsgui.core import training
from alsgui.core.baselines import baselines
from alsgui.core.brake import Brake
from alsgui.core.errors import ConfigError, DataError, Interrupted, NumericalError
from alsgui.core.ratings import Ratings
from alsgui.core.solvers.config import ObservedConfig, RidgeConfig
from alsgui.core.split import Split, split
from alsgui.core.steps import Epoch, Fitted, HalfStep, HalfSweep, Step
from alsgui.core.training import fitted, iter_fit
from tests.helpers.dense import dense_y
from tests.helpers.tiny import all_training, complete, every_third_held_out, holey

TINY: dict[str, Any] = {"k": 2, "lambda_u": 0.3, "lambda_m": 0.3, "tolerance": 0.0, "threads": 1}


class TestParity:
    def test_ridge_is_the_text_books_closed_form(self) -> None:
        ratings = complete(30, 20)
        y = dense_y(ratings)
        config = RidgeConfig(k=3, lambda_u=0.7, lambda_m=0.4, epochs=3, dtype="float64", tolerance=0.0)
        previous = np.random.default_rng(0).standard_normal((3, 20))
        start = np.zeros((3, 30)), previous
        for step in iter_fit(all_training(ratings), config, start=start):
            if isinstance(step, HalfStep) and step.record.side == "u":
                u = np.linalg.solve(0.7 * np.eye(3) + previous @ previous.T, previous @ y.T)
                np.testing.assert_allclose(step.factors.users.T, u, rtol=0, atol=1e-10)
            elif isinstance(step, HalfStep):
                u = step.factors.users.T
                previous = np.linalg.solve(0.4 * np.eye(3) + u @ u.T, u @ y)
                np.testing.assert_allclose(step.factors.movies.T, previous, rtol=0, atol=1e-10)

    def test_a_row_of_observed_is_scikit_learns_ridge(self) -> None:
        ratings = holey(20, 15)
        settings = {"k": 3, "lambda_u": 0.8, "lambda_m": 0.8, "lambda_power": 0.0, "biases": False, "dtype": "float64"}
        model = alsgui.fit(ratings, holdout=0.0, **settings)
        for row in range(5):
            columns, values = ratings.of_user(row)
            theirs = Ridge(alpha=0.8, fit_intercept=False).fit(model.m[:, columns].T, values)
            np.testing.assert_allclose(model.u[:, row], theirs.coef_, rtol=0, atol=1e-8)

    @pytest.mark.parametrize("fill", ["zero", "mean"])
    def test_a_filled_ridge_is_ridge_on_the_filled_matrix(self, fill: str) -> None:
        y = np.random.default_rng(1).integers(1, 6, size=(15, 10)).astype(float)
        y[np.random.default_rng(2).random(y.shape) < 0.5] = np.nan
        y[np.arange(15), np.arange(15) % 10] = 4
        by_hand = np.where(np.isnan(y), 0 if fill == "zero" else np.nanmean(y, axis=0), y)
        settings = {**TINY, "dtype": "float64", "epochs": 6, "holdout": 0.0}
        filled = alsgui.fit(Ratings.from_dense(y), "ridge", fill=fill, **settings)
        # Stored ratings are float32, so the same means have to be.
        explicit = alsgui.fit(Ratings.from_dense(by_hand), "ridge", **settings)
        np.testing.assert_allclose(filled.u, explicit.u, rtol=0, atol=1e-6)
        np.testing.assert_allclose(filled.m, explicit.m, rtol=0, atol=1e-6)
        for one, other in zip(filled.half_steps, explicit.half_steps, strict=True):
            assert one.loss == pytest.approx(other.loss, rel=1e-6)
            assert one.rss <= other.rss

    @pytest.mark.parametrize("seed", range(3))
    def test_the_chapters_example_comes_within_half_a_percent_of_the_best_rank_two_fit(self, seed: int) -> None:
        ratings = alsgui.generate("chapter", seed=seed)
        singular = np.linalg.svd(dense_y(ratings), compute_uv=False)
        best = (singular[2:] ** 2).sum() / ratings.n_ratings
        model = alsgui.fit(ratings, "ridge", k=2, epochs=200, tolerance=1e-6, seed=seed)
        mean_squared_error = model.training_figures.rmse**2
        assert best <= mean_squared_error <= 1.005 * best

    def test_known_factors_behind_low_rank_ratings_are_found(self) -> None:
        ratings = alsgui.generate("low_rank", n_users=80, n_movies=60, k=2, observed=0.5, noise=0.05)
        model = alsgui.fit(ratings, k=2, lambda_u=0.01, lambda_m=0.01, lambda_bias=0.01, epochs=60)
        assert model.holdout_figures.rmse < 0.1


def broken_after(monkeypatch: pytest.MonkeyPatch, n_half_steps: int) -> None:
    """Let a row have no answer once so many half-steps are complete."""
    from alsgui.core.solvers.entry_rows import EntryProblem

    solve, calls = EntryProblem.solve, []

    def solve_or_fail(self: Any, side: Any, *args: Any, **how: Any) -> Any:
        calls.append(side)
        if len(calls) > n_half_steps:
            raise NumericalError("user 1 has no answer.", "Use a larger lambda.")
        return solve(self, side, *args, **how)

    monkeypatch.setattr(EntryProblem, "solve", solve_or_fail)


class TestHowAFitEnds:
    def observed(self, **settings: Any) -> ObservedConfig:
        return ObservedConfig(**{**TINY, **settings})

    def ended(self, steps: list[Step]) -> Fitted:
        assert isinstance(steps[-1], Fitted)
        return steps[-1]

    def test_after_so_many_epochs(self) -> None:
        model = fitted(iter_fit(all_training(holey()), self.observed(epochs=3)))
        assert (len(model.history), model.stopped) == (3, "epochs")

    def test_when_the_loss_hardly_falls(self) -> None:
        model = fitted(iter_fit(all_training(holey()), self.observed(epochs=500, tolerance=1e-3)))
        *_, before, last = model.history
        assert model.stopped == "tolerance"
        assert before.loss - last.loss <= 1e-3 * before.loss
        assert len(model.history) < 500

    def test_when_the_hold_out_has_had_no_better_figure_and_keeps_the_best(self) -> None:
        parts = every_third_held_out(holey(40, 30))
        config = self.observed(k=8, lambda_u=0.01, lambda_m=0.01, epochs=200, patience=3, closing=False)
        model = fitted(iter_fit(parts, config))
        figures = [record.rmse_holdout for record in model.history]
        assert model.stopped == "patience"
        assert len(figures) - 1 - int(np.argmin(figures)) == 3
        assert model.holdout_figures.rmse == min(figures)

    def test_patience_without_a_hold_out_never_ends_a_fit(self) -> None:
        model = fitted(iter_fit(all_training(holey()), self.observed(epochs=6, patience=1)))
        assert model.stopped == "epochs"

    def test_other_settings_are_not_judged_by_the_loss_before(self) -> None:
        first = fitted(iter_fit(all_training(holey()), self.observed(epochs=3)))
        stiffer = self.observed(epochs=4, lambda_u=30.0, lambda_m=30.0, tolerance=1e-3)
        model = fitted(iter_fit(all_training(holey()), stiffer, start=first))
        assert model.history[3].loss > model.history[2].loss
        assert len(model.history) > 4

    def test_the_same_settings_are_judged_by_the_loss_before(self) -> None:
        first = fitted(iter_fit(all_training(holey()), self.observed(epochs=60)))
        model = fitted(iter_fit(all_training(holey()), self.observed(epochs=60, tolerance=0.5), start=first))
        assert (len(model.history), model.stopped) == (61, "tolerance")

    def test_a_model_with_biases_starts_one_without_them(self) -> None:
        with_biases = fitted(iter_fit(all_training(complete()), self.observed(epochs=2)))
        model = fitted(iter_fit(all_training(complete()), RidgeConfig(**TINY, epochs=3), start=with_biases))
        losses = [record.loss for record in model.half_steps[len(with_biases.half_steps) :]]
        assert not model.movie_bias.any()
        assert losses == sorted(losses, reverse=True)

    def test_factors_of_another_size_are_refused_as_a_start(self) -> None:
        factors = fitted(iter_fit(all_training(holey()), self.observed(k=3))).factors
        with pytest.raises(ConfigError, match="not K = 2"):
            next(iter_fit(all_training(holey()), self.observed(), start=factors))

    def test_an_error_before_anything_is_complete_is_raised(self, monkeypatch: pytest.MonkeyPatch) -> None:
        broken_after(monkeypatch, 0)
        with pytest.raises(NumericalError, match="user 1 has"):
            list(iter_fit(all_training(holey()), self.observed()))

    @pytest.mark.parametrize(("solved", "kept", "settled"), [(1, 1, True), (2, 2, False), (3, 2, False), (4, 4, False)])
    def test_an_error_later_keeps_the_last_complete_epoch_and_names_it(
        self, monkeypatch: pytest.MonkeyPatch, solved: int, kept: int, settled: bool
    ) -> None:
        broken_after(monkeypatch, solved)
        outcome = self.ended(list(iter_fit(all_training(holey()), self.observed())))
        assert isinstance(outcome.trouble, NumericalError)
        assert outcome.model.stopped == "error"
        assert len(outcome.model.half_steps) == kept
        assert outcome.model.settled is settled

    def test_an_error_in_the_closing_half_step_keeps_the_model(self, monkeypatch: pytest.MonkeyPatch) -> None:
        broken_after(monkeypatch, 4)
        outcome = self.ended(list(iter_fit(all_training(holey()), self.observed(epochs=2))))
        assert isinstance(outcome.trouble, NumericalError)
        assert len(outcome.model.history) == 2
        assert not outcome.model.settled

    def test_fit_raises_the_error_that_ended_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        broken_after(monkeypatch, 3)
        with pytest.raises(NumericalError):
            alsgui.fit(holey(), **TINY)

    def test_a_loss_that_is_not_finite_never_goes_on(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("alsgui.core.solvers.entry_rows.EntryProblem.constant", float("nan"))
        with pytest.raises(NumericalError, match="not a finite number after epoch 1"):
            fitted(iter_fit(all_training(holey()), self.observed()))

    def test_a_cancel_leaves_the_closing_half_step_out_when_it_takes_long(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(training, "CLOSING_BUDGET_SECONDS", -1.0)
        brake = Brake()
        steps = []
        for step in iter_fit(all_training(holey()), self.observed(), brake):
            steps.append(step)
            if isinstance(step, Epoch):
                brake.cancel()
        model = self.ended(steps).model
        assert (model.stopped, model.settled) == ("cancelled", False)

    def test_a_fit_that_was_ended_before_it_began_has_nothing_to_keep(self) -> None:
        brake = Brake()
        brake.stop()
        with pytest.raises(Interrupted):
            list(iter_fit(all_training(holey()), self.observed(), brake))

    def test_steps_without_a_last_one_are_an_interrupted_fit(self) -> None:
        with pytest.raises(Interrupted):
            fitted(iter([HalfSweep("u", 1, 0.5)]))

    def test_whoever_watches_sees_every_step(self) -> None:
        seen: list[Step] = []
        model = fitted(iter_fit(all_training(holey()), self.observed(epochs=1)), seen.append)
        assert isinstance(seen[-1], Fitted)
        assert seen[-1].model is model


class TestFit:
    def test_takes_a_split_as_it_is(self) -> None:
        parts = every_third_held_out(holey())
        model = alsgui.fit(parts, **TINY)
        assert model.split is parts

    def test_refuses_to_split_again(self) -> None:
        with pytest.raises(ConfigError, match="split already"):
            alsgui.fit(every_third_held_out(holey()), holdout=0.2, **TINY)

    def test_holds_out_a_tenth_where_there_are_holes(self) -> None:
        ratings = holey(40, 30)
        assert alsgui.fit(ratings, **TINY).holdout_figures.n == round(0.1 * ratings.n_ratings)

    def test_holds_out_nothing_where_ratings_are_complete(self) -> None:
        model = alsgui.fit(complete(), **TINY)
        assert model.holdout_figures.n == 0
        assert np.isnan(model.holdout_figures.rmse)

    def test_ridge_refuses_holes_and_says_how_many(self) -> None:
        ratings = holey()
        holes = ratings.n_users * ratings.n_movies - ratings.n_ratings
        with pytest.raises(DataError, match=f"{holes} missing") as caught:
            alsgui.fit(ratings, "ridge", holdout=0.0)
        assert "Fill them" in caught.value.hint

    def test_records_the_versions_that_decide_its_bits(self) -> None:
        versions = alsgui.fit(complete(), "ridge", k=1, epochs=1).versions
        assert {"alsgui", "numpy", "scipy", "numba", "python", "machine"} == set(versions)


class TestBaselines:
    def test_the_movie_mean_stands_for_every_user(self) -> None:
        parts = every_third_held_out(holey())
        found, train, cells = baselines(parts), parts.training, parts.holdout
        assert found is not None and cells is not None
        means = np.where(train.movie_counts > 0, train.movie_means, train.mean)[cells.movies]
        assert found.movie_mean.rmse == pytest.approx(np.sqrt(np.mean((cells.values - means) ** 2)))

    def test_biases_solve_their_own_equations(self) -> None:
        parts = every_third_held_out(holey())
        model = fitted(iter_fit(parts, ObservedConfig(k=0, epochs=10, threads=1)))
        found = baselines(parts)
        assert found is not None
        assert found.biases == model.holdout_figures
        assert model.u.shape == (0, 12)

    def test_there_are_none_without_a_hold_out(self) -> None:
        assert baselines(all_training(holey())) is None


@pytest.fixture(scope="module")
def sample() -> Split:
    from alsgui.io.samples import open_sample

    return split(open_sample("ml-latest-small").ratings)


class TestTheSample:
    def test_the_defaults_beat_user_and_movie_biases_by_at_least_0_015(self, sample: Split) -> None:
        floor = baselines(sample)
        model = alsgui.fit(sample)
        assert floor is not None
        assert model.holdout_figures.n == floor.biases.n == 10_084
        assert model.holdout_figures.rmse <= floor.biases.rmse - 0.015

    def test_threads_change_no_bit(self, sample: Split) -> None:
        one, two = (alsgui.fit(sample, epochs=2, threads=threads) for threads in (1, 2))
        assert np.array_equal(one.u, two.u)
        assert [record.loss for record in one.half_steps] == [record.loss for record in two.half_steps]


def test_ratings_that_are_not_split_get_the_usual_hold_out() -> None:
    ratings = alsgui.generate("low_rank", n_users=30, n_movies=20, seed=3)
    model = fitted(iter_fit(ratings, ObservedConfig(k=2, epochs=2)))
    assert model.split is not None
    assert model.split.share == 0.1
    assert model.holdout_figures.n == round(0.1 * ratings.n_ratings)


def test_a_plain_event_ends_a_fit_with_what_is_complete() -> None:
    cancel = threading.Event()
    steps = []
    for step in iter_fit(
        alsgui.generate("low_rank", n_users=30, n_movies=20, seed=3), ObservedConfig(k=2, epochs=50), cancel
    ):
        steps.append(step)
        if isinstance(step, Epoch):
            cancel.set()
    assert isinstance(steps[-1], Fitted)
    model = steps[-1].model
    assert (model.stopped, model.settled, len(model.history)) == ("stopped", True, 1)


def test_baselines_end_when_they_are_asked_to() -> None:
    cancel = threading.Event()
    cancel.set()
    parts = split(alsgui.generate("low_rank", n_users=30, n_movies=20, seed=3), 0.1)
    with pytest.raises(Interrupted):
        baselines(parts, cancel)
