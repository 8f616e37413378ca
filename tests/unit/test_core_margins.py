"""Strips beside the pictures: exact means of one number of each user or movie, in the order of the view."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import alsgui
from alsgui.core.factor_view import FactorSource, FactorView, Order, ViewChoice, build_view
from alsgui.core.lod import Span
from alsgui.core.margins import MarginChoice, build_margin
from tests.helpers.tiny import UNSEEN_USER, holey


@pytest.fixture(scope="module")
def view() -> FactorView:
    model = alsgui.fit(holey(), k=3, epochs=4, holdout=0.2, threads=1)
    return build_view(FactorSource.of_model(model), ViewChoice(Order("activity"), Order("id"), at_least=1))


def test_activity_is_counted_from_one_rating_on_a_log_scale(view: FactorView) -> None:
    margin = build_margin(view, "user", MarginChoice("activity"))
    counts = view.source.user_counts
    np.testing.assert_allclose(margin.means(Span(0, 12, 12)), counts[view.user_order])
    assert margin.means(Span(0, 12, 1))[0] == pytest.approx(counts.mean())
    assert (margin.low, margin.high, margin.is_log) == (1.0, counts.max(), True)


def test_a_mean_is_of_ratings_and_missing_where_there_is_none(view: FactorView) -> None:
    assert view.source.split is not None
    margin = build_margin(view, "user", MarginChoice("mean"))
    means = view.source.split.training.user_means[view.user_order]
    np.testing.assert_allclose(margin.means(Span(0, 12, 12)), means, atol=1e-6)
    assert np.isnan(margin.means(Span(0, 12, 12))[view.user_place[UNSEEN_USER]])
    assert margin.is_rating and margin.low < margin.high


def test_without_ratings_a_mean_is_of_predictions(view: FactorView) -> None:
    alone = replace(view, source=replace(view.source, split=None))
    margin = build_margin(alone, "movie", MarginChoice("mean"))
    r = view.source.predictor.block(slice(None), view.movie_order)
    np.testing.assert_allclose(margin.means(Span(0, 8, 8)), r.mean(axis=0), atol=1e-5)
    assert not margin.is_rating


def test_an_attribute_is_centred_on_zero(view: FactorView) -> None:
    margin = build_margin(view, "movie", MarginChoice("attribute", 1))
    loadings = view.source.factors.movies[view.movie_order, 1]
    np.testing.assert_allclose(margin.means(Span(0, 8, 8)), loadings, atol=1e-6)
    assert margin.low == -margin.high and margin.is_centred


def test_equal_means_still_have_a_scale() -> None:
    model = alsgui.fit(alsgui.Ratings.from_dense([[3.0, 3.0], [3.0, 3.0]]), k=1, epochs=1, holdout=0, threads=1)
    view = build_view(FactorSource.of_model(model), ViewChoice())
    margin = build_margin(view, "user", MarginChoice("mean"))
    assert (margin.low, margin.high) == (2.5, 3.5)
