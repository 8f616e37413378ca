"""Read a matrix of numbers: cells that are stored, or that hold a number, are ratings."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from alsgui.io.kernels import scan
from alsgui.io.kernels.numbers import LARGEST_RATING
from alsgui.io.numbers import Missing
from alsgui.io.options import ImportOptions
from alsgui.io.sources.arrays import Matrix
from alsgui.io.triplets import Growing, LineMap, Refused, Triplets
from alsgui.io.watch import Watch
from alsgui.text import counted, tr

Array = npt.NDArray[Any]
Cells = tuple[Array, Array, Array]

CELLS_AT_A_TIME = 1 << 22


def read_matrix(matrix: Matrix, options: ImportOptions, watch: Watch) -> Triplets:
    """Ratings of a matrix; users and movies are numbered from 1, or have the ids of its columns of ids.

    Raises
    ------
    Interrupted
        When the watch was cancelled.
    """
    ids, aside = options.columns.id, {options.columns.id, *options.columns.drop}
    kept = np.array([at not in aside for at in range(matrix.shape[1])])
    row_ids = [str(at + 1) for at in range(matrix.shape[0])]
    if ids is not None and matrix.dense is not None:
        row_ids = [_id(value) for value in matrix.dense[:, ids].tolist()]
    column_ids = [str(at + 1) for at in range(int(kept.sum()))]
    places = np.cumsum(kept) - 1
    missing = Missing.of(options.missing).numbers
    rows, columns, values = Growing(np.int32), Growing(np.int32), Growing(np.float32)
    lines, refused = LineMap(), Refused()
    n_missing = int(np.prod(matrix.shape)) - len(matrix.values) if matrix.dense is None else 0
    for share, (r, c, v) in _pieces(matrix):
        watch.tell(share, tr("Reading ratings: {rows}", rows=counted(int(share * matrix.shape[0]), tr("row"))))
        wanted = kept[c]
        empty = np.isnan(v) if matrix.dense is not None else np.zeros(len(v), dtype=bool)
        empty |= np.isin(v, missing)
        bad = ~np.isfinite(v) | (np.abs(v) > LARGEST_RATING)
        n_missing += int(np.count_nonzero(empty & wanted))
        for at in np.flatnonzero(bad & wanted & ~empty).tolist():
            refused.add(int(r[at]) + 1, scan.NOT_FINITE, str(v[at]), str(v[at]))
        good = wanted & ~empty & ~bad
        rows.append(r[good].astype(np.int32))
        columns.append(places[c[good]].astype(np.int32))
        values.append(v[good].astype(np.float32))
        lines.append(r[good].astype(np.int64) + 1)
    r, c = rows.take(), columns.take()
    row_codes, row_ids = _distinct(row_ids)
    r = row_codes[r] if ids is not None else r
    if options.layout == "wide-transposed":
        r, c, row_ids, column_ids = c, r, column_ids, row_ids
    triplets = Triplets(
        r, c, values.take(), None, lines, row_ids, column_ids, refused,
        every_user=np.ones(len(row_ids), dtype=bool), every_movie=np.ones(len(column_ids), dtype=bool),
        n_missing=n_missing,
    )  # fmt: skip
    return sampled(triplets, options)


def sampled(triplets: Triplets, options: ImportOptions) -> Triplets:
    """The same ratings of a share of the users, chosen by their ids."""
    if options.users_share >= 1:
        return triplets
    side, every = ("movies", "movie") if options.swap else ("users", "user")
    ids = triplets.movie_ids if options.swap else triplets.user_ids
    inside = np.array([zlib.crc32(identity.encode()) < options.users_share * 2**32 for identity in ids])
    kept = inside[getattr(triplets, side)]
    triplets.lines.keep(kept)
    triplets.n_left_out += int(np.count_nonzero(~kept))
    triplets.users, triplets.movies = triplets.users[kept], triplets.movies[kept]
    triplets.values = triplets.values[kept]
    setattr(triplets, f"every_{every}", inside)
    return triplets


def _pieces(matrix: Matrix) -> Iterator[tuple[float, Cells]]:
    """Cells with the share that is done before them."""
    if matrix.dense is None:
        for at in range(0, len(matrix.values), CELLS_AT_A_TIME):
            piece = slice(at, at + CELLS_AT_A_TIME)
            yield at / len(matrix.values), (
                matrix.rows[piece], matrix.columns[piece], matrix.values[piece].astype(np.float64)
            )  # fmt: skip
        return
    n_rows, n_columns = matrix.shape
    step = max(1, CELLS_AT_A_TIME // max(n_columns, 1))
    for at in range(0, n_rows, step):
        cells = np.asarray(matrix.dense[at : at + step], dtype=np.float64)
        r, c = np.divmod(np.arange(cells.size), n_columns)
        yield at / n_rows, (r + at, c, cells.reshape(-1))


def _id(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(value)


def _distinct(ids: list[str]) -> tuple[Array, list[str]]:
    place: dict[str, int] = {}
    codes = np.array([place.setdefault(identity, len(place)) for identity in ids], dtype=np.int32)
    return codes, list(place)
