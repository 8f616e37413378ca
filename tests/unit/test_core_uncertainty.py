"""How sure: three parts, and bands that hold what they say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import alsgui
from alsgui.core.errors import Interrupted
from alsgui.core.model import Model, without_ratings
from alsgui.core.movie_side import Movie, folded_movie, of_movie
from alsgui.core.people import Person, folded, mean_user, of_user
from alsgui.core.recommend import Filters, for_person
from alsgui.core.uncertainty import (
    calibration_of,
    deviations,
    deviations_of_users,
    is_calibrated,
    lower_bounds,
    why_not,
    why_not_for,
)
from tests.helpers.tiny import UNSEEN_MOVIE, UNSEEN_USER, all_training, every_third_held_out, holey


def fitted(**settings: Any) -> Model:
    parts = every_third_held_out(holey(40, 30, share=0.7))
    return alsgui.fit(parts, **{"k": 2, "epochs": 4, "dtype": "float64", "lambda_u": 1.5, "lambda_m": 0.8, **settings})


@pytest.fixture(scope="module")
def sample() -> Model:
    return alsgui.fit(alsgui.open_sample("ml-latest-small").ratings)


class TestOnTheSample:
    def test_half_of_the_checked_ratings_lie_inside_the_half_band_and_nine_tenths_inside_the_other(
        self, sample: Model
    ) -> None:
        found = calibration_of(sample)
        assert found is not None
        assert 0.45 <= found.inside_50 <= 0.60
        assert 0.87 <= found.inside_90 <= 0.94
        assert found.n_checked + found.n_set <= sample.holdout_figures.n
        assert found.n_checked > 4000

    def test_narrow_bands_belong_to_small_errors(self, sample: Model) -> None:
        found = calibration_of(sample)
        assert found is not None
        low, middle, high = found.rmse_thirds
        assert low < middle < high

    def test_it_is_known_once_it_was_made(self, sample: Model) -> None:
        first = calibration_of(sample)
        assert is_calibrated(sample)
        assert calibration_of(sample) is first


@pytest.mark.interpreted
class TestTheFormula:
    @pytest.mark.parametrize("power", [0.0, 0.5, 1.0])
    @pytest.mark.parametrize("biases", [True, False])
    def test_parts_are_those_of_the_definition_by_brute_force(self, power: float, biases: bool) -> None:
        model = fitted(lambda_power=power, biases=biases, lambda_bias=2.0)
        assert model.split is not None
        calibration = calibration_of(model)
        assert calibration is not None
        training = model.split.training
        one = np.ones(1 if biases else 0)

        def matrix(rows: np.ndarray[Any, Any], penalty: float) -> np.ndarray[Any, Any]:
            f = np.column_stack([rows, np.ones(len(rows))]) if biases else rows
            ridge = np.full(f.shape[1], penalty * len(rows) ** power)
            if biases:
                ridge[-1] = 2.0
            return f.T @ f + np.diag(ridge)

        user, column = 0, 4
        a = matrix(model.factors.movies[training.of_user(user)[0]], 1.5)
        b = matrix(model.factors.users[training.of_movie(column)[0]], 0.8)
        fm = np.append(model.factors.movies[column], one)
        fu = np.append(model.factors.users[user], one)
        found = deviations(model, of_user(model, user), np.array([column]))
        assert found is not None
        size = calibration.s**2 * calibration.rho[user]
        assert found.noise[0] ** 2 == pytest.approx(size)
        assert found.person[0] ** 2 == pytest.approx(size * fm @ np.linalg.solve(a, fm), rel=1e-9)
        assert found.movie[0] ** 2 == pytest.approx(size * fu @ np.linalg.solve(b, fu), rel=1e-9)
        assert found.sd[0] ** 2 == pytest.approx(found.noise[0] ** 2 + found.person[0] ** 2 + found.movie[0] ** 2)

    @pytest.mark.parametrize(
        "settings",
        [
            {"algorithm": "em"},
            {"algorithm": "nonnegative"},
            {"algorithm": "nonnegative", "cells": "all", "fill": "mean"},
            {"algorithm": "ridge", "fill": "mean"},
            {"bias_damping": 2.0},
        ],
        ids=str,
    )
    def test_other_algorithms_have_one_too(self, settings: dict[str, Any]) -> None:
        model = fitted(**settings)
        found = deviations(model, of_user(model, 0), np.arange(model.n_movies))
        assert found is not None
        known = np.delete(np.arange(model.n_movies), UNSEEN_MOVIE)
        assert np.all(found.sd[known] >= found.noise[known])
        bounds = lower_bounds(model, of_user(model, 0))
        assert bounds is not None

    def test_s_makes_the_mean_squared_error_in_sds_one(self) -> None:
        model = fitted()
        found = calibration_of(model)
        assert found is not None
        assert found.n_set == pytest.approx(found.n_checked, abs=1)
        assert 0.2 < found.s < 5

    def test_a_movie_nobody_rated_has_none_and_goes_last(self) -> None:
        model = fitted()
        found = deviations(model, of_user(model, 0), np.array([0, UNSEEN_MOVIE]))
        assert found is not None
        assert np.isfinite(found.sd[0])
        assert np.isnan(found.sd[1])
        bounds = lower_bounds(model, of_user(model, 0), z=1.0)
        assert bounds is not None
        listed = for_person(model, of_user(model, 0), Filters(hide_seen=False, at_least=0), bounds)
        assert listed.columns[-1] == UNSEEN_MOVIE
        assert np.all(np.diff(bounds[listed.columns]) <= 0)

    def test_less_is_known_of_somebody_new(self) -> None:
        model = fitted(lambda_power=0.0)
        few = folded(model, np.array([0, 1]), np.array([4.0, 2.0]))
        more = folded(model, np.arange(4, 24), np.resize([4.0, 2.0, 3.0], 20))
        nobody = folded(model, np.empty(0, int), np.empty(0))
        columns = np.array([25, 26])
        person = []
        for one in (nobody, few, more):
            found = deviations(model, one, columns)
            assert found is not None
            person.append(found.person / found.noise)
        assert np.all(person[0] > person[1])
        assert np.all(person[1] > person[2])

    def test_a_user_without_ratings_is_less_sure_than_any(self) -> None:
        model = fitted()
        nobody = deviations(model, of_user(model, UNSEEN_USER), np.array([0]))
        assert nobody is not None
        assert np.isfinite(nobody.sd[0])

    def test_many_ratings_of_a_movie_are_sampled_and_change_little(self, monkeypatch: pytest.MonkeyPatch) -> None:
        model = fitted(lambda_power=0.0)
        exact = deviations(model, of_user(model, 0), np.arange(10))
        monkeypatch.setattr("alsgui.core.uncertainty.MOST_ENTRIES", 12)
        rough = deviations(model, of_user(model, 0), np.arange(10))
        assert exact is not None
        assert rough is not None
        known = np.isfinite(exact.sd)
        np.testing.assert_allclose(rough.sd[known], exact.sd[known], rtol=0.1)


class TestTheMoviesSide:
    @pytest.mark.parametrize("biases", [True, False])
    def test_a_cell_is_as_sure_from_either_side(self, biases: bool, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("alsgui.core.uncertainty.MOST_USERS", 15)
        model = fitted(biases=biases)
        rows = np.flatnonzero(model.summary.user_counts)
        found = deviations_of_users(model, of_movie(model, 4), rows)
        assert found is not None
        for at, row in enumerate(rows):
            one = deviations(model, of_user(model, int(row)), np.array([4]))
            assert one is not None
            for part in ("sd", "noise", "person", "movie"):
                assert getattr(found, part)[at] == pytest.approx(getattr(one, part)[0], rel=1e-9)

    def test_a_movie_nobody_rated_or_made_up_has_none(self) -> None:
        model = fitted()
        found = deviations_of_users(model, of_movie(model, UNSEEN_MOVIE), np.array([0, UNSEEN_USER]))
        assert found is not None
        assert np.isnan(found.sd).all()
        assert deviations_of_users(model, Movie(np.zeros(2), 0.0), np.array([0])) is None
        new = folded_movie(model, np.array([0, 1]), np.array([4.0, 3.0]))
        sure = deviations_of_users(model, new, np.array([2, UNSEEN_USER]))
        assert sure is not None
        assert np.isfinite(sure.sd).all()


class TestLargeData:
    def test_a_choice_of_users_is_judged_and_others_are_measured_when_asked_for(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        everybody = fitted()
        whole = calibration_of(everybody)
        monkeypatch.setattr("alsgui.core.uncertainty.MOST_USERS", 15)
        model = fitted()
        found = calibration_of(model)
        assert whole is not None
        assert found is not None
        assert len(found.rho) == 15
        other = next(row for row in whole.rho if row not in found.rho)
        assert deviations(model, of_user(model, other), np.array([0])) is not None
        own = whole.rho[other] - 1
        assert (found.rho[other] - 1) * own > 0, "measured by the same errors"


class TestWhereThereIsNone:
    @pytest.mark.interpreted
    def test_matrices_without_an_inverse_leave_none(self) -> None:
        parts = every_third_held_out(holey(40, 30, share=0.15))
        model = alsgui.fit(parts, "nonnegative", k=12, epochs=2, free="both")
        assert calibration_of(model) is None
        assert deviations(model, of_user(model, 0), np.array([0])) is None

    def test_held_out_ratings_of_movies_nobody_else_rated_measure_nothing(self) -> None:
        ratings = holey(40, 30, share=0.7)
        of_two = np.flatnonzero(np.isin(ratings.csr.indices, [0, 1]))
        model = alsgui.fit(alsgui.Split(ratings, of_two, 0.1, 0), k=2, epochs=1)
        assert len(of_two) > 20
        assert "too few" in why_not(model)

    def test_the_reason_is_given(self) -> None:
        reasons = {
            "held-out": alsgui.fit(all_training(holey()), k=2, epochs=1),
            "no ratings": alsgui.fit(every_third_held_out(holey()), "implicit", k=2, epochs=1),
            "NMF": alsgui.fit(every_third_held_out(holey()), "nmf", k=2, epochs=1, fill="mean"),
            "several starts": fitted(restarts=2, combine="average"),
            "without its ratings": without_ratings(fitted()),
        }
        for words, model in reasons.items():
            assert words in why_not(model)
            assert calibration_of(model) is None
            assert deviations(model, of_user(model, 0), np.array([0])) is None
            assert lower_bounds(model, of_user(model, 0)) is None

    def test_weights_that_were_made_up_have_none(self) -> None:
        model = fitted()
        assert "not solved" in why_not_for(model, mean_user(model))
        assert deviations(model, Person(np.zeros(2), 0.0), np.array([0])) is None

    def test_it_ends_when_it_is_asked_to(self) -> None:
        with pytest.raises(Interrupted):
            calibration_of(fitted(), lambda: True)
