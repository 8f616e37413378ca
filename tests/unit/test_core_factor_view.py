"""Orders, limits and terms behind the pictures of u, m and r."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import alsgui
from alsgui.core import orders
from alsgui.core.attributes import attributes, usual_support
from alsgui.core.factor_view import FactorSource, Order, ViewChoice, build_view
from alsgui.core.lod import FactorTiles, Span
from alsgui.core.model import Model
from tests.helpers.tiny import UNSEEN_MOVIE, UNSEEN_USER, complete, holey


def model_of(*, biases: bool = True) -> Model:
    return alsgui.fit(holey(), k=3, epochs=4, holdout=0.2, biases=biases, threads=1)


@pytest.fixture(scope="module")
def source() -> FactorSource:
    return FactorSource.of_model(model_of())


def test_ids_of_digits_are_ordered_by_value_and_others_as_text() -> None:
    assert orders.by_id(["10", "9", "100"]).tolist() == [1, 0, 2]
    assert orders.by_id(["b10", "A", "b9"]).tolist() == [1, 0, 2]


def test_a_falling_order_keeps_equal_rows_as_they_stand_and_puts_missing_last() -> None:
    assert orders.falling(np.array([1.0, np.nan, 3.0, 1.0])).tolist() == [2, 0, 3, 1]


def test_rows_that_an_order_leaves_out_have_no_place() -> None:
    assert orders.places(np.array([2, 0]), 4).tolist() == [1, -1, 0, -1]


@pytest.mark.parametrize("key", ["prediction", "rating", "activity", "id", "title", "attribute", "blocks", "leaves"])
def test_every_order_shows_every_user_and_movie_once(source: FactorSource, key: str) -> None:
    order = Order(key, 2)  # type: ignore[arg-type]
    view = build_view(source, ViewChoice(order, order))
    assert sorted(view.user_order) == list(range(12))
    assert sorted(view.movie_order) == list(range(9))
    assert all(view.user_place[row] == place for place, row in enumerate(view.user_order))


def test_titles_are_ordered_as_text_without_regard_to_case(source: FactorSource) -> None:
    titles = tuple("bdACehGfI")
    view = build_view(replace(source, titles=titles), ViewChoice(columns=Order("title")))
    assert "".join(titles[column] for column in view.movie_order) == "AbCdefGhI"


def test_an_own_list_shows_these_alone_in_this_order_and_passes_over_what_is_not_known(source: FactorSource) -> None:
    listed = Order("list", ids=("7", "nobody", "2", "7"))
    view = build_view(source, ViewChoice(listed, listed, at_least=99))
    assert view.user_order.tolist() == view.movie_order.tolist() == [6, 1]
    assert view.user_place[6] == 0 and view.user_place[0] == -1
    assert view.r.tile(Span(0, 2, 2), Span(0, 2, 2)).shape == (2, 2)


def test_nobody_on_an_own_list_is_an_empty_picture(source: FactorSource) -> None:
    assert build_view(source, ViewChoice(Order("list"), Order("list"))).shape == (0, 0)


def test_blocks_of_movies_cover_those_shown_and_are_named_by_genre(source: FactorSource) -> None:
    genres = tuple("Horror" if column % 2 else "War" for column in range(9))
    view = build_view(replace(source, genres=genres), ViewChoice(Order("blocks"), Order("blocks"), at_least=1))
    assert [block.start for block in view.movie_blocks] == [0, *(block.stop for block in view.movie_blocks)][:-1]
    assert view.movie_blocks[-1].stop == len(view.movie_order) == 8
    assert {block.name for block in view.movie_blocks} <= {"Horror", "War"}
    assert all(not block.name for block in view.user_blocks)


def test_by_mean_prediction_the_means_of_r_fall(source: FactorSource) -> None:
    view = build_view(source, ViewChoice())
    r = source.predictor.block(view.user_order, view.movie_order)
    assert np.all(np.diff(r.mean(axis=1)) <= 1e-5)
    assert np.all(np.diff(r.mean(axis=0)) <= 1e-5)


def test_tiles_of_single_cells_are_the_model_itself(source: FactorSource) -> None:
    view = build_view(source, ViewChoice(Order("activity"), Order("id")))
    users, movies, k = Span(0, 12, 12), Span(0, 9, 9), Span(0, 3, 3)
    expected = source.predictor.block(view.user_order, view.movie_order)
    np.testing.assert_allclose(view.r.tile(users, movies), expected, atol=1e-5)
    known = source.user_counts[view.user_order] > 0
    tile = view.u.tile(users, k)
    np.testing.assert_allclose(tile[known], source.factors.users[view.user_order][known], atol=1e-6)
    assert np.isnan(tile[~known]).all()


def test_a_row_without_ratings_is_in_no_mean_of_the_factors() -> None:
    rows = np.array([[2.0], [0.0], [4.0], [0.0]])
    tiles = FactorTiles(rows, None, np.array([True, False, True, False]))
    assert tiles.tile(Span(0, 4, 1), Span(0, 1, 1)).tolist() == [[3.0]]
    assert np.isnan(tiles.tile(Span(3, 4, 1), Span(0, 1, 1))).all()


def test_a_filter_leaves_out_movies_with_fewer_ratings(source: FactorSource) -> None:
    view = build_view(source, ViewChoice(at_least=5))
    assert set(view.movie_order) == set(np.flatnonzero(source.movie_counts >= 5))
    assert view.movie_place[UNSEEN_MOVIE] == -1


def test_limits_lie_inside_the_true_range_and_the_range_is_exact(source: FactorSource) -> None:
    view = build_view(source, ViewChoice())
    r = source.predictor.block(slice(None), slice(None))
    assert view.is_exact and view.actual == (float(r.min()), float(r.max()))
    assert not build_view(source, ViewChoice(), exact=False).is_exact
    low, high = view.r_limits
    assert low < high and low >= r.min() - 0.1 * (high - low) and high <= r.max() + 0.1 * (high - low)


@pytest.mark.parametrize("biases", [True, False])
@pytest.mark.parametrize("cell", [(0, 0), (UNSEEN_USER, 1), (2, UNSEEN_MOVIE), (UNSEEN_USER, UNSEEN_MOVIE)])
def test_terms_add_up_to_the_cell_that_is_drawn(cell: tuple[int, int], biases: bool) -> None:
    made = FactorSource.of_model(model_of(biases=biases))
    terms = made.terms(*cell)
    assert terms.total == pytest.approx(made.prediction(*cell), abs=1e-5)
    assert biases or terms.mean == terms.user_bias == terms.movie_bias == 0


def test_held_out_ratings_are_told_from_those_of_training(source: FactorSource) -> None:
    assert source.split is not None
    held = source.split.holdout
    assert held is not None
    assert all(source.is_held_out(int(u), int(m)) for u, m in zip(held.users, held.movies, strict=True))
    training = source.split.training
    seen = zip(training.users_of_ratings, training.csr.indices, strict=True)
    assert not any(source.is_held_out(int(u), int(m)) for u, m in seen)
    assert not source.is_held_out(UNSEEN_USER, 0)


def test_the_ends_of_an_attribute_are_its_extreme_movies() -> None:
    model = alsgui.fit(complete(), algorithm="ridge", k=2, epochs=3, threads=1)
    known = attributes(model.factors, model.summary.movie_counts)
    loadings = model.factors.movies
    assert known.sizes.max() == 1.0
    for k in range(2):
        assert loadings[known.low[k, 0], k] == loadings[:, k].min()
        assert loadings[known.high[k, 0], k] == loadings[:, k].max()
        assert not set(known.low[k]) & set(known.high[k])


def test_the_support_asked_for_leaves_a_hundred_movies() -> None:
    assert usual_support(np.full(100, 40)) == 40
    assert usual_support(np.r_[np.full(99, 40), np.full(1, 7)]) == 5
    assert usual_support(np.full(3, 50)) == 1
