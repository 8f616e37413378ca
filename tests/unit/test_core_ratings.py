"""`Ratings`: what it keeps, what it refuses, and that nothing changes it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as stn

from alsgui.core.errors import ConfigError, DataError
from alsgui.core.ratings import Ratings, Scale, numbered, observed_scale
from alsgui.core.refusals import MOST_PROBLEMS
from alsgui.core.split import split
from tests.helpers.dense import Array, dense_y
from tests.helpers.tiny import UNSEEN_MOVIE, UNSEEN_USER, complete, holey

HALF_STARS = st.integers(1, 10).map(lambda halves: halves / 2)
MATRICES = stn.arrays(
    np.float64,
    st.tuples(st.integers(1, 8), st.integers(1, 8)),
    elements=st.one_of(HALF_STARS, st.just(float("nan"))),
    fill=st.nothing(),
).filter(lambda y: bool(np.isfinite(y).any()))


@st.composite
def triplets(draw: st.DrawFn) -> list[tuple[str, str, float]]:
    ids = st.text(min_size=1, max_size=3)
    pairs = draw(st.lists(st.tuples(ids, ids), min_size=1, max_size=30, unique=True))
    return [(user, movie, draw(HALF_STARS)) for user, movie in pairs]


class TestRoundTrips:
    @given(MATRICES)
    def test_a_dense_matrix_comes_back(self, y: Array) -> None:
        ratings = Ratings.from_dense(y)
        np.testing.assert_array_equal(dense_y(ratings), y)
        assert ratings.n_ratings == np.isfinite(y).sum()
        assert ratings.complete == np.isfinite(y).all()
        assert ratings.density == pytest.approx(np.isfinite(y).mean())

    @given(triplets())
    def test_triplets_come_back_in_any_order_with_ids_by_first_appearance(
        self, rows: list[tuple[str, str, float]]
    ) -> None:
        users, movies, values = zip(*rows, strict=True)
        ratings = Ratings.from_triplets(users, movies, values)
        found = {
            (ratings.user_ids[i], ratings.movie_ids[j]): float(y)
            for i, j, y in zip(ratings.users_of_ratings, ratings.csr.indices, ratings.csr.data, strict=True)
        }
        assert found == {(user, movie): value for user, movie, value in rows}
        assert ratings.user_ids == tuple(dict.fromkeys(users))
        assert ratings.movie_ids == tuple(dict.fromkeys(movies))

    @given(MATRICES)
    def test_rows_columns_means_and_counts_agree_with_the_matrix(self, y: Array) -> None:
        ratings = Ratings.from_dense(y)
        seen = np.isfinite(y)
        assert (ratings.csr.toarray() == ratings.csc.toarray()).all()
        np.testing.assert_array_equal(ratings.user_counts, seen.sum(axis=1))
        np.testing.assert_array_equal(ratings.movie_counts, seen.sum(axis=0))
        for row, of_row in enumerate(y):
            columns, values = ratings.of_user(row)
            np.testing.assert_array_equal(columns, np.flatnonzero(np.isfinite(of_row)))
            np.testing.assert_array_equal(values, of_row[columns])
            if len(columns):
                assert ratings.user_means[row] == pytest.approx(np.nanmean(of_row))
        for column, of_column in enumerate(y.T):
            rows, values = ratings.of_movie(column)
            np.testing.assert_array_equal(values, of_column[rows])
            assert (np.isnan(ratings.movie_means[column])) == (len(rows) == 0)
        assert ratings.mean == pytest.approx(np.nanmean(y))

    @given(MATRICES, st.data())
    def test_one_cell_is_its_rating_or_nan(self, y: Array, data: st.DataObject) -> None:
        row, column = (data.draw(st.integers(0, n - 1)) for n in y.shape)
        np.testing.assert_equal(Ratings.from_dense(y).value(row, column), y[row, column])

    @given(MATRICES, st.integers(0, 2**32 - 1))
    def test_keeping_some_ratings_keeps_users_movies_and_scale(self, y: Array, seed: int) -> None:
        ratings = Ratings.from_dense(y)
        kept = np.random.default_rng(seed).random(ratings.n_ratings) < 0.5
        part = ratings.keeping(kept)
        expected = y.copy()
        expected[ratings.users_of_ratings[~kept], ratings.csr.indices[~kept]] = np.nan
        np.testing.assert_array_equal(dense_y(part), expected)
        assert (part.user_ids, part.movie_ids, part.scale) == (ratings.user_ids, ratings.movie_ids, ratings.scale)

    def test_times_follow_their_ratings(self) -> None:
        ratings = Ratings.from_triplets(["b", "a", "b"], ["y", "x", "x"], [1, 2, 3], time=[10, 20, 30])
        assert ratings.time is not None
        by_cell = dict(zip(ratings.csr.data.tolist(), ratings.time.tolist(), strict=True))
        assert by_cell == {1: 10, 2: 20, 3: 30}
        assert ratings.keeping(ratings.csr.data > 1).time is not None
        assert sorted(ratings.keeping(ratings.csr.data > 1).time) == [20, 30]  # type: ignore[arg-type]

    def test_a_stored_zero_is_a_rating(self) -> None:
        ratings = Ratings.from_dense([[0.0, np.nan], [1.0, 0.0]])
        assert ratings.n_ratings == 3
        assert ratings.value(0, 0) == 0

    def test_storage_is_float32_with_int32_positions(self) -> None:
        ratings = holey()
        assert ratings.csr.data.dtype == ratings.csc.data.dtype == np.float32
        assert ratings.csr.indices.dtype == ratings.csr.indptr.dtype == ratings.csc.indices.dtype == np.int32

    def test_ids_of_any_kind_become_text(self) -> None:
        assert Ratings.from_triplets(np.array([7, 7]), [1, 2], [3, 4]).user_ids == ("7",)
        ratings = Ratings.from_dense([[1, 2]], user_ids=np.array([30]), movie_ids=[10, 20])
        assert (ratings.user_ids, ratings.movie_ids) == (("30",), ("10", "20"))
        assert dict(ratings.movie_columns) == {"10": 0, "20": 1}
        assert dict(ratings.user_rows) == {"30": 0}

    def test_a_movie_is_called_by_its_title_or_else_its_id(self) -> None:
        assert Ratings.from_dense([[1, 2]], titles=("Heat", "Alien")).title(1) == "Alien"
        assert Ratings.from_dense([[1, 2]]).title(1) == "2"
        assert Ratings.from_dense([[1, 2]], noun="story").nouns == "stories"


class TestRefusals:
    def refused(self, *args: Any, **labels: Any) -> DataError:
        with pytest.raises(DataError) as caught:
            Ratings.from_triplets(*args, **labels)
        assert caught.value.hint
        return caught.value

    def test_no_rating_at_all(self) -> None:
        assert "no rating" in self.refused([], [], []).message
        with pytest.raises(DataError, match="no rating"):
            Ratings.from_dense(np.full((2, 2), np.nan))

    def test_lists_of_different_lengths(self) -> None:
        assert "2 users, 2 movies, 1 ratings" in self.refused(["a", "b"], ["x", "y"], [1]).message

    @pytest.mark.parametrize("bad", [float("nan"), float("inf"), float("-inf"), 1e39])
    def test_numbers_that_are_not_finite_by_row(self, bad: float) -> None:
        error = self.refused(["a", "b", "c", "d"], ["x"] * 4, [1, bad, 2, bad])
        assert [problem.line for problem in error.problems] == [2, 4]
        assert "line 2: rating is" in error.message

    def test_an_infinite_rating_of_a_matrix_by_its_row(self) -> None:
        with pytest.raises(DataError) as caught:
            Ratings.from_dense([[1, 2], [np.nan, np.inf]])
        assert [problem.line for problem in caught.value.problems] == [2]

    def test_a_pair_that_stands_twice_with_both_rows(self) -> None:
        error = self.refused(["a", "b", "a"], ["x", "x", "x"], [1, 2, 1])
        assert str(error.problems[0]) == "line 3: user a, movie x stands also in line 1"

    def test_lines_of_the_file_where_they_are_known(self) -> None:
        with pytest.raises(DataError) as caught:
            Ratings.from_indices([0, 0], [0, 0], [1, 2], ["a"], ["x"], lines=[12, 17])
        assert str(caught.value.problems[0]) == "line 17: user a, movie x stands also in line 12"

    def test_many_problems_are_counted_and_the_first_ones_listed(self) -> None:
        error = self.refused(range(500), ["x"] * 500, [np.nan] * 500)
        assert "500" in error.message
        assert len(error.problems) == MOST_PROBLEMS

    def test_a_matrix_that_is_not_one(self) -> None:
        with pytest.raises(DataError, match="1 dimensions"):
            Ratings.from_dense([1, 2, 3])

    @pytest.mark.parametrize("user", [-1, 2])
    def test_a_position_without_an_id(self, user: int) -> None:
        with pytest.raises(DataError, match=f"position {user}"):
            Ratings.from_indices([0, user], [0, 1], [1, 2], ["a", "b"], ["x", "y"])

    def test_an_id_that_stands_twice(self) -> None:
        with pytest.raises(DataError, match="id a stands twice"):
            Ratings.from_dense([[1, 2], [3, 4]], user_ids=["a", "a"])

    @pytest.mark.parametrize(
        "labels", [{"titles": ("one",)}, {"genres": ("one",)}, {"characteristics": {"age": np.array([30], object)}}]
    )
    def test_labels_that_are_not_one_for_each(self, labels: dict[str, Any]) -> None:
        with pytest.raises(DataError, match="1 entries, not 2"):
            Ratings.from_dense([[1, 2], [3, 4]], **labels)


class TestImmutability:
    @pytest.mark.parametrize(
        "name",
        ["csr.data", "csr.indices", "csr.indptr", "csc.data", "csc.indices", "csc.indptr", "time",
         "user_counts", "movie_counts", "user_means", "movie_means", "users_of_ratings"],
    )  # fmt: skip
    def test_no_array_can_be_written_to(self, name: str) -> None:
        ratings = Ratings.from_triplets(["a", "b"], ["x", "y"], [1, 2], time=[1, 2])
        array: Any = ratings
        for part in name.split("."):
            array = getattr(array, part)
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 9

    def test_the_arrays_it_was_made_from_stay_free_and_apart(self) -> None:
        values = np.array([1, 2], np.float32)
        ratings = Ratings.from_triplets(["a", "b"], ["x", "y"], values)
        values[0] = 5
        assert ratings.value(0, 0) == 1

    def test_fields_cannot_be_replaced(self) -> None:
        with pytest.raises(AttributeError):
            complete().name = "other"  # type: ignore[misc]


class TestFingerprint:
    def test_is_the_same_for_the_same_ratings_in_any_order(self) -> None:
        one = Ratings.from_indices([0, 1], [1, 0], [3, 4], ["a", "b"], ["x", "y"])
        other = Ratings.from_indices([1, 0], [0, 1], [4, 3], ["a", "b"], ["x", "y"])
        assert one.fingerprint == other.fingerprint
        assert len(one.fingerprint) == 16

    @pytest.mark.parametrize(
        "changed",
        [
            ([[1, 2], [3, 4.5]], ["a", "bc"], ["d", "e"]),
            ([[1, 2], [3, np.nan]], ["a", "bc"], ["d", "e"]),
            ([[1, 2], [3, 4]], ["a", "b"], ["d", "e"]),
            ([[1, 2], [3, 4]], ["a", "b"], ["cd", "e"]),
            ([[1, 2], [3, 4]], ["ab", "c"], ["d", "e"]),
        ],
    )
    def test_changes_with_any_rating_or_id(self, changed: tuple[Any, Any, Any]) -> None:
        original = Ratings.from_dense([[1, 2], [3, 4]], ["a", "bc"], ["d", "e"])
        assert Ratings.from_dense(*changed).fingerprint != original.fingerprint


class TestScale:
    @pytest.mark.parametrize(
        ("values", "expected"),
        [
            ([1, 2, 5], (1, 5, 1)),
            ([0.5, 1.0, 5.0], (0.5, 5, 0.5)),
            ([3, 3], (3, 3, 0)),
            ([1, 2, 2.7], (1, 2.7, 0)),
            (np.linspace(0, 1, 200), (0, 1, 0)),
        ],
    )
    def test_is_the_range_and_the_grid_where_there_is_one(self, values: Any, expected: tuple[float, ...]) -> None:
        scale = observed_scale(np.asarray(values, np.float32))
        assert (scale.minimum, scale.maximum, scale.step) == pytest.approx(expected, abs=1e-6)
        assert scale.source == "observed"

    def test_can_be_given(self) -> None:
        assert Ratings.from_dense([[2, 3]], scale=Scale(1, 5, 1, "given")).scale == Scale(1, 5, 1, "given")

    def test_equal_ratings_have_a_spread_of_one_whatever_the_rounding(self) -> None:
        assert Ratings.from_dense(np.full((7, 11), 0.1)).spread == 1.0
        assert Ratings.from_dense([[1, 3]]).spread == 1.0
        assert Ratings.from_dense([[1, 5]]).spread == 2.0


class TestSplit:
    @given(MATRICES, st.floats(0, 0.9), st.integers(0, 2**32 - 1))
    def test_every_rating_is_in_training_or_held_out(self, y: Array, share: float, seed: int) -> None:
        ratings = Ratings.from_dense(y)
        parts = split(ratings, share, seed)
        held_out = dense_y(ratings)
        together = dense_y(parts.training)
        assert parts.training.n_ratings >= 1
        if parts.holdout is None:
            assert share * ratings.n_ratings <= 0.5 or share == 0 or ratings.n_ratings == 1
        else:
            cells = parts.holdout
            assert np.isnan(together[cells.users, cells.movies]).all()
            together[cells.users, cells.movies] = cells.values
            assert len(cells) + parts.training.n_ratings == ratings.n_ratings
        np.testing.assert_array_equal(together, held_out)

    def test_the_same_seed_holds_out_the_same(self) -> None:
        first, again, other = (split(holey(), 0.3, seed) for seed in (1, 1, 2))
        assert np.array_equal(first.held_out, again.held_out)
        assert not np.array_equal(first.held_out, other.held_out)

    def test_holds_out_a_tenth_by_default_but_nothing_of_complete_ratings(self) -> None:
        ratings = holey(40, 30)
        assert len(split(ratings).held_out) == round(0.1 * ratings.n_ratings)
        assert split(complete()).holdout is None

    def test_a_single_rating_stays_in_training(self) -> None:
        assert split(Ratings.from_dense([[4.0]]), 0.9).training.n_ratings == 1

    @pytest.mark.parametrize("share", [-0.1, 0.91, float("nan")])
    def test_a_share_out_of_range_is_refused(self, share: float) -> None:
        with pytest.raises(ConfigError, match="hold-out share"):
            split(holey(), share)


def test_ids_are_numbered_from_one() -> None:
    assert numbered(3) == ("1", "2", "3")


def test_rows_without_ratings_have_no_mean() -> None:
    ratings = holey()
    assert np.isnan(ratings.user_means[UNSEEN_USER])
    assert np.isnan(ratings.movie_means[UNSEEN_MOVIE])
    assert np.isfinite(np.delete(ratings.user_means, UNSEEN_USER)).all()
