"""The top n of every user, exactly, without looking at every cell.

Movies are taken in blocks by falling c_j + t |m_j|, t a usual |u_i|. A user is done as soon as no later movie can beat
their n-th: r_ij - mu - b_i <= c_j + |u_i| |m_j| (Cauchy and Schwarz), whose largest value over the movies that are left
is a convex function of |u_i|, kept at some points and bounded by the chord between them. Users are taken by |u_i|, so
that those of a block are done together.

    for block in lists_for_everyone(model, Filters(n_top=10)):   # `Lists`, some thousand users at a time
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from alsgui.core.errors import ConfigError
from alsgui.core.model import Model
from alsgui.core.ratings import Floats, Ints
from alsgui.core.recommend import Filters, allowed, for_user
from alsgui.core.solvers.blocks import Workers
from alsgui.core.solvers.kernels.best import NO_PLACE, keep_best
from alsgui.text import tr

MOST_LISTED = 1000
_USERS, _MOVIES = 512, 1024
"""A block of scores, 2 MB in float32: it stays in the processor's cache between product and choice."""

_POINTS = 65
_SLACK = 1e-5
"""Share of its size by which a bound is raised: products are rounded."""


@dataclass(frozen=True, eq=False)
class Lists:
    """The lists of some users.

    Parameters
    ----------
    rows
        Positions of the users, int64.
    columns
        Their movies, best first (users x n), int64; -1 where a list is shorter.
    predicted
        Raw predictions (users x n), float64; NaN where a list is shorter.
    """

    rows: Ints
    columns: Ints
    predicted: Floats


def lists_for_everyone(
    model: Model, filters: Filters, threads: int | None = None, interrupted: Callable[[], bool] | None = None
) -> Iterator[Lists]:
    """The lists that `recommend.for_user` gives, for every user; in blocks, not in the order of the users.

    Predictions that differ by less than the model's precision may stand in another order. Run it with BLAS at one
    thread (`threadpoolctl`): blocks are in parallel already.

    Parameters
    ----------
    filters
        With `n_top`, and without diversity.

    Raises
    ------
    ConfigError
        When `n_top` is not given or too large, or diversity is asked for.
    Interrupted
        When `interrupted` says so.
    """
    if filters.n_top is None or not 1 <= filters.n_top <= MOST_LISTED:
        raise ConfigError(tr("A list for everyone has no length."), tr("Use 1 to {most}.", most=MOST_LISTED))
    if filters.diversity:
        raise ConfigError(tr("Lists for everyone are by prediction alone."), tr("Set diversity to 0."))
    search = _Search(model, filters)
    known = model.summary.user_counts > 0
    lengths = np.linalg.norm(model.factors.users, axis=1)
    informed = np.flatnonzero(known)
    informed = informed[np.argsort(lengths[informed], kind="stable")]
    blocks = [(at, min(at + _USERS, len(informed))) for at in range(0, len(informed), _USERS)]
    with Workers(threads, interrupted or _never) as workers:
        yield from workers.run(lambda start, stop: search.lists(informed[start:stop]), blocks)
    strangers = np.flatnonzero(~known)
    if len(strangers):
        yield _of_strangers(model, strangers, filters)


def _never() -> bool:
    return False


