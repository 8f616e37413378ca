"""What the pictures of y, of r on the same cells, of the error and of two models are drawn from, in one order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from alsgui.core.factor_view import FactorSource, FactorView, centred_limit, outward_limits, sampled_range
from alsgui.core.lod import PredictionTiles, Span, difference, sampled_predictions
from alsgui.core.lod_observed import ObservedTile, RatingTiles, Tile, rating_errors, sampled_ratings
from alsgui.core.predictor import Predictor
from alsgui.core.ratings import Ratings

PanelKey = Literal["y", "r", "error", "r_all", "r_other", "difference"]

SHRUNK = 2.0
"""Means of at least three cells, mostly of four and more, spread half as wide as single cells."""


@dataclass(frozen=True)
class Limits:
    """Ends of colours, and the range that the numbers have in the sample, in stars."""

    low: float
    high: float
    actual_low: float
    actual_high: float


@dataclass(frozen=True, eq=False)
class ObservedView:
    """Tiles of observed cells in the order of a `FactorView`, and limits that no zoom changes.

    Parameters
    ----------
    view
        Whose orders these are.
    ratings
        What counts as observed: all ratings, or those of training.
    tiles
        y and the error.
    single, averaged
        Limits of y and r for single cells, and for means over tiles of pixels.
    error, averaged_error
        The same of the error, zero-centred.
    """

    view: FactorView
    ratings: Ratings
    tiles: RatingTiles
    single: Limits
    averaged: Limits
    error: Limits
    averaged_error: Limits

    def panel(self, key: PanelKey, users: Span, movies: Span, *, leaves_few_out: bool) -> tuple[Tile, Tile | None]:
        """Numbers of one picture and their strength: the share that is observed, None for full."""
        if key == "r_all":
            return self.view.r.tile(users, movies), None
        tile = self.tiles.observed(users, movies)
        if leaves_few_out:
            return _of(tile.with_few_left_out(), key), None
        return _of(tile, key), tile.share


def build_observed(view: FactorView, *, training_only: bool = False) -> ObservedView | None:
    """Prepare y and the error; None for a model that was saved without its ratings."""
    source = view.source
    if source.split is None:
        return None
    ratings = source.split.training if training_only else source.split.ratings
    sample = sampled_ratings(ratings)
    errors = rating_errors(source.predictor, ratings, sample)
    values = ratings.csr.data[sample]
    limit = centred_limit(errors)
    low_error, high_error = (float(errors.min()), float(errors.max())) if len(errors) else (0.0, 0.0)
    low, high = sampled_range(values)
    bottom, top = outward_limits(values)
    return ObservedView(
        view=view,
        ratings=ratings,
        tiles=RatingTiles(ratings, view.user_order, view.movie_order, source.predictor),
        single=Limits(bottom, top, low, high),
        averaged=Limits(*view.r_limits, low, high),
        error=Limits(-limit, limit, low_error, high_error),
        averaged_error=Limits(-limit / SHRUNK, limit / SHRUNK, low_error, high_error),
    )


@dataclass(frozen=True, eq=False)
class OtherView:
    """r of another model, and what r differs by, in the order of a `FactorView`."""

    r: PredictionTiles
    difference: PredictionTiles
    limits: Limits
    difference_limits: Limits


def build_other(view: FactorView, other: FactorSource) -> OtherView | None:
    """Prepare a second model of the same users and movies; None where they are not the same."""
    source = view.source
    if source.user_ids != other.user_ids or source.movie_ids != other.movie_ids:
        return None
    form = difference(source.predictor, other.predictor)
    shown = Predictor(form.left, form.right[view.movie_order])
    sample = sampled_predictions(shown)
    limit = centred_limit(sample)
    theirs = sampled_range(sampled_predictions(other.predictor))
    return OtherView(
        r=PredictionTiles(other.predictor, view.user_order, view.movie_order),
        difference=PredictionTiles(form, view.user_order, view.movie_order),
        limits=Limits(*view.r_limits, *theirs),
        difference_limits=Limits(-limit, limit, *sampled_range(sample)),
    )


def _of(tile: ObservedTile, key: PanelKey) -> Tile:
    if key == "error" and tile.error is not None:
        return tile.error
    return tile.y if key == "y" else np.asarray(tile.r)
