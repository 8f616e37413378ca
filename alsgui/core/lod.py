"""Exact block means of u, m, r and y for drawing, at any zoom: r is never built.

Pixel p of P over n cells covers cells floor(p n / P) to floor((p + 1) n / P), at least one. The mean of a block of
r = left right^T is the product of the block means of left and right, which come from prefix sums in float64 (in
float32 a single cell after 160,000 rows is off by 0.004).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from alsgui.core.predictor import Predictor
from alsgui.core.ratings import Floats, Ints, Ratings

LIMIT_SAMPLE = 200_000
"""Single cells whose percentiles are a view's colour limits."""


@dataclass(frozen=True)
class Span:
    """Cells start..stop of one axis drawn on `pixels` pixels."""

    start: int
    stop: int
    pixels: int

    def edges(self) -> tuple[Ints, Ints]:
        """First and one-past-last cell of every pixel."""
        n = self.stop - self.start
        first = self.start + np.arange(self.pixels, dtype=np.int64) * n // self.pixels
        last = self.start + np.arange(1, self.pixels + 1, dtype=np.int64) * n // self.pixels
        return first, np.maximum(last, first + 1)


class PrefixMeans:
    """Means of any runs of rows of a matrix in a given order, by float64 prefix sums."""

    def __init__(self, rows: Floats, order: Ints | None = None) -> None:
        ordered = rows if order is None else rows[order]
        self._sums = np.zeros((len(ordered) + 1, ordered.shape[1]))
        np.cumsum(ordered, axis=0, dtype=np.float64, out=self._sums[1:])

    def __len__(self) -> int:
        return len(self._sums) - 1

    def over(self, span: Span) -> Floats:
        """Mean row of every pixel of a span (pixels x columns), float64."""
        first, last = span.edges()
        means: Floats = (self._sums[last] - self._sums[first]) / (last - first)[:, None]
        return means


class PredictionTiles:
    """Tiles of r for one order of users and movies."""

    def __init__(self, form: Predictor, user_order: Ints | None = None, movie_order: Ints | None = None) -> None:
        self._left = PrefixMeans(form.left, user_order)
        self._right = PrefixMeans(form.right, movie_order)

    def tile(self, users: Span, movies: Span) -> npt.NDArray[np.float32]:
        """Block means of r, one per pixel (user pixels x movie pixels), in stars."""
        return (self._left.over(users) @ self._right.over(movies).T).astype(np.float32)


class FactorTiles:
    """Tiles of one factor matrix, rows users or movies in a given order and columns the K attributes.

    Parameters
    ----------
    rows
        N x K or M x K.
    order
        Rows that are drawn, from the top; None for all as they stand.
    known
        Which rows had ratings (N or M); the others, whose factors are zero, are in no mean. None for all.
    """

    def __init__(self, rows: Floats, order: Ints | None = None, known: npt.NDArray[np.bool_] | None = None) -> None:
        self._means = PrefixMeans(rows, order)
        self._known = None if known is None or known.all() else PrefixMeans(known[:, None].astype(np.float64), order)

    def tile(self, rows: Span, attributes: Span) -> npt.NDArray[np.float32]:
        """Block means over known rows, NaN where there is none; attributes are single unless more than pixels."""
        over_rows = self._means.over(rows)
        if self._known is not None:
            share = self._known.over(rows)
            over_rows = np.divide(over_rows, share, out=np.full_like(over_rows, np.nan), where=share > 0)
        means = PrefixMeans(over_rows.T).over(attributes)
        return means.T.astype(np.float32)


class RatingTiles:
    """Tiles of y for one order of users and movies: the mean over observed cells, NaN where there is none."""

    def __init__(self, ratings: Ratings, user_order: Ints | None = None, movie_order: Ints | None = None) -> None:
        self._rows = _places(user_order, ratings.n_users)[ratings.users_of_ratings]
        self._columns = _places(movie_order, ratings.n_movies)[ratings.csr.indices]
        self._values = ratings.csr.data

    def tile(self, users: Span, movies: Span) -> npt.NDArray[np.float32]:
        """Mean of the observed ratings of every pixel (user pixels x movie pixels), in stars."""
        inside = (
            (self._rows >= users.start)
            & (self._rows < users.stop)
            & (self._columns >= movies.start)
            & (self._columns < movies.stop)
        )
        rows, columns, values = self._rows[inside], self._columns[inside], self._values[inside]
        if users.pixels > users.stop - users.start or movies.pixels > movies.stop - movies.start:
            return self._magnified(users, movies, rows, columns, values)
        at = _pixel_of(rows, users) * movies.pixels + _pixel_of(columns, movies)
        n_pixels = users.pixels * movies.pixels
        sums = np.bincount(at, weights=values, minlength=n_pixels)
        counts = np.bincount(at, minlength=n_pixels)
        means = np.full(n_pixels, np.nan)
        np.divide(sums, counts, out=means, where=counts > 0)
        return means.reshape(users.pixels, movies.pixels).astype(np.float32)

    def _magnified(
        self, users: Span, movies: Span, rows: Ints, columns: Ints, values: Floats
    ) -> npt.NDArray[np.float32]:
        """More pixels than cells on an axis: draw on a grid of cells there, then repeat it."""
        coarse_users = Span(users.start, users.stop, min(users.pixels, users.stop - users.start))
        coarse_movies = Span(movies.start, movies.stop, min(movies.pixels, movies.stop - movies.start))
        cells = self.tile(coarse_users, coarse_movies)
        pick_rows = np.arange(users.pixels) * coarse_users.pixels // users.pixels
        pick_columns = np.arange(movies.pixels) * coarse_movies.pixels // movies.pixels
        return cells[np.ix_(pick_rows, pick_columns)]


def sampled_predictions(form: Predictor, seed: int = 0) -> Floats:
    """Predictions of a fixed sample of single cells, for colour limits that no zoom changes."""
    n_users, n_movies = len(form.left), len(form.right)
    if n_users * n_movies <= LIMIT_SAMPLE:
        return form.block(slice(None), slice(None)).ravel()
    rng = np.random.default_rng(seed)
    return form.cells(rng.integers(n_users, size=LIMIT_SAMPLE), rng.integers(n_movies, size=LIMIT_SAMPLE))


def _places(order: Ints | None, n: int) -> Ints:
    """Where each row stands in an order that may leave rows out (-1 for those)."""
    if order is None:
        return np.arange(n)
    places = np.full(n, -1)
    places[order] = np.arange(len(order))
    return places


def _pixel_of(cells: Ints, span: Span) -> Ints:
    """Pixel that covers each cell, where no pixel shares cells: the inverse of `Span.edges`."""
    n = span.stop - span.start
    return ((cells - span.start + 1) * span.pixels - 1) // n
