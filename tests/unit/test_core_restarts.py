"""Several starts: the best is kept, or all are averaged."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import pytest

import alsgui
from alsgui.core.brake import Brake
from alsgui.core.errors import ConfigError, Interrupted, NumericalError
from alsgui.core.solvers.config import ObservedConfig, make_config
from alsgui.core.steps import Fitted, HalfSweep
from alsgui.core.training import fitted, iter_fit
from tests.helpers.tiny import all_training, every_third_held_out, holey

HOW: dict[str, Any] = {"k": 2, "lambda_u": 0.3, "lambda_m": 0.3, "epochs": 4, "init": "normal", "threads": 1}


def losses_of_seeds(n: int) -> list[float]:
    return [alsgui.fit(every_third_held_out(holey()), seed=seed, **HOW).half_steps[-1].loss for seed in range(n)]


def test_the_start_with_the_lowest_loss_is_kept() -> None:
    best = alsgui.fit(every_third_held_out(holey()), restarts=4, **HOW)
    losses = losses_of_seeds(4)
    assert len(set(losses)) == 4
    assert best.half_steps[-1].loss == min(losses)
    assert best.config.restarts == 4 and best.config.seed == 0


def test_an_average_predicts_the_mean_of_its_starts() -> None:
    parts = every_third_held_out(holey())
    models = [alsgui.fit(parts, seed=seed, dtype="float64", **HOW) for seed in range(5)]
    average = alsgui.fit(parts, restarts="average", dtype="float64", **HOW)
    assert (average.k, average.n_starts, average.settled) == (10, 5, False)
    everything = slice(None), slice(None)
    expected = np.mean([model.predict_block(*everything) for model in models], axis=0)
    np.testing.assert_allclose(average.predict_block(*everything), expected, atol=1e-12)


def test_figures_of_an_average_are_its_own() -> None:
    parts = every_third_held_out(holey())
    average = alsgui.fit(parts, restarts="average", **HOW)
    assert parts.holdout is not None
    predicted = average.predict(parts.holdout.users, parts.holdout.movies).clip(*_range(parts.training))
    errors = parts.holdout.values - predicted
    assert average.holdout_figures.rmse == pytest.approx(float(np.sqrt(np.mean(errors**2))), abs=1e-6)
    training = parts.training
    errors = training.csr.data - average.predict(training.users_of_ratings, training.csr.indices)
    assert average.training_figures.mae == pytest.approx(float(np.mean(np.abs(errors))), abs=1e-6)


def test_somebody_new_is_folded_into_every_start_of_an_average() -> None:
    parts = all_training(holey())
    average = alsgui.fit(parts, restarts="average", biases=False, dtype="float64", **HOW)
    models = [alsgui.fit(parts, seed=seed, biases=False, dtype="float64", **HOW) for seed in range(5)]
    rated = {"1": 4.0, "3": 1.0}
    weights, bias = average.fold_in(rated)
    np.testing.assert_allclose(weights, np.concatenate([model.fold_in(rated)[0] for model in models]))
    assert bias == 0
    loadings, _ = average.fold_in_movie(rated)
    expected = np.concatenate([model.fold_in_movie(rated)[0] for model in models]) / 5
    np.testing.assert_allclose(loadings, expected)


def test_a_model_file_keeps_an_average(tmp_path: Any) -> None:
    average = alsgui.fit(all_training(holey()), restarts="average", **HOW)
    alsgui.save_model(average, tmp_path / "m.alsgui")
    again = alsgui.load_model(tmp_path / "m.alsgui")
    assert again.n_starts == 5
    np.testing.assert_array_equal(again.fold_in({"1": 4.0})[0], average.fold_in({"1": 4.0})[0])


def test_scores_of_implicit_are_averaged_too() -> None:
    average = alsgui.fit(all_training(holey()), "implicit", restarts="average", k=2, epochs=2)
    assert average.k == 10 and average.training_figures.n == 0


class TestEnding:
    config: ClassVar = ObservedConfig(restarts=3, **{**HOW, "epochs": 3})

    def test_before_anything_is_complete_leaves_nothing(self) -> None:
        brake = Brake()
        brake.stop()
        with pytest.raises(Interrupted):
            list(iter_fit(all_training(holey()), self.config, brake))

    def test_later_keeps_the_best_of_what_is_there(self) -> None:
        brake, sweeps = Brake(), 0
        for step in iter_fit(all_training(holey()), self.config, brake):
            sweeps += isinstance(step, HalfSweep)
            if sweeps == 10:  # in the second start
                brake.stop()
        assert isinstance(step, Fitted)
        assert step.model.history and step.acts[0].restarts == 3

    def test_an_error_of_one_start_ends_the_fit(self) -> None:
        config = ObservedConfig(k=20, lambda_u=0, lambda_m=0, lambda_bias=0, restarts=2, epochs=1)
        with pytest.raises(NumericalError):
            fitted(iter_fit(all_training(holey()), config))


def test_a_model_goes_on_from_where_it_is_not_from_new_starts() -> None:
    parts = all_training(holey())
    best = alsgui.fit(parts, restarts=2, **HOW)
    on = alsgui.fit(parts, restarts=2, **{**HOW, "init": best})
    assert len(on.history) == 8


def test_unknown_ways_to_combine_are_refused() -> None:
    with pytest.raises(ConfigError, match="combine is median"):
        make_config("observed", combine="median")


def _range(ratings: alsgui.Ratings) -> tuple[float, float]:
    return float(ratings.csr.data.min()), float(ratings.csr.data.max())
