"""Exact means of y and of the error y - r over the observed cells under every pixel, and how many those are.

Ratings are not copied for an order: rows are walked in the order of the picture, and a table says under which pixel
each column lies. So there is nothing to prepare for y, whatever the order; for the error, one float32 for each rating.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace

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


@dataclass(frozen=True, eq=False)
class ObservedTile:
    """What is observed under every pixel (user pixels x movie pixels).

    Parameters
    ----------
    y
        Mean of the observed ratings, in stars, float32; NaN where there is none.
    error
        Mean of y - r over the same cells; None where no model was given.
    counts
        Observed cells, int32.
    n_cells
        All cells under a pixel, int64, broadcast from pixel heights and widths.
    """

    y: npt.NDArray[np.float32]
    error: npt.NDArray[np.float32] | None
    counts: Ints
    n_cells: Ints

    @property
    def r(self) -> npt.NDArray[np.float32]:
        """Mean of r over the observed cells."""
        return self.y if self.error is None else self.y - self.error

    @property
    def share(self) -> npt.NDArray[np.float32]:
        """Observed cells of all under the pixel, 0 to 1."""
        return (self.counts / self.n_cells).astype(np.float32)

    def with_few_left_out(self, fewest: int = FEWEST) -> ObservedTile:
        """The same, NaN where fewer cells are observed."""
        few = self.counts < fewest
        y = np.where(few, np.float32(np.nan), self.y)
        error = None if self.error is None else np.where(few, np.float32(np.nan), self.error)
        return replace(self, y=y, error=error)


class RatingTiles:
    """Tiles of y, and of y - r, for one order of users and movies.

    Parameters
    ----------
    ratings
        What is observed.
    user_order, movie_order
        Rows and columns that are drawn; None for all as they stand.
    errors
        y - r of every rating in the order of `csr.data`, float32 (see `rating_errors`); None for y alone.
    compiled
        Whether to call the kernels; None where there are many ratings and the kernels are there.
    """

    def __init__(
        self,
        ratings: Ratings,
        user_order: Ints | None = None,
        movie_order: Ints | None = None,
        errors: Floats | None = None,
        *,
        compiled: bool | None = None,
    ) -> None:
        self._ratings = ratings
        self._compiled = compiled
        self._users = np.arange(ratings.n_users) if user_order is None else user_order
        self._movies = np.arange(ratings.n_movies) if movie_order is None else movie_order
        self._errors = errors
        self._kept: OrderedDict[tuple[Span, Span], ObservedTile] = OrderedDict()

    def tile(self, users: Span, movies: Span) -> npt.NDArray[np.float32]:
        """Mean of the observed ratings of every pixel (user pixels x movie pixels), in stars; NaN where is none."""
        return self.observed(users, movies).y

    def observed(self, users: Span, movies: Span) -> ObservedTile:
        """Means and counts of the observed cells of every pixel; the last are kept for who asks for the same."""
        key = (users, movies)
        if key not in self._kept:
            tile = self._computed(users.coarse, movies.coarse)
            if (users, movies) != (users.coarse, movies.coarse):
                tile = _magnified(tile, np.ix_(users.picks(), movies.picks()))
            self._kept[key] = tile
        self._kept.move_to_end(key)
        while len(self._kept) > _KEPT_TILES:
            self._kept.popitem(last=False)
        return self._kept[key]

    def _computed(self, users: Span, movies: Span) -> ObservedTile:
        """A tile in which no pixel shares a cell with another."""
        add_up = self._compiled_sums if _calls_kernels(self._ratings, self._compiled) else self._plain_sums
        sums, error_sums, counts = add_up(users, movies)
        heights, widths = (np.subtract(*span.edges()[::-1]) for span in (users, movies))
        y = _ratio(sums, counts)
        error = None if error_sums is None else _ratio(error_sums, counts)
        return ObservedTile(y, error, counts, heights[:, None] * widths[None, :])

    def _compiled_sums(self, users: Span, movies: Span) -> tuple[Floats, Floats | None, Ints]:
        from alsgui.core.solvers.kernels.tiles import block_sums

        csr, errors = self._ratings.csr, self._errors
        pixel_of_column = _pixel_of_row(self._movies, movies, self._ratings.n_movies, beyond=movies.pixels)
        edges = np.append(users.edges()[0], users.stop)
        shape = (users.pixels, movies.pixels + 1)
        sums, counts = np.zeros(shape), np.zeros(shape, np.int32)
        error_sums = np.zeros(shape if errors is not None else (users.pixels, 1))
        values_of_errors = np.empty(0, np.float32) if errors is None else errors
        rows = np.asarray(self._users, np.int64)
        taken = np.diff(csr.indptr)[rows[users.start : users.stop]]
        before = np.append(0, np.cumsum(taken, dtype=np.int64))[edges - users.start]

        def strip(start: int, stop: int) -> None:
            block_sums(
                start, stop, edges, rows, csr.indptr, csr.indices, csr.data, values_of_errors,
                pixel_of_column, sums, error_sums, counts,
            )  # fmt: skip

        cuts = np.unique(np.searchsorted(before, np.linspace(0, before[-1], _STRIPS + 1)[1:-1]))
        ends = [0, *(int(cut) for cut in cuts if 0 < cut < users.pixels), users.pixels]
        _in_parallel(strip, list(zip(ends[:-1], ends[1:], strict=True)))
        return sums[:, :-1], None if errors is None else error_sums[:, :-1], counts[:, :-1]

    def _plain_sums(self, users: Span, movies: Span) -> tuple[Floats, Floats | None, Ints]:
        """The same in NumPy: for few ratings, and until the kernels are compiled."""
        ratings = self._ratings
        down = _pixel_of_row(self._users, users, ratings.n_users, beyond=-1)[ratings.users_of_ratings]
        across = _pixel_of_row(self._movies, movies, ratings.n_movies, beyond=-1)[ratings.csr.indices]
        inside = (down >= 0) & (across >= 0)
        at = down[inside].astype(np.int64) * movies.pixels + across[inside]
        shape, n_pixels = (users.pixels, movies.pixels), users.pixels * movies.pixels

        def added(values: Floats) -> Floats:
            return np.bincount(at, weights=values[inside], minlength=n_pixels).reshape(shape)

        counts = np.bincount(at, minlength=n_pixels).astype(np.int32).reshape(shape)
        return added(ratings.csr.data), None if self._errors is None else added(self._errors), counts


def rating_errors(form: Predictor, ratings: Ratings, *, compiled: bool | None = None) -> Floats:
    """y - r of every rating in the order of `csr.data`, in stars, float32; r is raw, not clipped.

    `compiled` is as of `RatingTiles`.
    """
    csr, errors = ratings.csr, np.empty(ratings.n_ratings, np.float32)
    if not _calls_kernels(ratings, compiled):
        for start in range(0, ratings.n_ratings, _CELLS_AT_A_TIME):
            part = slice(start, start + _CELLS_AT_A_TIME)
            errors[part] = csr.data[part] - form.cells(ratings.users_of_ratings[part], csr.indices[part])
        return errors
    from alsgui.core.solvers.kernels.tiles import errors_of_rows

    left, right = (_padded(rows) for rows in (form.left, form.right))

    def block(start: int, stop: int) -> None:
        errors_of_rows(start, stop, csr.indptr, csr.indices, csr.data, left, right, errors)

    _in_parallel(block, row_blocks(csr.indptr, left.shape[1], 1))
    return errors


def error_limit(errors: Floats) -> float:
    """End of zero-centred colours for single errors: the 98th percentile of their size in a fixed sample."""
    if not len(errors):
        return 1.0
    if len(errors) > LIMIT_SAMPLE:
        errors = errors[np.random.default_rng(0).integers(len(errors), size=LIMIT_SAMPLE)]
    return float(np.percentile(np.abs(errors), 98)) or 1.0


def _calls_kernels(ratings: Ratings, compiled: bool | None) -> bool:
    if compiled is None:
        return ratings.n_ratings > PLAIN_UP_TO and _kernels_are_there()
    return compiled


def _kernels_are_there() -> bool:
    """Whether the kernels may be called without waiting for a compiler; asked once it was answered with yes."""
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


def _pixel_of_row(order: Ints, span: Span, n: int, *, beyond: int) -> Ints:
    """Pixel that covers each of `n` rows, `beyond` where none does; no pixel shares cells."""
    pixels = np.full(n, beyond, np.int32)
    first, last = span.edges()
    pixels[order[span.start : span.stop]] = np.repeat(np.arange(span.pixels, dtype=np.int32), last - first)
    return pixels


def _ratio(sums: Floats, counts: Ints) -> npt.NDArray[np.float32]:
    with np.errstate(invalid="ignore"):
        return np.divide(sums, counts).astype(np.float32)


def _magnified(tile: ObservedTile, picked: tuple[Ints, ...]) -> ObservedTile:
    """Repeat the pixels of a tile where there are more of them than cells."""
    error = None if tile.error is None else tile.error[picked]
    return ObservedTile(tile.y[picked], error, tile.counts[picked], tile.n_cells[picked])
