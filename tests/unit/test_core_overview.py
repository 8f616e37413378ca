"""What the Data page tells of ratings."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alsgui.core.overview import Bins, by_count, color_limits, inverse, overview, per_quarter, rating_bins
from alsgui.core.ratings import Ratings, Scale
from tests.helpers.tiny import holey

YEAR = 31_556_952


def one_user(values: Any, **labels: Any) -> Ratings:
    return Ratings.from_dense([values], **labels)


class TestHistogram:
    def test_has_a_bar_for_each_step_of_the_scale_rated_or_not(self) -> None:
        ratings = one_user([1, 1, 5], scale=Scale(0.5, 5, 0.5, "given"))
        bins = rating_bins(ratings)
        np.testing.assert_allclose(bins.middles, np.arange(0.5, 5.5, 0.5))
        assert bins.exact
        assert bins.count(ratings.csr.data).tolist() == [0, 2, 0, 0, 0, 0, 0, 0, 0, 1]

    def test_reaches_beyond_the_scale_where_ratings_do(self) -> None:
        bins = rating_bins(one_user([0, 3, 7], scale=Scale(1, 5, 1, "given")))
        assert bins.middles.tolist() == [0, 1, 2, 3, 4, 5, 6, 7]

    def test_has_one_bar_when_all_ratings_are_equal(self) -> None:
        bins = rating_bins(one_user([3, 3]))
        assert (bins.middles.tolist(), bins.exact) == ([3], True)

    @given(st.lists(st.floats(-1000, 1000, width=32), min_size=3, max_size=40))
    def test_counts_every_rating_once(self, values: list[float]) -> None:
        ratings = one_user(values)
        bins = rating_bins(ratings)
        assert bins.count(ratings.csr.data).sum() == len(values)
        assert bins.n <= 60

    def test_has_round_ranges_where_ratings_are_continuous(self) -> None:
        bins = rating_bins(one_user(np.linspace(0, 10, 300)))
        assert (bins.width, bins.n, bins.exact) == (0.5, 20, False)
        assert bins.middles[0] == 0.25

    def test_puts_what_lies_beyond_into_the_outermost_bar(self) -> None:
        assert Bins(1, 1, 3, exact=True).count(np.array([-9.0, 2, 99])).tolist() == [1, 1, 1]


class TestOrders:
    def test_rows_with_most_ratings_come_first_and_equal_ones_as_in_the_data(self) -> None:
        assert by_count(np.array([2, 5, 2, 9])).tolist() == [3, 1, 0, 2]

    @given(st.permutations(range(9)))
    def test_places_undo_an_order(self, order: list[int]) -> None:
        places = inverse(np.array(order))
        assert [order[place] for place in places] == list(range(9))


class TestQuarters:
    def test_are_counted_from_the_first_to_the_last(self) -> None:
        found = per_quarter(np.array([0, 1, int(0.6 * YEAR)]))
        assert found is not None
        starts, counts = found
        assert (starts.tolist(), counts.tolist()) == ([1970.0, 1970.25, 1970.5], [2, 0, 1])

    def test_are_none_where_times_cannot_be_dates(self) -> None:
        assert per_quarter(np.array([0, 600 * YEAR])) is None


class TestColours:
    def test_span_the_scale_where_it_has_steps(self) -> None:
        assert color_limits(one_user([2, 3], scale=Scale(1, 5, 1, "given"))) == (1, 5)

    def test_span_most_of_continuous_ratings(self) -> None:
        low, high = color_limits(one_user(np.linspace(0, 100, 1001)))
        assert (low, high) == pytest.approx((2, 98), abs=0.1)

    def test_never_span_nothing(self) -> None:
        assert color_limits(one_user([3, 3])) == (2.5, 3.5)


def test_an_overview_puts_it_all_together() -> None:
    ratings = holey()
    found = overview(ratings)
    assert found.counts.sum() == ratings.n_ratings
    assert (np.diff(ratings.user_counts[found.user_order]) <= 0).all()
    assert (np.diff(ratings.movie_counts[found.movie_order]) <= 0).all()
    np.testing.assert_array_equal(found.user_order[found.user_place], np.arange(12))
    np.testing.assert_array_equal(found.movie_order[found.movie_place], np.arange(9))
    assert found.value_range == (0.5, 5.0)
    assert found.quarters is None


def test_titles_have_places_in_the_alphabet_whatever_their_case() -> None:
    found = overview(one_user([1, 2, 3], titles=("heat", "Alien", "Heat"), time=None))
    assert found.title_place.tolist() == [1, 0, 1]
    assert found.folded_titles == ("heat", "alien", "heat")


def test_times_are_told_where_they_are_known() -> None:
    ratings = Ratings.from_triplets(["a", "b"], ["x", "y"], [1, 2], time=[0, YEAR])
    assert overview(ratings).quarters is not None
