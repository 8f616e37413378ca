"""Pictures of what is observed and of two models: the numbers of the definitions, limits that no zoom changes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import alsgui
from alsgui.core.factor_view import FactorSource, FactorView, Order, ViewChoice, build_view
from alsgui.core.lod import Span
from alsgui.core.model import without_ratings
from alsgui.core.observed_view import build_observed, build_other
from tests.helpers.dense import dense_y
from tests.helpers.tiny import holey

CELLS = Span(0, 12, 12), Span(0, 9, 9)


@pytest.fixture(scope="module")
def view() -> FactorView:
    model = alsgui.fit(holey(), k=3, epochs=4, holdout=0.2, threads=1)
    return build_view(FactorSource.of_model(model), ViewChoice(Order("activity"), Order("id")))


def test_y_r_and_error_are_of_the_same_cells_in_the_order_of_the_view(view: FactorView) -> None:
    observed = build_observed(view)
    assert observed is not None and view.source.split is not None
    y = dense_y(view.source.split.ratings)[np.ix_(view.user_order, view.movie_order)]
    r = view.source.predictor.block(view.user_order, view.movie_order)
    for key, expected in (("y", y), ("r", np.where(np.isnan(y), np.nan, r)), ("error", y - r)):
        drawn, strength = observed.panel(key, *CELLS, leaves_few_out=False)  # type: ignore[arg-type]
        np.testing.assert_allclose(drawn, expected, atol=1e-5)
        assert strength is not None
        np.testing.assert_array_equal(strength, np.isfinite(y))
    all_cells, strength = observed.panel("r_all", *CELLS, leaves_few_out=True)
    np.testing.assert_allclose(all_cells, r, atol=1e-5)
    assert strength is None


def test_training_alone_leaves_out_what_was_held_out(view: FactorView) -> None:
    everything, training = (build_observed(view, training_only=only) for only in (False, True))
    assert everything is not None and training is not None and view.source.split is not None
    n_held = len(view.source.split.held_out)
    assert n_held > 0 and everything.ratings.n_ratings - training.ratings.n_ratings == n_held


def test_few_cells_are_left_out_at_full_strength(view: FactorView) -> None:
    observed = build_observed(view)
    assert observed is not None
    spans = Span(0, 12, 5), Span(0, 9, 4)
    drawn, strength = observed.panel("error", *spans, leaves_few_out=True)
    assert strength is None
    np.testing.assert_array_equal(np.isnan(drawn), observed.tiles.observed(*spans).counts < 3)


def test_limits_are_centred_for_errors_and_narrower_for_means(view: FactorView) -> None:
    observed = build_observed(view)
    assert observed is not None
    assert observed.error.low == -observed.error.high < 0
    assert observed.averaged_error.high == observed.error.high / 2
    assert observed.error.actual_low < 0 < observed.error.actual_high
    assert (observed.averaged.low, observed.averaged.high) == view.r_limits
    assert observed.single.low <= observed.single.actual_low + 0.5


def test_a_model_saved_without_ratings_has_no_picture_of_them() -> None:
    model = without_ratings(alsgui.fit(holey(), k=2, epochs=2, threads=1))
    assert build_observed(build_view(FactorSource.of_model(model), ViewChoice())) is None


def test_two_models_stand_beside_each_other_with_their_difference(view: FactorView) -> None:
    other = FactorSource.of_model(alsgui.fit(holey(), k=2, epochs=1, threads=1))
    made = build_other(view, other)
    assert made is not None
    one, two = (source.predictor.block(view.user_order, view.movie_order) for source in (view.source, other))
    np.testing.assert_allclose(made.r.tile(*CELLS), two, atol=1e-5)
    np.testing.assert_allclose(made.difference.tile(*CELLS), one - two, atol=1e-5)
    assert made.difference_limits.low == -made.difference_limits.high
    assert build_other(view, replace(other, user_ids=other.user_ids[::-1])) is None
