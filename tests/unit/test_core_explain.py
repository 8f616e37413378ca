"""Why: both decompositions of a prediction add up to it, for every algorithm, for users and for movies."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import alsgui
from alsgui.core.errors import DataError
from alsgui.core.explain import by_ratings, explain, explain_movie
from alsgui.core.model import Model, without_ratings
from alsgui.core.movie_side import folded_movie, mean_of_genre, of_movie
from alsgui.core.people import blend, folded, mean_user, of_user, what_if
from tests.helpers.tiny import UNSEEN_MOVIE, UNSEEN_USER, all_training, complete, every_third_held_out, holey

CASES: list[tuple[str, bool, dict[str, Any]]] = [
    ("observed", True, {"lambda_power": 0.0}),
    ("observed", True, {"lambda_power": 0.5}),
    ("observed", True, {"lambda_power": 1.0}),
    ("observed", True, {"biases": False, "lambda_power": 0.0}),
    ("observed", True, {"biases": False, "lambda_power": 1.0}),
    ("observed", True, {"bias_damping": 3.0}),
    ("em", True, {}),
    ("em", True, {"biases": False}),
    ("ridge", False, {}),
    ("ridge", True, {"fill": "mean"}),
    ("ridge", True, {"fill": "zero"}),
    ("implicit", True, {}),
    ("implicit", True, {"confidence": "value", "alpha": 2.0, "lambda_power": 0.0}),
    ("implicit", True, {"mass": "count", "lambda_power": 0.5}),
    ("nonnegative", True, {}),
    ("nonnegative", True, {"free": "both", "lambda_u": 0.1}),
    ("nonnegative", False, {"cells": "all"}),
    ("nonnegative", True, {"cells": "all", "fill": "mean"}),
    ("nmf", False, {}),
    ("nmf", True, {"fill": "mean", "alpha_w": 0.05, "l1_ratio": 0.5}),
]


def fitted(algorithm: str, holes: bool, settings: dict[str, Any], **more: Any) -> Model:
    parts = all_training(holey() if holes else complete())
    return alsgui.fit(parts, algorithm, **{"k": 2, "epochs": 4, "dtype": "float64", **settings, **more})


@pytest.fixture(scope="module", params=CASES, ids=lambda case: f"{case[0]} {case[2]}")
def model(request: pytest.FixtureRequest) -> Model:
    return fitted(*request.param)


def informed(model: Model) -> list[int]:
    return np.flatnonzero(model.summary.user_counts).tolist()


class TestEveryAlgorithm:
    def test_ratings_and_attributes_both_add_up_to_the_prediction(self, model: Model) -> None:
        for row in informed(model):
            person = of_user(model, row)
            for column in range(model.n_movies):
                found = explain(model, person, column)
                predicted = float(model.predict(np.array([row]), np.array([column]))[0])
                assert found.by_attribute.total == pytest.approx(predicted, abs=1e-10)
                pulls = found.by_ratings
                assert pulls is not None
                whole = pulls.start + pulls.constant + float(pulls.pulls.sum())
                assert whole == pytest.approx(predicted, abs=1e-9)

    def test_shown_parts_add_up_to_the_shown_prediction(self, model: Model) -> None:
        for column in range(model.n_movies):
            found = explain(model, of_user(model, 0), column)
            for bars in (found.parts, found.by_attribute.bars(3, biases=model.has_biases)):
                digits = 2 if bars is found.parts else 3
                assert round(sum(bar.value for bar in bars), 9) in (round(found.total, 2), round(found.total, digits))

    def test_folding_in_a_users_own_ratings_gives_that_users_weights(self, model: Model) -> None:
        assert model.split is not None
        for row in informed(model):
            person, made = of_user(model, row), folded(model, *model.split.training.of_user(row))
            scale = max(float(np.abs(person.weights).max()), 1e-9)
            np.testing.assert_allclose(made.weights / scale, np.asarray(person.weights) / scale, atol=1e-5)
            assert made.bias == pytest.approx(person.bias, abs=1e-5)

    def test_the_ratings_of_a_movie_that_is_folded_in_add_up_to_its_predictions(self, model: Model) -> None:
        assert model.split is not None
        movie = folded_movie(model, *model.split.training.of_movie(0))
        for row in range(model.n_users):
            found = explain_movie(model, movie, row)
            assert found is not None
            assert found.remainder == pytest.approx(0, abs=1e-9)

    def test_equations_are_those_that_the_solver_solved(self, model: Model) -> None:
        for row in informed(model):
            equation = model.equations.of_row("u", row)
            expected = np.asarray(model.factors.users[row], np.float64)
            np.testing.assert_allclose(equation.solution()[: model.k], expected, atol=1e-8)


class TestObserved:
    def test_pulls_are_those_of_the_definition_by_brute_force(self) -> None:
        model = fitted("observed", True, {"lambda_power": 0.5, "lambda_u": 0.7, "lambda_bias": 2.0})
        columns, given = holey().of_user(2)
        f = np.vstack([model.m, np.ones(model.n_movies)])
        matrix = np.diag([0.7 * len(columns) ** 0.5] * 2 + [2.0])
        for column in columns:
            matrix += np.outer(f[:, column], f[:, column])
        found = by_ratings(model, of_user(model, 2), 1)
        assert found is not None
        for at, column in enumerate(columns):
            above = float(given[at]) - model.mu - float(model.movie_bias[column])
            expected = above * float(f[:, 1] @ np.linalg.inv(matrix) @ f[:, column])
            assert found.pulls[at] == pytest.approx(expected, abs=1e-10)

    def test_a_movie_nobody_rated_is_explained_by_the_persons_mean_without_biases(self) -> None:
        model = fitted("observed", True, {"biases": False})
        found = by_ratings(model, of_user(model, 2), UNSEEN_MOVIE)
        assert found is not None
        assert found.pulls.sum() == pytest.approx(float(holey().user_means[2]))

    def test_a_user_without_ratings_is_explained_by_the_movies_mean(self) -> None:
        model = fitted("observed", True, {"biases": False})
        found = explain_movie(model, of_movie(model, 0), UNSEEN_USER)
        assert found is not None
        assert found.pulls.sum() == pytest.approx(float(holey().movie_means[0]))

    def test_weights_that_are_not_settled_get_one_more_bar(self) -> None:
        model = fitted("observed", True, {}, closing=False, epochs=1)
        found = [explain(model, of_user(model, row), column) for row in informed(model) for column in range(9)]
        unsettled = [one for one in found if any(bar.kind == "unsettled" for bar in one.parts)]
        assert unsettled
        assert all("not solved" in one.note for one in unsettled)
        assert all(sum(bar.value for bar in one.parts) == pytest.approx(round(one.total, 2)) for one in found)

    def test_many_ratings_are_shown_as_the_strongest_and_one_bar_for_the_others(self) -> None:
        model = alsgui.fit(alsgui.generate("low_rank", observed=0.9), k=2, epochs=2, holdout=0.0)
        found = by_ratings(model, of_user(model, 0), 0)
        assert found is not None
        bars = found.bars(most=3)
        rated = [bar for bar in bars if bar.kind == "rating"]
        assert len(rated) == 6
        assert [bar.value for bar in rated] == sorted((bar.value for bar in rated), reverse=True)
        assert next(bar for bar in bars if bar.kind == "others").index == len(found.pulls) - 6
        assert not math.isnan(rated[0].given)
        assert sum(bar.value for bar in bars) == pytest.approx(round(found.total, 2))

    def test_a_matrix_without_an_inverse_gives_the_shortest_solution(self) -> None:
        model = fitted("nonnegative", True, {"free": "both", "k": 9})
        assert model.split is not None
        rows = [row for row in informed(model) if len(model.split.training.of_user(row)[0]) < 9]
        for row in rows:
            equation = model.equations.of_row("u", row)
            np.testing.assert_allclose(equation.solution(), model.factors.users[row], atol=1e-6)
            assert np.isinf(equation.spread(equation.features)).all()
        assert rows

    def test_weights_that_are_all_zero_explain_nothing_away(self) -> None:
        model = fitted("nonnegative", True, {})
        equation = model.equations.of("u", np.array([0]), np.array([0.0]), np.zeros(2))
        assert not equation.solution().any()
        assert not equation.spread(equation.features).any()

    def test_a_mean_that_stands_for_nothing_known_is_a_part_of_its_own(self) -> None:
        model = fitted("observed", True, {"biases": False})
        found = explain(model, mean_user(model), UNSEEN_MOVIE)
        assert [bar.value for bar in found.parts if bar.kind == "level"] == [pytest.approx(found.total, abs=0.005)]


class TestWhoCannotBeExplained:
    def test_says_why(self) -> None:
        model = fitted("observed", True, {})
        average = fitted("observed", True, {}, restarts=2, combine="average")
        cases = [
            (model, mean_user(model), "not solved from ratings"),
            (model, blend([of_user(model, 0), of_user(model, 1)], [0.5, 0.5]), "not solved from ratings"),
            (model, of_user(model, UNSEEN_USER), "mean user"),
            (without_ratings(model), of_user(model, 0), "without its ratings"),
            (average, of_user(average, 0), "several starts"),
        ]
        for which, person, words in cases:
            found = explain(which, person, 0)
            assert found.by_ratings is None
            assert words in found.reason
            assert sum(bar.value for bar in found.parts) == pytest.approx(round(found.total, 2))

    def test_movies_without_ratings_of_their_own_have_no_pulls(self) -> None:
        ratings = alsgui.generate("movies", n_users=40, n_movies=30, density=0.3)
        model = alsgui.fit(ratings, k=2, epochs=2)
        assert ratings.genres is not None
        assert explain_movie(model, mean_of_genre(model, ratings.genres[0].split("|")[0]), 0) is None
        assert explain_movie(without_ratings(model), of_movie(model, 0), 0) is None


class TestByIds:
    def test_a_model_explains_a_user_and_a_movie(self) -> None:
        model = fitted("observed", True, {})
        found = model.explain("1", "2")
        assert found.column == 1
        assert found.total == pytest.approx(float(model.predict(["1"], ["2"])[0]))
        with pytest.raises(DataError, match="no user nobody"):
            model.explain("nobody", "2")

    def test_held_out_ratings_pull_nothing(self) -> None:
        parts = every_third_held_out(holey())
        model = alsgui.fit(parts, k=2, epochs=2)
        found = model.explain("1", "2").by_ratings
        assert found is not None
        np.testing.assert_array_equal(found.columns, parts.training.of_user(0)[0])

    def test_without_ratings_there_are_no_equations(self) -> None:
        with pytest.raises(DataError, match="without its ratings"):
            without_ratings(fitted("observed", True, {})).equations  # noqa: B018


class TestWhatIf:
    def test_a_changed_rating_moves_its_own_prediction_towards_it(self) -> None:
        model = fitted("observed", True, {})
        person = of_user(model, 0)
        column = int(holey().of_user(0)[0][0])
        low, high = (what_if(model, person, {column: stars}) for stars in (0.5, 5.0))
        assert explain(model, high, column).total > explain(model, low, column).total
        found = explain(model, high, column)
        assert found.by_ratings is not None
        assert found.by_ratings.remainder == pytest.approx(0, abs=1e-9)

    def test_nothing_changed_is_the_person_and_all_taken_away_is_the_mean_user(self) -> None:
        model = fitted("observed", True, {})
        person = of_user(model, 0)
        np.testing.assert_allclose(what_if(model, person, {}).weights, person.weights, atol=1e-10)
        nobody = what_if(model, person, {int(column): None for column in holey().of_user(0)[0]})
        assert not nobody.informed
        np.testing.assert_allclose(nobody.weights, mean_user(model).weights)

    def test_a_rating_twice_is_refused(self) -> None:
        model = fitted("observed", True, {})
        with pytest.raises(DataError, match="twice"):
            folded(model, np.array([0, 0]), np.array([1.0, 2.0]))
