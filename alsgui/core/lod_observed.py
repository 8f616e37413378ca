"""Exact means of y and of the error y - r over the observed cells under every pixel, and how many those are."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from alsgui.core.lod import LIMIT_SAMPLE, Span
from alsgui.core.predictor import Predictor
from alsgui.core.ratings import Floats, Ints, Ratings
from alsgui.core.solvers.blocks import Block, Workers, row_blocks

FEWEST = 3
"""Observed cells of which a mean says more than chance."""

PLAIN_UP_TO = 300_000
"""Ratings up to which NumPy draws as fast as an eye sees: the kernels need not be loaded for them."""

_KEPT_TILES = 2
_STRIPS = 8
_CELLS_AT_A_TIME = 1 << 18
_NARROW_COLUMNS, _NARROW_STEPS = 1 << 16, 1 << 8

Tile = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class ObservedTile:
    """What is observed under every pixel (user pixels x movie pixels).

    Parameters
    ----------
    y
        Mean of the observed ratings, in stars; NaN where there is none.
    error
        Mean of y - r over the same cells; None where no model was given.
    counts
        Observed cells, int32.
    heights, widths
        Users and movies under each pixel.
    """

    y: Tile
    error: Tile | None
    counts: Ints
    heights: Ints
    widths: Ints

    @property
    def r(self) -> Tile:
        """Mean of r over the observed cells."""
        return self.y if self.error is None else self.y - self.error

    @property
    def share(self) -> Tile:
        """Observed cells of all under the pixel, 0 to 1."""
        return (self.counts / (self.heights[:, None] * self.widths[None, :])).astype(np.float32)

    def with_few_left_out(self, fewest: int = FEWEST) -> ObservedTile:
        """The same, NaN where fewer cells are observed."""
        few, nan = self.counts < fewest, np.float32(np.nan)
        return replace(
            self,
            y=np.where(few, nan, self.y),
            error=None if self.error is None else np.where(few, nan, self.error),
        )


class RatingTiles:
    """Tiles of y, and of y - r, for one order of users and movies.

    Parameters
    ----------
    ratings
        What is observed.
    user_order, movie_order
        Rows and columns that are drawn; None for all as they stand.
    form
        Predictions, raw; None for y alone.
    compiled
        Whether to call the kernels; None where there are many ratings and the kernels are there.
    """

    def __init__(
        self,
        ratings: Ratings,
        user_order: Ints | None = None,
        movie_order: Ints | None = None,
        form: Predictor | None = None,
        *,
        compiled: bool | None = None,
    ) -> None:
        users = np.arange(ratings.n_users) if user_order is None else np.asarray(user_order, np.int64)
        self._movies = np.arange(ratings.n_movies) if movie_order is None else movie_order
        self._n_movies = ratings.n_movies
        if compiled is None:
            compiled = ratings.n_ratings > PLAIN_UP_TO and _kernels_are_there()
        self._cells = (_LaidOut if compiled else _AsStored)(ratings, users, form)
        self._kept: OrderedDict[tuple[Span, Span], ObservedTile] = OrderedDict()

    def tile(self, users: Span, movies: Span) -> Tile:
        """Mean of the observed ratings of every pixel (user pixels x movie pixels), in stars; NaN where is none."""
        return self.observed(users, movies).y

    def observed(self, users: Span, movies: Span) -> ObservedTile:
        """Means and counts of the observed cells of every pixel; the last are kept for who asks for the same."""
        key = (users, movies)
        if key not in self._kept:
            self._kept[key] = self._computed(users, movies)
        self._kept.move_to_end(key)
        while len(self._kept) > _KEPT_TILES:
            self._kept.popitem(last=False)
        return self._kept[key]

    def kept(self, users: Span, movies: Span) -> ObservedTile | None:
        """A tile that was made just before; None where it is gone."""
        return self._kept.get((users, movies))

    def _computed(self, users: Span, movies: Span) -> ObservedTile:
        """A tile of pixels that share no cell, repeated where more pixels than cells are asked for."""
        narrow = movies.coarse
        first, last = narrow.edges()
        pixel_of_column = np.full(self._n_movies, narrow.pixels, np.uint16)
        pixel_of_column[self._movies[narrow.start : narrow.stop]] = np.repeat(np.arange(narrow.pixels), last - first)
        y, error, counts = self._cells.means(users.coarse, narrow.pixels, pixel_of_column)
        heights, widths = (np.subtract(*span.edges()[::-1]) for span in (users, movies))
        if (users, movies) != (users.coarse, narrow):
            picked = np.ix_(users.picks(), movies.picks())
            y, counts = y[picked], counts[picked]
            error = None if error is None else error[picked]
        return ObservedTile(y, error, counts, heights, widths)


class _LaidOut:
    """Cells copied into the order of the rows that are drawn, for the kernels: 3 bytes each, 7 with the error."""

    def __init__(self, ratings: Ratings, users: Ints, form: Predictor | None) -> None:
        csr, scale = ratings.csr, ratings.scale
        self._starts = np.append(0, np.cumsum(np.diff(csr.indptr)[users], dtype=np.int64))
        self._low, self._step = scale.minimum, scale.step
        fits = scale.step > 0 and (scale.maximum - scale.minimum) / scale.step < _NARROW_STEPS
        if not (fits and self._lay_out(ratings, users, np.uint8)):
            self._low, self._step = 0.0, 1.0
            self._lay_out(ratings, users, np.float32)
        self._errors = np.empty(0, np.float32) if form is None else self._errors_of(form, ratings, users)

    def means(self, users: Span, n_across: int, pixel_of_column: Ints) -> tuple[Tile, Tile | None, Ints]:
        """Means of y and of the error, and counts, of every pixel."""
        from alsgui.core.solvers.kernels.tiles import block_means

        shape = (users.pixels, n_across)
        y, counts = np.empty(shape, np.float32), np.empty(shape, np.int32)
        error = np.empty(shape if len(self._errors) else (0, 0), np.float32)
        edges = np.append(users.edges()[0], users.stop)
        ends = self._starts[edges]
        cuts = np.unique(np.searchsorted(ends, np.linspace(ends[0], ends[-1], _STRIPS + 1)[1:-1]))
        strips = [0, *(int(cut) for cut in cuts if 0 < cut < users.pixels), users.pixels]

        def strip(start: int, stop: int) -> None:
            block_means(
                start, stop, edges, self._starts, self._columns, self._values, self._errors, pixel_of_column,
                y, error, counts,
            )  # fmt: skip

        _in_parallel(strip, list(pairwise(strips)))
        y *= np.float32(self._step)
        y += np.float32(self._low)
        return y, error if len(self._errors) else None, counts

    def _lay_out(self, ratings: Ratings, users: Ints, value_type: type[Any]) -> bool:
        from alsgui.core.solvers.kernels.tiles import lay_out

        csr, n = ratings.csr, int(self._starts[-1])
        self._columns = np.empty(n, np.uint16 if ratings.n_movies <= _NARROW_COLUMNS else np.int32)
        self._values = np.empty(n, value_type)
        exact: list[bool] = []

        def block(start: int, stop: int) -> None:
            exact.append(lay_out(
                start, stop, users, csr.indptr, csr.indices, csr.data, self._starts, self._columns, self._values,
                self._low, self._step,
            ))  # fmt: skip

        _in_parallel(block, row_blocks(self._starts, 16, 16))
        return all(exact)

    def _errors_of(self, form: Predictor, ratings: Ratings, users: Ints) -> Floats:
        from alsgui.core.solvers.kernels.tiles import errors_of_rows

        csr, errors = ratings.csr, np.empty(int(self._starts[-1]), np.float32)
        left, right = (_padded(rows) for rows in (form.left, form.right))

        def block(start: int, stop: int) -> None:
            errors_of_rows(
                start, stop, users, csr.indptr, csr.indices, csr.data, left, right, self._starts, errors
            )  # fmt: skip

        _in_parallel(block, row_blocks(self._starts, left.shape[1], 1))
        return errors


class _AsStored:
    """The same in NumPy: for few ratings, and until the kernels are compiled."""

    def __init__(self, ratings: Ratings, users: Ints, form: Predictor | None) -> None:
        self._ratings, self._users = ratings, users
        self._errors = None if form is None else rating_errors(form, ratings)

    def means(self, users: Span, n_across: int, pixel_of_column: Ints) -> tuple[Tile, Tile | None, Ints]:
        """Means of y and of the error, and counts, of every pixel."""
        first, last = users.edges()
        pixel_of_row = np.full(self._ratings.n_users, -1, np.int64)
        pixel_of_row[self._users[users.start : users.stop]] = np.repeat(np.arange(users.pixels), last - first)
        down = pixel_of_row[self._ratings.users_of_ratings]
        across = pixel_of_column[self._ratings.csr.indices]
        inside = (down >= 0) & (across < n_across)
        at, shape = down[inside] * n_across + across[inside], (users.pixels, n_across)
        counts = np.bincount(at, minlength=shape[0] * shape[1]).astype(np.int32)

        def mean(values: Floats) -> Tile:
            sums = np.bincount(at, weights=values[inside], minlength=len(counts))
            with np.errstate(invalid="ignore"):
                return (sums / counts).astype(np.float32).reshape(shape)

        error = None if self._errors is None else mean(self._errors)
        return mean(self._ratings.csr.data), error, counts.reshape(shape)


def rating_errors(form: Predictor, ratings: Ratings, chosen: Ints | slice = slice(None)) -> Floats:
    """y - r of ratings, by their places in `csr.data` (all if not given), in stars, float32; r raw, not clipped."""
    users, movies, values = (
        array[chosen] for array in (ratings.users_of_ratings, ratings.csr.indices, ratings.csr.data)
    )
    return (values - form.cells(users, movies)).astype(np.float32)


def sampled_ratings(ratings: Ratings) -> Ints | slice:
    """Places in `csr.data` of a fixed sample of ratings, for colour limits; all where they are few."""
    n = ratings.n_ratings
    return slice(None) if n <= LIMIT_SAMPLE else np.random.default_rng(0).integers(n, size=LIMIT_SAMPLE)


def _kernels_are_there() -> bool:
    """Whether the kernels may be called without waiting for a compiler; not asked again after a yes."""
    if not _there:
        from alsgui.core.solvers.warm import compiled

        _there.extend([True] if compiled() else [])
    return bool(_there)


_there: list[bool] = []


def _in_parallel(work: Callable[[int, int], None], blocks: list[Block]) -> None:
    with Workers(None, lambda: False) as workers:
        for _ in workers.run(work, blocks):
            pass


def _padded(rows: Floats) -> Floats:
    """Rows with zeros up to whole lanes of the processor."""
    width = -(-rows.shape[1] // 16) * 16
    made = np.zeros((len(rows), width), np.float32)
    made[:, : rows.shape[1]] = rows
    return made
