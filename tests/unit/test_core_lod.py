"""Tiles show exact block means, at any zoom and in any order."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alsgui.core import lod, lod_observed
from alsgui.core.lod import FactorTiles, PredictionTiles, PrefixMeans, Span, difference, sampled_predictions
from alsgui.core.lod_observed import RatingTiles, rating_errors, sampled_ratings
from alsgui.core.predictor import Predictor
from alsgui.core.ratings import Ratings, Scale
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


@pytest.mark.parametrize("compiled", [True, False])
@given(st.data(), orders(N_USERS), orders(N_MOVIES))
def test_tiles_of_y_are_means_of_observed_cells_and_empty_where_there_is_none(
    compiled: bool, data: st.DataObject, user_order: Array | None, movie_order: Array | None
) -> None:
    users, movies = data.draw(inside(user_order, movie_order))
    tile = RatingTiles(RATINGS, user_order, movie_order, compiled=compiled).tile(users, movies)
    expected = block_means(ordered(Y, user_order, movie_order), users, movies)
    np.testing.assert_allclose(tile, expected, rtol=0, atol=1e-6)
    assert tile.dtype == np.float32


@pytest.mark.parametrize("compiled", [True, False])
@given(st.data(), orders(N_USERS), orders(N_MOVIES))
def test_errors_and_counts_are_of_the_observed_cells_alone(
    compiled: bool, data: st.DataObject, user_order: Array | None, movie_order: Array | None
) -> None:
    users, movies = data.draw(inside(user_order, movie_order))
    tile = RatingTiles(RATINGS, user_order, movie_order, FORM, compiled=compiled).observed(users, movies)
    y, r = (ordered(cells, user_order, movie_order) for cells in (Y, FORM.block(slice(None), slice(None))))
    assert tile.error is not None
    np.testing.assert_allclose(tile.error, block_means(y - r, users, movies), rtol=0, atol=1e-5)
    on_same_cells = block_means(np.where(np.isnan(y), np.nan, r), users, movies)
    np.testing.assert_allclose(tile.r, on_same_cells, rtol=0, atol=1e-5)
    seen = [[np.isfinite(y[rows, columns]) for columns in cells_of(movies)] for rows in cells_of(users)]
    np.testing.assert_array_equal(tile.counts, [[block.sum() for block in line] for line in seen])
    np.testing.assert_allclose(tile.share, [[block.mean() for block in line] for line in seen], atol=1e-7)


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize("shape", [(1, 5), (5, 1), (1, 1)])
def test_one_row_and_one_column_are_drawn_like_any_other(shape: tuple[int, int], compiled: bool) -> None:
    y = np.arange(1.0, 1 + shape[0] * shape[1]).reshape(shape)
    tiles = RatingTiles(Ratings.from_dense(y), compiled=compiled)
    users, movies = Span(0, shape[0], 3), Span(0, shape[1], 2)
    np.testing.assert_allclose(tiles.tile(users, movies), block_means(y, users, movies), atol=1e-6)


@pytest.mark.interpreted
@pytest.mark.parametrize("step", [0.5, 0.0])
def test_the_loops_give_the_same_interpreted(step: float) -> None:
    users, movies = Span(0, N_USERS, 5), Span(2, N_MOVIES, 4)
    shown = replace(RATINGS, scale=replace(RATINGS.scale, step=step))
    ours, other = (RatingTiles(shown, form=FORM, compiled=way).observed(users, movies) for way in (True, False))
    np.testing.assert_allclose(ours.y, other.y, atol=1e-6)
    assert ours.error is not None and other.error is not None
    np.testing.assert_allclose(ours.error, other.error, atol=1e-5)
    np.testing.assert_array_equal(ours.counts, other.counts)


@pytest.mark.parametrize("wide", [True, False])
def test_ratings_off_the_steps_of_their_scale_lose_nothing(monkeypatch: pytest.MonkeyPatch, wide: bool) -> None:
    monkeypatch.setattr(lod_observed, "_NARROW_COLUMNS", 0 if wide else 1 << 16)
    y = np.where(np.isnan(Y), np.nan, Y + 0.123)
    shown = replace(Ratings.from_dense(y), scale=Scale(0.5, 5, 0.5))
    tile = RatingTiles(shown, compiled=True).tile(Span(0, N_USERS, N_USERS), Span(0, N_MOVIES, N_MOVIES))
    np.testing.assert_allclose(tile, y, atol=1e-6)


def test_many_ratings_are_drawn_by_kernels_once_those_are_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lod_observed, "PLAIN_UP_TO", 0)
    monkeypatch.setattr(lod_observed, "_there", [])
    answers = [False, True]
    monkeypatch.setattr("alsgui.core.solvers.warm.compiled", lambda: answers.pop(0))
    ways = [type(RatingTiles(RATINGS)._cells) for _ in range(3)]
    assert ways == [lod_observed._AsStored, lod_observed._LaidOut, lod_observed._LaidOut]


def test_means_of_few_cells_are_left_out_and_others_stay() -> None:
    tile = RatingTiles(RATINGS, form=FORM).observed(Span(0, N_USERS, 6), Span(0, N_MOVIES, 5))
    kept = tile.with_few_left_out(3)
    assert kept.error is not None and tile.error is not None
    assert 0 < (tile.counts < 3).sum() < tile.counts.size
    np.testing.assert_array_equal(np.isnan(kept.y), tile.counts < 3)
    np.testing.assert_array_equal(kept.error[tile.counts >= 3], tile.error[tile.counts >= 3])


def test_a_tile_without_a_model_has_no_error_and_pictures_that_ask_for_the_same_share_it() -> None:
    tiles = RatingTiles(RATINGS)
    spans_asked = Span(0, N_USERS, 4), Span(0, N_MOVIES, 4)
    first = tiles.observed(*spans_asked)
    assert first.error is None and first.r is first.y
    assert tiles.observed(*spans_asked) is tiles.kept(*spans_asked) is first
    assert first.with_few_left_out().error is None
    for pixels in (1, 2):
        tiles.observed(Span(0, N_USERS, pixels), spans_asked[1])
    assert tiles.observed(*spans_asked) is not first


def test_the_sample_of_ratings_is_fixed_and_small(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sampled_ratings(RATINGS) == slice(None)
    monkeypatch.setattr(lod_observed, "LIMIT_SAMPLE", 10)
    first = sampled_ratings(RATINGS)
    np.testing.assert_array_equal(first, sampled_ratings(RATINGS))
    assert len(first) == 10
    np.testing.assert_array_equal(rating_errors(FORM, RATINGS, first), rating_errors(FORM, RATINGS)[first])


def test_the_difference_of_two_models_is_one_form() -> None:
    other = Predictor(FORM.left[:, ::-1].copy(), FORM.right + 1)
    r, s = (form.block(slice(None), slice(None)) for form in (FORM, other))
    np.testing.assert_allclose(difference(FORM, other).block(slice(None), slice(None)), r - s, atol=1e-9)


@given(spans(N_USERS), spans(4), orders(N_USERS))
def test_tiles_of_factors_are_means_of_their_rows(rows: Span, attributes: Span, order: Array | None) -> None:
    shown = FORM.left if order is None else FORM.left[order]
    rows = Span(min(rows.start, len(shown) - 1), min(rows.stop, len(shown)), rows.pixels)
    rows = Span(rows.start, max(rows.stop, rows.start + 1), rows.pixels)
    tile = FactorTiles(FORM.left, order).tile(rows, attributes)
    np.testing.assert_allclose(tile, block_means(shown, rows, attributes), rtol=0, atol=1e-6)
    shared = FactorTiles(PrefixMeans(np.hstack([FORM.left, FORM.left]), order), order, k=4)
    np.testing.assert_array_equal(shared.tile(rows, attributes), tile)


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


@given(spans(40), st.integers(-3, 45))
def test_the_pixel_of_a_cell_is_the_first_that_covers_it(span: Span, cell: int) -> None:
    covering = [pixel for pixel, cells in enumerate(cells_of(span)) if cells.start <= cell < cells.stop]
    assert span.pixel_of(cell) == (covering[0] if covering else None)


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
