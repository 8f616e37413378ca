"""Turn what was read into what is trained on: ids in order, one rating for each cell, rows and columns."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from alsgui.core.errors import DataError, RowProblem
from alsgui.io.ids import natural_order
from alsgui.io.kernels import order as kernel
from alsgui.io.options import ImportOptions
from alsgui.io.report import MOST_MERGED, Merged
from alsgui.io.triplets import Triplets
from alsgui.io.watch import Watch
from alsgui.text import count, tr

Array = npt.NDArray[Any]

POLICIES = {"last": kernel.LAST, "first": kernel.FIRST, "mean": kernel.MEAN, "sum": kernel.SUM}
MOST_LINES = 8
MOST_LISTED = 100
MOST_RATINGS = (1 << 31) - 1
"""Positions of ratings are int32."""


@dataclass(eq=False)
class Assembled:
    """Ready to train.

    Parameters
    ----------
    arrays
        "indptr", "indices", "data" by rows (users) and "columns_indptr", "columns_indices", "columns_data" by
        columns: int32 positions, float32 values; "time" (int64) in the order of `data`, where known.
    user_ids, movie_ids
        Names of rows and columns.
    distinct
        Different values, sorted, at most 102 of them; `low` and `high` are of all.
    n_merged, merged
        Ratings merged into another, and some of them.
    n_left_out
        Ratings of users with too few.
    """

    arrays: dict[str, Array]
    user_ids: list[str]
    movie_ids: list[str]
    distinct: Array
    low: float
    high: float
    n_merged: int = 0
    merged: tuple[Merged, ...] = ()
    n_left_out: int = 0
    notes: list[str] = field(default_factory=list)


def assemble(triplets: Triplets, options: ImportOptions, watch: Watch) -> Assembled:
    """Order, merge and index; uses up the arrays of `triplets`.

    Raises
    ------
    DataError
        When cells are rated twice and the policy is "refuse", or a sum is not finite.
    Interrupted
        When the watch was cancelled.
    """
    if options.swap:
        _swap(triplets)
    n_left_out = _leave_out(triplets, options.min_ratings)
    watch.tell(None, tr("Ordering ids"))
    user_ids = _place(triplets.users, triplets.user_ids, triplets.every_user)
    movie_ids = _place(triplets.movies, triplets.movie_ids, triplets.every_movie)
    watch.tell(None, tr("Ordering {n} ratings", n=count(len(triplets.values))))
    n_before = len(triplets.values)
    if n_before > MOST_RATINGS:
        raise DataError(tr("There are {n} ratings.", n=count(n_before)), tr("Read a sample of the users."))
    rows = _in_order(triplets, len(user_ids), watch)
    merged: tuple[Merged, ...] = ()
    if rows.twice:
        if options.duplicates == "refuse":
            _refuse(rows, triplets, user_ids, movie_ids)
        merged = _merge(rows, triplets, options, user_ids, movie_ids)
    watch.tell(None, tr("Building the matrix"))
    found = np.empty(kernel.MOST_DISTINCT, dtype=np.float32)
    n_distinct, low, high = kernel.distinct(rows.values, found)
    arrays = _matrix(rows, len(movie_ids), watch)
    return Assembled(
        arrays, user_ids, movie_ids, np.sort(found[:n_distinct]), float(low), float(high),
        n_merged=n_before - len(rows.values), merged=merged, n_left_out=n_left_out,
    )  # fmt: skip


def _swap(triplets: Triplets) -> None:
    t = triplets
    t.users, t.movies = t.movies, t.users
    t.user_ids, t.movie_ids = t.movie_ids, t.user_ids
    t.every_user, t.every_movie = t.every_movie, t.every_user


def _leave_out(triplets: Triplets, least: int) -> int:
    """Leave out users with fewer ratings; how many ratings those were."""
    if least <= 1:
        return 0
    counts = np.bincount(triplets.users, minlength=len(triplets.user_ids))
    kept = (counts >= least)[triplets.users]
    n = int(np.count_nonzero(~kept))
    if not kept.any():
        raise DataError(tr("No user has {n} ratings.", n=count(least)), tr("Ask for fewer ratings of each user."))
    triplets.lines.keep(kept)
    triplets.users, triplets.movies = triplets.users[kept], triplets.movies[kept]
    triplets.values = triplets.values[kept]
    triplets.time = None if triplets.time is None else triplets.time[kept]
    if triplets.every_user is not None:
        triplets.every_user = triplets.every_user & (counts >= least)
    return n


def _place(codes: Array, ids: list[str], every: Array | None) -> list[str]:
    """Give codes their places in the order in which ids are shown; ids that nothing uses are left out."""
    used = np.zeros(len(ids), dtype=bool) if every is None else every.copy()
    used[codes] = True
    kept = np.flatnonzero(used)
    names = [ids[at] for at in kept.tolist()]
    order = natural_order(names)
    places = np.zeros(len(ids), dtype=np.int32)
    places[kept[order]] = np.arange(len(kept), dtype=np.int32)
    kernel.relabel(codes, places)
    return [names[at] for at in order]


@dataclass(eq=False)
class _Rows:
    """Ratings in the order of rows and columns; `twice` when neighbours may be one cell."""

    indptr: Array
    movies: Array
    values: Array
    time: Array | None
    twice: bool

    @property
    def users(self) -> Array:
        return np.repeat(np.arange(len(self.indptr) - 1, dtype=np.int32), np.diff(self.indptr))


def _in_order(triplets: Triplets, n_users: int, watch: Watch) -> _Rows:
    """Sort by row and column, stably. Users and movies stay as they stood, for lines; values and times are let go."""
    t = triplets
    indptr = np.zeros(n_users + 1, dtype=np.int32)
    kernel.starts_of(t.users, indptr)
    ordered, twice = kernel.state_of(t.users, t.movies)
    if ordered:
        return _Rows(indptr, t.movies, t.values, t.time, bool(twice))
    n = len(t.users)
    packed = np.empty(n, dtype=np.int64)
    times = np.empty(n if t.time is not None else 0, dtype=np.int64)
    time = np.empty(0, dtype=np.int64) if t.time is None else t.time
    kernel.scatter(t.users, t.movies, t.values, time, indptr, packed, times)
    watch.check()
    t.values = t.values[:0]
    del time
    t.time = None
    movies, values = np.empty(n, dtype=np.int32), np.empty(n, dtype=np.float32)
    parts = _parts(indptr, os.cpu_count() or 1)
    with ThreadPoolExecutor(len(parts)) as pool:
        sort = partial(kernel.sort_rows, indptr, packed, times)
        found = list(pool.map(lambda part: sort(part[0], part[1], movies, values), parts))
    watch.check()
    return _Rows(indptr, movies, values, times if len(times) else None, any(found))


def _parts(indptr: Array, n: int) -> list[tuple[int, int]]:
    """Ranges of rows with about as many ratings each."""
    cuts = np.searchsorted(indptr, np.linspace(0, indptr[-1], n + 1)).tolist()
    cuts[0], cuts[-1] = 0, len(indptr) - 1
    return [(a, b) for a, b in pairwise(cuts) if b > a]


def _lines(rows: _Rows, triplets: Triplets, starts: list[int], most: int) -> list[list[int]]:
    """Lines of the ratings of some cells, in the order of the file, given where each begins among the rows."""
    users, movies = rows.users, rows.movies
    cells = [(int(users[at]), int(movies[at])) for at in starts]
    likely = np.flatnonzero(np.isin(triplets.users, list({user for user, _ in cells})))
    found: dict[tuple[int, int], list[int]] = {cell: [] for cell in cells}
    for at, user, movie in zip(
        likely.tolist(), triplets.users[likely].tolist(), triplets.movies[likely].tolist(), strict=True
    ):
        if (user, movie) in found and len(found[user, movie]) < most:
            found[user, movie].append(at)
    return [triplets.lines(np.array(found[cell], dtype=np.int64)).tolist() for cell in cells]


def _groups(rows: _Rows, most: int) -> tuple[list[int], int]:
    """Where the first cells that are rated more than once begin, and how many ratings are too many."""
    users = rows.users
    same = (users[1:] == users[:-1]) & (rows.movies[1:] == rows.movies[:-1])
    starts = np.flatnonzero(same & ~np.concatenate([[False], same[:-1]]))[:most]
    return starts.tolist(), int(np.count_nonzero(same))


def _refuse(rows: _Rows, triplets: Triplets, user_ids: list[str], movie_ids: list[str]) -> None:
    starts, n = _groups(rows, MOST_LISTED)
    users, problems = rows.users, []
    for at, lines in zip(starts, _lines(rows, triplets, starts, 2), strict=True):
        reason = tr("user {u}, movie {m} stands also in line {other}",
                    u=user_ids[users[at]], m=movie_ids[rows.movies[at]], other=lines[0])  # fmt: skip
        problems.append(RowProblem(lines[1], reason, remedy=tr("remove one of the rows")))
    raise DataError(
        tr("Ratings that stand twice: {n}; first: {first}.", n=count(n), first=problems[0]),
        tr("Keep one rating for each user and movie, or choose another rule for duplicates."),
        problems,
    )


def _merge(
    rows: _Rows, triplets: Triplets, options: ImportOptions, user_ids: list[str], movie_ids: list[str]
) -> tuple[Merged, ...]:
    """One rating for each cell, by the policy; changes the rows, and tells of the first cells."""
    starts, _ = _groups(rows, MOST_MERGED)
    users = rows.users
    cells = [(int(users[at]), int(rows.movies[at])) for at in starts]
    lines = _lines(rows, triplets, starts, MOST_LINES)
    values = [rows.values[at : at + len(some)].tolist() for at, some in zip(starts, lines, strict=True)]
    if rows.movies is triplets.movies:
        triplets.movies = triplets.movies[:0]
    time = np.empty(0, dtype=np.int64) if rows.time is None else rows.time
    n = kernel.merge(users, rows.movies, rows.values, time, POLICIES[options.duplicates])
    users, rows.movies, rows.values = users[:n], rows.movies[:n], rows.values[:n]
    rows.time = None if rows.time is None else rows.time[:n]
    rows.indptr = np.zeros_like(rows.indptr)
    kernel.starts_of(users, rows.indptr)
    if not np.isfinite(rows.values).all():
        raise DataError(
            tr("The sum of duplicates is too large a number."), tr("Choose another rule for duplicates: mean or last.")
        )
    merged = []
    for (user, movie), some, said in zip(cells, lines, values, strict=True):
        row = slice(int(rows.indptr[user]), int(rows.indptr[user + 1]))
        kept = rows.values[row][np.searchsorted(rows.movies[row], movie)]
        merged.append(Merged(user_ids[user], movie_ids[movie], tuple(some), tuple(said), float(kept)))
    return tuple(merged)


def _matrix(rows: _Rows, n_movies: int, watch: Watch) -> dict[str, Array]:
    """Both orders; arrays of the rows are handed on without a copy."""
    n = len(rows.values)
    columns_indptr = np.zeros(n_movies + 1, dtype=np.int32)
    kernel.starts_of(rows.movies, columns_indptr)
    watch.check()
    packed = np.empty(n, dtype=np.int64)
    kernel.by_columns(rows.indptr, rows.movies, rows.values, columns_indptr, packed)
    watch.check()
    positions, values = np.empty(n, dtype=np.int32), np.empty(n, dtype=np.float32)
    kernel.unpack(packed, positions, values)
    arrays = {
        "indptr": rows.indptr, "indices": rows.movies, "data": rows.values,
        "columns_indptr": columns_indptr, "columns_indices": positions, "columns_data": values,
    }  # fmt: skip
    if rows.time is not None:
        arrays["time"] = rows.time
    return arrays
