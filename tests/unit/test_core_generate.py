"""Ratings that are made up: their sizes, seeds and shapes."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

import alsgui
from alsgui.core.errors import ConfigError
from alsgui.core.generate import GENRES, low_rank, low_rank_factors
from alsgui.core.ratings import Ratings, Scale
from tests.helpers.dense import dense_y


@pytest.fixture(scope="module")
def movies() -> Ratings:
    return alsgui.generate("movies", n_users=800, n_movies=600, density=0.05)


class TestEveryKind:
    @pytest.mark.parametrize("kind", ["chapter", "low_rank", "movies"])
    def test_is_decided_by_its_seed(self, kind: str) -> None:
        first, again, other = (alsgui.generate(kind, n_users=30, n_movies=20, seed=seed) for seed in (1, 1, 2))
        assert first.fingerprint == again.fingerprint != other.fingerprint
        assert (first.n_users, first.n_movies) == (30, 20)
        assert first.name

    def test_has_to_exist(self) -> None:
        with pytest.raises(ConfigError, match="no kind poems") as caught:
            alsgui.generate("poems")
        assert "chapter, low_rank, movies" in caught.value.hint

    @pytest.mark.parametrize(
        ("kind", "setting"),
        [
            ("low_rank", {"observed": 0}),
            ("low_rank", {"observed": 1.1}),
            ("low_rank", {"k": -1}),
            ("low_rank", {"noise": float("nan")}),
            ("movies", {"density": 0.6}),
            ("movies", {"seed": -1}),
            ("chapter", {"n_users": 0}),
            ("chapter", {"density": 0.1}),
        ],
    )
    def test_refuses_settings_that_are_not_there_or_out_of_range(self, kind: str, setting: dict[str, Any]) -> None:
        with pytest.raises(ConfigError, match=next(iter(setting))):
            alsgui.generate(kind, **setting)


class TestTheChaptersExample:
    def test_has_50_users_200_movies_and_whole_stars_in_every_cell(self) -> None:
        ratings = alsgui.generate("chapter")
        assert (ratings.n_users, ratings.n_movies, ratings.complete) == (50, 200, True)
        assert ratings.scale == Scale(1, 5, 1, "given")
        values, counts = np.unique(ratings.csr.data, return_counts=True)
        assert values.tolist() == [1, 2, 3, 4, 5]
        assert counts.min() > 1800


class TestLowRank:
    def test_without_noise_is_its_factors(self) -> None:
        ratings = low_rank(30, 20, k=2, observed=1.0, noise=0.0, seed=3)
        u, m = low_rank_factors(30, 20, 2, seed=3)
        np.testing.assert_allclose(dense_y(ratings), 3.5 + u.T @ m, rtol=1e-6)

    def test_observes_about_its_share_and_every_row(self) -> None:
        ratings = low_rank(200, 300, observed=0.3)
        assert ratings.density == pytest.approx(0.3, abs=0.01)
        sparse = low_rank(200, 300, observed=1e-6)
        assert sparse.user_counts.min() >= 1
        assert sparse.movie_counts.min() >= 1

    def test_keeps_to_a_scale(self) -> None:
        ratings = alsgui.generate("low_rank", scale=Scale(1, 5, 0.5, "given"))
        assert set(np.unique(ratings.csr.data)) <= set(np.arange(1, 5.5, 0.5))
        assert ratings.scale.source == "given"

    def test_has_products_of_variance_one_whatever_its_rank(self) -> None:
        for k in (1, 4, 16):
            u, m = low_rank_factors(400, 400, k)
            assert float(np.var(u.T @ m)) == pytest.approx(1.0, rel=0.25)


class TestMovies:
    def test_are_rated_in_halves_from_a_half_to_five_at_about_the_density(self, movies: Ratings) -> None:
        assert movies.scale == Scale(0.5, 5, 0.5, "given")
        assert set(np.unique(movies.csr.data)) == set(np.arange(0.5, 5.5, 0.5))
        assert movies.density == pytest.approx(0.05, rel=0.15)
        assert movies.user_counts.min() >= 1
        assert movies.movie_counts.min() >= 1

    def test_have_popularity_and_activity_with_long_tails(self, movies: Ratings) -> None:
        for counts in (movies.movie_counts, movies.user_counts):
            ranked = np.sort(counts)[::-1][: len(counts) // 2]
            slope = np.polyfit(np.log(1 + np.arange(len(ranked))), np.log(ranked), 1)[0]
            assert -1.3 < slope < -0.3
            assert ranked[: len(counts) // 5].sum() > 0.4 * counts.sum()

    def test_have_unique_readable_titles_with_a_year(self, movies: Ratings) -> None:
        assert movies.titles is not None
        assert len(set(movies.titles)) == 600
        assert all(re.fullmatch(r"The [\w -]+ \((19|20)\d\d\)", title) for title in movies.titles)

    def test_have_unique_titles_also_when_words_run_out(self) -> None:
        many = alsgui.generate("movies", n_users=5, n_movies=9000, density=0.001)
        assert many.titles is not None
        assert len(set(many.titles)) == 9000

    def test_belong_to_one_or_two_genres(self, movies: Ratings) -> None:
        assert movies.genres is not None
        parts = [genre.split("|") for genre in movies.genres]
        assert {len(part) for part in parts} == {1, 2}
        assert {name for part in parts for name in part} == set(GENRES)

    def test_come_with_a_table_of_users_a_twentieth_of_it_missing(self, movies: Ratings) -> None:
        table = movies.characteristics
        assert table is not None
        assert set(table) == {"age", "region", "favourite genre", "device"}
        for values in table.values():
            assert len(values) == 800
            assert 0.02 < np.mean([value is None for value in values]) < 0.08
        ages = [age for age in table["age"] if age is not None]
        assert 14 <= min(ages) <= max(ages) <= 90

    def test_are_liked_by_those_whose_favourite_genre_they_have(self, movies: Ratings) -> None:
        table, genres = movies.characteristics, movies.genres
        assert table is not None and genres is not None
        main = np.array([genre.split("|")[0] for genre in genres])
        favourite = table["favourite genre"]
        residual = movies.csr.data - movies.movie_means[movies.csr.indices]
        match = favourite[movies.users_of_ratings] == main[movies.csr.indices]
        assert residual[match].mean() > residual[~match].mean() + 0.2

    def test_have_users_whose_age_and_region_go_with_their_favourite_genre(self, movies: Ratings) -> None:
        table = movies.characteristics
        assert table is not None
        pairs = zip(table["age"], table["favourite genre"], strict=True)
        known = [(age, GENRES.index(genre)) for age, genre in pairs if age is not None and genre is not None]
        assert np.corrcoef(np.array(known).T)[0, 1] > 0.5