class _Search:
    """What all blocks of users share: the movies by falling bound, and what can still come."""

    def __init__(self, model: Model, filters: Filters) -> None:
        assert filters.n_top is not None
        self._model, self._n = model, filters.n_top
        movies, c = model.factors.movies, np.asarray(model.movie_bias, np.float64)
        lengths = np.linalg.norm(movies.astype(np.float64), axis=1)
        users = np.linalg.norm(model.factors.users, axis=1)
        usual, longest = float(np.median(users[model.summary.user_counts > 0])), float(users.max(initial=0.0))
        candidates = np.flatnonzero(allowed(model, filters))
        bound = c + usual * lengths
        # Without biases a person's mean stands for a movie that nobody rated, which no length bounds: those come first.
        first = (model.summary.movie_counts == 0) & (not model.has_biases)
        self._columns = candidates[np.lexsort((-bound[candidates], ~first[candidates]))]
        self._first_block = -(-int(np.count_nonzero(first[candidates])) // _MOVIES)
        places = np.empty(model.n_movies, np.int64)
        places[model.summary.movies_by_id] = np.arange(model.n_movies)
        self._places = places[self._columns]
        self._right = model.predictor.right[self._columns]
        self._grid = np.linspace(0, longest, _POINTS)
        self._most = _most_to_come(c[self._columns], lengths[self._columns], self._grid)
        seen = model.ratings.csr if filters.hide_seen and model.ratings is not None else None
        self._seen_indptr = np.empty(0, np.int32) if seen is None else seen.indptr
        self._seen_indices = np.empty(0, np.int32) if seen is None else seen.indices
        for array in (self._columns, self._places, self._right, self._seen_indptr, self._seen_indices):
            array.setflags(write=False)

    def lists(self, rows: Ints) -> Lists:
        """The lists of a block of users."""
        left = self._model.predictor.left[rows]
        best = np.full((len(rows), self._n), -np.inf, left.dtype)
        found = np.full((len(rows), self._n, 2), NO_PLACE, np.int64)
        lengths = np.linalg.norm(left[:, :-2].astype(np.float64), axis=1)
        start = left[:, -2].astype(np.float64) if self._model.has_biases else np.zeros(len(rows))
        active = np.arange(len(rows))
        for number, at in enumerate(range(0, len(self._columns), _MOVIES)):
            if number >= self._first_block and number:
                to_come = start[active] + np.interp(lengths[active], self._grid, self._most[number])
                active = active[to_come + _SLACK * (1 + np.abs(to_come)) >= best[active, -1]]
                if not len(active):
                    break
            part = slice(at, at + _MOVIES)
            scores = left[active] @ self._right[part].T
            keep_best(scores, active, self._columns[part], self._places[part], rows, self._seen_indptr,
                      self._seen_indices, best, found)  # fmt: skip
        return self._exact(rows, np.where(np.isfinite(best), found[:, :, 0], -1))

    def _exact(self, rows: Ints, columns: Ints) -> Lists:
        """The same with predictions in float64, and in their order."""
        form = self._model.predictor
        right = form.right[np.maximum(columns, 0)].astype(np.float64)
        predicted = np.einsum("ij,inj->in", form.left[rows].astype(np.float64), right)
        predicted[columns < 0] = np.nan
        order = np.argsort(-predicted, axis=1, kind="stable")  # NaN goes last
        return Lists(rows, np.take_along_axis(columns, order, 1), np.take_along_axis(predicted, order, 1))


def _most_to_come(c: Floats, lengths: Floats, grid: Floats) -> Floats:
    """For every block the largest c_j + t |m_j| in it and all that follow, at each t of the grid (blocks x points)."""
    starts = np.arange(0, len(c), _MOVIES)
    if not len(starts):
        return np.empty((0, len(grid)))
    inside = np.column_stack([np.maximum.reduceat(c + t * lengths, starts) for t in grid])
    return np.asarray(np.maximum.accumulate(inside[::-1], axis=0)[::-1])


def _of_strangers(model: Model, rows: Ints, filters: Filters) -> Lists:
    """Users without training ratings: the mean user's list, less what each has seen in the hold-out."""
    assert filters.n_top is not None
    columns = np.full((len(rows), filters.n_top), -1, np.int64)
    predicted = np.full((len(rows), filters.n_top), np.nan)
    for at, row in enumerate(rows):
        listed = for_user(model, int(row), filters)
        columns[at, : len(listed)], predicted[at, : len(listed)] = listed.columns, listed.predicted
    return Lists(rows, columns, predicted)
