"""Turn what was read into what is trained on: ids in order, one rating for each cell, rows and columns."""

from __future__ import annotations

from dataclasses import dataclass, field
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
    order, twice = _in_order(triplets, len(user_ids), len(movie_ids), watch)
    n_before = len(triplets.values)
    if n_before > MOST_RATINGS:
        raise DataError(tr("There are {n} ratings.", n=count(n_before)), tr("Read a sample of the users."))
    merged: tuple[Merged, ...] = ()
    if twice:
        if options.duplicates == "refuse":
            _refuse(triplets, order, user_ids, movie_ids)
        merged = _merge(triplets, order, options, user_ids, movie_ids)
    order = None
    watch.tell(None, tr("Building the matrix"))
    found = np.empty(kernel.MOST_DISTINCT, dtype=np.float32)
    n_distinct, low, high = kernel.distinct(triplets.values, found)
    n_after = len(triplets.values)
    arrays = _matrix(triplets, len(user_ids), len(movie_ids), watch)
    return Assembled(
        arrays, user_ids, movie_ids, np.sort(found[:n_distinct]), float(low), float(high),
        n_merged=n_before - n_after, merged=merged, n_left_out=n_left_out,
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


def _in_order(triplets: Triplets, n_users: int, n_movies: int, watch: Watch) -> tuple[Array | None, bool]:
    """Sort by row and column, stably; the positions before (None: as they stood), and whether cells stand twice."""
    t = triplets
    ordered, twice = kernel.state_of(t.users, t.movies)
    if ordered:
        return None, bool(twice)
    kind = np.int32 if len(t.users) <= MOST_RATINGS else np.int64
    by_movie, order = np.empty(len(t.users), dtype=kind), np.empty(len(t.users), dtype=kind)
    kernel.order_by(t.movies, np.empty(0, dtype=kind), n_movies, by_movie)
    watch.check()
    kernel.order_by(t.users, by_movie, n_users, order)
    del by_movie
    watch.check()
    t.users = t.users[order]
    t.movies = t.movies[order]
    t.values = t.values[order]
    t.time = None if t.time is None else t.time[order]
    return order, bool(kernel.state_of(t.users, t.movies)[1])


def _lines(triplets: Triplets, order: Array | None, start: int, n: int) -> list[int]:
    positions = np.arange(start, start + n)
    lines: list[int] = triplets.lines(positions if order is None else order[positions]).tolist()
    return lines


def _refuse(triplets: Triplets, order: Array | None, user_ids: list[str], movie_ids: list[str]) -> None:
    users, movies = triplets.users, triplets.movies
    again = np.flatnonzero((users[1:] == users[:-1]) & (movies[1:] == movies[:-1])) + 1
    problems = []
    for at in again[:MOST_LISTED].tolist():
        other, line = _lines(triplets, order, at - 1, 2)
        reason = tr("user {u}, movie {m} stands also in line {other}",
                    u=user_ids[users[at]], m=movie_ids[movies[at]], other=other)  # fmt: skip
        problems.append(RowProblem(line, reason, remedy=tr("remove one of the rows")))
    raise DataError(
        tr("Ratings that stand twice: {n}; first: {first}.", n=count(len(again)), first=problems[0]),
        tr("Keep one rating for each user and movie, or choose another rule for duplicates."),
        problems,
    )


def _merge(
    triplets: Triplets, order: Array | None, options: ImportOptions, user_ids: list[str], movie_ids: list[str]
) -> tuple[Merged, ...]:
    t = triplets
    # The first groups are looked at before the arrays are changed in place.
    head = _first_groups(t)
    before = [
        (int(t.users[start]), int(t.movies[start]), _lines(t, order, start, min(n, MOST_LINES)),
         t.values[start : start + min(n, MOST_LINES)].tolist())
        for start, n in head
    ]  # fmt: skip
    time = np.empty(0, dtype=np.int64) if t.time is None else t.time
    n = kernel.merge(t.users, t.movies, t.values, time, POLICIES[options.duplicates])
    t.users, t.movies, t.values = t.users[:n], t.movies[:n], t.values[:n]
    t.time = None if t.time is None else t.time[:n]
    if not np.isfinite(t.values).all():
        raise DataError(
            tr("The sum of duplicates is too large a number."), tr("Choose another rule for duplicates: mean or last.")
        )
    merged = []
    for user, movie, lines, values in before:
        row = slice(*np.searchsorted(t.users, [user, user + 1]).tolist())
        kept = t.values[row][np.searchsorted(t.movies[row], movie)]
        merged.append(Merged(user_ids[user], movie_ids[movie], tuple(lines), tuple(values), float(kept)))
    return tuple(merged)


def _first_groups(triplets: Triplets) -> list[tuple[int, int]]:
    """Start and length of the first cells that are rated more than once."""
    users, movies = triplets.users, triplets.movies
    same = (users[1:] == users[:-1]) & (movies[1:] == movies[:-1])
    starts = np.flatnonzero(same & ~np.concatenate([[False], same[:-1]]))[:MOST_MERGED]
    return [(int(at), _run(same, int(at)) + 1) for at in starts]


def _run(same: Array, at: int) -> int:
    end = at
    while end < len(same) and same[end]:
        end += 1
    return end - at


def _matrix(triplets: Triplets, n_users: int, n_movies: int, watch: Watch) -> dict[str, Array]:
    """Both orders; arrays of the triplets become those of the rows without a copy."""
    t = triplets
    indptr = np.zeros(n_users + 1, dtype=np.int32)
    kernel.starts_of(t.users, indptr)
    columns_indptr = np.zeros(n_movies + 1, dtype=np.int32)
    kernel.starts_of(t.movies, columns_indptr)
    watch.check()
    rows, values = np.empty(len(t.users), dtype=np.int32), np.empty(len(t.users), dtype=np.float32)
    kernel.by_columns(t.users, t.movies, t.values, columns_indptr, rows, values)
    watch.check()
    arrays = {
        "indptr": indptr, "indices": t.movies, "data": t.values,
        "columns_indptr": columns_indptr, "columns_indices": rows, "columns_data": values,
    }  # fmt: skip
    if t.time is not None:
        arrays["time"] = t.time
    return arrays
