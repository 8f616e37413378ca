"""Lists, people, and why: what Recommend shows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import alsgui
from alsgui.core.errors import DataError
from alsgui.core.explain import by_attribute, by_ratings
from alsgui.core.model import Model, without_ratings
from alsgui.core.people import Person, attribute_sizes, informed_users, mean_user, of_user, weight_range
from alsgui.core.ratings import Ratings
from alsgui.core.recommend import Filters, for_person, for_user
from tests.helpers.tiny import UNSEEN_MOVIE, UNSEEN_USER, all_training, complete, every_third_held_out, holey

EVERYTHING = Filters(hide_seen=False, at_least=0)


def fitted_model(ratings: Ratings | alsgui.Split | None = None, **settings: Any) -> Model:
    usual = {"k": 2, "lambda_u": 0.3, "lambda_m": 0.3, "epochs": 3, "dtype": "float64"}
    return alsgui.fit(ratings or all_training(holey()), **{**usual, **settings})


@pytest.fixture(params=[True, False], ids=["biases", "no biases"])
def model(request: pytest.FixtureRequest) -> Model:
    return fitted_model(biases=request.param)


class TestLists:
    def test_are_in_order_of_prediction(self, model: Model) -> None:
        listed = for_user(model, 2, EVERYTHING)
        assert sorted(listed.columns) == list(range(9))
        assert np.all(np.diff(listed.predicted) <= 0)
        np.testing.assert_allclose(listed.predicted, model.predict(np.full(9, 2), listed.columns), atol=1e-12)

    def test_break_ties_in_the_order_of_the_columns(self) -> None:
        model = fitted_model(k=0, epochs=1)
        nobody = Person(np.zeros(0), 0.0)
        even = replace(model, predictor=replace(model.predictor, right=np.ones((9, 2))))
        assert for_person(even, nobody, EVERYTHING).columns.tolist() == list(range(9))

    def test_hide_what_the_person_has_seen_hold_out_included(self) -> None:
        parts = every_third_held_out(holey())
        listed = for_user(fitted_model(parts), 0, Filters(at_least=0))
        seen = parts.ratings.of_user(0)[0]
        assert not set(listed.columns) & set(seen)
        assert listed.n_seen == len(seen)
        assert np.isnan(listed.given).all()

    def test_show_what_was_given_where_seen_movies_stay(self) -> None:
        ratings = holey()
        listed = for_user(fitted_model(), 0, EVERYTHING)
        given = {int(column): value for column, value in zip(listed.columns, listed.given, strict=True)}
        for column in range(9):
            np.testing.assert_equal(given[column], ratings.value(0, column))

    @pytest.mark.parametrize("hide_seen", [True, False])
    @pytest.mark.parametrize("at_least", [0, 5, 7, 100])
    def test_hidden_and_listed_movies_add_up(self, model: Model, hide_seen: bool, at_least: int) -> None:
        listed = for_user(model, 1, Filters(hide_seen=hide_seen, at_least=at_least))
        assert listed.n_seen + listed.n_thin + listed.n_candidates == model.n_movies
        assert len(listed) == listed.n_candidates
        assert (listed.support >= at_least).all()

    def test_find_titles_whatever_the_case(self) -> None:
        ratings = Ratings.from_dense(np.ones((3, 3)) * [1, 2, 3], titles=("Heat", "The Heater", "Alien"))
        listed = for_user(fitted_model(ratings), 0, Filters(hide_seen=False, at_least=0, text="HEAT"))
        assert set(listed.titles) == {"Heat", "The Heater"}
        assert listed.n_candidates == 2

    def test_hold_no_more_than_asked_for(self, model: Model) -> None:
        listed = for_user(model, 1, Filters(hide_seen=False, at_least=0, n_top=3))
        assert (len(listed), listed.n_candidates) == (3, 9)
        assert listed.ids == tuple(model.movie_ids[column] for column in listed.columns)

    def test_say_when_seen_movies_are_not_known(self, model: Model) -> None:
        listed = for_user(without_ratings(model), 1)
        assert not listed.seen_known
        assert listed.n_seen == 0
        assert for_user(model, 1).seen_known

    def test_of_a_model_are_asked_for_by_id_and_hide_nothing_for_few_ratings(self, model: Model) -> None:
        assert len(model.recommend("2", n_top=100)) == 9 - len(holey().of_user(1)[0])
        assert len(model.recommend("2", n_top=100, hide_seen=False)) == 9
        with pytest.raises(DataError, match="no user nobody"):
            model.recommend("nobody")

    def test_hide_movies_with_fewer_than_five_ratings_unless_asked(self, model: Model) -> None:
        usual = for_person(model, mean_user(model))
        assert usual.n_thin == int((model.summary.movie_counts < 5).sum()) > 0

    def test_a_user_without_ratings_is_shown_the_mean_users_list(self, model: Model) -> None:
        for_them = for_user(model, UNSEEN_USER, EVERYTHING)
        for_mean = for_person(model, mean_user(model), EVERYTHING)
        assert for_them.columns.tolist() == for_mean.columns.tolist()
        np.testing.assert_allclose(for_them.predicted, for_mean.predicted)
        assert not of_user(model, UNSEEN_USER).informed


class TestPeople:
    def test_the_mean_user_is_the_mean_of_those_with_ratings(self, model: Model) -> None:
        known = np.delete(np.arange(12), UNSEEN_USER)
        person = mean_user(model)
        np.testing.assert_allclose(person.weights, model.u[:, known].mean(axis=1))
        assert person.bias == pytest.approx(model.user_bias[known].mean())
        assert person.row is None
        assert informed_users(model).sum() == 11

    def test_nobody_with_ratings_gives_a_mean_user_of_zeros(self, model: Model) -> None:
        empty = replace(model, summary=replace(model.summary, user_counts=np.zeros(12, np.int64)))
        assert not mean_user(empty).weights.any()
        assert not weight_range(empty).high.any()

    def test_ranges_of_weights_leave_out_who_has_no_ratings(self, model: Model) -> None:
        known = np.delete(model.u, UNSEEN_USER, axis=1)
        ranges = weight_range(model)
        np.testing.assert_allclose(ranges.minimum, known.min(axis=1))
        np.testing.assert_allclose(ranges.maximum, known.max(axis=1))
        np.testing.assert_allclose(ranges.mean, known.mean(axis=1))
        np.testing.assert_allclose([ranges.low, ranges.high], np.percentile(known, [5, 95], axis=1))

    def test_attribute_sizes_are_relative_to_the_largest(self, model: Model) -> None:
        sizes = np.linalg.norm(model.u, axis=1) * np.linalg.norm(model.m, axis=1)
        np.testing.assert_allclose(attribute_sizes(model), sizes / sizes.max())

    def test_attributes_that_are_all_zero_have_no_size(self) -> None:
        model = fitted_model(complete(), algorithm="ridge", lambda_u=1e9, lambda_m=1e9, epochs=60)
        assert attribute_sizes(model).max() in (0.0, 1.0)
        dead = replace(model, factors=replace(model.factors, users=np.zeros((8, 2))))
        assert attribute_sizes(dead).tolist() == [0.0, 0.0]


class TestWhy:
    def test_attributes_biases_and_mean_add_up_to_the_prediction(self, model: Model) -> None:
        for row in range(12):
            person = of_user(model, row)
            predicted = for_person(model, person, EVERYTHING)
            for column, shown in zip(predicted.columns, predicted.predicted, strict=True):
                assert by_attribute(model, person, int(column)).total == pytest.approx(shown, abs=1e-12)

    def test_terms_are_those_of_the_text_book(self) -> None:
        model = fitted_model(biases=True)
        terms = by_attribute(model, of_user(model, 2), 1)
        np.testing.assert_allclose(terms.products, model.u[:, 2] * model.m[:, 1])
        assert terms.mean == model.mu
        assert terms.user_bias == pytest.approx(float(model.user_bias[2]))
        assert terms.movie_bias == pytest.approx(float(model.movie_bias[1]))
        assert terms.fallback == 0

    def test_a_movie_nobody_rated_falls_back_on_the_persons_mean_without_biases(self) -> None:
        model = fitted_model(biases=False)
        terms = by_attribute(model, of_user(model, 2), UNSEEN_MOVIE)
        assert terms.fallback == pytest.approx(holey().user_means[2])
        assert by_attribute(model, mean_user(model), UNSEEN_MOVIE).fallback == pytest.approx(holey().mean)

    @pytest.mark.parametrize("power", [0.0, 0.5, 1.0])
    @pytest.mark.parametrize("biases", [True, False])
    def test_pulls_of_own_ratings_add_up_to_the_prediction(self, power: float, biases: bool) -> None:
        model = fitted_model(biases=biases, lambda_power=power)
        for row in np.delete(np.arange(12), UNSEEN_USER):
            for column in range(9):
                pulls = by_ratings(model, of_user(model, int(row)), column)
                assert pulls is not None
                start = model.mu + float(model.movie_bias[column])
                assert start + pulls.pulls.sum() == pytest.approx(model.predict([row], [column])[0], abs=1e-9)
                np.testing.assert_array_equal(pulls.given, holey().of_user(int(row))[1])

    def test_pulls_are_of_training_ratings_alone(self) -> None:
        parts = every_third_held_out(holey())
        model = fitted_model(parts)
        pulls = by_ratings(model, of_user(model, 0), 1)
        assert pulls is not None
        np.testing.assert_array_equal(pulls.columns, parts.training.of_user(0)[0])

    def test_there_are_no_pulls_where_they_would_not_add_up(self) -> None:
        model = fitted_model()
        assert by_ratings(model, mean_user(model), 0) is None
        assert by_ratings(model, of_user(model, UNSEEN_USER), 0) is None
        assert by_ratings(without_ratings(model), of_user(model, 0), 0) is None
