"""Tiles show exact block means, at any zoom and in any order."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alsgui.core import lod
from alsgui.core.lod import FactorTiles, PredictionTiles, PrefixMeans, RatingTiles, Span, sampled_predictions
from alsgui.core.predictor import Predictor
from tests.helpers.dense import Array, dense_y
from tests.helpers.tiny import holey

N_USERS, N_MOVIES = 12, 9
RATINGS = holey(N_USERS, N_MOVIES)
Y = dense_y(RATINGS)
FORM = Predictor(*(np.random.default_rng(0).standard_normal((n, 4)) for n in (N_USERS, N_MOVIES)))


@st.composite
def spans(draw: st.DrawFn, n: int) -> Span:
    start = draw(st.integers(0, n - 1))
    return Span(start, draw(st.integers(start + 1, n)), draw(st.integers(1, 2 * n)))


def orders(n: int) -> st.SearchStrategy[Array | None]:
    """No order, all rows in another one, or some of them."""
    some = st.lists(st.integers(0, n - 1), min_size=n // 2, max_size=n, unique=True)
    return st.one_of(st.none(), st.permutations(range(n)), some).map(
        lambda rows: None if rows is None else np.array(rows)
    )


def ordered(y: Array, users: Array | None, movies: Array | None) -> Array:
    by_users = y if users is None else y[users]
    return by_users if movies is None else by_users[:, movies]


def cells_of(span: Span) -> list[slice]:
    """Cells under each pixel, straight from the definition."""
    n = span.stop - span.start
    firsts = [span.start + pixel * n // span.pixels for pixel in range(span.pixels + 1)]
    return [slice(first, max(last, first + 1)) for first, last in pairwise(firsts)]


def block_means(y: Array, users: Span, movies: Span) -> Array:
    means = np.full((users.pixels, movies.pixels), np.nan)
    for at_row, rows in enumerate(cells_of(users)):
        for at_column, columns in enumerate(cells_of(movies)):
            block = y[rows, columns]
            if np.isfinite(block).any():
                means[at_row, at_column] = np.nanmean(block)
    return means


def inside(users_order: Array | None, movies_order: Array | None) -> st.SearchStrategy[tuple[Span, Span]]:
    n = N_USERS if users_order is None else len(users_order)
    m = N_MOVIES if movies_order is None else len(movies_order)
    return st.tuples(spans(n), spans(m))


@given(st.data(), orders(N_USERS), orders(N_MOVIES))
def test_tiles_of_r_are_means_of_predicted_cells(
    data: st.DataObject, user_order: Array | None, movie_order: Array | None
) -> None:
    users, movies = data.draw(inside(user_order, movie_order))
    r = ordered(FORM.block(slice(None), slice(None)), user_order, movie_order)
    tile = PredictionTiles(FORM, user_order, movie_order).tile(users, movies)
    np.testing.assert_allclose(tile, block_means(r, users, movies), rtol=0, atol=1e-6)
    assert tile.dtype == np.float32


@given(st.data(), orders(N_USERS), orders(N_MOVIES))
def test_tiles_of_y_are_means_of_observed_cells_and_empty_where_there_is_none(
    data: st.DataObject, user_order: Array | None, movie_order: Array | None
) -> None:
    users, movies = data.draw(inside(user_order, movie_order))
    tile = RatingTiles(RATINGS, user_order, movie_order).tile(users, movies)
    expected = block_means(ordered(Y, user_order, movie_order), users, movies)
    np.testing.assert_allclose(tile, expected, rtol=0, atol=1e-6)
    assert tile.dtype == np.float32


@given(spans(N_USERS), spans(4), orders(N_USERS))
def test_tiles_of_factors_are_means_of_their_rows(rows: Span, attributes: Span, order: Array | None) -> None:
    shown = FORM.left if order is None else FORM.left[order]
    rows = Span(min(rows.start, len(shown) - 1), min(rows.stop, len(shown)), rows.pixels)
    rows = Span(rows.start, max(rows.stop, rows.start + 1), rows.pixels)
    tile = FactorTiles(FORM.left, order).tile(rows, attributes)
    np.testing.assert_allclose(tile, block_means(shown, rows, attributes), rtol=0, atol=1e-6)


@given(spans(N_USERS), spans(4), st.lists(st.booleans(), min_size=N_USERS, max_size=N_USERS))
def test_rows_without_ratings_are_in_no_mean_of_factors(rows: Span, attributes: Span, flags: list[bool]) -> None:
    known = np.array(flags)
    shown = np.where(known[:, None], FORM.left, 0.0)
    tile = FactorTiles(shown, known=known).tile(rows, attributes)
    expected = block_means(np.where(known[:, None], shown, np.nan), rows, attributes)
    np.testing.assert_allclose(tile, expected, rtol=0, atol=1e-6)


@given(spans(1000))
def test_pixels_cover_the_span_without_gap_or_overlap_until_they_outnumber_cells(span: Span) -> None:
    first, last = span.edges()
    assert (first[0], last[-1]) == (span.start, span.stop)
    assert (last > first).all()
    if span.pixels <= span.stop - span.start:
        np.testing.assert_array_equal(first[1:], last[:-1])


def test_means_of_long_runs_lose_nothing() -> None:
    rows = np.full((200_000, 1), 0.1, np.float32)
    means = PrefixMeans(rows)
    assert len(means) == 200_000
    assert means.over(Span(199_999, 200_000, 1))[0, 0] == pytest.approx(float(np.float32(0.1)), abs=1e-9)


def test_colour_limits_of_a_small_r_use_every_cell() -> None:
    np.testing.assert_array_equal(sampled_predictions(FORM), FORM.block(slice(None), slice(None)).ravel())


def test_colour_limits_of_a_large_r_use_the_same_sample_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lod, "LIMIT_SAMPLE", 50)
    first, again = sampled_predictions(FORM), sampled_predictions(FORM)
    assert len(first) == 50
    np.testing.assert_array_equal(first, again)
