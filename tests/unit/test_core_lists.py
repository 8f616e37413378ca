"""Lists against brute force: filters, ties, diversity, why not that one, and the movie's side."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import alsgui
from alsgui.core.errors import ConfigError, DataError
from alsgui.core.genres import in_genre, known_genres, years
from alsgui.core.model import Model, without_ratings
from alsgui.core.movie_side import UserFilters, folded_movie, for_movie, mean_of_genre, of_movie
from alsgui.core.people import Person, mean_user, of_user
from alsgui.core.ratings import Ratings
from alsgui.core.recommend import Filters, allowed, for_person, standing
from alsgui.core.summary import by_id
from tests.helpers.tiny import UNSEEN_MOVIE, all_training, every_third_held_out, holey


@pytest.fixture(scope="module")
def model() -> Model:
    return alsgui.fit(alsgui.generate("movies", n_users=80, n_movies=120, density=0.15), k=3, epochs=4)


def brute_force(model: Model, row: int, rules: Filters) -> list[int]:
    """What a person would do with the whole row of r and a pencil."""
    assert model.ratings is not None
    assert model.titles is not None
    assert model.genres is not None
    r = model.predictor.left[row].astype(float) @ model.predictor.right.astype(float).T
    seen = set(model.ratings.of_user(row)[0].tolist())
    kept = []
    for column in range(model.n_movies):
        year = int(model.titles[column][-5:-1])
        if (
            not (rules.hide_seen and column in seen)
            and model.summary.movie_counts[column] >= rules.at_least
            and rules.text.casefold() in model.titles[column].casefold()
            and (not rules.genres or set(rules.genres) & set(model.genres[column].split("|")))
            and (rules.first_year is None or year >= rules.first_year)
            and (rules.last_year is None or year <= rules.last_year)
            and column not in rules.exclude
        ):
            kept.append(column)
    return sorted(kept, key=lambda column: (-r[column], int(model.movie_ids[column])))[: rules.n_top]


class TestFilters:
    @given(data=st.data())
    def test_lists_are_those_of_brute_force(self, model: Model, data: st.DataObject) -> None:
        rules = Filters(
            hide_seen=data.draw(st.booleans()),
            at_least=data.draw(st.integers(0, 12)),
            text=data.draw(st.sampled_from(["", "the", "SILENT", "zzz"])),
            n_top=data.draw(st.sampled_from([None, 0, 5, 1000])),
            genres=tuple(data.draw(st.lists(st.sampled_from(["Drama", "Comedy", "Horror"]), max_size=2))),
            first_year=data.draw(st.sampled_from([None, 1970, 2000])),
            last_year=data.draw(st.sampled_from([None, 1990, 2010])),
            exclude=frozenset(data.draw(st.lists(st.integers(0, 119), max_size=5))),
        )
        row = data.draw(st.integers(0, 79))
        listed = for_person(model, of_user(model, row), rules)
        assert listed.columns.tolist() == brute_force(model, row, rules)
        assert listed.n_candidates + listed.n_seen + listed.n_thin + listed.n_filtered == model.n_movies
        assert listed.ids == tuple(model.movie_ids[column] for column in listed.columns)
        assert listed.titles == tuple(model.title(int(column)) for column in listed.columns)

    def test_ties_stand_in_the_order_of_the_ids(self) -> None:
        ids = ["10", "9", "100", "2"]
        ratings = Ratings.from_indices([0, 0, 1, 1], [0, 1, 2, 3], [1, 2, 3, 4], ["a", "b"], ids)
        model = alsgui.fit(all_training(ratings), k=0, epochs=1)
        even = replace(model, predictor=replace(model.predictor, right=np.ones((4, 2))))
        listed = for_person(even, Person(np.zeros(0), 0.0), Filters(hide_seen=False, at_least=0))
        assert listed.ids == ("2", "9", "10", "100")

    def test_ids_that_are_not_all_numbers_stand_as_text(self) -> None:
        assert by_id(("b", "10", "9")).tolist() == [1, 2, 0]
        assert by_id(("10", "9", str(10**30))).tolist() == [0, 2, 1]

    def test_what_anybody_may_see_does_not_depend_on_the_person(self, model: Model) -> None:
        mask = allowed(model, Filters(at_least=5, genres=("Drama",)))
        np.testing.assert_array_equal(mask, in_genre(model, "drama") & (model.summary.movie_counts >= 5))

    def test_diversity_outside_its_range_is_refused(self) -> None:
        with pytest.raises(ConfigError, match="Diversity"):
            Filters(diversity=1.5)


class TestDiversity:
    def alike(self, model: Model, columns: Any) -> float:
        m = model.factors.movies[columns].astype(float)
        m /= np.linalg.norm(m, axis=1)[:, None]
        return float((m @ m.T)[np.triu_indices(len(m), 1)].mean())

    def test_the_best_stays_first_and_the_rest_gets_less_alike(self, model: Model) -> None:
        plain, some, much = (
            for_person(model, of_user(model, 0), Filters(n_top=8, diversity=amount)) for amount in (0.0, 0.4, 0.9)
        )
        assert plain.columns[0] == some.columns[0] == much.columns[0]
        assert self.alike(model, much.columns) < self.alike(model, some.columns) < self.alike(model, plain.columns)

    def test_each_place_is_the_best_by_brute_force(self, model: Model) -> None:
        person, amount = of_user(model, 3), 0.5
        plain = for_person(model, person, Filters())
        pool = plain.columns[:100]
        relevance = (plain.predicted[:100] - plain.predicted[:100].min()) / np.ptp(plain.predicted[:100])
        m = model.factors.movies[pool].astype(float)
        m /= np.linalg.norm(m, axis=1)[:, None]
        chosen = [0]
        while len(chosen) < 10:
            worth = [
                -np.inf
                if at in chosen
                else (1 - amount) * relevance[at] - amount * max(m[at] @ m[other] for other in chosen)
                for at in range(len(pool))
            ]
            chosen.append(int(np.argmax(worth)))
        listed = for_person(model, person, Filters(n_top=10, diversity=amount))
        np.testing.assert_array_equal(listed.columns, pool[chosen])

    def test_nothing_is_lost_or_listed_twice(self, model: Model) -> None:
        listed = for_person(model, of_user(model, 0), Filters(diversity=0.5))
        assert sorted(listed.columns) == sorted(for_person(model, of_user(model, 0)).columns)
        assert len(for_person(model, of_user(model, 0), Filters(diversity=0.5, n_top=1))) == 1


class TestWhyNot:
    def test_the_rank_is_the_place_in_the_list(self, model: Model) -> None:
        person, rules = of_user(model, 2), Filters(at_least=3)
        listed = for_person(model, person, rules)
        for place in (0, 5, len(listed) - 1):
            found = standing(model, person, int(listed.columns[place]), rules)
            assert (found.rank, found.n_candidates, found.hidden_by) == (place + 1, len(listed), ())
            assert found.predicted == pytest.approx(float(listed.predicted[place]))

    def test_a_hidden_movie_has_a_rank_and_every_reason(self, model: Model) -> None:
        assert model.ratings is not None
        column = int(model.ratings.of_user(2)[0][0])
        rules = Filters(at_least=10**6, text="zzz", genres=("None",), first_year=3000, exclude=frozenset([column]))
        found = standing(model, of_user(model, 2), column, rules)
        assert found.hidden_by == ("seen", "few ratings", "text", "genre", "year", "excluded")
        assert (found.rank, found.n_candidates) == (1, 1)

    def test_ranks_can_follow_other_scores(self, model: Model) -> None:
        scores = -np.arange(model.n_movies, dtype=float)
        found = standing(model, mean_user(model), 4, Filters(hide_seen=False, at_least=0), scores)
        assert found.rank == 5


class TestGenresAndYears:
    def test_are_read_from_the_labels(self) -> None:
        titles = ("Heat (1995)", "Brazil", "Lost (2004-2010)", "2001 (1968) ")
        genres = ("Crime|Drama", "(no genres listed)", "Drama", "")
        ratings = Ratings.from_dense(np.ones((2, 4)) * [1, 2, 3, 4], titles=titles, genres=genres)
        model = alsgui.fit(ratings, k=1, epochs=1)
        assert known_genres(model) == ("Crime", "Drama")
        assert in_genre(model, "DRAMA").tolist() == [True, False, True, False]
        assert years(model).tolist() == [1995, 0, 2004, 1968]
        before = for_person(model, mean_user(model), Filters(hide_seen=False, at_least=0, last_year=2000))
        assert set(before.columns) == {0, 3}

    def test_may_not_be_known(self) -> None:
        model = alsgui.fit(all_training(holey()), k=1, epochs=1)
        assert known_genres(model) == ()
        assert not years(model).any()


class TestTheMoviesSide:
    def test_users_are_in_order_of_prediction_without_those_who_rated_it(self) -> None:
        parts = every_third_held_out(holey())
        model = alsgui.fit(parts, k=2, epochs=2, dtype="float64")
        listed = for_movie(model, of_movie(model, 0))
        seen = set(parts.ratings.of_movie(0)[0].tolist())
        r = model.predict_block(slice(None), np.array([0]))[:, 0]
        informed = np.flatnonzero(model.summary.user_counts)
        expected = sorted((row for row in informed if row not in seen), key=lambda row: -r[row])
        assert listed.rows.tolist() == expected
        assert listed.n_seen == len(seen)
        np.testing.assert_allclose(listed.predicted, r[listed.rows])

    def test_can_be_asked_for_by_id(self, model: Model) -> None:
        listed = model.recommend_users(model.movie_ids[3], n_top=4)
        assert len(listed) == 4
        assert listed.ids == tuple(model.user_ids[row] for row in listed.rows)
        assert np.isnan(listed.given).all()
        everybody = model.recommend_users(model.movie_ids[3], n_top=1000, hide_seen=False)
        assert np.isfinite(everybody.given).sum() > 0
        with pytest.raises(DataError, match="no movie nothing"):
            model.recommend_users("nothing")

    @pytest.mark.parametrize("biases", [True, False])
    def test_a_movie_that_is_folded_in_from_its_ratings_is_ranked_like_any(self, biases: bool) -> None:
        model = alsgui.fit(all_training(holey()), k=2, epochs=2, biases=biases, dtype="float64")
        movie = folded_movie(model, np.array([0, 2]), np.array([5.0, 1.0]))
        listed = for_movie(model, movie, UserFilters(n_top=3))
        assert len(listed) == 3
        assert not {0, 2} & set(listed.rows.tolist())
        assert listed.predicted[0] == pytest.approx(float(model.predictor.left[listed.rows[0]] @ movie.right(model)))
        with pytest.raises(DataError, match="twice"):
            folded_movie(model, np.array([0, 0]), np.array([1.0, 1.0]))
        assert not folded_movie(model, np.empty(0, int), np.empty(0)).informed

    def test_a_new_movie_is_the_mean_of_its_genre(self, model: Model) -> None:
        members = in_genre(model, "Drama") & (model.summary.movie_counts > 0)
        movie = mean_of_genre(model, "Drama")
        np.testing.assert_allclose(movie.loadings, model.m[:, members].mean(axis=1), rtol=1e-5)
        assert len(for_movie(model, movie)) == np.count_nonzero(model.summary.user_counts)
        with pytest.raises(DataError, match="genre Western"):
            mean_of_genre(model, "Western")

    def test_scores_without_stars_have_no_mean_to_fall_back_on(self) -> None:
        model = alsgui.fit(all_training(holey()), "implicit", k=2, epochs=2)
        assert folded_movie(model, np.array([0]), np.array([1.0])).right(model)[-2:].tolist() == [0, 0]
        assert of_movie(model, UNSEEN_MOVIE).right(model)[-2:].tolist() == [0, 0]

    def test_without_ratings_nobody_is_known_to_have_seen_it(self, model: Model) -> None:
        bare = without_ratings(model)
        assert for_movie(bare, of_movie(bare, 0)).n_seen == 0
        assert len(of_movie(bare, 0).ratings(bare)[0]) == 0
        made = mean_of_genre(model, "Drama")
        assert len(made.ratings(model)[0]) == 0
