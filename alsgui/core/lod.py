"""Exact block means of u, m and r for drawing, at any zoom: r is never built. What is observed: `lod_observed`.

Pixel p of P over n cells covers cells floor(p n / P) to floor((p + 1) n / P), at least one. The mean of a block of
r = left right^T is the product of the block means of left and right, which come from prefix sums in float64 (in
float32 a single cell after 160,000 rows is off by 0.004).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from alsgui.core.predictor import Predictor
from alsgui.core.ratings import Floats, Ints

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

    @property
    def cells(self) -> int:
        """How many cells there are."""
        return self.stop - self.start

    def pixel_of(self, cell: int) -> int | None:
        """Pixel that covers a cell, the first where several do; None outside."""
        if not self.start <= cell < self.stop:
            return None
        if self.pixels > self.cells:
            return -(-(cell - self.start) * self.pixels // self.cells)
        return ((cell - self.start + 1) * self.pixels - 1) // self.cells

    @property
    def coarse(self) -> Span:
        """The same cells, with no more pixels than cells: no pixel shares a cell with another."""
        return Span(self.start, self.stop, min(self.pixels, self.stop - self.start))

    def picks(self) -> Ints:
        """For every pixel, the pixel of `coarse` that covers its cells."""
        return np.arange(self.pixels, dtype=np.int64) * self.coarse.pixels // self.pixels


class PrefixMeans:
    """Means of any runs of rows of a matrix in a given order, by float64 prefix sums."""

    def __init__(self, rows: Floats, order: Ints | None = None) -> None:
        ordered = rows if order is None else rows[order]
        self._sums = np.zeros((len(ordered) + 1, ordered.shape[1]))
        np.cumsum(ordered, axis=0, dtype=np.float64, out=self._sums[1:])

    def __len__(self) -> int:
        return len(self._sums) - 1

    def over(self, span: Span, n_columns: int | None = None) -> Floats:
        """Mean row of every pixel of a span (pixels x columns, or the first `n_columns`), float64."""
        first, last = span.edges()
        sums = self._sums if n_columns is None else self._sums[:, :n_columns]
        means: Floats = (sums[last] - sums[first]) / (last - first)[:, None]
        return means


class PredictionTiles:
    """Tiles of r for one order of users and movies."""

    def __init__(self, form: Predictor, user_order: Ints | None = None, movie_order: Ints | None = None) -> None:
        self.left = PrefixMeans(form.left, user_order)
        self.right = PrefixMeans(form.right, movie_order)

    def tile(self, users: Span, movies: Span) -> npt.NDArray[np.float32]:
        """Block means of r, one per pixel (user pixels x movie pixels), in stars."""
        return (self.left.over(users) @ self.right.over(movies).T).astype(np.float32)


class FactorTiles:
    """Tiles of one factor matrix, rows users or movies in a given order and columns the K attributes.

    Parameters
    ----------
    rows
        N x K or M x K; or their prefix sums, already in the order, with the attributes in the first K columns.
    order
        Rows that are drawn, from the top; None for all as they stand.
    known
        Which rows had ratings (N or M); the others, whose factors are zero, are in no mean. None for all.
    k
        Number of attributes; None for all columns.
    """

    def __init__(
        self,
        rows: Floats | PrefixMeans,
        order: Ints | None = None,
        known: npt.NDArray[np.bool_] | None = None,
        k: int | None = None,
    ) -> None:
        self._means = rows if isinstance(rows, PrefixMeans) else PrefixMeans(rows, order)
        self._known = None if known is None or known.all() else PrefixMeans(known[:, None].astype(np.float64), order)
        self._k = k

    def tile(self, rows: Span, attributes: Span) -> npt.NDArray[np.float32]:
        """Block means over known rows, NaN where there is none; attributes are single unless more than pixels."""
        over_rows = self._means.over(rows, self._k)
        if self._known is not None:
            share = self._known.over(rows)
            over_rows = np.divide(over_rows, share, out=np.full_like(over_rows, np.nan), where=share > 0)
        means = PrefixMeans(over_rows.T).over(attributes)
        return means.T.astype(np.float32)


def sampled_predictions(form: Predictor, seed: int = 0) -> Floats:
    """Predictions of a fixed sample of single cells, for colour limits that no zoom changes."""
    n_users, n_movies = len(form.left), len(form.right)
    if n_users * n_movies <= LIMIT_SAMPLE:
        return form.block(slice(None), slice(None)).ravel()
    rng = np.random.default_rng(seed)
    return form.cells(rng.integers(n_users, size=LIMIT_SAMPLE), rng.integers(n_movies, size=LIMIT_SAMPLE))


def difference(form: Predictor, other: Predictor) -> Predictor:
    """r less the r of another model of the same users and movies, as one bilinear form."""
    return Predictor(np.hstack([form.left, -other.left]), np.hstack([form.right, other.right]))
