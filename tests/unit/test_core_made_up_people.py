"""People who are not in the data: means, blends, draws, neighbours, and those who rate a few movies."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.spatial.distance import cdist, cosine

import alsgui
from alsgui.core.errors import ConfigError, DataError
from alsgui.core.model import Model, without_ratings
from alsgui.core.neighbours import by_factors, by_profile, by_table, characteristics
from alsgui.core.next_movie import remaining, suggested
from alsgui.core.people import (
    Person,
    blend,
    drawn,
    folded,
    given_ratings,
    mean_of,
    mean_user,
    of_user,
    percentile_of,
    population_of,
    what_if,
)
from alsgui.core.side_table import SideTable, table_for
from alsgui.core.similar import similar_movies, similar_users
from tests.helpers.tiny import UNSEEN_USER, all_training, every_third_held_out, holey


@pytest.fixture(scope="module")
def model() -> Model:
    return alsgui.fit(all_training(holey()), k=3, epochs=4, dtype="float64")


@pytest.fixture(scope="module")
def invented() -> Model:
    return alsgui.fit(alsgui.generate("movies"), k=4, epochs=4)


def objects(*values: object) -> Any:
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


class TestMeansBlendsAndDraws:
    def test_the_mean_user_is_the_chapters_row_means_of_u(self) -> None:
        model = alsgui.fit(alsgui.generate("chapter"), "ridge", k=2, dtype="float64")
        person = mean_user(model)
        np.testing.assert_allclose(person.weights, model.u.mean(axis=1))
        scores = model.m.T @ model.u.mean(axis=1)
        from alsgui.core.recommend import Filters, for_person

        best = for_person(model, person, Filters(hide_seen=False, n_top=6)).columns
        np.testing.assert_array_equal(best, np.argsort(-scores)[:6])

    def test_the_mean_of_a_selection_leaves_out_who_has_no_ratings(self, model: Model) -> None:
        person = mean_of(model, np.array([1, 2, UNSEEN_USER]))
        np.testing.assert_allclose(person.weights, model.u[:, [1, 2]].mean(axis=1))
        assert person.bias == pytest.approx(float(model.user_bias[[1, 2]].mean()))
        assert not mean_of(model, np.array([UNSEEN_USER])).weights.any()
        assert not mean_of(model, np.empty(0, int)).weights.any()

    def test_a_blend_goes_from_one_person_to_the_other(self, model: Model) -> None:
        one, two = of_user(model, 0), of_user(model, 1)
        np.testing.assert_allclose(blend([one, two], [1, 0]).weights, one.weights)
        half = blend([one, two], [2, 2])
        np.testing.assert_allclose(half.weights, (one.weights + two.weights) / 2)
        assert half.bias == pytest.approx((one.bias + two.bias) / 2)

    @pytest.mark.parametrize("shares", [[1.0], [0.0, 0.0], [1.0, -0.5], [1.0, float("nan")], [0.2] * 6])
    def test_blends_that_mean_nothing_are_refused(self, model: Model, shares: list[float]) -> None:
        with pytest.raises(ConfigError):
            blend([of_user(model, 0)] * len(shares), shares)

    def test_draws_have_the_populations_mean_and_covariance(self, invented: Model) -> None:
        draws = np.array([drawn(invented, seed).weights for seed in range(800)])
        users = invented.factors.users[invented.summary.user_counts > 0].astype(float)
        spread = users.std(axis=0)
        assert np.all(np.abs(draws.mean(axis=0) - users.mean(axis=0)) < 0.2 * spread)
        np.testing.assert_allclose(draws.std(axis=0), spread, rtol=0.15)
        np.testing.assert_array_equal(drawn(invented, 3).weights, drawn(invented, 3).weights)

    def test_the_population_is_that_of_numpy_in_one_piece_or_many(
        self, invented: Model, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        known = invented.summary.user_counts > 0
        rows = np.column_stack([invented.factors.users, invented.user_bias])[known].astype(float)
        for rows_at_a_time in (7, 1 << 14):
            monkeypatch.setattr("alsgui.core.people._ROWS_AT_A_TIME", rows_at_a_time)
            found = population_of(replace(invented))
            np.testing.assert_allclose(found.mean, rows.mean(axis=0), rtol=1e-10)
            np.testing.assert_allclose(found.covariance, np.cov(rows, rowvar=False), rtol=1e-8, atol=1e-14)

    def test_draws_of_a_non_negative_model_are_not_below_zero(self) -> None:
        model = alsgui.fit(all_training(holey()), "nonnegative", k=2, epochs=5)
        assert min(drawn(model, seed).weights.min() for seed in range(30)) == 0
        assert drawn(model, 1).bias == 0

    def test_a_population_of_one_draws_its_mean(self) -> None:
        model = alsgui.fit(alsgui.Ratings.from_dense(np.array([[1.0, 2.0, 4.0]])), k=1, epochs=1, holdout=0.0)
        np.testing.assert_allclose(drawn(model, 0).weights, model.u[:, 0])


class TestFoldedIn:
    def test_somebody_without_ratings_is_the_mean_user_and_marked_so(self, model: Model) -> None:
        nobody = folded(model, np.empty(0, int), np.empty(0))
        assert not nobody.informed
        np.testing.assert_allclose(nobody.weights, mean_user(model).weights)

    def test_what_they_rated_is_seen_and_what_was_taken_away_is_not(self) -> None:
        parts = every_third_held_out(holey())
        model = alsgui.fit(parts, k=2, epochs=2)
        kept = parts.training.of_user(0)[0]
        held_out = np.setdiff1d(parts.ratings.of_user(0)[0], kept)
        free = np.setdiff1d(np.arange(9), parts.ratings.of_user(0)[0])
        changed = what_if(model, of_user(model, 0), {int(kept[0]): None, int(free[0]): 5.0, int(kept[1]): 1.5})
        given = given_ratings(model, changed)
        assert np.isnan(given[kept[0]])
        assert (given[free[0]], given[kept[1]]) == (5.0, 1.5)
        assert np.isfinite(given[held_out]).all()
        assert np.isnan(given_ratings(model, Person(np.zeros(2), 0.0))).all()

    def test_a_movie_nobody_rated_is_predicted_as_their_own_mean_without_biases(self) -> None:
        model = alsgui.fit(all_training(holey()), k=2, epochs=2, biases=False)
        person = folded(model, np.array([0, 1]), np.array([4.0, 5.0]))
        assert person.left(model)[-2] == pytest.approx(4.5)

    def test_percentiles_are_among_movies_with_ratings(self, model: Model) -> None:
        person = of_user(model, 0)
        predicted = model.predict_block(np.array([0]), np.arange(9))[0]
        known = model.summary.movie_counts > 0
        best = int(np.flatnonzero(known)[np.argmax(predicted[known])])
        assert percentile_of(model, person, best) == pytest.approx((known.sum() - 1) / known.sum())


class TestNextMovie:
    def test_is_the_one_with_the_largest_spread_by_brute_force(self) -> None:
        model = alsgui.fit(alsgui.generate("low_rank"), k=3, epochs=4, holdout=0.0, lambda_power=0.0, lambda_u=2.0)
        person = folded(model, np.array([0, 1]), np.array([4.0, 3.0]))
        f = np.vstack([model.m, np.ones(model.n_movies)]).astype(float)
        a = np.diag([2.0, 2.0, 2.0, 4.0]) + f[:, [0, 1]] @ f[:, [0, 1]].T
        spread = np.einsum("kj,kj->j", f, np.linalg.solve(a, f))
        spread[[0, 1]] = -1
        spread[model.summary.movie_counts < 20] = -1
        assert suggested(model, person).tolist() == [int(np.argmax(spread))]
        skipped = suggested(model, person, skip=[int(np.argmax(spread))])
        assert skipped.tolist() == [int(np.argsort(-spread)[1])]

    @pytest.mark.parametrize(
        ("algorithm", "settings"),
        [("observed", {}), ("em", {}), ("implicit", {}), ("nonnegative", {}), ("ridge", {"fill": "mean"}),
         ("nmf", {"fill": "mean"})],
    )  # fmt: skip
    def test_each_answer_leaves_less_unknown(self, algorithm: str, settings: dict[str, Any]) -> None:
        model = alsgui.fit(alsgui.generate("low_rank", scale=alsgui_scale()), algorithm, k=3, epochs=4, **settings)
        person, shares = folded(model, np.empty(0, int), np.empty(0)), []
        for _ in range(5):
            shares.append(remaining(model, person).share)
            columns, given = person.ratings(model)
            person = folded(model, np.append(columns, suggested(model, person)), np.append(given, 4.0))
        assert shares[0] == pytest.approx(1)
        assert np.all(np.diff(shares) < 0)
        assert len(np.unique(person.ratings(model)[0])) == 5

    def test_where_no_movie_is_well_known_the_better_known_half_is_asked_for(self, model: Model) -> None:
        counts = model.summary.movie_counts
        asked = suggested(model, Person(np.zeros(3), 0.0), n=100)
        assert np.all(counts[asked] >= np.median(counts[counts > 0]))
        assert len(asked)

    def test_an_average_of_starts_cannot_say(self) -> None:
        average = alsgui.fit(all_training(holey()), k=2, epochs=2, restarts=2, combine="average")
        with pytest.raises(DataError, match="several starts"):
            suggested(average, mean_user(average))


def alsgui_scale() -> Any:
    from alsgui.core.ratings import Scale

    return Scale(0.5, 5, 0.5)


class TestSideTable:
    TABLE = SideTable(
        {
            "age": objects(20, 30, None, 40),
            "region": objects("North", "South", "North", None),
            "income": objects("1.5", " 2.5 ", "NA", "3.5"),
        }
    )

    def test_numbers_are_standardised_and_categories_one_hot_over_root_two(self) -> None:
        rows = self.TABLE.encoded()
        ages = np.array([20, 30, 40])
        np.testing.assert_allclose(rows[[0, 1, 3], 0], (ages - 30) / ages.std())
        np.testing.assert_allclose(rows[:3, 1:3], np.array([[1, 0], [0, 1], [1, 0]]) / np.sqrt(2))
        np.testing.assert_allclose(rows[2, 3], 0)

    def test_what_is_missing_is_the_mean(self) -> None:
        rows = self.TABLE.encoded()
        assert rows[2, 0] == 0
        np.testing.assert_allclose(rows[3, 1:3], np.array([2, 1]) / 3 / np.sqrt(2))

    def test_weights_multiply_by_their_root(self) -> None:
        rows = self.TABLE.encoded({"age": 4.0, "region": 0.0})
        np.testing.assert_allclose(rows[:, 0], 2 * self.TABLE.encoded()[:, 0])
        assert not rows[:, 1:3].any()
        with pytest.raises(DataError, match="weight of age"):
            self.TABLE.encoded({"age": -1.0})

    def test_answers_of_a_form_are_encoded_like_a_row(self) -> None:
        row = self.TABLE.encode({"age": "20", "region": "North", "income": 1.5})
        np.testing.assert_allclose(row, self.TABLE.encoded()[0])
        np.testing.assert_allclose(self.TABLE.encode({})[:1], [0])
        for answers, words in (({"height": 2}, "no characteristic"), ({"age": "old"}, "age is old")):
            with pytest.raises(DataError, match=words):
                self.TABLE.encode(answers)

    def test_says_what_a_form_needs(self) -> None:
        assert self.TABLE.names == ("age", "region", "income")
        assert [self.TABLE.is_numeric(name) for name in self.TABLE.names] == [True, False, True]
        assert self.TABLE.choices("region") == ("North", "South")
        assert self.TABLE.choices("age") == ()
        assert self.TABLE.middle("age") == 30

    def test_truths_and_empty_columns_are_categories(self) -> None:
        table = SideTable({"likes": objects(True, False), "none": objects(None, None)})
        assert not table.is_numeric("likes")
        assert table.encoded().shape == (2, 2)
        assert np.isnan(SideTable({"x": objects(1, float("nan"))}).middle("x")) == False  # noqa: E712
        assert SideTable({}).encoded().shape == (0, 0)
        assert SideTable({}).encode({}).shape == (0,)

    def test_rows_are_put_in_the_order_of_the_users(self) -> None:
        table = table_for(["a", "b", "c"], ["c", "a"], {"age": objects(3, 1)})
        assert table.columns["age"].tolist() == [1, None, 3]


class TestNeighbours:
    def test_cosines_on_characteristics_are_those_of_scipy(self, invented: Model) -> None:
        table = characteristics(invented)
        assert table is not None
        vector = table.encode({"age": 30, "favourite genre": "Horror"})
        found = by_table(invented, table, vector, k=50)
        rows = table.encoded()
        expected = [1 - cosine(rows[row], vector) for row in found.rows]
        np.testing.assert_allclose(found.similarities, expected, atol=1e-12)
        everybody = 1 - cdist(rows, vector[None, :], "cosine")[:, 0]
        assert found.similarities[0] == pytest.approx(np.nanmax(everybody))
        assert np.all(np.diff(found.similarities) <= 0)

    def test_the_nearest_ones_weights_are_used_or_the_similarity_weighted_mean(self, invented: Model) -> None:
        table = characteristics(invented)
        assert table is not None
        found = by_table(invented, table, table.encode({"age": 25}), k=3)
        np.testing.assert_allclose(found.nearest(invented).weights, invented.factors.users[found.rows[0]])
        assert found.nearest(invented).row is None
        shares = found.similarities / found.similarities.sum()
        np.testing.assert_allclose(found.weighted(invented).weights, shares @ invented.factors.users[found.rows])

    def test_a_user_is_not_their_own_neighbour(self, invented: Model) -> None:
        table = characteristics(invented)
        assert table is not None
        assert 7 not in by_table(invented, table, table.encoded()[7], leave_out=7, k=1000).rows
        assert 7 not in by_factors(invented, of_user(invented, 7), k=1000).rows

    def test_profiles_are_compared_less_each_ones_mean(self, model: Model) -> None:
        dense = np.array([[holey().value(row, column) for column in range(9)] for row in range(12)])
        centred = np.nan_to_num(dense - np.array([np.nanmean(row) if row.any() and not np.isnan(row).all() else 0
                                                  for row in dense])[:, None])  # fmt: skip
        found = by_profile(model, *holey().of_user(0), k=5, leave_out=0)
        expected = [1 - cosine(centred[0], centred[row]) for row in found.rows]
        np.testing.assert_allclose(found.similarities, expected, atol=1e-6)
        with pytest.raises(DataError):
            by_profile(without_ratings(model), np.array([0]), np.array([1.0]))

    def test_factors_are_compared_by_cosine_dot_product_or_distance(self, model: Model) -> None:
        u = model.u.T
        person = of_user(model, 0)
        known = np.delete(np.arange(12), [0, UNSEEN_USER])
        for measure, expected in (
            ("cosine", 1 - cdist(u[:1], u, "cosine")[0]),
            ("dot", u @ u[0]),
            ("euclidean", -cdist(u[:1], u)[0]),
        ):
            found = by_factors(model, person, k=3, measure=measure)  # type: ignore[arg-type]
            order = known[np.argsort(-expected[known], kind="stable")][:3]
            np.testing.assert_array_equal(found.rows, order)
            users = similar_users(model, 0, 3, at_least=1, measure=measure)  # type: ignore[arg-type]
            np.testing.assert_array_equal(users.columns, order)
            movies = similar_movies(model, 0, 3, at_least=1, measure=measure)  # type: ignore[arg-type]
            assert np.all(np.diff(movies.cosines) <= 0)

    def test_nobody_is_near_somebody_of_whom_nothing_is_known(self, model: Model) -> None:
        found = by_profile(model, np.empty(0, int), np.empty(0))
        assert len(found) == 0
        for made in (found.nearest, found.weighted):
            with pytest.raises(DataError, match="Nobody is near"):
                made(model)

    def test_who_is_no_more_alike_than_chance_has_no_part(self, model: Model) -> None:
        found = by_factors(model, of_user(model, 0), k=3)
        none = replace(found, similarities=np.array([-0.1, -0.2, -0.3]))
        np.testing.assert_allclose(none.weighted(model).weights, model.factors.users[found.rows[0]])

    def test_data_without_characteristics_have_no_table(self, model: Model) -> None:
        assert characteristics(model) is None
        assert characteristics(without_ratings(model)) is None
